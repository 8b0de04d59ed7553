"""People who wait to be linked, and successors: seen in the group, decided once, by whoever is first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot import filling
from bot.domain.discretion import masked
from bot.domain.offices import Office, Role, office_day
from bot.domain.reminders import next_calm_in
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Lane, Outgoing
from bot.store import invitations, people, places, requests
from bot.store.invitations import Invitation
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, may_in, within
from handlers import district, own_chat, requesting, start, succession
from handlers.office import answering, rooms
from handlers.paging import page

PAGE = 8
_OTHER = "other"  # in words of their own
#: Why somebody is refused, by the code in a press; the office alone reads it.
REASONS = {
    "unknown": "Orangnya tidak dikenal",
    "post": "Jabatannya keliru",
    "village": "Bukan dari desa ini",
    _OTHER: "Alasan lain",
}


def waiting(turn: Turn) -> list[Outgoing]:
    """*/setujui*: who waits, the longest first; a tap opens one.  Where villages listen, in private."""
    if turn.in_forum:
        return own_chat.go_on(turn, (Role.ADMIN,), waiting)
    found = requests.waiting(turn.tx, turn.district.code)
    if not found:
        return [turn.post("approvals/nobody_waits", district=turn.district.name)]
    here = page(turn.choice, "requests", found, PAGE)
    shown = list(enumerate(here.shown, here.start + 1))
    lines = []
    for number, one in shown:
        name = "" if turn.incoming.group else one.words.get("name", "")
        lines.append((number, requesting.label(turn, one), requesting.age(one.since, turn.now), name))
    choices = [_within(turn, one, f"request:{one.id}", _short(turn, number, one)) for number, one in shown]
    said = turn.post("approvals/waiting", (*choices, *here.onward), count=len(found), lines=lines)
    return [replace(said, person=None) if turn.incoming.group else said]


def _within(turn: Turn, one: Request, choice: str, label: str) -> Choice:
    return Choice(choice if turn.incoming.group else within(one.district, choice), label)


def _short(turn: Turn, number: int, one: Request) -> str:
    village = places.village(turn.tx, one.village)
    return f"{number}. {village.name if village else one.village}"[:30]


def _mine(turn: Turn) -> Request | None:
    """The request a button names, if it is for a district whose administrator presses."""
    number = turn.choice.split(":")[1]
    one = requests.get(turn.tx, int(number)) if number.isdecimal() else None
    if one is None or (turn.room is not None and turn.room.district != one.district):
        return None
    return one if one.state is not State.ASKING and may_in(turn, (Role.ADMIN,), one.district) else None


def _not_mine(turn: Turn) -> list[Outgoing]:
    return [] if turn.incoming.group else [turn.reply("chat/not_yours")]


def card(turn: Turn) -> list[Outgoing]:
    """One who waits: in the group the office and the village, in private all that is known."""
    one = _mine(turn)
    if one is None:
        return _not_mine(turn)
    return _shown(turn, one)


def _shown(turn: Turn, one: Request) -> list[Outgoing]:
    if requesting.left_without_holder(turn, one):
        return _lapsed(turn, one)
    return [_settled(turn, one)] if one.state is not State.OPEN else [_card(turn, one)]


def _card(turn: Turn, one: Request) -> Outgoing:
    if turn.incoming.group:
        return replace(requesting.in_group(turn, one, turn.incoming.address), lane=Lane.REPLY)
    template, choices, values = requesting.in_private(turn, one)
    turn.note("look_at_request", f"village:{one.village}", request=one.id)
    return turn.reply(template, choices, **values)


def _lapsed(turn: Turn, one: Request) -> list[Outgoing]:
    """Who asked for a successor holds the post no more: nothing is left to decide."""
    edits = requesting.lapse(turn, one, requesting.HOLDER_LEFT)
    what = requesting.label(turn, one)
    return [turn.post("approvals/settled", what=what, verdict=requesting.HOLDER_LEFT, by="", why=""), *edits]


def _settled(turn: Turn, one: Request) -> Outgoing:
    """Somebody was faster: who, and what they said."""
    return _verdict(turn, one, _VERDICTS[one.state], one.by)


def _verdict(turn: Turn, one: Request, verdict: str, by: str) -> Outgoing:
    why = REASONS.get(one.reason, "") if one.reason != _OTHER else masked(str(one.words.get("why", "")))
    return turn.post(
        "approvals/settled",
        what=requesting.label(turn, one),
        verdict=verdict,
        by=by,
        why="" if turn.incoming.group else why,
    )


_VERDICTS = {
    State.APPROVED: "disetujui",
    State.REFUSED: "ditolak",
    State.EXPIRED: requesting.EXPIRED,
    State.OPEN: "menunggu",
    State.ASKING: "menunggu",
}


def open_(turn: Turn) -> list[Outgoing]:
    """*Buka di chat pribadi*: the card with name, phone and SK, for who pressed."""
    one = _mine(turn)
    if one is None:
        return _not_mine(turn)
    return own_chat.entered(turn, partial(_shown, one=one))


def approve(turn: Turn) -> list[Outgoing]:
    """*Setujui*: linked from the day of the SK, or from today; once, by one person."""
    one = _mine(turn)
    if one is None:
        return _not_mine(turn)
    if requesting.left_without_holder(turn, one):
        return _lapsed(turn, one)
    mode, _, replaced = turn.choice.split(":", 2)[2].partition(":")
    unseen = turn.incoming.group and one.kind is Kind.LINK  # a card of before, with a button more
    if one.state is State.OPEN and (unseen or not _still(turn, one, mode, replaced)):
        return [_card(turn, one)]  # who holds the post is not who it was: asked anew
    if one.kind is Kind.HANDOVER and not _can_be_told(turn, one):
        return [turn.post("chat/no_own_chat", name=turn.who.name), *_shown(turn, one)]
    if not requests.decide(turn.tx, one.id, State.APPROVED, (turn.who.person, turn.now)):
        return [_settled(turn, one)]
    if one.kind is Kind.HANDOVER:
        said = _successor(turn, one)
    else:
        said = _linked(turn, one, int(replaced) if replaced else None)
    turn.note("approve", f"village:{one.village}", request=one.id, role=one.role, mode=mode)
    return [*_told(turn, one, "✅ disetujui"), *said]


def _still(turn: Turn, one: Request, mode: str, replaced: str) -> bool:
    held = {str(holder.person) for holder in requesting.holders(turn, one)}
    if one.kind is Kind.HANDOVER:
        return mode == "handover"
    return {"plain": not held, "add": bool(held), "replace": held == {replaced}}.get(mode, False)


def _told(turn: Turn, one: Request, verdict: str) -> list[Outgoing]:
    """The groups' cards are edited; who pressed in private is answered there."""
    edits = requesting.decided(turn, one, verdict)
    if turn.incoming.group:
        return edits
    return [_verdict(turn, one, verdict, turn.who.name), *edits]


def _linked(turn: Turn, one: Request, replaces: int | None) -> list[Outgoing]:
    """The stranger becomes a person in office, and is welcomed."""
    today = office_day(turn.now)
    known = people.actor(turn.tx, one.at.channel, one.user, today)
    office = Office(Role(one.role), one.district, one.village)
    name = str(one.words.get("name") or office.role.label)
    person = known.person if known else people.add(turn.tx, name, turn.now)
    sk_date = one.words.get("sk_date")
    since = min(date.fromisoformat(sk_date), today) if sk_date else today
    people.link(turn.tx, person, one.user, one.at, turn.now)
    people.appoint(turn.tx, person, office, since, today)
    people.focus(turn.tx, person, one.village)
    invitations.welcomed(turn.tx, one.at.channel, one.user)
    turn.note("link", f"person:{person}", role=one.role, place=one.village, request=one.id)
    village = places.village(turn.tx, one.village)
    values = {
        "name": known.name if known else name,
        "role": office.role.label,
        "place": village.label if village else one.village,
    }
    welcome = Outgoing(
        one.at,
        "start/welcome",
        values,
        start.VILLAGE_MENU,
        lane=Lane.ALERT,
        key=f"welcome:{one.id}",
        person=person,
    )
    return [welcome, *succession.linked(turn, office, person, replaces)]


def _can_be_told(turn: Turn, one: Request) -> bool:
    """Whether the code for a successor reaches anybody: who hands over, or who decides."""
    return people.address(turn.tx, one.person or 0) is not None or own_chat.reachable(turn)


def _successor(turn: Turn, one: Request) -> list[Outgoing]:
    """A one-time code for who follows, given to who hands over; if they cannot be reached, to who decides."""
    office = Office(Role(one.role), one.district, one.village)
    to = people.address(turn.tx, one.person or 0)
    name = str(one.words.get("name", ""))
    code = invitations.make(turn.tx, Invitation(office, name, replaces=one.person), turn.who.person, turn.now)
    values: dict[str, Any] = {
        "code": code,
        "links": district.links(turn.tx, code),
        "name": name,
        "what": requesting.label(turn, one),
    }
    values["until"] = district.last_day(turn)
    if to is None:
        return [
            own_chat.only(
                turn,
                turn.reply("approvals/successor_code_by_office", [district.take_back(turn, code)], **values),
            )
        ]
    return [
        Outgoing(
            to,
            "approvals/successor_code",
            values,
            lane=Lane.ALERT,
            key=f"successor:{one.id}",
            person=one.person,
        )
    ]


def refuse(turn: Turn) -> list[Outgoing]:
    """*Tolak*: first why, for the office's own records; the person reads only that it was refused."""
    one = _mine(turn)
    if one is None:
        return _not_mine(turn)
    if one.state is not State.OPEN:
        return [_settled(turn, one)]
    _, _, *reason = turn.choice.split(":")
    if reason == ["no"]:
        return _left_open(turn, one)
    if reason == [_OTHER]:
        return _ask_why(turn, one)
    if not reason or reason[0] not in REASONS:
        choices = [
            _within(turn, one, f"refuse_request:{one.id}:{code}", text)
            for code, text in (*REASONS.items(), ("no", "Tidak jadi"))
        ]
        asked = turn.post("approvals/why_refused", choices, what=requesting.label(turn, one))
        return [replace(asked, person=None) if turn.incoming.group else asked]
    return _refused(turn, one, reason[0])


def _ask_why(turn: Turn, one: Request) -> list[Outgoing]:
    """*Alasan lain* is written in private; the group's card can be pressed again, by colleagues too."""
    again = requesting.again(turn, one)
    known = {"request": one.id}
    asked = own_chat.go_on(turn, (Role.ADMIN,), lambda inside: filling.open_form(inside, REFUSAL, known))
    return [*again, *(rooms.in_place(turn, out) if out.public else out for out in asked)]


def _left_open(turn: Turn, one: Request) -> list[Outgoing]:
    """*Tidak jadi*: in private its card stands there again, in a group a line, and the card it was about."""
    if turn.incoming.group and not requesting.left_without_holder(turn, one):
        line = _verdict(turn, one, "masih menunggu", "")
        return [rooms.in_place(turn, line), *requesting.again(turn, one)]
    first, *edits = _shown(turn, one)
    return [rooms.in_place(turn, first), *edits]


def _why_written(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = requests.get(turn.tx, answers["request"])
    if one is None or not may_in(turn, (Role.ADMIN,), one.district):
        return [turn.reply("chat/not_yours")]
    if one.state is not State.OPEN:
        return [_settled(turn, one)]
    one = replace(one, words={**one.words, "why": answers["why"]})
    requests.keep(turn.tx, one, one.since)
    return _refused(turn, one, _OTHER)


def _look_up(turn: Turn) -> Mapping[str, Any]:
    def what(number: int) -> str:
        one = requests.get(turn.tx, number)
        return requesting.label(turn, one) if one else ""

    return {"what": what}


def _of_whom(view: View) -> Mapping[str, Any]:
    return {"what": view.extra["what"](view.answers["request"])}


def _shown_why(value: str, _view: View) -> str:
    return masked(value)


REFUSAL = FormRoute(
    Form(
        "refusal",
        (
            Step(
                "why",
                "Alasan",
                "approvals/ask_why",
                answering.parse_words,
                _shown_why,
                _of_whom,
                sentences=True,
            ),
        ),
        "approvals/review_why",
    ),
    _look_up,
    _why_written,
    (Role.ADMIN,),
)


def _refused(turn: Turn, one: Request, reason: str) -> list[Outgoing]:
    """Once; whoever asked learns that it was, and not why."""
    requests.decide(turn.tx, one.id, State.REFUSED, (turn.who.person, turn.now), reason)
    turn.note("refuse_request", f"village:{one.village}", request=one.id, reason=reason)
    office = turn.rules.district(one.district).office_name
    at = next_calm_in(turn.rules, one.district, turn.now)
    told = Outgoing(one.at, "start/request_refused", {"office": office}, lane=Lane.ALERT, not_before=at)
    said = _told(turn, replace(one, reason=reason), "ditolak")
    return [*said, replace(told, key=f"refused:{one.id}")]
