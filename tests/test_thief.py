"""A stolen phone: whoever holds the treasurer's chat, with no PIN, walks every route and does no harm."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

import handlers
from bot.domain.offices import Role
from bot.filling import FormRoute
from bot.guarding import never
from bot.messages import Letter
from bot.routing import Route
from bot.store import pins
from bot.store.database import Tx
from tests.rights import DOCUMENT
from tests.world import PERIAN, World, world

PIN = "481516"
#: What a thief must not have done, by its name in the audit chain.
SENSITIVE = frozenset(
    {
        *("register", "end", "change_wage", "change_post", "add_post", "withdraw_payment", "export"),
        *("invite", "invite_self", "request_handover", "end_office", "pin_set", "pin_reset", "pin_wanted"),
        *("freeze", "restore", "withdraw_instalment", "drop_project", "accept", "refuse", "add_number"),
        *("set_term", "thaw", "opening", "load_projects", "change_project", "drop_group", "add_group"),
        *("broadcast_after_all", "call_off_meeting", "approve", "link"),
    }
)
NIK = "6402015708850003"
WAGE = "3.517.000"
MOTHER = "Kartini Wulandari"
PHONE = "081234567890"
REGISTERED = ("daftar", "Siti Aminah", NIK, "Benar", "Tenggarong", MOTHER, PHONE, "kasi pelayanan", WAGE,
              "2 januari 2024", "Benar, simpan")  # fmt: skip
HASTE = ("daftar", "Budi Santoso", "6402012304850001", "Benar", "Tenggarong", "Sulastri", "tidak punya",
         "kepala dusun", "3 juta", "2 januari 2024", "Benar, simpan")  # fmt: skip
#: What the thief knows to type behind a word.
BEHIND = ("", " Siti", " Perian", " 1")
#: Presses of one walk: a menu that leads to itself must not go on for ever.
STEPS = 400


@pytest.fixture
async def stolen(tmp_path: Path) -> AsyncIterator[World]:
    """A village with somebody insured, a colleague, the office; its treasurer has a PIN."""
    async with world(tmp_path) as here:
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.appoint("idris", "Idris Mahmud", Role.HEAD, PERIAN)
        await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        for text in (*REGISTERED, "sudah bayar", "tautkan"):
            await here.says("darma", text)
        await here.guard()
        for text in ("tautkan", PIN, PIN):
            await here.says("darma", text)
        await here.move(here.clock.now() + timedelta(minutes=11), timedelta(minutes=11))
        here.new()
        yield here


async def _done(here: World) -> list[str]:
    """What stands in the audit chain."""

    def read(tx: Tx) -> list[str]:
        return [row["action"] for row in tx.all("SELECT action FROM audit ORDER BY seq")]

    return await here.store.transact(read)


def _words() -> list[str]:
    names = [route.name for route in handlers.TABLE.routes if route.name]
    return [*names, *(alias for route in handlers.TABLE.routes for alias in route.aliases)]


async def _pressed(here: World, letters: list[Letter], tried: set[str], who: str = "darma") -> list[Letter]:
    """Press each button that has not been pressed under this label; what comes of it is pressed too."""
    said, waiting = list(letters), list(letters)
    while waiting and len(tried) < STEPS:
        for choice in waiting.pop(0).choices:
            if choice.label in tried or choice.label in ("Lupa PIN", "Batal"):
                continue
            tried.add(choice.label)
            found = await here.says(who, choice=choice.id, shape="tap", tap="t", message="1")
            said += found
            waiting += found
    return said


@pytest.mark.slow
async def test_a_thief_with_every_word_and_button_does_nothing_that_harms(stolen: World) -> None:
    before = await _done(stolen)
    said: list[Letter] = []
    tried: set[str] = set()
    for word in _words():
        for behind in BEHIND:
            said += await _pressed(stolen, await stolen.says("darma", word + behind), tried)
    for text in (*HASTE, "ya", "simpan", "123456", "000000"):
        said += await stolen.says("darma", text)
    acts = (await _done(stolen))[len(before) :]
    assert [act for act in acts if act in SENSITIVE] == []
    assert len(tried) > 40  # it did walk
    asked = [letter for letter in said if "PIN Payung Desa" in letter.text]
    assert len(asked) > 10  # and was stopped there
    _masked([letter for letter in said if letter.to.chat == "darma"])


@pytest.mark.slow
async def test_a_thief_of_an_administrators_phone_does_no_more(stolen: World) -> None:
    """Somebody waits to become active, somebody to be linked: neither is decided without the PIN."""
    for text in ("reset pin", "pin kabupaten", "undang Perian sekdes Ratna", PIN, PIN):
        await stolen.says("yuni", text)
    await stolen.says("ratna", "sekdes Perian, SK 12/2026")
    await stolen.move(stolen.clock.now() + timedelta(minutes=11), timedelta(minutes=11))
    before = await _done(stolen)
    said: list[Letter] = []
    tried: set[str] = set()
    for word in _words():
        for behind in ("", " Perian", " Siti"):
            said += await _pressed(stolen, await stolen.says("yuni", word + behind), tried, "yuni")
    acts = (await _done(stolen))[len(before) :]
    assert [act for act in acts if act in SENSITIVE] == []
    assert len(tried) > 40
    assert len([letter for letter in said if "PIN Payung Desa" in letter.text]) > 10


def _unpacked(book: bytes) -> str:
    with ZipFile(BytesIO(book)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def _masked(letters: list[Letter]) -> None:
    files = [letter.attachment.name for letter in letters if letter.attachment]
    # The sums of a year, and an empty form: no people.
    assert {name.split()[0] for name in files} <= {"Anggaran", "Pegawai"}, files
    sheets = [
        one.attachment.data for one in letters if one.attachment and one.attachment.name.endswith("xlsx")
    ]
    written = "\n".join(_unpacked(sheet) for sheet in sheets)
    text = "\n".join(letter.text for letter in letters)
    for secret in (NIK, MOTHER, PHONE, PHONE[1:]):
        assert secret not in text, secret
        assert secret not in written, secret
    assert not re.search(r"(?<!\d)\d{16}(?!\d)", text)


async def test_the_owner_does_what_the_thief_could_not(stolen: World) -> None:
    """The walk would find something: with the PIN the same words do it."""
    before = await _done(stolen)
    for text in ("daftar peserta excel", PIN, *HASTE):
        await stolen.says("darma", text)
    assert (await _done(stolen))[len(before) :] == ["export", "register"]


async def test_five_guesses_are_all_there_are_on_all_phones_together(stolen: World) -> None:
    await stolen.link("darma2", "darma")
    before = await _done(stolen)
    for number in range(40):
        who = ("darma", "darma2")[number % 2]
        await stolen.says(who, "tautkan")
        await stolen.says(who, f"{700_000 + number * 7919}")
    assert (await _done(stolen))[len(before) :] == ["pin_locked"]
    last = await stolen.says("darma", PIN)
    assert any("dikunci" in letter.text for letter in last)


@pytest.mark.slow
async def test_a_thief_cannot_guess_more_than_the_lock_lets(stolen: World) -> None:
    """Three hours of guessing all the time: fifteen of the million were tried."""
    said: list[str] = []
    for hour in range(3):
        for number in range(20):
            letters = await stolen.says("darma", "tautkan")
            letters += await stolen.says("darma", f"{800_000 + hour * 1000 + number * 37}")
            said += [one.text for one in letters if one.to.chat == "darma"]
        await stolen.move(stolen.clock.now() + timedelta(minutes=61), timedelta(minutes=61))
    assert sum("belum cocok.*" in text for text in said) == 12  # the fifth of each hour locks
    assert (await _done(stolen)).count("pin_locked") == 3


def _named(route: Route | FormRoute) -> str:
    """As it is called in docs/hak-akses.md: a form as "isian NAME", what has no sign by its handler."""
    if isinstance(route, FormRoute):
        return f"isian {route.form.name}"
    return route.sign or f"{route.handler.__module__}.{route.handler.__name__}"


def _without_pin() -> set[str]:
    """What docs/hak-akses.md lets be done without a PIN, each with its reason."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("\n## Tanpa PIN\n")[2].partition("\n## ")[0]
    found = re.findall(r"`([^`]+)`", section)
    assert len(found) == len(set(found))
    return set(found)


def test_what_asks_for_no_pin_stands_in_the_document_with_its_reason() -> None:
    """A new route or form is guarded, or somebody has written down why it need not be."""
    every = (*handlers.TABLE.routes, *handlers.TABLE.forms)
    guarded = {_named(route) for route in every if route.guarded is not never}
    bare = {_named(route) for route in every if route.guarded is never}
    assert bare - _without_pin() == set(), "guard it, or give the reason"
    assert _without_pin() - bare - guarded == set(), "there is no such route"
    assert _without_pin() & guarded - bare == set(), "it is guarded"


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_the_pin_is_nowhere(stolen: World, tmp_path: Path) -> None:
    """Neither as typed nor opened with the keys: inbox, drafts, what waits, what was sent."""
    await stolen.says("darma", "tautkan")
    await stolen.says("darma", PIN)
    bodies: list[bytes] = []

    def read(tx: Tx) -> None:
        for table, column in (("inbox", "body"), ("outbox", "body"), ("draft", "body"), ("pin_wait", "body")):
            for row in tx.all(f"SELECT {column} AS body FROM {table} WHERE {column} IS NOT NULL"):  # noqa: S608
                bodies.append(tx.vault.open_bytes(f"{table}.{column}", row["body"]))
        assert not pins.fits("000000", tx.vault.open("pin.body", tx.one("SELECT body FROM pin")["body"]))

    await stolen.store.transact(read)
    assert len(bodies) > 20
    assert not any(PIN.encode() in body for body in bodies)
    assert PIN.encode() not in _files(tmp_path)
    assert json.dumps([letter.text for letter in stolen.sent]).count(PIN) == 0


async def test_a_pin_typed_too_late_is_not_kept_either(stolen: World) -> None:
    """Nobody asks for it any more, or never did: its text is gone when it is handled, sealed or not."""
    await stolen.says("darma", "tautkan")
    await stolen.says("darma", "menu")  # the wait is over
    for text in (PIN, "481 516"):
        await stolen.says("darma", text)
    await stolen.says("orang-lama", PIN)  # who is not linked, or no more

    def texts(tx: Tx) -> list[bytes]:
        tables = ("inbox", "outbox", "draft", "visitor", "request", "question_line")
        found = []
        for table in tables:
            rows = tx.all(f"SELECT body FROM {table} WHERE body IS NOT NULL")  # noqa: S608
            found += [tx.vault.open_bytes(f"{table}.body", row["body"]) for row in rows]
        return found

    kept = await stolen.store.transact(texts)
    assert len(kept) > 20
    assert [body for body in kept if PIN.encode() in body or b"481 516" in body] == []
