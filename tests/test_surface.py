"""Everything that can be asked over HTTP, asked in every way that its description allows: never a 5xx but 503."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.channels.telegram_ingress import webhook as telegram_webhook
from bot.channels.whatsapp_ingress import Hook, sign
from bot.channels.whatsapp_ingress import webhook as whatsapp_webhook
from bot.clock import ManualClock
from bot.health import Health
from bot.messages import Arrival
from tests.fakes.bot_api import serving
from tests.fakes.whatsapp_people import NAMES, PHONE_NUMBER_ID, SECRET
from tests.webdemo import demo
from tests.world import START, laid

TOKEN = "v" * 16
OK = {"200": {"description": "taken"}}
ANY: dict[str, Any] = {
    "application/json": {"schema": {}},
    "application/octet-stream": {"schema": {"type": "string"}},
}
WORDS = {"anyOf": [{"type": "string"}, {"enum": ["darma", "kantor", "1", "subscribe"]}]}


def _operation(*names: str, where: str = "query", body: bool = False) -> dict[str, Any]:
    """An operation with parameters of any text, and perhaps any body."""
    found = [{"name": name, "in": where, "required": where == "path", "schema": WORDS} for name in names]
    return {"parameters": found, "responses": OK} | ({"requestBody": {"content": ANY}} if body else {})


#: What the program offers to the outside.
SURFACE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Payung Desa", "version": "1"},
    "paths": {
        "/whatsapp": {
            "get": _operation("hub.mode", "hub.verify_token", "hub.challenge"),
            "post": _operation("X-Hub-Signature-256", where="header", body=True),
        },
        "/telegram": {"post": _operation("X-Telegram-Bot-Api-Secret-Token", where="header", body=True)},
        "/healthz": {"get": _operation()},
        "/metrics": {"get": _operation()},
        "/api/personas": {"get": _operation()},
        "/chat/{persona}": {"get": _operation("persona", where="path")},
        "/api/chats/{persona}/messages": {
            "get": _operation("persona", where="path"),
            "post": _operation("persona", where="path", body=True),
        },
        "/api/chats/{persona}/files/{number}": {"get": _operation("persona", "number", where="path")},
        "/api/clock": {"get": _operation(), "post": _operation(body=True)},
    },
}


class Database:
    """Takes what comes in, or is away."""

    def __init__(self) -> None:
        self.away = False

    async def accept(self, _arrivals: Sequence[Arrival]) -> None:
        if self.away:
            raise sqlite3.OperationalError("database is locked")


@pytest.fixture
async def surface(tmp_path: Path) -> AsyncIterator[tuple[str, Database]]:
    """The address of a server with all routes, and the database behind it."""
    database = Database()
    page, _, _ = demo()
    async with laid(tmp_path / "payung.db") as store:
        health = Health(store, ManualClock(START), lambda: START, {})
        routes: list[BaseRoute] = [
            *health.routes(),
            telegram_webhook("rahasia-kantor_01", database.accept),
            *whatsapp_webhook(Hook(PHONE_NUMBER_ID, TOKEN, (SECRET,)), NAMES, database.accept),
            *page.routes,
        ]
        async with serving(Starlette(routes=routes)) as address:
            yield address, database


def _ask(address: str, seen: list[int], change: Callable[[requests.PreparedRequest], None]) -> None:
    """Ask every operation in many ways."""
    schema = schemathesis.openapi.from_dict(SURFACE)
    with requests.Session() as session:
        for found in schema.get_all_operations():
            operation = found.ok()

            @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy())
            def ask(case: schemathesis.Case) -> None:
                asked = session.prepare_request(requests.Request(**_wire(case, address)))
                change(asked)
                seen.append(session.send(asked, timeout=10, allow_redirects=False).status_code)
                assert seen[-1] < 500 or seen[-1] == 503, (case.method, case.path, seen[-1])

            ask()


def _wire(case: schemathesis.Case, address: str) -> dict[str, Any]:
    told = case.as_transport_kwargs(base_url=address)
    return {
        name: told[name] for name in ("method", "url", "params", "headers", "data", "json") if name in told
    }


def _as_it_is(_asked: requests.PreparedRequest) -> None:
    """Nobody's signature."""


def _signed(asked: requests.PreparedRequest) -> None:
    """As the platforms sign."""
    body = asked.body or b""
    raw = body if isinstance(body, bytes) else str(body).encode()
    asked.headers["X-Hub-Signature-256"] = sign(raw, SECRET)
    asked.headers["X-Telegram-Bot-Api-Secret-Token"] = "rahasia-kantor_01"


@pytest.mark.slow
@pytest.mark.parametrize("change", [_as_it_is, _signed], ids=["unsigned", "signed"])
@pytest.mark.parametrize("away", [False, True], ids=["database there", "database away"])
async def test_nothing_that_is_asked_breaks_the_server(
    surface: tuple[str, Database], change: Callable[[requests.PreparedRequest], None], away: bool
) -> None:
    address, database = surface
    database.away = away
    seen: list[int] = []
    await asyncio.to_thread(_ask, address, seen, change)
    assert len(seen) > 100
    if change is _signed:
        assert (503 in seen) == away
