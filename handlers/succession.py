"""Somebody enters an office, somebody leaves it: who is told, and what dies with it."""

from datetime import timedelta

from bot import guarding
from bot.domain.offices import Office, office_day
from bot.domain.reminders import next_calm_in
from bot.messages import Address, Lane, Outgoing
from bot.store import people, places, requests
from bot.store.inbox import stamp
from bot.turns import Turn
from handlers import district, requesting


def linked(turn: Turn, office: Office, person: int, replaces: int | None = None) -> list[Outgoing]:
    """The village's others, or the district's office, learn who serves with them from now on; who is replaced
    leaves at once.
    """
    village = places.village(turn.tx, office.village)
    if village is None:
        return guarding.told_about(turn, "approvals/linked_staff", (person, turn.who.name), office)
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
    people.drop_work(turn.tx, person, office.village or office.district, turn.now)
    # Who follows by a code ends nothing themselves: the office had agreed before.
    note_end(turn, office, person, **({"followed": True} if turn.who.name == successor else {}))
    return [*told_ended(turn, office, person, successor), *_handed_by_nobody(turn, office, person)]


def note_end(turn: Turn, office: Office, person: int, **details: str | bool) -> None:
    """Add the end of an office to the audit chain, named by its village or its place."""
    place = (
        {"village": office.village} if office.village else {"place": office.subdistrict or office.district}
    )
    turn.note("end_office", f"person:{person}", role=office.role.value, **place, **details)


def _handed_by_nobody(turn: Turn, office: Office, person: int) -> list[Outgoing]:
    """What they asked for whoever would follow them is no request any more."""
    here = [
        one
        for one in requests.handed(turn.tx, person)
        if (one.village, one.role) == (office.village, office.role.value)
    ]
    return [out for one in here for out in requesting.lapse(turn, one, requesting.HOLDER_LEFT)]


def told_ended(
    turn: Turn, office: Office, person: int, successor: str = "", last: str = ""
) -> list[Outgoing]:
    """Who leaves is told, where they can be written to."""
    to = people.address(turn.tx, person)
    if to is None:
        return []
    place = district.place_of(turn, office)
    values = {"role": office.role.label, "place": place, "successor": successor, "last": last}
    values["office"] = turn.rules.district(office.district).office
    where = office.village or office.subdistrict or office.district
    key = f"ended:{person}:{office.role.value}:{where}:{stamp(turn.now)}"
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
        not_before=next_calm_in(turn.rules, office.district, turn.now),
        repeatable=False,
    )
