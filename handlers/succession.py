"""Somebody enters an office of a village, somebody leaves it: who is told, and what dies with it."""

from datetime import UTC, datetime, timedelta

from bot.domain import deadlines
from bot.domain.months import Month
from bot.domain.offices import Office, office_day
from bot.domain.reminders import next_calm
from bot.messages import Address, Lane, Outgoing
from bot.store import people, places
from bot.store.inbox import stamp
from bot.turns import Turn


def calm(turn: Turn, district: str) -> datetime:
    """Now, or the next moment at which nobody in the district is disturbed."""
    local = turn.now.astimezone(turn.rules.district(district).zone)
    free = deadlines.free_days(turn.rules, district, Month.of(local.date()))
    return next_calm(local, free).astimezone(UTC)


def linked(turn: Turn, office: Office, person: int, replaces: int | None = None) -> list[Outgoing]:
    """The village's others learn who serves with them from now on; who is replaced leaves at once."""
    village = places.village(turn.tx, office.village)
    if village is None:
        return []
    said: list[Outgoing] = []
    today = office_day(turn.now)
    serving = {one.person: one for one in people.serving(turn.tx, village.code, today)}
    name = serving[person].name if person in serving else ""
    if replaces is not None and replaces != person:
        held = people.holders(turn.tx, village.code, office.role, today)
        said += [one for h in held if h.person == replaces for one in ended(turn, office, h.person, name)]
    values = {"name": name, "role": office.role.label, "place": village.label}
    values["office"] = turn.rules.district(office.district).office
    for one in serving.values():
        if one.person not in (person, replaces):
            key = f"linked:{person}:{office.role.value}:{village.code}:{one.person}:{stamp(turn.now)}"
            said.append(_told(turn, office, one.to, ("approvals/linked", values), (one.person, key)))
    return said


def ended(turn: Turn, office: Office, person: int, successor: str = "") -> list[Outgoing]:
    """An office ends at once, with what its holder began for the village; they are told."""
    if not people.end(turn.tx, person, office, office_day(turn.now) - timedelta(days=1)):
        return []
    people.drop_work(turn.tx, person, office.village, turn.now)
    turn.note("end_office", f"person:{person}", role=office.role.value, village=office.village)
    return told_ended(turn, office, person, successor)


def told_ended(
    turn: Turn, office: Office, person: int, successor: str = "", last: str = ""
) -> list[Outgoing]:
    """Who leaves is told, where they can be written to."""
    to, village = people.address(turn.tx, person), places.village(turn.tx, office.village)
    if to is None or village is None:
        return []
    values = {"role": office.role.label, "place": village.label, "successor": successor, "last": last}
    values["office"] = turn.rules.district(office.district).office
    key = f"ended:{person}:{office.role.value}:{village.code}:{stamp(turn.now)}"
    return [_told(turn, office, to, ("approvals/ended", values), (person, key))]


def _told(
    turn: Turn, office: Office, to: Address, said: tuple[str, dict[str, str]], whom: tuple[int, str]
) -> Outgoing:
    person, key = whom
    return Outgoing(
        to,
        said[0],
        said[1],
        lane=Lane.ALERT,
        key=key,
        person=person,
        not_before=calm(turn, office.district),
        repeatable=False,
    )
