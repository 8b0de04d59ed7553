"""Whether a database and a key file belong together."""

from bot.errors import Misconfigured
from bot.store.transaction import Tx, queries

Q = queries(__file__)

#: A mark of the key file, and the number of its newest key when the database was last opened.
MARK, NEWEST = "key", "key.newest"
_OTHER = "the key file is not the one this database was made with"


def same_ring(tx: Tx) -> None:
    """Refuse a key file that is another, or an older copy of the right one; note what is there.

    A database read with another key would look empty and grow doubles.
    """
    if value(tx, MARK) is None:
        note(tx, MARK, tx.vault.mark)
    is_ours(tx)
    if value(tx, NEWEST) != str(tx.vault.newest):
        note(tx, NEWEST, str(tx.vault.newest))


def is_ours(tx: Tx) -> None:
    """`Misconfigured` unless this key file opens what the database holds."""
    if value(tx, MARK) != tx.vault.mark:
        raise Misconfigured(_OTHER)
    newest = int(value(tx, NEWEST) or 1)
    if newest > tx.vault.newest:
        raise Misconfigured(
            f"the key file is an older copy: it lacks key {newest}, which this database uses; take the newest copy"
        )


def marked_anew(tx: Tx) -> None:
    """From now on the database belongs to the key file of `tx`."""
    note(tx, MARK, tx.vault.mark)
    note(tx, NEWEST, str(tx.vault.newest))


def value(tx: Tx, name: str) -> str | None:
    """What the database says of its keys, by name."""
    row = tx.one(Q.value, name=name)
    return row["value"] if row else None


def note(tx: Tx, name: str, told: str) -> None:
    """Write it down."""
    tx.run(Q.note, name=name, value=told)
