"""The trend, the monthly report, the letter and the printed call list: what stands in them, and what never."""

import io
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from bot import texts
from bot.domain.months import Month
from bot.domain.offices import Office, Role
from bot.domain.standings import HIDDEN, Count, Owed, Picture, Standing, told
from bot.messages import Address, Document, Letter
from bot.reports import books, charts, letters, papers, printing, sheets, standing
from bot.store import people, places, tallies
from bot.store.database import Tx
from bot.store.tallies import Span
from tests import district
from tests.district import NOV, OCT, PLANTED
from tests.world import PERIAN, World, all_villages, rulebook

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
XLSX, PDF, PNG = sheets.MIME, printing.PDF, printing.PNG


def pdf_text(data: bytes) -> str:
    """All pages, spaces as one."""
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def files(sent: Sequence[Letter], mime: str) -> list[Document]:
    return [one.attachment for one in sent if one.attachment and one.attachment.mime == mime]


def everything(sent: Sequence[Letter]) -> str:
    """All that can be read in messages, their files and the files' own data."""
    found = [texts.plain(one.text) for one in sent]
    for one in (letter.attachment for letter in sent if letter.attachment):
        if one.mime == XLSX:
            found += [str(cell) for rows in cells(one.data).values() for row in rows for cell in row]
            found.append(str(vars(load_workbook(io.BytesIO(one.data)).properties)))
        elif one.mime == PDF:
            found.append(pdf_text(one.data))
            found.append(str(PdfReader(io.BytesIO(one.data)).metadata))
    return "\n".join(found)


async def prepare(here: World) -> list[str]:
    who = await district.people(here)

    def fill(tx: Tx) -> list[str]:
        codes = district.fill(tx, here.clock.now(), who["darma"])
        district.insure(tx, codes[0], here.clock.now())
        return codes

    return await here.store.transact(fill)


def line(late: int) -> str:
    return f"120 terdaftar ({late} menunggak) · 73 belum"


async def test_the_report_is_a_workbook_and_a_letter_of_one_moment(here: World) -> None:
    await prepare(here)
    sent = await here.says("yuni", "/laporan", chat="#kantor", group=True)
    assert [one.to.chat for one in sent] == ["#kantor"] * 2
    [book], [letter] = files(sent, XLSX), files(sent, PDF)
    assert line(12) in texts.plain(sent[0].text)
    sheets = cells(book.data)
    assert list(sheets) == ["Ringkasan", "Per desa", "Belum terdaftar", "Catatan sumber angka"]
    assert sheets["Ringkasan"][1][0] == line(12)
    total = next(row for row in sheets["Ringkasan"] if row[0] == "Jumlah")
    assert total == ["Jumlah", 193, 120, 12, 73]
    assert len(sheets["Per desa"]) == 194
    assert len(sheets["Belum terdaftar"]) == 74
    said = pdf_text(letter.data)
    assert line(12) in said
    assert "23 November 2026 08.00 WITA" in said
    assert "Dari 193 desa, 120 desa (62%) sudah terdaftar" in said
    assert "Pada 12 desa ada iuran sampai dengan November 2026 yang lewat jatuh tempo" in said
    assert "paling lama iuran Oktober 2026" in said
    [refused] = await here.says("yuni", "/laporan desember", chat="#kantor", group=True)  # that of last year
    assert "Desember 2025 belum ada catatannya di sini" in refused.text
    assert "Yuniarti Lestari (Administrator)" in said
    assert len(PdfReader(io.BytesIO(letter.data)).pages) == 1


async def test_each_village_stands_with_its_months_its_last_report_and_its_proof(here: World) -> None:
    codes = await prepare(here)
    sent = await here.says("dewi", "laporan")
    rows = cells(files(sent, XLSX)[0].data)["Per desa"]
    head, by_code = rows[0], {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert head[-1] == "Tagihan November 2026 (Rp)"
    late, paid = by_code[codes[10]], by_code[codes[3]]
    assert (late["Status"], late["Bulan lewat jatuh tempo"]) == ("menunggak", 1)
    assert late["Bulan yang belum tercatat"] == "Oktober 2026"
    assert late["Kekurangan yang diketahui (Rp)"] == 13_104 * 11
    assert (paid["Status"], paid["Keadaan laporan"], paid["Bukti"]) == ("lunas", "tercatat", "tanpa bukti")
    assert paid["Laporan terakhir"].date() == date(2026, 11, 23)
    assert paid["Tagihan Oktober 2026 (Rp)"] == 13_104 * 4


async def test_the_workbook_can_be_filtered_and_its_heads_stay_in_sight(here: World) -> None:
    await prepare(here)
    [book] = files(await here.says("yuni", "laporan"), XLSX)
    sheets = load_workbook(io.BytesIO(book.data))
    shown = {sheet.title: (sheet.freeze_panes, sheet.auto_filter.ref) for sheet in sheets}
    assert shown == {
        "Ringkasan": ("B7", "A6:E24"),
        "Per desa": ("D2", "A1:W194"),
        "Belum terdaftar": ("D2", "A1:D74"),
        "Catatan sumber angka": ("B2", "A1:B12"),
    }
    per_village = sheets["Per desa"]
    assert (per_village["A2"].data_type, per_village["A2"].number_format) == ("s", "@")
    assert per_village["G12"].number_format == "#,##0"
    assert per_village["H5"].number_format == "dd/mm/yyyy"


async def test_a_sum_for_one_or_two_people_tells_nobodys_wage(here: World) -> None:
    codes = await prepare(here)
    sent = await here.says("yuni", "laporan")
    by_code = {row[0]: row for row in cells(files(sent, XLSX)[0].data)["Per desa"]}
    assert by_code[codes[0]][-2:] == [HIDDEN, HIDDEN]
    assert by_code[codes[1]][-2:] == [HIDDEN, HIDDEN]
    assert by_code[codes[2]][-2:] == [13_104 * 3] * 2
    bill = Owed("x", OCT, 0, 50_000, 0, settled=False)
    assert told([bill]) == 50_000  # the agency's figure, of people we do not know
    assert told([replace(bill, amount=None)]) is None


async def test_nothing_of_any_person_stands_in_what_is_made_for_a_group(here: World) -> None:
    await prepare(here)
    sent = await here.says("yuni", "/laporan", chat="#kantor", group=True)
    sent += await here.says("yuni", "/laporan oktober 2026", chat="#kantor", group=True)
    sent += await here.says("yuni", "/tren", chat="#kantor", group=True)
    assert len(sent) == 5
    said = everything(sent)
    assert [planted for planted in PLANTED if planted in said] == []


async def test_a_named_month_leaves_later_ones_out(here: World) -> None:
    await prepare(here)
    here.clock.move(datetime(2026, 12, 20, 1, tzinfo=UTC))
    sent = await here.says("yuni", "laporan oktober 2026")
    assert line(12) in texts.plain(sent[0].text)
    sent = await here.says("yuni", "laporan")
    assert line(120) in texts.plain(sent[0].text)


async def test_in_a_forum_the_files_go_to_the_person_alone(here: World) -> None:
    await prepare(here)
    for command in ("/laporan", "/tren"):
        sent = await here.says("dewi", command, chat="#forum", group=True)
        assert [one.to.chat for one in sent if one.attachment is None] == ["#forum"]
        assert {one.to.chat for one in sent if one.attachment} == {"dewi"}
        assert "Desa" not in sent[0].text


async def test_a_camat_sees_the_trend_of_his_kecamatan_and_no_report(here: World) -> None:
    await prepare(here)

    def appoint(tx: Tx) -> None:
        person = people.add(tx, "Camat Muara Muntai", here.clock.now())
        people.link(tx, person, "camat", Address("memory", "camat"), here.clock.now())
        office = Office(Role.CAMAT, "64.02", subdistrict="64.02.01")
        people.appoint(tx, person, office, here.clock.now().date())

    await here.store.transact(appoint)
    [letter] = await here.says("camat", "grafik tren")
    assert "Tren Kecamatan Muara Muntai" in texts.plain(letter.text)
    assert letter.attachment is not None
    [letter] = await here.says("camat", "laporan")
    assert "menu itu khusus" in letter.text


async def test_the_picture_is_as_wide_as_a_telephone_and_pressed_once_by_anybody_of_the_office(
    here: World,
) -> None:
    await prepare(here)
    await here.says("yuni", "/rekap", chat="#kantor", group=True)
    assert files(await here.presses("darma", "Grafik tren", "#kantor"), PNG) == []
    [picture] = files(await here.presses("dewi", "Grafik tren", "#kantor"), PNG)
    width, height = struct.unpack(">II", picture.data[16:24])
    assert width == printing.WIDTH
    assert 1200 < height < 2400
    assert files(await here.presses("dewi", "Grafik tren", "#kantor"), PNG) == []
    assert files(await here.presses("yuni", "Grafik tren", "#kantor"), PNG) == []


async def test_a_camat_does_not_use_up_the_trend_of_the_group(here: World) -> None:
    await prepare(here)
    await here.appoint("camat", "Camat Muara Muntai", Role.CAMAT, "64.02.01")
    await here.says("yuni", "/rekap anggana", chat="#kantor", group=True)
    assert [one for one in await here.presses("camat", "Grafik tren", "#kantor") if one.text] == []
    drawn = await here.presses("yuni", "Grafik tren", "#kantor")
    assert "Tren Kecamatan Anggana" in texts.plain(drawn[-1].text)
    await here.says("yuni", "/rekap", chat="#kantor", group=True)
    drawn = await here.presses("camat", "Grafik tren", "#kantor")
    assert "Tren Kecamatan Muara Muntai" in texts.plain(drawn[-1].text)
    drawn = await here.presses("yuni", "Grafik tren", "#kantor")
    assert "Tren Kutai Kartanegara" in texts.plain(drawn[-1].text)
    for who in ("camat", "yuni"):
        assert files(await here.presses(who, "Grafik tren", "#kantor"), PNG) == []


async def test_a_trend_that_could_not_be_drawn_may_be_pressed_again(here: World) -> None:
    await prepare(here)
    works = here.engine.worker._works
    here.engine.worker._works = {"trend": _fails}  # type: ignore[dict-item]
    await here.says("yuni", "rekap")
    sent = await here.presses("yuni", "Grafik tren")
    for _ in range(3):
        sent += await here.move(here.clock.now() + timedelta(minutes=1), timedelta(minutes=1))
    assert "belum berhasil dibuat" in sent[-1].text
    here.engine.worker._works = works
    assert files(await here.presses("yuni", "Grafik tren"), PNG)
    assert "sudah dibuat" in (await here.presses("yuni", "Grafik tren"))[-1].text


async def test_the_tally_is_counted_once_a_day_and_on_the_first_tick(here: World) -> None:
    span = Span(date(2026, 11, 1), date(2026, 12, 31))

    def history(tx: Tx) -> dict[Month, Count]:
        return tallies.history(tx, "64.02", span)

    async def rows() -> int:
        found = await here.store.read(
            lambda tx: tx.one("SELECT COUNT(*) AS n FROM tally WHERE district = '64.02'")
        )
        return int(found["n"])

    assert await here.store.read(history) == {NOV: Count(0, 0, 193)}
    assert await rows() == 18
    await prepare(here)
    await here.move(here.clock.now() + timedelta(hours=5))
    assert await rows() == 18
    await here.move(here.clock.now() + timedelta(days=1), timedelta(hours=6))
    assert await rows() == 36
    assert await here.store.read(history) == {NOV: Count(120, 12, 73)}
    one = await here.store.read(lambda tx: tallies.history(tx, "64.02", span, "64.02.01"))
    assert one[NOV].total == 13


async def test_the_call_list_has_every_village_with_its_contact_and_a_box(here: World) -> None:
    codes = await prepare(here)
    sent = await here.says("bela", "telepon cetak")
    [paper] = files(sent, PDF)
    said = pdf_text(paper.data)
    assert "11 desa belum dijangkau" in said  # of the twelve, somebody is linked in one
    assert said.count("081234567890") == 11
    assert "Kecamatan Muara Muntai" in said
    assert district.NAME not in said
    assert codes[0] not in said
    assert [one.to.chat for one in sent] == ["bela"]
    [refused] = await here.says("dewi", "telepon cetak")
    assert refused.attachment is None
    in_group = await here.says("yuni", "/telepon cetak", chat="#kantor", group=True)
    assert [one.to.chat for one in in_group if one.attachment] == ["yuni"]


async def test_a_list_too_long_for_paper_is_a_workbook(here: World) -> None:
    rows = await prepare(here)
    request = papers.Request({"district": "64.02", "maker": "x"}, rulebook(), here.clock.now())
    draft = await here.store.read(lambda tx: papers.call_list(tx, request))
    assert draft.told["short"]
    assert not draft.public
    assert rows
    data = books.table(
        "Daftar", (("Desa", 20.0), ("Telepon", 16.0)), [("=1+1", "0812")] * 301, here.clock.now()
    )
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.max_row == 302
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


async def test_papers_are_not_made_without_end(here: World) -> None:
    await prepare(here)
    sent = [letter for _ in range(7) for letter in await here.says("yuni", "tren")]
    assert len(files(sent, PNG)) == 6
    assert "Sudah 6 berkas" in sent[-1].text


async def test_what_cannot_be_made_is_said(here: World) -> None:
    await prepare(here)
    here.engine.worker._works = {"trend": _fails}  # type: ignore[dict-item]
    sent = await here.says("yuni", "tren")
    for _ in range(3):
        sent += await here.move(here.clock.now() + timedelta(minutes=1), timedelta(minutes=1))
    assert "belum berhasil dibuat" in sent[-1].text


async def _fails(_args: object) -> None:
    raise printing.NotPrinted("no")


def picture(count: int = 18, name: str = "Kecamatan") -> Picture:
    villages = [
        Standing(f"64.02.{at:02}.2001", "Desa", f"{name} {at}", registered=bool(at % 3))
        for at in range(count)
    ]
    return Picture(NOW, NOV, villages)


@pytest.mark.parametrize("count", [1, 18, 27, 51])
async def test_the_letter_stays_on_one_page(count: int) -> None:
    place = rulebook().district("64.02")
    made = await letters.letter(picture(count), place, letters.signed(place, NOW, "Yuniarti Lestari"))
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert f"Kecamatan {count - 1}" in pdf_text(made)


async def test_what_is_written_into_a_name_stays_text() -> None:
    place = rulebook().district("64.02")
    odd = '#read("/etc/passwd") <b>&*_$'
    made = await letters.letter(picture(3, odd), place, letters.signed(place, NOW, odd))
    assert odd in pdf_text(made)
    drawn = charts.trend(charts.Head(odd, "", ""), {odd: Count(1, 0, 0)}, {OCT: None, NOV: Count(1, 0, 0)})
    assert "<b>" not in drawn
    assert (await printing.png(drawn)).startswith(b"\x89PNG")
    facts = books.Facts(odd, "", "", "=1+1", [("@x", "=2")], place.zone, NOW)
    sheets = load_workbook(io.BytesIO(books.report(picture(3, "=HYPERLINK"), [NOV], facts)))
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


async def test_a_page_that_cannot_be_set_is_an_error_and_leaves_no_process() -> None:
    with pytest.raises(printing.NotPrinted):
        await printing.png("<svg")


def test_the_line_of_a_trend_has_gaps_where_nothing_was_counted() -> None:
    months = {Month(2026, n): Count(10 + n, n, 1) if n not in (3, 4) else None for n in range(1, 13)}
    drawn = charts.trend(charts.Head("x", "y", "z"), {}, months)
    assert drawn.count("<polyline") == 4
    assert drawn.count("<circle") == 10


def test_counts_are_those_of_the_villages() -> None:
    asked = standing.Asked(rulebook().district("64.02"), NOW, NOV)
    assert asked.months[0] == Month(2025, 12)
    assert len(asked.months) == 12
    assert picture(18).total == Count(12, 0, 6)
    assert len(all_villages()) > 193
    assert PERIAN.startswith("64.02.01")
    assert places.RoomKind.FORUM == "forum"
