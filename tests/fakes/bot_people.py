"""What made-up people do in the fake Telegram: write, press, share, block."""

import itertools
from collections.abc import Mapping

from tests.fakes import bot_updates
from tests.fakes.bot_methods import State
from tests.fakes.bot_updates import Json


class People:
    """Each deed puts one update in the queue and returns its id."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._queries = itertools.count(1)

    def inject(self, update: Json) -> int:
        """Any update; without `update_id` it gets the next one."""
        return self.state.add(update)

    def send(self, chat: int, content: Mapping[str, object], sender: int | None = None) -> int:
        """A message with any content; `sender` is the person, in a private chat the chat itself."""
        user = bot_updates.person(sender or abs(chat))
        message_id = next(self.state.message_ids)
        body = bot_updates.message(message_id, bot_updates.chat(chat), user, **content)
        return self.inject({"message": body})

    def say(self, text: str, chat: int = 7001, sender: int | None = None) -> int:
        """A text."""
        return self.send(chat, {"text": text}, sender)

    def contact(self, phone: str, chat: int = 7001, user: int | None = None) -> int:
        """A contact card; `user` is the person on it."""
        return self.send(chat, {"contact": bot_updates.contact(phone, user)})

    def document(self, name: str, content: bytes, chat: int = 7001, mime: str = "application/pdf") -> int:
        """A file that can be fetched."""
        file_id = self._file(name, content)
        return self.send(chat, {"document": bot_updates.document(file_id, name, mime, len(content))})

    def photo(self, content: bytes, chat: int = 7001) -> int:
        """A photo that can be fetched."""
        file_id = self._file("photo.jpg", content)
        return self.send(chat, {"photo": bot_updates.photo(file_id, len(content))})

    def tap(self, button: int | str = 0, chat: int = 7001, sender: int | None = None) -> int:
        """Press the n-th button, or the one with this label, of the last message that has buttons."""
        message = self.state.messages[chat, self.state.latest[chat]]
        markup = message.get("reply_markup")
        rows = markup["inline_keyboard"] if isinstance(markup, dict) else []
        buttons = list(itertools.chain.from_iterable(rows))
        found = [each for each in buttons if each["text"] == button] or [buttons[int(button)]]
        return self.press(message, str(found[0]["callback_data"]), sender or abs(chat))

    def press(self, message: Mapping[str, object], data: str, sender: int) -> int:
        """Press any button, also one that was never there."""
        query_id = f"q{next(self._queries)}"
        self.state.queries.add(query_id)
        return self.inject(
            {"callback_query": bot_updates.tap(query_id, bot_updates.person(sender), message, data)}
        )

    def membership(self, chat: int, before: str, after: str, sender: int = 7001) -> int:
        """Let the bot in or put it out."""
        change = bot_updates.membership(bot_updates.chat(chat), bot_updates.person(sender), before, after)
        return self.inject({"my_chat_member": change})

    def _file(self, name: str, content: bytes) -> str:
        file_id = f"file{len(self.state.files)}"
        self.state.files[file_id] = (name, content)
        return file_id
