"""Accidents and deaths through the whole bot: who is heard, who sees what, what happens only once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.incidents import Kind as Kinds
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.messages import Kind, Letter
from bot.store import drafts, incidents, members, people
from bot.store.database import Tx
from bot.store.incidents import Incident
from bot.store.members import New
from tests.world import PERIAN, START, World, rulebook

OFFICE, FORUM = "#kantor", "#forum"
LEKA = "64.02.01.2002"
NAME = "Ahmad Fauzi"


@pytest.fixture
async def room(here: World) -> World:
    """Two villages, two districts, an office group and a forum; somebody is insured in Perian."""
    await here.open_room(OFFICE, "64.02", "office")
    await here.open_room(FORUM, "64.02", "forum")
    for user, (name, role, place) in {
        "darma": ("Darma Wijaya", Role.TREASURER, PERIAN),
        "idris": ("Idris Rahman", Role.HEAD, PERIAN),
        "sari": ("Sari Utami", Role.SECRETARY, LEKA),
        "yuni": ("Yuniarti Lestari", Role.ADMIN, "64.02"),
        "rani": ("Rani Puspita", Role.OPERATOR, "64.02"),
        "vina": ("Vina Oktavia", Role.VIEWER, "64.02"),
        "bima": ("Bima Prakasa", Role.ADMIN, "61.08"),
    }.items():
        await here.appoint(user, name, role, place)
        await here.says(user, "menu")

    def insure(tx: Tx) -> None:
        kadus = rulebook().position("kadus")
        day = START.date()
        new = New(PERIAN, NAME, "6402011708850001", {"wage": 2_022_200}, kadus.category, kadus.code, day,
                  Month.of(day).first)  # fmt: skip
        assert members.add(tx, new, None, START)

    await here.store.transact(insure)
    return here


def to(letters: list[Letter], chat: str) -> list[Letter]:
    return [one for one in letters if one.to.chat == chat and one.kind in (Kind.TEXT, Kind.EDIT)]


def text(letters: list[Letter], chat: str) -> str:
    return "\n".join(one.text for one in to(letters, chat))


async def note(
    here: World, user: str, who: str = NAME, when: str = "Hari ini", work: str = "Saat bekerja"
) -> list[Letter]:
    await here.says(user, "kecelakaan")
    await here.presses(user, "Catat kejadian")
    await here.says(user, who)
    await here.presses(user, when)
    await here.says(user, "jatuh dari motor di jalan dusun")
    await here.presses(user, work)
    return await here.presses(user, "Benar, simpan")


async def all_of(here: World, district: str = "64.02") -> list[Incident]:
    return await here.store.transact(lambda tx: incidents.open_in(tx, district))


# -- heard from anywhere --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "said"),
    [(0, "pak kadus kecelakaan tadi pagi"), (1, "tolong ada warga jatuh dari atap"), (2, "kecelakaan")],
)
async def test_in_the_middle_of_a_form_the_steps_are_told_and_the_form_goes_on(
    room: World, step: int, said: str
) -> None:
    await room.says("darma", "daftar")
    for answer in ("Budi Santoso", "6402010101900002")[:step]:
        await room.says("darma", answer)
    told = await room.says("darma", said)
    assert "Tolong korban dulu" in text(told, "darma")
    assert "Isian pendaftaran tetap tersimpan" in text(told, "darma")
    actor = await room.store.transact(lambda tx: people.actor(tx, "memory", "darma", START.date()))
    assert actor
    [draft] = await room.store.transact(lambda tx: drafts.of(tx, actor.person, room.clock.now()))
    assert draft.active
    assert len(draft.progress.answers) == step


@pytest.mark.parametrize("name", ["Wafatul Khoir", "Almh. Siti Rohani"])
async def test_a_name_is_no_death(room: World, name: str) -> None:
    await room.says("darma", "daftar")
    assert "NIK" in text(await room.says("darma", name), "darma")


async def test_a_photo_of_an_accident_is_no_proof_of_payment(room: World) -> None:
    await room.says("darma", "sudah bayar")
    file = {"id": "photo-1", "name": "", "mime": "image/jpeg", "size": 8}
    room.channel.files["photo-1"] = b"a photo."
    said = text(await room.says("darma", "pak kadus kecelakaan tadi pagi", shape="photo", file=file), "darma")
    assert "Tolong korban dulu" in said


async def test_the_day_of_a_death_is_an_answer(room: World) -> None:
    await room.says("darma", "peserta")
    await room.says("darma", NAME)
    for label in ("Berhenti/diganti", "Meninggal"):
        await room.presses("darma", label)
    said = text(await room.says("darma", "meninggal tanggal 22 november 2026"), "darma")
    assert "22 November 2026" in said


async def test_the_name_of_a_project_is_an_answer(room: World) -> None:
    await room.says("darma", "proyek baru")
    said = text(await room.says("darma", "Rambu di tikungan rawan kecelakaan"), "darma")
    assert "2 dari 11" in said


async def test_a_question_to_the_office_is_sent_on_whatever_it_speaks_of(room: World) -> None:
    await room.says("darma", "tanya")
    told = await room.says("darma", "pak kadus meninggal kemarin, siapa penggantinya?")
    assert "sudah sampai di DPMD" in text(told, "darma")
    told = await room.says("darma", "tanya pak kadus kecelakaan kemarin, bagaimana?")
    assert "sudah sampai di DPMD" in text(told, "darma")


async def test_a_broadcast_about_a_death_is_a_broadcast(room: World) -> None:
    told = await room.says("yuni", "siaran Turut berduka, Kepala Desa Perian meninggal dunia kemarin.")
    assert "Siaran untuk siapa" in text(told, "yuni")


@pytest.mark.parametrize("former", [False, True])
async def test_who_holds_no_office_gets_the_same_steps_and_the_office_no_notice(
    room: World, former: bool
) -> None:
    if former:
        await room.appoint("wawan", "Wawan", Role.HEAD, LEKA)
        await room.leave("wawan")
    told = await room.says("wawan", "pak kades perian jatuh dari tangga")
    assert "Tolong korban dulu" in text(told, "wawan")
    assert to(told, OFFICE) == []
    assert await all_of(room) == []
    assert to(told, "wawan")[0].choices == ()
    asked = await room.says("wawan", "Perian, Muara Muntai")
    assert "Jabatan" in text(asked, "wawan")  # nobody took them for the head of whom they wrote


async def test_in_a_group_it_is_one_line_without_a_person(room: World) -> None:
    [line] = to(await room.says("darma", "/kecelakaan Ahmad Fauzi jatuh", chat=FORUM), FORUM)
    assert "chat pribadi" in line.text
    assert "Ahmad" not in line.text
    assert to(await room.says("darma", "ada kecelakaan", chat=FORUM), FORUM) == []
    assert await room.says("wawan", "/kecelakaan", chat=FORUM) == []
    assert await room.says("bima", "/kecelakaan", chat=FORUM) == []


# -- who sees what --------------------------------------------------------------------------------


async def test_the_group_reads_no_name_and_the_forum_nothing(room: World) -> None:
    told = await note(room, "darma")
    [card] = to(told, OFFICE)
    assert "Perangkat Desa" in card.text
    assert "Ahmad" not in card.text
    assert "Darma" not in card.text
    assert to(told, FORUM) == []
    whole = await room.presses("rani", "Buka isinya", OFFICE)
    assert NAME in text(whole, "rani")
    assert "jatuh dari motor" in text(whole, "rani")
    assert to(whole, OFFICE) == []


@pytest.mark.parametrize("who", ["vina", "bima", "darma", "wawan"])
async def test_others_press_in_vain(room: World, who: str) -> None:
    await note(room, "darma")
    for label in ("Saya tangani", "Buka isinya", "Selesai"):
        assert to(await room.presses(who, label, OFFICE), who) == []
    [one] = await all_of(room)
    assert one.taker == ""


async def test_of_two_colleagues_the_first_takes_it(room: World) -> None:
    await note(room, "darma")
    await room.presses("rani", "Saya tangani", OFFICE)
    late = await room.presses("yuni", "Saya tangani", OFFICE)
    assert to(late, "yuni") == []
    [one] = await all_of(room)
    assert one.taker == "Rani Puspita"
    lists = await room.says("yuni", "kejadian")
    assert "ditangani Rani Puspita" in text(lists, "yuni")


async def test_another_district_and_another_village_do_not_see_it(room: World) -> None:
    await note(room, "darma")
    assert "Tidak ada kejadian" in text(await room.says("bima", "kejadian"), "bima")
    assert "Belum ada kejadian" in text(await room.says("sari", "kejadian"), "sari")
    assert "Kejadian di Desa Perian" in text(await room.says("idris", "kejadian"), "idris")


async def test_the_number_of_who_reported_it_stands_on_the_whole_card_alone(room: World) -> None:
    def insure(tx: Tx) -> None:
        post, day = rulebook().position("kaur_keuangan"), START.date()
        details = {"wage": 2_022_200, "phone": "+6281255501234"}
        new = New(
            PERIAN,
            "Darma Wijaya",
            "6402011708900003",
            details,
            post.category,
            post.code,
            day,
            Month.of(day).first,
        )
        assert members.add(tx, new, None, START)

    await room.store.transact(insure)
    told = await note(room, "darma")
    assert "0812" not in text(told, OFFICE)
    assert "Pelapor: Darma Wijaya, 081255501234" in text(
        await room.presses("rani", "Buka isinya", OFFICE), "rani"
    )


async def test_a_number_behind_the_word_opens_that_report_for_who_may_see_it(room: World) -> None:
    await note(room, "darma")
    assert NAME in text(await room.says("idris", "kejadian 1"), "idris")
    assert NAME in text(await room.says("rani", "kejadian no 1"), "rani")
    for other in ("sari", "bima"):
        said = text(await room.says(other, "kejadian 1"), other)
        assert "Kejadian 1 tidak ada di daftar" in said
    assert NAME not in text(await room.says("vina", "kejadian 1"), "vina")
    in_group = await room.says("rani", "/kejadian 1", chat=OFFICE)
    assert to(in_group, OFFICE) == []
    assert NAME in text(in_group, "rani")
    in_forum = await room.says("rani", "/kejadian 1", chat=FORUM)
    assert NAME not in text(in_forum, FORUM) + text(in_forum, "rani")


@pytest.mark.parametrize(
    "group", ["Perangkat belum daftar", "Pekerja proyek desa", "Keluarga peserta", "Warga atau lainnya"]
)
async def test_a_name_that_is_not_in_the_list_is_kept_whatever_they_are(room: World, group: str) -> None:
    await room.says("darma", "kecelakaan")
    await room.presses("darma", "Catat kejadian")
    await room.says("darma", "Siti Aminah")
    await room.says("darma", group.partition(" ")[0].lower())  # as it is typed
    for answer in ("hari ini", "jatuh di jembatan", "belum tahu"):
        await room.says("darma", answer)
    assert f"Siti Aminah ({group.lower()})" in text(await room.says("darma", "ubah 2 kemarin"), "darma")


async def test_of_a_relative_nothing_is_promised(room: World) -> None:
    told = text(await room.says("darma", "istri pak kadus meninggal"), "darma")
    assert "turut berduka" in told
    assert "untuk peserta sendiri" in told
    assert "untuk peserta sendiri" not in text(await room.says("darma", "pak kadus meninggal"), "darma")


async def test_a_stranger_who_was_answered_a_moment_ago_is_told_what_to_do(room: World) -> None:
    await room.says("wawan", "halo")
    await room.says("wawan", "mana ya")
    assert "Tolong korban dulu" in text(await room.says("wawan", "tolong anak saya kecelakaan"), "wawan")
    assert "turut berduka" in text(await room.says("wawan", "anak saya meninggal"), "wawan")


# -- only once ------------------------------------------------------------------------------------


async def test_two_colleagues_report_one_accident_once(room: World) -> None:
    await note(room, "darma")
    told = await note(room, "idris", when="Kemarin")
    assert "sudah tercatat sebagai kejadian 1" in text(told, "idris")
    assert to(told, OFFICE) == []
    assert len(await all_of(room)) == 1


async def test_the_same_unnamed_person_reported_again_at_once_is_the_same(room: World) -> None:
    await note(room, "darma", who="pekerja proyek desa")
    assert "sudah tercatat" in text(await note(room, "darma", who="pekerja proyek desa"), "darma")
    room.clock.move(room.clock.now() + timedelta(hours=13))
    assert "kejadian 2" in text(await note(room, "darma", who="pekerja proyek desa"), "darma")


async def test_a_second_accident_of_somebody_is_noted_though_nobody_closed_the_first(room: World) -> None:
    await note(room, "darma")
    await room.move(room.clock.now() + timedelta(days=20), timedelta(days=1))
    await note(room, "darma")
    assert len(await all_of(room)) == 2


async def test_told_twice_is_told_once(room: World) -> None:
    await note(room, "darma")
    await room.presses("darma", "Sudah dilaporkan")
    [first] = await all_of(room)
    room.clock.move(room.clock.now() + timedelta(hours=1))
    await room.says("idris", "kejadian")
    await room.presses("idris", "Kejadian 1")
    told = await room.presses("darma", "Sudah dilaporkan")
    assert "sudah diproses" in " ".join(one.text for one in told).lower()
    [again] = await all_of(room)
    assert again.told_at == first.told_at


# -- the limit --------------------------------------------------------------------------------------


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=8)  # WITA


@pytest.mark.slow
async def test_it_is_reminded_of_until_it_was_told(room: World) -> None:
    await note(room, "darma")  # the limit counts from 06.00
    assert "Batasnya Rabu, 25 November 2026" in text(await room.move(at(24, 7)), "darma")
    await room.presses("darma", "Sudah dilaporkan")
    later = await room.move(at(26, 12))
    assert "belum tercatat dilaporkan" not in text(later, "darma") + text(later, OFFICE)


async def test_after_the_limit_both_are_told_once(room: World) -> None:
    await note(room, "darma")
    await room.move(at(25, 5))
    later = await room.move(at(25, 12))
    assert text(later, "darma").count("sudah lewat. Tetap laporkan") == 1
    assert text(later, OFFICE).count("sudah lewat") == 1
    after = await room.move(at(28, 12))
    assert "sudah lewat" not in text(after, "darma") + text(after, OFFICE)


async def test_a_reminder_that_is_under_way_stops_when_it_was_told(room: World) -> None:
    await note(room, "darma")
    room.clock.move(at(24, 6) + timedelta(minutes=5))
    await room.engine.schedule.tick()
    [one] = await all_of(room)
    await room.store.transact(lambda tx: incidents.told(tx, one.id, one.person, room.clock.now()))
    await room.settle()
    assert "belum tercatat" not in text(room.new(), "darma")


async def test_who_left_office_is_reminded_no_more_their_colleague_is(room: World) -> None:
    await note(room, "darma")
    await room.leave("darma")
    later = await room.move(at(24, 21))
    assert to(later, "darma") == []
    assert "Waktunya tinggal sebentar" in text(later, "idris")
    assert "Mohon bantu desa" in text(later, OFFICE)


async def test_after_an_outage_the_latest_alone_is_said(room: World) -> None:
    await note(room, "darma")
    room.clock.move(at(24, 22))
    await room.engine.schedule.tick()
    await room.settle()
    found = to(room.new(), "darma")
    assert [one.text.count("Waktunya tinggal sebentar") for one in found if "belum tercatat" in one.text] == [
        1
    ]


async def test_what_was_no_accident_at_work_is_not_hurried(room: World) -> None:
    told = await note(room, "darma", work="Bukan saat kerja")
    assert "sebelum" not in text(told, "darma")
    later = await room.move(at(26, 12))
    assert "belum tercatat dilaporkan" not in text(later, "darma") + text(later, OFFICE)


async def test_a_card_that_was_on_its_way_is_written_anew_once_it_is_there(room: World) -> None:
    await note(room, "darma")
    [one] = await all_of(room)
    await room.store.transact(lambda tx: incidents.close(tx, one.id, one.person, room.clock.now()))
    later = await room.move(room.clock.now() + timedelta(minutes=1), timedelta(minutes=1))
    assert [each.kind for each in to(later, OFFICE) if "Selesai" in each.text] == [Kind.EDIT]
    again = await room.move(room.clock.now() + timedelta(minutes=1), timedelta(minutes=1))
    assert to(again, OFFICE) == []


async def test_what_was_closed_long_ago_is_forgotten(room: World) -> None:
    await note(room, "darma")
    await room.presses("rani", "Selesai", OFFICE)
    await room.presses("rani", "Tetap tutup")
    room.clock.move(room.clock.now() + timedelta(days=366))
    await room.move(datetime(2027, 11, 25, 1, tzinfo=UTC))
    assert await room.store.transact(lambda tx: incidents.get(tx, 1)) is None


# -- what is kept -----------------------------------------------------------------------------------


async def test_nothing_personal_lies_open(room: World) -> None:
    await note(room, "darma", who=NAME)

    def rows(tx: Tx) -> str:
        found = [*tx.all("SELECT * FROM incident"), *tx.all("SELECT * FROM incident_card")]
        return repr([tuple(row) for row in [*found, *tx.all("SELECT * FROM audit")]])

    kept = await room.store.transact(rows)
    assert "Fauzi" not in kept
    assert "motor" not in kept
    assert "report_incident" in kept


async def test_the_branchs_contact_is_its_districts_own(room: World) -> None:
    await room.says("yuni", "kontak cabang")
    await room.presses("yuni", "Ubah kontak")
    for answer in ("Kantor Cabang Kukar", "-", "0541 555123", "-"):
        await room.says("yuni", answer)
    await room.presses("yuni", "Benar, simpan")
    assert "Kantor Cabang Kukar, 0541 555123" in text(await room.says("darma", "kecelakaan"), "darma")
    told = text(await room.says("bima", "kecelakaan"), "bima")
    assert "0541" not in told
    assert "menurut catatan kami: 175" in told
    assert "menu itu khusus" in text(await room.says("rani", "kontak cabang"), "rani")


async def test_without_a_group_the_staff_is_told_in_private(here: World) -> None:
    await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    assert "Belum ada petugas DPMD" in text(await note(here, "darma", who="warga atau lainnya"), "darma")
    await here.appoint("rani", "Rani", Role.OPERATOR, "64.02")
    told = await note(here, "darma", who="pekerja proyek desa")
    assert "Kejadian 2" in text(told, "rani")


# -- a cry for help, and other words ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("tolong ada yang meninggal", "turut berduka"),
        ("tolong pak ada yang meninggal", "turut berduka"),
        ("tolong ada yang kecelakaan", "Tolong korban dulu"),
        ("kematian", "turut berduka"),
        ("lapor kematian", "turut berduka"),
        ("pak bpd tutup usia", "turut berduka"),
        ("tolong tagihan", "belum ada"),
    ],
)
async def test_a_cry_for_help_is_heard_before_the_word_help(room: World, said: str, answer: str) -> None:
    told = text(await room.says("darma", said), "darma")
    assert answer in told
    assert "sampai di DPMD" not in told


async def test_to_leave_a_village_is_no_death(room: World) -> None:
    assert "berduka" not in text(await room.says("darma", "meninggalkan desa besok"), "darma")


async def test_what_was_not_reported_is_closed_only_on_purpose(room: World) -> None:
    await note(room, "darma")
    asked = await room.presses("rani", "Selesai", OFFICE)
    assert "Tetap tutup?" in text(asked, "rani")
    assert to(asked, OFFICE) == []
    [one] = await all_of(room)
    assert one.open
    closed = await room.presses("rani", "Tetap tutup")
    assert "ditandai selesai" in text(closed, "darma")
    assert "tetap laporkan" in text(closed, "darma")
    assert "Selesai, dicatat oleh Rani" in text(closed, OFFICE)
    assert await all_of(room) == []
    again = await room.presses("yuni", "Selesai", OFFICE)
    assert to(again, "darma") == []


async def test_what_was_told_is_closed_at_once_and_the_village_reads_it(room: World) -> None:
    await note(room, "darma")
    await room.presses("darma", "Sudah dilaporkan")
    closed = await room.presses("rani", "Selesai", OFFICE)
    assert "ditandai selesai" in text(closed, "darma")
    assert "belum tercatat" not in text(closed, "darma").lower()


async def test_the_village_reads_once_who_looks_after_it(room: World) -> None:
    await note(room, "darma")
    assert "sedang ditangani Rani Puspita" in text(
        await room.presses("rani", "Saya tangani", OFFICE), "darma"
    )
    assert to(await room.presses("yuni", "Saya tangani", OFFICE), "darma") == []


async def test_whom_the_agency_has_not_accepted_is_not_said_to_be_covered(room: World) -> None:
    applied = text(await note(room, "darma"), "darma")
    assert "Belum tercatat aktif: mungkin belum dijamin." in applied
    assert "tercatat semua" not in applied

    def accepted(tx: Tx) -> None:
        (one,) = members.of_village(tx, PERIAN)
        assert members.accept(tx, one, members.By(None, START))

    await room.store.transact(accepted)
    await room.move(room.clock.now() + timedelta(days=20), timedelta(days=1))
    active = text(await note(room, "darma"), "darma")
    assert "aktif" in active
    assert "dijamin" not in active


async def test_the_list_tells_of_a_report_that_is_half_written(room: World) -> None:
    await room.says("darma", "meninggal")
    await room.presses("darma", "Catat kejadian")
    own = text(await room.says("darma", "kejadian"), "darma")
    assert "Laporan meninggal dunia belum selesai ditulis" in own
    assert "Semoga tetap begitu" not in own
    assert "oleh Darma Wijaya" in text(await room.says("idris", "kejadian"), "idris")
    assert "Darma" not in text(await room.says("sari", "kejadian"), "sari")
    assert "Siapa yang meninggal" in text(await room.presses("darma", "Lanjutkan laporan"), "darma")


async def test_what_was_told_at_first_is_not_asked_again(room: World) -> None:
    told = "Pak Rusdi jatuh dari atap balai desa tadi pagi, kakinya patah"
    await room.says("darma", told)
    await room.presses("darma", "Catat kejadian")
    await room.says("darma", "Rusdi Hamzah")
    await room.presses("darma", "Perangkat belum daftar")
    await room.presses("darma", "23/11, pagi")
    review = text(await room.presses("darma", "Saat bekerja"), "darma")
    assert f"Tempat dan kejadian: {told}" in review
    assert "Rusdi Hamzah (perangkat belum daftar)" in review
    told_office = await room.presses("darma", "Benar, simpan")
    assert "perangkat atau BPD, belum terdaftar" in text(told_office, OFFICE)


@pytest.mark.parametrize("group", ["Perangkat belum daftar", "Warga atau lainnya"])
async def test_a_typed_name_is_kept_also_behind_an_older_button(room: World, group: str) -> None:
    await room.says("darma", "kecelakaan")
    first = await room.presses("darma", "Catat kejadian")
    assert "Siapa yang mengalami" in text(first, "darma")
    await room.says("darma", "Rusdi Hamzah")
    await room.says("darma", "1234")  # not a name: the first buttons come again
    await room.presses("darma", group)
    for answer in ("hari ini", "jatuh di jembatan", "belum tahu"):
        await room.says("darma", answer)
    assert f"Rusdi Hamzah ({group.lower()})" in text(await room.says("darma", "ubah 2 kemarin"), "darma")


# -- begun and left --------------------------------------------------------------------------------

UNFINISHED = "belum selesai"


async def left_half_written(room: World) -> list[Letter]:
    await room.says("darma", "kecelakaan")
    await room.presses("darma", "Catat kejadian")
    return await room.says("darma", NAME)


async def test_whoever_left_a_report_is_asked_twice_and_no_more(room: World) -> None:
    await left_half_written(room)
    told = await room.move(START + timedelta(days=5))
    asked = [one for one in to(told, "darma") if UNFINISHED in one.text]
    assert [one.choices[0].label for one in asked] == ["Lanjutkan laporan"] * 2
    assert UNFINISHED not in text(told, "idris") + text(told, OFFICE)
    assert "Kapan kejadiannya" in text(await room.presses("darma", "Lanjutkan laporan"), "darma")


async def test_whoever_goes_on_within_the_hour_is_not_asked(room: World) -> None:
    await left_half_written(room)
    await room.move(START + timedelta(minutes=50))
    await room.presses("darma", "Hari ini")
    assert UNFINISHED not in text(await room.move(START + timedelta(minutes=70)), "darma")
    await room.says("darma", "di jalan dusun")
    await room.presses("darma", "Saat bekerja")
    await room.presses("darma", "Benar, simpan")
    assert UNFINISHED not in text(await room.move(START + timedelta(days=3)), "darma")


@pytest.mark.parametrize("gone", ["dropped", "left office"])
async def test_what_nobody_waits_for_is_not_asked(room: World, gone: str) -> None:
    await left_half_written(room)
    if gone == "dropped":
        await room.says("darma", "batal")
        await room.says("darma", "ya")
    else:
        await room.leave("darma")
    assert UNFINISHED not in text(await room.move(START + timedelta(days=3)), "darma")


@pytest.mark.parametrize("word", ["kecelakaan", "meninggal"])
async def test_no_clear_column_says_of_a_half_written_report_whether_somebody_died(
    room: World, word: str
) -> None:
    await room.says("darma", word)
    await room.presses("darma", "Catat kejadian")
    assert UNFINISHED in text(await room.move(START + timedelta(days=2)), "darma")

    def clear(tx: Tx) -> str:
        plans = tx.all("SELECT * FROM plan WHERE kind = 'unfinished'")
        sent = tx.all("SELECT key, reason FROM outbox WHERE key LIKE 'unfinished:%'")
        assert plans
        assert sent
        return " ".join(str(tuple(row)) for row in (*plans, *sent))

    said = await room.store.transact(clear)
    assert not [kind for kind in Kinds if kind.value in said], said
