"""Walks through conversations: a short run of the bench, and that it would find fault."""

import io
import random
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import crowd, planted, walks
from bench.crowd import CAST, OUTSIDE, Crowd
from bench.walks import Walker
from bot import logs
from bot.messages import Address, Choice, Document, Letter, Outgoing
from bot.reports import printing, sheets
from bot.store import outbox
from tests.world import rulebook, world

MORNING = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
CPU = 8.0  # seconds, for the whole run
WALKS = 120


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    logs.setup("info", io.StringIO())


@pytest.mark.slow
async def test_whoever_walks_finds_a_way_out_and_sees_nothing_that_is_not_theirs(tmp_path: Path) -> None:
    begun = time.process_time()
    found, people = await walks.run(tmp_path, seed=7, walks=WALKS)
    assert found.broken == []
    assert found.walks == WALKS
    assert {*found.by} == {*CAST, *OUTSIDE}
    assert len(found.steps) > 10
    assert people.shown > 50
    assert people.in_private > 10  # what was planted is there to be shown
    assert time.process_time() - begun < 3 * CPU  # measured: under 8; tests run beside each other


@pytest.fixture
async def walker(tmp_path: Path) -> AsyncIterator[Walker]:
    async with world(tmp_path) as here:
        people = Crowd(random.Random(1), here.store, here.clock, rulebook())
        people.people = [planted.somebody(people.dice)]
        yield Walker(people)


def _letter(chat: str, text: str, key: str = "x", file: Document | None = None) -> Letter:
    return Letter(Address("memory", chat), text, key=key, attachment=file)


@pytest.mark.parametrize(
    "chat, seen", [("#forum", True), ("asing", True), ("mantan", True), ("kades", False)]
)
async def test_what_is_shown_where_it_does_not_belong_is_found(walker: Walker, chat: str, seen: bool) -> None:
    one = walker.crowd.people[0]
    for said in one.said:
        walker.crowd.channel.sent.append(_letter(chat, f"Halo {said}"))
    book = sheets.write([sheets.Page("Per desa", [sheets.Column("Nama")], [[one.name]])], MORNING)
    walker.crowd.channel.sent.append(_letter(chat, "Berkas", file=Document("x.xlsx", sheets.MIME, book)))
    await walker.crowd.wait(0)
    assert len(walker.crowd.leaks) == (len(one.said) + 1 if seen else 0)


async def test_what_a_stranger_wrote_may_be_said_to_them_again(walker: Walker) -> None:
    one = walker.crowd.people[0]
    await walker.crowd.say("asing", f"Saya {one.name}", "asing")
    walker.crowd.channel.sent += [_letter("asing", f"Halo {one.name}"), _letter("mantan", f"Halo {one.name}")]
    await walker.crowd.wait(0)
    assert [leak.split()[0] for leak in walker.crowd.leaks] == ["mantan"]


def test_answers_are_counted_where_they_were_asked_for() -> None:
    letters = [
        _letter("kades", "a", "u:memory:7:0"), _letter("kades", "b", "u:memory:7:1"), _letter("kades", "c", "notice:1"),
        _letter("kaur", "d", "u:memory:7:2"), _letter("kades", "e", "u:memory:71:0"),
    ]  # fmt: skip
    assert crowd.answers(letters, "kades", 7) == (2, 4)
    rests = replace(_letter("kades", "f", "u:memory:7:3"), choices=(Choice("x", crowd.RESTS),))
    assert crowd.answers([*letters, rests], "kades", 7) == (2, 5)


async def test_who_is_not_let_out_is_found(walker: Walker) -> None:
    walker._is_open = lambda _tx: True  # type: ignore[method-assign]
    await walker._out()
    assert ["no way out by batal" in line for line in walker.found.stuck] == [True]


async def test_who_gets_no_menu_is_found(walker: Walker) -> None:
    walker.crowd.channel.blocked.add("asing")
    await walker._out()
    assert "menu is answered by ''" in walker.found.stuck[0]


async def test_what_the_sender_holds_back_fails_the_walk(walker: Walker) -> None:
    out = Outgoing(Address("memory", "#kantor"), "chat/thanks", key="x")
    await walker.crowd.store.transact(lambda tx: outbox.put(tx, walker.crowd.clock.now(), out))
    await walker.crowd.engine.settle()
    assert await walker.crowd.held_back() == {("chat/thanks", "not made for a group"): 1}


def test_what_a_file_says_is_read() -> None:
    """A leak in a workbook, or in a letter, is one."""
    book = sheets.write([sheets.Page("Per desa", [sheets.Column("Nama")], [["Susinu Ruqx"]])], MORNING)
    assert "Susinu Ruqx" in planted.inside(Document("x.xlsx", sheets.MIME, book))
    assert "Susinu Ruqx" in planted.inside(Document("x.pdf", printing.PDF, LETTER))
    assert planted.inside(Document("x.png", printing.PNG, b"Susinu Ruqx")) == ""


#: The smallest letter: one page with one line.
LETTER = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R
/Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
4 0 obj <</Length 30>> stream
BT /F 9 Tf (Susinu Ruqx) Tj ET
endstream endobj
trailer <</Root 1 0 R /Size 5>>
startxref
0
%%EOF"""
