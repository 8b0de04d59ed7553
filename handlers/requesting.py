"""The card of one request: in the office's group without a person, in private with all that is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain import dates
from bot.domain.offices import Role, office_day
from bot.domain.reminders import next_calm_in
from bot.domain.rulebook import Rules
from bot.messages import Address, Choice, Kind, Lane, Outgoing
from bot.store import agreements, outbox, people, places, requests
from bot.store.database import Tx
from bot.store.people import Holder
from bot.store.requests import Request, State
from bot.turns import Turn, within

#: New cards of requests in an hour: one of a village, so many of a district; the rest wait in /setujui.
APART = timedelta(hours=1)
MOST = 6


#: What becomes of a request that nobody decided.
EXPIRED = "tidak berlaku lagi"
WITHDRAWN = "ditarik kembali oleh yang meminta"
HOLDER_LEFT = "tidak berlaku lagi, pemegangnya sudah tidak menjabat"


def label(turn: Turn, one: Request) -> str:
    """Office and village, as in "Kaur Keuangan, Desa Perian, Kec. Muara Muntai"."""
    return _label(turn.tx, one)


def _label(tx: Tx, one: Request) -> str:
    village = places.village(tx, one.village)
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
    """What may be decided: nobody is let in from a group, where neither their name nor their SK is seen."""
    held = holders(turn, one)
    if one.kind is requests.Kind.HANDOVER:
        yes = [Choice(f"approve:{one.id}:handover", "Setujui")]
    elif in_group:
        yes = []
    elif not held:
        yes = [Choice(f"approve:{one.id}:plain", "Setujui")]
    else:
        yes = [Choice(f"approve:{one.id}:add", "Tambah sebagai kedua")]
        if len(held) == 1:
            yes.insert(0, Choice(f"approve:{one.id}:replace:{held[0].person}", "Ganti (serah terima)"))
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
    at = next_calm_in(turn.rules, one.district, turn.now)
    rooms, admins = places.office(turn.tx, one.district, office_day(turn.now), agreements.admins)
    why = f"request:{one.district}:{one.id}"
    said = [replace(in_group(turn, one, to), key=_key(one, to), not_before=at, reason=why) for to in rooms]
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
            reason=why,
        )
        for admin in admins
    ]
    return said


def still_open(tx: Tx, argument: str, _now: datetime) -> bool:
    """Whether the request of a card ("<district>:<number>") still waits."""
    one = requests.get(tx, int(argument.rpartition(":")[2]))
    return one is not None and one.state is State.OPEN


def any_open(tx: Tx, district: str, _now: datetime) -> bool:
    """Whether anybody still waits in a district."""
    return bool(requests.waiting(tx, district))


def left_without_holder(turn: Turn, one: Request) -> bool:
    """Whether a handover waits whose holder has left the post meanwhile."""
    waits = one.kind is requests.Kind.HANDOVER and one.state is State.OPEN
    return waits and one.person not in [holder.person for holder in holders(turn, one)]


def _key(one: Request, to: Address) -> str:
    return f"request:{one.id}:{to.conversation}"


def decided(turn: Turn, one: Request, verdict: str) -> list[Outgoing]:
    """The cards in the groups say what became of it, and by whom; nothing can be pressed there any more."""
    incoming = turn.incoming
    pressed = incoming.choice and incoming.group and incoming.message
    here = (incoming.address, incoming.message) if pressed else None
    return _edited(turn.tx, turn.rules, one, (verdict, turn.who.name, turn.now), here)


def again(turn: Turn, one: Request) -> list[Outgoing]:
    """The card of the group where it was pressed, with its buttons; nothing where it has none, as in private."""
    here = turn.incoming.address
    fate = outbox.fate(turn.tx, _key(one, here)) if turn.incoming.group else None
    if fate is None or not fate.platform_id:
        return []
    card = in_group(turn, one, here)
    return [replace(card, kind=Kind.EDIT, message=fate.platform_id, lane=Lane.REPLY)]


def lapse(turn: Turn, one: Request, verdict: str) -> list[Outgoing]:
    """A request that is none any more, without anybody's decision: its cards say so."""
    settled = requests.settle(turn.tx, one, turn.now, withdrawn=verdict == WITHDRAWN)
    if not settled or one.state is not State.OPEN:
        return []
    return lapsed(turn.tx, turn.rules, one, verdict, turn.now)


def lapsed_with_access(turn: Turn, person: int) -> list[Outgoing]:
    """What somebody whose access is cut asked for: perhaps it was whoever has their phone."""
    return [out for one in requests.handed(turn.tx, person) for out in lapse(turn, one, EXPIRED)]


def lapsed(tx: Tx, rules: Rules, one: Request, verdict: str, now: datetime) -> list[Outgoing]:
    """The cards in the groups, where nobody pressed."""
    return [
        replace(out, key=f"request:{one.id}:lapsed:{out.to.conversation}")
        for out in _edited(tx, rules, one, (verdict, "", now))
    ]


def _edited(
    tx: Tx,
    rules: Rules,
    one: Request,
    said: tuple[str, str, datetime],
    here: tuple[Address, str] | None = None,
) -> list[Outgoing]:
    """Each card once: in the thread where it was pressed, else where it was posted."""
    messages = {here} if here else set()
    for to in places.rooms(tx, one.district, places.RoomKind.OFFICE):
        fate = outbox.fate(tx, _key(one, to))
        if fate is not None and fate.platform_id:
            same = here is not None and here[0].conversation == to.conversation
            messages.add((here[0] if here and same else to, fate.platform_id))
    verdict, by, now = said
    local = now.astimezone(rules.district(one.district).zone)
    values = {"what": _label(tx, one), "verdict": verdict, "by": by, "at": f"{local:%H.%M}"}
    return [
        Outgoing(
            to,
            "approvals/request_decided",
            values,
            kind=Kind.EDIT,
            message=message,
            public=True,
        )
        for to, message in sorted(messages, key=lambda pair: pair[1])
    ]
