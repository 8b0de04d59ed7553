"""How a letter looks in Telegram: parts of at most 4096 units of text, and a keyboard.

See https://core.telegram.org/bots/api#sendmessage; lengths are counted in UTF-16 units, as
Telegram counts the offsets of its entities.
"""

from collections.abc import Sequence

from bot.messages import Choice

LIMIT = 4096
NOTICE_LIMIT = 200  # of the short notice that answers a press
COLUMNS_FROM = 4  # choices; fewer stand one below the other
SHORT_LABEL = 18  # letters that fit into half the width of a small phone

Keyboard = dict[str, list[list[dict[str, str]]]]


def keyboard(choices: Sequence[Choice]) -> Keyboard:
    """The choices as an inline keyboard: two columns where many short labels allow it."""
    buttons = [{"text": choice.label, "callback_data": choice.id} for choice in choices]
    short = all(len(choice.label) <= SHORT_LABEL for choice in choices)
    columns = 2 if short and len(buttons) >= COLUMNS_FROM else 1
    return {"inline_keyboard": [buttons[at : at + columns] for at in range(0, len(buttons), columns)]}
