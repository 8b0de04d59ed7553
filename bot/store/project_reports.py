"""Instalments of projects: reported by a village, looked at by a second person, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.projects import Part
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp
from bot.store.payments import State

Q = queries(__file__)


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported and what became of it; `by` and `checked_by` are names of people."""

    id: int
    project: int
    parts: tuple[int, ...]
    amount: int
    state: State
    reported_at: datetime
    reported_by: int
    by: str
    checked_at: datetime | None
    checked_by: str
    reason: str


def report(tx: Tx, project: int, parts: Sequence[Part], by: int, now: datetime) -> int | None:
    """These instalments are paid; None, and nothing kept, where a colleague was faster with one of them."""
    numbers = ",".join(str(part.number) for part in parts)
    amount = sum(part.amount for part in parts)
    row = tx.one(Q.report, project=project, parts=numbers, amount=amount, by=by, now=stamp(now))
    number: int = row["id"]
    if all(tx.run(Q.pay, project=project, number=part.number, report=number) for part in parts):
        return number
    tx.run(Q.release, report=number)
    tx.run(Q.withdraw, id=number, by=by)
    return None


def get(tx: Tx, number: int) -> Report | None:
    """One report, of whatever village: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    return _report(row) if row else None


def of_project(tx: Tx, project: int) -> list[Report]:
    """All reports of a project, in the order in which they came."""
    return [_report(row) for row in tx.all(Q.of_project, project=project)]


def waiting(tx: Tx, district: str) -> list[Report]:
    """What nobody of the office has looked at, the oldest first."""
    return [_report(row) for row in tx.all(Q.waiting, district=district)]


def mine(tx: Tx, village: str, by: int, since: datetime) -> list[Report]:
    """A person's own reports since then that nobody has looked at, the newest first."""
    return [_report(row) for row in tx.all(Q.mine, village=village, by=by, since=stamp(since))]


def withdraw(tx: Tx, number: int, by: int) -> bool:
    """Take back one's own report, as long as no proof hangs on it."""
    return _released(tx, number, tx.run(Q.withdraw, id=number, by=by))


def check(tx: Tx, number: int, state: State, reason: str, by: tuple[int, datetime]) -> bool:
    """A second person found it right, or to be corrected; False if somebody was faster, or it is their own."""
    person, at = by
    done = tx.run(Q.check, id=number, state=state.value, reason=reason, by=person, now=stamp(at))
    return bool(done) if state is State.RECORDED else _released(tx, number, done)


def reverse(tx: Tx, number: int, reason: str, by: tuple[int, datetime]) -> bool:
    """A recorded report was found wrong: it stays in the history and pays nothing any more."""
    person, at = by
    return _released(tx, number, tx.run(Q.reverse, id=number, reason=reason, by=person, now=stamp(at)))


def _released(tx: Tx, number: int, done: int) -> bool:
    """Its instalments are open again."""
    if done:
        tx.run(Q.release, report=number)
    return bool(done)


def prove(tx: Tx, number: int, file: int, now: datetime) -> bool:
    """Hang a kept file on a report; False once it was looked at or taken back."""
    return bool(tx.run(Q.prove, id=number, file=file, now=stamp(now)))


def proofs(tx: Tx, number: int) -> list[tuple[int, datetime]]:
    """The files that prove a report and when each came, in their order."""
    return [(row["file"], datetime.fromisoformat(row["at"])) for row in tx.all(Q.proofs, report=number)]


def _report(row: Row) -> Report:
    return Report(
        row["id"],
        row["project"],
        tuple(int(number) for number in row["parts"].split(",")),
        row["amount"],
        State(row["state"]),
        datetime.fromisoformat(row["reported_at"]),
        row["reported_by"],
        row["by_name"],
        datetime.fromisoformat(row["checked_at"]) if row["checked_at"] else None,
        row["checker_name"] or "",
        row["reason"],
    )
