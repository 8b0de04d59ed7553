"""Broadcasts: what is sent, how far it is, who decided it; and audiences with a name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.audience import Audience
from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "broadcast.body"


class Kind(StrEnum):
    """What is sent; the value is stored."""

    MESSAGE = "message"
    MEETING = "meeting"


class State(StrEnum):
    """How far a broadcast is; the value is stored."""

    DRAFT = "draft"
    ASKED = "asked"  # waits for a second person
    WAITING = "waiting"  # confirmed: it begins in a minute, or at its hour
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"  # in the middle
    CANCELLED = "cancelled"  # before it began
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody approved in time
    MISSED = "missed"  # its moment passed while the machine was off


@dataclass(frozen=True, slots=True)
class Card:
    """Where the progress is shown; `person` is set in a private chat."""

    to: Address
    key: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast."""

    id: int
    district: str
    kind: Kind
    state: State
    audience: Audience
    text: str
    by: int
    by_name: str
    place: str = ""
    meet_at: datetime | None = None
    called_off: bool = False
    file: int | None = None
    file_name: str = ""
    urgent: bool = False
    expected: int = 0
    confirmed_at: datetime | None = None
    approved: bool = False  # by a second person
    start_at: datetime | None = None
    begun_at: datetime | None = None  # the first time
    rest_at: datetime | None = None
    resume_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_by_id: int | None = None
    cards: tuple[Card, ...] = ()
    shown: str = ""
    owed: tuple[str, ...] = ()  # keys of cards that do not say it yet, because they were not sent
    shown_at: datetime | None = None

    @property
    def written(self) -> bool:
        """Whether there is something to be sent."""
        return bool(self.text) and (self.kind is Kind.MESSAGE or self.meet_at is not None)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _broadcast(tx: Tx, row: Any) -> Broadcast:
    body = tx.vault.open_json(_BODY, row["body"])
    cards = [Card(Address(*told[:3]), told[3], told[4]) for told in json.loads(row["cards"])]
    return Broadcast(
        row["id"],
        row["district"],
        Kind(row["kind"]),
        State(row["state"]),
        Audience.from_json(json.loads(row["audience"])),
        body["text"],
        row["made_by"],
        row["made_by_name"],
        place=body["place"],
        meet_at=_moment(row["meet_at"]),
        called_off=bool(row["called_off_at"]),
        file=row["file"],
        file_name=body["file_name"],
        urgent=bool(row["urgent"]),
        expected=row["expected"],
        confirmed_at=_moment(row["confirmed_at"]),
        approved=row["approved_by"] is not None,
        start_at=_moment(row["start_at"]),
        begun_at=_moment(row["begun_at"]),
        rest_at=_moment(row["rest_at"]),
        resume_at=_moment(row["resume_at"]),
        ended_at=_moment(row["ended_at"]),
        ended_by=row["ended_by_name"] or "",
        ended_by_id=row["ended_by"],
        cards=tuple(cards),
        shown=row["shown"],
        owed=tuple(row["owed"].split()),
        shown_at=_moment(row["shown_at"]),
    )


def _body(tx: Tx, text: str, place: str, file_name: str) -> bytes:
    return tx.vault.seal_json(_BODY, {"text": text, "place": place, "file_name": file_name})


def add(tx: Tx, district: str, kind: Kind, by: int, now: datetime) -> Broadcast:
    """A draft to everybody, with nothing in it yet."""
    row = tx.one(
        Q.add,
        district=district,
        kind=kind.value,
        audience=json.dumps(Audience().to_json()),
        body=_body(tx, "", "", ""),
        now=stamp(now),
        by=by,
    )
    made = get(tx, row["id"])
    assert made is not None
    return made


def get(tx: Tx, number: int) -> Broadcast | None:
    """One broadcast."""
    row = tx.one(Q.get, id=number)
    return _broadcast(tx, row) if row else None


def draft_of(tx: Tx, district: str, person: int) -> Broadcast | None:
    """What somebody began last and did not send."""
    row = tx.one(Q.draft_of, district=district, person=person)
    return get(tx, row["id"]) if row else None


def rewrite(tx: Tx, new: Broadcast) -> None:
    """Keep what a draft is now."""
    tx.run(
        Q.rewrite,
        id=new.id,
        kind=new.kind.value,
        audience=json.dumps(new.audience.to_json()),
        body=_body(tx, new.text, new.place, new.file_name),
        file=new.file,
        meet_at=stamp(new.meet_at) if new.meet_at else "",
    )


def confirm(tx: Tx, new: Broadcast, now: datetime) -> bool:
    """The draft is to be sent: `state`, `start_at`, `urgent`, `expected` and `cards` are taken from `new`."""
    cards = [[c.to.channel, c.to.chat, c.to.thread, c.key, c.person] for c in new.cards]
    return bool(
        tx.run(
            Q.confirm,
            id=new.id,
            state=new.state.value,
            now=stamp(now),
            start_at=stamp(new.start_at) if new.start_at else "",
            urgent=int(new.urgent),
            expected=new.expected,
            cards=json.dumps(cards),
        )
    )


def approve(tx: Tx, number: int, by: int, start_at: datetime) -> bool:
    """A second person agrees; False where it was decided before."""
    return bool(tx.run(Q.approve, id=number, by=by, start_at=stamp(start_at)))


def move_on(
    tx: Tx, number: int, since: Sequence[State], to: State, by: tuple[int | None, datetime | None]
) -> bool:
    """From one of `since` (one or two) to another state; `by` is who, and when it ended if it did."""
    person, ended = by
    return bool(
        tx.run(
            Q.move_on,
            id=number,
            from_one=since[0].value,
            from_other=since[-1].value,
            to=to.value,
            by=person,
            ended_at=stamp(ended) if ended else "",
        )
    )


def begin(tx: Tx, number: int, now: datetime) -> bool:
    """The sending begins; False where somebody was faster."""
    return bool(tx.run(Q.begin, id=number, now=stamp(now)))


def after_all(tx: Tx, number: int, state: State, start_at: datetime, now: datetime) -> bool:
    """What was missed is to be sent after all; False where that was said before."""
    told = {"state": state.value, "start_at": stamp(start_at), "now": stamp(now)}
    return bool(tx.run(Q.after_all, id=number, **told))


def rest(tx: Tx, number: int, since: datetime, until: datetime) -> None:
    """Nothing leaves between these two moments."""
    tx.run(Q.rest, id=number, rest_at=stamp(since), resume_at=stamp(until))


def shown(tx: Tx, number: int, what: str, now: datetime, owed: Sequence[str] = ()) -> None:
    """What the cards say now, but for those of the keys `owed`."""
    tx.run(Q.shown, id=number, shown=what, owed=" ".join(owed), now=stamp(now))


def call_off(tx: Tx, number: int, now: datetime) -> bool:
    """The meeting will not take place; False where that was said before."""
    return bool(tx.run(Q.call_off, id=number, now=stamp(now)))


def open_ones(tx: Tx, past: datetime) -> list[int]:
    """What has not ended, or has cards that do not say so yet; and meetings that are later than `past`."""
    return sorted(row["id"] for row in tx.all(Q.open, past=stamp(past)))


def live(tx: Tx, district: str, now: datetime, count: int) -> list[Broadcast]:
    """What somebody of the office can still act on, the newest first."""
    rows = tx.all(Q.live, district=district, now=stamp(now), count=count)
    return [one for row in rows if (one := get(tx, row["id"]))]


def history(tx: Tx, district: str, count: int) -> list[Broadcast]:
    """The last ones, the newest first."""
    rows = tx.all(Q.history, district=district, count=count)
    return [one for row in rows if (one := get(tx, row["id"]))]


def confirmed_since(tx: Tx, district: str, since: datetime) -> int:
    """How many were to be sent since then."""
    number: int = tx.one(Q.confirmed_since, district=district, since=stamp(since))["n"]
    return number


@dataclass(frozen=True, slots=True)
class Standing:
    """What the claim of a message asks of its broadcast."""

    state: str
    urgent: bool
    rest_at: str
    resume_at: str
    meet_at: str
    called_off: bool


def standing(tx: Tx, number: int) -> Standing | None:
    """What the claim of a message asks; None where there is no such broadcast."""
    row = tx.one(Q.state, id=number)
    if row is None:
        return None
    return Standing(
        row["state"],
        bool(row["urgent"]),
        row["rest_at"],
        row["resume_at"],
        row["meet_at"],
        bool(row["called_off_at"]),
    )


def again(tx: Tx, number: int, start_at: datetime, *, urgent: bool) -> bool:
    """An ended broadcast waits to be sent once more to those who are planned."""
    return bool(tx.run(Q.again, id=number, start_at=stamp(start_at), urgent=int(urgent)))


def drop_draft(tx: Tx, number: int) -> bool:
    """A draft is thrown away; nothing remembers it."""
    return bool(tx.run(Q.drop_draft, id=number))


def forget_drafts(tx: Tx, before: datetime) -> None:
    """Drop what nobody sent."""
    tx.run(Q.forget_drafts, before=stamp(before))


# -- audiences with a name ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """An audience with a name."""

    id: int
    name: str
    audience: Audience


def segments(tx: Tx, district: str) -> list[Segment]:
    """The named audiences of a district."""
    return [
        Segment(row["id"], row["name"], Audience.from_json(json.loads(row["audience"])))
        for row in tx.all(Q.segments, district=district)
    ]


def add_segment(tx: Tx, district: str, named: tuple[str, Audience], by: tuple[int, datetime]) -> None:
    """Keep an audience under its name; one of that name is replaced."""
    name, audience = named
    person, now = by
    told = json.dumps(audience.to_json())
    tx.run(Q.add_segment, district=district, name=name, audience=told, now=stamp(now), by=person)


def drop_segment(tx: Tx, district: str, number: int) -> bool:
    """An audience loses its name; False where it had none."""
    return bool(tx.run(Q.drop_segment, district=district, id=number))
