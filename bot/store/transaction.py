"""An open transaction, and the named SQL that runs in it."""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiosql

from bot.store.vault import Vault


def queries(module: str) -> SimpleNamespace:
    """The SQL texts of the `.sql` file beside `module` (its `__file__`), by name."""
    path = Path(module).with_suffix(".sql")
    loaded = aiosql.from_path(str(path), "sqlite3", mandatory_parameters=False)
    return SimpleNamespace(**{name: getattr(loaded, name).sql for name in loaded.available_queries})


class Tx:
    """An open transaction.  Values are always bound; column values that are sealed pass the vault."""

    __slots__ = ("_connection", "vault", "worked")

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._connection = connection
        self.vault = vault
        self.worked = False  # whether a job was added

    def one(self, sql: str, **values: Any) -> Any:
        """The first row, or None."""
        return self._connection.execute(sql, values).fetchone()

    def all(self, sql: str, **values: Any) -> list[Any]:
        """All rows."""
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, **values: Any) -> int:
        """How many rows were changed."""
        return self._connection.execute(sql, values).rowcount

    def many(self, sql: str, values: list[Mapping[str, Any]]) -> None:
        """Run once for each set of values."""
        self._connection.executemany(sql, values)

    def attempt(self, work: Callable[[], object]) -> Exception | None:
        """Run a part of the transaction whose failure undoes that part alone; returns what it raised.

        Errors of the disk or the file end the whole transaction: nobody's work can be trusted to commit.
        """
        self._connection.execute("SAVEPOINT part")
        try:
            work()
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - handed to the caller
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
            return error
        self._connection.execute("RELEASE part")
        return None
