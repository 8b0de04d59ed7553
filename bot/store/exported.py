"""What was written into sheets for SIPP, and which of these were entered there: digests, never values."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.vault import Vault

Q = queries(__file__)
_DIGEST = "sheet_row.digest"

#: A member, what is said of them, and the digest of it.
Row = tuple[int, str, bytes]


def digest(tx: Tx, member: int, what: str, value: object) -> bytes:
    """Equal for equal values of one member; nothing else can be learnt from it."""
    return index(tx.vault, member, what, value)


def index(vault: Vault, member: int, what: str, value: object) -> bytes:
    """The same, under the index key of a vault."""
    return vault.index(_DIGEST, f"{member}:{what}:{value}")


def keep(tx: Tx, village: str, rows: Iterable[Row], by: tuple[int, datetime]) -> int:
    """A sheet was made: `by` is for whom, and when; returns its number."""
    person, at = by
    made = tx.one(Q.add, village=village, now=stamp(at), by=person)
    number: int = made["id"]
    for member, what, found in rows:
        tx.run(Q.add_row, sheet=number, member=member, what=what, digest=found)
    return number


def village_of(tx: Tx, sheet: int) -> str:
    """The village a sheet was made for, "" where there is no such sheet."""
    row = tx.one(Q.village, sheet=sheet)
    return str(row["village"]) if row else ""


def enter(tx: Tx, sheet: int, by: tuple[int, datetime]) -> bool:
    """Somebody entered it into SIPP; False if that was said before."""
    person, at = by
    return bool(tx.run(Q.enter, sheet=sheet, now=stamp(at), by=person))


def entered(tx: Tx, village: str) -> Mapping[int, Mapping[str, bytes]]:
    """What SIPP holds of each member as far as sheets were entered: a digest for each value."""
    found: dict[int, dict[str, bytes]] = {}
    for row in tx.all(Q.entered, village=village):
        found.setdefault(row["member"], {})[row["what"]] = bytes(row["digest"])
    return found


def taken(tx: Tx, district: str, since: datetime) -> tuple[int, int]:
    """How many files with people's data were taken in the district since then, and by how many people."""
    row = tx.one(Q.taken, since=stamp(since), places=f"village:{district}.%")
    return row["files"], row["people"]


def forget(tx: Tx, before: datetime) -> None:
    """Drop what sheets made before then said, unless it is the last that was entered into SIPP of somebody."""
    tx.run(Q.forget, before=stamp(before))
