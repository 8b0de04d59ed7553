"""A backup is whole or it is none; a restored bot says nothing old; the night's work disturbs nobody."""

import asyncio
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backup import LAST, Backups, Made, Nightly, is_due, kept, last_good, restore
from bot.channels import memory
from bot.domain.offices import Role
from bot.errors import Misconfigured
from bot.messages import Address, Lane, Outgoing
from bot.schedule import Schedule
from bot.store import copies, holding, inbox, outbox, records
from bot.store.archive import CHUNK, MAGIC, GoOn, Manifest, never_ends, pack, unpack
from bot.store.database import MIGRATIONS, Tx, open_store
from bot.store.records import Act
from bot.store.vault import Vault, new_key_file, open_key_file
from tests.needs import PATIENCE
from tests.world import START, World, rulebook, vault, world

pytestmark = pytest.mark.slow  # each of many damaged files is tried

ROOT = Path(__file__).parent.parent
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITI = Address(memory.NAME, "siti")
HEAD = len(MAGIC) + 16 + 32


def database(path: Path, keys: Vault, *, migration: int | None = None, acts: int = 3) -> Path:
    """A small database: as this version makes it, or as an older or newer one did."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        for file in sorted(MIGRATIONS.glob("*.sql")):
            if migration is None or int(file.name[:4]) <= migration:
                db.executescript(file.read_text(encoding="utf-8"))
                db.execute("INSERT INTO migration VALUES (?, ?)", (int(file.name[:4]), file.stem))
        if migration is not None and migration > 100:
            db.execute("INSERT INTO migration VALUES (?, 'later')", (migration,))
        db.execute("INSERT INTO meta VALUES ('key', ?)", (keys.index("meta.key", "payung").hex(),))
        db.row_factory = sqlite3.Row
        tx = Tx(db, keys)
        for number in range(acts):
            records.note(tx, START, Act(None, "try", str(number), {}))
    return path


@pytest.fixture(scope="module")
def keys() -> Vault:
    """One key ring for the tests of this file."""
    return vault()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, keys: Vault) -> Path:
    """A good backup of a small database."""
    folder = tmp_path_factory.mktemp("good")
    made = Backups(database(folder / "payung.db", keys), keys, folder / "backups", 3).make(START)
    return made.path


def refusal(file: Path, to: Path, keys: Vault, *, replace: bool = False) -> str:
    """The sentence with which a file is refused; nothing may be left of the try but the lock."""
    before = {path: path.read_bytes() for path in to.parent.iterdir() if path.suffix != ".lock"}
    with pytest.raises(Misconfigured) as refused:
        restore(file, to, keys, START + DAY, replace=replace)
    assert {path: path.read_bytes() for path in to.parent.iterdir() if path.suffix != ".lock"} == before
    assert "\n" not in str(refused.value)
    return str(refused.value)


# -- a file that is whole --------------------------------------------------------------------


def test_a_backup_is_named_by_its_time_and_belongs_to_its_owner(good: Path) -> None:
    assert good.name == "payung-2026-11-23T0000Z.backup"
    assert good.stat().st_mode & 0o777 == 0o600
    assert good.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in good.parent.iterdir()] == [good.name]
    assert not (good.parent.parent / "payung.db.backup").exists()


def test_nothing_of_the_database_can_be_read_in_it(good: Path) -> None:
    content = good.read_bytes()
    assert b"SQLite" not in content
    assert b"audit" not in content
    assert b"migration" not in content


def test_it_comes_back_with_every_row_and_one_act_more(good: Path, keys: Vault, tmp_path: Path) -> None:
    done = restore(good, tmp_path / "new.db", keys, START + DAY, replace=False)
    assert done.kept is None
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
    assert {**done.calmed.rows, "audit": 3} == done.manifest.rows
    assert done.manifest.audit[0] == 3
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        last = db.execute("SELECT action, object FROM audit ORDER BY seq DESC").fetchone()
    assert last == ("restore", good.name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.db", "new.lock"]


def test_a_backup_is_never_overwritten(good: Path, keys: Vault) -> None:
    made = Backups(good.parent.parent / "payung.db", keys, good.parent, 3)
    with pytest.raises(Misconfigured, match="never overwritten"):
        made.make(START)
    with pytest.raises(Misconfigured, match="never overwritten"):
        made.make(START + DAY, good)


def test_what_came_back_is_counted_by_district(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for code in ("64.02.01.2001", "64.02.01.2002", "61.08.01.2001"):
            db.execute("INSERT INTO village VALUES (?, ?, '', '')", (code, code[:5]))
        for state in ("active", "submitted", "ended"):
            db.execute(
                "INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined, state,"
                " state_at) VALUES ('64.02.01.2001', '', x'01', ?, x'01', '', '', '', '', ?, '')",
                (state.encode(), state),
            )
    made = Backups(path, keys, tmp_path / "backups", 3).make(START)
    assert made.found == {"64.02": (2, 2), "61.08": (1, 0)}


def test_it_is_made_of_one_moment_while_others_write(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executemany("INSERT INTO file (body, mime, at) VALUES (?, '', '')", [(bytes(90_000),)] * 300)
        written = 0

        def write() -> None:
            nonlocal written
            written += 1
            db.execute("INSERT INTO file (body, mime, at) VALUES (x'00', '', '')")

        made = Backups(path, keys, tmp_path / "backups", 3).make(START, go_on=write)
    assert written > 3
    assert made.manifest.rows["file"] == 300


# -- a file that is not whole ----------------------------------------------------------------


@pytest.mark.parametrize("offset", range(HEAD + 8))
def test_a_flipped_byte_at_the_beginning_is_found(
    good: Path, keys: Vault, tmp_path: Path, offset: int
) -> None:
    content = bytearray(good.read_bytes())
    content[offset] ^= 1
    (tmp_path / "x.backup").write_bytes(content)
    assert refusal(tmp_path / "x.backup", tmp_path / "new.db", keys)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files that are refused."""
    return tmp_path_factory.mktemp("bench")


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=300, deadline=None)
def test_a_flipped_bit_anywhere_is_found(
    good: Path, keys: Vault, bench: Path, place: float, bit: int
) -> None:
    content = bytearray(good.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    (bench / "x.backup").write_bytes(content)
    assert refusal(bench / "x.backup", bench / "new.db", keys)


@given(place=st.floats(0, 1, exclude_max=True))
@settings(max_examples=150, deadline=None)
def test_a_file_that_was_cut_off_is_found(good: Path, keys: Vault, bench: Path, place: float) -> None:
    content = good.read_bytes()
    (bench / "x.backup").write_bytes(content[: int(place * len(content))])
    assert refusal(bench / "x.backup", bench / "new.db", keys)


@pytest.mark.parametrize("more", [b"\0", b"x" * 100, b"\0\0\0\x40" + bytes(64)])
def test_a_file_with_something_behind_it_is_found(
    good: Path, keys: Vault, tmp_path: Path, more: bytes
) -> None:
    (tmp_path / "x.backup").write_bytes(good.read_bytes() + more)
    assert refusal(tmp_path / "x.backup", tmp_path / "new.db", keys)


def parts(content: bytes) -> list[bytes]:
    """The beginning of a sealed file and its chunks."""
    found, at = [content[:HEAD]], HEAD
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "big")
        found.append(content[at:end])
        at = end
    return found


def sealed(keys: Vault, size: int) -> bytes:
    """A sealed file of so many random bytes."""
    data = io.BytesIO(b"".join(keys.index("x", str(n)) for n in range(size // 32)))
    digest = file_digest(data, "sha256").hexdigest()
    data.seek(0)
    out = io.BytesIO()
    pack(out, keys, Manifest("1", "", 1, {}, digest, (0, "")), data, never_ends)
    return out.getvalue()


@pytest.mark.parametrize("size", [32, CHUNK - 32, CHUNK, CHUNK + 32, 3 * CHUNK])
def test_any_size_comes_back(keys: Vault, size: int) -> None:
    out = io.BytesIO()
    unpack(io.BytesIO(sealed(keys, size)), keys, out, never_ends)
    assert len(out.getvalue()) == size


@pytest.mark.parametrize(
    "order",
    [(0, 1, 3, 2, 4, 5), (0, 1, 2, 3, 5, 4), (0, 2, 1, 3, 4, 5), (0, 1, 2, 3, 4), (0, 1, 2, 4, 5), (0, 1, 5),
     (0, 1), (0,), (0, 1, 2, 2, 3, 4, 5), (0, 1, 2, 3, 4, 5, 5), (0, 5), (0, 2, 3, 4, 5)],
    ids=str,
)  # fmt: skip
def test_chunks_that_are_moved_missing_or_doubled_are_found(keys: Vault, order: tuple[int, ...]) -> None:
    found = parts(sealed(keys, 3 * CHUNK))
    assert len(found) == 6
    with pytest.raises(Misconfigured):
        unpack(io.BytesIO(b"".join(found[n] for n in order)), keys, io.BytesIO(), never_ends)


def test_a_chunk_of_another_backup_is_found(keys: Vault) -> None:
    one, other = (parts(sealed(keys, 3 * CHUNK)) for _ in range(2))
    one[2] = other[2]
    with pytest.raises(Misconfigured, match="part 1"):
        unpack(io.BytesIO(b"".join(one)), keys, io.BytesIO(), never_ends)


def test_another_key_ring_is_told_from_damage(good: Path, tmp_path: Path) -> None:
    assert "another key file" in refusal(good, tmp_path / "new.db", vault())


def test_a_database_of_another_key_ring_is_not_saved(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys)
    with pytest.raises(Misconfigured, match="not the one this database was made with"):
        Backups(path, vault(), tmp_path / "backups", 3).make(START)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [("UPDATE audit SET object = 'x' WHERE seq = 2", "act 2"), ("DELETE FROM audit WHERE seq = 1", "act 1")],
)
def test_a_broken_audit_chain_is_not_called_good(keys: Vault, tmp_path: Path, damage: str, told: str) -> None:
    path = database(tmp_path / "payung.db", keys)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(damage)
    with pytest.raises(Misconfigured, match=told):
        Backups(path, keys, tmp_path / "backups", 3).make(START)
    assert list((tmp_path / "backups").iterdir()) == []


def test_rows_that_are_missing_are_found(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys)
    manifest = copies.describe(path, keys, "1", START)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM meta")
        db.execute(
            "INSERT INTO meta VALUES ('key', ?), ('y', ''), ('z', '')",
            (keys.index("meta.key", "payung").hex(),),
        )
    with pytest.raises(Misconfigured, match="meta"):
        copies.examine(path, keys, manifest, never_ends)


def test_a_chain_that_was_cut_at_its_end_is_found(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys)
    manifest = copies.describe(path, keys, "1", START)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("DELETE FROM audit WHERE seq = 3")
        records.note(Tx(db, keys), START + DAY, Act(None, "try", "forged", {}))
    with pytest.raises(Misconfigured, match="another end"):
        copies.examine(path, keys, manifest, never_ends)


@pytest.mark.parametrize("migration", range(2, len(list(MIGRATIONS.glob("*.sql"))) + 1))
def test_an_older_database_is_brought_up(keys: Vault, tmp_path: Path, migration: int) -> None:
    path = database(tmp_path / "payung.db", keys, migration=migration)
    made = Backups(path, keys, tmp_path / "backups", 3).make(START)
    done = restore(made.path, tmp_path / "new.db", keys, START + DAY, replace=False)
    assert done.manifest.migration <= migration
    assert done.calmed.rows["migration"] == len(list(MIGRATIONS.glob("*.sql")))
    assert done.calmed.rows["audit"] == 4


def test_a_newer_database_is_refused(keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys, migration=999)
    with pytest.raises(Misconfigured, match="newer version"):
        Backups(path, keys, tmp_path / "backups", 3).make(START)
    copy, file = tmp_path / "copy", tmp_path / "x.backup"
    copies.copy(path, copy, never_ends)
    with file.open("wb") as out, copy.open("rb") as source:
        pack(out, keys, copies.describe(copy, keys, "9", START), source, never_ends)
    copy.unlink()
    (tmp_path / "empty").mkdir()
    assert "newer version" in refusal(file, tmp_path / "empty" / "new.db", keys)


# -- what is in the way ----------------------------------------------------------------------


def test_a_database_with_data_is_kept_under_another_name(good: Path, keys: Vault, tmp_path: Path) -> None:
    path = database(tmp_path / "payung.db", keys, acts=9)
    shutil.copy(path, tmp_path / "before")
    assert "--replace" in refusal(good, path, keys)
    done = restore(good, path, keys, START + DAY, replace=True)
    assert done.kept == tmp_path / "payung.db.before-2026-11-24T000000Z"
    with closing(sqlite3.connect(done.kept)) as old, closing(sqlite3.connect(path)) as new:
        counts = [db.execute("SELECT COUNT(*) FROM audit").fetchone()[0] for db in (old, new)]
    assert counts == [9, 4]


def test_what_a_killed_bot_left_in_its_log_stays_with_the_old_database(
    good: Path, keys: Vault, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database(tmp_path / "a.db", keys), isolation_level=None)) as db:
        db.execute("PRAGMA wal_autocheckpoint=0")
        db.execute("INSERT INTO meta VALUES ('late', 'yes')")
        for suffix in ("", "-wal"):
            shutil.copy(tmp_path / f"a.db{suffix}", tmp_path / f"payung.db{suffix}")
    done = restore(good, tmp_path / "payung.db", keys, START + DAY, replace=True)
    assert done.kept
    assert not (tmp_path / "payung.db-wal").exists()
    with closing(sqlite3.connect(done.kept)) as old, closing(sqlite3.connect(tmp_path / "payung.db")) as new:
        found = [db.execute("SELECT value FROM meta WHERE name = 'late'").fetchone() for db in (old, new)]
    assert found == [("yes",), None]


def test_a_damaged_database_can_be_replaced_and_a_lost_one_leaves_no_log(
    good: Path, keys: Vault, tmp_path: Path
) -> None:
    path = tmp_path / "payung.db"
    path.write_bytes(b"no database at all" * 100)
    (tmp_path / "payung.db-wal").write_bytes(b"rubbish")
    done = restore(good, path, keys, START + DAY, replace=True)
    assert done.kept
    assert done.kept.read_bytes().startswith(b"no database")
    path.unlink()
    (tmp_path / "payung.db-wal").write_bytes(b"rubbish")
    restore(good, path, keys, START + 2 * DAY, replace=False)
    assert not (tmp_path / "payung.db-wal").exists()


async def test_nothing_is_restored_under_a_running_bot(good: Path, here: World) -> None:
    for target in (here.store.path, Path(f"{here.store.path.parent}/./payung.db")):
        with pytest.raises(Misconfigured, match="stop it first"):
            restore(good, target, here.store.vault, START, replace=True)


@pytest.mark.parametrize("name", ["missing.backup", "folder", "payung-2026-11-23T0000Z.backup.part"])
def test_what_is_no_finished_backup_is_refused(good: Path, keys: Vault, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "new").mkdir()
    shutil.copy(good, tmp_path / "payung-2026-11-23T0000Z.backup.part")
    assert name in refusal(tmp_path / name, tmp_path / "new" / "new.db", keys)


def test_a_folder_is_no_place_for_a_database(good: Path, keys: Vault, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(Misconfigured, match="is a folder"):
        restore(good, tmp_path / "folder", keys, START, replace=True)
    with pytest.raises(Misconfigured, match="folder"):
        restore(good, tmp_path / "nowhere" / "new.db", keys, START, replace=True)


@contextmanager
def full_disk(after: int) -> Iterator[None]:
    """No file can grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("after", [0, 4096, 100_000])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    good: Path, keys: Vault, tmp_path: Path, after: int
) -> None:
    path = database(tmp_path / "payung.db", keys)
    with full_disk(after), pytest.raises(Misconfigured) as told:
        Backups(path, keys, tmp_path / "backups", 3).make(START)
    assert str(told.value).startswith("the backup could not be made: ")
    assert list((tmp_path / "backups").iterdir()) == []
    (tmp_path / "other").mkdir()
    with full_disk(after):
        assert "could not be restored" in refusal(good, tmp_path / "other" / "new.db", keys)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("keep", [1, 3])
def test_a_disk_that_fills_up_half_way_never_costs_the_last_good_one(
    keys: Vault, tmp_path: Path, part: float, keep: int
) -> None:
    path = database(tmp_path / "payung.db", keys)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("INSERT INTO file (body, mime, at) VALUES (?, '', '')", (os.urandom(1_000_000),))
    made = Backups(path, keys, tmp_path / "backups", keep)
    last = made.make(START)
    content = last.path.read_bytes()
    with full_disk(int(part * last.size)), pytest.raises(Misconfigured):
        made.make(START + DAY)
    assert [left.name for left in last.path.parent.iterdir()] == [last.path.name]
    assert last.path.read_bytes() == content
    restore(last.path, tmp_path / "new.db", keys, START + DAY, replace=False)
    assert made.make(START + DAY).path.exists()


def test_a_database_that_is_no_longer_whole_never_costs_the_last_good_one(
    keys: Vault, tmp_path: Path
) -> None:
    path = database(tmp_path / "payung.db", keys)
    made = Backups(path, keys, tmp_path / "backups", 1)
    last = made.make(START).path
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(content)
    for days in range(1, 4):
        with pytest.raises(Misconfigured):
            made.make(START + days * DAY)
    assert [left.name for left in last.parent.iterdir()] == [last.name]


@pytest.mark.parametrize("folder", ["payung.db", "payung.db/backups", "/proc/backups"])
def test_a_folder_that_cannot_be_written_is_one_sentence(keys: Vault, tmp_path: Path, folder: str) -> None:
    path = database(tmp_path / "payung.db", keys)
    with pytest.raises(Misconfigured, match="could not be made") as told:
        Backups(path, keys, tmp_path / folder, 3).make(START)
    assert "\n" not in str(told.value)


def test_two_backups_at_once_are_one(keys: Vault, tmp_path: Path) -> None:
    made = Backups(database(tmp_path / "payung.db", keys), keys, tmp_path / "backups", 3)
    with copies.workshop(tmp_path / "payung.db", "backup"), pytest.raises(Misconfigured, match="wait"):
        made.make(START)
    assert made.make(START).path.exists()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.backup import Backups
from bot.store.vault import open_key_file

passes = int(sys.argv[2])

def go_on():
    global passes
    passes -= 1
    if not passes:
        os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
keys = open_key_file(folder / "keys" / "a.key")
Backups(folder / "payung.db", keys, folder / "backups", 3).make(datetime(2026, 11, 23, tzinfo=UTC), None, go_on)
"""


@pytest.mark.slow
@pytest.mark.parametrize("passes", range(1, 7))
def test_a_killed_backup_leaves_nothing_that_is_taken_for_one(tmp_path: Path, passes: int) -> None:
    new_key_file(tmp_path / "keys" / "a.key")
    ring = open_key_file(tmp_path / "keys" / "a.key")
    path = database(tmp_path / "payung.db", ring)
    words = [sys.executable, "-c", KILLED, str(tmp_path), str(passes)]
    child = subprocess.run(words, cwd=ROOT, check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL, child.stderr
    (tmp_path / "new").mkdir()
    for left in (tmp_path / "backups").iterdir():
        assert left.suffix == ".part"
        refusal(left, tmp_path / "new" / "new.db", ring)
    made = Backups(path, ring, tmp_path / "backups", 3).make(START + HOUR)
    assert [left.name for left in (tmp_path / "backups").iterdir()] == [made.path.name]
    assert not (tmp_path / "payung.db.backup").exists()


# -- which ones stay -------------------------------------------------------------------------


def names(*days: datetime) -> list[str]:
    """The names of backups made then."""
    return [f"payung-{day:%Y-%m-%dT%H%MZ}.backup" for day in days]


def test_the_newest_stay_and_the_last_of_each_month_of_a_year() -> None:
    every = [START - n * DAY for n in range(800)]
    stay = sorted(kept(names(*every), 14, START))
    last_days = [day for day in every if (day + DAY).month != day.month][:11]
    assert stay == sorted(set(names(*every[:14], *last_days)))


def test_what_is_no_backup_is_never_removed(keys: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("notes.txt", "payung-2020-01-01T0000Z.backup.old", "payung-2020-01.backup"):
        (folder / name).write_text("")
    for name in names(*(START - n * DAY for n in range(1, 30))):
        (folder / name).write_text("")
    made = Backups(database(tmp_path / "payung.db", keys), keys, folder, 2).make(START)
    assert made.removed == 27
    assert len(list(folder.iterdir())) == 3 + 2 + 1  # the last of October


def test_the_one_just_made_stays_even_when_the_clock_was_ahead(keys: Vault, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in names(*(START + n * DAY for n in range(1, 9))):
        (folder / name).write_text("")
    made = Backups(database(tmp_path / "payung.db", keys), keys, folder, 2).make(START)
    assert made.path.exists()


def test_one_made_by_hand_elsewhere_removes_nothing(keys: Vault, tmp_path: Path) -> None:
    made = Backups(database(tmp_path / "payung.db", keys), keys, tmp_path, 1)
    assert made.make(START, tmp_path / "mine.backup").removed == 0
    (tmp_path / "disk").mkdir()
    assert made.make(START, tmp_path / "disk").path == tmp_path / "disk" / names(START)[0]


# -- after a restore -------------------------------------------------------------------------


def said(number: int) -> Outgoing:
    """A reminder of a stage."""
    return Outgoing(
        SITI, "status/no_such_person", {"name": f"Tahap {number}"}, lane=Lane.REMINDER, key=f"stage:{number}"
    )


STAGES = [START + HOUR, START + 3 * HOUR, START + 30 * HOUR, START + 60 * HOUR]


def plan(_tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
    """The stages that fell due."""
    return [said(n) for n, at in enumerate(STAGES) if since < at <= until]


async def test_a_restored_bot_sends_nothing_old_and_what_is_new(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        schedule = Schedule(here.store, here.clock, {"stages": plan}, rulebook())
        await schedule.tick()
        await here.move(START + HOUR)
        await schedule.tick()  # the first stage is queued, and not sent yet
        await here.engine.inbox.accept([memory.arrival("siti", here.clock.now(), 1, text="halo")])
        await here.store.transact(lambda tx: _job(tx, here))
        await here.store.transact(lambda tx: _held(tx, here))
        here.channel.sent.clear()
        backups = Backups(here.store.path, here.store.vault, tmp_path / "backups", 3)
        file, ring = backups.make(here.clock.now()).path, here.store.vault
    restored_at = START + 48 * HOUR
    done = restore(file, tmp_path / "new.db", ring, restored_at, replace=False)
    assert (done.calmed.messages, done.calmed.events, done.calmed.jobs) == (2, 1, 1)
    async with open_store(tmp_path / "new.db", ring) as store:
        again = World(store, here.clock, here.channel)
        again.clock.move(restored_at)
        await again.engine.recover()
        schedule = Schedule(store, again.clock, {"stages": plan}, rulebook())
        texts = []
        while again.clock.now() < START + 72 * HOUR:
            await schedule.tick()
            texts += [letter.text for letter in await again.move(again.clock.now() + HOUR)]
        states = await store.read(_states)
    assert len(texts) == 1
    assert "Tahap 3" in texts[0]
    assert states == {"outbox": {("cancelled", "restored"), ("sent", "")},
                      "inbox": {("quarantined", "restored")}, "job": {("failed", "restored")}}  # fmt: skip


def _held(tx: Tx, here: World) -> None:
    """What waits for somebody to write: they may have read it since."""
    out = Outgoing(Address(memory.NAME, "siti"), "status/no_such_person", {"name": "x"})
    outbox.put(tx, here.clock.now(), out, "held")
    (head,) = [one for one in outbox.heads(tx, memory.NAME, here.clock.now(), 9) if one.lane is Lane.REPLY]
    holding.shelve(tx, head, here.clock.now())


def _job(tx: Tx, here: World) -> None:
    tx.run(
        "INSERT INTO job (kind, args, channel, conversation, state, not_before)"
        " VALUES ('proof', :args, 'memory', 'memory:siti', 'ready', :now)",
        args=tx.vault.seal_json("job.args", {}),
        now=inbox.stamp(here.clock.now()),
    )


def _states(tx: Tx) -> dict[str, set[tuple[str, str]]]:
    columns = {"outbox": "status", "inbox": "state", "job": "state"}
    return {
        table: {tuple(row) for row in tx.all(f"SELECT {column}, error FROM {table}")}  # noqa: S608
        for table, column in columns.items()
    }


async def test_a_restored_database_is_opened_and_its_chain_holds(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        backups = Backups(here.store.path, here.store.vault, tmp_path / "backups", 3)
        file = backups.make(here.clock.now()).path
    restore(file, here.store.path, here.store.vault, START + DAY, replace=True)
    async with open_store(here.store.path, here.store.vault) as store:
        assert await store.read(records.broken) is None
        assert await store.read(lambda tx: tx.one("SELECT name FROM person")["name"]) == "Yuniarti Lestari"


# -- every night -----------------------------------------------------------------------------


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, at(22, 3), True),
        (at(22, 18), at(22, 19), False),
        (at(22, 18), at(23, 17, 59), False),
        (at(22, 18), at(23, 18), True),
        (at(22, 17, 59), at(22, 18), True),
        (at(20, 18), at(22, 3), True),  # the machine was off
        (at(25, 18), at(22, 3), True),  # the clock was ahead
    ],
)
def test_one_is_due_each_night(last: datetime | None, now: datetime, due: bool) -> None:
    assert is_due(last, now) is due


def nightly(here: World, folder: Path) -> Nightly:
    """The nightly backup of a world."""
    return Nightly(here.store, here.clock, Backups(here.store.path, here.store.vault, folder, 3), ["64.02"])


async def test_each_night_has_one_backup(here: World, tmp_path: Path) -> None:
    night = nightly(here, tmp_path / "backups")
    while here.clock.now() < START + 3 * DAY:
        assert not await night.tick()
        here.clock.move(here.clock.now() + HOUR)
    made = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert made == names(START, at(23, 18), at(24, 18), at(25, 18))[-3:]
    assert await here.store.read(last_good) == at(25, 18)
    assert night.problem == ""
    told = json.loads(await here.store.read(lambda tx: records.get(tx, LAST)) or "")
    assert told["found"] == {"61.08": [156, 0], "64.02": [193, 0]}


async def test_one_that_fails_is_told_once_a_day_and_tried_again_each_hour(
    here: World, tmp_path: Path
) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("opi", "Opi Sutarno", Role.OPERATOR, "64.02")
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    folder = tmp_path / "backups"
    folder.write_text("in the way")
    night = nightly(here, folder)
    told = []
    while here.clock.now() < START + 26 * HOUR:
        told.append(await night.tick())
        await here.engine.settle()
        here.clock.move(here.clock.now() + timedelta(minutes=20))
    assert [(letter.to.chat, "Cadangan" in letter.text) for letter in here.new()] == [("yuni", True)] * 2
    assert told.count(True) == 2
    assert "backups" in night.problem
    folder.unlink()
    here.clock.move(here.clock.now() + HOUR)
    assert not await night.tick()
    assert night.problem == ""
    assert len(list(folder.iterdir())) == 1


async def test_the_alert_says_since_when_there_is_no_good_one(here: World, tmp_path: Path) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    night = nightly(here, tmp_path / "backups")
    await night.tick()
    shutil.rmtree(tmp_path / "backups")
    (tmp_path / "backups").write_text("in the way")
    here.clock.move(START + DAY)
    assert await night.tick()
    await here.engine.settle()
    assert "23 November 2026" in here.new()[0].text


async def test_one_that_is_given_up_at_the_stop_is_no_failure(here: World, tmp_path: Path) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    night = nightly(here, tmp_path / "backups")
    night.stop()
    assert not await night.tick()
    assert list((tmp_path / "backups").iterdir()) == []
    assert await here.store.read(outbox.waiting) == {}


class Endless(Backups):
    """Backups that are never done, until they are stopped."""

    def __init__(self, begun: asyncio.Event) -> None:
        self._begun, self._loop = begun, asyncio.get_running_loop()
        self.ended = asyncio.Event()

    def make(self, now: datetime, path: Path | None = None, go_on: GoOn = never_ends) -> Made:  # noqa: ARG002
        """Go on for as long as one may."""
        self._loop.call_soon_threadsafe(self._begun.set)
        try:
            while True:
                go_on()
        finally:
            self._loop.call_soon_threadsafe(self.ended.set)


@pytest.mark.parametrize("in_order", [True, False], ids=["stopped first", "cancelled only"])
async def test_one_in_the_making_ends_when_the_program_does(here: World, in_order: bool) -> None:
    begun = asyncio.Event()
    endless = Endless(begun)
    night = Nightly(here.store, here.clock, endless, ["64.02"])
    task = asyncio.create_task(night.tick())
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        if in_order:
            night.stop()
        task.cancel()
        await asyncio.wait([task])
        await endless.ended.wait()
    assert task.cancelled() is not in_order
    assert night.problem == ""


async def test_no_backup_is_made_of_a_clock_that_is_only_played(here: World, tmp_path: Path) -> None:
    await here.move(START + 2 * DAY)
    assert not (tmp_path / "backups").exists()
    assert await here.store.read(last_good) is None
