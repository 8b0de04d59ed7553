"""Due dates and the mornings on which a village hears of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import deadlines
from bot.domain.calendar import SUNDAY, holidays_of, next_working_day, working_day
from bot.domain.customs import Holiday
from bot.domain.months import Month
from bot.domain.reminders import (
    Moment,
    calm,
    in_days,
    latest_due,
    moments,
    next_calm,
    next_calm_in,
    planned,
    quiet,
    with_plan,
)
from bot.domain.rulebook import Certainty, Stage
from bot.rules import load

RULES = load()
STAGES = RULES.stages(date(2026, 1, 1))
WITA, WIB = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Pontianak")
HOLIDAYS = holidays_of(2026) | holidays_of(2027)


def due(month: Month) -> date:
    return deadlines.due_date(RULES, "64.02", "PU", month)


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
    holidays, day = deadlines.free_days(RULES, "64.02", month), due(month)
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


# -- quiet hours, and days that officers name ----------------------------------------------------


def wita(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WITA)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (wita(8, 7), wita(8, 7)),
        (wita(8, 6, 59), wita(7, 19)),  # before seven: the evening before
        (wita(8, 20), wita(8, 19)),
        (wita(8, 19, 59), wita(8, 19, 59)),
        (wita(13, 9), wita(12, 9)),  # a Sunday
        (wita(14, 6), wita(12, 19)),  # Monday before seven: not the Sunday evening either
        (wita(25, 9), wita(24, 9)),  # Christmas
        (wita(11, 11, 29), wita(11, 11, 29)),  # a Friday
        (wita(11, 11, 30), wita(11, 11)),
        (wita(11, 12, 59), wita(11, 11)),
        (wita(11, 13), wita(11, 13)),
        (wita(10, 12), wita(10, 12)),  # a Thursday noon
    ],
)
def test_what_falls_into_quiet_time_comes_earlier(wanted: datetime, sent: datetime) -> None:
    assert calm(wanted, HOLIDAYS) == sent


@given(st.integers(0, 366 * 24 * 60))
def test_a_calm_moment_is_never_quiet_and_never_later(minutes: int) -> None:
    wanted = datetime(2026, 1, 1, tzinfo=WITA) + timedelta(minutes=minutes)
    found = calm(wanted, HOLIDAYS)
    assert found <= wanted
    assert not quiet(found, HOLIDAYS)
    assert quiet(wanted, HOLIDAYS) == (found != wanted)


@given(st.integers(0, 366 * 24 * 60))
def test_what_could_not_leave_goes_at_the_first_calm_moment(minutes: int) -> None:
    late = datetime(2026, 1, 1, tzinfo=WITA) + timedelta(minutes=minutes)
    found = next_calm(late, HOLIDAYS)
    assert found >= late
    assert not quiet(found, HOLIDAYS)
    assert quiet(late, HOLIDAYS) == (found != late)
    assert quiet(late, HOLIDAYS) == quiet(found - timedelta(minutes=1), HOLIDAYS) or found == late


def test_friday_prayers_are_waited_for() -> None:
    friday = datetime(2026, 12, 11, 12, 10, tzinfo=WITA)
    assert next_calm(friday, HOLIDAYS) == friday.replace(hour=13, minute=0)
    assert next_calm(friday.replace(hour=20), HOLIDAYS) == datetime(2026, 12, 12, 7, tzinfo=WITA)


def test_each_district_is_asked_by_its_own_clock_and_days_off() -> None:
    evening = datetime(2026, 12, 2, 12, 30, tzinfo=UTC)  # 20.30 in Kutai Kartanegara, 19.30 in Landak
    assert next_calm_in(RULES, "64.02", evening) == datetime(2026, 12, 2, 23, tzinfo=UTC)
    assert next_calm_in(RULES, "61.08", evening) == evening
    off = Holiday(district="64.02", day=date(2026, 12, 3), name="Hari kabupaten")
    busy = replace(RULES, holidays=(*RULES.holidays, off))
    assert next_calm_in(busy, "64.02", evening) == datetime(2026, 12, 3, 23, tzinfo=UTC)
    assert next_calm_in(busy, "61.08", evening + timedelta(days=1)) == evening + timedelta(days=1)


def stage(name: str, days: int, hour: int = 9, **more: Any) -> Stage:
    since = more.pop("since", date(2015, 7, 1))
    source = {"source": "uji", "certainty": Certainty.LAW}
    return Stage(name=name, days_before=days, at=time(hour), effective_from=since, **source, **more)


@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 23)), min_size=1, max_size=4),
    st.integers(0, 700),
)
def test_whatever_a_district_sets_nothing_is_quiet_late_or_out_of_order(
    rows: list[tuple[int, int]], ahead: int
) -> None:
    day = next_working_day(date(2026, 1, 15) + timedelta(days=ahead), HOLIDAYS)
    stages = [stage(f"s{number}", days, hour) for number, (days, hour) in enumerate(rows)]
    found = moments(day, WITA, stages, HOLIDAYS)
    assert found
    assert [m.at for m in found] == sorted(m.at for m in found)
    ranks = [next(s.days_before for s in stages if s.name == m.stage) for m in found]
    assert ranks == sorted(ranks, reverse=True)
    for moment in found:
        local_ = moment.at.astimezone(WITA)
        assert not quiet(local_, HOLIDAYS)
        assert local_.date() <= day
        assert moment.at < moment.expires


def test_a_question_after_the_due_date_never_comes_before_the_next_working_day() -> None:
    found = moments(date(2026, 12, 15), WITA, [stage("h+1", -1, 5)], HOLIDAYS)
    assert local(found, WITA) == [("h+1", "Wed 16 Dec 07.00", -1)]


@pytest.mark.parametrize(
    ("since", "days", "expected"),
    [
        (date(2026, 10, 1), 10, "Mon 05 Oct 09.00"),
        (date(2026, 10, 5), 10, "Mon 05 Oct 09.00"),  # in force on the day itself
        (date(2026, 10, 6), 10, "Thu 08 Oct 09.00"),  # too late for ten days: seven, as it was
        (date(2026, 10, 9), 5, "Sat 10 Oct 09.00"),  # sent already on the 8th: its key is known
    ],
)
def test_a_change_of_the_rules_loses_no_reminder(since: date, days: int, expected: str) -> None:
    stages = [*STAGES, stage("h-7", days, district="64.02", since=since)]
    found = dict(
        (name, at) for name, at, _ in local(moments(date(2026, 10, 15), WITA, stages, HOLIDAYS), WITA)
    )
    assert found["h-7"] == expected
    assert len(found) == 4


def test_a_district_can_do_without_a_stage_and_take_it_back() -> None:
    off = stage("h-3", 3, district="64.02", since=date(2026, 10, 1), off=True)
    assert [m.stage for m in moments(date(2026, 10, 15), WITA, [*STAGES, off], HOLIDAYS)] == [
        "h-7", "h-1", "h+1",
    ]  # fmt: skip
    on = stage("h-3", 4, district="64.02", since=date(2026, 10, 2))
    found = local(moments(date(2026, 10, 15), WITA, [*STAGES, off, on], HOLIDAYS), WITA)
    assert ("h-3", "Sat 10 Oct 09.00", 5) in found  # the 11th is a Sunday


DUE = date(2026, 12, 15)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (date(2026, 12, 11), ["h-7", "rencana", "h-1", "h+1"]),  # takes the place of the 12th
        (date(2026, 12, 12), ["h-7", "rencana", "h-1", "h+1"]),
        (date(2026, 12, 13), ["h-7", "rencana", "h-1", "h+1"]),  # a Sunday: asked on Saturday
        (date(2026, 12, 14), ["h-7", "h-1", "h+1"]),  # the last one comes that day anyway
        (date(2026, 12, 15), ["h-7", "h-3", "h-1", "h+1"]),  # not before the due date: as usual
        (date(2026, 12, 20), ["h-7", "h-3", "h-1", "h+1"]),
        (date(2026, 12, 8), ["h-7", "h-3", "h-1", "h+1"]),  # today: nothing new to say
    ],
)
def test_a_day_that_was_named_moves_the_next_reminder(named: date, expected: list[str]) -> None:
    usual = moments(DUE, WITA, STAGES, HOLIDAYS)
    plan = planned(DUE, WITA, HOLIDAYS, named, asked=date(2026, 12, 8))
    assert [m.stage for m in with_plan(usual, plan)] == expected


@pytest.mark.parametrize(("left", "said"), [(0, "hari ini"), (1, "besok"), (7, "7 hari lagi")])
def test_days_in_words(left: int, said: str) -> None:
    assert in_days(left) == said
