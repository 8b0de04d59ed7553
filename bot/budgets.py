"""A year of contributions as a village, or a whole district, should budget it: by who serves there now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import costing, projects
from bot.domain.costing import Budget
from bot.domain.months import Month
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.store import members, places, posts
from bot.store import projects as kept
from bot.store.database import Tx
from bot.store.members import Insured
from bot.store.places import Village
from bot.store.projects import Project


@dataclass(frozen=True, slots=True)
class Building:
    """The projects of a budget year: how many, and what is paid once for all of them."""

    count: int = 0
    total: int = 0


def of_village(tx: Tx, rules: Rules, village: Village, when: tuple[int, date]) -> Budget:
    """The budget of a year, by those who are insured in the month after today: whoever leaves is followed.

    Posts that a village normally has and nobody holds are beside it.
    """
    year, today = when
    wages = _wages(members.insured(tx, village.code, Month.of(today).next()))
    filled = {one.position for one in members.of_village(tx, village.code) if one.state is not State.ENDED}
    filled |= {post.position for post in posts.beside_in(tx, village.code, today)}
    empty = costing.unfilled(rules, village.district, today, filled)
    return costing.budget(rules, village.district, wages, costing.first_month(year, today), empty)


def building(tx: Tx, rules: Rules, village: str, when: tuple[int, date]) -> Building:
    """The projects of a village's budget year, planned ones by what is known of them."""
    year, today = when
    found = (one for one in kept.of_village(tx, village) if one.year == year)
    return _summed(rules, found, today)


def building_of_district(tx: Tx, rules: Rules, district: str, when: tuple[int, date]) -> dict[str, Building]:
    """The same of each village of a district that has any."""
    year, today = when
    each: dict[str, list[Project]] = {}
    for one in kept.of_district(tx, district, year):
        each.setdefault(one.village, []).append(one)
    return {code: _summed(rules, found, today) for code, found in each.items()}


def _summed(rules: Rules, found: Iterable[Project], today: date) -> Building:
    costs = [
        one.total or projects.contribution(rules, one.basis, one.value, one.starts or today).total
        for one in found
    ]
    return Building(len(costs), sum(costs))


def of_district(tx: Tx, rules: Rules, district: str, when: tuple[int, date]) -> list[tuple[Village, Budget]]:
    """The same for each village of a district, without the posts that nobody holds."""
    year, today = when
    insured = members.insured_of(tx, district, Month.of(today).next())
    since = costing.first_month(year, today)
    return [
        (village, costing.budget(rules, district, _wages(insured.get(village.code, ())), since))
        for village in places.villages(tx, district)
    ]


def _wages(insured: Sequence[Insured]) -> dict[str, list[int]]:
    """By the code of the group; a post beside another brings no second contribution."""
    found: dict[str, list[int]] = {}
    for one in insured:
        if not one.beside:
            found.setdefault(one.category, []).append(one.wage)
    return found
