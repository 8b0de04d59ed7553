"""Broadcasts where free text may be written only for a day after a person wrote: who waits, and what is told."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot import receipts, texts
from bot.domain import audience
from bot.domain.audience import Audience, Officer, Place, Way, Why
from bot.domain.offices import Role
from bot.errors import Closed, GiveUp, TryLater
from bot.messages import Kind, Letter, Receipt, Stage
from bot.store import broadcasts, people, recipients, windows
from bot.store import receipts as store_receipts
from bot.store.database import Tx
from bot.store.stencils import note
from tests.world import PERIAN, START, WHATSAPP, World, world

pytestmark = pytest.mark.slow

LEKA, ALOH = "64.02.01.2002", "64.02.01.2003"
SECOND = timedelta(seconds=1)
TEXT = "Mohon lengkapi data."


def officer(person: int, village: str, chat: str, way: Way = Way.FREE, *, first: bool = False) -> Officer:
    return Officer(person, f"Petugas {person}", Role.TREASURER, village, "c", chat, False, way, first)


PLACES = [Place(PERIAN, True, 0), Place(LEKA, True, 0)]


def test_an_open_address_is_taken_before_a_closed_one_used_later() -> None:
    known = [officer(1, PERIAN, "wa", Way.KNOCK), officer(1, PERIAN, "tg"), officer(1, PERIAN, "tg2")]
    found = audience.reach(Audience(), PLACES[:1], known)
    assert [one.officer.chat for one in found.recipients] == ["tg"]
    known = [officer(1, PERIAN, "shut", Way.CLOSED), officer(1, PERIAN, "wa", Way.KNOCK, first=True)]
    found = audience.reach(Audience(), PLACES[:1], known)
    assert [one.officer.chat for one in found.by(Way.KNOCK)] == ["wa"]
    assert (found.first("c"), found.channels) == (1, {"c": 1})


def test_who_has_not_written_for_too_long_is_missed_with_that_reason() -> None:
    known = [
        officer(1, PERIAN, "shut", Way.CLOSED),
        officer(2, LEKA, "shut2", Way.CLOSED),
        officer(3, LEKA, "tg"),
    ]
    found = audience.reach(Audience(), PLACES, known)
    assert dict(found.missed) == {PERIAN: Why.CLOSED}
    assert [one.officer.person for one in found.recipients] == [3]
    assert (found.skipped, found.closed, found.silent) == (1, 1, 2)


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[World]:
    """One officer elsewhere, three on WhatsApp who have not written; four may be written to first in a day."""
    async with world(tmp_path, tiers={WHATSAPP: 4}) as here:
        await here.move(START + timedelta(hours=1))
        await here.appoint("budi", "Budi Santoso", Role.OPERATOR, "64.02")
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.appoint("joko/wa", "Joko Susilo", Role.HEAD, LEKA)
        await here.appoint("wawan/wa", "Wawan Saputra", Role.TREASURER, ALOH)
        await here.appoint("siti/wa", "Siti Aminah", Role.SECRETARY, ALOH)
        yield here


async def preview(here: World, by: str = "budi") -> list[Letter]:
    await here.says(by, f"siaran {TEXT}")
    await here.presses(by, "Semua")
    return spoken(await here.presses(by, "Lihat contoh"))


def spoken(letters: Sequence[Letter]) -> list[Letter]:
    return [one for one in letters if one.kind is Kind.TEXT]


def got(letters: Sequence[Letter]) -> list[str]:
    return sorted(one.to.chat for one in letters if one.text.startswith(TEXT))


def shown(letters: Sequence[Letter], chat: str = "budi") -> str:
    """The card as it is now."""
    return [
        texts.plain(one.text) for one in letters if one.to.chat == chat and "semua perangkat" in one.text
    ][-1]


async def ticks(here: World, minutes: int = 1) -> list[Letter]:
    return await here.move(here.clock.now() + timedelta(minutes=minutes), 20 * SECOND)


async def states(here: World) -> dict[str, int]:
    found = await here.store.read(lambda tx: recipients.tally(tx, 1))
    return {state: count for state, count in found.by_state.items() if count}


async def sent(here: World, by: str = "budi") -> list[Letter]:
    """A broadcast to everybody, and three minutes."""
    await preview(here, by)
    return [*await here.presses(by, "Kirim"), *await ticks(here, 3)]


async def reported(here: World, chat: str, stage: Stage, error: Closed | GiveUp | None = None) -> None:
    """The platform tells of the broadcast to this chat."""

    def tell(tx: Tx) -> None:
        row = tx.one(
            "SELECT id, key, platform_id FROM outbox WHERE chat = :chat AND key LIKE 'broadcast:%'", chat=chat
        )
        receipt = Receipt(row["platform_id"], stage, store_receipts.mark(row["id"], row["key"]), error)
        receipts.settle(tx, WHATSAPP, receipt, here.clock.now())

    await here.store.transact(tell)


async def test_it_ends_while_some_are_waited_for_and_they_read_it_when_they_write(limited: World) -> None:
    await limited.approve("ada_pesan")
    letters = await sent(limited)
    assert got(letters) == ["darma"]
    assert [one.to.chat for one in letters if one.stencil] == ["joko/wa", "wawan/wa", "siti/wa"]
    assert await states(limited) == {"sent": 1, "held": 3}
    assert "1 dari 4 terkirim" in shown(letters)
    assert "Menunggu dibalas di WhatsApp: 3." in shown(letters)
    assert "Ulangi yang gagal" not in {choice.label for one in letters for choice in one.choices}
    assert got(await limited.says("joko/wa", "ya")) == ["joko/wa"]
    later = await ticks(limited, 2)
    assert "2 dari 4 terkirim" in shown(later)
    assert "dari 1 di WhatsApp" not in shown(later)  # nothing is known of it yet
    assert await states(limited) == {"sent": 2, "held": 2}
    assert got(await limited.says("joko/wa", "ya")) == []


async def test_who_answers_at_night_reads_it_then(limited: World) -> None:
    await limited.approve("ada_pesan")
    await sent(limited)
    await limited.move(START.replace(hour=14))  # 22.00 WITA
    assert got(await limited.says("wawan/wa", "baca")) == ["wawan/wa"]


async def test_without_the_knock_they_are_called_and_nothing_is_held(limited: World) -> None:
    *_, card = await preview(limited)
    assert "Akan dikirim ke 1 orang di 1 desa" in texts.plain(card.text)
    assert "2 di WhatsApp lebih dari 24 jam tidak menulis" in card.text
    await limited.presses("budi", "Kirim")
    await ticks(limited, 3)
    assert await states(limited) == {"sent": 1}


async def test_who_has_it_is_not_called_when_their_day_is_over(limited: World) -> None:
    await limited.says("joko/wa", "menu")
    await sent(limited)
    await limited.move(limited.clock.now() + timedelta(days=2), timedelta(hours=6))
    await limited.says("budi", "siaran riwayat")
    await limited.presses("budi", "Siaran 1")
    assert "191 desa" in spoken(await limited.presses("budi", "Daftar telepon"))[0].text


async def test_an_address_that_is_open_is_preferred(limited: World) -> None:
    def link(tx: Tx) -> None:
        known = people.actor(tx, WHATSAPP, "joko/wa", limited.clock.now().date())
        assert known is not None
        at = limited.clock.now() - timedelta(hours=1)  # WhatsApp was used last
        people.link(tx, known.person, "joko", limited.known("joko")[1], at)

    await limited.approve("ada_pesan")
    await limited.store.transact(link)
    assert got(await sent(limited)) == ["darma", "joko"]


async def test_what_is_told_later_changes_what_became_of_it(limited: World) -> None:
    for user in ("joko/wa", "wawan/wa", "siti/wa"):
        await limited.says(user, "menu")
    await sent(limited)
    assert await states(limited) == {"sent": 4}
    await reported(limited, "joko/wa", Stage.DELIVERED)
    await reported(limited, "wawan/wa", Stage.READ)
    await reported(limited, "siti/wa", Stage.FAILED, GiveUp("not on WhatsApp", unreachable=True))
    card = shown(await ticks(limited, 2))
    assert "3 dari 4 terkirim" in card
    assert "Gagal: 1 (1 tidak dapat dijangkau)" in card
    assert "Sampai 2 · dibaca 1, dari 2 di WhatsApp." in card


async def test_what_came_back_unread_is_held_and_sent_only_once_more(limited: World) -> None:
    await limited.says("joko/wa", "menu")
    await sent(limited)
    await reported(limited, "joko/wa", Stage.FAILED, Closed("131047"))
    assert got(await ticks(limited, 2)) == []
    assert await states(limited) == {"sent": 1, "held": 1}
    assert got(await limited.says("joko/wa", "menu")) == ["joko/wa"]


async def test_what_waits_after_the_end_can_be_taken_back(limited: World) -> None:
    await limited.approve("ada_pesan")
    await sent(limited)
    assert got(await limited.says("joko/wa", "ya")) == ["joko/wa"]
    await ticks(limited, 2)
    await limited.presses("budi", "Menunggu dibalas")
    await limited.presses("budi", "Jangan dikirim lagi")
    assert await states(limited) == {"sent": 2, "cancelled": 2}
    assert got(await limited.says("wawan/wa", "ya")) == []


async def test_stopped_nobody_reads_it_afterwards(limited: World) -> None:
    await limited.approve("ada_pesan")
    await preview(limited)
    await limited.presses("budi", "Kirim")
    limited.clock.move(limited.clock.now() + 61 * SECOND)
    await limited.engine.schedule.tick()
    limited.channel.failures.extend([None, TryLater("busy", timedelta(hours=1))])
    await limited.engine.settle()
    await ticks(limited)
    assert await states(limited) == {"queued": 1, "held": 3}
    await limited.presses("budi", "Hentikan")
    assert got(await limited.says("joko/wa", "ya")) == []
    await ticks(limited, 61)
    assert await states(limited) == {"cancelled": 4}


async def invite(limited: World) -> None:
    """Everybody to a meeting in a week."""
    await limited.says("budi", "siaran undangan")
    await limited.presses("budi", "Semua")
    await limited.presses("budi", "Isi undangan")
    for said in ("Rapat bulanan.", "30 november 09.00", "Aula kecamatan"):
        await limited.says("budi", said)
    await limited.presses("budi", "Lihat contoh")
    await limited.presses("budi", "Kirim")
    await ticks(limited, 3)


@pytest.mark.parametrize("is_gone", [False, True])
async def test_who_has_the_number_of_somebody_invited_next_is_not_reminded(
    limited: World, *, is_gone: bool
) -> None:
    await limited.approve("acara_pengingat")
    await limited.says("joko/wa", "menu")
    await invite(limited)
    assert await states(limited) == {"sent": 2}
    if is_gone:
        await limited.says("joko/wa", shape="membership", membership="gone")
    said = await limited.move(START + timedelta(days=7))
    assert ("joko/wa" in [one.to.chat for one in said if one.stencil]) is not is_gone


async def test_called_off_nobody_is_invited_afterwards(limited: World) -> None:
    await limited.approve("ada_pesan")
    await invite(limited)
    assert await states(limited) == {"sent": 1, "held": 3}
    await limited.says("budi", "siaran riwayat")
    await limited.presses("budi", "Undangan 1")
    await limited.presses("budi", "Batalkan acara")
    await limited.presses("budi", "Ya, batalkan acara")
    assert await states(limited) == {"sent": 1, "cancelled": 3}
    assert not any("Rapat bulanan" in one.text for one in await limited.says("joko/wa", "ya"))


async def test_the_card_on_whatsapp_is_no_new_message_at_every_step(limited: World) -> None:
    await limited.appoint("rina/wa", "Rina Marlina", Role.ADMIN, "64.02")
    await limited.approve("ada_pesan")
    letters = await sent(limited, "rina/wa")
    edits = [one for one in letters if one.kind is Kind.EDIT and one.to.chat == "rina/wa"]
    assert len(edits) == 1
    assert "Selesai" in edits[0].text
    assert got(await limited.says("joko/wa", "ya")) == ["joko/wa"]
    assert [one for one in await ticks(limited, 2) if one.to.chat == "rina/wa"] == []


async def asks_who_has_not_written(limited: World) -> list[Letter]:
    """A broadcast that somebody on WhatsApp is to approve, two days after they wrote."""
    await limited.approve("ada_pesan")
    await limited.appoint("rina/wa", "Rina Marlina", Role.ADMIN, "64.02")
    await limited.says("rina/wa", "siaran setelan")
    await limited.presses("rina/wa", "Ya, perlu")
    await limited.move(limited.clock.now() + timedelta(days=2), timedelta(hours=6))
    await preview(limited)
    return await limited.presses("budi", "Kirim")


async def test_a_card_that_waited_for_them_to_write_says_how_it_is_by_then(limited: World) -> None:
    letters = await asks_who_has_not_written(limited)
    assert [one.stencil.name for one in letters if one.to.chat == "rina/wa" and one.stencil] == ["ada_pesan"]
    await limited.presses("budi", "Batalkan")
    await limited.says("rina/wa", "baca")
    assert "Dibatalkan oleh Budi Santoso." in shown(await ticks(limited), "rina/wa")
    assert await limited.store.read(lambda tx: broadcasts.open_ones(tx, limited.clock.now())) == []


async def test_a_card_read_as_it_was_written_is_not_said_again(limited: World) -> None:
    await asks_who_has_not_written(limited)
    assert "Menunggu persetujuan" in shown(await limited.says("rina/wa", "baca"), "rina/wa")
    assert [one for one in await ticks(limited, 3) if one.to.chat == "rina/wa"] == []


async def test_nobody_is_asked_to_approve_what_has_lapsed(limited: World) -> None:
    await asks_who_has_not_written(limited)
    await limited.move(limited.clock.now() + timedelta(hours=25), timedelta(hours=1))
    said = [*await limited.says("rina/wa", "baca"), *await ticks(limited, 2)]
    assert not any("Menunggu persetujuan" in one.text for one in said)


async def test_more_people_than_may_be_written_to_first_are_sent_to_in_parts(limited: World) -> None:
    await limited.approve("ada_pesan")

    def others(tx: Tx) -> None:
        for user in ("a", "b"):
            windows.begin(tx, WHATSAPP, user, limited.clock.now())

    await limited.store.transact(others)
    [said] = await preview(limited)
    assert "3 orang harus disapa lebih dulu di WhatsApp, batasnya 4 orang dalam 24 jam" in said.text
    assert "sudah terpakai 2" in said.text
    assert "paling banyak 2 orang" in said.text
    assert [choice.label for choice in said.choices] == ["Pilih kecamatan", "Ubah penerima", "Buang"]
    await limited.says("joko/wa", "menu")  # who wrote need not be written to first
    await limited.presses("budi", "Ubah penerima")
    await limited.presses("budi", "Semua")
    *_, warned, card = spoken(await limited.presses("budi", "Lihat contoh"))
    assert "2 orang di WhatsApp" in texts.plain(warned.text)
    assert "4 dari batas 4 orang" in warned.text
    assert "Kirim" in {choice.label for choice in card.choices}
    await limited.store.transact(lambda tx: windows.begin(tx, WHATSAPP, "c", limited.clock.now()))
    [said] = spoken(await limited.presses("budi", "Kirim"))  # somebody else was written to meanwhile
    assert "Belum bisa dikirim" in said.text


async def test_tomorrow_who_was_written_to_today_counts_no_longer(limited: World) -> None:
    await limited.approve("ada_pesan")
    for user in ("a", "b"):
        await limited.store.transact(lambda tx, u=user: windows.begin(tx, WHATSAPP, u, limited.clock.now()))  # type: ignore[misc]
    await limited.says("joko/wa", "menu")
    await preview(limited)
    await limited.presses("budi", "Kirim nanti")
    [said] = spoken(await limited.says("budi", "besok jam 10"))
    assert "ke 4 orang" in said.text
    assert (
        "3 orang di WhatsApp waktu itu sudah lebih dari 24 jam tidak menulis: diberi tahu dulu" in said.text
    )


async def test_the_state_of_the_channel_is_told(limited: World) -> None:
    def told(tx: Tx) -> None:
        note(tx, "iuran_besok", "REJECTED", "", "UTILITY", limited.clock.now())

    await limited.store.transact(told)
    await limited.approve("ada_pesan")
    await sent(limited)
    said = "\n".join(one.text for one in await limited.says("budi", "/sistem"))
    assert "WhatsApp: 3 dari 4 orang disapa lebih dulu dalam 24 jam, 3 pesan menunggu dibalas." in said
    assert "iuran_besok (ditolak)" in said


async def test_the_card_of_a_village_tells_who_is_silent(limited: World) -> None:
    await limited.says("wawan/wa", "menu")
    said = (await limited.says("budi", "/desa muara aloh"))[-1].text
    assert "Wawan Saputra, dapat dijangkau" in said
    assert "Siti Aminah, di WhatsApp lebih dari 24 jam tidak menulis" in said
