"""From a draft to a broadcast: the moment, a second person, the minute of undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import filling
from bot.domain import announcing, words
from bot.domain.audience import Reach, Way
from bot.domain.offices import STAFF, Role, office_day
from bot.domain.reminders import next_calm_in
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import broadcasts, jobs, people, places
from bot.store.broadcasts import Broadcast, Card, State
from bot.store.places import RoomKind
from bot.turns import Turn, may_in
from handlers import own_chat
from handlers.office import broadcast_cards
from handlers.office.drafting import leave_forms, number_in, of_choice, say
from handlers.office.limits import first
from handlers.office.previewing import at_hand, preview, sample, seen
from handlers.office.second_person import needs_second
from handlers.reaching import leaves_at, reach

_NOW = words.Vocabulary(
    {"now": ("sekarang", "skrg", "skrang", "sekarang juga", "langsung", "kirim sekarang")}
)
UNDO = timedelta(seconds=60)
PER_DAY = 3  # broadcasts of a district, unless an administrator sends more
KEPT = timedelta(days=90)  # a file that was sent around


def _part(choice: str, number: int) -> str:
    parts = choice.split(":")
    return parts[number] if number < len(parts) else ""


# -- when --------------------------------------------------------------------------------------


def ask_when(turn: Turn) -> list[Outgoing]:
    """*Kirim nanti*, pressed."""
    one = at_hand(turn, number_in(turn.choice), _part(turn.choice, 2))
    if isinstance(one, list):
        return one
    return filling.open_form(turn, WHEN, {"broadcast": one.id, "seen": seen(one)})


def _moment(said: str, view: View) -> str:
    if words.exactly(said, _NOW):
        return ""
    return announcing.parse_when(said, view.extra["now"], view.extra["zone"]).isoformat()


def _extra(turn: Turn) -> Mapping[str, Any]:
    return {"now": turn.now, "zone": turn.district.zone}


def _chosen(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = at_hand(turn, int(answers["broadcast"]), answers.get("seen", ""))
    if isinstance(one, list):
        return one
    if not answers["at"]:
        return preview(turn, one)  # "sekarang": with the button that sends it now
    at = datetime.fromisoformat(answers["at"])
    good = next_calm_in(turn.rules, one.district, at)
    if good != at:
        return [_quiet(turn, one, at, good)]
    if one.meet_at is not None and at >= one.meet_at:
        raise Invalid("siaran/when_after", step="at")
    choices = (
        Choice(f"siaran_at:{one.id}:{at:%Y%m%d%H%M%z}:{seen(one)}", "Kirim"),
        Choice(f"siaran_when:{one.id}:{seen(one)}", "Ubah waktu"),
        Choice(f"siaran_look:{one.id}", "Kembali ke siaran"),
    )
    later = replace(one, start_at=at)
    found = reach(turn.tx, turn.rules, later, turn.now)
    if not found.recipients or _too_many(turn, later, found):
        return preview(turn, later)
    knocked = len(found.by(Way.KNOCK))
    values = {"people": len(found.recipients), "waiting": knocked or found.silent, "knocked": knocked}
    return [say(turn, "siaran/confirm_at", choices, at=_in_words(turn, at), **values)]


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
            f"siaran_at:{one.id}:{good:%Y%m%d%H%M%z}:{seen(one)}",
            f"Kirim {good.astimezone(turn.district.zone):%d-%m %H.%M}",
        )
    ]
    if _is_admin(turn) and at <= turn.now + UNDO:
        choices.append(Choice(f"siaran_send:{one.id}:{seen(one)}:now", "Sekarang juga"))
    choices.append(Choice(f"siaran_when:{one.id}:{seen(one)}", "Waktu lain"))
    choices.append(Choice(f"siaran_look:{one.id}", "Kembali ke siaran"))
    return say(turn, "siaran/quiet", choices, good=_in_words(turn, good))


def send(turn: Turn) -> list[Outgoing]:
    """*Kirim*: in a minute, unless the hour, the day's number, or nobody to send to stand against it."""
    one = at_hand(turn, number_in(turn.choice), _part(turn.choice, 2))
    if isinstance(one, list):
        return one
    urgent = turn.choice.endswith(":now")
    if urgent and not may_in(turn, (Role.ADMIN,), one.district):
        return [turn.reply("chat/not_yours")]
    start = turn.now + UNDO
    good = next_calm_in(turn.rules, one.district, start)
    if good != start and not urgent:
        return [_quiet(turn, one, start, good)]
    return _confirm(turn, replace(one, start_at=start, urgent=urgent))


def send_at(turn: Turn) -> list[Outgoing]:
    """*Kirim*, under a later moment."""
    one = at_hand(turn, number_in(turn.choice), _part(turn.choice, 3))
    if isinstance(one, list):
        return one
    at = datetime.strptime(turn.choice.split(":")[2], "%Y%m%d%H%M%z").astimezone(UTC)
    return _confirm(turn, replace(one, start_at=max(at, turn.now + UNDO), urgent=False))


# -- the decision ------------------------------------------------------------------------------


def _confirm(turn: Turn, one: Broadcast) -> list[Outgoing]:
    found = reach(turn.tx, turn.rules, one, turn.now)
    if not found.recipients or _too_many(turn, one, found):
        return preview(turn, one)
    if one.meet_at is not None and one.start_at is not None and one.start_at >= one.meet_at:
        return [say(turn, "siaran/too_late", (Choice(f"siaran_write:{one.id}", "Ubah undangan"),))]
    if said := few_left(turn, 0, (Choice(f"siaran_look:{one.id}", "Kembali ke siaran"),)):
        return said
    second = needs_second(turn.tx, one.district)
    others = [p for p in people.staff(turn.tx, one.district, office_day(turn.now)) if p.person != one.by]
    if second and not others:
        return [say(turn, "siaran/no_second")]
    state = State.ASKED if second else State.WAITING
    new = replace(one, state=state, expected=len(found.recipients), cards=_cards(turn, one, others))
    broadcasts.confirm(turn.tx, new, turn.now)
    leave_forms(turn, one)
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


def _too_many(turn: Turn, one: Broadcast, found: Reach) -> bool:
    """Whether more people would be written to first than the platform allows."""
    counted = first(turn.tx, found, leaves_at(one, turn.now))
    return counted is not None and counted.over


def few_left(turn: Turn, few: int, choices: Sequence[Choice] = ()) -> list[Outgoing]:
    """What to say where at most so `few` broadcasts may be sent today; administrators are not held back."""
    midnight = turn.now.astimezone(turn.district.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = broadcasts.confirmed_since(turn.tx, turn.district.code, midnight.astimezone(UTC))
    left = max(PER_DAY - sent, 0)
    if left > few or _is_admin(turn):
        return []
    return [say(turn, "siaran/few_left", choices, left=left, count=PER_DAY)]


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
        start = next_calm_in(turn.rules, one.district, start)
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
    whole = sample(turn, one, reach(turn.tx, turn.rules, one, turn.now))
    buttons = broadcast_cards.buttons(one, turn.who.person, read=True)
    card = say(turn, "siaran/card", buttons, **broadcast_cards.values(turn.tx, turn.rules, one))
    return [
        *own_chat.privately(turn, [whole, card]),
        *(broadcast_cards.restored(turn, one) if turn.incoming.group else []),
    ]
