"""The channel of tests: what was sent is a list, and any failure can be ordered."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import GiveUp, SendError, Unreadable
from bot.messages import Address, Arrival, Contact, File, Incoming, Letter, Membership

NAME = "memory"


@dataclass(slots=True)
class Memory:
    """Keeps every letter in `sent`; raises the next of `failures` instead, if there is one."""

    name: str = NAME
    sent: list[Letter] = field(default_factory=list)
    failures: deque[SendError | None] = field(default_factory=deque)
    files: dict[str, bytes] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)  # chats that cannot be reached

    def parse(self, body: bytes) -> Incoming | None:
        """Read an event made by `arrival`."""
        try:
            told: Mapping[str, Any] = json.loads(body)
            values = dict(told)
            values["address"] = Address(*told["address"])
            values["at"] = datetime.fromisoformat(told["at"])
            values["file"] = File(**told["file"]) if told.get("file") else None
            values["contact"] = Contact(**told["contact"]) if told.get("contact") else None
            values["membership"] = Membership(told["membership"]) if told.get("membership") else None
            values["window"] = datetime.fromisoformat(told["window"]) if told.get("window") else None
            return Incoming(**values)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise Unreadable(f"memory event: {type(error).__name__}") from None

    def is_group(self, chat: str) -> bool:
        """Groups begin with a number sign."""
        return chat.startswith("#")

    async def send(self, letter: Letter) -> str:
        """Keep the letter, or fail as ordered."""
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            raise failure
        if letter.to.chat in self.blocked:
            raise GiveUp("blocked", unreachable=True)
        self.sent.append(letter)
        return str(len(self.sent))

    async def fetch(self, file: File, limit: int) -> bytes:
        """One of `files`."""
        data = self.files.get(file.id)
        if data is None or max(file.size, len(data)) > limit:
            raise GiveUp("unknown, or too large")
        return data


def arrival(user: str, at: datetime, number: int, **values: Any) -> Arrival:
    """An event of `user`; `values` are fields of `Incoming` in JSON's terms, and `channel` if it has another name."""
    chat = values.pop("chat", user)
    channel = values.pop("channel", NAME)
    told = {
        "address": [channel, chat, ""],
        "sender": user,
        "external_id": str(number),
        "at": at.isoformat(),
        "group": chat.startswith("#"),
        **values,
    }
    return Arrival(channel, str(number), f"{channel}:{chat}", json.dumps(told).encode())
