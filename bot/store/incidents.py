"""Accidents and deaths as villages report them, and the cards about them in the office's groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.incidents import Kind, Work
from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "incident.body"
#: Two reports of one person are of one accident where they name days that are no further apart.
ABOUT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class New:
    """What a village reports.  `body`: who (group, name), when, where, words; `people` as in a group."""

    village: str
    kind: Kind
    work: Work
    people: str
    member: int | None
    happened: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incident:
    """One report and what became of it; `by` is who made it, `taker` and `closer` are of the office."""

    id: int
    new: New
    person: int
    by: str
    at: datetime
    told_at: datetime | None
    taker: str
    closed_at: datetime | None
    closer: str

    @property
    def district(self) -> str:
        """The district it lies in."""
        return self.new.village[:5]

    @property
    def open(self) -> bool:
        """Whether the office has not closed it."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Card:
    """A message of the bot in a group of the office; `key` is its key in the outbox."""

    key: str
    to: Address
    shown: str


def add(tx: Tx, new: New, by: int, now: datetime) -> int:
    """Keep a report; returns its number."""
    row = tx.one(
        Q.add,
        district=new.village[:5],
        village=new.village,
        kind=new.kind.value,
        work=new.work.value,
        people=new.people,
        member=new.member,
        person=by,
        body=tx.vault.seal_json(_BODY, dict(new.body)),
        happened=stamp(new.happened),
        now=stamp(now),
    )
    number: int = row["id"]
    return number


def same(tx: Tx, new: New, by: int, since: datetime) -> int | None:
    """The open report of the same member about those days; or what the same person reported alike since then."""
    row = tx.one(
        Q.same,
        village=new.village,
        kind=new.kind.value,
        member=new.member or 0,
        person=by,
        people=new.people,
        happened=stamp(new.happened),
        earliest=stamp(new.happened - ABOUT),
        latest=stamp(new.happened + ABOUT),
        since=stamp(since),
    )
    return row["id"] if row else None


def get(tx: Tx, number: int) -> Incident | None:
    """One report, of whatever village: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    if row is None:
        return None
    body = tx.vault.open_json(_BODY, row["body"])
    new = New(
        row["village"], Kind(row["kind"]), Work(row["work"]), row["people"], row["member"], _at(row["happened"]), body
    )  # fmt: skip
    told, closed = _or_none(row["told_at"]), _or_none(row["closed_at"])
    return Incident(
        row["id"], new, row["person"], row["by"], _at(row["at"]), told, row["taker"] or "", closed, row["closer"] or ""
    )  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _or_none(text: str) -> datetime | None:
    return _at(text) if text else None


def _all(tx: Tx, sql: str, **values: Any) -> list[Incident]:
    found = (get(tx, row["id"]) for row in tx.all(sql, **values))
    return [one for one in found if one is not None]


def open_in(tx: Tx, district: str) -> list[Incident]:
    """What the office of a district has not closed, the oldest first."""
    return _all(tx, Q.open_in, district=district)


def of_village(tx: Tx, village: str, count: int) -> list[Incident]:
    """The last reports of a village, the newest first."""
    return _all(tx, Q.of_village, village=village, count=count)


def deceased(tx: Tx, village: str) -> int:
    """How many people of a village are still insured though their death was reported."""
    number: int = tx.one(Q.deceased, village=village)["people"]
    return number


def waiting(tx: Tx, since: datetime) -> list[Incident]:
    """What happened since then, may have to do with work, and nobody said that the agency was told."""
    return _all(tx, Q.waiting, since=stamp(since))


def told(tx: Tx, number: int, by: int, now: datetime) -> bool:
    """The agency was told, somebody says; False if that was known, or it is closed."""
    return bool(tx.run(Q.told, id=number, by=by, now=stamp(now)))


def take(tx: Tx, number: int, by: int) -> bool:
    """Somebody of the office looks after it; False where a colleague was faster."""
    return bool(tx.run(Q.take, id=number, by=by))


def close(tx: Tx, number: int, by: int, now: datetime) -> bool:
    """The office is done with it; False if it was before."""
    return bool(tx.run(Q.close, id=number, by=by, now=stamp(now)))


def add_card(tx: Tx, number: int, card: Card) -> None:
    """A card goes to a group."""
    to = card.to
    tx.run(
        Q.add_card,
        key=card.key,
        incident=number,
        channel=to.channel,
        chat=to.chat,
        thread=to.thread,
        shown=card.shown,
    )


def cards(tx: Tx, number: int) -> list[Card]:
    """Its cards, one for each group."""
    return [
        Card(row["key"], Address(row["channel"], row["chat"], row["thread"]), row["shown"])
        for row in tx.all(Q.cards, incident=number)
    ]


def moving(tx: Tx, since: datetime) -> list[Incident]:
    """What has cards and is open, or was closed since then."""
    return _all(tx, Q.moving, since=stamp(since))


def edited(tx: Tx, key: str, shown: str) -> int:
    """The number of the edit that is made now, after which the card says this."""
    number: int = tx.one(Q.edited, key=key, shown=shown)["edits"]
    return number


def forget(tx: Tx, before: datetime) -> None:
    """Drop what was closed before then, words and all."""
    tx.run(Q.forget_cards, before=stamp(before))
    tx.run(Q.forget, before=stamp(before))
