"""Walks through conversations: everybody who may chat, in private and in a district's groups, by random words, answers, presses
fresh and old and of others, forwarded and edited messages, files.  There is always a way out; nothing planted comes out.

python -m bench.walks [--walks 10000] [--seed 1]
"""

import asyncio
import io
import random
import string
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

import handlers
from bench import crowd, guesses, planted, table
from bench.crowd import CAST, KUKAR, LANDAK, OUTSIDE, ROOMS, STRANGER, Crowd
from bot import logs, rules, texts
from bot.channels import memory
from bot.clock import ManualClock
from bot.domain.offices import Role
from bot.messages import Address, Letter
from bot.routing import Where
from bot.store import drafts, pins
from bot.store.database import Store, Tx, open_store

#: Answers to one event in its chat, and with what comes along with them.
ANSWERS, WITH_NOTICES = 2, 3
#: Some only answer and press what they were offered last, for long: they come to the end of forms.
PATIENT, LONG = 0.2, 20
#: Inputs before a fault that are shown with it, and how much of each answer.
SHOWN, HEARD = 8, 60
#: *batal* ends a question for the PIN, *batal* and a yes the form behind it: so many inputs at most.
WAY_OUT = 3


@dataclass
class Found:
    """What became of the walks."""

    walks: int = 0
    inputs: int = 0
    done: Counter[str] = field(default_factory=Counter)  # moves, by kind
    by: Counter[str] = field(default_factory=Counter)  # walks, by who
    steps: set[tuple[str, str]] = field(default_factory=set)  # of forms, where somebody stood
    stuck: list[str] = field(default_factory=list)  # no way out
    wrong: list[str] = field(default_factory=list)  # too many answers, exceptions
    leaked: list[str] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """All of it."""
        return [*self.wrong, *self.stuck, *self.leaked]


class Walker:
    """Walks by one person at a time; what they do next is drawn by chance."""

    def __init__(self, people: Crowd) -> None:
        self.crowd = people
        self.dice = people.dice
        self.found = Found()
        self._who = STRANGER
        self._chat = STRANGER
        self._path: list[str] = []
        self._at = ""  # the step of the form that is open
        self._named = [route for route in handlers.TABLE.routes if route.name]
        self._ways: dict[Callable[[], Awaitable[None]], int] = {
            self._answers: 40, self._presses: 24, self._commands: 12, self._chats: 8, self._presses_old: 3,
            self._presses_of_others: 3, self._forwards: 2, self._edits: 2, self._sends: 5, self._waits: 1,
        }  # fmt: skip
        self._patiently: dict[Callable[[], Awaitable[None]], int] = {self._goes_on: 24, self._sends: 1}
        self._ways_of_groups: dict[Callable[[], Awaitable[None]], int] = {
            self._commands: 36, self._chats: 14, self._presses: 22, self._replies: 12, self._forwards: 2, self._edits: 2,
            self._sends: 3, self._presses_of_others: 3, self._anonymously: 2,
        }  # fmt: skip

    async def walk(self) -> None:
        """A few moves of somebody, and the way out of where they are then."""
        self._who = _IN_TURN[self.found.walks % len(_IN_TURN)]
        in_group = self.dice.random() < 0.3
        self._chat = self.dice.choices(list(ROOMS), (6, 3, 1))[0] if in_group else self._who
        self._path = []
        await self._guard()
        if not in_group:
            await self._commands()
        patient = not in_group and self.dice.random() < PATIENT
        ways = self._ways_of_groups if in_group else self._patiently if patient else self._ways
        for _ in range(LONG if patient else self.dice.randrange(2, 9)):
            way = self.dice.choices(list(ways), list(ways.values()))[0]
            self.found.done[way.__name__.strip("_")] += 1  # type: ignore[attr-defined]
            await way()
        await self._out()
        self.found.walks += 1
        self.found.by[self._who] += 1

    async def _guard(self) -> None:
        """At times the districts want a PIN for harmful acts, at times not."""
        wanted = self.dice.random() < 0.15

        def put(tx: Tx) -> None:
            for code in (KUKAR, LANDAK):
                pins.require(tx, code, wanted=wanted)

        await self.crowd.store.transact(put)

    # -- what somebody does --------------------------------------------------------------------------

    def _commands_of(self, where: Where, role: Role | None = None) -> list[str]:
        """The names of what works there, or of what a role may use there."""
        there = [route for route in self._named if route.where in (where, Where.BOTH)]
        return [route.name for route in there if role is None or not route.needs or role in route.needs]

    async def _commands(self) -> None:
        in_groups = self._chat.startswith("#")
        here, elsewhere = (Where.GROUP, Where.PRIVATE) if in_groups else (Where.PRIVATE, Where.GROUP)
        role = CAST[self._who].role if self._who in CAST and self.dice.random() < 0.7 else None
        names = self._commands_of(elsewhere if self.dice.random() < 0.1 else here, role) or ["menu"]
        slash = "/" if in_groups or self.dice.random() < 0.2 else ""
        behind = self.crowd.words() if in_groups or self.dice.random() < 0.3 else ""
        await self._said(f"{slash}{self.dice.choice(names)} {behind}".strip())

    async def _goes_on(self) -> None:
        """What somebody does who wants to get to the end: answers, or presses what was offered last."""
        offered = self._offered(self._chat)[-1:]
        if self.dice.random() < (0.5 if self._at else 0.25):
            await (self._answers() if self._at else self._commands())
        elif offered:
            await self._press(offered[0])
        else:
            await self._answers()

    async def _answers(self) -> None:
        """What might be an answer to the question that is open."""
        one = self.dice.choice(self.crowd.people)
        await self._said(self.dice.choice(guesses.fitting(self._at, one, self.dice)))

    async def _chats(self) -> None:
        one = self.dice.choice(self.crowd.people)
        noise = "".join(self.dice.choices(string.printable, k=self.dice.randrange(1, 40)))
        text = self.dice.choice((self.crowd.words(), noise, "BANTUAN", "halo", "1", "sudah bayar", "😀" * 30, "x" * 4_000,
                                 f"bantuan {one.name} NIK {one.nik} gaji {one.wage}", f"tanya {one.phone} {one.mother}"))  # fmt: skip
        await self._said(text or "?")

    def _offered(self, chat: str) -> list[Letter]:
        return [each for each in self.crowd.channel.sent[-600:] if each.choices and each.to.chat == chat]

    async def _press(self, letter: Letter) -> None:
        sent = self.crowd.channel.sent
        number = str(next(at for at in range(len(sent), 0, -1) if sent[at - 1] is letter))
        token = self.dice.choice(letter.choices).id
        await self._said("", choice=token, shape="tap", tap="t", message=number)

    async def _presses(self) -> None:
        if offered := self._offered(self._chat)[-2:]:
            await self._press(self.dice.choice(offered))

    async def _presses_old(self) -> None:
        if offered := self._offered(self._chat):
            await self._press(self.dice.choice(offered))

    async def _presses_of_others(self) -> None:
        if offered := self._offered(self.dice.choice([*ROOMS, *CAST])):
            await self._press(self.dice.choice(offered))

    async def _replies(self) -> None:
        mine = [n for n, letter in enumerate(self.crowd.channel.sent, 1) if letter.to.chat == self._chat]
        if mine:
            await self._said(self.crowd.words() or "Baik.", reply_to=str(self.dice.choice(mine[-8:])))

    async def _forwards(self) -> None:
        await self._said(self.crowd.words() or "setuju", forwarded=True)

    async def _edits(self) -> None:
        await self._said(self.crowd.words() or "simpan", edited=True)

    async def _anonymously(self) -> None:
        await self._said(
            f"/{self.dice.choice(self._commands_of(Where.GROUP))} {self.crowd.words()}",
            on_behalf_of=self._chat,
        )

    async def _sends(self) -> None:
        """A file, a voice, a contact card, what has no words."""
        shape = self.dice.choice(("photo", "document", "voice", "sticker", "location", "poll", "contact"))
        one = self.dice.choice(self.crowd.people)
        more: dict[str, Any] = {"shape": shape}
        if shape in ("photo", "document"):
            name = f"f{self.crowd.number}"
            self.crowd.channel.files[name] = one.nik.encode()
            mime = "image/jpeg" if shape == "photo" else "application/pdf"
            more["file"] = {"id": name, "name": f"{one.nik}.pdf", "mime": mime, "size": 16}
        if shape == "contact":
            more["contact"] = {"phone": one.phone, "user": self.dice.choice((self._who, "x", ""))}
        await self._said(self.dice.choice(("", one.name)), **more)

    async def _waits(self) -> None:
        await self.crowd.wait(self.dice.choice((1, 1, 5, 20)))

    async def _said(self, text: str, **more: Any) -> list[Letter]:
        """One input, and how many answers it got."""
        self._path.append(text[:60] or str(more.get("shape")))
        self.found.inputs += 1
        sent = await self.crowd.say(self._who, text, self._chat, **more)
        heard = [
            f"{each.key.rpartition(':')[0]} {texts.plain(each.text)[:HEARD]!r}"
            for each in sent
            if each.to.chat == self._chat
        ]
        self._path[-1] += f" -> {', '.join(heard)}" if heard else ""
        said, there = crowd.answers(sent, self._chat, self.crowd.number)
        if said > ANSWERS or there > WITH_NOTICES:
            self._broken(self.found.wrong, f"{said} answers, {there} messages in all")
        await self.crowd.store.transact(self._note_step)
        return sent

    def _note_step(self, tx: Tx) -> None:
        """Where in a form they stand."""
        draft = self._draft(tx)
        self._at = guesses.PIN_ASKED if self._asked(tx) else draft.progress.at if draft else ""
        if draft:
            self.found.steps.add((draft.progress.form, draft.progress.at))

    def _draft(self, tx: Tx) -> drafts.Draft | None:
        """The form that waits for an answer in their private chat."""
        actor, chat = self.crowd.actor(tx, self._who), f"{memory.NAME}:{self._who}"
        found = drafts.of(tx, actor.person, self.crowd.clock.now()) if actor else []
        return next((one for one in found if one.active and one.progress.is_open_in(chat)), None)

    # -- the way out -----------------------------------------------------------------------------------

    async def _out(self) -> None:
        """Whatever was begun ends by *batal*, and *menu* is answered."""
        self._chat = self._who
        self.crowd.clock.move(self.crowd.clock.now() + timedelta(minutes=2))  # a stranger is answered again
        text = "batal"
        for _ in range(WAY_OUT):
            if not await self.crowd.store.transact(self._is_open):
                break
            asked = [choice.label for letter in await self._said(text) for choice in letter.choices]
            text = "ya" if "Ya, hapus" in asked else "batal"
        if await self.crowd.store.transact(self._is_open):
            self._broken(self.found.stuck, "no way out by batal")
        self.crowd.clock.move(self.crowd.clock.now() + timedelta(minutes=2))
        sent = await self._said("menu")
        template = await self.crowd.store.transact(self._said_last) if sent else ""
        if not await self.crowd.store.transact(lambda tx: self._is_right(tx, template)):
            self._broken(self.found.stuck, f"menu is answered by {template!r}")
        if unhandled := await self.crowd.unhandled():
            self._broken(self.found.wrong, f"not handled: {unhandled}")

    def _asked(self, tx: Tx) -> bool:
        """Whether their private chat was asked for a PIN."""
        actor = self.crowd.actor(tx, self._who)
        return bool(actor and pins.waiting(tx, Address(memory.NAME, self._who), actor.person))

    def _is_open(self, tx: Tx) -> bool:
        return bool(self._draft(tx)) or self._asked(tx)

    def _is_right(self, tx: Tx, template: str) -> bool:
        """Whether that is what *menu* brings them.  Whose access is cut is told once whom to call, and nothing after that."""
        actor = self.crowd.actor(tx, self._who)
        if actor and actor.frozen:
            return template in ("", "guarding/you_are_frozen")
        return template == "start/menu" if actor and actor.offices else bool(template)

    def _said_last(self, tx: Tx) -> str:
        """The template of the first answer to the last input."""
        row = tx.one(_FIRST_ANSWER, chat=self._who)
        return str(row["template"]) if row else ""

    def _broken(self, into: list[str], what: str) -> None:
        into.append(f"{self._who}: {what}, after {' | '.join(self._path[-SHOWN:])}")


#: Who walks, one after another.
_IN_TURN = (*CAST, "admin", *CAST, *OUTSIDE)
_FIRST_ANSWER = "SELECT template FROM outbox WHERE chat = :chat AND template <> '' ORDER BY id DESC LIMIT 1"
#: Between two looks at who holds which office.
_SETTLED = 20


async def walked(store: Store, seed: int, walks: int, log: io.StringIO) -> tuple[Found, Crowd]:
    """So many walks over a new database; what was written to `log` at warning level is a mistake of ours."""
    people = Crowd(random.Random(seed), store, ManualClock(planted.BEGINS), rules.load())
    await people.prepare()
    walker = Walker(people)
    for number in range(walks):
        if number % _SETTLED == 0:
            await people.back_in_office()
        await walker.walk()
    found = walker.found
    found.leaked += people.leaks
    found.wrong += [
        f"held back by the sender: {template}, {why} × {n}"
        for (template, why), n in (await people.held_back()).items()
    ]
    found.wrong += [
        line[:500] for line in log.getvalue().splitlines() if "exception" in line or "failed, try" in line
    ]
    return found, people


async def run(folder: Path, seed: int, walks: int) -> tuple[Found, Crowd]:
    """The walks, with a log of their own."""
    log = io.StringIO()
    logs.setup("warning", log)
    async with open_store(folder / "walks.db", planted.vault()) as store:
        return await walked(store, seed, walks, log)


@click.command()
@click.option("--walks", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The same seed walks the same way.")
def main(walks: int, seed: int) -> None:
    """Walk, and say what came of it; exit 1 where somebody got stuck, was shown too much, or something broke."""
    begun = time.perf_counter()
    with TemporaryDirectory(prefix="payung-walks-") as folder:
        found, people = asyncio.run(run(Path(folder), seed, walks))
    logs.setup("critical", sys.stderr)
    steps = sum(len(form.form.steps) for form in handlers.FORMS)
    click.echo(
        f"{found.walks} walks, {found.inputs} inputs, seed {seed}: {dict(found.done)}; by {dict(found.by)}"
    )
    click.echo(
        f"somebody stood at {len([s for s in found.steps if s[1] != 'review'])} of {steps} questions of {len(handlers.FORMS)} forms"
    )
    click.echo(
        f"{people.shown} messages shown in groups, {people.files} files looked into; leaked {len(found.leaked)}; "
        f"{people.in_private} messages showed planted data in private, where it belongs"
    )
    for line in found.broken[:20]:
        click.echo(f"BROKEN {line}")
    raise SystemExit(
        table.told(
            "conversation walks", found.walks, time.perf_counter() - begun, wrong=len(found.wrong), leaked=len(found.leaked),
            stuck=len(found.stuck), inputs=found.inputs,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
