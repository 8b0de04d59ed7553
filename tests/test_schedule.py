"""What falls due is planned once, however the clock jumps and however often the process starts."""

import asyncio
import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import ledger
from bot.channels import memory
from bot.channels.memory import Memory
from bot.delivery import COPIES, LEASE
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.engine import build
from bot.errors import TryLater, Unsure
from bot.forms import Progress
from bot.messages import Address, Choice, Incoming, Lane, Letter, Outgoing
from bot.schedule import Planner, Schedule, ticking
from bot.store import drafts, inbox, jobs, members, outbox, payments, records, reminding
from bot.store.database import Tx
from handlers import planners
from tests.world import PERIAN, START, World, rulebook

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
SITI = Address(memory.NAME, "siti")


def wita(day: int, hour: int, month: int = 12) -> datetime:
    """A moment in Kutai Kartanegara."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - 8 * HOUR


async def insured(here: World, village: str = PERIAN) -> None:
    """Somebody is insured in the village since before November."""
    position = rulebook().positions[7]
    new = members.New(
        village, "Siti Aminah", "6402015708850003", {"wage": 2_022_200}, position.category, position.code,
        date(2024, 1, 2), date(2026, 11, 1),
    )  # fmt: skip

    def register(tx: Tx) -> None:
        assert members.add(tx, new, None, START)
        ledger.refresh(tx, rulebook(), village, Month(2026, 11), START)

    await here.store.transact(register)


def report(tx: Tx, person: int, now: datetime) -> int:
    """Somebody reports November as paid."""
    return ledger.report(tx, payments.New(PERIAN, "PU", Month(2026, 11)), person, now)


async def stages(here: World, month: str = "2026-11") -> list[str]:
    """The stages of a month that were queued, in order."""
    rows = await here.store.transact(
        lambda tx: tx.all(
            "SELECT stage FROM plan WHERE outcome = 'queued' AND period = :m ORDER BY rowid", m=month
        )
    )
    return [row["stage"] for row in rows]


async def outcomes(here: World, month: str = "2026-11") -> dict[str, str]:
    """What became of each stage of a month."""
    rows = await here.store.transact(
        lambda tx: tx.all("SELECT stage, outcome FROM plan WHERE period = :m", m=month)
    )
    return {row["stage"]: row["outcome"] for row in rows}


async def reminders(here: World) -> list[tuple[str, str]]:
    """Key and state of every reminder that was written, in order."""
    rows = await here.store.transact(
        lambda tx: tx.all(
            "SELECT key, status FROM outbox WHERE lane = :lane ORDER BY id", lane=int(Lane.REMINDER)
        )
    )
    return [(row["key"], row["status"]) for row in rows]


async def at(here: World, moment: datetime) -> None:
    """The clock jumps there and ticks."""
    here.clock.move(moment)
    await here.engine.schedule.tick()


def other(here: World, made: Mapping[str, Planner] | None = None) -> Schedule:
    """The schedule of another process over the same store, or of the next one."""
    return Schedule(here.store, here.clock, made or planners(rulebook()), rulebook())


@pytest.fixture
async def due(here: World) -> World:
    """A world with one insured village and its treasurer."""
    await insured(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    return here


class Lossy(Memory):
    """A channel that delivers everything, and whose answers are lost while it is told to."""

    deaf = True

    async def send(self, letter: Letter) -> str:
        """Deliver; then the connection breaks."""
        number = await super().send(letter)
        if self.deaf:
            raise Unsure("no answer in time")
        return number


class Away(Memory):
    """A channel behind a network that is away while it is told to."""

    away = True

    async def send(self, letter: Letter) -> str:
        """Deliver, or say that nothing left."""
        if self.away:
            raise TryLater("no network")
        return await super().send(letter)


def restarted(here: World, channel: Memory | None = None) -> None:
    """A new process, perhaps with another channel."""
    here.channel = channel or here.channel
    here.engine = build(here.store, here.clock, rulebook(), {memory.NAME: here.channel})


async def test_a_reminder_whose_answer_was_lost_is_sent_once_and_parked(due: World) -> None:
    restarted(due, Lossy())
    await due.move(wita(8, 19))
    assert len(due.channel.sent) == 1
    assert [status for _, status in await reminders(due)] == ["unknown"]


async def test_a_reminder_that_a_killed_process_was_sending_is_parked(due: World) -> None:
    await at(due, wita(8, 9))
    now = due.clock.now()
    taken = await due.store.transact(
        lambda tx: outbox.take(tx, outbox.heads(tx, memory.NAME, now, 1)[0], now, LEASE)
    )
    assert taken
    restarted(due)
    await due.engine.recover()
    await due.move(wita(8, 19))
    assert due.channel.sent == []
    assert [status for _, status in await reminders(due)] == ["unknown"]


async def test_an_answer_that_was_lost_comes_at_most_three_times(due: World) -> None:
    restarted(due, Lossy())
    await due.says("darma", "status")
    await due.move(START + 3 * HOUR, step=timedelta(minutes=10))
    texts = [letter.text for letter in due.channel.sent]
    assert len(texts) == COPIES == 3
    assert len(set(texts)) == 1


_DUE = date(2026, 12, 15)


def true_of_its_day(letter: Letter, sent: datetime) -> bool:
    """Whether the days that the sentence counts are right where the village lies, in the day."""
    local = sent + 8 * HOUR
    left = (_DUE - local.date()).days
    said = re.search(r"(\d+) hari lagi", letter.text)
    counted = [*([int(said[1])] if said else []), *([1] if "Besok" in letter.text else [])]
    return 7 <= local.hour < 20 and all(days == left for days in counted)


async def watched(here: World, until: datetime) -> list[tuple[Letter, datetime]]:
    """What is sent hour by hour, and when."""
    found: list[tuple[Letter, datetime]] = []
    while here.clock.now() < until:
        letters = await here.move(here.clock.now() + HOUR)
        found += [(letter, here.clock.now()) for letter in letters]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("down", "up", "sent", "missed"),
    [
        (wita(8, 8), wita(8, 12), 4, []),
        (wita(8, 8), wita(8, 21), 3, ["h-7"]),  # the evening of its day
        (wita(8, 8), wita(9, 2), 3, ["h-7"]),  # the night after
        (wita(8, 8), wita(9, 8), 3, ["h-7"]),
        (wita(8, 8), wita(10, 14), 3, ["h-7"]),
        (wita(11, 8), wita(12, 23), 3, ["h-3"]),
        (wita(13, 8), wita(15, 3), 3, ["h-1"]),  # the night before it is due
        (wita(13, 8), wita(15, 10), 3, ["h-1"]),  # the day it is due
        (wita(13, 8), wita(16, 5), 3, ["h-1"]),
        (wita(13, 8), wita(16, 22), 2, ["h-1", "h+1"]),
        (wita(7, 8), wita(17, 3), 0, ["h-7", "h-3", "h-1", "h+1"]),
    ],
    ids=lambda value: f"{value:%d.%H}" if isinstance(value, datetime) else None,
)
async def test_after_an_outage_nothing_comes_at_night_or_says_a_wrong_day(
    due: World, down: datetime, up: datetime, sent: int, missed: list[str]
) -> None:
    await at(due, wita(7, 8))
    letters = await watched(due, down)
    due.clock.move(up - HOUR)
    restarted(due)
    letters += await watched(due, wita(18, 12))
    assert [letter.text for letter, moment in letters if not true_of_its_day(letter, moment)] == []
    assert len(letters) == sent
    noted = [stage for stage, outcome in (await outcomes(due)).items() if outcome != "queued"]
    assert sorted(noted) == sorted(missed)


@pytest.mark.parametrize("hours", [5, 12, 20, 47])
async def test_a_network_that_comes_back_at_night_brings_no_reminder_then(due: World, hours: int) -> None:
    await at(due, wita(14, 8))
    channel = Away()
    restarted(due, channel)
    away = await watched(due, wita(14, 8) + hours * HOUR)
    channel.away = False
    letters = await watched(due, wita(16, 23))
    assert away == []
    assert [letter.text for letter, moment in letters if not true_of_its_day(letter, moment)] == []
    assert len(letters) == (2 if hours == 5 else 1)


@pytest.mark.slow
async def test_each_stage_of_a_month_is_sent_once_as_time_passes(due: World) -> None:
    await due.move(wita(20, 9))
    assert await stages(due) == ["h-7", "h-3", "h-1", "h+1"]
    found = await reminders(due)
    assert len(found) == len(set(found)) == 4
    assert {status for _, status in found} == {"sent"}


async def test_ticking_often_plans_once(due: World) -> None:
    for minute in range(0, 60, 5):
        await at(due, wita(8, 8) + timedelta(minutes=minute) + HOUR / 2)
    assert await stages(due) == ["h-7"]


async def test_a_clock_that_jumps_sends_only_the_latest_stage_and_notes_the_others(due: World) -> None:
    await at(due, wita(14, 10))
    missed = "missed: too late to be sent"
    assert await outcomes(due) == {"h-7": missed, "h-3": missed, "h-1": "queued"}
    assert len(await reminders(due)) == 1


async def test_an_outage_longer_than_the_month_sends_nothing_old(due: World) -> None:
    await at(due, datetime(2027, 1, 1, tzinfo=UTC))
    assert set((await outcomes(due)).values()) == {"missed: too late to be sent"}
    assert len(await outcomes(due)) == 4
    assert await reminders(due) == []


async def test_an_outage_of_a_year_does_not_flood_anybody(due: World) -> None:
    await at(due, datetime(2027, 11, 23, tzinfo=UTC))
    await due.engine.settle()
    assert len(due.new()) <= 1


@pytest.mark.parametrize(
    "back", [timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1), timedelta(days=7)]
)
async def test_a_clock_that_goes_back_reminds_nobody_twice(due: World, back: timedelta) -> None:
    await at(due, wita(8, 10))
    await at(due, wita(8, 10) - back)
    for hour in range(0, 24 * 9, 3):
        await at(due, wita(8, 10) - back + hour * HOUR)
    assert (await stages(due)).count("h-7") == 1
    assert len(await reminders(due)) == len(await stages(due))


@pytest.mark.slow
async def test_a_clock_that_was_years_ahead_does_not_silence_the_bot(due: World) -> None:
    await at(due, datetime(2038, 1, 19, tzinfo=UTC))
    await at(due, wita(8, 8))
    await at(due, wita(8, 10))
    assert await stages(due) == ["h-7"]


async def test_what_fell_due_while_the_process_was_down_is_planned_at_its_start(due: World) -> None:
    await at(due, wita(8, 8))
    due.clock.move(wita(8, 11))
    await other(due).tick()
    await other(due).tick()
    assert await stages(due) == ["h-7"]


async def test_two_processes_that_tick_at_once_plan_once(due: World) -> None:
    due.clock.move(wita(8, 9))
    await asyncio.gather(*(other(due).tick() for _ in range(5)))
    assert await stages(due) == ["h-7"]
    assert len(await reminders(due)) == 1


async def test_a_planner_that_lost_its_memory_plans_nothing_twice(due: World) -> None:
    for _ in range(3):
        await due.store.transact(lambda tx: records.put(tx, "planned:reminders", inbox.stamp(START)))
        await at(due, wita(8, 10))
    assert len(await reminders(due)) == 1


async def test_a_month_reported_after_the_reminder_was_written_is_not_reminded_of(due: World) -> None:
    await at(due, wita(8, 9))
    person = await due.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await due.store.transact(lambda tx: report(tx, person, due.clock.now()))
    await due.engine.settle()
    assert [status for _, status in await reminders(due)] == ["cancelled"]
    assert due.new() == []


async def test_a_month_reported_before_is_not_reminded_of(due: World) -> None:
    person = await due.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await due.store.transact(lambda tx: report(tx, person, due.clock.now()))
    await at(due, wita(14, 10))
    assert await outcomes(due) == {}


async def test_who_left_the_office_gets_no_reminder_that_was_written_before(due: World) -> None:
    await at(due, wita(8, 9))
    await due.store.transact(lambda tx: tx.run("UPDATE official SET until = '2026-12-07'"))
    await due.engine.settle()
    assert due.new() == []


async def test_a_village_without_anybody_linked_is_noted_once(here: World) -> None:
    await insured(here)
    for minute in range(3):
        await at(here, wita(8, 9) + timedelta(minutes=minute))
    assert await outcomes(here) == {"h-7": "nobody linked"}
    assert await reminders(here) == []


async def test_the_treasurer_is_reminded_before_the_secretary_and_the_head(here: World) -> None:
    await insured(here)
    for user, role in (("kades", Role.HEAD), ("sekdes", Role.SECRETARY), ("kaur", Role.TREASURER)):
        await here.appoint(user, user, role, PERIAN)
    await here.move(wita(8, 9), step=timedelta(days=15))
    assert {letter.to.chat for letter in here.channel.sent} == {"kaur"}


async def change(here: World, sql: str, **values: str) -> None:
    """Something that other parts of the program do is done to the rows."""
    await here.store.transact(lambda tx: tx.run(sql, **values))


async def chats(here: World, until: datetime) -> list[tuple[str, str]]:
    """Who is written to, and with which stage, as time passes."""
    await here.move(until)
    return [(key.rpartition(":")[0].rpartition(":")[2], status) for key, status in await reminders(here)]


async def test_the_last_one_goes_to_the_next_too_where_nobody_answered(here: World) -> None:
    await insured(here)
    for user, role in (("sekdes", Role.SECRETARY), ("kaur", Role.TREASURER), ("kades", Role.HEAD)):
        await here.appoint(user, user, role, PERIAN)
    await at(here, wita(8, 8))
    letters = await watched(here, wita(17, 12))
    assert [letter.to.chat for letter, _ in letters] == ["kaur", "kaur", "kaur", "sekdes", "kaur"]


async def test_who_answered_is_not_passed_over(here: World) -> None:
    await insured(here)
    for user, role in (("sekdes", Role.SECRETARY), ("kaur", Role.TREASURER)):
        await here.appoint(user, user, role, PERIAN)
    await here.move(wita(8, 9))
    await here.presses("kaur", "Belum ada dana")
    letters = await watched(here, wita(15, 12))
    assert {letter.to.chat for letter, _ in letters} == {"kaur"}


async def test_who_cannot_be_reached_is_passed_over(here: World) -> None:
    await insured(here)
    for user, role in (("sekdes", Role.SECRETARY), ("kaur", Role.TREASURER)):
        await here.appoint(user, user, role, PERIAN)
    await change(here, "UPDATE address SET reachable = 0 WHERE user = 'kaur'")
    letters = await watched(here, wita(9, 9))
    assert [letter.to.chat for letter, _ in letters] == ["sekdes"]


async def test_a_village_for_which_the_district_pays_is_not_reminded(due: World) -> None:
    await change(
        due,
        "INSERT INTO employer (village, since, payer, at) VALUES (:village, '2026-11', 'treasury', 'now')",
        village=PERIAN,
    )
    assert await watched(due, wita(17, 12)) == []
    assert await outcomes(due) == {}


async def test_a_day_that_was_named_is_the_day_of_the_next_reminder(due: World) -> None:
    await due.move(wita(8, 9))
    await due.presses("darma", "Minggu ini")  # until Friday
    assert await chats(due, wita(14, 12)) == [("h-7", "sent"), ("rencana", "sent"), ("h-1", "sent")]
    assert "Sesuai rencana" in due.channel.sent[-2].text


async def test_a_day_that_was_named_and_missed_by_an_outage_is_noted(due: World) -> None:
    await due.move(wita(8, 9))
    await due.presses("darma", "Minggu ini")
    await at(due, wita(12, 9))
    assert (await outcomes(due))["rencana"] == "missed: too late to be sent"


async def test_a_process_that_comes_up_on_a_friday_noon_waits_until_after_it(due: World) -> None:
    await at(due, wita(7, 20, month=1).replace(year=2027))
    await at(due, wita(8, 12, month=1).replace(year=2027))
    await due.engine.settle()
    assert due.new() == []
    await at(due, wita(8, 13, month=1).replace(year=2027))
    await due.engine.settle()
    assert len(due.new()) == 1


async def test_a_bill_nobody_can_reckon_and_one_partly_paid_say_so(due: World) -> None:
    await change(due, "UPDATE bill SET ours = NULL, people = 0, fixed_at = 'x'")
    await due.move(wita(8, 9))
    assert "jumlahnya lihat tagihan SIPP" in due.channel.sent[-1].text
    await change(due, "UPDATE bill SET given = 20000, paid = 5000")
    await due.move(wita(12, 9))
    assert "kurang *Rp15.000* dari Rp20.000" in due.channel.sent[-1].text


async def test_both_segments_of_a_village_are_reminded_each_by_its_own_day(due: World) -> None:
    await change(
        due,
        """INSERT INTO bill (village, month, segment, district, due, people, ours, fixed_at, made_at) VALUES
        (:village, '2026-12', 'BPU', '64.02', '2026-12-15', 3, 50400, 'now', 'now')""",
        village=PERIAN,
    )
    await due.move(wita(8, 9))
    keys = [key for key, _ in await reminders(due)]
    assert [key.split(":")[1] for key in keys] == ["PU", "BPU"]
    assert "3 orang peserta mandiri (BPU)" in due.channel.sent[-1].text


async def test_a_village_that_registered_somebody_meanwhile_is_not_told_to(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await at(here, wita(5, 9))
    await insured(here)
    await here.engine.settle()
    assert [key for key, _ in await reminders(here)] == [f"unregistered::{PERIAN}:2026-12:once:0"]
    assert here.new() == []


async def waiting(here: World, now: datetime) -> None:
    """Somebody reports, and nobody looks at it."""
    here.clock.move(now)
    person = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(lambda tx: report(tx, person, now))


async def test_the_office_hears_of_reports_that_wait_too_long_not_every_morning(due: World) -> None:
    for user, role in (("yuni", Role.ADMIN), ("bpjs", Role.BRANCH), ("dewi", Role.VIEWER)):
        await due.appoint(user, user, role, "64.02")
    await waiting(due, wita(4, 10))  # a Friday
    letters = await watched(due, wita(15, 12))
    told = [(letter.to.chat, f"{moment + 8 * HOUR:%d}") for letter, moment in letters]
    assert sorted(told) == [("bpjs", "08"), ("bpjs", "14"), ("yuni", "08"), ("yuni", "14")]


async def test_what_was_looked_at_meanwhile_is_not_announced(due: World) -> None:
    await due.appoint("yuni", "yuni", Role.ADMIN, "64.02")
    await waiting(due, wita(4, 10))
    await at(due, wita(8, 9))
    await change(due, "UPDATE payment SET state = 'recorded'")
    await due.engine.settle()
    assert due.new() == []


async def unreached(here: World, day: date) -> list[tuple[str, str]]:
    """Village and reason of the call list."""
    found = await here.store.transact(
        lambda tx: reminding.unreached(tx, "64.02", day, day + timedelta(days=7))
    )
    return [(one.village, one.why) for one in found]


async def test_the_call_list_names_whom_no_reminder_reached(here: World) -> None:
    await insured(here)
    day = date(2026, 12, 8)
    assert await unreached(here, date(2026, 12, 1)) == []
    assert await unreached(here, day) == [(PERIAN, "nobody")]
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    assert await unreached(here, day) == []  # the reminder is still to come
    await here.move(wita(8, 10))
    assert await unreached(here, day) == []
    await change(here, "UPDATE outbox SET status = 'failed'")
    assert await unreached(here, day) == [(PERIAN, "lost")]
    await change(here, "UPDATE address SET reachable = 0")
    assert await unreached(here, day) == [(PERIAN, "blocked")]
    await change(here, "UPDATE bill SET settled = 1")
    assert await unreached(here, day) == []


# -- the clockwork itself --------------------------------------------------------------------


class Recorder:
    """A planner that notes the windows it is asked about, and fails while it is told to."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.windows: list[tuple[datetime, datetime]] = []

    def __call__(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """One message for each window."""
        records.put(tx, "half", "written")
        if self.failure:
            raise self.failure
        self.windows.append((since, until))
        out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, key=f"{until}")
        return [out]


@pytest.mark.parametrize("failure", [ZeroDivisionError(), sqlite3.OperationalError("disk I/O error")])
async def test_a_planner_that_fails_stops_no_other_and_catches_up(here: World, failure: Exception) -> None:
    bad, good = Recorder(failure), Recorder()
    schedule = other(here, {"bad": bad, "good": good})
    for hour in range(1, 4):
        here.clock.move(START + hour * HOUR)
        await schedule.tick()
    assert len(good.windows) == 3
    assert await here.store.transact(lambda tx: records.get(tx, "planned:bad")) is None
    bad.failure = None
    await schedule.tick()
    here.clock.move(START + 9 * HOUR)
    await schedule.tick()
    assert bad.windows[-1][1] == START + 9 * HOUR


async def test_a_planner_that_failed_later_is_asked_about_the_whole_time_again(here: World) -> None:
    planner = Recorder()
    schedule = other(here, {"p": planner})
    await schedule.tick()
    planner.failure = ZeroDivisionError()
    await at(here, START + HOUR)
    await schedule.tick()
    planner.failure = None
    here.clock.move(START + 2 * HOUR)
    await schedule.tick()
    assert planner.windows == [(START, START), (START, START + 2 * HOUR)]


async def test_the_windows_of_a_planner_touch_and_never_overlap(here: World) -> None:
    planner = Recorder()
    for hour in (0, 1, 1, 5, 4, 5, 30):
        here.clock.move(START + hour * HOUR)
        await other(here, {"p": planner}).tick()
    for (_, until), (since, _) in zip(planner.windows, planner.windows[1:], strict=False):
        assert since <= until


async def test_the_last_tick_is_known(here: World) -> None:
    schedule = other(here, {})
    assert schedule.last_tick is None
    await schedule.tick()
    assert schedule.last_tick == here.clock.now()


# -- forgetting ------------------------------------------------------------------------------


async def _counts(here: World) -> dict[str, int]:
    sql = """SELECT (SELECT COUNT(*) FROM inbox) AS inbox, (SELECT COUNT(*) FROM outbox) AS outbox,
        (SELECT COUNT(*) FROM prompt) AS prompt, (SELECT COUNT(*) FROM draft) AS draft,
        (SELECT COUNT(*) FROM job) AS job"""
    return await here.store.transact(lambda tx: dict(tx.one(sql)))


async def _busy(here: World) -> None:
    """One row of each kind that is kept for a time only."""
    event = memory.arrival("siti", START, 900, text="6402015708850003")
    asked = Incoming(SITI, "siti", "900", START)
    choices = (Choice("menu:menu", "Menu"),)
    out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, choices, key="x")

    def fill(tx: Tx) -> None:
        inbox.accept(tx, START, [event])
        outbox.put(tx, START, out)
        drafts.save(tx, 1, Progress("registration", PERIAN, "name", {"name": "Siti"}), START)
        jobs.add(tx, "proof", asked, {}, START)
        job = jobs.take(tx, START)
        assert job
        jobs.finish(tx, job, "done")

    await here.store.transact(fill)
    await here.engine.settle()


async def test_bodies_go_after_a_week_and_what_is_settled_after_ninety_days(here: World) -> None:
    await _busy(here)
    await here.engine.schedule.forget()
    assert set((await _counts(here)).values()) != {0}
    here.clock.move(START + timedelta(days=8))
    await here.engine.schedule.forget()
    bodies = await here.store.transact(lambda tx: [row[0] for row in tx.all("SELECT body FROM inbox")])
    assert bodies == [None]
    assert (await _counts(here))["job"] == 0
    here.clock.move(START + timedelta(days=100))
    await here.engine.schedule.forget()
    assert set((await _counts(here)).values()) == {0}


@pytest.mark.parametrize("hour", range(0, 24, 5))
async def test_an_office_that_is_up_at_this_hour_only_forgets_all_the_same(here: World, hour: int) -> None:
    await _busy(here)
    here.clock.move(START.replace(hour=hour) + timedelta(days=9))
    await other(here, {}).tick()
    bodies = await here.store.transact(lambda tx: [row[0] for row in tx.all("SELECT body FROM inbox")])
    assert bodies == [None]
    assert (await _counts(here))["job"] == 0


async def test_a_process_that_runs_for_months_forgets_day_by_day(here: World) -> None:
    await _busy(here)
    for day in range(0, 100, 3):
        here.clock.move(START + timedelta(days=day))
        await here.engine.schedule.tick()
    assert set((await _counts(here)).values()) == {0}


async def test_strangers_and_their_wrong_codes_are_forgotten_after_ninety_days(here: World) -> None:
    await here.says("asing", "halo, saya Budi dari Perian", name="Budi")
    await here.says("asing", "ABCD-EFGH-JKLM")
    kept = "SELECT (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM guess)"
    await at(here, START + timedelta(days=89))
    assert await here.store.transact(lambda tx: tuple(tx.one(kept))) == (1, 1)
    await at(here, START + timedelta(days=92))
    assert await here.store.transact(lambda tx: tuple(tx.one(kept))) == (0, 0)


async def test_a_file_is_kept_as_long_as_it_proves_something(here: World) -> None:
    await insured(here)
    person = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)

    def keep(tx: Tx) -> int:
        number = report(tx, person, START)
        proof = jobs.keep_file(tx, b"a proof", "image/jpeg", START)
        payments.prove(tx, number, proof)
        jobs.keep_file(tx, b"an orphan", "image/jpeg", START)
        return proof

    proof = await here.store.transact(keep)
    await at(here, START + timedelta(days=400))
    assert await here.store.transact(lambda tx: [row["id"] for row in tx.all("SELECT id FROM file")]) == [
        proof
    ]


async def test_what_was_put_aside_or_failed_is_forgotten_too(here: World) -> None:
    asked = Incoming(SITI, "siti", "900", START)
    out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, key="x")

    def fill(tx: Tx) -> None:
        for number, text in enumerate(("damaged", "done"), start=900):
            inbox.accept(tx, START, [memory.arrival(f"u{number}", START, number, text=text)])
        inbox.quarantine(tx, inbox.take(tx, START, 1)[0], "damaged")
        jobs.add(tx, "proof", asked, {}, START)
        job = jobs.take(tx, START)
        assert job
        jobs.finish(tx, job, "failed", "gone")
        outbox.put(tx, START, out)
        claimed = outbox.take(tx, outbox.heads(tx, memory.NAME, START, 1)[0], START, LEASE)
        assert claimed
        outbox.finish(tx, claimed, START, "unknown", "lost")

    await here.store.transact(fill)
    await at(here, START + timedelta(days=8))
    sql = "SELECT body FROM inbox WHERE external_id = '900'"
    assert await here.store.transact(lambda tx: tx.one(sql)["body"]) is None
    assert (await _counts(here))["job"] == 0
    await at(here, START + timedelta(days=100))
    assert (await _counts(here))["outbox"] == 0
    assert await here.store.transact(lambda tx: tx.one(sql)) is None


async def test_what_is_not_settled_is_never_forgotten(here: World) -> None:
    unread = memory.arrival("siti", START, 900, text="halo")
    out = Outgoing(SITI, "status/no_such_person", {"name": "x"}, key="x")
    await here.store.transact(lambda tx: inbox.accept(tx, START, [unread]))
    await here.store.transact(lambda tx: outbox.put(tx, START, out))
    here.clock.move(START + timedelta(days=400))
    await here.engine.schedule.forget()
    assert (await _counts(here))["inbox"] == (await _counts(here))["outbox"] == 1


async def test_an_event_that_comes_again_after_its_body_was_dropped_is_still_known(here: World) -> None:
    event = memory.arrival("siti", START, 900, text="halo")
    await here.engine.inbox.accept([event])
    await here.engine.settle()
    before = len(here.channel.sent)
    here.clock.move(START + timedelta(days=30))
    await here.engine.schedule.forget()
    await here.engine.inbox.accept([event])
    await here.engine.settle()
    assert len(here.channel.sent) == before


@pytest.mark.parametrize("rings", [True, False])
async def test_what_takes_long_stands_beside_the_tick(here: World, rings: bool) -> None:
    heard: list[str] = []

    async def aside() -> bool:
        return rings

    clockwork = ticking(here.engine.schedule, lambda: heard.append("rang"), aside)
    try:
        assert {job.id for job in clockwork.get_jobs()} == {"tick", "aside"}
        await clockwork.get_job("aside").func()
        assert heard == ["rang"] * rings
    finally:
        clockwork.shutdown(wait=False)


async def test_nothing_else_is_done_by_the_clock_of_the_demo(here: World) -> None:
    clockwork = ticking(here.engine.schedule, lambda: None)
    try:
        assert [job.id for job in clockwork.get_jobs()] == ["tick"]
    finally:
        clockwork.shutdown(wait=False)


async def test_a_reminder_held_up_by_the_network_does_not_leave_during_friday_prayers(here: World) -> None:
    await insured(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    here.clock.move(datetime(2027, 1, 1, tzinfo=UTC))
    await here.engine.schedule.tick()
    change_due = "UPDATE bill SET due = '2027-01-15'"
    await here.store.transact(lambda tx: tx.run(change_due))
    prayers = datetime(2027, 1, 8, 4, 10, tzinfo=UTC)  # Friday, 12.10 WITA
    here.clock.move(datetime(2027, 1, 8, 1, 0, tzinfo=UTC))
    await here.engine.schedule.tick()
    here.clock.move(prayers)
    here.new()
    await here.engine.settle()
    assert here.new() == []
    here.clock.move(datetime(2027, 1, 8, 5, 0, tzinfo=UTC))
    await here.engine.settle()
    assert [letter.to.chat for letter in here.new()] == ["darma"]
