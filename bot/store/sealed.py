"""Every sealed column: which keys its values are under, and how they come under the newest.

Resealing goes row by row in small transactions and keeps no place on disk: after a kill it begins at the
first column, and what is under the newest key already is passed over.
"""

from collections import Counter
from dataclasses import dataclass

from bot import logs
from bot.errors import Misconfigured
from bot.points import reached
from bot.store import ring
from bot.store.transaction import Tx

log = logs.get(__name__)

#: As `table.column`, which is also what a value is bound to.
COLUMNS = (
    "inbox.body", "outbox.body", "prompt.choices", "draft.body", "job.args", "file.body", "visitor.body",
    "member.nik", "member.details", "service.wage", "contact.body", "bill.detail", "request.body",
    "broadcast.body", "question_line.body",
)  # fmt: skip
#: What a transaction looks at, and how much of it it seals anew, at most.
ROWS = 100
BYTES = 1 << 20
#: The key that everything was found under when it was looked through last.
UNDER = "sealed.under"


@dataclass(frozen=True, slots=True)
class Place:
    """How far resealing has come."""

    column: int = 0  # in `COLUMNS`
    after: int = 0  # row
    changed: int = 0
    stuck: int = 0  # values that do not open, and stay as they are
    done: bool = False


# The names come from the table above: they cannot be bound.


def usage(tx: Tx) -> Counter[int]:
    """How many values are under which key: all of them are looked at."""
    found: Counter[int] = Counter()
    there = {row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for column in COLUMNS:
        table, name = column.split(".")
        if table not in there:  # of an older version
            continue
        for row in tx.all(
            f"SELECT hex(substr({name}, 1, 1)) AS key, COUNT(*) AS n FROM {table}"  # noqa: S608
            f" WHERE {name} IS NOT NULL GROUP BY 1"
        ):
            found[int(row["key"] or "0", 16)] += row["n"]
    return found


def is_done(tx: Tx) -> bool:
    """Whether everything was brought under the newest key before."""
    return ring.value(tx, UNDER) == str(tx.vault.newest)


def reseal(tx: Tx, at: Place) -> Place:
    """Bring the next few values under the newest key."""
    if at.column == len(COLUMNS):
        return _finish(tx, at)
    table, name = COLUMNS[at.column].split(".")
    sizes = tx.all(
        f"SELECT rowid AS id, length({name}) AS size FROM {table}"  # noqa: S608
        f" WHERE rowid > :after AND {name} IS NOT NULL ORDER BY rowid LIMIT :rows",
        after=at.after,
        rows=ROWS,
    )
    if not sizes:
        return Place(at.column + 1, 0, at.changed, at.stuck)
    after, changed, stuck, size = at.after, at.changed, at.stuck, 0
    for row in sizes:
        size += row["size"]
        if size > BYTES and after != at.after:  # one at least, however large
            break
        outcome = _one(tx, COLUMNS[at.column], row["id"])
        changed, stuck, after = changed + (outcome is True), stuck + (outcome is None), row["id"]
    reached("reseal_tx")
    return Place(at.column, after, changed, stuck)


def _one(tx: Tx, column: str, row: int) -> bool | None:
    """Seal one value anew; False where it was, None where it does not open."""
    table, name = column.split(".")
    value: bytes = tx.one(f"SELECT {name} AS value FROM {table} WHERE rowid = :row", row=row)["value"]  # noqa: S608
    if value[:1] == bytes((tx.vault.newest,)):
        return False
    try:
        clear = tx.vault.open_bytes(column, value)
    except Misconfigured:
        log.error("row %s of %s does not open: it stays as it is", row, column)
        return None
    sealed = tx.vault.seal_bytes(column, clear)
    tx.run(f"UPDATE {table} SET {name} = :sealed WHERE rowid = :row", sealed=sealed, row=row)  # noqa: S608
    return True


def _finish(tx: Tx, at: Place) -> Place:
    ring.note(tx, UNDER, str(tx.vault.newest))
    reached("resealed")
    return Place(at.column, 0, at.changed, at.stuck, done=True)
