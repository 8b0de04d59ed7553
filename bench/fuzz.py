"""Broken updates of Telegram, broken notifications of WhatsApp, broken results of jobs, by the whole way in: the request,
the inbox, the reader, the engine.  Each ends done, left out, refused at the door or quarantined; whoever writes next is answered.

python -m bench.fuzz [--cases 100000] [--seed 7]
"""

import asyncio
import io
import itertools
import json
import logging
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from starlette.applications import Starlette

from bench import door, planted, recorded, table
from bench.door import OnTelegram, OnWhatsApp, Sink
from bench.mutations import Mutator
from bot import app, logs, rules
from bot.channels.telegram_updates import NAME as TELEGRAM
from bot.channels.whatsapp_messages import NAME as WHATSAPP
from bot.channels.whatsapp_names import Names
from bot.channels.whatsapp_wire import Access
from bot.clock import ManualClock
from bot.domain.offices import Office, Role
from bot.engine import build
from bot.jobs import CHANNEL as JOB
from bot.messages import Address, Arrival, Kind
from bot.store import inbox, people, pins, places
from bot.store.database import Store, Tx, open_store
from bot.store.places import Room, RoomKind
from tests.fakes import bot_updates
from tests.fakes.whatsapp_people import HIDDEN, PHONE_NUMBER_ID, SECRET, People, Somebody, packed, signed

KUKAR, HERE, BESIDE = "64.02", "64.02.01.2001", "64.02.01.2002"
GROUP = -1002000000001
#: Who chats on Telegram; 7009 and 7010 are strangers.
CAST = {
    7001: Office(Role.TREASURER, KUKAR, HERE),
    7002: Office(Role.HEAD, KUKAR, BESIDE),
    7003: Office(Role.ADMIN, KUKAR),
    7004: Office(Role.BRANCH, KUKAR),
}
STRANGERS = (7009, 7010)
#: So many broken events come at about the same time; after so many an honest message comes on each channel.
TOGETHER, EVERY = 5, 50
#: Between two tries of an event; so many steps at most until all tries of all are over.
STEP, TRIED = timedelta(seconds=5), 2 * EVERY
#: After which a stranger is answered again.
LATER = timedelta(seconds=70)
GOAL_MS = 5.0
#: Ends of a request at the door; everything else is a crash of ours.
AT_THE_DOOR = {400, 401, 403, 413, 415}
_WORDS = ("daftar", "menu", "tagihan", "sudah bayar", "ya", "simpan", "batal", "1", "2", "bantuan", "status", "peserta",
          "lanjut", "kembali", "ubah upah", "/start K7Q2MX", "/rekap", "/desa perian", "lapor kecelakaan", "data saya",
          "Tenggarong", "2 januari 2024", "kasi pelayanan", "3 juta", "halo")  # fmt: skip


@dataclass
class Found:
    """What became of the cases."""

    cases: int = 0
    door: Counter[int] = field(default_factory=Counter)  # answers to requests
    states: Counter[str] = field(default_factory=Counter)  # of events in the end
    honest: int = 0
    answers: int = 0  # letters that broken updates brought
    times: list[float] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)  # honest ones without an answer, events without an end
    wrong: list[str] = field(default_factory=list)  # crashes
    leaked: list[str] = field(default_factory=list)  # personal data in the log

    @property
    def median(self) -> float:
        """Milliseconds of processor time for one case, the whole way."""
        return statistics.median(self.times) * 1000 if self.times else 0.0

    @property
    def held(self) -> bool:
        """Whether all went as promised."""
        return not (self.stuck or self.wrong or self.leaked)


class Fuzz:
    """One run over one database."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.clock = ManualClock(planted.BEGINS)
        self.dice = random.Random(seed)
        self.found = Found()
        self.people = [planted.somebody(self.dice) for _ in range(6)]
        self.names = Names(store.vault.conceal, store.vault.reveal)
        self.sink = Sink()
        self.telegram = OnTelegram("123456:" + "A" * 35, "http://telegram.test", self.clock)
        self.telegram.username = str(bot_updates.BOT["username"])
        access = Access("token", PHONE_NUMBER_ID, "1", (SECRET,), "v" * 16, "http://whatsapp.test")
        self.whatsapp = OnWhatsApp(access, self.names)
        self.telegram.sink = self.whatsapp.sink = self.sink
        channels = {channel.name: channel for channel in (self.telegram, self.whatsapp)}
        self.engine = build(store, self.clock, rules.load(), channels)
        accept = self.engine.inbox.accept
        self.application = Starlette(
            routes=[self.telegram.webhook("s" * 16, accept), *self.whatsapp.webhook(accept)]
        )
        self.numbers = itertools.count(1_000_000)
        self.siti = Somebody("6281234500001", "", self.people[0].name)
        self.budi = Somebody("6281234500002", "ID.13491208655302741918", self.people[1].name)
        self.log = io.StringIO()
        self.secrets = [said for one in self.people for said in one.said]
        self.secrets += [self.siti.number, self.budi.number, self.budi.scoped]
        ids = (*CAST, *STRANGERS, GROUP, -5, str(GROUP), self.siti.number, self.budi.scoped, HERE, BESIDE, KUKAR, "telegram", "#kantor", 10)  # fmt: skip
        self.trees = {
            TELEGRAM: recorded.telegram(),
            WHATSAPP: recorded.whatsapp((self.siti, self.budi, HIDDEN), self.clock.now()),
            JOB: recorded.results(self.people[0], (TELEGRAM, "7001"), (HERE, KUKAR), self.clock.now()),
        }
        self.mutator = Mutator(self.dice, ids, tuple(tree for found in self.trees.values() for tree in found))

    # -- what is broken ------------------------------------------------------------------------

    def _words(self) -> str:
        one = self.dice.choice(self.people)
        return self.dice.choice((*_WORDS, *_WORDS, *one.said, f"{one.name} {one.nik} {one.wage}"))

    def _fresh(self, channel: str) -> Any:
        """One event as somebody would cause it now, with an id that nobody has seen."""
        if channel == TELEGRAM and self.dice.random() < 0.5:
            return self._update()
        if channel == WHATSAPP and self.dice.random() < 0.5:
            one = People(
                self.dice.choice((self.siti, self.budi, HIDDEN)), self.clock.now(), counts=self.numbers
            )
            return one.say(self._words())
        tree = json.loads(json.dumps(self.dice.choice(self.trees[channel])))
        if channel == TELEGRAM:
            tree["update_id"] = next(self.numbers)
        if channel == WHATSAPP:
            for message in _messages(tree):
                message["id"] = f"wamid.{next(self.numbers)}"
        return tree

    def _update(self) -> Any:
        """A text, or a press of a button that was offered."""
        user = self.dice.choice((*CAST, *CAST, *STRANGERS))
        who = bot_updates.person(user, self.people[user % len(self.people)].name)
        chat = self.dice.choices((user, GROUP), (5, 1))[0]
        offered = [each for each in self.sink.letters if each.choices and each.to.chat == str(chat)]
        update: dict[str, Any] = {"update_id": next(self.numbers)}
        where = bot_updates.chat(chat)
        if offered and self.dice.random() < 0.5:
            token = self.dice.choice(self.dice.choice(offered[-4:]).choices).id
            on = bot_updates.message(11, where, bot_updates.BOT_USER, text="?")
            return update | {"callback_query": bot_updates.tap(f"q{user}", who, on, token)}
        return update | {"message": bot_updates.message(12, where, who, text=self._words())}

    # -- the way in --------------------------------------------------------------------------------

    async def prepare(self) -> None:
        """A district with a group, and officials on both channels."""
        await app.load_villages(self.store, KUKAR)
        await self.store.transact(self._settle_in)
        await self.engine.schedule.tick()

    def _settle_in(self, tx: Tx) -> None:
        now = self.clock.now()
        pins.require(tx, KUKAR, wanted=False)
        places.open_room(tx, Address(TELEGRAM, str(GROUP)), Room(KUKAR, RoomKind.OFFICE), now)
        for user, office in CAST.items():
            self._let_in(tx, TELEGRAM, str(user), office)
        for who, office in ((self.siti, CAST[7001]), (self.budi, CAST[7002])):
            self._let_in(tx, WHATSAPP, self.names.conceal(who.scoped or who.number), office)

    def _let_in(self, tx: Tx, channel: str, user: str, office: Office) -> None:
        """They serve, whatever an update took from them."""
        now = self.clock.now()
        known = people.actor(tx, channel, user, now.date())
        if known is not None and office in known.offices:
            return
        person = known.person if known else people.add(tx, f"{channel} {user[-4:]}", now)
        people.link(tx, person, user, Address(channel, user), now)
        if known is None:
            people.appoint(tx, person, office, now.date())

    async def bring(self, channel: str, body: bytes) -> None:
        """One event by the way it comes: a request at the door, or a result from the worker."""
        if channel == JOB:
            arrival = Arrival(JOB, f"job:{next(self.numbers)}", f"{TELEGRAM}:7001", body)
            await self.engine.inbox.accept([arrival])
        else:
            headers = signed(body) if channel == WHATSAPP else _TELEGRAM_HEADERS
            self.found.door[await door.request(self.application, f"/{channel}", headers, body)] += 1

    async def some(self, first: int, count: int) -> None:
        """Broken events that come at about the same time; what escapes from them is a crash."""
        bodies: list[tuple[str, bytes]] = []
        for _ in range(count):
            channel = self.dice.choices(tuple(self.trees), (5, 4, 1))[0]
            bodies.append((channel, self.mutator.broken(self._fresh(channel))))
        before, begun = self.sink.count, time.process_time()
        try:
            for channel, body in bodies:
                await self.bring(channel, body)
            await self.engine.settle()
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            shown = [(channel, body[:300]) for channel, body in bodies]
            self.found.wrong.append(f"cases from {first} on: {type(error).__name__} for {shown!r}")
        self.found.times.append((time.process_time() - begun) / count)
        self.found.answers += self.sink.count - before
        self.found.cases += count

    async def honestly(self, number: int) -> None:
        """After all tries of what was broken the same people write, and are answered."""
        for _ in range(TRIED):
            self.clock.move(self.clock.now() + STEP)
            await self.engine.settle()
            if not await self._left():
                break
        self.clock.move(self.clock.now() + LATER)
        await self.store.transact(self._settle_in)
        user = self.dice.choice(tuple(CAST))
        who = self.dice.choice((self.siti, self.budi))
        update = {"update_id": next(self.numbers)} | {
            "message": bot_updates.message(next(self.numbers), bot_updates.chat(user), bot_updates.person(user), text="menu")
        }  # fmt: skip
        asked = People(who, self.clock.now(), counts=self.numbers).say("menu")
        for channel, chat, event in (
            (TELEGRAM, str(user), update),
            (WHATSAPP, self.names.conceal(who.scoped or who.number), asked),
        ):
            self.sink.letters.clear()
            await self.bring(channel, packed(event))
            await self.engine.settle()
            self.found.honest += 1
            if not any(each.to.chat == chat and each.kind is Kind.TEXT for each in self.sink.letters):
                self.found.stuck.append(
                    f"after case {number}: an honest message on {channel} was not answered"
                )
        await self._look(number)

    async def _left(self) -> dict[str, int]:
        """Events that are not at an end, by state."""
        waiting = await self.store.transact(inbox.waiting)
        return {state: n for state, (n, _) in waiting.items() if state not in ("done", "quarantined")}

    async def _look(self, number: int) -> None:
        """Nothing waits, and nothing personal was written to the log."""
        if left := await self._left():
            self.found.stuck.append(f"after case {number}: events are left: {left}")
        said = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        shown = next((secret for secret in self.secrets if secret in said), "")
        if shown:
            line = next(line for line in said.splitlines() if shown in line)
            self.found.leaked.append(f"before case {number}: {shown} in {line[:300]}")

    async def close(self) -> None:
        """Count how everything ended; on the platforms only what cannot be read may be quarantined."""
        rows = await self.store.transact(lambda tx: tx.all(_ENDS))
        for row in rows:
            self.found.states[row["state"]] += row["n"]
            if row["channel"] != JOB and row["state"] == "quarantined" and _is_exception(row["error"]):
                self.found.wrong.append(f"{row['n']} events of {row['channel']} ended by {row['error']}")
        await self.telegram.close()
        await self.whatsapp.close()


_TELEGRAM_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": "s" * 16, "Content-Type": "application/json"}
_ENDS = "SELECT channel, state, error, COUNT(*) AS n FROM inbox GROUP BY channel, state, error"


def _is_exception(error: str) -> bool:
    """`Unreadable` says which part; whatever else was raised is noted by its name alone."""
    return error.isidentifier() and error[:1].isupper()


def _messages(tree: Any) -> Iterator[Any]:
    for entry in tree["entry"]:
        for change in entry["changes"]:
            yield from change["value"].get("messages", ())


async def run(folder: Path, cases: int, seed: int) -> Found:
    """So many cases in a new database."""
    async with open_store(folder / "fuzz.db", planted.vault()) as store:
        fuzz = Fuzz(store, seed)
        logs.setup("debug", fuzz.log)
        logging.getLogger().setLevel(logging.DEBUG)
        await fuzz.prepare()
        for number in range(0, cases, TOGETHER):
            await fuzz.some(number, TOGETHER)
            if (number + TOGETHER) % EVERY == 0:
                await fuzz.honestly(number)
        await fuzz.close()
    found = fuzz.found
    found.wrong += [f"{n} requests were answered by {status}" for status, n in found.door.items() if status not in (200, *AT_THE_DOOR)]  # fmt: skip
    return found


@click.command()
@click.option("--cases", default=100_000, show_default=True)
@click.option("--seed", default=7, show_default=True, help="The same seed breaks the same events.")
def main(cases: int, seed: int) -> None:
    """Break, bring, count; exit 1 where something got stuck, crashed or was told to the log."""
    begun = time.perf_counter()
    with TemporaryDirectory(prefix="payung-fuzz-") as folder:
        found = asyncio.run(run(Path(folder), cases, seed))
    logs.setup("critical", sys.stderr)
    click.echo(
        f"{found.cases} broken events, seed {seed}: at the door {_counts(found.door)}; events {_counts(found.states)}"
    )
    click.echo(
        f"{found.answers} messages of ours came of them; {found.honest} honest messages between, not answered {len(found.stuck)}"
    )
    click.echo(
        f"median {found.median:.2f} ms of processor time for one, the slowest {max(found.times) * 1000:.0f} ms; goal: under {GOAL_MS:.0f}"
    )
    for line in (*found.wrong, *found.stuck, *found.leaked)[:20]:
        click.echo(f"BROKEN {line}")
    raise SystemExit(
        table.told(
            "fuzzed updates", found.cases, time.perf_counter() - begun, wrong=len(found.wrong), leaked=len(found.leaked),
            stuck=len(found.stuck), median_ms=round(found.median, 2), held=found.median < GOAL_MS,
        )
    )  # fmt: skip


def _counts(found: Mapping[Any, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items())) or "none"


if __name__ == "__main__":
    main()
