"""An office of a village passes on: its holder names who follows, or the district's office ends it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import cleaning, dates, placing, words
from bot.domain.offices import VILLAGE, Office, Role, office_day
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import people, places, requests
from bot.store.people import Holder
from bot.store.places import Village
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, may_in, within
from handlers import district, naming, own_chat, requesting, succession

#: Buttons of one question; whoever is not among them is named.
_OFFERED = 8


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
    """*serah terima*: of which post, then who follows; one that waits may be taken back."""
    if turn.choice.startswith("handover:stop:"):
        return _stopped(turn)
    if waiting := requests.handed(turn.tx, turn.who.person):
        return [_waits(turn, waiting[0])]
    here = [office for office in turn.who.offices if office.village == turn.who.village]
    _, _, role = turn.choice.partition(":")
    chosen = [office for office in here if office.role.value == role] or here
    if len(chosen) > 1:
        choices = [Choice(f"handover:{office.role.value}", office.role.label) for office in chosen]
        return [turn.reply("approvals/which_post", choices, place=turn.village.label)]
    return filling.open_form(turn, ROUTE, {"role": chosen[0].role.value})


def _waits(turn: Turn, one: Request) -> Outgoing:
    office = turn.rules.district(one.district).office
    return turn.reply(
        "approvals/handover_waits", [_stop(one)], what=requesting.label(turn, one), office=office
    )


def _stop(one: Request) -> Choice:
    return Choice(f"handover:stop:{one.id}", "Tarik permintaan")


def _stopped(turn: Turn) -> list[Outgoing]:
    """*Tarik permintaan*: they stay in office, and the office's cards say so."""
    number = turn.choice.rpartition(":")[2]
    one = next((each for each in requests.handed(turn.tx, turn.who.person) if str(each.id) == number), None)
    if one is None:
        return [turn.reply("approvals/handover_over")]
    edits = requesting.lapse(turn, one, requesting.WITHDRAWN)
    turn.note("withdraw_request", f"village:{one.village}", request=one.id, role=one.role)
    return [turn.reply("approvals/handover_stopped", what=requesting.label(turn, one)), *edits]


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
    if waiting := requests.handed(turn.tx, turn.who.person):
        return [_waits(turn, waiting[0])]
    older = requests.of(turn.tx, new.at.channel, new.user)  # of who had this account before
    edits = requesting.lapse(turn, older, requesting.EXPIRED) if older else []
    number = requests.begin(turn.tx, new, turn.now)
    assert number is not None
    new, office = replace(new, id=number), turn.district.office
    turn.note("request_handover", f"village:{village.code}", request=number, role=role.value)
    what = requesting.label(turn, new)
    said = turn.reply("approvals/handover_asked", [_stop(new)], what=what, office=office)
    return [said, *requesting.announce(turn, new), *edits]


ROUTE = FormRoute(FORM, _nothing, _asked, VILLAGE, always)


def end(turn: Turn) -> list[Outgoing]:
    """*/akhiri <desa> <jabatan> [hari terakhir]*: who holds it, and whether that one ends; asked in private.

    An office of the district itself ends in the same way: *petugas*, *camat* in the place of the village.
    """
    return own_chat.go_on(turn, (Role.ADMIN,), _end)


def _end(turn: Turn) -> list[Outgoing]:
    if not turn.rest:
        return [turn.reply("approvals/how_to_end")]
    first, _, rest = turn.rest.partition(" ")
    if staff := words.command(first, district.STAFF_ROLES, fuzzy=False):
        return _end_staff(turn, Role(staff), rest)
    line = placing.read(turn.rest, turn.villages)
    role = "" if line.guessed else line.role
    if line.village.named is not None:
        return [_end_in_village(turn, line.village.named, role, line.rest)]
    return naming.ask(turn, line.village, partial(_end_which, turn.district.code, role, line.rest))


def _end_which(district: str, role: str, rest: str, code: str) -> str:
    return within(district, f"end_which:{code}:{role}:{rest[:40]}")


def end_which(turn: Turn) -> list[Outgoing]:
    """The village, or the post, was chosen by a tap."""
    _, code, role, rest = turn.choice.split(":", 3)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    return [_end_in_village(turn, village, role, rest)]


def _end_in_village(turn: Turn, village: Village, role: str, said: str) -> Outgoing:
    if role:
        office = Office(Role(role), village.district, village.code)
        return _ask_end(turn, office, said, _held(turn, office))
    meaning = partial(_end_which, village.district, rest=said, code=village.code)
    roles = [Choice(meaning(role=each), Role(each).label) for each in placing.ROLES]
    return turn.reply("approvals/which_post", roles, place=village.label)


def _end_staff(turn: Turn, role: Role, said: str) -> list[Outgoing]:
    """*/akhiri petugas [nama] [hari terakhir]*, */akhiri camat <kecamatan> [nama] [hari terakhir]*."""
    office = Office(role, turn.district.code)
    if role is Role.CAMAT:
        found, said = placing.subdistrict_before(said, turn.villages)
        if found.sure is None:
            return [naming.no_subdistrict(turn, found)]
        office = replace(office, subdistrict=found.sure.code)
    held = _held(turn, office)
    name = _DIGITS.split(said, maxsplit=1)[0]
    day = said.removeprefix(name)
    meant = [one for one in held if _named(name, one.name)]
    if held and not meant and _last_day(turn, said) is None:
        names, place = [one.name for one in held], district.place_of(turn, office)
        return [
            turn.reply("approvals/no_such_holder", said=name[:40], role=role.label, place=place, names=names)
        ]
    return [_ask_end(turn, office, day if meant else said, meant or held)]


_DIGITS = re.compile(r"(?=[0-9])")


def _named(said: str, name: str) -> bool:
    return set(cleaning.words(said)) <= set(cleaning.words(name))


def _held(turn: Turn, office: Office) -> list[Holder]:
    return people.holding(turn.tx, office, office_day(turn.now))


def _last_day(turn: Turn, said: str) -> str | None:
    """The last day that was named, "" where none was, None where it cannot be one."""
    try:
        return dates.parse_plan(said, turn.today).isoformat() if said.strip() else ""
    except (Invalid, Doubtful):
        return None


def _ask_end(turn: Turn, office: Office, said: str, held: Sequence[Holder]) -> Outgoing:
    values: dict[str, Any] = {"role": office.role.label, "place": district.place_of(turn, office)}
    last = _last_day(turn, said)
    if not held:
        return turn.reply("approvals/nobody_holds", **values)
    if last is None:
        return turn.reply("approvals/end_day", said=said[:40])
    about = f"end_office:{office.village or office.subdistrict or office.district}:{office.role.value}"
    choices = [
        Choice(within(office.district, f"{about}:{one.person}:{last}"), f"Akhiri: {one.name}"[:30])
        for one in held[:_OFFERED]
    ]
    shown = [(one.name, dates.short_date(one.since)) for one in held]
    day = dates.short_date(date.fromisoformat(last)) if last else ""
    cancel = Choice(within(office.district, "end_not:"), "Tidak jadi")
    more = len(held) > _OFFERED
    return turn.reply("approvals/ask_end", (*choices, cancel), held=shown, last=day, more=more, **values)


def end_chosen(turn: Turn) -> list[Outgoing]:
    """Confirmed: over at once, or after the last day that was named."""
    _, place, role, person, last = turn.choice.split(":")
    village, subdistrict = (place if place.count(".") == dots else "" for dots in (3, 2))
    if not may_in(turn, (Role.ADMIN,), place[:5]):
        return [turn.reply("chat/not_yours")]
    office, number = Office(Role(role), place[:5], village, subdistrict), int(person)
    held = {one.person: one.name for one in _held(turn, office)}
    values: dict[str, Any] = {"role": office.role.label, "place": district.place_of(turn, office)}
    if number not in held:
        return [turn.reply("approvals/nobody_holds", **values)]
    if office.role is Role.ADMIN and people.is_last_admin(turn.tx, number, office.district):
        return [turn.reply("approvals/last_admin", **values)]
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
    succession.note_end(turn, office, person, last=str(last))
    return succession.told_ended(turn, office, person, last=dates.short_date(last))


def end_not(turn: Turn) -> list[Outgoing]:
    """*Tidak jadi*: nothing changes."""
    return [turn.reply("approvals/not_ended")]
