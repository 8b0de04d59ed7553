"""Further addresses of people who are linked: each counts a day after it came, so that whoever took a phone gains nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: Long enough that the owner, a colleague or the office has looked at their phone.
HOLD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An address whose day is over."""

    person: int
    user: str
    at: Address


def come(tx: Tx, person: int, user: str, at: Address, now: datetime) -> datetime:
    """The code was right: from the moment returned on the person is written to there too."""
    counts = now + HOLD
    told = {"channel": at.channel, "user": user, "chat": at.chat, "person": person}
    tx.run(Q.come, **told, now=stamp(now), counts_at=stamp(counts))
    return counts


def waiting(tx: Tx, channel: str, user: str) -> tuple[int, datetime] | None:
    """Whose this account will be, and when it will count; None where nobody gave it a code."""
    row = tx.one(Q.known, channel=channel, user=user)
    return (row["person"], datetime.fromisoformat(row["counts_at"])) if row else None


def due(tx: Tx, now: datetime) -> list[Arrived]:
    """Those whose day is over; they wait no longer."""
    return [
        Arrived(row["person"], row["user"], Address(row["channel"], row["chat"]))
        for row in tx.all(Q.due, now=stamp(now))
    ]


def refuse(tx: Tx, person: int) -> bool:
    """None of them will count; False if there was none."""
    return bool(tx.run(Q.refuse, person=person))


def unlink(tx: Tx, channel: str, user: str) -> None:
    """The account is somebody else's now."""
    tx.run(Q.unlink, channel=channel, user=user)
