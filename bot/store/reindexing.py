"""The blind indexes of a database, made anew under another index key from the values that they stand for."""

from collections.abc import Callable
from datetime import datetime

from bot import logs
from bot.errors import Misconfigured
from bot.store import exported, members, posts, projects
from bot.store.inbox import stamp
from bot.store.transaction import Tx, queries
from bot.store.vault import Vault

Q = queries(__file__)
log = logs.get(__name__)


def _niks(tx: Tx, new: Vault, row: int, nik: bytes) -> None:
    index = new.index(members.NIK, tx.vault.open(members.NIK, nik))
    tx.run(Q.set_nik_index, id=row, found=index)


def _projects(tx: Tx, new: Vault, row: int, body: bytes) -> None:
    name = tx.vault.open_json(projects.BODY, body)["name"]
    tx.run(Q.set_name_index, id=row, found=projects.index(new, name))


def _digests(tx: Tx, new: Vault, row: int, old: bytes) -> None:
    """Of a value that is still held somewhere; another one says "changed", as it did before."""
    known = tx.one(Q.digest, id=row)
    member = members.get(tx, known["member"])
    if member is None:
        return
    held = posts.of(tx, member.id)
    wages = [post.wage for post in held] + [member.details.get("wage", 0)]
    places = [*(post.position for post in held), member.position]
    for value in (*wages, *places, member.details.get("phone", ""), member.ended):
        if exported.index(tx.vault, member.id, known["what"], value) == old:
            tx.run(Q.set_digest, id=row, found=exported.index(new, member.id, known["what"], value))
            return


#: The blind indexes that are made anew, the rows they are made from, and how.
INDEXES: dict[str, tuple[str, Callable[[Tx, Vault, int, bytes], None]]] = {
    "member.nik_index": (Q.niks, _niks),
    "project.name_index": (Q.projects, _projects),
    "sheet_row.digest": (Q.digests, _digests),
}
#: Those that end instead: what they stand for, nobody knows but who holds it.
ENDING = ("invitation.code",)


def reindex(tx: Tx, new: Vault, now: datetime) -> int:
    """Make every index anew, before what it stands for is sealed anew; how many open invitations end."""
    for column, (rows, make) in INDEXES.items():
        for row in tx.all(rows):
            try:
                make(tx, new, row["id"], row["value"])
            except Misconfigured as error:
                log.error("row %s of %s stays as it is: %s", row["id"], column, error)
    return tx.run(Q.end_codes, now=stamp(now))
