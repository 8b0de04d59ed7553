"""What the office sees in its group and in private, and what it sends by hand."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

import handlers
from bot import backup, health, ledger
from bot.domain import office_phrases
from bot.domain.months import Month
from bot.domain.offices import DISTRICT, Office, Role
from bot.errors import GiveUp, Invalid
from bot.messages import Kind, Letter
from bot.routing import LINKED, Where
from bot.store import (
    bills,
    employers,
    invitations,
    members,
    office,
    payments,
    people,
    places,
    records,
    reminding,
)
from bot.store.bills import Reckoned
from bot.store.database import Tx
from bot.store.employers import Employer, Payer
from bot.store.invitations import Invitation
from bot.store.records import Act
from bot.texts import FOLDER
from handlers.office import coming, system
from handlers.office.command_help import HELPS
from tests.test_schedule import insured
from tests.world import PERIAN, World, rulebook

pytestmark = pytest.mark.slow

KUKAR = "64.02"
ANGGANA = "64.02.04"  # a kecamatan with a village of the same name
OFFICE, FORUM = "#kantor", "#forum"
OCT, NOV = Month(2026, 10), Month(2026, 11)
DUE = {OCT: date(2026, 11, 16), NOV: date(2026, 12, 15)}
#: What stands in cards of a village beside its name.
PHONE = "081234567890"


async def staff(here: World) -> None:
    """One of each office, a group of each kind."""
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await here.appoint("sari", "Sari Melati", Role.OPERATOR, KUKAR)
    await here.appoint("dewi", "Dewi Anggraini", Role.VIEWER, KUKAR)
    await here.appoint("rudi", "Rudi Hartono", Role.BRANCH, KUKAR)
    await here.appoint("bima", "Bima Prakasa", Role.ADMIN, "61.08")
    await here.open_room(OFFICE, KUKAR, "office")
    await here.open_room(FORUM, KUKAR, "forum")


async def camat(here: World, subdistrict: str) -> None:
    """Somebody who looks after one kecamatan."""
    person = await here.appoint("joko", "Joko Susilo", Role.CAMAT, KUKAR)
    sql = "UPDATE official SET subdistrict = :sub WHERE person = :person"
    await here.store.transact(lambda tx: tx.run(sql, sub=subdistrict, person=person))


def owing(tx: Tx, codes: list[str], months: tuple[Month, ...] = (OCT,), ours: int | None = 50_000) -> None:
    """Villages that are registered and have open bills."""
    for code in codes:
        employers.put(tx, Employer(code, "AB123456", "2020", OCT), None, datetime(2026, 11, 1, tzinfo=UTC))
        for month in months:
            bills.reckoned(
                tx,
                Reckoned(code, month, "PU", KUKAR, DUE[month], 5, ours, None),
                datetime(2026, 11, 1, tzinfo=UTC),
            )


def codes(tx: Tx, count: int) -> list[str]:
    """The first villages of the district."""
    return [village.code for village in places.villages(tx, KUKAR)][:count]


async def group(here: World, user: str, text: str, chat: str = OFFICE) -> dict[str, list[Letter]]:
    """What is said because of a message in a group, by chat."""
    found: dict[str, list[Letter]] = {}
    for letter in await here.says(user, text, chat=chat):
        found.setdefault(letter.to.chat, []).append(letter)
    return found


def texts(letters: list[Letter]) -> str:
    return "\n".join(letter.text for letter in letters)


# -- one village -------------------------------------------------------------------------------


async def _perian(here: World) -> None:
    await insured(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)

    def fill(tx: Tx) -> None:
        contact = {"name": "Wayan Sudira", "post": "Kaur Umum", "phone": "+6281234567890"}
        employers.put_contact(tx, PERIAN, contact, 1, here.clock.now())

    await here.store.transact(fill)


async def test_the_card_in_the_group_has_counts_and_offices_and_nobodys_name(here: World) -> None:
    await staff(here)
    await _perian(here)
    [card] = (await group(here, "sari", "/desa perian"))[OFFICE]
    assert "Terdaftar sejak 1 November 2026" in card.text
    assert "1 orang: Perangkat Desa 1 (1 diajukan)" in card.text
    assert "November 2026, jatuh tempo 15 Desember 2026" in card.text
    assert "Dapat dijangkau: Kaur Keuangan" in card.text
    assert not any(said in card.text for said in ("Siti", "Darma", "Wayan", PHONE, "Rp"))
    assert [choice.label for choice in card.choices] == ["Buka di chat pribadi", "Ingatkan"]


async def test_each_colleague_opens_the_contacts_in_their_own_chat(here: World) -> None:
    await staff(here)
    await _perian(here)
    await group(here, "sari", "/desa perian")
    for user, phone in (("rudi", True), ("sari", True), ("dewi", False)):
        letters = await here.presses(user, "Buka di chat pribadi", OFFICE)
        said = texts([letter for letter in letters if letter.to.chat == user])
        assert "Kaur Keuangan: Darma Wijaya, dapat dijangkau" in said
        assert "Wayan Sudira" in said
        assert (PHONE in said) is phone  # who only looks does not call
        assert not any(letter.text and letter.to.chat == OFFICE for letter in letters)


async def test_a_card_tells_what_the_village_said_and_reported(here: World) -> None:
    await staff(here)
    await _perian(here)
    here.clock.move(datetime(2026, 12, 8, 1, 1, tzinfo=UTC))
    await here.says("darma", "dana belum cair")
    [card] = (await group(here, "sari", "/desa perian"))[OFFICE]
    assert "Menurut desa: dana belum cair." in card.text
    person = card.text  # the report replaces what was open
    await here.store.transact(
        lambda tx: ledger.report(tx, payments.New(PERIAN, "PU", NOV, 1, 10_920), 1, here.clock.now())
    )
    [card] = (await group(here, "sari", "/desa perian"))[OFFICE]
    assert card.text != person
    assert "Laporan terakhir: November 2026, dilaporkan, 8 Desember 2026" in card.text
    assert "Rp" not in card.text
    assert "Rp10.920" in texts(await here.says("sari", "/desa perian"))


async def test_one_who_cannot_be_reached_and_one_never_linked_are_told_apart(here: World) -> None:
    await staff(here)
    await _perian(here)
    sql = "UPDATE address SET reachable = 0 WHERE user = 'darma'"
    await here.store.transact(lambda tx: tx.run(sql))
    assert "Petugasnya tidak dapat dijangkau; terakhir" in texts(await here.says("sari", "/desa perian"))
    assert "Belum ada petugas yang tertaut" in texts(await here.says("sari", "/desa loh sumber"))


async def test_names_repeat_and_are_mistyped(here: World) -> None:
    await staff(here)
    [asked] = await here.says("sari", "/desa sidomulyo")
    assert [choice.label for choice in asked.choices] == ["Sidomulyo, Kec. Anggana", "Sidomulyo, Kec. Tabang"]
    assert "Kec. Tabang" in texts(await here.presses("sari", "Sidomulyo, Kec. Tabang"))
    assert "Kec. Tabang" in texts(await here.says("sari", "/desa Sidomulyo, Kec. Tabang"))
    assert "Kec. Anggana" in texts(await here.says("sari", "/desa sidomulyo anggana"))
    assert "Desa Kota Bangun Ulu" in texts(await here.says("sari", "desa kota bangun ulu"))
    assert "Desa Muara Pantuan" in texts(await here.says("sari", "/desa muara pantuam"))


async def test_of_what_lies_elsewhere_no_more_is_told_than_that_it_does(here: World) -> None:
    await staff(here)
    await camat(here, ANGGANA)
    assert "tidak saya temukan" in texts(await here.says("joko", "/desa qwertyuiop"))
    beyond = texts(await here.says("joko", "/desa bukit layang"))
    place = "Desa Bukit Layang, Kec. Kembang Janggut"
    assert beyond == f"{place} di luar wilayah Bapak/Ibu. Yang bisa dilihat: Kec. Anggana."
    assert beyond == texts((await group(here, "joko", "/desa bukit layang"))[OFFICE])
    await here.says("sari", "/desa perian", chat=OFFICE)
    letters = await here.presses("joko", "Buka di chat pribadi", OFFICE)
    assert "Perian" not in texts(letters)
    assert "8 belum" in texts(await here.says("joko", "/rekap"))
    assert "Kec. Anggana" in texts(await here.says("joko", "/rekap"))


async def test_a_forum_hears_nothing_of_one_village(here: World) -> None:
    await staff(here)
    await _perian(here)
    said = await group(here, "sari", "/desa perian", FORUM)
    assert texts(said[FORUM]) == "Sudah saya kirim lewat chat pribadi."
    assert "Darma Wijaya" in texts(said["sari"])


@pytest.mark.parametrize(
    "command", ["/telepon", "/telepon cetak", "/siaran", "/akhiri perian", "/audit perian"]
)
async def test_who_blocked_the_bot_is_told_in_the_group_how_to_go_on(here: World, command: str) -> None:
    await staff(here)
    await here.store.transact(lambda tx: people.set_reachable(tx, "memory", "yuni", reachable=False))
    said = await group(here, "yuni", command)
    assert texts(said[OFFICE]).count("ketik MENU") == 1
    assert list(said) == [OFFICE]


# -- lists -------------------------------------------------------------------------------------


async def test_who_owes_longest_stands_first_and_pages_turn_in_place(here: World) -> None:
    await staff(here)

    def fill(tx: Tx) -> None:
        every = codes(tx, 23)
        owing(tx, every)
        september = Month(2026, 9)
        bills.reckoned(
            tx,
            Reckoned(every[20], september, "PU", KUKAR, date(2026, 10, 15), 5, 50_000, None),
            here.clock.now(),
        )

    await here.store.transact(fill)
    [first] = (await group(here, "sari", "/menungak"))[OFFICE]
    assert (
        "23 desa menunggak, Kutai Kartanegara, 23 November 2026, jumlahnya Rp1.200.000"
        in first.text.replace("*", "")
    )
    assert first.text.split("\n")[1].endswith(": 2 bulan, sejak September 2026")
    assert [choice.label for choice in first.choices] == ["Berikutnya"]
    number = str(here.channel.sent.index(first) + 1)
    [second] = [one for one in await here.presses("sari", "Berikutnya", OFFICE) if one.text]
    assert second.kind is Kind.EDIT
    assert second.message == number
    assert second.text.split("\n")[1].startswith("11. ")
    [third] = [one for one in await here.presses("sari", "Berikutnya", OFFICE) if one.text]
    assert [choice.label for choice in third.choices] == ["Sebelumnya"]
    [back] = [one for one in await here.presses("sari", "Sebelumnya", OFFICE) if one.text]
    assert back.text == second.text
    assert (await here.presses("rudi", "Berikutnya", OFFICE))[0].kind is Kind.ANSWER  # a page is its reader's


async def test_only_those_who_owe_so_many_months_are_listed_on_every_page(here: World) -> None:
    await staff(here)

    def fill(tx: Tx) -> None:
        owing(tx, codes(tx, 23))
        for code in codes(tx, 12):
            new = Reckoned(code, Month(2026, 9), "PU", KUKAR, date(2026, 10, 15), 5, 50_000, None)
            bills.reckoned(tx, new, here.clock.now())

    await here.store.transact(fill)
    [first] = await here.says("sari", "desa menunggak 2 bulan")
    assert "12 desa menunggak 2 bulan atau lebih*, Kutai Kartanegara" in first.text
    [second] = [one for one in await here.presses("sari", "Berikutnya") if one.text]
    assert "12 desa menunggak 2 bulan atau lebih" in second.text
    assert [line[:3] for line in second.text.split("\n")[1:3]] == ["11.", "12."]
    said = await group(here, "sari", "/menunggak lebih dari 1 bulan", FORUM)
    assert texts(said[FORUM]) == "Sudah saya kirim lewat chat pribadi."


async def test_a_sum_that_is_not_known_of_each_is_not_told(here: World) -> None:
    await staff(here)
    await here.store.transact(lambda tx: (owing(tx, codes(tx, 2)), owing(tx, codes(tx, 3)[2:], ours=None)))
    [said] = await here.says("dewi", "menunggak")
    assert "3 desa" in said.text
    assert "Rp" not in said.text


async def test_a_forum_hears_how_many_and_who_asked_reads_which(here: World) -> None:
    await staff(here)
    await here.store.transact(lambda tx: owing(tx, codes(tx, 3)))
    said = await group(here, "sari", "/menunggak", FORUM)
    assert "3 desa menunggak. Daftarnya" in texts(said[FORUM])
    names = [village.name for village in await here.store.transact(lambda tx: places.villages(tx, KUKAR))]
    assert not any(name in texts(said[FORUM]) for name in names)
    assert names[0] in texts(said["sari"])
    one = await group(here, "sari", "/menunggak anggana", FORUM)
    assert "desa" not in texts(one[FORUM])  # a kecamatan with one such village would name it


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("", "2026-12"),
        ("bulan ini", "2026-12"),
        ("januari", "2027-01"),  # the running one, as for a report
        ("desember", "2026-12"),
        ("jan 2026", "2026-01"),
        ("10", "2026-10"),
        ("10/2026", "2026-10"),
        ("2026-11", "2026-11"),
        ("oktober tahun 2025", "2025-10"),
        ("okt nov", ""),
        ("2 bulan terakhir", ""),
        ("tahun ini", ""),
        ("99", ""),
    ],
)
def test_the_month_that_is_named(said: str, month: str) -> None:
    today = date(2027, 1, 12)
    if month:
        assert str(office_phrases.one_month(said, today)) == month
    else:
        with pytest.raises(Invalid):
            office_phrases.one_month(said, today)


def reported(tx: Tx, code: str, segment: str = "PU", month: Month = OCT) -> None:
    """A village has paid all of a month, by our books."""
    bill = bills.get(tx, code, segment, month)
    assert bill is not None
    bills.settle(tx, bill, 50_000, settled=True)


async def test_a_camat_reads_who_reported_in_the_own_kecamatan_alone(here: World) -> None:
    await staff(here)
    await camat(here, ANGGANA)
    anggana = await here.store.transact(
        lambda tx: next(one.code for one in places.villages(tx, KUKAR) if one.code.startswith(f"{ANGGANA}."))
    )

    def fill(tx: Tx) -> None:
        owing(tx, [PERIAN, anggana])
        reported(tx, PERIAN)
        reported(tx, anggana)

    await here.store.transact(fill)
    assert "*2 dari 2 desa" in texts(await here.says("sari", "terbayar"))
    told = texts(await here.says("joko", "terbayar"))
    assert "*1 dari 1 desa" in told
    assert "Perian" not in told


async def test_who_reported_one_segment_has_not_reported_all(here: World) -> None:
    await staff(here)

    def fill(tx: Tx) -> None:
        owing(tx, [PERIAN])
        new = Reckoned(PERIAN, OCT, "BPU", KUKAR, date(2026, 10, 15), 2, 30_000, None)
        bills.reckoned(tx, new, here.clock.now())
        reported(tx, PERIAN)

    await here.store.transact(fill)
    assert "Belum ada yang melaporkan seluruh iuran Oktober 2026 dari 1" in texts(
        await here.says("sari", "terbayar")
    )
    assert "*1 dari 1 desa sudah melaporkan seluruh iuran Oktober 2026*" in texts(
        await here.says("sari", "terbayar pu")
    )
    assert "Belum ada yang melaporkan seluruh iuran Oktober 2026 BPU dari 1" in texts(
        await here.says("sari", "terbayar bpu okt")
    )


async def test_pages_of_who_reported_turn_within_the_month_and_the_segment(here: World) -> None:
    await staff(here)

    def fill(tx: Tx) -> None:
        owing(tx, codes(tx, 12), (OCT, NOV))
        for code in codes(tx, 12):
            reported(tx, code)

    await here.store.transact(fill)
    told = "*12 dari 12 desa sudah melaporkan seluruh iuran Oktober 2026*"
    assert told in texts(await here.says("sari", "terbayar okt pu"))
    [second] = [one for one in await here.presses("sari", "Berikutnya") if one.text]
    assert told in second.text
    assert [line[:3] for line in second.text.split("\n")[1:]] == ["11.", "12."]


async def test_a_village_that_says_the_word_reports_its_own_dues(here: World) -> None:
    await staff(here)
    await _perian(here)
    for said in ("sudah terbayar", "sdh terbayar pak"):
        assert "Maksudnya iuran *November 2026*" in texts(await here.says("darma", said))
    for said in ("sudah terbayar belum", "terbayar?"):  # a question is none
        assert "Maksudnya" not in texts(await here.says("darma", said))


@pytest.mark.parametrize("forgotten", [False, True])
async def test_a_number_below_a_list_ends_nobodys_office(here: World, forgotten: bool) -> None:
    await staff(here)
    await _perian(here)
    await here.store.transact(lambda tx: owing(tx, codes(tx, 2)))
    [asked] = await here.says("yuni", "akhiri darma")
    await here.says("yuni", "menunggak")
    if forgotten:  # the message that asked is gone after some days, its buttons are not
        await here.store.transact(lambda tx: tx.run("DELETE FROM outbox WHERE key = :key", key=asked.key))
    assert "Pilihannya tadi" in texts(await here.says("yuni", "1"))
    assert "sudah berakhir" in texts(await here.says("yuni", "1"))  # it was named once more


async def test_the_numbers_of_the_lists_are_those_of_the_recap(here: World) -> None:
    await staff(here)
    await here.store.transact(lambda tx: owing(tx, codes(tx, 3)))
    recap = texts(await here.says("sari", "/rekap"))
    assert "3 terdaftar (3 menunggak) · 190 belum" in recap
    assert "3 desa menunggak" in texts(await here.says("sari", "/menunggak"))
    assert "190 desa belum terdaftar" in texts(await here.says("sari", "belum daftar"))


async def test_a_village_officer_who_says_the_word_means_their_own_bill(here: World) -> None:
    await staff(here)
    await _perian(here)
    assert "Rp" in texts(await here.says("darma", "menunggak"))
    assert "menu itu khusus" in texts(await here.says("darma", "/menunggak"))
    assert "menu itu khusus" not in texts(await here.says("darma", "desa kami sudah rapat"))


# -- what waits --------------------------------------------------------------------------------


async def test_proofs_are_counted_in_the_group_and_opened_in_private(here: World) -> None:
    await staff(here)
    await _perian(here)
    await here.store.transact(
        lambda tx: ledger.report(tx, payments.New(PERIAN, "PU", NOV), 1, here.clock.now() - timedelta(days=3))
    )
    [card] = (await group(here, "rudi", "/bukti"))[OFFICE]
    assert (
        "1 laporan bayar* dari 1 desa menunggu diperiksa, yang terlama sejak 20 November 2026 (3 hari)"
        in card.text
    )
    assert "Perian" not in card.text
    for user in ("sari", "rudi"):
        letters = [one for one in await here.presses(user, "Buka di chat pribadi", OFFICE) if one.text]
        assert [one.to.chat for one in letters] == [user, OFFICE]
        assert "Perian" in letters[0].choices[0].label
    assert not any(one.text for one in await here.presses("dewi", "Buka di chat pribadi", OFFICE))
    label = letters[0].choices[0].label
    assert "Desa Perian" in texts(await here.presses("rudi", label))


async def test_who_serves_two_districts_opens_the_list_of_the_groups_own(here: World) -> None:
    await staff(here)
    await _perian(here)
    await here.appoint("rudi", "Rudi Hartono", Role.ADMIN, "61.08")
    await here.says("rudi", "ganti kabupaten")
    await here.presses("rudi", "Landak")
    [card] = (await group(here, "rudi", "/ajuan"))[OFFICE]
    assert "1 orang* dari 1 desa menunggu dipastikan aktif, yang terlama sejak 23 November 2026" in card.text
    letters = [one for one in await here.presses("rudi", "Buka di chat pribadi", OFFICE) if one.text]
    assert letters[0].to.chat == "rudi"
    assert "Siti Aminah" in texts(await here.presses("rudi", letters[0].choices[0].label))


# -- reminders by hand -------------------------------------------------------------------------


async def _three_villages(here: World) -> list[str]:
    """One with somebody to write to, one who blocked the bot, one with nobody; and one the district pays for."""
    await staff(here)
    every = await here.store.transact(lambda tx: codes(tx, 4))
    await here.appoint("ani", "Ani Rahmawati", Role.TREASURER, every[0])
    await here.appoint("budi", "Budi Santoso", Role.HEAD, every[1])

    def fill(tx: Tx) -> None:
        owing(tx, every)
        people.set_reachable(tx, "memory", "budi", reachable=False)
        paid_for = Employer(every[3], "AB1", "2020", OCT, Payer.TREASURY)
        employers.put(tx, paid_for, None, here.clock.now())

    await here.store.transact(fill)
    return every


async def test_it_is_asked_first_who_gets_a_reminder_and_who_will_not(here: World) -> None:
    every = await _three_villages(here)
    here.clock.move(here.clock.now() + timedelta(hours=1))
    [asked] = (await group(here, "sari", "/ingatkan menunggak"))[OFFICE]
    assert (
        "1 desa akan diingatkan* (menunggak, Kutai Kartanegara), satu pesan tiap desa: Anggana (Oktober 2026)"
        in asked.text
    )
    assert "belum ada petugas yang tertaut: 1 desa (Kutai Lama)" in asked.text
    assert "petugasnya tidak dapat dijangkau: 1 desa (Handil Terusan)" in asked.text
    assert "dibayar kabupaten: 1 desa (Muara Pantuan)" in asked.text
    letters = await here.presses("sari", "Ya, ingatkan 1 desa", OFFICE)
    told = [one for one in letters if one.text and one.to.chat == OFFICE][-1]
    assert "1 desa diingatkan" in told.text
    assert "Kutai Lama" in told.text
    [reminder] = [one for one in letters if one.to.chat == "ani"]
    assert "Iuran Oktober 2026, Desa Anggana, Kec. Anggana, belum tercatat" in reminder.text
    assert reminder.choices[0].label == "Sudah bayar"
    row = await here.store.transact(
        lambda tx: tx.one("SELECT about, lane, reason FROM outbox WHERE key LIKE 'asked:%'")
    )
    assert (row["about"], row["lane"]) == (f"{every[0]}:2026-10", 3)
    assert row["reason"].startswith(f"unpaid:{every[0]}:PU:2026-10:")
    acts = await here.store.transact(lambda tx: office.acts(tx, every[0], 0, 9))
    assert [(one.actor, one.action) for one in acts] == [("Sari Melati", "remind")]


async def test_a_village_is_reminded_by_hand_once_a_day(here: World) -> None:
    await _three_villages(here)
    await here.says("sari", "/ingatkan desa anggana")
    await here.says("yuni", "/ingatkan desa anggana")
    assert "1 desa diingatkan" in texts(await here.presses("sari", "Ya, ingatkan 1 desa"))
    late = await here.presses("yuni", "Ya, ingatkan 1 desa")  # asked before the first one was sent
    assert "0 desa diingatkan" in texts(late)
    assert "sudah diingatkan hari ini: 1 desa (Anggana)" in texts(late)
    assert not any(one.to.chat == "ani" for one in late)
    await here.move(here.clock.now() + timedelta(days=1))
    await here.says("sari", "/ingatkan desa anggana")
    letters = await here.presses("sari", "Ya, ingatkan 1 desa")
    assert any(one.to.chat == "ani" for one in letters)


async def test_at_night_it_waits_for_the_morning_and_goes_if_it_is_still_true(here: World) -> None:
    every = await _three_villages(here)
    here.clock.move(datetime(2026, 11, 24, 13, tzinfo=UTC))  # 21.00 WITA
    [asked] = (await group(here, "sari", "/ingatkan desa anggana"))[OFFICE]
    assert "dikirim Rabu, 25 November 2026 07.00 WITA" in asked.text
    letters = await here.presses("sari", "Ya, ingatkan 1 desa", OFFICE)
    assert not any(one.to.chat == "ani" for one in letters)
    assert any(one.to.chat == "ani" for one in await here.move(datetime(2026, 11, 25, 0, tzinfo=UTC)))
    here.clock.move(datetime(2026, 11, 25, 13, tzinfo=UTC))
    await here.says("sari", "/ingatkan desa anggana")
    await here.presses("sari", "Ya, ingatkan 1 desa")
    await here.store.transact(
        lambda tx: ledger.report(tx, payments.New(every[0], "PU", OCT), 1, here.clock.now())
    )
    assert not any(one.to.chat == "ani" for one in await here.move(datetime(2026, 11, 26, 3, tzinfo=UTC)))


async def test_a_village_that_registered_nobody_is_told_that(here: World) -> None:
    await staff(here)
    await here.appoint("ani", "Ani Rahmawati", Role.TREASURER, PERIAN)
    await here.says("sari", "/ingatkan belum daftar Muara Muntai", chat=OFFICE)
    letters = await here.presses("sari", "Ya, ingatkan 1 desa", OFFICE)
    [said] = [one for one in letters if one.to.chat == "ani"]
    assert "Belum ada yang terdaftar* dari Desa Perian" in said.text
    row = await here.store.transact(lambda tx: tx.one("SELECT about FROM outbox WHERE key LIKE 'asked:%'"))
    assert row["about"] == f"{PERIAN}:2026-11"


async def test_a_village_and_a_kecamatan_of_one_name_are_told_apart(here: World) -> None:
    await _three_villages(here)
    [asked] = await here.says("sari", "/ingatkan anggana")
    assert [choice.label for choice in asked.choices] == ["Desa Anggana, Kec. Anggana", "Kecamatan Anggana"]
    [all_] = [one for one in await here.presses("sari", "Kecamatan Anggana") if one.text]
    assert "(Kec. Anggana)" in all_.text
    assert "Tidak ada desa" in texts(await here.says("sari", "/ingatkan kec. tabang"))
    assert "Batal" in [choice.label for choice in all_.choices]
    assert "Baik, tidak ada yang dikirim." in texts(await here.presses("sari", "Batal"))


async def test_a_kecamatan_names_also_the_villages_of_which_nothing_is_due(here: World) -> None:
    await _three_villages(here)

    def register(tx: Tx) -> str:
        found = codes(tx, 6)
        for code in found[4:]:
            employers.put(tx, Employer(code, "AB2", "2020", OCT), None, here.clock.now())
        return ", ".join(one.name for one in places.villages(tx, "64.02") if one.code in found[4:])

    names = await here.store.transact(register)
    asked = texts(await here.says("sari", "/ingatkan kec. anggana"))
    assert f"Tidak diingatkan, tidak ada yang jatuh tempo: 2 desa ({names})." in asked
    assert f"tidak ada yang jatuh tempo: 2 desa ({names})" in texts(
        await here.presses("sari", "Ya, ingatkan 1 desa")
    )
    assert "tidak ada yang jatuh tempo" not in texts(await here.says("sari", "/ingatkan menunggak"))


@pytest.mark.parametrize("user", ["dewi", "rudi", "bima", "wawan"])
async def test_who_does_not_write_to_villages_reminds_nobody(here: World, user: str) -> None:
    await _three_villages(here)
    before = await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) AS n FROM plan")["n"])
    for command in ("/ingatkan menunggak", "/sistem", "/audit perian"):
        assert await group(here, user, command) in ({}, {OFFICE: []})
    await here.says("sari", "/ingatkan menunggak", chat=OFFICE)
    assert not any(
        one.text and one.kind is Kind.TEXT for one in await here.presses(user, "Ya, ingatkan 1 desa", OFFICE)
    )
    assert await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) AS n FROM plan")["n"]) == before


# -- the system, the acts, help ----------------------------------------------------------------


async def test_the_system_tells_how_it_is(here: World) -> None:
    await staff(here)
    await _perian(here)

    def fill(tx: Tx) -> None:
        health.Pulse({"telegram": lambda: (here.clock.now(), "")}).plan(
            tx, here.clock.now(), here.clock.now()
        )
        told = {"at": here.clock.now().isoformat(), "file": "x", "size": 1, "rows": 1}
        records.put(tx, backup.LAST, json.dumps({**told, "found": {KUKAR: [193, 1842], "61.08": [156, 7]}}))

    await here.store.transact(fill)
    [said] = (await group(here, "sari", "/sistem"))[OFFICE]
    assert "Telegram tersambung, terakhir 08.00 WITA." in said.text
    assert "Pengingat berikut Selasa, 8 Desember 2026 09.00 WITA, untuk 1 desa." in said.text
    assert "0 gagal" in said.text
    assert "Cadangan 08.00 WITA OK, dipulihkan: 193 desa, 1.842 orang." in said.text
    here.clock.move(datetime(2026, 12, 8, 1, tzinfo=UTC))
    here.channel.failures.append(GiveUp("Forbidden: bot was blocked by the user", unreachable=True))
    await here.engine.schedule.tick()
    await here.engine.settle()
    here.new()
    [said] = (await group(here, "sari", "/sistem"))[OFFICE]
    assert "Telegram terganggu" in said.text
    assert "*Cadangan terlambat*: yang baik terakhir 23 November 2026 08.00 WITA." in said.text
    assert "0 gagal" not in said.text
    assert "tidak dapat dijangkau" in said.text
    assert "1 papan grup, tidak dapat dijangkau" in said.text
    assert "Forbidden" not in said.text
    assert "Forbidden" in texts(await here.says("sari", "sistem"))


def test_what_did_not_arrive_is_called_by_its_name() -> None:
    folders = {path.name for path in FOLDER.iterdir()}
    assert set(system.KINDS) <= folders
    assert "siaran" in system.KINDS


async def test_the_next_reminder_is_the_one_that_then_leaves(here: World) -> None:
    await staff(here)
    await _perian(here)
    district = rulebook().district(KUKAR)
    for _ in range(4):
        found = await here.store.transact(
            lambda tx: coming.next_reminder(tx, rulebook(), district, here.clock.now())
        )
        assert found is not None
        at, villages = found
        early = await here.move(at - timedelta(minutes=1))
        assert not any(one.to.chat == "darma" for one in early)
        letters = await here.move(at + timedelta(minutes=1), timedelta(minutes=1))
        assert len([one for one in letters if one.to.chat == "darma"]) == villages == 1


async def test_the_name_under_which_the_backup_is_told_is_the_right_one() -> None:
    assert system.BACKUP == backup.LAST


async def test_a_channel_is_noted_once_a_minute_and_its_trouble_at_once(here: World) -> None:
    problem = ""
    pulse = health.Pulse({"telegram": lambda: (here.clock.now(), problem)})

    async def noted() -> dict[str, str]:
        def plan(tx: Tx) -> str:
            pulse.plan(tx, here.clock.now(), here.clock.now())
            return records.get(tx, "channel:telegram") or "{}"

        found: dict[str, str] = json.loads(await here.store.transact(plan))
        return found

    first = await noted()
    here.clock.move(here.clock.now() + timedelta(seconds=20))
    assert await noted() == first
    problem = "the token is refused"
    assert (await noted())["problem"] == problem
    here.clock.move(here.clock.now() + timedelta(seconds=61))
    assert (await noted())["at"] > first["at"]


async def test_the_acts_of_a_village_are_told_in_private_a_page_at_a_time(here: World) -> None:
    await _three_villages(here)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    for number in range(12):
        here.clock.move(here.clock.now() + timedelta(minutes=1))
        await here.says("yuni", "/undang perian kades Joko Susilo")
        if number:
            await here.presses("yuni", "Buat kode kedua")
    said = await group(here, "yuni", "/audit perian")
    assert texts(said[OFFICE]) == "Sudah saya kirim lewat chat pribadi."
    [first] = said["yuni"]
    assert first.text.count("Yuniarti Lestari, mengundang") == 10
    assert "Joko" not in first.text
    [second] = [one for one in await here.presses("yuni", "Lebih lama") if one.text]
    assert second.text.count("mengundang") == 2
    assert second.kind is Kind.EDIT
    refused = texts(await here.says("sari", "/audit perian"))
    assert "menu itu khusus" in refused
    assert "khusus administrator kabupaten." in refused


async def test_an_act_says_whom_and_which_file(here: World) -> None:
    await staff(here)

    def act(tx: Tx) -> None:
        position = rulebook().positions[5]
        new = members.New(
            PERIAN, "Siti Rahma", "6402015708850001", {"wage": 2_022_200}, position.category, position.code,
            date(2024, 1, 2), date(2026, 11, 1),
        )  # fmt: skip
        added = members.add(tx, new, None, here.clock.now())
        for done in (
            Act(None, "register", f"member:{added}", {"village": PERIAN}),
            Act(None, "export", f"village:{PERIAN}", {"what": "sipp"}),
        ):
            records.note(tx, here.clock.now(), done)

    await here.store.transact(act)
    told = texts(await here.says("yuni", "audit perian"))
    assert "mendaftarkan orang, S•••• R••••" in told
    assert "mengambil berkas Excel, lembar SIPP" in told


async def test_a_recap_of_a_village_is_its_card(here: World) -> None:
    await _three_villages(here)
    assert texts(await here.says("yuni", "rekap desa perian")) == texts(
        await here.says("yuni", "desa perian")
    )


def test_every_command_of_the_district_has_its_help() -> None:
    named = [route for route in handlers.TABLE.routes if route.name]
    theirs = {route.name for route in named if {*route.needs} & {*DISTRICT} and {*route.needs} != {*LINKED}}
    assert theirs - set(HELPS) == set()
    in_groups = {route.name for route in named if route.where is not Where.PRIVATE}
    assert {name for name in theirs & in_groups if not HELPS[name].group} == set()
    private = theirs - in_groups
    assert {name for name in private if HELPS[name].group} == set()


def test_help_names_those_who_may() -> None:
    needs = {
        route.name: {*route.needs} & {*DISTRICT}
        for route in handlers.TABLE.routes
        if route.name in HELPS and {*route.needs} != {*LINKED}
    }
    assert {name: {*HELPS[name].who} for name in needs} == needs


@pytest.mark.parametrize(
    "said", ["ingatkan", "/ingatkan", "ingatkn", "belum daftar", "muatan awal", "siaran"]
)
async def test_help_is_given_for_one_command_also_mistyped(here: World, said: str) -> None:
    await staff(here)
    assert "Yang dapat memakai" in texts(await here.says("yuni", f"/bantuan {said}"))
    assert "Yang dapat memakai" in texts((await group(here, "yuni", f"/bantuan {said}"))[OFFICE])


async def test_in_the_group_each_reads_what_they_may(here: World) -> None:
    await staff(here)
    await camat(here, ANGGANA)
    seen = {user: texts((await group(here, user, "/bantuan"))[OFFICE]) for user in ("yuni", "dewi", "joko")}
    assert "/audit" in seen["yuni"]
    assert "/audit" not in seen["dewi"]
    assert "/laporan" in seen["dewi"]
    assert "/laporan" not in seen["joko"]
    assert await group(here, "bima", "/bantuan") == {}


def test_an_office_sees_what_lies_in_its_place() -> None:
    assert Office(Role.CAMAT, KUKAR, "", ANGGANA).sees("64.02.04.2001")
    assert not Office(Role.CAMAT, KUKAR, "", ANGGANA).sees(PERIAN)


# -- camats, mixed offices, chats that cannot be written to --------------------------------------


async def test_a_camats_recap_is_not_for_the_villages_that_listen(here: World) -> None:
    await staff(here)
    await camat(here, ANGGANA)
    await here.store.transact(lambda tx: owing(tx, codes(tx, 1)))
    said = await group(here, "joko", "/rekap", FORUM)
    assert texts(said[FORUM]) == "Sudah saya kirim lewat chat pribadi."
    assert "Rekap Kec. Anggana, Kutai Kartanegara" in texts(said["joko"])
    assert "1 terdaftar (1 menunggak) · 7 belum" in texts(said["joko"])
    assert "1 terdaftar" in texts((await group(here, "sari", "/rekap", FORUM))[FORUM])


async def test_what_a_camat_reads_names_the_kecamatan_it_is_about(here: World) -> None:
    await staff(here)
    await camat(here, ANGGANA)
    assert "Tidak ada desa yang menunggak, Kec. Anggana, Kutai" in texts(await here.says("joko", "menunggak"))
    assert "8 desa belum terdaftar*, Kec. Anggana, Kutai" in texts(await here.says("joko", "belumdaftar"))
    assert "Joko Susilo, Kec. Anggana." in texts(await here.says("joko", "ganti kabupaten"))


async def test_who_looks_after_two_kecamatan_sees_both(here: World) -> None:
    await staff(here)
    await here.appoint("joko", "Joko Susilo", Role.CAMAT, ANGGANA)
    await here.appoint("joko", "Joko Susilo", Role.CAMAT, "64.02.01")
    recap = texts(await here.says("joko", "/rekap"))
    assert "Rekap Kec. Anggana dan Muara Muntai, Kutai Kartanegara" in recap
    assert "Anggana 8, Muara Muntai 13." in recap
    assert "Desa Perian" in texts(await here.says("joko", "/desa perian"))
    beyond = texts(await here.says("joko", "/desa bukit layang"))
    assert "di luar wilayah Bapak/Ibu. Yang bisa dilihat: Kec. Anggana dan Muara Muntai." in beyond
    pictures = await here.says("joko", "tren")
    assert [one.text.partition(" per ")[0] for one in pictures] == [
        "Tren Kecamatan Anggana",
        "Tren Kecamatan Muara Muntai",
    ]
    said = await group(here, "joko", "/menunggak", FORUM)
    assert texts(said[FORUM]) == "Sudah saya kirim lewat chat pribadi."


async def test_of_several_offices_the_one_that_sees_the_whole_district_counts(here: World) -> None:
    await staff(here)
    await here.appoint("joko", "Joko Susilo", Role.CAMAT, ANGGANA)
    await here.appoint("joko", "Joko Susilo", Role.OPERATOR, KUKAR)
    assert "193 belum" in texts(await here.says("joko", "/rekap"))
    assert "Desa Perian" in texts(await here.says("joko", "/desa perian"))
    assert "193 belum" in texts((await group(here, "joko", "/rekap"))[OFFICE])
    letters = await group(here, "joko", "/desa perian")
    assert "Ingatkan" in [choice.label for choice in letters[OFFICE][0].choices]


async def test_who_serves_a_village_and_the_office_chooses_for_which_they_speak(here: World) -> None:
    await staff(here)
    await _perian(here)
    await here.appoint("darma", "Darma Wijaya", Role.OPERATOR, KUKAR)
    await here.store.transact(
        lambda tx: ledger.report(tx, payments.New(PERIAN, "PU", NOV), 1, here.clock.now())
    )
    assert "1 laporan" not in texts(await here.says("darma", "bukti"))
    await here.says("darma", "ganti kabupaten")
    assert "1 laporan menunggu diperiksa" in texts(await here.presses("darma", "Laporan pembayaran"))
    assert "Perian" in (await here.says("darma", "bukti"))[0].choices[0].label
    await here.says("darma", "desa saya")
    assert (await here.says("darma", "bukti"))[0].choices == ()


@pytest.mark.parametrize("said", ["/telepon cetak", "/laporan", "/tren"])
async def test_nothing_is_made_for_a_chat_that_cannot_be_written_to(here: World, said: str) -> None:
    await staff(here)
    await here.store.transact(lambda tx: people.set_reachable(tx, "memory", "yuni", reachable=False))
    answer = await group(here, "yuni", said, FORUM)
    assert list(answer) == [FORUM]
    assert texts(answer[FORUM]) == (
        "Yuniarti Lestari, chat pribadi Bapak/Ibu belum dapat saya kirimi. Buka chat dengan saya, ketik MENU, lalu ulangi."
    )
    jobs = await here.store.transact(lambda tx: tx.one("SELECT COUNT(*) AS n FROM job")["n"])
    assert jobs == 0


# -- a yes that came late, and one reminder a day ------------------------------------------------


async def test_a_yes_of_another_day_or_to_fewer_villages_is_asked_again(here: World) -> None:
    every = await _three_villages(here)
    await here.says("sari", "/ingatkan menunggak")
    await here.appoint("citra", "Citra Lestari", Role.HEAD, every[2])
    again = texts(await here.presses("sari", "Ya, ingatkan 1 desa"))
    assert "Keadaannya sudah berubah" in again
    assert "2 desa akan diingatkan" in again
    await here.move(here.clock.now() + timedelta(days=1))
    again = texts(await here.presses("sari", "Ya, ingatkan 2 desa"))
    assert "Keadaannya sudah berubah" in again
    letters = await here.presses("sari", "Ya, ingatkan 2 desa")
    assert {one.to.chat for one in letters} == {"sari", "ani", "citra"}


async def test_what_was_asked_at_night_counts_for_the_day_on_which_it_leaves(here: World) -> None:
    await staff(here)
    await _perian(here)
    here.clock.move(datetime(2026, 12, 7, 13, tzinfo=UTC))  # 21.00 WITA; the 8th is a week before it is due
    await here.says("sari", "/ingatkan desa perian")
    told = texts(await here.presses("sari", "Ya, ingatkan 1 desa"))
    assert "dikirim Selasa, 8 Desember 2026 07.00 WITA" in told
    letters = await here.move(datetime(2026, 12, 8, 4, tzinfo=UTC))  # past 09.00, when all are reminded
    assert len([one for one in letters if one.to.chat == "darma"]) == 1
    here.clock.move(datetime(2026, 12, 8, 5, tzinfo=UTC))
    assert "sudah diingatkan hari ini: 1 desa (Perian)" in texts(
        await here.says("sari", "/ingatkan desa perian")
    )
    why = await here.store.transact(
        lambda tx: tx.one("SELECT outcome FROM plan WHERE kind = 'reminder'")["outcome"]
    )
    assert why.startswith("by hand")
    called = await here.store.transact(
        lambda tx: reminding.unreached(tx, KUKAR, date(2026, 12, 20), date(2026, 12, 31))
    )
    assert called == []


async def test_a_reminder_by_hand_that_did_not_arrive_takes_nothing_away(here: World) -> None:
    await staff(here)
    await _perian(here)
    here.clock.move(datetime(2026, 12, 7, 13, tzinfo=UTC))
    await here.says("sari", "/ingatkan desa perian")
    await here.presses("sari", "Ya, ingatkan 1 desa")
    sql = "UPDATE outbox SET status = 'failed' WHERE key LIKE 'asked:%'"
    await here.store.transact(lambda tx: tx.run(sql))
    letters = await here.move(datetime(2026, 12, 8, 4, tzinfo=UTC))
    assert [one.text.partition(",")[0] for one in letters if one.to.chat == "darma"] == [
        "*Iuran November 2026 jatuh tempo Selasa"
    ]


# -- nothing is read through ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (office.Q.acts, {"village": PERIAN, "subject": PERIAN, "start": 0, "count": 10}),
        (office.Q.stuck, {"since": "", "elsewhere": ""}),
        (office.Q.set_aside, {"since": ""}),
        (people.Q.close_questions, {"person": 1, "now": ""}),
    ],
)
async def test_what_somebody_waits_for_reads_through_no_table(
    here: World, query: str, values: dict[str, object]
) -> None:
    rows = await here.store.transact(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {query}", **values))
    read = [row["detail"] for row in rows if row["detail"].startswith("SCAN")]
    assert [one for one in read if not one.startswith(("SCAN (sub", "SCAN CONSTANT"))] == []


async def test_an_act_beside_a_village_is_found_by_what_it_notes(here: World) -> None:
    acts = (
        records.Act(1, "register", "member:5", {"village": PERIAN, "category": "PD1"}),
        records.Act(1, "link", "person:5", {"place": PERIAN, "role": "kades"}),
        records.Act(1, "intend", f"village:{PERIAN}", {"village": PERIAN}),
        records.Act(1, "invite", PERIAN, {}),
        records.Act(1, "register", "member:6", {"village": "64.02.01.2002"}),
    )

    def note(tx: Tx) -> list[str]:
        for act in acts:
            records.note(tx, here.clock.now(), act)
        return [one.action for one in office.acts(tx, PERIAN, 0, 9)]

    assert await here.store.transact(note) == ["invite", "intend", "link", "register"]


async def test_codes_of_long_ago_are_forgotten(here: World) -> None:
    office_ = Office(Role.HEAD, KUKAR, PERIAN)

    def made(tx: Tx) -> int:
        invitations.make(tx, Invitation(office_), 1, here.clock.now() - timedelta(days=98))
        invitations.make(tx, Invitation(office_), 1, here.clock.now() - timedelta(days=90))
        invitations.forget(tx, here.clock.now() - timedelta(days=90))
        count: int = tx.one("SELECT COUNT(*) AS n FROM invitation")["n"]
        return count

    assert await here.store.transact(made) == 1


async def test_unknown_commands_in_the_group_are_few_answers_and_leave_no_trace_of_what_was_typed(
    here: World,
) -> None:
    await staff(here)
    said = ["/hapus operator rani", *(f"/qwx{number}" for number in range(15)), "/482913"]
    told = [letter for typed in said for letter in (await group(here, "yuni", typed)).get(OFFICE, [])]
    assert len(told) == 2, texts(told)
    assert "/akhiri" in told[0].text
    keys = await here.store.transact(lambda tx: [row["key"] for row in tx.all("SELECT key FROM outbox")])
    noises = [
        key.split(":start/group_help:")[1].split(":", 1)[1] for key in keys if "start/group_help" in key
    ]
    assert sorted(noises) == ["", "akhiri"]
