"""Villages that a company fosters (desa binaan): who, what it pays, from which day to which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "fostering.body"


@dataclass(frozen=True, slots=True)
class Fostering:
    """One company and its villages; `whole`: it pays all contributions.  `id` is 0 before it is kept."""

    district: str
    villages: tuple[str, ...]
    company: str
    pays: str
    whole: bool
    since: date
    until: date
    id: int = 0

    def holds(self, on: date) -> bool:
        """Whether that day lies in it."""
        return self.since <= on <= self.until


def add(tx: Tx, new: Fostering, by: int, now: datetime) -> int:
    """Keep it; returns its id."""
    body = tx.vault.seal_json(_BODY, {"company": new.company, "pays": new.pays})
    days = {"since": new.since.isoformat(), "until": new.until.isoformat()}
    row = tx.one(Q.add, district=new.district, body=body, whole=int(new.whole), **days, now=stamp(now), by=by)
    number: int = row["id"]
    for village in new.villages:
        tx.run(Q.add_village, id=number, village=village)
    return number


def of_district(tx: Tx, district: str) -> list[Fostering]:
    """All of a district, the one that reaches furthest first."""
    return _grouped(tx, tx.all(Q.of_district, district=district))


def get(tx: Tx, number: int) -> Fostering | None:
    """One, of whatever district: who asks must check that it is theirs."""
    return next(iter(_grouped(tx, tx.all(Q.get, id=number))), None)


def of_village(tx: Tx, village: str, today: date) -> list[Fostering]:
    """What holds for a village today."""
    return _grouped(tx, tx.all(Q.of_village, village=village, today=today.isoformat()))


def ending(tx: Tx, district: str, first: date, last: date) -> list[Fostering]:
    """Those of a district whose last day lies in [first, last]."""
    rows = tx.all(Q.ending, district=district, first=first.isoformat(), last=last.isoformat())
    return _grouped(tx, rows)


def end(tx: Tx, number: int, last: date) -> bool:
    """It ends with that day; False where it ends no later anyway."""
    return bool(tx.run(Q.end, id=number, last=last.isoformat()))


def _grouped(tx: Tx, rows: Sequence[Row] | Iterable[Row]) -> list[Fostering]:
    """A row for each village: together again."""
    found: dict[int, Fostering] = {}
    for row in rows:
        known = found.get(row["id"])
        if known is not None:
            found[known.id] = replace(known, villages=(*known.villages, row["village"]))
            continue
        body = tx.vault.open_json(_BODY, row["body"])
        found[row["id"]] = Fostering(
            row["district"],
            (row["village"],),
            body["company"],
            body["pays"],
            bool(row["whole"]),
            date.fromisoformat(row["since"]),
            date.fromisoformat(row["until"]),
            row["id"],
        )
    return list(found.values())
