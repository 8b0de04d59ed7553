"""What came of an answer, in one value that a table can name."""

from collections.abc import Callable
from datetime import date

from bot.errors import Doubtful, Invalid

#: A Monday; ages and nearest years in the tables are counted from here.
TODAY = date(2026, 11, 23)


def outcome(parse: Callable[..., object], text: str, *more: object) -> object:
    """The value; ("asks", template, value) for a doubt; ("refuses", template) for a refusal."""
    try:
        return parse(text, *more)
    except Doubtful as doubt:
        return ("asks", doubt.template.removeprefix("invalid/"), doubt.value)
    except Invalid as refusal:
        return ("refuses", refusal.template.removeprefix("invalid/"))


def asks(template: str, value: object) -> object:
    """The outcome of a doubtful answer."""
    return ("asks", template, value)


def refuses(template: str) -> object:
    """The outcome of a refused answer."""
    return ("refuses", template)
