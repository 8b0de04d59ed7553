"""Files made to do harm, sent by officers one after another: how fast each is refused, what it costs the bot,
and how long somebody in another chat waits for an answer meanwhile.

python -m bench.hostile [--only NAME …]

The whole bot runs here, with a database on disk; only its channel is one of this process.
"""

import asyncio
import gc
import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import table
from bot import logs, rules, texts
from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import SystemClock
from bot.domain.offices import Office, Role
from bot.engine import build
from bot.messages import Address, Kind, Letter
from bot.regions import villages
from bot.reports import sheets
from bot.store import people, places
from bot.store.database import Store, Tx, open_store
from bot.store.vault import Vault
from tests import staff_files, workbooks

GOAL_SECONDS, GOAL_MIB, GOAL_REPLY = 2.0, 20.0, 0.3
#: Seconds that somebody in another chat lets pass between two messages.
EVERY = 0.05
VILLAGE = "64.02.01.2001"

#: Files of one kind each; beside those of `tests/workbooks.py`, some whose cells are the attack.
_NASTY = ("é́́́" * 250, "=" * 1000, "1" * 1000, "a b " * 250, "9.9" * 300, "ibu " * 250, "١" * 1000, "{{7*7}}" * 100,
          "Rp" + "1.000" * 200)  # fmt: skip


def _long_cells() -> bytes:
    """More people than a village has, and in every cell of theirs what takes long to read."""
    return staff_files.sheet(*([cell[:88] for cell in _NASTY] for _ in range(200)))


def _wide() -> bytes:
    """Five thousand columns."""
    return workbooks.workbook([["Nama", "NIK", *(f"Kolom {n}" for n in range(5000))]])


MORE: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "200 rows of nonsense": ("intake/returned", _long_cells),
    "5,000 columns": ("intake/all_blank", _wide),
    "502 people": ("intake/long", lambda: staff_files.sheet(*map(staff_files.person, range(1, 503)))),
}


def cases() -> dict[str, tuple[str, Callable[[], bytes]]]:
    """Every file by its name: the sentence that answers it, and how it is made."""
    refused = {name: (f"sheet/{why}", make) for name, (why, make) in workbooks.ODD.items() if why}
    return refused | dict(MORE)


def _is_text(letter: Letter, chat: str) -> bool:
    return letter.to.chat == chat and letter.kind is Kind.TEXT


@dataclass(slots=True)
class Heard(Memory):
    """The channel, and a bell for whoever waits for a letter."""

    bell: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def send(self, letter: Letter) -> str:
        number = await Memory.send(self, letter)
        async with self.bell:
            self.bell.notify_all()
        return number

    async def next_to(self, chat: str, seen: int) -> Letter:
        """The first text to a chat behind the first `seen` letters."""
        async with self.bell:
            while not (found := [one for one in self.sent[seen:] if _is_text(one, chat)]):
                await self.bell.wait()
            return found[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one file did."""

    name: str
    size: int  # bytes
    seconds: float  # until it was answered
    mib: float  # by which the process grew
    slowest: float  # answer in the other chat, in seconds
    asked: int  # how often somebody asked there
    right: bool  # answered in its own words

    @property
    def held(self) -> bool:
        """Whether the goals were reached."""
        within = self.seconds < GOAL_SECONDS and self.slowest < GOAL_REPLY
        return self.right and within and self.mib < GOAL_MIB


class Stand:
    """A bot, the officer who sends files, and another one who only chats."""

    def __init__(self, store: Store, channel: Heard) -> None:
        self._clock = SystemClock()
        self._channel = channel
        self._store = store
        self._number = 0
        self.engine = build(store, self._clock, rules.load(), {channel.name: channel})

    async def prepare(self, senders: int) -> None:
        """The district, an officer for each file (each may send six in ten minutes), and the other one."""
        await self._store.transact(lambda tx: places.load(tx, villages("64.02")))
        names = ["other", *(f"sender{n}" for n in range(senders))]
        await self._store.transact(lambda tx: self._appoint(tx, names))
        self.engine.start()

    def _appoint(self, tx: Tx, names: Sequence[str]) -> None:
        now = self._clock.now()
        for name in names:
            person = people.add(tx, name.title(), now)
            people.link(tx, person, name, Address(memory.NAME, name), now)
            people.appoint(tx, person, Office(Role.TREASURER, VILLAGE[:5], VILLAGE), now.date())
            people.noticed(tx, person, now)

    async def _says(self, user: str, **values: object) -> int:
        self._number += 1
        seen = len(self._channel.sent)
        arrival = memory.arrival(user, self._clock.now(), self._number, **values)
        await self.engine.inbox.accept([arrival])
        return seen

    async def _chats(self, ended: asyncio.Event) -> list[float]:
        """The other one asks again and again; how long each answer took."""
        took = []
        while not ended.is_set() or not took:
            begun = time.perf_counter()
            seen = await self._says("other", text="menu")
            await self._channel.next_to("other", seen)
            took.append(time.perf_counter() - begun)
            await asyncio.wait([asyncio.ensure_future(ended.wait())], timeout=EVERY)
        return took

    async def send(self, sender: str, name: str, template: str, data: bytes) -> Figure:
        """One file, and everything that happens until it is answered."""
        self._channel.files[name] = data
        gc.collect()
        before, ended = _resident(), asyncio.Event()
        chatting = asyncio.create_task(self._chats(ended))
        begun = time.perf_counter()
        file = {"id": name, "name": f"{name}.xlsx", "mime": sheets.MIME, "size": len(data)}
        seen = await self._says(sender, shape="document", file=file)
        answer = await self._channel.next_to(sender, seen)
        seconds = time.perf_counter() - begun
        ended.set()
        took = await chatting
        del self._channel.files[name]
        right = _begins(template) in texts.plain(answer.text)
        return Figure(name, len(data), seconds, _resident() - before, max(took), len(took), right)


def _resident() -> float:
    """MiB of this process."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _begins(template: str) -> str:
    """Words that stand in no other sentence: the last line without values."""
    lines = texts.source(f"{template}.txt").splitlines()[1:]
    plain = [line for line in lines if line and "{" not in line]
    return texts.plain(plain[-1])


async def measure(names: Sequence[str], folder: Path) -> list[Figure]:
    """Send these files, one after another."""
    every = cases()
    data = {name: every[name][1]() for name in names}
    figures = []
    async with open_store(
        folder / "payung.db", Vault({1: secrets.token_bytes(64)}, secrets.token_bytes(32))
    ) as store:
        stand = Stand(store, Heard())
        await stand.prepare(len(names) + 1)
        await stand.send(f"sender{len(names)}", "warm", "sheet/xls", workbooks.ODD["xls"][1]())
        for number, name in enumerate(names):
            figures.append(await stand.send(f"sender{number}", name, every[name][0], data[name]))
        await stand.engine.stop()
    return figures


@click.command()
@click.option("--only", multiple=True, help="Names of files; all, where none is given.")
def main(only: tuple[str, ...]) -> None:
    """Send every file, and print what each did."""
    logs.setup("critical", sys.stderr)
    begun = time.perf_counter()
    with TemporaryDirectory(prefix="payung-hostile-") as folder:
        found = asyncio.run(measure(only or tuple(cases()), Path(folder)))
    click.echo(f"{'file':<32}{'kB':>8}{'s':>7}{'MiB':>7}{'other chat, ms':>16}{'asked':>7}")
    for one in found:
        missed = "" if one.held else "  MISSED"
        click.echo(
            f"{one.name:<32}{one.size / 1000:>8.1f}{one.seconds:>7.2f}{one.mib:>7.1f}"
            f"{one.slowest * 1000:>16.0f}{one.asked:>7}{missed}"
        )
    worst = max(found, key=lambda one: one.seconds)
    click.echo(
        f"{len(found)} files: slowest {worst.seconds:.2f} s ({worst.name}), grown by {sum(one.mib for one in found):.1f} MiB "
        f"in all, slowest answer in the other chat {max(one.slowest for one in found) * 1000:.0f} ms"
    )
    held = all(one.held for one in found) and sum(one.mib for one in found) < GOAL_MIB
    wrong = sum(not one.right for one in found)
    raise SystemExit(
        table.told("hostile files", len(found), time.perf_counter() - begun, wrong=wrong, held=held)
    )


if __name__ == "__main__":
    main()
