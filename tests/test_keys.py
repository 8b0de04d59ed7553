"""Keys grow old and go: while the bot works, over kills, on paper, and when others have seen them."""

import asyncio
import io
import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import keys, logs, points
from bot.app import Aside
from bot.backup import Backups, Nightly
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.offices import Role
from bot.errors import Misconfigured
from bot.store import copies, exported, keyfile, members, projects, rekeying, ring, sealed
from bot.store.archive import Manifest, never_ends, pack, unpack
from bot.store.database import Store, Tx, open_store
from bot.store.keyfile import Ring
from bot.store.projects import Project
from bot.store.reindexing import ENDING, INDEXES
from bot.store.sealed import COLUMNS, Place
from bot.store.vault import Vault, open_key_file
from tests.test_app import Operator, inside
from tests.test_vault import ANSWERS, NIK
from tests.world import PERIAN, START, World

NUMBERS = itertools.count(1000, 1000)
ROOT = Path(__file__).parent.parent
NUMBER, STRANGER = "6281234567890", "6281300000001"
#: Columns of bytes that are neither sealed nor under the index key: the chain's own hashes.
HASHES = {"audit.previous", "audit.hash"}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator with a key file and a database that has a registration in it."""
    with inside(tmp_path):
        yield Operator(tmp_path)


def paths(operator: Operator) -> tuple[Path, Path]:
    """Where the key file and the database lie."""
    return Path(operator.environment["PAYUNG_KEY_FILE"]), Path(operator.environment["PAYUNG_DATABASE"])


def opened(operator: Operator) -> Store:
    """The store, as a start would open it."""
    key, path = paths(operator)
    return open_store(path, open_key_file(key))


def standing(store: Store) -> World:
    """A world around a store that is there already."""
    here = World(store, ManualClock(START), Memory())
    here._number = next(NUMBERS)  # of messages: those of an earlier world came already
    return here


def lived_in(operator: Operator) -> None:
    """A village registers somebody; a second person is half registered; a visitor wrote."""
    asyncio.run(_lived_in(operator))


async def _lived_in(operator: Operator) -> None:
    async with opened(operator) as store:
        here = await standing(store).prepare()
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        for answer in (*ANSWERS, "simpan", "tagihan", "sudah bayar", "daftar", "Budi"):
            await here.says("darma", answer)
        await here.says("stranger", "halo")


def under(operator: Operator) -> Counter[int]:
    """How many values are under which key."""
    key, path = paths(operator)
    with copies.opened(path, "ro") as connection:
        return sealed.usage(Tx(connection, open_key_file(key)))


def all_open(operator: Operator) -> int:
    """How many sealed values there are: each opens with the key file as it is now."""
    key, path = paths(operator)
    vault, count = open_key_file(key), 0
    with closing(sqlite3.connect(path)) as db:
        for column in COLUMNS:
            table, name = column.split(".")
            for (value,) in db.execute(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL"):  # noqa: S608
                vault.open_bytes(column, value)
                count += 1
    return count


# -- what is sealed --------------------------------------------------------------------------


async def test_every_column_of_bytes_is_known_as_sealed_or_not(here: World) -> None:
    def look(tx: Tx) -> set[str]:
        sql = """SELECT t.name || '.' || c.name AS column FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.type = 'BLOB'"""
        return {row["column"] for row in tx.all(sql)}

    assert await here.store.read(look) == {*COLUMNS, *INDEXES, *ENDING, *HASHES}


def test_a_value_is_bound_to_the_column_it_is_listed_under(operator: Operator) -> None:
    lived_in(operator)
    assert all_open(operator) == sum(under(operator).values()) > 30


# -- a newer key -----------------------------------------------------------------------------


def test_a_newer_key_is_added_and_the_file_stays_its_owners(operator: Operator) -> None:
    key, _ = paths(operator)
    first = keyfile.read(key)
    for number in (2, 3):
        assert f"Key {number} is added" in operator.runs("key", "rotate").output
    ring = keyfile.read(key)
    assert (set(ring.keys), ring.keys[1], ring.index) == ({1, 2, 3}, first.keys[1], first.index)
    assert len({*ring.keys.values()}) == 3
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key.parent.iterdir()] == [key.name]


def test_a_key_file_behind_a_link_is_changed_where_it_lies(operator: Operator, tmp_path: Path) -> None:
    key, _ = paths(operator)
    link = tmp_path / "link"
    link.symlink_to(key)
    assert operator.runs("key", "rotate", KEY_FILE=str(link)).exit_code == 0
    assert link.is_symlink()
    assert keyfile.read(key).newest == 2


def test_the_last_number_is_told() -> None:
    with pytest.raises(Misconfigured, match="another key file"):
        keyfile.rotated(Ring({255: bytes(64)}, bytes(32)))


def test_an_older_copy_of_the_key_file_is_refused(operator: Operator) -> None:
    key, _ = paths(operator)
    before = key.read_text()
    operator.runs("villages", "64.02")
    operator.runs("key", "rotate")
    assert operator.runs("doctor").exit_code == 0
    key.write_text(before)
    told = operator.runs("doctor")
    assert told.exit_code == 1
    assert "it lacks key 2" in told.output
    assert len(told.output.splitlines()) == 1


def test_values_come_under_the_newest_key_while_people_write(operator: Operator) -> None:
    lived_in(operator)
    before = under(operator)
    operator.runs("key", "rotate")

    async def work() -> tuple[Place | None, int]:
        async with opened(operator) as store:
            here = standing(store)
            resealing = asyncio.create_task(keys.Resealer(store, pause=0).tick())
            written = 0
            while not resealing.done():
                assert any("Iuran" in letter.text for letter in await here.says("darma", "tagihan"))
                written += 1
            assert await keys.Resealer(store).tick() is None
            return await resealing, written

    done, written = asyncio.run(work())
    assert done is not None
    assert (done.changed, done.stuck) == (before[1], 0)
    assert written > 1
    assert set(under(operator)) == {2}
    assert all_open(operator) > before[1]


def test_who_writes_faster_than_it_goes_does_not_keep_it_from_its_end(operator: Operator) -> None:
    operator.runs("villages", "64.02")
    operator.runs("key", "rotate")

    def write(tx: Tx) -> None:
        for _ in range(2 * sealed.ROWS):
            body = tx.vault.seal_bytes("file.body", b"x")
            tx.run("INSERT INTO file (body, mime, at) VALUES (:body, '', '')", body=body)

    async def pieces() -> int:
        async with opened(operator) as store:
            at, count = Place(), 0
            while not at.done:
                await store.transact(write)
                at = await store.transact(lambda tx, at=at: sealed.reseal(tx, at))  # type: ignore[misc]
                count += 1
                assert count < 1000
            return count

    assert asyncio.run(pieces()) > len(COLUMNS)


def test_it_goes_in_pieces_and_a_large_value_is_a_piece_of_its_own(operator: Operator) -> None:
    vault = open_key_file(paths(operator)[0])

    def fill(tx: Tx) -> None:
        for size in [10] * 250 + [700_000] * 3:
            body = vault.seal_bytes("file.body", bytes(size))
            tx.run("INSERT INTO file (body, mime, at) VALUES (:body, '', '')", body=body)

    async def pieces() -> list[int]:
        async with opened(operator) as store:
            at, found = Place(COLUMNS.index("file.body")), []
            while at.column == COLUMNS.index("file.body"):
                before = at.changed
                at = await store.transact(lambda tx, at=at: sealed.reseal(tx, at))  # type: ignore[misc]
                found.append(at.changed - before)
            return found

    async def prepare() -> None:
        async with opened(operator) as store:
            await store.transact(fill)

    asyncio.run(prepare())
    operator.runs("key", "rotate")
    assert asyncio.run(pieces()) == [100, 100, 51, 1, 1, 0]


def test_a_damaged_value_stays_and_is_told(operator: Operator) -> None:
    lived_in(operator)
    key, path = paths(operator)
    operator.runs("key", "rotate")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE member SET details = CAST(substr(details, 1, 20) AS BLOB)")
    told = operator.runs("key", "reseal")
    assert told.exit_code == 1
    assert "1 values do not open" in told.output
    assert under(operator)[1] == 1
    assert "1 values are under key 1" in operator.runs("key", "retire", "1").output
    assert set(keyfile.read(key).keys) == {1, 2}


def test_a_running_bot_does_it_by_itself_after_a_restart(operator: Operator, tmp_path: Path) -> None:
    lived_in(operator)
    operator.runs("key", "rotate")

    async def run() -> None:
        async with opened(operator) as store:
            told = await asyncio.to_thread(operator.runs, "key", "reseal")
            assert "has the database open" in told.output
            made = Backups(store.path, store.vault, tmp_path / "backups", 3)
            aside = Aside(Nightly(store, ManualClock(START), made, ["64.02"]), keys.Resealer(store))
            await aside.tick()
            assert await store.read(sealed.is_done)
            aside.stop()
            assert not await aside.tick()

    asyncio.run(run())
    assert set(under(operator)) == {2}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("key_beside", ("rotate",)),
        ("key_changed", ("rotate",)),
        ("reseal_tx:3", ("reseal",)),
        ("after_reseal:5", ("reseal",)),
        ("resealed", ("reseal",)),
    ],
    ids=points.OF_KEYS,
)
def test_a_kill_in_between_costs_nothing_and_it_goes_on(
    operator: Operator, point: str, words: tuple[str, ...]
) -> None:
    lived_in(operator)
    if words == ("reseal",):
        operator.runs("key", "rotate")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **operator.environment}
    command = [sys.executable, "-m", "bot", "key", *words]
    killed = subprocess.run(
        command,
        cwd=operator.folder,
        env={**environment, "PAYUNG_KILL_AT": point},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    count = all_open(operator)
    if keyfile.read(paths(operator)[0]).newest == 1:
        assert operator.runs("key", "rotate").exit_code == 0
    assert operator.runs("key", "reseal").exit_code == 0
    assert under(operator) == {2: count}
    assert all_open(operator) == count
    assert [path.name for path in paths(operator)[0].parent.iterdir()] == ["payung.key"]


# -- an old key goes -------------------------------------------------------------------------


def test_an_old_key_goes_when_no_value_and_no_backup_needs_it(operator: Operator) -> None:
    lived_in(operator)
    key, path = paths(operator)
    operator.runs("backup", NOW="2026-11-22T02:00:00+00:00")
    operator.runs("key", "rotate")
    operator.runs("backup", NOW="2026-11-22T03:00:00+00:00")  # sealed with 2, values under 1
    with closing(sqlite3.connect(path)) as db:
        old = [bytes(row[0]) for row in db.execute("SELECT nik FROM member")]
    told = operator.runs("key", "retire", "1")
    assert re.search(r"\d+ values are under key 1", told.output)
    assert f"key 1: {under(operator)[1]} values are under it" in operator.runs("doctor").output
    assert "brought under the newest key" in operator.runs("key", "reseal").output
    operator.runs("backup", NOW="2026-11-22T04:00:00+00:00")
    assert "key 1: no value, but 2 kept backups need it" in operator.runs("doctor").output
    told = operator.runs("key", "retire", "1")
    assert "2 backups in" in told.output
    assert "payung-2026-11-22T0300Z.backup" in told.output
    assert set(keyfile.read(key).keys) == {1, 2}
    for hour in (2, 3):
        Path(f"data/backups/payung-2026-11-22T0{hour}00Z.backup").unlink()
    assert "key 1: nothing needs it" in operator.runs("doctor").output
    assert "Key 1 is removed" in operator.runs("key", "retire", "1").output
    assert set(keyfile.read(key).keys) == {2}
    assert all_open(operator) > 30
    content = b"".join(each.read_bytes() for each in path.parent.iterdir() if each.is_file())
    assert old
    assert not [value for value in old if value in content]


@pytest.mark.parametrize(("number", "told"), [("1", "is the one that seals"), ("7", "has no key 7")])
def test_a_key_that_seals_or_is_not_there_is_not_removed(operator: Operator, number: str, told: str) -> None:
    operator.runs("villages", "64.02")
    refused = operator.runs("key", "retire", number)
    assert refused.exit_code == 1
    assert told in refused.output


def test_no_key_goes_under_a_running_bot(operator: Operator) -> None:
    operator.runs("key", "rotate")
    told = beside_a_running_bot(operator, "key", "retire", "1")
    assert "stop it first" in told
    assert set(keyfile.read(paths(operator)[0]).keys) == {1, 2}


def beside_a_running_bot(operator: Operator, *words: str) -> str:
    """What a command says while another process has the database."""

    async def run() -> str:
        async with opened(operator):
            return (await asyncio.to_thread(operator.runs, *words)).output

    return asyncio.run(run())


def test_a_backup_that_needs_a_key_that_went_says_so(operator: Operator, tmp_path: Path) -> None:
    lived_in(operator)
    key, path = paths(operator)
    operator.runs("key", "rotate")
    for name, seals in (("one", 1), ("two", 2)):
        ring_ = keyfile.read(key)
        vault = Vault({n: ring_.keys[n] for n in range(1, seals + 1)}, ring_.index)
        if seals == 2:
            with copies.opened(path, "rw") as connection:
                ring.marked_anew(Tx(connection, vault))
        Backups(path, vault, tmp_path, 3).make(START, tmp_path / f"{name}.backup")
    operator.runs("key", "reseal")
    operator.runs("key", "retire", "1")
    for name in ("one", "two"):
        told = operator.runs("restore", f"{name}.backup", "--into", "look.db")
        assert "needs key 1, which the key file has no more" in told.output, name
        assert not Path("look.db").exists()


def test_a_backup_of_an_older_version_is_taken_to_need_every_older_key(
    operator: Operator, tmp_path: Path
) -> None:
    operator.runs("key", "rotate")
    vault, file = open_key_file(paths(operator)[0]), tmp_path / "payung-2026-11-22T0200Z.backup"
    for known, needed in ((None, [file.name]), ([2], []), ([1, 2], [file.name])):
        with file.open("wb") as out:
            pack(out, vault, Manifest("0", "", 1, {}, "", (0, ""), known), io.BytesIO(b"x"), never_ends)
        assert keys.needing(tmp_path, vault, 1) == needed
    file.write_bytes(b"no backup")
    assert keys.needing(tmp_path, vault, 1) == []


# -- on paper --------------------------------------------------------------------------------


def test_a_lost_key_file_comes_back_from_two_of_the_printed_sheets(operator: Operator) -> None:
    key, _ = paths(operator)
    operator.runs("key", "rotate")
    before = key.read_text()
    printed = operator.runs("key", "shares").output
    assert not [secret for secret in re.findall(r"[0-9a-f]{64,}", before) if secret in printed]
    sheets = [sheet for sheet in printed.split("\f") if sheet.strip()]
    assert len(sheets) == 3
    for number, sheet in enumerate(sheets):
        Path(f"{number}.txt").write_text(sheet)  # "typed as they stand", to the last word
    assert "never overwritten" in operator.runs("key", "recover", "0.txt", "2.txt").output
    key.unlink()
    assert "key recover" in operator.runs("doctor").output
    told = operator.runs("key", "recover", "2.txt", "0.txt")
    assert told.exit_code == 0, told.output
    assert "Key file with key 1, 2 written" in told.output
    assert key.read_text() == before
    assert key.stat().st_mode & 0o777 == 0o600
    assert "cannot be read" in operator.runs("key", "recover", "9.txt", "0.txt", "--to", "x.key").output


def test_the_restore_drill_of_the_guide_needs_a_backup_and_two_sheets(
    operator: Operator, tmp_path: Path
) -> None:
    lived_in(operator)
    assert operator.runs("backup", "stick.backup").exit_code == 0
    sheets = operator.runs("key", "shares").output.split("\f")
    for name, sheet in zip(("satu", "dua"), sheets, strict=False):
        Path(f"{name}.txt").write_text(sheet)
    place = {"KEY_FILE": str(tmp_path / "kunci" / "payung.key"), "DATABASE": str(tmp_path / "latihan.db")}
    assert "written" in operator.runs("key", "recover", "satu.txt", "dua.txt", **place).output
    restored = operator.runs("restore", "stick.backup", **place).output
    assert re.search(r"^ +1 member$", restored, re.MULTILINE)
    assert {"database: in order", "audit chain: holds"} <= {
        *operator.runs("doctor", **place).output.splitlines()
    }


# -- others have seen the key file -----------------------------------------------------------


def on_whatsapp(operator: Operator, vault: Vault) -> int:
    """Somebody with a concealed number has an office, and a stranger writes; how many acts there are."""

    async def work() -> int:
        async with opened(operator) as store:
            here = standing(store)
            await here.appoint(vault.conceal(NUMBER), "Ibu Wati", Role.TREASURER, PERIAN)
            await here.says(vault.conceal(NUMBER), "tagihan")
            await here.says(vault.conceal(STRANGER), "halo")
            return int(await store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM audit")["n"]))

    return asyncio.run(work())


def moved(operator: Operator) -> str:
    """Move the database to a new key file; what the command says."""
    operator.runs("key", "new", "keys/next.key")
    done = operator.runs("key", "replace", "keys/next.key", NOW="2026-11-24T02:00:00+00:00")
    assert done.exit_code == 0, done.output
    operator.environment["PAYUNG_KEY_FILE"] = str(operator.folder / "keys" / "next.key")
    return done.output


def test_a_database_moves_to_another_key_file_and_nothing_of_the_old_is_left(operator: Operator) -> None:
    lived_in(operator)
    key, path = paths(operator)
    old = open_key_file(key)
    on_whatsapp(operator, old)
    operator.runs("invite", "--district", "64.02")
    count = all_open(operator)
    told = moved(operator)
    assert f"{count} values" in told
    assert "1 invitations" in told
    assert all_open(operator) == count
    assert {"database: in order", "audit chain: holds"} <= {*operator.runs("doctor").output.splitlines()}
    content = path.read_bytes()
    kept = path.with_name(f"{path.name}.before-2026-11-24T020000Z").read_bytes()
    names = [old.conceal(number).encode() for number in (NUMBER, STRANGER)]
    for secret in (*names, old.index("member.nik", NIK)):
        assert secret in kept
        assert secret not in content
    refused = operator.runs("doctor", KEY_FILE=str(key))
    assert "not the one this database was made with" in refused.output


def test_people_and_niks_are_known_under_another_key_file_as_before(operator: Operator) -> None:
    lived_in(operator)
    acts = on_whatsapp(operator, open_key_file(paths(operator)[0]))
    moved(operator)
    new = open_key_file(paths(operator)[0])

    async def work() -> str:
        async with opened(operator) as store:
            here = standing(store)
            assert "Iuran" in (await here.says(new.conceal(NUMBER), "tagihan"))[-1].text
            assert await store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM audit")["n"]) == acts
            found = await store.read(lambda tx: members.by_nik(tx, PERIAN, NIK))
            return found.name if found else ""

    assert asyncio.run(work()) == "Siti Aminah"


PROJECT = Project(
    PERIAN, 2026, "Jalan usaha tani, RT 3", 200_000_000, "dd", named=(("Budi", "6402010101900001"),)
)


def test_projects_and_sheets_are_known_under_another_key_file_as_before(operator: Operator) -> None:
    lived_in(operator)

    def keep(tx: Tx) -> None:
        member = members.by_nik(tx, PERIAN, NIK)
        assert member is not None
        assert projects.add(tx, PROJECT, 1, START)
        said = (("wage", 2487913), ("position", member.position), ("phone", "of before"))
        rows = [(member.id, what, exported.digest(tx, member.id, what, value)) for what, value in said]
        exported.enter(tx, exported.keep(tx, PERIAN, rows, (1, START)), (1, START))

    def look(tx: Tx) -> list[object]:
        one = projects.named(tx, PERIAN, 2026, "jalan usaha  tani RT 3")
        member = members.by_nik(tx, PERIAN, NIK)
        assert member is not None
        found = exported.entered(tx, PERIAN)[member.id]
        same = [exported.digest(tx, member.id, what, value) == found[what]
                for what, value in (("wage", 2487913), ("position", member.position), ("phone", "of before"))]  # fmt: skip
        return [one.named if one else None, *same]

    async def both(work: Callable[[Tx], object]) -> object:
        async with opened(operator) as store:
            return await store.transact(work)

    asyncio.run(both(keep))
    assert asyncio.run(both(look)) == [PROJECT.named, True, True, True]
    moved(operator)
    assert asyncio.run(both(look)) == [PROJECT.named, True, True, False]  # what changed since, is changed


def test_the_same_key_file_is_no_other(operator: Operator) -> None:
    key, _ = paths(operator)
    operator.runs("villages", "64.02")
    assert "the same key file" in operator.runs("key", "replace", str(key)).output


def test_names_are_found_in_nested_json_and_nothing_else_is_touched() -> None:
    def renamed(text: str) -> str:
        return text.replace("old", "new")

    for clear, expected in (
        (
            b'{"to": ["whatsapp", "old"], "n": [1, {"old": "x\\nold"}]}',
            b'{"to":["whatsapp","new"],"n":[1,{"new":"x\\nnew"}]}',
        ),
        (b'{"a" :  1.10}', b'{"a" :  1.10}'),
        (b"6402015708850003", b"6402015708850003"),
        (b"\xff\x00", b"\xff\x00"),
        (b"old", b"old"),
    ):
        assert rekeying.in_json(clear, renamed) == expected


def test_a_database_that_is_in_use_or_missing_is_not_moved(operator: Operator) -> None:
    operator.runs("key", "new", "keys/next.key")
    assert "there is no database" in operator.runs("key", "replace", "keys/next.key").output
    assert "stop it first" in beside_a_running_bot(operator, "key", "replace", "keys/next.key")


# -- where the key lies ----------------------------------------------------------------------


def test_the_key_file_is_in_no_backup(operator: Operator) -> None:
    lived_in(operator)
    key, _ = paths(operator)
    operator.runs("backup", "x.backup")
    vault = open_key_file(key)
    with Path("x.backup").open("rb") as source, Path("look").open("wb") as out:
        unpack(source, vault, out, never_ends)
    written = Path("look").read_bytes() + Path("x.backup").read_bytes()
    for secret in re.findall(r"[0-9a-f]{64,}", key.read_text()):
        assert secret.encode() not in written
        assert bytes.fromhex(secret) not in written


@pytest.mark.parametrize(
    ("where", "told"),
    [({"DATABASE": "keys/payung.db"}, "beside the database"), ({"BACKUPS": "keys"}, "copies the backups"),
     ({"DATABASE": "payung.db"}, "beside the database"), ({}, "")],
)  # fmt: skip
def test_a_key_file_among_the_data_is_told_at_each_start(
    operator: Operator, where: dict[str, str], told: str
) -> None:
    try:
        written = operator.runs("run", TELEGRAM_TOKEN="", **where).stderr
    finally:
        logs.setup("info", io.StringIO())
    assert told in written
    assert ("key file" in written) is bool(told)
    assert (told in operator.runs("check", **where).output) or not told
