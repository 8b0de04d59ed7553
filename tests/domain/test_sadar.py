"""Desa Sadar by its criteria: what counts as a step, and from when on a district's own word counts."""

from datetime import date, timedelta

import pytest

from bot import rules
from bot.domain import sadar
from bot.domain.customs import Criterion
from bot.domain.dated import Certainty
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.domain.sadar import Facts, Part
from tests.world import rulebook

TODAY = date(2026, 11, 23)
KUKAR = "64.02"
STAFF_POSTS = [p for p in rulebook().positions if p.category in sadar.STAFF_CATEGORIES and p.usual]
EVERYBODY = {post.code: (1, 0) for post in STAFF_POSTS}


def row(code: str, months: int = 0, **more: object) -> Criterion:
    values = {"effective_from": TODAY, "source": "x", "certainty": Certainty.LAW, "district": KUKAR}
    return Criterion(code=code, months=months, **{**values, **more})  # type: ignore[arg-type]


def part(code: str, facts: Facts, months: int = 0) -> Part:
    [found] = sadar.standing(rulebook().positions, [row(code, months)], facts).parts
    return found


OCTOBER = Month(2026, 10)


def months(*settled: bool, last: Month = OCTOBER) -> list[tuple[Month, bool]]:
    """Months in a row, the latest first."""
    found = []
    for each in settled:
        found.append((last, each))
        last = last.previous()
    return found


@pytest.mark.parametrize(
    ("posts", "done", "total", "empty", "waiting"),
    [
        ({}, 0, 8, 8, ()),
        (EVERYBODY, 8, 8, 0, ()),
        (EVERYBODY | {"kaur_umum": (0, 1)}, 7, 8, 0, ("Kaur Tata Usaha dan Umum",)),
        ({code: n for code, n in EVERYBODY.items() if code != "kades"}, 7, 8, 1, ()),
        (EVERYBODY | {"kadus": (3, 0)}, 11, 11, 0, ()),
        (EVERYBODY | {"kadus": (1, 2)}, 9, 11, 0, ("2 Kepala Dusun",)),
        (EVERYBODY | {"rt_ketua": (0, 9), "bpd_ketua": (0, 1)}, 8, 8, 0, ()),
        (EVERYBODY | {"kades": (2, 0)}, 9, 9, 0, ()),
    ],
)
def test_staff(
    posts: dict[str, tuple[int, int]], done: int, total: int, empty: int, waiting: tuple[str, ...]
) -> None:
    found = part(sadar.STAFF, Facts(posts=posts))
    assert (found.done, found.total, len(found.empty), found.waiting) == (done, total, empty, waiting)
    assert found.left == total - done


@pytest.mark.parametrize(
    ("known", "wanted", "done", "left", "late"),
    [
        ([], 3, 0, 3, 0),
        (months(True, True, True), 3, 3, 0, 0),
        (months(True, True, True, True), 3, 4, 0, 0),
        (months(True, True), 3, 2, 1, 0),
        (months(False, True, True), 3, 0, 1, 1),
        (months(False, False), 3, 0, 3, 2),
        (months(True, True, True, False), 3, 3, 1, 1),
        ([*months(True, True), *months(True, last=Month(2026, 6))], 3, 2, 1, 0),
        ([*months(True, True, True), *months(False, last=Month(2024, 1))], 3, 3, 1, 1),
        (months(True, True, last=Month(2027, 1)), 2, 2, 0, 0),
    ],
)
def test_arrears(known: list[tuple[Month, bool]], wanted: int, done: int, left: int, late: int) -> None:
    found = part(sadar.ARREARS, Facts(months=known), wanted)
    assert (found.done, found.total, found.left, len(found.late)) == (done, wanted, left, late)
    assert list(found.late) == sorted(found.late)


@pytest.mark.parametrize(
    ("covered", "uncovered", "done", "total", "left"),
    [(0, (), 0, 0, 0), (2, (), 2, 2, 0), (1, ("Rabat beton RT 03",), 1, 2, 1), (0, ("a", "b"), 0, 2, 2)],
)
def test_projects(covered: int, uncovered: tuple[str, ...], done: int, total: int, left: int) -> None:
    found = part(sadar.PROJECTS, Facts(projects=covered, uncovered=uncovered))
    assert (found.done, found.total, found.left, found.projects) == (done, total, left, uncovered)


def test_a_village_meets_them_when_nothing_is_left_and_without_criteria_never() -> None:
    facts = Facts(EVERYBODY, months(True))
    both = [row(sadar.STAFF), row(sadar.ARREARS, 1)]
    assert sadar.standing(rulebook().positions, both, facts).met
    assert not sadar.standing(rulebook().positions, [], facts).met
    only = [row(sadar.PROJECTS)]
    assert not sadar.standing(rulebook().positions, only, Facts()).met
    assert sadar.standing(rulebook().positions, only, Facts(projects=1)).met
    nothing = sadar.standing(rulebook().positions, both, Facts())
    assert (nothing.met, nothing.begun, nothing.left) == (False, False, 9)
    assert sadar.standing(rulebook().positions, both, Facts(months=months(False))).begun


def decided(*rows: Criterion) -> Rules:
    return rules.with_decisions(
        rulebook(),
        [
            (
                KUKAR,
                "criterion",
                {
                    "district": KUKAR,
                    "code": one.code,
                    "months": one.months,
                    "off": one.off,
                    "effective_from": one.effective_from.isoformat(),
                    "source": one.source,
                    "certainty": one.certainty.value,
                },
            )
            for one in rows
        ],
    )


def test_before_a_district_decides_they_are_proposals() -> None:
    proposed = sadar.criteria(rulebook(), KUKAR, TODAY)
    assert [one.code for one in proposed] == [sadar.STAFF, sadar.ARREARS, sadar.PROJECTS]
    assert not sadar.adopted(proposed)
    own = decided(row(sadar.STAFF), row(sadar.ARREARS, 3))
    assert sadar.adopted(sadar.criteria(own, KUKAR, TODAY))
    assert not sadar.adopted(sadar.criteria(own, KUKAR, TODAY - timedelta(days=1)))
    assert not sadar.adopted(sadar.criteria(own, "61.08", TODAY))
    assert not sadar.adopted([])


def test_what_is_proposed_after_a_district_decided_is_off_until_it_takes_it_over() -> None:
    own = decided(row(sadar.STAFF), row(sadar.ARREARS, 3))
    assert [one.code for one in sadar.criteria(own, KUKAR, TODAY)] == [sadar.STAFF, sadar.ARREARS]
    assert [one.off for one in sadar.known(own, KUKAR, TODAY)] == [False, False, True]
    assert sadar.adopted(sadar.known(own, KUKAR, TODAY))
    all_three = decided(row(sadar.STAFF), row(sadar.ARREARS, 3), row(sadar.PROJECTS))
    assert len(sadar.criteria(all_three, KUKAR, TODAY)) == 3


def test_one_that_is_off_is_not_used_from_its_day_on() -> None:
    later = TODAY + timedelta(days=8)
    found = decided(row(sadar.STAFF), row(sadar.ARREARS, 3), row(sadar.STAFF, off=True, effective_from=later))
    assert sadar.ahead(found, KUKAR, TODAY) == later
    assert sadar.ahead(found, KUKAR, later) is None
    assert len(sadar.criteria(found, KUKAR, later - timedelta(days=1))) == 2
    assert [one.code for one in sadar.criteria(found, KUKAR, later)] == [sadar.ARREARS]
    assert [one.off for one in sadar.known(found, KUKAR, later)] == [True, False, True]
