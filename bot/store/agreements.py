"""Agreements (PKS) between a district and BPJS Ketenagakerjaan; added, never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.store import people
from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.people import Recipient

Q = queries(__file__)


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement; `until` is its last day, `id` is 0 before it is kept."""

    district: str
    number: str
    signed: date
    until: date
    scope: str
    id: int = 0


def _agreement(row: Any) -> Agreement:
    signed, until = date.fromisoformat(row["signed"]), date.fromisoformat(row["until"])
    return Agreement(row["district"], row["number"], signed, until, row["scope"], row["id"])


def add(tx: Tx, new: Agreement, by: int, now: datetime) -> int:
    """Keep an agreement; returns its id."""
    number: int = tx.one(
        Q.add,
        district=new.district,
        number=new.number,
        signed=new.signed.isoformat(),
        until=new.until.isoformat(),
        scope=new.scope,
        by=by,
        now=stamp(now),
    )["id"]
    return number


def of_district(tx: Tx, district: str) -> list[Agreement]:
    """All agreements of a district, the one that reaches furthest first."""
    return [_agreement(row) for row in tx.all(Q.of_district, district=district)]


def get(tx: Tx, number: int) -> Agreement | None:
    """One agreement."""
    row = tx.one(Q.get, id=number)
    return _agreement(row) if row else None


def ending(tx: Tx, since: date, by: date) -> list[Agreement]:
    """Of each district the agreement that reaches furthest, where that ends in [since, by]."""
    return [_agreement(row) for row in tx.all(Q.ending, since=since.isoformat(), by=by.isoformat())]


def is_last(tx: Tx, agreement: Agreement) -> bool:
    """Whether no agreement of its district reaches further."""
    row = tx.one(Q.reaches, district=agreement.district)
    return bool(row["until"] == agreement.until.isoformat())


def admins(tx: Tx, district: str, today: date) -> list[Recipient]:
    """The district's administrators who can be written to, one entry each."""
    return people.once(tx.all(Q.admins, district=district, today=today.isoformat()))
