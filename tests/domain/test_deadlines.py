"""Due dates of both segments, days off of a district, and collective leave where it counts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import collective_leave_of, holidays_of, working_day
from bot.domain.deadlines import due_date, free_days
from bot.domain.months import Month
from bot.errors import Misconfigured
from bot.rules import FOLDER, load

RULES = load()
KUKAR, LANDAK = "64.02", "61.08"
AUGUST, OCTOBER = Month(2026, 8), Month(2026, 10)


@pytest.mark.parametrize(
    ("segment", "month", "day"),
    [
        ("PU", Month(2026, 7), date(2026, 8, 18)),  # the 15th a Saturday, the 17th a holiday
        ("BPU", AUGUST, date(2026, 8, 18)),
        ("PU", AUGUST, date(2026, 9, 15)),
        ("PU", OCTOBER, date(2026, 11, 16)),  # the 15th a Sunday
        ("BPU", OCTOBER, date(2026, 10, 15)),
        ("PU", Month(2026, 1), date(2026, 2, 16)),  # collective leave, which does not count
        ("PU", Month(2026, 4), date(2026, 5, 15)),  # the same, after Ascension Day
        ("PU", Month(2026, 12), date(2027, 1, 15)),
        ("BPU", Month(2027, 1), date(2027, 1, 15)),
    ],
)
def test_due_dates(segment: str, month: Month, day: date) -> None:
    assert due_date(RULES, KUKAR, segment, month) == day


def test_the_days_announced_by_three_ministers() -> None:
    assert len(collective_leave_of(2026)) == 8
    assert not collective_leave_of(2026) & holidays_of(2026)


DECIDED = 'source = "Surat edaran bupati"\ncertainty = "V"\n'
OWN = f"""
[[holiday]]
district = "64.02"
day = 2026-09-15
name = "Erau"

[[due_rule]]
district = "61.08"
segment = "PU"
day = 15
months_after = 1
collective_leave = true
effective_from = 2026-04-01
{DECIDED}
[[due_rule]]
district = "61.08"
segment = "BPU"
day = 10
months_after = 0
effective_from = 2026-11-01
{DECIDED}
"""


def test_a_district_has_its_own_days(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    rules = load(FOLDER, tmp_path)
    assert due_date(rules, KUKAR, "PU", AUGUST) == date(2026, 9, 16)
    assert due_date(rules, LANDAK, "PU", AUGUST) == date(2026, 9, 15)
    assert due_date(rules, LANDAK, "PU", Month(2026, 4)) == date(2026, 5, 18)
    assert due_date(rules, LANDAK, "PU", Month(2026, 1)) == date(2026, 2, 16)  # before it decided
    assert due_date(rules, LANDAK, "BPU", OCTOBER) == date(2026, 10, 15)
    assert due_date(rules, LANDAK, "BPU", OCTOBER.next()) == date(2026, 11, 10)
    assert due_date(rules, KUKAR, "BPU", OCTOBER.next()) == date(2026, 11, 16)


def test_days_off_of_a_district(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    rules = load(FOLDER, tmp_path)
    assert free_days(RULES, KUKAR, AUGUST) >= holidays_of(2026) | holidays_of(2027)
    assert free_days(rules, KUKAR, AUGUST) - free_days(RULES, KUKAR, AUGUST) == {date(2026, 9, 15)}
    assert date(2026, 12, 24) in free_days(rules, LANDAK, AUGUST)
    assert date(2026, 12, 24) not in free_days(rules, LANDAK, AUGUST, "BPU")


def test_before_the_first_rule_nothing_falls_due() -> None:
    with pytest.raises(Misconfigured, match=r"no due_rule of PU applies to district 64\.02 on 2014-01-01"):
        due_date(RULES, KUKAR, "PU", Month(2014, 1))


@given(st.integers(2016, 2030), st.integers(1, 12), st.sampled_from(["PU", "BPU"]))
def test_every_due_date_is_a_working_day_from_the_15th_on(year: int, number: int, segment: str) -> None:
    month = Month(year, number)
    day = due_date(RULES, LANDAK, segment, month)
    assert working_day(day, free_days(RULES, LANDAK, month))
    assert Month.of(day) == (month.next() if segment == "PU" else month)
    assert 15 <= day.day <= 25
