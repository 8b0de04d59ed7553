"""From a draft to a broadcast: the preview, who is missed, the moment, a second person, the minute of undo."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import filling
from bot.domain import announcing, deadlines, phones
from bot.domain.audience import Reach, Why
from bot.domain.months import Month
from bot.domain.offices import STAFF, Role, office_day
from bot.domain.reminders import next_calm
from bot.domain.rulebook import Rules
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import broadcasts, employers, jobs, people, places
from bot.store.broadcasts import Broadcast, Card, State
from bot.store.places import RoomKind
from bot.turns import Turn, may_in
from handlers import own_chat
from handlers.office import broadcast_cards
from handlers.office.drafting import draft_in, gone, number_in, of_choice, say, title
from handlers.office.reaching import Voice, first_of, reach
from handlers.office.rooms import digest
from handlers.office.second_person import needs_second
from handlers.paging import page

UNDO = timedelta(seconds=60)
PER_DAY = 3  # broadcasts of a district, unless an administrator sends more
PAGE = 8  # villages to be called, shown at once
KEPT = timedelta(days=90)  # a file that was sent around


def calm(rules: Rules, district: str, at: datetime) -> datetime:
    """The moment itself, or the first after it at which people are written to."""
    zone = rules.district(district).zone
    local = at.astimezone(zone)
    free = deadlines.free_days(rules, district, Month.of(local.date()))
    return next_calm(local, free).astimezone(UTC)


def _seen(one: Broadcast) -> str:
    """What a preview showed, in short: a button of it sends this and nothing else."""
    at = one.meet_at.isoformat() if one.meet_at else ""
    told: dict[str, object] = {
        "audience": one.audience.to_json(),
        "kind": one.kind.value,
        "text": one.text,
        "at": at,
        "place": one.place,
        "file": one.file,
        "name": one.file_name,
    }
    return digest(told)


def _at_hand(turn: Turn, number: int, seen: str) -> Broadcast | list[Outgoing]:
    """The draft as it was seen; else what to say: that it is gone, or how it is now."""
    one = draft_in(turn, number)
    if one is None or not one.written:
        return gone(turn)
    return one if seen == _seen(one) else [say(turn, "siaran/changed"), *preview(turn, one)]


def _part(choice: str, number: int) -> str:
    parts = choice.split(":")
    return parts[number] if number < len(parts) else ""


def look(turn: Turn) -> list[Outgoing]:
    """The message as one recipient will see it, how many get it, and who will not."""
    one = draft_in(turn, number_in(turn.choice))
    return preview(turn, one) if one is not None and one.written else gone(turn)


def preview(turn: Turn, one: Broadcast) -> list[Outgoing]:
    """The same of a draft at hand."""
    found = reach(turn.tx, turn.rules, one, turn.now)
    change = Choice(f"siaran_who:{one.id}:ask", "Ubah penerima")
    if not found.recipients:
        return [say(turn, "siaran/nobody", (change, Choice(f"siaran_calls:{one.id}:0", "Daftar telepon")))]
    choices = [
        Choice(f"siaran_send:{one.id}:{_seen(one)}", "Kirim"),
        Choice(f"siaran_when:{one.id}:{_seen(one)}", "Kirim nanti"),
        Choice(f"siaran_write:{one.id}", "Ubah pesan"),
        change,
        Choice(f"siaran_file:{one.id}", "Lepas berkas" if one.file else "Lampirkan berkas"),
    ]
    if found.missed:
        choices.append(Choice(f"siaran_calls:{one.id}:0", "Daftar telepon"))
    choices.append(Choice(f"siaran_drop:{one.id}", "Buang"))
    who = found.recipients[0]
    place = places.village(turn.tx, who.villages[0])
    card = say(
        turn,
        "siaran/preview",
        choices,
        name=who.officer.name,
        role=who.officer.role.label,
        place=place.label if place else "",
        people=len(found.recipients),
        villages=found.villages,
        missed=len(found.missed),
        why=[(why.label, found.count(why)) for why in Why if found.count(why)],
        skipped=found.skipped,
    )
    return [sample(turn, one, found), card]


def sample(turn: Turn, one: Broadcast, found: Reach) -> Outgoing:
    """The message as the first recipient will see it, in the chat of who looks; its buttons do nothing."""
    voice = Voice(turn.tx, turn.rules, turn.rules.district(one.district), turn.now)
    message = voice.message(one, first_of(found))
    buttons = tuple(Choice("siaran_sample:", choice.label) for choice in message.choices)
    return replace(say(turn, message.template, buttons, **message.values), attachment=message.attachment)


def only_a_sample(turn: Turn) -> list[Outgoing]:
    """Somebody of the office pressed a button of the example."""
    return [say(turn, "siaran/sample")]


def drop(turn: Turn) -> list[Outgoing]:
    """*Buang*: the draft is gone."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    broadcasts.drop_draft(turn.tx, one.id)
    return [say(turn, "siaran/dropped")]


def calls(turn: Turn) -> list[Outgoing]:
    """*Daftar telepon*: the villages where nobody gets it, each with the reason and whom the office named."""
    one = of_choice(turn)
    if one is None:
        return gone(turn)
    missed = list(reach(turn.tx, turn.rules, one, turn.now).missed.items())
    here = page(turn.choice, f"siaran_calls:{one.id}", missed, PAGE)
    lines = []
    for code, why in here.shown:
        place, contact = places.village(turn.tx, code), employers.contact(turn.tx, code)
        lines.append(
            {
                "place": place.label if place else code,
                "why": why.label,
                "name": contact.get("name", ""),
                "post": contact.get("post", ""),
                "phone": phones.dialled(contact.get("phone", "")),
            }
        )
    choices = (*here.onward, _back(one))
    return [say(turn, "siaran/calls", choices, total=len(missed), first=here.start + 1, lines=lines)]


def _back(one: Broadcast) -> Choice:
    if one.state is not State.DRAFT:
        return Choice(f"siaran_show:{one.id}", title(one))
    return Choice(f"siaran_look:{one.id}" if one.written else f"siaran_who:{one.id}:ask", "Kembali ke siaran")


# -- when --------------------------------------------------------------------------------------


def ask_when(turn: Turn) -> list[Outgoing]:
    """*Kirim nanti*, pressed."""
    one = _at_hand(turn, number_in(turn.choice), _part(turn.choice, 2))
    if isinstance(one, list):
        return one
    return filling.open_form(turn, WHEN, {"broadcast": one.id, "seen": _seen(one)})


def _moment(said: str, view: View) -> str:
    return announcing.parse_when(said, view.extra["now"], view.extra["zone"]).isoformat()


def _extra(turn: Turn) -> Mapping[str, Any]:
    return {"now": turn.now, "zone": turn.district.zone}


def _chosen(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = _at_hand(turn, int(answers["broadcast"]), answers.get("seen", ""))
    if isinstance(one, list):
        return one
    at = datetime.fromisoformat(answers["at"])
    good = calm(turn.rules, one.district, at)
    if good != at:
        return [_quiet(turn, one, at, good)]
    if one.meet_at is not None and at >= one.meet_at:
        raise Invalid("siaran/when_after", step="at")
    choices = (
        Choice(f"siaran_at:{one.id}:{at:%Y%m%d%H%M%z}:{_seen(one)}", "Kirim"),
        Choice(f"siaran_when:{one.id}:{_seen(one)}", "Ubah waktu"),
        Choice(f"siaran_look:{one.id}", "Kembali ke siaran"),
    )
    count = len(reach(turn.tx, turn.rules, one, turn.now).recipients)
    return [say(turn, "siaran/confirm_at", choices, at=_in_words(turn, at), people=count)]


WHEN = FormRoute(
    Form(
        "siaran_when",
        (Step("at", "Waktu kirim", "siaran/ask_when", _moment, lambda value, _view: str(value)),),
    ),
    _extra,
    _chosen,
    STAFF,
)


def _in_words(turn: Turn, at: datetime) -> str:
    return announcing.in_words(at.astimezone(turn.district.zone), turn.district.zone_label)


def _is_admin(turn: Turn) -> bool:
    return turn.who.office(Role.ADMIN, district=turn.district.code) is not None


def _quiet(turn: Turn, one: Broadcast, at: datetime, good: datetime) -> Outgoing:
    """Nobody is disturbed at that hour: the next good one is offered; an administrator may insist."""
    choices = [
        Choice(
            f"siaran_at:{one.id}:{good:%Y%m%d%H%M%z}:{_seen(one)}",
            f"Kirim {good.astimezone(turn.district.zone):%d-%m %H.%M}",
        )
    ]
    if _is_admin(turn) and at <= turn.now + UNDO:
        choices.append(Choice(f"siaran_send:{one.id}:{_seen(one)}:now", "Sekarang juga"))
    choices.append(Choice(f"siaran_when:{one.id}:{_seen(one)}", "Waktu lain"))
    choices.append(Choice(f"siaran_look:{one.id}", "Kembali ke siaran"))
    return say(turn, "siaran/quiet", choices, good=_in_words(turn, good))


def send(turn: Turn) -> list[Outgoing]:
    """*Kirim*: in a minute, unless the hour, the day's number, or nobody to send to stand against it."""
    one = _at_hand(turn, number_in(turn.choice), _part(turn.choice, 2))
    if isinstance(one, list):
        return one
    urgent = turn.choice.endswith(":now")
    if urgent and not may_in(turn, (Role.ADMIN,), one.district):
        return [turn.reply("chat/not_yours")]
    start = turn.now + UNDO
    good = calm(turn.rules, one.district, start)
    if good != start and not urgent:
        return [_quiet(turn, one, start, good)]
    return _confirm(turn, replace(one, start_at=start, urgent=urgent))


def send_at(turn: Turn) -> list[Outgoing]:
    """*Kirim*, under a later moment."""
    one = _at_hand(turn, number_in(turn.choice), _part(turn.choice, 3))
    if isinstance(one, list):
        return one
    at = datetime.strptime(turn.choice.split(":")[2], "%Y%m%d%H%M%z").astimezone(UTC)
    return _confirm(turn, replace(one, start_at=max(at, turn.now + UNDO), urgent=False))


# -- the decision ------------------------------------------------------------------------------


def _confirm(turn: Turn, one: Broadcast) -> list[Outgoing]:
    found = reach(turn.tx, turn.rules, one, turn.now)
    if not found.recipients:
        return preview(turn, one)
    if one.meet_at is not None and one.start_at is not None and one.start_at >= one.meet_at:
        return [say(turn, "siaran/too_late", (Choice(f"siaran_write:{one.id}", "Ubah undangan"),))]
    midnight = turn.now.astimezone(turn.district.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = broadcasts.confirmed_since(turn.tx, one.district, midnight.astimezone(UTC))
    if sent >= PER_DAY and not _is_admin(turn):
        return [
            say(turn, "siaran/enough", (Choice(f"siaran_look:{one.id}", "Kembali ke siaran"),), count=PER_DAY)
        ]
    second = needs_second(turn.tx, one.district)
    others = [p for p in people.staff(turn.tx, one.district, office_day(turn.now)) if p.person != one.by]
    if second and not others:
        return [say(turn, "siaran/no_second")]
    state = State.ASKED if second else State.WAITING
    new = replace(one, state=state, expected=len(found.recipients), cards=_cards(turn, one, others))
    broadcasts.confirm(turn.tx, new, turn.now)
    if one.file is not None and one.start_at is not None:
        jobs.keep_until(turn.tx, one.file, one.start_at + KEPT)
    details = {
        "people": len(found.recipients),
        "villages": found.villages,
        "audience": one.audience.to_json(),
    }
    start = one.start_at.isoformat() if one.start_at else ""
    turn.note(f"broadcast_{state.value}", f"broadcast:{one.id}", **details, start=start, urgent=one.urgent)
    return broadcast_cards.first(turn.tx, turn.rules, one.id, turn.now)


def _cards(turn: Turn, one: Broadcast, others: list[people.Recipient]) -> tuple[Card, ...]:
    """In the office's groups and with who wrote it; with every colleague where there is no such group."""
    rooms = places.rooms(turn.tx, one.district, RoomKind.OFFICE)
    here = say(turn, "siaran/card").to
    found = [Card(room, f"siaran:{one.id}:{number}") for number, room in enumerate(rooms)]
    found.append(Card(here, f"siaran:{one.id}:by", one.by))
    if not rooms:
        found += [Card(each.to, f"siaran:{one.id}:to{each.person}", each.person) for each in others]
    return tuple(found)


def approve(turn: Turn) -> list[Outgoing]:
    """*Setujui*: by another than who wrote it; the minute of undo begins."""
    one = of_choice(turn)
    if one is None:
        return [turn.reply("chat/not_yours")] if not turn.incoming.group else []
    if one.state is not State.ASKED:
        return broadcast_cards.as_it_is(turn, one)
    if one.by == turn.who.person:
        return [turn.post("siaran/own"), *broadcast_cards.restored(turn, one)]
    start = max(one.start_at or turn.now, turn.now + UNDO)
    if not one.urgent:
        start = calm(turn.rules, one.district, start)
    if one.meet_at is not None and start >= one.meet_at:
        return [turn.post("siaran/approved_late"), *broadcast_cards.restored(turn, one)]
    broadcasts.approve(turn.tx, one.id, turn.who.person, start)
    turn.note("broadcast_approve", f"broadcast:{one.id}", start=start.isoformat())
    return broadcast_cards.changed(turn, one)


def refuse(turn: Turn) -> list[Outgoing]:
    """*Tolak*: it is not sent."""
    one = of_choice(turn)
    if one is None:
        return [turn.reply("chat/not_yours")] if not turn.incoming.group else []
    if one.by == turn.who.person and one.state is State.ASKED:
        return [turn.post("siaran/own"), *broadcast_cards.restored(turn, one)]
    if not broadcasts.move_on(turn.tx, one.id, (State.ASKED,), State.REFUSED, (turn.who.person, turn.now)):
        return broadcast_cards.as_it_is(turn, one)
    turn.note("broadcast_refuse", f"broadcast:{one.id}")
    return broadcast_cards.changed(turn, one)


def content(turn: Turn) -> list[Outgoing]:
    """*Lihat isi*: what it says, to the person alone; the card keeps its buttons."""
    one = of_choice(turn)
    if one is None:
        return [turn.reply("chat/not_yours")] if not turn.incoming.group else []
    found = reach(turn.tx, turn.rules, one, turn.now)
    said = [sample(turn, one, found)] if found.recipients else []
    buttons = broadcast_cards.buttons(one, turn.who.person, read=True)
    card = say(turn, "siaran/card", buttons, **broadcast_cards.values(turn.tx, turn.rules, one))
    return [
        *own_chat.privately(turn, [*said, card]),
        *(broadcast_cards.restored(turn, one) if turn.incoming.group else []),
    ]
