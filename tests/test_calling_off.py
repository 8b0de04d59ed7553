"""Words that stop something: a bare *berhenti* is no to broadcasts, everything else is asked about or means another."""

from datetime import timedelta

import pytest

from bot.domain.offices import Role
from bot.messages import Kind, Letter
from bot.store import broadcasts
from bot.store.broadcasts import State
from bot.store.database import Tx
from tests import district
from tests.world import PERIAN, START, World

OFFICE = "#kantor"
STOPPABLE = "*Siaran 1*, Yuniarti Lestari: semua perangkat desa yang tertaut\n*Mulai"


@pytest.fixture
async def office(here: World) -> World:
    """An office with its group, and a village that is written to."""
    await here.open_room(OFFICE, "64.02", "office")
    people = {
        "yuni": ("Yuniarti Lestari", Role.ADMIN, "64.02"),
        "rani": ("Rani Puspita", Role.OPERATOR, "64.02"),
        "vina": ("Vina Oktavia", Role.VIEWER, "64.02"),
        "darma": ("Darma Wijaya", Role.TREASURER, PERIAN),
    }
    for user, (name, role, place) in people.items():
        await here.appoint(user, name, role, place)
    return here


async def sending(here: World) -> None:
    """A broadcast that begins in a minute."""
    await here.says("yuni", "siaran Mohon lengkapi data peserta.")
    for label in ("Semua", "Lihat contoh", "Kirim"):
        await here.presses("yuni", label)


async def state_of(here: World, number: int = 1) -> State:
    one = await here.store.transact(lambda tx: broadcasts.get(tx, number))
    assert one
    return one.state


async def muted(here: World, name: str) -> bool:
    def look(tx: Tx) -> bool:
        row = tx.one("SELECT muted_at FROM person WHERE name = :name", name=name)
        return bool(row and row["muted_at"])

    return await here.store.transact(look)


def labels(letters: list[Letter]) -> list[str]:
    return [choice.label for letter in letters if letter.kind is Kind.TEXT for choice in letter.choices]


# -- who does not want broadcasts ----------------------------------------------------------------


@pytest.mark.parametrize("said", ["berhenti", "STOP", "unsubscribe", "tolong berhenti ya pak", "/stop"])
@pytest.mark.parametrize("who", ["darma", "rani"])
async def test_a_bare_stop_unsubscribes(office: World, who: str, said: str) -> None:
    (told,) = await office.says(who, said)
    assert told.text.startswith("Baik, siaran dan undangan rapat tidak saya kirim lagi.")
    assert ("TANYA" in told.text) is (who == "darma")  # who is the office is not sent to the office


@pytest.mark.parametrize(
    "said",
    ["stop siaran 3", "stop siaran", "stop kirim", "stop pengingat desa perian", "berhenti kirim pengingat ke muara leka",
     "berhentikan kades perian", "berhenti kirim pesan", "batal siaran", "berhenti dulu", "berhenti langganan", "berhenti kerja dapat JHT?"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("who", "name"), [("darma", "Darma Wijaya"), ("rani", "Rani Puspita"), ("vina", "Vina Oktavia")]
)
async def test_more_words_unsubscribe_nobody(office: World, who: str, name: str, said: str) -> None:
    assert await office.says(who, said)
    assert not await muted(office, name)


async def test_a_village_that_wants_no_broadcasts_says_so_with_one_tap(office: World) -> None:
    assert labels(await office.says("darma", "stop siaran")) == ["Tidak mau siaran lagi"]
    await office.presses("darma", "Tidak mau siaran lagi")
    assert await muted(office, "Darma Wijaya")


async def test_the_office_is_asked_what_it_means_while_a_broadcast_can_be_stopped(office: World) -> None:
    await sending(office)
    assert labels(await office.says("rani", "stop")) == ["Batalkan siaran 1", "Tidak mau siaran lagi"]
    assert not await muted(office, "Rani Puspita")
    await office.presses("rani", "Batalkan siaran 1")
    assert await state_of(office) is State.CANCELLED


async def test_a_village_is_not_asked_about_the_broadcasts_of_the_office(office: World) -> None:
    await sending(office)
    await office.says("darma", "stop")
    assert await muted(office, "Darma Wijaya")


# -- a broadcast ---------------------------------------------------------------------------------

STOPPING = ["batal siaran", "batalkan siaran 1", "hentikan siaran 1", "tarik siaran 1", "siaran 1 batal", "stop siaran",
            "stop kirim", "tolong hentikan siaran tadi", "jangan jadi dikirim", "siaran batal"]  # fmt: skip


@pytest.mark.parametrize("said", STOPPING)
async def test_its_card_comes_with_the_button_that_stops_it(office: World, said: str) -> None:
    await sending(office)
    told = await office.says("rani", said)
    assert [one.text.startswith(STOPPABLE) for one in told] == [True]
    await office.presses("rani", "Batalkan")
    assert await state_of(office) is State.CANCELLED


@pytest.mark.parametrize(
    "said", ["/batal siaran 1", "/batal siaran", "/siaran 1 batal", "/hentikan siaran 1", "/stop"]
)
async def test_in_the_group_as_well(office: World, said: str) -> None:
    await sending(office)
    told = await office.says("rani", said, chat=OFFICE)
    assert [(one.to.chat, one.text.startswith(STOPPABLE)) for one in told] == [(OFFICE, True)]
    await office.presses("rani", "Batalkan", OFFICE)
    assert await state_of(office) is State.CANCELLED


async def test_a_village_hears_nothing_of_it_in_a_group(office: World) -> None:
    await sending(office)
    for said in ("/batal siaran 1", "/stop", "/berhentikan kades perian"):
        assert await office.says("darma", said, chat=OFFICE) == []
    assert await state_of(office) is State.WAITING


async def test_one_that_is_being_sent_is_stopped(office: World) -> None:
    await sending(office)

    def begun(tx: Tx) -> None:
        broadcasts.begin(tx, 1, START)

    await office.store.transact(begun)
    assert "Hentikan" in labels(await office.says("rani", "hentikan siaran 1"))
    assert labels(await office.says("rani", "stop"))[0] == "Hentikan siaran 1"


async def test_of_what_has_left_it_is_said_that_it_cannot_be_taken_back(office: World) -> None:
    await sending(office)
    await office.move(office.clock.now() + timedelta(minutes=3), timedelta(seconds=20))
    assert await state_of(office) is State.DONE
    first, card = await office.says("yuni", "tarik siaran 1")
    assert "yang sudah terkirim tidak bisa ditarik" in first.text
    assert card.text.startswith("*Siaran 1*,")
    (none,) = await office.says("yuni", "batal siaran")
    assert none.text.startswith("Tidak ada siaran yang menunggu atau sedang dikirim.")


async def test_a_number_that_there_is_not_shows_what_can_be_stopped(office: World) -> None:
    await sending(office)
    first, card = await office.says("rani", "batal siaran 9")
    assert (first.text, card.text.startswith(STOPPABLE)) == ("Siaran 9 tidak ada di sini.", True)


async def test_a_text_about_calling_something_off_is_a_new_broadcast(office: World) -> None:
    (asked,) = await office.says("yuni", "siaran Rapat besok dibatalkan karena hujan.")
    assert asked.text.startswith("*Siaran untuk siapa?*")


# -- a draft, and *batal* ------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["batal", "batalkan", "batal siaran"])
async def test_a_draft_is_pointed_to_and_thrown_away(office: World, said: str) -> None:
    await office.says("yuni", "siaran Mohon lengkapi data peserta.")
    (told,) = await office.says("yuni", said)
    assert "“Mohon lengkapi data peserta.”" in told.text
    assert labels([told]) == ["Lanjutkan", "Buang"]
    await office.says("yuni", "buang")
    assert (await office.says("yuni", "siaran"))[0].text.startswith("*Siaran untuk siapa?*")


async def test_the_draft_that_comes_back_can_be_thrown_away_too(office: World) -> None:
    await office.says("yuni", "siaran Mohon lengkapi data peserta.")
    assert labels(await office.says("yuni", "siaran")) == ["Lanjutkan", "Buat baru", "Buang"]
    (told,) = await office.says("yuni", "buang")
    assert told.text == "Siaran dibuang. Tidak ada yang dikirim."


async def test_a_draft_with_nothing_in_it_is_dropped_at_once(office: World) -> None:
    await office.says("yuni", "siaran")
    (told,) = await office.says("yuni", "batal")
    assert told.text == "Siaran dibuang. Tidak ada yang dikirim."
    assert "Tidak ada isian" in (await office.says("yuni", "batal"))[0].text


async def test_batal_asks_what_while_a_broadcast_can_be_stopped(office: World) -> None:
    await sending(office)
    assert labels(await office.says("rani", "batal")) == ["Batalkan siaran 1"]
    assert "Tidak ada isian" in (await office.says("darma", "batal"))[0].text
    await office.presses("rani", "Batalkan siaran 1")
    assert await state_of(office) is State.CANCELLED


@pytest.mark.parametrize("said", ["batal", "ga jadi", "tidak jadi", "salah kirim", "jangan"])
async def test_whoever_regrets_it_is_shown_the_button(office: World, said: str) -> None:
    await sending(office)
    assert labels(await office.says("yuni", said)) == ["Batalkan siaran 1"]


async def test_no_is_about_a_broadcast_only_below_its_card(office: World) -> None:
    await sending(office)
    assert labels(await office.says("rani", "tidak")) == []
    assert (await office.says("darma", "tidak jadi"))[0].text.startswith("Baik, tidak jadi.")


async def test_a_question_that_was_open_for_the_draft_is_over(office: World) -> None:
    await office.says("yuni", "siaran")
    await office.presses("yuni", "Semua")
    await office.presses("yuni", "Tulis pesan")
    (told,) = await office.says("yuni", "batal siaran")
    assert told.text == "Siaran dibuang. Tidak ada yang dikirim."
    assert (await office.says("yuni", "rekap"))[-1].text.startswith("*Rekap")


async def test_batal_while_the_text_is_changed_points_to_the_draft(office: World) -> None:
    await office.says("yuni", "siaran Mohon lengkapi data peserta.")
    for label in ("Semua", "Lihat contoh", "Ubah pesan"):
        await office.presses("yuni", label)
    assert labels(await office.says("yuni", "batal")) == ["Lanjutkan", "Buang"]


async def test_a_wish_to_stop_another_is_no_text_of_a_broadcast(office: World) -> None:
    await office.says("yuni", "siaran")
    for label in ("Semua", "Tulis pesan"):
        await office.presses("yuni", label)
    (told,) = await office.says("yuni", "batal siaran 1")
    assert told.text.startswith("Itu tidak saya simpan sebagai isi siaran.")
    assert (await office.says("yuni", "Rapat besok batal."))[0].text.startswith("Tersimpan")


# -- somebody's office, somebody of a village ------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "post"),
    [
        ("berhentikan perian kaur keuangan", "*Kaur Keuangan*, Desa Perian"),
        ("stop perian kaur keuangan", "*Kaur Keuangan*, Desa Perian"),
        ("stop operator rani", "*Petugas*"),
    ],
)
async def test_an_office_is_ended_as_by_akhiri(office: World, said: str, post: str) -> None:
    (asked,) = await office.says("yuni", said)
    assert asked.text.startswith(f"Akhiri tugas {post}")
    (refused,) = await office.says("rani", said)
    assert "khusus" in refused.text


@pytest.mark.parametrize(
    "said",
    ["berhenti pemangku sekretaris desa", "berhentikan sekdes", "berhentikan Pemangku Sekretaris Desa pak"],
)
async def test_a_village_gets_the_card_of_who_leaves(office: World, said: str) -> None:
    def insured(tx: Tx) -> None:
        district.staffed(tx, PERIAN, START)

    await office.store.transact(insured)
    how, card = await office.says("darma", said)
    assert "Berhenti/diganti" in how.text
    assert "Pemangku Sekretaris Desa" in f"{card.text} {labels([card])}"


async def test_reminders_go_on_and_that_is_said(office: World) -> None:
    (told,) = await office.says("rani", "stop pengingat desa perian")
    assert told.text.startswith("Pengingat ke satu desa tidak bisa dihentikan")
    (told,) = await office.says("darma", "stop pengingat")
    assert told.text.startswith("Pengingat iuran tetap datang")
