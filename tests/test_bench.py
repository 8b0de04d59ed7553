"""The benches themselves: short runs that must hold, and judges that must be able to find fault."""

import random
from pathlib import Path

import pytest

from bench import crash, turns
from bench.crash import Blow
from bench.judge import Kill, Verdict, judge_messages
from bench.oracle import Expected, comparable
from bench.turns import Figures
from bot.points import NAMES

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


def test_a_missed_goal_is_named() -> None:
    stock, ours = Figures(100, 2.0, 5, 9, 1, 60), Figures(399, 0.5, 5, 9, 1, 60)
    assert turns.reached(ours, stock) == {
        "per_second": False, "cpu": True, "p95": True, "start": True, "memory": True
    }  # fmt: skip
    assert "MISSED" in turns.table(ours, stock)


@pytest.mark.slow
async def test_three_kills_break_no_promise(tmp_path: Path) -> None:
    blows = [Blow("mid_migration", 7), Blow("before_commit", 5), Blow("after_request", 3)]
    run, found, stopped, updates = await crash.bench(blows, 1, tmp_path, talking=8)
    assert found.broken == []
    assert run.unreached == []
    assert len(run.kills) == 3
    assert updates > 0
    assert stopped < crash.STOPS_WITHIN


@pytest.mark.slow
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "stock"])
async def test_both_bots_register_people(tmp_path: Path, ours: bool) -> None:
    figures = await turns.measure(ours=ours, chats=3, folder=tmp_path)
    assert figures.per_second > 1
    assert figures.cpu > 0
    assert 0 < figures.p50 <= figures.p95
