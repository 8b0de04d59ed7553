"""A walk through a district's groups: thousands of messages, commands, replies and presses by everybody who may
sit there, with planted personal data all around.  None of it may come out in a group.
"""

import asyncio
import io
import random
import re
import secrets
import string
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from pypdf import PdfReader

import handlers
from bot import app, ledger, logs, rules, texts
from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.engine import build
from bot.messages import Address, Document, Letter
from bot.reports import printing, sheets
from bot.routing import Where
from bot.store import employers, members, people, places
from bot.store.database import Store, Tx, open_store
from bot.store.employers import Employer
from bot.store.places import Room, RoomKind
from bot.store.vault import Vault

BEGINS = datetime(2026, 11, 23, 1, tzinfo=UTC)
KUKAR, LANDAK = "64.02", "61.08"
HERE, BESIDE, ELSEWHERE = "64.02.01.2001", "64.02.01.2002", "61.08.01.2001"
ROOMS = {"#kantor": RoomKind.OFFICE, "#forum": RoomKind.FORUM, "#lain": None}
CAST = {
    "admin": Office(Role.ADMIN, KUKAR),
    "petugas": Office(Role.OPERATOR, KUKAR),
    "pengamat": Office(Role.VIEWER, KUKAR),
    "cabang": Office(Role.BRANCH, KUKAR),
    "camat": Office(Role.CAMAT, KUKAR, "", "64.02.01"),
    "kades": Office(Role.HEAD, KUKAR, HERE),
    "sekdes": Office(Role.SECRETARY, KUKAR, HERE),
    "kaur": Office(Role.TREASURER, KUKAR, HERE),
    "sebelah": Office(Role.TREASURER, KUKAR, BESIDE),
    "tetangga": Office(Role.ADMIN, LANDAK),
}
STRANGER = "asing"
_ODD = re.compile(r"[^0-9a-z]+")
_TAGS = re.compile(r"<[^>]*>")
#: What the sender may hold back, as template and its note: nothing.  What gets as far is a mistake of ours.
MAY_BE_HELD_BACK: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Planted:
    """One insured person whose every datum can be told from all else."""

    name: str
    nik: str
    mother: str
    phone: str
    wage: int

    @property
    def traces(self) -> list[str]:
        """What must not be found in a group, in small letters and digits only."""
        words = (self.name, self.nik, self.mother, self.phone, self.phone[1:], str(self.wage))
        return [_bare(word) for word in words]

    @property
    def said(self) -> list[str]:
        """The same as people write it."""
        dotted = f"{self.nik[:6]}.{self.nik[6:12]}.{self.nik[12:]}"
        grouped = " ".join(self.nik[at : at + 4] for at in range(0, 16, 4))
        wage = f"Rp{self.wage:,}".replace(",", ".")
        return [self.name, self.nik, dotted, grouped, self.mother, f"0{self.phone[3:]}", self.phone, wage]


def _bare(text: str) -> str:
    return _ODD.sub("", text.lower())


def inside(file: Document) -> str:
    """All text of a file: of each part of a workbook, of each page of a letter; a picture has none."""
    data = io.BytesIO(file.data)
    if file.mime == printing.PDF:
        return " ".join(page.extract_text() for page in PdfReader(data).pages)
    if file.mime != sheets.MIME:
        return ""
    with zipfile.ZipFile(data) as parts:
        return " ".join(
            _TAGS.sub(" ", parts.read(name).decode("utf-8", "replace")) for name in parts.namelist()
        )


def planted(dice: random.Random) -> Planted:
    """Somebody made up, with names that no sentence contains by chance."""

    def made_up() -> str:
        return (
            "".join(dice.choice("bdgklmnprst") + dice.choice("aiueo") for _ in range(4)).capitalize() + "qx"
        )

    born = date(1970 + dice.randrange(30), 1 + dice.randrange(12), 1 + dice.randrange(28))
    nik = f"640201{born:%d%m%y}{dice.randrange(1000, 9999)}"
    phone = f"+62812{dice.randrange(10_000_000, 99_999_999)}"
    return Planted(f"{made_up()} {made_up()}", nik, made_up(), phone, dice.randrange(2_100_001, 3_900_000, 2))


@dataclass
class Walk:
    """One walk: what was done, what the groups were shown, and what should not have been there."""

    dice: random.Random
    store: Store
    clock: ManualClock
    rulebook: Rules
    people: list[Planted] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    shown: int = 0
    files: int = 0  # among them, looked into
    in_private: int = 0  # planted data that was shown in private: else a walk would prove nothing

    def __post_init__(self) -> None:
        self.channel = Memory()
        self.engine = build(self.store, self.clock, self.rulebook, {memory.NAME: self.channel})
        self._number = 0
        self._looked = 0
        named = [route for route in handlers.TABLE.routes if route.name]
        self._in_groups = [route.name for route in named if route.where is not Where.PRIVATE]
        self._in_private = [route.name for route in named if route.where is not Where.GROUP]

    async def prepare(self) -> None:
        """Villages, people who chat, people who are insured, three groups."""
        for code in (KUKAR, LANDAK):
            await app.load_villages(self.store, code)
        self.people = [planted(self.dice) for _ in range(12)]
        await self.store.transact(self._settle_in)
        await self.engine.schedule.tick()
        self.villages = await self.store.transact(lambda tx: places.villages(tx, KUKAR))

    def _settle_in(self, tx: Tx) -> None:
        now, names = self.clock.now(), iter(self.people)
        for user, office in CAST.items():
            person = people.add(tx, user.title(), now)
            people.link(tx, person, user, Address(memory.NAME, user), now)
            people.appoint(tx, person, office, now.date())
        for chat, kind in ROOMS.items():
            if kind is not None:
                places.open_room(tx, Address(memory.NAME, chat), Room(KUKAR, kind), now)
        for number, code in enumerate((HERE, BESIDE, ELSEWHERE) * 4):
            one = next(names)
            employers.put(tx, Employer(code, "AB123456", "2020", Month(2026, 9)), None, now)
            contact = {"name": one.name, "post": "sekdes", "phone": one.phone}
            employers.put_contact(tx, code, contact, None, now)
            details = {"born": "1980-01-02", "sex": "L", "place": "Tenggarong", "mother": one.mother,
                       "phone": one.phone, "wage": one.wage}  # fmt: skip
            position = self.rulebook.positions[number % 8]
            joined, state = date(2026, 9, 1), (State.ACTIVE, State.SUBMITTED)[number % 2]
            new = members.New(code, one.name, one.nik, details, position.category, position.code,
                              date(2020, 1, 2), joined, state)  # fmt: skip
            members.add(tx, new, None, now)
            ledger.refresh(tx, self.rulebook, code, Month(2026, 9), now)

    # -- what people do --------------------------------------------------------------------------

    async def step(self) -> None:
        """One thing somebody does, and what the groups see of it."""
        ways = (self._commands, self._chats, self._presses, self._replies, self._privately, self._waits)
        way = self.dice.choices(ways, (34, 12, 22, 10, 20, 2))[0]
        await way()
        self.done[way.__name__.strip("_")] += 1
        self._look()

    def _anybody(self) -> str:
        return self.dice.choice([*CAST, STRANGER])

    def _room(self) -> str:
        return self.dice.choices(list(ROOMS), (6, 3, 1))[0]

    def _words(self) -> str:
        """What stands behind a command: villages, planted data, figures, nothing."""
        one = self.dice.choice(self.people)
        village = self.dice.choice(self.villages)
        found: list[str] = [*one.said, village.name, "perian", village.subdistrict, "bpu", "menunggak", "2",
                            f"{village.name} kades {one.name}", f"perian kaur keuangan {one.name} {one.phone}",
                            f"camat {village.subdistrict} {one.name}", "november 2026", "semua", ""]  # fmt: skip
        return " ".join(self.dice.sample(found, self.dice.randrange(3)))

    async def _commands(self) -> None:
        name = self.dice.choice(self._in_groups if self.dice.random() < 0.8 else self._in_private)
        await self._said(self._anybody(), f"/{name} {self._words()}".strip(), self._room())

    async def _chats(self) -> None:
        noise = "".join(self.dice.choices(string.printable, k=self.dice.randrange(1, 40)))
        text = self.dice.choice((self._words(), noise, "BANTUAN", "halo", "1"))
        await self._said(self._anybody(), text or "?", self._room())

    async def _presses(self) -> None:
        chat = self.dice.choice([*ROOMS, *CAST])
        offered = [letter for letter in self.channel.sent[-400:] if letter.choices and letter.to.chat == chat]
        if not offered:
            return
        letter = self.dice.choice(offered[-6:])
        who = self._anybody() if chat.startswith("#") else chat
        number = str(self.channel.sent.index(letter) + 1)
        token = self.dice.choice(letter.choices).id
        await self._said(who, "", chat, choice=token, shape="tap", tap="t", message=number)

    async def _replies(self) -> None:
        chat = self._room()
        mine = [n for n, letter in enumerate(self.channel.sent, 1) if letter.to.chat == chat]
        if mine:
            text = self._words() or "Baik."
            await self._said(self._anybody(), text, chat, reply_to=str(self.dice.choice(mine[-8:])))

    async def _privately(self) -> None:
        who, one = self._anybody(), self.dice.choice(self.people)
        name = self.dice.choice(self._in_private)
        text = self.dice.choice((f"{name} {self._words()}", f"bantuan {one.name} NIK {one.nik} gaji {one.wage}",
                                 f"tanya {one.phone} {one.mother}", "sudah bayar", *one.said, "ya", "1", "2"))  # fmt: skip
        await self._said(who, text.strip(), who)

    async def _waits(self) -> None:
        self.clock.move(self.clock.now() + timedelta(hours=self.dice.choice((1, 1, 5, 20))))
        await self.engine.schedule.tick()
        await self.engine.settle()

    async def _said(self, who: str, text: str, chat: str, **more: Any) -> None:
        self._number += 1
        self.clock.move(self.clock.now() + timedelta(seconds=self.dice.randrange(1, 40)))
        arrival = memory.arrival(who, self.clock.now(), self._number, text=text, chat=chat, **more)
        await self.engine.inbox.accept([arrival])
        await self.engine.settle()

    # -- what came of it ---------------------------------------------------------------------------

    def _look(self) -> None:
        for letter in self.channel.sent[self._looked :]:
            shown = texts.plain(letter.text), *(choice.label for choice in letter.choices)
            if letter.to.chat.startswith("#"):
                self._judge(letter, " ".join(shown))
            else:
                self.in_private += bool(self._traces(" ".join(shown)))
        self._looked = len(self.channel.sent)

    def _judge(self, letter: Letter, shown: str) -> None:
        self.shown += 1
        if letter.attachment is not None:
            self.files += 1
            shown = f"{shown} {letter.attachment.name} {inside(letter.attachment)}"
        found = self._traces(shown)
        if found:
            self.leaks.append(f"{letter.key}: {found[0]} in {letter.text[:200]!r}")

    def _traces(self, shown: str) -> list[str]:
        """The planted data that this shows."""
        bare = _bare(shown)
        return [trace for one in self.people for trace in one.traces if trace in bare]

    async def held_back(self) -> Counter[tuple[str, str]]:
        """What the sender refused at the last moment, by template and why, but for what it may."""
        sql = """SELECT template, error, COUNT(*) AS n FROM outbox
            WHERE status = 'failed' AND chat LIKE '#%' GROUP BY template, error"""
        rows = await self.store.transact(lambda tx: tx.all(sql))
        found = Counter({(row["template"], row["error"]): row["n"] for row in rows})
        return Counter({why: n for why, n in found.items() if why not in MAY_BE_HELD_BACK})

    async def quarantined(self) -> int:
        """Events that could not be handled: mistakes of ours."""
        sql = "SELECT COUNT(*) AS n FROM inbox WHERE state = 'quarantined'"
        count: int = await self.store.transact(lambda tx: tx.one(sql)["n"])
        return count


async def walk(folder: Path, seed: int, messages: int) -> tuple[Walk, Counter[tuple[str, str]], int]:
    """So many steps; returns the walk, what the sender held back, and how many events were not handled."""
    vault = Vault({1: secrets.token_bytes(64)}, secrets.token_bytes(32))
    async with open_store(folder / "walk.db", vault) as store:
        one = Walk(random.Random(seed), store, ManualClock(BEGINS), rules.load())
        await one.prepare()
        for _ in range(messages):
            await one.step()
        return one, await one.held_back(), await one.quarantined()


@click.command()
@click.option("--messages", default=10_000, show_default=True, help="Steps of the walk.")
@click.option("--seed", default=1, show_default=True, help="The same seed walks the same way.")
def main(messages: int, seed: int) -> None:
    """Walk, and say what was seen in the groups."""
    logs.setup("critical", sys.stderr)
    with TemporaryDirectory(prefix="payung-walk-") as folder:
        found, held, stuck = asyncio.run(walk(Path(folder), seed, messages))
    click.echo(f"{messages} steps, seed {seed}: {dict(found.done)}")
    click.echo(
        f"{found.shown} messages shown in groups, {found.files} files; leaked {len(found.leaks)}; not handled {stuck}"
    )
    click.echo(f"{found.in_private} messages showed planted data in private, where it belongs")
    for (template, why), count in held.most_common():
        click.echo(f"HELD BACK by the sender: {template}, {why} × {count}")
    for leak in found.leaks[:20]:
        click.echo(f"LEAK {leak}")
    if found.leaks or held or stuck:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
