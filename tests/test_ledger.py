"""Bills that are reckoned only forward, payments laid over them, and the agency's figure above ours."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import ledger, rules
from bot.domain.months import Month
from bot.domain.people import State
from bot.messages import Address
from bot.store import bills, employers, members, payments, people, places
from bot.store.database import Store, Tx, open_store
from bot.store.employers import Employer
from bot.store.payments import New
from bot.store.payments import State as Stands
from tests.world import PERIAN, all_villages, rulebook, vault

NOV, DEC, JAN = Month(2026, 11), Month(2026, 12), Month(2027, 1)
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "payung.db", vault()) as opened:
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
        bills.give(tx, bill, 6_000, "SIPP", (1, START))
        ledger.settle(tx, PERIAN, "PU")
        (bill,) = bills.of_village(tx, PERIAN)
        assert (bill.amount, bill.ours, bill.left, bill.settled) == (6_000, 5_400, 600, False)
        bills.give(tx, bill, None, "", (1, START))
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
