"""Studies: what a group would cost before a district adds it, and what the villages answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.dated import Segment
from bot.domain.groups import Terms
from bot.store import people
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp
from bot.store.people import Recipient

Q = queries(__file__)


class State(StrEnum):
    """Where a study stands."""

    ASKING = "asking"
    CLOSED = "closed"
    COUNTED = "counted"  # one number for all villages: nobody is asked


@dataclass(frozen=True, slots=True)
class Study:
    """One study; `body` as it was answered: name, segment, programmes, wage, sources."""

    id: int
    district: str
    body: Mapping[str, Any]
    each: int | None
    state: State
    rounds: int
    at: datetime

    @property
    def name(self) -> str:
        """Of the group."""
        return str(self.body["name"])

    @property
    def terms(self) -> Terms:
        """How its people would be insured."""
        body = self.body
        return Terms(Segment(body["segment"]), tuple(body["programmes"]), int(body["wage"]))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a village said, who, and when."""

    people: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """When the villages are written to, and once more; None: not at all."""

    first: datetime
    again: datetime


def _study(row: Row) -> Study:
    return Study(
        row["id"],
        row["district"],
        json.loads(row["body"]),
        row["each_village"],
        State(row["state"]),
        row["rounds"],
        datetime.fromisoformat(row["at"]),
    )


def add(tx: Tx, district: str, body: Mapping[str, Any], count: int | Asked, by: tuple[int, datetime]) -> int:
    """Keep a study, with one number for all villages, or when they are asked; returns its id."""
    asked = count if isinstance(count, Asked) else None
    number: int = tx.one(
        Q.add,
        district=district,
        body=json.dumps(body, ensure_ascii=False, sort_keys=True),
        each=None if asked else count,
        state=State.ASKING.value if asked else State.COUNTED.value,
        ask_at=stamp(asked.first) if asked else "",
        again_at=stamp(asked.again) if asked else "",
        by=by[0],
        now=stamp(by[1]),
    )["id"]
    return number


def get(tx: Tx, number: int) -> Study | None:
    """One study, of whatever district: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    return _study(row) if row else None


def of_district(tx: Tx, district: str) -> list[Study]:
    """All of a district, the newest first."""
    return [_study(row) for row in tx.all(Q.of_district, district=district)]


def due(tx: Tx, now: datetime) -> list[Study]:
    """Those whose villages are to be written to now, for the first or the second time."""
    return [_study(row) for row in tx.all(Q.due, now=stamp(now))]


def written(tx: Tx, study: Study) -> None:
    """The villages were written to once more."""
    tx.run(Q.written, id=study.id, rounds=study.rounds + 1)


def move(tx: Tx, study: Study, before: State, after: State) -> bool:
    """From one state to another; False if a colleague was faster."""
    return bool(tx.run(Q.move, id=study.id, before=before.value, after=after.value))


def let_pass(tx: Tx, study: Study, now: datetime) -> None:
    """The second time of writing to the villages is over by now: it is not made up for."""
    tx.run(Q.let_pass, id=study.id, now=stamp(now))


def answers(tx: Tx, number: int) -> dict[str, Answer]:
    """What was answered, by village."""
    found = tx.all(Q.answers, study=number)
    return {
        row["village"]: Answer(row["people"], row["by"], datetime.fromisoformat(row["at"])) for row in found
    }


def answer(tx: Tx, number: int, village: str, count: int, by: tuple[int, datetime]) -> bool:
    """Keep what a village says; the last word counts.  False if nobody is asked any more."""
    return bool(tx.run(Q.answer, study=number, village=village, people=count, by=by[0], now=stamp(by[1])))


def is_asked(tx: Tx, number: int, village: str) -> bool:
    """Whether the village is still to answer."""
    return tx.one(Q.is_asked, study=number, village=village) is not None


def unanswered(tx: Tx, study: Study, today: date) -> dict[str, list[Recipient]]:
    """Who can be written to of the villages that have not answered, by village."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in tx.all(Q.unanswered, study=study.id, district=study.district, today=today.isoformat()):
        found.setdefault(row["village"], []).append(row)
    return {village: people.once(rows) for village, rows in found.items()}


def asked(tx: Tx, study: Study, today: date) -> set[str]:
    """The villages that are asked: those with somebody who can be written to, and those that answered."""
    return {*unanswered(tx, study, today), *answers(tx, study.id)}


def reachable(tx: Tx, district: str, today: date) -> tuple[int, int]:
    """How many people would be asked, in how many villages."""
    row = tx.one(Q.reachable, district=district, today=today.isoformat())
    return row["people"], row["villages"]
