"""The budget of a year: months by their own rules, what a group bears, what may pay for it."""

from collections.abc import Mapping
from datetime import date

import pytest

from bot.domain import costing
from bot.domain.groups import Cost, Terms
from bot.domain.months import Month
from bot.domain.rulebook import Rules, Segment
from bot.rules import load, with_decisions

RULES = load()
KUKAR = "64.02"
DATED = {"district": KUKAR, "source": "Perbup 3/2027", "certainty": "V"}


def decided(*rows: tuple[str, Mapping[str, object]]) -> Rules:
    return with_decisions(RULES, [(KUKAR, table, {**DATED, **row}) for table, row in rows])


def jht_from(month: str) -> Rules:
    row = {"category": "perangkat", "programmes": ["jkk", "jkm", "jht"], "effective_from": f"{month}-01"}
    return decided(("programme_set", row))


def test_two_groups_are_two_lines_in_their_order() -> None:
    found = costing.budget(RULES, KUKAR, {"bpd": [2_000_000], "kades": [2_426_640], "rt": []}, Month(2027, 1))
    assert [line.category for line in found.lines] == ["kades", "bpd"]
    assert found.cost == Cost(12 * (13_104 + 10_800))
    assert (found.people, found.certain) == (2, True)


@pytest.mark.parametrize(
    ("month", "with_savings", "changes"),
    [("2026-12", 12, None), ("2027-01", 12, None), ("2027-07", 6, Month(2027, 7)), ("2028-01", 0, None)],
)
def test_a_change_within_the_year_counts_from_its_month(
    month: str, with_savings: int, changes: Month | None
) -> None:
    [line] = costing.budget(jht_from(month), KUKAR, {"perangkat": [2_000_000]}, Month(2027, 1)).lines
    assert line.cost == Cost(12 * 10_800 + with_savings * 74_000, with_savings * 40_000)
    assert line.changes == changes


def test_dana_desa_is_refused_with_the_rule_for_those_it_names() -> None:
    wages = {"kades": [2_426_640], "bpd": [2_000_000], "rt": [2_000_000]}
    found = costing.budget(RULES, KUKAR, wages, Month(2027, 1))
    assert found.forbidden == {"Permendes 16/2025 (aturan Dana Desa 2026)": "Kepala Desa, BPD"}
    rt = found.lines[2]
    assert {one.code for one in rt.sources if one.allowed} == {"bhpr", "pades"}
    assert {one.code for one in rt.sources if one.allowed is None} == {"add", "bankeu", "dana_desa"}


def test_accounts_are_those_of_the_rules_and_of_the_district() -> None:
    row = {"category": "bpd", "code": "5.1.3.90", "name": "Jaminan BPD", "effective_from": "2027-01-01"}
    wages = {"kades": [2_426_640], "perangkat": [2_022_200], "bpd": [2_000_000], "rt": [2_000_000]}
    lines = costing.budget(decided(("account", row)), KUKAR, wages, Month(2027, 1)).lines
    assert [line.account.code if line.account else "" for line in lines] == [
        "5.1.3.03",
        "5.1.3.04",
        "5.1.3.90",
        "",
    ]


def test_a_group_that_begins_in_the_year_is_budgeted_from_its_month() -> None:
    kader = "kader_6402"
    rules = with_decisions(
        RULES,
        [
            (KUKAR, "category", {"district": KUKAR, "code": kader, "label": "Kader", "since": "2027-05-01"}),
            (KUKAR, "position", {"district": KUKAR, "code": kader, "label": "Kader", "category": kader}),
            (KUKAR, "programme_set", {**DATED, "category": kader, "segment": "BPU", "programmes": ["jkk", "jkm"],
                                      "effective_from": "2027-05-01"}),
        ],
    )  # fmt: skip
    [line] = costing.budget(rules, KUKAR, {kader: [1_000_000, 1_000_000]}, Month(2027, 1)).lines
    assert (line.cost, line.segment) == (Cost(8 * 2 * 16_800), Segment.BPU)
    assert costing.budget(rules, KUKAR, {kader: [1_000_000]}, Month(2026, 1)).lines == ()


def test_posts_that_nobody_holds_stand_beside_it() -> None:
    empty = costing.unfilled(RULES, KUKAR, date(2026, 11, 23), {"kades", "sekdes"})
    assert {one.code for one in empty} == {p.code for p in RULES.positions if p.usual} - {"kades", "sekdes"}
    found = costing.budget(
        RULES, KUKAR, {}, Month(2027, 1), [RULES.position("sekdes"), RULES.position("bpd_ketua")]
    )
    assert found.cost == Cost()
    assert found.vacant == Cost(12 * (12_012 + 10_800))


def test_an_estimate_is_one_person_so_many_times() -> None:
    of = Terms(Segment.PU, ("jkk", "jkm", "jht"), 1_000_000)
    found = costing.estimate(RULES, KUKAR, of, 965, 2027)
    assert found.month == Cost(965 * 42_400, 965 * 20_000)
    assert found.year == Cost(12 * 965 * 42_400, 12 * 965 * 20_000)


@pytest.mark.parametrize(
    ("year", "today", "since", "said"),
    [
        (2027, date(2026, 11, 23), Month(2027, 1), "setahun"),
        (2026, date(2026, 11, 23), Month(2026, 11), "November–Desember 2026"),
        (2026, date(2026, 12, 1), Month(2026, 12), "Desember 2026"),
        (2027, date(2027, 1, 31), Month(2027, 1), "setahun"),
    ],
)
def test_of_the_running_year_only_what_is_left_is_counted(
    year: int, today: date, since: Month, said: str
) -> None:
    assert costing.first_month(year, today) == since
    assert costing.span(since) == said
    whole = costing.budget(RULES, KUKAR, {"bpd": [2_000_000]}, Month(year, 1))
    left = costing.budget(RULES, KUKAR, {"bpd": [2_000_000]}, since)
    assert left.cost.employer * 12 == whole.cost.employer * (13 - since.number)
    assert (left.year, left.span) == (year, said)


def test_sources_that_the_district_has_not_chosen_are_named_with_its_rule() -> None:
    row = {"category": "bpd", "funding": "pades", "allowed": False, "effective_from": "2026-01-01"}
    found = costing.budget(decided(("funding_rule", row)), KUKAR, {"bpd": [2_000_000]}, Month(2027, 1))
    assert found.left_out == {"Perbup 3/2027": "PADes"}
    assert "Perbup 3/2027" not in found.forbidden
