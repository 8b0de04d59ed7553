"""Which post a cell names, where nobody is there to be asked: spelt out, or not at all."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from bot.domain import cleaning, matching, words
from bot.domain.people import Position
from bot.errors import Doubtful, Invalid

_SLIP = 85  # a letter or two


def read_position(text: str, positions: Sequence[Position]) -> str:
    """The code of a post.

    Doubtful where something stands before a name we know ("Staf Kasi Pelayanan") or it is spelt otherwise,
    and where more follows the name of a post that a village has once: "Sekretaris RW" begins like the
    village's own.  A place or a number after the others is no doubt: "Kadus Mekar Jaya", "RT 05".
    """
    code, sure = _read(text, tuple(positions))
    if not code:
        raise Invalid("registration/position_unknown")
    if not sure:
        raise Doubtful("intake/doubt_read", code)
    return code


@lru_cache(maxsize=1000)
def _read(text: str, positions: tuple[Position, ...]) -> tuple[str, bool]:
    """The code, empty where nobody knows it, and whether it can only be meant like this."""
    vocabulary, spelt = _known(positions)
    code = words.command(text, vocabulary, fuzzy=False)
    code = code or matching.best(text, {position.code: position.label for position in positions}).sure
    if code is None:
        return "", False
    said = cleaning.words(text)
    used = max((len(name) for name in spelt[code] if _begins(said, name)), default=0)
    once = next(position.usual for position in positions if position.code == code)
    return code, bool(used) and not (once and any(word.isalpha() for word in said[used:]))


def _begins(said: list[str], name: list[str]) -> bool:
    """Whether it begins with this name, or is as many words long and the name but for a slip."""
    near = len(said) == len(name) and fuzz.ratio(" ".join(said), " ".join(name)) >= _SLIP
    return near or said[: len(name)] == name


@lru_cache(maxsize=16)
def _known(positions: tuple[Position, ...]) -> tuple[words.Vocabulary, Mapping[str, Sequence[list[str]]]]:
    """The posts under all their names, and each name in words: the same for all lines of a sheet."""
    names = {position.code: (position.label, *position.aliases) for position in positions}
    spelt = {code: [cleaning.words(name) for name in known] for code, known in names.items()}
    return words.Vocabulary(names), spelt
