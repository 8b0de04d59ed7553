"""The gate and the freeze, below what a conversation shows: rows, races, other chats, other channels."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import memory
from bot.channels.web import Chats, Persona, Post, Web
from bot.clock import ManualClock
from bot.domain.offices import Role, office_day
from bot.messages import Address, Choice, Kind, Lane, Letter, Membership, Outgoing
from bot.store import freezing, outbox, people, pins
from bot.store.database import Tx
from tests.world import PERIAN, START, World, world

PIN, OTHER = "481516", "731904"
FORM = ("daftar", "Budi Santoso", "6402012304850001", "Benar", "Tenggarong", "Sulastri", "tidak punya",
        "kepala dusun", "3 juta", "2 januari 2024")  # fmt: skip


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A treasurer, the head of the village, an administrator: PINs are wanted."""
    async with world(tmp_path) as made:
        await made.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await made.appoint("idris", "Idris Mahmud", Role.HEAD, PERIAN)
        await made.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        await made.guard()
        yield made


async def _says(here: World, who: str, *texts: str) -> str:
    """What they read of the last of it."""
    for text in texts[:-1]:
        await here.says(who, text)
    return "\n".join(one.text for one in await here.says(who, texts[-1]) if one.to.chat == who)


async def _count(here: World, sql: str) -> int:
    found: int = await here.store.transact(lambda tx: tx.one(sql)[0])
    return found


async def _person(here: World, user: str) -> int:
    def find(tx: Tx) -> int:
        actor = people.actor(tx, memory.NAME, user, office_day(here.clock.now()))
        assert actor is not None
        return actor.person

    return await here.store.transact(find)


# -- the gate ----------------------------------------------------------------------------------


async def test_ten_registrations_ask_once(here: World) -> None:
    assert "tersimpan" in await _says(here, "darma", *FORM, "ya", PIN, PIN)
    for number in range(2, 6):
        again = [f"640201230485000{number}" if text.startswith("6402") else text for text in FORM]
        assert "tersimpan" in await _says(here, "darma", *again, "ya")
    assert await _count(here, "SELECT COUNT(*) FROM member") == 5


async def test_people_pasted_together_ask_once_and_a_no_leaves_the_way_back(here: World) -> None:
    lines = [
        f"{name}, {nik}, kasi pelayanan, Rp2.300.000, mulai 2 Januari 2024, lahir di Tenggarong, ibu Kartini"
        for name, nik in (("Siti Aminah", "6402014508900002"), ("Budi Santoso", "6402011708850003"))
    ]
    await here.says("darma", "\n".join(lines))
    await here.presses("darma", "Simpan 2 orang")
    assert "Tidak jadi" in await _says(here, "darma", "batal")
    await here.presses("darma", "Coba lagi")
    assert await _count(here, "SELECT COUNT(*) FROM member") == 0
    assert "2 orang tersimpan" in await _says(here, "darma", PIN, PIN)
    assert await _count(here, "SELECT COUNT(*) FROM member") == 2


async def test_it_is_remembered_in_that_chat_only(here: World) -> None:
    await here.link("darma2", "darma")
    await _says(here, "darma", "tautkan", PIN, PIN)
    assert "PIN Payung Desa" in await _says(here, "darma2", "tautkan")
    assert "Kirim kode" in await _says(here, "darma", "tautkan")


async def test_for_ten_minutes_and_no_longer(here: World) -> None:
    await _says(here, "darma", "tautkan", PIN, PIN)
    here.clock.move(START + timedelta(minutes=9, seconds=59))
    assert "Kirim kode" in await _says(here, "darma", "tautkan")
    here.clock.move(START + timedelta(minutes=10))
    assert "PIN Payung Desa" in await _says(here, "darma", "tautkan")


async def test_what_was_typed_before_a_lock_ends_it_for_all_chats(here: World) -> None:
    await here.link("darma2", "darma")
    await _says(here, "darma", "tautkan", PIN, PIN)
    await _says(here, "darma2", "tautkan", *(f"90000{number}" for number in range(1, 6)))
    assert "dikunci" in await _says(here, "darma", "tautkan")


async def test_whoever_left_office_meanwhile_does_nothing_with_the_right_pin(here: World) -> None:
    await _says(here, "darma", "tautkan", PIN, PIN)
    here.clock.move(START + timedelta(minutes=20))
    await _says(here, "darma", *FORM, "ya")
    await here.leave("darma")
    await _says(here, "darma", PIN)
    assert await _count(here, "SELECT COUNT(*) FROM member") == 0


async def test_the_body_of_a_pin_is_gone_and_its_message_taken_back(here: World) -> None:
    await here.says("darma", "tautkan")
    letters = await here.says("darma", PIN, message="77")
    assert [(one.kind, one.message) for one in letters if one.kind is Kind.DELETE] == [(Kind.DELETE, "77")]
    assert await _count(here, "SELECT COUNT(*) FROM inbox WHERE body IS NULL") == 1


async def test_an_edited_pin_is_not_kept_either(here: World) -> None:
    await here.says("darma", "tautkan")
    await here.says("darma", PIN, edited=True)
    assert await _count(here, "SELECT COUNT(*) FROM inbox WHERE body IS NULL") == 1
    assert await here.store.transact(lambda tx: not pins.is_set(tx, 1))


async def test_a_number_for_a_form_is_no_pin(here: World) -> None:
    """Whoever turns to something else is not asked any more: six digits are an answer again."""
    await _says(here, "darma", "tautkan", PIN, PIN)
    here.clock.move(START + timedelta(minutes=20))
    said = await _says(here, "darma", "tautkan", "daftar", *FORM[1:8], "900000")
    assert "PIN" not in said
    assert await _count(here, "SELECT wrong FROM pin") == 0


async def test_in_a_group_it_is_asked_for_in_private(here: World) -> None:
    await here.open_room("#kantor", "64.02", "office")
    await here.says("yuni", "menu")
    letters = await here.says("yuni", "/undang Perian sekdes Ratna", chat="#kantor")
    group = [one.text for one in letters if one.to.chat == "#kantor"]
    assert len(group) == 1
    assert "chat pribadi" in group[0]
    assert "grup" in await _says(here, "yuni", PIN, PIN)
    letters = await here.says("yuni", "/undang Perian sekdes Ratna", chat="#kantor")
    assert "PIN" not in "".join(one.text for one in letters)


async def test_where_no_pin_is_wanted_nobody_is_asked_and_nothing_told(here: World) -> None:
    await here.guard(wanted=False)
    assert "Kirim kode" in await _says(here, "darma", "tautkan")
    told = await here.move(START + timedelta(minutes=30), timedelta(minutes=10))
    assert [one for one in told if "Catatan" in one.text] == []


async def test_the_kept_form_is_sealed_scrypt(here: World) -> None:
    await _says(here, "darma", "tautkan", PIN, PIN)

    def look(tx: Tx) -> tuple[bytes, str]:
        body = tx.one("SELECT body FROM pin")["body"]
        return body, tx.vault.open("pin.body", body)

    sealed, opened = await here.store.transact(look)
    assert PIN.encode() not in sealed
    assert PIN not in opened
    assert pins.fits(PIN, opened)
    assert not pins.fits(OTHER, opened)


# -- the freeze --------------------------------------------------------------------------------


async def _freeze(here: World, user: str = "darma") -> None:
    person, by = await _person(here, user), await _person(here, "yuni")
    await here.store.transact(lambda tx: freezing.freeze(tx, person, "64.02", by, here.clock.now()))


async def test_everything_is_cut_in_one_transaction(here: World) -> None:
    await here.link("darma2", "darma")
    await _says(here, "darma", "tautkan", PIN, PIN)
    await _says(here, "darma", *FORM)
    person = await _person(here, "darma")
    for status in ("ready", "held"):
        out = Outgoing(Address(memory.NAME, "darma"), "chat/thanks", lane=Lane.ALERT, key=status,
                       not_before=START + timedelta(days=1))  # fmt: skip
        await here.store.transact(lambda tx, o=out: outbox.put(tx, here.clock.now(), o))  # type: ignore[misc]
    await here.store.transact(lambda tx: tx.run("UPDATE outbox SET status = 'held' WHERE key = 'held'"))
    assert await _count(here, "SELECT COUNT(*) FROM draft") == 1
    await _freeze(here)
    for sql in (
        "SELECT COUNT(*) FROM draft",
        "SELECT COUNT(*) FROM address WHERE person = 1 AND reachable = 1",
        "SELECT COUNT(*) FROM prompt WHERE person = 1 AND used_at = ''",
        "SELECT COUNT(*) FROM invitation WHERE used_at = ''",
        "SELECT COUNT(*) FROM outbox WHERE status IN ('ready', 'held') AND chat = 'darma'",
        "SELECT COUNT(*) FROM pin_open",
        "SELECT COUNT(*) FROM pin_wait",
    ):
        assert await _count(here, sql) == 0, sql
    assert person == 1
    assert await here.store.transact(lambda tx: not people.is_linked(tx, 1, PERIAN, START.date()))


async def test_an_answer_that_had_arrived_before_the_freeze_is_refused_after_it(here: World) -> None:
    await _says(here, "darma", "tautkan", PIN, PIN)
    await _says(here, "darma", *FORM)
    await here.engine.inbox.accept([memory.arrival("darma", here.clock.now(), 10_000, text="ya")])
    await _freeze(here)
    await here.settle()
    assert await _count(here, "SELECT COUNT(*) FROM member") == 0
    assert await _count(here, "SELECT COUNT(*) FROM inbox WHERE state <> 'done'") == 0


@pytest.mark.parametrize("freeze_first", [True, False])
async def test_a_freeze_beside_the_last_answer_leaves_nothing_half(
    here: World, *, freeze_first: bool
) -> None:
    """Waiting for the writer at the same time: registered before it, or not at all."""
    await _says(here, "darma", "tautkan", PIN, PIN)
    await _says(here, "darma", *FORM)
    await here.engine.inbox.accept([memory.arrival("darma", here.clock.now(), 10_000, text="ya")])

    work = [_freeze(here), here.engine.inbox.once()]
    await asyncio.gather(*(work if freeze_first else reversed(work)))
    await here.settle()
    members = await _count(here, "SELECT COUNT(*) FROM member")
    assert members == await _count(here, "SELECT COUNT(*) FROM audit WHERE action = 'register'")
    assert await _count(here, "SELECT COUNT(*) FROM draft") == 0
    assert "dari 9" not in await _says(here, "darma", "daftar")
    assert await _count(here, "SELECT COUNT(*) FROM draft") == 0


async def test_neither_a_code_nor_coming_back_undoes_it(here: World) -> None:
    code = (await _says(here, "darma", "tautkan", PIN, PIN)).splitlines()[-2]
    await _freeze(here)
    assert "Selamat datang" not in await _says(here, "dieb", code)
    await here.says("darma", membership=Membership.BLOCKED.value, shape="event")
    await here.says("darma", membership=Membership.UNBLOCKED.value, shape="event")
    assert await _count(here, "SELECT COUNT(*) FROM address WHERE person = 1 AND reachable = 1") == 0
    said = [await _says(here, "darma", text) for text in ("menu", "status", "peserta")]
    assert "dihentikan sementara" in said[0]
    assert said[1:] == ["", ""]


async def test_whoever_is_frozen_is_no_other_administrator(here: World) -> None:
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "64.02")
    yuni = await _person(here, "yuni")
    assert not await here.store.transact(lambda tx: people.is_last_admin(tx, yuni, "64.02"))
    await _freeze(here, "bima")
    assert await here.store.transact(lambda tx: people.is_last_admin(tx, yuni, "64.02"))


# -- leaving, and another account ---------------------------------------------------------------


async def test_with_the_last_day_goes_what_was_begun(here: World) -> None:
    await _says(here, "darma", *FORM)
    last = (here.clock.now() + timedelta(days=1)).date().isoformat()
    await here.store.transact(
        lambda tx: tx.run("UPDATE official SET until = :day WHERE person = 1", day=last)
    )
    await here.move(START + timedelta(days=1, hours=12))
    assert await _count(here, "SELECT COUNT(*) FROM draft WHERE person = 1") == 1  # it is still their office
    await here.move(START + timedelta(days=2, hours=1))
    assert await _count(here, "SELECT COUNT(*) FROM draft WHERE person = 1") == 0
    assert await _count(here, "SELECT COUNT(*) FROM prompt WHERE person = 1 AND used_at = ''") == 0


async def test_an_account_with_another_number_is_linked_again(here: World) -> None:
    await _says(here, "darma", "tautkan", PIN, PIN)
    await here.says("darma", membership=Membership.GONE.value, shape="event")
    assert await _count(here, "SELECT COUNT(*) FROM pin_open") == 0
    assert await _count(here, "SELECT COUNT(*) FROM address WHERE user = 'darma'") == 0
    assert "PIN" not in await _says(here, "darma", "tautkan")
    assert await _count(here, "SELECT COUNT(*) FROM invitation WHERE used_at = ''") == 1  # the one of before


# -- what platforms do -------------------------------------------------------------------------


async def test_the_page_hides_what_was_typed() -> None:
    seat = Persona("darma", "Darma", "Kaur", "", "darma", False)
    web = Web(Chats([seat], ManualClock(START)))
    mine, _ = web.say(seat, Post("1", PIN))
    assert mine is not None
    await web.send(Letter(Address("web", "darma"), "", Kind.DELETE, message=str(mine.id)))
    assert PIN not in "".join(one.text for one in web.chats.of("darma"))


# -- a further phone ---------------------------------------------------------------------------


async def _gives_code(here: World, user: str, to: str) -> None:
    await here.says(user, "tautkan")
    found = re.search(r"\w{4}-\w{4}-\w{4}", await _says(here, user, PIN, PIN))
    assert found
    assert "Kode cocok" in await _says(here, to, found[0])


async def _linked(here: World, user: str) -> bool:
    def look(tx: Tx) -> bool:
        return people.actor(tx, memory.NAME, user, office_day(here.clock.now())) is not None

    return await here.store.transact(look)


async def test_a_further_phone_counts_a_day_later_and_not_a_minute_before(here: World) -> None:
    await _gives_code(here, "darma", "darma2")
    await here.move(START + timedelta(hours=23, minutes=59), timedelta(hours=23, minutes=59))
    assert not await _linked(here, "darma2")
    assert "baru berlaku" in await _says(here, "darma2", "peserta")
    await here.move(START + timedelta(hours=24), timedelta(minutes=1))
    assert await _linked(here, "darma2")
    assert "Perian" in await _says(here, "darma2", "status")


async def test_the_hour_at_which_it_counts_is_the_same_whenever_it_is_told(here: World) -> None:
    await here.appoint("tono", "Tono Hartono", Role.TREASURER, "61.08.01.2001")
    await _gives_code(here, "tono", "tono2")
    assert "07.00 WIB" in here.sent[-1].text
    assert "07.00 WIB" in await _says(here, "tono2", "peserta")


async def test_an_emergency_is_answered_from_there_all_the_same(here: World) -> None:
    await _gives_code(here, "darma", "darma2")
    assert "Tolong korban dulu" in await _says(here, "darma2", "tolong, kadus kami kecelakaan")


async def test_those_beside_them_and_the_office_hear_of_it_and_each_may_refuse(here: World) -> None:
    await here.appoint("sofia", "Sofia Lestari", Role.TREASURER, "64.02.01.2002")
    await _gives_code(here, "darma", "maling")
    told = {
        one.to.chat: [choice.label for choice in one.choices]
        for one in here.sent
        if "omor atau aplikasi baru" in one.text
    }
    assert told == {"darma": ["Bukan saya"], "idris": ["Bukan beliau"], "yuni": ["Bukan beliau"]}
    await here.presses("yuni", "Bukan beliau")
    await here.move(START + timedelta(hours=25))
    assert not await _linked(here, "maling")
    assert "dihentikan sementara" in await _says(here, "darma", "peserta")
    assert "refuse_address" in await _acts(here)


async def _acts(here: World) -> list[str]:
    return await here.store.transact(lambda tx: [row["action"] for row in tx.all("SELECT action FROM audit")])


async def test_nobody_of_another_village_may_refuse_it(here: World) -> None:
    sofia = await here.appoint("sofia", "Sofia Lestari", Role.TREASURER, "64.02.01.2002")
    await _gives_code(here, "darma", "darma2")
    forged = Outgoing(Address(memory.NAME, "sofia"), "chat/thanks", choices=(Choice("not_ours:1", "Bukan beliau"),),
                      key="forged", person=sofia)  # fmt: skip
    await here.store.transact(lambda tx: outbox.put(tx, here.clock.now(), forged))
    await here.settle()
    said = await here.presses("sofia", "Bukan beliau")
    assert "di luar tugas" in said[-1].text
    await here.move(START + timedelta(hours=25))
    assert await _linked(here, "darma2")


async def test_the_last_administrator_is_not_locked_out_by_it(here: World) -> None:
    await _gives_code(here, "yuni", "yuni2")
    await here.presses("yuni", "Bukan saya")
    await here.move(START + timedelta(hours=25))
    assert not await _linked(here, "yuni2")
    assert "Yuniarti" in await _says(here, "yuni", "menu")


@pytest.mark.parametrize("how", ["left", "frozen", "gone"])
async def test_it_never_counts_for_who_may_do_nothing_by_then(here: World, how: str) -> None:
    await _gives_code(here, "darma", "darma2")
    if how == "left":
        await here.leave("darma")
    elif how == "frozen":
        await _freeze(here)
    else:
        await here.says("darma2", membership=Membership.GONE)
    await here.move(START + timedelta(hours=25))
    assert not await _linked(here, "darma2")


async def test_six_digits_that_nobody_asked_for_are_no_payment(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    (told,) = await here.says("darma", "123456")
    assert "PIN hanya diketik bila saya minta" in told.text
    assert not told.choices
    (told,) = await here.says("darma", "cek 2223")
    assert "Ketik CEK dan kode" in told.text
