"""Bills that are reckoned only forward, payments laid over them, and the agency's figure above ours."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy

import pytest

from bot import ledger, rules
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import State
from bot.domain.rulebook import Rules
from bot.messages import Address
from bot.reports import standing
from bot.store import bills, employers, members, payments, people, places, posts, records
from bot.store.bills import Figure
from bot.store.database import MIGRATIONS, Store, Tx, migrate, open_store
from bot.store.employers import Employer
from bot.store.members import By
from bot.store.payments import New
from bot.store.payments import State as Stands
from tests import district
from tests.world import PERIAN, World, all_villages, laid, rulebook, vault

NOV, DEC, JAN = Month(2026, 11), Month(2026, 12), Month(2027, 1)
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with laid(tmp_path / "payung.db") as opened:
        await opened.transact(lambda tx: places.load(tx, all_villages()[:3]))
        await opened.transact(_somebody)
        yield opened


def _somebody(tx: Tx) -> None:
    for name in ("Darma Wijaya", "Yuniarti Lestari"):
        person = people.add(tx, name, START)
        people.link(tx, person, name, Address("memory", name), START)


def _member(tx: Tx, number: int, wage: int = 1_000_000) -> int:
    details = {
        "born": "1985-08-17",
        "sex": "P",
        "place": "Tenggarong",
        "mother": "Kartini",
        "phone": "",
        "wage": wage,
    }
    nik = f"64020157088500{number:02}"
    new = members.New(
        PERIAN,
        f"Orang {number}",
        nik,
        details,
        "perangkat",
        "kasi_pelayanan",
        START.date(),
        START.date(),
        State.SUBMITTED,
    )
    found = members.add(tx, new, 1, START)
    assert found is not None
    return found


def _kept(tx: Tx) -> list[tuple[str, int | None, int, bool, bool]]:
    return [(str(b.month), b.amount, b.paid, b.settled, b.fixed) for b in bills.of_village(tx, PERIAN)]


async def test_a_month_is_reckoned_from_who_is_insured(store: Store) -> None:
    def happen(tx: Tx) -> list[tuple[str, int | None, int, bool, bool]]:
        _member(tx, 1)
        _member(tx, 2, wage=2_000_000)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        return _kept(tx)

    assert await store.transact(happen) == [("2026-11", 16_200, 0, False, False)]


async def test_what_fell_due_or_was_reported_is_not_reckoned_again(store: Store) -> None:
    later = START + timedelta(days=30)

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        bills.fix_due(tx, "64.02", date(2026, 12, 16), later)
        _member(tx, 2)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, later)
        assert _kept(tx) == [("2026-11", 5_400, 0, False, True), ("2026-12", 10_800, 0, False, False)]
        ledger.report(tx, New(PERIAN, "PU", NOV, 2), 1, later)
        _member(tx, 3)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, later)
        assert [row[1] for row in _kept(tx)] == [5_400, 10_800]
        assert all(settled for *_, settled, _ in _kept(tx))

    await store.transact(happen)


async def test_the_agencys_figure_wins_and_a_typed_sum_is_measured_by_it(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        ledger.report(tx, New(PERIAN, "PU", NOV, amount=5_400), 1, START)
        (bill,) = bills.of_village(tx, PERIAN)
        assert bill.settled
        bills.give(tx, bill, Figure(6_000, "SIPP"), (1, START))
        ledger.settle(tx, PERIAN, "PU")
        (bill,) = bills.of_village(tx, PERIAN)
        assert (bill.amount, bill.ours, bill.left, bill.settled) == (6_000, 5_400, 600, False)
        bills.give(tx, bill, Figure(None, ""), (1, START))
        ledger.settle(tx, PERIAN, "PU")
        assert bills.of_village(tx, PERIAN)[0].settled

    await store.transact(happen)


async def test_a_returned_report_opens_the_month_again(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        number = ledger.report(tx, New(PERIAN, "PU", NOV), 1, START)
        assert not payments.check(tx, number, Stands.RECORDED, "", (1, START)), "their own report"
        assert payments.check(tx, number, Stands.RETURNED, "unreadable", (2, START))
        assert not payments.check(tx, number, Stands.RECORDED, "", (2, START)), "looked at already"
        ledger.settle(tx, PERIAN, "PU")
        assert not bills.of_village(tx, PERIAN)[0].settled
        again = ledger.report(tx, New(PERIAN, "PU", NOV), 1, START)
        assert payments.check(tx, again, Stands.RECORDED, "", (2, START))
        assert payments.reverse(tx, again, "not_received", (2, START))
        ledger.settle(tx, PERIAN, "PU")
        assert not bills.of_village(tx, PERIAN)[0].settled
        assert [p.state for p in payments.of_village(tx, PERIAN)] == [Stands.RETURNED, Stands.REVERSED]

    await store.transact(happen)


async def test_a_registered_village_owes_months_whose_sum_nobody_knows(store: Store) -> None:
    def happen(tx: Tx) -> None:
        employers.put(tx, Employer(PERIAN, "AB123456", "2020", NOV), 2, START)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START + timedelta(days=20))
        assert _kept(tx) == [("2026-11", None, 0, False, False), ("2026-12", None, 0, False, False)]
        assert employers.registered(tx, "64.02") == {PERIAN}

    await store.transact(happen)


async def test_each_month_is_opened_once_it_begins_and_fixed_once_it_is_due(store: Store) -> None:
    districts = ["64.02"]

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        ledger.keep_up(tx, rulebook(), districts, START)
        ledger.keep_up(tx, rulebook(), districts, datetime(2026, 12, 1, 1, tzinfo=UTC))
        assert [row[0] for row in _kept(tx)] == ["2026-11", "2026-12"]
        ledger.keep_up(tx, rulebook(), districts, datetime(2026, 12, 15, 1, tzinfo=UTC))
        assert [row[4] for row in _kept(tx)] == [False, False], "on the due date itself it may still change"
        ledger.keep_up(tx, rulebook(), districts, datetime(2026, 12, 16, 1, tzinfo=UTC))
        assert [row[4] for row in _kept(tx)] == [True, False]
        ledger.keep_up(tx, rulebook(), districts, datetime(2027, 3, 2, 1, tzinfo=UTC))
        assert [row[0] for row in _kept(tx)][2:] == ["2027-01", "2027-02", "2027-03"], "a long outage"

    await store.transact(happen)


async def test_who_joins_after_the_due_date_of_bpu_owes_from_the_next_month(store: Store) -> None:
    rt_is_bpu = {
        "district": "64.02", "category": "rt", "programmes": ["jkk", "jkm"], "segment": "BPU", "effective_from": "2026-01-01",
        "source": "keputusan kabupaten", "certainty": "V",
    }  # fmt: skip
    decided = rules.with_decisions(rulebook(), [("64.02", "programme_set", rt_is_bpu)])

    def happen(tx: Tx) -> None:
        details = {
            "born": "1985-08-17",
            "sex": "P",
            "place": "",
            "mother": "",
            "phone": "",
            "wage": 1_000_000,
        }
        for number, day in enumerate((date(2026, 11, 10), date(2026, 11, 23))):
            nik = f"64020157088500{number + 1:02}"
            new = members.New(PERIAN, f"Orang {number}", nik, details, "rt", "rt_ketua", day, day)
            assert members.add(tx, new, 1, START)
        ledger.refresh(tx, decided, PERIAN, NOV, START)
        ledger.keep_up(tx, decided, ["64.02"], START)
        ledger.keep_up(tx, decided, ["64.02"], datetime(2026, 12, 1, 1, tzinfo=UTC))
        kept = [(b.segment, str(b.month), b.people, b.amount, b.due) for b in bills.of_village(tx, PERIAN)]
        assert kept == [
            ("BPU", "2026-11", 1, 16_800, date(2026, 11, 16)),
            ("BPU", "2026-12", 2, 33_600, date(2026, 12, 15)),
        ]

    await store.transact(happen)


async def test_a_month_begins_where_the_district_lies(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
        assert len(_kept(tx)) == 1
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2026, 11, 30, 16, 0, tzinfo=UTC))
        assert len(_kept(tx)) == 2

    await store.transact(happen)


LANDAK = "61.08.01.2001"
_OLD_MEMBER = """
INSERT INTO member (village, name, nik, nik_index, details, category, position, since, joined, state, state_at)
VALUES (:village, 'Orang 1', :nik, x'01', :details, 'perangkat', 'kaur_keuangan', '2026-01-01', :joined, 'active',
    '2026-08-03')
"""
_OLD_PAYMENT = """
INSERT INTO payment (village, month, segment, state, reported_at, reported_by)
VALUES (:village, :month, 'PU', 'reported', :at, 1)
"""


@pytest.mark.parametrize(
    ("joined", "oldest"), [("2026-08-03", "2026-08"), ("2019-01-02", "2024-11")], ids=["in 2026", "long ago"]
)
async def test_a_database_that_never_kept_bills_is_opened_from_its_first_month(
    tmp_path: Path, joined: str, oldest: str
) -> None:
    path, ring = tmp_path / "payung.db", vault()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        _old_database(Tx(connection, ring), joined, tmp_path / "before")
    async with open_store(path, ring) as store:
        await store.transact(lambda tx: ledger.keep_up(tx, rulebook(), ["64.02"], START))
        kept = await store.transact(_kept)
    assert kept[0][0] == oldest
    assert [settled for *_, settled, _ in kept] == [True, True, *[False] * (len(kept) - 2)]
    assert [fixed for *_, fixed in kept] == [True] * (len(kept) - 1) + [False], "due, but for November"


def _old_database(tx: Tx, joined: str, migrations: Path) -> None:
    """Somebody joined, and two months were reported, before there were bills."""
    migrations.mkdir()
    for path in [path for path in MIGRATIONS.glob("*.sql") if path.name < "0003"]:
        copy(path, migrations)
    tx.run("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    migrate(tx, migrations)
    places.load(tx, all_villages()[:3])
    _somebody(tx)
    details = tx.vault.seal_json("member.details", {"wage": 1_000_000})
    nik = tx.vault.seal("member.nik", "6402015708850001")
    tx.run(_OLD_MEMBER, village=PERIAN, nik=nik, details=details, joined=joined)
    for month in ("2026-08", "2026-09"):
        tx.run(_OLD_PAYMENT, village=PERIAN, month=month, at=f"{month}-28T00:00:00.000000+00:00")


def _bpu(category: str = "rt") -> Rules:
    row = {
        "district": "64.02", "category": category, "programmes": ["jkk", "jkm"], "segment": "BPU",
        "effective_from": "2026-01-01", "source": "keputusan kabupaten", "certainty": "V",
    }  # fmt: skip
    return rules.with_decisions(rulebook(), [("64.02", "programme_set", row)])


def _owed(tx: Tx) -> list[tuple[str, str, int, int | None]]:
    return [(b.segment, str(b.month), b.people, b.amount) for b in bills.of_village(tx, PERIAN) if b.people]


@pytest.mark.parametrize(
    ("since", "november"),
    [(date(2026, 11, 16), ("BPU", 16_800)), (date(2026, 11, 17), ("PU", 5_400))],
    ids=str,
)
async def test_who_changes_to_bpu_after_its_due_date_stays_where_they_were_for_that_month(
    store: Store, since: date, november: tuple[str, int]
) -> None:
    def happen(tx: Tx) -> None:
        member = _member(tx, 1)
        tx.run("UPDATE member SET joined = '2026-11-02'")
        tx.run("UPDATE service SET since = '2026-11-02'")
        assert posts.change(tx, member, ("rt_ketua", "rt"), since, By(1, START))
        ledger.refresh(tx, _bpu(), PERIAN, NOV, datetime(2026, 12, 1, 1, tzinfo=UTC))
        segment, amount = november
        assert sorted(_owed(tx)) == sorted([(segment, "2026-11", 1, amount), ("BPU", "2026-12", 1, 16_800)])

    await store.transact(happen)


async def test_another_wage_after_the_due_date_is_no_change_of_segment(store: Store) -> None:
    def happen(tx: Tx) -> None:
        member = _member(tx, 1)
        tx.run("UPDATE member SET joined = '2026-11-02'")
        tx.run("UPDATE service SET since = '2026-11-02'")
        posts.change_wage(tx, member, 2_000_000, date(2026, 11, 20), By(1, START))
        posts.change(tx, member, ("kaur_umum", "perangkat"), date(2026, 11, 22), By(1, START))
        ledger.refresh(tx, _bpu("perangkat"), PERIAN, NOV, START)
        assert _owed(tx) == [("BPU", "2026-11", 1, 26_800)]

    await store.transact(happen)


async def test_a_report_taken_back_before_the_due_date_sets_the_months_free(store: Store) -> None:
    december = datetime(2026, 12, 3, 1, tzinfo=UTC)

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], december)
        number = ledger.report(tx, New(PERIAN, "PU", NOV, 2), 1, december)
        assert _kept(tx) == [("2026-11", 5_400, 5_400, True, True), ("2026-12", 5_400, 5_400, True, True)]
        assert payments.withdraw(tx, number, 1)
        ledger.settle(tx, PERIAN, "PU")
        assert _kept(tx) == [("2026-11", 5_400, 0, False, False), ("2026-12", 5_400, 0, False, False)]
        _member(tx, 2)
        ledger.keep_up(tx, rulebook(), ["64.02"], december)
        assert [row[1] for row in _kept(tx)] == [10_800, 10_800], "at the next call, not at the next day"

    await store.transact(happen)


async def test_a_refresh_alone_is_enough_after_a_report_was_returned(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        number = ledger.report(tx, New(PERIAN, "PU", NOV), 1, START)
        _member(tx, 2)
        assert payments.check(tx, number, Stands.RETURNED, "unreadable", (2, START))
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        assert _kept(tx) == [("2026-11", 10_800, 0, False, False)]

    await store.transact(happen)


async def test_what_is_past_its_due_date_stays_fixed_when_a_report_is_taken_back(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], START)
        number = ledger.report(tx, New(PERIAN, "PU", NOV), 1, START)
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2026, 12, 16, 1, tzinfo=UTC))
        assert payments.withdraw(tx, number, 1)
        ledger.settle(tx, PERIAN, "PU")
        assert _kept(tx)[0] == ("2026-11", 5_400, 0, False, True)

    await store.transact(happen)


async def test_a_report_completed_later_fixes_the_months_it_then_reaches(store: Store) -> None:
    december = datetime(2026, 12, 3, 1, tzinfo=UTC)

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], december)
        number = ledger.report(tx, New(PERIAN, "PU", NOV), 1, december)
        assert [fixed for *_, fixed in _kept(tx)] == [True, False]
        told = payments.get(tx, number)
        assert told
        payments.tell(tx, told, 10_800, None, "")
        ledger.settle(tx, PERIAN, "PU")
        assert [fixed for *_, fixed in _kept(tx)] == [True, True]

    await store.transact(happen)


async def test_what_is_left_of_an_earlier_report_fixes_no_month_that_begins_later(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], START)
        ledger.report(tx, New(PERIAN, "PU", NOV, amount=5_900), 1, START)
        december = datetime(2026, 12, 3, 1, tzinfo=UTC)
        ledger.keep_up(tx, rulebook(), ["64.02"], december)
        _member(tx, 2)
        ledger.refresh(tx, rulebook(), PERIAN, DEC, december)
        assert _kept(tx)[1] == ("2026-12", 10_800, 500, False, False)

    await store.transact(happen)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (0, [("2026-11", 10_800, False), ("2027-04", 6_000, False)]),
        (2, [("2026-11", 5_400, True), ("2026-12", 5_400, True), ("2027-04", 6_000, False)]),
    ],
)
async def test_months_made_by_a_clock_that_was_ahead_are_dropped_but_for_those_with_money_or_a_figure(
    store: Store, reported: int, expected: list[tuple[str, int, bool]]
) -> None:
    ahead = datetime(2027, 6, 20, 1, tzinfo=UTC)

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], START)
        ledger.keep_up(tx, rulebook(), ["64.02"], ahead)
        if reported:
            ledger.report(tx, New(PERIAN, "PU", NOV, reported), 1, ahead)
        given = bills.get(tx, PERIAN, "PU", Month(2027, 4))
        assert given
        bills.give(tx, given, Figure(6_000, "SIPP"), (1, START))
        _member(tx, 2)
        for _ in range(2):
            ledger.keep_up(tx, rulebook(), ["64.02"], START + timedelta(days=1))
        assert [(month, amount, settled) for month, amount, _, settled, _ in _kept(tx)] == expected
        assert _kept(tx)[0][4] == bool(reported), "not due yet: as if the clock had never been ahead"

    await store.transact(happen)


async def test_a_month_that_was_opened_too_early_is_right_once_it_begins(store: Store) -> None:
    """The clock is a day ahead at a month's end; it is set right, somebody comes, and the month begins unseen."""

    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2026, 12, 1, 2, tzinfo=UTC))
        _member(tx, 2)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, datetime(2026, 11, 30, 2, tzinfo=UTC))
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2026, 12, 1, 3, tzinfo=UTC))
        assert [(month, amount) for month, amount, *_ in _kept(tx)] == [
            ("2026-11", 10_800),
            ("2026-12", 10_800),
        ]

    await store.transact(happen)


async def test_a_clock_that_is_set_right_while_it_opens_a_large_district_leaves_nothing(store: Store) -> None:
    def happen(tx: Tx) -> None:
        first, *_ = all_villages()
        places.load(tx, [replace(first, code=f"64.02.99.{n:04}") for n in range(ledger.TOGETHER)])
        _member(tx, 1)
        for _ in range(2):
            ledger.keep_up(tx, rulebook(), ["64.02"], START)
        ledger.keep_up(tx, rulebook(), ["64.02"], datetime(2027, 6, 20, 1, tzinfo=UTC))
        assert len(_kept(tx)) == 8
        ledger.keep_up(tx, rulebook(), ["64.02"], START + timedelta(hours=1))
        ledger.keep_up(tx, rulebook(), ["64.02"], START + timedelta(hours=2))
        assert _kept(tx) == [("2026-11", 5_400, 0, False, False)]

    await store.transact(happen)


async def test_a_report_made_after_the_due_date_fixes_for_good(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        late = datetime(2026, 12, 20, 1, tzinfo=UTC)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, late)
        number = ledger.report(tx, New(PERIAN, "PU", NOV, 2), 1, late)
        assert payments.withdraw(tx, number, 1)
        ledger.settle(tx, PERIAN, "PU")
        assert [fixed for *_, fixed in _kept(tx)] == [True, False]

    await store.transact(happen)


async def test_a_village_that_cannot_be_reckoned_holds_up_no_other(tmp_path: Path) -> None:
    december = datetime(2026, 12, 1, 18, tzinfo=UTC)
    other = "64.02.01.2002"

    def happen(tx: Tx) -> None:
        _somebody(tx)
        places.load(tx, all_villages())
        bad, _ = _member(tx, 1), _member(tx, 2)
        tx.run("UPDATE member SET village = :other WHERE id <> :bad", other=other, bad=bad)
        _member(tx, 3)
        tx.run("UPDATE member SET village = :landak WHERE id = 3", landak=LANDAK)
        both = ["64.02", "61.08"]
        ledger.keep_up(tx, rulebook(), both, START)
        tx.run("UPDATE service SET wage = x'00' WHERE member = :bad", bad=bad)
        ledger.keep_up(tx, rulebook(), both, december)
        months = {
            code: [str(b.month) for b in bills.of_village(tx, code)] for code in (PERIAN, other, LANDAK)
        }
        assert months == {
            PERIAN: ["2026-11"],
            other: ["2026-11", "2026-12"],
            LANDAK: ["2026-11", "2026-12"],
        }
        assert ledger.unreckoned(tx) == 1
        tx.run("UPDATE service SET wage = NULL")
        ledger.keep_up(tx, rulebook(), both, december + timedelta(hours=1))
        assert ledger.unreckoned(tx) == 1, "not before the next day"
        ledger.keep_up(tx, rulebook(), both, december + timedelta(days=1))
        assert ledger.unreckoned(tx) == 0
        assert [str(b.month) for b in bills.of_village(tx, PERIAN)] == ["2026-11", "2026-12"]

    async with laid(tmp_path / "payung.db") as store:
        await store.transact(happen)


async def test_a_large_district_is_opened_in_parts_and_fixed_when_it_is_whole(tmp_path: Path) -> None:
    last = f"64.02.99.{ledger.TOGETHER - 1:04}"

    def happen(tx: Tx) -> None:
        first, *more = all_villages()
        copies = [replace(first, code=f"64.02.99.{number:04}") for number in range(ledger.TOGETHER)]
        places.load(tx, [first, *more[:2], *copies])
        _somebody(tx)
        _member(tx, 1)
        tx.run("UPDATE member SET village = :last", last=last)
        ledger.keep_up(tx, rulebook(), ["64.02"], START)
        assert bills.of_village(tx, last) == []
        assert records.get(tx, "ledger:64.02") is None
        ledger.keep_up(tx, rulebook(), ["64.02"], START)
        assert len(bills.of_village(tx, last)) == 1
        assert records.get(tx, "ledger:64.02")

    async with laid(tmp_path / "payung.db") as store:
        await store.transact(happen)


@pytest.mark.parametrize(
    ("segment", "said", "unsaid"),
    [("PU", "kelas risiko", "kantor cabang"), ("BPU", "kantor cabang", "kelas risiko")],
)
async def test_a_figure_says_which_of_its_rules_an_official_has_to_confirm(
    here: World, segment: str, said: str, unsaid: str
) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    decided = _bpu("perangkat") if segment == "BPU" else rulebook()

    def insure(tx: Tx) -> None:
        _member(tx, 1, wage=1_200_000)
        tx.run("UPDATE member SET joined = '2026-11-02'")
        tx.run("UPDATE service SET since = '2026-11-02'")
        ledger.refresh(tx, decided, PERIAN, NOV, START)

    await here.store.transact(insure)
    (letter,) = await here.says("darma", "mengapa segitu?")
    assert said in letter.text
    assert unsaid not in letter.text


async def test_what_is_undone_is_reckoned_anew_at_once(store: Store) -> None:
    def happen(tx: Tx) -> None:
        _member(tx, 1)
        ledger.refresh(tx, rulebook(), PERIAN, NOV, START)
        number = ledger.report(tx, New(PERIAN, "PU", NOV), 1, START)
        _member(tx, 2)
        known = payments.get(tx, number)
        assert known
        assert payments.withdraw(tx, number, 1)
        ledger.undone(tx, rulebook(), known, START)
        assert _kept(tx) == [("2026-11", 10_800, 0, False, False)]

    await store.transact(happen)


async def test_the_recap_counts_what_the_papers_of_the_office_count(tmp_path: Path) -> None:
    now = datetime(2026, 12, 8, 2, tzinfo=UTC)

    def look(tx: Tx) -> None:
        places.load(tx, all_villages())
        _somebody(tx)
        district.fill(tx, now, 1)
        here = rulebook().district("64.02")
        picture = standing.picture(tx, standing.Asked(here, now, NOV))
        quick = [*standing.counts(tx, "64.02", now.astimezone(here.zone).date()).values()]
        assert sum(quick[1:], quick[0]) == picture.total
        assert sorted(quick, key=astuple) == sorted(picture.by_subdistrict.values(), key=astuple)
        assert (picture.total.registered, picture.total.behind) == (120, 12)

    async with laid(tmp_path / "papers.db") as opened:
        await opened.transact(look)
