"""The program as its operator meets it with WhatsApp switched on, alone or beside Telegram."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot import stencils
from bot.app import STOPS_WITHIN
from bot.channels.whatsapp_ingress import PATH
from bot.clock import SystemClock
from bot.store import stencils as known
from bot.store.database import Tx, open_store
from bot.store.vault import open_key_file
from tests.fakes.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.fakes.bot_api import BotApi
from tests.fakes.whatsapp_api import TOKEN, WhatsAppApi
from tests.fakes.whatsapp_people import ACCOUNT_ID, PHONE_NUMBER_ID, SECRET, People, Somebody
from tests.needs import PATIENCE
from tests.test_app import CODE, Operator, inside, problems, stopped

VERIFY = "kata-buatan-untuk-uji"
NUMBER = "6281234500077"
WHATSAPP = {
    "WHATSAPP_TOKEN": TOKEN,
    "WHATSAPP_PHONE_ID": PHONE_NUMBER_ID,
    "WHATSAPP_BUSINESS_ID": ACCOUNT_ID,
    "WHATSAPP_APP_SECRET": SECRET,
    "WHATSAPP_VERIFY_TOKEN": VERIFY,
    "WHATSAPP_API": "http://127.0.0.1:1",
}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator who has done what the guide says."""
    with inside(tmp_path):
        yield Operator(tmp_path)


@dataclass
class Running:
    """A running bot and its platforms."""

    operator: Operator
    whatsapp: WhatsAppApi
    child: asyncio.subprocess.Process

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.operator.environment['PAYUNG_PORT']}"

    async def says(self, text: str, who: People) -> str:
        """Write; gives the next answer."""
        who.at = SystemClock().now()
        before = len(self.whatsapp.sent)
        self.whatsapp.bring(who.say(text))
        await self.until(lambda: len(self.whatsapp.sent) > before)
        return self.whatsapp.sent[-1].text

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for messages until it is true."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self.whatsapp.noted.clear()
                await self.whatsapp.noted.wait()

    async def sees(self, page: str) -> tuple[int, str]:
        """What a monitor sees."""
        async with aiohttp.ClientSession() as web, web.get(f"{self.address}{page}") as answer:
            return answer.status, await answer.text()

    async def shows(self, problem: str) -> tuple[int, str]:
        """What a monitor sees once it sees this."""
        async with asyncio.timeout(PATIENCE):
            while True:
                status, shown = await self.sees("/healthz")
                if problem in shown:
                    return status, shown

    async def challenged(self) -> str:
        """What WhatsApp gets when it asks whether the address is ours."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158"}
        address = f"{self.address}{PATH}"
        async with aiohttp.ClientSession() as web, web.get(address, params=asked) as answer:
            return await answer.text()


@asynccontextmanager
async def running(operator: Operator, api: WhatsAppApi, **settings: str) -> AsyncIterator[Running]:
    """The bot once it has asked for its number; killed at the end if it still runs."""
    api.faults.struck.clear()
    api.fault(method="number")  # without effect: it only rings
    child = await operator.starts("run", **{**WHATSAPP, "WHATSAPP_API": api.address, **settings})
    here = Running(operator, api, child)
    try:
        async with asyncio.timeout(PATIENCE):
            await api.faults.struck.wait()
        api.push.start(f"{here.address}{PATH}")
        yield here
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


def written(operator: Operator) -> bytes:
    """Everything that lies in the folder, the key aside."""
    return b"".join(path.read_bytes() for path in operator.folder.rglob("*") if path.is_file())


@pytest.mark.slow
async def test_whatsapp_alone_is_enough(operator: Operator) -> None:
    async with WhatsAppApi() as api, running(operator, api) as here:
        assert "Payung Desa" in await here.says("halo", People(Somebody(NUMBER)))
        status, shown = await here.sees("/metrics")
        assert (status, 'payung_part_ok{part="whatsapp"} 1.0' in shown) == (200, True)
        assert "telegram" not in shown
        seconds, output = await stopped(here.child)
    assert here.child.returncode == 0
    assert seconds < STOPS_WITHIN
    assert b"Traceback" not in output


@pytest.mark.slow
async def test_both_channels_run_beside_each_other(operator: Operator) -> None:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(BotApi())
        api = await stack.enter_async_context(WhatsAppApi())
        both = {"TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API": telegram.address}
        here = await stack.enter_async_context(running(operator, api, **both))
        telegram.people.say("halo", chat=7001)
        assert "Payung Desa" in await here.says("halo", People(Somebody(NUMBER)))
        async with asyncio.timeout(PATIENCE):
            while not telegram.sent:
                telegram.noted.clear()
                await telegram.noted.wait()
        seconds, output = await stopped(here.child)
    assert here.child.returncode == 0
    assert seconds < STOPS_WITHIN
    assert b"Traceback" not in output


@pytest.mark.slow
async def test_a_busy_bot_stops_within_ten_seconds(operator: Operator) -> None:
    async with WhatsAppApi() as api:
        async with running(operator, api) as here:
            api.fault(method="messages", times=None, hang=600)
            api.faults.struck.clear()
            for number in range(20):
                api.bring(People(Somebody(f"62812345001{number:02}"), SystemClock().now()).say("halo"))
            async with asyncio.timeout(PATIENCE):
                await api.faults.struck.wait()
            _, output = await stopped(here.child)
        assert here.child.returncode == 0
        assert b"Traceback" not in output
        api.faults.active.clear()
        async with running(operator, api) as here:
            await here.until(lambda: len({message.to for message in api.sent}) == 20)
            await stopped(here.child)


@pytest.mark.slow
async def test_a_refused_token_is_seen_by_whoever_looks(operator: Operator) -> None:
    async with WhatsAppApi() as api:
        api.fault(method="number", times=None, status=401, parameters={"code": 190})
        async with running(operator, api) as here:
            status, shown = await here.shows("whatsapp")
            assert status == 503
            assert "the token or our account is refused" in json.loads(shown)["problems"][0]
            assert 'payung_part_ok{part="whatsapp"} 0.0' in (await here.sees("/metrics"))[1]
            await stopped(here.child)


@pytest.mark.slow
async def test_token_and_secrets_are_never_written_anywhere(operator: Operator) -> None:
    async with WhatsAppApi() as api:
        api.fault(method="messages", status=401, parameters={"code": 131000})
        api.fault(method="messages", drop=True)
        async with running(operator, api, LOG_LEVEL="debug") as here:
            await here.says("halo", People(Somebody(NUMBER)))
            assert await here.challenged() == "1158"
            files = written(operator)
            _, output = await stopped(here.child)
    for secret in (TOKEN, SECRET, VERIFY):
        assert secret.encode() not in files + written(operator) + output


@pytest.mark.slow
async def test_no_number_of_a_person_is_written_in_clear(operator: Operator) -> None:
    who = People(Somebody(NUMBER, "ID.13491208655302741999", "Siti"))
    code = CODE.search((await asyncio.to_thread(operator.runs, "invite", "--district", "64.02")).output)
    assert code
    async with WhatsAppApi() as api, running(operator, api, LOG_LEVEL="debug") as here:
        for text in (code[0], "halo", "rekap", "bantuan"):
            await here.says(text, who)
        api.bring(who.react(api.sent[-1].id))
        api.bring(who.move("6281234500078"))
        await api.push.taken()
        files = written(operator)
        _, output = await stopped(here.child)
    everything = files + written(operator) + output
    ids = [message.id for message in api.sent] + api.state.read
    assert api.sent
    assert api.state.read
    for name in ("81234500077", "13491208655302741999", "81234500078", *ids, *(one[6:30] for one in ids)):
        assert name.encode() not in everything, name


# -- what is wrong, in one line each ---------------------------------------------------------

MISSING: Mapping[str, str] = {
    "WHATSAPP_APP_SECRET": "must be the secret of the app",
    "WHATSAPP_VERIFY_TOKEN": "must be 16 to 256 letters",
    "WHATSAPP_PHONE_ID": "must be the id that WhatsApp Manager shows",
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_told_in_one_line(operator: Operator, name: str) -> None:
    settings = {**WHATSAPP, name: ""}
    for command in ("check", "run"):
        result = operator.runs(command, **settings)
        assert result.exit_code == 1
        lines = [line for line in result.output.splitlines() if f"PAYUNG_{name} {MISSING[name]}" in line]
        assert len(lines) == len(result.output.splitlines()) == 1
        assert TOKEN not in result.output


@pytest.mark.slow
async def test_a_bot_that_anybody_could_write_to_does_not_start(operator: Operator) -> None:
    child = await operator.starts("run", **{**WHATSAPP, "WHATSAPP_APP_SECRET": " , "})
    out, told = await asyncio.wait_for(child.communicate(), PATIENCE)
    assert child.returncode == 1
    assert b"PAYUNG_WHATSAPP_APP_SECRET" in told
    assert len(told.splitlines()) == 1
    assert b"Traceback" not in out + told


def test_nobody_needs_both_channels(operator: Operator) -> None:
    lines = problems(operator.runs("check", **WHATSAPP))
    assert [line.split(":")[0] for line in lines] == ["PROBLEM whatsapp", "PROBLEM whatsapp templates"]
    assert "cannot be reached" in lines[0]
    assert f"{len(stencils.IN_PLACE)} of {len(stencils.IN_PLACE)} are not approved" in lines[1]


async def test_check_asks_whether_token_and_number_fit_together(operator: Operator) -> None:
    await approve(operator)
    async with WhatsAppApi() as api:
        right = {**WHATSAPP, "WHATSAPP_API": api.address}

        async def problem(**settings: str) -> list[str]:
            return problems(await asyncio.to_thread(operator.runs, "check", **{**right, **settings}))

        assert await problem() == []
        (token,) = await problem(WHATSAPP_TOKEN=TOKEN[:-3])
        (number,) = await problem(WHATSAPP_PHONE_ID="1")
        (account,) = await problem(WHATSAPP_BUSINESS_ID="1")
        (away,) = await problem(WHATSAPP_API="http://127.0.0.1:1")
    assert "PROBLEM whatsapp: the token" in token
    assert "PROBLEM whatsapp: the token knows no such number" in number
    assert "PROBLEM whatsapp: the token knows no such account: check PAYUNG_WHATSAPP_BUSINESS_ID" in account
    assert "cannot be reached" in away
    assert TOKEN[:-3] not in token + number + away


@pytest.mark.parametrize(
    "name, value, advice",
    [
        ("WHATSAPP_TOKEN", TOKEN[:-3], "make a new one for PAYUNG_WHATSAPP_TOKEN"),
        ("WHATSAPP_BUSINESS_ID", "1", "check PAYUNG_WHATSAPP_BUSINESS_ID"),
    ],
)
async def test_who_is_refused_is_not_told_to_run_it_again(
    operator: Operator, name: str, value: str, advice: str
) -> None:
    async with WhatsAppApi() as api:
        settings = {**WHATSAPP, "WHATSAPP_API": api.address, name: value}
        done = await asyncio.to_thread(operator.runs, "templates", "status", **settings)
    assert done.exit_code == 1
    assert advice in done.output
    assert "run it again" not in done.output
    assert len(done.output.splitlines()) == 1


async def test_check_counts_the_texts_that_may_not_be_sent(operator: Operator) -> None:
    await approve(operator, "PAUSED")
    lines = problems(await asyncio.to_thread(operator.runs, "check", **WHATSAPP))
    assert f"1 of {len(stencils.IN_PLACE)} are not approved" in lines[-1]


async def approve(operator: Operator, first: str = "APPROVED") -> None:
    """The platform has looked at our texts."""
    path, key = (Path(operator.environment[f"PAYUNG_{name}"]) for name in ("DATABASE", "KEY_FILE"))

    def note(tx: Tx) -> None:
        for number, name in enumerate(stencils.IN_PLACE.values()):
            state = "APPROVED" if number else first
            known.note(tx, name, state, "", stencils.UTILITY, SystemClock().now())

    async with open_store(path, open_key_file(key)) as store:
        await store.transact(note)
