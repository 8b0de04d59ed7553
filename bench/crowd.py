"""A district full of people who chat, with planted personal data all around, and what everybody is shown."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bench import planted
from bench.planted import Planted
from bot import app, ledger, ruling, texts
from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.months import Month
from bot.domain.offices import Actor, Office, Role
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.engine import build
from bot.messages import Address, Kind, Letter
from bot.store import employers, freezing, members, people, pins, places
from bot.store.database import Store, Tx
from bot.store.employers import Employer
from bot.store.places import Room, RoomKind

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
#: Who served once, whose access is cut, whom nobody knows: none of them may be shown anything of anybody.
LEFT, FROZEN, STRANGER = "mantan", "beku", "asing"
OUTSIDE = (LEFT, FROZEN, STRANGER)
PIN = "481516"
#: What the sender may hold back, as template and its note: nothing.  What gets as far is a mistake of ours.
MAY_BE_HELD_BACK: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Crowd:
    """The people, what they wrote, and what should not have been shown."""

    dice: random.Random
    store: Store
    clock: ManualClock
    rulebook: Rules
    people: list[Planted] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    shown: int = 0  # messages in groups
    files: int = 0  # among them, looked into
    in_private: int = 0  # planted data that was shown in private: else a walk would prove nothing

    def __post_init__(self) -> None:
        self.channel = Memory()
        self.engine = build(self.store, self.clock, self.rulebook, {memory.NAME: self.channel})
        self.number = 0
        self._looked = 0
        self._unhandled = 0
        self._typed: dict[str, set[str]] = {who: set() for who in OUTSIDE}
        self._published: set[str] = set()
        self._outside: set[str] = set(OUTSIDE)

    async def prepare(self) -> None:
        """Villages, people who chat, people who are insured, three groups."""
        for code in (KUKAR, LANDAK):
            await app.load_villages(self.store, code)
        self.people = [planted.somebody(self.dice) for _ in range(12)]
        await self.store.transact(self._settle_in)
        await self.back_in_office()
        await self.engine.schedule.tick()
        self.villages = await self.store.transact(lambda tx: places.villages(tx, KUKAR))

    def _settle_in(self, tx: Tx) -> None:
        now, names = self.clock.now(), iter(self.people)
        kept = pins.hashed(PIN)
        for user in (*CAST, LEFT, FROZEN):
            person = people.add(tx, user.title(), now)
            people.link(tx, person, user, Address(memory.NAME, user), now)
            people.appoint(tx, person, CAST.get(user, CAST["kaur"]), now.date())
            pins.keep(tx, person, kept, now)
        for chat, kind in ROOMS.items():
            if kind is not None:
                places.open_room(tx, Address(memory.NAME, chat), Room(KUKAR, kind), now)
        for number, code in enumerate((HERE, BESIDE, ELSEWHERE) * 4):
            self._insure(tx, number, code, next(names))

    def _insure(self, tx: Tx, number: int, code: str, one: Planted) -> None:
        now = self.clock.now()
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

    async def back_in_office(self) -> None:
        """Everybody has their role again, whatever an administrator did on the way."""
        await self.store.transact(self._restore)

    def _restore(self, tx: Tx) -> None:
        now = self.clock.now()
        for user, office in CAST.items():
            actor = self.actor(tx, user)
            if actor is not None and actor.frozen:
                freezing.restore(tx, actor.person, anew=False)
            if actor is None:
                people.link(tx, self._person(user), user, Address(memory.NAME, user), now)
            if actor is None or office not in actor.offices:
                people.appoint(tx, self._person(user), office, now.date())
        tx.run(_LEAVES, day=(now - timedelta(days=1)).date().isoformat(), person=self._person(LEFT))
        admin = self._person("admin")
        freezing.freeze(tx, self._person(FROZEN), KUKAR, admin, now)

    def _person(self, user: str) -> int:
        """They came in the order of the cast, into an empty database."""
        return [*CAST, LEFT, FROZEN].index(user) + 1

    def actor(self, tx: Tx, user: str) -> Actor | None:
        """Who they are to the bot at this moment."""
        return people.actor(tx, memory.NAME, user, self.clock.now().date())

    # -- what they do --------------------------------------------------------------------------

    async def say(self, who: str, text: str, chat: str, **more: Any) -> list[Letter]:
        """One event of a person; what the bot sent because of it, to anybody."""
        self.number += 1
        self.clock.move(self.clock.now() + timedelta(seconds=self.dice.randrange(1, 40)))
        await self.engine.settle()  # what was due by then is no answer
        before = len(self.channel.sent)
        if who in OUTSIDE:
            self._typed[who] |= {*self.traces(text)}
        self._outside = await self.store.read(self._without_office)
        arrival = memory.arrival(who, self.clock.now(), self.number, text=text, chat=chat, **more)
        await self.engine.inbox.accept([arrival])
        await self.engine.settle()
        await self._look()
        return self.channel.sent[before:]

    async def wait(self, hours: int) -> None:
        """Time passes, and what is due is done."""
        self.clock.move(self.clock.now() + timedelta(hours=hours))
        self._outside = await self.store.read(self._without_office)
        await self.engine.schedule.tick()
        await self.engine.settle()
        await self._look()

    def words(self) -> str:
        """What stands behind a command: villages, planted data, figures, nothing."""
        one = self.dice.choice(self.people)
        village = self.dice.choice(self.villages)
        found: list[str] = [*one.said, village.name, "perian", village.subdistrict, "bpu", "menunggak", "2",
                            f"{village.name} kades {one.name}", f"perian kaur keuangan {one.name} {one.phone}",
                            f"camat {village.subdistrict} {one.name}", "november 2026", "semua", ""]  # fmt: skip
        return " ".join(self.dice.sample(found, self.dice.randrange(3)))

    # -- what came of it ---------------------------------------------------------------------------

    def _without_office(self, tx: Tx) -> set[str]:
        """Those outside whom no administrator has let in meanwhile, by an invitation or by giving back their access."""
        inside = {
            who for who in OUTSIDE if (found := self.actor(tx, who)) and found.offices and not found.frozen
        }
        return {*OUTSIDE} - inside

    async def _look(self) -> None:
        self._published = set(self.traces(await self.store.read(_published)))
        self._outside &= await self.store.read(self._without_office)
        for letter in self.channel.sent[self._looked :]:
            chat, bare = (
                letter.to.chat,
                " ".join((texts.plain(letter.text), *(c.label for c in letter.choices))),
            )
            if chat.startswith("#"):
                self._judge(letter, bare, self._published)
                self.shown += 1
            elif chat in self._outside:
                self._judge(letter, bare, self._typed[chat] | self._published)
            else:
                self.in_private += bool(self.traces(bare))
        self._looked = len(self.channel.sent)

    def _judge(self, letter: Letter, shown: str, own: set[str]) -> None:
        """Nothing planted may stand there, but what they wrote themselves, and what an office has published."""
        if letter.attachment is not None:
            self.files += 1
            shown = f"{shown} {letter.attachment.name} {planted.inside(letter.attachment)}"
        found = [trace for trace in self.traces(shown) if trace not in own]
        if found:
            self.leaks.append(f"{letter.to.chat} {letter.key}: {found[0]} in {letter.text[:200]!r}")

    def traces(self, shown: str) -> list[str]:
        """The planted data that this shows."""
        bare = planted.bare(shown)
        return [trace for one in self.people for trace in one.traces if trace in bare]

    async def held_back(self) -> Counter[tuple[str, str]]:
        """What the sender refused at the last moment, by template and why, but for what it may."""
        rows = await self.store.transact(lambda tx: tx.all(_HELD_BACK))
        found = Counter({(row["template"], row["error"]): row["n"] for row in rows})
        return Counter({why: n for why, n in found.items() if why not in MAY_BE_HELD_BACK})

    async def unhandled(self) -> list[str]:
        """Events that are not done and were not told of before, by why: mistakes of ours."""
        rows = await self.store.transact(lambda tx: tx.all(_UNHANDLED, after=self._unhandled))
        self._unhandled = max((row["id"] for row in rows), default=self._unhandled)
        return [f"{row['channel']} {row['external_id']} {row['state']} {row['error']}" for row in rows]


def _published(tx: Tx) -> str:
    """What everybody is to read, whatever was written there: where the agency is reached, how those are called who hold
    an office, and what a village says it owes, paid or builds for (it may be as much as somebody earns).
    """
    branches = [said for code in (KUKAR, LANDAK) for said in ruling.branch(tx, code).values()]
    sums = [f"{row['amount']} rupiah" for row in tx.all(_SUMS)]
    return " ".join([*branches, *(row["name"] for row in tx.all(_OFFICIALS)), *sums])


_UNHANDLED = """SELECT id, channel, external_id, state, error FROM inbox
    WHERE state <> 'done' AND id > :after ORDER BY id"""
_LEAVES = "UPDATE official SET until = :day WHERE until IS NULL AND person = :person"
_OFFICIALS = "SELECT DISTINCT p.name FROM person AS p JOIN official AS o ON o.person = p.id"
_SUMS = """SELECT amount FROM payment WHERE amount IS NOT NULL UNION SELECT given FROM bill WHERE given IS NOT NULL
    UNION SELECT amount FROM project_report UNION SELECT amount FROM project_part UNION SELECT value FROM project"""
_HELD_BACK = """SELECT template, error, COUNT(*) AS n FROM outbox
    WHERE status = 'failed' AND chat LIKE '#%' GROUP BY template, error"""


#: A form that rests meanwhile is told of beside what was asked for.
RESTS = "Lanjutkan isian"


def answers(letters: list[Letter], chat: str, number: int) -> tuple[int, int]:
    """How many messages of these answer that event where it was said, but for a form that rests; how many came there in all.

    The files that were asked for (a report may have several proofs) are no words to read.
    """
    words = [each for each in letters if each.kind is Kind.TEXT and each.attachment is None]
    there = [each for each in words if each.to.chat == chat]
    theirs = [each for each in there if each.key.startswith(f"u:{memory.NAME}:{number}:")]
    rests = any(choice.label == RESTS for each in theirs[1:] for choice in each.choices)
    return len(theirs) - rests, len(there)
