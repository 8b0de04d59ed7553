"""The look at a broadcast before it is sent: an example, how many get it, and who is missed."""

from collections.abc import Mapping
from dataclasses import replace

from bot import stencils
from bot.domain import phones
from bot.domain.audience import Reach, Standing, Way, Why
from bot.messages import Choice, Outgoing
from bot.store import employers, places, recipients
from bot.store.broadcasts import Broadcast, State
from bot.turns import Turn
from handlers.office import drafting
from handlers.office.drafting import draft_in, gone, number_in, of_choice, onward, say, title
from handlers.office.limits import First, first
from handlers.office.rooms import digest
from handlers.office.system import CHANNELS
from handlers.paging import page
from handlers.reaching import Voice, first_of, leaves_at, reach

PAGE = 8  # villages to be called, shown at once
_ARREARS = "{tunggakan}"


def seen(one: Broadcast) -> str:
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


def at_hand(turn: Turn, number: int, mark: str) -> Broadcast | list[Outgoing]:
    """The draft as it was seen; else what to say: that it is gone, or how it is now."""
    one = draft_in(turn, number)
    if one is None or not one.written:
        return gone(turn)
    return one if mark == seen(one) else [say(turn, "siaran/changed"), *preview(turn, one)]


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
    counted = first(turn.tx, found, leaves_at(one, turn.now))
    if counted is not None and counted.over:
        return [_too_many(turn, one, counted)]
    choices = [
        Choice(f"siaran_send:{one.id}:{seen(one)}", "Kirim"),
        Choice(f"siaran_when:{one.id}:{seen(one)}", "Kirim nanti"),
        Choice(f"siaran_write:{one.id}", "Ubah pesan"),
        change,
        Choice(f"siaran_file:{one.id}", "Lepas berkas" if one.file else "Lampirkan berkas"),
    ]
    settled = found.settled if _ARREARS in one.text else 0
    if 0 < settled < found.villages and one.audience.standing is not Standing.MISSING:
        choices.append(Choice(f"siaran_who:{one.id}:behind-1", "Hanya yang menunggak"))
    if found.missed:
        choices.append(Choice(f"siaran_calls:{one.id}:0", "Daftar telepon"))
    choices.append(Choice(f"siaran_drop:{one.id}", "Buang"))
    said = say(turn, "siaran/preview", choices, **_reached(turn, found), settled=settled)
    return [sample(turn, one, found), *_otherwise(turn, found, counted), said]


def _reached(turn: Turn, found: Reach) -> Mapping[str, object]:
    """Who gets it and how, and who does not."""
    who = first_of(found)
    place = places.village(turn.tx, who.villages[0])
    channels = [(CHANNELS.get(name, name), people) for name, people in found.channels.items()]
    return {
        "name": who.name,
        "role": who.role.label,
        "place": place.label if place else "",
        "several": bool(found.by(Way.KNOCK)),
        "people": len(found.recipients),
        "villages": found.villages,
        "channels": channels if len(channels) > 1 else [],
        "missed": len(found.missed),
        "why": [(why.label, found.count(why)) for why in Why if found.count(why)],
        "skipped": found.skipped,
        "closed": found.closed,
    }


def _too_many(turn: Turn, one: Broadcast, counted: First) -> Outgoing:
    """More people would be written to first than the platform allows: it is sent in parts."""
    choices = (
        Choice(f"siaran_who:{one.id}:where", "Pilih kecamatan"),
        Choice(f"siaran_who:{one.id}:ask", "Ubah penerima"),
        Choice(f"siaran_drop:{one.id}", "Buang"),
    )
    values = {"people": counted.people, "counted": counted.counted}
    return say(turn, "siaran/tier", choices, **values, tier=counted.tier, room=counted.room)


def _otherwise(turn: Turn, found: Reach, counted: First | None) -> list[Outgoing]:
    """What else people see who have not written for too long, and how near the limit that comes."""
    knocked = found.by(Way.KNOCK)
    if not knocked:
        return []
    place = places.village(turn.tx, knocked[0].villages[0])
    office = f"{turn.district.office} {turn.district.name}"
    asked = stencils.definition(stencils.KNOCK)
    told = {"office": office, "place": place.label if place else turn.district.name}
    buttons = tuple(Choice("siaran_sample:", label) for label in asked.buttons)
    used, tier = (counted.used, counted.tier) if counted is not None and counted.near else (0, 0)
    return [
        say(turn, f"whatsapp/{asked.name}", buttons, **told),
        say(
            turn,
            "siaran/preview_whatsapp",
            (),
            people=len(knocked),
            place=told["place"],
            used=used,
            tier=tier,
        ),
    ]


def sample(turn: Turn, one: Broadcast, found: Reach) -> Outgoing:
    """The message as a recipient will see it, in the chat of who looks; its buttons do nothing.

    Where nobody gets it its places for names stay empty.
    """
    voice = Voice(turn.tx, turn.rules, turn.rules.district(one.district), turn.now)
    message = voice.message(one, first_of(found) if found.recipients else None)
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
    drafting.drop(turn, one)
    return [say(turn, "siaran/dropped")]


def calls(turn: Turn) -> list[Outgoing]:
    """*Daftar telepon*: the villages where nobody gets it, each with the reason and whom the office named."""
    one = of_choice(turn)
    if one is None:
        return gone(turn)
    missed = _missed(turn, one)
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


def _missed(turn: Turn, one: Broadcast) -> list[tuple[str, Why]]:
    """The villages to be called: also those where all must write first, not those that have it meanwhile."""
    missed = dict(reach(turn.tx, turn.rules, one, turn.now).missed)
    reached, waiting = recipients.villages(turn.tx, one.id)
    for code in waiting:
        missed.setdefault(code, Why.CLOSED)
    return [(code, why) for code, why in missed.items() if why is not Why.CLOSED or code not in reached]


def _back(one: Broadcast) -> Choice:
    if one.state is not State.DRAFT:
        return Choice(f"siaran_show:{one.id}", title(one))
    return onward(one, "Kembali ke siaran")
