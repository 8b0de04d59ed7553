"""What an operator asks before and after a start: is everything there, is everything right?"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp

from bot import app, backup, gateways, keys, ledger, rules, settings, stencils
from bot.channels.whatsapp_wire import Graph
from bot.clock import SystemClock
from bot.errors import InUse, Misconfigured, SendError
from bot.settings import Settings
from bot.store import copies, inbox, outbox, records, sealed, soundness
from bot.store import stencils as known
from bot.store.database import Store, Tx, open_store
from bot.store.records import Head
from bot.store.vault import open_key_file

#: More than this, and reminders and leases go wrong.
CLOCK_OFF = timedelta(seconds=30)
NO_BACKUP = "nightly backup: none yet"
DEADLINE = 30.0  # seconds for one call to WhatsApp
PATIENCE = aiohttp.ClientTimeout(total=10)

Result = tuple[str, str]  # what was looked at, and what is wrong with it ("" for nothing)


async def everything() -> list[Result]:
    """Each thing looked at, in the order in which an operator would set it right."""
    try:
        found = settings.load()
    except Misconfigured as error:
        return [("settings", line) for line in str(error).splitlines()]
    results = [("settings", ""), _rules(found), _key(found), _database(found.database)]
    if not results[-1][1]:  # the folder of the backups may lie beside it
        results.append(_backups(found))
    return [*results, *await _telegram(found), *await _whatsapp(found)]


def _rules(found: Settings) -> Result:
    try:
        rulebook = rules.load(None, *found.rule_folders)
        for code in found.district_codes:
            rulebook.district(code)
    except Misconfigured as error:
        return "rules", str(error)
    return "rules", ""


def _key(found: Settings) -> Result:
    if found.database.exists() and not found.key_file.exists():
        return (
            "key file",
            f"{found.key_file} is missing: restore it from your sealed copy; a new one opens nothing",
        )
    try:
        open_key_file(found.key_file)
    except Misconfigured as error:
        return "key file", str(error)
    return "key file", app.exposed(found)


def _database(path: Path) -> Result:
    folder = path.parent
    if path.is_dir():
        return "database", f"{path} is a folder: name a file in it"
    if not folder.is_dir():
        return "database", f"the folder {folder} is missing: mkdir -p {folder}"
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return "database", f"{path} is not writable by this user"
    return "database", ""


def _backups(found: Settings) -> Result:
    folder = found.backup_folder
    if folder.exists() and not folder.is_dir():
        return "backups", f"{folder} is not a folder: set PAYUNG_BACKUPS"
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK):
        return "backups", f"{folder} is not writable by this user: set PAYUNG_BACKUPS"
    return "backups", ""


async def _telegram(found: Settings) -> list[Result]:
    token = found.telegram_token.get_secret_value()
    if not token:
        if found.whatsapp_token.get_secret_value():  # WhatsApp alone will do
            return []
        missing = "PAYUNG_TELEGRAM_TOKEN is not set: get one from @BotFather (or set PAYUNG_WHATSAPP_TOKEN)"
        return [("telegram", missing)]
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(f"{found.telegram_api.rstrip('/')}/bot{token}/getMe") as answer,
        ):
            status, date = answer.status, answer.headers.get("Date", "")
    except (TimeoutError, aiohttp.ClientError, ValueError) as error:
        return [
            (
                "telegram",
                f"{found.telegram_api} cannot be reached ({type(error).__name__}): is the network up?",
            )
        ]
    token_problem = (
        "" if status == 200 else f"getMe refused the token (status {status}): ask @BotFather for it again"
    )
    return [("telegram", token_problem), ("clock", _clock(date))]


async def _whatsapp(found: Settings) -> list[Result]:
    """Whether token, number and account fit together, and whether people may be written to first."""
    if not found.whatsapp_token.get_secret_value():
        return []
    access = gateways.access(found)
    graph = Graph(access)
    wrong = gateways.refused
    try:
        number = await graph.number()
        problem = (
            "people block or report our messages (quality RED): send less" if number.quality == "RED" else ""
        )
        wrong = gateways.account_refused
        path = f"/{access.business_id}/message_templates"
        await graph.call("GET", path, DEADLINE, params={"fields": "id", "limit": "1"})
    except SendError as error:
        away = f"{found.whatsapp_api} cannot be reached ({error}): is the network up?"
        problem = wrong(graph.health) or away
    finally:
        await graph.close()
    if graph.health.refused:
        return [("whatsapp", problem)]  # nothing can be submitted before that is mended
    return [("whatsapp", problem), *await _templates(found)]


async def _templates(found: Settings) -> list[Result]:
    """How many of our texts the database knows as approved; a running bot has it for itself."""
    total = len(stencils.IN_PLACE)
    approved = 0
    if found.database.is_file():
        try:
            async with open_store(found.database, open_key_file(found.key_file)) as store:
                approved = await store.read(_approved)
        except InUse:
            return []
        except Misconfigured as error:
            return [("whatsapp templates", str(error))]
    if approved == total:
        return [("whatsapp templates", "")]
    how = "python -m bot templates submit, then templates status"
    return [("whatsapp templates", f"{total - approved} of {total} are not approved: {how}")]


def _approved(tx: Tx) -> int:
    return sum(known.approved(tx, name) for name in stencils.IN_PLACE.values())


def _clock(date: str) -> str:
    """Compare with the server's own clock, as it stands in the answer's Date header."""
    if not date:
        return ""
    theirs = parsedate_to_datetime(date)
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    off = abs(SystemClock().now() - theirs)
    return (
        ""
        if off < CLOCK_OFF
        else f"this machine is {off.total_seconds():.0f} seconds off: switch on time synchronisation"
    )


async def database(store: Store, now: datetime) -> list[str]:
    """The state of an open database, in lines to be read."""

    def look(tx: Tx) -> list[str]:
        wrong = copies.damage(tx)
        broken = records.broken(tx)
        lines = ["database: in order" if not wrong else f"database: DAMAGED: {'; '.join(wrong)}"]
        loose = soundness.wrong(tx, now)
        lines.append("audit chain: holds" if broken is None else f"audit chain: BROKEN at act {broken}")
        lines.append("rows: in order" if not loose else f"rows: WRONG: {'; '.join(loose)}")
        good = backup.last_good(tx)
        lines.append(f"nightly backup: the last good one {inbox.stamp(good)[:16]} UTC" if good else NO_BACKUP)
        if bad := ledger.unreckoned(tx):
            lines.append(f"ledger: {bad} villages could not be reckoned: see the log")
        for name, rows in (("inbox", inbox.waiting(tx)), ("outbox", outbox.waiting(tx))):
            for state, (count, since) in rows.items():
                lines.append(f"{name}: {count} {state}, the oldest since {since[:16]} UTC")
        closed = [f"{scope} until {until[:16]}" for scope, until in outbox.gates(tx, now).items()]
        return [*lines, *(f"gate: {line} UTC" for line in closed)]

    return await store.transact(look)


async def heads(store: Store, told: Sequence[tuple[str, Head]]) -> list[str]:
    """Whether the chain still has the ends that backups and the office's group were told of."""
    wrong = [
        f"audit chain: DIFFERS from {where}: act {head.number} was altered or is missing"
        for where, head in told
        if head.number and not await store.read(lambda tx, h=head: records.agrees(tx, h))  # type: ignore[misc]
    ]
    upto = await store.read(records.forgotten)
    dropped = [where for where, head in told if 0 < head.number <= upto]
    if dropped:  # of these nothing can be held against the chain
        wrong.append(
            f"audit chain: acts up to {upto} were dropped as too old, and the end in {dropped[-1]} with them: "
            "if that is not years ago, somebody wrote into the database"
        )
    if told and not wrong:
        return [f"audit chain: agrees with {len(told)} ends told elsewhere, the last in {told[-1][0]}"]
    return wrong


async def keys_in_use(store: Store, backups: Path) -> list[str]:
    """Which keys are needed and which may go, in lines to be read."""
    usage = await store.read(sealed.usage)
    with copies.in_words("the backups could not be looked at"):
        return keys.report(usage, store.vault, backups)
