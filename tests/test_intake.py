"""A village's staff in one file, through the whole bot: out, back, what is saved, and what comes back."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot import texts
from bot.domain.offices import Role
from bot.messages import Kind, Letter
from bot.reports import sheets
from bot.store import jobs, members, records
from bot.store.members import Member
from tests import staff_files, workbooks
from tests.staff_files import nik, person, sheet
from tests.test_programmes import KADER, add_kader, talk
from tests.transcripts import Transcript
from tests.world import PERIAN, World, world

TOLD = Path(__file__).parent / "conversations" / "sheets" / "berkas.txt"
LEKA = "64.02.01.2002"


def _documents() -> Mapping[str, bytes]:
    """The files that the transcript's people send, by name."""
    good = [person(1, "Kaur Keuangan"), person(2, "kasi pelayanan", nomor_hp=""), person(3, "Ketua RT")]
    return {
        "isian.xlsx": sheet(
            *good,
            person(4, ibu_kandung=""),
            person(5, nik="640201170885"),
            person(6, jabatan="Juru kunci"),
            ["", "", "Kasi Pemerintahan"],
        ),
        "perbaikan.xlsx": sheet(person(4), person(5), person(6, "Kadus Mekar Jaya")),
        "daftar kami.xlsx": staff_files.own_list(),
        "Buku Pemerintah Desa.xlsx": staff_files.register(),
        "ekspor.csv": staff_files.csv(),
        "tersembunyi.xlsx": staff_files.hidden(),
        "ragu.xlsx": sheet(
            person(41, upah_sebulan="25.000.000"),
            person(42, tanggal_lahir="18-08-1985"),
            person(43, upah_sebulan=""),
            person(44, mulai_bertugas="Maret 2022"),
        ),
        "daftar hadir.xlsx": workbooks.workbook([["Nama", "Tanda tangan"], ["Siti", ""]]),
        "kosong.xlsx": sheet(["", "", "Kepala Desa"]),
        "sekampung.xlsx": sheet(*(person(number) for number in range(1, 503))),
        "pindahan.xlsx": sheet(person(1, "Kaur Keuangan", upah_sebulan="3.000.000"), person(2, "kasi pelayanan"),
                               person(3, nama_lengkap="Sulaiman Effendi")),
        "status.xlsx": staff_files.statuses(),
        "kembar.xlsx": sheet(person(51), person(52), person(51)),
    }  # fmt: skip


@pytest.mark.slow
async def test_the_bot_answers_as_written(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    transcript = Transcript.read(TOLD)
    async with world(tmp_path) as here:
        workbooks.lay_out(here, _documents())
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written


async def sends(
    here: World, data: bytes, user: str = "darma", name: str = "isian.xlsx", **values: object
) -> list[Letter]:
    number = f"sheet-{len(here.channel.files)}"
    here.channel.files[number] = data
    file = {"id": number, "name": name, "mime": sheets.MIME, "size": len(data), **values}
    return await here.says(user, shape="document", file=file)


@pytest.fixture
async def darma(here: World) -> World:
    """A world with a treasurer who has read the notice, and a colleague."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("ratna", "Ratna Sari", Role.SECRETARY, PERIAN)
    await here.says("darma", "berkas")
    here.new()
    return here


async def people(here: World, village: str = PERIAN) -> dict[str, Member]:
    found = await here.store.transact(lambda tx: members.of_village(tx, village))
    return {one.nik: one for one in found}


def text(letters: Sequence[Letter]) -> str:
    """The last message with words."""
    return texts.plain([letter.text for letter in letters if letter.kind is Kind.TEXT][-1])


def rows(letter: Letter, page: int = 0) -> list[list[str]]:
    """The cells of a page, each of them text or a number, none a formula."""
    assert letter.attachment is not None
    book = load_workbook(io.BytesIO(letter.attachment.data))
    for each in book.worksheets:
        assert {cell.data_type for row in each.iter_rows() for cell in row} <= {"s", "n"}
    return [
        ["" if c.value is None else str(c.value) for c in row] for row in book.worksheets[page].iter_rows()
    ]


def the_file(letters: Sequence[Letter]) -> Letter:
    return next(letter for letter in letters if letter.attachment)


async def test_the_template_has_room_for_text_and_the_village_in_it(darma: World) -> None:
    letter = the_file(await darma.presses("darma", "Template pegawai"))
    found = rows(letter)
    assert found[0] == list(staff_files.OURS)
    assert [row[2] for row in found[1:4]] == ["Kepala Desa", "Sekretaris Desa", "Kaur Tata Usaha dan Umum"]
    assert letter.attachment is not None
    page = load_workbook(io.BytesIO(letter.attachment.data)).worksheets[0]
    offered = page.data_validations.dataValidation[0]
    assert offered.formula1 == "Jabatan!$A$2:$A$17"
    assert "C2:C" in str(offered.sqref)
    assert page.column_dimensions["B"].number_format == "@" or page["B2"].number_format == "@"
    assert "Kode desa: 64.02.01.2001" in [row[0] for row in rows(letter, 1)]
    assert len(rows(letter, 2)) == 17


async def test_a_filled_template_is_known_again_and_saved_in_one_press(darma: World) -> None:
    letter = the_file(await darma.presses("darma", "Template pegawai"))
    assert letter.attachment is not None
    book = load_workbook(io.BytesIO(letter.attachment.data))
    for at, value in enumerate(person(7, "Kepala Desa"), 1):
        book.worksheets[0].cell(2, at).value = value
    asked = await sends(darma, workbooks.saved(book))
    assert "1 orang siap disimpan (1 Kepala Desa)" in text(asked)
    assert await people(darma) == {}
    await darma.presses("darma", "Simpan 1 orang")
    [member] = (await people(darma)).values()
    assert (member.name, member.nik, member.position) == (person(7)[0], nik(7), "kades")
    assert member.details == {
        "born": "1985-08-17", "sex": "L", "place": "Tenggarong", "mother": "Kartini", "phone": "+6281234560007",
        "wage": 2_100_000,
    }  # fmt: skip


async def test_what_comes_back_is_the_same_file_and_may_be_sent_again(darma: World) -> None:
    data = workbooks.workbook(
        [["Catatan"], [], ["No", "NAMA", "no ktp", "Jabatan", "Gaji", "TMT", "Tmp Lahir", "Ibu", "Ket"],
         [1, "Budi", nik(1), "kadus", "2,1 jt", "2/1/2024", "Loa Kulu", "Wati", "ok"],
         [2, "Siti", "64020117088500", "kadus", "2,1 jt", "2/1/2024", "Loa Kulu", "", "=1+1 baru"]]
    )  # fmt: skip
    said = await sends(darma, data)
    found = rows(the_file(said))
    assert found[0] == ["Baris", "No", "Nama lengkap", "NIK", "Jabatan", "Upah sebulan", "Mulai bertugas",
                        "Tempat lahir", "Ibu kandung", "Ket", "Nomor HP", "Yang perlu diperbaiki"]  # fmt: skip
    assert found[1][:-1] == ["5", "2", "Siti", "64020117088500", "kadus", "2,1 jt", "2/1/2024", "Loa Kulu", "",
                             "=1+1 baru", ""]  # fmt: skip
    assert found[1][-1].split("\n") == [
        "NIK ada 16 angka, yang tertulis 14: kurang 2 angka. Coba lihat lagi di KTP.",
        "Ibu kandung belum diisi.",
    ]
    await darma.presses("darma", "Simpan 1 orang")
    letter = the_file(said)
    assert letter.attachment is not None
    book = load_workbook(io.BytesIO(letter.attachment.data))
    book.worksheets[0]["D2"], book.worksheets[0]["I2"] = nik(2), "Aminah"
    asked = await sends(darma, workbooks.saved(book))
    assert [letter.attachment for letter in asked] == [None]
    await darma.presses("darma", "Simpan 1 orang")
    assert set(await people(darma)) == {nik(1), nik(2)}


async def test_what_two_colleagues_send_at_once_is_saved_once(darma: World) -> None:
    data = sheet(person(1), person(2))
    await sends(darma, data)
    await sends(darma, sheet(person(1), person(2), person(3)), "ratna")
    await darma.presses("darma", "Simpan 2 orang")
    said = await darma.presses("ratna", "Simpan 3 orang")
    assert "1 orang tersimpan" in text(said)
    assert f"Sudah tercatat lebih dulu: {person(1)[0]}, {person(2)[0]}." in text(said)
    assert len(await people(darma)) == 3


async def test_nothing_is_kept_of_a_file_once_it_is_decided(darma: World) -> None:
    count = "SELECT COUNT(*) FROM file"
    before = await darma.store.transact(lambda tx: tx.one(count)[0])
    await sends(darma, sheet(person(1)))
    assert await darma.store.transact(lambda tx: tx.one(count)[0]) == before + 1  # what was read, sealed
    await darma.presses("darma", "Simpan 1 orang")
    await sends(darma, sheet(person(2)))
    await darma.presses("darma", "Jangan simpan")
    await sends(darma, workbooks.workbook([["Nama", "Tanda tangan"], ["Siti", ""]]))
    assert await darma.store.transact(lambda tx: tx.one(count)[0]) == before


async def test_a_file_made_for_another_village_is_not_read(darma: World) -> None:
    await darma.appoint("siti", "Siti Nurjanah", Role.TREASURER, LEKA)
    await darma.says("siti", "berkas")
    letter = the_file(await darma.presses("siti", "Template pegawai"))
    assert letter.attachment is not None
    said = await sends(darma, letter.attachment.data)
    assert "desa lain (64.02.01.2002)" in text(said)


async def test_who_serves_two_villages_saves_people_where_their_file_belongs(darma: World) -> None:
    await darma.appoint("darma", "Darma Wijaya", Role.TREASURER, LEKA)
    await darma.says("darma", "berkas")
    await darma.presses("darma", "Template pegawai")
    await darma.says("darma", "desa saya")
    await darma.presses("darma", next(c.label for c in darma.sent[-1].choices if "Perian" not in c.label))
    await sends(darma, sheet(person(1)))
    asked = darma.sent[-1].text
    await darma.says("darma", "desa saya")
    await darma.presses("darma", next(c.label for c in darma.sent[-1].choices if "Perian" in c.label))
    await darma.presses("darma", "Simpan 1 orang")
    assert "Perian" not in asked
    assert await people(darma) == {}
    assert set(await people(darma, LEKA)) == {nik(1)}


async def test_who_has_left_office_saves_nothing(darma: World) -> None:
    await sends(darma, sheet(person(1)))
    await darma.leave("darma")
    await darma.presses("darma", "Simpan 1 orang")
    assert await people(darma) == {}


async def test_a_list_that_waited_too_long_is_gone(darma: World) -> None:
    await sends(darma, sheet(person(1)))
    late = darma.clock.now().replace(year=2027)
    await darma.store.transact(lambda tx: jobs.forget(tx, late))
    assert "sudah tidak saya simpan" in text(await darma.presses("darma", "Simpan 1 orang"))


async def test_somebody_of_another_village_is_registered_without_a_word_about_it(darma: World) -> None:
    await darma.appoint("siti", "Siti Nurjanah", Role.TREASURER, LEKA)
    await sends(darma, sheet(person(1)), "siti")
    await darma.presses("siti", "Simpan 1 orang")
    asked = await sends(darma, sheet(person(1)))
    assert "1 orang siap disimpan" in text(asked)
    assert "tercatat" not in text(asked)


async def test_who_was_registered_is_in_the_audit_chain_and_in_the_books(darma: World) -> None:
    await sends(darma, sheet(person(1), person(2)))
    await darma.presses("darma", "Simpan 2 orang")
    acts = await darma.store.transact(
        lambda tx: tx.all("SELECT details FROM audit WHERE action = 'register'")
    )
    assert len(acts) == 2
    assert all(nik(1) not in act["details"] for act in acts)
    assert await darma.store.transact(records.broken) is None
    assert "untuk 2 orang" in (await darma.says("darma", "tagihan"))[-1].text


async def test_a_sheet_is_read_while_a_form_is_open_and_the_form_goes_on(darma: World) -> None:
    await darma.says("darma", "daftar")
    await darma.says("darma", "Siti Aminah")
    assert "1 orang siap disimpan" in (await sends(darma, sheet(person(1))))[-1].text
    await darma.presses("darma", "Simpan 1 orang")
    assert "Menurut NIK" in (await darma.says("darma", nik(9, woman=True)))[-1].text


async def test_a_proof_of_payment_is_no_sheet(darma: World) -> None:
    said = await sends(darma, b"%PDF-1.7", name="bukti.pdf", mime="application/pdf")
    assert "bukti" in text(said).lower()
    said = await sends(darma, b"%PDF-1.7", name="bukti.PDF", mime="application/octet-stream")
    assert "xlsx" not in text(said)


@pytest.mark.slow
async def test_the_next_person_is_one_who_is_not_registered_yet(darma: World) -> None:
    """Of three who are incomplete one was registered by a colleague in the meantime."""
    await sends(darma, sheet(*(person(number, ibu_kandung="") for number in (1, 2, 3))))
    await sends(darma, sheet(person(2)), "ratna")
    await darma.presses("ratna", "Simpan 1 orang")
    await darma.presses("darma", "Lengkapi lewat chat")
    for answer in ("Kartini", "ok"):
        said = await darma.says("darma", answer)
    assert said[-1].choices[0].label == "Orang berikutnya"
    said = await darma.presses("darma", "Orang berikutnya")
    assert any(f"{person(3)[0]}: yang sudah ada" in letter.text for letter in said)
    for answer in ("Kartini", "ok"):
        said = await darma.says("darma", answer)
    assert [choice.label for choice in said[-1].choices] == ["Daftarkan lagi", "Status desa"]
    assert set(await people(darma)) == {nik(1), nik(2), nik(3)}


async def test_what_is_filled_in_already_is_not_lost_by_a_late_press(darma: World) -> None:
    await sends(darma, sheet(person(1, ibu_kandung="", tempat_lahir=""), person(2)))
    await darma.presses("darma", "Lengkapi lewat chat")
    await darma.says("darma", "Samarinda")
    await darma.presses("darma", "Simpan 1 orang")
    said = await darma.presses("darma", "Lengkapi lewat chat")
    assert "ibu kandung" in text(said)


@pytest.mark.parametrize("who", ["darma", "ratna"])
async def test_a_form_about_somebody_who_is_registered_by_now_is_gone(darma: World, who: str) -> None:
    """Put aside with "nanti"; then the whole row came in a file, from them or from a colleague."""
    await sends(darma, sheet(person(1, ibu_kandung="")))
    await darma.presses("darma", "Lengkapi lewat chat")
    await darma.says("darma", "nanti")
    await sends(darma, sheet(person(1)), who)
    await darma.presses(who, "Simpan 1 orang")
    assert "(1 dari 9)" in text(await darma.says("darma", "daftar"))


async def test_a_post_that_was_guessed_or_is_held_already_is_shown_to_be_checked(darma: World) -> None:
    await sends(darma, sheet(person(1, "Kaur Tata Usaha dan Umum")))
    await darma.presses("darma", "Simpan 1 orang")
    posts = ("Kaur Umum", "Staf Kasi Pelayanan", "Kasi Pelayanan", "Ketua RT", "Ketua RT")
    said = text(await sends(darma, sheet(*(person(at, post) for at, post in enumerate(posts, 2)))))
    name = {number: str(person(number)[0]) for number in range(1, 7)}
    assert f"{name[2]}, Kaur Tata Usaha dan Umum\n" in said
    assert [line for line in said.split("\n") if line.startswith("- ")] == [
        f"- {name[2]}: Kaur Tata Usaha dan Umum sudah diisi {name[1]}",
        f"- {name[3]}: Jabatan Staf Kasi Pelayanan dibaca Kasi Pelayanan",
        f"- {name[4]}: Kasi Pelayanan sudah diisi {name[3]}",
    ]


#: Twelve kinds of damage: what is done to a good row, and what is said of it.
DAMAGE: Mapping[str, tuple[Mapping[str, workbooks.Cell], str]] = {
    "short": ({"nik": "640201170885"}, "NIK ada 16 angka, yang tertulis 12"),
    "long": ({"nik": "64020117088500031"}, "lebih 1 angka"),
    "spoilt by Excel": ({"nik": 6402011708850010}, "Excel mengubahnya menjadi angka"),
    "as Excel shows it": ({"nik": "6,40201E+15"}, "Excel mengubahnya menjadi angka"),
    "no such day": ({"nik": "6402013202850003"}, "seharusnya tanggal lahir"),
    "a phone": ({"nik": "081234567890"}, "seperti nomor HP"),
    "name and number swapped": ({"nama_lengkap": "6402011708859999"}, "Nama: Itu angka (16 digit)"),
    "no mother": ({"ibu_kandung": ""}, "Ibu kandung belum diisi"),
    "unknown post": ({"jabatan": "Juru kunci"}, "Jabatan: Juru kunci belum saya kenal"),
    "no such wage": ({"upah_sebulan": "2-3 juta"}, "Upah sebulan: Tertulis dua angka"),
    "no such start": ({"mulai_bertugas": "31/02/2020"}, "Mulai bertugas: Februari 2020"),
    "a formula": ({"tempat_lahir": "=B2"}, "Tempat lahir: sel berisi rumus"),
}


def _five_hundred() -> tuple[bytes, set[str], dict[int, str]]:
    """500 rows, every fifth of them damaged: the file, the numbers of the good ones, why others come back."""
    made, good, bad = [], set(), {}
    kinds = list(DAMAGE.values())
    for number in range(1, 501):
        if number % 5:
            made.append(person(number))
            good.add(nik(number))
        else:
            change, why = kinds[number // 5 % len(kinds)]
            made.append(person(number, **change))
            bad[number + 1] = why  # the header is row 1
    return sheet(*made), good, bad


@pytest.mark.slow
async def test_of_five_hundred_rows_the_good_ones_are_in_and_each_bad_one_is_named(darma: World) -> None:
    data, good, bad = _five_hundred()
    assert len(set(bad.values())) >= 11
    for time in ("first", "again"):
        said = await sends(darma, data)
        found = rows(the_file(said))
        assert [int(row[0]) for row in found[1:]] == sorted(bad), time
        assert [row[0] for row in found[1:] if bad[int(row[0])] not in row[-1]] == [], time
        if time == "first":
            assert f"{len(good)} orang siap disimpan" in text(said)
            await darma.presses("darma", f"Simpan {len(good)} orang")
        else:
            assert f"{len(good)} orang lain sudah tercatat dan tetap sama." in text(said)
        there = await people(darma)
        assert set(there) == good, time
        assert len(there) == len(good)
    assert await darma.store.transact(records.broken) is None


async def test_rows_beyond_what_a_message_can_hold_are_in_a_file_beside_it(darma: World) -> None:
    letter = the_file(await sends(darma, sheet(*(person(n, upah_sebulan="25 jt") for n in range(1, 41)))))
    assert "dan 32 orang lagi di berkas ini" in letter.text
    assert "38 lagi di berkas ini" in letter.text
    assert len(letter.text) < 1024
    found = rows(letter)
    assert found[0] == ["Nama", "Jabatan", "Upah sebulan", "Mulai bertugas", "Perlu dicek"]
    assert len(found) == 41
    assert nik(1) not in str(found)


@pytest.mark.slow
async def test_people_of_a_group_the_district_added_are_read_and_not_saved_once_it_has_closed(
    darma: World,
) -> None:
    await darma.appoint("yuni", "Yuni", Role.ADMIN, "64.02")
    await add_kader(darma)
    await darma.move(datetime(2026, 12, 30, 1, tzinfo=UTC), timedelta(hours=24))
    kader = {"upah_sebulan": "1.000.000"}
    await sends(darma, sheet(person(1, "Kader Posyandu", **kader)))
    await darma.presses("darma", "Simpan 1 orang")
    assert {one.position for one in (await people(darma)).values()} == {KADER}
    await sends(darma, sheet(person(2, "Kader Posyandu", **kader), person(3)))
    await talk(darma, "yuni", "kelompok", "[Kader Posyandu]", "[Tutup pendaftaran]", "[Januari 2027]")
    await talk(darma, "yuni", "[Benar, simpan]")
    await darma.move(datetime(2027, 1, 2, 1, tzinfo=UTC), timedelta(hours=24))
    assert "sudah tidak saya simpan" in text(await darma.presses("darma", "Simpan 2 orang"))
    found = rows(the_file(await sends(darma, sheet(person(2, "Kader Posyandu", **kader), person(3)))))
    assert "Kader Posyandu belum saya kenal" in found[1][-1]


# -- one of many ------------------------------------------------------------------------------------


async def test_one_of_the_review_is_changed_and_the_others_are_saved(darma: World) -> None:
    await sends(darma, sheet(person(1), person(2), person(3)))
    await darma.presses("darma", "Ubah satu orang")
    await darma.presses("darma", "Joko Santoso")
    await darma.says("darma", f"ubah 2 {nik(99)}")
    await darma.presses("darma", "Benar")
    await darma.presses("darma", "Benar, simpan")
    assert set(await people(darma)) == {nik(99)}
    await darma.presses("darma", "Simpan 2 orang")
    assert set(await people(darma)) == {nik(99), nik(1), nik(3)}


async def test_who_is_to_be_changed_while_another_form_is_half_filled_is_not_lost(darma: World) -> None:
    for said in ("daftar", "Rahmat Hidayat", nik(50), "nanti"):
        await darma.says("darma", said)
    await sends(darma, sheet(person(1), person(2), person(3)))
    await darma.presses("darma", "Ubah satu orang")
    told = await darma.presses("darma", "Joko Santoso")
    assert "Rahmat Hidayat" in text(told)
    await darma.presses("darma", "Simpan 3 orang")
    assert set(await people(darma)) == {nik(1), nik(2), nik(3)}


async def test_of_many_the_one_to_be_changed_is_found_on_a_later_page(darma: World) -> None:
    await sends(darma, sheet(*(person(number) for number in range(1, 11))))
    await darma.presses("darma", "Ubah satu orang")
    await darma.presses("darma", "Berikutnya")
    said = await darma.presses("darma", "Budi Aminah")
    assert "Budi Aminah" in text(said)
    assert "Simpan 9 orang" in [choice.label for letter in said for choice in letter.choices]


@pytest.mark.parametrize(
    "status", ["Tidak Aktif", "TIDAK AKTIF", "Non-Aktif", "nonaktif", "Pensiun", "Diberhentikan"]
)
async def test_who_is_no_longer_in_office_is_not_registered(darma: World, status: str) -> None:
    data = workbooks.workbook([[*staff_files.OURS, "Status"], [*person(1), status]], "Pegawai")
    said = text(await sends(darma, data))
    assert "1 orang dilewati" in said
    assert "Siti Santoso" in said
    assert await people(darma) == {}


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Aktif", "Tidak"),
        ("pamong_status", "0"),
        ("Status", "Mengundurkan diri"),
        ("Status", "Meninggal dunia"),
    ],
)
async def test_nor_who_is_not_in_the_words_of_another_sheet(darma: World, title: str, status: str) -> None:
    data = workbooks.workbook([[*staff_files.OURS, title], [*person(1), status]], "Pegawai")
    assert "1 orang dilewati" in text(await sends(darma, data))


@pytest.mark.parametrize("status", ["Aktif", "1", "Ya", "", "PNS", "Kawin", "Tidak Kawin", "Tidak tetap"])
async def test_any_other_status_says_nothing_against_somebody(darma: World, status: str) -> None:
    data = workbooks.workbook([[*staff_files.OURS, "Status"], [*person(1), status]], "Pegawai")
    assert "1 orang siap disimpan" in text(await sends(darma, data))


@pytest.mark.parametrize(
    "said", ["daftar 12 orang", "mau daftarkan 8 perangkat sekaligus", "daftar satu kantor"]
)
async def test_who_wants_to_register_many_is_told_how(darma: World, said: str) -> None:
    assert "Tiga cara" in text(await darma.says("darma", said))


@pytest.mark.parametrize("said", ["daftar", "daftar 1 orang", "daftar Budi Santoso"])
async def test_who_registers_one_is_asked_of_them(darma: World, said: str) -> None:
    assert "Siapa nama lengkapnya" in text(await darma.says("darma", said))


async def test_a_list_without_end_is_no_work(darma: World) -> None:
    lines = "\n".join(f"{number} Budi Santoso, {nik(number % 9999)}" for number in range(3000))
    assert "Paling banyak 40 baris" in text(await darma.says("darma", lines[:100_000]))


# -- many pages -------------------------------------------------------------------------------------


def pages(count: int) -> bytes:
    """One person on each page, as a village keeps them that has a page for each dusun."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number in range(1, count + 1):
        page = book.create_sheet(f"Dusun {number}")
        page.append(list(staff_files.OURS))
        page.append(person(number, ibu_kandung="" if number % 2 else "Kartini"))
    return workbooks.saved(book)


async def test_a_page_for_each_dusun_is_read_to_the_last(darma: World) -> None:
    said = await sends(darma, pages(13))
    assert "6 orang siap disimpan" in text(said)
    assert "7 orang perlu diperbaiki" in the_file(said).text


async def test_pages_that_were_too_many_are_named_and_not_said_to_need_no_repeating(darma: World) -> None:
    said = await sends(darma, pages(43))
    told = "\n".join(texts.plain(letter.text) for letter in said)
    assert "3 lembar tidak saya baca: Dusun 41, Dusun 42, Dusun 43." in told
    assert "20 orang siap disimpan" in told
    assert "tidak perlu diulang" not in told


# -- wages without their zeros ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wage", "why"),
    [
        (50000, "Rp50.000 terlalu kecil untuk upah sebulan"),
        (2500, "Rp2.500 terlalu kecil untuk upah sebulan"),
        ("50000", "Rp50.000 terlalu kecil untuk upah sebulan"),
        ("50.000", "tertulis 50.000; Rp50.000.000 jauh dari yang biasa"),
        (50, "tertulis 50; Rp50.000.000 jauh dari yang biasa"),
    ],
)
async def test_a_wage_that_cannot_be_what_it_says_is_held_back(
    darma: World, wage: workbooks.Cell, why: str
) -> None:
    said = await sends(darma, sheet(person(1), person(2, upah_sebulan=wage), person(3)))
    assert why in rows(the_file(said))[1][-1]
    await darma.presses("darma", "Simpan 2 orang")
    assert set(await people(darma)) == {nik(1), nik(3)}


async def test_a_wage_in_millions_is_shown_as_it_was_read(darma: World) -> None:
    said = text(await sends(darma, sheet(person(1, upah_sebulan=2.5), person(2, upah_sebulan="2,5"))))
    assert said.count("Upah sebulan dibaca Rp2.500.000") == 2


async def test_nor_is_a_pasted_wage_completed(darma: World) -> None:
    line = f"Budi Santoso, {nik(1)}, kadus, 50000, mulai 2/1/2024, lahir di Tenggarong, ibu kandung Kartini"
    assert "Rp50.000 terlalu kecil" in text(await darma.says("darma", line))


# -- who has left, in other words -------------------------------------------------------------------


async def test_a_remark_beside_somebody_that_they_have_left_is_told_and_heeded(darma: World) -> None:
    rows_ = [[*person(1), "purna tugas 2024"], [*person(2), "SK 2021"]]
    said = await sends(darma, workbooks.workbook([[*staff_files.OURS, "Ket"], *rows_], "Pegawai"))
    told = "\n".join(texts.plain(letter.text) for letter in said)
    assert "- Siti Santoso: tertulis “purna tugas 2024”; tidak saya daftarkan." in told
    assert "1 orang siap disimpan" in text(said)


async def test_nor_is_who_has_left_by_a_pasted_line_and_what_is_not_understood_is_named(darma: World) -> None:
    lines = f"Hasan Basri, {nik(1)}, kasi pelayanan, sudah berhenti 2024\nJoko, {nik(2)}, kadus, rumah jauh"
    said = await darma.says("darma", lines)
    told = "\n".join(texts.plain(letter.text) for letter in said)
    assert "- Hasan Basri: tertulis “sudah berhenti 2024”; tidak saya daftarkan." in told
    assert "Tidak saya pahami: “rumah jauh”." in told
    assert told.count("Hasan Basri") == 1


# -- one of a list left out -------------------------------------------------------------------------


async def test_who_is_left_out_of_a_list_does_not_take_the_others_along(darma: World) -> None:
    await sends(darma, sheet(person(9), *(person(number, ibu_kandung="") for number in (1, 2, 3, 4))))
    await darma.presses("darma", "Lengkapi lewat chat")
    await darma.says("darma", "Kartini")
    await darma.says("darma", "ok")
    await darma.presses("darma", "Orang berikutnya")
    await darma.says("darma", "batal")
    said = await darma.presses("darma", "Ya, hapus")
    assert text(said) == (
        f"{person(2)[0]} dilewati, isiannya dihapus.\nMasih 2 orang: {person(3)[0]}, {person(4)[0]}."
    )
    assert any("1 orang lain sudah lengkap" in letter.text for letter in said)
    told = await darma.presses("darma", "Orang berikutnya")
    assert any(f"{person(3)[0]}: yang sudah ada" in letter.text for letter in told)
    await darma.says("darma", "Kartini")
    await darma.says("darma", "ok")
    await darma.presses("darma", "Orang berikutnya")
    await darma.says("darma", "batal")
    said = await darma.says("darma", "ya")
    assert "Tidak ada lagi yang menunggu dari daftar ini." in text(said)
    assert "tersimpan" not in text(said)
    assert set(await people(darma)) == {nik(1), nik(3)}


async def test_a_form_of_nobody_from_a_list_is_dropped_as_ever(darma: World) -> None:
    for said in ("daftar", "Rahmat Hidayat", "batal"):
        await darma.says("darma", said)
    assert "Tidak ada yang tersimpan" in text(await darma.says("darma", "ya"))


# -- people, not rows, are counted ------------------------------------------------------------------


async def test_who_stands_in_two_rows_is_one_person_in_every_count(darma: World) -> None:
    """Four rows of three people, one of them twice, and one who is complete."""
    data = sheet(person(1), person(2, ibu_kandung=""), person(1), person(3, ibu_kandung=""), person(4))
    said = await sends(darma, data)
    assert "*3 orang perlu diperbaiki* (4 baris):" in the_file(said).text
    assert "1 orang siap disimpan (1 Perangkat Desa); 3 perlu diperbaiki." in text(said)
    said = await darma.presses("darma", "Simpan 1 orang")
    assert "3 orang masih perlu dilengkapi." in text(said)
    await darma.presses("darma", "Lengkapi lewat chat")
    await darma.says("darma", "ok")
    assert set(await people(darma)) == {nik(1), nik(4)}


async def test_of_two_people_with_one_number_each_is_asked_for_theirs(darma: World) -> None:
    said = await sends(darma, sheet(person(1), person(2, nik=nik(1))))
    assert "*2 orang perlu diperbaiki*:" in the_file(said).text
    told = await darma.presses("darma", "Lengkapi lewat chat")
    assert f"Berapa NIK {person(1)[0]}?" in text(told)


# -- what is said of pasted lines -------------------------------------------------------------------


async def test_of_pasted_people_everybody_is_told_once_and_what_all_lack_is_said_once(darma: World) -> None:
    await sends(darma, sheet(person(1)))
    await darma.presses("darma", "Simpan 1 orang")
    lines = (
        f"{person(1)[0]} {nik(1)}",
        f"Joko Susilo {nik(2)} kadus 2,1 jt",
        f"Rina Wati {nik(3)} kadus",
        f"Agus Salim {nik(4)} kadus 2,1 jt",
        f"Agus Salim {nik(4)} kadus 2,1 jt",
        f"Dewi Utami {nik(5)} kadus 2,1 jt",
        f"Wati Ningsih {nik(5)} kadus 2,1 jt",
    )
    assert text(await darma.says("darma", "\n".join(lines))) == "\n".join(
        (
            "Perlu dilihat dulu, 5 orang:",
            "- Joko Susilo",
            "- Rina Wati",
            "- Agus Salim: Tertulis lebih dari sekali; yang pertama saya pakai.",
            "- Dewi Utami: NIK sama dengan Wati Ningsih. Cocokkan dengan KTP.",
            "- Wati Ningsih: NIK sama dengan Dewi Utami. Cocokkan dengan KTP.",
            "Belum diisi untuk mereka semua: tempat lahir, ibu kandung, mulai bertugas, nomor HP.",
            f"Sudah tercatat, tidak berubah: {person(1)[0]}.",
        )
    )


async def test_who_is_recorded_already_is_named_beside_pasted_people_who_are_complete(darma: World) -> None:
    await sends(darma, sheet(person(1)))
    await darma.presses("darma", "Simpan 1 orang")
    whole = f"Joko Susilo, {nik(2)}, kadus, 2,1 jt, mulai 2/1/2024, lahir di Tenggarong, ibu kandung Kartini"
    said = await darma.says("darma", f"{whole}\n{person(1)[0]} {nik(1)}")
    assert any(f"Sudah tercatat, tidak berubah: {person(1)[0]}." in letter.text for letter in said)
    assert "1 orang siap disimpan (1 Perangkat Desa); 1 sudah tercatat." in text(said)
