"""The last look at a message before several people read it: what is not made for a group stays here."""

import re

from bot import logs, texts
from bot.errors import GiveUp
from bot.store.outbox import Claimed

log = logs.get(__name__)

_GAP = r"[\s.()\-\u200b-\u200f\u2060\ufeff]{0,2}"  # what people, and those who hide, put between digits
_PRIVATE = re.compile(
    rf"(?<!\d)(?:\d{_GAP}){{15}}\d(?!\d)|(?<!\d)(?:\+?62{_GAP}|0)8(?:{_GAP}\d){{8,11}}(?!\d)"
)


def refuse_private(claimed: Claimed) -> None:
    """Raise `GiveUp` for what is not made for a group, or looks personal."""
    if not claimed.public:
        log.error("outbox %s held back: not made for a group (%s)", claimed.id, claimed.template)
        raise GiveUp("not made for a group")
    shown = [texts.plain(claimed.letter.text), *(choice.label for choice in claimed.letter.choices)]
    if _PRIVATE.search("\n\n\n".join(shown)):
        log.error("outbox %s held back: looks personal (%s)", claimed.id, claimed.template)
        raise GiveUp("looks personal")
