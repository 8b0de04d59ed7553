"""What a group was told of a village's reports, and what of them the office has dealt with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: A village gets one new message in this time; what comes meanwhile is added to it.
APART = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Card:
    """One message in a group about one village.  `items`: kind (payment, member, ending) and id."""

    id: int
    to: Address
    village: str
    at: datetime
    shown: str
    edits: int
    items: tuple[tuple[str, int], ...]
    opener: str
    opened_at: str

    @property
    def key(self) -> str:
        """Of the message it began with."""
        return f"reports:{self.id}"


@dataclass(frozen=True, slots=True)
class Ending:
    """Somebody stops serving, and what the office said to it."""

    member: int
    village: str
    state: str  # "", recorded, returned
    at: datetime | None
    by: str


def new(tx: Tx, district: str, since: datetime, until: datetime) -> dict[str, list[tuple[str, int]]]:
    """What came from `since` to `until`, waits, and stands on no card yet; by village."""
    found: dict[str, list[tuple[str, int]]] = {}
    for kind, query in (("payment", Q.new_payments), ("member", Q.new_members), ("ending", Q.new_endings)):
        for row in tx.all(query, district=district, since=stamp(since), until=stamp(until)):
            found.setdefault(row["village"], []).append((kind, row["id"]))
    return found


def put(tx: Tx, to: Address, village: str, items: list[tuple[str, int]], now: datetime) -> None:
    """Add the reports to the village's card of this hour, or begin one."""
    after = stamp(now - APART)
    row = tx.one(Q.latest, channel=to.channel, chat=to.chat, village=village, after=after)
    if row is None:
        where = {"channel": to.channel, "chat": to.chat, "thread": to.thread}
        row = tx.one(Q.make, **where, village=village, now=stamp(now))
    for kind, item in items:
        tx.run(Q.add, card=row["id"], kind=kind, item=item)
    tx.run(Q.reopen, id=row["id"])


def open_(tx: Tx, district: str) -> list[Card]:
    """Cards of a district with something that may still change."""
    found = [get(tx, row["id"]) for row in tx.all(Q.open, district=district)]
    return [one for one in found if one is not None]


def get(tx: Tx, number: int) -> Card | None:
    """One card with its reports."""
    row = tx.one(Q.get, id=number)
    if row is None:
        return None
    return Card(
        row["id"],
        Address(row["channel"], row["chat"], row["thread"]),
        row["village"],
        datetime.fromisoformat(row["at"]),
        row["shown"],
        row["edits"],
        tuple((item["kind"], item["item"]) for item in tx.all(Q.items, card=number)),
        row["opener"],
        row["opened_at"],
    )


def showed(tx: Tx, card: Card, shown: str, *, closed: bool) -> None:
    """It says this now; once closed it is not looked at again."""
    tx.run(Q.showed, id=card.id, shown=shown, closed=int(closed))


def opened(tx: Tx, card: Card, by: int, now: datetime) -> None:
    """Somebody looks at what stands behind it."""
    tx.run(Q.opened, id=card.id, by=by, now=stamp(now))


def end(tx: Tx, member: int, village: str, now: datetime) -> None:
    """The village said that this member stops serving: news, also where it was said and undone before."""
    tx.run(Q.take_off, member=member)
    tx.run(Q.end, member=member, village=village, now=stamp(now))


def ending(tx: Tx, member: int) -> Ending | None:
    """What was said to it."""
    row = tx.one(Q.ending, member=member)
    if row is None:
        return None
    at = datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None
    return Ending(row["member"], row["village"], row["state"], at, row["by"])


def endings_in(tx: Tx, village: str) -> list[int]:
    """Members of a village whose end nobody of the office has looked at."""
    return [row["member"] for row in tx.all(Q.endings_in, village=village)]


def see(tx: Tx, member: int, state: str, by: tuple[int, datetime]) -> bool:
    """Recorded, or returned to be looked at; False if somebody was faster."""
    person, at = by
    return bool(tx.run(Q.see, member=member, state=state, by=person, now=stamp(at)))


def forget(tx: Tx, before: datetime) -> None:
    """Drop cards of long ago."""
    tx.run(Q.forget_items, before=stamp(before))
    tx.run(Q.forget, before=stamp(before))
