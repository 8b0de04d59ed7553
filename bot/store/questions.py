"""What officers of villages ask the district's office, what it answers, and the cards in its groups."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.offices import Role
from bot.messages import Address
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "question_line.body"


class State(StrEnum):
    """Where a question stands."""

    OPEN = "open"  # it waits for an answer
    ANSWERED = "answered"
    CLOSED = "closed"  # the office said that it is settled


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `waits_since` counts from the first words that nobody has answered."""

    id: int
    district: str
    village: str
    person: int
    name: str
    role: Role
    state: State
    waits_since: datetime
    said_at: datetime
    taken_by: int | None
    taker: str

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said to it: words, or what they were doing when they asked for help, or both."""

    id: int
    by: int
    name: str
    answer: bool
    words: str
    doing: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A message of the bot in a group of the office; `key` is its key in the outbox."""

    key: str
    to: Address
    at: datetime


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """An answer of which it is not known whether it arrived, and where it was given."""

    line: int
    key: str
    question: int
    by: int
    given: Address


def _question(row: Any) -> Question:
    return Question(
        row["id"],
        row["district"],
        row["village"],
        row["person"],
        row["name"],
        Role(row["role"]),
        State(row["state"]),
        datetime.fromisoformat(row["waits_since"]),
        datetime.fromisoformat(row["said_at"]),
        row["taken_by"],
        row["taker"] or "",
    )


def ask(tx: Tx, village: str, who: tuple[int, Role], now: datetime) -> int:
    """A new question of a person, for the village they speak about; returns its number."""
    person, role = who
    row = tx.one(Q.ask, district=village[:5], village=village, person=person, role=role.value, now=stamp(now))
    number: int = row["id"]
    return number


def again(tx: Tx, number: int, role: Role, now: datetime) -> None:
    """Whoever asked goes on: the question waits for an answer again."""
    tx.run(Q.again, id=number, role=role.value, now=stamp(now))


def get(tx: Tx, number: int) -> Question | None:
    """One question, of whatever district: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    return _question(row) if row else None


def last_of(tx: Tx, person: int, village: str) -> Question | None:
    """What somebody asked last for a village."""
    row = tx.one(Q.last_of, person=person, village=village)
    return get(tx, row["id"]) if row else None


def waiting(tx: Tx, district: str) -> list[Question]:
    """What waits for an answer, the longest first."""
    return [_question(row) for row in tx.all(Q.open, district=district)]


def older(tx: Tx, district: str, before: datetime) -> int:
    """How many questions wait since then or longer."""
    count: int = tx.one(Q.older, district=district, before=stamp(before))["n"]
    return count


def say(
    tx: Tx, number: int, line: tuple[str, str], by: tuple[int, datetime], given: Address | None = None
) -> int:
    """Add words and what was being done to a question; an answer names where it was `given`.

    Returns the line's id.
    """
    person, now = by
    row = tx.one(
        Q.said,
        question=number,
        by=person,
        answer=int(given is not None),
        body=tx.vault.seal_json(_BODY, line),
        now=stamp(now),
        channel=given.channel if given else "",
        chat=given.chat if given else "",
        thread=given.thread if given else "",
    )
    found: int = row["id"]
    return found


def lines(tx: Tx, number: int) -> list[Line]:
    """What was said, in its order."""
    found = []
    for row in tx.all(Q.lines, question=number):
        words, doing = tx.vault.open_json(_BODY, row["body"])
        at = datetime.fromisoformat(row["at"])
        found.append(Line(row["id"], row["by"], row["name"], bool(row["answer"]), words, doing, at))
    return found


def asked_last(tx: Tx, number: int) -> list[Line]:
    """What was asked since the last answer; where there is nothing, what that answer was for."""
    batch: list[Line] = []
    over = False
    for line in lines(tx, number):
        if line.answer:
            over = True
        else:
            batch = [line] if over else [*batch, line]
            over = False
    return batch


def take(tx: Tx, number: int, by: int) -> bool:
    """Somebody says that they will answer; False where a colleague was faster, or it is over."""
    return bool(tx.run(Q.take, id=number, by=by))


def answered(tx: Tx, number: int, by: int, now: datetime) -> None:
    """An answer was given."""
    tx.run(Q.answered, id=number, by=by, now=stamp(now))


def close(tx: Tx, number: int, by: int, now: datetime) -> bool:
    """It is settled; False if it was before."""
    return bool(tx.run(Q.set_state, id=number, state=State.CLOSED.value, by=by, now=stamp(now)))


def reopen(tx: Tx, number: int) -> None:
    """An answer did not arrive: the question waits again."""
    tx.run(Q.reopen, id=number)


def on_its_way(tx: Tx, line: int, key: str) -> None:
    """The answer is the message of this key; an empty one: what became of it is known."""
    tx.run(Q.sent, id=line, key=key)


def on_their_way(tx: Tx, district: str) -> list[OnItsWay]:
    """Answers of which it is not known yet whether they arrived."""
    return [
        OnItsWay(
            row["id"],
            row["key"],
            row["question"],
            row["by"],
            Address(row["channel"], row["chat"], row["thread"]),
        )
        for row in tx.all(Q.on_their_way, district=district)
    ]


def add_card(tx: Tx, number: int, key: str, to: Address, now: datetime) -> None:
    """A card of the question goes to a group."""
    tx.run(
        Q.add_card,
        key=key,
        question=number,
        channel=to.channel,
        chat=to.chat,
        thread=to.thread,
        now=stamp(now),
    )


def cards(tx: Tx, number: int) -> list[Card]:
    """The newest card of a question in each group."""
    newest: dict[str, Card] = {}
    for row in tx.all(Q.cards, question=number):
        to = Address(row["channel"], row["chat"], row["thread"])
        newest[to.conversation] = Card(row["key"], to, datetime.fromisoformat(row["at"]))
    return list(newest.values())


def behind(tx: Tx, key: str, *, behind: bool) -> None:
    """The question went on while its card was still on its way; or the card says all of it."""
    tx.run(Q.behind, key=key, behind=int(behind))


def all_behind(tx: Tx) -> dict[int, str]:
    """Questions with a card that says less than it should, and can be edited by now; with their district."""
    return {row["id"]: row["district"] for row in tx.all(Q.all_behind)}


def edited(tx: Tx, key: str, now: datetime) -> int:
    """The number of the edit of a card that is made now: those before it that wait are dropped."""
    row = tx.one(Q.edited, key=key)
    tx.run(Q.superseded, first=f"{key}:edit:", last=f"{key}:edit;", now=stamp(now))
    number: int = row["edits"]
    return number


def forget(tx: Tx, before: datetime) -> None:
    """Drop what was answered or settled before then, words and all."""
    for sql in (Q.forget_cards, Q.forget_lines, Q.forget):
        tx.run(sql, before=stamp(before))
