"""The estimate of what a delay costs: off, until a district wants it."""

from datetime import date

import pytest

from bot.domain.penalties import estimate
from bot.rules import load, with_decisions

RULES = load()
TODAY = date(2026, 11, 23)
WANTED = with_decisions(
    RULES,
    [
        (
            "64.02",
            "penalty",
            {
                "district": "64.02",
                "percent": "2",
                "enabled": True,
                "effective_from": "2026-11-01",
                "source": "Jawaban kantor cabang",
                "certainty": "V",
            },
        )
    ],
)


def test_off_until_a_district_wants_it() -> None:
    assert estimate(1_584_000, 3, "64.02", TODAY, RULES) is None
    assert estimate(1_584_000, 3, "61.08", TODAY, WANTED) is None
    assert estimate(1_584_000, 3, "64.02", date(2026, 10, 31), WANTED) is None


@pytest.mark.parametrize(
    ("amount", "months", "penalty"),
    [
        (1_584_000, 1, 31_680),
        (1_584_000, 3, 95_040),
        (1_584_000, 0, 0),
        (1_584_000, -1, 0),
        (25, 1, 1),
        (24, 1, 0),
    ],
)
def test_two_percent_a_month_not_compounded(amount: int, months: int, penalty: int) -> None:
    assert estimate(amount, months, "64.02", TODAY, WANTED) == penalty
