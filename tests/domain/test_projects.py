"""Building projects: who is covered, when instalments fall due, what an addendum changes, what people answer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import construction
from bot.domain.project_answers import (
    Workers,
    lasting,
    no_name,
    parse_day,
    parse_end,
    parse_month,
    parse_start,
    parse_value,
    parse_workers,
    with_tax,
    without_tax,
)
from bot.domain.projects import Cover, Part, Progress, State, cover, due_dates, register_by, spread
from bot.errors import Invalid, Misconfigured
from bot.rules import load
from tests.domain.answers import TODAY, asks, outcome, refuses

JT = 10**6
FREE = frozenset({date(2027, 3, 19), date(2027, 3, 22)})
DATES = (date(2027, 3, 1), date(2027, 4, 15), date(2027, 5, 28))


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("180.000.000", 180 * JT),
        ("Rp 180.000.000,-", 180 * JT),
        ("Rp180,000,000", 180 * JT),
        ("rp. 180.000.000,00", 180 * JT),
        ("180000000", 180 * JT),
        ("180 juta", 180 * JT),
        ("180jt", 180 * JT),
        ("199,8 juta", 199_800_000),
        ("199.8 jt", 199_800_000),
        ("1,2 M", 1200 * JT),
        ("1.2 miliar", 1200 * JT),
        ("1 miliar 250 juta", 1250 * JT),
        ("nilai kontrak 450 juta rupiah", 450 * JT),
        ("180 juta 500 ribu", 180_500_000),
        ("180", asks("projects/value_guess", 180 * JT)),
        ("180.000", asks("projects/value_guess", 180 * JT)),
        ("1.250 juta", asks("projects/value_guess", 1250 * JT)),
        ("sekitar 200 juta", asks("projects/value_guess", 200 * JT)),
        ("seratus delapan puluh juta", asks("projects/value_guess", 180 * JT)),
        ("500 ribu", refuses("projects/value_small")),
        ("999 miliar", refuses("projects/value_large")),
        ("100 + 80 juta", refuses("projects/value_sum")),
        ("100-200 juta", refuses("projects/value_sum")),
        ("banyak", refuses("projects/value_unreadable")),
        ("180 juta 2 miliar", refuses("projects/value_unreadable")),
        ("180 juta dari APBD", refuses("projects/value_unreadable")),
        ("", refuses("empty")),
    ],
)
def test_values(said: str, amount: object) -> None:
    assert outcome(parse_value, said) == amount


@given(st.integers(JT, 10**11))
def test_every_value_is_read_as_it_is_written(value: int) -> None:
    assert parse_value(f"Rp{value:,}".replace(",", ".")) == value


@pytest.mark.parametrize(
    ("gross", "net"), [(199_800_000, 180 * JT), (111 * JT, 100 * JT), (100 * JT, 90_090_090)]
)
def test_the_value_without_ppn(gross: int, net: int) -> None:
    assert without_tax(gross, construction.tax(TODAY, load()).percent) == net


@pytest.mark.parametrize(
    ("said", "taxed", "amount"),
    [
        ("180jt tanpa ppn", False, 180 * JT),
        ("180 juta (belum termasuk PPN)", False, 180 * JT),
        ("Rp180.000.000 di luar PPN", False, 180 * JT),
        ("180jt + ppn", False, 180 * JT),
        ("180 juta exclude ppn", False, 180 * JT),
        ("199,8 juta termasuk ppn", True, 199_800_000),
        ("199.800.000 sudah termasuk PPN 11%", True, 199_800_000),
        ("199,8jt include ppn", True, 199_800_000),
        ("199,8 jt dengan pajak", True, 199_800_000),
        ("180 juta", None, 180 * JT),
        ("sudah 180 juta", None, 180 * JT),
    ],
)
def test_what_is_said_of_ppn_beside_a_value(said: str, taxed: bool | None, amount: int) -> None:
    assert (with_tax(said), parse_value(said)) == (taxed, amount)


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("1 desember 2025", True),
        ("tgl 1/12/2025", True),
        ("150 jt", True),
        ("Rp250.000.000", True),
        ("250 jt sudah termasuk ppn", True),
        ("CV Maju Bersama", False),
        ("CV 17 Agustus", False),
        ("RT 03 dan RT 04", False),
        ("Jalan Juni RT 5, 250 m", False),
        ("Dusun 2 Maret", False),
        ("RT 05", False),
    ],
)
def test_a_sum_or_a_day_names_no_company_and_no_place(said: str, other: bool) -> None:
    assert no_name(said) is other


def test_ppn_needs_a_rule() -> None:
    assert without_tax(112 * JT, Decimal(12)) == 100 * JT
    with pytest.raises(Misconfigured, match="no construction_tax on 2015-01-01"):
        construction.tax(date(2015, 1, 1), load())


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("1 maret 2027", date(2027, 3, 1)),
        ("1/3/27", date(2027, 3, 1)),
        ("besok", date(2026, 11, 24)),
        ("1 maret", asks("projects/day_no_year", date(2027, 3, 1))),
        ("1 oktober", asks("projects/day_no_year", date(2026, 10, 1))),
        ("1 maret 2020", refuses("projects/day_far")),
        ("maret 2027", refuses("date_incomplete")),
        ("30 februari 2027", refuses("date_day")),
        ("15 maret 2026", date(2026, 3, 15)),
    ],
)
def test_days(said: str, day: object) -> None:
    assert outcome(parse_day, said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("1 september 2026", date(2026, 9, 1)),
        ("15 maret 2026", asks("projects/starts_past", date(2026, 3, 15))),
        ("1 desember 2025", asks("projects/starts_past", date(2025, 12, 1))),
        ("1 maret", asks("projects/day_no_year", date(2027, 3, 1))),
    ],
)
def test_a_start_far_back_is_asked_about(said: str, day: object) -> None:
    assert outcome(parse_start, said, TODAY) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("90 hari", date(2027, 5, 29)),
        ("90 hari kalender", date(2027, 5, 29)),
        ("3 bulan", date(2027, 5, 31)),
        ("1 tahun", date(2028, 2, 29)),
        ("30 juni 2027", date(2027, 6, 30)),
        ("1 maret 2027", refuses("projects/ends")),
        ("5 tahun", refuses("projects/ends")),
        ("1 hari", refuses("projects/ends")),
    ],
)
def test_ends(said: str, day: object) -> None:
    assert outcome(parse_end, said, date(2027, 3, 1), TODAY) == day


def test_a_length_from_the_last_day_of_a_month() -> None:
    assert lasting("1 bulan", date(2027, 1, 31)) == date(2027, 2, 27)
    assert lasting("sampai panen", date(2027, 1, 31)) is None


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("maret 2027", date(2027, 3, 1)),
        ("maret", date(2027, 3, 1)),
        ("desember", date(2026, 12, 1)),
        ("bulan ini", date(2026, 11, 1)),
        ("3/2027", date(2027, 3, 1)),
        ("13/2027", refuses("projects/month_unreadable")),
        ("maret 2031", refuses("projects/month_unreadable")),
        ("6402010101900001", refuses("projects/month_unreadable")),
        ("nanti kalau cair", refuses("projects/month_unreadable")),
    ],
)
def test_months(said: str, first: object) -> None:
    assert outcome(parse_month, said, TODAY) == first


@pytest.mark.parametrize(
    ("said", "count"), [("12", 12), ("12 orang", 12), ("ada 12 tukang", 12), ("jumlahnya 7 org", 7)]
)
def test_workers_as_a_number(said: str, count: int) -> None:
    assert parse_workers(said) == Workers(count)


def test_workers_as_a_list() -> None:
    said = "1. Budi Santoso 6402011203800001\n2) 6402 0152 0385 0002 Siti Aminah\n\nYohanes Anyau, NIK: 6402010101900003"
    assert parse_workers(said) == Workers(
        3,
        (
            ("Budi Santoso", "6402011203800001"),
            ("Siti Aminah", "6402015203850002"),
            ("Yohanes Anyau", "6402010101900003"),
        ),
    )


def test_lines_that_cannot_be_taken_are_named() -> None:
    said = "Budi 6402011203800001\nSiti 64020152038500\nAni 6402011203800001\n6402010101900003\nEdi 6402019999900003\n"
    said += "Slamet Riyadi, 64020152038500"
    found = parse_workers(said)
    assert found.named == (("Budi", "6402011203800001"),)
    assert found.wrong == (
        ("Baris 2, Siti", "NIK-nya belum 16 angka"),
        ("Baris 3, Ani", "NIK-nya sudah ada di baris lain"),
        ("Baris 4", "namanya belum ada"),
        ("Baris 5, Edi", "NIK-nya tidak mungkin"),
        ("Baris 6, Slamet Riyadi", "NIK-nya belum 16 angka"),
    )


def test_a_list_without_one_good_line_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        parse_workers("Siti 64020152038500\nEdi 6402019999900003")
    assert refused.value.template == "projects/workers_lines"
    assert [which for which, _ in refused.value.values["wrong"]] == ["Baris 1, Siti", "Baris 2, Edi"]


def test_titles_above_a_list_are_nobody() -> None:
    said = "Daftar pekerja:\nNo\tNama\tNIK\n1\tBudi\t6402011203800001"
    assert parse_workers(said) == Workers(1, (("Budi", "6402011203800001"),))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("0", "projects/workers_many"),
        ("9999", "projects/workers_many"),
        ("belum tahu", "projects/workers_unreadable"),
        ("", "projects/workers_unreadable"),
    ],
)
def test_workers_that_are_refused(said: str, why: str) -> None:
    assert outcome(parse_workers, said) == refuses(why)


def test_instalments_fall_due_on_working_days_before_the_work_ends() -> None:
    # Monday 1 March to Saturday 29 May; halfway is a Wednesday.
    assert due_dates(date(2027, 3, 1), date(2027, 5, 29), FREE) == (
        date(2027, 3, 1),
        date(2027, 4, 14),
        date(2027, 5, 28),
    )
    # The first is due before a beginning on a Sunday; the days of a short work coincide.
    assert due_dates(date(2027, 3, 7), date(2027, 3, 9), FREE) == (
        date(2027, 3, 5),
        date(2027, 3, 7),
        date(2027, 3, 8),
    )
    assert due_dates(date(2027, 3, 20), date(2027, 3, 23), FREE)[2] == date(2027, 3, 20)


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 400))
def test_no_instalment_is_due_after_the_work(starts: date, days: int) -> None:
    ends = starts + timedelta(days=days)
    first, middle, last = due_dates(starts, ends, FREE)
    assert first <= starts <= middle <= last < ends


def test_the_old_rule_counts_fourteen_working_days_from_the_spk() -> None:
    assert register_by(date(2027, 3, 1), frozenset()) == date(2027, 3, 19)
    assert register_by(date(2027, 3, 1), FREE) == date(2027, 3, 23)


def part(number: int, amount: int, progress: Progress = Progress.OPEN) -> Part:
    return Part(number, amount, DATES[min(number, 3) - 1], progress)


PAID = part(1, 196_000, Progress.RECORDED)


@given(st.integers(1, 10**9))
def test_a_new_project_pays_by_half_and_quarters(total: int) -> None:
    parts, over = spread(total, (), DATES)
    assert over == 0
    assert tuple(one.amount for one in parts) == tuple(a for a in construction.instalments(total) if a)


@pytest.mark.parametrize(
    ("total", "before", "after", "over"),
    [
        (392_000, (PAID, part(2, 98_000), part(3, 98_000)), [196_000, 98_000, 98_000], 0),
        (905_000, (PAID, part(2, 98_000), part(3, 98_000)), [196_000, 354_500, 354_500], 0),
        (196_001, (PAID, part(2, 98_000), part(3, 98_000)), [196_000, 1], 0),
        (192_000, (PAID, part(2, 98_000), part(3, 98_000)), [196_000], 4_000),
        (400_000, (PAID,), [196_000, 204_000], 0),
    ],
)
def test_an_addendum(total: int, before: tuple[Part, ...], after: list[int], over: int) -> None:
    parts, too_much = spread(total, before, DATES)
    assert ([one.amount for one in parts], too_much) == (after, over)
    assert parts[0] == PAID
    assert sum(after) - over == total


@given(st.integers(0, 10**8), st.lists(st.sampled_from(list(Progress)), min_size=3, max_size=3))
def test_an_addendum_loses_no_rupiah(total: int, states: list[Progress]) -> None:
    before = [
        part(n, amount, s) for n, amount, s in zip((1, 2, 3), (196_000, 98_000, 98_000), states, strict=True)
    ]
    parts, over = spread(total, before, DATES)
    assert sum(one.amount for one in parts) - over == total
    assert [one for one in parts if one.progress is not Progress.OPEN] == [
        one for one in before if one.progress is not Progress.OPEN
    ]


REPORTED = part(1, 196_000, Progress.REPORTED)


@pytest.mark.parametrize(
    ("state", "parts", "today", "stands"),
    [
        (State.PLANNED, (), DATES[0], Cover.PLANNED),
        (State.OPEN, (part(1, 1), part(2, 1)), DATES[0], Cover.NONE),
        (State.OPEN, (part(1, 1), part(2, 1)), DATES[2], Cover.NONE),
        (State.OPEN, (REPORTED, part(2, 1)), DATES[0], Cover.REPORTED),
        (State.OPEN, (PAID, part(2, 1)), DATES[1], Cover.COVERED),
        (State.OPEN, (PAID, part(2, 1)), DATES[2], Cover.LATE),
        (State.OPEN, (REPORTED, part(2, 1)), DATES[2], Cover.LATE),
        (State.OPEN, (PAID,), DATES[2], Cover.COVERED),
        (State.DONE, (PAID,), DATES[2], Cover.DONE),
        (State.DONE, (part(1, 1),), DATES[2], Cover.NONE),
        (State.DONE, (PAID, part(2, 1)), DATES[2], Cover.LATE),
        (State.DONE, (REPORTED,), DATES[2], Cover.DONE),
        (State.DROPPED, (), DATES[2], Cover.DONE),
    ],
)
def test_cover(state: State, parts: tuple[Part, ...], today: date, stands: Cover) -> None:
    assert cover(state, parts, today) is stands
    assert stands.label
