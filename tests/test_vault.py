"""What can identify a person is sealed: on disk, against another key, against being moved."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import logs
from bot.channels import memory
from bot.domain.offices import Role
from bot.errors import Misconfigured
from bot.inbox import TRIES, Inbox
from bot.messages import Outgoing
from bot.routing import ANYONE, Table, anything
from bot.store.vault import Vault, new_key_file, open_key_file
from bot.turns import Handler, Turn
from tests.world import PERIAN, World, rulebook, vault, world

NIK, PHONE, MOTHER, WAGE = "6402015708850003", "81234567890", "Kartinawati", "2487913"
ANSWERS = (
    "daftar", "Siti Aminah", NIK, "benar", "Tenggarong", MOTHER, f"0{PHONE}", "kasi pelayanan", WAGE,
    "2 januari 2024",
)  # fmt: skip


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("saved", [True, False])
async def test_no_personal_value_stands_readable_in_any_file(tmp_path: Path, *, saved: bool) -> None:
    async with world(tmp_path) as here:
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        for answer in (*ANSWERS, "simpan") if saved else ANSWERS:
            letters = await here.says("darma", answer)
        assert ("tersimpan" in letters[-1].text) is saved
        open_files = _files(tmp_path)
    assert {"payung.db", "payung.db-wal"} <= set(open_files)
    for name, content in (*open_files.items(), *_files(tmp_path).items()):
        found = [value for value in (NIK, PHONE, MOTHER, WAGE) if value.encode() in content]
        assert found == [], name


CANARIES = (NIK, "6402 0157", PHONE, MOTHER, WAGE, "2.487.913")


def _silent(_turn: Turn) -> list[Outgoing]:
    """A handler with a bug."""
    raise ZeroDivisionError


def _quoting(turn: Turn) -> list[Outgoing]:
    """A handler with a bug whose error quotes what the person wrote."""
    return [turn.reply("status/no_such_person", name=str(int(f"x{turn.incoming.text}")))]


async def _walk(here: World, bug: Handler) -> None:
    """A whole registration, a question about it, the group's recap, and a handler that fails."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.open_room("#kantor", "64.02", "office")
    await here.open_room("#forum", "64.02", "forum")
    for answer in (*ANSWERS, "simpan", "siti aminah", "status", "tagihan", "sudah bayar"):
        await here.says("darma", answer)
    await here.presses("darma", "Ya, November 2026")
    for room in ("#kantor", "#forum"):
        await here.says("yuni", "/rekap", chat=room)
        await here.says("darma", NIK, chat=room)
    broken = Table((anything(bug, needs=ANYONE),), (), bug)
    failing = Inbox(here.store, here.clock, broken, rulebook(), {memory.NAME: here.channel.parse})
    said = [
        memory.arrival("darma", here.clock.now(), n, text=t)
        for n, t in enumerate((NIK, PHONE, MOTHER, WAGE), 900)
    ]
    await failing.accept(said)
    for _ in range(4 * TRIES):
        await failing.once()
        here.clock.move(here.clock.now() + timedelta(seconds=5))
    await here.engine.settle()


@pytest.mark.parametrize(
    "bug",
    [
        _silent,
        _quoting,
    ],
)
async def test_nothing_personal_reaches_a_file_a_log_a_group_or_the_acts(
    tmp_path: Path, bug: Handler
) -> None:
    written = io.StringIO()
    logs.setup("debug", written)
    try:
        async with world(tmp_path) as here:
            await _walk(here, bug)
            kept = _files(tmp_path)
            acts = await here.store.transact(lambda tx: [dict(r) for r in tx.all("SELECT * FROM audit")])
            failed = "SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'"
            assert await here.store.transact(lambda tx: tx.one(failed)[0]) == 4
            groups = "\n".join(letter.text for letter in here.channel.sent if letter.to.chat.startswith("#"))
    finally:
        logs.setup("info", io.StringIO())
    assert {"payung.db", "payung.db-wal", "payung.db-shm"} <= set(kept)
    assert {act["action"] for act in acts} >= {"register", "report_payment"}
    places = {**kept, **_files(tmp_path), "log": written.getvalue().encode(), "acts": str(acts).encode()}
    places["groups"] = groups.encode()
    assert "Rekap" in groups
    assert "failed" in written.getvalue()
    found = [
        (name, canary)
        for name, content in places.items()
        for canary in CANARIES
        if canary.encode() in content
    ]
    assert found == []


def test_a_sealed_value_opens_again() -> None:
    keys = vault()
    for text in ("", NIK, "Siti Aminah 😀", "x" * 100_000):
        assert keys.open("member.nik", keys.seal("member.nik", text)) == text
    assert keys.open_json("draft.body", keys.seal_json("draft.body", {"é": [1, None]})) == {"é": [1, None]}


def test_equal_texts_are_sealed_differently_and_indexed_equally() -> None:
    keys = vault()
    assert keys.seal("member.nik", NIK) != keys.seal("member.nik", NIK)
    assert keys.index("member.nik", NIK) == keys.index("member.nik", NIK)
    assert keys.index("member.nik", NIK) != keys.index("member.kpj", NIK)
    assert keys.index("member.nik", NIK) != vault().index("member.nik", NIK)


def test_a_value_moved_to_another_column_does_not_open() -> None:
    keys = vault()
    with pytest.raises(Misconfigured, match=r"member\.details does not open"):
        keys.open("member.details", keys.seal("member.nik", NIK))


def test_another_key_opens_nothing_and_quotes_nothing() -> None:
    with pytest.raises(Misconfigured) as refused:
        vault().open("member.nik", vault().seal("member.nik", NIK))
    assert NIK not in str(refused.value)


@pytest.mark.parametrize("place", [1, 17, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    keys = vault()
    sealed = bytearray(keys.seal("member.nik", NIK))
    sealed[place] ^= 1
    with pytest.raises(Misconfigured):
        keys.open("member.nik", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(16), b"\x09" + bytes(40)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(Misconfigured):
        vault().open("member.nik", sealed)


def test_old_keys_still_open_and_the_newest_seals() -> None:
    first, second, index = bytes(range(64)), bytes(range(64, 128)), bytes(32)
    old = Vault({1: first}, index).seal("member.nik", NIK)
    ring = Vault({1: first, 2: second}, index)
    assert ring.open("member.nik", old) == NIK
    assert ring.seal("member.nik", NIK)[0] == 2
    with pytest.raises(Misconfigured, match="has no key"):
        Vault({1: first}, index).open("member.nik", ring.seal("member.nik", NIK))


def test_a_new_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "payung.key"
    new_key_file(path)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misconfigured, match="never overwritten"):
        new_key_file(path)
    assert path.read_bytes() == before


def test_the_same_key_file_opens_what_it_sealed(tmp_path: Path) -> None:
    path = tmp_path / "payung.key"
    new_key_file(path)
    assert open_key_file(path).open("a.b", open_key_file(path).seal("a.b", NIK)) == NIK


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "payung.key"
    new_key_file(path)
    path.chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        open_key_file(path)


_GOOD = {"keys": {"1": "ab" * 64}, "index": "cd" * 32}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps({**_GOOD, "keys": {}}),
        json.dumps({**_GOOD, "keys": {"1": "ab"}}),
        json.dumps({**_GOOD, "keys": {"one": "ab" * 64}}),
        json.dumps({**_GOOD, "keys": ["ab" * 64]}),
        json.dumps({**_GOOD, "keys": {"300": "ab" * 64}}),
        json.dumps({**_GOOD, "index": ""}),
        json.dumps({**_GOOD, "index": None}),
        "\ufffd\x00",
    ],
)
def test_a_damaged_key_file_is_told_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "payung.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(Misconfigured, match="damaged"):
        open_key_file(path)


def test_a_key_file_that_is_not_there_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="python -m bot key"):
        open_key_file(tmp_path / "payung.key")


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        open_key_file(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured):
        new_key_file(tmp_path / "file" / "payung.key")


def test_a_name_is_the_same_each_time_and_only_its_vault_reads_it() -> None:
    ours, other = vault(), vault()
    name = ours.conceal("6281234567890")
    assert name == ours.conceal("6281234567890") != other.conceal("6281234567890")
    assert ours.reveal(name) == "6281234567890" not in name
    changed = name[:-2] + ("AA" if not name.endswith("AA") else "BB")
    for strange in ("", "abc", changed, name + "A", "é"):
        with pytest.raises(ValueError, match="not a name"):
            ours.reveal(strange)
    with pytest.raises(ValueError, match="not a name"):
        other.reveal(name)
