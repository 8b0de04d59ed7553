"""The twelve invariants of a simulated bot, looked at by one function after every step.

Those of a message (I3, I4, I6, I8, I9, I12) are judged in the moment in which it arrives (`weather.py`) and only
collected here; those of rows are asked of the database, what costs much (`deep`) at each month's end.

    I1  every event ends handled, or put aside for a person to look at: none is in hand, none is left
    I2  the books are what people's payments, the members and the rules make of them (`promises.judge_books`)
    I3  what stands as sent arrived; what people wrote is in the inbox once, and answered
    I4  at most three copies of an answer, one of anything else
    I5  no process that ended explains more copies than there were senders
    I6  first arrivals of a chat and lane come in the order of their rows
    I7  a planned reminder is one plan and one message
    I8  nothing to who left office, blocked us, or paid
    I9  no NIK in words, in the log, in the file of the database; to a group only what was made for one
    I10 the audit chain holds
    I11 the file and its references are whole
    I12 nothing arrives past its expiry
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench import promises
from bench.weather import Seen
from bot.delivery import SENDERS
from bot.domain.rulebook import Rules
from bot.store import copies, records, soundness
from bot.store.database import Tx
from bot.store.inbox import stamp

#: What `soundness` and the queues say: these two are asked after every step, and so they read few rows.
_STUCK = """
SELECT external_id FROM inbox WHERE state IN ('new', 'taken') AND (state = 'taken' OR not_before < :before) LIMIT 5
"""
_LEFT = """
SELECT key FROM outbox WHERE status IN ('ready', 'sending') AND status = 'sending' AND lease_until < :before LIMIT 5
"""
_HANDLED = "SELECT external_id, state FROM inbox WHERE channel = 'memory' AND received_at >= :since"
_KEPT = "SELECT 1 FROM inbox WHERE channel = 'memory' AND external_id = :number"
_UNANSWERED = """
SELECT i.external_id FROM inbox AS i
WHERE i.channel = 'memory' AND i.state = 'done' AND i.received_at >= :since AND i.conversation NOT LIKE 'memory:#%'
    AND NOT EXISTS (
        SELECT 1 FROM outbox AS o
        WHERE o.key >= 'u:memory:' || i.external_id || ':' AND o.key < 'u:memory:' || i.external_id || ';'
    )
    AND NOT EXISTS (  -- what is said once a minute to whoever serves nowhere
        SELECT 1 FROM outbox AS o
        WHERE o.key >= 'noise:' || i.conversation || ':' AND o.key < 'noise:' || i.conversation || ';'
            AND substr(o.created_at, 1, 16) >= substr(i.received_at, 1, 16)
    )
"""
_SAID = "SELECT key, status, kind, error, ended_at FROM outbox WHERE created_at >= :since"
_KEYS = "SELECT key FROM outbox"
#: Two looks share some days, because the clock may be set back between them.
OVERLAP = timedelta(days=3)
#: Whoever is made up has a NIK of the first subdistrict of 64.02.  What it begins with stands first, and is found fast.
NIK = re.compile(rb"640201(?<![0-9]640201)[0-9]{10}(?![0-9])")


@dataclass(slots=True)
class Ground:
    """What the simulation knows and the bot does not."""

    rules: Rules
    seen: Seen
    folder: Path
    accepted: set[str] = field(default_factory=set)  # events that the bot said it has
    filed: set[str] = field(default_factory=set)  # whose file is fetched first: answered by the job's result
    ends: int = 0  # of processes while they were sending
    checked: records.Head = field(default_factory=lambda: records.Head(0, ""))
    since: str = ""  # the last deep look


def broken(tx: Tx, ground: Ground, now: datetime, *, deep: bool = False) -> list[str]:
    """Every invariant that does not hold, with its number; nothing while all is well."""
    found = [*ground.seen.wrong, *_queues(tx, now), *_chain(tx, ground)]
    ground.seen.wrong.clear()
    if ground.seen.extra > SENDERS * ground.ends:
        found.append(f"I5 {ground.seen.extra} copies by {ground.ends} ends of a process")
    if deep:
        found += [*_events(tx, ground), *_sent(tx, ground), *_rows(tx, now), *_file(ground)]
        found += [f"I2 {line}" for line in promises.judge_books(tx, ground.rules, now, deep=False)]
        ground.since = stamp(now - OVERLAP)
        ground.accepted.clear()
        ground.seen.forget({row["key"] for row in tx.all(_KEYS)})
    return found


def _queues(tx: Tx, now: datetime) -> Iterator[str]:
    before = stamp(now - timedelta(minutes=5))
    yield from (f"I1 not handled: {row['external_id']}" for row in tx.all(_STUCK, before=before))
    yield from (f"I1 left while it was sent: {row['key']}" for row in tx.all(_LEFT, before=before))


def _chain(tx: Tx, ground: Ground) -> Iterator[str]:
    """Each step: the end that was seen last is still there; the whole chain is walked with the books."""
    if ground.checked.number and not records.agrees(tx, ground.checked):
        yield f"I10 act {ground.checked.number} is not what it was"
    ground.checked = records.head(tx)


def _events(tx: Tx, ground: Ground) -> Iterator[str]:
    known = {row["external_id"]: row["state"] for row in tx.all(_HANDLED, since=ground.since)}
    # What is brought again may have come first long before.
    lost = sorted(one for one in ground.accepted - known.keys() if not tx.one(_KEPT, number=one))
    yield from (f"I3 accepted and lost: {number}" for number in lost[:5])
    put_aside = [number for number, state in known.items() if state == "quarantined"]
    yield from (f"I1 put aside: {number}" for number in put_aside[:5])
    silent = {row["external_id"] for row in tx.all(_UNANSWERED, since=ground.since)} - ground.filed
    yield from (f"I3 not answered: {number}" for number in sorted(silent)[:5])


def _sent(tx: Tx, ground: Ground) -> Iterator[str]:
    """What the outbox says of itself, held against what arrived."""
    for row in tx.all(_SAID, since=ground.since):
        arrived = row["key"] in ground.seen.copies
        if row["status"] == "sent" and not arrived:
            yield f"I3 said to be sent, and never arrived: {row['key']}"
        if row["status"] == "failed" and row["error"] != "blocked":
            yield f"I3 failed ({row['error']}): {row['key']}"
        if (
            row["status"] in {"expired", "cancelled"}
            and row["key"].startswith("u:")
            and row["kind"] == "text"
        ):
            yield f"I3 an answer that was {row['status']}: {row['key']}"


def _rows(tx: Tx, now: datetime) -> Iterator[str]:
    yield from (f"I7 {line}" for line in soundness.wrong(tx, now))
    yield from (f"I11 {line}" for line in copies.damage(tx))
    if (number := records.broken(tx)) is not None:
        yield f"I10 the audit chain is broken at act {number}"


def _file(ground: Ground) -> Iterator[str]:
    """No NIK stands in the clear in the database or in its log."""
    for path in sorted(ground.folder.glob("payung.db*")):
        if NIK.search(path.read_bytes()):
            yield f"I9 a NIK in {path.name}"
