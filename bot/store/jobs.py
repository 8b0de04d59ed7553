"""Rows of work that waits, and the files it brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import Misconfigured
from bot.messages import Incoming
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_ARGS = "job.args"
_FILE = "file.body"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work, taken."""

    id: int
    kind: str
    args: Mapping[str, Any]
    channel: str
    conversation: str
    attempts: int  # with this one, without those that an end of the process cut off
    ends: int  # of the process, with it in hand


def add(tx: Tx, kind: str, asked: Incoming, args: Mapping[str, Any], now: datetime) -> None:
    """Have work done outside any transaction; its result comes back into the conversation of `asked`.

    What is to be done only once has a key among its `args`; see `ordered`.
    """
    at = asked.address
    tx.worked = True
    told = {"to": [at.channel, at.chat, at.thread], "sender": asked.sender, "group": asked.group, **args}
    tx.run(
        Q.add,
        kind=kind,
        args=tx.vault.seal_json(_ARGS, told),
        channel=at.channel,
        conversation=at.conversation,
        now=stamp(now),
        key=args.get("key"),
    )


def ordered(tx: Tx, key: str) -> bool:
    """Whether the work of this key is under way or done; what failed may be asked for again."""
    return tx.one(Q.ordered, key=key) is not None


def take(tx: Tx, now: datetime) -> Job | None:
    """The oldest job that may be done now, with its attempt counted."""
    row = tx.one(Q.take, now=stamp(now))
    if row is None:
        return None
    try:
        args = tx.vault.open_json(_ARGS, row["args"])
    except Misconfigured:
        tx.run(Q.finish, id=row["id"], state="failed", error="damaged")
        return None
    return Job(
        row["id"], row["kind"], args, row["channel"], row["conversation"], row["attempts"], row["ends"]
    )


def finish(tx: Tx, job: Job, state: str, error: str = "") -> None:
    """The job is `done` or `failed`."""
    tx.run(Q.finish, id=job.id, state=state, error=error)


def again(tx: Tx, job: Job, at: datetime, error: str) -> None:
    """Once more from `at` on."""
    tx.run(Q.again, id=job.id, not_before=stamp(at), error=error)


def recover(tx: Tx, later: datetime) -> int:
    """Open again what a killed process was doing; what was in hand at an end before waits until `later`."""
    return tx.run(Q.recover, later=stamp(later))


def waiting(tx: Tx) -> dict[str, tuple[int, str]]:
    """How many jobs are not done, and since when they may be, by state."""
    return {row["state"]: (row["n"], row["oldest"]) for row in tx.all(Q.count_by_state)}


def reopen(tx: Tx) -> int:
    """Open again what the database could not record; the attempt is given back."""
    return tx.run(Q.reopen)


def keep_file(tx: Tx, data: bytes, mime: str, now: datetime, *, public: bool = False) -> int:
    """Keep a file; returns its number.  `public` ones were made for a group: nothing in them is personal."""
    sealed = tx.vault.seal_bytes(_FILE, data)
    number: int = tx.one(Q.add_file, body=sealed, mime=mime, now=stamp(now), public=int(public))["id"]
    return number


def keep_until(tx: Tx, number: int, until: datetime) -> None:
    """Keep a file at least so long, although it proves nothing."""
    tx.run(Q.keep_until, id=number, until=stamp(until))


def is_public(tx: Tx, number: int) -> bool:
    """Whether a file was made for a group."""
    row = tx.one(Q.is_public, id=number)
    return row is not None and bool(row["public"])


def kept_file(tx: Tx, number: int) -> tuple[bytes, str] | None:
    """Content and MIME type of a kept file, None if it was forgotten; `Misconfigured` if it is damaged."""
    row = tx.one(Q.kept_file, id=number)
    return (tx.vault.open_bytes(_FILE, row["body"]), row["mime"]) if row else None


def drop_file(tx: Tx, number: int) -> None:
    """Forget a file that is needed no more, unless it proves a payment."""
    tx.run(Q.drop_file, id=number)


def forget(tx: Tx, before: datetime) -> None:
    """Drop what was done long ago, and files that prove nothing."""
    tx.run(Q.forget, before=stamp(before))
    tx.run(Q.forget_files, before=stamp(before))
