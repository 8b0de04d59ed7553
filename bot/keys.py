"""Keys that grow old: values come under the newest one while the bot works, and the old one goes.

A key may go when no value of the database and no kept backup needs it.  A key file that others have seen
is another matter: the bot is stopped, and the whole database moves to a new file.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot import logs
from bot.bells import any_of
from bot.errors import Misconfigured
from bot.points import reached
from bot.store import archive, copies, keyfile, rekeying, ring, sealed
from bot.store.database import Store, Tx
from bot.store.rekeying import Moved
from bot.store.sealed import Place
from bot.store.vault import Vault, open_key_file

log = logs.get(__name__)

#: Between two pieces, so that people who write meanwhile go first: seconds.
PAUSE = 0.02


class Resealer:
    """Brings everything under the newest key, piece by piece, beside what people do."""

    def __init__(self, store: Store, pause: float = PAUSE) -> None:
        self._store = store
        self._pause = pause
        self._ending = asyncio.Event()

    async def tick(self) -> Place | None:
        """All that is not done yet; None if there was nothing to do, or the program ends."""
        if self._ending.is_set() or await self._store.read(sealed.is_done):
            return None
        at = Place()
        while not self._ending.is_set():
            at = await self._store.transact(lambda tx, at=at: sealed.reseal(tx, at))  # type: ignore[misc]
            reached("after_reseal")
            if at.done:
                if at.changed or at.stuck:
                    log.info("%s values are under the newest key now, %s do not open", at.changed, at.stuck)
                return at
            await any_of(self._pause, self._ending)
        return None

    def stop(self) -> None:
        """Leave the rest for the next start."""
        self._ending.set()


def needing(folder: Path, vault: Vault, number: int) -> list[str]:
    """The kept backups that need a key; what cannot be opened with this key file needs none of its keys."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    names = [path for path in paths if archive.NAME.fullmatch(path.name)]
    return [path.name for path in names if number in _keys_needed(path, vault)]


def _keys_needed(path: Path, vault: Vault) -> frozenset[int]:
    try:
        with path.open("rb") as source:
            return archive.keys_needed(source, vault)
    except Misconfigured as error:
        log.warning("%s: %s", path.name, error)
        return frozenset()


def report(usage: Mapping[int, int], vault: Vault, folder: Path) -> list[str]:
    """How many values are under which key, and which key may go: in lines to be read."""
    lines = [f"keys: {usage.get(vault.newest, 0)} values are under key {vault.newest}, which seals"]
    for number in sorted(vault.ids - {vault.newest}):
        values, kept = usage.get(number, 0), len(needing(folder, vault, number))
        if values:
            lines.append(
                f"key {number}: {values} values are under it; a running bot brings them under {vault.newest}"
            )
        elif kept:
            lines.append(f"key {number}: no value, but {kept} kept backups need it")
        else:
            lines.append(f"key {number}: nothing needs it: `key retire {number}` removes it")
    lost = {number: count for number, count in usage.items() if number not in vault.ids}
    lines += [f"key {number}: LOST, {count} values under it cannot be read" for number, count in lost.items()]
    return lines


def retire(key_file: Path, database: Path, folder: Path, number: int) -> None:
    """Remove an old key from the file; `Misconfigured` while anything needs it."""
    keyfile.without(keyfile.read(key_file), number)  # there is such a key, and it is not the newest
    vault = open_key_file(key_file)
    with copies.in_words("the key could not be removed"), copies.stopped(database):
        with copies.opened(database, "rw") as connection:
            tx = Tx(connection, vault)
            ring.is_ours(tx)
            if count := sealed.usage(tx)[number]:
                raise Misconfigured(
                    f"{count} values are under key {number}: `key reseal` brings them under key {vault.newest}, "
                    "and so does a bot that runs"
                )
            if kept := needing(folder, vault, number):
                raise Misconfigured(
                    f"{len(kept)} backups in {folder} need key {number}, the newest is {kept[-1]}: "
                    "they leave by age within a year; remove them if you do not want to wait"
                )
        copies.leave_no_trace(database)
        keyfile.change(key_file, lambda known: keyfile.without(known, number))


def replace(old: Path, new: Path, database: Path, now: datetime) -> tuple[Moved, Path]:
    """Move a database to another key file; returns where the old database is kept."""
    before, after = open_key_file(old), open_key_file(new)
    if before.mark == after.mark:
        raise Misconfigured(f"{new} is the same key file: make another one with `key new {new}`")
    if not database.is_file():
        raise Misconfigured(f"there is no database {database}: is PAYUNG_DATABASE right?")
    aside = database.with_name(f"{database.name}.before-{now:%Y-%m-%dT%H%M%SZ}")
    with (
        copies.in_words("the key file could not be replaced"),
        copies.stopped(database),
        copies.workshop(database, "rekey") as work,
    ):
        fresh = work / "fresh"
        copies.copy(database, fresh, archive.never_ends)
        moved = rekeying.move(fresh, before, after, now)
        copies.swap(fresh, database, aside)
    return moved, aside
