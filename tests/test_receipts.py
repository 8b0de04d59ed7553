"""What a platform reports of our messages, in every order."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot import receipts
from bot.errors import Closed, GiveUp, SendError, TryLater
from bot.messages import Address, Lane, Outgoing, Receipt, Stage
from bot.store import holding, outbox, people, windows
from bot.store import receipts as store_receipts
from bot.store.database import Store, Tx
from tests.world import START, laid

CHANNEL = "whatsapp"
SITI = Address(CHANNEL, "siti")
MINUTE = timedelta(minutes=1)
GONE = GiveUp("gone")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with laid(tmp_path / "payung.db") as opened:
        yield opened


@dataclass
class Letter:
    """One message in an outbox, and what happens to it."""

    tx: Tx
    key: str
    now: datetime = START

    def write(self) -> None:
        out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, key=self.key, lane=Lane.REMINDER)
        outbox.put(self.tx, self.now, out)

    def claim(self) -> outbox.Claimed:
        (head,) = [one for one in outbox.heads(self.tx, CHANNEL, self.now, 9999) if one.id == self.row["id"]]
        taken = outbox.take(self.tx, head, self.now, MINUTE)
        assert taken is not None
        return taken

    def answered(self, claimed: outbox.Claimed, message: str) -> None:
        """The platform's answer to our request is recorded."""
        outbox.sent(self.tx, claimed, self.now, message)
        receipts.catch_up(self.tx, CHANNEL, message, self.now)

    def reported(
        self, stage: Stage, message: str, error: SendError | None = None, mark: str | None = None
    ) -> None:
        self.now += MINUTE
        told = Receipt(message, stage, self.mark if mark is None else mark, error)
        receipts.settle(self.tx, CHANNEL, told, self.now)

    @property
    def mark(self) -> str:
        return store_receipts.mark(self.row["id"], self.key)

    @property
    def row(self) -> dict[str, Any]:
        return dict(self.tx.one("SELECT * FROM outbox WHERE key = :key", key=self.key))

    @property
    def state(self) -> tuple[str, bool, bool]:
        row = self.row
        return row["status"], bool(row["delivered_at"]), bool(row["read_at"])


def _furthest(stages: Sequence[Stage]) -> tuple[str, bool, bool]:
    if Stage.FAILED in stages:
        return "failed", False, False
    furthest = max(stages, default=Stage.SENT)
    return "sent", furthest >= Stage.DELIVERED, furthest >= Stage.READ


@pytest.mark.slow
@pytest.mark.parametrize("with_row", [True, False], ids=["with its number", "by its id alone"])
@pytest.mark.parametrize("early", [0, 1, 3], ids=["after our record", "one before", "three before"])
async def test_any_order_and_repetition_ends_in_the_same_state(
    store: Store, early: int, with_row: bool
) -> None:
    """All sequences of up to five reports, some of them before the answer to our request is recorded."""
    orders = [order for length in range(6) for order in product(Stage, repeat=length)]

    def play(tx: Tx) -> None:
        for number, order in enumerate(orders):
            letter = Letter(tx, f"letter:{number}")
            letter.write()
            claimed = letter.claim()
            told = [(stage, GONE if stage is Stage.FAILED else None) for stage in order]
            mark = None if with_row else ""
            for stage, error in told[:early]:
                letter.reported(stage, f"m{number}", error, mark)
            letter.answered(claimed, f"m{number}")
            for stage, error in told[early:]:
                letter.reported(stage, f"m{number}", error, mark)
            assert letter.state == _furthest(order), order
            tx.run("DELETE FROM outbox")

    await store.transact(play)


async def test_what_was_refused_for_the_closed_window_is_tried_once_more(store: Store) -> None:
    def play(tx: Tx) -> None:
        windows.opened(tx, CHANNEL, SITI.chat, START + timedelta(hours=5))
        letter = Letter(tx, "one")
        letter.write()
        letter.answered(letter.claim(), "m1")
        letter.reported(Stage.FAILED, "m1", Closed("too late"))
        assert letter.state == ("ready", False, False)
        assert not windows.is_open(tx, CHANNEL, SITI.chat, START)
        for stage in (Stage.FAILED, Stage.SENT, Stage.READ):  # what is still said of the first try
            letter.reported(stage, "m1", Closed("too late") if stage is Stage.FAILED else None)
            assert letter.state == ("ready", False, False)
        letter.answered(letter.claim(), "m2")
        letter.reported(Stage.READ, "m1")
        assert letter.state == ("sent", False, False)
        letter.reported(Stage.DELIVERED, "m2")
        assert letter.state == ("sent", True, False)

    await store.transact(play)


async def test_a_failure_that_passes_is_tried_again_but_not_for_ever(store: Store) -> None:
    def play(tx: Tx) -> None:
        letter = Letter(tx, "one")
        letter.write()
        for number in range(receipts.TRIES):
            letter.answered(letter.claim(), f"m{number}")
            letter.reported(Stage.FAILED, f"m{number}", TryLater("busy", MINUTE))
            letter.now += 2 * MINUTE
        assert letter.state == ("failed", False, False)

    await store.transact(play)


async def test_a_report_settles_what_nobody_knew(store: Store) -> None:
    """The answer to our request was lost; the report says that the message arrived."""

    def play(tx: Tx) -> None:
        for since in ("unknown", "ready", "held"):
            letter = Letter(tx, f"lost and {since}")
            letter.write()
            claimed = letter.claim()
            if since == "unknown":
                outbox.finish(tx, claimed, letter.now, "unknown", "no answer")
            else:
                outbox.again(tx, claimed, letter.now, "no answer", unknown=True)
            if since == "held":  # the person's day was over by then
                (head,) = outbox.heads(tx, CHANNEL, letter.now, 9)
                holding.shelve(tx, head, letter.now)
            letter.reported(Stage.DELIVERED, f"m {since}")
            assert letter.state == ("sent", True, False)
            assert not outbox.heads(tx, CHANNEL, letter.now, 9)
            holding.release(tx, CHANNEL, SITI.chat, letter.now)
            assert letter.state == ("sent", True, False)

    await store.transact(play)


async def test_who_cannot_be_reached_is_not_written_to(store: Store) -> None:
    def play(tx: Tx) -> None:
        person = people.add(tx, "Siti Aminah", START)
        people.link(tx, person, "siti", SITI, START)
        first, second = Letter(tx, "one"), Letter(tx, "two")
        first.write()
        second.write()
        first.answered(first.claim(), "m1")
        first.reported(Stage.FAILED, "m1", GiveUp("not on WhatsApp", unreachable=True))
        assert [first.state[0], second.state[0]] == ["failed", "failed"]
        assert people.address(tx, person) is None

    await store.transact(play)


async def test_who_wrote_since_can_be_reached_whatever_comes_late(store: Store) -> None:
    def play(tx: Tx) -> None:
        person = people.add(tx, "Siti Aminah", START)
        people.link(tx, person, "siti", SITI, START)
        first, answer = Letter(tx, "one"), Letter(tx, "two")
        first.write()
        first.answered(first.claim(), "m1")
        windows.opened(tx, CHANNEL, SITI.chat, START + timedelta(hours=30))  # they wrote six hours later
        answer.write()
        late = Receipt("m1", Stage.FAILED, first.mark, GiveUp("not on WhatsApp", unreachable=True), START)
        receipts.settle(tx, CHANNEL, late, START + timedelta(hours=7))
        assert [first.state[0], answer.state[0]] == ["failed", "ready"]
        assert people.address(tx, person) == SITI

    await store.transact(play)


async def test_a_report_of_what_never_was_ours_harms_nothing(store: Store) -> None:
    def play(tx: Tx) -> None:
        other = Letter(tx, "other")
        other.write()
        receipts.settle(tx, CHANNEL, Receipt("m9", Stage.READ, "4711.00000000"), START)
        receipts.settle(tx, "telegram", Receipt("m9", Stage.FAILED, other.mark, GONE), START)
        assert other.state == ("ready", False, False)

    await store.transact(play)


async def test_a_report_of_another_history_settles_nothing(store: Store) -> None:
    """After a backup is put in place its numbers are given again, to other messages."""

    def play(tx: Tx) -> None:
        ours = Letter(tx, "ours")
        ours.write()
        theirs = store_receipts.mark(ours.row["id"], "of another history")
        for mark in (theirs, ours.mark):  # ours was not sent yet: nothing can be reported of it
            for stage in (Stage.SENT, Stage.FAILED):
                ours.reported(stage, "m1", GONE if stage is Stage.FAILED else None, mark)
        assert ours.state == ("ready", False, False)
        ours.answered(ours.claim(), "m2")
        ours.reported(Stage.FAILED, "m1", GONE, theirs)
        assert ours.state == ("sent", False, False)

    await store.transact(play)


async def test_what_fails_of_an_earlier_part_fails_the_letter_and_no_more(store: Store) -> None:
    def play(tx: Tx) -> None:
        letter = Letter(tx, "long")
        letter.write()
        letter.answered(letter.claim(), "m2")
        for stage in (Stage.SENT, Stage.DELIVERED, Stage.READ):
            letter.reported(stage, "m1", mark=f"{letter.mark}+")
        assert letter.state == ("sent", False, False)
        letter.reported(Stage.FAILED, "m1", TryLater("lost"), f"{letter.mark}+")
        assert letter.state == ("ready", False, False)
        letter.reported(Stage.DELIVERED, "m2")  # the other part of the try that failed
        assert letter.state == ("ready", False, False)
        letter.answered(letter.claim(), "m4")
        letter.reported(Stage.FAILED, "m3", GONE, f"{letter.mark}+")
        assert letter.state == ("failed", False, False)

    await store.transact(play)


async def test_what_arrived_is_not_sent_again(store: Store) -> None:
    def play(tx: Tx) -> None:
        letter = Letter(tx, "one")
        letter.write()
        letter.answered(letter.claim(), "m1")
        letter.reported(Stage.READ, "m1")
        letter.reported(Stage.FAILED, "m1", TryLater("lost"))
        assert letter.state == ("failed", False, False)

    await store.transact(play)


async def test_a_failure_of_the_whole_channel_closes_it_for_a_while_and_costs_no_message(
    store: Store,
) -> None:
    def play(tx: Tx) -> None:
        letter = Letter(tx, "one")
        letter.write()
        for number in range(3 * receipts.TRIES):
            letter.answered(letter.claim(), f"m{number}")
            letter.reported(Stage.FAILED, f"m{number}", TryLater("no bill", 10 * MINUTE, scope=CHANNEL))
            assert letter.state == ("ready", False, False)
            assert outbox.gates(tx, letter.now)
            letter.now += 11 * MINUTE
        letter.now += receipts.PATIENCE
        letter.answered(letter.claim(), "last")
        letter.reported(Stage.FAILED, "last", TryLater("no bill", MINUTE, scope=CHANNEL))
        assert letter.state == ("failed", False, False)

    await store.transact(play)


async def test_an_old_refusal_does_not_close_what_was_opened_since(store: Store) -> None:
    def play(tx: Tx) -> None:
        letter = Letter(tx, "one")
        letter.write()
        letter.answered(letter.claim(), "m1")
        later = START + timedelta(hours=30)
        windows.opened(tx, CHANNEL, SITI.chat, later + timedelta(hours=24))
        refused = Receipt("m1", Stage.FAILED, letter.mark, Closed("too late"), START + MINUTE)
        receipts.settle(tx, CHANNEL, refused, later)
        assert windows.is_open(tx, CHANNEL, SITI.chat, later)

    await store.transact(play)
