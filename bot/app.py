"""The composition root: settings become a store, channels and tasks; nothing else knows everyone."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import gateways, logs, rules
from bot.backup import Backups, Nightly
from bot.clock import Clock, SystemClock
from bot.domain.rulebook import Rules
from bot.engine import Bounds, Engine, build
from bot.errors import Misconfigured
from bot.gateways import Gateway
from bot.health import Check, Health, Heard, Pulse
from bot.keys import Resealer
from bot.regions import villages
from bot.rivals import Rivals
from bot.schedule import ticking
from bot.settings import DISTRICT_CODE, Settings
from bot.store import places
from bot.store.database import Store, open_store
from bot.store.vault import open_key_file

log = logs.get(__name__)

#: From the stop signal to the end of the process; a service manager kills after 10 seconds.
STOPS_WITHIN = 8.0


async def load_villages(store: Store, code: str) -> int:
    """Put a district's villages into the table; returns how many it has."""
    found = list(villages(code)) if DISTRICT_CODE.fullmatch(code) else []
    if not found:
        raise Misconfigured(f"there is no district {code}: give its Kemendagri code, as in 64.02")
    return await store.transact(lambda tx: places.load(tx, found))


async def _load_missing(store: Store, codes: Sequence[str]) -> None:
    for code in codes:
        known = await store.transact(lambda tx, c=code: places.villages(tx, c))  # type: ignore[misc]
        if not known:
            log.info("district %s: %s villages loaded", code, await load_villages(store, code))


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: one place decides when everything stops."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listener(host: str, port: int) -> socket.socket:
    """A listening socket that names its protocol: only then does asyncio send small answers at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serving(routes: Sequence[BaseRoute], host: str, port: int) -> AsyncIterator[uvicorn.Server]:
    """A running web server; leaving ends it, open streams included."""
    config = uvicorn.Config(
        Starlette(routes=list(routes)),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    try:
        listener = _listener(host, port)
    except (OSError, OverflowError) as error:
        raise Misconfigured(
            f"port {port} on {host} cannot be used ({error}): choose another PAYUNG_PORT"
        ) from None
    task = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    try:
        while not server.started and not task.done():
            await asyncio.wait([task], timeout=0.02)
        yield server
    finally:
        server.should_exit = True
        await asyncio.wait([task])
        listener.close()


def on_stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@dataclass(frozen=True)
class Aside:
    """What may take minutes and holds up nobody: the night's backup, then old values under a new key."""

    nightly: Nightly
    resealer: Resealer

    async def tick(self) -> bool:
        """Do what is due; True if there is something to be sent now."""
        told = await self.nightly.tick()
        try:
            await self.resealer.tick()
        except Exception:
            log.exception("values could not be brought under the newest key: tried again in a minute")
        return told

    def stop(self) -> None:
        """Give up what is being done: the next start does it."""
        self.nightly.stop()
        self.resealer.stop()


async def run(settings: Settings) -> None:
    """The bot with its real channels, until a stop signal; `Misconfigured` if it cannot start."""
    stop = on_stop_signal()
    clock = SystemClock(settings.start)
    sys.setswitchinterval(0.0005)  # the store's thread and the loop hand over often: not after 5 ms each
    async with AsyncExitStack() as stack:
        vault = open_key_file(settings.key_file)
        if lies := exposed(settings):
            log.warning("key file: %s", lies)
        found = await stack.enter_async_context(gateways.opened(settings, clock, vault))
        if not found:
            raise Misconfigured(
                "no channel is switched on: set PAYUNG_TELEGRAM_TOKEN or PAYUNG_WHATSAPP_TOKEN, or try "
                "`python -m bot demo`"
            )
        store = await stack.enter_async_context(open_store(settings.database, vault))
        await _load_missing(store, settings.district_codes)
        await store.transact(partial(gateways.note, found))
        engine = build(
            store, clock, served(settings), {g.channel.name: g.channel for g in found}, _bounds(found)
        )
        await engine.recover()
        nightly = Nightly(store, clock, backups(settings), settings.district_codes)
        engine.schedule.add("channels", Pulse(_heard(found, clock)).plan)
        engine.schedule.add("rivals", Rivals(partial(_rivalled, found), settings.district_codes).plan)
        looks = {**checks(engine, found, clock), "backup": lambda: nightly.problem}
        health = Health(store, clock, lambda: engine.schedule.last_tick, looks)
        routes = [*health.routes(), *(route for g in found for route in g.routes(engine.inbox.accept))]
        await stack.enter_async_context(serving(routes, settings.host, settings.port))
        log.info("listening on %s:%s", settings.host, settings.port)
        gc.freeze()  # what was loaded so far stays: the collector need not look at it again and again
        await _until(
            stop, engine, [partial(g.receive, engine, stop) for g in found], Aside(nightly, Resealer(store))
        )
    log.info("stopped")


def _bounds(found: Sequence[Gateway]) -> Bounds:
    tiers = {g.channel.name: g.tier for g in found if g.tier is not None}
    return Bounds({g.channel.name: g.limits for g in found}, tiers)


def _rivalled(found: Sequence[Gateway]) -> datetime | None:
    return max((gateway.rivalled for gateway in found if gateway.rivalled), default=None)


def _heard(found: Sequence[Gateway], clock: Clock) -> dict[str, Heard]:
    return {g.channel.name: lambda g=g: (g.heard, g.problem(clock.now())) for g in found}  # type: ignore[misc]


def backups(settings: Settings) -> Backups:
    """The backups of the database, as the operator set them."""
    vault = open_key_file(settings.key_file)
    return Backups(settings.database, vault, settings.backup_folder, settings.backup_keep)


def exposed(settings: Settings) -> str:
    """Why whoever copies the data, or the backups, has the key with them; "" if not."""
    folder = settings.database if settings.database.is_dir() else settings.database.parent
    key, data, copies = (
        path.resolve() for path in (settings.key_file.parent, folder, settings.backup_folder)
    )
    if key.is_relative_to(data):
        return "it lies beside the database: whoever copies that folder has both; move it elsewhere"
    if key.is_relative_to(copies):
        return f"it lies in {settings.backup_folder}: whoever copies the backups has both; move it elsewhere"
    return ""


def served(settings: Settings) -> Rules:
    """The rules, with only the districts that this process serves."""
    rulebook = rules.load(None, *settings.rule_folders)
    codes = settings.district_codes
    for code in codes:
        rulebook.district(code)
    return rulebook.only(codes)


def checks(engine: Engine, found: Sequence[Gateway], clock: Clock) -> dict[str, Check]:
    """What `/healthz` looks at besides the queues and the clock."""
    channels = {g.channel.name: lambda g=g: g.problem(clock.now()) for g in found}
    return {
        "database": lambda: "" if engine.inbox.whole else "cannot be written: disk full, or locked?",
        **channels,
    }


async def _until(
    stop: asyncio.Event, engine: Engine, receive: Sequence[Callable[[], Awaitable[None]]], aside: Aside
) -> None:
    """Run everything until the signal, or until a part ended that must not; then stop in order."""
    engine.start()
    await engine.schedule.tick()
    clockwork = ticking(engine.schedule, engine.inbox.bell.set, aside.tick)
    ingress = [asyncio.ensure_future(each()) for each in receive]
    ended = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([*ingress, ended, *engine.tasks], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in done if task is not ended and not stop.is_set()]
    stop.set()
    aside.stop()
    clockwork.shutdown(wait=False)
    try:
        async with asyncio.timeout(STOPS_WITHIN):
            await asyncio.wait(ingress)
            await engine.stop()
    except TimeoutError:
        log.warning("stopped without waiting for what was being sent: it is taken up at the next start")
    for task in failed:
        if task.exception() is not None:
            raise RuntimeError(f"{task} ended by itself") from task.exception()
