"""People who ask for an office of a village: for themselves, or for who follows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "request.body"

#: A request nobody answered for this long is no longer one.
LIFE = timedelta(days=14)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What is asked for."""

    LINK = "link"  # by a stranger: to be linked
    HANDOVER = "handover"  # by who holds the office: that another follows


class State(StrEnum):
    """Where a request stands."""

    ASKING = "asking"  # the stranger is still answering questions
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    `words`: name, phone (of their own contact card), sk, sk_date, likely (village codes), and why the office
    refused it, where that is none of the usual reasons.
    """

    kind: Kind
    at: Address
    user: str
    district: str = ""
    village: str = ""
    role: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    state: State = State.ASKING
    person: int | None = None
    id: int = 0
    since: datetime = _NEVER  # in its state
    by: str = ""  # who decided
    reason: str = ""  # why it was refused, as a code


def begin(tx: Tx, new: Request, now: datetime) -> int | None:
    """Keep a request; None where the account has one already."""
    row = tx.one(
        Q.begin,
        kind=new.kind.value,
        channel=new.at.channel,
        user=new.user,
        chat=new.at.chat,
        person=new.person,
        district=new.district,
        village=new.village,
        role=new.role,
        body=tx.vault.seal_json(_BODY, dict(new.words)),
        state=new.state.value,
        now=stamp(now),
    )
    return None if row is None else int(row["id"])


def get(tx: Tx, number: int) -> Request | None:
    """One request, whatever became of it."""
    row = tx.one(Q.get, id=number)
    if row is None:
        return None
    return Request(
        kind=Kind(row["kind"]),
        at=Address(row["channel"], row["chat"]),
        user=row["user"],
        district=row["district"],
        village=row["village"],
        role=row["role"],
        words=tx.vault.open_json(_BODY, row["body"]),
        state=State(row["state"]),
        person=row["person"],
        id=row["id"],
        since=datetime.fromisoformat(row["at"]),
        by=row["by"],
        reason=row["reason"],
    )


def of(tx: Tx, channel: str, user: str) -> Request | None:
    """What an account asks for now."""
    row = tx.one(Q.of, channel=channel, user=user)
    return get(tx, row["id"]) if row else None


def keep(tx: Tx, one: Request, now: datetime) -> None:
    """What has been said so far."""
    tx.run(
        Q.keep,
        id=one.id,
        district=one.district,
        village=one.village,
        role=one.role,
        body=tx.vault.seal_json(_BODY, dict(one.words)),
        state=one.state.value,
        now=stamp(now),
    )


def decide(tx: Tx, number: int, state: State, by: tuple[int, datetime], reason: str = "") -> bool:
    """Approved or refused; False if somebody was faster."""
    person, at = by
    return bool(tx.run(Q.decide, id=number, state=state.value, reason=reason, by=person, now=stamp(at)))


def waiting(tx: Tx, district: str) -> list[Request]:
    """Who waits for a district's office, the longest first."""
    found = [get(tx, row["id"]) for row in tx.all(Q.waiting, district=district)]
    return [one for one in found if one is not None]


def handed(tx: Tx, person: int) -> list[Request]:
    """The handovers somebody asked for that nobody has decided."""
    found = [get(tx, row["id"]) for row in tx.all(Q.handed, person=person)]
    return [one for one in found if one is not None]


def unanswered(tx: Tx) -> dict[str, list[datetime]]:
    """Since when each of them waits, by district."""
    found: dict[str, list[datetime]] = {}
    for row in tx.all(Q.unanswered):
        found.setdefault(row["district"], []).append(datetime.fromisoformat(row["at"]))
    return found


def opened(tx: Tx, one: Request, since: datetime, *, in_village: bool) -> int:
    """How many requests were opened since then and not decided, in its district or only in its village."""
    village = one.village if in_village else ""
    count: int = tx.one(Q.opened, district=one.district, village=village, since=stamp(since))["n"]
    return count


def expire(tx: Tx, now: datetime) -> list[Request]:
    """End what waited too long; returns what was open."""
    overdue = [get(tx, row["id"]) for row in tx.all(Q.overdue, before=stamp(now - LIFE))]
    found = [one for one in overdue if one is not None]
    for one in found:
        settle(tx, one, now)
    return [one for one in found if one.state is State.OPEN]


def settle(tx: Tx, one: Request, now: datetime, *, withdrawn: bool = False) -> bool:
    """It is none any more, and nobody decided that; False if it was none before."""
    return bool(tx.run(Q.expire, id=one.id, reason="withdrawn" if withdrawn else "", now=stamp(now)))


def welcomed(tx: Tx, channel: str, user: str, now: datetime) -> None:
    """They came in by a code: their own request is settled."""
    tx.run(Q.welcomed, channel=channel, user=user, now=stamp(now))


def forget(tx: Tx, before: datetime) -> None:
    """Drop what was settled before then."""
    tx.run(Q.forget, before=stamp(before))
