"""Whom the office calls, and what it is told of the reasons."""

from datetime import UTC, datetime

from bot.domain.months import Month
from bot.domain.offices import Role
from bot.store import bills, employers, intentions, places
from bot.store.bills import Reckoned
from bot.store.database import Tx
from tests.world import PERIAN, World

NOV = Month(2026, 11)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def open_bills(tx: Tx, count: int) -> list[str]:
    """Bills of November for the first villages of a district."""
    found = [village.code for village in places.villages(tx, "64.02")][:count]
    due = datetime(2026, 12, 15, tzinfo=UTC).date()
    for code in found:
        bills.reckoned(tx, Reckoned(code, NOV, "PU", "64.02", due, 5, 50_000, None), NOW)
    return found


async def test_the_list_is_shown_a_page_at_a_time_with_the_contact_of_each(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    here.clock.move(datetime(2026, 12, 10, 2, tzinfo=UTC))

    def fill(tx: Tx) -> None:
        first = open_bills(tx, 10)[0]
        person = {"name": "Wayan Sudira", "post": "Kaur Keuangan", "phone": "+6281234567890"}
        employers.put_contact(tx, first, person, 1, here.clock.now())

    await here.store.transact(fill)
    [letter] = await here.says("yuni", "/telepon")
    assert "10 desa belum dijangkau" in letter.text
    assert "Telepon Wayan Sudira (Kaur Keuangan): 081234567890" in letter.text
    assert letter.text.count("Kontak: belum ada") == 7
    letters = await here.presses("yuni", "Berikutnya")
    shown = "\n".join(letter.text for letter in letters)
    assert "9. Desa" in shown
    assert "10. Desa" in shown


async def test_nobody_in_a_group_or_a_village_sees_whom_to_call(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.open_room("#kantor", "64.02", "office")
    for command in ("/telepon", "/kendala"):
        letters = await here.says("yuni", command, chat="#kantor", group=True)
        assert not any("Desa " in letter.text for letter in letters)
        [letter] = await here.says("darma", command)
        assert "menu itu khusus" in letter.text


async def test_each_village_counts_once_with_what_it_said_of_its_oldest_month(here: World) -> None:
    await here.appoint("dewi", "Dewi Anggraini", Role.VIEWER, "64.02")

    def fill(tx: Tx) -> None:
        answers = ("budget", "funds", "funds")
        for code, answer in zip(open_bills(tx, 3), answers, strict=True):
            bill = bills.get(tx, code, "PU", NOV)
            assert bill is not None
            intentions.intend(tx, bill, answer, None, (1, here.clock.now()))

    await here.store.transact(fill)
    [letter] = await here.says("dewi", "kendala")
    lines = letter.text.split("\n")
    assert "3 desa" in lines[0]
    assert lines[1] == "Dana belum cair: 2"
    assert lines[3] == "Belum dianggarkan: 1"


async def test_who_only_looks_sees_no_telephone_number(here: World) -> None:
    await here.appoint("dewi", "Dewi Anggraini", Role.VIEWER, "64.02")
    here.clock.move(datetime(2026, 12, 10, 2, tzinfo=UTC))

    def fill(tx: Tx) -> None:
        person = {"name": "Wayan Sudira", "post": "Kaur Keuangan", "phone": "+6281234567890"}
        employers.put_contact(tx, open_bills(tx, 1)[0], person, 1, here.clock.now())

    await here.store.transact(fill)
    [letter] = await here.says("dewi", "/telepon")
    assert "Wayan Sudira" in letter.text
    assert "1234567890" not in letter.text
    await here.appoint("dewi", "Dewi Anggraini", Role.OPERATOR, "61.08")  # elsewhere it is their task
    [letter] = await here.says("dewi", "/telepon")
    assert "Kutai Kartanegara" not in letter.text or "1234567890" not in letter.text
    await here.appoint("dewi", "Dewi Anggraini", Role.OPERATOR, "64.02")
    [letter] = await here.says("dewi", "/telepon")
    assert "081234567890" in letter.text
