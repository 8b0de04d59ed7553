"""Yes, no, commands and choices in people's own words."""

import pytest

from bot.domain.picking import is_whole, pick
from bot.domain.words import Vocabulary, behind, command, is_no, is_yes

COMMANDS = {
    "menu": ["mulai", "start"],
    "daftar": ["registrasi"],
    "status": [],
    "peserta": ["anggota"],
    "tagihan": ["iuran"],
    "bayar": ["lunas"],
    "data saya": ["dataku"],
    "bantuan": ["help", "tolong"],
    "batal": [],
    "nanti": [],
    "berhenti": ["stop"],
    "belum terlindungi": ["siapa saja yang belum terdaftar"],
}
VOCABULARY = Vocabulary(COMMANDS)
OFFICES = ["Kepala Desa", "Sekretaris Desa", "Kaur Keuangan", "Kaur Umum", "RT 03"]


@pytest.mark.parametrize(
    "text",
    [
        "ya",
        "y",
        "Y.",
        "iya pak",
        "👍",
        "👍🏽",
        "✅",
        "ok siap",
        "lanjut",
        "Iyaaa",
        "sudah benar",
        "ya, datanya benar semua",
        "nggih",
        "muhun",
        "iyo",
        "ho-oh",
        "inggih bu",
    ],
)
def test_yes(text: str) -> None:
    assert (is_yes(text), is_no(text)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "tidak",
        "Tdk.",
        "jangan dulu",
        "nanti",
        "nanti dulu pak",
        "belum",
        "tidak benar",
        "bukan itu",
        "salah",
        "👎",
        "gak",
        "mboten",
        "ga jadi",
        "nggak mau",
        "tidak ya",
        "Tidak, terima kasih",
    ],
)
def test_no(text: str) -> None:
    assert (is_yes(text), is_no(text)) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "ya tapi namanya salah",
        "Yanto",
        "tidak apa-apa",
        "ya tidak",
        "iya atau tidak",
        "",
        "1",
        "👍👎",
        "😀",
        "ya " * 9,
        "oke besok",
        "Siap Bakti 12",
        "ya" * 50_000,
    ],
)
def test_neither(text: str) -> None:
    assert (is_yes(text), is_no(text)) == (False, False)


@pytest.mark.parametrize(
    "said", ["blm terdaftar anggana", "belum terdaftar anggana", "Belum terdaftar anggana"]
)
def test_what_stands_behind_short_words_is_the_rest(said: str) -> None:
    vocabulary = Vocabulary({"belumdaftar": ["belum terdaftar", "belum"]})
    assert command(said, vocabulary, fuzzy=False) == "belumdaftar"
    assert behind(said, vocabulary, "belumdaftar") == "anggana"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("status", "status"),
        ("STATUS!", "status"),
        ("/daftar@bot_kita arg", "daftar"),
        ("/start", "menu"),
        ("menu dong", "menu"),
        ("saya mau daftar", "daftar"),
        ("data saya", "data saya"),
        ("bayar iuran oktober untuk desa kami", "bayar"),
        ("stop", "berhenti"),
        ("Nanti", "nanti"),
        ("siapa aja yg blm terdaftar", "belum terlindungi"),
        ("siapa saja yang belum terdaftar", "belum terlindungi"),
        ("sy mau liat status", "status"),
        ("lht status", "status"),
        ("tolong status", "status"),
        ("tlg stattus", "status"),
    ],
)
def test_commands_with_and_without_guessing(text: str, name: str) -> None:
    assert command(text, VOCABULARY, fuzzy=False) == command(text, VOCABULARY, fuzzy=True) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/stauts", "status"),
        ("stauts", "status"),
        ("statu", "status"),
        ("dftr", "daftar"),
        ("bantaun", "bantuan"),
        ("tagian", "tagihan"),
        ("mneu", "menu"),
        ("dta saya", "data saya"),
        ("pendaftaran", "daftar"),
        ("pembayaran", "bayar"),
        ("membatalkan", "batal"),
    ],
)
def test_small_slips_are_understood_where_guessing_is_allowed(text: str, name: str) -> None:
    assert command(text, VOCABULARY, fuzzy=True) == name
    assert command(text, VOCABULARY, fuzzy=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "@",
        "1",
        "dftr2",
        "6402",
        "Bayu",
        "Batang",
        "pak",
        "kami sudah bayar kemarin siang",
        "stauts desa kami apa",
    ],
)
def test_no_guess(text: str) -> None:
    assert command(text, VOCABULARY, fuzzy=True) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [("bekukan", "bekukan"), ("tolong bekukan ratna", "bekukan"), ("bekukann", None), ("bukan", None), ("bekukn ratna", None), ("tagian", "tagihan")],
)  # fmt: skip
def test_what_harms_is_never_guessed(said: str, name: str | None) -> None:
    vocabulary = Vocabulary({"bekukan": [], "tagihan": [], "beku": []}, slips={"bekukan": 0})
    assert command(said, vocabulary, fuzzy=True) == name


def test_a_plea_before_a_command_is_no_plea() -> None:
    assert command("tolong bantu cek tagihan kami", VOCABULARY, fuzzy=True) == "tagihan"
    assert command("tolong jelaskan soal santunan anak", VOCABULARY, fuzzy=True) == "bantuan"
    assert behind("tolong bantu daftar kadus", VOCABULARY, "daftar") == "kadus"


def test_two_near_commands_are_none() -> None:
    assert command("bayat", Vocabulary({"bayar": [], "bayaq": []}), fuzzy=True) is None


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2", 1),
        ("2.", 1),
        ("3)", 2),
        ("no 2", 1),
        ("No. 2 pak", 1),
        ("2️⃣", 1),
        ("nomor dua", 1),
        ("yang kedua", 1),
        ("pertama", 0),
        ("kepala desa", 0),
        ("kepala", 0),
        ("keuangan", 2),
        ("sekertaris desa", 1),
        ("Kaur keuagan", 2),
        ("RT 3", 4),
        ("kaur", None),  # two of them
        ("desa", None),
        ("6", None),
        ("0", None),
        ("99999999999", None),
        ("RT 5", None),
        ("", None),
        ("2" * 100_000, None),
    ],
)
def test_choices_by_number_and_by_name(text: str, index: int | None) -> None:
    assert pick(text, OFFICES) == index


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("sdh", 0),
        ("udah pak", 0),
        ("sudah dibayar", 0),
        ("blm", 1),
        ("belum bu", 1),
        ("tanya", 2),
        ("tanyaa", 2),
    ],
)
def test_labels_in_short_forms(text: str, index: int | None) -> None:
    assert pick(text, ["Sudah bayar", "Belum", "Tanya"]) == index


def test_labels_that_are_numbers_win_over_positions() -> None:
    assert pick("2", ["1", "3", "2"]) == 2
    assert pick("2026", ["2025", "2026"]) == 1


@pytest.mark.parametrize(
    ("said", "labels", "picked"),
    [
        ("7", ["Kejadian 9", "Kejadian 7"], 1),
        ("nomor 9", ["Kejadian 9", "Kejadian 7"], 0),
        ("1", ["Kejadian 2", "Kejadian 1"], 1),
        ("2", ["Kejadian 9", "Kejadian 7"], 1),
        ("1", ["Kejadian 7"], 0),
        ("2", ["Anggaran 2026", "Anggaran 2027"], 1),
        ("1", ["Oktober 2026", "November 2026"], 0),
        ("2", ["Ya", "Tidak"], 1),
    ],
)
def test_a_number_that_is_seen_on_the_buttons_is_meant(said: str, labels: list[str], picked: int) -> None:
    assert pick(said, labels) == picked


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("Lihat peserta", ""),
        ("tolong lihat peserta Siti", "Siti"),
        ("peserta Siti Aminah", "Siti Aminah"),
        ("peserta peserta", "peserta"),
        ("lihat daftar peserta", ""),
    ],
)
def test_what_stands_behind_a_command_that_is_asked_for_politely(said: str, rest: str) -> None:
    known = Vocabulary({"peserta": ("daftar peserta", "anggota")})
    assert behind(said, known, "peserta") == rest


@pytest.mark.parametrize(
    ("said", "labels", "picked"),
    [
        ("itu saya", ["Bukan saya"], None),
        ("iya itu saya", ["Bukan saya"], None),
        ("saya", ["Bukan saya"], None),
        ("bukan saya pak", ["Bukan saya"], 0),
        ("iya minta pin", ["Jangan minta PIN"], None),
        ("punya hp", ["Tidak punya HP"], None),
        ("gak punya hp", ["Tidak punya HP"], 0),
        ("bayar", ["Belum bayar", "Sudah bayar"], None),
        ("kerja", ["Pulang kerja", "Bukan saat kerja"], None),
    ],
)
def test_a_label_that_begins_with_a_no_is_not_meant_without_it(
    said: str, labels: list[str], picked: int | None
) -> None:
    assert pick(said, labels) == picked


@pytest.mark.parametrize(
    ("said", "label", "whole"),
    [
        ("bukan saya", "Bukan saya", True),
        ("BUKAN SAYA PAK!", "Bukan saya", True),
        ("bukan", "Bukan saya", False),
        ("bukan kok, itu beliau", "Bukan beliau", False),
        ("1", "Bukan saya", False),
        ("", "Bukan saya", False),
    ],
)
def test_a_whole_label(said: str, label: str, whole: bool) -> None:
    assert is_whole(said, label) is whole
