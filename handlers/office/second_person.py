"""Whether a broadcast needs a second person: an administrator asks for it alone, and gives it up only with another."""

from datetime import datetime

from bot.domain.offices import office_day
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import people, places, records
from bot.store.database import Tx
from bot.store.places import RoomKind
from bot.turns import Turn, within
from handlers.office import rooms
from handlers.office.broadcast_cards import ANSWERED_WITHIN
from handlers.office.drafting import say


def _name(district: str) -> str:
    return f"siaran.second:{district}"


def _asked(district: str) -> str:
    return f"siaran.second.off:{district}"


def needs_second(tx: Tx, district: str) -> bool:
    """Whether a broadcast of this district needs a second person."""
    return records.get(tx, _name(district)) == "ya"


def settings(turn: Turn) -> list[Outgoing]:
    """*/siaran setelan*: whether a second person is needed."""
    choices = (Choice("siaran_second:ya", "Ya, perlu"), Choice("siaran_second:tidak", "Tidak perlu"))
    return [say(turn, "siaran/settings", choices, second=needs_second(turn.tx, turn.district.code))]


def _staff(turn: Turn) -> list[people.Recipient]:
    return people.staff(turn.tx, turn.district.code, office_day(turn.now))


def choose(turn: Turn) -> list[Outgoing]:
    """The administrator chose: what makes it less safe waits for a colleague."""
    code, wanted = turn.district.code, turn.choice.endswith(":ya")
    others = [each for each in _staff(turn) if each.person != turn.who.person]
    loosens = needs_second(turn.tx, code) and not wanted
    if not others and (wanted or loosens):
        return [say(turn, "siaran/no_second")]
    if loosens:
        return _ask(turn, others)
    records.put(turn.tx, _name(code), "ya" if wanted else "tidak")
    records.put(turn.tx, _asked(code), "")
    turn.note("broadcast_second", f"district:{code}", needed=wanted)
    return [say(turn, "siaran/settings_saved", second=wanted)]


def _ask(turn: Turn, others: list[people.Recipient]) -> list[Outgoing]:
    """The office reads of it at once, in its group or each in their own chat."""
    code = turn.district.code
    records.put(turn.tx, _asked(code), f"{turn.who.person} {turn.now.isoformat()}")
    turn.note("broadcast_second_asked", f"district:{code}")
    groups = places.rooms(turn.tx, code, RoomKind.OFFICE)
    readers: list[tuple[Address, int | None]] = [(room, None) for room in groups]
    readers = readers or [(each.to, each.person) for each in others]
    return [say(turn, "siaran/second_asked"), *(_request(turn, to, person) for to, person in readers)]


def _request(turn: Turn, to: Address, person: int | None) -> Outgoing:
    code = turn.district.code
    return Outgoing(
        to,
        "siaran/second_off",
        {"by": turn.who.name, "agreed": ""},
        (Choice(within(code, "siaran_alone:"), "Setujui"),)
        if person
        else (Choice("siaran_alone:", "Setujui"),),
        lane=Lane.ALERT,
        key=f"{_asked(code)}:{turn.now.timestamp()}:{to.conversation}:{to.thread}",
        person=person,
        public=person is None,
    )


def agree(turn: Turn) -> list[Outgoing]:
    """*Setujui*: by another than who asked; from now on one person is enough."""
    code = turn.district.code
    asked = _who_asked(turn)
    if not needs_second(turn.tx, code):  # the card says who agreed
        return [turn.post("siaran/second_over")]
    if asked is None:
        return [rooms.in_place(turn, turn.post("siaran/second_over"))]
    if asked.person == turn.who.person:
        return [turn.post("siaran/second_own")]
    records.put(turn.tx, _name(code), "tidak")
    records.put(turn.tx, _asked(code), "")
    turn.note("broadcast_second", f"district:{code}", needed=False, asked=asked.person)
    done = turn.post("siaran/second_off", by=asked.name, agreed=turn.who.name)
    told = Outgoing(asked.to, "siaran/settings_saved", {"second": False}, person=asked.person)
    return [rooms.in_place(turn, done), told]


def _who_asked(turn: Turn) -> people.Recipient | None:
    """The administrator who asked within a day, and still serves."""
    person, _, at = (records.get(turn.tx, _asked(turn.district.code)) or "").partition(" ")
    if not at or datetime.fromisoformat(at) + ANSWERED_WITHIN <= turn.now:
        return None
    return next((each for each in _staff(turn) if str(each.person) == person), None)
