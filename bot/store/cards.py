"""What a group was told of a village's reports, and what of them the office has dealt with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Address, Lane
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: A village gets one new message in this time; what comes meanwhile is added to it.
APART = timedelta(hours=1)
#: So many villages have a card of their own in this time; those that come then are counted on one more.
MANY = 6
#: No card is held back longer: over the longest holidays.
HELD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Card:
    """One message in a group about one village.  `items`: kind (payment, member, ending) and id.

    Of many villages at once: then `village` is the code of their district.
    """

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
    def of_many(self) -> bool:
        """Whether it counts villages instead of naming one."""
        return self.village == self.village[:5]

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


def new(tx: Tx, since: datetime, until: datetime) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """What came from `since` to `until`, waits, and stands on no card yet; by district and village."""
    found: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for kind, query in (("payment", Q.new_payments), ("member", Q.new_members), ("ending", Q.new_endings)):
        for row in tx.all(query, since=stamp(since), until=stamp(until)):
            of = found.setdefault(row["village"][:5], {})
            of.setdefault(row["village"], []).append((kind, row["id"]))
    return found


def rooms(tx: Tx) -> list[tuple[str, Address]]:
    """The groups of the offices with their districts."""
    return [(row["district"], Address(row["channel"], row["chat"], row["thread"])) for row in tx.all(Q.rooms)]


def put(tx: Tx, to: Address, village: str, items: list[tuple[str, int]], now: datetime) -> None:
    """Add the reports to the village's card of this hour, or begin one.

    Where `MANY` villages have one already it is the district's card, which counts them.
    """
    where = {"channel": to.channel, "chat": to.chat}
    after = stamp(now - APART)
    row = tx.one(Q.latest, **where, village=village, after=after)
    if row is None and tx.one(Q.made, **where, after=after, before=stamp(now - HELD))["n"] >= MANY:
        village = village[:5]
        row = tx.one(Q.latest, **where, village=village, after=after)
    if row is None:
        row = tx.one(Q.make, **where, thread=to.thread, village=village, now=stamp(now))
    for kind, item in items:
        tx.run(Q.add, card=row["id"], kind=kind, item=item)
    tx.run(Q.reopen, id=row["id"])


def open_(tx: Tx) -> list[Card]:
    """Cards that may still change, and on which something did since they were looked at."""
    found = [get(tx, row["id"]) for row in tx.all(Q.open)]
    return [one for one in found if one is not None]


def same(tx: Tx, card: Card) -> None:
    """What changed does not show: it need not be looked at again."""
    tx.run(Q.same, id=card.id)


def villages_on(tx: Tx, card: Card) -> tuple[int, int]:
    """How many villages stand on a card of many, and of how many something waits."""
    row = tx.one(Q.villages, card=card.id)
    return row["villages"], row["waiting"]


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
    tx.run(Q.taken_off, member=member)
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


def endings_of(tx: Tx, district: str) -> list[int]:
    """The same of a whole district, the oldest first."""
    return [row["member"] for row in tx.all(Q.endings_of, district=district)]


def see(tx: Tx, member: int, state: str, by: tuple[int, datetime]) -> bool:
    """Recorded, or returned to be looked at; False if somebody was faster."""
    person, at = by
    return bool(tx.run(Q.see, member=member, state=state, by=person, now=stamp(at)))


def forget(tx: Tx, before: datetime) -> None:
    """Drop cards of long ago, and what was said to people who stopped."""
    tx.run(Q.forget_items, before=stamp(before))
    tx.run(Q.forget, before=stamp(before))
    tx.run(Q.forget_endings, before=stamp(before))


def end_room(tx: Tx, at: Address, now: datetime) -> None:
    """A group is something else from now on: what was said and asked there as before is over."""
    where = {"channel": at.channel, "chat": at.chat}
    tx.run(Q.end_cards, **where)
    tx.run(Q.end_prompts, **where, now=stamp(now))
    tx.run(Q.end_messages, **where, now=stamp(now), lane=int(Lane.ALERT))
