"""What the planners of reminders read and write, a whole district at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.months import Month
from bot.domain.offices import Role
from bot.messages import Address
from bot.store import people
from bot.store.database import Tx, queries
from bot.store.employers import Payer
from bot.store.holding import SILENT
from bot.store.inbox import stamp
from bot.store.people import RANK, Recipient
from bot.store.records import Plan

Q = queries(__file__)

#: The kind of the plan of a reminder that somebody of the office asked for; its period is the day.
ASKED = "asked"


@dataclass(slots=True)
class Place:
    """A village, and who in it can be written to: `serving` in the order in which somebody is looked for."""

    code: str
    name: str
    subdistrict: str
    payer: Payer = Payer.VILLAGE
    answered: datetime | None = None
    pay_on: date | None = None
    serving: list[Recipient] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The name as it is always shown."""
        return f"Desa {self.name}, Kec. {self.subdistrict}"


def around(tx: Tx, district: str, segment: str, month: Month, today: date) -> Mapping[str, Place]:
    """The villages of a district whose bill of the month is open, by code."""
    rows = tx.all(Q.around, district=district, segment=segment, month=str(month), today=today.isoformat())
    return _places(rows)


def older(tx: Tx, district: str, segment: str, month: Month) -> Mapping[str, Month]:
    """The oldest open month before this one, by village."""
    rows = tx.all(Q.older, district=district, segment=segment, month=str(month))
    return {row["village"]: Month.parse(row["month"]) for row in rows}


def unregistered(tx: Tx, district: str, today: date) -> Mapping[str, Place]:
    """The villages that registered nobody and where somebody is linked, by code."""
    return _places(tx.all(Q.unregistered, district=district, today=today.isoformat()))


def _places(rows: Iterable[Any]) -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    seen: dict[str, list[Any]] = {}
    for row in rows:
        if row["village"] not in found:
            found[row["village"]] = _place(row)
        if row["person"] is not None:
            seen.setdefault(row["village"], []).append(row)
    for village, addresses in seen.items():
        found[village].serving = _in_order(addresses)
    return found


def _place(row: Any) -> Place:
    place = Place(row["village"], row["place"], row["subdistrict"])
    if "payer" in row.keys():  # noqa: SIM118 - a row is iterated by its values
        place.payer = Payer(row["payer"])
        place.answered = datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None
        place.pay_on = date.fromisoformat(row["pay_on"]) if row["pay_on"] else None
    return place


def _in_order(rows: list[Any]) -> list[Recipient]:
    """The treasurer, then the secretary, then the head, each at the address they used last."""
    if len(rows) > 1:
        rows.sort(key=lambda row: row["seen_at"], reverse=True)
        rows.sort(key=lambda row: RANK.get(row["role"], len(RANK)))
    found: dict[int, Recipient] = {}
    for row in rows:
        if row["role"] in RANK and row["person"] not in found:
            to = Address(row["channel"], row["chat"])
            found[row["person"]] = Recipient(row["person"], row["name"], Role(row["role"]), to)
    return list(found.values())


def named(tx: Tx, district: str, segment: str, month: Month) -> bool:
    """Whether somebody named a day for an open bill of the month."""
    return tx.one(Q.named, district=district, segment=segment, month=str(month)) is not None


def planned(tx: Tx, district: str, segment: str, month: Month) -> set[tuple[str, str]]:
    """Village and stage of the reminders of open bills that were planned before, whoever they went to."""
    rows = tx.all(Q.planned, district=district, segment=segment, month=str(month))
    return {(row["village"], row["stage"]) for row in rows}


def write(tx: Tx, plans: Iterable[tuple[Plan, str]], now: datetime) -> None:
    """Write plans with what became of each."""
    at = stamp(now)
    tx.many(
        Q.write,
        [
            {
                "kind": plan.kind,
                "subject": plan.subject,
                "village": plan.village,
                "period": plan.period,
                "stage": plan.stage,
                "person": plan.person,
                "at": at,
                "outcome": outcome,
            }
            for plan, outcome in plans
        ],
    )


def registered(tx: Tx, village: str) -> bool:
    """Whether the village is registered, or somebody in it."""
    return bool(tx.one(Q.registered, village=village)["found"])


def asked(tx: Tx, district: str, day: date) -> set[str]:
    """What somebody of the office reminded of by hand for that day, and did not fail: bills by their keys,
    and villages that registered nobody.
    """
    rows = tx.all(Q.asked, kind=ASKED, district=district, day=day.isoformat())
    return {row["reason"].partition(":")[2].rpartition(":")[0] for row in rows}


def waiting(tx: Tx, district: str, before: datetime) -> int:
    """How many reports older than that nobody has looked at."""
    count: int = tx.one(Q.waiting, district=district, before=stamp(before))["n"]
    return count


def checkers(tx: Tx, district: str, today: date) -> list[Recipient]:
    """Who may look at reports and can be written to, one entry each."""
    return people.once(tx.all(Q.checkers, district=district, today=today.isoformat()))


@dataclass(frozen=True, slots=True)
class Unreached:
    """A village that no reminder of an open bill reached; `why` is one of `nobody`, `blocked`, `held`, `lost`."""

    village: str
    name: str
    subdistrict: str
    segment: str
    month: Month
    due: date
    why: str


def unreached(tx: Tx, district: str, today: date, by: date) -> list[Unreached]:
    """Whom to call: of what fell due, or does so until `by`, what no reminder reached; oldest month first."""
    rows = tx.all(Q.unreached, district=district, today=today.isoformat(), by=by.isoformat(), silent=SILENT)
    return [_unreached(row) for row in rows if _why(row)]


def _why(row: Any) -> str:
    """What stood in the way; empty where a reminder is still to come."""
    if not row["linked"]:
        return "nobody"
    if not row["reachable"]:
        return "blocked"
    if row["held"]:
        return "held"
    return "lost" if row["failed"] or (row["planned"] and not row["queued"]) else ""


def _unreached(row: Any) -> Unreached:
    month, due = Month.parse(row["month"]), date.fromisoformat(row["due"])
    return Unreached(row["village"], row["place"], row["subdistrict"], row["segment"], month, due, _why(row))
