"""What was promised, and what happened: from the fake's own log and from the database."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import officers
from bench.officers import At, Officer
from bench.oracle import Expected, comparable, states_of
from bot import check
from bot.delivery import COPIES
from bot.store.database import Tx


@dataclass
class Kill:
    """One violent end: where, when, and the chats whose message was on its way."""

    point: str
    at: float
    sending: list[int] = field(default_factory=list)
    copies: int = 0  # messages that came twice because of it
    restart: float = 0.0  # seconds from the next start to its first handled update; 0: not measured


@dataclass
class Verdict:
    """What was broken; all zero is what is promised."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)  # nobody asked for it, or too often
    unsettled: list[str] = field(default_factory=list)  # rows that are not done, damage
    parked: list[str] = field(default_factory=list)  # never came: cut off as often as anything is tried
    disagreeing: list[str] = field(default_factory=list)  # rows that the platform's own book contradicts
    copies: int = 0

    @property
    def broken(self) -> list[str]:
        """Every broken promise, in words."""
        found = [*self.lost, *self.wrong, *self.out_of_order, *self.unexplained, *self.unsettled]
        return found + self.disagreeing


@dataclass(frozen=True)
class Written:
    """What people wrote, as its channel knows them and it."""

    at: At
    updates: Sequence[str]  # the channel's ids of what was brought
    chat: Callable[[str], int]  # the account behind the chat of a row
    disagreements: Callable[[Tx], list[str]]  # of the outbox with the platform's book


def judge_messages(calls: Sequence[Mapping[str, Any]], expected: Expected, kills: Sequence[Kill]) -> Verdict:
    """Hold what arrived against what should have."""
    verdict = Verdict()
    arrived: dict[int, list[tuple[str, float]]] = {}
    for call in calls:
        if call["method"] == "sendMessage" and call["executed"]:
            arrived.setdefault(int(call["chat"]), []).append((comparable(call["params"]["text"]), call["at"]))
    for chat in sorted({*arrived, *expected.said}):
        _judge_chat(verdict, chat, expected.said.get(chat, []), arrived.get(chat, []), kills)
    return verdict


def _judge_chat(
    verdict: Verdict,
    chat: int,
    due: Sequence[str],
    came: Sequence[tuple[str, float]],
    kills: Sequence[Kill],
) -> None:
    """Walk along what was due: what came already is a copy, what others overtook is out of order."""
    place = 0
    skipped: list[str] = []
    for text, at in came:
        if text in skipped:
            skipped.remove(text)
            verdict.out_of_order.append(f"chat {chat}: came late: {text[:60]!r}")
        elif text in due[place : place + 1] or (text in due[place:] and text not in due[:place]):
            found = due.index(text, place)
            skipped += due[place:found]
            place = found + 1
        elif text in due:
            verdict.copies += 1
            _blame(verdict, chat, at, kills)
        else:
            verdict.unexplained.append(f"chat {chat}: nobody expected {text[:60]!r}")
    verdict.lost += [f"chat {chat}: never came: {text[:60]!r}" for text in [*skipped, *due[place:]]]
    times = Counter(text for text, _ in came)
    verdict.unexplained += [
        f"chat {chat}: {count} times: {text[:60]!r}"
        for text, count in times.items()
        if count > COPIES * max(1, due.count(text))
    ]


def _blame(verdict: Verdict, chat: int, at: float, kills: Sequence[Kill]) -> None:
    """A copy belongs to the last kill that cut off a message to this chat."""
    for kill in reversed(kills):
        if kill.at < at and chat in kill.sending:
            kill.copies += 1
            return
    verdict.unexplained.append(f"chat {chat}: a message came twice though no kill cut it off")


def park(verdict: Verdict, chat: int, times: int) -> None:
    """Of what never came to a chat so much was given up, as promised: killed before each of its tries."""
    mine = [line for line in verdict.lost if line.startswith(f"chat {chat}: never came")][:times]
    verdict.parked += mine
    verdict.lost = [line for line in verdict.lost if line not in mine]


#: Messages that were tried as often as any is, without an answer, and reminders, which are tried once.
_PARKED = """
SELECT chat, COUNT(*) AS n FROM outbox
WHERE kind = 'text' AND status = 'unknown' AND (unknowns >= :copies OR repeatable = 0) GROUP BY chat
"""

#: Rows that are not done.  `unknown` is done: sent as often as promised, no answer ever came; whether
#: the person got it is judged by what arrived.  Nobody is asked to write who has written meanwhile.
_LEFT = """
SELECT 'inbox: ' || state AS what, COUNT(*) AS n FROM inbox WHERE state <> 'done' GROUP BY state
UNION ALL
SELECT 'outbox: ' || status, COUNT(*) FROM outbox WHERE status NOT IN ('sent', 'expired', 'unknown')
    AND NOT (status = 'cancelled' AND template = 'chat/knock') GROUP BY status
UNION ALL
SELECT 'job: ' || state, COUNT(*) FROM job WHERE state <> 'done' GROUP BY state
UNION ALL
SELECT 'plan: ' || outcome, COUNT(*) FROM plan WHERE outcome NOT IN ('queued', 'nobody linked') GROUP BY outcome
"""


async def judge_rows(
    verdict: Verdict,
    folder: Path,
    who: Sequence[Officer],
    expected: Expected,
    written: Written,
) -> None:
    """Hold the rows against what they should be; no bot may run."""
    async with officers.opened(folder) as store:
        states = await store.transact(lambda tx: states_of(tx, who, written.at))
        found = await store.transact(lambda tx: {row["external_id"] for row in tx.all(_KNOWN)})
        verdict.disagreeing += await store.transact(written.disagreements)
        left = await store.transact(lambda tx: [f"{row['n']} x {row['what']}" for row in tx.all(_LEFT)])
        tried = {
            written.chat(row["chat"]): row["n"]
            for row in await store.transact(lambda tx: tx.all(_PARKED, copies=COPIES))
        }
        villages = await store.transact(lambda tx: tx.one("SELECT COUNT(*) AS n FROM village")["n"])
        lines = await check.database(store, officers.START)
    verdict.lost += [
        f"update {update} was never taken in" for update in written.updates if update not in found
    ]
    for chat, times in tried.items():
        park(verdict, chat, times)
    for chat, state in states.items():
        if state != expected.states[chat]:
            verdict.wrong.append(f"chat {chat}: {state}, should be {expected.states[chat]}")
    verdict.unsettled += left
    if villages != len(officers.village_codes()):
        verdict.wrong.append(f"{villages} villages, should be {len(officers.village_codes())}")
    verdict.unsettled += [line for line in lines if "DAMAGED" in line or "BROKEN" in line]


#: How many reminders are planned, and how many of them have not left.
REMINDERS = """
SELECT (SELECT COUNT(*) FROM plan),
    (SELECT COUNT(*) FROM outbox WHERE lane = 3 AND template LIKE 'reminders/%' AND status IN ('ready', 'sending'))
"""
#: The chats whose message is on its way.
SENDING = "SELECT chat FROM outbox WHERE status = 'sending' AND kind = 'text'"
_KNOWN = "SELECT external_id FROM inbox"
