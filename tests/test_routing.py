"""What is not said in person, what nobody means, and buttons that are forged, old or another's."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot import ledger
from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.messages import Address, Choice, Kind, Letter, Outgoing
from bot.store import employers, members, outbox, requests
from bot.store.database import Tx
from bot.store.employers import Employer
from tests.test_schedule import insured, wita
from tests.world import PERIAN, START, World, all_villages, rulebook

NEXT_DOOR = "64.02.01.2002"
OFFICE = "#kantor"
ACTORS = {
    "kades": (Role.HEAD, PERIAN),
    "sekdes": (Role.SECRETARY, PERIAN),
    "kaur": (Role.TREASURER, PERIAN),
    "admin": (Role.ADMIN, "64.02"),
    "petugas": (Role.OPERATOR, "64.02"),
    "pengamat": (Role.VIEWER, "64.02"),
    "cabang": (Role.BRANCH, "64.02"),
    "tetangga": (Role.ADMIN, "61.08"),  # of another district
    "mantan": (Role.HEAD, PERIAN),  # left the office
    "mantan_admin": (Role.ADMIN, "64.02"),  # left the office
    "asing": None,  # nobody invited them
}
#: Ways of speaking in which nobody speaks in person, or nothing is said now.
NOT_IN_PERSON: tuple[dict[str, object], ...] = (
    {"on_behalf_of": "-100123"},
    {"sender": ""},
    {"forwarded": True},
    {"edited": True},
)


_COUNT = {
    "audit": "SELECT COUNT(*) FROM audit",
    "draft": "SELECT COUNT(*) FROM draft",
    "payment": "SELECT COUNT(*) FROM payment",
    "intention": "SELECT COUNT(*) FROM intention",
    "member": "SELECT COUNT(*) FROM member",
    "invitation": "SELECT COUNT(*) FROM invitation",
    "room": "SELECT COUNT(*) FROM room",
    "job": "SELECT COUNT(*) FROM job",
}


async def people(here: World) -> None:
    """Everybody in `ACTORS`; who left did so yesterday."""
    for user, office in ACTORS.items():
        if office:
            await here.appoint(user, user.title(), *office)
    yesterday = (START - timedelta(days=1)).date().isoformat()
    leave = "UPDATE official SET until = :day WHERE person IN (SELECT person FROM address WHERE user LIKE 'mantan%')"
    await here.store.transact(lambda tx: tx.run(leave, day=yesterday))
    await here.store.transact(_owing)
    await here.open_room(OFFICE, "64.02", "office")


def _owing(tx: Tx) -> None:
    """Both villages owe November."""
    for village in (PERIAN, NEXT_DOOR):
        employers.put(tx, Employer(village, "AB123456", "2020", Month(2026, 11)), None, START)
        ledger.refresh(tx, rulebook(), village, Month(2026, 11), START)


async def answers(here: World, user: str, text: str = "", **more: object) -> list[str]:
    """The templates of what an event led to; ends of presses are left out."""
    last = await here.store.transact(lambda tx: tx.one("SELECT COALESCE(MAX(id), 0) FROM outbox")[0])
    await here.says(user, text, **more)
    sql = "SELECT template FROM outbox WHERE id > :last AND kind = 'text' ORDER BY id"
    return [row["template"] for row in await here.store.transact(lambda tx: tx.all(sql, last=last))]


async def pressed(here: World, user: str, letter: Letter, position: int = 0, **more: object) -> list[str]:
    """Press a button of a letter."""
    more = {"chat": letter.to.chat, **more}
    return await answers(
        here, user, choice=letter.choices[position].id, shape="tap", tap="t", message="1", **more
    )


async def offered(here: World, user: str, *meanings: str, chat: str = "") -> Letter:
    """A letter with buttons of these meanings, as the bot would have sent it to this person."""

    def put(tx: Tx) -> None:
        found = tx.one("SELECT person FROM address WHERE user = :user", user=user)
        choices = [Choice(meaning, f"Pilihan {n}") for n, meaning in enumerate(meanings)]
        to = Address(memory.NAME, chat or user)
        person = found["person"] if found else None
        number = tx.one("SELECT COUNT(*) FROM outbox")[0]
        values = {"name": "x"}
        key = f"offer:{number}"
        outbox.put(
            tx,
            here.clock.now(),
            Outgoing(to, "status/no_such_person", values, choices, key=key, person=person, public=True),
        )

    await here.store.transact(put)
    await here.engine.settle()
    return here.new()[-1]


async def count(here: World, table: str) -> int:
    """How many rows a table has."""
    found: int = await here.store.transact(lambda tx: tx.one(_COUNT[table])[0])
    return found


# -- commands --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", NOT_IN_PERSON, ids=str)
@pytest.mark.parametrize("chat", ["", OFFICE])
async def test_what_is_not_said_in_person_changes_nothing(
    here: World, how: dict[str, object], chat: str
) -> None:
    await people(here)
    before = [
        await count(here, table) for table in ("audit", "draft", "payment", "member", "invitation", "room")
    ]
    for user in ("kaur", "admin", "asing"):
        for command in ("daftar", "undang perian kades", "sudah bayar", "rekap", "tautkan", "berhenti"):
            told = await answers(here, user, f"/{command}", **{"chat": chat or user, **how})
            assert set(told) <= ({"chat/forwarded", "chat/edited"} if not chat else set())
    after = [
        await count(here, table) for table in ("audit", "draft", "payment", "member", "invitation", "room")
    ]
    assert after == before


@pytest.mark.parametrize("how", NOT_IN_PERSON, ids=str)
async def test_a_button_is_not_pressed_in_anybodys_place(here: World, how: dict[str, object]) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    await pressed(here, "kaur", letter, **how)
    assert await count(here, "payment") == 0


@pytest.mark.parametrize(
    "text",
    ["", " ", "x" * 4000, "\u202e\u0000\u0007", "/", "//", "/ ", "/nothing", "😀", "1", "٣", "*", "<b>a</b>", "{{ 1 }}",
     "\ud83d", "a\u0301" * 500, "' OR 1=1 --", "ya", "99999999999999999999999999"],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("user", ["kaur", "admin", "asing"])
async def test_whatever_is_written_in_private_is_answered_in_a_word_or_two(
    here: World, user: str, text: str
) -> None:
    await people(here)
    told = await answers(here, user, text)
    assert 1 <= len(told) <= 2
    assert "chat/sorry" not in told


async def test_an_office_that_ended_ends_the_form_that_was_open_for_a_colleague_to_take(here: World) -> None:
    await people(here)
    await answers(here, "kaur", "daftar")
    await answers(here, "kaur", "Siti Aminah")
    await here.store.transact(
        lambda tx: tx.run("UPDATE official SET until = '2026-01-01' WHERE village IS NOT NULL")
    )
    assert set(await answers(here, "kaur", "6402015708850003")) <= {"start/stranger", "start/stranger_again"}
    await here.appoint("kaur", "Kaur", Role.TREASURER, NEXT_DOOR)
    assert await answers(here, "kaur", "6402015708850003") == ["chat/not_yours"]
    assert await answers(here, "kaur", "6402015708850003") == ["chat/not_understood"]
    assert await answers(here, "kaur", "lanjut") == ["chat/no_form"]
    await here.appoint("pengganti", "Pengganti", Role.TREASURER, PERIAN)
    assert await answers(here, "pengganti", "lanjut") == ["form/left_by_colleague"]
    assert await answers(here, "pengganti", "1") == ["registration/notice", "registration/ask_nik"]
    assert await answers(here, "kaur", "lanjut") == ["form/taken_meanwhile"]


async def test_the_last_day_in_office_ends_with_the_districts_own_midnight(here: World) -> None:
    await people(here)
    await here.store.transact(
        lambda tx: tx.run("UPDATE official SET until = '2026-11-23' WHERE role = 'admin'")
    )
    assert await answers(here, "admin", "rekap") == ["district/recap"]
    here.clock.move(START + timedelta(hours=15, minutes=59))  # 23.59 WITA
    assert await answers(here, "admin", "rekap") == ["district/recap"]
    here.clock.move(START + timedelta(hours=16, minutes=1))  # 00.01 WITA of the next day
    assert await answers(here, "admin", "rekap") != ["district/recap"]


# -- buttons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["", ".", "x", "x.0", ".0", "\u0000.0", "x" * 64, "'; DROP TABLE prompt; --"]
)
async def test_a_forged_token_does_nothing(here: World, token: str) -> None:
    await people(here)
    await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    await answers(here, "kaur", choice=token, shape="tap", tap="t", message="1")
    assert await count(here, "payment") == 0


@pytest.mark.parametrize("position", ["1", "-1", "", "0x0", "1e3", " 0", "²", "9" * 40])
async def test_a_place_the_question_does_not_have_is_stale(here: World, position: str) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    nonce = letter.choices[0].id.rpartition(".")[0]
    told = await answers(here, "kaur", choice=f"{nonce}.{position}", shape="tap", tap="t", message="1")
    assert told == []
    assert await count(here, "payment") == 0
    await pressed(here, "kaur", letter)  # the question itself is still open
    assert await count(here, "payment") == 1


async def test_a_token_in_another_chat_or_of_another_person_does_nothing(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    for user in ("sekdes", "kades", "admin", "asing", "mantan"):
        await pressed(here, user, letter, chat=user)
        await pressed(here, user, letter)
    await pressed(here, "kaur", letter, chat=OFFICE)
    assert await count(here, "payment") == 0


async def test_in_a_group_only_the_person_asked_may_press(here: World) -> None:
    await people(here)
    letter = await offered(here, "admin", "room:forum:64.02", chat="#baru")
    for user in ACTORS:
        if user != "admin":
            assert await pressed(here, user, letter) == []
    assert await pressed(here, "admin", letter) == ["start/forum_room"]


async def test_twenty_presses_are_one_act(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    tap = {"choice": letter.choices[0].id, "shape": "tap", "tap": "t", "message": "1"}
    await here.engine.inbox.accept([memory.arrival("kaur", START, 1000 + n, **tap) for n in range(20)])
    await here.engine.settle()
    assert await count(here, "payment") == 1
    acts = await here.store.transact(lambda tx: tx.all("SELECT 1 FROM audit WHERE action = 'report_payment'"))
    assert len(acts) == 1


async def test_a_second_press_is_told_what_was_chosen(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", "menu:menu", "menu:status")
    await pressed(here, "kaur", letter, 1)
    here.new()
    await pressed(here, "kaur", letter, 0)
    notices = [sent.text for sent in here.channel.sent if sent.message == "t"]
    assert "Pilihan 1" in notices[-1]


async def test_a_button_is_stale_after_its_life(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    here.clock.move(START + timedelta(days=30))
    assert await pressed(here, "kaur", letter) == []
    assert await count(here, "payment") == 0


@pytest.mark.parametrize("said", ["2", "Pilihan 1", "pilihan 1", "yang kedua", "no 2"])
async def test_a_choice_may_be_typed_as_number_or_label(here: World, said: str) -> None:
    await people(here)
    letter = await offered(here, "kaur", "menu:bantuan", "menu:tautkan")
    assert await answers(here, "kaur", said) == ["start/another_device"]
    assert await pressed(here, "kaur", letter) == []  # typing used it up


async def test_only_the_newest_question_is_answered_by_typing(here: World) -> None:
    await people(here)
    await offered(here, "kaur", f"paid:{PERIAN}:2026-10")
    here.clock.move(START + timedelta(minutes=1))
    await offered(here, "kaur", "menu:bantuan")
    assert await answers(here, "kaur", "1") == ["start/help_village"]
    assert await count(here, "payment") == 0


async def test_a_number_typed_by_somebody_else_answers_nothing(here: World) -> None:
    await people(here)
    await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    await answers(here, "sekdes", "1")
    await answers(here, "sekdes", "1", chat="kaur")
    assert await count(here, "payment") == 0


# -- one village, one district ---------------------------------------------------------------


async def _somebody_next_door(here: World) -> int:
    position = rulebook().positions[0]
    new = members.New(
        NEXT_DOOR, "Budi Santoso", "6402010101850001", {"wage": 2_000_000}, position.category, position.code,
        START.date(), START.date(), State.ACTIVE,
    )  # fmt: skip
    number = await here.store.transact(lambda tx: members.add(tx, new, None, START))
    assert number
    return number


@pytest.mark.parametrize(
    "meaning",
    [
        f"paid:{NEXT_DOOR}:PU:2026-11",
        "unpaid:99",
        f"why:{NEXT_DOOR}:PU:2026-11",
        f"intend:{NEXT_DOOR}:PU:2026-11:week",
        f"intend:{PERIAN}:PU:2026-11:something",
        f"proof:{NEXT_DOOR}:PU:2026-11:file",
        f"invite:{PERIAN}:kades:",
        "menu:rekap",
        "menu:undang",
    ],
)
async def test_a_choice_about_another_village_or_office_is_refused(here: World, meaning: str) -> None:
    await people(here)
    await _somebody_next_door(here)
    before = [await count(here, table) for table in ("audit", "payment", "intention", "invitation", "job")]
    told = await pressed(here, "kaur", await offered(here, "kaur", meaning))
    assert told in (["chat/not_yours"], ["month/not_withdrawn"])
    after = [await count(here, table) for table in ("audit", "payment", "intention", "invitation", "job")]
    assert after == before


async def test_a_village_that_is_not_ones_own_cannot_be_chosen(here: World) -> None:
    await people(here)
    await pressed(here, "kaur", await offered(here, "kaur", f"village:{NEXT_DOOR}"))
    focus = await here.store.transact(lambda tx: {row["focus"] for row in tx.all("SELECT focus FROM person")})
    assert focus <= {"", PERIAN}


async def test_people_of_another_village_are_neither_shown_nor_found(here: World) -> None:
    await people(here)
    number = await _somebody_next_door(here)
    shown = [
        await answers(here, "kaur", text) for text in ("peserta", "status", "budi santoso", "peserta budi")
    ]
    shown.append(await pressed(here, "kaur", await offered(here, "kaur", f"member:{number}")))
    assert all("Budi Santoso" not in letter.text for letter in here.channel.sent)
    assert shown[-1] == ["status/no_such_person"]


async def test_a_nik_of_another_village_is_answered_as_if_nobody_had_it(here: World) -> None:
    await people(here)
    await _somebody_next_door(here)
    for text in ("daftar", "Budi Santoso", "6402010101850001"):
        letters = await here.says("kaur", text)
    assert "Menurut NIK" in letters[-1].text


async def test_an_administrator_invites_only_into_the_own_district(here: World) -> None:
    await people(here)
    assert await answers(here, "tetangga", "undang perian kades") != ["district/invited"]
    told = await pressed(here, "tetangga", await offered(here, "tetangga", f"invite:{PERIAN}:kades:"))
    assert told == ["chat/not_yours"]
    assert await count(here, "invitation") == 0


async def test_a_group_is_tied_only_to_the_administrators_own_district(here: World) -> None:
    await people(here)
    letter = await offered(here, "tetangga", "room:office:64.02", chat="#rebut")
    assert await pressed(here, "tetangga", letter) == []
    assert await count(here, "room") == 1


async def test_a_proof_hangs_on_the_village_it_was_asked_for(here: World) -> None:
    await people(here)
    await here.appoint("kaur", "Kaur", Role.TREASURER, NEXT_DOOR)
    await _somebody_next_door(here)
    here.channel.files["f1"] = b"a photo."
    await pressed(here, "kaur", await offered(here, "kaur", f"proof:{NEXT_DOOR}:PU:2026-11:f1"))
    sql = "SELECT village FROM payment WHERE proof IS NOT NULL"
    proved: Sequence[object] = await here.store.transact(lambda tx: [row["village"] for row in tx.all(sql)])
    assert proved == [NEXT_DOOR]


# -- offices in two districts ----------------------------------------------------------------

LANDAK_VILLAGE = "61.08.01.2001"
#: Two offices of one person, and what each command may then be about: a district, or nothing.
TWO_OFFICES = (
    ((Role.VIEWER, "61.08"), (Role.ADMIN, "64.02"), {"undang admin Rina": "64.02"}),
    ((Role.ADMIN, "61.08"), (Role.OPERATOR, "64.02"), {"undang admin Rina": "61.08"}),
    ((Role.HEAD, LANDAK_VILLAGE), (Role.ADMIN, "64.02"), {"undang admin Rina": "64.02", "rekap": "64.02"}),
    ((Role.HEAD, LANDAK_VILLAGE), (Role.VIEWER, "64.02"), {"undang admin Rina": "", "rekap": "64.02"}),
    ((Role.ADMIN, "61.08"), (Role.HEAD, PERIAN), {"undang admin Rina": "61.08", "rekap": "61.08"}),
    ((Role.TREASURER, LANDAK_VILLAGE), (Role.HEAD, PERIAN), {"undang admin Rina": "", "rekap": ""}),
)
_NAMES = {"64.02": "Kutai Kartanegara", "61.08": "Landak"}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "two", "about"), TWO_OFFICES, ids=lambda value: str(value)[:40])
async def test_a_command_acts_where_the_office_lies_that_allows_it(
    here: World, one: tuple[Role, str], two: tuple[Role, str], about: dict[str, str], *, turned: bool
) -> None:
    for office in (two, one) if turned else (one, two):
        await here.appoint("ganda", "Ganda", *office)
    for command, district in about.items():
        letters = await here.says("ganda", command)
        shown = [name for name in _NAMES.values() if any(name in letter.text for letter in letters)]
        assert shown == ([_NAMES[district]] if district else []), command
    wanted = {district for command, district in about.items() if command.startswith("undang") and district}
    made = await here.store.transact(
        lambda tx: {r["district"] for r in tx.all("SELECT district FROM invitation")}
    )
    assert made == wanted


async def test_an_administrator_there_invites_nobody_here(here: World) -> None:
    await here.appoint("ganda", "Ganda", Role.VIEWER, "64.02")
    await here.appoint("ganda", "Ganda", Role.ADMIN, "61.08")
    assert await answers(here, "ganda", "undang perian kades") != ["district/invited"]
    letter = await offered(here, "ganda", f"invite:{PERIAN}:kades:")
    assert await pressed(here, "ganda", letter) == ["chat/not_yours"]
    letter = await offered(here, "ganda", "room:office:64.02", chat="#baru")
    assert await pressed(here, "ganda", letter) == []
    assert [await count(here, table) for table in ("invitation", "room")] == [0, 0]


async def test_an_administrator_there_gets_no_recap_in_the_group_here(here: World) -> None:
    await here.open_room(OFFICE, "64.02", "office")
    await here.appoint("ganda", "Ganda", Role.ADMIN, "61.08")
    await here.appoint("ganda", "Ganda", Role.HEAD, PERIAN)
    assert await answers(here, "ganda", "/rekap", chat=OFFICE) == []


# -- what a strict reader found --------------------------------------------------------------


async def test_a_number_after_the_newest_question_is_answered_means_nothing(here: World) -> None:
    await people(here)
    await answers(here, "admin", "undang perian")
    await answers(here, "admin", "menu")
    assert await answers(here, "admin", "1") == ["district/recap"]
    for number in "223":
        assert await answers(here, "admin", number) == ["chat/not_understood"]
    assert await count(here, "invitation") == 0


async def test_an_old_reminder_is_not_answered_by_a_stray_number(here: World) -> None:
    await people(here)
    await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    await offered(here, "kaur", "menu:bantuan")
    assert await answers(here, "kaur", "1") == ["start/help_village"]
    await answers(here, "kaur", "1")
    assert await count(here, "payment") == 0


REGISTERING = (
    "daftar", "Budi Santoso", "6402010101700099", "benar", "Tenggarong", "Kartinawati", "0812 3456 7890",
)  # fmt: skip


async def test_a_reminder_that_comes_into_a_form_leaves_numbers_to_the_form(here: World) -> None:
    await insured(here)
    await here.appoint("kaur", "Kaur", Role.TREASURER, PERIAN)
    here.clock.move(wita(8, 8))
    await here.engine.schedule.tick()
    for text in REGISTERING:
        letters = await here.says("kaur", text)
    third = letters[-1].choices[2].label
    (reminder,) = await here.move(wita(8, 10))
    assert reminder.choices[0].label == "Sudah bayar"
    await here.says("kaur", "3")
    assert await count(here, "payment") == 0
    for text in ("2.500.000", "2 januari 2024"):
        letters = await here.says("kaur", text)
    assert f"Jabatan: {third}" in letters[-1].text


async def test_a_nik_that_a_colleague_took_meanwhile_is_asked_again_and_taken(here: World) -> None:
    await here.appoint("kaur", "Kaur", Role.TREASURER, PERIAN)
    for text in (*REGISTERING, "kasi pelayanan", "2.500.000", "2 januari 2024"):
        letters = await here.says("kaur", text)
    assert letters[-1].choices[0].label == "Benar, simpan"
    position = rulebook().positions[0]
    taken = members.New(
        PERIAN, "Budi S", "6402010101700099", {"wage": 2_000_000}, position.category, position.code,
        START.date(), START.date(),
    )  # fmt: skip
    assert await here.store.transact(lambda tx: members.add(tx, taken, None, START))
    refused = await here.presses("kaur", "Benar, simpan")
    assert any("NIK" in letter.text for letter in refused)
    assert await count(here, "member") == 1
    letters = await here.says("kaur", "6402010101700088")
    for _ in range(3):
        if "tersimpan" in letters[-1].text:
            break
        letters = await here.says("kaur", "benar")
    assert await count(here, "member") == 2
    niks = await here.store.transact(lambda tx: members.by_nik(tx, PERIAN, "6402010101700088"))
    assert niks is not None
    assert niks.name == "Budi Santoso"


@pytest.mark.parametrize("how", ["forwarded", "edited"])
async def test_a_stranger_who_forwards_or_edits_a_code_is_told_to_type_it(here: World, how: str) -> None:
    await people(here)
    told = await answers(here, "asing", "ABCD-EFGH-JKLM", **{how: True})
    assert told == [f"chat/{how}"]


async def test_a_button_pressed_by_a_stranger_stops_spinning(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    await pressed(here, "asing", letter, chat="asing")
    first = next(sent for sent in here.channel.sent if sent.to.chat == "asing")
    assert (first.kind, first.message) == (Kind.ANSWER, "t")
    assert await count(here, "payment") == 0


async def test_a_forum_hears_totals_and_never_of_a_single_village(here: World) -> None:
    await people(here)
    await insured(here)
    await here.open_room("#forum", "64.02", "forum")
    (office,) = await here.says("admin", "/rekap", chat=OFFICE)
    (forum,) = await here.says("admin", "/rekap", chat="#forum")
    assert "Muara Muntai" in office.text
    assert "2 terdaftar" in forum.text
    subdistricts = {village.subdistrict for village in all_villages() if village.district == "64.02"}
    assert [name for name in subdistricts if name in forum.text] == []


async def test_a_group_that_moved_by_an_anonymous_admin_is_followed(here: World) -> None:
    await people(here)
    moved = {"membership": "migrated", "moved_to": "#baru", "on_behalf_of": "-100", "shape": "membership"}
    await here.says("admin", chat=OFFICE, **moved)
    assert await answers(here, "admin", "/rekap", chat="#baru") == ["district/recap"]
    assert await answers(here, "admin", "/rekap", chat=OFFICE) == []


async def test_somebody_anonymous_gets_no_rights_by_adding_the_bot(here: World) -> None:
    await people(here)
    for who in ("admin", ""):
        added = {"membership": "added", "on_behalf_of": "-100", "shape": "membership", "sender": who}
        await here.says("admin", chat=f"#baru{who}", **added)
    assert await count(here, "room") == 1
    for letter in here.channel.sent:
        assert await pressed(here, "admin", letter, on_behalf_of="-100") == [] if letter.choices else True
    assert await count(here, "room") == 1


# -- taking over -----------------------------------------------------------------------------


def asked(here: World, user: str) -> Letter:
    """The last question with buttons that somebody got."""
    return next(sent for sent in reversed(here.channel.sent) if sent.to.chat == user and sent.choices)


async def left_behind(here: World, user: str = "kades") -> Letter:
    """A registration that somebody left a quarter of an hour ago, as it is offered to the treasurer."""
    for text in ("daftar", "Siti Aminah", "6402015708850003", "benar", "Tenggarong", "Kartini"):
        await answers(here, user, text)
    here.clock.move(here.clock.now() + timedelta(minutes=15))
    assert await answers(here, "kaur", "isian") == ["form/left_by_colleague"]
    return asked(here, "kaur")


async def test_a_form_that_was_taken_over_no_longer_takes_the_answers_of_who_had_it(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    taken = await pressed(here, "kaur", letter)
    assert taken == ["registration/notice", "registration/ask_phone", "form/taken_over"]
    assert await answers(here, "kades", "081234567890") == ["form/taken_meanwhile"]
    assert await answers(here, "kades", "siti") != ["form/taken_meanwhile"]  # said once
    assert await answers(here, "kaur", "081234567890") == ["registration/ask_position"]


async def test_a_button_of_a_form_that_was_taken_over_says_so(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    await pressed(here, "kaur", letter)
    question = asked(here, "kades")
    assert [choice.label for choice in question.choices] == ["Tidak punya HP"]
    assert await pressed(here, "kades", question) == ["form/taken_meanwhile"]
    assert await answers(here, "kades", "nanti") == ["form/taken_meanwhile"]
    assert await answers(here, "kades", "daftar") == ["registration/ask_name"]
    assert await answers(here, "kades", "Budi") == ["registration/ask_nik"]


async def test_twenty_presses_take_a_form_over_once(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    tap = {"choice": letter.choices[0].id, "shape": "tap", "tap": "t", "message": "1"}
    await here.engine.inbox.accept(
        [memory.arrival("kaur", here.clock.now(), 1000 + n, **tap) for n in range(20)]
    )
    await here.engine.settle()
    told = [sent.text for sent in here.channel.sent if sent.to.chat == "kades"]
    assert sum("dilanjutkan" in text for text in told) == 1
    acts = await here.store.transact(
        lambda tx: tx.all("SELECT object, details FROM audit WHERE action = 'take_over'")
    )
    assert len(acts) == 1
    assert "Siti" not in acts[0]["details"] + acts[0]["object"]


async def test_of_two_colleagues_the_first_takes_it(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    await answers(here, "sekdes", "isian")
    other = asked(here, "sekdes")
    await pressed(here, "kaur", letter)
    assert await pressed(here, "sekdes", other) == ["registration/notice", "form/not_left"]


async def test_an_offer_pressed_in_two_places_is_taken_once_and_asked_again(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    await answers(here, "kaur", "isian")
    again = asked(here, "kaur")
    await pressed(here, "kaur", letter)
    assert await pressed(here, "kaur", again) == ["registration/ask_phone"]


@pytest.mark.parametrize("user", ["tetangga", "admin", "asing", "mantan"])
async def test_only_who_serves_the_village_takes_over(here: World, user: str) -> None:
    await people(here)
    letter = await left_behind(here)
    await answers(here, user, "isian")
    await pressed(here, user, letter, chat=user)
    await here.appoint("sebelah", "Sebelah", Role.HEAD, NEXT_DOOR)
    assert await answers(here, "sebelah", "isian") == ["chat/no_form"]
    stolen = await offered(
        here, "sebelah", f"takeover:1:{PERIAN}:ask:2026-11-23T00:00:00.000+00:00", "begin:"
    )
    assert await pressed(here, "sebelah", stolen) == ["registration/notice", "chat/not_yours"]
    assert len(await pressed(here, "kaur", letter)) == 3


async def test_who_is_typing_is_left_alone(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    assert await answers(here, "kades", "081234567890") == ["registration/ask_position"]
    assert await answers(here, "kaur", "isian") == ["chat/no_form"]
    assert "form/not_left" in await pressed(here, "kaur", letter)
    assert await answers(here, "kades", "kasi pelayanan") == ["registration/ask_wage"]


async def test_who_fills_in_another_form_when_a_resting_one_is_taken_goes_on(here: World) -> None:
    await people(here)
    letter = await left_behind(here)
    await here.store.transact(lambda tx: tx.run("UPDATE draft SET active = 0"))
    await pressed(here, "kaur", letter)
    assert await answers(here, "kades", "budi") != ["form/taken_meanwhile"]
    assert await answers(here, "kades", "lanjut") == ["form/taken_meanwhile"]


async def test_batal_where_no_form_is_open_offers_the_one_that_rests(here: World) -> None:
    await people(here)
    await answers(here, "kaur", "daftar")
    await answers(here, "kaur", "Siti Aminah")
    await answers(here, "kaur", "nanti")
    assert await answers(here, "kaur", "batal") == ["form/resting"]
    assert [choice.label for choice in asked(here, "kaur").choices] == [
        "Lanjutkan isian",
        "Hapus, mulai baru",
    ]
    assert await answers(here, "kaur", "2") == ["registration/ask_name"]
    assert await count(here, "draft") == 1


# -- where a press is a message, and a person has several names ----------------------------------


async def test_what_did_not_fit_into_a_list_comes_when_it_is_asked_for(here: World) -> None:
    await people(here)
    meanings = [f"why:{PERIAN}:PU:2026-{n:02}" for n in range(1, 13)] + [f"paid:{PERIAN}:PU:2026-11"]
    letter = await offered(here, "kaur", *meanings)
    nonce = letter.choices[0].id.rpartition(".")[0]
    assert await answers(here, "kaur", choice=f"{nonce}.+9", shape="tap") == ["chat/more"]
    rest = here.channel.sent[-1]
    labels = [choice.label for choice in letter.choices]
    assert [choice.label for choice in rest.choices] == labels[9:]
    await answers(here, "kaur", choice=rest.choices[3].id, shape="tap")
    assert await count(here, "payment") == 1


@pytest.mark.parametrize("token", ["{}.+", "{}.+x", "{}.+²", "x.+9", ".+9", "+9"])
async def test_a_forged_page_is_no_page(here: World, token: str) -> None:
    await people(here)
    letter = await offered(here, "kaur", *[f"why:{PERIAN}:PU:2026-{n:02}" for n in range(1, 13)])
    forged = token.format(letter.choices[0].id.rpartition(".")[0])
    assert await answers(here, "kaur", choice=forged, shape="tap") == ["chat/stale"]
    assert await answers(
        here, "sekdes", choice=f"{letter.choices[0].id.rpartition('.')[0]}.+9", shape="tap"
    ) == ["chat/stale"]


async def test_without_a_sign_to_end_old_buttons_are_answered_in_words(here: World) -> None:
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    token = letter.choices[0].id
    assert "chat/chosen" not in await answers(here, "kaur", choice=token, shape="tap")
    assert await answers(here, "kaur", choice=token, shape="tap") == ["chat/used"]
    assert await answers(here, "kaur", choice="x.0", shape="tap") == ["chat/stale"]
    closes = "SELECT COUNT(*) FROM outbox WHERE kind IN ('close', 'answer')"
    assert await here.store.transact(lambda tx: tx.one(closes)[0]) == 0


async def test_a_person_who_gets_another_name_is_the_same_person(here: World) -> None:
    """The platform knew the account by its number, and now by an id of its own."""
    await people(here)
    letter = await offered(here, "kaur", f"paid:{PERIAN}:PU:2026-11")
    told = await answers(here, "new-name", "status", aliases=["kaur"])
    assert told == ["status/village"] or told[0].startswith("status/")
    assert here.channel.sent[-1].to.chat == "new-name"
    await answers(here, "new-name", choice=letter.choices[0].id, shape="tap")  # asked under the old name
    assert await count(here, "payment") == 1
    assert (await answers(here, "kaur", "status"))[0].startswith("start/")  # nobody has that name now


async def test_what_is_read_is_marked_as_read_once(here: World) -> None:
    await people(here)
    await here.says("kaur", "status", seen="m1")
    marks = [letter for letter in here.channel.sent if letter.kind is Kind.READ]
    assert [(letter.message, letter.to.chat) for letter in marks] == [("m1", "kaur")]


async def test_an_office_asked_for_is_not_given_to_who_has_the_number_next(here: World) -> None:
    await people(here)
    at, open_ = Address(memory.NAME, "baru"), requests.State.OPEN
    asked = requests.Request(requests.Kind.LINK, at, "baru", PERIAN[:5], PERIAN, "kades", state=open_)
    await here.store.transact(lambda tx: requests.begin(tx, asked, START))
    await here.says("baru", shape="membership", membership="gone")
    assert await here.store.transact(lambda tx: requests.waiting(tx, PERIAN[:5])) == []


async def test_who_has_a_number_next_is_nobody_we_know(here: World) -> None:
    await people(here)
    held = Outgoing(Address(memory.NAME, "kaur"), "status/no_such_person", {"name": "x"}, key="theirs",
                    not_before=START + timedelta(hours=1))  # fmt: skip
    await here.store.transact(lambda tx: outbox.put(tx, START, held))
    await here.says("kaur", shape="membership", membership="gone", aliases=["kaur-too"])
    told = await answers(here, "another", "status", aliases=["kaur"])
    assert told[0].startswith("start/")
    assert (await answers(here, "kaur", "status"))[0].startswith("start/")
    await here.move(START + timedelta(hours=2))
    assert "theirs" not in [letter.key for letter in here.channel.sent]
