"""A database moved to another key file: everything sealed, indexed and concealed is made anew.

For a key file that others may have seen.  The numbered keys alone can be changed while the bot runs
(`sealed.py`); what hangs on the index key (who has which NIK, which WhatsApp number is which) cannot,
because it must be found under one key.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import logs
from bot.errors import Misconfigured
from bot.store import copies, ring
from bot.store.reindexing import reindex
from bot.store.sealed import COLUMNS
from bot.store.transaction import Tx, queries
from bot.store.vault import Vault

Q = queries(__file__)
log = logs.get(__name__)

#: What may be a concealed name: whether it is one, only the vault can tell, and it is never wrong.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,}")
#: The chain of acts holds no names, and could not be changed.
_LEFT = ("audit", "migration")
_DUMPS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Moved:
    """What was made anew."""

    values: int = 0
    names: int = 0
    codes: int = 0  # invitations that were open, and end: their codes are not known
    stuck: int = 0  # values that did not open under the old keys either


def move(path: Path, before: Vault, after: Vault, now: datetime) -> Moved:
    """Move the database of this file, which nobody else has open; of what it held before nothing is left in it."""
    with copies.opened(path, "rw") as connection:
        connection.execute("BEGIN IMMEDIATE")
        tx = Tx(connection, before)
        ring.is_ours(tx)
        moved = _Move(tx, after).all(now)
        connection.execute("COMMIT")
        if wrong := copies.damage(tx, thoroughly=True):
            raise Misconfigured(f"the database is damaged: {wrong[0]}")
    copies.leave_no_trace(path)
    copies.sync(path)
    return moved


class _Move:
    """One database on its way from the vault of `tx` to a new one; all in one transaction."""

    def __init__(self, tx: Tx, new: Vault) -> None:
        self._tx = tx
        self._new = new
        self.moved = Moved()
        self._names: dict[str, str] = {}

    def all(self, now: datetime) -> Moved:
        """Make everything anew and mark the database as the new key file's."""
        self.moved.codes = reindex(self._tx, self._new, now)
        for column in COLUMNS:
            self._column(column)
        for table in (row["name"] for row in self._tx.all(Q.tables)):
            if table not in _LEFT:
                self._texts(table)
        self._tx.vault = self._new
        ring.marked_anew(self._tx)
        self.moved.names = len(self._names)
        return self.moved

    def _column(self, column: str) -> None:
        table, name = column.split(".")
        for number in self._rows(table, name):
            value = self._value(table, name, number)
            try:
                clear = self._tx.vault.open_bytes(column, value)
            except Misconfigured:
                log.error("row %s of %s does not open: it stays as it is", number, column)
                self.moved.stuck += 1
                continue
            self._put(table, name, number, self._new.seal_bytes(column, in_json(clear, self._renamed)))
            self.moved.values += 1

    def _texts(self, table: str) -> None:
        for name in (row["name"] for row in self._tx.all(Q.texts, table=table)):
            for number in self._rows(table, name):
                value = self._value(table, name, number)
                if isinstance(value, str) and (renamed := self._renamed(value)) != value:
                    self._put(table, name, number, renamed)

    def _renamed(self, text: str) -> str:
        return _TOKEN.sub(lambda found: self._name(found[0]), text)

    def _name(self, token: str) -> str:
        if token not in self._names:
            try:
                self._names[token] = self._new.conceal(self._tx.vault.reveal(token))
            except ValueError:  # a word, a hash, a file's id
                return token
        return self._names[token]

    # The names of tables and columns come from our own list, or from the schema: they cannot be bound.

    def _rows(self, table: str, name: str) -> list[int]:
        sql = f'SELECT rowid AS id FROM "{table}" WHERE "{name}" IS NOT NULL'  # noqa: S608
        return [row["id"] for row in self._tx.all(sql)]

    def _value(self, table: str, name: str, number: int) -> Any:
        sql = f'SELECT "{name}" AS value FROM "{table}" WHERE rowid = :number'  # noqa: S608
        return self._tx.one(sql, number=number)["value"]

    def _put(self, table: str, name: str, number: int, value: bytes | str) -> None:
        sql = f'UPDATE "{table}" SET "{name}" = :value WHERE rowid = :number'  # noqa: S608
        self._tx.run(sql, number=number, value=value)


def in_json(data: bytes, renamed: Callable[[str], str]) -> bytes:
    """The data with each string of its JSON renamed; what is no JSON, or has no names, byte for byte."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return data
    again = _walk(told, renamed)
    return data if again == told else _DUMPS(again).encode()


def _walk(value: Any, renamed: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return renamed(value)
    if isinstance(value, list):
        return [_walk(each, renamed) for each in value]
    if isinstance(value, dict):
        return {renamed(key): _walk(each, renamed) for key, each in value.items()}
    return value
