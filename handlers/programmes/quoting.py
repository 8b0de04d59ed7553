"""What one person of a group costs a month, in the words of reviews and cards; and what a group is called there."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain import contributions, dates, groups, money
from bot.domain.dated import Segment
from bot.domain.groups import Doubt, Terms
from bot.domain.months import Month
from bot.domain.rulebook import Rules

SEGMENTS = {Segment.PU: "Penerima upah (PU)", Segment.BPU: "Mandiri (BPU)"}


def programmes(rules: Rules, codes: Sequence[str]) -> str:
    """As in "JKK, JKM"."""
    return ", ".join(rules.programme(code).label for code in codes)


def quote(rules: Rules, district: str, of: Terms, month: Month) -> Mapping[str, Any]:
    """The price of one person: `worker` is empty where the village bears all of it."""
    bill = groups.price(rules, district, of, month)
    return {
        "price": money.rupiah(bill.total),
        "worker": money.rupiah(bill.worker) if bill.worker else "",
        "rule": groups.made_of(rules, bill),
        "certain": groups.certain(bill),
        "doubt": doubted(groups.doubt(rules, district, of, month)),
    }


def doubted(found: Doubt | None) -> Mapping[str, str]:
    """A discount that is not reckoned, in words; empty where there is none."""
    if found is None:
        return {}
    return {
        "percent": contributions.percent_label(found.percent),
        "source": found.source,
        "price": money.rupiah(found.price),
        "until": dates.short_date(found.until) if found.until else "",
    }


def sources(rules: Rules, codes: Sequence[str]) -> str:
    """Sources of money as in "ADD, PADes"."""
    return ", ".join(rules.funding(code).label for code in codes) or "belum diatur"
