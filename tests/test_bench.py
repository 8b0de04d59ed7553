"""The benches themselves: short runs that must hold, and judges that must be able to find fault."""

import asyncio
import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import crash, hostile, judge, keys, turns, whatsapp
from bench.crash import Blow
from bench.judge import Kill, Verdict, judge_messages
from bench.oracle import Expected, comparable
from bench.promises import Sent, judge_books, judge_sent, look
from bench.turns import Figures
from bench.years import Years
from bot import logs
from bot.backup import Backups
from bot.channels import memory
from bot.delivery import LEASE
from bot.messages import Address, Letter
from bot.points import NAMES
from bot.store.database import Tx, open_store
from bot.store.vault import new_key_file, open_key_file
from tests.world import laid

CHAT = 50_001


def sent(*texts: str) -> list[dict[str, object]]:
    """What the fake notes of messages that arrived, a second apart."""
    return [
        {
            "method": "sendMessage",
            "executed": True,
            "chat": str(CHAT),
            "params": {"text": text},
            "at": float(at),
        }
        for at, text in enumerate(texts)
    ]


def verdict(arrived: list[dict[str, object]], *kills: Kill) -> Verdict:
    """The judgement where a, b and c are due."""
    return judge_messages(arrived, Expected({CHAT: ["a", "b", "c"]}, {}), kills)


def test_all_in_order_is_no_fault() -> None:
    assert verdict(sent("a", "b", "c")).broken == []


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ("ab", "lost"),
        ("bc", "lost"),
        ("acb", "out_of_order"),
        ("abcx", "unexplained"),
        ("aabc", "unexplained"),
    ],
)
def test_the_judge_finds_what_went_wrong(texts: str, fault: str) -> None:
    found = verdict(sent(*texts))
    assert [name for name in ("lost", "out_of_order", "unexplained") if getattr(found, name)] == [fault]


def test_a_copy_belongs_to_the_kill_that_cut_it_off() -> None:
    earlier, later = Kill("before_request:1", 0.5, [CHAT]), Kill("after_claim:1", 0.7, [])
    found = verdict(sent("a", "a", "b", "c"), earlier, later)
    assert (found.broken, found.copies, earlier.copies, later.copies) == ([], 1, 1, 0)


def test_a_question_that_is_asked_twice_is_told_from_its_copy() -> None:
    due = Expected({CHAT: ["q", "a", "q", "b"]}, {})
    kill = Kill("after_claim:1", 0.5, [CHAT])
    found = judge_messages(sent("q", "q", "a", "q", "b"), due, [kill])
    assert (found.broken, kill.copies) == ([], 1)


def test_more_copies_than_promised_are_a_fault() -> None:
    assert verdict(sent("a", "a", "a", "a", "b", "c"), Kill("x", 0.5, [CHAT])).unexplained


def test_only_moments_may_differ() -> None:
    assert comparable("pukul 08.00 WITA") == comparable("pukul 09.31 WITA")
    assert comparable("Rp1.584.000") != comparable("Rp1.584.001")


def test_every_point_is_struck_twice() -> None:
    points = [blow.point for blow in crash.plan(60, random.Random(1))]
    assert {points.count(name) for name in NAMES} == {2}
    assert points.count(crash.RANDOM) == 60 - 2 * len(NAMES)


def test_a_point_that_a_channel_never_reaches_is_not_struck_there() -> None:
    points = {blow.point for blow in crash.plan(60, random.Random(1), (), crash.POINTS["whatsapp"])}
    assert points == {*NAMES, crash.RANDOM} - {"after_getupdates"}


def test_what_was_given_up_as_promised_is_not_lost() -> None:
    found = verdict(sent("b"))
    judge.park(found, CHAT, 1)
    judge.park(found, CHAT + 1, 1)
    assert (len(found.parked), len(found.lost)) == (1, 1)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({}, ""),
        ({"status": "unknown"}, "stands as unknown"),
        ({"platform_id": "wamid.other"}, "under an id"),
        ({"delivered_at": ""}, "in the book (True, False)"),
        ({"read_at": "x"}, "in the book (True, False)"),
    ],
)
async def test_a_row_that_the_platform_contradicts_is_found(
    tmp_path: Path, row: dict[str, str], fault: str
) -> None:
    right = {"status": "sent", "platform_id": "wamid.a", "delivered_at": "x", "read_at": ""} | row
    async with laid(tmp_path / "payung.db") as store:

        def look(tx: Tx) -> str:
            told = {**right, "platform_id": tx.vault.conceal(right["platform_id"])}
            return whatsapp.disagreement(tx, told, ["wamid.a"], {"wamid.a": {"sent", "delivered"}})

        found = await store.transact(look)
    assert fault in found
    assert bool(fault) == bool(found)


def test_a_missed_goal_is_named() -> None:
    stock, ours = Figures(100, 2.0, 5, 9, 1, 60), Figures(399, 0.5, 5, 9, 1, 60)
    assert turns.reached(ours, stock) == {
        "per_second": False, "cpu": True, "p95": True, "start": True, "memory": True
    }  # fmt: skip
    assert "MISSED" in turns.table({turns.OURS: ours, turns.STOCK: stock})


@pytest.mark.slow
@pytest.mark.parametrize("channel, talking", [("telegram", 8), ("whatsapp", 3)])
async def test_three_kills_break_no_promise(tmp_path: Path, channel: str, talking: int) -> None:
    blows = [Blow("mid_migration", 7), Blow("before_commit", 5), Blow("after_request", 3)]
    run, found, stopped, updates = await crash.bench(blows, 1, tmp_path, talking=talking, channel=channel)
    assert found.broken == []
    assert run.unreached == []
    assert len(run.kills) == 3
    assert updates > 0
    assert stopped < crash.STOPS_WITHIN


@pytest.mark.slow
@pytest.mark.parametrize("bot", turns.BOTS)
async def test_every_bot_answers_a_registration(tmp_path: Path, bot: str) -> None:
    figures = await turns.measure(bot, chats=10, folder=tmp_path)  # a tick of the processor is 10 ms
    assert figures.per_second > 1
    assert figures.cpu > 0
    assert 0 < figures.p50 <= figures.p95


MORNING = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)  # Friday, 09.00 WITA


def arrived(at: datetime = MORNING, **facts: Any) -> Sent:
    """A reminder that was right, but for the facts named."""
    right = {"expires": at.replace(hour=12), "wanted": True, "serving": True}
    return Sent(at, "reminder:PU:64.02.01.2001:2026-12:h-7:5", "64.02", **{**right, **facts})


def test_a_reminder_that_was_right_breaks_no_promise() -> None:
    assert judge_sent([arrived()], {}) == []


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        ([arrived(), arrived(MORNING + timedelta(hours=1))], "sent 2 times"),
        ([arrived(MORNING.replace(hour=4))], "in quiet hours (prayers)"),
        ([arrived(datetime(2027, 1, 7, 22, 30, tzinfo=UTC), expires=MORNING)], "in quiet hours (night)"),
        ([arrived(datetime(2027, 1, 10, 2, 0, tzinfo=UTC))], "in quiet hours (Sunday)"),
        ([arrived(datetime(2026, 12, 25, 1, 0, tzinfo=UTC))], "in quiet hours (holiday)"),
        ([arrived(expires=MORNING)], "past its expiry"),
        ([arrived(expires=None)], "past its expiry"),
        ([arrived(wanted=False)], "nothing was owed any more"),
        ([arrived(serving=False)], "to somebody out of office"),
    ],
)
def test_a_doctored_log_is_found_out(log: list[Sent], fault: str) -> None:
    found = judge_sent(log, {})
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_day_off_of_the_district_counts() -> None:
    assert judge_sent([arrived()], {"64.02": frozenset({date(2027, 1, 8)})})


@pytest.mark.slow
async def test_some_months_break_no_promise_and_doctored_books_are_found_out(tmp_path: Path) -> None:
    run = Years(tmp_path, seed=3, villages=8, days=100, restarts=10)
    try:
        assert await run.run() == []
    finally:
        logs.setup("info", io.StringIO())
    lines = "\n".join(run.tally.lines())
    assert "bills BPU" in lines
    assert "payments PU recorded" in lines
    assert "reminders h-7: sent" in lines
    await run.open()
    assert await run.store.transact(crossing) == [True, False]
    for change, fault in DOCTORED.items():
        await run.store.transact(lambda tx, change=change: tx.run(change))
        found = await run.store.transact(lambda tx: judge_books(tx, run.rules, run.clock.now()))
        assert any(fault in line for line in found), fault
    await run.close()


def crossing(tx: Tx) -> list[bool]:
    """Whether a reminder was wanted that left just before its month was reported as paid, and one just after."""
    row = tx.one(_REMINDED)
    at, wanted = datetime.fromisoformat(row["reported_at"]), list[bool]()
    for left in (at - timedelta(seconds=1), at + timedelta(seconds=1)):
        tx.run(
            "UPDATE outbox SET lease_until = :until WHERE key = :key",
            until=(left + LEASE).isoformat(),
            key=row["key"],
        )
        letter = Letter(Address(memory.NAME, row["chat"]), "", key=row["key"])
        seen = look(tx, letter, row["district"], at + timedelta(seconds=2))
        assert seen is not None
        wanted.append(seen.wanted)
    return wanted


_REMINDED = """
SELECT o.key, o.chat, b.district, p.reported_at FROM payment AS p
JOIN bill AS b ON b.village = p.village AND b.segment = p.segment AND b.month = p.month
JOIN outbox AS o ON o.key LIKE 'reminder:' || p.segment || ':' || p.village || ':' || p.month || ':%'
WHERE p.months = 1 AND p.state = 'recorded' AND b.settled = 1
    AND p.id = (SELECT MAX(id) FROM payment WHERE village = p.village AND segment = p.segment)
LIMIT 1
"""


#: What somebody might do to the books behind the bot's back, and what is said of it.
DOCTORED = {
    "UPDATE bill SET ours = ours + 1 WHERE ours > 0 AND fixed_at <> ''": "is neither its shares",
    "UPDATE bill SET ours = ours + 1 WHERE ours > 0 AND fixed_at = ''": "reckoned anew",
    "UPDATE bill SET settled = 1 - settled WHERE ours > 0": "but by its payments",
    "DELETE FROM bill WHERE month = (SELECT MAX(month) FROM bill)": "no bill",
    "DELETE FROM outbox WHERE key LIKE 'reminder:%'": "planned, and no message",
    "UPDATE audit SET object = object || 'x' WHERE seq = 3": "the audit chain is broken at act 3",
}


#: The kinds that differ most in how they are refused.
HOSTILE = (
    "xls", "password", "xlsm", "ods", "pdf", "zip in zip", "cell of 300 MB", "2 million rows", "billion laughs",
    "external entity", "symbolic link", "10,000 entries", "name with ..", "0 bytes", "5,000 columns",
    "200 rows of nonsense",
)  # fmt: skip


@pytest.mark.slow
async def test_hostile_files_are_refused_in_their_own_words_while_others_chat(tmp_path: Path) -> None:
    """Far beyond the bench's goals in time: tests run beside each other, on busy machines."""
    found = await hostile.measure(HOSTILE, tmp_path)
    assert [one.name for one in found if not one.right] == []
    assert [one.name for one in found if one.seconds > 5 * hostile.GOAL_SECONDS] == []
    assert [(one.name, one.slowest) for one in found if one.slowest > 10 * hostile.GOAL_REPLY] == []
    assert sum(one.mib for one in found) < hostile.GOAL_MIB
    assert all(one.asked for one in found)


@pytest.mark.parametrize(
    ("change", "held"),
    [({}, True), ({"seconds": 2.1}, False), ({"mib": 21.0}, False), ({"slowest": 0.4}, False), ({"right": False}, False)],
)  # fmt: skip
def test_a_hostile_file_that_does_harm_is_found(change: dict[str, Any], held: bool) -> None:
    figure = hostile.Figure("x", 1, seconds=0.5, mib=0.1, slowest=0.1, asked=5, right=True)
    assert replace(figure, **change).held == held


def test_backups_with_a_flipped_bit_are_counted_as_refused_and_others_are_not(tmp_path: Path) -> None:
    new_key_file(tmp_path / "keys" / "a.key")
    vault = open_key_file(tmp_path / "keys" / "a.key")
    small, made = tmp_path / "payung.db", tmp_path / "made"

    async def prepare() -> None:
        async with open_store(small, vault) as store:
            await store.transact(lambda tx: keys.fill(tx, 2))

    asyncio.run(prepare())
    made.mkdir()
    file = Backups(small, vault, tmp_path, 3).make(keys.NOW, made / "x").path
    (tmp_path / "to").mkdir()
    assert keys.flipped(file, tmp_path / "to", vault, 40) == 40
    assert keys.flipped(file, tmp_path / "to", vault, 1, damage=0) == 0
