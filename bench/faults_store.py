"""F8 to F12: the clock, the disk, the lock, the backup, the caller who is gone."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import keys, officers
from bench.faults_network import on_telegram
from bench.rig import Rig
from bench.verdicts import Verdict
from bot.backup import Backups, restore
from bot.domain.months import Month
from bot.errors import Misconfigured
from bot.store import records, soundness
from bot.store.database import Tx, open_store
from bot.store.vault import open_key_file

FLIPS, CANCELS = 400, 1000
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
#: Where the clock stands and where it jumps to; then it is set right again.
JUMPS = (DAY, -30 * MINUTE, -DAY, 7 * DAY, timedelta(days=365))
EDGES = (datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), datetime(2028, 2, 29, 1, tzinfo=UTC))


async def f8(here: Rig) -> Verdict:
    """Ten days of reminders while the clock is set forward, back, and to odd days and right again."""
    dice, jumps = random.Random(3), [*JUMPS, *EDGES]
    day = here.clock.now()
    for number in range(40):  # every six hours, near the hours in which reminders leave
        day += timedelta(hours=6)
        if number % 5 == 2 and jumps:
            odd = jumps.pop(0)
            here.clock.move(odd if isinstance(odd, datetime) else day + odd)
            await here.engine.schedule.tick()
        here.clock.move(day + timedelta(seconds=dice.randrange(600)))
        await here.engine.schedule.tick()
        await here.until_done(10 * MINUTE, MINUTE)
    sent = Counter((call["chat"], str(call["params"]["text"])) for call in here.api.sent)
    twice = sum(times > 1 for times in sent.values())
    stages = await here.store.read(lambda tx: tx.all(_STAGES))
    wrong = await here.store.read(lambda tx: soundness.wrong(tx, here.clock.now()))
    outcomes = Counter(row["outcome"].partition(":")[0] for row in stages)
    months = {row["period"] for row in stages}
    return Verdict(
        "no reminder twice; what was missed is noted; months begin where the district lies",
        f"{len(JUMPS) + len(EDGES)} jumps, {sum(sent.values())} messages, {twice} twice, plans {dict(outcomes)}, "
        f"{_months()} midnights right",
        wrong=twice + len(wrong) + (not months) + (_months() != 6), stuck=await here.left(),
    )  # fmt: skip


_STAGES = "SELECT period, outcome FROM plan WHERE kind = 'reminder'"


def _months() -> int:
    """31 December, 23.59.59 and a second later, in three zones: the month is that of the zone."""
    right = 0
    for hours in (7, 8, 9):
        last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC) - timedelta(hours=hours)
        zone = timedelta(hours=hours)
        for moment, month in ((last, Month(2026, 12)), (last + timedelta(seconds=1), Month(2027, 1))):
            right += Month.of((moment + zone).date()) == month
    return right


async def f9(here: Rig) -> Verdict:
    """The disk is full at half of all commits, then fails for a while; officers write all the time."""
    await here.passes(MINUTE)
    people = 30
    for number in range(people):
        here.api.people.say(f"status X{number}", chat=officers.FIRST_CHAT + number)
    for _ in range(20):
        here.disk.fail(3)
        await asyncio.sleep(2)
    left = here.disk.left
    here.disk.left = 0
    freed = asyncio.get_running_loop().time()
    while (here.api.state.updates or await here.left()) and asyncio.get_running_loop().time() - freed < 60:
        await here.flows(0.5)
    took = asyncio.get_running_loop().time() - freed
    answered = len(here.answers)
    events = await here.count("SELECT COUNT(*) FROM inbox WHERE state = 'done'")
    wrong = await here.store.read(lambda tx: soundness.wrong(tx, here.clock.now()))
    twice = sum(n > 1 for n in Counter((c["chat"], str(c["params"]["text"])) for c in here.api.sent).values())
    return Verdict(
        "nothing half, nothing lost, all answered within ten seconds without a restart",
        f"{here.disk.struck} transactions failed ({left} more would have), {events} of {people} events, {answered} "
        f"answered, {twice} twice, done {took:.0f} s after it was freed",
        lost=people - answered, wrong=len(wrong) + twice, stuck=int(took > 10) + await here.left(),
    )  # fmt: skip


async def f10(here: Rig) -> Verdict:
    """Another program holds the database for thirty seconds; then it is vacuumed while officers write."""
    await here.store.transact(lambda tx: tx.one("PRAGMA busy_timeout=5") and None)
    people = 20
    with closing(sqlite3.connect(here.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(people):
            here.api.people.say(f"status X{number}", chat=officers.FIRST_CHAT + number)
        await asyncio.sleep(30)
        before = len(here.api.state.updates)
        other.execute("ROLLBACK")
        freed = asyncio.get_running_loop().time()
        with suppress(sqlite3.OperationalError):
            other.execute("VACUUM")
    while (here.api.state.updates or await here.left()) and asyncio.get_running_loop().time() - freed < 90:
        await here.flows(0.5)
    took = asyncio.get_running_loop().time() - freed
    answered = len(here.answers)
    return Verdict(
        "nothing confirmed that is not kept, no loss, at work again within thirty seconds",
        f"{before} of {people} kept at the platform meanwhile, {answered} answered, {took:.0f} s after it was freed",
        lost=people - answered, wrong=int(before != people), stuck=int(took > 31),
    )  # fmt: skip


def f11(_made: Path, folder: Path) -> Verdict:
    """Backups with one bit flipped, cut off, under another key; and what a restored one sends."""
    officers.make_key(folder)
    path, key = officers.paths(folder)
    vault = open_key_file(key)

    async def fill() -> None:
        async with open_store(path, vault) as store:
            await store.transact(lambda tx: keys.fill(tx, 4))
            await store.transact(_waiting)

    asyncio.run(fill())
    made = Backups(path, vault, folder / "backups", 3).make(keys.NOW).path
    to = folder / "to"
    to.mkdir()
    refused = keys.flipped(made, to, vault, FLIPS)
    whole = made.read_bytes()
    cut = sum(_refused(to, whole[: len(whole) * part // 20], vault) for part in range(20))
    done = restore(made, to / "back.db", vault, keys.NOW + DAY, replace=False)
    return Verdict(
        "each refused with nothing restored; a restored one sends nothing old",
        f"{refused} of {FLIPS} flipped, {cut} of 20 cut, {done.calmed.messages} old messages cancelled",
        wrong=FLIPS - refused + 20 - cut, leaked=int(done.calmed.messages != OLD),
    )  # fmt: skip


OLD = 40  # messages that waited when the backup was made


def _waiting(tx: Tx) -> None:
    tx.run("UPDATE outbox SET status = 'ready' WHERE id <= :old", old=OLD)


def _refused(to: Path, content: bytes, vault: object) -> int:
    (to / "x.backup").write_bytes(content)
    try:
        restore(to / "x.backup", to / "x.db", vault, keys.NOW, replace=True)  # type: ignore[arg-type]
    except Misconfigured:
        return int(not (to / "x.db").exists())
    return 0


def f12(_made: Path, folder: Path) -> Verdict:
    """A thousand callers are cancelled at a point drawn by chance, over the store with its own thread."""
    officers.make_key(folder)
    path, key = officers.paths(folder)
    return asyncio.run(_cancelled(path, key))


async def _cancelled(path: Path, key: Path) -> Verdict:
    dice, opened = random.Random(4), 0
    async with open_store(path, open_key_file(key)) as store:
        for number in range(CANCELS):
            wait = asyncio.ensure_future(store.transact(lambda tx, n=number: _two(tx, n)))  # type: ignore[misc]
            for _ in range(dice.randrange(4)):
                await asyncio.sleep(0)
            wait.cancel()
            await asyncio.gather(wait, return_exceptions=True)
        kept = await store.transact(lambda tx: {row[0] for row in tx.all("SELECT name FROM meta")})
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE").execute("ROLLBACK")
            except sqlite3.OperationalError:
                opened = 1
    half = len({n[1:] for n in kept if n[0] == "a"} ^ {n[1:] for n in kept if n[0] == "b"})
    return Verdict(
        "no open transaction, no half work",
        f"{CANCELS} cancelled, {sum(n[0] == 'a' for n in kept)} of them done all the same, {half} half, {opened} open",
        wrong=half, stuck=opened,
    )  # fmt: skip


def _two(tx: Tx, number: int) -> None:
    records.put(tx, f"a{number}", "")
    records.put(tx, f"b{number}", "")


SCENARIOS: dict[str, Callable[[Path, Path], Verdict]] = {
    "F8": on_telegram(f8), "F9": on_telegram(f9), "F10": on_telegram(f10), "F11": f11, "F12": f12,
}  # fmt: skip
