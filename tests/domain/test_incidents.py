"""When it happened, as people say it; until when it is reported; when that is reminded of; what is paid."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import incidents, statements
from bot.domain.dated import Certainty
from bot.domain.incidents import Kind
from bot.domain.statements import Benefit
from bot.errors import Invalid
from bot.rules import load

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=WITA)
RULES = load()


@pytest.mark.parametrize(
    ("said", "shown", "at"),
    [
        ("hari ini", "23 November 2026", "2026-11-23 06:00"),
        ("tadi pagi", "23 November 2026, pagi", "2026-11-23 06:00"),
        ("tadi jam 7.15", "23 November 2026, 07.15", "2026-11-23 07:15"),
        ("jam 7 pagi", "23 November 2026, 07.00", "2026-11-23 07:00"),
        ("kemarin", "22 November 2026", "2026-11-22 06:00"),
        ("kemarin jam 3 sore", "22 November 2026, 15.00", "2026-11-22 15:00"),
        ("kmrn siang", "22 November 2026, siang", "2026-11-22 11:00"),
        ("kemarin dulu", "21 November 2026", "2026-11-21 06:00"),
        ("semalam", "22 November 2026, malam", "2026-11-22 18:00"),
        ("tadi malam jam 2", "23 November 2026, 02.00", "2026-11-23 02:00"),
        ("semalam jam 11", "22 November 2026, 23.00", "2026-11-22 23:00"),
        ("tadi malam jam 12", "23 November 2026, 00.00", "2026-11-23 00:00"),
        ("jam 1 malam", "23 November 2026, 01.00", "2026-11-23 01:00"),
        ("kemarin jam 2 malam", "22 November 2026, 02.00", "2026-11-22 02:00"),
        ("20 november jam 12 malam", "20 November 2026, 00.00", "2026-11-20 00:00"),
        ("3 hari lalu", "20 November 2026", "2026-11-20 06:00"),
        ("20 november", "20 November 2026", "2026-11-20 06:00"),
        ("20/11/2026 pukul 10", "20 November 2026, 10.00", "2026-11-20 10:00"),
    ],
)
def test_when_it_was(said: str, shown: str, at: str) -> None:
    found = incidents.parse_when(said, NOW)
    assert incidents.show_when(found) == shown
    assert incidents.moment(found, WITA) == datetime.fromisoformat(at).replace(tzinfo=WITA)


def test_last_night_said_at_night_is_today() -> None:
    late = NOW.replace(hour=22)
    assert incidents.parse_when("tadi malam", late)["day"] == "2026-11-23"


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ("besok", "incidents/when_ahead"),
        ("hari ini jam 15", "incidents/when_ahead"),
        ("24 november 2026", "incidents/when_ahead"),
        ("tadi jam 27", "incidents/when_unclear"),
        ("entahlah", "incidents/when_unreadable"),
        ("tanggal 5", "incidents/when_unreadable"),
        ("31/2/2026", "invalid/date_day"),
    ],
)
def test_when_it_cannot_have_been(said: str, template: str) -> None:
    with pytest.raises(Invalid) as refused:
        incidents.parse_when(said, NOW)
    assert refused.value.template == template


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA).astimezone(UTC)


@pytest.mark.parametrize(
    ("happened", "halfway", "last", "over"),
    [
        # In daytime, the last one in the morning of the last working day.
        ("2026-11-23 14:00", "2026-11-24 14:00", "2026-11-25 08:30", "2026-11-25 14:00"),
        # In the night: the evening before; that it is over, the morning after.
        ("2026-11-23 22:00", "2026-11-24 19:30", "2026-11-25 08:30", "2026-11-26 08:30"),
        ("2026-11-23 03:00", "2026-11-23 19:30", "2026-11-24 08:30", "2026-11-25 08:30"),
        # Too near to the last one: the evening before that.
        ("2026-11-23 07:15", "2026-11-23 19:30", "2026-11-24 08:30", "2026-11-25 07:15"),
        # Over a weekend: the branch is open again before the end, or it is an evening all the same.
        ("2026-11-21 10:00", "2026-11-22 10:00", "2026-11-23 08:30", "2026-11-23 10:00"),
        ("2026-11-20 18:00", "2026-11-21 18:00", "2026-11-22 12:00", "2026-11-22 18:00"),
        ("2026-11-20 06:00", "2026-11-20 19:30", "2026-11-21 19:30", "2026-11-22 08:30"),
        # A holiday is no working day.
        ("2026-12-23 14:00", "2026-12-23 19:30", "2026-12-24 08:30", "2026-12-25 14:00"),
    ],
)
def test_when_it_is_reminded_of(happened: str, halfway: str, last: str, over: str) -> None:
    found = incidents.moments(at(happened), 48, WITA, frozenset({date(2026, 12, 25)}), at(happened))
    assert [one.at for one in found] == [at(halfway), at(last), at(over)]
    assert all(one.at < one.expires for one in found)


def test_what_was_reported_late_is_reminded_of_in_the_evening() -> None:
    happened, known = at("2026-11-23 07:15"), at("2026-11-24 09:00")
    found = incidents.moments(happened, 48, WITA, frozenset(), known)
    assert [(one.stage, one.at) for one in found] == [
        ("last", at("2026-11-24 19:30")),
        ("over", at("2026-11-25 07:15")),
    ]


@pytest.mark.parametrize("hour", range(24 * 7))
def test_nobody_is_woken_whenever_it_happened(hour: int) -> None:
    happened = at("2026-11-16 00:00") + timedelta(hours=hour)
    found = [one.at for one in incidents.moments(happened, 48, WITA, frozenset(), happened)]
    assert found == sorted(found)
    assert all(7 <= each.astimezone(WITA).hour < 20 and each > happened for each in found)


def test_what_is_paid_is_a_dated_row() -> None:
    today = date(2026, 11, 23)
    assert statements.in_force(RULES.all_benefits, "death", date(2019, 12, 1)) == []
    death = {row.code: row for row in statements.in_force(RULES.all_benefits, "death", today)}
    assert death["all"].shown == "Rp42.000.000"
    assert death["all"].amount == sum(death[code].amount for code in ("lump", "periodic", "burial"))
    [school] = statements.in_force(RULES.all_benefits, "children", today)
    assert school.shown == "paling banyak Rp174.000.000"
    at_work = statements.in_force(RULES.all_benefits, "work_death", today)
    assert [(row.shown, row.certain) for row in at_work] == [
        ("48 × upah yang dilaporkan", True),
        ("Rp12.000.000", False),
    ]
    assert statements.hours(RULES.all_report_limits, today) == 48


@pytest.mark.parametrize(
    "wrong",
    [{"event": "birth", "amount": 1}, {"event": "death"}, {"event": "death", "amount": 1, "times": 2}],
)
def test_a_benefit_says_one_thing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"event is|a benefit has"):
        Benefit(
            code="x", label="x", effective_from=date(2026, 1, 1), source="x", certainty=Certainty.LAW, **wrong
        )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "left", "asked"),
    [
        (Kind.ACCIDENT, "2026-11-23 09:12", ["soon 2026-11-23 10:12", "morning 2026-11-24 08:30"]),
        (Kind.ACCIDENT, "2026-11-23 18:59", ["soon 2026-11-23 19:59", "morning 2026-11-24 08:30"]),
        (Kind.ACCIDENT, "2026-11-23 22:30", ["morning 2026-11-24 08:30"]),
        (Kind.ACCIDENT, "2026-11-24 01:00", ["morning 2026-11-24 08:30"]),
        (Kind.DEATH, "2026-11-23 09:12", ["morning 2026-11-24 08:30"]),
        (Kind.DEATH, "2026-11-24 01:00", ["morning 2026-11-24 08:30"]),
    ],
)
def test_who_left_a_report_half_written_is_asked_by_day(kind: Kind, left: str, asked: list[str]) -> None:
    found = incidents.unfinished(kind, datetime.fromisoformat(left).replace(tzinfo=WITA), WITA)
    assert [f"{one.stage} {one.at.astimezone(WITA):%Y-%m-%d %H:%M}" for one in found] == asked
    assert {one.expires.astimezone(WITA).hour for one in found} == {20}
