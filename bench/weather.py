"""The network of the simulation: busy, broken, silent or slow for a while, and judged at every message.

What leaves is looked at in the moment in which it arrives: no later look can excuse it.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bench import promises
from bench.post import Post
from bot.clock import Clock
from bot.delivery import COPIES, DEADLINE
from bot.errors import GiveUp, SendError, TryLater, Unsure
from bot.messages import Kind, Letter
from bot.store.database import Tx

#: Of a thousand sends on an ordinary day so many meet each: busy, broken over there, answer lost.
FAIR: Mapping[str, int] = {"busy": 3, "broken": 2, "lost": 2}
#: What it is like while a storm lasts, and for how many hours that is at most.
STORMS: Mapping[str, tuple[Mapping[str, int], float]] = {
    "busy": ({"busy": 600}, 0.2),
    "broken": ({"broken": 100, "lost": 50}, 1.0),
    "lost": ({"lost": 150, "broken": 50}, 2.0),
    "hole": ({"hole": 1000}, 0.5),
}
#: Waits that are asked for: seconds, none, and what no sane platform asks.
ASKED = (None, 1, 7, 30, 300, 900, 10**9)
LATE = timedelta(seconds=DEADLINE + 1)  # between the claim and the arrival
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")
_ROW = "SELECT id, channel, chat, lane, repeatable, expires_at, public FROM outbox WHERE key = :key"


@dataclass(slots=True)
class Seen:
    """What arrived, and what was wrong with it."""

    copies: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)  # copies that a lost answer explains
    last: dict[tuple[str, int], int] = field(default_factory=dict)  # the newest row of each chat and lane
    wrong: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)  # faults by kind
    total: int = 0
    extra: int = 0  # copies that only the end of a process explains

    def forget(self, keys: set[str]) -> None:
        """Keep only what is still in the outbox."""
        for kept in (self.copies, self.excused):
            for key in [key for key in kept if key not in keys]:
                del kept[key]


class Weather(Post):
    """A post in a network that has storms."""

    def __init__(self, clock: Clock, districts: Mapping[str, str], seed: int) -> None:
        super().__init__(clock, districts, seed)
        self.seen = Seen()
        self.free: Mapping[str, frozenset[date]] = {}
        self._storm, self._until = "", clock.now()
        self._silent = False

    def begin(self, kind: str) -> None:
        """A storm of this kind begins, and ends by itself."""
        hours = STORMS[kind][1] * self._dice.uniform(0.3, 1)
        self._storm, self._until = kind, self.clock.now() + timedelta(hours=hours)

    @property
    def storm(self) -> str:
        """What kind of storm there is."""
        return self._storm if self.clock.now() < self._until else ""

    async def send(self, letter: Letter) -> str:
        """Deliver, or fail as networks do."""
        if self.away:
            raise TryLater("no network")
        if letter.to.chat in self.blocked:
            self.seen.met["blocked"] += 1
            raise GiveUp("blocked", unreachable=True)
        await self._hole(letter)
        if self._until_stuck == 0:
            await self._hang(letter)
        self._until_stuck -= self._until_stuck > 0
        fault = self._fault()
        if fault:
            self.seen.met[fault] += 1
        if fault in {"busy", "broken"}:
            raise self._refused(letter, fault)
        await self._deliver(letter)
        if fault == "lost":
            self.seen.excused[letter.key] += 1
            raise Unsure("no answer in time")
        return letter.key

    def _fault(self) -> str:
        chances = STORMS[self.storm][0] if self.storm else FAIR
        drawn = self._dice.randrange(1000)
        for kind, share in chances.items():
            if drawn < share:
                return kind
            drawn -= share
        return ""

    def _refused(self, letter: Letter, fault: str) -> SendError:
        if fault == "broken":
            return Unsure("502 Bad Gateway")
        asked = self._dice.choice(ASKED)
        scope = letter.to.channel if self._dice.random() < 0.1 else letter.to.conversation
        return TryLater("429", None if asked is None else timedelta(seconds=asked), scope=scope)

    async def _hole(self, letter: Letter) -> None:
        """Nobody answers: the first to notice wait in vain; then, as our channels do, nothing more is risked."""
        if self.storm != "hole":
            self._silent = False
            return
        self.seen.met["hole"] += 1
        if self._silent:
            raise TryLater("still silent", timedelta(seconds=30), scope=letter.to.channel)
        await asyncio.sleep(DEADLINE * 0.9)
        self._silent = True
        raise Unsure("no answer in time")

    async def _hang(self, letter: Letter) -> None:
        if self._arrives and not self.stuck.is_set():
            await self._deliver(letter)
        self.stuck.set()
        await asyncio.Event().wait()

    # -- judged as it arrives ----------------------------------------------------------------------

    async def _deliver(self, letter: Letter) -> None:
        before = len(self.planned)
        await self.store.read(lambda tx: self._look(tx, letter))
        if not letter.to.chat.startswith("#"):
            await super()._deliver(letter)
        for sent in self.planned[before:]:
            self.seen.wrong += promises.judge_sent([sent], self.free)

    def _look(self, tx: Tx, letter: Letter) -> None:
        seen, now = self.seen, self.clock.now()
        row = tx.one(_ROW, key=letter.key)
        if row is None:
            seen.wrong.append(f"I3 a message without a row: {letter.key}")
            return
        seen.copies[letter.key] += 1
        seen.total += 1
        times, once = seen.copies[letter.key], not row["repeatable"] and letter.kind is Kind.TEXT
        if times > (1 if once else COPIES):
            seen.wrong.append(f"I4 {times} times: {letter.key}")
        if times > 1 and times - 1 > seen.excused[letter.key]:
            seen.extra += 1
        lane = (f"{row['channel']}:{row['chat']}", row["lane"])
        if times == 1 and row["id"] < seen.last.get(lane, 0):
            seen.wrong.append(f"I6 overtaken in its lane: {letter.key}")
        seen.last[lane] = max(row["id"], seen.last.get(lane, 0))
        if row["expires_at"] and now >= datetime.fromisoformat(row["expires_at"]) + LATE:
            seen.wrong.append(f"I12 past its expiry: {letter.key}")
        self._look_at_words(letter, public=bool(row["public"]))

    def _look_at_words(self, letter: Letter, *, public: bool) -> None:
        """No whole NIK is ever said in chat; a group is told only what was made for it."""
        if _NIK.search(" ".join([letter.text, *(choice.label for choice in letter.choices)])):
            self.seen.wrong.append(f"I9 a NIK in {letter.key}")
        if self.is_group(letter.to.chat) and not public and letter.kind is Kind.TEXT:
            self.seen.wrong.append(f"I9 told to a group: {letter.key}")
