"""What must be true at the end: the same messages, handled one by one by an engine that nothing disturbs."""

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bench import officers
from bench.officers import At, Officer, Step
from bot import texts
from bot.channels import memory
from bot.clock import ManualClock
from bot.engine import Engine
from bot.messages import Address, Kind
from bot.store.database import Store, Tx
from tests.world import World, world

#: Moments differ between two runs; everything else that is said may not.
_MOMENT = re.compile(r"\b\d\d\.\d\d (?=WI[BT]A?)|\b\d{1,2} Desember 2026")


@dataclass
class State:
    """Rows that the messages of an officer led to, in a form that two databases can be compared in."""

    members: list[Any] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)
    payments: list[Any] = field(default_factory=list)


@dataclass
class Expected:
    """Messages in order, and rows, by account."""

    said: dict[int, list[str]]
    states: dict[int, State]


def comparable(text: str) -> str:
    """A sent text without the moment it was sent at."""
    return _MOMENT.sub("~", text)


class Quiet(Protocol):
    """A bot on one channel that nothing disturbs."""

    @property
    def store(self) -> Store:
        """Its store."""
        ...

    @property
    def clock(self) -> ManualClock:
        """Its clock."""
        ...

    @property
    def engine(self) -> Engine:
        """What is moved by hand."""
        ...

    def at(self, chat: int) -> Address:
        """See `officers.At`."""
        ...

    async def take(self, chat: int, step: Step) -> None:
        """Let somebody take a step, and the bot answer it."""
        ...

    def said(self) -> Iterable[tuple[int, str]]:
        """What the bot said, in order, and to whom."""
        ...


async def expected(
    quiet: Quiet, written: Mapping[Officer, Sequence[Step]], moments: Sequence[datetime]
) -> Expected:
    """Let officers write in an undisturbed world, then let the time pass to each moment."""
    who = [*written, *officers.owing()]
    await quiet.store.transact(lambda tx: officers.link(tx, who, quiet.at, officers.START))
    for officer, steps in written.items():
        for step in steps:
            await quiet.take(officer.chat, step)
    for moment in moments:
        quiet.clock.move(moment)
        await quiet.engine.schedule.tick()
        await quiet.engine.settle()
    said: dict[int, list[str]] = defaultdict(list)
    for chat, text in quiet.said():
        said[chat].append(comparable(text))
    states = await quiet.store.transact(lambda tx: states_of(tx, who, quiet.at))
    return Expected(said, states)


class InMemory:
    """The world of the tests: what it says is what Telegram is asked to send."""

    def __init__(self, undisturbed: World) -> None:
        self.store = undisturbed.store
        self.clock = undisturbed.clock
        self.engine = undisturbed.engine
        self._world = undisturbed

    def at(self, chat: int) -> Address:
        """See `Quiet`."""
        return Address(memory.NAME, str(chat))

    async def take(self, chat: int, step: Step) -> None:
        """See `Quiet`."""
        user = str(chat)
        if step.kind == "tap":
            await self._world.presses(user, step.text)
        elif step.kind == "photo":
            content = step.text.encode()
            self._world.channel.files[step.text] = content
            file = {"id": step.text, "name": "photo.jpg", "mime": "image/jpeg", "size": len(content)}
            await self._world.says(user, shape="photo", file=file)
        else:
            await self._world.says(user, step.text)

    def said(self) -> Iterator[tuple[int, str]]:
        """See `Quiet`."""
        for letter in self._world.channel.sent:
            if letter.kind is Kind.TEXT:
                yield int(letter.to.chat), texts.html(letter.text)


@asynccontextmanager
async def in_memory(folder: Path) -> AsyncIterator[Quiet]:
    """A new world in this folder."""
    async with world(folder, officers.START) as undisturbed:
        yield InMemory(undisturbed)


_MEMBERS = """
SELECT m.village, m.name, m.nik, m.details, m.category, m.position, m.since, m.state
FROM member AS m JOIN address AS a ON a.person = m.state_by WHERE a.user = :user ORDER BY m.id
"""
_DRAFTS = """
SELECT d.village, d.form, d.active, d.body FROM draft AS d JOIN address AS a ON a.person = d.person
WHERE a.user = :user ORDER BY d.village, d.form
"""
_PAYMENTS = """
SELECT p.village, p.month, p.segment, p.state, f.body FROM payment AS p
JOIN address AS a ON a.person = p.reported_by LEFT JOIN file AS f ON f.id = p.proof
WHERE a.user = :user ORDER BY p.id
"""


def states_of(tx: Tx, who: Sequence[Officer], at: At) -> dict[int, State]:
    """The rows of these officers."""
    return {officer.chat: _state(tx, at(officer.chat).chat) for officer in who}


def _state(tx: Tx, user: str) -> State:
    vault = tx.vault
    found = State()
    for row in tx.all(_MEMBERS, user=user):
        details = vault.open_json("member.details", row["details"])
        nik = vault.open("member.nik", row["nik"])
        found.members.append([*row[:2], nik, json.dumps(details, sort_keys=True), *row[4:]])
    for row in tx.all(_DRAFTS, user=user):
        body = vault.open_json("draft.body", row["body"])
        body["asked"] = sorted(body["asked"].values())  # where: a chat has another name in each database
        found.drafts.append([*row[:3], body])
    for row in tx.all(_PAYMENTS, user=user):
        proof = vault.open_bytes("file.body", row["body"]) if row["body"] else None
        found.payments.append([*row[:4], proof])
    return found
