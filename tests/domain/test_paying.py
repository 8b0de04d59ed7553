"""What people write of a payment."""

from datetime import date

import pytest

from bot.domain.months import Month
from bot.domain.paying import Reported, Said, belongs, left_over, read, segment
from bot.errors import Invalid

TODAY = date(2026, 12, 14)
AUG, SEP, OCT, NOV = (Month(2026, number) for number in (8, 9, 10, 11))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", Said()),
        ("pak", Said()),
        ("1.584.000", Said(1_584_000)),
        ("Rp1.584.000,-", Said(1_584_000)),
        ("rp 1584000", Said(1_584_000)),
        ("1,5 jt", Said(1_500_000)),
        ("500rb", Said(500_000)),
        ("13.104", Said(13_104)),
        ("november", Said(months=(NOV,))),
        ("nop 2026", Said(months=(NOV,))),
        ("agustus dan september", Said(months=(AUG, SEP))),
        ("agt s/d okt", Said(months=(AUG, SEP, OCT))),
        ("agustus sampai oktober 2026", Said(months=(AUG, SEP, OCT))),
        ("1.584.000 tgl 12 desember", Said(1_584_000, date(2026, 12, 12))),
        ("1.584.000 tgl 12", Said(1_584_000, date(2026, 12, 12))),
        ("12/12/2026 1.584.000", Said(1_584_000, date(2026, 12, 12))),
        ("kemarin 1,2 juta untuk november", Said(1_200_000, date(2026, 12, 13), (NOV,))),
        ("3 bulan 4.752.000", Said(4_752_000, count=3)),
        ("dua bulan", Said(count=2)),
        ("10/2026", Said(months=(OCT,))),
        ("2026", Said()),
        ("20 november 25.000", Said(25_000, date(2026, 11, 20))),
        ("20 nov 26.500.000", Said(26_500_000, date(2026, 11, 20))),
        ("tanggal 20 november 13.500", Said(13_500, date(2026, 11, 20))),
        ("20 november 26 13.500", Said(13_500, date(2026, 11, 20))),
        ("13.500 kemarin sore", Said(13_500, date(2026, 12, 13))),
        ("0812345678", Said()),
        ("tahun 2026", Said()),
        ("1.584 ribu", Said(1_584_000)),
        ("november 15.840.000", Said(15_840_000, months=(NOV,))),
        ("november 26.500.000 dari ADD", Said(26_500_000, months=(NOV,))),
        ("november 26 juta", Said(26_000_000, months=(NOV,))),
        ("perian november 41.000", Said(41_000, months=(NOV,))),
        ("tgl 28", Said(paid_on=date(2026, 11, 28))),
        ("bpu 16.800", Said(16_800, segment="BPU")),
        ("bukan penerima upah 16.800", Said(16_800, segment="BPU")),
        ("transfer bank mandiri 16.800", Said(16_800)),
        ("iuran mandiri november", Said(months=(NOV,), segment="BPU")),
        ("1.584.000 dari ADD untuk agustus tanggal 9 des 2026", Said(1_584_000, date(2026, 12, 9), (AUG,))),
    ],
)
def test_each_part_is_found(text: str, said: Said) -> None:
    assert read(text, TODAY) == said


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("1.584.000 tgl 20 desember 2026", "invalid/paid_future"),
        ("1.584.000 tanggal 20 desember", "invalid/paid_future"),
        ("tgl 25 januari", "invalid/paid_future"),
        ("99.000.000.000", "invalid/payment_large"),
        ("13.500 dan bpu 16.800", "invalid/payment_two"),
        ("1.584.000 atau 1,6 jt", "invalid/payment_two"),
        ("30 bulan", "invalid/payment_months"),
    ],
)
def test_what_cannot_be_is_said(text: str, template: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(text, TODAY)
    assert refused.value.template == template


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bpu 12 desember", ("BPU", "12 desember")),
        ("Perangkat besok", ("PU", "besok")),
        ("12 desember", ("", "12 desember")),
        ("pu dan bpu besok", ("", "pu dan bpu besok")),
    ],
)
def test_a_segment_is_found_and_taken_out(text: str, found: tuple[str, str]) -> None:
    assert segment(text) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("1.584.000 transfer bank kaltimtara", ""),
        ("1.584.000 via m-banking bri", ""),
        ("1.584.000 lewat teller bpd", ""),
        ("1.584.000 tapi ditolak bank", "tapi ditolak"),
    ],
)
def test_words_beside_the_figures_change_nothing(text: str, left: str) -> None:
    assert " ".join(left_over(read(text, TODAY).rest).split()) == left


PLAIN = Reported("PU", None, (NOV,), 13_500)
SUMMED = Reported("PU", 13_500, (NOV,), 13_500)


@pytest.mark.parametrize(
    ("said", "last", "words", "file"),
    [
        (Said(13_500), PLAIN, True, True),
        (Said(paid_on=TODAY), SUMMED, True, True),
        (Said(13_500), SUMMED, False, True),
        (Said(14_000), SUMMED, False, False),
        (Said(135_000), PLAIN, False, False),
        (Said(months=(OCT,)), PLAIN, False, False),
        (Said(count=1), PLAIN, False, True),
        (Said(count=2), PLAIN, False, False),
        (Said(13_500, segment="BPU"), PLAIN, False, False),
        (Said(13_500, segment="PU"), PLAIN, True, True),
        (Said(16_800), PLAIN, False, False),
        (Said(16_000), PLAIN, True, True),
    ],
)
def test_what_is_said_more_of_a_report(said: Said, last: Reported, words: bool, file: bool) -> None:
    others = (16_800, None)
    assert (belongs(said, last, others), belongs(said, last, others, proves=True)) == (words, file)


def test_a_sum_that_is_exactly_what_was_reported_is_not_the_other_segments() -> None:
    assert belongs(Said(13_500), PLAIN, (13_500,))
