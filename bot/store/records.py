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
_SHORT = 12  # of the 64 signs of a link
#: A link is told in letters: among its digits there may be what looks like somebody's telephone number.
_TOLD = str.maketrans("0123456789", "ghjkmnpqrs")
_READ = str.maketrans("ghjkmnpqrs", "0123456789")
#: The value of the program that holds the end of the chain.
_HEAD = "audit.head"
#: The act that says which acts were dropped by the rule of retention.
FORGET = "forget_audit"


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
    link = _link(previous, row)
    tx.run(Q.add_audit, **row, previous=previous, hash=link)
    put(tx, _HEAD, f"{row['seq']}:{link.hex()}")  # so that acts cut off the end are missed
    points.reached("after_audit")


def _link(previous: bytes, row: Mapping[str, Any]) -> bytes:
    text = json.dumps([row[name] for name in ("seq", "at", "actor", "action", "object", "details")])
    return sha256(previous + text.encode()).digest()


def broken(tx: Tx) -> int | None:
    """The number of the first act that was altered or is missing, at the end too; None while the chain holds."""
    number, previous = _begin(tx)
    for row in tx.all(Q.audit):
        number += 1
        if row["seq"] != number or row["previous"] != previous or row["hash"] != _link(previous, row):
            return number
        previous = row["hash"]
    told = get(tx, _HEAD)
    return None if told in (None, f"{number}:{previous.hex()}") else number + 1


def _begin(tx: Tx) -> tuple[int, bytes]:
    """The last act that was forgotten, and its link: an act of the chain itself says which that is."""
    last = tx.one(Q.forgotten)
    if last is None:
        return 0, _FIRST
    details = json.loads(last["details"])
    return int(details["upto"]), bytes.fromhex(details["link"])


def forgotten(tx: Tx) -> int:
    """The number of the last act that was dropped, as the chain itself says: whoever can write rows can say so too."""
    return _begin(tx)[0]


def forget(tx: Tx, before: datetime, now: datetime) -> None:
    """Drop the acts before then; the chain goes on from the last of them, whose link is kept in a new act."""
    last = tx.one(Q.last_before, before=stamp(before))
    if last is not None:
        note(tx, now, Act(None, FORGET, "audit", {"upto": last["seq"], "link": last["hash"].hex()}))
        tx.run(Q.forget_audit, upto=last["seq"])


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some moment: who has it can tell later whether anything before it was touched."""

    number: int
    link: str  # of the act, or its beginning

    @property
    def code(self) -> str:
        """Short enough for one line in a group, as in "1842-kfsacghbqqdj"."""
        return f"{self.number}-{self.link[:_SHORT].translate(_TOLD)}"

    @classmethod
    def parse(cls, code: str) -> "Head":
        """What `code` says, also one of before, with its digits; `ValueError` for anything else."""
        number, _, told = code.strip().lower().partition("-")
        link = told.translate(_READ)
        if not number.isdecimal() or len(link) != _SHORT or set(link) - set("0123456789abcdef"):
            raise ValueError("a code of the chain looks like 1842-kfsacghbqqdj")
        return cls(int(number), link)


def head(tx: Tx) -> Head:
    """The end of the chain now."""
    last = tx.one(Q.last_audit)
    return Head(last["seq"], last["hash"].hex()) if last else Head(0, "")


def agrees(tx: Tx, told: Head) -> bool:
    """Whether the act that a head names is still there as it was; what was forgotten by rule agrees."""
    begin, link = _begin(tx)
    if told.number <= begin:
        return told.number < begin or link.hex().startswith(told.link)
    row = tx.one(Q.act, seq=told.number)
    return row is not None and row["hash"].hex().startswith(told.link)


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


def marks(tx: Tx) -> Mapping[str, str]:
    """Until when each planner has planned, by its name."""
    return {row["name"]: row["value"] for row in tx.all(Q.marks)}


def mark(tx: Tx, planned: Mapping[str, str]) -> None:
    """Until when these planners have planned."""
    tx.many(Q.set_meta, [{"name": f"planned:{name}", "value": value} for name, value in planned.items()])
