"""Telegram objects as the Bot API would send them, about people who do not exist."""

import time
from collections.abc import Mapping

Json = dict[str, object]

BOT: Json = {
    "id": 123456, "is_bot": True, "first_name": "Payung Desa", "username": "payung_desa_bot",
    "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
}  # fmt: skip
BOT_USER: Json = {key: BOT[key] for key in ("id", "is_bot", "first_name", "username")}


def now() -> int:
    """The Unix time of an event that happens now."""
    return int(time.time())


def person(user_id: int = 7001, first_name: str = "Siti", **more: object) -> Json:
    """A User who is no bot."""
    return {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": "id"} | more


def chat(chat_id: int, first_name: str = "Siti") -> Json:
    """A private chat for a positive id, a group for a negative one."""
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": "DPMD Contoh"}
    return {"id": chat_id, "type": "private", "first_name": first_name}


def message(message_id: int, where: Json, sender: Json, **content: object) -> Json:
    """A Message with this content."""
    body: Json = {"message_id": message_id, "from": sender, "chat": where, "date": now()}
    text = content.get("text")
    if isinstance(text, str) and text.startswith("/"):
        command = text.split(maxsplit=1)[0]
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    return body | content


def tap(query_id: str, sender: Json, on: Mapping[str, object], data: str) -> Json:
    """A CallbackQuery: a press of a button of the message `on`."""
    return {
        "id": query_id, "from": sender, "message": dict(on), "chat_instance": f"c{query_id}", "data": data
    }  # fmt: skip


def contact(phone: str, user_id: int | None, first_name: str = "Siti") -> Json:
    """A Contact; without `user_id` it is the card of somebody Telegram does not know."""
    card: Json = {"phone_number": phone, "first_name": first_name}
    return card if user_id is None else card | {"user_id": user_id}


def document(file_id: str, name: str, mime: str, size: int) -> Json:
    """A Document."""
    return {
        "file_id": file_id, "file_unique_id": f"u{file_id}", "file_name": name, "mime_type": mime, "file_size": size
    }  # fmt: skip


def photo(file_id: str, size: int) -> list[Json]:
    """A photo in two sizes; the larger one carries `file_id`."""
    return [
        {"file_id": f"{file_id}-s", "file_unique_id": "us", "width": 90, "height": 60, "file_size": 900},
        {"file_id": file_id, "file_unique_id": "ul", "width": 1280, "height": 853, "file_size": size},
    ]


def membership(where: Json, sender: Json, before: str, after: str) -> Json:
    """A ChatMemberUpdated about the bot itself."""
    old, new = ({"status": status, "user": BOT_USER} | _details(status) for status in (before, after))
    return {"chat": where, "from": sender, "date": now(), "old_chat_member": old, "new_chat_member": new}


def _details(status: str) -> Json:
    return {"until_date": 0} if status == "kicked" else {}
