"""What a platform reports of our account, and how many people we write to first: the office hears of it."""

import json
from datetime import timedelta

import pytest

from bot.channels import memory
from bot.domain.offices import Role
from bot.messages import Account, Arrival, Incoming, Letter
from bot.store import stencils, windows
from bot.store.database import Tx
from handlers.knocking import WARN_AT, Watch
from tests.world import PERIAN, START, World

TIER = 10


async def news(here: World, number: int, told: Account) -> list[Letter]:
    """One report; what was sent because of it."""
    address = memory.Address(memory.NAME, "account")
    found = Incoming(address, "", str(number), START, shape="account", account=told)
    here.engine.inbox._parsers = {memory.NAME: lambda _body: found}
    await here.engine.inbox.accept(
        [Arrival(memory.NAME, str(number), address.conversation, json.dumps(number).encode())]
    )
    await here.engine.settle()
    return here.new()


@pytest.fixture
async def office(here: World) -> World:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("rina", "Rina Kartika", Role.OPERATOR, "64.02")
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    await here.appoint("kaur", "Siti Aminah", Role.TREASURER, PERIAN)
    return here


@pytest.mark.parametrize(
    "told, word",
    [
        (Account("template", "iuran_besok", "REJECTED", "ABUSIVE_CONTENT"), "iuran_besok"),
        (Account("template", "iuran_besok", "MARKETING", "UTILITY"), "pemasaran"),
        (Account("quality", "number", "FLAGGED", "TIER_250"), "Mutu nomor"),
        (Account("account", "", "DISABLED_UPDATE", ""), "WhatsApp Manager"),
    ],
)
async def test_administrators_hear_once_of_what_is_not_well(office: World, told: Account, word: str) -> None:
    letters = await news(office, 1, told)
    assert sorted(letter.to.chat for letter in letters) == ["bima", "yuni"]
    assert all(word in letter.text for letter in letters)
    assert await news(office, 1, told) == []


@pytest.mark.parametrize("state", ["APPROVED", "PENDING", "REINSTATED"])
async def test_what_is_well_is_only_noted(office: World, state: str) -> None:
    assert await news(office, 1, Account("template", "iuran_besok", state)) == []
    assert await news(office, 2, Account("quality", "number", "GREEN")) == []


async def test_a_rejected_text_is_not_sent_and_one_that_is_approved_is(office: World) -> None:
    for number, (state, may) in enumerate([("APPROVED", True), ("PAUSED", False), ("APPROVED", True)]):
        office.clock.move(START + number * timedelta(minutes=1))
        await news(office, number, Account("template", "iuran_besok", state))
        assert await office.store.read(lambda tx: stencils.approved(tx, "iuran_besok")) is may


async def test_the_office_hears_once_a_day_that_the_limit_is_near(office: World) -> None:
    watch = Watch({memory.NAME: TIER})

    def begin(tx: Tx, first: int, last: int) -> None:
        for number in range(first, last):
            windows.begin(tx, memory.NAME, f"p{number}", START)

    near = TIER * WARN_AT // 100
    await office.store.transact(lambda tx: begin(tx, 0, near - 1))
    assert await office.store.transact(lambda tx: watch.plan(tx, START, START)) == []
    await office.store.transact(lambda tx: begin(tx, near - 1, near))
    said = await office.store.transact(lambda tx: watch.plan(tx, START, START))
    assert {out.to.chat for out in said} == {"yuni", "bima"}
    assert {out.values["people"] for out in said} == {near}
    later = await office.store.transact(lambda tx: watch.plan(tx, START, START + timedelta(hours=1)))
    assert {out.key for out in later} == {out.key for out in said}
    over = START + timedelta(hours=24, minutes=1)
    assert await office.store.transact(lambda tx: watch.plan(tx, over, over)) == []
