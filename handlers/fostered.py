"""What a company pays for a village (desa binaan), as every card of the village says it."""

from collections.abc import Mapping
from datetime import date

from bot.domain import dates
from bot.store import fostering
from bot.store.database import Tx
from bot.store.fostering import Fostering


def lines(tx: Tx, village: str, today: date, *, full: bool = True) -> list[Mapping[str, object]]:
    """What holds today; not `full`: the company alone, for a group."""
    return [_line(one, full=full) for one in fostering.of_village(tx, village, today)]


def payers(tx: Tx, village: str, today: date) -> list[str]:
    """Each company and what it pays, as a bill says it."""
    return [f"{one.company}: {one.pays}" for one in fostering.of_village(tx, village, today)]


def _line(one: Fostering, *, full: bool) -> Mapping[str, object]:
    return {
        "company": one.company,
        "pays": one.pays if full else "",
        "until": dates.short_date(one.until),
        "whole": one.whole,
    }
