"""mockpost (PyPI, MIT) takes our sends and brings updates to our webhook.

It knows no secret header, so a small proxy adds it; it ignores offsets, so polling is not tried.  Its
WhatsApp takes messages only, keeps no limits, and signs nothing that it brings: sends alone are tried.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_wire import Access
from bot.clock import SystemClock
from bot.messages import Address, Arrival, Choice, Kind, Letter, Stencil
from tests.fakes import whatsapp_people
from tests.fakes.bot_api import serving
from tests.fakes.whatsapp_people import ACCOUNT_ID, NAMES, PHONE_NUMBER_ID
from tests.wire.servers import LeftOut, environment, free_port, report, running

REQUIREMENT = "mockpost==0.3.0"
TOKEN = "123456789:AAF-made-up-token-of-the-umbrella-0"
SECRET = "rahasia-kantor_01"
APP = {"X-MockPost-App": "payung"}
PORTS = ("HTTP", "SMTP", "FTP", "FTPS", "FTPS_IMPLICIT", "SFTP")
SITI, GROUP = Address("telegram", "7001"), Address("telegram", "-5001")


def with_secret(app: Starlette) -> Any:
    """The application behind a proxy that adds Telegram's secret header."""

    async def proxied(scope: Any, receive: Any, send: Any) -> None:
        header = (b"x-telegram-bot-api-secret-token", SECRET.encode())
        await app({**scope, "headers": [*scope["headers"], header]}, receive, send)

    return proxied


async def ready(session: aiohttp.ClientSession, address: str) -> None:
    """Until the server answers."""
    for _ in range(150):
        if await answers(session, f"{address}/api/apps"):
            return
        await asyncio.sleep(0.1)
    raise LeftOut("it does not start")


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether somebody answers there by now."""
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def sends(channel: Telegram, session: aiohttp.ClientSession, address: str) -> int:
    """Send one letter of each kind it knows; how many it kept as we meant them."""
    await channel.connect(asyncio.Event())
    assert channel.username == "mockpost_bot"
    choices = (Choice("p1:0", "Ya"), Choice("p1:1", "Tidak"))
    message = await channel.send(Letter(SITI, "*Halo* <Budi & Sons>", choices=choices))
    await channel.send(Letter(SITI, "Tercatat", Kind.EDIT, message=message))
    await channel.send(Letter(SITI, "Baik", Kind.ANSWER, message="1"))
    await channel.send(Letter(GROUP, "Rekap 😀"))
    await channel.send(Letter(SITI, "kata " * 1500))
    await channel.set_webhook("http://127.0.0.1:9/unused", SECRET)
    await channel.delete_webhook()
    async with session.get(f"{address}/api/messages", params={"channel": "telegram"}) as answer:
        kept = [each["body"] for each in await answer.json() if each["direction"] == "outbound"]
    assert any("<b>Halo</b> &lt;Budi &amp; Sons&gt;" in body and "p1:1" in body for body in kept)
    assert {"Tercatat", "Rekap 😀"} <= set(kept)
    assert sorted(len(body) for body in kept if body.startswith("kata")) == [3404, 4094]
    return len(kept)


async def whatsapp_sends(session: aiohttp.ClientSession, address: str) -> int:
    """Send a text, buttons, a list and an approved text through WhatsApp; how many it kept as we meant them."""
    access = Access("EAAMadeUp", PHONE_NUMBER_ID, ACCOUNT_ID, (), "", f"{address}/whatsapp")
    choices = tuple(Choice(f"p1.{n}", f"Desa {n}") for n in range(12))
    siti = Address("whatsapp", NAMES.conceal(whatsapp_people.SITI.number))
    stencil = Stencil("iuran_jatuh_tempo", (("desa", "Perian"),))
    async with WhatsApp(access, NAMES) as channel:
        letters = [
            Letter(siti, "*Halo* <Budi & Sons>"),
            Letter(siti, "Sudah benar?", choices=choices[:2]),
            Letter(siti, "Desa mana?", choices=choices),
            Letter(siti, "", choices=choices[:1], stencil=stencil),
        ]
        names = [await channel.send(letter) for letter in letters]
    assert all(NAMES.reveal(name).startswith("wamid.") for name in names)
    async with session.get(f"{address}/api/messages", params={"channel": "whatsapp"}) as answer:
        kept = {each["body"]: json.loads(each["raw_payload"]) for each in await answer.json()}
    assert {each["to"] for each in kept.values()} == {whatsapp_people.SITI.number}
    assert kept["*Halo* <Budi & Sons>"]["type"] == "text"
    buttons, listed = (kept[text]["interactive"]["action"] for text in ("Sudah benar?", "Desa mana?"))
    assert [each["reply"]["title"] for each in buttons["buttons"]] == ["Desa 0", "Desa 1"]
    assert listed["sections"][0]["rows"][-1] == {"id": "p1.+9", "title": "Lainnya »"}
    assert kept["template:iuran_jatuh_tempo"]["template"]["language"] == {"code": "id"}
    return len(kept)


async def updates(channel: Telegram, session: aiohttp.ClientSession, address: str) -> int:
    """Have it bring texts to our webhook; how many were read as they were written."""
    inbox: list[Arrival] = []

    async def accept(arrivals: Sequence[Arrival]) -> None:
        inbox.extend(arrivals)

    said = [(7001, "/start K7Q2MX"), (7001, "Siti 😀 <b>"), (-5001, "/rekap@mockpost_bot")]
    app = Starlette(routes=[channel.webhook(SECRET, accept)])
    async with serving(with_secret(app)) as ours:
        await channel.set_webhook(f"{ours}/telegram", SECRET)
        for chat, text in said:
            body = {"chat_id": chat, "text": text}
            async with session.post(
                f"{address}/telegram/client/sendMessage", json=body, headers=APP
            ) as answer:
                assert answer.status == 200
    read = [channel.parse(arrival.body) for arrival in inbox]
    assert [each and each.text for each in read] == ["/start K7Q2MX", "Siti 😀 <b>", "/rekap"]
    assert [each and each.group for each in read] == [False, False, True]
    return len(read)


async def compare() -> str:
    """Start it, try it, say what held."""
    python = environment("mockpost", REQUIREMENT, sys.executable)
    ports = {f"MOCKPOST_{name}_PORT": str(free_port()) for name in PORTS}
    address = f"http://127.0.0.1:{ports['MOCKPOST_HTTP_PORT']}"
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-m", "mockpost.cli"]
        (Path(folder) / "data").mkdir()
        async with (
            running(command, Path(folder), {**os.environ, **ports, "MOCKPOST_LOG_LEVEL": "critical"}),
            aiohttp.ClientSession() as session,
            Telegram(TOKEN, f"{address}/telegram", SystemClock()) as channel,
        ):
            await ready(session, address)
            async with session.post(
                f"{address}/api/apps", json={"name": "payung", "creds": {"telegram_token": TOKEN}}
            ) as answer:
                assert answer.status == 200
            kept = await sends(channel, session, address)
            brought = await updates(channel, session, address)
            posted = await whatsapp_sends(session, address)
    return f"{REQUIREMENT} took {kept} + {posted} messages (Telegram, WhatsApp) and brought {brought} updates to the webhook"


if __name__ == "__main__":
    report("mockpost", compare)
