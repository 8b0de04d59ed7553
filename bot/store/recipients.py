"""Who gets a broadcast, once each, and what became of it; what they answer to an invitation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.audience import Officer, Recipient, Way
from bot.domain.offices import Role
from bot.messages import Address
from bot.store import windows
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_WINDOW = timedelta(days=60)  # in which what is to be forgotten is looked for
_MAY_CHANGE = '["sent", "held", "unknown"]'


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient."""

    person: int
    name: str
    villages: tuple[str, ...]
    role: Role
    to: Address
    key: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Reports:
    """What platforms told of the messages sent there, where they tell: how many arrived, and were read."""

    told: int = 0
    delivered: int = 0
    read: int = 0
    stencils: int = 0  # left as an approved text


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the messages so far.  Who must write first is `held`: neither sent nor given up."""

    by_state: Mapping[str, int] = field(default_factory=dict)
    blocked: int = 0
    again: int = 0  # of the open ones, those that are tried once more

    @property
    def total(self) -> int:
        """Everybody it goes to."""
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        """How many have no message yet, or one that is on its way."""
        return self.of("planned") + self.of("queued")

    def of(self, state: str) -> int:
        """How many are in this state."""
        return self.by_state.get(state, 0)


@dataclass(frozen=True, slots=True)
class Doors:
    """How it goes, at a moment, to who has not written for too long: by channel that minds it."""

    at: datetime
    closed: Mapping[str, Way] = field(default_factory=dict)


def officers(tx: Tx, district: str, today: date, doors: Doors) -> list[Officer]:
    """Everybody in office in a district's villages, once for each address, the one used last first."""
    return [_officer(row, doors) for row in tx.all(Q.officers, district=district, today=today.isoformat())]


def _officer(row: Any, doors: Doors) -> Officer:
    channel = row["channel"] or ""
    minds = channel in doors.closed and (row["until"] or "") <= stamp(doors.at)
    return Officer(
        row["person"],
        row["name"],
        Role(row["role"]),
        row["village"],
        channel,
        (row["chat"] or "") if row["reachable"] else "",
        bool(row["muted_at"]),
        doors.closed[channel] if minds else Way.FREE,
        minds and (row["begun_at"] or "") <= stamp(doors.at - windows.ROLLING),
    )


def may_get(tx: Tx, person: int, district: str, today: date) -> bool:
    """Whether the person still serves a village of the district and takes broadcasts."""
    return tx.one(Q.may_get, person=person, district=district, today=today.isoformat()) is not None


def key_of(number: int, person: int) -> str:
    """The key of the first try for one person."""
    return f"broadcast:{number}:{person}"


def add(tx: Tx, number: int, found: Iterable[Recipient]) -> None:
    """Everybody it goes to; who is there already stays as they are."""
    rows: list[Mapping[str, Any]] = [
        {
            "broadcast": number,
            "person": one.officer.person,
            "villages": " ".join(one.villages),
            "role": one.officer.role.value,
            "channel": one.officer.channel,
            "chat": one.officer.chat,
            "key": key_of(number, one.officer.person),
        }
        for one in found
    ]
    tx.many(Q.add_recipient, rows)


def _each(number: int, rows: Sequence[Row]) -> list[Mapping[str, Any]]:
    return [{"broadcast": number, "person": row.person} for row in rows]


def _row(row: Any) -> Row:
    villages = tuple(row["villages"].split())
    to = Address(row["channel"], row["chat"])
    return Row(row["person"], row["name"], villages, Role(row["role"]), to, row["key"], row["answer"])


def planned(tx: Tx, number: int, count: int) -> list[Row]:
    """The next recipients without a message."""
    return [_row(row) for row in tx.all(Q.planned, broadcast=number, count=count)]


def queued(tx: Tx, number: int, rows: Sequence[Row]) -> None:
    """Their messages stand in the outbox."""
    tx.many(Q.queued, _each(number, rows))


def settle(tx: Tx, number: int) -> None:
    """Take over what became of the messages; what is told later of those that were sent or held, too."""
    tx.run(Q.settle, broadcast=number, states='["queued"]', late="")
    tx.run(Q.lose, broadcast=number)
    if late := _late(tx):
        tx.run(Q.settle, broadcast=number, states=_MAY_CHANGE, late=late)


def _late(tx: Tx) -> str:
    """The channels of which something is heard after a message was sent, as JSON; "" if there is none."""
    found = list(windows.tiers(tx))
    return json.dumps(found) if found else ""


def changing(tx: Tx, since: datetime) -> list[int]:
    """Broadcasts that ended since then, of which something may still be heard."""
    late = _late(tx)
    return [row["id"] for row in tx.all(Q.changing, since=stamp(since), late=late)] if late else []


def drop_held(tx: Tx, number: int, now: datetime) -> None:
    """Who must write first does not get it any more."""
    settle(tx, number)
    tx.run(Q.drop_held, broadcast=number, now=stamp(now))
    settle(tx, number)


def state(tx: Tx, number: int, person: int) -> str:
    """What was found last of one person's message; "" where there is none."""
    row = tx.one(Q.state, broadcast=number, person=person)
    return row["state"] if row else ""


def villages(tx: Tx, number: int) -> tuple[set[str], list[str]]:
    """Codes of the villages where somebody has it or will, and of the others where they must write first."""
    rows = tx.all(Q.villages, broadcast=number)
    reached = {code for row in rows if row["state"] != "held" for code in row["villages"].split()}
    waiting = (code for row in rows if row["state"] == "held" for code in row["villages"].split())
    return reached, [code for code in dict.fromkeys(waiting) if code not in reached]


def drop_planned(tx: Tx, number: int) -> int:
    """Who has no message yet gets none, or no second one; returns how many that are."""
    return tx.run(Q.drop_planned, broadcast=number)


def tally(tx: Tx, number: int) -> Tally:
    """What became of the messages so far."""
    found: dict[str, int] = {}
    blocked = again = 0
    for row in tx.all(Q.counts, broadcast=number):
        found[row["state"]] = found.get(row["state"], 0) + row["n"]
        blocked += row["n"] if (row["state"], row["why"]) == ("failed", "blocked") else 0
        again += row["n"] if row["again"] and row["state"] in ("planned", "queued") else 0
    return Tally(found, blocked, again)


def reports(tx: Tx, number: int) -> Reports:
    """What was told of them afterwards."""
    late = _late(tx)
    if not late:
        return Reports()
    row = tx.one(Q.reported, broadcast=number, late=late)
    return Reports(row["n"], row["delivered"], row["read"], row["stencils"])


def in_state(tx: Tx, number: int, state: str, page: tuple[int, int]) -> list[Row]:
    """Recipients in a state; `page` is how many to skip, and how many to name."""
    skip, count = page
    return [_row(row) for row in tx.all(Q.in_state, broadcast=number, state=state, skip=skip, count=count)]


def retry(tx: Tx, number: int, state: str, able: Iterable[Recipient]) -> int:
    """Plan those in this state once more who can be written to now, under a new key; returns how many."""
    return sum(
        tx.run(
            Q.retry,
            broadcast=number,
            person=one.officer.person,
            channel=one.officer.channel,
            chat=one.officer.chat,
            state=state,
        )
        for one in able
    )


# -- meetings ----------------------------------------------------------------------------------


def forget(tx: Tx, before: datetime) -> None:
    """Drop where people were written to by broadcasts that ended before then; the counts stay."""
    tx.run(Q.forget, before=stamp(before), since=stamp(before - _WINDOW))


def lose_chat(tx: Tx, channel: str, chat: str) -> None:
    """Nobody we know is written to there any more."""
    tx.run(Q.lose_chat, channel=channel, chat=chat)


def recipient(tx: Tx, number: int, person: int) -> Row | None:
    """One person's row, None where it did not go to them."""
    row = tx.one(Q.recipient, broadcast=number, person=person)
    return _row(row) if row else None


def answer(tx: Tx, number: int, person: int, said: str, now: datetime) -> None:
    """What somebody answers to an invitation; the last answer counts."""
    tx.run(Q.answer, broadcast=number, person=person, answer=said, now=stamp(now))


def answers(tx: Tx, number: int) -> dict[str, int]:
    """How many gave which answer; "" is none."""
    return {row["answer"]: row["n"] for row in tx.all(Q.answers, broadcast=number)}


def invited(tx: Tx, number: int) -> list[Row]:
    """Everybody who may have read the invitation, by village."""
    return [_row(row) for row in tx.all(Q.invited, broadcast=number)]


def unreminded(tx: Tx, number: int, count: int, *, first: bool) -> list[Row]:
    """Who did not say no, and has not been reminded; if `first`, only who was invited but once."""
    return [_row(row) for row in tx.all(Q.unreminded, broadcast=number, count=count, first=int(first))]


def reminded(tx: Tx, number: int, rows: Sequence[Row]) -> None:
    """They are reminded."""
    tx.many(Q.reminded, _each(number, rows))


def untold(tx: Tx, number: int, count: int) -> list[Row]:
    """Who must still be told that the meeting is called off."""
    return [_row(row) for row in tx.all(Q.untold, broadcast=number, count=count)]


def some_told(tx: Tx, number: int) -> bool:
    """Whether the word that the meeting is called off has begun to go round."""
    return tx.one(Q.some_told, broadcast=number) is not None


def told_off(tx: Tx, number: int, rows: Sequence[Row]) -> None:
    """They are told."""
    tx.many(Q.told_off, _each(number, rows))


def address(one: Recipient) -> Address:
    """Where a recipient is written to."""
    return Address(one.officer.channel, one.officer.chat)
