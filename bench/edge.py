"""The bot's own store over a connection that fails when it is told to: at its edge, as a disk does.

Everything runs on the caller's thread, in the order in which it was asked, so that a seed lives the same again.
"""

import random
import sqlite3
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

from bot.store import database
from bot.store.database import Store
from bot.store.vault import Vault

FULL, BROKEN, LOCKED = "database or disk is full", "disk I/O error", "database is locked"


class Disk:
    """What the disk does to those who write to it, for as many transactions as it is told."""

    def __init__(self, seed: int = 1) -> None:
        self.left = 0  # transactions that will fail
        self.struck = 0  # that have failed
        self._dice = random.Random(seed)
        self._after = -1  # statements until the next failure; negative: at the commit

    def fail(self, transactions: int) -> None:
        """So many of the next transactions fail: half at their commit, half somewhere before."""
        self.left = transactions

    def begins(self) -> None:
        """A transaction begins."""
        if self.left:
            self._after = self._dice.choice((-1, self._dice.randrange(1, 12)))
            if self._dice.random() < 0.2:
                self._strike(LOCKED)

    def statement(self, sql: str) -> None:
        """Before each statement that is not the end of an unlucky transaction."""
        if not self.left:
            return
        if sql == "COMMIT":
            self._strike(FULL)
        self._after -= 1
        if self._after == 0:
            self._strike(BROKEN)

    def _strike(self, how: str) -> None:
        self.left -= 1
        self.struck += 1
        raise sqlite3.OperationalError(how)


class Frail(sqlite3.Connection):
    """A real connection to a real file, whose disk may fail."""

    disk: Disk

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """As always, or as a disk that fails."""
        if sql.startswith("BEGIN IMMEDIATE"):
            self.disk.begins()
        elif sql not in {"ROLLBACK", "ROLLBACK TO part", "RELEASE part"}:
            self.disk.statement(sql)
        return super().execute(sql, *values)


class _Inline:
    """Carries functions to the connection at once, instead of to a thread of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._conn: sqlite3.Connection

    def __await__(self) -> Generator[None, None, "_Inline"]:
        self._conn = self._connect()
        return self
        yield

    def submit(self, function: Callable[[sqlite3.Connection], None]) -> None:
        """Run it whole, now."""
        function(self._conn)

    async def close(self) -> None:
        """As a thread's connection is closed."""
        self._conn.close()


class FrailStore(Store):
    """The bot's store, every line of it; only its carrier is another, and its disk may fail."""

    def __init__(self, path: Path, vault: Vault, disk: Disk) -> None:
        super().__init__(path, vault)
        writer: Any = _Inline(partial(_connect, path, disk))
        reader: Any = _Inline(partial(database._connect_to_read, path))
        self._writer, self._reader = writer, reader
        self._writes = database._Batches(writer, vault, write=True)
        self._reads = database._Batches(reader, vault, write=False)


def _connect(path: Path, disk: Disk) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, factory=Frail)
    connection.disk = disk
    connection.row_factory = sqlite3.Row
    for pragma in database._PRAGMAS:
        connection.execute(pragma)
    return connection
