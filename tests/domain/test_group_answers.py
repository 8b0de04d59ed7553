"""What administrators type about a group of people, and what of it is refused."""

import pytest

from bot.domain import group_answers
from bot.domain.dated import Segment
from bot.errors import Doubtful, Invalid
from bot.rules import load

RULES = load()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kader posyandu", "Kader Posyandu"),
        ("KADER  POSYANDU", "Kader Posyandu"),
        ("guru TPA", "Guru TPA"),
        ("ketua rw", "Ketua RW"),
        ("penjaga balai (malam)", "Penjaga Balai (malam)"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert group_answers.name(text) == name


@pytest.mark.parametrize(
    "text", ["x", "ab", "081234567890", "Budi 6402", "a" * 25, "", "😀😀😀", "*tebal*", "_kader_"]
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(Invalid):
        group_answers.name(text)


def test_posts_are_named_once() -> None:
    assert group_answers.posts("ketua RW, sekretaris RW,, Ketua RW") == ["Ketua RW", "Sekretaris RW"]
    with pytest.raises(Invalid) as error:
        group_answers.posts(", ".join(f"Kader {letter * 3}" for letter in "abcdefghi"))
    assert error.value.template == "programmes/too_many_posts"


@pytest.mark.parametrize(
    ("text", "segment"),
    [("PU", "PU"), ("penerima upah", "PU"), ("bpu", "BPU"), ("bukan penerima upah", "BPU"), ("mandiri saja", "BPU")],
)  # fmt: skip
def test_segments(text: str, segment: str) -> None:
    assert group_answers.segment(text) == segment


@pytest.mark.parametrize(
    ("text", "segment", "found"),
    [
        ("JKK, JKM", Segment.PU, ["jkk", "jkm"]),
        ("jkm dan jkk", Segment.BPU, ["jkk", "jkm"]),
        ("program jkk jkm jht", Segment.BPU, ["jkk", "jkm", "jht"]),
        ("jkk jkm jht jp", Segment.PU, ["jkk", "jkm", "jht", "jp"]),
        ("jkk jkm jht jp", Segment.BPU, None),  # there is no pension for the self-employed
        ("jkk", Segment.PU, None),
        ("semua", Segment.PU, None),
        ("jkk jkm jkn", Segment.PU, None),
    ],
)
def test_programmes(text: str, segment: Segment, found: list[str] | None) -> None:
    if found is None:
        with pytest.raises(Invalid):
            group_answers.programmes(text, RULES, segment)
    else:
        assert group_answers.programmes(text, RULES, segment) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ADD", ["add"]),
        ("add, pades dan add", ["add", "pades"]),
        ("bagi hasil pajak dan retribusi daerah", ["bhpr"]),
        ("ADD/PADes", ["add", "pades"]),
        ("alokasi dana desa", ["add"]),
    ],
)
def test_sources(text: str, found: list[str]) -> None:
    assert group_answers.sources(text, RULES) == found


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("dana desa", "programmes/dana_desa"),
        ("ADD dan DD", "programmes/dana_desa"),
        ("uang pribadi", "programmes/sources_unknown"),
        ("ADD dan uang pribadi", "programmes/sources_unknown"),
        ("bukan dana desa", "programmes/sources_unknown"),
    ],
)
def test_sources_that_are_refused(text: str, template: str) -> None:
    with pytest.raises(Invalid) as error:
        group_answers.sources(text, RULES)
    assert error.value.template == template


def test_accounts() -> None:
    assert group_answers.account("5.1.3.90 Jaminan Staf") == ("5.1.3.90", "Jaminan Staf")
    assert group_answers.account("5.1.4: Tunjangan BPD") == ("5.1.4", "Tunjangan BPD")
    for text in ("5.1.3.90", "Jaminan Staf", "513 Jaminan", "5.1 Jaminan"):
        with pytest.raises(Invalid):
            group_answers.account(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5", 5),
        ("5 orang", 5),
        ("ada 12 org.", 12),
        ("tidak ada", 0),
        ("0", 0),
        ("lima orang", 5),
        ("Sepuluh", 10),
    ],
)
def test_numbers_of_people(text: str, count: int) -> None:
    assert group_answers.people(text) == count


@pytest.mark.parametrize(
    ("text", "template"),
    [("banyak", "studies/number_unknown"), ("5-6", "studies/number_unknown"), ("9999", "studies/number_large"),
     ("-3", "studies/number_unknown"), ("٣", "invalid/digits")],
)  # fmt: skip
def test_numbers_that_cannot_be(text: str, template: str) -> None:
    with pytest.raises(Invalid) as error:
        group_answers.people(text)
    assert error.value.template == template


def test_a_large_number_is_asked_about_again() -> None:
    with pytest.raises(Doubtful) as doubt:
        group_answers.people("120")
    assert doubt.value.value == 120


@pytest.mark.parametrize("text", ["Perbup 12 Tahun 2026", "SK Bupati 141/2026"])
def test_rules_are_named(text: str) -> None:
    assert group_answers.basis(text) == text


@pytest.mark.parametrize("text", ["x", "1234", "a" * 101])
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(Invalid):
        group_answers.basis(text)
