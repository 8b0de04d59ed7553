"""The composition root: settings become a store, channels and tasks; nothing else knows everyone."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import logs, pace, rules
from bot.backup import Backups, Nightly
from bot.bells import any_of
from bot.channels.telegram import Telegram
from bot.clock import Clock, SystemClock
from bot.domain.rulebook import Rules
from bot.engine import Bounds, Engine, build
from bot.errors import Misconfigured, SendError
from bot.health import Check, Health, Pulse
from bot.regions import villages
from bot.schedule import ticking
from bot.settings import DISTRICT_CODE, Settings
from bot.store import places, records
from bot.store.database import Store, open_store
from bot.store.vault import open_key_file

log = logs.get(__name__)

#: From the stop signal to the end of the process; a service manager kills after 10 seconds.
STOPS_WITHIN = 8.0

#: A poller that heard nothing for this long has lost Telegram (a long poll takes 25 seconds).
SILENCE = timedelta(minutes=3)

AGAIN = 10.0  # seconds

#: Commands that Telegram offers behind "/".
PRIVATE = (
    ("daftar", "Daftarkan orang"),
    ("status", "Status desa"),
    ("tagihan", "Iuran yang belum tercatat"),
    ("bantuan", "Bantuan"),
    ("menu", "Semua pilihan"),
)
GROUP = (
    ("rekap", "Rekap kabupaten"),
    ("desa", "Kartu satu desa"),
    ("menunggak", "Desa yang menunggak"),
    ("belumdaftar", "Desa yang belum terdaftar"),
    ("bukti", "Laporan bayar yang menunggu"),
    ("jawab", "Pertanyaan yang menunggu"),
    ("siaran", "Kirim pengumuman"),
    ("laporan", "Laporan bulanan"),
    ("bantuan", "Semua perintah"),
)


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


async def run(settings: Settings) -> None:
    """The bot with its real channels, until a stop signal; `Misconfigured` if it cannot start."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        raise Misconfigured(
            "no channel is switched on: set PAYUNG_TELEGRAM_TOKEN, or try `python -m bot demo`"
        )
    stop = on_stop_signal()
    clock = SystemClock(settings.start)
    sys.setswitchinterval(0.0005)  # the store's thread and the loop hand over often: not after 5 ms each
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(settings.database, open_key_file(settings.key_file))
        )
        await _load_missing(store, settings.district_codes)
        telegram = await stack.enter_async_context(Telegram(token, settings.telegram_api, clock))
        limits = {telegram.name: pace.telegram(settings.telegram_rate, settings.telegram_chat_rate)}
        engine = build(store, clock, served(settings), {telegram.name: telegram}, Bounds(limits))
        await engine.recover()
        nightly = Nightly(store, clock, backups(settings), settings.district_codes)
        looks = {**checks(engine, telegram, clock), "backup": lambda: nightly.problem}
        heard = {telegram.name: lambda: (telegram.last_poll, telegram_problem(telegram, clock.now()))}
        engine.schedule.add("channels", Pulse(heard).plan)
        health = Health(store, clock, lambda: engine.schedule.last_tick, looks)
        routes: list[BaseRoute] = list(health.routes())
        if settings.telegram_mode == "webhook":
            routes.append(telegram.webhook(settings.telegram_secret.get_secret_value(), engine.inbox.accept))
        await stack.enter_async_context(serving(routes, settings.host, settings.port))
        log.info("listening on %s:%s", settings.host, settings.port)
        gc.freeze()  # what was loaded so far stays: the collector need not look at it again and again
        await _until(stop, engine, lambda: _receive(telegram, settings, engine, stop), nightly)
    log.info("stopped")


def backups(settings: Settings) -> Backups:
    """The backups of the database, as the operator set them."""
    vault = open_key_file(settings.key_file)
    return Backups(settings.database, vault, settings.backup_folder, settings.backup_keep)


def served(settings: Settings) -> Rules:
    """The rules, with only the districts that this process serves."""
    rulebook = rules.load(None, *settings.rule_folders)
    codes = settings.district_codes
    for code in codes:
        rulebook.district(code)
    return rulebook.only(codes)


def checks(engine: Engine, telegram: Telegram, clock: Clock) -> dict[str, Check]:
    """What `/healthz` looks at besides the queues and the clock."""
    return {
        "database": lambda: "" if engine.inbox.whole else "cannot be written: disk full, or locked?",
        telegram.name: lambda: telegram_problem(telegram, clock.now()),
    }


def telegram_problem(telegram: Telegram, now: datetime) -> str:
    """What an operator must do about Telegram, "" while it works."""
    if telegram.refused:
        return "the token is refused: ask @BotFather for it again"
    if telegram.conflict:
        return "another program polls with the same token: stop it"
    if telegram.last_poll is not None and now - telegram.last_poll > SILENCE:
        return "has not answered for minutes: is the network up?"
    return ""


async def _receive(telegram: Telegram, settings: Settings, engine: Engine, stop: asyncio.Event) -> None:
    await telegram.connect(stop)
    if stop.is_set():
        return
    await engine.store.transact(lambda tx: records.put(tx, "telegram.username", telegram.username))
    try:
        await telegram.set_commands(PRIVATE, GROUP)
    except SendError as error:  # a menu less: words work all the same
        log.warning("commands could not be offered: %s", error)
    if settings.telegram_mode == "webhook":
        secret = settings.telegram_secret.get_secret_value()
        url = f"{settings.public_url.rstrip('/')}/telegram"
        await _until_done(lambda: telegram.set_webhook(url, secret), stop)
        await stop.wait()
    else:
        await _until_done(telegram.delete_webhook, stop)
        await telegram.poll(engine.inbox.accept, stop)


async def _until_done(call: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Try until Telegram has taken it: a network that is away for a while must not end the bot."""
    while not stop.is_set():
        try:
            await call()
        except SendError as error:
            log.warning("Telegram did not take it, again in %s seconds: %s", AGAIN, error)
            await any_of(AGAIN, stop)
        else:
            return


async def _until(
    stop: asyncio.Event, engine: Engine, receive: Callable[[], Awaitable[None]], nightly: Nightly
) -> None:
    """Run everything until the signal, or until a part ended that must not; then stop in order."""
    engine.start()
    await engine.schedule.tick()
    clockwork = ticking(engine.schedule, engine.inbox.bell.set, nightly.tick)
    ingress = asyncio.ensure_future(receive())
    ended = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([ingress, ended, *engine.tasks], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in done if task is not ended and not stop.is_set()]
    stop.set()
    nightly.stop()
    clockwork.shutdown(wait=False)
    try:
        async with asyncio.timeout(STOPS_WITHIN):
            await asyncio.wait([ingress])
            await engine.stop()
    except TimeoutError:
        log.warning("stopped without waiting for what was being sent: it is taken up at the next start")
    for task in failed:
        if task.exception() is not None:
            raise RuntimeError(f"{task} ended by itself") from task.exception()
