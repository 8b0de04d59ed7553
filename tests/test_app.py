"""The program as its operator meets it: the command line, a start that says what is wrong, a quick stop."""

import asyncio
import io
import os
import re
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot import logs
from bot.__main__ import main
from bot.app import STOPS_WITHIN
from bot.store.vault import new_key_file
from tests.fakes.bot_api import TOKEN, BotApi
from tests.needs import PATIENCE

ROOT = Path(__file__).parent.parent
COMMANDS = (
    "run",
    "demo",
    "check",
    "key",
    "backup",
    "restore",
    "invite",
    "villages",
    "rules",
    "doctor",
    "incident",
)
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}\b")


class Operator:
    """Somebody at a terminal, in a folder with a key, with these settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        new_key_file(folder / "keys" / "payung.key")
        self.environment = {
            "PAYUNG_DATABASE": str(folder / "data" / "payung.db"),
            "PAYUNG_KEY_FILE": str(folder / "keys" / "payung.key"),
            "PAYUNG_DISTRICTS": "64.02",
            "PAYUNG_PORT": str(free_port()),
        }

    def runs(self, *words: str, **settings: str) -> Result:
        """The outcome of `python -m bot …`."""
        environment = self.environment | {f"PAYUNG_{name}": value for name, value in settings.items()}
        result = CliRunner().invoke(main, list(words), env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result

    async def starts(self, *words: str, **settings: str) -> Process:
        """The same as a process of its own."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environment}
        environment |= {f"PAYUNG_{name}": value for name, value in settings.items()}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=self.folder, env=environment, stdout=PIPE, stderr=PIPE
        )


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """No `.env` of this machine is read."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator who has done what the guide says."""
    with inside(tmp_path):
        yield Operator(tmp_path)


def problems(result: Result) -> list[str]:
    """The lines of `check` that tell of a problem."""
    return [line for line in result.output.splitlines() if line.startswith("PROBLEM")]


# -- commands --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS), ("rules", "check")], ids=" ".join)
def test_each_command_says_what_it_does(operator: Operator, words: tuple[str, ...]) -> None:
    result = operator.runs(*words, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def test_a_code_for_the_first_administrator_is_printed_once(operator: Operator) -> None:
    first, second = (CODE.search(operator.runs("invite", "--district", "64.02").output) for _ in range(2))
    assert first
    assert second
    assert first[0] != second[0]


@pytest.mark.parametrize("district", ["99.99", "61.08", "64", "", "x", "64.02.01"])
def test_a_code_for_a_district_that_is_not_served_is_refused(operator: Operator, district: str) -> None:
    result = operator.runs("invite", "--district", district)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_the_villages_of_a_district_are_loaded_and_counted(operator: Operator) -> None:
    for _ in range(2):
        assert "193 villages of 64.02" in operator.runs("villages", "64.02").output


@pytest.mark.parametrize("district", ["99.99", "64", "64.02.01", "x", "' OR 1=1", "../../etc"])
def test_villages_of_what_is_no_district_are_refused(operator: Operator, district: str) -> None:
    result = operator.runs("villages", district)
    assert result.exit_code == 1
    assert "no district" in result.output


def test_a_key_is_made_where_it_is_wanted_and_never_twice(operator: Operator, tmp_path: Path) -> None:
    assert operator.runs("key", str(tmp_path / "new" / "a.key")).exit_code == 0
    assert operator.runs("key", str(tmp_path / "new" / "a.key")).exit_code == 1
    assert operator.runs("key").exit_code == 1


def test_the_rules_are_in_order(operator: Operator) -> None:
    assert "in order" in operator.runs("rules", "check").output


def test_a_district_lays_its_own_rules_over_ours_and_a_wrong_row_is_named(
    operator: Operator, tmp_path: Path
) -> None:
    folder = tmp_path / "own rules"
    folder.mkdir()
    row = """[[programme_set]]
district = "64.02"
category = "rt"
programmes = ["jkk", "jkm"]
segment = "BPU"
effective_from = 2027-01-01
source = "Perbup"
certainty = "V"
"""
    (folder / "kukar.toml").write_text(row)
    assert "5 programme_set" in operator.runs("rules", "check", RULES=str(folder)).output
    (folder / "kukar.toml").write_text(row.replace('"rt"', '"ert"'))
    wrong = operator.runs("rules", "check", RULES=str(folder))
    assert wrong.exit_code == 1
    assert "kukar.toml, [[programme_set]] row 1: there is no category 'ert'" in wrong.output


def test_the_doctor_finds_nothing(operator: Operator) -> None:
    operator.runs("villages", "64.02")
    result = operator.runs("doctor")
    assert result.exit_code == 0
    assert "in order" in result.output
    assert "holds" in result.output


@pytest.mark.parametrize("damage, told", [
    ("UPDATE outbox SET unknowns = 2", "risked too often: rencana"),
    ("UPDATE outbox SET status = 'lost'", "in no state: outbox 1"),
    ("DELETE FROM outbox", "planned, and no message: reminder:PU:64.02.01.2001:2026-11:h-7:1"),
    ("INSERT INTO official (person, role, district, since) VALUES (99, 'admin', '64.02', '2026-01-01')",
     "refers to nothing: official"),
])  # fmt: skip
def test_the_doctor_names_rows_that_do_not_hold(operator: Operator, damage: str, told: str) -> None:
    operator.runs("villages", "64.02")
    at = "2026-11-23T00:00:00.000000+00:00"
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        db.execute(
            "INSERT INTO outbox (key, channel, chat, thread, lane, kind, template, body, public, repeatable, reason, "
            "status, not_before, expires_at, created_at) VALUES ('reminder:PU:64.02.01.2001:2026-11:h-7:1', "
            "'telegram', '1', '', 2, 'text', '', x'', 0, 0, '', 'sent', ?, '', ?)", (at, at)
        )  # fmt: skip
        db.execute(
            "INSERT INTO plan VALUES ('reminder', 'PU', '64.02.01.2001', '2026-11', 'h-7', 1, ?, 'queued')",
            (at,),
        )
    assert "rows: in order" in operator.runs("doctor", NOW=at).output
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        db.execute(damage)
    assert f"rows: WRONG: {told.replace('rencana', 'reminder:PU')}" in operator.runs("doctor", NOW=at).output


def test_the_doctor_names_the_act_that_was_altered(operator: Operator) -> None:
    for _ in range(3):
        operator.runs("invite", "--district", "64.02")
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        db.execute("UPDATE audit SET object = 'x' WHERE seq = 2")
    assert "BROKEN at act 2" in operator.runs("doctor").output


def test_the_doctor_names_the_acts_that_are_missing_at_the_end(operator: Operator) -> None:
    for _ in range(3):
        operator.runs("invite", "--district", "64.02")
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        db.execute("DELETE FROM audit WHERE seq >= 2")
    assert "BROKEN at act 2" in operator.runs("doctor").output


def test_the_doctor_holds_the_chain_against_backups_and_the_line_in_the_group(operator: Operator) -> None:
    """A chain that was written anew holds by itself: what others were told of its end does not agree."""
    for _ in range(3):
        operator.runs("invite", "--district", "64.02")
    operator.runs("backup")
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        code = db.execute(
            "SELECT seq || '-' || substr(lower(hex(hash)), 1, 12) FROM audit ORDER BY seq DESC"
        ).fetchone()[0]
    assert "agrees with 2 ends" in operator.runs("doctor", "--code", code).output
    with closing(sqlite3.connect(operator.environment["PAYUNG_DATABASE"])) as db, db:
        db.execute("DELETE FROM audit")
        db.execute("DELETE FROM meta WHERE name = 'audit.head'")
    for _ in range(3):
        operator.runs("invite", "--district", "64.02")
    told = operator.runs("doctor", "--code", code).output
    assert "audit chain: holds" in told
    assert told.count("DIFFERS") == 2
    assert f"DIFFERS from the line {code}: act 3" in told
    assert "looks like" in operator.runs("doctor", "--code", "x").output


def test_the_doctor_tells_of_a_damaged_file(operator: Operator) -> None:
    operator.runs("villages", "64.02")
    path = Path(operator.environment["PAYUNG_DATABASE"])
    content = bytearray(path.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    path.write_bytes(content)
    result = operator.runs("doctor")
    assert "DAMAGED" in result.output or result.exit_code == 1


def test_a_backup_is_made_and_comes_back(operator: Operator) -> None:
    operator.runs("villages", "64.02")
    made = operator.runs("backup", "mine.backup", NOW="2026-11-22T02:00:00+00:00")
    assert made.exit_code == 0, made.output
    assert "Backup written to mine.backup" in made.output
    path = Path(operator.environment["PAYUNG_DATABASE"])
    path.unlink()
    done = operator.runs("restore", "mine.backup", NOW="2026-11-23T08:30:00+00:00")
    assert done.exit_code == 0, done.output
    assert re.search(r"193 village$", done.output, re.MULTILINE)
    assert "made at 2026-11-22T02:00 UTC" in done.output
    assert "holds" in operator.runs("doctor").output
    assert operator.runs("restore", "mine.backup").exit_code == 1
    looked = operator.runs("restore", "mine.backup", "--into", "look.db")
    assert "Restored to look.db" in looked.output
    again = operator.runs("restore", "mine.backup", "--replace", NOW="2026-11-23T09:00:00+00:00")
    assert f"{path}.before-2026-11-23T0900" in again.output


def test_a_backup_is_named_by_its_time_in_the_folder_of_the_backups(operator: Operator) -> None:
    operator.runs("villages", "64.02")
    operator.runs("backup", NOW="2026-11-22T02:00:00+00:00")
    for hour in range(3, 6):
        operator.runs("backup", NOW=f"2026-11-22T0{hour}:00:00+00:00", BACKUPS="disk", BACKUP_KEEP="2")
    assert [p.name for p in Path("data/backups").iterdir()] == ["payung-2026-11-22T0200Z.backup"]
    assert len(list(Path("disk").iterdir())) == 2


@pytest.mark.parametrize(
    "words",
    [("backup",), ("backup", "elsewhere/x.backup"), ("restore", "missing"), ("restore", "keys/payung.key"),
     ("restore", "missing", "--into", "data")],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_saved_or_restored_is_told_in_one_line(
    operator: Operator, words: tuple[str, ...]
) -> None:
    result = operator.runs(*words)
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert not Path(operator.environment["PAYUNG_DATABASE"]).exists()


# -- what is wrong, in one line each ---------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("check",), ("run",), ("invite", "--district", "64.02"), ("doctor",), ("demo",)], ids=" ".join
)
def test_every_wrong_setting_is_told_by_every_command(operator: Operator, words: tuple[str, ...]) -> None:
    result = operator.runs(*words, PORT="seventy", LOG_LEVEL="loud")
    assert result.exit_code == 1
    assert "PAYUNG_PORT" in result.output
    assert "PAYUNG_LOG_LEVEL" in result.output


BROKEN: Mapping[str, tuple[dict[str, str], str]] = {
    "no token": ({"TELEGRAM_TOKEN": ""}, "PAYUNG_TELEGRAM_TOKEN"),
    "no server": ({"TELEGRAM_API": "http://127.0.0.1:1"}, "cannot be reached"),
    "no address": ({"TELEGRAM_API": "nonsense"}, "cannot be reached"),
    "no key": ({"KEY_FILE": "keys/other.key"}, "python -m bot key"),
    "no folder": ({"DATABASE": "elsewhere/payung.db"}, "mkdir -p"),
    "no such district": ({"DISTRICTS": "99.99"}, "99.99"),
    "no district": ({"DISTRICTS": " , "}, "PAYUNG_DISTRICTS"),
    "key beside the data": ({"DATABASE": "keys/payung.db"}, "beside the database"),
    "a folder as key": ({"KEY_FILE": "data"}, "data"),
    "a folder as database": ({"DATABASE": "data"}, "data"),
    "backups in a file": ({"BACKUPS": "keys/payung.key"}, "PAYUNG_BACKUPS"),
    "key among the backups": ({"BACKUPS": "keys"}, "copies the backups"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_check_tells_each_problem_in_one_line(operator: Operator, name: str) -> None:
    settings, told = BROKEN[name]
    result = operator.runs(
        "check", **{"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": "http://127.0.0.1:1", **settings}
    )
    assert result.exit_code == 1
    assert len([line for line in problems(result) if told in line]) == 1
    assert TOKEN not in result.output
    assert len(problems(result)) <= 2  # its own, and that nobody answers on port 1


async def test_check_asks_the_platform_whether_the_token_works(operator: Operator) -> None:
    async with BotApi() as api:
        good, bad = [
            await asyncio.to_thread(operator.runs, "check", TELEGRAM_TOKEN=token, TELEGRAM_API=api.address)
            for token in (TOKEN, TOKEN[:-3])
        ]
    assert good.exit_code == 0, good.output
    assert [line.split(":")[0] for line in problems(bad)] == ["PROBLEM telegram"]
    assert TOKEN[:-3] not in bad.output


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in BROKEN
        if name.startswith(("no ", "a ")) and "cannot be reached" not in BROKEN[name][1]
    ],
)
def test_a_start_that_cannot_succeed_says_why_and_ends(operator: Operator, name: str) -> None:
    settings, told = BROKEN[name]
    try:
        result = operator.runs(
            "run", **{"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": "http://127.0.0.1:1", **settings}
        )
    finally:
        logs.setup("info", io.StringIO())
    assert result.exit_code == 1
    assert told.replace("mkdir -p", "folder") in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.slow
async def test_a_process_that_cannot_start_ends(operator: Operator) -> None:
    child = await operator.starts("run", TELEGRAM_TOKEN="", TELEGRAM_API="http://127.0.0.1:1")
    try:
        out, log = await asyncio.wait_for(child.communicate(), PATIENCE)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    assert child.returncode == 1
    assert b"PAYUNG_TELEGRAM_TOKEN" in log
    assert b"Traceback" not in out + log


# -- the running program ---------------------------------------------------------------------


@asynccontextmanager
async def running(operator: Operator, api: BotApi) -> AsyncIterator[Process]:
    """The bot, polling; killed at the end if it still runs."""
    api.polled.clear()
    child = await operator.starts("run", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.address)
    try:
        async with asyncio.timeout(PATIENCE):
            await api.polled.wait()
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def stopped(child: Process, number: signal.Signals = signal.SIGTERM) -> tuple[float, bytes]:
    """How many seconds the stop took, and what was written meanwhile."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    child.send_signal(number)
    out, log = await asyncio.wait_for(child.communicate(), PATIENCE)
    return loop.time() - begun, out + log


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_an_idle_bot_stops_at_once(operator: Operator, number: signal.Signals) -> None:
    async with BotApi() as api, running(operator, api) as child:
        seconds, written = await stopped(child, number)
    assert child.returncode == 0
    assert seconds < STOPS_WITHIN  # it was not stopped by its own patience
    assert b"Traceback" not in written


@pytest.mark.slow
async def test_a_busy_bot_stops_within_ten_seconds_and_goes_on_where_it_was(operator: Operator) -> None:
    async with BotApi() as api:
        async with running(operator, api) as child:
            api.fault(method="sendMessage", times=None, hang=600)
            for chat in range(7001, 7021):
                api.people.say("halo", chat=chat)
            async with asyncio.timeout(PATIENCE):
                await api.faults.struck.wait()
            _, written = await stopped(child)
        assert child.returncode == 0
        assert STOPS_WITHIN < 10  # and what a busy machine adds to it is not the program's
        assert b"Traceback" not in written
        api.faults.active.clear()
        async with running(operator, api) as child:
            await _all_answered(api, 20)
            await stopped(child)
    copies = [sum(call["chat"] == str(chat) for call in api.sent) for chat in range(7001, 7021)]
    assert max(copies) <= 3
    assert min(copies) >= 1


async def _all_answered(api: BotApi, people: int) -> None:
    """Wait until everybody got something; a fault without effect rings for each who is still waiting."""
    answered = {call["chat"] for call in api.sent}
    for chat in range(7001, 7001 + people):
        if str(chat) not in answered:
            api.fault(method="sendMessage", chat=chat)
    async with asyncio.timeout(PATIENCE):
        while any(fault.chat is not None for fault in api.faults.active):
            api.faults.struck.clear()
            await api.faults.struck.wait()


@pytest.mark.slow
async def test_a_network_that_stumbles_at_the_start_ends_nothing(operator: Operator) -> None:
    async with BotApi() as api:
        for method in ("setMyCommands", "deleteWebhook"):
            api.fault(method=method, times=1, status=502, description="Bad Gateway")
        async with running(operator, api) as child:
            api.people.say("halo", chat=7001)
            await _all_answered(api, 1)
            _, written = await stopped(child)
        assert child.returncode == 0
        assert b"Traceback" not in written
        assert not api.faults.active


@pytest.mark.slow
async def test_a_bot_that_was_killed_loses_nothing(operator: Operator) -> None:
    async with BotApi() as api:
        async with running(operator, api) as child:
            for chat in range(7001, 7041):
                api.people.say("halo", chat=chat)
            child.kill()
        async with running(operator, api) as child:
            await _all_answered(api, 40)
            await stopped(child)
    assert child.returncode == 0


@pytest.mark.slow
async def test_a_backup_is_made_beside_a_running_bot_and_none_is_restored_under_it(
    operator: Operator,
) -> None:
    async with BotApi() as api, running(operator, api) as child:
        made = await asyncio.to_thread(operator.runs, "backup", "mine.backup")
        refused = await asyncio.to_thread(operator.runs, "restore", "mine.backup", "--replace")
        assert made.exit_code == 0, made.output
        assert refused.exit_code == 1
        assert "stop it first" in refused.output
        await stopped(child)
        assert child.returncode == 0
    assert operator.runs("restore", "mine.backup", "--replace").exit_code == 0


@pytest.mark.slow
async def test_a_second_bot_on_the_same_data_ends_with_one_sentence(operator: Operator) -> None:
    async with BotApi() as api, running(operator, api) as first:
        second = await operator.starts("run", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.address)
        out, told = await asyncio.wait_for(second.communicate(), PATIENCE)
        assert second.returncode == 1
        assert b"another process has" in told
        assert b"stop it first" in told
        assert [call["method"] for call in api.calls].count(
            "deleteWebhook"
        ) == 1  # the second spoke to nobody
        assert b"Traceback" not in out + told
        await stopped(first)
        assert first.returncode == 0


def options(command: click.Command) -> Iterator[str]:
    """The names of everything that can be given to a command and those below it."""
    yield from (name for param in command.params for name in (*param.opts, param.name or ""))
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from options(below)


def test_no_command_takes_a_secret_on_its_line() -> None:
    found = set(options(main))
    assert {"--district", "--into", "--number"} & found
    assert {name for name in found if re.search("token|secret|password|pin$", name)} == set()


@pytest.mark.parametrize(
    "words",
    [("run", TOKEN), ("--token", TOKEN), ("run", f"--telegram-token={TOKEN}"), ("key", TOKEN),
     ("check", "EAAG" + "x1" * 40), ("run", f"PAYUNG_TELEGRAM_TOKEN={TOKEN}")],
)  # fmt: skip
def test_a_token_on_the_line_is_refused_and_not_repeated(operator: Operator, words: tuple[str, ...]) -> None:
    result = operator.runs(*words, TELEGRAM_TOKEN=TOKEN)
    assert result.exit_code != 0
    assert "everybody on this machine can read the command line" in result.output
    assert max(words, key=len)[-20:] not in result.output
    assert len(result.output.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "demo"])
async def test_a_port_that_is_taken_is_told_in_one_sentence(operator: Operator, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(operator.environment["PAYUNG_PORT"])))
        taken.listen()
        async with BotApi() as api:
            child = await operator.starts(command, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.address)
            out, told = await asyncio.wait_for(child.communicate(), PATIENCE)
    assert child.returncode == 1
    assert b"PAYUNG_PORT" in told
    assert b"Traceback" not in out + told


@pytest.mark.slow
async def test_the_token_is_never_written_anywhere(operator: Operator) -> None:
    async with BotApi() as api:
        api.fault(method="getUpdates", times=3, status=502, description="Bad Gateway")
        api.fault(method="sendMessage", times=1, drop=True)
        async with running(operator, api) as child:
            api.people.say("halo")
            await _all_answered(api, 1)
            _, written = await stopped(child)
    files = [path.read_bytes() for path in operator.folder.rglob("*") if path.is_file()]
    assert all(TOKEN.encode() not in content for content in (written, *files))
