"""Questions of village officers: who may answer, what a group reads, and what becomes of an answer."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels import memory
from bot.domain.discretion import masked
from bot.domain.office_hours import opening
from bot.domain.offices import Role
from bot.errors import GiveUp
from bot.messages import Address, Arrival, Kind, Lane, Letter
from bot.store import outbox, places, questions
from bot.store.database import Tx
from bot.store.questions import State
from handlers.office import answering
from tests.world import PERIAN, WHATSAPP, World, all_villages, rulebook, world

OFFICE = "#kantor"
LEKA = "64.02.01.2002"
SAID = "Apakah ketua RT boleh didaftarkan?"


@pytest.fixture
async def room(here: World) -> World:
    """Two districts, an office group, and everybody around it."""
    await here.open_room(OFFICE, "64.02", "office")
    people = {
        "darma": ("Darma Wijaya", Role.TREASURER, PERIAN),
        "yuni": ("Yuniarti Lestari", Role.ADMIN, "64.02"),
        "rani": ("Rani Puspita", Role.OPERATOR, "64.02"),
        "vina": ("Vina Oktavia", Role.VIEWER, "64.02"),
        "bpjs": ("Beni Saputra", Role.BRANCH, "64.02"),
        "bima": ("Bima Prakasa", Role.ADMIN, "61.08"),
    }
    for user, (name, role, place) in people.items():
        await here.appoint(user, name, role, place)
    return here


def to(letters: list[Letter], chat: str) -> list[Letter]:
    return [one for one in letters if one.to.chat == chat and one.kind in (Kind.TEXT, Kind.EDIT)]


async def state_of(here: World, number: int = 1) -> State:
    found = await here.store.transact(lambda tx: questions.get(tx, number))
    assert found
    return found.state


async def next_tick(here: World, after: timedelta = timedelta(minutes=1)) -> list[Letter]:
    return await here.move(here.clock.now() + after, after)


# -- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["vina", "bpjs", "bima", "wawan", "darma"])
async def test_only_the_offices_own_staff_answer(room: World, who: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    assert await room.replies(who, OFFICE, "Boleh.") == []
    assert await state_of(room) is State.OPEN
    told = await room.says(who, "/jawab", chat=OFFICE)
    assert told == []
    assert [one.text for one in await room.says(who, "jawab") if "Perian, Kec." in one.text] == []


@pytest.mark.parametrize(
    "how", [{"edited": True}, {"forwarded": True}, {"on_behalf_of": "-100", "sender": ""}]
)
async def test_edited_forwarded_and_anonymous_replies_do_nothing(room: World, how: dict[str, object]) -> None:
    told = await room.says("darma", f"tanya {SAID}")
    assert to(told, OFFICE)
    number = len(room.channel.sent)
    assert await room.says("yuni", "Boleh.", chat=OFFICE, reply_to=str(number), **how) == []
    assert await state_of(room) is State.OPEN


async def test_a_question_of_another_district_is_answered_as_if_there_were_none(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    offered = await room.says("yuni", "jawab")
    choice = offered[0].choices[0]
    foreign = await room.says("bima", choice="forged.0", shape="tap", tap="t", message="1")
    assert [one.text for one in foreign if one.kind is Kind.TEXT] == []
    told = await room.says("bima", choice=choice.id, shape="tap", tap="t", message="1")
    assert [one.text for one in told if one.kind is Kind.TEXT] == []
    assert await state_of(room) is State.OPEN


async def test_a_reply_finds_its_card_after_the_card_was_edited_and_its_buttons_ended(room: World) -> None:
    """Telegram gives an edit, and the end of buttons, the id of the message itself."""
    await room.says("darma", f"tanya {SAID}")
    at = Address(memory.NAME, OFFICE)
    card = str(len(room.channel.sent))
    await room.presses("yuni", "Saya jawab", OFFICE)

    def same_id(tx: Tx) -> str:
        tx.run("UPDATE outbox SET platform_id = :id WHERE kind IN ('edit', 'close')", id=card)
        return outbox.said_in_group(tx, at, card)

    assert (await room.store.transact(same_id)).startswith("question:1:")


# -- the group reads nothing personal -----------------------------------------------------------


async def test_no_word_of_an_officer_stands_in_the_group(room: World) -> None:
    await room.says("darma", "tanya data dudung susilo ditolak, NIK 6402015708850003")
    await room.says("darma", "tanya maaf, maksud saya wati")
    await room.presses("rani", "Saya jawab", OFFICE)
    await room.replies("rani", OFFICE, "Sebentar.")
    texts = " ".join(one.text for one in room.channel.sent if one.to.chat == OFFICE)
    assert [word for word in ("dudung", "susilo", "6402", "wati", "ditolak") if word in texts] == []
    assert "Bertanya lewat TANYA." in texts
    opened = await room.presses("yuni", "Buka isinya", OFFICE)
    (letter,) = to(opened, "yuni")
    assert "“data dudung susilo ditolak, NIK ••••0003\nmaaf, maksud saya wati”" in letter.text
    assert [choice.label for choice in letter.choices] == ["Jawab", "Selesai"]
    again = await room.presses("rani", "Buka isinya", OFFICE)  # it stays, for colleagues too
    assert len(to(again, "rani")) == 1


async def test_who_cannot_be_written_to_is_told_in_the_group_that_it_was_not_opened(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    gone = "UPDATE address SET reachable = 0 WHERE user = 'rani'"
    await room.store.transact(lambda tx: tx.run(gone))
    told = await room.presses("rani", "Buka isinya", OFFICE)
    assert [one.text.startswith("Rani Puspita, chat pribadi") for one in to(told, OFFICE)] == [True]


async def test_after_three_mistakes_the_card_says_where_and_nothing_that_was_typed(room: World) -> None:
    for text in ("daftar", "Siti Aminah", "98765", "98765", "98765"):
        await room.says("darma", text)
    told = await room.presses("darma", "Minta bantuan")
    (card,) = to(told, OFFICE)
    assert "Sedang mendaftarkan orang, bagian NIK." in card.text
    assert "98765" not in card.text
    assert "Siti" not in card.text
    again = await room.says("darma", "98765")
    assert again[0].text  # the form goes on


async def test_words_lie_sealed(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    bodies = await room.store.transact(lambda tx: tx.all("SELECT body FROM question_line"))
    assert [SAID.encode() in bytes(row["body"]) for row in bodies] == [False]


def test_a_nik_is_shown_by_its_end() -> None:
    assert masked("nik 6402 0157 0885 0003, hp 081234567890") == "nik ••••0003, hp 081234567890"


# -- an answer and what becomes of it ------------------------------------------------------------


async def test_an_answer_is_private_signed_and_confirmed_once(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    told = await room.replies("yuni", OFFICE, "Boleh.")
    (answer,) = to(told, "darma")
    assert "Boleh." in answer.text
    assert "DPMD Kutai Kartanegara* (Yuniarti Lestari)" in answer.text
    group = to(told, OFFICE)
    assert [one.kind for one in group] == [Kind.TEXT, Kind.EDIT]
    assert "Boleh." not in "".join(one.text for one in group)
    assert to(await next_tick(room), "darma") == []


async def test_an_answer_that_does_not_arrive_is_said_and_the_question_waits_again(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    room.channel.failures.append(GiveUp("bot was blocked", unreachable=True))
    await room.replies("yuni", OFFICE, "Boleh.")
    told = to(await next_tick(room), OFFICE)
    assert [one.text for one in told if "ternyata tidak sampai" in one.text]
    assert await state_of(room) is State.OPEN
    assert [one for one in to(await next_tick(room), OFFICE) if "sampai" in one.text] == []


async def test_an_answer_of_which_nobody_knows_is_said_to_be_uncertain(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.replies("yuni", OFFICE, "Boleh.")
    lost = "UPDATE outbox SET status = 'unknown' WHERE key LIKE 'answer:%'"
    await room.store.transact(lambda tx: tx.run(lost))
    told = await next_tick(room)
    assert [one.text for one in to(told, OFFICE) if "belum tentu sampai" in one.text]


async def test_an_answer_that_waits_for_who_asked_to_write_has_not_failed(tmp_path: Path) -> None:
    """Asked on Friday, answered on Monday, on a platform that takes free text for a day."""
    async with world(tmp_path, tiers={WHATSAPP: 9}) as here:
        await here.open_room(OFFICE, "64.02", "office")
        await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        await here.appoint("darma/wa", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.says("darma/wa", f"tanya {SAID}")
        await here.move(here.clock.now() + timedelta(days=3), timedelta(hours=6))
        await here.says("yuni", "jawab 1 Boleh, Pak.")
        told = [*await next_tick(here), *await next_tick(here)]
        assert ["menunggu dibalas" in one.text for one in to(told, "yuni")] == [True]
        assert await state_of(here) is State.ANSWERED
        read = await here.says("darma/wa", "ada kabar?")
        assert [one for one in to(read, "darma/wa") if "Boleh, Pak." in one.text]
        assert to(await next_tick(here), "yuni") == []
        assert await state_of(here) is State.ANSWERED


async def test_an_answer_that_waited_for_who_asked_in_vain_has_failed(tmp_path: Path) -> None:
    async with world(tmp_path, tiers={WHATSAPP: 9}) as here:
        await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
        await here.appoint("darma/wa", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.says("darma/wa", f"tanya {SAID}")
        await here.move(here.clock.now() + timedelta(days=3), timedelta(hours=6))
        await here.says("yuni", "jawab 1 Boleh, Pak.")
        told = await here.move(here.clock.now() + timedelta(days=8), timedelta(hours=6))
        assert [one.text for one in to(told, "yuni") if "ternyata tidak sampai" in one.text]
        assert await state_of(here) is State.OPEN


async def test_whoever_left_office_gets_no_answer_and_the_group_is_told(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.leave("darma")
    told = await room.replies("yuni", OFFICE, "Boleh.")
    assert to(told, "darma") == []
    assert [one.text for one in to(told, OFFICE) if "sudah tidak terhubung" in one.text]


async def test_settled_without_an_answer_is_told_to_who_asked(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.presses("rani", "Selesai", OFFICE)
    told = await room.presses("rani", "Ya, tutup", OFFICE)
    assert [one.text.split("\n")[0] for one in to(told, "darma")] == [
        "Pertanyaan 1 dicatat selesai oleh DPMD Kutai Kartanegara."
    ]
    assert await state_of(room) is State.CLOSED
    await room.says("darma", "tanya masih bingung")
    assert await state_of(room, 2) is State.OPEN


async def test_the_second_who_takes_it_reads_who_was_faster(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    card = room.channel.sent[-1]
    await room.presses("yuni", "Saya jawab", OFFICE)
    told = await room.says("rani", choice=card.choices[0].id, chat=OFFICE, shape="tap", tap="t", message="2")
    assert [one.text for one in told if one.kind is Kind.ANSWER] == [
        "Sudah diproses oleh Yuniarti Lestari: Saya jawab."
    ]


@pytest.mark.parametrize("chat", ["rani", OFFICE])
async def test_an_unanswered_question_is_closed_only_after_a_second_yes(room: World, chat: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.presses("rani", "Buka isinya", OFFICE)
    told = await room.presses("rani", "Selesai", chat)
    assert [one.text for one in to(told, chat) if one.text.startswith("Pertanyaan 1 belum dijawab")]
    assert to(told, "darma") == []
    await room.presses("rani", "Tidak jadi", chat)
    assert await state_of(room) is State.OPEN
    await room.presses("rani", "Selesai", chat)
    await room.presses("rani", "Ya, tutup", chat)
    assert await state_of(room) is State.CLOSED


@pytest.mark.parametrize("chat", ["rani", OFFICE])
async def test_an_old_yes_does_not_close_words_that_came_after_it(room: World, chat: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.presses("rani", "Buka isinya", OFFICE)
    await room.presses("rani", "Selesai", chat)
    await room.replies("yuni", OFFICE, "Boleh.")
    room.clock.move(room.clock.now() + timedelta(days=6))
    await room.says("darma", "tanya dan kapan kartunya jadi?")
    told = await room.presses("rani", "Ya, tutup", chat)
    assert ["Ada yang baru" in one.text for one in to(told, chat) if "Tutup saja?" in one.text] == [True]
    assert to(told, "darma") == []
    assert await state_of(room) is State.OPEN
    await room.presses("rani", "Ya, tutup", chat)
    assert await state_of(room) is State.CLOSED


async def test_an_answered_question_is_closed_at_once(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.replies("yuni", OFFICE, "Boleh.")
    await room.presses("yuni", "Selesai", OFFICE)
    assert await state_of(room) is State.CLOSED


# -- *jawab* with a number -----------------------------------------------------------------------


@pytest.mark.parametrize("chat", ["yuni", OFFICE, "#forum"])
@pytest.mark.parametrize(
    "line", ["/jawab 1 Boleh, ada SK.", "/jawab no. 1: Boleh, ada SK.", "/jawab #1 - Boleh, ada SK."]
)
async def test_a_number_with_words_behind_it_is_the_answer(room: World, chat: str, line: str) -> None:
    await room.open_room("#forum", "64.02", "forum")
    await room.says("darma", f"tanya {SAID}")
    told = await room.says("yuni", line, chat=chat)
    assert ["\nBoleh, ada SK." in one.text for one in to(told, "darma")] == [True]
    assert "Boleh" not in "".join(one.text for one in told if one.to.chat.startswith("#"))
    assert await state_of(room) is State.ANSWERED


@pytest.mark.parametrize("line", ["jawab 1", "jawab nomor 1"])
async def test_a_number_alone_opens_the_question(room: World, line: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    (asked,) = await room.says("yuni", line)
    assert SAID in asked.text
    assert "Boleh." in to(await room.says("yuni", "Boleh."), "darma")[0].text


@pytest.mark.parametrize(
    ("who", "line", "said"),
    [
        ("yuni", "jawab 7 Boleh.", "belum terkirim"),
        ("yuni", "jawab 999999999999 Boleh.", "Belum ada yang terkirim"),
        ("yuni", "jawab 1 ...", "Belum ada tulisannya"),
        ("yuni", "jawab boleh saja asal ada", "Belum ada yang terkirim"),
        ("bima", "jawab 1 Boleh.", "belum terkirim"),  # of another district: as if there were none
    ],
)
async def test_what_was_written_behind_jawab_is_never_lost_silently(
    room: World, who: str, line: str, said: str
) -> None:
    await room.says("darma", f"tanya {SAID}")
    (told,) = await room.says(who, line)
    assert said in told.text
    assert await state_of(room) is State.OPEN


async def test_a_sentence_long_after_the_question_was_opened_is_asked_about(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab 1")
    room.clock.move(room.clock.now() + timedelta(minutes=31))
    (asked,) = await room.says("yuni", "pak kapan rapatnya")
    assert "Kirim ini sebagai jawaban pertanyaan 1" in asked.text
    (asked,) = await room.says("yuni", "rapat jadi besok")  # neither yes nor no
    assert "“rapat jadi besok”" in asked.text
    assert await state_of(room) is State.OPEN
    told = await room.presses("yuni", "Kirim")
    assert ["rapat jadi besok" in one.text for one in to(told, "darma")] == [True]


async def test_an_answer_that_names_another_question_goes_there(room: World) -> None:
    await room.appoint("sari", "Sari", Role.SECRETARY, LEKA)
    await room.says("darma", f"tanya {SAID}")
    await room.says("sari", "tanya Kapan kartunya jadi?")
    await room.says("yuni", "jawab 1")
    (told,) = await room.says("yuni", "jawab 7 besok saja")
    assert "belum terkirim" in told.text
    await room.says("yuni", "jawab 1")
    told_all = await room.says("yuni", "jawab 2 besok saja")
    assert to(told_all, "darma") == []
    assert "\nbesok saja\n" in to(told_all, "sari")[0].text
    await room.says("yuni", "jawab 2")
    (shown,) = await room.says("yuni", "jawab 1")  # opened instead
    assert SAID in shown.text
    assert await state_of(room) is State.OPEN


async def test_an_answer_that_names_its_own_question_is_what_stands_behind(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab 1")
    (shown,) = await room.says("yuni", "jawab 1")
    assert SAID in shown.text
    room.clock.move(room.clock.now() + timedelta(minutes=31))
    (answer,) = to(await room.says("yuni", "jawab 1 Boleh saja"), "darma")
    assert "\nBoleh saja\n" in answer.text


async def test_a_form_closes_once_a_colleague_answered_and_who_was_writing_is_told(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "/jawab 1", chat=OFFICE)
    (told,) = to(await room.replies("rani", OFFICE, "Boleh."), "yuni")
    assert "sudah dijawab Rani Puspita" in told.text
    assert "Rekap" in (await room.says("yuni", "rekap anggana"))[0].text
    await room.presses("yuni", "Tambah jawaban")
    assert ["Asal ada SK." in one.text for one in to(await room.says("yuni", "Asal ada SK."), "darma")] == [
        True
    ]


async def test_a_form_opened_long_ago_closes_without_a_word(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab 1")
    room.clock.move(room.clock.now() + timedelta(hours=2))
    assert to(await room.replies("rani", OFFICE, "Boleh."), "yuni") == []
    assert "Rekap" in (await room.says("yuni", "rekap anggana"))[0].text


async def test_a_form_closes_when_the_question_is_settled(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab 1")
    await room.presses("rani", "Selesai", OFFICE)
    (told,) = to(await room.presses("rani", "Ya, tutup", OFFICE), "yuni")
    assert "dicatat selesai oleh Rani Puspita" in told.text
    assert "Rekap" in (await room.says("yuni", "rekap anggana"))[0].text


async def test_who_answers_what_the_village_added_to_is_asked_first(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("rani", "jawab 1")
    await room.says("darma", "tanya Kalau ketua RW?")
    (asked,) = await room.says("rani", "Sudah benar begitu.")
    assert "Desa menambahkan: “Kalau ketua RW?”" in asked.text
    assert ["Sudah benar" in one.text for one in to(await room.says("rani", "ya"), "darma")] == [True]


# -- a remark is no answer -----------------------------------------------------------------------

REMARKS = [
    "siapa petugas desa perian",
    "bu rani tolong dijawab ya",
    "tolong kirim laporan november",
    "siapa ini?",
]


@pytest.mark.parametrize("said", REMARKS)
@pytest.mark.parametrize("before", ["jawab 1", "jawab 1 {}"])
async def test_a_remark_typed_in_private_is_asked_about(room: World, before: str, said: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    told = await room.says("yuni", before.format(said))
    told = told if "{" in before else await room.says("yuni", said)
    assert [one.text for one in told] == [
        f"Kirim ini sebagai jawaban pertanyaan 1 (Desa Perian, Kec. Muara Muntai)?\n“{said}”"
    ]
    (told_no,) = [one for one in await room.presses("yuni", "Bukan") if one.kind is Kind.TEXT]
    assert told_no.text == "Baik, tidak ada yang dikirim. Pertanyaan 1 masih menunggu: ketik JAWAB 1."
    assert await state_of(room) is State.OPEN
    assert "Rekap" in (await room.says("yuni", "rekap anggana"))[0].text


@pytest.mark.parametrize("said", REMARKS)
async def test_a_remark_in_the_group_is_asked_about_without_repeating_it(room: World, said: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    (asked,) = await room.replies("yuni", OFFICE, said)
    assert said not in asked.text
    assert await state_of(room) is State.OPEN
    assert to(await room.presses("rani", "Kirim", OFFICE), "darma") == []  # who wrote it decides
    assert [said in one.text for one in to(await room.presses("yuni", "Kirim", OFFICE), "darma")] == [True]


@pytest.mark.parametrize("chat", ["yuni", OFFICE])
async def test_a_mere_title_behind_the_number_opens_the_question(room: World, chat: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    told = await room.says("yuni", "/jawab 1 pak", chat=chat)
    assert SAID in to(told, "yuni")[0].text
    assert await state_of(room) is State.OPEN


async def test_after_saya_jawab_what_is_typed_in_private_is_asked_about_and_not_lost(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    (shown,) = to(await room.presses("yuni", "Saya jawab", OFFICE), "yuni")
    assert SAID in shown.text
    (asked,) = await room.says("yuni", "Boleh, asal ada SK.")
    assert asked.text.startswith("Kirim ini sebagai jawaban pertanyaan 1")
    assert ["Boleh, asal ada SK." in one.text for one in to(await room.says("yuni", "ya"), "darma")] == [True]


async def test_saya_jawab_interrupts_nothing_that_is_being_written(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "siaran")
    await room.presses("yuni", "Semua")
    await room.presses("yuni", "Tulis pesan")
    (shown,) = to(await room.presses("yuni", "Saya jawab", OFFICE), "yuni")
    assert [choice.label for choice in shown.choices] == ["Jawab", "Selesai"]
    assert "Tersimpan" in (await room.says("yuni", "Mohon lengkapi data peserta."))[0].text


async def test_an_answer_put_aside_says_so_and_can_be_given_up(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab 1")
    _, aside = await room.says("yuni", "rekap")
    assert aside.text == "Jawaban pertanyaan 1 belum ditulis."
    await room.presses("yuni", "Tulis sekarang")
    await room.says("yuni", "rekap")
    await room.presses("yuni", "Tidak jadi")
    assert "Tidak ada isian" in (await room.says("yuni", "batal"))[0].text


async def test_in_a_forum_no_question_of_another_district_is_answered(room: World) -> None:
    await room.open_room("#forum", "64.02", "forum")
    landak = next(one.code for one in all_villages() if one.district == "61.08")
    await room.appoint("lina", "Lina", Role.TREASURER, landak)
    await room.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "61.08")
    await room.says("lina", "tanya Berapa iurannya?")
    told = await room.says("yuni", "/jawab 1 Boleh", chat="#forum")
    assert "Pertanyaan 1 tidak ada di sini" in to(told, "yuni")[0].text
    assert to(told, "lina") == []
    told = await room.says("yuni", "/jawab 1", chat="#forum")
    assert "iurannya" not in to(told, "yuni")[0].text
    assert to(await room.says("yuni", "jawab 1 Boleh"), "lina")  # by herself she answers both


async def test_an_answer_says_to_what_and_only_in_private(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.replies("yuni", OFFICE, "Boleh.")
    told = await room.says("darma", "tanya NIK 6402015708850003 ditolak, " + "dan lagi " * 20)
    assert "Tambahan untuk pertanyaan 1" in to(told, "darma")[0].text
    told = await room.replies("yuni", OFFICE, "Cek KK.")
    (answer,) = to(told, "darma")
    quote = answer.text.partition("“")[2].partition("”")[0]
    assert quote.startswith("NIK ••••0003 ditolak, dan lagi")
    assert quote.endswith("…")
    assert len(quote) <= answering.QUOTED
    assert "ditolak" not in "".join(one.text for one in to(told, OFFICE))


@pytest.mark.parametrize("chat", ["yuni", OFFICE])
async def test_who_answers_with_a_nik_learns_that_it_is_masked(room: World, chat: str) -> None:
    await room.says("darma", f"tanya {SAID}")
    told = await room.says("yuni", "/jawab 1 NIK-nya 6402015708850003", chat=chat)
    assert "NIK-nya ••••0003" in to(told, "darma")[0].text
    assert [one.text for one in to(told, chat) if "disamarkan" in one.text]
    told = await room.says("yuni", "/jawab 1 Boleh.", chat=chat)
    assert [one.text for one in to(told, chat) if "disamarkan" in one.text] == []


# -- several groups, no group, a flood ------------------------------------------------------------


async def test_every_office_group_has_its_card_and_all_of_them_follow(room: World) -> None:
    await room.open_room("#dua", "64.02", "office")
    await room.open_room("#forum", "64.02", "forum")
    told = await room.says("darma", f"tanya {SAID}")
    assert (len(to(told, OFFICE)), len(to(told, "#dua")), len(to(told, "#forum"))) == (1, 1, 0)
    told = await room.replies("yuni", "#dua", "Boleh.")
    assert [one.kind for one in to(told, OFFICE)] == [Kind.EDIT]


async def test_without_a_group_the_staff_reads_it_in_private(room: World) -> None:
    at = Address(memory.NAME, OFFICE)
    await room.store.transact(lambda tx: places.leave_room(tx, at, room.clock.now()))
    told = await room.says("darma", f"tanya {SAID}")
    assert {one.to.chat for one in told} == {"darma", "yuni", "rani"}
    await room.presses("rani", "Jawab")
    told = await room.says("rani", "Boleh.")
    assert [one.text for one in to(told, "darma") if "Boleh." in one.text]


async def test_many_messages_in_a_row_are_one_card(room: World) -> None:
    told = []
    for number in range(20):
        told += await room.says("darma", f"tanya soal ke {number}")
    assert [one.kind for one in to(told, OFFICE)].count(Kind.TEXT) == 1
    waiting = await room.store.transact(lambda tx: questions.waiting(tx, "64.02"))
    assert len(waiting) == 1


async def together(here: World, arrivals: list[Arrival]) -> list[Letter]:
    """Events that are all dealt with before anything is sent."""
    await here.engine.inbox.accept(arrivals)
    while await here.engine.inbox.once():
        pass
    await here.engine.settle()
    return here.new()


async def test_a_burst_before_the_first_card_is_sent_is_one_card_too(room: World) -> None:
    told = await together(
        room, [memory.arrival("darma", room.clock.now(), 900 + n, text=f"tanya soal {n}") for n in range(12)]
    )
    assert [one.kind for one in to(told, OFFICE)] == [Kind.TEXT]
    told = await next_tick(room)
    assert [one.kind for one in to(told, OFFICE) if "Pertanyaan 1" in one.text] == [Kind.EDIT]
    assert [one for one in to(await next_tick(room), OFFICE) if "Pertanyaan 1" in one.text] == []


async def test_edits_of_a_card_that_wait_are_one_and_at_the_pace_of_the_group(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    told = await together(
        room, [memory.arrival("darma", room.clock.now(), 900 + n, text=f"tanya soal {n}") for n in range(9)]
    )
    assert [one.kind for one in to(told, OFFICE)] == [Kind.EDIT]
    lanes = "SELECT DISTINCT lane FROM outbox WHERE kind = 'edit'"
    assert [row["lane"] for row in await room.store.transact(lambda tx: tx.all(lanes))] == [Lane.REPLY]


async def test_cards_are_not_edited_where_the_group_is_no_more_the_offices(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.open_room("#dua", "64.02", "office")
    for district, kind in (("64.02", "forum"), ("61.08", "office")):
        await room.open_room(OFFICE, district, kind)
        told = await room.says("darma", f"tanya lagi, {kind}")
        assert to(told, OFFICE) == []
        assert len(to(told, "#dua")) == 1
        assert to(await room.replies("yuni", OFFICE, "Boleh."), "darma") == []
    assert await state_of(room) is State.OPEN


@pytest.mark.parametrize("shape", ["photo", "document", "voice", "video"])
async def test_a_file_is_no_answer_but_what_is_written_beside_it_is(room: World, shape: str) -> None:
    told = await room.says("darma", f"tanya {SAID}")
    card = str(len(room.channel.sent))
    assert to(told, OFFICE)
    more = {"chat": OFFICE, "reply_to": card, "shape": shape}
    for expected in (1, 0):  # said once
        told = await room.says("yuni", **more)
        refused = [one.text for one in to(told, OFFICE) if "belum bisa saya teruskan" in one.text]
        assert len(refused) == expected
    assert await state_of(room) is State.OPEN
    told = await room.says("yuni", "Seperti di foto ini.", **more)
    assert ["Seperti di foto ini." in one.text for one in to(told, "darma")] == [True]
    assert "tulisannya saja, berkasnya tidak" in to(told, OFFICE)[0].text


async def test_a_sticker_under_a_card_is_not_for_the_bot(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    card = str(len(room.channel.sent))
    assert await room.says("yuni", chat=OFFICE, reply_to=card, shape="sticker") == []


async def test_a_forum_reads_how_many_and_the_list_comes_in_private(room: World) -> None:
    await room.open_room("#forum", "64.02", "forum")
    await room.says("darma", f"tanya {SAID}")
    told = await room.says("yuni", "/jawab", chat="#forum")
    assert ["Perian" in one.text for one in to(told, "#forum")] == [False]
    assert ["Perian" in one.text for one in to(told, "yuni")] == [True]


# -- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), ""),
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), "hari ini 08.00 WITA"),
        (datetime(2026, 11, 27, 8, 0, tzinfo=UTC), "Senin 08.00 WITA"),
        (datetime(2026, 12, 24, 9, 0, tzinfo=UTC), "Senin 08.00 WITA"),  # Christmas on Friday
    ],
)
def test_it_is_said_when_somebody_is_there_again(at: datetime, said: str) -> None:
    district = rulebook().district("64.02")
    assert opening(at.astimezone(district.zone), {date(2026, 12, 25)}, district.zone_label) == said


async def test_what_waits_longer_than_a_working_day_is_said_once_a_morning(room: World) -> None:
    room.clock.move(datetime(2026, 11, 27, 1, 0, tzinfo=UTC))  # Friday, 09.00 WITA
    await room.says("darma", f"tanya {SAID}")
    await room.says("yuni", "jawab")
    waits = "menunggu lebih dari satu hari kerja"
    told = await room.move(datetime(2026, 11, 30, 6, 0, tzinfo=UTC))  # Monday, 14.00: 08.30 was too early
    assert [one for one in told if waits in one.text] == []
    told = await room.move(datetime(2026, 12, 1, 6, 0, tzinfo=UTC))
    assert [one.to.chat for one in told if waits in one.text] == [OFFICE]
    told = await room.move(datetime(2026, 12, 2, 6, 0, tzinfo=UTC))
    assert [one.to.chat for one in told if waits in one.text] == [OFFICE]


@pytest.mark.slow
async def test_after_three_mornings_it_is_said_once_a_week_until_another_waits(room: World) -> None:
    await room.appoint("ratna", "Ratna Sari", Role.SECRETARY, "64.02.01.2002")
    room.clock.move(datetime(2026, 11, 27, 1, 0, tzinfo=UTC))  # Friday
    await room.says("darma", f"tanya {SAID}")
    mornings = []
    for day in range(1, 17):  # from Tuesday on; asked by another village on Tuesday the 8th
        told = await room.move(datetime(2026, 12, day, 6, 0, tzinfo=UTC))
        mornings += [day for one in told if "menunggu lebih dari satu hari kerja" in one.text]
        if day == 8:
            await room.says("ratna", "tanya Apakah kader boleh didaftarkan bulan ini?")
    assert mornings == [1, 2, 3, 7, 10, 11, 14]


async def test_what_was_settled_long_ago_is_forgotten(room: World) -> None:
    await room.says("darma", f"tanya {SAID}")
    await room.replies("yuni", OFFICE, "Boleh.")
    await next_tick(room)
    await room.store.transact(lambda tx: questions.forget(tx, room.clock.now() + timedelta(days=1)))
    left = await room.store.transact(lambda tx: tx.one("SELECT COUNT(*) AS n FROM question_line")["n"])
    assert left == 0
    assert to(await room.says("darma", "tanya bolehkah kader ikut"), OFFICE)


# -- what could not be answered ---------------------------------------------------------------------


@pytest.mark.parametrize("number", ["6402 0157 0885 0003", "6402.0157.0885.0003", "6402015708850003"])
async def test_a_nik_in_what_could_not_be_answered_is_not_carried_by_its_button(
    room: World, number: str
) -> None:
    await room.says("darma", f"kpn bimtek {number} dimulai")
    told = await room.presses("darma", "Tanya petugas")
    assert [one.text for one in to(told, "darma") if number in one.text] == []
    assert [one for letter in told for one in letter.choices if one.label == "Kirim"] == []


@pytest.mark.parametrize(
    "said", ["tolong pin saya 482913 tidak bisa dipakai", "tanya pin saya 482 913 salah terus"]
)
async def test_a_pin_is_not_kept_with_what_is_asked(room: World, said: str) -> None:
    told = await room.says("darma", said)
    assert "sudah sampai" in to(told, "darma")[0].text
    (line,) = await room.store.transact(lambda tx: questions.lines(tx, 1))
    assert "pin saya •••••• " in line.words
    read = await room.says("yuni", "/jawab 1")
    assert "pin saya •••••• " in to(read, "yuni")[0].text


async def speaks_about(room: World, name: str) -> None:
    asked = await room.says("darma", "desa saya")
    labels = [choice.label for letter in asked for choice in letter.choices]
    await room.presses("darma", next(label for label in labels if name in label))


async def _offered(room: World) -> None:
    """Asked about Perian; then another village is chosen."""
    await room.appoint("darma", "Darma Wijaya", Role.TREASURER, LEKA)
    await speaks_about(room, "Perian")
    await room.says("darma", "kpn bimtek dimulai")


@pytest.mark.parametrize("when", ["before it is shown", "before it is sent"])
async def test_what_was_written_about_one_village_is_not_asked_for_another(room: World, when: str) -> None:
    await _offered(room)
    if when == "before it is shown":
        await speaks_about(room, "Leka")
    shown = await room.presses("darma", "Tanya petugas")
    assert "untuk Desa Perian" in to(shown, "darma")[0].text
    if when == "before it is sent":
        await speaks_about(room, "Leka")
    told = await room.presses("darma", "Kirim")
    assert "Perian" in to(told, OFFICE)[0].text
    question = await room.store.transact(lambda tx: questions.get(tx, 1))
    assert question
    assert question.village == PERIAN


@pytest.mark.parametrize("pressed", ["Tanya petugas", "Kirim"])
async def test_nothing_is_asked_for_a_village_where_they_serve_no_more(room: World, pressed: str) -> None:
    await _offered(room)
    if pressed == "Kirim":
        await room.presses("darma", "Tanya petugas")
    await room.leave("darma")
    await room.appoint("darma", "Darma Wijaya", Role.TREASURER, LEKA)
    told = await room.presses("darma", pressed)
    assert to(told, OFFICE) == []
    assert "Kirim “" not in to(told, "darma")[0].text
    assert await room.store.transact(lambda tx: questions.get(tx, 1)) is None
