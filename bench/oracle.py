"""What must be true at the end: the same messages, handled one by one by an engine that nothing disturbs."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import officers
from bench.officers import Officer, Step
from bot import texts
from bot.channels import memory
from bot.messages import Kind, Letter
from bot.store.database import Tx
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


async def expected(
    folder: Path, written: Mapping[Officer, Sequence[Step]], moments: Sequence[datetime]
) -> Expected:
    """Let officers write in an undisturbed world, then let the time pass to each moment."""
    async with world(folder, officers.START) as undisturbed:
        who = [*written, *officers.owing()]
        await undisturbed.store.transact(lambda tx: officers.link(tx, memory.NAME, who, officers.START))
        for officer, steps in written.items():
            for step in steps:
                await _take(undisturbed, str(officer.chat), step)
        for moment in moments:
            undisturbed.clock.move(moment)
            await undisturbed.engine.schedule.tick()
            await undisturbed.engine.settle()
        said: dict[int, list[str]] = defaultdict(list)
        for letter in undisturbed.channel.sent:
            if letter.kind is Kind.TEXT:
                said[int(letter.to.chat)].append(_as_sent(letter))
        states = await undisturbed.store.transact(lambda tx: states_of(tx, who))
    return Expected(said, states)


def _as_sent(letter: Letter) -> str:
    return comparable(texts.html(letter.text))


async def _take(undisturbed: World, user: str, step: Step) -> None:
    if step.kind == "tap":
        await undisturbed.presses(user, step.text)
    elif step.kind == "photo":
        content = step.text.encode()
        undisturbed.channel.files[step.text] = content
        file = {"id": step.text, "name": "photo.jpg", "mime": "image/jpeg", "size": len(content)}
        await undisturbed.says(user, shape="photo", file=file)
    else:
        await undisturbed.says(user, step.text)


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


def states_of(tx: Tx, who: Sequence[Officer]) -> dict[int, State]:
    """The rows of these officers."""
    return {officer.chat: _state(tx, str(officer.chat)) for officer in who}


def _state(tx: Tx, user: str) -> State:
    vault = tx.vault
    found = State()
    for row in tx.all(_MEMBERS, user=user):
        details = vault.open_json("member.details", row["details"])
        nik = vault.open("member.nik", row["nik"])
        found.members.append([*row[:2], nik, json.dumps(details, sort_keys=True), *row[4:]])
    for row in tx.all(_DRAFTS, user=user):
        found.drafts.append([*row[:3], vault.open_json("draft.body", row["body"])])
    for row in tx.all(_PAYMENTS, user=user):
        proof = vault.open_bytes("file.body", row["body"]) if row["body"] else None
        found.payments.append([*row[:4], proof])
    return found
