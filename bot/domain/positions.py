"""Which post a cell names, where nobody is there to be asked: spelt out, or not at all."""

from collections.abc import Sequence

from bot.domain import cleaning, matching, words
from bot.domain.people import Position
from bot.errors import Doubtful, Invalid


def read_position(text: str, positions: Sequence[Position]) -> str:
    """The code of a post.

    Doubtful where more follows the name of a post that a village has once: "Sekretaris RW" begins like
    the village's own.  A place or a number after the others is no doubt: "Kadus Mekar Jaya", "RT 05".
    """
    names = {position.code: (position.label, *position.aliases) for position in positions}
    code = words.command(text, words.Vocabulary(names), fuzzy=False)
    if code is None:
        code = matching.best(text, {position.code: position.label for position in positions}).sure
    if code is None:
        raise Invalid("registration/position_unknown")
    said = cleaning.words(text)
    known = [cleaning.words(name) for name in names[code]]
    used = max((len(name) for name in known if said[: len(name)] == name), default=len(said))
    once = next(position.usual for position in positions if position.code == code)
    if once and any(word.isalpha() for word in said[used:]):
        raise Doubtful("intake/doubt_read", code)
    return code
