"""What building projects pay: the worked tables, the layers, the instalments."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.construction import by_value, by_wages, instalments
from bot.errors import Misconfigured
from bot.rules import FOLDER, load

RULES = load()
TODAY = date(2026, 11, 23)
MILLION = 10**6
BORDERS = [100 * MILLION, 500 * MILLION, 1000 * MILLION, 5000 * MILLION]


@pytest.mark.parametrize(
    ("millions", "jkk", "jkm", "total", "parts"),
    [
        (80, 168_000, 24_000, 192_000, (96_000, 48_000, 48_000)),
        (100, 210_000, 30_000, 240_000, (120_000, 60_000, 60_000)),
        (180, 346_000, 46_000, 392_000, (196_000, 98_000, 98_000)),
        (450, 805_000, 100_000, 905_000, (452_500, 226_250, 226_250)),
        (850, 1_345_000, 180_000, 1_525_000, (762_500, 381_250, 381_250)),
        (1600, 2_200_000, 270_000, 2_470_000, (1_235_000, 617_500, 617_500)),
    ],
)
def test_worked_table(millions: int, jkk: int, jkm: int, total: int, parts: tuple[int, ...]) -> None:
    found = by_value(millions * MILLION, TODAY, RULES)
    assert (found.jkk, found.jkm, found.total) == (jkk, jkm, total)
    assert instalments(found.total) == parts


@pytest.mark.parametrize(
    ("millions", "total"),
    [(500, 1_000_000), (1000, 1_750_000), (5000, 6_550_000), (7000, 8_550_000), (0, 0)],
)
def test_compact_formula(millions: int, total: int) -> None:
    assert by_value(millions * MILLION, TODAY, RULES).total == total


def test_wages_that_are_known() -> None:
    found = by_wages(30 * MILLION, TODAY, RULES)
    assert (found.jkk, found.jkm, found.total) == (522_000, 90_000, 612_000)
    assert found.source


def test_layers_are_explained() -> None:
    first, second = by_value(180 * MILLION, TODAY, RULES).layers
    assert (first.start, first.end, first.jkk, first.jkm) == (0, 100 * MILLION, 210_000, 30_000)
    assert (second.start, second.end, second.jkk, second.jkm) == (
        100 * MILLION,
        180 * MILLION,
        136_000,
        16_000,
    )
    assert [f"{percent}" for percent in (second.jkk_percent, second.jkm_percent)] == ["0.17", "0.02"]


values = st.integers(0, 8000 * MILLION) | st.builds(
    lambda border, off: border + off, st.sampled_from(BORDERS), st.integers(-1000, 1000)
)


@given(values, st.integers(0, 1000 * MILLION))
def test_more_value_never_costs_less_and_no_border_is_a_step(value: int, more: int) -> None:
    before, after = (by_value(v, TODAY, RULES) for v in (value, value + more))
    assert before.jkk <= after.jkk
    assert before.jkm <= after.jkm
    assert after.total - before.total <= more * 0.0024 + 10  # each of five layers rounds twice


@given(values)
def test_the_layers_are_the_whole_value(value: int) -> None:
    layers = by_value(value, TODAY, RULES).layers
    assert sum(layer.end - layer.start for layer in layers) == value
    assert all(layer.start <= layer.end for layer in layers)


@given(st.integers(0, 10**12))
def test_instalments_are_the_whole_sum(total: int) -> None:
    parts = instalments(total)
    assert sum(parts) == total
    assert list(parts) == sorted(parts, reverse=True)
    assert abs(parts[0] - total / 2) < 1
    assert all(abs(part - total / 4) < 1 for part in parts[1:])


def test_a_tier_may_be_of_the_whole_value(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[construction_tier]]\nabove = 100_000_000\njkk = "0.17"\njkm = "0.02"\nlayered = false\n'
        'effective_from = 2027-01-01\nsource = "PP 1/2027"\ncertainty = "V"\n',
        "utf-8",
    )
    rules = load(FOLDER, tmp_path)
    found = by_value(200 * MILLION, date(2027, 1, 1), rules)
    assert (found.total, len(found.layers), found.source) == (380_000, 1, "PP 1/2027")
    assert by_value(200 * MILLION, TODAY, rules).total == 430_000


def test_no_negative_values_and_no_time_without_rules() -> None:
    with pytest.raises(ValueError, match="not a sum"):
        by_value(-1, TODAY, RULES)
    with pytest.raises(ValueError, match="not a sum"):
        by_wages(-1, TODAY, RULES)
    with pytest.raises(Misconfigured, match="no construction_tier from 0 on 2014-01-01"):
        by_value(1, date(2014, 1, 1), RULES)
    with pytest.raises(Misconfigured, match="no construction_wage on 2014-01-01"):
        by_wages(1, date(2014, 1, 1), RULES)
