"""The insured people of a village."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.people import State
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_NIK = "member.nik"
_DETAILS = "member.details"


@dataclass(frozen=True, slots=True)
class Member:
    """One insured person.  `details`: born, sex, place, mother, phone, wage (whole rupiah), kpj."""

    id: int
    village: str
    name: str
    nik: str
    details: Mapping[str, Any]
    category: str
    position: str
    since: date
    joined: date
    state: State
    state_at: datetime
    state_by: str


@dataclass(frozen=True, slots=True)
class New:
    """What a registration brings."""

    village: str
    name: str
    nik: str
    details: Mapping[str, Any]
    category: str
    position: str
    since: date
    joined: date
    state: State = State.SUBMITTED


def add(tx: Tx, new: New, by: int | None, now: datetime) -> int | None:
    """Register somebody; None if the NIK has an open registration in this village already."""
    row = tx.one(
        Q.add,
        village=new.village,
        name=new.name,
        nik=tx.vault.seal(_NIK, new.nik),
        nik_index=tx.vault.index(_NIK, new.nik),
        details=tx.vault.seal_json(_DETAILS, new.details),
        category=new.category,
        position=new.position,
        since=new.since.isoformat(),
        joined=new.joined.isoformat(),
        state=new.state.value,
        now=stamp(now),
        by=by,
    )
    return row["id"] if row else None


def by_nik(tx: Tx, village: str, nik: str) -> Member | None:
    """The open registration of a NIK in this village; other villages' people are never looked at."""
    row = tx.one(Q.by_nik, village=village, nik_index=tx.vault.index(_NIK, nik))
    return _member(tx, row) if row else None


def of_village(tx: Tx, village: str) -> list[Member]:
    """Everybody the village registered, also those who left, in the order of registration."""
    return [_member(tx, row) for row in tx.all(Q.of_village, village=village)]


def _member(tx: Tx, row: Mapping[str, Any]) -> Member:
    return Member(
        row["id"],
        row["village"],
        row["name"],
        tx.vault.open(_NIK, row["nik"]),
        tx.vault.open_json(_DETAILS, row["details"]),
        row["category"],
        row["position"],
        date.fromisoformat(row["since"]),
        date.fromisoformat(row["joined"]),
        State(row["state"]),
        datetime.fromisoformat(row["state_at"]),
        row["state_by"] or "",
    )


def insured(tx: Tx, village: str, last: date) -> list[tuple[int, str, int]]:
    """Whose contribution is owed for the month that ends with `last`: (member, category, wage)."""
    rows = tx.all(Q.insured, village=village, last=last.isoformat())
    return [
        (row["id"], row["category"], tx.vault.open_json(_DETAILS, row["details"])["wage"]) for row in rows
    ]
