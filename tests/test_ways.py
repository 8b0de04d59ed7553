"""Free text only for a day after a person wrote: what leaves instead, and what is held."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import memory
from bot.clock import ManualClock
from bot.domain.offices import Office, Role
from bot.errors import Closed
from bot.messages import Address, Choice, Kind, Lane, Letter, Outgoing
from bot.store import holding, outbox, people, prompts, stencils, windows
from bot.store.database import Tx
from bot.store.outbox import Head
from bot.ways import Ways
from tests.test_delivery import Post
from tests.world import PERIAN, START, laid

SITI, BUDI = Address(memory.NAME, "siti"), Address(memory.NAME, "budi")
DAY, MINUTE = timedelta(hours=24), timedelta(minutes=1)
REMINDER = {
    "name": "Siti Aminah", "role": "Kaur Keuangan", "place": "Desa Perian, Kec. Muara Muntai",
    "month": "Oktober 2026", "segment": "", "total": "Rp1.584.000", "missing": "", "people": 8,
    "due": "Senin, 16 November 2026", "when": "3 hari lagi", "older": "", "closing": "",
}  # fmt: skip
ANSWERS = (Choice("paid:x", "Sudah bayar"), Choice("intend:x:no", "Belum"))


def _knock(_tx: Tx, head: Head, now: datetime) -> Outgoing:
    at = Address(head.channel, head.chat)
    values = {"office": "DPMD Kutai Kartanegara", "place": "Desa Perian, Kec. Muara Muntai"}
    choices = (Choice("held:", "Baca pesan"),)
    key = f"knock:{at.conversation}:{now:%Y%m%d}"
    return Outgoing(at, "chat/knock", values, choices, lane=Lane.REMINDER, key=key)


class Windowed(Post):
    """An office whose channel limits free text; three people may be written to first in a day."""

    def restarted(self) -> Any:
        pump = super().restarted()
        pump._ways = Ways(pump._pace, {memory.NAME: 3}, _knock)
        return pump

    async def remind(self, to: Address, key: str = "reminder") -> None:
        out = Outgoing(to, "reminders/soon", REMINDER, ANSWERS, lane=Lane.REMINDER, key=key)
        await self.store.transact(lambda tx: outbox.put(tx, self.clock.now(), out))

    async def wrote(self, who: Address) -> None:
        """They write; what was held for that leaves."""
        now = self.clock.now()

        def hear(tx: Tx) -> None:
            windows.opened(tx, who.channel, who.chat, now + DAY)
            holding.release(tx, who.channel, who.chat, now)

        await self.store.transact(hear)
        await self.step()

    async def approve(self, *names: str, status: str = "APPROVED") -> None:
        for name in names:
            await self.store.transact(lambda tx, n=name: stencils.note(tx, n, status, "", "UTILITY", START))

    @property
    def letters(self) -> list[Letter]:
        return self.channel.sent


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Windowed]:
    async with laid(tmp_path / "payung.db") as opened:
        yield Windowed(opened, ManualClock(START))


async def test_within_a_day_of_their_words_people_get_ours(here: Windowed) -> None:
    await here.wrote(SITI)
    await here.put(SITI, "hello")
    await here.remind(SITI)
    await here.step()
    assert [letter.stencil for letter in here.letters] == [None, None]
    assert await here.status("hello", "reminder") == ["sent", "sent"]


async def test_later_an_approved_text_goes_instead_with_its_own_buttons(here: Windowed) -> None:
    await here.approve("iuran_segera")
    await here.wrote(SITI)
    here.clock.move(START + DAY)
    await here.remind(SITI)
    await here.step()
    (letter,) = here.letters
    assert letter.stencil is not None
    assert letter.stencil.name == "iuran_segera"
    assert dict(letter.stencil.words)["month"] == "Oktober 2026"
    assert [choice.label for choice in letter.choices] == ["Sudah bayar", "Belum"]
    assert (await here.row("reminder"))["stencil"] == "iuran_segera"


async def test_what_was_on_its_way_when_the_day_ended_counts_as_too_late(here: Windowed) -> None:
    await here.wrote(SITI)
    here.clock.move(START + DAY - MINUTE)
    await here.put(SITI, "late")
    await here.step()
    assert await here.status("late") == ["held"]


async def test_without_an_approved_text_it_is_held_until_they_write(here: Windowed) -> None:
    await here.put(SITI, "one", "two")
    await here.remind(SITI)
    await here.put(BUDI, "other")
    await here.wrote(BUDI)
    assert await here.status("one", "two", "reminder", "other") == ["held", "held", "held", "sent"]
    await here.after(DAY)
    await here.wrote(SITI)
    assert await here.status("one", "two", "reminder") == ["sent"] * 3
    assert here.sent.index("one") < here.sent.index("two")


@pytest.mark.parametrize("status", ["REJECTED", "PAUSED", "PENDING", "DISABLED", "DIFFERS"])
async def test_a_text_that_is_not_approved_is_never_sent(here: Windowed, status: str) -> None:
    await here.approve("iuran_segera", status=status)
    await here.remind(SITI)
    await here.step()
    assert await here.status("reminder") == ["held"]
    assert here.letters == []


async def test_they_are_asked_to_write_once_a_day(here: Windowed) -> None:
    await here.approve("ada_pesan")
    await here.put(SITI, "one", "two")
    await here.step()
    (knock,) = here.letters
    assert knock.stencil is not None
    assert (knock.stencil.name, [c.label for c in knock.choices]) == ("ada_pesan", ["Baca pesan"])
    await here.after(DAY + MINUTE)
    await here.put(SITI, "three")
    await here.step()
    assert len(here.letters) == 2
    await here.wrote(SITI)
    assert await here.status("one", "two", "three") == ["sent"] * 3


async def test_what_is_held_too_long_ends(here: Windowed) -> None:
    await here.put(SITI, "meanwhile", expires_at=START + DAY)
    await here.step()
    await here.after(DAY + MINUTE)
    assert await here.status("meanwhile") == ["expired"]
    await here.wrote(SITI)
    assert here.letters == []


async def test_only_so_many_people_are_written_to_first_in_a_day(here: Windowed) -> None:
    await here.approve("iuran_segera")
    people = [Address(memory.NAME, name) for name in ("a", "b", "c", "d", "e")]
    for number, who in enumerate(people):
        await here.remind(who, f"r{number}")
        await here.after(MINUTE)
    assert await here.status("r0", "r1", "r2", "r3", "r4") == ["sent"] * 3 + ["held"] * 2
    await here.remind(people[0], "again")  # who was written to already counts once
    await here.step()
    assert await here.status("again") == ["sent"]
    await here.wrote(people[4])  # who writes first does not count
    assert await here.status("r3", "r4") == ["held", "sent"]
    here.clock.move(START + DAY + 2 * MINUTE)
    await here.step()
    assert await here.status("r3") == ["sent"]


async def test_a_platform_that_says_closed_is_believed(here: Windowed) -> None:
    await here.approve("iuran_segera")
    await here.wrote(SITI)
    await here.remind(SITI)
    here.fail(Closed("131047"))
    await here.step()
    (letter,) = here.letters
    assert letter.stencil is not None
    assert await here.status("reminder") == ["sent"]


async def test_an_approved_text_that_is_refused_as_closed_is_not_tried_for_ever(here: Windowed) -> None:
    await here.approve("iuran_segera")
    await here.remind(SITI)
    here.fail(*[Closed("131047")] * 9)
    await here.step()
    assert await here.status("reminder") == ["failed"]


async def test_what_is_no_text_is_not_held(here: Windowed) -> None:
    out = Outgoing(SITI, "", kind=Kind.READ, message="m1", lane=Lane.TAP, key="read")
    await here.store.transact(lambda tx: outbox.put(tx, START, out))
    await here.step()
    assert await here.status("read") == ["sent"]


async def test_what_waits_for_an_approval_leaves_when_it_comes(here: Windowed) -> None:
    await here.remind(SITI)
    await here.put(BUDI, "other")
    await here.step()
    assert await here.status("reminder", "other") == ["held", "held"]
    await here.approve("iuran_segera")
    await here.step()
    assert await here.status("reminder", "other") == ["sent", "held"]
    await here.approve("ada_pesan")
    await here.step()
    assert [letter.stencil.name for letter in here.letters if letter.stencil] == ["iuran_segera", "ada_pesan"]


async def test_a_held_message_without_an_end_of_its_own_does_not_wait_for_ever(here: Windowed) -> None:
    await here.put(SITI, "one")
    await here.step()
    await here.after(holding.HELD + MINUTE)
    assert await here.status("one") == ["expired"]


async def test_a_message_written_before_there_was_an_approved_text_for_it_is_held(here: Windowed) -> None:
    """By an older version of the program: no words for that text were kept with it."""
    await here.remind(SITI)

    def older(tx: Tx) -> None:
        row = tx.one("SELECT body FROM outbox")
        body = tx.vault.open_json("outbox.body", row["body"])
        tx.run("UPDATE outbox SET body = :body", body=tx.vault.seal_json("outbox.body", body[:3]))

    await here.store.transact(older)
    await here.approve("iuran_segera")
    await here.step()
    assert (here.letters, await here.status("reminder")) == ([], ["held"])
    await here.wrote(SITI)
    assert await here.status("reminder") == ["sent"]


async def test_who_was_not_asked_to_write_after_all_is_asked_when_something_waits_again(
    here: Windowed,
) -> None:
    """The text that asks was paused while it waited for the morning, and is approved again on the same day."""
    ways, wait = here.pump._ways, here.clock.now() + MINUTE

    def patient(tx: Tx, head: Head, now: datetime) -> Outgoing:
        return replace(_knock(tx, head, now), not_before=wait, reason="held:x")

    def still(tx: Tx, _argument: str, now: datetime) -> bool:
        return holding.is_held(tx, SITI.channel, SITI.chat, now)

    here.pump._ways, here.pump._reasons = replace(ways, knock=patient), {"held": still}
    await here.approve("ada_pesan")
    await here.put(SITI, "one", lane=Lane.BROADCAST)
    await here.step()
    await here.approve("ada_pesan", status="PAUSED")
    await here.after(2 * MINUTE)
    assert here.letters == []
    await here.approve("ada_pesan")
    await here.after(MINUTE)
    assert [letter.stencil.name for letter in here.letters if letter.stencil] == ["ada_pesan"]


async def test_a_typed_number_answers_what_they_have_read(here: Windowed) -> None:
    """What is held is no question yet; once they may read it, it is the newest."""

    async def typed() -> list[str]:
        found = await here.store.transact(lambda tx: prompts.latest(tx, here.clock.now(), SITI, None, ""))
        return [choice.label for choice in found.choices] if found else []

    def put(tx: Tx, key: str, *labels: str) -> None:
        choices = [Choice(f"paid:{label}", label) for label in labels]
        out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, choices, key=key)
        outbox.put(tx, here.clock.now(), out)

    await here.wrote(SITI)
    await here.store.transact(lambda tx: put(tx, "read", "Ya", "Tidak"))
    await here.step()
    here.clock.move(START + DAY)
    await here.store.transact(lambda tx: put(tx, "first", "Hadir"))
    await here.store.transact(lambda tx: put(tx, "second", "Sudah bayar"))
    await here.step()
    assert await typed() == ["Ya", "Tidak"]
    await here.store.transact(lambda tx: put(tx, "menu", "Status"))  # the answer to their words
    await here.wrote(SITI)
    assert await here.status("first", "second", "menu") == ["sent"] * 3
    assert await typed() == ["Sudah bayar"]


async def test_who_left_office_does_not_read_what_was_held_for_it(here: Windowed) -> None:
    def serving(tx: Tx) -> int:
        person = people.add(tx, "Siti Aminah", START)
        people.link(tx, person, "siti", SITI, START)
        people.appoint(tx, person, Office(Role.TREASURER, PERIAN[:5], PERIAN), START.date())
        return person

    person = await here.store.transact(serving)
    await here.put(SITI, "theirs", person=person)
    await here.put(SITI, "anybody's")
    await here.step()
    end = "UPDATE official SET until = :day"
    yesterday = (START - DAY).date().isoformat()
    await here.store.transact(lambda tx: tx.run(end, day=yesterday))
    await here.wrote(SITI)
    assert await here.status("theirs", "anybody's") == ["held", "sent"]


async def test_a_way_that_cannot_be_found_costs_one_message_and_not_the_pump(here: Windowed) -> None:
    await here.approve("ada_pesan")

    def broken(_tx: Tx, _head: Head, _now: datetime) -> Outgoing:
        raise RuntimeError("no such district")

    here.pump._ways = Ways(here.pump._pace, {memory.NAME: 3}, broken)
    await here.put(SITI, "one")
    await here.step()
    assert await here.status("one") == ["held"]
    await here.wrote(BUDI)
    await here.put(BUDI, "two")
    await here.step()
    assert await here.status("two") == ["sent"]
