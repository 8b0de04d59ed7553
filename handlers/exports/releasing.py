"""Nobody takes a whole district's people away alone: more sheets a day than work needs wait for a second administrator.

Where the district has only one, they wait an hour, and the office's group reads of it at once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import dates
from bot.domain.offices import Role, office_day
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import people, places, records
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.turns import Turn, within
from handlers import quota
from handlers.office import rooms

#: Sheets of villages that somebody of the district may have in a day by themselves: what is entered into SIPP, or
#: asked about by telephone, on a busy one.
A_DAY = 10
#: How often a day more may be asked for; each lasts an hour, in which `monthly.QUOTA` still counts.
ASKED_A_DAY = 3
LASTS, ALONE = timedelta(hours=1), timedelta(hours=1)
ANSWERED_WITHIN = timedelta(hours=24)


def bars(turn: Turn) -> list[Outgoing]:
    """What is said to somebody of the district who has had too many today; nothing where they may go on."""
    person, code = turn.who.person, turn.district.code
    begins, ends = _granted(turn.tx, code, person)
    if begins <= turn.now < ends:
        return []
    if turn.now < begins:
        return [_wait(turn, begins)]
    if quota.used_today(turn, "exports", A_DAY):
        return []
    asked = _asked_at(turn.tx, code, person)
    if asked is not None and turn.now < asked + ANSWERED_WITHIN:
        return [turn.reply("exports/release_asked", count=A_DAY)]
    if not quota.used_today(turn, "releases", ASKED_A_DAY):
        return [turn.reply("exports/release_over", count=A_DAY)]
    return _ask(turn)


def _wait(turn: Turn, begins: datetime) -> Outgoing:
    read = bool(places.rooms(turn.tx, turn.district.code, RoomKind.OFFICE))
    return turn.reply("exports/wait_alone", at=_clock(turn, begins), count=A_DAY, read=read)


def _granted(tx: Tx, district: str, person: int) -> tuple[datetime, datetime]:
    told = records.get(tx, f"export.granted:{district}:{person}")
    begins = datetime.fromisoformat(told or "2000-01-01T00:00:00+00:00")
    return begins, begins + LASTS


def _asked_at(tx: Tx, district: str, person: int) -> datetime | None:
    told = records.get(tx, _asked(district, person))
    return datetime.fromisoformat(told) if told else None


def _asked(district: str, person: int) -> str:
    return f"export.asked:{district}:{person}"


def _clock(turn: Turn, at: datetime) -> str:
    return dates.clock_time(at.astimezone(turn.district.zone), turn.district.zone_label)


def _admins(turn: Turn) -> list[people.Recipient]:
    staff = people.staff(turn.tx, turn.district.code, office_day(turn.now))
    return [one for one in staff if one.role is Role.ADMIN and one.person != turn.who.person]


def _ask(turn: Turn) -> list[Outgoing]:
    code, person = turn.district.code, turn.who.person
    groups = places.rooms(turn.tx, code, RoomKind.OFFICE)
    others = _admins(turn)
    turn.note("export_release_asked", f"district:{code}", alone=not others)
    if not others:
        begins = turn.now + ALONE
        records.put(turn.tx, f"export.granted:{code}:{person}", begins.isoformat())
        values = {"by": turn.who.name, "at": _clock(turn, begins), "count": A_DAY}
        told = [_card(turn, "exports/alone_told", to, None, values) for to in groups]
        return [_wait(turn, begins), *told]
    records.put(turn.tx, _asked(code, person), turn.now.isoformat())
    readers: list[tuple[Address, int | None]] = [(room, None) for room in groups]
    readers = readers or [(each.to, each.person) for each in others]
    values = {"by": turn.who.name, "count": A_DAY, "agreed": ""}
    cards = [_card(turn, "exports/release", to, reader, values) for to, reader in readers]
    choice = Choice(f"export_ok:{person}", "Setujui")
    there = [
        replace(card, choices=(choice if card.public else replace(choice, id=within(code, choice.id)),))
        for card in cards
    ]
    return [turn.reply("exports/release_asked", count=A_DAY), *there]


def _card(turn: Turn, template: str, to: Address, reader: int | None, values: dict[str, object]) -> Outgoing:
    key = f"{template}:{turn.who.person}:{turn.now.timestamp()}:{to.conversation}:{to.thread}"
    return Outgoing(to, template, values, lane=Lane.ALERT, key=key, person=reader, public=reader is None)


def agree(turn: Turn) -> list[Outgoing]:
    """*Setujui*: by another administrator than who asked; for an hour from now on."""
    number = turn.choice.rpartition(":")[2]
    code = turn.district.code
    asker = next((one for one in _serving(turn) if str(one.person) == number), None)
    asked = _asked_at(turn.tx, code, asker.person) if asker else None
    if asker is not None and asker.person == turn.who.person:
        return [turn.post("exports/release_own")]
    if asker is None or asked is None or turn.now >= asked + ANSWERED_WITHIN:
        return [turn.post("exports/release_gone")]
    records.put(turn.tx, _asked(code, asker.person), "")
    records.put(turn.tx, f"export.granted:{code}:{asker.person}", turn.now.isoformat())
    turn.note("export_release", f"district:{code}", asked=asker.person)
    done = turn.post("exports/release", by=asker.name, count=A_DAY, agreed=turn.who.name)
    told = Outgoing(asker.to, "exports/released", {"by": turn.who.name}, person=asker.person)
    return [rooms.in_place(turn, done), told]


def _serving(turn: Turn) -> list[people.Recipient]:
    """Whoever may have asked: all who check payments of the district, the branch too."""
    return people.checkers(turn.tx, turn.district.code, office_day(turn.now))
