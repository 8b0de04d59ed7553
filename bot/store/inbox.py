"""Rows of what came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.messages import Arrival
from bot.store.database import Row, Tx, queries

Q = queries(__file__)
_BODY = "inbox.body"


@dataclass(frozen=True, slots=True)
class Event:
    """One event taken for handling; `body` is sealed, so that a damaged one stops nobody else."""

    id: int
    channel: str
    external_id: str
    conversation: str
    body: bytes
    attempts: int
    received: datetime


def stamp(at: datetime) -> str:
    """A moment as it is stored: UTC, fixed width, in order as text."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)  # nearly always it is: this is called very often
    return utc.isoformat(timespec="microseconds")


def accept(
    tx: Tx, now: datetime, arrivals: Sequence[Arrival], later: Mapping[Arrival, datetime] | None = None
) -> None:
    """Keep raw events; those known already are dropped.  `later` are handled from then on."""
    received = stamp(now)
    tx.many(
        Q.accept,
        [
            {
                "channel": arrival.channel,
                "external_id": arrival.external_id,
                "conversation": arrival.conversation,
                "body": tx.vault.seal_bytes(_BODY, arrival.body),
                "now": received,
                "at": stamp((later or {}).get(arrival, now)),
            }
            for arrival in arrivals
        ],
    )


def waiting_at_least(tx: Tx, most: int) -> int:
    """How many events are not begun; no more are counted than `most`."""
    waiting: int = tx.one(Q.crowd, most=most)["n"]
    return waiting


def hasten(tx: Tx, conversation: str, now: datetime) -> None:
    """What had to wait in this conversation is handled now."""
    tx.run(Q.hasten, conversation=conversation, now=stamp(now))


def take(tx: Tx, now: datetime, count: int) -> list[Event]:
    """The next events, at most one of each conversation, with their attempt counted."""
    return sorted(map(_event, tx.all(Q.take, now=stamp(now), count=count)), key=lambda event: event.id)


def take_suspect(tx: Tx, now: datetime, tries: int) -> list[Event]:
    """One event that was in hand at least so often without an end, alone; none if there is none."""
    return [_event(row) for row in tx.all(Q.take_suspect, now=stamp(now), tries=tries)]


def _event(row: Row) -> Event:
    return Event(
        row["id"],
        row["channel"],
        row["external_id"],
        row["conversation"],
        row["body"],
        row["attempts"],
        datetime.fromisoformat(row["received_at"]),
    )


def body(tx: Tx, event: Event) -> bytes:
    """The raw event; `Misconfigured` if it is damaged."""
    return tx.vault.open_bytes(_BODY, event.body)


def done(tx: Tx, event: Event) -> None:
    """The event is handled."""
    tx.run(Q.finish, id=event.id, state="done", error="")


def drop_body(tx: Tx, event: Event) -> None:
    """What was written is not kept, not even sealed."""
    tx.run(Q.drop_body, id=event.id)


def again(tx: Tx, event: Event, at: datetime, error: str) -> None:
    """Handling failed: once more from `at` on."""
    tx.run(Q.again, id=event.id, not_before=stamp(at), error=error)


def quarantine(tx: Tx, event: Event, error: str) -> None:
    """Nobody tries this event again; its body stays for the operator."""
    tx.run(Q.finish, id=event.id, state="quarantined", error=error)


def recover(tx: Tx) -> int:
    """Open again what a killed process was handling; returns how many."""
    return tx.run(Q.recover)


def reopen(tx: Tx) -> int:
    """Open again what the database could not take; the attempt is given back."""
    return tx.run(Q.reopen)


def next_try(tx: Tx) -> datetime | None:
    """When the next open event may be handled, None if there is none."""
    at = tx.one(Q.next_try)["at"]
    return datetime.fromisoformat(at) if at else None


def waiting(tx: Tx) -> dict[str, tuple[int, str]]:
    """How many events are not done, and since when, by state."""
    return {row["state"]: (row["n"], row["oldest"]) for row in tx.all(Q.count_by_state)}


def forget_bodies(tx: Tx, before: datetime) -> None:
    """Drop the bodies of what was handled: its ids still tell a repetition."""
    tx.run(Q.forget_bodies, before=stamp(before))


def forget(tx: Tx, before: datetime) -> None:
    """Drop the ids of what was handled long ago."""
    tx.run(Q.forget, before=stamp(before))
