"""The real channels, as the operator switched them on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starlette.routing import BaseRoute

from bot import logs, pace
from bot.bells import any_of
from bot.channels.base import Accept, Channel
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_wire import Access, Health
from bot.clock import Clock
from bot.engine import Engine
from bot.errors import SendError
from bot.pace import Limits
from bot.settings import Settings
from bot.store import records
from bot.store.database import Tx
from bot.store.vault import Vault

log = logs.get(__name__)

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


class Gateway(Protocol):
    """One channel, and how it is kept open."""

    limits: Limits
    tier: int | None  # people who may be written to first in a day; None: any

    @property
    def channel(self) -> Channel:
        """The channel itself."""
        ...

    @property
    def heard(self) -> datetime | None:
        """When the platform was heard last; None where it calls us."""
        ...

    @property
    def rivalled(self) -> datetime | None:
        """When another program was last seen that asks in our name."""
        ...

    def problem(self, now: datetime) -> str:
        """What an operator must do about it, "" while it works."""
        ...

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:
        """What the platform calls."""
        ...

    async def receive(self, engine: Engine, stop: asyncio.Event) -> None:
        """Take in what comes until `stop`."""
        ...


@dataclass
class TelegramGateway:
    """Telegram, asked for updates or bringing them."""

    channel: Telegram
    settings: Settings
    limits: Limits
    tier: int | None = None

    @property
    def heard(self) -> datetime | None:
        """When Telegram last answered the poller."""
        return self.channel.last_poll

    @property
    def rivalled(self) -> datetime | None:
        """When Telegram last refused our question because of another's."""
        return self.channel.health.last_conflict

    def problem(self, now: datetime) -> str:
        """See `Gateway.problem`."""
        if self.channel.refused:
            return "the token is refused: ask @BotFather for it again"
        if self.channel.conflict:
            return "another program polls with the same token: stop it"
        if self.heard is not None and now - self.heard > SILENCE:
            return "has not answered for minutes: is the network up?"
        return ""

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:
        """See `Gateway.routes`."""
        if self.settings.telegram_mode != "webhook":
            return ()
        return (self.channel.webhook(self.settings.telegram_secret.get_secret_value(), accept),)

    async def receive(self, engine: Engine, stop: asyncio.Event) -> None:
        """See `Gateway.receive`."""
        channel = self.channel
        await channel.connect(stop)
        if stop.is_set():
            return
        await engine.store.transact(lambda tx: records.put(tx, "telegram.username", channel.username))
        try:
            await channel.set_commands(PRIVATE, GROUP)
        except SendError as error:  # a menu less: words work all the same
            log.warning("commands could not be offered: %s", error)
        if self.settings.telegram_mode == "webhook":
            secret = self.settings.telegram_secret.get_secret_value()
            url = f"{self.settings.public_url.rstrip('/')}/telegram"
            await _until_done(lambda: channel.set_webhook(url, secret), stop)
            await stop.wait()
        else:
            await _until_done(channel.delete_webhook, stop)
            await channel.poll(engine.inbox.accept, stop)


@dataclass
class WhatsAppGateway:
    """WhatsApp, which brings everything to our webhook."""

    channel: WhatsApp
    limits: Limits
    tier: int | None
    heard: datetime | None = None
    rivalled: datetime | None = None

    def problem(self, now: datetime) -> str:  # noqa: ARG002
        """See `Gateway.problem`."""
        return refused(self.channel.health)

    def routes(self, accept: Accept) -> Sequence[BaseRoute]:
        """See `Gateway.routes`."""
        return self.channel.webhook(accept)

    async def receive(self, engine: Engine, stop: asyncio.Event) -> None:
        """See `Gateway.receive`: what comes is brought; we only learn our own number, for links to it."""

        async def learn() -> None:
            number = await self.channel.check()
            digits = "".join(filter(str.isdecimal, number.shown))

            def note(tx: Tx) -> None:
                records.put(tx, "whatsapp.number", digits)
                records.put(tx, "whatsapp.quality", number.quality)

            await engine.store.transact(note)

        await _until_done(learn, stop)
        await stop.wait()


def refused(health: Health) -> str:
    """What an operator must do where WhatsApp takes nothing from us, "" while it does."""
    if health.no_number:
        return "the token knows no such number: set PAYUNG_WHATSAPP_PHONE_ID to the id in WhatsApp Manager"
    if health.refused:
        return "the token or our account is refused: look into WhatsApp Manager, make a new token if need be"
    return ""


def account_refused(health: Health) -> str:
    """The same where our business account was asked for its templates."""
    if health.no_number:
        return "the token knows no such account: check PAYUNG_WHATSAPP_BUSINESS_ID, and what the token may manage"
    return "the token is refused: make a new one for PAYUNG_WHATSAPP_TOKEN" if health.refused else ""


async def _until_done(call: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Try until the platform has taken it: a network that is away for a while must not end the bot."""
    while not stop.is_set():
        try:
            await call()
        except SendError as error:
            log.warning("the platform did not take it, again in %s seconds: %s", AGAIN, error)
            await any_of(AGAIN, stop)
        else:
            return


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, vault: Vault) -> AsyncIterator[list[Gateway]]:
    """The channels that have a token; closed at the end."""
    found: list[Gateway] = []
    async with AsyncExitStack() as stack:
        token = settings.telegram_token.get_secret_value()
        if token:
            telegram = await stack.enter_async_context(Telegram(token, settings.telegram_api, clock))
            limits = pace.telegram(settings.telegram_rate, settings.telegram_chat_rate)
            found.append(TelegramGateway(telegram, settings, limits))
        if settings.whatsapp_token.get_secret_value():
            names = Names(vault.conceal, vault.reveal)
            whatsapp = await stack.enter_async_context(WhatsApp(access(settings), names))
            limits = pace.whatsapp(settings.whatsapp_rate)
            found.append(WhatsAppGateway(whatsapp, limits, settings.whatsapp_tier))
        yield found


def access(settings: Settings) -> Access:
    """Our number at WhatsApp, and what opens it."""
    return Access(
        settings.whatsapp_token.get_secret_value(),
        settings.whatsapp_phone_id,
        settings.whatsapp_business_id,
        settings.whatsapp_secrets,
        settings.whatsapp_verify_token.get_secret_value(),
        settings.whatsapp_api,
    )


def note(found: Sequence[Gateway], tx: Tx) -> None:
    """Write down what is allowed where, for those who ask in a chat; of a channel that is off, nothing."""
    tiers = {gateway.channel.name: gateway.tier for gateway in found}
    for name in (Telegram.name, WhatsApp.name):
        records.put(tx, f"{name}.tier", str(tiers.get(name) or ""))
    if WhatsApp.name not in tiers:
        records.put(tx, "whatsapp.number", "")
    if Telegram.name not in tiers:
        records.put(tx, "telegram.username", "")
