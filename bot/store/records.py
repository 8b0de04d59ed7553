"""What is only ever added: the audit chain and the plans; and the few values of the program itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot import points
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_FIRST = bytes(32)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done.  `details` hold ids, dates and counts, never personal data."""

    actor: int | None
    action: str
    object: str
    details: Mapping[str, Any]


def note(tx: Tx, now: datetime, act: Act) -> None:
    """Add one act to the chain."""
    last = tx.one(Q.last_audit)
    previous = last["hash"] if last else _FIRST
    row = {
        "seq": last["seq"] + 1 if last else 1,
        "at": stamp(now),
        "actor": act.actor,
        "action": act.action,
        "object": act.object,
        "details": json.dumps(act.details, ensure_ascii=False, sort_keys=True),
    }
    tx.run(Q.add_audit, **row, previous=previous, hash=_link(previous, row))
    points.reached("after_audit")


def _link(previous: bytes, row: Mapping[str, Any]) -> bytes:
    text = json.dumps([row[name] for name in ("seq", "at", "actor", "action", "object", "details")])
    return sha256(previous + text.encode()).digest()


def broken(tx: Tx) -> int | None:
    """The number of the first act that was altered or is missing, None while the chain holds."""
    previous = _FIRST
    for expected, row in enumerate(tx.all(Q.audit), start=1):
        if row["seq"] != expected or row["previous"] != previous or row["hash"] != _link(previous, row):
            return expected
        previous = row["hash"]
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What must not happen twice: one stage of one period, for one person of a village."""

    kind: str
    subject: str
    village: str
    period: str
    stage: str
    person: int

    @property
    def key(self) -> str:
        """In words, as the key of the message that follows from it."""
        return f"{self.kind}:{self.subject}:{self.village}:{self.period}:{self.stage}:{self.person}"


def plan(tx: Tx, plan_: Plan, now: datetime, outcome: str) -> bool:
    """Write the plan; False if it was written before, whoever wrote it."""
    return bool(
        tx.run(
            Q.plan,
            kind=plan_.kind,
            subject=plan_.subject,
            village=plan_.village,
            period=plan_.period,
            stage=plan_.stage,
            person=plan_.person,
            at=stamp(now),
            outcome=outcome,
        )
    )


def get(tx: Tx, name: str) -> str | None:
    """A value of the program's own."""
    row = tx.one(Q.get_meta, name=name)
    return row["value"] if row else None


def put(tx: Tx, name: str, value: str) -> None:
    """Keep a value of the program's own."""
    tx.run(Q.set_meta, name=name, value=value)
