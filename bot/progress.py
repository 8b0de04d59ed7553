"""How far somebody is with a form, which is written and read back between every two turns; and what a turn made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from bot.messages import Choice


@dataclass(slots=True)
class Progress:
    """How far a form is filled in; written and read back between every two turns."""

    form: str
    village: str  # or, of a form of the district's office, the district
    at: str
    answers: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    pending: dict[str, Any] = field(default_factory=dict)  # a doubtful answer waiting for yes
    changing: bool = False  # one answer of the review is being changed
    mistake: str = ""  # what was wrong with the last answer: the same is not said twice in the same words
    asked: dict[str, str] = field(
        default_factory=dict
    )  # the question each chat was left with, the newest last

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def ask_in(self, chat: str) -> None:
        """The question that is open now is put in this chat."""
        self.asked.pop(chat, None)
        self.asked[chat] = self.at

    def is_open_in(self, chat: str) -> bool:
        """Whether what is answered there is the question that is open now."""
        last = next(reversed(self.asked), chat)
        return last == chat or (self.asked.get(chat) == self.at and not self.pending)

    def went_on_without(self, chat: str) -> bool:
        """Whether an older question stands there, while the form went on in another chat."""
        return chat in self.asked and next(reversed(self.asked)) != chat


class Status(Enum):
    """What became of the form in this turn."""

    ASKING = "asking"
    PAUSED = "paused"
    DROPPED = "dropped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence of the engine: a template, its values, its buttons (ids without the form's prefix)."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a turn: what to say, and where the form stands."""

    status: Status
    say: Say | None = None
