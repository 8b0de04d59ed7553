"""What a platform reports of a message of ours, laid over the outbox.

Reports come late, twice, and in any order; a message only moves on: sent, delivered, read, failed.
Nothing follows a failure but a try of our own.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.messages import PART, Receipt, Stage
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)


_MARK = re.compile(rf"([1-9][0-9]{{0,17}})\.([0-9a-f]{{8}})({re.escape(PART)}?)")


@dataclass(frozen=True, slots=True)
class Reported:
    """The message that is reported of.  `message` is the platform's id of its newest try, if known."""

    id: int
    chat: str
    status: str
    message: str
    attempts: int
    freely: bool  # the newest try was in its own words
    delivered: bool
    created: datetime
    part: bool  # what is reported is about a part of it, not the last


def mark(row: int, key: str) -> str:
    """What travels with a message: its number, and a sign that no other message of that number has.

    After a backup was put in place, numbers are given again.
    """
    return f"{row}.{_sign(key)}"


def _sign(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8]


def find(tx: Tx, channel: str, mark: str, message: str) -> Reported | None:
    """By its mark, where that came along, else by the platform's id; None if we know neither."""
    marked = _MARK.fullmatch(mark)
    found = tx.one(Q.by_row, row=int(marked[1]), channel=channel) if marked else None
    if found is not None and marked is not None and _sign(found["key"]) != marked[2]:
        return None
    if not mark:
        found = tx.one(Q.by_message, channel=channel, message=message)
    if found is None:
        return None
    return Reported(
        found["id"],
        found["chat"],
        found["status"],
        found["platform_id"],
        found["attempts"],
        not found["stencil"],
        bool(found["delivered_at"]),
        datetime.fromisoformat(found["created_at"]),
        bool(marked and marked[3]),
    )


def arrived(tx: Tx, one: Reported, message: str, now: datetime) -> None:
    """It was sent under this id."""
    tx.run(Q.arrived, id=one.id, message=message, now=stamp(now))


def reached(tx: Tx, one: Reported, stage: Stage, now: datetime) -> None:
    """The person has it, or has read it."""
    tx.run(Q.reached, id=one.id, is_read=int(stage is Stage.READ), now=stamp(now))


def failed(tx: Tx, one: Reported, message: str, error: str, now: datetime) -> None:
    """It did not arrive."""
    tx.run(Q.failed, id=one.id, message=message, error=error, now=stamp(now))


def again(tx: Tx, one: Reported, message: str, error: str, at: datetime) -> None:
    """It did not arrive, and is tried once more."""
    tx.run(Q.again, id=one.id, message=message, error=error, at=stamp(at))


def keep(tx: Tx, channel: str, receipt: Receipt, error: str, now: datetime) -> None:
    """Of a message that we do not know yet; `error` is what a failure means, in a word and why."""
    stage = int(receipt.stage)
    tx.run(Q.keep, channel=channel, message=receipt.message, stage=stage, error=error, now=stamp(now))


def kept(tx: Tx, channel: str, message: str) -> tuple[Stage, str] | None:
    """The furthest that was reported of it before we knew it; told once."""
    row = tx.one(Q.kept, channel=channel, message=message)
    if row is None:
        return None
    tx.run(Q.drop, channel=channel, message=message)
    return Stage(row["stage"]), row["error"]


def forget(tx: Tx, before: datetime) -> None:
    """Drop reports of messages that never were ours."""
    tx.run(Q.forget, before=stamp(before))
