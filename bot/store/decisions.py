"""What a district decided in chat: rows of the rules, each from a date on, and sentences of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.vault import Vault

Q = queries(__file__)

#: How often this process decided or revoked something, also in transactions that failed; one entry for
#: each open store, which its vault stands for.
_changes: WeakKeyDictionary[Vault, int] = WeakKeyDictionary()


class Mark(NamedTuple):
    """What is decided is the same wherever this is.

    Rows are only added and revoked, so in one course of things `made` and `in_force` tell any two moments
    apart.  A transaction that fails starts another course: then the next change has another number.
    """

    change: int
    made: int
    in_force: int
    ids: int  # the sum of those in force
    at: str
    revoked_at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: `name` is a table of the rules (or one of ours), `body` the row as JSON has it."""

    id: int
    district: str
    name: str
    body: Mapping[str, object]
    at: datetime
    by: str


def _decision(row: Any) -> Decision:
    body = json.loads(row["body"])
    at = datetime.fromisoformat(row["at"])
    return Decision(row["id"], row["district"], row["name"], body, at, row["by"])


def mark(tx: Tx) -> Mark:
    """Changes with every decision made or revoked, and when that is rolled back."""
    return Mark(_changes.get(tx.vault, 0), *tx.one(Q.mark))


def _changed(tx: Tx) -> None:
    _changes[tx.vault] = _changes.get(tx.vault, 0) + 1


def in_force(tx: Tx) -> list[Decision]:
    """All that is not revoked, in the order in which it was decided."""
    return [_decision(row) for row in tx.all(Q.in_force)]


def of_district(tx: Tx, district: str, name: str) -> list[Decision]:
    """What a district decided about a table and did not revoke, the oldest first."""
    return [_decision(row) for row in tx.all(Q.of_district, district=district, name=name)]


def decide(tx: Tx, district: str, name: str, body: Mapping[str, object], by: tuple[int, datetime]) -> int:
    """Keep a decision: `by` is who, and when; returns its id."""
    _changed(tx)
    person, at = by
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    row = tx.one(Q.decide, district=district, name=name, body=text, by=person, now=stamp(at))
    number: int = row["id"]
    return number


def revoke(tx: Tx, number: int, district: str, now: datetime) -> bool:
    """Take a decision of the district back; False if it was taken back before."""
    _changed(tx)
    return bool(tx.run(Q.revoke, id=number, district=district, now=stamp(now)))
