"""The linter: ours pass, and each thing that Meta refuses is named."""

from dataclasses import replace

import pytest

from bot import stencil_lint, stencils
from bot.stencil_lint import complaints
from bot.stencils import Definition

GOOD = Definition(
    "iuran_baik",
    "Iuran bulan {{month}} belum tercatat di data kami.\nHubungi {{office}} bila sudah lunas.",
    (("month", "September 2026"), ("office", "DPMD")),
    ("Sudah bayar", "Belum"),
)


def test_ours_may_be_submitted() -> None:
    assert stencil_lint.every(stencils.definitions()) == []


def test_a_good_one_is_let_through() -> None:
    assert complaints(GOOD) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("{{month}} belum tercatat di data kami. Hubungi {{office}} bila lunas.", "begins with a variable"),
        ("*{{month}}* belum tercatat di data kami. Hubungi {{office}} bila lunas.", "begins with a variable"),
        ("Iuran bulan {{month}} belum tercatat di data kami. Hubungi {{office}}.", "ends with a variable"),
        ("Iuran bulan {{month}} {{office}} belum tercatat di data kami.", "side by side"),
        ("Iuran bulan {{month}}, {{office}} belum tercatat di data kami.", "side by side"),
        ("Iuran bulan {{month}} di {{office}} tercatat.", "too many variables"),
        ("Iuran bulan {{month}} di {{office}} tercatat, {{month}} di data kami benar.", "stands there twice"),
        ("Iuran bulan {{month}} di {{office} tercatat, juga di data kami.", "brace"),
        ("Iuran bulan {{month}} di {{office}} tercatat di data kami: {{link}} juga di sini.", "no sample"),
        ("Iuran bulan {{month}} tercatat di data kami. Terima kasih.", "no variable of the text"),
        (f"Iuran bulan {{{{month}}}} di {{{{office}}}} tercatat {'di data kami ' * 80}ini.", "may grow to"),
        ("Iuran bulan {{month}} di {{office}} tercatat di data\n\n\nkami sekarang juga.", "empty line"),
        ("Iuran bulan {{month}} di {{office}} tercatat di data kami \nsekarang.", "edge of a line"),
        ("Iuran bulan {{month}} di {{office}} tercatat    di data kami sekarang.", "four spaces"),
        ("Iuran bulan {{month}} di {{office}}\ttercatat di data kami.", "a tab"),
        ("Iuran *bulan {{month}} di {{office}} tercatat di data kami.", "emphasis"),
        ("✅ Iuran bulan {{month}} di {{office}} tercatat di data kami.", "emoji"),
        ("Iuran bulan {{month}} di {{office}} tercatat: lihat s.id/iuran sekarang.", "a link"),
        ("Iuran bulan {{month}} di {{office}} tercatat: lihat bit.ly/x sekarang.", "a link"),
        ("Iuran bulan {{month}} di {{office}} tercatat: lihat https://desa.test ini.", "a link"),
        ("Iuran bulan {{month}} di {{office}} tercatat: lihat bpjs.go.id sekarang.", "a link"),
        ("Iuran bulan {{month}} di {{office}} tercatat: telepon 0812-3456-7890 sekarang.", "telephone"),
        ("Iuran bulan {{month}} di {{office}} tercatat: ada promo untuk desa ini.", '"promo" sounds like'),
        ("Iuran bulan {{month}} di {{office}} gratis, tercatat di data kami.", '"gratis" sounds like'),
        ("Iuran bulan {{month}} di {{office}} belum tercatat: kirim NIK ke sini.", '"nik" names'),
        (
            "Iuran bulan {{month}} di {{office}} belum tercatat: kirim kata\nsandi ke sini.",
            '"kata sandi" names',
        ),
        ("Iuran bulan {{month}} di {{office}} belum tercatat: ada sanksi dan denda.", '"sanksi" frightens'),
        ("Iuran bulan {{month}} di {{office}} belum bayar menurut data kami.", "more than we know"),
    ],
)
def test_what_is_refused_is_named(body: str, complaint: str) -> None:
    found = complaints(replace(GOOD, body=body))
    assert [line for line in found if complaint in line], found
    assert all(line.startswith("iuran_baik: ") for line in found)


def test_a_text_without_words_is_refused() -> None:
    assert any("says nothing" in line for line in complaints(Definition("x", "", ())))
    assert complaints(Definition("terima_kasih", "Terima kasih atas laporannya.", ())) == []


@pytest.mark.parametrize("name", ["", "Iuran", "iuran-besok", "iuran besok", "x" * 513])
def test_a_name_has_small_letters_digits_and_underscores(name: str) -> None:
    assert any("the name may have" in line for line in complaints(replace(GOOD, name=name)))


@pytest.mark.parametrize(
    ("buttons", "complaint"),
    [
        (("A", "B", "C", "D"), "4 buttons, 3 at most"),
        (("Belum", "belum"), "say the same"),
        (("Belum dianggarkan di APBDes",), "27 characters"),
        (("",), "0 characters"),
        (("Sudah  bayar",), "words only"),
        (("Sudah *bayar*",), "words only"),
        (("✅ Sudah",), "words only"),
        (("Lihat s.id/x",), "a link"),
        (("Ambil hadiah",), "sounds like advertising"),
    ],
)
def test_a_button_is_short_and_plain(buttons: tuple[str, ...], complaint: str) -> None:
    found = complaints(replace(GOOD, buttons=buttons))
    assert [line for line in found if complaint in line], found


@pytest.mark.parametrize("sample", ["", "September\n2026", "6402010507850003", "x" * 61, "*September*"])
def test_a_sample_is_what_could_be_sent(sample: str) -> None:
    found = complaints(replace(GOOD, samples=(("month", sample), GOOD.samples[1])))
    assert found == ["iuran_baik: the sample of month could not be sent like that"]


def test_words_of_people_are_not_mistaken_for_forbidden_ones() -> None:
    for word in ("ekonomi", "pinjam", "simpan", "teknik", "kakak", "bonusan"):
        said = f"Iuran bulan {{{{month}}}} {word} tercatat di data kami. Hubungi {{{{office}}}} bila perlu."
        assert complaints(replace(GOOD, body=said)) == []


def test_the_longest_of_ours_leaves_room() -> None:
    for one in stencils.definitions():
        grown = len(one.body) + sum(stencils.LIMITS.get(name, stencils.LIMIT) for name, _ in one.samples)
        assert grown <= stencil_lint.LONGEST_BODY
