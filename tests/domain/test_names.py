"""Names of people and places: kept as typed, and asked about where they cannot be meant."""

import pytest

from bot.domain.names import is_dead_mother, parse_mother, parse_name, parse_place
from tests.domain.answers import asks, outcome, refuses


@pytest.mark.parametrize(
    "name",
    [
        "Siti",
        "H. Abd. Ra'uf, S.Pd.I., M.M.",
        "Ma’ruf",
        "Rusdi, SE, MM",
        "SITI RAHMA, S.Pd., M.Si",
        "Hasan, SPd.I",
        "Yohanes Mau",
        "I Made Ada",
        "NI LUH PUTU AYU SRI WAHYUNI DEWI KUSUMANINGRUM",
        "Zoë Çelik-Nuñez",
        "<b>Budi</b>",
        "*Budi*_x_[klik](http://x)",
        '=HYPERLINK("http://x")',
        "{{7*7}}",
        "{0.__class__}",
        "%s%n",
        "Robert'); DROP TABLE pekerja;--",
    ],
)
def test_kept_as_typed(name: str) -> None:
    assert parse_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Siti   Aminah ", "Siti Aminah"),
        ("Siti\nNur\tAini", "Siti Nur Aini"),
        ("Siti\u200b Aminah\ufeff", "Siti Aminah"),
        ("Si\ue000ti", "Siti"),  # a private-use sign, one of which marks a literal asterisk
        ("Nama: Siti Aminah", "Siti Aminah"),
        ("nama lengkap Siti Aminah", "Siti Aminah"),
        ("Pak Joko Susilo", "Joko Susilo"),
    ],
)
def test_only_what_nobody_sees_is_taken_away(typed: str, kept: str) -> None:
    assert parse_name(typed) == kept


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("one letter", "A", asks("name_short", "A")),
        ("right-to-left override", "\u202eiduB", asks("name_hidden", "iduB")),
        ("emoji", "Budi😀", asks("name_signs", "Budi")),
        ("Cyrillic В", "Вudi", asks("name_signs", "Budi")),
        ("null", "NULL", asks("name_nothing", "NULL")),
        ("N/A", "N/A", asks("name_nothing", "N/A")),
        ("tidak ada", "tidak ada", asks("name_nothing", "tidak ada")),
        ("two names", "Budi bin Slamet / Budi", asks("name_two", "Budi bin Slamet / Budi")),
        (
            "talk",
            "gimana yg hasan, dia udah berhenti",
            asks("name_talk", "gimana yg hasan, dia udah berhenti"),
        ),
        ("words behind a comma", "Hasan, anak Budi", asks("name_talk", "Hasan, anak Budi")),
        ("a request", "12 perangkat mau didaftarkan", asks("name_talk", "12 perangkat mau didaftarkan")),
        ("a number behind it", "Rusdi 2", asks("name_talk", "Rusdi 2")),
        ("a degree with talk", "Siti, S.Pd., belum", asks("name_talk", "Siti, S.Pd., belum")),
        ("a yes", "ok", asks("name_nothing", "ok")),
        ("politeness", "min", asks("name_nothing", "min")),
        ("no answer", "ga hafal", asks("name_nothing", "ga hafal")),
        ("a title and one word", "pak joko", asks("name_title", "joko")),
        ("a wish", "mau liat dulu", asks("name_talk", "mau liat dulu")),
        ("small words of talk", "ktpku ga ada", asks("name_talk", "ktpku ga ada")),
        ("a word to us behind it", "Siti Aminah ya pak", asks("name_talk", "Siti Aminah")),
        ("talk to somebody", "lg d jalan pak", asks("name_talk", "lg d jalan")),
        ("what is done", "kok dirahasiakan", asks("name_talk", "kok dirahasiakan")),
        ("dash", "-", refuses("name_letters")),
        ("emoji alone", "😀", refuses("name_letters")),
        ("digits alone", "12345", refuses("name_letters")),
        ("digit and emoji", "1😀", refuses("name_letters")),
        ("empty", "", refuses("empty")),
        ("no-break space", "\u00a0", refuses("empty")),
        ("zero-width space", "\u200b", refuses("empty")),
        ("300 characters", "x" * 300, refuses("name_long")),
        ("40 KiB of marks", "Z" + "\u0300" * 40_000, refuses("name_long")),
        ("a few marks too many", "Z" + "\u0301\u0302\u0303\u0304" * 4, refuses("name_unreadable")),
        ("NUL", "Bu\0di", refuses("name_unreadable")),
        ("lone surrogate", "Bu\ud800di", refuses("name_unreadable")),
        ("another script", "李明", refuses("name_script")),
        ("a NIK", "3501146708850003", refuses("name_number")),
        ("a phone behind it", "Siti 0812-3456-7890", refuses("name_number")),
    ],
)
def test_asked_or_refused(subject: str, text: str, expected: object) -> None:
    assert outcome(parse_name, text) == expected, subject


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tenggarong, 12 Mei 1980", "Tenggarong"),
        ("Tenggarong 12-05-1980", "Tenggarong"),
        ("Kota Bangun tgl 4 juni", "Kota Bangun"),
        ("Kab. Kutai Kartanegara", "Kab. Kutai Kartanegara"),
        ("tempat lahir: Loa Kulu", "Loa Kulu"),
        ("lahir di Samarinda", "Samarinda"),
        ("di kukar", "kukar"),
        ("lahir di Tenggarong pak", "Tenggarong"),
        ("sama dgn kades", asks("place_talk", "sama dgn kades")),
        ("tidak tau", refuses("place_missing")),
        ("12-05-1980", refuses("place_missing")),
        ("-", refuses("place_missing")),
        ("北京", refuses("name_script")),
    ],
)
def test_a_place_without_the_date_behind_it(text: str, expected: object) -> None:
    assert outcome(parse_place, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("almh kartini", "kartini"),
        ("Ibu Halimah", "Halimah"),
        ("Halimah (almh)", "Halimah"),
        ("nama ibu: Halimah", "Halimah"),
        ("Almira Budiarti", "Almira Budiarti"),
        ("ibu", asks("name_nothing", "ibu")),
    ],
)
def test_a_mother_without_what_people_write_around_her_name(text: str, expected: object) -> None:
    assert outcome(parse_mother, text) == expected


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("ibu nya sdh meninggal", True),
        ("sudah almarhumah pak", True),
        ("beliau wafat tahun 2010", True),
        ("almh kartini", False),
        ("pak kades meninggal", False),
        ("ibunya Halimah", False),
    ],
)
def test_that_a_mother_is_dead_is_no_report(text: str, dead: bool) -> None:
    assert is_dead_mother(text) is dead
