"""Planted values through the whole bot, at the lowest level of the log: found nowhere outside sealed columns.

What goes in: typed, pasted, as a caption, in a sheet, as a contact, in a group, in updates that cannot be
read, and in the message of an exception.  Where they are looked for: every file of the database, backups,
the log, groups, what the wrong role gets, `/healthz`, `/metrics`, the chain of acts, notes of failures.
"""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot import logs
from bot.backup import Backups
from bot.channels import memory
from bot.channels.memory import Memory
from bot.domain.offices import Role
from bot.health import Health
from bot.inbox import TRIES, Inbox
from bot.messages import Arrival, Document, Outgoing
from bot.routing import ANYONE, Table, anything
from bot.store.database import Tx
from bot.turns import Turn
from tests.world import PERIAN, START, World, keys, rulebook, world

NIK, OTHER_NIK = "6402015708850003", "6402011708850007"
TOKEN = "7712345678:AAHcanaryCANARYcanaryCANARYcanary1234"
PHONE, WAGE, MOTHER, PIN = "81234567890", "2487913", "Kartinawati", "739182"
CANARIES = {
    "NIK": (NIK, "6402 0157 0885 0003", OTHER_NIK),
    "token": (TOKEN, TOKEN.partition(":")[2]),
    "phone": (PHONE, "0812-3456-7890"),
    "wage": (WAGE, "2.487.913"),
    "mother": (MOTHER,),
    "PIN": (PIN,),
}
ANSWERS = ("daftar", "Siti Aminah", NIK, "benar", "Tenggarong", MOTHER, f"0{PHONE}", "kasi pelayanan", WAGE,
           "2 januari 2024", "simpan")  # fmt: skip
#: In one sentence, as people paste it.
ALL = f"{NIK} {OTHER_NIK} ibu {MOTHER} hp 0{PHONE} upah {WAGE} token {TOKEN} pin {PIN}"
WRONG = ("sari", "pak_camat", "asing", "tetangga")


def _bug(turn: Turn) -> list[Outgoing]:
    """A handler whose error quotes what was written."""
    raise ValueError(f"cannot use {turn.incoming.text}")


def _unreadable() -> Iterator[Arrival]:
    """Updates that no parser takes, full of what must not be seen."""
    bodies = (ALL.encode(), json.dumps({"text": ALL, "address": 5}).encode(), b"{" + ALL.encode(), b"[" * 900)
    for number, body in enumerate(bodies):
        yield Arrival(memory.NAME, f"bad-{number}", "memory:darma", body)


async def _cast(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("yuni", "Yuni Astuti", Role.ADMIN, "64.02")
    await here.appoint("sari", "Sari Dewi", Role.VIEWER, "64.02")
    await here.appoint("pak_camat", "Lestari", Role.CAMAT, "64.02.02")
    await here.appoint("tetangga", "Bima", Role.TREASURER, "64.02.01.2002")
    await here.open_room("#kantor", "64.02", "office")
    await here.open_room("#forum", "64.02", "forum")


async def _walk(here: World) -> None:
    """Everything that can be sent, by every way."""
    await _cast(here)
    for answer in ANSWERS:
        await here.says("darma", answer)
    for user in ("darma", "asing", "yuni"):
        await here.says(user, ALL)
        await here.says(user, "\n".join([ALL] * 3))
        await here.says(
            user, ALL, shape="photo", file={"id": ALL, "name": ALL, "mime": "image/jpeg", "size": 9}
        )
        await here.sends(
            user, "document", Document(f"{NIK}.xlsx", "application/zip", ALL.encode() * 50), user
        )
        await here.says(user, contact={"phone": f"62{PHONE}", "user": user}, shape="contact", name=ALL)
        for room in ("#kantor", "#forum", "#lain"):
            await here.says(user, ALL, chat=room, message="9")
            await here.says(user, f"/desa {ALL}", chat=room)
    for word in (
        "peserta",
        "siti aminah",
        "tagihan",
        "lembar sipp",
        "daftar peserta excel",
        f"tanya {ALL}",
        "data saya",
    ):
        await here.says("darma", word)
    for word in ("/rekap", "/ajuan", "/desa perian", "/audit perian", "/sistem"):
        await here.says("yuni", word, chat="#kantor")
        await here.says("yuni", word, chat="#forum")
    for user in WRONG:
        for word in (
            "siti aminah",
            NIK,
            "peserta",
            "daftar peserta excel",
            "desa perian",
            "ajuan",
            "audit perian",
            "/rekap",
        ):
            await here.says(user, word)
    await _fail(here)
    await here.move(START + timedelta(days=2))


async def _fail(here: World) -> None:
    """What cannot be read, and a handler that fails with a quoting error."""
    await here.engine.inbox.accept(list(_unreadable()))
    failing = Inbox(
        here.store, here.clock, Table((anything(_bug, needs=ANYONE),), (), _bug), rulebook(),
        {memory.NAME: here.channel.parse},
    )  # fmt: skip
    await failing.accept([memory.arrival("darma", here.clock.now(), 9000, text=ALL)])
    for _ in range(8 * TRIES):
        await failing.once()
        here.clock.move(here.clock.now() + timedelta(seconds=5))
    await here.settle()


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _told(tx: Tx) -> dict[str, bytes]:
    """What stands in clear columns: looked for again in the values themselves, however they lie in the file."""
    found = {}
    for table in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = tx.all(f'SELECT * FROM "{table["name"]}"')  # noqa: S608 - the names are the schema's own
        clear = [value for row in rows for value in tuple(row) if not isinstance(value, bytes)]
        found[f"table {table['name']}"] = repr(clear).encode()
    return found


async def _places(here: World, folder: Path, log: io.StringIO) -> Mapping[str, bytes]:
    """Every place where nothing of it may stand."""
    health = Health(here.store, here.clock, lambda: here.engine.schedule.last_tick, {"memory": lambda: ""})
    with TestClient(Starlette(routes=health.routes())) as client:
        pages = {path: client.get(path).content for path in ("/healthz", "/metrics")}
    Backups(folder / "payung.db", keys(), folder / "backups", 3).make(here.clock.now())
    sent = {f"to {user}": _sent(here.channel, user) for user in (*WRONG, "#kantor", "#forum", "#lain")}
    clear = await here.store.read(_told)
    return {**_files(folder), **pages, **sent, **clear, "log": log.getvalue().encode()}


def _sent(channel: Memory, user: str) -> bytes:
    """All that somebody got, files too."""
    mine = [letter for letter in channel.sent if letter.to.chat == user]
    files = b"".join(letter.attachment.data for letter in mine if letter.attachment)
    return repr([(letter.text, letter.choices) for letter in mine]).encode() + files


def _found(places: Mapping[str, bytes]) -> list[tuple[str, str]]:
    return [
        (place, name)
        for place, content in places.items()
        for name, forms in CANARIES.items()
        if any(form.encode() in content for form in forms)
    ]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log at its lowest level."""
    written = io.StringIO()
    logs.setup("debug", written)
    yield written
    logs.setup("info", io.StringIO())


async def test_nothing_planted_is_found_outside_sealed_columns(tmp_path: Path, log: io.StringIO) -> None:
    async with world(tmp_path) as here:
        await _walk(here)
        kept = await here.store.read(lambda tx: tx.one("SELECT COUNT(*) AS n FROM member")["n"])
        failed = await here.store.read(
            lambda tx: tx.one("SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined'")["n"]
        )
        places = await _places(here, tmp_path, log)
    assert kept == 1, "the registration did not go through: nothing was planted"
    assert failed == 5, "nothing failed: the log was not tried"
    assert {
        "payung.db",
        "payung.db-wal",
        "payung.db-shm",
        "/healthz",
        "/metrics",
        "log",
        "table outbox",
    } <= set(places)
    assert any(name.endswith(".backup") for name in places)
    assert b"failed" in places["log"]
    assert all(places[f"to {user}"] for user in (*WRONG, "#kantor", "#forum"))
    assert _found(places) == []


@pytest.mark.parametrize("leak", sorted(CANARIES))
async def test_one_planted_leak_is_found(tmp_path: Path, log: io.StringIO, leak: str) -> None:
    """The search can fail: a value in a name, which is not sealed, is found in the file and in the table."""
    async with world(tmp_path) as here:
        await here.appoint("bocor", f"Bocor {CANARIES[leak][0]}", Role.TREASURER, PERIAN)
        places = await _places(here, tmp_path, log)
    assert {("table person", leak), ("payung.db-wal", leak)} <= set(_found(places))
