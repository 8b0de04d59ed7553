"""How much a registration costs: our bot and a stock one, side by side, against the same fake Telegram.

python -m bench.turns [--chats 100] [--runs 3]

Beside them what ours cannot do without, however little it understood: see `bench.bare`.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import officers
from bench.officers import Step
from bench.platform import Platform
from bench.process import Child, environment, free_port

RATE = 50  # messages a second while the latency is measured


@dataclass(frozen=True)
class Figures:
    """What one run measured."""

    per_second: float  # messages handled
    cpu: float  # ms of processor time for each
    p50: float  # ms from a message to its answer, at 50 messages a second
    p95: float
    start: float  # s from the start of the process to its first answer
    memory: float  # MB after the run


#: Label, unit, what our bot has to reach: (factor, "times") of the stock bot, or (value, "at most").
ROWS: Mapping[str, tuple[str, str]] = {
    "per_second": ("messages handled per second", "at least 4 times"),
    "cpu": ("processor time per message, ms", "at most a quarter"),
    "p50": (f"median answer at {RATE} messages/s, ms", ""),
    "p95": (f"95 % of answers at {RATE} messages/s, ms", "under 30"),
    "start": ("start to first answer, s", "under 3"),
    "memory": ("memory after the run, MB", "under 150"),
}


#: What is measured, in the order of the table.
OURS, STOCK, ROWS_ALONE, WIRE_ALONE = BOTS = ("Payung Desa", "stock", "rows alone", "wire alone")


class Conversations:
    """Officers who each register one person."""

    def __init__(self, platform: Platform, first: int, count: int) -> None:
        self.platform = platform
        some = officers.chatting(first + count)[first:]
        self.steps = {one.chat: officers.registration(one.number) for one in some}
        self.taken = dict.fromkeys(self.steps, 0)
        self.before = {chat: platform.count[chat] for chat in self.steps}
        self.asked_at: dict[int, float] = {}
        self.waits: list[float] = []
        self.open = set(self.steps)

    def due(self, chat: int) -> int:
        """How many messages the chat should have got by now: the first brings two."""
        taken = self.taken[chat]
        return taken + 1 if taken else 0

    def answered(self, chat: int) -> bool:
        """Whether nothing is owed to the chat."""
        return self.platform.count[chat] - self.before[chat] >= self.due(chat)

    def step(self, chat: int) -> Step | None:
        """What the officer does next."""
        taken = self.taken[chat]
        return self.steps[chat][taken] if taken < len(self.steps[chat]) else None

    def take(self, chat: int) -> None:
        """Do it."""
        step = self.step(chat)
        assert step is not None
        self.asked_at[chat] = time.perf_counter()
        self.taken[chat] += 1
        self.platform.do(chat, step)

    def advance(self, chat: int) -> None:
        """Write all that can be written without seeing an answer: up to the next button."""
        while (step := self.step(chat)) and self.platform.can(chat, step):
            self.take(chat)

    def heard(self, chat: int, method: str) -> None:
        """A call of the bot arrived."""
        if method != "sendMessage" or chat not in self.steps or not self.answered(chat):
            return
        if chat in self.asked_at:
            self.waits.append(time.perf_counter() - self.asked_at.pop(chat))
        if self.step(chat) is None:
            self.open.discard(chat)


async def _throughput(talk: Conversations, bot: Child) -> float:
    """Seconds from the first message to the last answer, everybody writing ahead of the bot."""

    def heard(chat: int, method: str) -> None:
        talk.heard(chat, method)
        if method == "sendMessage" and chat in talk.open:
            talk.advance(chat)

    talk.platform.listener = heard
    begun = time.perf_counter()
    for chat in talk.steps:
        talk.advance(chat)
    ended = await talk.platform.until(lambda: not talk.open, bot, "the conversations to end")
    return ended - begun


async def _evenly(talk: Conversations, bot: Child) -> list[float]:
    """The waits, in order, when messages come one after the other at a steady rate."""
    talk.platform.listener = talk.heard
    begun, sent = time.perf_counter(), 0
    ready = list(talk.steps)
    while ready:
        chat = ready.pop(0)
        await asyncio.sleep(max(0.0, begun + sent / RATE - time.perf_counter()))
        await talk.platform.until(lambda c=chat: talk.answered(c), bot, "an answer")  # type: ignore[misc]
        talk.take(chat)
        sent += 1
        if talk.step(chat) is not None:
            ready.append(chat)
    await talk.platform.until(lambda: not talk.open, bot, "the conversations to end")
    return sorted(talk.waits)


def _command(bot: str, platform: Platform, folder: Path) -> list[str]:
    """What starts it, after `python`."""
    at = ["--api", platform.address, "--token", platform.token]
    if bot == OURS:
        return ["-m", "bot", "run"]
    kept = [] if bot == WIRE_ALONE else ["--folder", str(folder)]
    return ["-m", "bench.baseline" if bot == STOCK else "bench.bare", *at, *kept]


async def measure(bot: str, chats: int, folder: Path) -> Figures:
    """Start a bot, let people register, and look at what it took."""
    if bot in (OURS, ROWS_ALONE):
        officers.make_key(folder)
        await officers.prepare(folder, officers.chatting(2 * chats + 1))
    async with Platform() as platform:
        settings = environment(folder, platform.address, platform.token, free_port(), officers.START)
        warm = Conversations(platform, 2 * chats, 1)
        platform.do(*_first(warm))
        begun = time.perf_counter()
        with Child(_command(bot, platform, folder), folder, settings) as child:
            start = await platform.until(lambda: platform.sent_count > 0, child, "the first answer") - begun
            await _throughput(warm, child)
            talk = Conversations(platform, 0, chats)
            before = child.cpu
            seconds = await _throughput(talk, child)
            cpu = child.cpu - before
            waits = await _evenly(Conversations(platform, chats, chats), child)
            memory = child.memory
            await child.stop(15.0)
    messages = sum(map(len, talk.steps.values()))
    return Figures(
        messages / seconds,
        cpu / messages * 1000,
        waits[len(waits) // 2] * 1000,
        waits[int(len(waits) * 0.95)] * 1000,
        start,
        memory,
    )


def _first(talk: Conversations) -> tuple[int, Step]:
    """The message that waits while the bot starts."""
    chat = next(iter(talk.steps))
    talk.taken[chat] = 1
    return chat, talk.steps[chat][0]


def middle(runs: list[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(
        *(statistics.median(values) for values in zip(*(asdict(run).values() for run in runs), strict=True))
    )


def reached(ours: Figures, stock: Figures) -> dict[str, bool]:
    """Which goals were reached, by figure."""
    return {
        "per_second": ours.per_second >= 4 * stock.per_second,
        "cpu": ours.cpu <= stock.cpu / 4,
        "p95": ours.p95 < 30,
        "start": ours.start < 3,
        "memory": ours.memory < 150,
    }


def table(found: Mapping[str, Figures]) -> str:
    """All side by side, with the goals."""
    goals = reached(found[OURS], found[STOCK])
    lines = [f"{'':42}{''.join(f'{bot:>12}' for bot in found)}   goal"]
    for name, (label, goal) in ROWS.items():
        mark = {True: "reached", False: "MISSED", None: ""}[goals.get(name)]
        values = "".join(f"{getattr(figures, name):12.2f}" for figures in found.values())
        lines.append(f"{label:42}{values}   {goal} {mark}".rstrip())
    return "\n".join(lines)


async def _run(bot: str, chats: int) -> Figures:
    with TemporaryDirectory(prefix="payung-bench-") as folder:
        return await measure(bot, chats, Path(folder))


@click.command()
@click.option(
    "--chats", default=100, show_default=True, help="Officers who register somebody at the same time."
)
@click.option("--runs", default=3, show_default=True, help="Runs of each bot, in turn; medians are printed.")
def main(chats: int, runs: int) -> None:
    """Measure them and print one table; exit 1 if a goal was missed."""
    each: dict[str, list[Figures]] = {bot: [] for bot in BOTS}
    for _ in range(runs):
        for bot in BOTS:
            each[bot].append(asyncio.run(_run(bot, chats)))
    found = {bot: middle(figures) for bot, figures in each.items()}
    click.echo(
        f"{chats} officers, {11 * chats} messages; SQLite with an fsync for each commit; median of {runs} runs"
    )
    click.echo(table(found))
    raise SystemExit(0 if all(reached(found[OURS], found[STOCK]).values()) else 1)


if __name__ == "__main__":
    main()
