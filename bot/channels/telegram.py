"""Telegram: raw updates in, letters out.

The Bot API through python-telegram-bot's request layer; see https://core.telegram.org/bots/api.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.routing import Route
from telegram import InputFile
from telegram.error import BadRequest, TelegramError

from bot.channels import telegram_ingress, telegram_updates
from bot.channels.base import Accept
from bot.channels.fields import clean
from bot.channels.splitting import split
from bot.channels.telegram_ingress import ALLOWED_UPDATES, Backoff, Health, Pace, Poller, unless
from bot.channels.telegram_letters import LIMIT, NOTICE_LIMIT, keyboard
from bot.channels.telegram_wire import Api, Refused, Silent, outcome
from bot.clock import Clock
from bot.errors import GiveUp, SendError, TryLater, Unsure
from bot.messages import Address, Document, File, Incoming, Kind, Letter
from bot.points import reached
from bot.texts import html, plain

OFFICIAL = "https://api.telegram.org"
STANDARD = Pace()
#: So many chats told to wait at the same time mean that the bot as a whole is too fast.
FLOODED_CHATS = 3
PICTURES = ("image/png", "image/jpeg")
SILENCE = timedelta(seconds=10)  # between two looks whether anybody answers

Parameters = dict[str, object]


class Telegram:
    """The channel.  Close it at the end, or use it as an async context manager."""

    name = telegram_updates.NAME

    def __init__(self, token: str, api: str, clock: Clock, pace: Pace = STANDARD) -> None:
        self.username = ""  # ours, without @; known after `connect`
        self.health = Health()
        self._api = Api(token, api)
        self._clock = clock
        self._pace = pace
        self._parts_sent: dict[str, int] = {}
        self._floods: dict[str, datetime] = {}
        self._silent = False  # the last request was never answered

    async def __aenter__(self) -> "Telegram":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._api.wire.shutdown()

    @property
    def refused(self) -> bool:
        """Whether Telegram does not accept the token."""
        return self.health.refused

    @property
    def conflict(self) -> bool:
        """Whether another program polls with the same token."""
        return self.health.conflict

    @property
    def last_poll(self) -> datetime | None:
        """When Telegram last answered the poller."""
        return self.health.last_poll

    def parse(self, body: bytes) -> Incoming | None:
        """Read one raw update; see `Channel.parse`."""
        return telegram_updates.read(body, self.username)

    def is_group(self, chat: str) -> bool:
        """Groups have negative ids: https://core.telegram.org/bots/api#chat."""
        return chat.startswith("-")

    # -- receiving ---------------------------------------------------------------------------

    async def connect(self, stop: asyncio.Event) -> None:
        """Learn our own name, however long that takes."""
        backoff = Backoff(self._pace)
        while not self.username and not stop.is_set():
            try:
                self.username = await unless(stop, self._api.me(self._pace.send)) or ""
            except TelegramError as error:
                self.health.failed(error)
                await unless(stop, asyncio.sleep(backoff.after(error)))
            else:
                self.health.refused = False

    async def poll(self, accept: Accept, stop: asyncio.Event) -> None:
        """Ask for updates until `stop` is set; see `telegram_ingress.Poller`."""
        await self.connect(stop)
        await Poller(self._api, self._clock, self._pace, self.health).run(accept, stop)

    def webhook(self, secret: str, accept: Accept) -> Route:
        """The route Telegram posts updates to, with `secret` in its header."""
        return telegram_ingress.webhook(secret, accept)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates brought to `url`; raises `SendError`."""
        await self._call(
            "setWebhook",
            {
                "url": url,
                "secret_token": secret,
                "allowed_updates": list(ALLOWED_UPDATES),
                "max_connections": 1,  # one after another: two answers of a person stay in order
            },
        )

    async def delete_webhook(self) -> None:
        """Have updates kept for polling, those that wait included; raises `SendError`."""
        await self._call("deleteWebhook", {})

    async def set_commands(
        self, private: Sequence[tuple[str, str]], group_admins: Sequence[tuple[str, str]]
    ) -> None:
        """What Telegram offers behind “/”: (command, description) each; raises `SendError`."""
        for scope, commands in (("all_private_chats", private), ("all_chat_administrators", group_admins)):
            offered = [{"command": command, "description": description} for command, description in commands]
            await self._call("setMyCommands", {"commands": offered, "scope": {"type": scope}})

    # -- sending -----------------------------------------------------------------------------

    async def send(self, letter: Letter) -> str:
        """Send one letter; see `Channel.send`."""
        await self._answers_again()
        match letter.kind:
            case Kind.TEXT if letter.attachment is not None:
                return await self._send_document(letter, letter.attachment)
            case Kind.TEXT | Kind.EDIT:
                return await self._send_text(letter)
            case Kind.PIN:
                silent: Parameters = {"disable_notification": True}
                await self._do(letter, "pinChatMessage", _edited(letter) | silent)
            case (
                Kind.DELETE
            ):  # what they wrote, up to 48 hours: https://core.telegram.org/bots/api#deletemessage
                await self._do(letter, "deleteMessage", _edited(letter))
            case Kind.CLOSE:
                await self._do(letter, "editMessageReplyMarkup", _edited(letter))
            case Kind.ANSWER:
                notice = clean(plain(letter.text))[:NOTICE_LIMIT]
                text: Parameters = {"text": notice} if notice else {}
                await self._do(letter, "answerCallbackQuery", {"callback_query_id": letter.message} | text)
            case Kind.LEAVE:
                await self._do(letter, "leaveChat", {"chat_id": letter.to.chat})
        return ""

    async def _answers_again(self) -> None:
        """After a silence, ask for what may be asked twice: no message must spend its few tries on it."""
        if not self._silent:
            return
        try:
            await self._api.me(self._pace.send)
        except TelegramError as error:
            self.health.failed(error)
            raise TryLater(type(error).__name__, SILENCE, scope=self.name) from None
        self._silent = False

    async def _send_text(self, letter: Letter) -> str:
        """Send the parts in order.  A second try goes on after the parts that had arrived."""
        parts = split(clean(letter.text), LIMIT)
        message = letter.message
        for index in range(self._parts_sent.pop(letter.key, 0), len(parts)):
            try:
                message = await self._send_part(letter, parts, index)
            except GiveUp:
                raise
            except SendError:
                if index and not letter.key:
                    raise Unsure("the first part has arrived, the rest has not") from None
                if index:
                    self._parts_sent[letter.key] = index
                raise
        return message

    async def _send_part(self, letter: Letter, parts: Sequence[str], index: int) -> str:
        parameters: Parameters = {"text": parts[index], "link_preview_options": {"is_disabled": True}}
        if letter.choices and index == len(parts) - 1:
            parameters["reply_markup"] = keyboard(letter.choices)
        edit = letter.kind is Kind.EDIT and index == 0
        parameters |= _edited(letter) if edit else _place(letter.to)
        return await self._say(letter, "editMessageText" if edit else "sendMessage", "text", parameters)

    async def _send_document(self, letter: Letter, document: Document) -> str:
        """Send a file with the text as its caption; a picture so that it is seen without a tap.

        https://core.telegram.org/bots/api#senddocument, https://core.telegram.org/bots/api#sendphoto
        """
        method, field = ("sendPhoto", "photo") if document.mime in PICTURES else ("sendDocument", "document")
        file = InputFile(document.data, document.name)
        file.mimetype = document.mime  # the library guesses it by what this machine knows of endings
        parameters: Parameters = {"caption": clean(letter.text), field: file} | _place(letter.to)
        if letter.choices:
            parameters["reply_markup"] = keyboard(letter.choices)
        return await self._say(letter, method, "caption", parameters)

    async def _say(self, letter: Letter, method: str, field: str, parameters: Parameters) -> str:
        """One request whose `field` is marked text."""
        marked = str(parameters[field])
        try:
            return await self._do(letter, method, parameters | {field: html(marked), "parse_mode": "HTML"})
        except _Unparsable:
            # A mistake of ours in the markup; the words matter more.
            return await self._do(letter, method, parameters | {field: plain(marked)})

    async def _do(self, letter: Letter, method: str, parameters: Parameters) -> str:
        """One request of a letter; the id of the message that came of it, if any."""
        reached("before_request")
        try:
            result = await self._call(method, parameters, letter.to.conversation)
        finally:
            reached("after_request")
        sent = result.get("message_id") if isinstance(result, dict) else None
        return letter.message if sent is None else str(sent)

    async def _call(self, method: str, parameters: Parameters, conversation: str = name) -> object:
        """Call the Bot API; its errors come out as ours."""
        deadline = self._pace.upload if {"document", "photo"} & parameters.keys() else self._pace.send
        try:
            result = await self._api.call(method, parameters, deadline)
        except TelegramError as error:
            self.health.failed(error)
            self._silent = isinstance(error, Silent)
            if isinstance(error, BadRequest) and "parse entities" in error.message:
                raise _Unparsable("markup refused") from None
            failure = outcome(error, conversation)
            if failure is None:
                return None
            raise self._widened(failure) from None
        self.health.refused = self._silent = False
        return result

    def _widened(self, failure: SendError) -> SendError:
        """The failure; for the whole channel where several chats have to wait at once."""
        if not isinstance(failure, TryLater) or not failure.after or failure.scope == self.name:
            return failure
        now = self._clock.now()
        self._floods = {chat: until for chat, until in self._floods.items() if until > now}
        self._floods[failure.scope] = now + failure.after
        if len(self._floods) >= FLOODED_CHATS:
            failure.scope = self.name
        return failure

    # -- files -------------------------------------------------------------------------------

    async def fetch(self, file: File, limit: int) -> bytes:
        """Download a file; see `Channel.fetch`."""
        if file.size > limit:
            raise GiveUp("file too large")
        try:
            found = await self._call("getFile", {"file_id": file.id})
            path, size = _located(found)
            if size > limit:
                raise GiveUp("file too large")
            return await self._api.download(path, limit, self._pace.download)
        except Unsure as error:
            raise TryLater(str(error)) from None  # asking twice for a file harms nobody
        except Refused:
            raise GiveUp("file is gone") from None
        except TelegramError as error:
            raise TryLater(type(error).__name__, timedelta(seconds=self._pace.retry[0])) from None


class _Unparsable(GiveUp):
    """Telegram could not read the markup."""


def _place(to: Address) -> Parameters:
    thread: Parameters = {"message_thread_id": to.thread} if to.thread else {}
    return {"chat_id": to.chat} | thread


def _edited(letter: Letter) -> Parameters:
    return {"chat_id": letter.to.chat, "message_id": letter.message}


def _located(found: object) -> tuple[str, int]:
    """Path and size out of a File object; size 0 where Telegram did not say."""
    fields = found if isinstance(found, dict) else {}
    path, size = fields.get("file_path"), fields.get("file_size", 0)
    if not isinstance(path, str) or not isinstance(size, int):
        raise GiveUp("no file to be had")
    return path, size
