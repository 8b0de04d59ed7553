"""An office of a village passes on: its holder names who follows, or the district's office ends it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import appointing, cleaning, dates, placing
from bot.domain.appointing import Said
from bot.domain.offices import VILLAGE, Office, Role, office_day
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import freezing, people, places, requests
from bot.store.people import Holder
from bot.store.places import Village
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, may_in, within
from handlers import district, naming, own_chat, requesting, succession
from handlers.office import open_codes

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
    """*/akhiri <desa> <jabatan> [nama] [hari terakhir]*, in any order: who holds it, and whether that one ends; asked in
    private.

    An office of the district itself ends in the same way: *petugas*, *camat* in the place of the village.
    """
    return own_chat.go_on(turn, (Role.ADMIN,), _end)


def _end(turn: Turn) -> list[Outgoing]:
    said, day = appointing.day_apart(turn.rest)
    if not said:
        return [turn.reply("approvals/how_to_end")]
    line = appointing.read(said, turn.villages, turn.rules.positions_of(turn.district.code))
    if line.of_office:
        return _end_staff(turn, line, day)
    role, village = "" if line.guessed else line.role, line.village.named
    if village is None and (found := _people(turn, said if line.guessed else line.about, role)):
        return [_ask_end_of(turn, found, day)]
    if village is not None:
        return [_end_in_village(turn, village, role, (line.name, day))]
    if line.village.likely:
        meaning = partial(_end_which, turn.district.code, role, f"{line.name} {day}".strip())
        return naming.ask(turn, line.village, meaning)
    waiting = open_codes.buttons(turn, open_codes.named(turn, line.about)[:_OFFERED])
    return [turn.reply("approvals/nobody_named", waiting, said=line.about[:40], codes=len(waiting))]


def _end_which(district: str, role: str, rest: str, code: str) -> str:
    return within(district, f"end_which:{code}:{role}:{rest[:60]}")


def end_which(turn: Turn) -> list[Outgoing]:
    """The village, or the post, was chosen by a tap."""
    _, code, role, rest = turn.choice.split(":", 3)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    return [_end_in_village(turn, village, role, appointing.day_apart(rest))]


def _end_in_village(turn: Turn, village: Village, role: str, whom: tuple[str, str]) -> Outgoing:
    """The one post, or the one person, that was named there; else which post."""
    name, day = whom
    name = "" if appointing.is_odd(name) else name  # "sudah pensiun"
    if role:
        return _ask_end(turn, Office(Role(role), village.district, village.code), name, day)
    here = [one for one in _people(turn, name) if one.office.village == village.code]
    if here:
        return _ask_end_of(turn, here, day)
    if name:
        names = [
            one.name
            for role in VILLAGE
            for one in people.holders(turn.tx, village.code, role, office_day(turn.now))
        ]
        return _not_held(turn, name, names, role="perangkat", place=village.label)
    meaning = partial(_end_which, village.district, rest=f"{name} {day}".strip(), code=village.code)
    roles = [Choice(meaning(role=each), Role(each).label) for each in placing.ROLES]
    return turn.reply("approvals/which_post", roles, place=village.label)


def _end_staff(turn: Turn, line: Said[Village], day: str) -> list[Outgoing]:
    """*/akhiri petugas [nama] [hari terakhir]*, */akhiri camat <kecamatan> [nama] [hari terakhir]*."""
    office, name = Office(Role(line.role), turn.district.code), line.name
    if office.role is Role.CAMAT:
        if line.subdistrict.sure is None:
            return [naming.no_subdistrict(turn, line.subdistrict)]
        office = replace(office, subdistrict=line.subdistrict.sure.code)
    return [_ask_end(turn, office, name, day)]


#: Before a name, and no part of it.
_TITLES = frozenset(("pak", "bapak", "bpk", "bu", "ibu", "sdr", "sdri", "saudara", "saudari"))


def _is_named(said: str, name: str) -> bool:
    wanted = set(cleaning.words(said)) - _TITLES
    return bool(wanted) and wanted <= set(cleaning.words(name))


def _people(turn: Turn, said: str, role: str = "") -> list[freezing.Holder]:
    """Who serves in the district and bears this name, an entry for each of their offices."""
    every = freezing.holders(turn.tx, turn.district.code, office_day(turn.now))
    return [one for one in every if _is_named(said, one.name) and role in ("", one.office.role.value)]


def _held(turn: Turn, office: Office) -> list[Holder]:
    return people.holding(turn.tx, office, office_day(turn.now))


def _last_day(turn: Turn, said: str) -> str | None:
    """The last day that was named, "" where none was, None where it cannot be one."""
    try:
        return dates.parse_plan(said, turn.today).isoformat() if said.strip() else ""
    except (Invalid, Doubtful):
        return None


def _ask_end(turn: Turn, office: Office, name: str, day: str) -> Outgoing:
    """Whether it ends for those who hold it, or for the one that was named of them."""
    values: dict[str, Any] = {"role": office.role.label, "place": district.place_of(turn, office)}
    every = _held(turn, office)
    held = [one for one in every if _is_named(name, one.name)] if name else every
    if not held and (every or open_codes.named(turn, name)):
        return _not_held(turn, name, [one.name for one in every], **values)
    if not held:
        return turn.reply("approvals/nobody_holds", **values)
    last = _last_day(turn, day)
    if last is None:
        return turn.reply("approvals/end_day", said=day[:40])
    choices = _endings(((office, one.person, one.name) for one in held[:_OFFERED]), office.district, last)
    shown = [(one.name, dates.short_date(one.since)) for one in held]
    more = len(held) > _OFFERED
    return turn.reply("approvals/ask_end", choices, held=shown, last=_spelt(last), more=more, **values)


def _not_held(turn: Turn, name: str, names: Sequence[str], **values: str) -> Outgoing:
    """Nobody of this name; perhaps somebody who has a code and has not used it."""
    waiting = open_codes.buttons(turn, open_codes.named(turn, name)[:_OFFERED])
    return turn.reply(
        "approvals/no_such_holder", waiting, said=name[:40], names=names, codes=len(waiting), **values
    )


def _ask_end_of(turn: Turn, found: Sequence[freezing.Holder], day: str) -> Outgoing:
    """Which office of the one who was named, or of which of those who bear the name."""
    last = _last_day(turn, day)
    if last is None:
        return turn.reply("approvals/end_day", said=day[:40])
    shown = found[:_OFFERED]
    offices = ((one.office, one.person, one.name) for one in shown)
    lines = [(one.name, district.what(turn, one.office)) for one in shown]
    more = len(found) > _OFFERED
    choices = _endings(
        offices, turn.district.code, last, posts=len({one.person for one in shown}) < len(shown)
    )
    return turn.reply("approvals/ask_end_of", choices, held=lines, last=_spelt(last), more=more)


def _endings(
    found: Iterable[tuple[Office, int, str]], code: str, last: str, *, posts: bool = False
) -> tuple[Choice, ...]:
    """*Akhiri*, for each office; named by the post where one person holds several."""
    ends = [
        Choice(
            within(
                code,
                f"end_office:{office.village or office.subdistrict or code}:{office.role.value}:{one}:{last}",
            ),
            f"Akhiri: {office.role.label if posts else name}"[:30],
        )
        for office, one, name in found
    ]
    return (*ends, Choice(within(code, "end_not:"), "Tidak jadi"))


def _spelt(last: str) -> str:
    return dates.short_date(date.fromisoformat(last)) if last else ""


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
    said = turn.reply("approvals/ended_by_office", name=held[number], last=_spelt(last), **values)
    return [said, *told]


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
