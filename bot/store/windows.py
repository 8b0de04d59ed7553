"""Until when free text may be written to a chat, where a platform limits that; to whom we wrote first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: In which a platform counts the people whom a business writes to first.
ROLLING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Begun:
    """To how many people we wrote first within the last day, and when the earliest no longer counts."""

    people: int
    room_at: datetime


def opened(tx: Tx, channel: str, chat: str, until: datetime) -> None:
    """They wrote: free text may be written to them until then."""
    tx.run(Q.open, channel=channel, chat=chat, until=stamp(until))


def closed(tx: Tx, channel: str, chat: str, at: datetime) -> None:
    """The platform said at that moment that free text may not be written to them, whatever we thought."""
    tx.run(Q.close, channel=channel, chat=chat, open_until=stamp(at + ROLLING))


def is_open(tx: Tx, channel: str, chat: str, at: datetime) -> bool:
    """Whether free text may still be written to them at that moment."""
    row = tx.one(Q.of, channel=channel, chat=chat)
    return row is not None and row["until"] > stamp(at)


def wrote_since(tx: Tx, channel: str, chat: str, at: datetime) -> bool:
    """Whether they wrote after that moment, where that is noted."""
    return is_open(tx, channel, chat, at + ROLLING)


def begin(tx: Tx, channel: str, chat: str, now: datetime) -> None:
    """We write to them first."""
    tx.run(Q.begin, channel=channel, chat=chat, now=stamp(now))


def counts(tx: Tx, channel: str, chat: str, now: datetime) -> bool:
    """Whether they are among the people of the last day already."""
    row = tx.one(Q.of, channel=channel, chat=chat)
    return row is not None and row["begun_at"] > stamp(now - ROLLING)


def begun(tx: Tx, channel: str, now: datetime) -> Begun:
    """The people of the last day."""
    row = tx.one(Q.begun, channel=channel, since=stamp(now - ROLLING))
    earliest = datetime.fromisoformat(row["earliest"]) if row["earliest"] else now - ROLLING
    return Begun(row["n"], earliest + ROLLING)


def tiers(tx: Tx) -> dict[str, int]:
    """The channels that take free text only inside that time, with how many people they let us write to first
    in a day: as the program noted it when it began.
    """
    return {row["name"].removesuffix(".tier"): int(row["value"]) for row in tx.all(Q.tiers)}


def minds(tx: Tx, channel: str, chat: str, at: datetime) -> bool:
    """Whether the channel takes no free text for them at that moment."""
    return channel in tiers(tx) and not is_open(tx, channel, chat, at)


def held(tx: Tx, channel: str) -> int:
    """How many messages wait there for people to write."""
    count: int = tx.one(Q.held, channel=channel)["n"]
    return count


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """The same person under another name of theirs."""
    tx.run(Q.move, channel=channel, old=old, new=new)
    drop(tx, channel, old)


def drop(tx: Tx, channel: str, chat: str) -> None:
    """Nobody has this name any more."""
    tx.run(Q.drop, channel=channel, chat=chat)


def forget(tx: Tx, before: datetime) -> None:
    """Drop what ended before then."""
    tx.run(Q.forget, before=stamp(before))
