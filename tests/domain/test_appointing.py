"""Lines about who holds, or is to hold, a post: in whatever order their parts stand."""

import pytest

from bot.domain import appointing
from tests.world import all_villages, rulebook

KUKAR = [village for village in all_villages() if village.district == "64.02"]
POSTS = rulebook().positions_of("64.02")


def read(said: str) -> tuple[str, str, str]:
    """The role, the place and the name that were read."""
    line = appointing.read(said, KUKAR, POSTS)
    place = line.village.named or line.subdistrict.named
    return line.role, place.name if place else "", line.name


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("perian kades Darma Wijaya", ("kades", "Perian", "Darma Wijaya")),
        ("perian, kec. muara muntai sekretaris desa", ("sekdes", "Perian", "")),
        ("kades perian", ("kades", "Perian", "")),
        ("kades perian Wawan Setiadi", ("kades", "Perian", "Wawan Setiadi")),
        ("kades perian kec. muara muntai Wawan", ("kades", "Perian", "Wawan")),
        ("sekdes jembayan Budi Hartono", ("sekdes", "Jembayan", "Budi Hartono")),
        ("Siti Aisyah kades jembayan", ("kades", "Jembayan", "Siti Aisyah")),
        ("kades Siti Aisyah di desa jembayan", ("kades", "Jembayan", "Siti Aisyah")),
        ("jembayan Siti Aisyah kades", ("kades", "Jembayan", "Siti Aisyah")),
        ("wawan sebagai kaur keuangan di desa perian", ("kaur_keuangan", "Perian", "wawan")),
        ("desa jembayan sebagai kades an. Agus Salim", ("kades", "Jembayan", "Agus Salim")),
        ("jembayan kades a.n. Agus Salim", ("kades", "Jembayan", "Agus Salim")),
        ("rapak lambur sekdes nama Rina", ("sekdes", "Rapak Lambur", "Rina")),
        ("jembayan kades: H. Muhammad Yusuf, S.Pd", ("kades", "Jembayan", "H. Muhammad Yusuf, S.Pd")),
        ("kades perian pak Sekda", ("kades", "Perian", "pak Sekda")),
        ("64.02.01.2001 kades Budi", ("kades", "Perian", "Budi")),
        ("jabatan kades perian", ("kades", "Perian", "")),
        ("kades Wawan", ("kades", "", "Wawan")),
        ("perian Darma", ("", "Perian", "Darma")),
        ("Darma perian", ("", "Perian", "Darma")),
        ("darma", ("", "", "darma")),
        ("orang", ("", "", "")),
        ("petugas Rina Marlina", ("operator", "", "Rina Marlina")),
        ("rina petugas", ("operator", "", "rina")),
        ("petugas bpjs Hendra", ("bpjs", "", "Hendra")),
        ("admin kabupaten Bowo", ("admin", "", "Bowo")),
        ("camat muara muntai Sofia Lestari", ("camat", "Muara Muntai", "Sofia Lestari")),
        ("kota bangun camat Wawan", ("camat", "Kota Bangun", "Wawan")),
        ("camat kota bangun darat Wawan", ("camat", "Kota Bangun Darat", "Wawan")),
        ("kecamatan anggana Sofyan", ("camat", "Anggana", "Sofyan")),
    ],
)  # fmt: skip
def test_a_line_names_post_place_and_person_in_any_order(said: str, found: tuple[str, str, str]) -> None:
    assert read(said) == found
    assert not appointing.read(said, KUKAR, POSTS).guessed


@pytest.mark.parametrize(
    ("said", "role", "name"),
    [
        ("perian kadez", "kades", ""),
        ("jembayan sekertaris Budi Hartono", "sekdes", "Budi Hartono"),
        ("perian kaur keuagan Siti Aminah", "kaur_keuangan", "Siti Aminah"),
        ("sekertaris jembayan Budi Hartono", "sekdes", "Budi Hartono"),
    ],
)
def test_a_mistyped_post_takes_no_word_of_the_name_with_it(said: str, role: str, name: str) -> None:
    line = appointing.read(said, KUKAR, POSTS)
    assert (line.guessed, line.role, line.name) == (True, role, name)
    assert line.village.named is not None


@pytest.mark.parametrize(
    ("said", "other", "name"),
    [
        ("jembayan ketua bpd Ahmad", "Ketua BPD", "Ahmad"),
        ("jembayan sekretaris bpd Ahmad", "Sekretaris BPD", "Ahmad"),
        ("kadus jembayan Agus", "Kepala Dusun", "Agus"),
        ("jembayan kaur Siti Aisyah", "Kaur", "Siti Aisyah"),
    ],
)
def test_a_post_that_is_none_here_is_told_by_its_name(said: str, other: str, name: str) -> None:
    line = appointing.read(said, KUKAR, POSTS)
    assert (line.role, line.other, line.name) == ("", other, name)
    assert line.village.named is not None


@pytest.mark.parametrize(
    ("said", "near", "name"),
    [
        ("periam kaur keuangan Darma Wijaya", "Perian", "Darma Wijaya"),
        ("kades periam Darma Wijaya", "Perian", "Darma Wijaya"),
        ("muara pantuam kades Budi", "Muara Pantuan", "Budi"),
        ("sidomulyo kades Agus", "Sidomulyo", "Agus"),
        ("perian", "Perian", ""),
    ],
)
def test_a_mistyped_place_is_only_offered(said: str, near: str, name: str) -> None:
    line = appointing.read(said, KUKAR, POSTS)
    assert line.village.likely[0].name == near
    assert (line.village.named is None, line.name) == (said != "perian", name)


@pytest.mark.parametrize("said", ["darma", "rina", "Idris Rahman", "joko", "siti", "rapat semua"])
def test_a_person_is_no_village(said: str) -> None:
    assert appointing.read(said, KUKAR, POSTS).village.likely == ()


def test_a_village_of_another_kecamatan_is_not_named() -> None:
    assert appointing.read("perian kec. anggana kades Budi", KUKAR, POSTS).village.named is None


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("Wawan Setiadi", False),
        ("H. Muhammad Yusuf, S.Pd", False),
        ("Pak Sekda", False),
        ("Fitri & sekdes Amir", True),
        ("Fitri dan Amir", True),
        ("eh salah, kades", True),
        ("siapa petugas desa perian", True),
        ("081234567890", True),
    ],
)
def test_what_is_more_than_a_name_is_odd(name: str, odd: bool) -> None:
    assert appointing.is_odd(name) is odd


@pytest.mark.parametrize(
    ("said", "rest", "day"),
    [
        ("kades perian 31 desember 2026", "kades perian", "31 desember 2026"),
        ("31 des perian kades", "perian kades", "31 des"),
        ("perian kades per 31/12/2026", "perian kades", "per 31/12/2026"),
        ("perian 31 desmber 2026 darma", "perian darma", "31 desmber 2026"),
        ("perian kades 31", "perian kades", "31"),
        ("perian kades kemarin", "perian kades", "kemarin"),
        ("perian kades bulan depan", "perian kades", "bulan depan"),
        ("darma sekarang juga", "darma", ""),
        ("64.02.01.2001 kades", "64.02.01.2001 kades", ""),
        ("Mei Lestari", "Mei Lestari", ""),
        ("Agus Salim", "Agus Salim", ""),
    ],
)
def test_the_last_day_is_found_anywhere(said: str, rest: str, day: str) -> None:
    found, last = appointing.day_apart(said)
    assert (" ".join(found.split()), last) == (rest, day)
