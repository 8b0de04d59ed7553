"""A year of contributions as a village, or a whole district, should budget it: by who serves there now."""

from collections.abc import Sequence
from datetime import date

from bot.domain import costing
from bot.domain.costing import Budget
from bot.domain.months import Month
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.store import members, places, posts
from bot.store.database import Tx
from bot.store.members import Insured
from bot.store.places import Village


def of_village(tx: Tx, rules: Rules, village: Village, when: tuple[int, date]) -> Budget:
    """The budget of a year, by those who are insured in the month after today: whoever leaves is followed.

    Posts that a village normally has and nobody holds are beside it.
    """
    year, today = when
    wages = _wages(members.insured(tx, village.code, Month.of(today).next()))
    filled = {one.position for one in members.of_village(tx, village.code) if one.state is not State.ENDED}
    filled |= {post.position for post in posts.beside_in(tx, village.code, today)}
    empty = costing.unfilled(rules, village.district, today, filled)
    return costing.budget(rules, village.district, wages, year, empty)


def of_district(tx: Tx, rules: Rules, district: str, when: tuple[int, date]) -> list[tuple[Village, Budget]]:
    """The same for each village of a district, without the posts that nobody holds."""
    year, today = when
    insured = members.insured_of(tx, district, Month.of(today).next())
    return [
        (village, costing.budget(rules, district, _wages(insured.get(village.code, ())), year))
        for village in places.villages(tx, district)
    ]


def _wages(insured: Sequence[Insured]) -> dict[str, list[int]]:
    """By the code of the group; a post beside another brings no second contribution."""
    found: dict[str, list[int]] = {}
    for one in insured:
        if not one.beside:
            found.setdefault(one.category, []).append(one.wage)
    return found
