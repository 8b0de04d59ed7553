"""What the fake Bot API does when it is called: its methods over the state of one bot."""

import asyncio
import itertools
import json
from collections.abc import Callable, Mapping

from tests.fakes import bot_updates
from tests.fakes.bot_html import CannotParse, parse, units
from tests.fakes.bot_updates import BOT, BOT_USER, Json, now

Parameters = Mapping[str, object]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64
FILE_LIMIT = 20 << 20


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.answer: Json = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


class Files(dict[str, tuple[str, bytes]]):
    """What people sent: file id → name and content."""


class State:
    """One bot, its chats and the updates it has not confirmed."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.history: list[Json] = []  # every update there ever was
        self.update_ids = itertools.count(700_000_001)
        self.message_ids = itertools.count(1)
        self.messages: dict[tuple[int, int], Json] = {}
        self.latest: dict[int, int] = {}  # chat → its last message with buttons
        self.queries: set[str] = set()
        self.files = Files()
        self.pinned: dict[int, int] = {}
        self.commands: dict[str, object] = {}
        self.webhook: Json = {"url": "", "has_custom_certificate": False}
        self.secret = ""
        self.news = asyncio.Event()
        self.poll = 0  # counts pollers: a later one takes over
        self.on_update: Callable[[Json], None] | None = None  # the webhook's delivery
        self.on_webhook: Callable[[int], None] | None = None

    def add(self, update: Json) -> int:
        """Keep an update until it is confirmed; gives it an id unless it has one."""
        update.setdefault("update_id", next(self.update_ids))
        self.updates.append(update)
        self.history.append(update)
        self.news.set()
        if self.on_update:
            self.on_update(update)
        return int(str(update["update_id"]))

    def confirm(self, update_id: int) -> None:
        """The webhook's receiver has taken it."""
        self.updates = [update for update in self.updates if update["update_id"] != update_id]


def number(parameters: Parameters, name: str, default: int | None = None) -> int:
    """A whole number out of the parameters."""
    value = parameters.get(name, default)
    try:
        return int(str(value))
    except ValueError:
        raise Refusal(400, f"Bad Request: {name} is invalid") from None


def nested(parameters: Parameters, name: str) -> object:
    """A nested value, which forms carry as JSON."""
    value = parameters.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal(400, f"Bad Request: can't parse {name} JSON object") from None


def get_me(_state: State, _parameters: Parameters) -> object:
    """The bot itself."""
    return BOT


async def get_updates(state: State, parameters: Parameters) -> object:
    """Confirm what is below the offset, then wait for what is not."""
    if state.webhook["url"]:
        raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
    state.poll += 1
    mine = state.poll
    state.news.set()  # an earlier poller finds out that it was replaced
    offset = number(parameters, "offset", 0)
    if offset < 0:
        state.updates = state.updates[offset:]
    else:
        state.updates = [update for update in state.updates if int(str(update["update_id"])) >= offset]
    try:
        async with asyncio.timeout(number(parameters, "timeout", 0)):
            await _wait(state, mine)
    except TimeoutError:
        return []
    return state.updates[: min(max(number(parameters, "limit", 100), 1), 100)]


async def _wait(state: State, mine: int) -> None:
    """Until there are updates, or another poller."""
    while not state.updates:
        state.news = asyncio.Event() if state.news.is_set() else state.news
        await state.news.wait()
        if mine != state.poll:
            raise Refusal(409, "Conflict: terminated by other getUpdates request")


def send_message(state: State, parameters: Parameters) -> object:
    """A new message of the bot."""
    return _new(state, parameters, _text(parameters) | _markup(parameters))


def send_document(state: State, parameters: Parameters) -> object:
    """A new message with a file; its content is kept for `getFile`."""
    file = parameters.get("document")
    if not isinstance(file, tuple):
        raise Refusal(400, "Bad Request: there is no document in the request")
    name, content, mime = file
    if not content:
        raise Refusal(400, "Bad Request: file must be non-empty")
    said = _caption(parameters) | _markup(parameters)
    file_id = f"doc{len(state.files)}"
    state.files[file_id] = (name, content)
    document = bot_updates.document(file_id, name, mime, len(content))
    return _new(state, parameters, {"document": document} | said)


def send_photo(state: State, parameters: Parameters) -> object:
    """A new message with a picture, which Telegram makes into one size here."""
    file = parameters.get("photo")
    if not isinstance(file, tuple):
        raise Refusal(400, "Bad Request: there is no photo in the request")
    name, content, mime = file
    if not str(mime).startswith("image/") or not content:
        raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
    said = _caption(parameters) | _markup(parameters)
    file_id = f"photo{len(state.files)}"
    state.files[file_id] = (name, content)
    size: Json = {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 800, "height": 600,
                  "file_size": len(content)}  # fmt: skip
    return _new(state, parameters, {"photo": [size]} | said)


def pin_chat_message(state: State, parameters: Parameters) -> object:
    """A message stays at the top of its chat."""
    chat_id, message_id = number(parameters, "chat_id"), number(parameters, "message_id", 0)
    if (chat_id, message_id) not in state.messages:
        raise Refusal(400, "Bad Request: message to pin not found")
    state.pinned[chat_id] = message_id
    return True


def _new(state: State, parameters: Parameters, content: Json) -> Json:
    chat_id = number(parameters, "chat_id")
    message: Json = {
        "message_id": next(state.message_ids), "from": BOT_USER, "chat": bot_updates.chat(chat_id), "date": now()
    }  # fmt: skip
    if "message_thread_id" in parameters:
        message |= {"message_thread_id": number(parameters, "message_thread_id"), "is_topic_message": True}
    return _kept(state, chat_id, message | content)


def _kept(state: State, chat_id: int, message: Json) -> Json:
    message_id = int(str(message["message_id"]))
    state.messages[chat_id, message_id] = message
    if "reply_markup" in message:
        state.latest[chat_id] = message_id
    return message


def _text(parameters: Parameters) -> Json:
    text, entities = _parsed(parameters, "text")
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if units(text) > TEXT_LIMIT:
        raise Refusal(400, "Bad Request: message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(parameters: Parameters) -> Json:
    caption, entities = _parsed(parameters, "caption")
    if units(caption) > CAPTION_LIMIT:
        raise Refusal(400, "Bad Request: message caption is too long")
    marks: Json = {"caption_entities": entities} if entities else {}
    return {"caption": caption} | marks if caption.strip() else {}


def _parsed(parameters: Parameters, name: str) -> tuple[str, list[Json]]:
    text = str(parameters.get(name, ""))
    if parameters.get("parse_mode") != "HTML":
        return text, []
    try:
        return parse(text)
    except CannotParse as error:
        raise Refusal(400, f"Bad Request: can't parse entities: {error}") from None


def _markup(parameters: Parameters) -> Json:
    markup = nested(parameters, "reply_markup")
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not rows:
        return {}
    for button in itertools.chain.from_iterable(rows):
        if len(str(button.get("callback_data", "")).encode()) > DATA_LIMIT:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        if not button.get("text"):
            raise Refusal(400, "Bad Request: inline keyboard button text is empty")
    return {"reply_markup": markup}


def _edited(state: State, parameters: Parameters, content: Json) -> object:
    chat_id, message_id = number(parameters, "chat_id"), number(parameters, "message_id", 0)
    message = state.messages.get((chat_id, message_id))
    if message is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if "text" in content and "text" not in message:
        raise Refusal(400, "Bad Request: there is no text in the message to edit")
    dropped = {"reply_markup", "edit_date"} | ({"entities"} if "text" in content else set())
    edited = {key: value for key, value in message.items() if key not in dropped} | content
    if edited == {key: value for key, value in message.items() if key != "edit_date"}:
        raise Refusal(400, "Bad Request: message is not modified: specified new message content is the same")
    return _kept(state, chat_id, edited | {"edit_date": now()})


def edit_message_text(state: State, parameters: Parameters) -> object:
    """Another text and other buttons for a message of the bot."""
    return _edited(state, parameters, _text(parameters) | _markup(parameters))


def edit_message_reply_markup(state: State, parameters: Parameters) -> object:
    """Other buttons, or none, for a message of the bot."""
    return _edited(state, parameters, _markup(parameters))


def answer_callback_query(state: State, parameters: Parameters) -> object:
    """The end of a press's waiting sign."""
    if parameters.get("callback_query_id") not in state.queries:
        raise Refusal(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    if units(str(parameters.get("text", ""))) > 200:
        raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
    return True


def set_webhook(state: State, parameters: Parameters) -> object:
    """From now on updates are brought."""
    state.secret = str(parameters.get("secret_token", ""))
    state.webhook = {"url": str(parameters.get("url", "")), "has_custom_certificate": False}
    if parameters.get("drop_pending_updates") == "true":
        state.updates = []
    if state.on_webhook:
        state.on_webhook(number(parameters, "max_connections", 40))
    return True


def delete_webhook(state: State, parameters: Parameters) -> object:
    """From now on updates wait to be asked for."""
    return set_webhook(state, {**parameters, "url": ""})


def get_webhook_info(state: State, _parameters: Parameters) -> object:
    """How updates leave."""
    return state.webhook | {"pending_update_count": len(state.updates)}


def set_my_commands(state: State, parameters: Parameters) -> object:
    """What stands behind the menu button."""
    scope = nested(parameters, "scope")
    state.commands[str(scope["type"]) if isinstance(scope, dict) else "default"] = nested(
        parameters, "commands"
    )
    return True


def get_file(state: State, parameters: Parameters) -> object:
    """Where a file can be downloaded."""
    file_id = str(parameters.get("file_id", ""))
    if file_id not in state.files:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    name, content = state.files[file_id]
    if len(content) > FILE_LIMIT:
        raise Refusal(400, "Bad Request: file is too big")
    return {
        "file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content),
        "file_path": f"documents/{file_id}/{name}",
    }  # fmt: skip


def delete_message(state: State, parameters: Parameters) -> object:
    """A message of the last 48 hours is gone; which there were from people is not kept here."""
    state.messages.pop((number(parameters, "chat_id"), number(parameters, "message_id", 0)), None)
    return True


def leave_chat(_state: State, parameters: Parameters) -> object:
    """The bot leaves."""
    if number(parameters, "chat_id") > 0:
        raise Refusal(400, "Bad Request: chat member status can't be changed in private chats")
    return True


def get_chat_member(_state: State, parameters: Parameters) -> object:
    """A member, like everybody."""
    return {"status": "member", "user": bot_updates.person(number(parameters, "user_id"))}


METHODS: dict[str, Callable[[State, Parameters], object]] = {
    "getMe": get_me, "getUpdates": get_updates, "sendMessage": send_message, "sendDocument": send_document,
    "sendPhoto": send_photo, "pinChatMessage": pin_chat_message,
    "editMessageText": edit_message_text, "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query, "setWebhook": set_webhook, "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info, "setMyCommands": set_my_commands, "getFile": get_file,
    "leaveChat": leave_chat, "deleteMessage": delete_message, "getChatMember": get_chat_member,
}  # fmt: skip
