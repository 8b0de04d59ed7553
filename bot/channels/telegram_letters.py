"""How a letter looks in Telegram: parts of at most 4096 units of text, and a keyboard.

See https://core.telegram.org/bots/api#sendmessage; lengths are counted in UTF-16 units, as
Telegram counts the offsets of its entities.
"""

from collections.abc import Sequence

from bot.messages import Choice
from bot.texts import plain

LIMIT = 4096
NOTICE_LIMIT = 200  # of the short notice that answers a press
COLUMNS_FROM = 4  # choices; fewer stand one below the other
SHORT_LABEL = 18  # letters that fit into half the width of a small phone

Keyboard = dict[str, list[list[dict[str, str]]]]


def units(marked: str) -> int:
    """The length of marked text as Telegram counts it, emphasis left out."""
    return len(plain(marked).encode("utf-16-le")) // 2


def keyboard(choices: Sequence[Choice]) -> Keyboard:
    """The choices as an inline keyboard: two columns where many short labels allow it."""
    buttons = [{"text": choice.label, "callback_data": choice.id} for choice in choices]
    short = all(len(choice.label) <= SHORT_LABEL for choice in choices)
    columns = 2 if short and len(buttons) >= COLUMNS_FROM else 1
    return {"inline_keyboard": [buttons[at : at + columns] for at in range(0, len(buttons), columns)]}


def split(marked: str, limit: int = LIMIT) -> list[str]:
    """Cut marked text into parts that Telegram takes: between paragraphs, lines, words, else anywhere."""
    parts = []
    rest = marked.strip()
    while len(rest) * 2 > limit and units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest]


def _cut(marked: str, limit: int) -> int:
    """Where the first part ends."""
    furthest = _furthest(marked, limit)
    for border in ("\n\n", "\n", " "):
        cut = marked.rfind(border, 1, furthest + 1)
        while cut > 0 and _inside_bold(marked, cut):
            cut = marked.rfind(border, 1, cut)
        if cut > 0:
            return cut
    return furthest


def _furthest(marked: str, limit: int) -> int:
    """The most characters whose text, emphasis left in to be on the safe side, keeps the limit."""
    used = 0
    for index, character in enumerate(marked):
        used += 2 if ord(character) > 0xFFFF else 1
        if used > limit:
            return index
    return len(marked)


def _inside_bold(marked: str, cut: int) -> bool:
    line = marked[marked.rfind("\n", 0, cut) + 1 : cut]
    return line.count("*") % 2 == 1
