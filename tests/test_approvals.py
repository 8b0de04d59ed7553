"""Who may speak for a village: asked for, decided once, handed over, ended; and what the group is shown."""

import ast
import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import handlers
from bot import ledger
from bot.channels import memory, telegram_updates
from bot.channels.telegram_updates import read
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.messages import Address, Choice, Kind, Lane, Letter, Membership, Outgoing
from bot.routing import Where, dispatch
from bot.store import (
    boards,
    cards,
    drafts,
    invitations,
    members,
    outbox,
    payments,
    people,
    places,
    questions,
    records,
    requests,
)
from bot.store.database import Tx
from bot.store.members import By
from bot.store.payments import New, State
from bot.store.places import Room, RoomKind
from bot.turns import Turn
from handlers.office import audits
from tests.test_schedule import insured
from tests.world import PERIAN, START, World, all_villages, rulebook, world

pytestmark = pytest.mark.slow

ROOM = "#kantor"
NEXT_DOOR = "64.02.01.2002"
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
DECREE = "141/12/2024 tanggal 2 Januari 2024"


@pytest.fixture
async def office(here: World) -> World:
    """An office of two administrators and an operator, with a group."""
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.appoint("rina", "Rina", Role.ADMIN, "64.02")
    await here.appoint("tono", "Tono", Role.OPERATOR, "64.02")
    await here.open_room(ROOM, "64.02", "office")
    return here


async def asks(here: World, user: str, what: str = "kades desa perian", sk: str = DECREE) -> list[Letter]:
    """A stranger asks to be linked; what their last answer led to."""
    await here.says(user, f"saya {what}", name=user.title())
    return await here.says(user, sk, name=user.title())


async def decides(here: World, label: str = "Setujui", user: str = "yuni") -> list[Letter]:
    """An administrator opens the group's newest card in private and decides there."""
    await here.presses(user, "Buka di chat pribadi", ROOM)
    return await here.presses(user, label)


async def held(here: World, user: str) -> list[Office]:
    """The offices of a person today."""

    def look(tx: Tx) -> list[Office]:
        actor = people.actor(tx, memory.NAME, user, here.clock.now().date())
        return list(actor.offices) if actor else []

    return await here.store.transact(look)


def said(letters: list[Letter], chat: str = "") -> str:
    """All that was sent (to a chat), as one text."""
    return "\n".join(letter.text for letter in letters if chat in ("", letter.to.chat))


def edits(letters: list[Letter]) -> list[str]:
    """The texts that the cards of reports were changed to."""
    return [one.text for one in on_card(letters) if one.kind is Kind.EDIT]


def on_card(letters: list[Letter], room: str = ROOM) -> list[Letter]:
    """What was said in the group of a village's reports; the board is another matter."""
    return [one for one in letters if one.to.chat == room and " melapor" in one.text]


def stored(folder: Path) -> list[bytes]:
    """Every file of the database."""
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


# -- requests --------------------------------------------------------------------------------


async def test_a_request_is_approved_once_and_the_second_press_says_by_whom(office: World) -> None:
    card = next(one for one in await asks(office, "budi") if one.to.chat == ROOM)
    assert "Kepala Desa" in card.text
    await office.presses("yuni", "Buka di chat pribadi", ROOM)
    await decides(office, user="rina")
    assert await held(office, "budi") == [Office(Role.HEAD, "64.02", PERIAN)]
    assert "Rina" in said(await office.presses("yuni", "Setujui"))
    assert await office.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM person")[0]) == 4


async def test_two_administrators_who_press_at_once_are_one_act(office: World) -> None:
    await asks(office, "budi")
    both = []
    for number, user in enumerate(("yuni", "rina")):
        opened = await office.presses(user, "Buka di chat pribadi", ROOM)
        choice = next(one for one in opened if one.to.chat == user).choices[0].id
        both.append(memory.arrival(user, START, 700 + number, choice=choice, shape="tap", tap="t"))
    await office.engine.inbox.accept(both)
    await office.engine.settle()
    acts = await office.store.transact(lambda tx: tx.all("SELECT action FROM audit WHERE action = 'approve'"))
    assert len(acts) == 1


async def test_in_the_group_no_name_no_phone_and_no_number_of_the_decree_is_said(office: World) -> None:
    await office.says("budi", "saya kades desa perian", name="Budi Kanarianto")
    contact = {"phone": "081234567890", "user": "budi"}
    await office.says("budi", shape="contact", contact=contact)
    await office.says("budi", DECREE)
    await office.says("yuni", "/setujui", chat=ROOM)
    await office.presses("yuni", "1. Perian", ROOM)
    shown = "\n".join(one.text for one in office.channel.sent if one.to.chat == ROOM)
    assert "Desa Perian" in shown
    assert all(secret not in shown for secret in ("Kanarianto", "Budi", "0812", "141/12"))
    opened = said(await office.presses("yuni", "Buka di chat pribadi", ROOM), "yuni")
    assert all(known in opened for known in ("Budi Kanarianto", "081234567890", "141/12/2024"))


@pytest.mark.parametrize(
    "contact", [{"phone": "0812", "user": "lain"}, {"phone": "0812"}], ids=["another's", "unknown"]
)
async def test_only_the_own_contact_counts(office: World, contact: dict[str, str]) -> None:
    await office.says("budi", "saya kades desa perian")
    await office.says("budi", shape="contact", contact=contact)
    await office.says("budi", shape="contact", contact={"phone": "0813", "user": "budi"}, forwarded=True)
    found = await office.store.transact(lambda tx: requests.of(tx, memory.NAME, "budi"))
    assert found
    assert "phone" not in found.words


@pytest.mark.parametrize("sk", ["lewati", DECREE])
async def test_from_the_group_nobody_is_let_in(office: World, sk: str) -> None:
    card = next(one for one in await asks(office, "budi", sk=sk) if one.to.chat == ROOM)
    assert [choice.label for choice in card.choices] == ["Tolak", "Buka di chat pribadi"]


@pytest.mark.parametrize("user", ["tono", "siti", "asing", "landak", "mantan"])
async def test_only_the_districts_administrators_decide(office: World, user: str) -> None:
    await office.appoint("siti", "Siti", Role.SECRETARY, PERIAN)
    await office.appoint("landak", "Landak", Role.ADMIN, "61.08")
    await office.appoint("mantan", "Mantan", Role.ADMIN, "64.02")
    await office.leave("mantan")
    card = next(one for one in await asks(office, "budi") if one.to.chat == ROOM)
    for choice in card.choices:
        told = await office.says(user, choice=choice.id, shape="tap", tap="t", chat=ROOM, message="9")
        assert [one for one in told if one.kind is not Kind.ANSWER] == []
    assert await office.says(user, "/setujui", chat=ROOM) == []
    assert await held(office, "budi") == []
    await decides(office)
    assert len(await held(office, "budi")) == 1


async def test_what_a_stranger_reads_does_not_depend_on_who_serves(tmp_path: Path) -> None:
    answers = []
    for number, holder in enumerate((True, False)):
        (tmp_path / str(number)).mkdir()
        async with world(tmp_path / str(number)) as here:
            await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
            if holder:
                await here.appoint("siti", "Siti", Role.HEAD, PERIAN)
            told = said(await here.says("budi", "saya kades desa perian"), "budi")
            told += said(await here.says("budi", DECREE), "budi")
            await here.presses("yuni", "Tolak")
            told += said(await here.presses("yuni", "Orangnya tidak dikenal"), "budi")
            answers.append(told)
    assert answers[0] == answers[1]
    assert "belum dapat disetujui" in answers[0]


async def test_an_account_has_one_request_and_a_village_one_new_card_an_hour(office: World) -> None:
    await asks(office, "budi")
    assert [one for one in await asks(office, "budi") if one.to.chat == ROOM] == []
    assert [one for one in await asks(office, "joko", "sekdes desa perian") if one.to.chat == ROOM] == []
    assert "2 menunggu" in said(await office.says("yuni", "/setujui", chat=ROOM))
    await office.move(START + timedelta(minutes=61))
    assert [one for one in await asks(office, "wawan", "bendahara desa perian") if one.to.chat == ROOM]


async def test_a_held_post_changed_hands_meanwhile_and_is_asked_about_again(office: World) -> None:
    await asks(office, "budi")
    await office.presses("yuni", "Buka di chat pribadi", ROOM)
    await office.appoint("siti", "Siti", Role.HEAD, PERIAN)
    told = await office.presses("yuni", "Setujui")
    assert await held(office, "budi") == []
    assert "Pemegang sekarang: Siti" in said(told, "yuni")
    await office.presses("yuni", "Tambah sebagai kedua")
    assert len(await held(office, "budi")) == len(await held(office, "siti")) == 1


async def test_who_is_replaced_loses_the_office_the_drafts_and_the_questions_at_once(office: World) -> None:
    person = await office.appoint("siti", "Siti", Role.HEAD, PERIAN)
    question = (await office.says("siti", "menu"))[-1].choices[0].id
    await office.says("siti", "daftar")
    await asks(office, "budi")
    told = await decides(office, "Ganti (serah terima)")
    assert "diteruskan Budi" in said(told, "siti")
    assert await held(office, "siti") == []
    assert await office.store.transact(lambda tx: drafts.of(tx, person, office.clock.now())) == []
    sql = "SELECT COUNT(*) FROM prompt WHERE person = :person AND used_at = ''"
    assert await office.store.transact(lambda tx: tx.one(sql, person=person)[0]) == 0
    assert "Daftar" not in said(await office.says("siti", choice=question, shape="tap", tap="t"))


async def test_a_person_of_two_posts_keeps_the_other(office: World) -> None:
    await office.appoint("siti", "Siti", Role.HEAD, PERIAN)
    await office.appoint("siti", "Siti", Role.SECRETARY, NEXT_DOOR)
    await asks(office, "budi")
    await decides(office, "Ganti (serah terima)")
    assert await held(office, "siti") == [Office(Role.SECRETARY, "64.02", NEXT_DOOR)]


async def test_the_office_dates_from_the_decree(office: World) -> None:
    await asks(office, "budi")
    await decides(office)
    found = await office.store.transact(
        lambda tx: tx.one("SELECT since FROM official WHERE village <> ''")[0]
    )
    assert found == "2024-01-02"


async def test_after_two_weeks_a_request_is_none_and_may_be_made_again(office: World) -> None:
    card = next(one for one in await asks(office, "budi") if one.to.chat == ROOM)
    told = await office.move(START + timedelta(days=14, hours=1), timedelta(hours=12))
    assert "lewat 14 hari" in said(told, "budi")
    assert "tidak berlaku lagi" in said([one for one in told if one.kind is Kind.EDIT], ROOM)
    await office.says("yuni", choice=card.choices[-1].id, shape="tap", tap="t", chat=ROOM, message="9")
    assert await held(office, "budi") == []
    assert [one for one in await asks(office, "budi") if one.to.chat == ROOM]


async def test_without_a_group_the_card_comes_to_every_administrator(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.appoint("rina", "Rina", Role.ADMIN, "64.02")
    await here.appoint("tono", "Tono", Role.OPERATOR, "64.02")
    told = await asks(here, "budi")
    assert {one.to.chat for one in told} == {"budi", "yuni", "rina"}
    await here.presses("yuni", "Setujui")
    assert "Yuniarti" in said(await here.presses("rina", "Setujui"))


async def test_what_was_asked_and_decided_is_in_the_chain_without_names(office: World) -> None:
    await asks(office, "budi")
    await decides(office)
    rows = await office.store.transact(
        lambda tx: [dict(row) for row in tx.all("SELECT action, details FROM audit")]
    )
    assert [row["action"] for row in rows] == ["request", "look_at_request", "link", "approve"]
    assert "Budi" not in str(rows)
    assert await office.store.transact(records.broken) is None


async def test_a_request_stands_sealed_in_every_file(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
        await here.says("budi", "saya kades desa perian", name="Budi Kanarianto")
        await here.says("budi", "141/XKCD/2024")
        contents = stored(tmp_path)
    assert all(b"Kanarianto" not in each and b"141/XKCD" not in each for each in contents)


async def test_a_button_that_let_in_from_the_group_lets_nobody_in_any_more(office: World) -> None:
    await asks(office, "budi")

    def older(tx: Tx) -> None:
        number = requests.waiting(tx, "64.02")[0].id
        card = Outgoing(Address(memory.NAME, ROOM), "approvals/nobody_waits", {"district": "x"}, public=True)
        outbox.put(
            tx, START, replace(card, choices=(Choice(f"approve:{number}:plain", "Setujui"),), key="old")
        )

    await office.store.transact(older)
    await office.says("tono", "menu")
    told = await office.presses("yuni", "Setujui", ROOM)
    assert await held(office, "budi") == []
    assert "disetujui, di chat pribadi" in said(told, ROOM)


@pytest.mark.parametrize("sk", ["1", "halo 2", "081234567890", "sk nomor 7"])
async def test_a_number_alone_is_no_decree(office: World, sk: str) -> None:
    assert [one for one in await asks(office, "budi", sk=sk) if one.to.chat == ROOM] == []
    assert [one for one in await office.says("budi", "SK-7/XII/2024") if one.to.chat == ROOM]


async def test_an_office_that_ended_by_mistake_is_held_again(office: World) -> None:
    await office.appoint("budi", "Budi", Role.HEAD, PERIAN)
    await office.says("yuni", "akhiri perian kades")
    await office.presses("yuni", "Akhiri: Budi")
    assert await held(office, "budi") == []
    await asks(office, "budi")
    await decides(office)
    assert await held(office, "budi") == [Office(Role.HEAD, "64.02", PERIAN)]
    rows = await office.store.transact(lambda tx: tx.all("SELECT since FROM official WHERE village <> ''"))
    assert [row["since"] for row in rows] == ["2026-11-23", "2026-11-23"]


async def test_a_last_day_that_lies_ahead_is_taken_back_by_an_invitation(office: World) -> None:
    await office.appoint("budi", "Budi", Role.HEAD, PERIAN)
    await office.says("yuni", "akhiri perian kades 31 desember 2026")
    await office.presses("yuni", "Akhiri: Budi")
    await office.says("yuni", "undang perian kades Budi")
    code = CODE.search(said(await office.presses("yuni", "Tambah sebagai kedua"), "yuni"))
    assert code
    await office.says("budi", code[0])
    rows = await office.store.transact(lambda tx: tx.all("SELECT until FROM official WHERE village <> ''"))
    assert [row["until"] for row in rows] == [None]


def waits(letters: list[Letter]) -> list[Letter]:
    """The lines that say how many wait."""
    return [one for one in letters if "menunggu ditautkan" in one.text and one.kind is Kind.TEXT]


async def test_requests_without_a_card_are_told_of_at_rising_distances(office: World) -> None:
    for user in ("budi", "joko"):
        await asks(office, user)
    lines = waits(await office.move(START + timedelta(days=7, hours=2)))  # from Monday to Monday
    assert ["terlama 1 hari" in one.text for one in lines] == [True, False, False]
    assert "2 menunggu ditautkan*, terlama 7 hari" in lines[2].text
    assert "Budi" not in said(lines)
    assert "1. Perian" in [
        c.label for one in await office.presses("rina", "Lihat", ROOM) for c in one.choices
    ]
    later = waits(await office.move(START + timedelta(days=15)))
    assert ["terlama 11 hari" in one.text for one in later] == [True]


async def test_what_fell_on_a_weekend_is_told_on_monday(office: World) -> None:
    await office.move(START + timedelta(days=4))  # Friday
    await asks(office, "budi")
    lines = waits(await office.move(START + timedelta(days=7, hours=2)))
    assert ["sudah 3 hari" in one.text for one in lines] == [True]
    assert waits(await office.move(START + timedelta(days=8, hours=2))) == []


async def test_without_a_group_each_administrator_reads_how_many_wait(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    for user in ("budi", "joko"):
        await asks(here, user)
    assert "2 menunggu" in said(await here.move(START + timedelta(days=1, hours=2)), "yuni")
    assert "Joko" in said(await here.presses("yuni", "Lihat"), "yuni")


async def test_another_reason_is_asked_for_kept_sealed_and_read_by_the_office_alone(office: World) -> None:
    await asks(office, "budi")
    told = await office.presses("yuni", "Tolak", ROOM)
    told = await office.presses("yuni", "Alasan lain", ROOM)
    assert "Apa alasannya menolak" in said(told, "yuni")
    assert "Minta ditautkan" in said(told, ROOM)  # the card is there again
    assert live(office) == [["Tolak", "Buka di chat pribadi"]]
    told = await office.says("yuni", "Sudah pensiun")
    assert "permintaannya ditolak" in said(told, "yuni")
    told = await office.presses("yuni", "Benar, simpan")
    assert "Alasan: Sudah pensiun" in said(told, "yuni")
    assert "belum dapat disetujui" in said(told, "budi")
    assert live(office) == []
    assert "pensiun" not in said(told, "budi") + said(told, ROOM)
    await office.presses("rina", "Buka di chat pribadi", ROOM)
    assert "Alasan: Sudah pensiun" in said(office.channel.sent, "rina")
    rows = "SELECT details FROM audit UNION ALL SELECT reason FROM request"
    assert "pensiun" not in str([tuple(row) for row in await office.store.transact(lambda tx: tx.all(rows))])


def live(here: World, room: str = ROOM) -> list[list[str]]:
    """The buttons that can still be pressed in a group, message by message."""
    found: dict[str, list[str]] = {}
    for number, one in enumerate(here.channel.sent, start=1):
        if one.to.chat == room and one.kind in (Kind.TEXT, Kind.EDIT, Kind.CLOSE):
            message = str(number) if one.kind is Kind.TEXT else one.message
            found[message] = [choice.label for choice in one.choices]
    return [labels for labels in found.values() if labels]


async def test_who_does_not_refuse_after_all_leaves_one_card_in_the_group(office: World) -> None:
    await asks(office, "budi")
    await office.presses("yuni", "Tolak", ROOM)
    told = await office.presses("yuni", "Tidak jadi", ROOM)
    assert "masih menunggu" in said(told, ROOM)
    assert live(office) == [["Tolak", "Buka di chat pribadi"]]
    await office.presses("rina", "Tolak", ROOM)
    await office.presses("rina", "Orangnya tidak dikenal", ROOM)
    assert live(office) == []


async def test_a_reason_written_too_late_changes_nothing(office: World) -> None:
    await asks(office, "budi")
    await office.presses("yuni", "Tolak", ROOM)
    await office.presses("yuni", "Alasan lain", ROOM)
    await office.says("yuni", "Sudah pensiun")
    await decides(office, user="rina")
    assert "disetujui oleh Rina" in said(await office.presses("yuni", "Benar, simpan"), "yuni")
    assert len(await held(office, "budi")) == 1


async def test_what_became_of_a_request_is_no_end_of_a_press(office: World) -> None:
    await asks(office, "budi")
    await decides(office)
    sql = "SELECT DISTINCT lane FROM outbox WHERE kind = 'edit'"
    rows = await office.store.transact(lambda tx: tx.all(sql))
    assert [row["lane"] for row in rows] == [Lane.REPLY]


_WORDS = sorted(
    {*handlers.TABLE.words[Where.PRIVATE].known.values()}
    - {
        "start",
        "batal",
        "batal siaran",
        "batalkan laporan",
        "batalkan kode",
        "berhenti",
        "bantuan",
        "tanya",
        "kecelakaan",
        "meninggal",
    }
)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("former", [False, True])
async def test_commands_of_who_holds_no_office_are_not_taken_for_villages(
    here: World, former: bool, begun: bool
) -> None:
    answer = "sudah berakhir" if former else "setelah Bapak/Ibu tercatat"
    for number, command in enumerate(_WORDS):
        user = f"u{number}"
        if former:
            await here.appoint(user, "Budi", Role.HEAD, PERIAN)
            await here.leave(user)
        if begun:
            await here.says(user, "selamat pagi")
        assert answer in said(await here.says(user, command.upper())), command
        assert "Jabatan Bapak/Ibu?" in said(await here.says(user, "perian, muara muntai")), command


@pytest.mark.parametrize("former", [False, True])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kecelakaan pak, sekdes Perian jatuh", "fasilitas kesehatan terdekat"),
        ("/meninggal", "turut berduka cita"),
        ("tanya", "Untuk bertanya, hubungi"),
        ("bantuan", "Untuk bertanya, hubungi"),
    ],
)
async def test_who_holds_no_office_learns_whom_to_call(
    here: World, text: str, said: str, former: bool
) -> None:
    if former:
        await here.appoint("budi", "Budi", Role.HEAD, PERIAN)
        await here.leave("budi")
    for before in ("", "selamat pagi", "kades desa perian"):
        if before:
            await here.says("budi", before)
        here.clock.move(here.clock.now() + timedelta(minutes=2))
        [told] = await here.says("budi", text)
        assert said in told.text
        assert ("DPMD" in told.text or "Dinas Pemberdayaan" in told.text) or before != "kades desa perian"
        assert "tercatat" not in told.text


async def test_who_says_stop_is_let_go_in_the_middle_of_a_request(office: World) -> None:
    [told] = await office.says("budi", "Berhenti")
    assert "tidak mengirim apa-apa" in told.text
    assert "Payung Desa membantu" in said(await office.says("budi", "halo"))
    await office.says("budi", "kades desa perian")
    assert "tidak jadi" in said(await office.says("budi", "berhenti pak"), "budi")
    office.clock.move(office.clock.now() + timedelta(minutes=2))
    assert "Payung Desa membantu" in said(await office.says("budi", "halo"))


@pytest.mark.parametrize("text", ["halo", "assalamualaikum pak", "/apa"])
async def test_a_greeting_is_not_taken_for_a_village(here: World, text: str) -> None:
    await here.says("budi", "selamat pagi")
    assert "Tulis desa dan kecamatan" in said(await here.says("budi", text))


async def test_a_stranger_takes_back_what_they_asked_for(office: World) -> None:
    await asks(office, "budi")
    told = await office.says("budi", "batal, salah desa")
    assert "tarik kembali" in said(told, "budi")
    assert "ditarik kembali" in said([one for one in told if one.kind is Kind.EDIT], ROOM)
    assert await office.store.transact(lambda tx: requests.waiting(tx, "64.02")) == []
    assert [one for one in await asks(office, "budi") if one.to.chat == ROOM] == []  # not a card each time
    assert len(await office.store.transact(lambda tx: requests.waiting(tx, "64.02"))) == 1


async def test_a_request_taken_back_at_night_never_reaches_the_group(office: World) -> None:
    office.clock.move(START + timedelta(hours=14))  # 22.00 WITA
    await asks(office, "budi")
    await office.says("budi", "batal")
    told = await office.move(START + timedelta(days=1, hours=2))
    assert "Minta ditautkan" not in said(told, ROOM)


async def test_what_expires_at_night_is_said_in_the_morning(office: World) -> None:
    office.clock.move(START + timedelta(hours=17))  # 01.00 WITA
    await asks(office, "budi")
    await office.move(START + timedelta(days=14, hours=16, minutes=30), timedelta(hours=6))
    assert "14 hari" not in said(await office.move(START + timedelta(days=14, hours=20)), "budi")
    assert "14 hari" in said(await office.move(START + timedelta(days=14, hours=24)), "budi")


async def test_near_names_are_looked_for_a_few_times_a_minute(office: World) -> None:
    await office.says("budi", "halo")
    for _ in range(invitations.LOOKS):
        await office.says("budi", "zzzz")
    assert said(await office.says("budi", "periam")) != ""
    assert not await office.store.transact(
        lambda tx: [one for one in [requests.of(tx, memory.NAME, "budi")] if one and one.words.get("likely")]
    )
    assert "Jabatan" in said(await office.says("budi", "perian"), "budi")  # an exact name costs nothing
    await office.says("joko", "halo")
    assert "Desa yang mana" in said(await office.says("joko", "periam"), "joko")


# -- handing over ----------------------------------------------------------------------------


async def _code_for_successor(here: World) -> str:
    await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    await here.says("darma", "serah terima")
    await here.says("darma", "Wawan Setiadi")
    await here.presses("darma", "Benar, simpan")
    found = CODE.search(said(await here.presses("yuni", "Setujui", ROOM), "darma"))
    assert found
    return found[0]


async def test_a_successor_enters_and_the_old_office_ends_in_the_same_moment(office: World) -> None:
    code = await _code_for_successor(office)
    assert len(await held(office, "darma")) == 1
    await office.says("wawan", code)
    assert await held(office, "darma") == []
    assert await held(office, "wawan") == [Office(Role.TREASURER, "64.02", PERIAN)]


async def test_a_code_of_a_holder_who_left_ends_nobody_elses_office(office: World) -> None:
    code = await _code_for_successor(office)
    await office.leave("darma")
    await office.appoint("joko", "Joko", Role.TREASURER, PERIAN)
    await office.says("wawan", code)
    assert len(await held(office, "joko")) == len(await held(office, "wawan")) == 1


async def test_a_holder_who_left_meanwhile_hands_nothing_over(office: World) -> None:
    await office.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    await office.says("darma", "serah terima")
    await office.says("darma", "Wawan Setiadi")
    await office.presses("darma", "Benar, simpan")
    await office.leave("darma")
    told = await office.presses("yuni", "Setujui", ROOM)
    assert "pemegangnya sudah tidak menjabat" in said([one for one in told if one.kind is Kind.EDIT], ROOM)
    assert await office.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM invitation")[0]) == 0
    assert await office.store.transact(lambda tx: requests.waiting(tx, "64.02")) == []


async def _asks_to_hand_over(here: World) -> None:
    await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    await here.says("darma", "serah terima")
    await here.says("darma", "Wawan Setiadi")
    await here.presses("darma", "Benar, simpan")


async def test_the_code_of_a_holder_who_cannot_be_reached_goes_to_who_decides(office: World) -> None:
    await _asks_to_hand_over(office)
    await office.says("darma", membership=Membership.BLOCKED, shape="")
    told = await office.presses("yuni", "Setujui", ROOM)
    assert CODE.search(said(told, "yuni"))
    assert not CODE.search(said(told, ROOM))


async def test_a_code_that_reaches_nobody_is_not_made(office: World) -> None:
    await _asks_to_hand_over(office)
    for user in ("darma", "yuni"):
        await office.says(user, membership=Membership.BLOCKED, shape="")
    told = await office.presses("yuni", "Setujui", ROOM)
    assert "belum dapat saya kirimi" in said(told, ROOM)
    assert len(await office.store.transact(lambda tx: requests.waiting(tx, "64.02"))) == 1


async def test_a_handover_is_taken_back_or_ends_with_the_office(office: World) -> None:
    await _asks_to_hand_over(office)
    assert "ditarik kembali" in said(await office.presses("darma", "Tarik permintaan"), ROOM)
    await office.move(START + timedelta(hours=2))
    await _asks_to_hand_over(office)
    await office.says("yuni", "akhiri perian kaur keuangan")
    told = await office.presses("yuni", "Akhiri: Darma")
    assert "pemegangnya sudah tidak menjabat" in said(told, ROOM)


async def test_who_left_with_a_handover_open_may_ask_anew(office: World) -> None:
    await _asks_to_hand_over(office)
    await office.leave("darma")
    told = await office.says("darma", "saya kades desa perian")
    assert "nomor dan tanggal SK" in said(told, "darma")
    assert "pemegangnya sudah tidak menjabat" in said(told, ROOM)


# -- the office's own people -----------------------------------------------------------------


async def test_an_office_of_the_district_ends_but_never_the_last_administrator(office: World) -> None:
    await office.appoint("sofia", "Sofia", Role.CAMAT, "64.02.01")
    await office.appoint("nina", "Nina", Role.CAMAT, "64.02.02")
    for line, label in (
        ("akhiri petugas tono", "Akhiri: Tono"),
        ("akhiri camat muara muntai", "Akhiri: Sofia"),
        ("akhiri admin rina", "Akhiri: Rina"),
        ("akhiri admin", "Akhiri: Yuniarti"),
    ):
        await office.says("yuni", line)
        told = await office.presses("yuni", label)
    assert "setidaknya satu" in said(told, "yuni")
    left = {user: await held(office, user) for user in ("tono", "sofia", "rina", "yuni", "nina")}
    assert [user for user, offices in left.items() if offices] == ["yuni", "nina"]


async def test_an_administrator_ends_nobody_of_another_district(office: World) -> None:
    await office.appoint("landak", "Landak", Role.ADMIN, "61.08")
    await office.says("yuni", "akhiri petugas tono")
    choice = office.channel.sent[-1].choices[0].id
    await office.says("landak", choice=choice, shape="tap", tap="t")
    assert "tidak ada yang tercatat" in said(await office.says("landak", "akhiri petugas tono"), "landak")
    assert len(await held(office, "tono")) == 1


# -- the words of the chain ------------------------------------------------------------------


def _actions(tree: ast.AST) -> Iterator[str]:
    """What is noted in a module: of words put together, the part that is written out."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        place = {"note": 0, "Act": 1, "_note": 3}.get(name)
        if place is None or len(call.args) <= place:
            continue
        said_ = call.args[place]
        if isinstance(said_, ast.Constant):
            yield said_.value
        elif isinstance(said_, ast.JoinedStr):
            yield from (f"broadcast_{state}" for state in ("asked", "waiting"))


def test_every_act_has_words_of_its_own() -> None:
    root = Path(handlers.__file__).parents[1]
    found = {
        action
        for folder in ("handlers", "bot")
        for path in (root / folder).rglob("*.py")
        for action in _actions(ast.parse(path.read_text()))
    }
    assert len(found) > 50
    assert found - set(audits.ACTIONS) == set()


async def test_an_office_is_ended_by_its_administrator_only(office: World) -> None:
    await office.appoint("siti", "Siti", Role.HEAD, PERIAN)
    await office.appoint("landak", "Landak", Role.ADMIN, "61.08")
    for user in ("tono", "siti", "landak"):
        await office.says(user, "akhiri perian kades")
    assert len(await held(office, "siti")) == 1
    await office.says("yuni", "akhiri perian kades")
    await office.presses("yuni", "Akhiri: Siti")
    assert await held(office, "siti") == []


# -- what villages report --------------------------------------------------------------------


async def _reports(here: World, village: str = PERIAN) -> int:
    """A village reports a payment."""
    person = await here.appoint(f"kaur{village[-1]}", "Kaur", Role.TREASURER, village)
    new = New(village, "PU", Month(2026, 11))
    return await here.store.transact(lambda tx: ledger.report(tx, new, person, here.clock.now()))


async def _tick(here: World, minutes: int = 1) -> list[Letter]:
    here.clock.move(here.clock.now() + timedelta(minutes=minutes))
    await here.engine.schedule.tick()
    await here.engine.settle()
    return here.new()


async def test_a_report_makes_one_card_that_is_edited_and_never_posted_again(office: World) -> None:
    await insured(office)
    number = await _reports(office)
    first = await _tick(office)
    assert [one.kind for one in on_card(first)] == [Kind.TEXT]
    assert "Siti" not in said(first, ROOM)
    assert on_card(await _tick(office)) == []
    await _reports(office)
    assert len(edits(await _tick(office))) == 1
    yuni = await office.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    by = (yuni, office.clock.now())
    await office.store.transact(lambda tx: payments.check(tx, number, State.RECORDED, "", by))
    assert "✅ dicatat oleh Yuniarti 08." in edits(await _tick(office))[0]
    await _reports(office, NEXT_DOOR)
    told = await _tick(office)
    assert [one.kind for one in on_card(told)] == [Kind.TEXT]


async def test_after_an_hour_a_village_may_make_another_card(office: World) -> None:
    for minutes, kind in ((1, Kind.TEXT), (30, Kind.EDIT), (61, Kind.TEXT)):
        office.clock.move(office.clock.now() + timedelta(minutes=minutes - 1))
        await office.engine.schedule.tick()
        await _reports(office)
        told = await _tick(office, 1)
        assert [one.kind for one in on_card(told)] == [kind], minutes


async def test_a_card_opens_in_the_private_chat_of_each_who_presses(office: World) -> None:
    await insured(office)
    await _reports(office)
    await _tick(office)
    for user in ("yuni", "tono"):
        told = await office.presses(user, "Buka di chat pribadi", ROOM)
        assert "Siti Aminah" in said(told, user)
        assert said([one for one in told if one.kind is Kind.TEXT], ROOM) == ""
    await office.appoint("pengamat", "Pengamat", Role.VIEWER, "64.02")
    await office.appoint("sofia", "Sofia", Role.CAMAT, "64.02.01")
    for user in ("pengamat", "sofia", "asing"):
        told = await office.presses(user, "Buka di chat pribadi", ROOM)
        assert [one for one in told if one.kind is not Kind.ANSWER] == []


async def test_a_forum_gets_no_card(here: World) -> None:
    await here.open_room("#forum", "64.02", "forum")
    await _reports(here)
    assert on_card(await _tick(here), "#forum") == []


async def test_somebody_who_stops_is_seen_once_and_the_village_told_to_look_again(office: World) -> None:
    await insured(office)
    await office.appoint("kaur", "Kaur", Role.TREASURER, PERIAN)

    def end(tx: Tx) -> None:
        number = members.of_village(tx, PERIAN)[0].id
        members.end(tx, number, (START.date(), "resigned"), By(None, START))
        cards.end(tx, number, PERIAN, office.clock.now())

    await office.store.transact(end)
    told = await _tick(office)
    assert "1 orang dilaporkan berhenti: menunggu" in said(told, ROOM)
    assert "Siti" not in said(told, ROOM)
    await office.presses("yuni", "Buka di chat pribadi", ROOM)
    await office.presses("tono", "Buka di chat pribadi", ROOM)
    assert "Siti Aminah" in said(await office.presses("yuni", "Perlu perbaikan"), "kaur")
    assert "Yuniarti" in said(await office.presses("tono", "Tercatat"))
    assert "diminta diperiksa lagi oleh Yuniarti" in "".join(edits(await _tick(office)))


async def _flood(here: World, count: int, first: int = 1) -> list[str]:
    """So many villages report at once."""
    codes = [one.code for one in all_villages() if one.district == "64.02"][first - 1 : first - 1 + count]

    def report(tx: Tx) -> None:
        for code in codes:
            payments.report(tx, New(code, "PU", Month(2026, 11)), 1, here.clock.now())

    await here.store.transact(report)
    return codes


async def test_many_villages_at_once_are_counted_on_one_card(office: World) -> None:
    codes = await _flood(office, 36)
    told = await _tick(office)
    assert len(on_card(told)) == 7
    assert on_card(told)[-1].text.startswith("*30 desa lain melapor*: 30 menunggu.")
    await _flood(office, 4, first=37)
    assert edits(await _tick(office))[0].startswith("*34 desa lain melapor*: 34 menunggu.")
    opened = await office.presses("tono", "Buka di chat pribadi", ROOM)
    assert said(opened, "tono").startswith("*40 laporan")
    assert said([one for one in opened if one.kind is Kind.TEXT], ROOM) == ""
    assert "Sedang dilihat Tono" in edits(await _tick(office))[0]
    done = "UPDATE payment SET state = 'recorded' WHERE village > :sixth"
    await office.store.transact(lambda tx: tx.run(done, sixth=codes[5]))
    (last,) = [one for one in on_card(await _tick(office)) if "desa lain" in one.text]
    assert last.text == "*34 desa lain melapor*: ✅ semuanya selesai."
    assert last.choices == ()
    office.clock.move(office.clock.now() + timedelta(hours=1))
    await _flood(office, 1, first=41)
    assert "desa lain" not in said(on_card(await _tick(office)))  # an hour later: a card of its own again


async def test_what_comes_in_the_night_is_on_few_cards_in_the_morning(office: World) -> None:
    office.clock.move(START.replace(hour=13))  # 21.00 WITA
    await office.engine.schedule.tick()
    for hour in range(8):
        await _flood(office, 5, first=1 + 5 * hour)
        await _flood(office, 1, first=1)
        assert on_card(await _tick(office, 60)) == []
    told = await office.move(START + timedelta(days=1, hours=3), timedelta(minutes=20))
    assert [one.kind for one in on_card(told)].count(Kind.TEXT) == 7
    assert "34 desa lain melapor" in edits(told)[-1]


async def test_a_group_that_becomes_a_forum_hears_nothing_more_of_the_reports(office: World) -> None:
    number = await _reports(office)
    await _tick(office)
    card = next(one for one in office.channel.sent if "melapor" in one.text)
    office.clock.move(START.replace(hour=14))  # 22.00 WITA: what comes now waits for the morning
    await office.engine.schedule.tick()
    await _reports(office, NEXT_DOOR)
    await _tick(office)
    await office.says("yuni", "/grup", chat=ROOM)
    await office.presses("yuni", "Jadikan forum", ROOM)
    done = "UPDATE payment SET state = 'returned' WHERE id = :id"
    await office.store.transact(lambda tx: tx.run(done, id=number))
    told = await office.move(START + timedelta(days=1, hours=4))
    assert on_card(told) == []
    pressed = await office.says(
        "tono", choice=card.choices[0].id, chat=ROOM, shape="tap", tap="t", message="1"
    )
    assert [one for one in pressed if one.kind is not Kind.ANSWER] == []
    await office.says("yuni", "/grup", chat=ROOM)
    await office.presses("yuni", "Jadikan kantor", ROOM)
    assert on_card(await _tick(office)) == []  # asked once more: village officers would read along
    office.clock.move(office.clock.now() + timedelta(days=1))
    await office.presses("yuni", "Ya, jadikan kantor", ROOM)  # that of yesterday asks again
    await office.presses("yuni", "Ya, jadikan kantor", ROOM)
    await _reports(office)
    assert [one.kind for one in on_card(await _tick(office))] == [Kind.TEXT]  # and not the old card


async def test_cards_of_which_nothing_changed_are_not_looked_at(office: World) -> None:
    number = await _reports(office)
    await _tick(office)

    def changed(tx: Tx) -> int:
        return len(cards.open_(tx))

    assert await office.store.transact(changed) == 0
    done = "UPDATE payment SET state = 'returned' WHERE id = :id"
    await office.store.transact(lambda tx: tx.run(done, id=number))
    assert await office.store.transact(changed) == 1
    await _tick(office)
    assert await office.store.transact(changed) == 0


async def test_what_was_said_of_people_who_stopped_is_forgotten_after_three_months(office: World) -> None:
    await insured(office)

    def end(tx: Tx) -> int:
        number = members.of_village(tx, PERIAN)[0].id
        cards.end(tx, number, PERIAN, START)
        cards.forget(tx, START + timedelta(days=91))
        waits = cards.ending(tx, number)
        cards.see(tx, number, "recorded", (1, START))
        cards.forget(tx, START + timedelta(days=91))
        return [waits is None, cards.ending(tx, number) is None].count(True)

    assert await office.store.transact(end) == 1


async def test_what_is_asked_at_each_tick_reads_no_table_whole(here: World) -> None:
    asked = [
        *(cards.Q.new_payments, cards.Q.new_members, cards.Q.new_endings, cards.Q.open, cards.Q.latest),
        *(cards.Q.made, cards.Q.items, cards.Q.villages),
        *(boards.Q.rooms, boards.Q.open, boards.Q.billed, boards.Q.reported, boards.Q.counted),
        *(questions.Q.all_behind, questions.Q.on_their_way, questions.Q.superseded),
    ]

    def plans(tx: Tx) -> list[str]:
        found = []
        for sql in asked:
            values = dict.fromkeys(re.findall(r"(?<!:):([a-z]+)", sql), "1")
            found += [row["detail"] for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
        return found

    small = (
        *("SCAN r", "SCAN (subquery"),  # a row for each group
        *("SCAN c USING INDEX question_card_behind", "SCAN l USING INDEX question_line_sent"),  # mostly empty
    )
    whole = [plan for plan in await here.store.transact(plans) if plan.startswith("SCAN")]
    assert [plan for plan in whole if not plan.startswith(small)] == []


# -- groups ----------------------------------------------------------------------------------

GROUP = -1002000000001
SUPER = -1002000000077


def _update(text: str = "/setujui", **more: Any) -> dict[str, Any]:
    sender = {"id": 7001, "is_bot": False, "first_name": "Yuniarti"}
    chat = {"id": GROUP, "title": "DPMD Contoh", "type": "supergroup"}
    message = {"message_id": 11, "from": sender, "chat": chat, "date": 1795392000, "text": text}
    return {"update_id": 1, "message": {**message, **more}}


_CHANNEL = {"id": -1003000000009, "title": "Kabar", "type": "channel"}
_ORIGIN = {
    "type": "user",
    "sender_user": {"id": 7001, "is_bot": False, "first_name": "Y"},
    "date": 1795391000,
}
_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
SHAPES: dict[str, dict[str, Any]] = {
    "anonymous admin": _update(
        **{"from": _BOT, "sender_chat": {"id": GROUP, "title": "x", "type": "supergroup"}}
    ),
    "linked channel": _update(
        **{"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": _CHANNEL},
        is_automatic_forward=True,
        forward_origin={"type": "channel", "chat": _CHANNEL, "message_id": 3, "date": 1795391000},
    ),
    "as a channel": _update(
        **{"from": {"id": 136817688, "is_bot": True, "first_name": "Ch"}, "sender_chat": _CHANNEL}
    ),
    "forwarded": _update(forward_origin=_ORIGIN),
    "via a bot": _update(via_bot={"id": 5, "is_bot": True, "first_name": "B"}),
    "another bot": _update(**{"from": {"id": 5, "is_bot": True, "first_name": "B"}}),
    "for another bot": _update("/setujui@lain_bot"),
    "edited": {"update_id": 1, "edited_message": {**_update()["message"], "edit_date": 1795392001}},
}


async def _hears(here: World, update: dict[str, Any]) -> list[str]:
    """The templates with which a Telegram update is answered."""

    def handle(tx: Tx) -> list[str]:
        incoming = read(json.dumps(update).encode(), "payung_desa_bot")
        if incoming is None:
            return []
        turn = Turn(tx, here.clock.now(), rulebook(), incoming)
        return [out.template or out.kind.value for out in dispatch(handlers.TABLE, turn)]

    return await here.store.transact(handle)


async def _on_telegram(here: World, role: Role = Role.ADMIN) -> Address:
    """An administrator with a Telegram account, and a tied group."""
    at = Address(telegram_updates.NAME, str(GROUP), "44")

    def put(tx: Tx) -> None:
        person = people.add(tx, "Yuniarti", START)
        people.link(tx, person, "7001", Address(at.channel, "7001"), START)
        people.appoint(tx, person, Office(role, "64.02"), START.date())
        places.open_room(tx, at, Room("64.02", RoomKind.OFFICE), START)

    await here.store.transact(put)
    return at


@pytest.mark.parametrize("shape", SHAPES)
async def test_who_does_not_speak_in_person_has_no_rights_and_gets_no_reply(here: World, shape: str) -> None:
    await _on_telegram(here)
    assert await _hears(here, _update()) == ["approvals/nobody_waits"]
    assert await _hears(here, SHAPES[shape]) == []


async def test_a_command_in_a_topic_is_answered_there_and_cards_go_where_the_group_was_tied(
    here: World,
) -> None:
    at = await _on_telegram(here)
    rooms = await here.store.transact(lambda tx: places.rooms(tx, "64.02", RoomKind.OFFICE))
    assert rooms == [at]
    update = _update(is_topic_message=True, message_thread_id=7)
    assert await _hears(here, update) == ["approvals/nobody_waits"]


def _membership(status: str, before: str, sender: int = 7001) -> dict[str, Any]:
    who = {"user": {"id": 9, "is_bot": True, "first_name": "Payung"}}
    person = {"id": sender, "is_bot": False, "first_name": "Y"}
    chat = {"id": SUPER, "title": "DPMD", "type": "supergroup"}
    old, new = {**who, "status": before}, {**who, "status": status}
    change = {
        "chat": chat,
        "from": person,
        "date": 1795392000,
        "old_chat_member": old,
        "new_chat_member": new,
    }
    return {"update_id": 2, "my_chat_member": change}


async def test_a_group_follows_when_it_becomes_a_supergroup(here: World) -> None:
    await _on_telegram(here)
    await _hears(
        here, {"update_id": 3, "message": {**_update()["message"], "text": None, "migrate_to_chat_id": SUPER}}
    )
    rooms = await here.store.transact(lambda tx: places.rooms(tx, "64.02", RoomKind.OFFICE))
    assert [one.chat for one in rooms] == [str(SUPER)]


async def test_kicked_and_added_again_an_administrator_says_anew_what_the_group_is(here: World) -> None:
    await _on_telegram(here)
    assert await _hears(here, _membership("member", "left")) == ["start/which_room"]
    assert await _hears(here, _membership("kicked", "member")) == []
    assert await _hears(here, _membership("member", "kicked")) == ["start/which_room"]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CAMAT, Role.VIEWER, Role.BRANCH])
async def test_added_by_anybody_else_the_bot_says_one_line_and_leaves(here: World, role: Role) -> None:
    await _on_telegram(here, role)
    assert await _hears(here, _membership("member", "left")) == ["start/foreign_group", "leave"]
    assert await _hears(here, _membership("member", "left", 666)) == ["start/foreign_group", "leave"]


async def test_a_group_nobody_named_is_left_after_a_day(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    for room in ("#dijawab", "#didiamkan"):
        await here.says("yuni", chat=room, membership=Membership.ADDED, shape="membership")
    await here.presses("yuni", "Kantor DPMD", "#dijawab")
    told = await here.move(START + timedelta(hours=23))
    assert [one for one in told if one.kind is Kind.LEAVE] == []
    told = await here.move(START + timedelta(hours=26))
    assert [one.to.chat for one in told if one.kind is Kind.LEAVE] == ["#didiamkan"]
    assert "Saya pamit" in said(told, "#didiamkan")


async def test_an_administrator_of_two_districts_says_which(here: World) -> None:
    await here.appoint("ganda", "Ganda", Role.ADMIN, "64.02")
    await here.appoint("ganda", "Ganda", Role.ADMIN, "61.08")
    await here.says("ganda", chat="#baru", membership=Membership.ADDED, shape="membership")
    await here.presses("ganda", "Kantor: Landak", "#baru")
    found = await here.store.transact(lambda tx: places.room(tx, Address(memory.NAME, "#baru")))
    assert found == Room("61.08", RoomKind.OFFICE)


async def test_a_group_of_another_district_is_not_taken_by_an_old_button(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.says("yuni", chat="#baru", membership=Membership.ADDED, shape="membership")
    await here.open_room("#baru", "61.08", "office")
    await here.presses("yuni", "Kantor DPMD", "#baru")
    found = await here.store.transact(lambda tx: places.room(tx, Address(memory.NAME, "#baru")))
    assert found == Room("61.08", RoomKind.OFFICE)


# -- invitations -----------------------------------------------------------------------------


async def test_the_code_never_stands_in_the_group(office: World) -> None:
    told = await office.says("yuni", "/undang perian kades Budi", chat=ROOM)
    assert CODE.search(said(told, "yuni"))
    assert not CODE.search(said(told, ROOM))
    assert "Budi" not in said(told, ROOM)


@pytest.mark.parametrize("line", ["periam kades Budi", "perian kadess Budi", "desa perjan sekdes"])
async def test_no_code_is_made_for_what_was_only_guessed(office: World, line: str) -> None:
    assert not CODE.search(said(await office.says("yuni", f"undang {line}")))
    assert await office.store.transact(lambda tx: tx.one("SELECT COUNT(*) FROM invitation")[0]) == 0


async def test_an_invitation_that_replaces_ends_the_old_office_when_it_is_used(office: World) -> None:
    await office.appoint("siti", "Siti", Role.HEAD, PERIAN)
    await office.says("yuni", "undang perian kades Budi")
    found = CODE.search(said(await office.presses("yuni", "Ganti Siti")))
    assert found
    assert len(await held(office, "siti")) == 1
    await office.says("budi", found[0])
    assert await held(office, "siti") == []


async def test_a_camat_is_invited_into_one_kecamatan(office: World) -> None:
    found = CODE.search(said(await office.says("yuni", "undang camat muara muntai Sofia")))
    assert found
    await office.says("sofia", found[0])
    assert await held(office, "sofia") == [Office(Role.CAMAT, "64.02", "", "64.02.01")]


@pytest.mark.parametrize("text", ["kaur keuangan", "KAUR KEUANGAN", "ABCD EFGHJKMN"])
def test_words_of_twelve_letters_are_no_code(text: str) -> None:
    assert invitations.as_code(text) is None


async def test_presses_of_everybody_at_once_link_one_person_once(office: World) -> None:
    await asyncio.gather(*(asks(office, user) for user in ("budi",)))
    opened = await office.presses("yuni", "Buka di chat pribadi", ROOM)
    choice = next(one for one in opened if one.to.chat == "yuni").choices[0].id
    more: dict[str, Any] = {"choice": choice, "shape": "tap", "tap": "t"}
    rush = [memory.arrival("yuni", START, 900 + n, **dict(more)) for n in range(20)]
    await office.engine.inbox.accept(rush)
    await office.engine.settle()
    assert len(await held(office, "budi")) == 1
