"""What a district's office looks at: counts of a village, who can be reached, acts, the state of the queues."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.months import Month
from bot.domain.offices import Role, office_day
from bot.domain.people import State
from bot.store.database import Tx, queries
from bot.store.holding import ELSEWHERE
from bot.store.inbox import stamp
from bot.store.windows import tiers

Q = queries(__file__)


def people(tx: Tx, village: str) -> dict[tuple[str, State], int]:
    """How many people of a village are registered, by category and state."""
    return {(row["category"], State(row["state"])): row["n"] for row in tx.all(Q.people, village=village)}


def first_joined(tx: Tx, village: str) -> date | None:
    """The day on which the first person of a village was registered."""
    day = tx.one(Q.first_joined, village=village)["day"]
    return date.fromisoformat(day) if day else None


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody in office; `linked` with an address, `reachable` where one may be written to.

    `silent` are those who are reachable only where free text waits until they have written again.
    """

    name: str
    role: Role
    linked: bool
    reachable: bool
    seen: datetime | None
    silent: bool = False


def officials(tx: Tx, village: str, now: datetime) -> list[Official]:
    """Who holds an office in a village, one entry each."""
    limited = tiers(tx)
    found: dict[int, Official] = {}
    for row in tx.all(Q.officials, village=village, today=office_day(now).isoformat()):
        before = found.get(row["id"])
        was, heard = (before.reachable, not before.silent) if before else (False, False)
        seen = datetime.fromisoformat(row["seen_at"]) if row["seen_at"] else None
        here = bool(row["reachable"])
        minds = row["channel"] in limited and (row["until"] or "") <= stamp(now)
        silent = (was or here) and not ((was and heard) or (here and not minds))
        role = Role(row["role"])
        found[row["id"]] = Official(row["name"], role, seen is not None, was or here, seen, silent)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Access:
    """An office somebody holds; `seen` is when they last wrote, None where no account of theirs is linked."""

    name: str
    role: Role
    subdistrict: str
    frozen: bool
    seen: datetime | None


def access(tx: Tx, district: str, village: str, now: datetime) -> list[Access]:
    """Who can see and do something for a village, or with none for the district; the highest office first."""
    rows = tx.all(Q.access, district=district, village=village, today=office_day(now).isoformat())
    held = [
        Access(
            row["name"],
            Role(row["role"]),
            row["subdistrict"],
            bool(row["frozen"]),
            datetime.fromisoformat(row["seen_at"]) if row["seen_at"] else None,
        )
        for row in rows
    ]
    return sorted(held, key=lambda one: [*Role].index(one.role))


@dataclass(frozen=True, slots=True)
class Sum:
    """What is left to pay, in rupiah; of `unknown` bills nobody knows it."""

    rupiah: int
    unknown: int


def late_sums(tx: Tx, district: str, today: date) -> dict[str, Sum]:
    """What is left of the bills past their due date, by village."""
    rows = tx.all(Q.late_sums, district=district, today=today.isoformat())
    return {row["village"]: Sum(row["rupiah"], row["unknown"]) for row in rows}


def reported_of(tx: Tx, district: str, month: Month, segment: str = "") -> dict[str, bool]:
    """Whether each village with something to pay for a month has reported all of it, in both segments or the one named."""
    rows = tx.all(Q.reported_of, district=district, month=str(month), segment=segment)
    return {row["village"]: bool(row["settled"]) for row in rows}


def reminded(tx: Tx, district: str, day: date, midnight: datetime) -> set[str]:
    """The villages to which a reminder was written for a day that begins at `midnight`, by the clock or by hand."""
    rows = tx.all(Q.reminded, district=district, day=day.isoformat(), since=stamp(midnight))
    return {row["village"] for row in rows}


def submitted_since(tx: Tx, district: str) -> datetime | None:
    """Since when somebody of a district waits to be confirmed."""
    at = tx.one(Q.submitted_since, district=district)["at"]
    return datetime.fromisoformat(at) if at else None


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the audit chain; `actor` is empty where the program itself acted; `on` is what it was done to."""

    at: datetime
    actor: str
    action: str
    details: Mapping[str, Any]
    on: str = ""


def acts(tx: Tx, village: str, start: int, count: int) -> list[Done]:
    """The last acts about a village, the newest first, from the `start`-th on."""
    rows = tx.all(Q.acts, village=village, subject=f"village:{village}", start=start, count=count)
    return [
        Done(
            datetime.fromisoformat(row["at"]),
            row["actor"] or "",
            row["action"],
            json.loads(row["details"]),
            row["object"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, and since when."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Messages that did not leave, or of which nobody knows (`unknown`), with the reason as it was noted."""

    status: str
    template: str
    error: str
    count: int


def channels(tx: Tx) -> dict[str, Mapping[str, str]]:
    """What was noted last of each channel: `at` (when it was heard), `problem`."""
    rows = tx.all(Q.channels)
    return {row["name"].removeprefix("channel:"): json.loads(row["value"]) for row in rows}


def heard(tx: Tx) -> datetime | None:
    """When anything came in before what is being answered."""
    row = tx.one(Q.heard)
    return datetime.fromisoformat(row["at"]) if row else None


def arriving(tx: Tx) -> Queue:
    """What came in and is not being handled yet."""
    return _queue(tx.one(Q.arriving))


def leaving(tx: Tx, now: datetime) -> Queue:
    """What is to be sent and could be sent now."""
    return _queue(tx.one(Q.leaving, now=stamp(now)))


def _queue(row: Any) -> Queue:
    return Queue(row["n"], datetime.fromisoformat(row["since"]) if row["since"] else None)


def set_aside(tx: Tx, since: datetime) -> int:
    """How many events could not be handled."""
    count: int = tx.one(Q.set_aside, since=stamp(since))["n"]
    return count


def stuck(tx: Tx, since: datetime) -> list[Stuck]:
    """What was not sent, or nobody knows whether it was, the most frequent first."""
    rows = tx.all(Q.stuck, since=stamp(since), elsewhere=ELSEWHERE)
    return [Stuck(row["status"], row["template"], row["error"], row["n"]) for row in rows]
