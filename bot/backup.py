"""Backups: one sealed file a night, opened again before it is called good; and the way back.

A backup is made while the bot goes on.  A restored bot sends nothing old: what waited when the backup
was made is set aside, and what fell due since then counts as said.
"""

import asyncio
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot import __version__, logs
from bot.clock import Clock
from bot.domain import dates
from bot.domain.months import Month
from bot.domain.offices import Role, office_day
from bot.errors import Misconfigured
from bot.messages import Lane, Outgoing
from bot.store import copies, outbox, people, records
from bot.store.archive import NAME, GoOn, Manifest, never_ends, pack, peek, unpack
from bot.store.copies import Calmed
from bot.store.database import Store, Tx
from bot.store.records import Head
from bot.store.vault import Vault

log = logs.get(__name__)

#: When a day's backup falls due: 02.00 in Central Indonesia, when nobody writes.
NIGHT = time(18, tzinfo=UTC)
#: After one that failed.
AGAIN = timedelta(hours=1)
#: The value of the program that tells of the last good one.
LAST = "backup.last"
MONTHS = 12

_PART = ".part"
_FAILED = "the backup could not be made"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was opened again and found to be whole."""

    path: Path
    size: int  # bytes
    manifest: Manifest
    found: Mapping[str, tuple[int, int]]  # villages and people by district, counted when it was opened again
    removed: int = 0  # older ones that are no longer kept

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(self.manifest.rows.values())


class Backups:
    """The backups of one database, in one folder."""

    def __init__(self, database: Path, vault: Vault, folder: Path, keep: int) -> None:
        self._database = database
        self._vault = vault
        self._folder = folder
        self._keep = keep

    def make(self, now: datetime, path: Path | None = None, go_on: GoOn = never_ends) -> Made:
        """Make one, at `path` or by its time in the folder, where old ones are then removed.

        `Misconfigured` if it cannot be made or does not open again: then nothing is left of it.
        """
        if not self._database.is_file():
            raise Misconfigured(f"there is no database {self._database}: is PAYUNG_DATABASE right?")
        with copies.in_words(_FAILED):
            target = self._target(now, path)
            with copies.workshop(self._database, "backup") as work:
                sweep(target.parent)
                made = self._seal(work, target, now, go_on)
        with copies.in_words("the backup is made, but older ones could not be removed"):
            removed = 0 if path else prune(self._folder, self._keep, now, target.name)
        return replace(made, removed=removed)

    def heads(self) -> list[tuple[str, Head]]:
        """The ends of the chain of acts that the backups of the folder hold; what does not open is passed over."""
        found = []
        for path in sorted(self._folder.glob("payung-*.backup")) if self._folder.is_dir() else ():
            with suppress(Misconfigured, OSError), path.open("rb") as source:
                number, link = peek(source, self._vault).audit
                found.append((path.name, Head(number, link)))
        return found

    def _target(self, now: datetime, path: Path | None) -> Path:
        if path is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = path or self._folder
        target = folder / f"payung-{now:%Y-%m-%dT%H%MZ}.backup" if folder.is_dir() else folder
        if target.exists():
            raise Misconfigured(f"{target} exists already: a backup is never overwritten")
        if target.name.endswith(_PART):
            raise Misconfigured(f"{target}: names ending in {_PART} are for backups that are not finished")
        return target

    def _seal(self, work: Path, target: Path, now: datetime, go_on: GoOn) -> Made:
        copy, part = work / "copy", target.with_name(target.name + _PART)
        copies.copy(self._database, copy, go_on)
        manifest = copies.describe(copy, self._vault, __version__, now)
        try:
            with copies.private_file(part) as out, copy.open("rb") as database:
                pack(out, self._vault, manifest, database, go_on)
            copy.unlink()
            opened = _open_again(part, work / "check", self._vault, go_on)
            if opened != manifest:
                raise Misconfigured("the backup that was written is not the one that is read")
            found = copies.found(work / "check", self._vault)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        copies.sync_folder(target.parent)
        return Made(target, target.stat().st_size, manifest, found)


def _open_again(sealed: Path, to: Path, vault: Vault, go_on: GoOn) -> Manifest:
    """Restore into a temporary file and look whether it is whole."""
    with sealed.open("rb") as source, copies.private_file(to) as out:
        manifest = unpack(source, vault, out, go_on)
    copies.examine(to, vault, manifest, go_on)
    return manifest


def sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished."""
    for path in folder.glob(f"payung-*{_PART}"):
        if NAME.fullmatch(path.name.removesuffix(_PART)):
            path.unlink()


def kept(names: Iterable[str], keep: int, now: datetime) -> set[str]:
    """Which backups stay: the newest, and the last of each of the last twelve months."""
    found = sorted(name for name in names if NAME.fullmatch(name))
    by_month = {name[7:14]: name for name in found}  # a later one of the month takes its place
    month = Month.of(now.date())
    stay = set(found[-keep:])
    for _ in range(MONTHS):
        stay |= {by_month[str(month)]} if str(month) in by_month else set()
        month = month.previous()
    return stay


def prune(folder: Path, keep: int, now: datetime, made: str) -> int:
    """Remove the backups that are no longer kept, never the one just made; returns how many."""
    names = {path.name for path in folder.iterdir() if NAME.fullmatch(path.name)}
    old = names - kept(names, keep, now) - {made}
    for name in old:
        (folder / name).unlink()
    return len(old)


@dataclass(frozen=True, slots=True)
class Restored:
    """A database that was put in place."""

    manifest: Manifest
    calmed: Calmed
    kept: Path | None  # where the one lies that stood there


def restore(file: Path, to: Path, vault: Vault, now: datetime, *, replace: bool) -> Restored:
    """Put the database of a backup at `to`; `Misconfigured`, with nothing touched, unless all is right."""
    if file.name.endswith(_PART):
        raise Misconfigured(f"{file} is a backup that was never finished: take another one")
    if not file.is_file():
        raise Misconfigured(f"there is no file {file}")
    if to.is_dir():
        raise Misconfigured(f"{to} is a folder: name a file in it")
    with copies.in_words("the backup could not be restored"), copies.stopped(to):
        if to.exists() and to.stat().st_size and not replace:
            raise Misconfigured(f"{to} has data: with --replace it is kept under another name")
        with copies.workshop(to, "restore") as work:
            fresh = work / "fresh"
            manifest = _open_again(file, fresh, vault, never_ends)
            calmed = copies.calm(fresh, vault, now, file.name, manifest)
            aside = to.with_name(f"{to.name}.before-{now:%Y-%m-%dT%H%M%SZ}")
            there = copies.swap(fresh, to, aside)
    return Restored(manifest, calmed, aside if there else None)


def last_good(tx: Tx) -> datetime | None:
    """When the last nightly backup was made that opened again."""
    told = records.get(tx, LAST)
    return datetime.fromisoformat(json.loads(told)["at"]) if told else None


def is_due(last: datetime | None, now: datetime) -> bool:
    """Once a day from `NIGHT` on, or as soon as the process is up; a clock that was ahead does not count."""
    tonight = datetime.combine(now.date(), NIGHT)
    night = tonight if tonight <= now else tonight - timedelta(days=1)
    return last is None or not night <= last <= now


class Nightly:
    """Makes the day's backup in a thread of its own; one that fails is told to the administrators."""

    def __init__(self, store: Store, clock: Clock, backups: Backups, districts: Sequence[str]) -> None:
        self._store = store
        self._clock = clock
        self._backups = backups
        self._districts = districts
        self._again: datetime | None = None  # not before, after a failure
        self._ending = threading.Event()
        self.problem = ""  # for `/healthz`

    async def tick(self) -> bool:
        """Make the backup if it is due; True if there is something to be sent now."""
        now = self._clock.now()
        if self._again is not None and now < self._again <= now + AGAIN:
            return False
        try:
            if is_due(await self._store.read(last_good), now):
                await self._make(now)
        except asyncio.CancelledError:
            if self._ending.is_set():  # the scheduler ends what it runs: nothing went wrong
                return False
            self._ending.set()  # the thread cannot be cancelled, only asked
            raise
        except Misconfigured as error:
            log.error("backup: %s", error)
            return await self._failed(now, str(error))
        except Exception as error:
            log.exception("backup failed")
            return await self._failed(now, type(error).__name__)
        return False

    def stop(self) -> None:
        """Give up one that is being made: the next start makes it."""
        self._ending.set()

    def _go_on(self) -> None:
        if self._ending.is_set():
            raise Misconfigured("the program was stopped meanwhile")

    async def _make(self, now: datetime) -> None:
        made = await asyncio.to_thread(self._backups.make, now, None, self._go_on)
        told = {"at": made.manifest.made, "file": made.path.name, "size": made.size, "rows": made.rows,
                "found": made.found}  # fmt: skip
        await self._store.transact(lambda tx: records.put(tx, LAST, json.dumps(told)))
        self.problem, self._again = "", None
        log.info("backup %s: %s rows, %s bytes", made.path.name, made.rows, made.size)

    async def _failed(self, now: datetime, why: str) -> bool:
        self._again = now + AGAIN
        if self._ending.is_set():
            return False
        self.problem = why
        try:
            return await self._store.transact(lambda tx: self._alert(tx, now)) > 0
        except Exception:
            log.exception("nobody could be told that the backup failed")
            return False

    def _alert(self, tx: Tx, now: datetime) -> int:
        """One message a day for each administrator; returns how many were written."""
        last = last_good(tx)
        values = {"since": dates.long_date(office_day(last)) if last else ""}
        today = office_day(now)
        written = 0
        for district in self._districts:
            for one in people.staff(tx, district, today):
                if one.role is Role.ADMIN:
                    key = f"backup_failed:{today.isoformat()}:{one.person}"
                    out = Outgoing(
                        one.to, "alert/backup_failed", values, lane=Lane.ALERT, key=key, person=one.person
                    )
                    written += outbox.put(tx, now, out)
        return written
