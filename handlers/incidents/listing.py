"""*kejadian [nomor | desa]*: what is open, for the office; what the village reported, and that the agency was told."""

import re

from bot.domain import placing
from bot.domain.incidents import Kind
from bot.domain.offices import CHECKERS, DISTRICT
from bot.messages import Choice, Outgoing
from bot.store import drafts, members
from bot.store import incidents as store
from bot.store.incidents import Incident
from bot.store.places import RoomKind
from bot.turns import Handler, Turn, may_in, within
from handlers import own_chat
from handlers.incidents import cards, noting, steps

#: As people name one: "kejadian 3", "kejadian nomor 3".
_NUMBERED = re.compile(r"(?i)(?:no|nomor|nomer|nmr|#)?[. ]*([0-9]{1,9})[.]?")
#: Reports shown at once.
SHOWN = 8


def show(turn: Turn) -> list[Outgoing]:
    """The office's open reports, or all of a village that is named; of a village its own last ones; or the one whose
    number stands behind the word.
    """
    named = _NUMBERED.fullmatch(turn.rest.strip())
    if turn.incoming.group:
        here = turn.room is not None and turn.room.kind is RoomKind.OFFICE
        if named and here and may_in(turn, CHECKERS, turn.district.code):
            return _named(turn, named[1], cards.look)
        return _of_office(turn) if may_in(turn, DISTRICT, turn.district.code) else []
    for_village = turn.office is not None and bool(turn.office.village)
    if named and (for_village or may_in(turn, CHECKERS, turn.district.code)):
        return _named(turn, named[1], mine if for_village else cards.look)
    return _of_village(turn) if for_village else _of_office(turn)


def _named(turn: Turn, number: str, open_one: Handler) -> list[Outgoing]:
    """The one with this number, as if its button had been pressed; of another's nothing is told, not even that it is."""
    turn.choice = f"incident:{int(number)}"
    found = _theirs(turn) if open_one is mine else cards.theirs(turn)
    if found is not None:
        return open_one(turn)
    choices = () if turn.incoming.group else (Choice("menu:kejadian", "Lihat kejadian"),)
    return [turn.post("incidents/no_such", choices, number=int(number))]


def _of_office(turn: Turn) -> list[Outgoing]:
    named = placing.village(turn.rest, turn.villages).named if turn.rest else None
    if named is None:
        found = [one for one in store.open_in(turn.tx, turn.district.code) if turn.sees(one.new.village)]
    else:
        found = store.of_village(turn.tx, named.code, SHOWN)
    lines = [cards.values(turn.tx, turn.rules, one) for one in found[:SHOWN]]
    office = turn.who.office(*CHECKERS, district=turn.district.code)
    opens = found[:SHOWN] if office and not turn.incoming.group else []
    choices = [Choice(within(one.district, f"incident_look:{one.id}"), f"Kejadian {one.id}") for one in opens]
    more = max(len(found) - SHOWN, 0)
    village, area = named is not None, named.label if named else turn.area
    said = turn.post("incidents/open", choices, area=area, village=village, lines=lines, more=more)
    return own_chat.out_of_forum(turn, [said])


def _of_village(turn: Turn) -> list[Outgoing]:
    found = store.of_village(turn.tx, turn.who.village, SHOWN)
    lines = [cards.values(turn.tx, turn.rules, one) for one in found]
    choices = [Choice(f"incident_mine:{one.id}", f"Kejadian {one.id}") for one in found]
    own, theirs = _half_written(turn)
    go_on = [Choice(f"resume:{kind.value}", "Lanjutkan laporan") for kind in own[:1]]
    first = (Choice("menu:kecelakaan", "Ada kecelakaan"), Choice("menu:meninggal", "Ada yang meninggal"))
    shown = {"lines": lines, "own": [kind.label.lower() for kind in own[:1]], "theirs": theirs}
    choices = [*go_on, *(choices or first)]
    return [turn.reply("incidents/of_village", choices, place=turn.village.label, **shown)]


def _half_written(turn: Turn) -> tuple[list[Kind], list[dict[str, str]]]:
    """Of which kinds their own unfinished reports are, the latest first; and those of colleagues, with whose."""
    village, kinds = turn.who.village, {kind.value: kind for kind in Kind}
    mine = [one.progress for one in drafts.of(turn.tx, turn.who.person, turn.now)]
    own = [kinds[one.form] for one in mine if one.form in kinds and one.village == village]
    theirs = [
        {"kind": kind.label.lower(), "owner": left.owner}
        for kind in Kind
        for left in drafts.left(turn.tx, village, kind.value, turn.who.person, turn.now)
    ]
    return own, theirs


def _theirs(turn: Turn) -> Incident | None:
    number = turn.choice.split(":")[1]
    found = store.get(turn.tx, int(number)) if number.isdecimal() else None
    return found if found is not None and found.new.village in turn.who.villages else None


def mine(turn: Turn) -> list[Outgoing]:
    """One report of the village, with what can be done."""
    incident = _theirs(turn)
    return [_one(turn, incident)] if incident else [turn.reply("chat/not_yours")]


def _one(turn: Turn, incident: Incident) -> Outgoing:
    member = members.get(turn.tx, incident.new.member) if incident.new.member else None
    shown = cards.values(turn.tx, turn.rules, incident)
    name = incident.new.body["who"]["name"]
    return turn.reply("incidents/mine", noting.buttons(incident, member), name=name, **shown)


def told(turn: Turn) -> list[Outgoing]:
    """*Sudah dilaporkan*: nobody is reminded of it any more, and the office sees it."""
    incident = _theirs(turn)
    if incident is None:
        return [turn.reply("chat/not_yours")]
    if store.told(turn.tx, incident.id, turn.who.person, turn.now):
        turn.note("told_agency", f"incident:{incident.id}", village=incident.new.village)
    again = store.get(turn.tx, incident.id)
    assert again is not None
    death = incident.new.kind is Kind.DEATH
    said = turn.reply("incidents/told", steps.further(incident.new.kind), number=incident.id, death=death)
    return [said, *cards.redraw(turn.tx, turn.rules, again)]
