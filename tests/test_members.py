"""Members live: history by rows, changes that a second tap leaves alone, and who is paid for when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.channels import memory
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.messages import Address, Incoming, Outgoing
from bot.store import members, people, posts, records
from bot.store.database import Tx
from bot.store.members import By, Member, New
from bot.turns import Handler, Turn
from handlers import REGISTRATION, confirming, leaving, status, terms
from handlers import members as changing
from handlers.terms import Terms, still_ends
from tests.world import PERIAN, START, World, rulebook, world

KUKAR = "64.02"
NOV, DEC, JAN = Month(2026, 11), Month(2026, 12), Month(2027, 1)
NOBODY = By(None, START)
SITI = New(
    PERIAN, "Siti Aminah", "6402015708850003", {"wage": 2_000_000}, "perangkat", "kaur_umum",
    date(2024, 1, 2), date(2026, 11, 1),
)  # fmt: skip


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


def siti(tx: Tx) -> int:
    """Registered since the first of November."""
    number = members.add(tx, SITI, None, START)
    assert number is not None
    return number


def got(tx: Tx, number: int) -> Member:
    found = members.get(tx, number)
    assert found is not None
    return found


def insured(tx: Tx, month: Month) -> list[tuple[str, int]]:
    """Category and wage of those paid for; both ways of asking agree."""
    found = members.insured(tx, PERIAN, month)
    assert members.insured_of(tx, KUKAR, month).get(PERIAN, []) == found
    return [(one.category, one.wage) for one in found]


async def test_a_registration_brings_its_first_post_and_counts_from_its_month(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert members.add(tx, SITI, None, START) is None
        assert [(p.position, p.since, p.until, p.beside) for p in posts.of(tx, number)] == [
            ("kaur_umum", date(2024, 1, 2), None, False)
        ]
        assert insured(tx, Month(2026, 10)) == []
        assert insured(tx, NOV) == insured(tx, JAN) == [("perangkat", 2_000_000)]

    await here.store.transact(act)


async def test_a_wage_counts_from_its_month_and_a_second_tap_changes_nothing(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert posts.change_wage(tx, number, 2_500_000, JAN.first, NOBODY)
        assert not posts.change_wage(tx, number, 2_500_000, JAN.first, NOBODY)
        assert [insured(tx, month) for month in (NOV, DEC, JAN)] == [
            [("perangkat", 2_000_000)], [("perangkat", 2_000_000)], [("perangkat", 2_500_000)],
        ]  # fmt: skip
        assert posts.change_wage(tx, number, 2_400_000, DEC.first, NOBODY)  # from then on, January too
        assert insured(tx, DEC) == insured(tx, JAN) == [("perangkat", 2_400_000)]
        assert len(posts.of(tx, number)) == 3

    await here.store.transact(act)


async def test_another_post_keeps_the_wages_and_the_history(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        posts.change_wage(tx, number, 2_500_000, JAN.first, NOBODY)
        assert posts.change(tx, number, ("kades", "kades"), date(2026, 11, 20), NOBODY)
        assert not posts.change(tx, number, ("kades", "kades"), date(2026, 11, 20), NOBODY)
        assert [(p.position, p.since, p.until) for p in posts.of(tx, number)] == [
            ("kaur_umum", date(2024, 1, 2), date(2026, 11, 19)),
            ("kades", date(2026, 11, 20), date(2026, 12, 31)),
            ("kades", JAN.first, None),
        ]
        assert insured(tx, NOV) == [("kades", 2_000_000)]  # of two posts in a month, the last
        assert insured(tx, JAN) == [("kades", 2_500_000)]
        assert got(tx, number).position == "kades"

    await here.store.transact(act)


async def test_a_post_that_begins_later_is_shown_from_its_day(here: World) -> None:
    number = await here.store.transact(siti)
    change = partial(posts.change, post=("kades", "kades"), since=date(2026, 11, 26), by=NOBODY)
    assert await here.store.transact(lambda tx: change(tx, number))
    assert (await here.store.transact(lambda tx: got(tx, number))).position == "kaur_umum"
    await here.move(START + timedelta(days=4))
    assert (await here.store.transact(lambda tx: got(tx, number))).position == "kades"


async def test_a_post_beside_adds_no_wage(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert posts.add_beside(tx, number, ("kasi_pelayanan", "perangkat"), date(2026, 11, 10), NOBODY)
        assert not posts.add_beside(tx, number, ("kasi_pelayanan", "perangkat"), date(2026, 11, 10), NOBODY)
        assert not posts.add_beside(tx, number, ("kaur_umum", "perangkat"), date(2026, 11, 10), NOBODY)
        assert insured(tx, NOV) == [("perangkat", 2_000_000)]
        assert posts.add_beside(tx, number, ("rt_ketua", "rt"), date(2026, 11, 10), NOBODY)
        found = [(one.member, one.category, one.wage, one.beside) for one in members.insured(tx, PERIAN, NOV)]
        assert found == [(number, "perangkat", 2_000_000, False), (number, "rt", 0, True)]
        assert len(posts.beside_in(tx, PERIAN, date(2026, 11, 23))) == 2

    await here.store.transact(act)


@pytest.mark.parametrize(
    "why, november, december",
    [("resigned", 1, 0), ("died", 1, 0), ("mistake", 0, 0)],
)
async def test_the_month_of_the_last_day_is_owed_unless_it_was_a_mistake(
    here: World, why: str, november: int, december: int
) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert members.end(tx, number, (date(2026, 11, 20), why), NOBODY)
        assert not members.end(tx, number, (date(2026, 12, 31), "moved"), NOBODY)
        assert not posts.change_wage(tx, number, 3_000_000, NOV.first, NOBODY)
        assert not posts.change(tx, number, ("kades", "kades"), NOV.first, NOBODY)
        assert not posts.add_beside(tx, number, ("kades", "kades"), NOV.first, NOBODY)
        assert not posts.set_term(tx, number, date(2027, 8, 17))
        assert [len(insured(tx, month)) for month in (NOV, DEC)] == [november, december]
        assert got(tx, number).state is State.ENDED
        assert members.add(tx, SITI, None, START) is not None  # who returns is registered anew

    await here.store.transact(act)


async def test_a_last_day_to_come_ends_the_cover_when_it_is_over(here: World) -> None:
    def act(tx: Tx) -> int:
        number = siti(tx)
        members.end(tx, number, (date(2026, 11, 25), "term"), NOBODY)
        return number

    number = await here.store.transact(act)
    await here.move(START + timedelta(days=2))  # the 25th
    assert (await here.store.transact(lambda tx: got(tx, number))).state is State.SUBMITTED
    await here.move(START + timedelta(days=3))
    assert (await here.store.transact(lambda tx: got(tx, number))).state is State.ENDED


async def test_the_office_confirms_once_and_over_the_village(here: World) -> None:
    darma = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    yuni = await here.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, KUKAR)

    def act(tx: Tx) -> None:
        number = siti(tx)
        assert [(w.village, w.people, w.said) for w in members.waiting(tx, KUKAR)] == [(PERIAN, 1, 0)]
        village = By(darma, START)
        assert members.accept(tx, got(tx, number), village, "12345678901", checked=False)
        assert not members.accept(tx, got(tx, number), village, "99999999999", checked=False)
        assert got(tx, number).said
        assert [(w.people, w.said) for w in members.waiting(tx, KUKAR)] == [(1, 1)]
        assert members.accept(tx, got(tx, number), By(yuni, START))
        assert not members.accept(tx, got(tx, number), By(yuni, START))
        assert not members.refuse(tx, got(tx, number), "identity", By(yuni, START))
        assert got(tx, number).details["kpj"] == "12345678901"
        assert (got(tx, number).said, members.waiting(tx, KUKAR), members.waiting(tx, "61.08")) == (
            False,
            [],
            [],
        )

    await here.store.transact(act)


async def test_nothing_is_owed_for_who_was_not_taken(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert members.refuse(tx, got(tx, number), "identity", NOBODY)
        assert not members.refuse(tx, got(tx, number), "identity", NOBODY)
        assert insured(tx, NOV) == []
        assert got(tx, number).details["refused"] == "identity"

    await here.store.transact(act)


async def test_who_moves_is_paid_for_by_one_village_and_then_the_other(here: World) -> None:
    other = "64.02.01.2002"

    def act(tx: Tx) -> None:
        number = siti(tx)
        there = New(other, SITI.name, SITI.nik, SITI.details, "perangkat", "kaur_umum", DEC.first, DEC.first)
        assert members.move(tx, got(tx, number), there, NOBODY) is not None
        assert members.move(tx, got(tx, number), there, NOBODY) is None
        assert (len(insured(tx, NOV)), len(insured(tx, DEC))) == (1, 0)
        assert [len(members.insured(tx, other, month)) for month in (NOV, DEC)] == [0, 1]

    await here.store.transact(act)


def fixed(tx: Tx, segment: str, month: Month) -> None:
    """A bill that is not reckoned again."""
    tx.run(
        "INSERT INTO bill (village, month, segment, district, due, people, fixed_at, made_at)"
        " VALUES (:v, :month, :segment, '64.02', '2027-12-15', 1, 'x', 'x')",
        v=PERIAN,
        month=str(month),
        segment=segment,
    )


def segment_of(category: str) -> str:
    """RT are self-employed here."""
    return "BPU" if category == "rt" else "PU"


async def test_no_wage_changes_in_a_month_whose_bill_is_fixed(here: World) -> None:
    def act(tx: Tx) -> None:
        oldest = partial(posts.oldest_open, tx, got(tx, siti(tx)), segment_of, date(2026, 11, 23))
        assert oldest() == NOV
        fixed(tx, "BPU", NOV)
        assert oldest() == NOV  # that bill is of others
        fixed(tx, "PU", NOV)
        assert oldest() == DEC

    await here.store.transact(act)


async def test_the_bill_that_counts_is_that_of_the_post_held_in_its_month(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        oldest = partial(posts.oldest_open, tx, got(tx, number), segment_of, date(2026, 12, 23))
        posts.change(tx, number, ("rt_ketua", "rt"), DEC.first, NOBODY)
        fixed(tx, "PU", NOV)
        fixed(tx, "PU", DEC)
        assert oldest() == DEC
        fixed(tx, "BPU", DEC)
        assert oldest() == JAN

    await here.store.transact(act)


async def test_a_wage_may_change_while_only_the_bill_of_others_is_fixed(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(siti)
    await here.store.transact(partial(fixed, segment="BPU", month=NOV))
    for said in ("siti aminah", "2", "1", "3 juta", "november 2026", "ya"):
        letters = await here.says("darma", said)
    assert "November 2026" in letters[0].text
    assert await here.store.transact(partial(insured, month=NOV)) == [("perangkat", 3_000_000)]


async def test_who_serves_two_villages_changes_the_card_that_is_shown(here: World) -> None:
    other = "64.02.01.2002"
    for village in (PERIAN, other):
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, village)
    await here.store.transact(lambda tx: members.add(tx, replace(SITI, village=other), None, START))
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    for said in ("ajuan", "1", "1", "aktif"):
        await here.says("yuni", said)
    await here.presses("darma", "Lihat kartunya")
    letters = await here.presses("darma", "Ubah data")
    assert any("Siti Aminah" in letter.text for letter in letters)
    await here.presses("darma", "Ubah upah")
    for said in ("3 juta", "desember 2026", "ya"):
        await here.says("darma", said)
    rows = await here.store.transact(lambda tx: members.insured(tx, other, DEC))
    assert [one.wage for one in rows] == [3_000_000]


async def test_a_post_that_began_while_nobody_looked_is_shown(here: World) -> None:
    """As after a backup was restored: the clock's last look is younger than the books."""
    number = await here.store.transact(siti)
    later = partial(posts.change, post=("kades", "kades"), since=date(2026, 11, 26), by=NOBODY)
    assert await here.store.transact(lambda tx: later(tx, number))
    turn_page = Terms(rulebook(), [KUKAR])
    window = (datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    await here.store.transact(lambda tx: turn_page.plan(tx, *window))
    assert (await here.store.transact(lambda tx: got(tx, number))).position == "kades"


async def test_of_several_in_office_the_treasurer_comes_first(here: World) -> None:
    for user, role in (("a", Role.HEAD), ("b", Role.TREASURER), ("c", Role.SECRETARY)):
        await here.appoint(user, user, role, PERIAN)
    serving = await here.store.transact(lambda tx: people.serving(tx, PERIAN, START.date()))
    found = people.first(serving)
    assert found is not None
    assert found.role is Role.TREASURER
    assert people.first([]) is None


async def term(here: World, end: date) -> int:
    """Siti's term ends then, and Darma is there to be asked."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    number = await here.store.transact(siti)
    assert await here.store.transact(lambda tx: posts.set_term(tx, number, end))
    return number


@pytest.mark.slow
async def test_the_village_is_asked_sixty_and_fourteen_days_before_once_each(here: World) -> None:
    await term(here, date(2027, 1, 25))
    await here.move(datetime(2026, 11, 30, tzinfo=UTC))
    assert len(here.channel.sent) == 1
    again = Terms(rulebook(), [KUKAR])
    window = (datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC))
    assert await here.store.transact(lambda tx: again.plan(tx, *window)) == []
    rows = await here.store.transact(lambda tx: tx.all("SELECT stage, outcome FROM plan WHERE kind = 'term'"))
    assert [tuple(row) for row in rows] == [("60", "queued")]


async def test_an_outage_asks_in_the_next_calm_hour_and_not_twice(here: World) -> None:
    await term(here, date(2027, 1, 25))
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    here.clock.move(datetime(2026, 11, 28, 14, tzinfo=UTC))  # Saturday, 22.00 WITA, two days late
    await here.engine.schedule.tick()
    await here.engine.settle()
    assert here.new() == []
    here.clock.move(datetime(2026, 11, 29, 22, 59, tzinfo=UTC))
    await here.engine.settle()
    assert here.new() == []
    here.clock.move(datetime(2026, 11, 29, 23, tzinfo=UTC))  # Monday, 07.00
    await here.engine.schedule.tick()
    await here.engine.settle()
    assert len(here.new()) == 1


async def test_a_question_is_not_sent_once_the_term_is_settled(here: World) -> None:
    number = await term(here, date(2027, 1, 25))
    person = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    reason = f"{PERIAN}:2027-01-25:{person}"
    assert await here.store.transact(lambda tx: still_ends(tx, reason, START))
    assert not await here.store.transact(lambda tx: still_ends(tx, f"{PERIAN}:2027-01-25:99", START))
    await here.store.transact(lambda tx: posts.set_term(tx, number, date(2029, 1, 25)))
    assert not await here.store.transact(lambda tx: still_ends(tx, reason, START))


async def test_a_village_without_officers_here_is_not_said_to_be_told(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.OPERATOR, KUKAR)
    await here.store.transact(siti)
    for said in ("ajuan", "1", "1", "aktif"):
        await here.says("yuni", said)
    assert "jadi desanya belum dikabari" in here.channel.sent[-1].text


async def test_a_number_is_added_once(here: World) -> None:
    def act(tx: Tx) -> None:
        number = siti(tx)
        assert not members.add_number(tx, got(tx, number), "12345678901")  # not active yet
        assert members.accept(tx, got(tx, number), NOBODY)
        assert members.add_number(tx, got(tx, number), "12345678901")
        assert not members.add_number(tx, got(tx, number), "99999999999")
        assert got(tx, number).details["kpj"] == "12345678901"

    await here.store.transact(act)


@pytest.mark.parametrize(
    "handler, choice",
    [
        (partial(changing.begin, changing.OF_VILLAGE[0]), "wage"),
        (changing.begin_kpj, "kpj"),
        (status.change, "change"),
        (leaving.reasons, "leaving"),
        (leaving.begin, "leave"),
        (partial(leaving.begin_successor, REGISTRATION), "begin_successor"),
        (status.one, "member"),
        (terms.ends, "term_ends"),
        (confirming.one, "confirming_one"),
        (confirming.accept, "accept_member"),
        (confirming.refuse, "refuse_member"),
    ],
)
@pytest.mark.parametrize("role, place", [(Role.TREASURER, "64.02.01.2002"), (Role.ADMIN, "61.08")])
async def test_nothing_of_another_village_or_district_can_be_opened(
    here: World, handler: Handler, choice: str, role: Role, place: str
) -> None:
    await here.appoint("siti", "Siti Rahma", role, place)

    def act(tx: Tx) -> list[Outgoing]:
        number = siti(tx)
        incoming = Incoming(Address(memory.NAME, "siti"), "siti", "1", START, choice="x")
        turn = Turn(tx, START, rulebook(), incoming, people.actor(tx, memory.NAME, "siti", START.date()))
        turn.choice = f"{choice}:{number}:mistake:sure" if choice == "leave" else f"{choice}:{number}:14"
        said = handler(turn)
        assert got(tx, number).state is State.SUBMITTED
        assert turn.acts == []
        return said

    said = await here.store.transact(act)
    assert [out.template for out in said] in (
        [["chat/not_yours"], ["status/no_such_person"], ["members/term_settled"]]
    )


async def test_the_chain_of_acts_names_no_wage_and_nobody(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(siti)
    for said in ("siti aminah", "2", "1", "3 juta", "desember 2026", "ya"):
        await here.says("darma", said)
    rows = await here.store.transact(lambda tx: tx.all("SELECT action, details FROM audit"))
    assert [row["action"] for row in rows] == ["change_wage"]
    assert not any(secret in rows[0]["details"] for secret in ("3000000", "Siti", "6402015708850003"))
    assert await here.store.transact(records.broken) is None
    assert await here.store.transact(partial(insured, month=DEC)) == [("perangkat", 3_000_000)]
