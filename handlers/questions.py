"""Questions about a post, asked in more than one form: which, with what wage, from what day."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain import cleaning, dates, groups, matching, money, picking, words
from bot.domain.dated import Segment
from bot.domain.people import Position
from bot.domain.rulebook import CERTAIN
from bot.errors import Doubtful, Invalid, Narrowed
from bot.forms import View
from bot.store import members
from bot.turns import Turn

#: Posts of one keyboard; of more the groups are asked first.
MOST_POSITIONS = 16
_GROUP = "group_"
_LABEL = re.compile(r"(?i)^jabatan(?:nya)?(?:\s+(?:adalah|itu|sebagai))?\s*[:=]?\s+(?=\S)")


def parse_position(text: str, view: View) -> str:
    _narrow(text, view)
    positions: Sequence[Position] = view.extra["positions"]
    text = _LABEL.sub("", text)
    codes = {position.code for position in positions}
    if text in codes:
        return text
    _ask_which(text, positions)
    vocabulary = _vocabulary(view)
    found = words.command(text, vocabulary, fuzzy=False)
    if not found and groups.sounds_common(text):
        raise _unknown(text, view)
    if found := found or words.command(text, vocabulary, fuzzy=True):
        return found
    match = matching.best(text, {position.code: position.label for position in positions})
    if match.sure is not None:
        return match.sure
    raise _unknown(text, view)


def _unknown(text: str, view: View) -> Invalid:
    """No post is called so; where the groups are shown, one of them may be, as on its button."""
    shown = [(code, label) for code, label in position_choices(view) if code.startswith(_GROUP)]
    picked = picking.pick(text, [label for _, label in shown])
    if picked is not None:
        _narrow(shown[picked][0], view)
    return Invalid("registration/position_unknown")


def _vocabulary(view: View) -> words.Vocabulary:
    return words.Vocabulary({one.code: (one.label, *one.aliases) for one in view.extra["positions"]})


def is_post(text: str, view: View) -> bool:
    """Whether it is the name of a post and no more."""
    return words.exactly(text, _vocabulary(view)) is not None


def _ask_which(text: str, positions: Sequence[Position]) -> None:
    """A word alone that stands for one post and in the name of others, as "bendahara" and "bpd", is asked about."""
    said = [word for word in cleaning.words(text) if not words.is_polite(word)]
    fits = [one for one in positions if said and said[0] in (*one.aliases, *cleaning.words(one.label))]
    whole = any(cleaning.words(text) == cleaning.words(name) for one in fits for name in _full_names(one))
    if len(said) == 1 and len(fits) > 1 and not whole:
        raise Narrowed("registration/ask_which_post", [(one.code, one.label) for one in fits], said=said[0])


def _full_names(position: Position) -> list[str]:
    """Its label, and what else it is called in more than one word."""
    return [position.label, *(alias for alias in position.aliases if " " in alias)]


def check_free(code: str, view: View) -> None:
    """A post that a village has so often and no more, and that others hold already, is asked about."""
    name = view.extra["holder"](code)
    if name:
        raise Doubtful("registration/post_held", code, position=show_position(code, view), name=name)


def holder(turn: Turn) -> Callable[[str], str]:
    """Who was registered last for a post of which the village has no further one; "" for one that is free."""

    def who(code: str) -> str:
        position = turn.rules.position(code)
        there = members.of_village(turn.tx, turn.who.village) if position.usual else ()
        names = [one.name for one in there if one.position == code and one.open]
        return names[-1] if names and len(names) >= position.usual else ""

    return who


def posts(turn: Turn) -> tuple[Position, ...]:
    """The posts for which somebody is registered in the district today."""
    return turn.rules.positions_of(turn.district.code, turn.today)


def offered(turn: Turn, code: str) -> Position:
    """The post as it was answered; raises Invalid where its group has ended since."""
    for position in posts(turn):
        if position.code == code:
            return position
    raise Invalid("registration/position_unknown", step="position")


def position_choices(view: View) -> Sequence[tuple[str, str]]:
    """Each of them; of many first the groups, where one holds several."""
    positions: Sequence[Position] = view.extra["positions"]
    if len(positions) <= MOST_POSITIONS:
        return [(position.code, position.label) for position in positions]
    found: dict[str, tuple[str, str]] = {}
    for one in positions:
        group = (f"{_GROUP}{one.category}", view.extra["groups"](one.category))
        found[one.category] = group if one.category in found else (one.code, one.label)
    return list(found.values())


def _narrow(text: str, view: View) -> None:
    """A group was chosen, by its button: which of its posts?"""
    category = text.removeprefix(_GROUP)
    inside = [(one.code, one.label) for one in view.extra["positions"] if one.category == category]
    if category != text and inside:
        raise Narrowed("registration/ask_position_in", inside, group=view.extra["groups"](category))


def parse_wage(text: str, view: View) -> int:
    base = view.extra["wage"](view.answers.get("position", ""))
    try:
        amount = money.parse_wage(text)
    except Doubtful as guess:  # "25" may mean 25 juta: ask that, unless it would be unusual as well
        money.check_wage(guess.value, base)
        raise
    return money.check_wage(amount, base)


def wage_choices(view: View) -> Sequence[tuple[str, str]]:
    usual = view.extra["offered"](view.answers.get("position", ""))
    return [(str(usual), money.rupiah(usual))] if usual else ()


def wage_values(view: View) -> Mapping[str, Any]:
    """Whether there is a usual wage to choose, and whether it is an income: who pays for themselves has no wage."""
    bpu = view.extra["pays_themselves"](view.answers.get("position", ""))
    return {"offered": bool(wage_choices(view)), "bpu": bpu}


def show_wage(value: int, _view: View) -> str:
    return f"{money.rupiah(value)} ({money.in_words(value)})"


def written_day(read: Callable[[], date]) -> str:
    """A day as answers keep it, also one that is only a guess until somebody says yes."""
    try:
        return read().isoformat()
    except Doubtful as doubt:
        doubt.value = doubt.value.isoformat()
        raise


def parse_start(text: str, view: View) -> str:
    return written_day(lambda: dates.parse_start(text, view.today))


def show_date(value: str, _view: View) -> str:
    return dates.short_date(date.fromisoformat(value))


def show_position(value: str, view: View) -> str:
    return position_label(view.extra["positions"], value)


def position_label(positions: Sequence[Position], code: str) -> str:
    """The position as people say it; its code, where the rules have dropped it."""
    return next((position.label for position in positions if position.code == code), code)


def lookups(turn: Turn) -> Mapping[str, Callable[[str], int | str] | Sequence[Position]]:
    """What these questions look up: the positions, and the wage usual for one and the one to be offered."""
    usual = _usual_wage(turn)
    return {
        "positions": posts(turn),
        "groups": lambda category: turn.rules.category(category).label,
        "wage": lambda position: usual(position)[0],
        "offered": lambda position: usual(position)[1],
        "pays_themselves": lambda position: bool(position) and _segment(turn, position) is Segment.BPU,
    }


def _segment(turn: Turn, position: str) -> Segment:
    category = turn.rules.position(position).category
    return turn.rules.programme_set(turn.district.code, category, turn.today).segment


def _usual_wage(turn: Turn) -> Callable[[str], tuple[int, int]]:
    """What a wage is compared with, and what is offered: not what is known from memory alone."""

    def usual(position: str) -> tuple[int, int]:
        if not position:
            return 0, 0
        base = turn.rules.wage_base(turn.district.code, turn.rules.position(position), turn.today)
        amount = base.amount if base else 0
        return amount, amount if base and base.certainty in CERTAIN else 0

    return usual
