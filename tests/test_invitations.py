"""Codes that let people in: once, for a week, not to be guessed, and the office says who."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import memory
from bot.domain.offices import Office, Role
from bot.messages import Letter
from bot.store import invitations, people
from bot.store.database import Tx
from bot.store.invitations import ALPHABET, LENGTH, LIFE, TRIES, Invitation
from tests.world import PERIAN, START, World, world

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
WRONG = "2222-2222-2222"


async def code(here: World, role: Role = Role.HEAD, place: str = PERIAN) -> str:
    """A fresh code for an office, as the command line makes it."""
    office = Office(role, place[:5], place if place.count(".") == 3 else "")
    return await here.store.transact(
        lambda tx: invitations.make(tx, Invitation(office, "Budi Santoso"), None, here.clock.now())
    )


async def offices(here: World, user: str) -> list[Office]:
    """The offices of a person today."""

    def look(tx: Tx) -> list[Office]:
        actor = people.actor(tx, memory.NAME, user, here.clock.now().date())
        return list(actor.offices) if actor else []

    return await here.store.transact(look)


def read(folder: Path) -> list[bytes]:
    """Every file of the database."""
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


def said(letters: list[Letter]) -> str:
    """All that was sent, as one text."""
    return "\n".join(letter.text for letter in letters)


async def test_a_code_is_made_in_the_chat_and_lets_one_person_in(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    told = said(await here.says("yuni", "undang perian kades Budi Santoso"))
    found = CODE.search(told)
    assert found
    assert "Budi Santoso" in said(await here.says("budi", found[0]))
    assert await offices(here, "budi") == [Office(Role.HEAD, "64.02", PERIAN)]
    await here.says("lain", found[0])
    assert await offices(here, "lain") == []


@pytest.mark.parametrize(
    "form", ["{0}", "{1}", "{2}", "/start {1}", "/start {0}", "start {0}", "mulai {0}", " {0} ", "{3}"]
)
async def test_a_code_may_be_typed_in_any_of_these_ways(here: World, form: str) -> None:
    made = await code(here)
    await here.says("budi", form.format(made, made.replace("-", ""), made.lower(), made.replace("-", " ")))
    assert await offices(here, "budi") == [Office(Role.HEAD, "64.02", PERIAN)]


async def test_a_code_ends_after_a_week(here: World) -> None:
    made = await code(here)
    here.clock.move(START + LIFE)
    await here.says("budi", made)
    assert await offices(here, "budi") == []


async def test_a_wrong_an_expired_and_a_used_code_are_answered_with_the_same_words(here: World) -> None:
    expired = await code(here)
    here.clock.move(START + LIFE)
    used = await code(here)
    await here.says("budi", used)
    answers = {said(await here.says(f"asing{n}", text)) for n, text in enumerate((WRONG, expired, used))}
    assert len(answers) == 1
    assert "" not in answers


async def test_of_two_who_send_the_same_code_at_once_one_gets_in(here: World) -> None:
    made = await code(here)
    both = [memory.arrival(user, START, 500 + n, text=made) for n, user in enumerate(("budi", "lain"))]
    await here.engine.inbox.accept(both)
    await here.engine.settle()
    assert sorted([len(await offices(here, user)) for user in ("budi", "lain")]) == [0, 1]


async def test_after_five_wrong_codes_even_the_right_one_waits_an_hour(here: World) -> None:
    made = await code(here)
    for _ in range(TRIES):
        await here.says("budi", WRONG)
    await here.says("budi", made)
    assert await offices(here, "budi") == []
    here.clock.move(START + timedelta(minutes=61))
    await here.says("budi", made)
    assert len(await offices(here, "budi")) == 1


async def test_one_who_guesses_stops_nobody_else(here: World) -> None:
    made = await code(here)
    for _ in range(TRIES + 1):
        await here.says("penebak", WRONG)
    await here.says("budi", made)
    assert len(await offices(here, "budi")) == 1


async def test_guessing_every_hour_of_a_week_finds_nothing_in_any_lifetime(here: World) -> None:
    tries_in_a_week = TRIES * 24 * 7
    accounts, open_codes = 1000, 400
    assert tries_in_a_week * accounts * open_codes / len(ALPHABET) ** LENGTH < 1e-6
    assert len({await code(here) for _ in range(50)}) == 50


async def test_a_code_stands_in_no_file(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        made = (await code(here)).replace("-", "")
        contents = read(tmp_path)
    assert all(made.encode() not in content for content in contents)


async def test_a_code_in_a_group_lets_nobody_in(here: World) -> None:
    made = await code(here)
    await here.open_room("#kantor", "64.02", "office")
    for text in (made, f"/start {made}"):
        await here.says("budi", text, chat="#kantor")
    assert await offices(here, "budi") == []
    assert here.new() == []


async def test_a_forwarded_code_lets_nobody_in(here: World) -> None:
    await here.says("budi", await code(here), forwarded=True)
    assert await offices(here, "budi") == []


@pytest.mark.parametrize("form", ["/start {}", "{}"])
async def test_who_is_in_already_gets_one_more_office(here: World, form: str) -> None:
    await here.appoint("budi", "Budi", Role.SECRETARY, "64.02.01.2002")
    await here.says("budi", form.format(await code(here)))
    assert len(await offices(here, "budi")) == 2


async def test_a_person_adds_a_second_address_of_their_own(here: World) -> None:
    first = await here.appoint("budi", "Budi", Role.HEAD, PERIAN)
    found = CODE.search(said(await here.says("budi", "tautkan")))
    assert found
    await here.says("budi_wa", found[0])
    assert await offices(here, "budi_wa") == []  # not before a day is over
    await here.move(here.clock.now() + timedelta(hours=24))
    assert await offices(here, "budi_wa") == await offices(here, "budi")
    same = await here.store.transact(lambda tx: {row[0] for row in tx.all("SELECT person FROM address")})
    assert same == {first}


_LEAVE = "UPDATE official SET until = '2026-11-22' WHERE person = :person"


async def _own_code(here: World, user: str) -> str:
    """The code with which somebody links another account of theirs."""
    found = CODE.search(said(await here.says(user, "tautkan")))
    assert found
    return found[0]


@pytest.mark.parametrize("who", ["baru", "ratna"])
async def test_a_code_for_another_account_dies_with_the_office(here: World, who: str) -> None:
    darma = await here.appoint("darma", "Darma", Role.HEAD, PERIAN)
    await here.appoint("ratna", "Ratna", Role.SECRETARY, "64.02.01.2002")
    made = await _own_code(here, "darma")
    await here.store.transact(lambda tx: tx.run(_LEAVE, person=darma))
    before = await offices(here, who)
    told = said(await here.says(who, made))
    assert "Darma" not in told
    assert "Selamat datang" not in told
    assert await offices(here, who) == before


async def test_a_code_for_another_account_does_not_take_the_account_of_somebody_else(here: World) -> None:
    await here.appoint("darma", "Darma", Role.HEAD, PERIAN)
    await here.appoint("ratna", "Ratna", Role.SECRETARY, "64.02.01.2002")
    told = said(await here.says("ratna", await _own_code(here, "darma")))
    assert "Darma" not in told
    assert await offices(here, "ratna") == [Office(Role.SECRETARY, "64.02", "64.02.01.2002")]


@pytest.mark.parametrize(
    ("role", "place"), [(Role.ADMIN, "64.02"), (Role.VIEWER, "61.08"), (Role.HEAD, PERIAN)]
)
async def test_everybody_in_office_may_add_an_account(here: World, role: Role, place: str) -> None:
    await here.appoint("yuni", "Yuni", role, place)
    await here.says("yuni_wa", await _own_code(here, "yuni"))
    await here.move(here.clock.now() + timedelta(hours=24))
    assert len(await offices(here, "yuni_wa")) == 1


async def test_who_left_one_of_two_offices_may_still_add_an_account(here: World) -> None:
    person = await here.appoint("yuni", "Yuni", Role.HEAD, PERIAN)
    await here.appoint("yuni", "Yuni", Role.HEAD, "64.02.01.2002")
    made = await _own_code(here, "yuni")
    await here.store.transact(
        lambda tx: tx.run(f"{_LEAVE} AND village = :village", person=person, village=PERIAN)
    )
    told = said(await here.says("yuni_wa", made))
    assert "Desa Perian" not in told


async def test_a_strangers_request_is_kept_sealed_until_they_are_in(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.says("budi", "saya kades perian, 081234567890", name="Budi Kanarianto")
        contents = read(tmp_path)
        visitors = "SELECT COUNT(*) FROM visitor"
        assert await here.store.transact(lambda tx: tx.one(visitors)[0]) == 1
        await here.says("budi", await code(here))
        assert await here.store.transact(lambda tx: tx.one(visitors)[0]) == 0
    assert all(b"Kanarianto" not in content and b"081234567890" not in content for content in contents)


async def test_a_stranger_who_writes_on_and_on_is_answered_once_a_minute(here: World) -> None:
    for _ in range(30):
        await here.says("budi", "halo")
    assert len(here.channel.sent) <= 3


async def test_each_link_is_noted_without_names(here: World) -> None:
    await here.says("budi", await code(here))
    rows = await here.store.transact(
        lambda tx: [dict(row) for row in tx.all("SELECT action, details FROM audit")]
    )
    assert [row["action"] for row in rows] == ["link"]
    assert "Budi" not in str(rows)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "halo",
        "ABCD-EFGH",
        "0000-0000-0000",
        "OOOO-IIII-1111",
        "ABCD-EFGH-JKLM-N",
        "https://t.me/x?start=A",
        "-" * 12,
    ],
)
def test_what_does_not_look_like_a_code_is_none(text: str) -> None:
    assert invitations.as_code(text) is None


# -- taken back -------------------------------------------------------------------------------


async def invited(here: World, line: str = "undang jembayan sekdes Cahyo") -> str:
    """The code that an administrator was given for this line."""
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    found = CODE.search(said(await here.says("yuni", line)))
    assert found
    return found[0]


async def test_a_code_that_was_taken_back_lets_nobody_in(here: World) -> None:
    made = await invited(here)
    await here.presses("yuni", "Batalkan kode")
    await here.says("cahyo", made)
    assert await offices(here, "cahyo") == []
    sql = "SELECT action, object FROM audit ORDER BY seq"
    acts = await here.store.transact(lambda tx: [tuple(row) for row in tx.all(sql)])
    assert acts == [(action, "64.02.02.2003") for action in ("invite", "withdraw_code")]


async def test_a_code_that_was_used_is_not_taken_back(here: World) -> None:
    made = await invited(here)
    await here.says("cahyo", made)
    told = said(await here.presses("yuni", "Batalkan kode"))
    assert "sudah dipakai" in told
    assert len(await offices(here, "cahyo")) == 1


async def test_another_districts_administrator_takes_no_code_back(here: World) -> None:
    made = await invited(here)
    await here.appoint("landak", "Landak", Role.ADMIN, "61.08")
    told = said(await here.says("landak", "batalkan kode jembayan sekdes"))
    assert "Tidak ada kode undangan" in told
    await here.says("cahyo", made)
    assert len(await offices(here, "cahyo")) == 1


@pytest.mark.parametrize(("button", "works"), [("Ganti kode lama", False), ("Buat kode kedua", True)])
async def test_a_second_code_for_a_post_is_asked_about(here: World, button: str, works: bool) -> None:
    first = await invited(here)
    assert not CODE.search(said(await here.says("yuni", "undang jembayan sekdes Umar")))
    second = CODE.search(said(await here.presses("yuni", button)))
    assert second
    await here.says("cahyo", first)
    assert bool(await offices(here, "cahyo")) is works
    await here.says("umar", second[0])
    assert len(await offices(here, "umar")) == 1


async def test_the_office_invites_many_to_one_of_its_own_posts(here: World) -> None:
    await invited(here, "undang petugas Rina")
    assert CODE.search(said(await here.says("yuni", "undang petugas Tono")))
    assert not CODE.search(said(await here.says("yuni", "undang petugas Rina")))


@pytest.mark.parametrize(
    "text",
    [
        "batal",
        "salah",
        "salah orang",
        "batal undangan jembayan",
        "hapus kodenya",
        "tarik kode cahyo",
    ],
)
async def test_the_code_that_was_just_made_is_offered_to_be_taken_back(here: World, text: str) -> None:
    made = await invited(here)
    assert "Cahyo" in said(await here.says("yuni", text))
    await here.presses("yuni", "Batalkan Cahyo, Jembayan")
    await here.says("cahyo", made)
    assert await offices(here, "cahyo") == []


async def test_a_code_of_yesterday_is_not_meant_by_batal(here: World) -> None:
    await invited(here)
    here.clock.move(START + timedelta(days=1))
    assert "Tidak ada isian" in said(await here.says("yuni", "batal"))


# -- read back --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Rina Marlina", "siapa petugas desa perian", "ok nanti saya kabari", "eh salah, kades", "tanpa nama"],
)
async def test_no_code_is_made_of_what_was_typed_at_the_question(here: World, text: str) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.says("yuni", "undang petugas")
    assert not CODE.search(said(await here.says("yuni", text)))
    assert CODE.search(said(await here.presses("yuni", "Buat kode")))


async def test_a_yes_of_hours_later_is_asked_for_again(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    await here.says("yuni", "undang petugas")
    await here.says("yuni", "Rina")
    here.clock.move(here.clock.now() + timedelta(hours=3))
    assert not CODE.search(said(await here.says("yuni", "ya")))
    assert CODE.search(said(await here.says("yuni", "ya")))


@pytest.mark.parametrize(
    "text", ["undang admin Bowo", "desa perian gimana", "akhiri perian kades", "rekap", "undang"]
)
async def test_a_command_is_no_name(here: World, text: str) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    for opened in ("undang petugas", "undang petugas 12 orang"):
        await here.says("yuni", opened)
        told = said(await here.says("yuni", text))
        assert "Petugas, DPMD" not in told


async def test_a_name_that_reads_like_more_is_read_back_even_in_one_line(here: World) -> None:
    await here.appoint("yuni", "Yuniarti", Role.ADMIN, "64.02")
    assert not CODE.search(said(await here.says("yuni", "undang petugas Fitri & sekdes Amir")))
    assert "Fitri" in here.channel.sent[-1].text
