"""How a whole district stands: counted once a day, and read at a moment for its papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.months import Month
from bot.domain.standings import Count, Owed, Report
from bot.store.database import Tx, queries
from bot.store.payments import State

Q = queries(__file__)


def add(tx: Tx, district: str, day: date, counts: Mapping[str, Count]) -> None:
    """Keep how each kecamatan (by the code of it) stood on that day; what was kept before stays."""
    rows: list[Mapping[str, Any]] = [
        {
            "district": district,
            "day": day.isoformat(),
            "subdistrict": subdistrict,
            "registered": count.registered,
            "behind": count.behind,
            "missing": count.missing,
        }
        for subdistrict, count in counts.items()
    ]
    tx.many(Q.add, rows)


def counted(tx: Tx, district: str, day: date) -> bool:
    """Whether that was done for this day."""
    return tx.one(Q.counted, district=district, day=day.isoformat()) is not None


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose counts are asked for, both included."""

    since: date
    until: date


def history(tx: Tx, district: str, span: Span, subdistrict: str = "") -> dict[Month, Count]:
    """The last count of each month, of a district or of one kecamatan."""
    found = tx.all(
        Q.history,
        district=district,
        subdistrict=subdistrict,
        since=span.since.isoformat(),
        until=span.until.isoformat(),
    )
    return {
        Month.parse(row["month"]): Count(row["registered"], row["behind"], row["missing"]) for row in found
    }


def bills(tx: Tx, district: str, first: Month, last: Month) -> list[Owed]:
    """What the villages of a district owe or owed for some months."""
    return [_owed(row) for row in tx.all(Q.bills, district=district, first=str(first), last=str(last))]


def arrears(tx: Tx, district: str, today: date, last: Month) -> list[Owed]:
    """What is open past its due date, for months up to `last`."""
    rows = tx.all(Q.arrears, district=district, today=today.isoformat(), last=str(last))
    return [_owed(row) for row in rows]


def _owed(row: Any) -> Owed:
    return Owed(
        row["village"],
        Month.parse(row["month"]),
        row["people"],
        row["amount"],
        row["paid"],
        bool(row["settled"]),
        bool(row["given"]),
    )


def reports(tx: Tx, district: str, last: Month) -> dict[str, Report]:
    """The last report of each village, for a month up to `last`."""
    rows = tx.all(Q.reports, district=district, last=str(last))
    return {row["village"]: _report(row) for row in rows}


def _report(row: Any) -> Report:
    return Report(
        Month.parse(row["month"]),
        row["months"],
        datetime.fromisoformat(row["reported_at"]),
        State(row["state"]).label,
        bool(row["proved"]),
    )


def linked(tx: Tx, district: str, today: date) -> set[str]:
    """The villages in which somebody can be written to."""
    return {row["village"] for row in tx.all(Q.linked, district=district, today=today.isoformat())}
