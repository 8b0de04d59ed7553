"""The live board: posted once, pinned, edited; a new one only where the old one is gone."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.errors import GiveUp, TryLater, Unsure
from bot.messages import Address, Kind, Letter
from bot.store import bills, boards, employers, payments, people, places
from bot.store.bills import Reckoned
from bot.store.boards import Standing
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.payments import New, State
from tests.world import PERIAN, World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GONE = "Message to edit not found"


@pytest.fixture
async def group(here: World) -> World:
    """An office group, and somebody in the village."""
    await here.open_room("#kantor", "64.02", "office")
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    return here


async def ticks(here: World, count: int = 1, step: timedelta = MINUTE) -> list[Letter]:
    """What the group gets in so many ticks."""
    told = []
    for _ in range(count):
        told += await here.move(here.clock.now() + step, step)
    return told


def kinds(letters: list[Letter], chat: str = "#kantor") -> list[Kind]:
    return [letter.kind for letter in letters if letter.to.chat == chat]


async def register(here: World, village: str = PERIAN) -> None:
    await here.store.transact(
        lambda tx: employers.put(tx, Employer(village, "NPP1", "", None), None, here.clock.now())
    )


async def test_it_is_posted_once_pinned_silently_and_edited_when_something_changed(group: World) -> None:
    told = await ticks(group, 5)
    assert kinds(told) == [Kind.TEXT, Kind.PIN]
    await register(group)
    told = await ticks(group, 5)
    assert kinds(told) == [Kind.EDIT]
    assert "Belum daftar 192" in told[0].text
    assert told[0].message == "1"
    assert kinds(await ticks(group, 30, HOUR)) == []


async def test_changes_within_a_minute_are_one_edit(group: World) -> None:
    await ticks(group, 3)
    await register(group)
    first = await ticks(group, 1, timedelta(seconds=20))
    await register(group, "64.02.01.2002")
    more = await ticks(group, 6, timedelta(seconds=20))
    assert kinds([*first, *more]) == [Kind.EDIT, Kind.EDIT]
    apart = [one for one in (*first, *more) if one.to.chat == "#kantor"]
    assert "Belum daftar 191" in apart[-1].text


async def test_a_new_month_is_the_same_message(group: World) -> None:
    await ticks(group, 3)
    told = await group.move(datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert kinds(told) == [Kind.EDIT]
    assert told[0].text.startswith("*Iuran November 2026: ")


async def test_a_deleted_board_is_posted_anew_once_and_pinned(group: World) -> None:
    await ticks(group, 3)
    await register(group)
    group.channel.failures.append(GiveUp(GONE))
    told = await ticks(group, 6)
    assert kinds(told) == [Kind.TEXT, Kind.PIN]
    await register(group, "64.02.01.2002")
    told = await ticks(group, 3)
    assert kinds(told) == [Kind.EDIT]


async def test_an_edit_of_which_nobody_knows_is_sent_again(group: World) -> None:
    await ticks(group, 3)
    await register(group)
    group.channel.failures.extend([Unsure("lost")] * 3)
    told = await ticks(group, 6)
    assert kinds(told) == [Kind.EDIT]


async def test_who_deletes_the_board_again_and_again_gets_one_a_day(group: World) -> None:
    await ticks(group, 3)
    for village, hours, expected in (
        (PERIAN, 1, [Kind.TEXT, Kind.PIN]),
        ("64.02.01.2002", 22, []),
        ("64.02.01.2003", 3, [Kind.TEXT, Kind.PIN]),
    ):
        await register(group, village)
        group.channel.failures += [GiveUp(GONE)] if hours != 3 else []
        assert kinds([*await ticks(group, 5), *await ticks(group, hours, HOUR)]) == expected


async def test_an_edit_that_fails_for_another_reason_is_tried_again_each_hour(group: World) -> None:
    await ticks(group, 3)
    await register(group)
    group.channel.failures.extend([GiveUp("Bad luck"), GiveUp("Bad luck")])
    assert kinds(await ticks(group, 30)) == []
    assert kinds(await ticks(group, 40)) == []
    assert kinds(await ticks(group, 60)) == [Kind.EDIT]


async def test_a_first_post_that_may_have_arrived_is_not_repeated_for_an_hour(group: World) -> None:
    group.channel.failures.append(Unsure("lost"))
    assert kinds(await ticks(group, 30)) == []
    assert kinds(await ticks(group, 40)) == [Kind.TEXT, Kind.PIN]


async def test_a_busy_platform_delays_the_board_and_doubles_nothing(group: World) -> None:
    group.channel.failures.extend([TryLater("busy", MINUTE), TryLater("busy", MINUTE)])
    assert kinds(await ticks(group, 10)) == [Kind.TEXT, Kind.PIN]


async def test_without_the_right_to_pin_the_board_stays_and_the_office_is_told_once(group: World) -> None:
    await ticks(group, 1)
    group.channel.failures.append(GiveUp("Not enough rights to manage pinned messages in the chat"))
    told = await ticks(group, 10)
    assert [one.text.split("\n")[0] for one in told] == ["Papan iuran di grup ini belum bisa saya sematkan."]
    await register(group)
    assert kinds(await ticks(group, 3)) == [Kind.EDIT]


async def test_a_forum_without_that_right_is_a_matter_of_the_office(group: World) -> None:
    await ticks(group, 3)
    await group.open_room("#forum", "64.02", "forum")
    await ticks(group, 1)
    group.channel.failures.append(GiveUp("Not enough rights to manage pinned messages in the chat"))
    told = await ticks(group, 3)
    assert kinds(told) == [Kind.TEXT]
    assert told[0].text.startswith("Papan iuran di grup forum belum")


async def test_a_forum_reads_counts_and_no_name(group: World) -> None:
    await group.open_room("#forum", "64.02", "forum")
    await register(group)
    told = {one.to.chat: one.text for one in await ticks(group, 1)}
    assert "Muara Muntai" in told["#kantor"]
    assert told["#forum"].count("\n") == 1
    names = {one.subdistrict for one in await group.store.transact(lambda tx: places.villages(tx, "64.02"))}
    assert [name for name in names if name in told["#forum"]] == []


async def test_it_follows_the_group_to_its_new_id(group: World) -> None:
    await ticks(group, 3)
    await group.store.transact(lambda tx: places.move(tx, memory.NAME, "#kantor", "#super"))
    told = await ticks(group, 3)
    assert [(one.kind, one.to.chat, one.message) for one in told] == [(Kind.EDIT, "#super", "1")]


async def test_where_the_new_chat_does_not_know_the_message_a_new_board_comes(group: World) -> None:
    await ticks(group, 3)
    await group.store.transact(lambda tx: places.move(tx, memory.NAME, "#kantor", "#super"))
    group.channel.failures.append(GiveUp(GONE))
    assert kinds(await ticks(group, 5), "#super") == [Kind.TEXT, Kind.PIN]


async def test_removed_and_added_again_it_is_a_new_board(group: World) -> None:
    await ticks(group, 3)
    at = Address(memory.NAME, "#kantor")
    await group.store.transact(lambda tx: places.leave_room(tx, at, group.clock.now()))
    assert await ticks(group, 3, HOUR) == []
    await group.open_room("#kantor", "64.02", "office")
    assert kinds(await ticks(group, 3)) == [Kind.TEXT, Kind.PIN]


async def test_each_village_stands_in_one_place(group: World) -> None:
    month, today = Month(2026, 10), date(2026, 11, 23)
    villages = [f"64.02.01.200{n}" for n in range(1, 6)]

    def put(tx: Tx) -> dict[Standing, int]:
        for code in villages:
            employers.put(tx, Employer(code, "NPP1", "", None), None, group.clock.now())
        dues = {villages[0]: date(2026, 11, 16), villages[1]: date(2026, 11, 30)}
        for code in villages[:4]:
            due = dues.get(code, date(2026, 11, 16))
            bills.reckoned(tx, Reckoned(code, month, "PU", "64.02", due, 1, 1000, None), group.clock.now())
        for code in villages[2:4]:
            found = bills.get(tx, code, "PU", month)
            assert found
            bills.settle(tx, found, 1000, settled=True)
            number = payments.report(tx, New(code, "PU", month), 1, group.clock.now())
            if code == villages[3]:
                assert payments.check(tx, number, State.RECORDED, "", (2, group.clock.now()))
        counted = boards.standings(tx, "64.02", month, today)
        return dict(sum(counted.values(), start=type(next(iter(counted.values())))()))

    await group.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    assert await group.store.transact(put) == {
        Standing.LATE: 1,
        Standing.AWAITED: 1,
        Standing.REPORTED: 1,
        Standing.PAID: 1,
        Standing.NOTHING: 1,
        Standing.MISSING: 188,
    }


async def test_a_later_month_reported_early_takes_nothing_of_a_settled_one(group: World) -> None:
    def fill(tx: Tx) -> None:
        now, due = group.clock.now(), date(2026, 11, 16)
        employers.put(tx, Employer(PERIAN, "AB123456", "2020", Month(2026, 10)), None, now)
        for month in (Month(2026, 10), Month(2026, 11)):
            bills.reckoned(tx, Reckoned(PERIAN, month, "PU", "64.02", due, 1, 13104, None), now)
        darma = people.actor(tx, memory.NAME, "darma", now.date())
        assert darma is not None
        first = payments.report(tx, New(PERIAN, "PU", Month(2026, 10)), darma.person, now)
        payments.check(tx, first, State.RECORDED, "", (darma.person + 1, now))
        payments.report(tx, New(PERIAN, "PU", Month(2026, 11)), darma.person, now)
        tx.run("UPDATE bill SET settled = 1")

    await group.store.transact(fill)
    found = await group.store.transact(
        lambda tx: boards.standings(tx, "64.02", Month(2026, 10), date(2026, 11, 23))
    )
    assert sum((each for each in found.values()), Counter())[Standing.PAID] == 1


def _of_nobody(tx: Tx, now: datetime) -> None:
    employers.put(tx, Employer(PERIAN, "NPP1", "", None), None, now)


def _of_a_bill(tx: Tx, now: datetime) -> None:
    bills.reckoned(
        tx, Reckoned(PERIAN, Month(2026, 10), "PU", "64.02", date(2026, 11, 16), 1, 1000, None), now
    )


def _of_a_settled_bill(tx: Tx, _now: datetime) -> None:
    found = bills.get(tx, PERIAN, "PU", Month(2026, 10))
    assert found
    bills.settle(tx, found, 1000, settled=True)


def _of_a_report(tx: Tx, now: datetime) -> None:
    payments.report(tx, New(PERIAN, "PU", Month(2026, 10)), 1, now)


def _of_a_check(tx: Tx, _now: datetime) -> None:
    tx.run("UPDATE payment SET state = 'recorded'")


def _of_a_village(tx: Tx, _now: datetime) -> None:
    places.load(tx, [places.Village("64.02.99.2001", "64.02", "Baru", "Baru")])


async def test_it_is_counted_anew_after_each_change_and_else_not_at_all(group: World) -> None:
    """In this order each of them makes a village stand otherwise."""
    month, today, now = Month(2026, 10), date(2026, 11, 23), group.clock.now()
    for change in (_of_nobody, _of_a_bill, _of_a_settled_bill, _of_a_report, _of_a_check, _of_a_village):

        def look(tx: Tx) -> list[bool]:
            before = boards.standings(tx, "64.02", month, today)
            kept = tx.one("SELECT body FROM counted WHERE district = '64.02'") is not None
            change(tx, now)  # noqa: B023 - called in this round
            dropped = tx.one("SELECT body FROM counted WHERE district = '64.02'") is None
            return [kept, dropped, before != boards.standings(tx, "64.02", month, today)]

        assert await group.store.transact(look) == [True, True, True], change.__name__
