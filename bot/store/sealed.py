"""Every sealed column: which keys its values are under, and how they come under the newest.

Resealing goes row by row in small transactions and keeps no place on disk: after a kill it begins at the
first column, and what is under the newest key already is passed over.
"""

from collections import Counter
from dataclasses import dataclass, replace

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
    "broadcast.body", "question_line.body", "incident.body", "project.body", "project.named", "fostering.body", "pin.body",
    "pin_wait.body", "privacy_request.body",
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
    until: int | None = (
        None  # the column's last row when it was begun: what is written since is sealed by the newest
    )
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
    if at.until is None:
        last = tx.one(f"SELECT MAX(rowid) AS id FROM {table}")["id"]  # noqa: S608
        at = replace(at, until=last or 0)
    sizes = tx.all(
        f"SELECT rowid AS id, length({name}) AS size FROM {table}"  # noqa: S608
        f" WHERE rowid > :after AND rowid <= :until AND {name} IS NOT NULL ORDER BY rowid LIMIT :rows",
        after=at.after,
        until=at.until,
        rows=ROWS,
    )
    if not sizes:
        return replace(at, column=at.column + 1, after=0, until=None)
    size = 0
    for row in sizes:
        size += row["size"]
        if size > BYTES and size > row["size"]:  # one at least, however large
            break
        at = _one(tx, replace(at, after=row["id"]))
    reached("reseal_tx")
    return at


def _one(tx: Tx, at: Place) -> Place:
    """Seal one value anew, unless it is under the newest key already."""
    column = COLUMNS[at.column]
    table, name = column.split(".")
    value: bytes = tx.one(f"SELECT {name} AS value FROM {table} WHERE rowid = :row", row=at.after)["value"]  # noqa: S608
    if value[:1] == bytes((tx.vault.newest,)):
        return at
    try:
        clear = tx.vault.open_bytes(column, value)
    except Misconfigured:
        log.error("row %s of %s does not open: it stays as it is", at.after, column)
        return replace(at, stuck=at.stuck + 1)
    new = tx.vault.seal_bytes(column, clear)
    tx.run(f"UPDATE {table} SET {name} = :new WHERE rowid = :row", new=new, row=at.after)  # noqa: S608
    return replace(at, changed=at.changed + 1)


def _finish(tx: Tx, at: Place) -> Place:
    ring.note(tx, UNDER, str(tx.vault.newest))
    reached("resealed")
    return replace(at, done=True)
