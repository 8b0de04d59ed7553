"""An office of a village passes on: its holder names who follows, or the district's office ends it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import dates, placing
from bot.domain.offices import VILLAGE, Office, Role, office_day
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import people, places, requests
from bot.store.places import Village
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, may_in, within
from handlers import district, naming, own_chat, requesting, succession


def _shown(value: str, _view: View) -> str:
    return value


def _nothing(_turn: Turn) -> Mapping[str, Any]:
    return {}


def _which(view: View) -> Mapping[str, Any]:
    return {"role": Role(view.answers["role"]).label}


FORM = Form(
    "handover",
    (Step("name", "Nama pengganti", "approvals/ask_successor", district.parse_name, _shown, _which),),
    "approvals/review_successor",
)


def begin(turn: Turn) -> list[Outgoing]:
    """*serah terima*: of which post, then who follows."""
    here = [office for office in turn.who.offices if office.village == turn.who.village]
    _, _, role = turn.choice.partition(":")
    chosen = [office for office in here if office.role.value == role] or here
    if len(chosen) > 1:
        choices = [Choice(f"handover:{office.role.value}", office.role.label) for office in chosen]
        return [turn.reply("approvals/which_post", choices, place=turn.village.label)]
    return filling.open_form(turn, ROUTE, {"role": chosen[0].role.value})


def _asked(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """The district's office decides: nobody passes an office on alone."""
    village, role = turn.village, Role(answers["role"])
    new = Request(
        Kind.HANDOVER,
        turn.incoming.address,
        turn.incoming.sender,
        village.district,
        village.code,
        role.value,
        {"name": answers["name"]},
        State.OPEN,
        turn.who.person,
        since=turn.now,
    )
    number = requests.begin(turn.tx, new, turn.now)
    office = turn.district.office
    if number is None:
        return [turn.reply("approvals/handover_waits", office=office)]
    new = replace(new, id=number)
    turn.note("request_handover", f"village:{village.code}", request=number, role=role.value)
    said = turn.reply("approvals/handover_asked", what=requesting.label(turn, new), office=office)
    return [said, *requesting.announce(turn, new)]


ROUTE = FormRoute(FORM, _nothing, _asked, VILLAGE)


def end(turn: Turn) -> list[Outgoing]:
    """*/akhiri <desa> <jabatan> [hari terakhir]*: who holds it, and whether that one ends; asked in private."""
    return own_chat.go_on(turn, (Role.ADMIN,), _end)


def _end(turn: Turn) -> list[Outgoing]:
    if not turn.rest:
        return [turn.reply("approvals/how_to_end")]
    line = placing.read(turn.rest, turn.villages)
    role = "" if line.guessed else line.role
    if line.village.named is not None:
        return [_ask_end(turn, line.village.named, role, line.rest)]
    return naming.ask(turn, line.village, partial(_end_which, turn.district.code, role, line.rest))


def _end_which(district: str, role: str, rest: str, code: str) -> str:
    return within(district, f"end_which:{code}:{role}:{rest[:40]}")


def end_which(turn: Turn) -> list[Outgoing]:
    """The village, or the post, was chosen by a tap."""
    _, code, role, rest = turn.choice.split(":", 3)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    return [_ask_end(turn, village, role, rest)]


def _ask_end(turn: Turn, village: Village, role: str, said: str) -> Outgoing:
    if not role:
        meaning = partial(_end_which, village.district, rest=said, code=village.code)
        roles = [Choice(meaning(role=each), Role(each).label) for each in placing.ROLES]
        return turn.reply("approvals/which_post", roles, place=village.label)
    held = people.holders(turn.tx, village.code, Role(role), office_day(turn.now))
    values: dict[str, Any] = {"role": Role(role).label, "place": village.label}
    if not held:
        return turn.reply("approvals/nobody_holds", **values)
    try:
        last = dates.parse_plan(said, turn.today).isoformat() if said.strip() else ""
    except (Invalid, Doubtful):
        return turn.reply("approvals/end_day", said=said[:40])
    choices = [
        Choice(
            within(village.district, f"end_office:{village.code}:{role}:{one.person}:{last}"),
            f"Akhiri: {one.name}"[:30],
        )
        for one in held
    ]
    shown = [(one.name, dates.short_date(one.since)) for one in held]
    day = dates.short_date(date.fromisoformat(last)) if last else ""
    cancel = Choice(within(village.district, "end_not:"), "Tidak jadi")
    return turn.reply("approvals/ask_end", (*choices, cancel), held=shown, last=day, **values)


def end_chosen(turn: Turn) -> list[Outgoing]:
    """Confirmed: over at once, or after the last day that was named."""
    _, code, role, person, last = turn.choice.split(":")
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    office, number = Office(Role(role), village.district, code), int(person)
    held = {one.person: one.name for one in people.holders(turn.tx, code, office.role, office_day(turn.now))}
    values: dict[str, Any] = {"role": office.role.label, "place": village.label}
    if number not in held:
        return [turn.reply("approvals/nobody_holds", **values)]
    if not last:
        told = succession.ended(turn, office, number)
    else:
        told = _ends_later(turn, office, number, date.fromisoformat(last))
    day = dates.short_date(date.fromisoformat(last)) if last else ""
    return [turn.reply("approvals/ended_by_office", name=held[number], last=day, **values), *told]


def _ends_later(turn: Turn, office: Office, person: int, last: date) -> list[Outgoing]:
    """The last day lies ahead, or is today: until its end everything stays."""
    if last < office_day(turn.now) - timedelta(days=1):
        return succession.ended(turn, office, person)
    people.end(turn.tx, person, office, last)
    turn.note(
        "end_office", f"person:{person}", role=office.role.value, village=office.village, last=str(last)
    )
    return succession.told_ended(turn, office, person, last=dates.short_date(last))


def end_not(turn: Turn) -> list[Outgoing]:
    """*Tidak jadi*: nothing changes."""
    return [turn.reply("approvals/not_ended")]
