"""What a chat was asked last and nobody has chosen: named once more where something else was typed.

The buttons above stay the newest question, so that a number or a label still answers them.
"""

from bot import presses
from bot.domain import cleaning
from bot.messages import Outgoing
from bot.store import prompts
from bot.turns import Turn

#: The topic of a question that nothing is written about, and that may be sent to the office.
UNANSWERED = "unanswered"
#: How a choice begins by which nothing is done.
_DECLINES = frozenset({"tidak", "bukan", "batal", "jangan", "nanti", "tolak", "perlu", "belum"})
#: Buttons that only lead on, below whatever was said; and a list of people, where a number is one of them.
_NO_QUESTIONS = frozenset({"menu", "help", "people", UNANSWERED})
#: The topic of a payment that is asked about before it is kept.
_PAID = "told"
#: Choices named.
_MOST = 10


def again(turn: Turn) -> list[Outgoing]:
    """Of what was typed and not understood, right after a question; nothing where none is open."""
    if kept := _in_full(turn):
        return kept
    found = _labels(turn)
    if len(found) < 2:  # one button below an answer is no choice
        return []
    return [turn.reply("chat/choose", lines=found[:_MOST], more=len(found) > _MOST)]


def undecided(turn: Turn) -> list[Outgoing]:
    """Of a mere yes where something waits to be decided, or which month is meant: nothing was done, what can be chosen."""
    if kept := _in_full(turn):
        return kept
    found = decision(turn) or _labels(turn, only=_PAID)
    return [turn.reply("chat/undecided", lines=found)] if found else []


def decision(turn: Turn) -> list[str]:
    """The choices of what waits to be decided, a way out among them; nothing where nothing does."""
    found = _labels(turn)
    return (
        found[:_MOST]
        if len(found) > 1 and any(_DECLINES & set(cleaning.words(label)[:1]) for label in found)
        else []
    )


def _in_full(turn: Turn) -> list[Outgoing]:
    """Of what came unasked and is done at once: that nothing was done, and how it can be."""
    prompt = _newest(turn)
    kept = presses.reserved(turn, prompt) if prompt is not None else {}
    above = [turn.reply("chat/in_full", lines=[*kept.values()])] if kept else []
    return late(turn) or above


def late(turn: Turn) -> list[Outgoing]:
    """The same, where it was typed in full, but other questions were asked since: it is asked about once more; which one
    is meant of several, only their own buttons tell.
    """
    meant = presses.spelled_late(turn) if not turn.incoming.group and turn.draft is None else []
    if not meant:
        return []
    several = len(meant) > 1
    return [turn.reply("chat/in_full_late", () if several else meant, label=meant[0].label, several=several)]


def _labels(turn: Turn, only: str = "") -> list[str]:
    prompt = _newest(turn)
    if prompt is None or prompt.topic in _NO_QUESTIONS or only not in ("", prompt.topic):
        return []
    return [] if presses.reserved(turn, prompt) else [choice.label for choice in prompt.choices]


def _newest(turn: Turn) -> prompts.Prompt | None:
    if turn.incoming.group:
        return None
    prompt = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    return prompt if prompt is not None and prompt.made >= turn.now - presses.FRESH else None
