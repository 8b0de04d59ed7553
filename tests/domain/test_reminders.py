"""Due dates and the mornings on which a village hears of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import SUNDAY, due_date, holidays_near, holidays_of, working_day
from bot.domain.months import Month
from bot.domain.reminders import Moment, latest_due, moments
from bot.rules import load

STAGES = load().stages(date(2026, 1, 1))
WITA, WIB = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Pontianak")
HOLIDAYS = holidays_of(2026) | holidays_of(2027)


def due(month: Month) -> date:
    return due_date(month, holidays_near(month))


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (Month(2026, 7), date(2026, 8, 18)),  # 15 Saturday, 17 a holiday
        (Month(2026, 1), date(2026, 2, 16)),  # 15 Sunday; the collective leave of the 16th does not count
        (Month(2026, 10), date(2026, 11, 16)),  # 15 Sunday
        (Month(2026, 9), date(2026, 10, 15)),
        (Month(2026, 12), date(2027, 1, 15)),
    ],
)
def test_due_dates(month: Month, day: date) -> None:
    assert due(month) == day


def test_national_holidays_without_collective_leave() -> None:
    assert len(holidays_of(2026)) == 17
    assert not working_day(date(2026, 8, 17), HOLIDAYS)
    assert working_day(date(2026, 2, 16), HOLIDAYS)


def local(found: list[Moment], zone: ZoneInfo) -> list[tuple[str, str, int]]:
    return [(m.stage, f"{m.at.astimezone(zone):%a %d %b %H.%M}", m.left) for m in found]


def test_an_ordinary_month() -> None:
    assert local(moments(date(2026, 10, 15), WITA, STAGES, HOLIDAYS), WITA) == [
        ("h-7", "Thu 08 Oct 09.00", 7),
        ("h-3", "Mon 12 Oct 09.00", 3),
        ("h-1", "Wed 14 Oct 09.00", 1),
        ("h+1", "Fri 16 Oct 09.00", -1),
    ]


def test_sundays_and_holidays_bring_a_reminder_forward_and_days_that_meet_keep_the_later_stage() -> None:
    assert local(moments(date(2026, 8, 18), WITA, STAGES, HOLIDAYS), WITA) == [
        ("h-7", "Tue 11 Aug 09.00", 7),
        ("h-1", "Sat 15 Aug 09.00", 3),  # h-3 fell on the same Saturday
        ("h+1", "Wed 19 Aug 09.00", -1),
    ]


def test_nine_is_another_moment_in_another_zone() -> None:
    in_kukar, in_landak = (moments(date(2026, 10, 15), zone, STAGES, HOLIDAYS) for zone in (WITA, WIB))
    assert {b.at - a.at for a, b in zip(in_kukar, in_landak, strict=True)} == {timedelta(hours=1)}
    assert in_kukar[0].at == datetime(2026, 10, 8, 1, tzinfo=UTC)


def test_a_reminder_is_worth_nothing_after_the_evening_of_its_own_day() -> None:
    found = moments(date(2026, 10, 15), WITA, STAGES, HOLIDAYS)
    days = [8, 12, 14, 16]
    assert [m.expires for m in found] == [datetime(2026, 10, day, 12, tzinfo=UTC) for day in days]


def at(day: int, hour: int = 3) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "sent", "skipped"),
    [
        (at(1), at(7), None, []),
        (at(7), at(8), "h-7", []),
        (at(8), at(9), None, []),
        (at(7), at(12), "h-3", ["h-7"]),  # five days without power
        (at(7), at(14), "h-1", ["h-7", "h-3"]),
        (at(7), at(9), None, ["h-7"]),  # a day late: it would say "7 hari lagi" of six
        (at(7), at(15, 13), None, ["h-7", "h-3", "h-1"]),
        (at(7), at(16), "h+1", ["h-7", "h-3", "h-1"]),
        (at(7), at(30), None, ["h-7", "h-3", "h-1", "h+1"]),
        (at(8, 1), at(8, 2), None, []),  # since is excluded
        (at(8, 0), at(8, 1), "h-7", []),  # until is included
    ],
)
def test_after_an_outage_only_the_latest_in_time(
    since: datetime, until: datetime, sent: str | None, skipped: list[str]
) -> None:
    found = latest_due(moments(date(2026, 10, 15), WITA, STAGES, HOLIDAYS), since, until)
    assert (found.send.stage if found.send else None) == sent
    assert [moment.stage for moment in found.skipped] == skipped


@given(st.integers(2024, 2027), st.integers(1, 12), st.sampled_from([WITA, WIB]))
def test_every_month_of_every_year(year: int, number: int, zone: ZoneInfo) -> None:
    month = Month(year, number)
    holidays, day = holidays_near(month), due(month)
    found = moments(day, zone, STAGES, holidays)
    assert working_day(day, holidays)
    assert 15 <= day.day <= 25
    assert found[-1].left < 0
    assert [m.at for m in found] == sorted({m.at for m in found})
    for moment in found:
        mine = moment.at.astimezone(zone).date()
        assert mine.weekday() != SUNDAY
        assert mine not in holidays
        assert moment.at < moment.expires
        assert moment.left == (day - mine).days


@given(
    st.lists(st.integers(0, 40 * 24 * 60), min_size=2, max_size=40).map(sorted),
)
def test_however_the_ticks_fall_no_moment_is_lost_or_doubled(minutes: list[int]) -> None:
    found = moments(date(2026, 10, 15), WITA, STAGES, HOLIDAYS)
    start = datetime(2026, 9, 25, tzinfo=UTC)
    ticks = [start, *(start + timedelta(minutes=m) for m in minutes), start + timedelta(days=60)]
    choices = [latest_due(found, a, b) for a, b in pairwise(ticks)]
    seen = [m for choice in choices for m in (*choice.skipped, *([choice.send] if choice.send else []))]
    assert sorted(seen, key=lambda m: m.at) == found
