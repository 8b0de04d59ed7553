"""Telegram without a network: updates in its words; calls held to its description and carried out."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.error import BadRequest, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels import telegram_updates
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.messages import Address, Arrival, Choice, Document, Kind, Letter
from tests.fakes import bot_updates
from tests.fakes.bot_api import TOKEN
from tests.fakes.bot_methods import METHODS, Refusal, State
from tests.fakes.bot_updates import Json
from tests.fakes.spec import telegram
from tests.platforms.base import Deed, Names, Shown, literal, words

_KINDS = {
    "editMessageText": Kind.EDIT, "editMessageReplyMarkup": Kind.CLOSE, "answerCallbackQuery": Kind.ANSWER,
    "pinChatMessage": Kind.PIN, "leaveChat": Kind.LEAVE, "deleteMessage": Kind.DELETE,
}  # fmt: skip


class Wireless:
    """In place of `bot.channels.telegram_wire.Api`: the fake's methods, called at once."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.wrong: list[str] = []
        self.done: list[tuple[str, Mapping[str, Any], Any]] = []  # method, parameters, result

    async def call(self, method: str, parameters: Mapping[str, object], _deadline: float) -> object:
        """Call a method with its parameters as they would stand in the request."""
        asked = RequestData([RequestParameter.from_input(*each) for each in parameters.items()])
        files = {
            name: (file, content, mime)
            for name, (file, content, mime) in (asked.multipart_data or {}).items()
        }
        fields = {name: value for name, value in asked.json_parameters.items() if name not in files} | files
        if spec := telegram():
            self.wrong += spec.request(method, fields)
        try:
            result = METHODS[method](self.state, fields)
        except Refusal as refusal:
            raise self._refused(method, str(refusal)) from None
        if spec:
            self.wrong += spec.response(method, result)
        self.done.append((method, fields, result))
        return result

    def _refused(self, method: str, why: str) -> TelegramError:
        if "not modified" not in why:
            self.wrong.append(f"{method}: {why}")
        return BadRequest(why.removeprefix("Bad Request: "))

    async def download(self, path: str, _limit: int, _deadline: float) -> bytes:
        """The content of a file."""
        return self.state.files[path.split("/")[1]][1]


class OnTelegram:
    """The people of a conversation in Telegram."""

    more = ""

    def __init__(self, clock: Clock) -> None:
        self.state = State()
        self.api = Wireless(self.state)
        self.channel = Telegram(TOKEN, "http://telegram.test", clock)
        self.channel.username = "payung_bot"
        self.channel._api = self.api  # type: ignore[assignment]  # the only door to the network
        self._names = Names()

    @property
    def wrong(self) -> list[str]:
        """See `Platform.wrong`."""
        return self.api.wrong

    def known(self, who: str) -> tuple[str, Address]:
        """See `Platform.known`: a private chat has the id of its person."""
        id_ = self._names.keep(str(7000 + self._names.number(who)), who)
        return id_, Address(self.channel.name, id_)

    def room(self, chat: str) -> Address:
        """See `Platform.room`."""
        return Address(self.channel.name, self._names.keep(str(-1_000_000 - self._names.number(chat)), chat))

    def brings(self, deed: Deed) -> Sequence[Arrival]:
        """See `Platform.brings`."""
        who = bot_updates.person(int(self.known(deed.who)[0]), deed.who.title())
        if deed.pressed is None:
            update: Json = {"message": self._message(deed, who)}
        else:
            (letter, choice), query = deed.pressed, f"q{next(self.state.message_ids)}"
            self.state.queries.add(query)
            on = self.state.messages[int(self._chat(deed.chat)), int(letter.message)]
            update = {"callback_query": bot_updates.tap(query, who, on, choice.id)}
        number = self.state.add(update)
        if spec := telegram():
            self.api.wrong += spec.thing("Update", update)
        body = json.dumps(update).encode()
        name = self.channel.name
        return [Arrival(name, str(number), telegram_updates.conversation(update), body)]

    def _chat(self, chat: str) -> str:
        return self.room(chat).chat if chat.startswith("#") else self.known(chat)[0]

    def _message(self, deed: Deed, who: Json) -> Json:
        where = bot_updates.chat(int(self._chat(deed.chat)), deed.who.title())
        content: Json = {"date": int(deed.at.timestamp())} | self._content(deed)
        if deed.reply_to:
            chat = int(self._chat(deed.chat))
            content["reply_to_message"] = self.state.messages[chat, int(deed.reply_to.message)]
        return bot_updates.message(next(self.state.message_ids), where, who, **content)

    def _content(self, deed: Deed) -> Json:
        if deed.file:
            return self._file(deed.shape, deed.file)
        unique: Json = {"file_id": "1", "file_unique_id": "u1"}
        match deed.shape:
            case "voice":
                return {"voice": unique | {"duration": 3}}
            case "sticker":
                kind = {
                    "type": "regular",
                    "width": 512,
                    "height": 512,
                    "is_animated": False,
                    "is_video": False,
                }
                return {"sticker": unique | kind}
        return {"text": deed.text}

    def _file(self, shape: str, file: Document) -> Json:
        number = f"file{len(self.state.files)}"
        self.state.files[number] = (file.name, file.data)
        if shape == "photo":
            return {"photo": bot_updates.photo(number, len(file.data))}
        mime = file.mime or "application/octet-stream"
        return {"document": bot_updates.document(number, file.name, mime, len(file.data))}

    def mark(self) -> int:
        """See `Platform.mark`."""
        return len(self.api.done)

    def shown(self, letter: Letter, since: int) -> Shown | None:
        """See `Platform.shown`; between `since` and now nothing else was sent, since no call waits."""
        calls = self.api.done[since:]
        if not calls:
            return None
        texts = [words(result, "text") or words(result, "caption") for _, _, result in calls
                 if isinstance(result, dict)]  # fmt: skip
        method, fields, result = calls[-1]
        message = words(result, "message_id") if isinstance(result, dict) else words(fields, "message_id")
        return Shown(
            Address(self.channel.name, self._names.of(letter.to.chat)),
            literal("\n".join(texts) or words(fields, "text")),
            _KINDS.get(calls[0][0], Kind.TEXT),
            _choices(result) if isinstance(result, dict) and method != "editMessageReplyMarkup" else (),
            message,
            attachment=self._attached(calls[0][2]),
        )

    def _attached(self, result: Any) -> Document | None:
        """The file of a message; of a picture its name was at least sent."""
        if not isinstance(result, dict):
            return None
        if "photo" in result:
            name, data = self.state.files[result["photo"][-1]["file_id"]]
            return Document(name, "image/png", data)
        if "document" in result:
            name, data = self.state.files[result["document"]["file_id"]]
            return Document(name, result["document"]["mime_type"], data)
        return None

    def reports(self) -> Sequence[Arrival]:
        """See `Platform.reports`: Telegram tells nothing."""
        return ()


def _choices(message: Mapping[str, Any]) -> tuple[Choice, ...]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(Choice(button["callback_data"], button["text"]) for row in rows for button in row)
