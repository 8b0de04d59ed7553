"""The card of one request: in the office's group without a person, in private with all that is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import dates
from bot.domain.offices import Role, office_day
from bot.messages import Address, Choice, Kind, Lane, Outgoing
from bot.store import agreements, outbox, people, places, requests
from bot.store.people import Holder
from bot.store.requests import Request
from bot.turns import Turn, within
from handlers import succession

#: New cards of requests in an hour: one of a village, so many of a district; the rest wait in /setujui.
APART = timedelta(hours=1)
MOST = 6


def label(turn: Turn, one: Request) -> str:
    """Office and village, as in "Kaur Keuangan, Desa Perian, Kec. Muara Muntai"."""
    village = places.village(turn.tx, one.village)
    return f"{Role(one.role).label}, {village.label if village else one.village}"


def age(since: datetime, now: datetime) -> str:
    """How long somebody waits, in one unit."""
    waited = now - since
    if waited.days:
        return f"{waited.days} hari"
    hours = int(waited / timedelta(hours=1))
    return f"{hours} jam" if hours else "baru saja"


def holders(turn: Turn, one: Request) -> list[Holder]:
    """Who holds the post that is asked for."""
    return people.holders(turn.tx, one.village, Role(one.role), office_day(turn.now))


def answers(turn: Turn, one: Request, *, in_group: bool) -> list[Choice]:
    """What may be decided: in a group nobody is let in of whom no SK is known, nor one of two replaced."""
    held = holders(turn, one)
    if one.kind is requests.Kind.HANDOVER:
        yes = [Choice(f"approve:{one.id}:handover", "Setujui")]
    elif not held:
        yes = [Choice(f"approve:{one.id}:plain", "Setujui")]
    else:
        yes = [Choice(f"approve:{one.id}:add", "Tambah sebagai kedua")]
        if len(held) == 1:
            yes.insert(0, Choice(f"approve:{one.id}:replace:{held[0].person}", "Ganti (serah terima)"))
    if in_group and one.kind is requests.Kind.LINK and not one.words.get("sk"):
        yes = []
    no = [Choice(f"refuse_request:{one.id}", "Tolak")]
    return [*yes, *no, *([Choice(f"request_open:{one.id}", "Buka di chat pribadi")] if in_group else [])]


def in_group(turn: Turn, one: Request, to: Address) -> Outgoing:
    """The card for everybody of the office to see and to answer: nobody is named on it."""
    values = {
        "what": label(turn, one),
        "handover": one.kind is requests.Kind.HANDOVER,
        "age": age(one.since, turn.now),
        "sk": bool(one.words.get("sk")),
        "phone": bool(one.words.get("phone")),
        "held": bool(holders(turn, one)) and one.kind is requests.Kind.LINK,
    }
    return Outgoing(
        to, "approvals/request", values, answers(turn, one, in_group=True), public=True, lane=Lane.ALERT
    )


def in_private(turn: Turn, one: Request) -> tuple[str, Sequence[Choice], dict[str, object]]:
    """The card with name, phone and SK: template, buttons and values, for one administrator's own chat."""
    sk_date = one.words.get("sk_date")
    values = {
        "what": label(turn, one),
        "handover": one.kind is requests.Kind.HANDOVER,
        "age": age(one.since, turn.now),
        "name": one.words.get("name", ""),
        "phone": one.words.get("phone", ""),
        "sk": one.words.get("sk", ""),
        "sk_date": dates.short_date(date.fromisoformat(sk_date)) if sk_date else "",
        "held": [(held.name, dates.short_date(held.since)) for held in holders(turn, one)],
    }
    choices = [
        replace(choice, id=within(one.district, choice.id)) for choice in answers(turn, one, in_group=False)
    ]
    return "approvals/request_private", choices, values


def announce(turn: Turn, one: Request) -> list[Outgoing]:
    """A card in each office group; where there is none, in each administrator's own chat."""
    since = turn.now - APART
    if requests.opened(turn.tx, one, since, in_village=True) > 1:
        return []
    if requests.opened(turn.tx, one, since, in_village=False) > MOST:
        return []
    at = succession.calm(turn, one.district)
    rooms, admins = places.office(turn.tx, one.district, office_day(turn.now), agreements.admins)
    said = [replace(in_group(turn, one, to), key=_key(one, to), not_before=at) for to in rooms]
    template, choices, values = in_private(turn, one)
    said += [
        Outgoing(
            admin.to,
            template,
            values,
            choices,
            lane=Lane.ALERT,
            key=f"request:{one.id}:{admin.person}",
            person=admin.person,
            not_before=at,
        )
        for admin in admins
    ]
    return said


def _key(one: Request, to: Address) -> str:
    return f"request:{one.id}:{to.conversation}"


def decided(turn: Turn, one: Request, verdict: str) -> list[Outgoing]:
    """The cards in the groups say what became of it, and by whom; nothing can be pressed there any more."""
    here = turn.incoming.address if turn.incoming.group else None
    messages = {(here, turn.incoming.message)} if here and turn.incoming.message else set()
    for to in places.rooms(turn.tx, one.district, places.RoomKind.OFFICE):
        fate = outbox.fate(turn.tx, _key(one, to))
        if fate is not None and fate.platform_id:
            same = here is not None and here.conversation == to.conversation
            messages.add((here if same and here else to, fate.platform_id))
    local = turn.now.astimezone(turn.rules.district(one.district).zone)
    values = {
        "what": label(turn, one),
        "verdict": verdict,
        "by": turn.who.name,
        "at": f"{local:%H.%M}",
    }
    return [
        Outgoing(
            to,
            "approvals/request_decided",
            values,
            kind=Kind.EDIT,
            message=message,
            lane=Lane.TAP,  # behind the end of the press, which takes the buttons away
            public=True,
            repeatable=True,
        )
        for to, message in sorted(messages, key=lambda pair: pair[1])
        if to is not None
    ]
