"""Desa Sadar and desa binaan: said once, to whom it concerns, and to nobody who may not know."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from bot import ledger
from bot.domain.customs import CRITERIA
from bot.domain.offices import Role
from bot.domain.projects import State
from bot.domain.sadar import Facts
from bot.messages import Kind, Letter
from bot.reports import printing, sheets
from bot.store import decisions, fostering, members, outbox, payments, places, projects, sadar
from bot.store.database import Tx
from bot.store.fostering import Fostering
from tests import district
from tests.district import OCT
from tests.test_projects import RABAT
from tests.world import PERIAN, World

pytestmark = pytest.mark.slow

KUKAR = "64.02"
BESIDE = "64.02.01.2002"
WEDNESDAY = datetime(2026, 11, 25, 1, tzinfo=UTC)  # 09.00 in Kutai Kartanegara
_HOUR = timedelta(hours=1)


def decide(tx: Tx, now: datetime, since: str = "2026-11-23", off: str = "") -> None:
    """The district takes both criteria over, or all but one, with one month."""
    for code in CRITERIA:
        row = {
            "district": KUKAR,
            "code": code,
            "months": int(code == "arrears"),
            "off": code == off,
            "effective_from": since,
            "source": "keputusan DPMD",
            "certainty": "V",
        }
        decisions.decide(tx, KUKAR, "criterion", row, (1, now))


def pay(tx: Tx, village: str, now: datetime) -> None:
    ledger.report(tx, payments.New(village, "PU", OCT), 1, now)


def complete(tx: Tx, village: str, now: datetime) -> None:
    """A village in which nothing is left to do."""
    district.staffed(tx, village, now)
    pay(tx, village, now)


async def office(here: World, *villages: str) -> None:
    await district.people(here)
    await here.store.transact(lambda tx: decide(tx, here.clock.now()))
    for code in villages:
        await here.store.transact(lambda tx, c=code: complete(tx, c, here.clock.now()))  # type: ignore[misc]


def cards(letters: list[Letter]) -> list[Letter]:
    return [one for one in letters if "memenuhi kriteria Desa Sadar" in one.text]


async def test_villages_of_a_day_stand_on_one_card_and_on_no_other(here: World) -> None:
    await office(here, PERIAN, BESIDE)
    [card] = cards(await here.move(WEDNESDAY + _HOUR))
    assert card.to.chat == "#kantor"
    assert "Desa Muara Leka" in card.text
    assert "Desa Perian" in card.text
    assert cards(await here.move(WEDNESDAY + timedelta(days=9))) == []


async def test_a_village_nothing_is_known_of_is_not_one_step_away(here: World) -> None:
    await district.people(here)
    await here.store.transact(lambda tx: decide(tx, here.clock.now(), off="staff"))
    [said] = await here.says("yuni", "sadar")
    assert "satu langkah" not in said.text
    assert "193 desa" in said.text


async def test_asked_in_a_group_it_is_answered_in_their_own_chat(here: World) -> None:
    await office(here, PERIAN)
    said = await here.says("yuni", "/sadar", chat="#kantor")
    assert [one.to.chat for one in said] == ["yuni", "#kantor"]
    assert "Desa Sadar Kutai Kartanegara" in said[0].text
    assert said[1].text == "Sudah saya kirim lewat chat pribadi."
    pressed = await here.presses("yuni", "Unduh daftar")
    assert "Perintah itu tidak dipakai" not in pressed[0].text
    assert await here.says("darma", "/sadar", chat="#kantor") == []


async def test_before_the_district_decides_nobody_is_named(here: World) -> None:
    await district.people(here)
    await here.store.transact(lambda tx: complete(tx, PERIAN, here.clock.now()))
    assert cards(await here.move(WEDNESDAY + timedelta(days=7))) == []


async def test_a_village_that_calls_its_own_people_active_is_not_there_yet(here: World) -> None:
    await office(here, PERIAN)

    def by_the_village(tx: Tx) -> None:
        darma = tx.one("SELECT person FROM address WHERE user = 'darma'")["person"]
        tx.run("UPDATE member SET state_by = :by WHERE position = 'kades'", by=darma)

    await here.store.transact(by_the_village)
    assert cards(await here.move(WEDNESDAY + _HOUR)) == []
    [said] = await here.says("darma", "sadar")
    assert "7 dari 8 perangkat terlindungi, tinggal 1: menunggu dipastikan: Kepala Desa" in said.text
    assert [choice.label for choice in said.choices] == ["Siapa yang menunggu", "Status desa"]


async def test_without_a_group_the_administrators_hear_of_it(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await here.appoint("oki", "Oki Setiawan", Role.OPERATOR, KUKAR)
    await here.store.transact(lambda tx: decide(tx, here.clock.now()))
    await here.store.transact(lambda tx: complete(tx, PERIAN, here.clock.now()))
    assert [one.to.chat for one in cards(await here.move(WEDNESDAY))] == ["yuni"]


async def certify(here: World) -> list[Letter]:
    await here.move(WEDNESDAY + _HOUR)
    await here.presses("yuni", "Buat piagam", "#kantor")
    await here.says("yuni", "400.10/125/DPMD/2026")
    await here.says("yuni", "Drs. H. Ahmad Fauzi, M.Si.")
    return await here.presses("yuni", "Benar, simpan")


async def test_the_certificate_goes_to_the_village_and_the_praise_to_the_forum_once(here: World) -> None:
    await office(here, PERIAN)
    await here.appoint("sebelah", "Sari Utami", Role.TREASURER, BESIDE)
    letters = [one for one in await certify(here) if one.kind is Kind.TEXT]
    told = {one.to.chat: one for one in letters if one.attachment or one.to.chat == "#forum"}
    assert set(told) == {"yuni", "darma", "#forum"}
    assert told["#forum"].attachment is None
    pdf = told["darma"].attachment
    assert pdf is not None
    assert pdf.mime == printing.PDF
    said = " ".join(PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text().split())
    for words in (
        "400.10/125/DPMD/2026",
        "Pemerintah Desa Perian",
        "Drs. H. Ahmad Fauzi, M.Si.",
        "Tahun 2026",
    ):
        assert words in said
    assert "8 dari 8 perangkat terlindungi" in said
    assert len(PdfReader(io.BytesIO(pdf.data)).pages) == 1
    await here.presses("yuni", "Buat piagam", "#kantor")
    again = [one.to.chat for one in await here.presses("yuni", "Perian (sudah)") if one.kind is Kind.TEXT]
    assert set(again) == {"yuni"}


async def test_months_later_the_certificate_is_printed_again_for_who_asks_alone(here: World) -> None:
    await office(here, PERIAN)
    await certify(here)
    later = here.clock.now() + timedelta(days=1)
    await here.store.transact(lambda tx: outbox.forget(tx, later))  # as after a quarter of a year
    await here.presses("yuni", "Buat piagam", "#kantor")
    said = await here.presses("yuni", "Perian (sudah)")
    assert {one.to.chat for one in said if one.kind is Kind.TEXT} == {"yuni"}


async def test_no_name_of_anybody_insured_stands_where_groups_read_or_in_the_workbook(here: World) -> None:
    await office(here, PERIAN)
    letters = await certify(here)
    letters += await here.says("dewi", "/rekap", chat="#forum", group=True)
    await here.says("dewi", "sadar")
    [book] = [one for one in await here.presses("dewi", "Unduh daftar") if one.attachment]
    assert book.attachment is not None
    assert book.attachment.mime == sheets.MIME
    rows = [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(book.attachment.data)).active.rows
    ]
    assert len(rows) == 194
    perian = next(row for row in rows if row[2] == "Perian")
    assert perian[3:5] == ["ya", 0]
    public = [one.text for one in letters if one.to.chat.startswith("#")]
    assert any("Desa Sadar: 1 dari 193" in text for text in public)
    for text in (*public, str(rows)):
        assert "Pemangku" not in text
        assert "Darma" not in text


async def test_who_left_the_village_before_it_leaves_gets_no_certificate(here: World) -> None:
    await office(here, PERIAN)
    await here.move(WEDNESDAY + _HOUR)
    await here.presses("yuni", "Buat piagam", "#kantor")
    await here.says("yuni", "-")
    await here.says("yuni", "Drs. H. Ahmad Fauzi, M.Si.")
    await here.leave("darma")
    letters = await here.presses("yuni", "Benar, simpan")
    assert "darma" not in {one.to.chat for one in letters}
    [mine] = [one for one in letters if one.attachment]
    assert "Di desanya belum ada yang tertaut" in mine.text


async def test_a_step_that_is_missing_by_then_stops_the_certificate(here: World) -> None:
    await office(here, PERIAN)
    await here.move(WEDNESDAY + _HOUR)
    await here.presses("yuni", "Buat piagam", "#kantor")
    await here.says("yuni", "-")
    await here.says("yuni", "Drs. H. Ahmad Fauzi, M.Si.")
    await here.store.transact(
        lambda tx: tx.run("UPDATE member SET state = 'submitted' WHERE position = 'kades'")
    )
    letters = await here.presses("yuni", "Benar, simpan")
    assert [one for one in letters if one.attachment] == []
    assert any("belum dapat dibuat" in one.text for one in letters)
    [one] = await here.store.transact(lambda tx: sadar.of_year(tx, KUKAR, 2026))
    assert one.made is None


async def test_one_that_could_not_be_printed_is_asked_for_again_and_arrives_once(here: World) -> None:
    await office(here, PERIAN)
    works = here.engine.worker._works
    here.engine.worker._works = {"piagam": _fails}  # type: ignore[dict-item]
    letters = await certify(here)
    for _ in range(3):
        letters += await here.move(here.clock.now() + timedelta(minutes=1), timedelta(minutes=1))
    assert any("belum berhasil dibuat" in one.text for one in letters)
    assert not any("Selamat" in one.text for one in letters)
    here.engine.worker._works = works
    letters = await here.presses("yuni", "Coba lagi")
    assert sorted(one.to.chat for one in letters if "Selamat" in one.text) == ["#forum", "darma"]


async def _fails(_args: object) -> None:
    raise printing.NotPrinted("no")


async def test_what_is_lost_is_said_to_the_village_alone_and_once(here: World) -> None:
    await office(here, PERIAN)
    await certify(here)
    await here.store.transact(
        lambda tx: tx.run("UPDATE member SET state = 'submitted' WHERE position = 'kades'")
    )
    letters = await here.move(datetime(2026, 12, 15, tzinfo=UTC))
    lost = [one for one in letters if "sebagai Desa Sadar" in one.text]
    assert [one.to.chat for one in lost] == ["darma"]
    assert "menunggu dipastikan: Kepala Desa" in lost[0].text


async def test_a_year_later_it_is_seen_anew(here: World) -> None:
    await office(here, PERIAN)
    await certify(here)
    here.clock.move(datetime(2027, 1, 3, 23, tzinfo=UTC))
    await here.engine.schedule.tick()
    await here.store.transact(lambda tx: tx.run("UPDATE bill SET settled = 1"))
    [card] = cards(await here.move(datetime(2027, 1, 4, 2, tzinfo=UTC)))
    assert "Desa Sadar 2027" in card.text


async def test_the_list_has_pages_and_a_camat_sees_one_kecamatan(here: World) -> None:
    await office(here)
    await here.appoint("camat", "Sofia Lestari", Role.CAMAT, "64.02.01")
    codes = [one.code for one in await here.store.transact(lambda tx: places.villages(tx, KUKAR))]

    def fill(tx: Tx) -> None:
        for code in codes[:14]:
            district.staffed(tx, code, here.clock.now(), ["kades"])

    await here.store.transact(fill)
    [first] = await here.says("dewi", "sadar")
    assert "10. " in first.text
    assert "Belum ada catatan perangkat dan iuran: 179 desa." in first.text
    [second] = [one for one in await here.presses("dewi", "Berikutnya") if one.kind is Kind.TEXT]
    assert "11. " in second.text
    assert "14. " in second.text
    [mine] = await here.says("camat", "sadar")
    assert "Kec. Muara Muntai, Kutai Kartanegara: 0 dari 13 desa" in mine.text
    [book] = [one for one in await here.presses("camat", "Unduh daftar") if one.attachment]
    assert book.attachment is not None
    rows = list(load_workbook(io.BytesIO(book.attachment.data)).active.rows)
    assert {row[1].value for row in rows[1:]} == {"Muara Muntai"}


async def test_facts_count_posts_held_beside_and_leave_out_who_left(here: World) -> None:
    now = here.clock.now()

    def fill(tx: Tx) -> Facts:
        district.staffed(tx, PERIAN, now, ["kaur_umum", "kasi_pelayanan"])
        found = {one.position: one for one in members.of_village(tx, PERIAN)}
        tx.run(
            """INSERT INTO service (member, category, position, beside, since, made_at)
            VALUES (:member, 'perangkat', 'kaur_umum', 1, '2026-10-01', :now)""",
            member=found["sekdes"].id,
            now=now.isoformat(),
        )
        members.end(tx, found["kades"].id, (date(2026, 11, 1), "resigned"), members.By(None, now))
        return sadar.facts(tx, KUKAR, now.date(), PERIAN)[PERIAN]

    facts = await here.store.transact(fill)
    assert facts.posts["kaur_umum"] == (1, 0)
    assert "kades" not in facts.posts
    assert "kasi_pelayanan" not in facts.posts
    assert list(facts.months) == [(OCT, False)]
    assert await here.store.transact(lambda tx: sadar.facts(tx, "61.08", now.date())) == {}


async def test_a_month_without_anybody_neither_counts_nor_breaks_the_row(here: World) -> None:
    def fill(tx: Tx) -> Facts:
        district.staffed(tx, PERIAN, here.clock.now())
        tx.run("UPDATE bill SET people = 0, ours = 0, settled = 1")
        return sadar.facts(tx, KUKAR, here.clock.now().date(), PERIAN)[PERIAN]

    assert (await here.store.transact(fill)).months == ()


async def test_a_change_pressed_late_begins_the_day_after_and_counts_once(here: World) -> None:
    await district.people(here)
    for label in ("Ubah kriteria", "Ubah iuran", "3 bulan"):
        if label == "Ubah kriteria":
            await here.says("yuni", "sadar")
        await here.presses("yuni", label)
    here.clock.move(datetime(2026, 12, 2, 2, tzinfo=UTC))
    [saved] = [one for one in await here.presses("yuni", "Mulai 1 Des") if one.kind is Kind.TEXT]
    assert "Kamis, 3 Desember 2026" in saved.text
    again = [one.text for one in await here.presses("yuni", "Mulai 1 Des")]
    assert not any("Tersimpan" in text for text in again)
    rows = await here.store.transact(lambda tx: decisions.of_district(tx, KUKAR, "criterion"))
    assert [(one.body["code"], one.body["months"]) for one in rows] == [
        ("staff", 0),
        ("arrears", 3),
        ("projects", 0),
    ]
    assert {one.body["effective_from"] for one in rows} == {"2026-12-03"}


async def test_two_administrators_at_once_make_one_certificate(here: World) -> None:
    await office(here, PERIAN)
    await here.appoint("rudi", "Rudi Hartono", Role.ADMIN, KUKAR)
    await here.move(WEDNESDAY + _HOUR)
    for user, number in (("yuni", "1/2026"), ("rudi", "2/2026")):
        await here.says(user, "sadar")
        await here.presses(user, "Piagam")
        await here.says(user, number)
        await here.says(user, "Drs. H. Ahmad Fauzi, M.Si.")
    letters = await here.presses("yuni", "Benar, simpan")
    letters += await here.presses("rudi", "Benar, simpan")
    [one] = await here.store.transact(lambda tx: sadar.of_year(tx, KUKAR, 2026))
    assert (one.number, one.made_by) == ("1/2026", "Yuniarti Lestari")
    assert any("sudah dibuat oleh Yuniarti Lestari" in each.text for each in letters)
    assert sorted(each.to.chat for each in letters if "Selamat" in each.text) == ["#forum", "darma"]


async def test_another_districts_administrator_finds_none_of_it(here: World) -> None:
    await office(here, PERIAN)
    await kept(here, helped(whole=True))
    await here.move(WEDNESDAY + _HOUR)
    await here.appoint("tetangga", "Ratih Kumala", Role.ADMIN, "61.08")
    [said] = await here.says("tetangga", "sadar")
    assert "Desa Sadar Landak: 0 dari 156 desa*, menurut usulan" in said.text
    [piagam] = [one for one in await here.presses("tetangga", "Piagam") if one.kind is Kind.TEXT]
    assert "Belum ada desa" in piagam.text
    [binaan] = await here.says("tetangga", "binaan")
    assert "Belum ada desa binaan di Landak" in binaan.text


# -- desa binaan -------------------------------------------------------------------------------


def helped(*, whole: bool, until: date = date(2026, 12, 31)) -> Fostering:
    return Fostering(KUKAR, (PERIAN,), "PT Kaltim Sejahtera", "semua iuran", whole, date(2026, 11, 1), until)


async def kept(here: World, one: Fostering) -> int:
    return await here.store.transact(lambda tx: fostering.add(tx, one, 1, here.clock.now()))


@pytest.mark.parametrize(
    ("whole", "until", "reminded"),
    [
        (True, date(2026, 12, 31), False),
        (False, date(2026, 12, 31), True),
        (True, date(2026, 12, 1), True),
    ],
)
async def test_only_who_pays_all_and_now_spares_the_village_the_reminders(
    here: World, whole: bool, until: date, reminded: bool
) -> None:
    await district.people(here)
    await here.store.transact(lambda tx: complete(tx, PERIAN, here.clock.now()))
    await kept(here, helped(whole=whole, until=until))
    letters = await here.move(datetime(2026, 12, 9, tzinfo=UTC))
    said = [one for one in letters if one.to.chat == "darma" and "Iuran November 2026" in one.text]
    assert bool(said) == reminded


async def test_the_end_is_told_once_to_administrators_and_not_after_it_was_ended(here: World) -> None:
    await district.people(here)
    number = await kept(here, helped(whole=True))
    letters = await here.move(datetime(2026, 12, 10, tzinfo=UTC))
    assert [one.to.chat for one in letters if "berakhir Kamis, 31 Desember 2026" in one.text] == ["yuni"]
    other = await kept(here, helped(whole=True, until=date(2027, 1, 12)))
    assert await here.store.transact(lambda tx: fostering.end(tx, other, date(2026, 12, 10)))
    assert not await here.store.transact(lambda tx: fostering.end(tx, number, date(2027, 2, 1)))
    letters = await here.move(datetime(2026, 12, 20, tzinfo=UTC))
    assert [one for one in letters if "Desa binaan" in one.text] == []


async def test_what_is_said_of_a_company_is_sealed(here: World) -> None:
    await kept(here, helped(whole=True))
    [body] = [
        row["body"] for row in await here.store.transact(lambda tx: tx.all("SELECT body FROM fostering"))
    ]
    assert b"Kaltim" not in bytes(body)
    [found] = await here.store.transact(lambda tx: fostering.of_village(tx, PERIAN, date(2026, 12, 1)))
    assert found.company == "PT Kaltim Sejahtera"
    assert await here.store.transact(lambda tx: fostering.of_village(tx, BESIDE, date(2026, 12, 1))) == []
    assert await here.store.transact(lambda tx: fostering.of_village(tx, PERIAN, date(2027, 1, 1))) == []


YEAR_BEFORE = {"year": 2025, "starts": date(2025, 5, 5), "ends": date(2025, 8, 1)}


@pytest.mark.parametrize(
    ("changed", "uncovered"),
    [
        ({}, 1),
        ({"starts": date(2026, 11, 26)}, 0),
        ({"starts": None, "state": State.PLANNED, "parts": ()}, 0),
        ({"starts": date(2026, 11, 1), "state": State.PLANNED, "parts": ()}, 1),
        ({"state": State.DONE}, 1),
        ({"state": State.DROPPED}, 0),
        (YEAR_BEFORE, 1),
        ({**YEAR_BEFORE, "state": State.DONE}, 1),
        ({**YEAR_BEFORE, "state": State.DONE, "parts": ()}, 0),
        ({"year": 2027}, 0),
        ({"village": BESIDE}, 0),
        ({"village": "61.08.01.2001"}, 0),
    ],
)
async def test_a_project_that_has_begun_without_cover_is_a_step(
    here: World, changed: dict[str, Any], uncovered: int
) -> None:
    await office(here, PERIAN)
    begun = replace(RABAT, starts=date(2026, 11, 2), ends=date(2026, 12, 24))
    one = replace(begun, **changed)
    await here.store.transact(lambda tx: projects.add(tx, one, 1, here.clock.now()))
    await here.move(WEDNESDAY)
    [said] = await here.says("darma", "sadar")
    assert ("tinggal 1 proyek: Rabat beton RT 03" in said.text) == bool(uncovered)
    assert ("Lihat proyek" in [choice.label for choice in said.choices]) == bool(uncovered)
    asked = here.clock.now().date()
    both = await here.store.read(lambda tx: sadar.facts(tx, KUKAR, asked))
    assert len(both[PERIAN].uncovered) == uncovered
    assert [row for code, row in both.items() if code != PERIAN and row.uncovered] == (
        [both[BESIDE]] if one.village == BESIDE else []
    )


async def test_who_approves_is_told_that_an_instalment_waits_to_be_looked_at(here: World) -> None:
    await office(here, PERIAN)
    project = replace(RABAT, starts=date(2026, 11, 2), ends=date(2026, 12, 24))
    number = await here.store.transact(lambda tx: projects.add(tx, project, 1, here.clock.now()))
    assert number is not None
    await here.says("darma", "proyek")
    await here.presses("darma", "Rabat beton RT 03")
    await here.presses("darma", "Sudah bayar termin 1")
    await here.move(WEDNESDAY + _HOUR)
    await here.says("yuni", "sadar")
    asked = await here.presses("yuni", "Piagam")
    assert any("2 laporan bayarnya belum diperiksa" in one.text for one in asked)


async def test_reports_nobody_looked_at_are_named_beside_what_they_count_for(here: World) -> None:
    """On the office's card, on the village's; the certificate is about what its approver made sure of."""
    await office(here, PERIAN)
    [card] = cards(await here.move(WEDNESDAY + _HOUR))
    assert "(1 laporan belum diperiksa)" in card.text
    own = await here.says("darma", "sadar")
    assert "1 laporan sedang diperiksa" in own[0].text
    [pdf] = [
        file
        for letter in await certify(here)
        if (file := letter.attachment) is not None and letter.to.chat == "yuni"
    ]
    assert "diperiksa" not in PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()


@pytest.mark.parametrize(
    "head", ["Drs. Ali, M.Si.", "Prof. Dr. Ir. Hj. Siti Kusumawardhani Prawiranegara, S.Sos., M.Si., Ph.D."]
)
async def test_whoever_signs_stands_on_one_line_of_the_certificate(head: str) -> None:
    data = {"office": "Dinas Pemberdayaan Masyarakat dan Desa", "place": "Kabupaten Kutai Kartanegara", "number": "1",
            "year": "2026", "village": "Perian", "subdistrict": "Muara Muntai", "reasons": [], "met": "1 Desember 2026",
            "head": head, "maker": "Yuni", "moment": "Senin"}  # fmt: skip
    lines = (
        PdfReader(io.BytesIO(await printing.pdf("certificate", data))).pages[0].extract_text().splitlines()
    )
    assert head in [line.strip() for line in lines]
    assert "Kepala Dinas Pemberdayaan Masyarakat dan Desa" in [line.strip() for line in lines]
