"""Groups that a district adds and changes, studies, and budgets: through the whole bot, with what goes wrong."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from bot import budgets, ledger, ruling
from bot.channels import memory
from bot.domain import groups
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.domain.projects import State as Built
from bot.messages import Address, Document, Incoming, Kind, Letter
from bot.reports import printing, sheets
from bot.store import bills, decisions, jobs, members, payments, places, projects, studies
from bot.store.database import Tx
from tests.world import PERIAN, World, rulebook

pytestmark = pytest.mark.slow

KUKAR, LANDAK = "64.02", "61.08"
BESIDE, ABROAD = "64.02.01.2002", "61.08.01.2001"
KADER = "kader_posyandu_6402"
NIKS = iter(f"640201120387{number:04}" for number in range(1, 999))


@pytest.fixture(autouse=True)
async def _office(here: World) -> None:
    for user, role, place in (
        ("yuni", Role.ADMIN, KUKAR),
        ("rudi", Role.ADMIN, KUKAR),
        ("lina", Role.ADMIN, LANDAK),
        ("darma", Role.TREASURER, PERIAN),
    ):
        await here.appoint(user, user.title(), role, place)


async def talk(here: World, user: str, *said: str) -> list[Letter]:
    """Say or press one after another; returns the last answers."""
    last: list[Letter] = []
    for one in said:
        last = await (here.presses(user, one[1:-1]) if one.startswith("[") else here.says(user, one))
    return [letter for letter in last if letter.kind is Kind.TEXT]


TO_THE_END = (
    "kelompok", "[Tambah kelompok]", "Kader Posyandu", "[Kader Posyandu]", "[Mandiri (BPU)]", "[JKK, JKM]",
    "[Rp1.000.000]", "[ADD]", "[Desember 2026]", "[Keputusan DPMD]",
)  # fmt: skip


async def add_kader(here: World) -> None:
    [saved] = await talk(here, "yuni", *TO_THE_END, "[Benar, simpan]")
    assert "Tersimpan" in saved.text


def insure(tx: Tx, village: str, category: str, position: str, wage: int, joined: date) -> int:
    new = members.New(
        village, "Siti Aminah", next(NIKS), {"wage": wage}, category, position, joined, joined, State.ACTIVE
    )
    number = members.add(tx, new, None, datetime(2026, 11, 23, tzinfo=UTC))
    assert number is not None
    return number


async def insured(here: World, village: str, category: str, wage: int, **more: Any) -> int:
    position = more.get("position", category)
    joined = more.get("joined", here.clock.now().date())
    return await here.store.transact(lambda tx: insure(tx, village, category, position, wage, joined))


async def owed(here: World) -> dict[str, int | None]:
    """What Perian owes by our own reckoning, by segment and month."""
    found = await here.store.transact(lambda tx: bills.of_village(tx, PERIAN))
    return {f"{bill.segment} {bill.month}": bill.ours for bill in found if bill.people}


# -- groups ------------------------------------------------------------------------------------


async def test_of_two_colleagues_who_add_the_same_the_second_is_told(here: World) -> None:
    await talk(here, "rudi", *TO_THE_END)
    await add_kader(here)
    [said] = await talk(here, "rudi", "[Benar, simpan]")
    assert "sudah ada" in said.text
    [said] = await talk(here, "rudi", "Kader Lansia")
    assert "1 Kelompok: Kader Lansia" in said.text
    found = await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "category"))
    assert [one.body["label"] for one in found] == ["Kader Posyandu"]


async def test_a_double_tap_saves_one_group(here: World) -> None:
    await talk(here, "yuni", *TO_THE_END, "[Benar, simpan]", "[Benar, simpan]")
    assert len(await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "category"))) == 1


async def test_who_gives_up_at_a_question_reads_the_questions_own_words(here: World) -> None:
    await talk(here, "yuni", *TO_THE_END[:4])
    [said] = await talk(here, "yuni", "xyz", "xyz", "xyz")
    assert "Jawaban untuk “Didaftarkan sebagai” belum bisa saya terima." in said.text


async def test_another_district_has_nothing_of_it(here: World) -> None:
    await add_kader(here)
    [said] = await talk(here, "lina", "kelompok")
    assert "Kader Posyandu" not in said.text
    choices = [choice.label for choice in said.choices]
    assert "Kader Posyandu" not in choices
    rules = await here.store.transact(lambda tx: ruling.current(tx, rulebook()))
    assert rules.positions_of(LANDAK, date(2027, 1, 1)) == rulebook().positions


async def test_a_change_reckons_the_months_from_its_own_on_and_nothing_before(here: World) -> None:
    await insured(here, PERIAN, "kades", 2_426_640, joined=date(2026, 9, 1))
    await here.store.transact(
        lambda tx: ledger.refresh(tx, rulebook(), PERIAN, Month(2026, 9), here.clock.now())
    )
    before = await owed(here)
    assert before == {"PU 2026-09": 13_104, "PU 2026-10": 13_104, "PU 2026-11": 13_104}
    await talk(
        here, "yuni", "kelompok", "[Kepala Desa]", "[Ubah program]", "[Penerima upah (PU)]", "[JKK, JKM, JHT]",
        "[Januari 2027]", "[Keputusan DPMD]", "[Benar, simpan]",
    )  # fmt: skip
    await here.move(datetime(2027, 1, 5, tzinfo=UTC), timedelta(hours=6))
    assert await owed(here) == {**before, "PU 2026-12": 13_104, "PU 2027-01": 151_423}


async def test_what_was_reported_stays_when_the_programmes_change(here: World) -> None:
    await add_kader(here)
    await here.move(datetime(2026, 12, 1, 1, tzinfo=UTC), timedelta(hours=12))
    await insured(here, PERIAN, KADER, 1_000_000)

    def pay(tx: Tx) -> None:
        rules = ruling.current(tx, rulebook())
        ledger.refresh(tx, rules, PERIAN, Month(2026, 12), here.clock.now())
        ledger.report(tx, payments.New(PERIAN, "BPU", Month(2026, 12), 1, 16_800), 1, here.clock.now())

    await here.store.transact(pay)
    await talk(
        here, "yuni", "kelompok", "[Kader Posyandu]", "[Ubah program]", "[Mandiri (BPU)]", "[JKK, JKM, JHT]",
        "[Januari 2027]", "[Keputusan DPMD]", "[Benar, simpan]",
    )  # fmt: skip
    await here.move(datetime(2027, 1, 2, tzinfo=UTC), timedelta(hours=6))
    assert await owed(here) == {"BPU 2026-12": 16_800, "BPU 2027-01": 36_800}


async def test_a_post_of_a_group_held_before_it_began_is_owed_from_its_beginning(here: World) -> None:
    await add_kader(here)
    await here.move(datetime(2026, 12, 2, 1, tzinfo=UTC), timedelta(hours=12))
    await insured(here, PERIAN, "rt", 2_000_000, position="rt_ketua", joined=date(2026, 9, 1))
    here.new()
    last = await talk(
        here, "darma", "peserta Siti Aminah", "[Ubah data]", "[Ubah jabatan]", "kader posyandu", "1 november 2026",
        "ya",
    )  # fmt: skip
    assert "Kader Posyandu" in last[0].text
    assert (await owed(here))["BPU 2026-12"] is not None
    assert "BPU 2026-11" not in await owed(here)


async def test_a_row_that_nobody_can_read_any_more_leaves_the_groups_standing(here: World) -> None:
    await add_kader(here)

    def spoil(tx: Tx) -> set[str]:
        decisions.decide(tx, LANDAK, "programme_set", {"nonsense": 1}, (1, here.clock.now()))
        rules = ruling.current(tx, rulebook())
        return {one.code for one in rules.positions_of(KUKAR, date(2026, 12, 1))}

    assert KADER in await here.store.transact(spoil)


async def test_what_a_colleague_took_back_is_not_changed_any_more(here: World) -> None:
    await add_kader(here)
    await talk(here, "rudi", "kelompok", "[Kader Posyandu]", "[Ubah dasar iuran]", "2 jt", "[Januari 2027]")
    await talk(here, "rudi", "[Keputusan DPMD]")
    await talk(here, "yuni", "kelompok", "[Kader Posyandu]", "[Batalkan kelompok]", "[Ya, batalkan]")
    [said] = await talk(here, "rudi", "[Benar, simpan]")
    assert "tidak disimpan" in said.text
    assert await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "wage_base")) == []


async def test_a_group_that_has_begun_is_not_taken_back_by_an_old_button(here: World) -> None:
    await add_kader(here)
    await talk(here, "yuni", "kelompok", "[Kader Posyandu]", "[Batalkan kelompok]")
    await here.move(datetime(2026, 12, 1, 1, tzinfo=UTC), timedelta(hours=12))
    await talk(here, "yuni", "[Ya, batalkan]")
    assert await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "category"))


async def test_who_left_the_office_saves_nothing(here: World) -> None:
    await talk(here, "rudi", *TO_THE_END)
    await here.leave("rudi")
    await talk(here, "rudi", "[Benar, simpan]")
    assert await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "category")) == []


async def test_a_registration_that_rested_while_the_group_closed_asks_for_the_post_again(here: World) -> None:
    await add_kader(here)
    await here.move(datetime(2026, 12, 30, 1, tzinfo=UTC), timedelta(hours=24))
    await talk(here, "darma", "daftar", "Siti Aminah", "6402015708850003", "ya", "Tenggarong", "Kartini")
    await talk(here, "darma", "[Tidak punya HP]", "kader posyandu", "[Rp1.000.000]", "2 januari 2024")
    await talk(here, "yuni", "kelompok", "[Kader Posyandu]", "[Tutup pendaftaran]", "[Januari 2027]")
    await talk(here, "yuni", "[Benar, simpan]")
    await here.move(datetime(2027, 1, 2, 1, tzinfo=UTC), timedelta(hours=24))
    [said] = await talk(here, "darma", "[Benar, simpan]")
    assert "Jabatan itu belum saya kenal" in said.text
    assert await here.store.transact(lambda tx: members.of_village(tx, PERIAN)) == []


async def test_the_wage_of_all_posts_replaces_that_of_one(here: World) -> None:
    await talk(
        here, "yuni", "kelompok", "[Perangkat Desa]", "[Ubah dasar iuran]", "[Semua jabatan]", "2,5 jt"
    )
    await talk(here, "yuni", "[Januari 2027]", "Perbup 3 Tahun 2027", "[Benar, simpan]")
    rules = await here.store.transact(lambda tx: ruling.current(tx, rulebook()))
    bases = {
        code: rules.wage_base(KUKAR, rules.position(code), date(2027, 1, 1)) for code in ("sekdes", "kadus")
    }
    assert {code: base.amount for code, base in bases.items() if base} == {
        "sekdes": 2_500_000,
        "kadus": 2_500_000,
    }


# -- studies -----------------------------------------------------------------------------------

STUDY = {
    "name": "Linmas",
    "segment": "BPU",
    "programmes": ["jkk", "jkm"],
    "wage": 1_000_000,
    "sources": ["add"],
}


async def asking(here: World) -> int:
    now = here.clock.now()
    asked = studies.Asked(now, now + timedelta(days=7))
    return await here.store.transact(lambda tx: studies.add(tx, KUKAR, STUDY, asked, (1, now)))


async def answers(here: World, number: int) -> dict[str, int]:
    found = await here.store.transact(lambda tx: studies.answers(tx, number))
    return {village: one.people for village, one in found.items()}


async def test_each_officer_gets_one_card_however_often_the_clock_ticks(here: World) -> None:
    await asking(here)
    letters = await here.move(here.clock.now() + timedelta(days=2))
    assert [one.to.chat for one in letters if "Linmas" in one.text] == ["darma"]


async def test_who_left_and_who_answered_hear_no_second_time(here: World) -> None:
    await here.appoint("idris", "Idris", Role.HEAD, BESIDE)
    number = await asking(here)
    await here.move(here.clock.now() + timedelta(hours=1))
    await here.leave("idris")
    await talk(here, "darma", "[Tidak ada]", "[Tidak ada]")
    letters = await here.move(here.clock.now() + timedelta(days=9), timedelta(hours=6))
    assert [one for one in letters if "Linmas" in one.text] == []
    assert await answers(here, number) == {PERIAN: 0}
    await talk(here, "idris", "[Isi jumlah]")
    assert await answers(here, number) == {PERIAN: 0}


async def test_a_card_that_waits_for_the_morning_is_not_sent_once_a_colleague_answered(here: World) -> None:
    await here.appoint("sari", "Sari", Role.SECRETARY, PERIAN)
    await here.move(datetime(2026, 11, 23, 14, tzinfo=UTC))  # 22.00 there
    number = await asking(here)
    await here.move(here.clock.now() + timedelta(hours=1))
    now = here.clock.now()
    await here.store.transact(lambda tx: studies.answer(tx, number, PERIAN, 4, (1, now)))
    letters = await here.move(now + timedelta(hours=16))
    assert [one for one in letters if "Linmas" in one.text] == []


async def test_who_was_asked_twice_hears_nothing_when_the_study_opens_again(here: World) -> None:
    await asking(here)
    await here.move(here.clock.now() + timedelta(hours=1))
    await talk(here, "yuni", "kajian", "[Linmas]", "[Tutup pertanyaan]")
    await here.move(here.clock.now() + timedelta(days=8), timedelta(hours=6))
    await talk(here, "yuni", "[Buka lagi]")
    letters = await here.move(here.clock.now() + timedelta(days=1))
    assert [one for one in letters if one.to.chat == "darma"] == []


async def test_a_card_that_was_held_up_does_not_leave_in_the_night(here: World) -> None:
    await asking(here)
    here.clock.move(here.clock.now() + timedelta(minutes=1))
    await here.engine.schedule.tick()  # it is to leave at once, and the process ends
    here.clock.move(datetime(2026, 11, 23, 15, tzinfo=UTC))  # 23.00 there
    await here.settle()
    assert [one for one in here.new() if "Linmas" in one.text] == []
    letters = await here.move(datetime(2026, 11, 24, 4, tzinfo=UTC))
    assert [one.to.chat for one in letters if "Linmas" in one.text] == ["darma"]


async def test_nobody_answers_for_another_village(here: World) -> None:
    await here.appoint("nyoman", "Nyoman", Role.HEAD, ABROAD)
    number = await asking(here)
    now = here.clock.now()
    kept = await here.store.transact(lambda tx: studies.answer(tx, number, ABROAD, 4, (1, now)))
    assert not kept
    assert await answers(here, number) == {}


async def test_a_number_for_a_study_that_closed_meanwhile_is_not_kept(here: World) -> None:
    number = await asking(here)
    await here.move(here.clock.now() + timedelta(hours=1))
    await talk(here, "darma", "[Isi jumlah]")
    await talk(here, "yuni", "kajian", "[Linmas]", "[Tutup pertanyaan]")
    [said] = await talk(here, "darma", "5")
    assert "sudah ditutup" in said.text
    assert await answers(here, number) == {}


async def test_another_district_does_not_see_the_study(here: World) -> None:
    await asking(here)
    [said] = await talk(here, "lina", "kajian")
    assert "Linmas" not in said.text


def files(sent: list[Letter], mime: str) -> list[Document]:
    return [one.attachment for one in sent if one.attachment and one.attachment.mime == mime]


def cells(data: bytes) -> Mapping[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(data))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


async def test_the_sheet_of_a_study_holds_each_village_and_its_sums(here: World) -> None:
    number = await asking(here)
    now = here.clock.now()
    await here.store.transact(lambda tx: studies.answer(tx, number, PERIAN, 6, (1, now)))
    [book] = files(await talk(here, "yuni", "kajian", "[Linmas]", "[Unduh Excel]"), sheets.MIME)
    found = cells(book.data)
    rows = {(row[0], row[1]): row[2:] for row in found["Per desa"][1:]}
    assert len(rows) == 193
    assert rows["Muara Muntai", "Perian"] == (6, "dijawab desa", 100_800, 1_209_600, 0)
    assert rows["Muara Muntai", "Muara Leka"] == (None, "belum punya petugas", None, None, None)
    facts = dict(found["Cara hitung"])
    assert facts["Sumber dana ADD"] == "boleh menurut kajian ini; Rp1.209.600 setahun bila seluruhnya"
    assert facts["Sumber dana Dana Desa"].startswith("belum diatur")
    assert "APBDes" in facts["Potongan 50%"]


async def test_a_study_of_who_is_insured_already_names_the_rule_on_dana_desa(here: World) -> None:
    body, now = {**STUDY, "name": "BPD", "segment": "PU", "sources": []}, here.clock.now()
    await here.store.transact(lambda tx: studies.add(tx, KUKAR, body, 5, (1, now)))
    [said] = await talk(here, "yuni", "kajian", "[BPD]")
    assert "Dana Desa tidak boleh: Permendes 16/2025" in said.text


# -- budgets -----------------------------------------------------------------------------------


async def staff(here: World) -> None:
    for category, position, wage in (
        ("kades", "kades", 2_426_640), ("perangkat", "sekdes", 2_224_420), ("perangkat", "kadus", 2_022_200),
        ("bpd", "bpd_ketua", 2_000_000), ("rt", "rt_ketua", 2_000_000),
    ):  # fmt: skip
        await insured(here, PERIAN, category, wage, position=position)


async def budgeted(here: World, year: int) -> Any:
    def look(tx: Tx) -> Any:
        village = places.village(tx, PERIAN)
        assert village is not None
        today = here.clock.now().date()
        return budgets.of_village(tx, ruling.current(tx, rulebook()), village, (year, today))

    return await here.store.transact(look)


async def test_the_sheet_for_the_plan_is_one_page_and_the_workbook_says_the_same(here: World) -> None:
    await staff(here)
    sent = await talk(here, "darma", "anggaran 2027", "[Lembar RKPDes]")
    [paper], [book] = files(sent, printing.PDF), files(sent, sheets.MIME)
    pages = PdfReader(io.BytesIO(paper.data)).pages
    said = " ".join(pages[0].extract_text().split())
    assert len(pages) == 1
    rows = {row[0]: row for row in cells(book.data)["Anggaran"][1:]}
    per_month = 13_104 + 12_012 + 10_920 + 10_800 + 10_800
    assert rows["Jumlah"][6] == 12 * per_month
    assert rows["Pengurus RT"][1] == "diisi desa, kode menurut Perbup"
    for word in ("5.1.3.03", "5.1.3.04", f"Rp{12 * per_month:,}".replace(",", "."), "Permendes 16/2025"):
        assert word in said
    assert "Siti Aminah" not in said
    assert "Bila terisi: Kaur Keuangan" in rows
    assert "Bila terisi: Sekretaris Desa" not in rows


async def test_who_leaves_is_not_budgeted_and_who_follows_is(here: World) -> None:
    old = await insured(here, PERIAN, "kades", 2_426_640, joined=date(2026, 9, 1))
    await here.store.transact(
        lambda tx: members.end(tx, old, (date(2026, 11, 25), "term"), members.By(1, here.clock.now()))
    )
    assert (await budgeted(here, 2027)).people == 0
    await insured(here, PERIAN, "kades", 3_000_000, joined=date(2026, 11, 26))
    found = await budgeted(here, 2027)
    assert (found.people, found.cost.employer) == (1, 12 * 16_200)


async def test_the_cap_of_a_pension_changes_in_march_and_the_year_follows_it(here: World) -> None:
    await insured(here, PERIAN, "kades", 20_000_000)
    await talk(here, "yuni", "kelompok", "[Kepala Desa]", "[Ubah program]", "[Penerima upah (PU)]")
    await talk(here, "yuni", "[JKK, JKM, JHT, JP]", "[Desember 2026]", "[Keputusan DPMD]", "[Benar, simpan]")
    rules = await here.store.transact(lambda tx: ruling.current(tx, rulebook()))
    each = [groups.price(rules, KUKAR, groups.Terms(groups.Segment.PU, ("jkk", "jkm", "jht", "jp"), 20_000_000),
                         Month(2026, number)) for number in range(1, 13)]  # fmt: skip
    assert each[1].employer < each[2].employer  # the cap of March 2026
    assert (await budgeted(here, 2027)).cost.employer == 12 * each[2].employer


async def test_projects_of_the_year_stand_beside_the_budget_in_both_papers(here: World) -> None:
    await staff(here)
    plan = projects.Project(PERIAN, 2027, "Rabat beton RT 03", 180_000_000, "add", starts=date(2027, 3, 1))
    others = (
        replace(plan, name="Gapura", year=2026),
        replace(plan, name="Talud", state=Built.DROPPED),
        replace(plan, village=BESIDE),
        replace(plan, name="Drainase", value=80_000_000, starts=None),
        replace(plan, name="Jembatan", state=Built.OPEN, total=905_000),
    )
    for one in (plan, *others):
        await here.store.transact(lambda tx, one=one: projects.add(tx, one, 1, here.clock.now()))  # type: ignore[misc]
    sent = await talk(here, "darma", "anggaran 2027", "[Lembar RKPDes]")
    [paper], [book] = files(sent, printing.PDF), files(sent, sheets.MIME)
    total = "3 proyek 2027, Rp1.489.000"  # 392.000 + 192.000 + 905.000
    assert len(PdfReader(io.BytesIO(paper.data)).pages) == 1
    assert total in " ".join(PdfReader(io.BytesIO(paper.data)).pages[0].extract_text().split())
    assert total in str(dict(row[:2] for row in cells(book.data)["Catatan"])["Proyek fisik"])
    sent = await talk(here, "yuni", "anggaran 2027")
    assert any("4 proyek: Rp1.881.000" in one.text for one in sent)
    rows = {row[1]: row for row in cells(files(sent, sheets.MIME)[0].data)["Anggaran per desa"]}
    assert rows["Perian"][-2:] == (3, 1_489_000)
    assert rows["Muara Leka"][-2:] == (1, 392_000)
    assert rows["Batuah"][-2:] == (0, 0)


def _ordered(here: World, user: str, tx: Tx) -> None:
    asked = Incoming(Address(memory.NAME, user), user, "1", here.clock.now())
    args = {"district": KUKAR, "maker": user.title(), "village": PERIAN, "year": 2027}
    jobs.add(tx, "budget", asked, args, here.clock.now())


async def test_a_sheet_that_is_ready_after_somebody_left_goes_to_nobody(here: World) -> None:
    await staff(here)
    await here.appoint("sari", "Sari", Role.SECRETARY, BESIDE)
    await here.store.transact(partial(_ordered, here, "sari"))
    await here.settle()
    assert [one.to.chat for one in here.new() if one.attachment] == []


async def test_a_sheet_whose_making_was_killed_is_made_once_after_the_start(here: World) -> None:
    await staff(here)
    await here.store.transact(partial(_ordered, here, "darma"))
    assert await here.store.transact(lambda tx: jobs.take(tx, here.clock.now()))
    await here.engine.recover()
    await here.settle()
    assert len(files(here.new(), printing.PDF)) == 1
