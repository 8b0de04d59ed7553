"""The evidence of a village: what was sent, not sent, answered, reported and checked, and the chain's end."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import evidence
from bot.domain.evidence import Act, Found, Paid, Period, Row, Words, split
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.errors import Invalid
from bot.messages import Letter
from bot.reports import evidence as reports
from bot.reports import printing
from bot.reports.evidence import Case
from bot.store import evidence as kept
from bot.store import holding, places, records
from bot.store.database import Tx
from tests import district
from tests.district import NOV, OCT, PLANTED
from tests.test_papers import files, pdf_text
from tests.world import PERIAN, World, rulebook

TODAY = date(2026, 11, 23)


def table(sent: Sequence[Letter]) -> list[dict[str, str]]:
    """The rows of the CSV that was sent."""
    [document] = files(sent, reports.CSV)
    text = document.data.decode("utf-8-sig")
    assert document.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


async def prepare(here: World) -> dict[str, int]:
    who = await district.people(here)

    def fill(tx: Tx) -> None:
        now = here.clock.now()
        district.fill(tx, now, who["oki"])
        district.insure(tx, PERIAN, now)
        district.remind(tx, who["darma"], now)
        district.answer(tx, who["darma"], who["yuni"], now + timedelta(hours=1))

    await here.store.transact(fill)
    return who


def found(rows: list[dict[str, str]], what: str) -> dict[str, str]:
    return next(row for row in rows if row["Isi"].startswith(what))


async def test_a_month_tells_what_was_sent_answered_and_checked(here: World) -> None:
    await prepare(here)
    sent = await here.says("yuni", "berkas desa perian oktober 2026")
    rows = table(sent)
    plan, soon, last = (found(rows, f"Pengingat: {what}") for what in ("kapan", "jatuh tempo", "besok"))
    assert (plan["Peristiwa"], plan["Keadaan"], plan["Kepada/oleh"]) == (
        "dikirim",
        "terkirim",
        "Darma Wijaya",
    )
    assert plan["Sampai"] == plan["Dibaca"] == ""
    assert soon["Dibaca"] == "23-11-2026 08.00"
    assert (last["Peristiwa"], last["Keadaan"]) == ("tidak dikirim", "gagal terkirim: penerima memblokir bot")
    missed = found(rows, "Setelah jatuh tempo")
    assert missed["Keadaan"] == "tidak dikirim: belum ada petugas desa yang tertaut"
    answered = found(rows, "Menjawab")
    assert (answered["Isi"], answered["Kepada/oleh"]) == ("Menjawab: dana belum cair", "Darma Wijaya")
    reported = found(rows, "Melaporkan")
    assert reported["Isi"] == "Melaporkan sudah bayar (Rp39.312, iuran Oktober 2026)"
    checked = found(rows, "Meminta laporan diperbaiki")
    assert "jumlahnya berbeda dengan tagihan" in checked["Isi"]
    assert checked["Kepada/oleh"] == "Yuniarti Lestari"
    assert [row["Waktu"] for row in rows[:-1]] == sorted(row["Waktu"] for row in rows[:-1])


async def test_the_paper_says_the_same_and_where_the_chain_ended(here: World) -> None:
    await prepare(here)
    number, hash_ = await here.store.read(kept.head)
    sent = await here.says("oki", "/evidence perian oktober 2026")
    assert [one.to.chat for one in sent] == ["oki", "oki"]
    said = pdf_text(files(sent, printing.PDF)[0].data)
    assert "Berkas Desa Perian, Kec. Muara Muntai" in said
    assert "Iuran Oktober 2026" in said
    assert "belum tercatat, kurang" in said
    assert "Menjawab: dana belum cair" in said
    assert "Oki Setiawan (Petugas)" in said
    rows = table(sent)
    head = rows[-1]
    assert int(head["Nomor audit"]) == number + 1  # that this was asked for is an act too
    assert head["Hash audit"] in said.replace(" ", "")
    by_number = {row["Nomor audit"]: row["Hash audit"] for row in rows}
    assert by_number[str(number)] == hash_
    assert await here.store.read(records.broken) is None


async def test_a_year_holds_all_its_months_and_another_month_nothing_of_it(here: World) -> None:
    await prepare(here)
    year = table(await here.says("yuni", "bukti peringatan perian 2026"))
    month = table(await here.says("yuni", "bukti peringatan perian oktober 2026"))
    other = table(await here.says("yuni", "bukti peringatan perian november 2026"))
    assert [row["Isi"] for row in year] == [row["Isi"] for row in month]
    assert [row["Peristiwa"] for row in other] == ["kepala rantai audit"]


async def test_what_waits_went_elsewhere_or_left_as_an_approved_text_is_told(here: World) -> None:
    await prepare(here)

    def change(tx: Tx) -> None:
        sql = "UPDATE outbox SET status = :status, error = :error, stencil = :stencil WHERE template = :template"
        for told in (
            {"template": "reminders/plan", "status": "sent", "error": "", "stencil": "iuran_rencana"},
            {"template": "reminders/soon", "status": "held", "error": holding.SILENT, "stencil": ""},
            {"template": "reminders/last", "status": "failed", "error": holding.ELSEWHERE, "stencil": ""},
        ):
            tx.run(sql, **told)

    await here.store.transact(change)
    rows = table(await here.says("yuni", "berkas desa perian oktober 2026"))
    plan, soon, last = (found(rows, f"Pengingat: {what}") for what in ("kapan", "jatuh tempo", "besok"))
    assert (plan["Peristiwa"], plan["Keadaan"]) == ("dikirim", "dikirim sebagai templat")
    assert (soon["Peristiwa"], soon["Keadaan"]) == ("tidak dikirim", "menunggu dibalas di WhatsApp")
    assert last["Keadaan"] == ("tidak dikirim: lama tidak menulis di WhatsApp, disampaikan ke alamat lain")


async def test_no_insured_person_stands_in_it(here: World) -> None:
    await prepare(here)
    sent = await here.says("yuni", "berkas desa perian 2026")
    said = files(sent, reports.CSV)[0].data.decode() + pdf_text(files(sent, printing.PDF)[0].data)
    assert [planted for planted in PLANTED if planted in said] == []


async def test_only_staff_get_it_and_only_in_private(here: World) -> None:
    await prepare(here)
    for who in ("dewi", "bela", "darma"):
        [letter] = await here.says(who, "berkas desa perian oktober 2026")
        assert letter.attachment is None
    assert files(await here.says("yuni", "/evidence perian", chat="#kantor", group=True), reports.CSV) == []
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    [letter] = await here.says("bima", "berkas desa perian oktober 2026")
    assert letter.attachment is None
    assert not any("Muara Muntai" in choice.label for choice in letter.choices)  # another district's


def case(rows: list[Row]) -> Case:
    place = places.Village(PERIAN, "64.02", "Muara Muntai", "Perian")
    return Case(place, rulebook().district("64.02"), Period(OCT, OCT), (), rows, (7, "ab" * 32))


@pytest.mark.parametrize("start", ["=1+1", "+62", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_of_the_table_computes(start: str) -> None:
    row = Row(datetime(2026, 10, 1, tzinfo=UTC), "dikirim", start, f'{start};"x"', hash="")
    data = reports.table(case([row])).decode("utf-8-sig")
    [_, cells, _] = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    assert cells[2] == f"'{start}"
    assert not any(cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.slow
async def test_three_hundred_rows_still_fit_on_paper_in_good_time() -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [
        Row(at, "dikirim", "Pengingat: kapan rencana bayar?", "Darma Wijaya", "telegram", "terkirim")
    ] * 300
    signed = reports.Signed("Yuniarti Lestari", "1 Oktober 2026", "1 Oktober 2026 09.00 WITA")
    said = pdf_text(await reports.document(case(rows), signed))
    assert said.count("Darma Wijaya (Telegram)") == 300


WORDS = Words({"funds": "dana belum cair"}, {})


def test_a_report_without_an_act_of_its_own_is_told_too() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    paid = Paid(
        3, "sebesar tagihan", "iuran Oktober 2026", "tercatat", "Oki", at, "Yuni", at + timedelta(days=1)
    )
    rows = evidence.rows(Found(paid=[paid]), Period(OCT, OCT), WORDS)
    assert [(row.kind, row.who, row.number) for row in rows] == [
        ("dilaporkan", "Oki", 0),
        ("diperiksa", "Yuni", 0),
    ]


def test_acts_of_other_months_and_kinds_are_left_out() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    acts = [
        Act(1, at, "Darma", "intend", {"month": "2026-10", "answer": "funds"}, "aa"),
        Act(2, at, "Darma", "intend", {"month": "2026-11", "answer": "funds"}, "bb"),
        Act(3, at, "Darma", "report_payment", {"payment": 9, "month": "2026-10"}, "cc"),
        Act(4, at, "Darma", "register", {"category": "kades"}, "dd"),
        Act(5, at, "Darma", "intend", {"month": "soon"}, "ee"),
    ]
    rows = evidence.rows(Found(acts=acts), Period(OCT, OCT), WORDS)
    assert [(row.number, row.what) for row in rows] == [(1, "Menjawab: dana belum cair")]


@pytest.mark.parametrize(
    ("said", "place", "when"),
    [
        ("perian", "perian", ""),
        ("loa duri ulu oktober 2026", "loa duri ulu", "oktober 2026"),
        ("Perian  bulan Okt 2026", "Perian", "bulan Okt 2026"),
        ("perian bulan lalu", "perian", "bulan lalu"),
        ("perian 10/2026", "perian", "10/2026"),
        ("perian 2026", "perian", "2026"),
        ("perian tahun 2025", "perian", "tahun 2025"),
        ("desa maju lalu", "desa maju lalu", ""),
        ("oktober 2026", "", "oktober 2026"),
        ("", "", ""),
    ],
)
def test_a_place_is_told_from_the_month_behind_it(said: str, place: str, when: str) -> None:
    assert split(said) == (place, when)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("", "2026"),
        ("2025", "2025"),
        ("tahun 2025", "2025"),
        ("tahun lalu", "2025"),
        ("tahun ini", "2026"),
        ("bulan lalu", "2026-10"),
        ("okt 2026", "2026-10"),
        ("desember", "2025-12"),
    ],
)
def test_a_period_is_a_month_or_a_year(said: str, key: str) -> None:
    assert evidence.period(said, TODAY).key == key
    assert Period.parse(key).key == key


def test_what_is_no_month_is_said() -> None:
    with pytest.raises(Invalid):
        evidence.period("13/2026", TODAY)
    assert Period(NOV, NOV).label == "November 2026"
    assert Period(Month(2026, 1), Month(2026, 12)).label == "tahun 2026"
