"""Desa Sadar, read from the store: how each village of a district stands, and how that is said."""

from collections.abc import Sequence
from datetime import date

from bot import texts
from bot.domain import sadar
from bot.domain.customs import Criterion
from bot.domain.rulebook import Rules
from bot.domain.sadar import Facts, Part, Standing
from bot.store import places
from bot.store import sadar as store
from bot.store.database import Tx

#: Uncovered projects that are named; more are counted.
NAMED = 3


def standings(tx: Tx, rules: Rules, district: str, today: date, village: str = "") -> dict[str, Standing]:
    """How each village of a district stands today, or one of them, by its code."""
    return by(tx, rules, (district, today), sadar.criteria(rules, district, today), village)


def by(
    tx: Tx, rules: Rules, when: tuple[str, date], found: Sequence[Criterion], village: str = ""
) -> dict[str, Standing]:
    """The same by other criteria than those in force: `when` is the district, and the day."""
    district, today = when
    facts = store.facts(tx, district, today, village)
    posts = rules.positions_of(district)
    codes = [village] if village else [one.code for one in places.villages(tx, district)]
    return {code: sadar.standing(posts, found, facts.get(code, Facts())) for code in codes}


def sentence(part: Part, *, bare: bool = False) -> str:
    """How a criterion stands, in a line; `bare`: without what is only still to be looked at."""
    values = {
        "code": part.code,
        "done": part.done,
        "total": part.total,
        "left": part.left,
        "empty": part.empty,
        "waiting": part.waiting,
        "late": part.late[0].label if part.late else "",
        "more": max(len(part.late) - 1, 0),
        "projects": part.projects[:NAMED],
        "unchecked": 0 if bare else part.unchecked,
        "others": max(len(part.projects) - NAMED, 0),
    }
    return texts.plain(texts.render("sadar/part", values))
