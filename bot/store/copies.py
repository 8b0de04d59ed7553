"""Copies of the database file: made while the bot goes on, looked through, put in place of another.

Everything here runs in the calling thread on connections of its own; the bot's are never used.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from bot.errors import Misconfigured
from bot.store import records, ring, sealed
from bot.store.archive import GoOn, Manifest
from bot.store.database import MIGRATIONS, Tx, migrate, only_process, queries
from bot.store.inbox import stamp
from bot.store.records import Act
from bot.store.vault import Vault

Q = queries(__file__)
_PAGES = 2000  # copied between two looks at whether to go on


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, safe on disk when the block ends; an older one is replaced."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """A rename is safe on disk only when its folder is."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def workshop(database: Path, purpose: str) -> Iterator[Path]:
    """An empty folder beside the database for what is being made; one such work at a time.

    What a killed process left there is swept away by the next.
    """
    folder = database.with_name(f"{database.name}.{purpose}")
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Misconfigured(f"another {purpose} is being made: wait until it is done") from None
    try:
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        folder.rmdir()
        os.close(handle)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@contextmanager
def in_words(what: str) -> Iterator[None]:
    """A disk that is full, or a folder that cannot be written, becomes one sentence."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise Misconfigured(f"{what}: {error.strerror or error}{where}") from None
    except sqlite3.Error as error:
        raise Misconfigured(f"{what}: {error}") from None


@contextmanager
def stopped(database: Path) -> Iterator[None]:
    """No bot has the database open, and none opens it meanwhile; `Misconfigured` otherwise."""
    handle = only_process(database)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """A connection of one's own to a database file."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA trusted_schema=OFF")
        yield connection


@contextmanager
def looked_at(database: Path, vault: Vault) -> Iterator[Tx]:
    """A database as it is now, to be read while the bot goes on; `Misconfigured` if it is not ours."""
    if not database.is_file():
        raise Misconfigured(f"there is no database {database}: is PAYUNG_DATABASE right?")
    with in_words("the database could not be read"), opened(database, "ro") as connection:
        connection.execute("BEGIN")  # one view for all that is asked
        tx = Tx(connection, vault)
        ring.is_ours(tx)
        yield tx


def copy(database: Path, to: Path, go_on: GoOn) -> None:
    """One moment of a database in use, as one file.  Writers go on: they are neither held up nor seen."""
    with private_file(to):
        pass
    with opened(database, "ro") as source, opened(to, "rw") as target:
        source.execute("BEGIN")  # one view for all steps: else each commit would begin the copy anew
        source.execute("SELECT 1 FROM meta").fetchall()
        source.backup(target, pages=_PAGES, progress=lambda *_: go_on(), sleep=0)
        target.execute("PRAGMA journal_mode=DELETE")
    sync(to)


def sync(path: Path) -> None:
    """What was written by others is safe on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def describe(path: Path, vault: Vault, program: str, made: datetime) -> Manifest:
    """What is in a copy."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    with opened(path, "ro") as connection:
        tx = Tx(connection, vault)
        ring.is_ours(tx)
        migration = tx.one(Q.migration)["number"]
        ours = sorted(vault.ids & sealed.usage(tx).keys())
        return Manifest(program, stamp(made), migration, _rows(tx), digest, _last_act(tx), ours)


def damage(tx: Tx, *, thoroughly: bool = False) -> list[str]:
    """What is broken in the file itself, at most five lines; `thoroughly` reads the indexes against the tables."""
    check = "PRAGMA integrity_check(5)" if thoroughly else "PRAGMA quick_check(5)"
    return [row[0] for row in tx.all(check) if row[0] != "ok"]


def examine(path: Path, vault: Vault, manifest: Manifest, go_on: GoOn) -> None:
    """Open a database that was unpacked and compare it with its manifest; `Misconfigured` says what differs."""
    newest = max(int(file.name[:4]) for file in MIGRATIONS.glob("*.sql"))
    if manifest.migration > newest:
        raise Misconfigured("the backup was made by a newer version: upgrade the program first")
    if gone := set(manifest.keys or ()) - vault.ids:
        raise Misconfigured(
            f"the backup needs key {min(gone)}, which the key file has no more: take the key file of that time"
        )
    with opened(path, "ro") as connection:
        tx = Tx(connection, vault)
        if wrong := damage(tx, thoroughly=True):
            raise Misconfigured(f"the saved database is damaged: {wrong[0]}")
        go_on()
        ring.is_ours(tx)
        found = _rows(tx)
        wrong = [name for name in {**found, **manifest.rows} if found.get(name) != manifest.rows.get(name)]
        if wrong:
            raise Misconfigured(f"the saved database has not the rows it should have: {', '.join(wrong)}")
        go_on()
        broken = records.broken(tx)
        if broken is not None:
            raise Misconfigured(f"the audit chain of the saved database is broken at act {broken}")
        if _last_act(tx) != manifest.audit:
            raise Misconfigured("the audit chain of the saved database has another end than it should")


def found(path: Path, vault: Vault) -> dict[str, tuple[int, int]]:
    """How many villages and registered people of each district are in a database that was opened again."""
    with opened(path, "ro") as connection:
        return {
            row["district"]: (row["villages"], row["people"]) for row in Tx(connection, vault).all(Q.found)
        }


@dataclass(frozen=True, slots=True)
class Calmed:
    """What was waiting in a restored database and will not happen any more; and what it has."""

    messages: int
    events: int
    jobs: int
    rows: Mapping[str, int]


def calm(path: Path, vault: Vault, now: datetime, name: str, manifest: Manifest) -> Calmed:
    """Bring a restored database up to this version, and let nothing old be sent or handled from it."""
    with opened(path, "rw") as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("BEGIN IMMEDIATE")
        tx = Tx(connection, vault)
        migrate(tx, MIGRATIONS)
        at = stamp(now)
        tx.run(Q.planned_restored, now=at)
        counts = (tx.run(Q.outbox_restored, now=at), tx.run(Q.inbox_restored), tx.run(Q.job_restored))
        messages, events, jobs = counts
        details = {"made": manifest.made, "messages": messages, "events": events, "jobs": jobs}
        records.note(tx, now, Act(None, "restore", name, details))
        rows = _rows(tx)
        connection.execute("COMMIT")
    sync(path)
    return Calmed(*counts, rows)


def leave_no_trace(database: Path) -> None:
    """What was overwritten may still lie in free pages and in the log: write the file anew without it."""
    with opened(database, "rw") as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def swap(new: Path, database: Path, kept: Path) -> bool:
    """Put `new` in the place of `database`; True if one stood there: it is kept whole under the name `kept`."""
    there = database.exists()
    if there:
        _fold_log(database)
    for suffix in ("-wal", "-shm"):  # a log must never lie beside a database that is not its own
        with suppress(FileNotFoundError):
            Path(f"{database}{suffix}").replace(f"{kept}{suffix}")
    if there:
        os.link(database, kept)
    new.replace(database)
    sync_folder(database.parent)
    return there


def _fold_log(database: Path) -> None:
    """Bring the write-ahead log into the file; what is too damaged for that is kept with its log."""
    with suppress(sqlite3.Error), opened(database, "rw") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(tx: Tx) -> dict[str, int]:
    names = [row["name"] for row in tx.all(Q.tables)]
    # The names come from the database's own schema: they cannot be bound.
    return {name: tx.one(f'SELECT COUNT(*) AS n FROM "{name}"')["n"] for name in names}  # noqa: S608


def _last_act(tx: Tx) -> tuple[int, str]:
    last = tx.one(Q.last_act)
    return (last["seq"], last["hash"].hex()) if last else (0, "")
