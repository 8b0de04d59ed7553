"""Groups that a district adds: from when they count, what they cost, what is doubtful about that."""

from collections.abc import Mapping
from datetime import date

import pytest

from bot.domain import groups
from bot.domain.dated import Segment
from bot.domain.groups import Cost, Terms
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.errors import Misconfigured
from bot.rules import load, with_decisions

RULES = load()
KUKAR, LANDAK = "64.02", "61.08"
KADER = "kader_posyandu_6402"
DATED = {"district": KUKAR, "effective_from": "2026-12-01", "source": "Perbup 12/2026", "certainty": "V"}
BPU = Terms(Segment.BPU, ("jkk", "jkm"), 1_000_000)


def kader(**more: object) -> Rules:
    rows: list[tuple[str, Mapping[str, object]]] = [
        ("category", {"district": KUKAR, "code": KADER, "label": "Kader Posyandu", "since": "2026-12-01", **more}),
        ("position", {"district": KUKAR, "code": KADER, "label": "Kader Posyandu", "category": KADER}),
        ("programme_set", {**DATED, "category": KADER, "segment": "BPU", "programmes": ["jkk", "jkm"]}),
        ("wage_base", {**DATED, "category": KADER, "amount": 1_000_000}),
    ]  # fmt: skip
    return with_decisions(RULES, [(KUKAR, table, row) for table, row in rows])


def codes(rules: Rules, district: str, on: date) -> set[str]:
    return {one.code for one in rules.positions_of(district, on)} - {p.code for p in RULES.positions}


@pytest.mark.parametrize(
    ("district", "on", "offered"),
    [
        (KUKAR, date(2026, 11, 30), False),
        (KUKAR, date(2026, 12, 1), True),
        (KUKAR, date(2030, 1, 1), True),
        (LANDAK, date(2026, 12, 1), False),
    ],
)
def test_its_posts_are_offered_in_its_district_from_its_first_day(
    district: str, on: date, offered: bool
) -> None:
    assert codes(kader(), district, on) == ({KADER} if offered else set())


def test_none_are_offered_after_its_last_day_and_months_are_owed_all_the_same() -> None:
    rules = kader(until="2027-03-31")
    assert codes(rules, KUKAR, date(2027, 3, 31)) == {KADER}
    assert codes(rules, KUKAR, date(2027, 4, 1)) == set()
    assert groups.runs(rules, KADER, Month(2027, 5))


def test_months_before_it_are_not_owed() -> None:
    assert not groups.runs(kader(), KADER, Month(2026, 11))
    assert groups.runs(kader(), KADER, Month(2026, 12))
    assert groups.runs(RULES, "kades", Month(2020, 1))


def test_a_district_cannot_touch_what_is_for_all_nor_another_district() -> None:
    own = with_decisions(RULES, [(KUKAR, "category", {"district": KUKAR, "code": "kades", "label": "Lain"})])
    assert own.category("kades").label == "Kepala Desa"
    with pytest.raises(Misconfigured):
        with_decisions(RULES, [(KUKAR, "category", {"district": LANDAK, "code": "x", "label": "X"})])
    with pytest.raises(Misconfigured):
        with_decisions(RULES, [(KUKAR, "category", {"district": "*", "code": "x", "label": "X"})])


@pytest.mark.parametrize("name", ["kader posyandu", "KADER-POSYANDU", "Kepala  Desa", "bendahara", "BPD"])
def test_names_that_are_taken(name: str) -> None:
    assert groups.taken(kader(), KUKAR, name)


@pytest.mark.parametrize("name", ["Linmas", "Kader"])
def test_names_that_are_free(name: str) -> None:
    assert not groups.taken(kader(), KUKAR, name)


def test_two_districts_may_use_the_same_name() -> None:
    assert not groups.taken(kader(), LANDAK, "Kader Posyandu")
    assert groups.code_of("Kader Posyandu", KUKAR) == KADER
    assert groups.code_of("Kader Posyandu", LANDAK) != KADER


@pytest.mark.parametrize(
    ("of", "total", "worker", "certain"),
    [
        (BPU, 16_800, 0, True),
        (Terms(Segment.BPU, ("jkk", "jkm", "jht"), 1_000_000), 36_800, 0, False),  # JHT of BPU: from memory
        (Terms(Segment.BPU, ("jkk", "jkm"), 2_000_000), 26_800, 0, False),  # the bands above are not known
        (Terms(Segment.PU, ("jkk", "jkm"), 2_000_000), 10_800, 0, True),
        (Terms(Segment.PU, ("jkk", "jkm", "jht"), 2_000_000), 124_800, 40_000, True),
        (Terms(Segment.PU, ("jkk", "jkm", "jht", "jp"), 2_000_000), 184_800, 60_000, True),
    ],
)
def test_what_one_person_costs(of: Terms, total: int, worker: int, certain: bool) -> None:
    bill = groups.price(RULES, KUKAR, of, Month(2027, 1))
    assert (bill.total, bill.worker, groups.certain(bill)) == (total, worker, certain)


def test_a_year_follows_the_rules_of_each_month() -> None:
    assert groups.yearly(RULES, KUKAR, BPU, 2027) == Cost(12 * 16_800)
    changed = with_decisions(
        RULES,
        [(KUKAR, "discount_use", {**DATED, "used": True, "effective_from": "2026-07-01"})],
    )
    full, half = 16_800, 8_400
    assert groups.yearly(changed, KUKAR, BPU, 2026) == Cost(6 * full + 6 * half)


def test_the_discount_is_doubtful_only_while_it_is_in_force_and_not_decided() -> None:
    found = groups.doubt(RULES, KUKAR, BPU, Month(2026, 12))
    assert found is not None
    assert (found.price, found.until, found.source) == (8_400, date(2026, 12, 31), "PP 50/2025")
    assert groups.doubt(RULES, KUKAR, BPU, Month(2027, 1)) is None
    assert groups.doubt(RULES, KUKAR, Terms(Segment.PU, ("jkk", "jkm"), 2_000_000), Month(2026, 12)) is None
    used = with_decisions(RULES, [(KUKAR, "discount_use", {**DATED, "used": True})])
    assert groups.doubt(used, KUKAR, BPU, Month(2026, 12)) is None


def test_savings_have_no_part_in_the_discount() -> None:
    found = groups.doubt(RULES, KUKAR, Terms(Segment.BPU, ("jkk", "jkm", "jht"), 1_000_000), Month(2026, 12))
    assert found is not None
    assert found.price == 28_400


def test_the_wage_of_a_group_is_that_of_most_of_its_posts() -> None:
    of = groups.terms(RULES, KUKAR, RULES.category("perangkat"), date(2026, 11, 23))
    assert of == Terms(Segment.PU, ("jkk", "jkm"), 2_022_200)


def test_a_group_that_has_not_begun_is_described_by_its_first_day() -> None:
    rules = kader()
    assert groups.terms(rules, KUKAR, rules.category(KADER), date(2026, 11, 23)) == BPU


def test_every_common_name_can_be_used() -> None:
    assert [name for name in groups.COMMON if groups.taken(RULES, KUKAR, name)] == []
    assert max(len(name) for name in groups.COMMON) <= groups.LONGEST
