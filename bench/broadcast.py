"""One broadcast to very many chats, against a Telegram that counts: how fast, how fair, and after a kill.

    python -m bench.broadcast [--chats 20000] [--rate 25] [--kill] [--undo]

The office writes it in chat as it would anywhere; while it goes out, other officers ask for their menu.
"""

import asyncio
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench import officers
from bench.officers import Step
from bench.platform import Platform
from bench.process import Child, environment, free_port
from bot.clock import SystemClock
from bot.delivery import SENDERS
from bot.domain.offices import Office, Role
from bot.messages import Address
from bot.store import broadcasts, people
from bot.store.broadcasts import Card, Kind, State
from bot.store.database import Tx

#: A Saturday, 09.00 in the district: nothing else falls due.
START = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)
DISTRICT = "64.02"
ROLES = (Role.TREASURER, Role.SECRETARY, Role.HEAD)
ADMIN = 40_001
FIRST = 1_000_001
ASKING = 100  # officers of the other district who write meanwhile
EVERY = 2.0  # seconds between two of them: what they are answered comes out of the same bucket
MARK = "Pengumuman uji"
TEXT = f"{MARK}: Yth. {{nama}}, Desa {{desa}}, mohon lengkapi data peserta sebelum {{batas_waktu}}."
#: core.telegram.org/bots/faq: about 30 a second overall; 1 a second in a chat, short bursts let through.
OVERALL, PER_CHAT, BURST = 30.0, 1.0, 5.0
COUNTED = {"sendMessage", "editMessageText", "sendPhoto", "sendDocument"}
LIMIT_OF_20000 = 825.0  # seconds
FEWEST_AT_29 = 28.0  # a second
PATIENCE = 2.0  # seconds, of 95 % of who asks meanwhile
KILLED_AT = 0.4
BETWEEN = 60.0  # seconds of undo
TICK = 25.0  # until the clock has surely struck once more


class Bucket:
    """So many at once, so many a second."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate, self._burst = per_second, burst
        self._level, self._at = burst, time.monotonic()

    def take(self) -> bool:
        """Whether one more is let through."""
        now = time.monotonic()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True


class Counting(Platform):
    """A Telegram with its limits on: what is too much is answered with 429."""

    def __init__(self) -> None:
        super().__init__()
        self._overall = Bucket(OVERALL, OVERALL)
        self._chats: dict[str, Bucket] = {}
        self.refused = 0
        self.reached: Counter[int] = Counter()
        self.moments: list[float] = []
        self.asked: dict[int, float] = {}
        self.waits: list[float] = []
        self.said: list[str] = []  # to the office

    async def _run(self, method: str, parameters: Mapping[str, object]) -> tuple[int, dict[str, object]]:
        chat = str(parameters.get("chat_id", ""))
        if method in COUNTED and not self._allows(chat):
            self.refused += 1
            too_many = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return 429, too_many | {"parameters": {"retry_after": 1}}
        return await super()._run(method, parameters)

    def _allows(self, chat: str) -> bool:
        if chat not in self._chats:
            self._chats[chat] = Bucket(PER_CHAT, BURST)
        return self._chats[chat].take() and self._overall.take()

    def _note(
        self, method: str, chat: str, parameters: Mapping[str, object], status: int, result: object
    ) -> None:
        super()._note(method, chat, parameters, status, result)
        self.calls.clear()  # a large run keeps figures, not messages
        if result is None or method not in COUNTED:
            return
        number, text = int(chat), str(parameters.get("text", ""))
        if number == ADMIN:
            self.said.append(text)
        elif number in self.asked:
            self.waits.append(time.monotonic() - self.asked.pop(number))
        elif MARK in text:
            self.reached[number] += 1
            self.moments.append(time.monotonic())

    def ask(self, chat: int) -> None:
        """An officer wants their menu."""
        if chat not in self.asked:
            self.asked[chat] = time.monotonic()
            self.people.say("menu", chat)

    @property
    def ended(self) -> bool:
        """Whether the office was told the result."""
        return any("selesai" in text or "dihentikan:" in text for text in self.said)


@dataclass
class Figures:
    """What one run measured."""

    chats: int
    seconds: float = 0.0
    refused: int = 0
    waits: list[float] = field(default_factory=list)
    twice: int = 0
    states: dict[str, int] = field(default_factory=dict)
    reached: int = 0
    killed: bool = False
    told: str = ""  # the result, as the office read it
    fastest: int = 0  # in any one second

    @property
    def rate(self) -> float:
        """Messages of the broadcast a second."""
        return self.reached / self.seconds if self.seconds else 0.0

    @property
    def p95(self) -> float:
        """Seconds within which 95 % of those who asked were answered."""
        if len(self.waits) < 2:
            return 0.0
        return statistics.quantiles(self.waits, n=20)[18]

    def broken(self, rate: float) -> list[str]:
        """The promises that were not kept."""
        sent, unknown = self.states.get("sent", 0), self.states.get("unknown", 0)
        wanted = LIMIT_OF_20000 * self.chats / 20_000 * 25 / rate
        found = {
            f"took {self.seconds:.0f} s, more than {wanted:.0f} s": not self.killed and self.seconds > wanted,
            f"only {self.rate:.1f} a second": rate >= 29 and not self.killed and self.rate < FEWEST_AT_29,
            f"{self.refused} times 429": self.refused > 0,
            f"95 % of answers within {self.p95:.2f} s": self.p95 >= PATIENCE,
            f"{self.twice} got it twice": self.twice > 0,
            f"{sent} sent and {unknown} unknown of {self.chats}": sent + unknown != self.chats,
            f"{unknown} parked": unknown > (SENDERS if self.killed else 0),
            f"{self.reached} reached": not sent <= self.reached <= self.chats,
            "the unknown are not told": unknown > 0 and f"Belum pasti sampai {unknown}" not in self.told,
        }
        return [words for words, wrong in found.items() if wrong]


def admit(tx: Tx, chats: int) -> None:
    """One administrator, very many officers of one district, and some of the other."""
    admin = people.add(tx, "Rina Marlina", START)
    people.link(tx, admin, str(ADMIN), Address("telegram", str(ADMIN)), START)
    people.appoint(tx, admin, Office(Role.ADMIN, DISTRICT), START.date())
    codes = [code for code in officers.village_codes() if code.startswith(DISTRICT)]
    for number in range(chats):
        code = codes[number % len(codes)]
        office = Office(ROLES[number // len(codes) % len(ROLES)], DISTRICT, code)
        _serve(tx, FIRST + number, officers.name(number), office)
    others = [code for code in officers.village_codes() if not code.startswith(DISTRICT)]
    for number in range(ASKING):
        _serve(tx, _asking(number), f"Petugas {number}", Office(ROLES[0], others[0][:5], others[number]))


def _asking(number: int) -> int:
    return FIRST - 1 - number


def _serve(tx: Tx, chat: int, name: str, office: Office) -> None:
    person = people.add(tx, name, START)
    people.link(tx, person, str(chat), Address("telegram", str(chat)), START)
    people.noticed(tx, person, START)
    people.appoint(tx, person, office, START.date())


class Run:
    """A prepared folder, the platform, and the bot that is started as often as need be."""

    def __init__(self, folder: Path, platform: Counting, rate: float) -> None:
        self.folder = folder
        self.platform = platform
        self._rate = rate
        self._clock = SystemClock(START)

    def start(self) -> Child:
        """The real bot, with our own rate and Telegram's for a chat."""
        p = self.platform
        settings = environment(self.folder, p.address, p.token, free_port(), self._clock.now())
        settings |= {"PAYUNG_TELEGRAM_RATE": str(self._rate), "PAYUNG_TELEGRAM_CHAT_RATE": str(PER_CHAT)}
        return Child(["-m", "bot", "run"], self.folder, settings)

    async def release(self, bot: Child) -> None:
        """Write it, look at it, and send it."""
        for step in (
            Step(f"siaran {TEXT}"), Step("Semua", "tap"), Step("Lihat contoh", "tap"), Step("Kirim", "tap")
        ):  # fmt: skip
            await self.platform.until(lambda s=step: self.platform.can(ADMIN, s), bot, step.text)  # type: ignore[misc]
            self.platform.do(ADMIN, step)
        await self.platform.until(lambda: self.platform.can(ADMIN, Step("Batalkan", "tap")), bot, "the card")

    async def go(self, bot: Child, until: int) -> None:
        """Let it go out until so many are reached, or it has ended; others write meanwhile."""
        number, last, progress = 0, 0, time.monotonic()
        before = len(self.platform.moments)  # nobody is asked to wait for a start
        while len(self.platform.reached) < until and not self.platform.ended:
            await asyncio.sleep(EVERY)
            if len(self.platform.moments) > before:
                self.platform.ask(_asking(number % ASKING))
                number += 1
            if not bot.running:
                raise SystemExit(f"the bot ended:\n{bot.last_words()}")
            if len(self.platform.moments) != last:
                last, progress = len(self.platform.moments), time.monotonic()
            if time.monotonic() - progress > 2 * BETWEEN + TICK:
                raise SystemExit(f"nothing goes out, {last} reached:\n{bot.last_words()}")

    def states(self) -> dict[str, int]:
        """What the books say of everybody it went to."""
        database, _ = officers.paths(self.folder)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as books:
            rows: list[Any] = books.execute("SELECT state, COUNT(*) FROM recipient GROUP BY state").fetchall()
        return {str(state): int(count) for state, count in rows}


def confirm(tx: Tx, chats: int) -> None:
    """The broadcast as it stands after its minute: for short runs."""
    admin = people.actor(tx, "telegram", str(ADMIN), START.date())
    assert admin is not None
    made = broadcasts.add(tx, DISTRICT, Kind.MESSAGE, admin.person, START)
    broadcasts.rewrite(tx, replace(made, text=TEXT))
    card = Card(Address("telegram", str(ADMIN)), "siaran:1:by", admin.person)
    new = replace(made, state=State.WAITING, start_at=START, expected=chats, cards=(card,))
    broadcasts.confirm(tx, new, START)


async def bench(chats: int, rate: float, folder: Path, *, kill: bool, at_once: bool = False) -> Figures:
    """One broadcast from the first word to the result, or `at_once` from the moment it begins."""
    officers.make_key(folder)
    await officers.prepare(folder, [])
    async with officers.opened(folder) as store:
        await store.transact(lambda tx: admit(tx, chats))
        if at_once:
            await store.transact(lambda tx: confirm(tx, chats))
    async with Counting() as platform:
        run = Run(folder, platform, rate)
        with run.start() as bot:
            if not at_once:
                await run.release(bot)
            await run.go(bot, int(chats * KILLED_AT) if kill else chats + 1)
            if kill:
                bot.kill()
            else:
                await bot.stop(10.0)
        if kill:
            platform.asked.clear()
            with run.start() as bot:
                await run.go(bot, chats + 1)
                await bot.stop(10.0)
        return _figures(run, chats, kill=kill)


def _figures(run: Run, chats: int, *, kill: bool) -> Figures:
    platform = run.platform
    told = next((text for text in platform.said if "selesai" in text), "")
    moments = platform.moments
    return Figures(
        chats,
        moments[-1] - moments[0] if moments else 0.0,
        platform.refused,
        platform.waits,
        sum(count > 1 for count in platform.reached.values()),
        run.states(),
        len(platform.reached),
        kill,
        told,
        max(
            (sum(at <= each < at + 1 for each in moments[n : n + 100]) for n, at in enumerate(moments)),
            default=0,
        ),
    )


async def undone(folder: Path, chats: int = 50) -> int:
    """Stop a broadcast 59 seconds after it was confirmed; returns how many were reached all the same."""
    officers.make_key(folder)
    await officers.prepare(folder, [])
    async with officers.opened(folder) as store:
        await store.transact(lambda tx: admit(tx, chats))
    async with Counting() as platform:
        run = Run(folder, platform, 25)
        with run.start() as bot:
            await run.release(bot)
            confirmed = time.monotonic()
            await asyncio.sleep(confirmed + BETWEEN - 1 - time.monotonic())
            platform.do(ADMIN, Step("Batalkan", "tap"))
            await asyncio.sleep(2 * TICK)
            await bot.stop(10.0)
        return len(platform.reached)


def report(found: Figures, rate: float) -> bool:
    """Print the figures; whether every promise was kept."""
    click.echo(
        f"{found.chats} chats at {rate:g} a second{', killed at 40 %' if found.killed else ''}: "
        f"{found.reached} reached in {found.seconds:.1f} s, {found.rate:.2f} a second (at most {found.fastest} "
        f"in one), {found.refused} times 429, {len(found.waits)} asked meanwhile, 95 % answered within "
        f"{found.p95 * 1000:.0f} ms, {found.twice} twice, {found.states}"
    )
    broken = found.broken(rate)
    for words in broken:
        click.echo(f"BROKEN {words}")
    return not broken


@click.command()
@click.option("--chats", default=20_000, show_default=True)
@click.option("--rate", default=25.0, show_default=True, help="Our own messages a second.")
@click.option("--kill", is_flag=True, help="SIGKILL at 40 %, then start again.")
@click.option("--undo", is_flag=True, help="Only this: stop one 59 seconds after it was confirmed.")
def main(chats: int, rate: float, kill: bool, undo: bool) -> None:
    """Send, count, print; exit 1 if a promise was broken."""
    with TemporaryDirectory(prefix="payung-broadcast-") as temporary:
        if undo:
            reached = asyncio.run(undone(Path(temporary)))
            click.echo(f"undone after 59 s: {reached} reached")
            raise SystemExit(int(reached > 0))
        found = asyncio.run(bench(chats, rate, Path(temporary), kill=kill))
        raise SystemExit(0 if report(found, rate) else 1)


if __name__ == "__main__":
    main()
