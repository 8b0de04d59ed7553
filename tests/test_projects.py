"""Building projects through the whole bot: two at once, late taps, photos between two reports, reminders, sheets."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

import handlers
from bot import ledger
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State as Insured
from bot.domain.projects import Basis, Cover, Part, Progress, State
from bot.ledger import PU
from bot.messages import Kind, Letter
from bot.reports import projects as sheet
from bot.store import jobs, members, payments, project_reports, projects
from bot.store.database import Tx
from bot.store.members import New
from bot.store.payments import State as Found
from bot.store.project_reports import Report
from bot.store.projects import COMPANY, Project
from handlers import proof
from tests.world import PERIAN, START, World, rulebook

pytestmark = pytest.mark.slow

KUKAR = "64.02"
LEKA = "64.02.01.2002"
DAY = timedelta(days=1)
FIRST = date(2026, 12, 7)  # a Monday
PARTS = (Part(1, 196_000, FIRST), Part(2, 98_000, date(2027, 1, 20)), Part(3, 98_000, date(2027, 3, 4)))
RABAT = Project(
    PERIAN,
    2026,
    "Rabat beton RT 03",
    180_000_000,
    "dana_desa",
    "RT 03",
    builder=COMPANY,
    company="CV Maju Bersama",
    starts=FIRST,
    ends=date(2027, 3, 5),
    workers=2,
    named=(("Budi Santoso", "6402011203800001"), ("Siti Aminah", "6402015203850002")),
    total=392_000,
    state=State.OPEN,
    parts=PARTS,
)


@pytest.fixture
async def village(here: World) -> World:
    """A village with two officers, and an office."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("ratna", "Ratna Sari", Role.SECRETARY, PERIAN)
    await here.appoint("rina", "Rina Kartika", Role.OPERATOR, KUKAR)
    await here.appoint("citra", "Citra Halim", Role.BRANCH, KUKAR)
    return here


async def kept(here: World, project: Project = RABAT) -> int:
    number = await here.store.transact(lambda tx: projects.add(tx, project, 1, here.clock.now()))
    assert number is not None
    return number


async def get(here: World, number: int) -> Project:
    found = await here.store.transact(lambda tx: projects.get(tx, number))
    assert found is not None
    return found


async def reports(here: World, number: int) -> list[Report]:
    return await here.store.transact(lambda tx: project_reports.of_project(tx, number))


def said(letters: Sequence[Letter], to: str = "") -> str:
    """What people read of it."""
    texts = [one.text for one in letters if one.kind is Kind.TEXT and to in ("", one.to.chat)]
    return "\n".join(texts).replace("*", "")


def labels(letters: Sequence[Letter]) -> list[str]:
    return [choice.label for one in letters for choice in one.choices]


async def photo(here: World, user: str, caption: str = "", **values: object) -> list[Letter]:
    number = f"photo-{len(here.channel.files)}"
    here.channel.files[number] = b"a photo."
    file = {"id": number, "name": "", "mime": "image/jpeg", "size": 8, **values}
    return await here.says(user, caption, shape="photo", file=file)


async def proofs(here: World, report: int) -> int:
    return len(await here.store.transact(lambda tx: project_reports.proofs(tx, report)))


# -- reports --------------------------------------------------------------------------------------


async def test_of_two_colleagues_one_report_counts(village: World) -> None:
    number = await kept(village)
    for user in ("darma", "ratna"):
        await village.says(user, "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    again = await village.presses("darma", "Sudah bayar termin 1")  # the same button, pressed once more
    assert [one.kind for one in again if one.kind is Kind.TEXT] == []
    theirs = await village.presses("ratna", "Sudah bayar termin 1")
    assert "sudah dilaporkan Darma Wijaya: menunggu diperiksa" in said(theirs)
    assert [(one.parts, one.amount, one.by) for one in await reports(village, number)] == [
        ((1,), 196_000, "Darma Wijaya")
    ]


async def test_an_instalment_that_is_reported_already_is_not_asked_for_again(village: World) -> None:
    await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    again = said(await village.says("darma", "sudah bayar termin 1"))
    assert "Termin 1, Rabat beton RT 03, sudah dilaporkan Darma Wijaya: menunggu diperiksa." in again
    assert "sudah dilaporkan" not in said(await village.says("darma", "sudah bayar termin 2"))
    await kept(village, replace(RABAT, name="Drainase RT 05"))
    assert "sudah dilaporkan" not in said(await village.says("darma", "sudah bayar termin 1"))
    assert "sudah dilaporkan" in said(await village.says("darma", "sudah bayar termin 1 rabat"))


async def test_all_that_is_open_can_be_reported_at_once(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    told = await village.presses("darma", "Sudah lunas semua")
    assert "Termin 1, 2 dan 3, Rabat beton RT 03: dilaporkan sudah dibayar, Rp392.000." in said(told)
    assert {part.progress for part in (await get(village, number)).parts} == {Progress.REPORTED}
    assert (await get(village, number)).cover(FIRST) is Cover.REPORTED


async def test_what_is_typed_of_an_instalment_reports_no_month(village: World) -> None:
    await kept(village)
    await _insure(village)
    for typed in ("sudah bayar termin 1", "sudah bayar iuran proyek", "bayar termin"):
        assert "Rabat beton RT 03" in said(await village.says("darma", typed))
    assert await village.store.transact(lambda tx: payments.of_village(tx, PERIAN)) == []


async def _insure(here: World) -> None:
    def put(tx: Tx) -> None:
        new = New(
            PERIAN, "Siti Aminah", "6402015708850003", {"wage": 2_500_000}, "perangkat", "kaur_keuangan",
            date(2024, 1, 2), date(2026, 9, 1), Insured.ACTIVE,
        )  # fmt: skip
        members.add(tx, new, None, START)
        ledger.refresh(tx, rulebook(), PERIAN, Month(2026, 10), START)

    await here.store.transact(put)


async def test_nobody_looks_at_their_own_report(village: World) -> None:
    await village.appoint("darma", "Darma Wijaya", Role.OPERATOR, KUKAR)
    number = await kept(village)
    await village.says("darma", "desa saya")
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    report = (await reports(village, number))[0]
    by = (report.reported_by, village.clock.now())
    assert not await village.store.transact(
        lambda tx: project_reports.check(tx, report.id, Found.RECORDED, "", by)
    )
    await village.move(datetime(2026, 11, 24, 1, tzinfo=UTC))
    await village.presses("darma", "Periksa")
    card = await village.presses("darma", "Perian, Rabat beton RT 03, termin 1, tanpa bukti")
    assert "ini laporan Bapak/Ibu sendiri" in said(card)
    assert "Tercatat" not in labels(card)


async def test_of_two_checkers_one_wins_and_the_village_hears_it_once(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    for user in ("rina", "citra"):
        await village.says(user, "proyek")
        await village.presses(user, "Periksa termin (1)")
        await village.presses(user, "Perian, Rabat beton RT 03, termin 1, tanpa bukti")
    first = await village.presses("rina", "Tercatat")
    assert said(first, "darma").startswith("✅ Termin 1, Rabat beton RT 03")
    second = await village.presses("citra", "Tercatat")
    assert "Status: tercatat (Rina Kartika" in said(second)
    assert said(second, "darma") == ""
    assert [one.state for one in await reports(village, number)] == [Found.RECORDED]


async def test_a_record_taken_back_opens_the_instalment_again(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    await village.says("rina", "proyek")
    await village.presses("rina", "Periksa termin (1)")
    await village.presses("rina", "Perian, Rabat beton RT 03, termin 1, tanpa bukti")
    await village.presses("rina", "Tercatat")
    await village.says("rina", "proyek")
    await village.presses("rina", "Per kecamatan")
    await village.presses("rina", "Muara Muntai: 1 proyek")
    await village.presses("rina", "Perian: 1 proyek")
    await village.presses("rina", "Perian: Rabat beton RT 03")
    await village.presses("rina", "Termin 1, tercatat")
    await village.presses("rina", "Batalkan pencatatan")
    told = await village.presses("rina", "Belum masuk BPJS")
    assert "belum masuk di BPJS Ketenagakerjaan" in said(told, "darma")
    assert (await get(village, number)).cover(FIRST - DAY) is Cover.NONE
    found = await village.move(datetime(2026, 12, 5, tzinfo=UTC))
    assert "Rabat beton RT 03 dimulai" in said(found, "darma")


# -- proofs ---------------------------------------------------------------------------------------


async def _reported(here: World) -> Report:
    number = await kept(here)
    await here.says("darma", "termin")
    await here.presses("darma", "Sudah bayar termin 1")
    return (await reports(here, number))[0]


async def test_an_album_belongs_to_the_report_before_it(village: World) -> None:
    report = await _reported(village)
    assert "Bukti bayar termin 1, Rabat beton RT 03, tersimpan" in said(await photo(village, "darma"))
    await photo(village, "darma")
    assert await proofs(village, report.id) == 2
    village.clock.move(village.clock.now() + timedelta(minutes=11))
    later = await photo(village, "darma")  # something else by now: the way of the months takes it
    assert "Untuk yang mana?" in said(later)
    assert "Termin 2, Rabat beton RT 03" in labels(later)
    assert await proofs(village, report.id) == 2


async def test_a_colleagues_photo_and_an_old_report_are_not_taken_for_it(village: World) -> None:
    report = await _reported(village)
    assert "Untuk yang mana?" in said(await photo(village, "ratna"))
    village.clock.move(village.clock.now() + 2 * DAY)
    assert "Untuk yang mana?" in said(await photo(village, "darma"))
    assert await proofs(village, report.id) == 0


async def test_between_a_month_and_an_instalment_it_is_asked(village: World) -> None:
    await _insure(village)
    await village.says("darma", "sudah bayar oktober")
    await village.says("darma", "ya")
    mine = await village.store.transact(lambda tx: payments.of_village(tx, PERIAN))
    assert [one.month for one in mine] == [Month(2026, 10)]
    report = await _reported(village)
    asked = await photo(village, "darma")
    assert said(asked) == "Foto ini bukti untuk yang mana?"
    assert labels(asked)[0] == "Termin 1, Rabat beton RT 03"
    await village.presses("darma", labels(asked)[1])
    proved = await village.store.transact(lambda tx: payments.of_village(tx, PERIAN))
    assert proved[0].proof is not None
    assert await proofs(village, report.id) == 0
    assert "termin 1" in said(await photo(village, "darma"))  # nothing else waits now
    assert await proofs(village, report.id) == 1


async def test_a_caption_decides(village: World) -> None:
    await _insure(village)
    await village.says("darma", "sudah bayar oktober")
    report = await _reported(village)
    await photo(village, "darma", "iuran oktober")
    mine = await village.store.transact(lambda tx: payments.of_village(tx, PERIAN))
    assert [one.segment for one in mine if one.proof] == [PU]
    assert await proofs(village, report.id) == 0
    await photo(village, "darma", "bukti termin 1 proyek")
    assert await proofs(village, report.id) == 1


async def _returned(village: World) -> int:
    report = await _reported(village)
    await photo(village, "darma")
    by = (3, village.clock.now())
    await village.store.transact(
        lambda tx: project_reports.check(tx, report.id, Found.RETURNED, "unreadable", by)
    )
    village.clock.move(village.clock.now() + DAY)
    return report.project


@pytest.mark.parametrize("caption", ["", "bukti termin 1 rabat"])
async def test_a_photo_after_a_return_reports_and_proves_again(village: World, caption: str) -> None:
    number = await _returned(village)
    assert "Bukti bayar termin 1, Rabat beton RT 03, tersimpan" in said(
        await photo(village, "darma", caption)
    )
    last = (await reports(village, number))[-1]
    assert (last.state, last.parts) == (Found.REPORTED, (1,))
    assert await proofs(village, last.id) == 1
    await photo(village, "darma")  # its second page
    assert await proofs(village, last.id) == 2
    assert len(await reports(village, number)) == 2


async def test_after_a_return_an_open_month_is_asked_about_as_well(village: World) -> None:
    number = await _returned(village)
    await _insure(village)
    asked = await photo(village, "darma")
    assert labels(asked)[0] == "Termin 1, Rabat beton RT 03"
    assert any(label.startswith("Iuran ") for label in labels(asked))
    assert "tersimpan" in said(await village.presses("darma", "Termin 1, Rabat beton RT 03"))
    assert len(await reports(village, number)) == 2
    await photo(village, "ratna")
    assert len(await reports(village, number)) == 2


async def test_a_photo_after_taking_back_is_the_proof_of_the_same(village: World) -> None:
    report = await _reported(village)
    await village.store.transact(lambda tx: project_reports.withdraw(tx, report.id, report.reported_by))
    assert "Bukti bayar termin 1" in said(await photo(village, "darma"))
    assert [one.state for one in await reports(village, report.project)] == [Found.WITHDRAWN, Found.REPORTED]


async def test_of_two_photos_for_one_open_instalment_one_reports(village: World) -> None:
    number = await kept(village)
    for user in ("darma", "ratna"):
        assert "Untuk yang mana?" in said(await photo(village, user))
    await village.presses("darma", "Termin 1, Rabat beton RT 03")
    late = await village.presses("ratna", "Termin 1, Rabat beton RT 03")
    assert "sudah dilaporkan Darma Wijaya" in said(late)
    assert len(await reports(village, number)) == 1


async def test_workers_are_added_and_never_lost_to_a_number(village: World) -> None:
    number = await kept(village)

    async def answers(text: str) -> str:
        await village.says("darma", "termin")
        await village.presses("darma", "Pekerja")
        return said(await village.says("darma", text))

    assert "3 orang, dengan nama dan NIK (1 baru)" in await answers("Joko Susilo 6402011203700003")
    assert "Tidak ada yang berubah" in await answers("belum tahu")
    assert "20 orang, 3 dengan nama dan NIK" in await answers("20 orang")
    assert "tidak bisa 2 orang" in await answers("2 orang")
    assert [name for name, _ in (await get(village, number)).named] == [
        "Budi Santoso",
        "Siti Aminah",
        "Joko Susilo",
    ]
    assert "Hapus 3 nama" in said(await village.presses("darma", "Kosongkan daftar"))
    assert len((await get(village, number)).named) == 3
    await village.presses("darma", "Ya, benar")
    assert (await get(village, number)).named == ()


async def test_the_word_behind_names_a_project_or_a_village(village: World) -> None:
    await kept(village)
    await kept(village, replace(RABAT, name="Drainase RT 05"))
    assert said(await village.says("darma", "proyek drainase")).startswith("Drainase RT 05")
    assert said(await village.says("darma", "proyek 2")).startswith("Drainase RT 05")
    assert said(await village.says("darma", "proyek nomor 1")).startswith("Rabat beton")
    assert "1. " in said(await village.says("darma", "proyek 3"))
    assert "1. " in said(await village.says("darma", "proyek entah"))
    assert "Proyek 2026, Desa Perian, Kec. Muara Muntai: 2\n1. Perian, " in said(
        await village.says("rina", "proyek perian")
    )
    assert "Proyek 2026, Desa Muara Leka, Kec. Muara Muntai: belum ada yang tercatat di sini." in said(
        await village.says("rina", "proyek muara leka 2026")
    )


async def test_what_was_finished_unpaid_stays_on_the_list(village: World) -> None:
    number = await kept(village)
    await village.store.transact(
        lambda tx: projects.change(tx, replace(RABAT, id=number, state=State.DONE), State.OPEN)
    )
    assert "Rabat beton RT 03" in labels(await village.says("darma", "proyek"))
    await village.presses("darma", "Rabat beton RT 03")
    assert "dilaporkan sudah dibayar" in said(await village.presses("darma", "Sudah lunas semua"))
    assert "belum ada yang tercatat" in said(await village.says("darma", "proyek"))


async def test_an_addendum_moves_maintenance_with_the_end(village: World) -> None:
    number = await kept(village, replace(RABAT, maintained=date(2027, 6, 3)))
    await village.says("darma", "termin")
    await village.presses("darma", "Addendum")
    await village.presses("darma", "Nilai tetap")
    await village.says("darma", "4 april 2027")
    assert "pemeliharaan sampai 3 Juli 2027" in said(await village.presses("darma", "Benar, simpan"))
    assert (await get(village, number)).maintained == date(2027, 7, 3)


async def test_other_files_are_refused(village: World) -> None:
    report = await _reported(village)
    file = {"id": "x", "name": "bukti.docx", "mime": "application/msword", "size": 10}
    told = await village.says("darma", shape="document", file=file)
    assert "Bukti bayar termin" not in said(told)
    assert await proofs(village, report.id) == 0
    large = await photo(village, "darma", size=50 * 1024 * 1024)
    assert "lebih dari 5 MB" in said(large)


async def test_a_day_has_room_for_so_many_proofs_and_tomorrow_for_as_many(village: World) -> None:
    report = await _reported(village)
    for _ in range(proof.A_DAY):
        await photo(village, "darma")
    assert "besok" in said(await photo(village, "darma"))
    before = await proofs(village, report.id)
    assert before
    village.clock.move(village.clock.now() + timedelta(days=1))
    assert "besok" not in said(await photo(village, "darma"))


async def test_a_photo_that_cannot_be_fetched_is_asked_for_again(village: World) -> None:
    report = await _reported(village)
    file = {"id": "gone", "name": "", "mime": "image/jpeg", "size": 8}
    letters = await village.says("darma", shape="photo", file=file)
    for _ in range(4):
        village.clock.move(village.clock.now() + timedelta(minutes=1))
        await village.settle()
        letters += village.new()
    assert "Mohon kirim sekali lagi" in said(letters)
    assert await proofs(village, report.id) == 0


async def test_who_left_the_office_proves_nothing(village: World) -> None:
    report = await _reported(village)
    await village.leave("darma")
    await photo(village, "darma")
    assert await proofs(village, report.id) == 0


# -- changes --------------------------------------------------------------------------------------


async def paid_and_lowered(here: World) -> list[Letter]:
    """The first instalment is reported; then an addendum makes the value so low that it was too much."""
    await here.says("darma", "termin")
    await here.presses("darma", "Sudah bayar termin 1")
    await here.says("darma", "addendum")
    await here.presses("darma", "Addendum")
    await here.says("darma", "70 juta")
    await here.presses("darma", "Tanggal tetap")
    return await here.presses("darma", "Benar, simpan")


async def test_an_addendum_below_what_was_paid_says_so(village: World) -> None:
    number = await kept(village)
    told = await paid_and_lowered(village)
    assert "Rp392.000 menjadi Rp168.000" in said(told)
    assert "Lebih bayar Rp28.000: dikembalikan menurut aturan" in said(told)
    after = await get(village, number)
    assert [(one.number, one.amount) for one in after.parts] == [(1, 196_000)]
    history = await village.store.transact(lambda tx: projects.changes(tx, number))
    assert [(one.value, one.total) for one in history] == [(180_000_000, 392_000)]


async def test_an_addendum_that_changes_nothing_is_none(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "addendum")
    await village.presses("darma", "Addendum")
    await village.presses("darma", "Nilai tetap")
    await village.presses("darma", "Tanggal tetap")
    assert "Tidak ada yang berubah" in said(await village.presses("darma", "Benar, simpan"))
    assert await village.store.transact(lambda tx: projects.changes(tx, number)) == []


async def test_a_value_that_stays_is_that_of_a_colleagues_addendum(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "addendum")
    await village.presses("darma", "Addendum")
    await village.presses("darma", "Nilai tetap")
    await village.says("ratna", "addendum")
    await village.presses("ratna", "Addendum")
    await village.says("ratna", "360 juta")
    for label in ("Tanggal tetap", "Benar, simpan"):
        await village.presses("ratna", label)
    await village.says("darma", "30 april 2027")
    await village.presses("darma", "Benar, simpan")
    after = await get(village, number)
    assert (after.value, after.ends) == (360_000_000, date(2027, 4, 30))


async def test_a_report_returned_after_an_addendum_leaves_what_is_owed_now(village: World) -> None:
    number = await kept(village)
    await paid_and_lowered(village)
    await village.says("rina", "proyek")
    await village.presses("rina", "Periksa termin (1)")
    await village.presses("rina", "Perian, Rabat beton RT 03, termin 1, tanpa bukti")
    for label in ("Perlu perbaikan", "Tidak terbaca"):
        await village.presses("rina", label)
    after = await get(village, number)
    assert sum(part.amount for part in after.parts) == after.total == 168_000


async def test_a_new_project_does_not_go_on_with_the_plan_that_was_being_completed(village: World) -> None:
    plan = Project(PERIAN, 2026, "Drainase", 80_000_000, "add", starts=date(2026, 12, 1))
    await kept(village, plan)
    await village.says("darma", "proyek")
    for label in ("Drainase", "Lengkapi data"):
        await village.presses("darma", label)
    asked = await village.says("darma", "proyek baru")
    assert "1 dari 11" in said(asked)


async def test_a_form_of_a_finished_project_changes_nothing(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Nomor sertifikat")

    def finish(tx: Tx) -> None:
        found = projects.get(tx, number)
        assert found
        projects.change(tx, replace(found, state=State.DONE), State.OPEN)

    await village.store.transact(finish)
    assert "sudah selesai atau sudah dihapus" in said(await village.says("darma", "24000123456"))
    assert (await get(village, number)).certificate == ""


async def test_a_plan_is_completed_once(village: World) -> None:
    plan = Project(PERIAN, 2026, "Drainase", 80_000_000, "add", starts=date(2026, 12, 1))
    number = await kept(village, plan)
    for user in ("darma", "ratna"):
        await village.says(user, "proyek")
        await village.presses(user, "Drainase")
        await village.presses(user, "Lengkapi data")
        for answer in ("RT 05", "swakelola", "1 desember 2026", "30 hari", "5", "belum ada", "tidak ada"):
            await village.says(user, answer)
    await village.presses("darma", "Benar, simpan")
    assert "sudah ada di daftar" in said(await village.presses("ratna", "Benar, simpan"))
    found = await get(village, number)
    assert (found.state, found.total, [one.amount for one in found.parts]) == (
        State.OPEN,
        192_000,
        [96_000, 48_000, 48_000],
    )


async def test_wages_are_reckoned_by_their_own_rate(village: World) -> None:
    await village.says("darma", "proyek baru")
    for answer in ("Jalan usaha tani", "Dusun II", "pades", "swakelola", "upah", "30 juta", "1 desember 2026",
                   "30 hari", "5", "belum ada", "tidak ada"):  # fmt: skip
        await village.says("darma", answer)
    told = said(await village.presses("darma", "Benar, simpan"))
    assert "2,04% × Rp30.000.000 = Rp612.000" in told
    assert "pastikan cara hitungnya di kantor cabang" in told
    found = await village.store.transact(lambda tx: projects.of_village(tx, PERIAN))
    assert [(one.basis, one.value, one.total) for one in found] == [(Basis.WAGES, 30_000_000, 612_000)]


async def test_who_serves_two_villages_writes_to_the_one_of_the_project(village: World) -> None:
    await village.appoint("darma", "Darma Wijaya", Role.TREASURER, LEKA)
    plan = Project(LEKA, 2026, "Drainase", 80_000_000, "add", starts=date(2026, 12, 1))
    number = await kept(village, plan)
    await village.says("darma", "desa saya")
    await village.presses("darma", next(one for one in labels(village.sent[-1:]) if "Leka" in one))
    await village.says("darma", "proyek")
    await village.says("darma", "desa saya")
    await village.presses("darma", next(one for one in labels(village.sent[-1:]) if "Perian" in one))
    await village.presses("darma", "Drainase")  # the older list, of the other village
    await village.presses("darma", "Lengkapi data")
    for answer in ("RT 05", "swakelola", "1 desember 2026", "30 hari", "5", "belum ada", "tidak ada"):
        await village.says("darma", answer)
    await village.presses("darma", "Benar, simpan")
    assert (await get(village, number)).state is State.OPEN
    assert await village.store.transact(lambda tx: projects.of_village(tx, PERIAN)) == []


# -- reminders ------------------------------------------------------------------------------------


async def test_each_reminder_comes_once_and_stops_when_it_is_reported(village: World) -> None:
    await kept(village)
    letters = await village.move(datetime(2026, 12, 9, tzinfo=UTC), timedelta(hours=3))
    lines = [one.text.split("\n")[0].replace("*", "") for one in letters if "Rabat" in one.text]
    assert lines == [
        "Rabat beton RT 03 dimulai 7 hari lagi, Senin, 7 Desember 2026. Pekerjanya belum terlindungi.",
        "Rabat beton RT 03 dimulai 2 hari lagi, Senin, 7 Desember 2026. Pekerjanya belum terlindungi.",
        "Termin 1, Rabat beton RT 03, belum tercatat: Rp196.000, jatuh tempo Senin, 7 Desember 2026.",
    ]
    assert {one.to.chat for one in letters if "Rabat" in one.text} == {"darma"}
    await village.presses("darma", "Sudah bayar termin 1")
    later = await village.move(datetime(2027, 1, 10, tzinfo=UTC), timedelta(hours=6))
    assert not any("Rabat" in one.text for one in later)


MORNING = datetime(2026, 11, 30, 1, tzinfo=UTC)  # seven days before, 09.00 WITA


async def _planned(here: World) -> None:
    """The clock is at the reminder; it is planned and not sent."""
    await kept(here)
    await here.move(MORNING - timedelta(minutes=5))
    here.clock.move(MORNING)
    await here.engine.schedule.tick()
    here.new()


async def test_a_reminder_does_not_leave_once_it_is_reported(village: World) -> None:
    await _planned(village)

    def report(tx: Tx) -> None:
        project_reports.report(tx, 1, PARTS[:1], 2, MORNING)

    await village.store.transact(report)
    await village.settle()
    assert village.new() == []


async def test_a_reminder_does_not_leave_once_its_day_has_moved(village: World) -> None:
    await _planned(village)
    moved = (replace(PARTS[0], due=FIRST + 7 * DAY), *PARTS[1:])
    await village.store.transact(lambda tx: projects.respread(tx, 1, moved))
    await village.settle()
    assert village.new() == []
    again = await village.move(MORNING + 7 * DAY + timedelta(hours=1))
    assert "dimulai 7 hari lagi, Senin, 14 Desember 2026" in said(again)


async def test_a_reminder_does_not_go_to_who_left(village: World) -> None:
    await _planned(village)
    await village.store.transact(
        lambda tx: tx.run("UPDATE official SET until = '2026-11-29' WHERE person = 1")
    )
    await village.settle()
    assert village.new() == []


async def test_after_an_outage_only_the_latest_is_sent_and_only_in_time(village: World) -> None:
    await kept(village)
    village.clock.move(datetime(2026, 12, 5, 2, tzinfo=UTC))  # the day of the second one
    await village.engine.schedule.tick()
    await village.settle()
    assert said(village.new(), "darma").count("Rabat beton") == 1
    village.clock.move(datetime(2026, 12, 8, 13, tzinfo=UTC))  # 21.00: too late for the one after it
    await village.engine.schedule.tick()
    await village.settle()
    assert "Rabat" not in said(village.new())


async def test_in_the_night_nobody_of_village_or_office_is_reminded(village: World) -> None:
    """A part's messages wait for the morning, unless it stands among those that look after the hours."""
    looked_at = handlers.reasons(rulebook())
    await kept(village)
    at_work, night, morning = (datetime(2026, 11, 30, hour, tzinfo=UTC) for hour in (1, 15, 23))
    argument = f"{PERIAN}:1:1:{FIRST.isoformat()}:1"
    for now, may in ((at_work, True), (night, morning)):
        found = await village.store.transact(lambda tx, now=now: looked_at["instalment"](tx, argument, now))
        assert found == may


async def test_a_village_without_anybody_is_noted_and_nobody_fails(here: World) -> None:
    await here.appoint("rina", "Rina Kartika", Role.OPERATOR, KUKAR)
    await kept(here)
    await here.move(MORNING + timedelta(hours=1))
    plans = await here.store.transact(lambda tx: tx.all("SELECT outcome FROM plan WHERE kind = 'instalment'"))
    assert [row["outcome"] for row in plans] == ["nobody linked"]


async def test_the_office_hears_of_a_report_once(village: World) -> None:
    await _reported(village)
    letters = await village.move(datetime(2026, 11, 28, tzinfo=UTC))
    told = [one.to.chat for one in letters if "laporan termin" in one.text]
    assert sorted(told) == ["citra", "rina"]


async def test_what_was_looked_at_before_the_morning_is_not_told(village: World) -> None:
    report = await _reported(village)
    village.clock.move(datetime(2026, 11, 24, 0, 30, tzinfo=UTC))
    await village.engine.schedule.tick()
    by = (await village.appoint("budi", "Budi", Role.ADMIN, KUKAR), village.clock.now())
    await village.store.transact(lambda tx: project_reports.check(tx, report.id, Found.RECORDED, "", by))
    await village.settle()
    assert "laporan termin" not in said(village.new())


# -- the office -----------------------------------------------------------------------------------


async def test_the_sheet_holds_every_project_and_nobodys_name(village: World) -> None:
    await kept(village)
    await kept(village, replace(RABAT, village=LEKA, name="=HYPERLINK(1)", parts=(), state=State.PLANNED))
    await village.says("rina", "proyek")
    letters = await village.presses("rina", "Lembar Excel")
    file = next(one.attachment for one in letters if one.attachment)
    sheet = load_workbook(io.BytesIO(file.data)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sorted(row[3] for row in rows[1:]) == ["=HYPERLINK(1)", "Rabat beton RT 03"]
    shown = " ".join(str(cell.value) for cell in cells)
    assert "Budi" not in shown
    assert "6402011203800001" not in shown
    assert (rows[0][7], rows[0][12]) == ("Nilai tanpa PPN", "Keadaan")


def _all_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_nothing_of_a_project_can_be_read_in_the_database(village: World, tmp_path: Path) -> None:
    await kept(village, replace(RABAT, certificate="24000123456"))
    raw = _all_of(tmp_path)
    assert PERIAN.encode() in raw
    for secret in (b"Budi Santoso", b"6402011203800001", b"Rabat beton", b"CV Maju", b"24000123456"):
        assert secret not in raw


async def test_other_districts_and_other_years_are_not_counted(village: World) -> None:
    await kept(village)
    await kept(village, replace(RABAT, village="61.08.01.2001"))
    await kept(village, replace(RABAT, year=2025))
    assert "1 proyek di 1 desa" in said(await village.says("rina", "proyek"))


@pytest.mark.parametrize("name", ["rabat  BETON rt.03", "Rabat beton RT 03"])
async def test_a_village_has_a_project_once_a_year(village: World, name: str) -> None:
    await kept(village)
    again = replace(RABAT, name=name)
    assert await village.store.transact(lambda tx: projects.add(tx, again, 1, START)) is None
    assert await village.store.transact(lambda tx: projects.add(tx, replace(again, year=2027), 1, START))
    assert await village.store.transact(lambda tx: projects.add(tx, replace(again, village=LEKA), 1, START))


async def test_a_proof_is_kept_as_long_as_its_report(village: World) -> None:
    report = await _reported(village)
    await photo(village, "darma")
    later = village.clock.now() + 400 * DAY
    await village.store.transact(lambda tx: jobs.forget(tx, later))
    file = (await village.store.transact(lambda tx: project_reports.proofs(tx, report.id)))[0][0]
    assert await village.store.transact(lambda tx: jobs.kept_file(tx, file)) == (b"a photo.", "image/jpeg")


async def test_the_list_of_reports_says_where_those_of_projects_are(village: World) -> None:
    await kept(village)
    assert "Termin" not in str([one.choices for one in await village.says("rina", "bukti")])
    await village.says("darma", "proyek")
    await village.presses("darma", "Rabat beton RT 03")
    await village.presses("darma", "Sudah bayar termin 1")
    alone = await village.says("rina", "bukti")
    assert "1 laporan termin proyek menunggu" in said(alone).replace("*", "")
    new = payments.New(PERIAN, PU, Month(2026, 10))
    await village.store.transact(lambda tx: ledger.report(tx, new, 1, village.clock.now()))
    both = await village.says("rina", "bukti")
    assert "1 laporan menunggu diperiksa" in said(both)
    assert "1 laporan termin proyek" in said(both)
    assert "Perian, Rabat beton RT 03, termin 1, tanpa bukti" in labels(
        await village.presses("rina", "Termin proyek")
    )


# -- the office looks -------------------------------------------------------------------------------


async def test_a_plan_is_missing_only_once_its_month_has_come(village: World) -> None:
    """A budget is full of plans in January: the office calls for what is to be done now."""
    later = Project(PERIAN, 2026, "Drainase", 80_000_000, "add", starts=date(2026, 12, 1))
    without = Project(PERIAN, 2026, "Gapura", 20_000_000, "add")
    begun = Project(LEKA, 2026, "Pagar", 20_000_000, "add", starts=date(2026, 10, 1))
    for one in (later, without, begun):
        await kept(village, one)
    village.clock.move(datetime(2026, 11, 2, 2, tzinfo=UTC))
    told = said(await village.says("rina", "proyek"))
    assert "1 belum terlindungi, 1 di antaranya sudah dimulai; 2 masih rencana." in told
    assert "Muara Leka, Pagar" in said(await village.presses("rina", "Belum terlindungi (1)"))
    await village.says("rina", "proyek")
    planned = said(await village.presses("rina", "Rencana (2)"))
    assert "Rencana proyek 2026: 2" in planned
    assert "Pagar" not in planned


async def test_a_village_asked_for_in_a_group_is_named_only_to_the_office(village: World) -> None:
    await kept(village)
    await village.open_room("#kantor", KUKAR, "office")
    await village.open_room("#forum", KUKAR, "forum")
    await village.says("rina", "menu")
    office = await village.says("rina", "/proyek perian 2026", chat="#kantor")
    assert "Rabat beton RT 03: belum terlindungi" in said(office, "#kantor")
    assert "CV Maju" not in said(office, "#kantor")
    forum = await village.says("rina", "/proyek perian 2026", chat="#forum")
    assert "Rabat" not in said(forum, "#forum")
    assert "Rabat beton RT 03" in said(forum, "rina")
    opened = await village.presses("rina", "Buka di chat pribadi", chat="#kantor")
    assert "Perian, Rabat beton RT 03" in said(opened, "rina")


async def test_who_looks_at_one_kecamatan_sees_no_other_in_a_group(village: World) -> None:
    await kept(village)
    await village.open_room("#kantor", KUKAR, "office")
    await village.appoint("camat", "Sofia Lestari", Role.CAMAT, "64.02.02")
    await village.says("camat", "menu")
    told = await village.says("camat", "/proyek perian 2026", chat="#kantor")
    assert "Rabat" not in said(told)


# -- put right --------------------------------------------------------------------------------------


async def fixes(here: World, user: str, *said: str) -> list[Letter]:
    """*Betulkan data*, these answers, and a yes."""
    await here.says(user, "termin")
    await here.presses(user, "Betulkan data")
    for text in said:
        await here.says(user, text)
    return await here.presses(user, "Benar, simpan")


async def test_what_was_entered_wrongly_is_put_right_without_an_addendum(village: World) -> None:
    number = await kept(village)
    told = said(
        await fixes(village, "darma", "ubah 1 Rabat beton RT 08", "ubah 4 swakelola", "ubah 6 360 juta")
    )
    assert "Iuran Rp392.000 menjadi Rp734.000" in told
    after = await get(village, number)
    assert (after.name, after.builder, after.company, after.total) == (
        "Rabat beton RT 08",
        "own",
        "",
        734_000,
    )
    assert sum(part.amount for part in after.parts) == 734_000
    assert (after.workers, after.named) == (RABAT.workers, RABAT.named)
    assert await village.store.transact(lambda tx: projects.changes(tx, number)) == []


async def test_a_correction_keeps_what_a_colleague_changed_meanwhile(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Betulkan data")
    await village.says("darma", "ubah 2 RT 09")
    await fixes(village, "ratna", "ubah 6 360 juta")
    await village.presses("darma", "Benar, simpan")
    after = await get(village, number)
    assert (after.place, after.value) == ("RT 09", 360_000_000)


async def test_a_corrected_name_that_the_village_has_already_is_asked_anew(village: World) -> None:
    await kept(village)
    other = await kept(village, replace(RABAT, name="Gapura", parts=(), state=State.PLANNED))
    told = said(await fixes(village, "darma", "ubah 1 gapura"))
    assert "sudah ada di daftar proyek desa ini" in told
    assert (await get(village, other)).name == "Gapura"


async def test_what_was_paid_stays_when_the_value_is_put_right(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    await fixes(village, "darma", "ubah 6 360 juta")
    amounts = [part.amount for part in (await get(village, number)).parts]
    assert amounts == [196_000, 269_000, 269_000]


async def test_a_workbook_holds_a_fourth_instalment_in_its_own_columns(village: World) -> None:
    four = (*PARTS[:1], *PARTS[2:], Part(4, 50_000, date(2027, 3, 4)))
    await kept(village, replace(RABAT, parts=four))
    found = await village.store.transact(lambda tx: sheet.of_year(tx, KUKAR, 2026))
    page = sheet.page(found, FIRST)
    titles = [column.title for column in page.columns]
    row = dict(zip(titles, page.rows[0], strict=True))
    assert [row[f"Termin {number}"] for number in (1, 2, 3, 4)] == [196_000, None, 98_000, 50_000]


async def test_the_group_is_told_of_instalments_that_wait_where_no_month_does(village: World) -> None:
    await kept(village)
    await village.open_room("#kantor", KUKAR, "office")
    await village.says("darma", "termin")
    await village.presses("darma", "Sudah bayar termin 1")
    [card] = await village.says("rina", "/bukti", chat="#kantor")
    assert card.text.replace("*", "") == "1 laporan termin proyek menunggu diperiksa."
    opened = await village.presses("rina", "Buka di chat pribadi", chat="#kantor")
    assert "Termin proyek" in labels(opened)


# -- typed ------------------------------------------------------------------------------------------


async def test_the_words_on_a_cards_buttons_may_be_typed(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    assert "Berapa nilai barunya" in said(await village.says("darma", "addendum"))
    await village.says("darma", "batal")
    await village.says("darma", "termin")
    await village.says("darma", "sudah lunas semua")
    assert [one.parts for one in await reports(village, number)] == [(1, 2, 3)]


async def test_the_same_words_after_something_else_are_about_the_month(village: World) -> None:
    number = await kept(village)
    await village.says("darma", "termin")
    await village.says("darma", "menu")
    await village.says("darma", "sudah lunas semua")
    assert await reports(village, number) == []


async def test_why_is_about_the_month_where_no_project_is_shown(village: World) -> None:
    await kept(village)
    assert "Rabat" not in said(await village.says("darma", "mengapa"))
    await village.says("darma", "termin")
    assert "(JKK 0,21% + JKM 0,03%) × Rp100.000.000 = Rp240.000" in said(
        await village.says("darma", "mengapa")
    )


async def test_the_end_is_asked_once_and_not_of_what_is_finished(village: World) -> None:
    number = await kept(village, replace(RABAT, starts=date(2026, 11, 1), ends=date(2026, 12, 1), parts=()))
    await kept(village, replace(RABAT, name="Gapura", ends=date(2026, 12, 1), parts=(), state=State.DONE))
    told = said(await village.move(datetime(2026, 12, 12, 2, tzinfo=UTC)), "darma")
    assert told.count("menurut rencana selesai") == 1
    assert "Rabat beton RT 03: menurut rencana selesai Selasa, 1 Desember 2026." in told
    await village.presses("darma", "Pekerjaan selesai")
    await village.says("darma", "1 desember 2026")
    await village.presses("darma", "Tidak ada")
    await village.presses("darma", "Benar, simpan")
    assert (await get(village, number)).state is State.DONE


async def test_the_end_is_asked_on_the_day_on_which_the_last_instalment_is_named_too(village: World) -> None:
    last = (Part(1, 392_000, date(2026, 12, 1)),)
    await kept(village, replace(RABAT, starts=date(2026, 11, 1), ends=date(2026, 12, 1), parts=last))
    told = said(await village.move(datetime(2026, 12, 12, 2, tzinfo=UTC)), "darma")
    assert told.count("Termin 1, Rabat beton RT 03, belum tercatat") == 1
    assert told.count("menurut rencana selesai") == 1


@pytest.mark.parametrize("label", ["Tetap", "Kosongkan daftar"])
async def test_the_choices_about_workers_may_be_typed(village: World, label: str) -> None:
    await kept(village)
    await village.says("darma", "termin")
    await village.presses("darma", "Pekerja")
    told = said(await village.says("darma", label.lower()))
    assert ("Tidak ada yang berubah" in told) == (label == "Tetap")
    assert ("Hapus 2 nama pekerja" in told) == (label != "Tetap")
