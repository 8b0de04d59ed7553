"""Every error this program raises on purpose.

BotError
├── Invalid            an answer that cannot be used; carries the template that says why
│   └── Doubtful       an answer that may be right: used when the person says yes
├── Narrowed           half an answer: the question again with fewer choices
├── Unreadable         an event that no channel adapter can read: quarantined
├── Misconfigured      the operator must change something before the bot can start
│   └── InUse          another process has the database open
└── SendError
    ├── TryLater       busy or away, certainly not sent; `after` is what the channel asked for
    ├── GiveUp         blocked, no such chat, malformed: never again
    ├── Moved          the chat has a new id: send there
    ├── Closed         free text may not be sent to the chat now, only what was approved beforehand
    └── Unsure         nobody knows whether it was sent
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any


class BotError(Exception):
    """The root of the tree above."""


class Invalid(BotError):
    """An answer that cannot be used.

    `template` is the sentence that says what happened and what to do next; it also gets
    `attempt` (1 or 2), so that the same mistake is not answered twice in the same words.
    """

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


class Doubtful(Invalid):
    """An answer that is unusual but possible: kept as `value` when the person confirms it.

    `choices` are the buttons: what is said by each, and its label.
    """

    choices: Sequence[tuple[str, str]] = (("ya", "Ya, benar"), ("ganti", "Ganti"))

    def __init__(self, template: str, value: Any, **values: Any) -> None:
        super().__init__(template, **values)
        self.value = value


class Narrowed(BotError):
    """Half an answer, as a group of what can be chosen: the same question again, with fewer choices.

    What is `kept` stands beside the answers from then on, also when an older button is pressed.
    """

    def __init__(
        self,
        template: str,
        choices: Sequence[tuple[str, str]],
        kept: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(template)
        self.kept = dict(kept or {})
        self.template = template
        self.choices = choices
        self.values = values


class Unreadable(BotError):
    """An event that cannot be understood; the message says which part, without its content."""


class Misconfigured(BotError):
    """Something the operator must set right; the message says what and how, in English."""


class InUse(Misconfigured):
    """The database is open in another process, most likely the running bot."""


class SendError(BotError):
    """A send that did not succeed; see the leaves for what to do."""


class TryLater(SendError):
    """Certainly not sent.  `scope` names what is busy: the whole channel or one chat of it."""

    def __init__(self, why: str, after: timedelta | None = None, *, scope: str = "") -> None:
        super().__init__(why)
        self.after = after
        self.scope = scope


class GiveUp(SendError):
    """Will never succeed.  `unreachable` says that the person cannot be reached there at all."""

    def __init__(self, why: str, *, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


class Moved(SendError):
    """Not sent: the chat goes on under the id `chat`."""

    def __init__(self, chat: str) -> None:
        super().__init__("chat moved")
        self.chat = chat


class Closed(SendError):
    """Not sent: the person wrote too long ago, and the platform takes no free text for them now."""


class Unsure(SendError):
    """The answer was lost: it may have been sent or not."""
