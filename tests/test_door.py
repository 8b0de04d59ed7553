"""Who is heard at once, who later, who not at all: officials lose nothing, emergencies always come in."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from bench import flood
from bot.channels import memory
from bot.domain.offices import Role
from bot.door import BUSY, CROWDED, STRANGER, Door, Entered
from bot.messages import Address, Arrival, Letter, Outgoing
from bot.pace import telegram
from bot.store import inbox
from bot.store.database import Tx
from handlers import FILES_A_DAY
from tests.world import PERIAN, START, World, world

HEARD = telegram(25, 1).heard
SLOWLY = "satu per satu"
FIRST_AID = "Tolong korban dulu"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A treasurer, and a door that counts."""
    async with world(tmp_path) as made:
        await made.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        made.engine.inbox.door = Door({memory.NAME: HEARD}, {memory.NAME: made.channel.parse})
        yield made


class Crowd:
    """Messages that arrive before any of them is handled."""

    def __init__(self, here: World) -> None:
        self._here = here
        self._number = 10_000

    def _arrival(self, user: str, text: str, **values: object) -> Arrival:
        self._number += 1
        return memory.arrival(user, self._here.clock.now(), self._number, text=text, **values)

    async def writes(self, user: str, *texts: str, **values: object) -> None:
        """One person, everything at once."""
        await self._here.engine.inbox.accept([self._arrival(user, text, **values) for text in texts])


async def _kept(here: World, user: str) -> int:
    def count(tx: Tx) -> int:
        sql = "SELECT COUNT(*) AS n FROM inbox WHERE conversation = :it"
        found: int = tx.one(sql, it=f"{memory.NAME}:{user}")["n"]
        return found

    return await here.store.transact(count)


def _to(letters: list[Letter], user: str) -> list[str]:
    return [one.text for one in letters if one.to.chat == user]


async def test_an_officer_who_registers_three_people_in_a_row_never_feels_it(here: World) -> None:
    form = ("daftar", "Budi Santoso", "{}", "Benar", "Tenggarong", "Sulastri", "tidak punya", "kepala dusun",
            "3 juta", "2 januari 2024", "ya")  # fmt: skip
    for number in range(3):
        said: list[str] = []
        for text in form:
            said = _to(await here.says("darma", text.format(f"640201230485000{number + 1}")), "darma")
            assert said, text
        assert "tersimpan" in said[-1]
    assert SLOWLY not in "".join(_to(here.sent, "darma"))


async def test_what_an_official_writes_too_fast_waits_and_none_of_it_is_lost(here: World) -> None:
    burst = int(HEARD.burst)
    await Crowd(here).writes("darma", *["rekap"] * (burst + 20))
    await here.settle()
    told = _to(here.new(), "darma")
    assert len(told) == burst + 1
    assert [SLOWLY in text for text in told].count(True) == 1
    later = await here.move(START + timedelta(minutes=1), timedelta(seconds=3))
    assert len(_to(later, "darma")) == 20
    assert await _kept(here, "darma") == burst + 20


async def test_what_waits_is_answered_in_its_order(here: World) -> None:
    await Crowd(here).writes("darma", *["menu"] * int(HEARD.burst), *(f"Nama {n}" for n in range(5)))
    await here.move(START + timedelta(minutes=1), timedelta(seconds=3))

    def order(tx: Tx) -> list[int]:
        return [row["id"] for row in tx.all("SELECT id FROM inbox WHERE state = 'done' ORDER BY not_before")]

    ids = await here.store.transact(order)
    assert ids == sorted(ids)
    assert len(ids) == HEARD.burst + 5


async def test_word_of_an_accident_does_not_wait_behind_an_officials_own_messages(here: World) -> None:
    crowd = Crowd(here)
    await crowd.writes("darma", *["rekap"] * (int(HEARD.burst) + 20))
    await crowd.writes("darma", "tolong, sekdes kami kecelakaan di jalan")
    await here.settle()
    assert "bawa ke" in _to(here.new(), "darma")[-1]


async def test_nor_behind_those_that_came_with_it(here: World) -> None:
    """As after an hour without a network: all at once, the word of it last."""
    burst = ["rekap"] * (int(HEARD.burst) + 20)
    await Crowd(here).writes("darma", *burst, "tolong, sekdes kami kecelakaan di jalan")
    await here.settle()
    assert "bawa ke" in _to(here.new(), "darma")[-1]


class _Full(Door):
    """Lets in, and then what they are told cannot be written."""

    full = True

    def let_in(self, tx: Tx, now: datetime, arrivals: Sequence[Arrival]) -> Entered:
        found = super().let_in(tx, now, arrivals)
        if self.full:
            found.said.append(Outgoing(Address(memory.NAME, "orang"), "chat/no_such_sentence"))
        return found


async def test_what_could_not_be_kept_is_not_counted(here: World) -> None:
    """The platform brings it again and again: it is not dropped at last, and no officer is slowed down."""
    door = _Full({memory.NAME: HEARD}, {memory.NAME: here.channel.parse})
    here.engine.inbox.door = door
    crowd = Crowd(here)
    for user in ("orang", "darma") * 50:
        with pytest.raises(TemplateNotFound):
            await crowd.writes(user, "halo")
    door.full = False
    await crowd.writes("orang", *["halo"] * 12)
    assert (await _kept(here, "orang"), door.shed) == (STRANGER.burst, 12 - STRANGER.burst)
    await crowd.writes("darma", *["rekap"] * int(HEARD.burst))
    await here.settle()
    assert len(_to(here.new(), "darma")) == HEARD.burst


async def test_a_stranger_is_heard_a_few_times_a_minute_and_the_rest_is_not_kept(here: World) -> None:
    burst = int(STRANGER.burst)
    await Crowd(here).writes("orang", *["halo"] * 100)
    assert await _kept(here, "orang") == burst
    assert here.engine.inbox.door.shed == 100 - burst
    here.clock.move(START + timedelta(seconds=12))
    assert _to(await here.says("orang", "Perian"), "orang") != []  # one in twelve seconds
    assert await here.says("orang", "Perian") == []


async def test_a_stranger_who_tells_of_an_emergency_is_always_answered(here: World) -> None:
    crowd = Crowd(here)
    await crowd.writes("orang", *["halo"] * 50, "bapak saya kecelakaan di kantor desa")
    await here.settle()
    assert FIRST_AID in _to(here.new(), "orang")[-1]
    await crowd.writes("orang", "korban jatuh dari atap, tolong", "ada yang meninggal")
    await here.settle()
    said = _to(here.new(), "orang")
    assert FIRST_AID in said[0]
    assert "berduka" in said[1]


async def test_an_emergency_that_is_told_without_end_is_noise_too(here: World) -> None:
    await Crowd(here).writes("orang", *["bapak saya kecelakaan"] * 200)
    assert await _kept(here, "orang") == 15


async def test_where_many_wait_strangers_come_one_by_one_and_then_no_more(here: World) -> None:
    crowd = Crowd(here)
    for number in range(CROWDED + 50):
        await crowd.writes(f"orang{number}", "halo")
    assert await here.store.transact(lambda tx: inbox.waiting_at_least(tx, 1000)) == CROWDED
    await crowd.writes("darma", "menu")
    at_once = "SELECT COUNT(*) AS n FROM inbox WHERE not_before <= received_at"
    assert await here.store.transact(lambda tx: tx.one(at_once)["n"]) == BUSY + 2
    assert await here.engine.inbox.once() <= BUSY
    await here.settle()
    assert "Darma" in "".join(_to(here.sent, "darma"))


async def test_what_is_no_talk_always_comes_in(here: World) -> None:
    crowd = Crowd(here)
    await crowd.writes("orang", *["halo"] * 20)
    await crowd.writes("orang", "", membership="blocked")
    assert await _kept(here, "orang") == STRANGER.burst + 1


async def test_a_group_of_the_office_is_heard_and_one_that_nobody_tied_is_not(here: World) -> None:
    await here.open_room("#kantor", "64.02", "office")
    crowd = Crowd(here)
    for chat in ("#kantor", "#lain"):
        await crowd.writes("darma", *["/rekap"] * 60, chat=chat)
    assert await _kept(here, "#kantor") == 60
    assert await _kept(here, "#lain") == STRANGER.burst


async def test_a_broken_event_comes_in_to_be_put_aside(here: World) -> None:
    await Crowd(here).writes("orang", *["halo"] * 20)
    broken = Arrival(memory.NAME, "broken", f"{memory.NAME}:orang", b"{}")
    await here.engine.inbox.accept([broken])
    assert await _kept(here, "orang") == STRANGER.burst + 1


async def test_a_channel_without_limits_is_open(here: World) -> None:
    here.engine.inbox.door = Door({}, {})
    await Crowd(here).writes("orang", *["halo"] * 100)
    assert await _kept(here, "orang") == 100


async def test_files_of_a_day_have_an_end(here: World) -> None:
    for number in range(FILES_A_DAY + 2):
        here.clock.move(START + timedelta(minutes=number * 2))
        said = await here.says("darma", shape="photo", file={"id": f"f{number}", "size": 900})
    assert "besok" in "".join(_to(said, "darma"))
    here.clock.move(START + timedelta(days=1))
    assert "besok" not in "".join(
        _to(await here.says("darma", shape="photo", file={"id": "next", "size": 900}), "darma")
    )


@pytest.mark.slow
async def test_a_flood_of_strangers_costs_an_officer_little_and_the_disk_less(tmp_path: Path) -> None:
    found = await flood.measure(150, 20, tmp_path)
    assert found.held, found
    assert found.shed > 2000
