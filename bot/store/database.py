"""The database: one connection that writes, one that reads, migrations, and the lock of the process.

A transaction is a plain function run whole on the writing connection's own thread.  Functions that
wait together are committed together with one fsync; if one of them fails, all are rolled back and run
again with a savepoint for each, so a function may run twice and must do nothing but read and write
rows.  A caller that is cancelled abandons the wait, never the transaction.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot import points
from bot.errors import InUse, Misconfigured
from bot.store.ring import same_ring
from bot.store.transaction import Tx as Tx  # where the rest of the program takes it from
from bot.store.transaction import queries as queries
from bot.store.vault import Vault

T = TypeVar("T")
Row = sqlite3.Row

#: Functions committed together at most: bounds how long one of them waits for the others.
TOGETHER = 100

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an fsync for each commit: what was accepted survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=4000",  # pages: fewer, longer checkpoints; a restart reads 16 MB at most
    "PRAGMA secure_delete=ON",  # what is dropped is overwritten, in backups too
    "PRAGMA temp_store=MEMORY",  # savepoints keep what they may undo there, not in files
)


class _Carrier(aiosqlite.Connection):
    """Carries whole functions to the connection's own thread: aiosqlite itself awaits each statement."""

    def submit(self, function: Callable[[sqlite3.Connection], None]) -> None:
        self._tx.put_nowait((None, lambda: function(self._conn)))


_Run = Callable[[sqlite3.Connection, Tx, Callable[[Tx], Any]], Any]


class _Batches:
    """Functions waiting for one connection, run in batches on its thread."""

    def __init__(self, carrier: _Carrier, vault: Vault, *, write: bool) -> None:
        self._carrier = carrier
        self._vault = vault
        self._begin = "BEGIN IMMEDIATE" if write else "BEGIN"
        self._waiting: deque[tuple[Callable[[Tx], Any], asyncio.Future[Any]]] = deque()
        self._busy = False

    async def run(self, function: Callable[[Tx], T]) -> T:
        future = self._wait_for(function)
        if not self._busy:
            self._start()
        return await future

    async def each(self, functions: Sequence[Callable[[Tx], Any]]) -> list[Any]:
        futures = [self._wait_for(function) for function in functions]
        if not self._busy:
            self._start()
        return await asyncio.gather(*futures, return_exceptions=True)

    def _wait_for(self, function: Callable[[Tx], T]) -> asyncio.Future[T]:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((function, future))
        return future

    def _start(self) -> None:
        self._busy = True
        batch = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
        loop = asyncio.get_running_loop()
        self._carrier.submit(partial(self._on_thread, batch, loop))

    def _on_thread(
        self,
        batch: list[tuple[Callable[[Tx], Any], asyncio.Future[Any]]],
        loop: asyncio.AbstractEventLoop,
        connection: sqlite3.Connection,
    ) -> None:
        outcomes = self._commit(connection, [function for function, _ in batch])
        loop.call_soon_threadsafe(self._deliver, [future for _, future in batch], outcomes)

    def _commit(self, connection: sqlite3.Connection, functions: list[Callable[[Tx], Any]]) -> list[Any]:
        """Run all in one transaction; if one fails, once more with a savepoint for each."""
        try:
            return self._try(connection, functions, _plainly)
        except sqlite3.OperationalError as error:
            return [_Failed(error)] * len(functions)  # the disk or the file: nobody's work can commit
        except BaseException as error:  # noqa: BLE001 - handed to the caller, or found again below
            if len(functions) == 1:
                return [_Failed(error)]
        try:
            return self._try(connection, functions, _in_savepoint)
        except BaseException as error:  # noqa: BLE001 - handed to every waiting caller
            return [_Failed(error)] * len(functions)

    def _try(
        self, connection: sqlite3.Connection, functions: list[Callable[[Tx], Any]], run: _Run
    ) -> list[Any]:
        tx = Tx(connection, self._vault)
        if connection.in_transaction:  # a rollback failed before, with the disk
            connection.execute("ROLLBACK")
        connection.execute(self._begin)
        try:
            outcomes = [run(connection, tx, function) for function in functions]
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return outcomes

    def _deliver(self, futures: list[asyncio.Future[Any]], outcomes: list[Any]) -> None:
        self._busy = False
        for future, outcome in zip(futures, outcomes, strict=True):
            if future.done():  # its caller was cancelled: the transaction stands all the same
                continue
            if isinstance(outcome, _Failed):
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome)
        if self._waiting:
            self._start()


class _Failed:
    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        # A future refuses StopIteration, and whoever waits for it would wait for ever.
        self.error = RuntimeError("StopIteration") if isinstance(error, StopIteration) else error


def _plainly(_connection: sqlite3.Connection, tx: Tx, function: Callable[[Tx], Any]) -> Any:
    return function(tx)


def _in_savepoint(_connection: sqlite3.Connection, tx: Tx, function: Callable[[Tx], Any]) -> Any:
    outcomes: list[Any] = []
    error = tx.attempt(lambda: outcomes.append(function(tx)))
    return outcomes[0] if error is None else _Failed(error)


class Store:
    """The open database.  Use `async with open_store(...)`."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.path = path
        self.vault = vault
        self._lock = -1
        self._writer = _Carrier(partial(_connect, path), iter_chunk_size=64)
        self._reader = _Carrier(partial(_connect_to_read, path), iter_chunk_size=64)
        self._writes = _Batches(self._writer, vault, write=True)
        self._reads = _Batches(self._reader, vault, write=False)

    async def transact(self, function: Callable[[Tx], T]) -> T:
        """Run `function` as one transaction and return its result once it is safe on disk."""
        return await self._writes.run(function)

    async def each(self, functions: Sequence[Callable[[Tx], Any]]) -> list[Any]:
        """Run several transactions together; an outcome for each: its result, or what it raised."""
        return await self._writes.each(functions)

    async def read(self, function: Callable[[Tx], T]) -> T:
        """Run `function` on the reading connection: one consistent view, no writing."""
        return await self._reads.run(function)

    async def __aenter__(self) -> "Store":
        self._lock = only_process(self.path)
        try:
            _connect(self.path).close()  # says what is wrong before a thread is there
        except BaseException:
            os.close(self._lock)
            raise
        try:
            await self._writer
            await self.transact(_first_table)
            await self.transact(lambda tx: migrate(tx, MIGRATIONS))
            await self.transact(same_ring)
            await self._reader
        except BaseException:
            await self._writer.close()
            os.close(self._lock)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reader.close()
        await self._writer.close()
        os.close(self._lock)


def open_store(path: Path, vault: Vault) -> Store:
    """The store of a database file, made and migrated if need be; `Misconfigured` if it is in use."""
    return Store(path, vault)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for its owner alone, whatever the umask
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except (sqlite3.Error, OSError) as error:
        raise Misconfigured(f"the database {path} cannot be opened: {error}") from None
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA busy_timeout=5000")
    return connection


def only_process(path: Path) -> int:
    """Hold the lock beside the database for as long as this process lives."""
    try:
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misconfigured(
            f"the folder of the database is not writable: {path.parent} ({error.strerror})"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise InUse(f"another process has {path} open: stop it first, two bots must not share it") from None
    return handle


MIGRATIONS = Path(__file__).parent / "migrations"


def _first_table(tx: Tx) -> None:
    tx.run("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")


def migrate(tx: Tx, folder: Path) -> int:
    """Apply the numbered files that this database has not seen; returns how many that were."""
    done = {row["number"] for row in tx.all("SELECT number FROM migration")}
    fresh = [path for path in sorted(folder.glob("*.sql")) if int(path.name[:4]) not in done]
    if done and max(done) > max((int(path.name[:4]) for path in folder.glob("*.sql")), default=0):
        raise Misconfigured(
            "this database was made by a newer version: upgrade the program, or restore a backup"
        )
    for path in fresh:
        for statement in _statements(path.read_text(encoding="utf-8")):
            tx.run(statement)
            points.reached("mid_migration")
        tx.run(
            "INSERT INTO migration (number, name) VALUES (:number, :name)",
            number=int(path.name[:4]),
            name=path.stem,
        )
    return len(fresh)


def _statements(script: str) -> list[str]:
    found, begun = [], ""
    for line in script.splitlines():
        begun += line + "\n"
        if sqlite3.complete_statement(begun):
            found.append(begun.strip())
            begun = ""
    return found
