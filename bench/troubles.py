"""What goes wrong in the simulated years: processes end, the network is away, the clock jumps."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bench.post import Post
from bot.clock import ManualClock

HOUR = timedelta(hours=1)
OFF = timedelta(days=3)
BACK = timedelta(hours=2)
BLOCKED = timedelta(days=40)
#: How often each happens in a year, beside the restarts.
YEARLY = {"off": 4, "back": 6, "away": 14, "blocked": 8}
#: How a process ends.
ENDS = ("idle", "planned", "sending", "sent")
#: Mornings on which reminders leave, near the 15th.
_REMINDING = (6, 7, 8, 11, 12, 13, 14, 15, 16, 17)
_LONGEST_AWAY = 30  # hours


@dataclass(frozen=True, slots=True)
class Trouble:
    """One of them, and when."""

    at: datetime
    kind: str


class Bot(Protocol):
    """What troubles can do to a run."""

    clock: ManualClock
    post: Post
    dice: random.Random

    async def restart(self) -> None:
        """End the process and start another."""

    async def kill(self) -> None:
        """End the process while it sends."""

    async def tick(self) -> None:
        """Let the planners look at the clock."""

    def block(self) -> None:
        """Somebody blocks the bot."""

    def later(self, trouble: Trouble) -> None:
        """Note what ends a trouble."""


def plan(dice: random.Random, start: datetime, end: datetime, restarts: int) -> list[Trouble]:
    """All of a run in their order; most processes end on a morning on which reminders leave."""
    days = (end - start).days
    kinds = [ENDS[number % len(ENDS)] for number in range(restarts)]
    for kind, often in YEARLY.items():
        kinds += [kind] * round(often * days / 365)
    return sorted((Trouble(_moment(dice, start, days), kind) for kind in kinds), key=lambda one: one.at)


def _moment(dice: random.Random, start: datetime, days: int) -> datetime:
    day = start + timedelta(days=dice.randrange(days))
    if dice.random() < 0.75:
        day = day.replace(day=dice.choice(_REMINDING))
        return max(day.replace(hour=dice.choice((1, 1, 2))), start)
    return day.replace(hour=0) + timedelta(minutes=dice.randrange(15 * 60))


async def strike(bot: Bot, trouble: Trouble) -> None:
    """Let it happen."""
    kind, now = trouble.kind, bot.clock.now()
    if kind == "off":
        bot.clock.move(now + OFF)
        await bot.restart()
    elif kind == "back":
        bot.clock.move(now - BACK)
    elif kind == "away":
        bot.post.away = True
        bot.later(Trouble(now + timedelta(minutes=bot.dice.randrange(30, _LONGEST_AWAY * 60)), "here"))
    elif kind == "here":
        bot.post.away = False
    elif kind == "blocked":
        bot.block()
        bot.later(Trouble(now + BLOCKED, "unblocked"))
    elif kind == "unblocked":
        bot.post.blocked.pop(0)
    else:
        await _end(bot, kind)


async def _end(bot: Bot, kind: str) -> None:
    """A process ends: with nothing to do, with its plans not sent, or while it sends."""
    if kind != "idle":
        await bot.tick()
    if kind in {"sending", "sent"}:
        bot.post.stick(bot.dice.randrange(40), arrives=kind == "sent")
        await bot.kill()
    else:
        await bot.restart()
