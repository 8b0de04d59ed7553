"""Attacks on the whole bot: what was brought once is brought again, what people write is meant as code, what nobody may know is asked."""

import json
import random
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot import texts
from bot.channels import memory
from bot.domain.offices import Role
from bot.inbox import OLDEST
from bot.messages import Arrival, Letter
from bot.store.database import Tx
from tests.world import PERIAN, START, WHATSAPP, World, world

NEXT_DOOR = "64.02.01.2002"
NIK = "6402010101850001"
SQL = (
    "' OR '1'='1", "'; DROP TABLE member; --", "1; DELETE FROM outbox", "\" OR \"\"=\"", "' UNION SELECT body FROM pin --",
    "%' OR 1=1 --", "_%_%", "\\' OR 1=1", "') OR ('1'='1", "0x27 OR 1=1", "Robert'); DROP TABLE official;--", ":village",
    "$1", "?", "NULL", "' || (SELECT key FROM state) || '", "1 OR 1=1 LIMIT 1", "/**/OR/**/1=1", "x'41'", "' AND sleep(9) --",
)  # fmt: skip
CODE = (
    "{{ 7*7 }}", "{% for x in range(9) %}x{% endfor %}", "{{ config }}", "{{ ''.__class__.__mro__ }}", "${7*7}", "#{7*7}",
    "{# x #}", "{{ self._TemplateReference__context }}", "{nama}", "{0.__class__}", "%(x)s", "%s%s%n", "`id`", "$(id)",
    "{{ cycler.__init__.__globals__ }}", "{{ 'a'*10**9 }}", "{% include '/etc/passwd' %}", "<%= 7*7 %>", "__import__('os')",
)  # fmt: skip
MARKUP = (
    "<b>Budi</b>", "<script>alert(1)</script>", "<a href='http://x.test'>Budi</a>", "*Budi*", "_Budi_", "`Budi`", "[x](http://x.test)",
    "&lt;b&gt;", "&#60;", "<", "</b>", "<b", "@admin", "/setujui", "\u202eidub", "Budi\u200b", "~Budi~", "> Budi", "\ue000Budi\ue000",
)  # fmt: skip
PAYLOADS = (*SQL, *CODE, *MARKUP)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A village, the one beside it, their district's office."""
    async with world(tmp_path) as made:
        await made.appoint("kaur", "Darma Wijaya", Role.TREASURER, PERIAN)
        await made.appoint("sebelah", "Rina Sari", Role.TREASURER, NEXT_DOOR)
        await made.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        made.new()
        yield made


async def register(here: World, user: str, nik: str) -> None:
    """Somebody is registered, all the way."""
    answers = ("daftar", "Budi Santoso", nik, "benar", "Tenggarong", "Kartini Wulandari", "tidak punya", "kadus",
               "3 juta", "2 januari 2024", "simpan")  # fmt: skip
    for answer in answers:
        await here.says(user, answer)


async def state(here: World) -> dict[str, int]:
    """How many rows every table has, but those that count what came in."""

    def read(tx: Tx) -> dict[str, int]:
        names = [row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: tx.one(f"SELECT COUNT(*) AS n FROM {name}")["n"] for name in names}  # noqa: S608

    return await here.store.transact(read)


async def unhandled(here: World) -> int:
    """Events that are not done."""
    sql = "SELECT COUNT(*) AS n FROM inbox WHERE state <> 'done'"
    return int(await here.store.transact(lambda tx: tx.one(sql)["n"]))


def _day() -> list[Arrival]:
    """What an officer and the office wrote in a day, as it was brought."""
    said = (
        *(("kaur", text) for text in ("daftar", "Budi Santoso", NIK, "benar", "Tenggarong", "Kartini Wulandari", "tidak punya",
                                      "kasi pelayanan", "3 juta", "2 januari 2024", "simpan", "sudah bayar", "bantuan macet")),
        *(("yuni", text) for text in ("rekap", "undang perian kades Idris Mahmud")),
        *(("asing", text) for text in ("halo", "perian")),
    )  # fmt: skip
    return [memory.arrival(who, START, 100 + number, text=text) for number, (who, text) in enumerate(said)]


async def test_a_recorded_day_brought_twice_more_changes_nothing_and_is_not_answered(here: World) -> None:
    day = _day()
    for arrival in day:
        await here.engine.inbox.accept([arrival])
        await here.settle()
    told, before = len(here.new()), await state(here)
    assert told > 15
    assert before["member"] == 1
    shuffled = random.Random(3).sample(day, len(day))
    for again in (day, shuffled):
        for arrival in again:
            await here.engine.inbox.accept([arrival])
            await here.settle()
        await here.engine.inbox.accept(again)
        await here.settle()
    assert here.new() == []
    assert await state(here) == before


@pytest.mark.parametrize("older, answered", [(timedelta(days=-1), True), (timedelta(minutes=5), False)])
async def test_what_is_older_than_its_platform_brings_anything_is_put_aside(
    tmp_path: Path, older: timedelta, answered: bool
) -> None:
    async with world(tmp_path, tiers={WHATSAPP: 250}) as here:
        await here.appoint("darma/wa", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.says("darma/wa", "menu")
        before = await unhandled(here)
        at = here.clock.now() - OLDEST - older
        window = (at + timedelta(hours=24)).isoformat()
        body = {"address": [WHATSAPP, "darma/wa", ""], "sender": "darma/wa", "external_id": "old", "text": "daftar",
                "at": at.isoformat(), "window": window}  # fmt: skip
        arrival = Arrival(WHATSAPP, "old", f"{WHATSAPP}:darma/wa", json.dumps(body).encode())
        await here.engine.inbox.accept([arrival])
        await here.settle()
        assert bool(here.new()) == answered
        assert await unhandled(here) - before == (not answered)


async def test_what_was_taken_in_in_time_is_answered_after_a_month_without_power(tmp_path: Path) -> None:
    async with world(tmp_path, tiers={WHATSAPP: 250}) as here:
        await here.appoint("darma/wa", "Darma Wijaya", Role.TREASURER, PERIAN)
        at = here.clock.now()
        window = (at + timedelta(hours=24)).isoformat()
        body = {"address": [WHATSAPP, "darma/wa", ""], "sender": "darma/wa", "external_id": "late", "text": "daftar",
                "at": at.isoformat(), "window": window}  # fmt: skip
        arrival = Arrival(WHATSAPP, "late", f"{WHATSAPP}:darma/wa", json.dumps(body).encode())
        await here.engine.inbox.accept([arrival])
        here.clock.move(at + OLDEST + timedelta(days=1))
        await here.settle()
        state = "SELECT state FROM inbox WHERE external_id = 'late'"
        assert await here.store.read(lambda tx: tx.one(state)["state"]) == "done"


class Tags(HTMLParser):
    """What a chat would take for markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One begins."""
        self.found.add(f"{tag} {attrs}" if attrs else tag)
        self.open += 1

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """One ends."""
        self.open -= 1


def markup(letter: Letter) -> set[str]:
    """The tags of a message; all of them must be closed."""
    tags = Tags()
    tags.feed(texts.html(letter.text))
    tags.close()
    assert tags.open == 0, letter.text
    return tags.found


@pytest.mark.slow
@pytest.mark.parametrize("kind", [SQL, CODE, MARKUP], ids=["sql", "code", "markup"])
async def test_what_is_meant_as_code_is_only_ever_words(here: World, kind: tuple[str, ...]) -> None:
    await register(here, "kaur", NIK)
    before = await state(here)
    said: list[Letter] = []
    for payload in kind:
        for text in ("daftar", payload, "batal", "ya", f"peserta {payload}", f"bantuan {payload}", payload):
            said += await here.says("kaur", text)
        for text in (
            f"desa {payload}",
            f"undang perian kades {payload}",
            f"siaran {payload}",
            payload,
            "batal",
            "ya",
        ):
            said += await here.says("yuni", text)
        said += await here.says("asing", payload, name=payload)
    assert await unhandled(here) == 0
    after = await state(here)
    assert {name: after[name] for name in ("member", "official", "village", "pin")} == {
        name: before[name] for name in ("member", "official", "village", "pin")
    }
    assert {tag for letter in said for tag in markup(letter)} <= {"b"}
    shown = [texts.plain(letter.text) for letter in said]
    assert not any(re.search(r"\b49\b|__class__ '|<Config|root:x:", text) for text in shown)
    assert len(said) > 5 * len(kind)


async def test_a_name_that_is_markup_is_shown_as_it_was_written(here: World) -> None:
    for name in ("<b>Budi</b>", "*Budi*", "{{ 7*7 }}", "'; DROP TABLE member; --"):
        said = await here.says("yuni", f"undang perian kades {name}")
        assert all(markup(letter) <= {"b"} for letter in said)


PROBES = 150


@pytest.mark.slow
async def test_probes_for_niks_of_another_village_are_answered_alike_to_the_byte(here: World) -> None:
    registered = [f"640201010185{serial:04}" for serial in range(1, 8)]
    for nik in registered:
        await register(here, "sebelah", nik)
    assert (await state(here))["member"] == len(registered)
    free = [f"640201010185{serial:04}" for serial in range(1_000, 1_000 + PROBES - len(registered))]
    for text in ("daftar", "Ani", "batal", "ya"):  # what is told once, the first time
        await here.says("kaur", text)
    answers: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    for nik in random.Random(5).sample([*registered, *free], PROBES):
        told: list[str] = []
        for text in ("daftar", "Budi Santoso", nik, "benar", "batal", "ya", f"peserta {nik}", nik):
            told += [texts.plain(letter.text).replace(nik, "NIK") for letter in await here.says("kaur", text)]
        answers[nik in registered].add(tuple(told))
    assert answers[True] == answers[False]
    assert len(answers[True]) == 1
