"""Messages that a platform does not take now: held until the person writes, or until there is room for them."""

from datetime import datetime, timedelta

from bot.domain.offices import office_day
from bot.store import prompts
from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.outbox import Head

Q = queries(__file__)

SILENT = "the 24 hours are over, and there is no approved text for it"
NO_ROOM = "no room"
ELSEWHERE = "sent elsewhere"
#: How long a message is held that does not say until when it makes sense.
HELD = timedelta(days=7)


def shelve(tx: Tx, head: Head, now: datetime, room_at: datetime | None = None) -> None:
    """The platform takes it only once the person has written again, or once there is room for them."""
    tx.run(
        Q.shelve,
        id=head.id,
        now=stamp(now),
        error=SILENT if room_at is None else NO_ROOM,
        until=stamp(room_at or now),
        end=stamp(now + HELD),
    )


def release(tx: Tx, channel: str, chat: str, now: datetime) -> None:
    """The person has written: what was held for that leaves now, and what it asks is asked now."""
    today = office_day(now).isoformat()
    rows = tx.all(Q.release, channel=channel, chat=chat, now=stamp(now), today=today)
    for _, key in sorted((row["id"], row["key"]) for row in rows):
        prompts.asked_now(tx, key)


def knock_again(tx: Tx, key: str, now: datetime) -> None:
    """Today's message that asks them to write was dropped, since nothing waited then: now something does."""
    tx.run(Q.knock_again, key=key, now=stamp(now))


def release_template(tx: Tx, template: str) -> None:
    """The text that stands for a template is approved: what was held for want of it is looked at again."""
    tx.run(Q.release_template, template=template)


def release_all(tx: Tx) -> None:
    """People may be asked to write: all that is held is looked at again."""
    tx.run(Q.release_all)


def is_held(tx: Tx, channel: str, chat: str, now: datetime) -> bool:
    """Whether something waits for the person to write."""
    return tx.one(Q.is_held, channel=channel, chat=chat, now=stamp(now)) is not None


def elsewhere(tx: Tx, stem: str) -> None:
    """What was held under keys that begin with `stem` goes to another address: it does not come twice."""
    tx.run(Q.elsewhere, first=f"{stem}:", last=f"{stem};", error=ELSEWHERE)


def look(tx: Tx, now: datetime) -> None:
    """Let go what there is room for again, and end what is too late."""
    tx.run(Q.release_room, now=stamp(now))
    tx.run(Q.expire_held, now=stamp(now))


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """A chat has a new id: what is held goes there."""
    tx.run(Q.move_held, channel=channel, old=old, new=new)


def cut(tx: Tx, channel: str, chat: str, now: datetime, why: str) -> None:
    """A chat cannot be reached: nothing waits for it."""
    tx.run(Q.cut_held, channel=channel, chat=chat, now=stamp(now), error=why)
