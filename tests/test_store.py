"""What any store of this program must do: whole transactions, one process, forward migrations."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Misconfigured
from bot.store import records
from bot.store.database import MIGRATIONS, Store, Tx, migrate, open_store
from bot.store.inbox import stamp
from bot.store.records import Act
from bot.store.vault import Vault
from tests.world import START, vault

ROOT = Path(__file__).parent.parent


@pytest.fixture
def ring() -> Vault:
    """The keys of this test's database."""
    return vault()


@pytest.fixture
async def store(tmp_path: Path, ring: Vault) -> AsyncIterator[Store]:
    """An open, empty store."""
    async with open_store(tmp_path / "payung.db", ring) as opened:
        yield opened


async def _value(store: Store, name: str) -> str | None:
    return await store.transact(lambda tx: records.get(tx, name))


def _in_use(path: Path) -> sqlite3.Connection:
    """A second connection, as a program that looks into the file would have it."""
    return sqlite3.connect(path, isolation_level=None)


async def test_a_transaction_returns_what_its_function_returns(store: Store) -> None:
    assert await store.transact(lambda tx: tx.one("SELECT 6 * 7 AS answer")["answer"]) == 42


async def test_what_was_committed_is_there_after_opening_again(tmp_path: Path, ring: Vault) -> None:
    for expected in (None, "kept"):
        async with open_store(tmp_path / "payung.db", ring) as store:
            assert await _value(store, "word") == expected
            await store.transact(lambda tx: records.put(tx, "word", "kept"))


async def test_an_exception_undoes_its_own_function_only(store: Store) -> None:
    def half(tx: Tx, number: int) -> int:
        records.put(tx, f"n{number}", "written")
        if number % 3 == 0:
            raise LookupError(number)
        return number

    waits = [store.transact(lambda tx, n=n: half(tx, n)) for n in range(30)]
    outcomes = await asyncio.gather(*waits, return_exceptions=True)
    for number, outcome in enumerate(outcomes):
        assert isinstance(outcome, LookupError) if number % 3 == 0 else outcome == number
        assert await _value(store, f"n{number}") == (None if number % 3 == 0 else "written")


async def test_a_broken_rule_of_the_database_undoes_its_own_function_only(store: Store) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.run("INSERT INTO meta (name, value) VALUES ('once', '')")

    waits = [store.transact(twice), store.transact(lambda tx: records.put(tx, "other", "written"))]
    first, second = await asyncio.gather(*waits, return_exceptions=True)
    assert isinstance(first, sqlite3.IntegrityError)
    assert second is None
    assert (await _value(store, "once"), await _value(store, "other")) == (None, "written")


async def test_functions_are_run_in_the_order_in_which_they_came(store: Store) -> None:
    order: list[int] = []
    await asyncio.gather(*(store.transact(lambda _tx, n=n: order.append(n)) for n in range(250)))
    assert order == list(range(250))


async def test_cancelled_waits_leave_no_open_transaction_and_no_half_work(store: Store) -> None:
    def two_rows(tx: Tx, number: int) -> None:
        records.put(tx, f"a{number}", "")
        records.put(tx, f"b{number}", "")

    for number in range(500):
        wait = asyncio.ensure_future(store.transact(lambda tx, n=number: two_rows(tx, n)))
        for _ in range(number % 3):
            await asyncio.sleep(0)
        wait.cancel()
    kept = await store.transact(
        lambda tx: {row[0] for row in tx.all("SELECT name FROM meta WHERE name LIKE '_%'")}
    )
    assert {f"b{name[1:]}" for name in kept if name[0] == "a"} == {name for name in kept if name[0] == "b"}
    with _in_use(store.path) as other:  # nothing holds the lock of a writer
        other.execute("BEGIN IMMEDIATE").execute("ROLLBACK")


async def test_the_reading_connection_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await store.read(lambda tx: records.put(tx, "word", "written"))
    assert await store.read(lambda tx: records.get(tx, "word")) is None


async def test_a_reader_sees_what_was_committed(store: Store) -> None:
    await store.transact(lambda tx: records.put(tx, "word", "kept"))
    assert await store.read(lambda tx: records.get(tx, "word")) == "kept"


async def test_each_commit_is_safe_on_disk_and_references_are_kept(store: Store) -> None:
    def pragmas(tx: Tx) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        return {name: tx.one(f"PRAGMA {name}")[0] for name in names}

    full, on, off = 2, 1, 0
    assert await store.transact(pragmas) == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": on, "trusted_schema": off
    }  # fmt: skip


async def test_a_second_opening_of_the_same_file_is_refused(store: Store, ring: Vault) -> None:
    with pytest.raises(Misconfigured, match="another process"):
        async with open_store(store.path, ring):
            raise AssertionError("two bots share a database")


@pytest.mark.slow
async def test_a_second_process_is_refused(store: Store) -> None:
    program = (
        "import asyncio, sys, pathlib\n"
        "from bot.store.database import open_store\nfrom tests.world import vault\n"
        "asyncio.run(open_store(pathlib.Path(sys.argv[1]), vault()).__aenter__())"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(store.path), cwd=ROOT, stderr=subprocess.PIPE
    )
    _, told = await child.communicate()
    assert child.returncode == 1
    assert b"another process has" in told


async def test_migrations_are_applied_once(tmp_path: Path, ring: Vault) -> None:
    async with open_store(tmp_path / "payung.db", ring) as store:
        count = await store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM migration")[0])
        assert count == len(list(MIGRATIONS.glob("*.sql")))
        assert await store.transact(lambda tx: migrate(tx, MIGRATIONS)) == 0


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_database_of_a_newer_version_is_refused_and_let_go(tmp_path: Path, ring: Vault) -> None:
    newer = "INSERT INTO migration (number, name) VALUES (9000, 'later')"
    async with open_store(tmp_path / "payung.db", ring) as store:
        await store.transact(lambda tx: tx.run(newer))
    for _ in range(2):  # the second time says the same: the first kept neither lock nor thread
        with pytest.raises(Misconfigured, match="newer version"):
            async with open_store(tmp_path / "payung.db", ring):
                raise AssertionError("opened")


async def test_a_migration_that_fails_leaves_nothing(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in MIGRATIONS.glob("*.sql"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "0900_half.sql").write_text(
        "CREATE TABLE half (id INTEGER);\nCREATE TABLE half (id INTEGER);\n"
    )
    with pytest.raises(sqlite3.OperationalError):
        await store.transact(lambda tx: migrate(tx, folder))
    tables = await store.transact(lambda tx: {row[0] for row in tx.all("SELECT name FROM sqlite_master")})
    assert "half" not in tables
    assert await store.transact(lambda tx: tx.one("SELECT MAX(number) FROM migration")[0]) < 900


async def test_what_is_no_database_is_refused_in_one_sentence(tmp_path: Path, ring: Vault) -> None:
    (tmp_path / "payung.db").write_bytes(b"this is a letter, not a database. " * 200)
    for _ in range(2):
        with pytest.raises(Misconfigured, match="cannot be opened"):
            async with open_store(tmp_path / "payung.db", ring):
                raise AssertionError("opened")


async def test_a_database_of_another_key_is_refused_at_once(tmp_path: Path, ring: Vault) -> None:
    async with open_store(tmp_path / "payung.db", ring):
        pass
    with pytest.raises(Misconfigured, match="key"):
        async with open_store(tmp_path / "payung.db", vault()):
            raise AssertionError("opened with a key that reads nothing")
    async with open_store(tmp_path / "payung.db", ring) as store:
        assert store.vault is ring


async def _acts(store: Store, count: int) -> None:
    def note(tx: Tx) -> None:
        for number in range(count):
            records.note(tx, START, Act(number, "register", f"member:{number}", {"village": "64.02.01.2001"}))

    await store.transact(note)


async def test_the_audit_chain_holds(store: Store) -> None:
    assert await store.transact(records.broken) is None
    await _acts(store, 9)
    assert await store.transact(records.broken) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE audit SET actor = 7 WHERE seq = 4", 4),
        ("UPDATE audit SET details = '{}' WHERE seq = 9", 9),
        ("UPDATE audit SET at = '2020' WHERE seq = 1", 1),
        ("UPDATE audit SET hash = previous WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 6", 6),
        ("UPDATE audit SET seq = 100 WHERE seq = 3", 3),
    ],
)
async def test_the_audit_chain_names_the_first_act_that_was_touched(
    store: Store, change: str, named: int
) -> None:
    await _acts(store, 9)
    await store.transact(lambda tx: tx.run(change))
    assert await store.transact(records.broken) == named


async def test_a_plan_is_written_once(store: Store) -> None:
    plan = records.Plan("reminder", "PU", "64.02.01.2001", "2026-11", "h-7", 1)
    wrote = [await store.transact(lambda tx: records.plan(tx, plan, START, "queued")) for _ in range(3)]
    assert wrote == [True, False, False]


async def test_a_function_that_ends_an_iteration_fails_like_any_other(store: Store) -> None:
    def empty(_tx: Tx) -> object:
        return next(iter(()))

    with pytest.raises(RuntimeError):
        await store.transact(empty)
    failed, done = await store.each([empty, lambda tx: tx.one("SELECT 1")[0]])
    assert isinstance(failed, RuntimeError)
    assert done == 1


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Makassar"), timezone(timedelta(hours=-3))], ids=str)
def test_a_moment_is_kept_in_utc_wherever_it_was_read(zone: ZoneInfo) -> None:
    assert (
        stamp(datetime(2026, 11, 23, 1, 30, tzinfo=UTC).astimezone(zone))
        == "2026-11-23T01:30:00.000000+00:00"
    )


async def test_a_part_that_fails_undoes_itself_and_nothing_else(store: Store) -> None:
    def write(tx: Tx) -> Exception | None:
        def half() -> None:
            records.put(tx, "inner", "half")
            raise LookupError("half done")

        records.put(tx, "outer", "kept")
        failed = tx.attempt(half)
        assert tx.attempt(lambda: records.put(tx, "next", "kept")) is None
        return failed

    assert isinstance(await store.transact(write), LookupError)
    assert [await _value(store, name) for name in ("outer", "inner", "next")] == ["kept", None, "kept"]


async def test_a_part_that_meets_a_full_disk_ends_the_whole_transaction(store: Store) -> None:
    def write(tx: Tx) -> None:
        records.put(tx, "outer", "lost")
        tx.attempt(lambda: tx.run("INSERT INTO no_such_table VALUES (1)"))

    with pytest.raises(sqlite3.OperationalError):
        await store.transact(write)
    assert await _value(store, "outer") is None
