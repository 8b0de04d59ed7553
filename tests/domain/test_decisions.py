"""What a district decides in chat: its own rows, from a day on, as strictly checked as those of the files."""

import json
from collections.abc import Mapping
from datetime import date, time

import pytest

from bot.domain.customs import AGREEMENT, TERM, UNREGISTERED
from bot.domain.rulebook import Rules
from bot.errors import Misconfigured
from bot.rules import TABLES, counts, load, with_decisions

RULES = load()
KUKAR, LANDAK = "64.02", "61.08"
TODAY, BEFORE = date(2026, 11, 23), date(2026, 10, 31)
DATED = {"effective_from": "2026-11-01", "source": "Perbup 2/2026", "certainty": "V"}


def decided(table: str, *rows: Mapping[str, object], district: str = KUKAR, base: Rules = RULES) -> Rules:
    """The rules with rows as they come out of the store: text that was JSON."""
    read = [json.loads(json.dumps({"district": district, **DATED, **row})) for row in rows]
    return with_decisions(base, [(district, table, row) for row in read])


def names(rules: Rules, district: str, on: date = TODAY, kind: str = "month") -> list[str]:
    return [stage.name for stage in rules.stages(on, district, kind)]


def test_a_stage_is_switched_off_and_another_moved() -> None:
    rules = decided(
        "stage",
        {"name": "h-3", "days_before": 3, "at": "09:00:00", "off": True},
        {"name": "h-1", "days_before": 2, "at": "10:30"},
        {"name": "h-14", "days_before": 14, "at": "09:00:00"},
    )
    assert names(rules, KUKAR) == ["h-14", "h-7", "h-1", "h+1"]
    moved = rules.stages(TODAY, KUKAR)[2]
    assert (moved.days_before, moved.at) == (2, time(10, 30))
    assert names(rules, KUKAR, BEFORE) == names(rules, LANDAK) == names(RULES, KUKAR)
    assert names(rules, "*") == ["h-7", "h-3", "h-1", "h+1"]


def test_kinds_of_stages_keep_apart() -> None:
    assert names(RULES, KUKAR, kind=AGREEMENT) == ["pks-60", "pks-30", "pks-14"]
    assert names(RULES, KUKAR, kind=TERM) == ["masa-60", "masa-14"]
    assert names(RULES, KUKAR, kind=UNREGISTERED) == ["bulanan"]
    rules = decided("stage", {"name": "bulanan", "kind": "unregistered", "days_before": 5, "at": "09:00:00"})
    assert rules.stages(TODAY, KUKAR, UNREGISTERED)[0].days_before == 5
    assert names(rules, KUKAR) == names(RULES, KUKAR)


def test_the_later_of_two_decisions_counts() -> None:
    first, second = ({"category": "rt", "amount": amount} for amount in (1_500_000, 1_000_000))
    rules = decided("wage_base", second, base=decided("wage_base", first, first))
    base = rules.wage_base(KUKAR, next(p for p in rules.positions if p.category == "rt"), TODAY)
    assert base is not None
    assert base.amount == 1_000_000
    assert counts(rules)["wage_base"] == counts(RULES)["wage_base"] + 1


def test_a_day_off() -> None:
    row = {"district": KUKAR, "day": "2026-12-01", "name": "Pemilihan Kepala Desa"}
    rules = with_decisions(RULES, [(KUKAR, "holiday", row)])
    assert [(h.district, h.day) for h in rules.holidays] == [(KUKAR, date(2026, 12, 1))]
    assert RULES.holidays == ()


def test_nothing_decided_changes_nothing() -> None:
    assert counts(with_decisions(RULES, [])) == counts(RULES)


def test_bills_are_reckoned_anew_only_where_a_rule_of_theirs_changed() -> None:
    assert load().digest == RULES.digest == RULES.only([KUKAR]).digest
    assert decided("risk", {"risk": "II"}).digest != RULES.digest
    stage = {"name": "h-3", "days_before": 3, "at": "09:00:00", "off": True}
    assert decided("stage", stage).digest == RULES.digest


def test_every_table_is_counted() -> None:
    found = counts(RULES)
    assert found["rate"] == 10
    assert found["holiday"] == 0
    assert {table for table in TABLES if not found[table]} == {"holiday"}


SET = {"category": "rt", "programmes": ["jkk"]}


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("rate", {}, r"decision 1 of 64\.02, \[\[rate\]\]: not for a district to decide"),
        ("district", {}, "not for a district"),
        ("tarif", {}, "not for a district"),
        ("programme_set", SET | {"district": LANDAK}, "district is not '64.02'"),
        ("programme_set", SET | {"district": "*"}, "district is not '64.02'"),
        ("programme_set", SET | {"category": "kader"}, "there is no category 'kader'"),
        ("programme_set", SET | {"segment": "PBPU"}, "segment cannot be 'PBPU'"),
        ("programme_set", SET | {"segment": "BPU", "programmes": ["jp"]}, "BPU has no programme 'jp'"),
        ("programme_set", SET | {"effective_from": "1 Januari"}, "effective_from cannot be '1 Januari'"),
        ("programme_set", SET | {"effective_from": 20270101}, "effective_from cannot be 20270101"),
        ("programme_set", SET | {"effective_to": "2026-10-31"}, "effective_to is before effective_from"),
        ("programme_set", SET | {"colour": "red"}, "unknown key colour"),
        ("programme_set", {"category": "rt"}, "programmes missing"),
        ("stage", {"name": "x", "days_before": 3, "at": "pagi"}, "at cannot be 'pagi'"),
    ],
)
def test_a_wrong_decision_is_named(table: str, row: Mapping[str, object], message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        decided(table, row)


def test_a_decision_must_be_a_row() -> None:
    with pytest.raises(Misconfigured, match="is not a row"):
        with_decisions(RULES, [(KUKAR, "stage", [])])  # type: ignore[list-item]  # what a store may hold


def test_an_unknown_district_decides_nothing() -> None:
    with pytest.raises(Misconfigured, match=r"there is no district '11\.01'"):
        decided("risk", {"risk": "II"}, district="11.01")
