"""Desa Sadar: what is counted of each village, and who was recognised in which year."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.months import Month
from bot.domain.sadar import Facts
from bot.store import projects
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: Months looked back on; an older one counts only while it is open.
BACK = 36


@dataclass(frozen=True, slots=True)
class Recognition:
    """A village that met the criteria in a year; `made` is when its certificate was, None before."""

    id: int
    village: str
    year: int
    met_on: date
    made: datetime | None
    made_by: str
    number: str
    head: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an administrator says for a certificate; an empty number is filled in by hand."""

    number: str
    head: str
    reasons: Sequence[str]


def facts(tx: Tx, district: str, today: date, village: str = "") -> dict[str, Facts]:
    """What is known of every village of a district, or of one, where anything is."""
    asked = {"district": district, "village": village, "today": today.isoformat()}
    found: dict[str, Facts] = {}
    for row in tx.all(Q.posts, **asked):
        known = found.get(row["village"], Facts())
        posts = {**known.posts, row["position"]: (row["confirmed"], row["waiting"])}
        found[row["village"]] = replace(known, posts=posts)
    for one in projects.begun(tx, district, today, village):
        known = found.get(one.village, Facts())
        if one.uncovered:
            found[one.village] = replace(known, uncovered=(*known.uncovered, one.uncovered))
        else:
            found[one.village] = replace(known, projects=known.projects + 1)
    months: dict[str, list[tuple[Month, bool]]] = {}
    first = Month(today.year - BACK // 12, today.month)
    for row in tx.all(Q.months, **asked, first=str(first)):
        months.setdefault(row["village"], []).append((Month.parse(row["month"]), bool(row["settled"])))
    waiting = {
        row["village"]: row["reports"] for row in tx.all(Q.unchecked, district=district, village=village)
    }
    return found | {
        code: replace(found.get(code, Facts()), months=tuple(each), unchecked=waiting.get(code, 0))
        for code, each in months.items()
    }


def meet(tx: Tx, village: str, day: date) -> bool:
    """The village meets the criteria in the year of that day; False if that was known."""
    return tx.one(Q.meet, village=village, year=day.year, day=day.isoformat()) is not None


def get(tx: Tx, number: int) -> Recognition | None:
    """One of them, of whatever district: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    return _recognition(row) if row else None


def of_year(tx: Tx, district: str, year: int) -> list[Recognition]:
    """All of a district and year, by kecamatan and name."""
    return [_recognition(row) for row in tx.all(Q.of_year, district=district, year=year)]


def _recognition(row: Any) -> Recognition:
    return Recognition(
        row["id"],
        row["village"],
        row["year"],
        date.fromisoformat(row["met_on"]),
        datetime.fromisoformat(row["made_at"]) if row["made_at"] else None,
        row["made_by"],
        row["number"],
        row["head"],
        tuple(json.loads(row["reasons"])),
    )


def make(tx: Tx, number: int, new: Certificate, by: tuple[int, datetime]) -> bool:
    """Its certificate is to be made: `by` is who says so, and when; False if somebody did before."""
    person, at = by
    reasons = json.dumps(list(new.reasons), ensure_ascii=False)
    said = {"number": new.number, "head": new.head, "reasons": reasons}
    return tx.one(Q.made, id=number, by=person, now=stamp(at), **said) is not None


def standing(tx: Tx, district: str, year: int) -> list[tuple[int, str]]:
    """Certificates of this year or the one before whose village was not told since that a step is missing."""
    return [(row["id"], row["village"]) for row in tx.all(Q.last, district=district, year=year - 1)]


def lost(tx: Tx, number: int, now: datetime) -> bool:
    """The village is told that a step is missing again; False if it was told before."""
    return bool(tx.run(Q.lost, id=number, now=stamp(now)))
