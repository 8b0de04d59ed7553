"""Reports that wait too long, where the district's morning is not the morning of UTC."""

from datetime import UTC, date, datetime

from bot.domain.months import Month
from bot.domain.offices import Role
from bot.store import bills
from bot.store.bills import Reckoned
from bot.store.database import Tx
from tests.world import PERIAN, World


async def test_a_report_of_the_afternoon_waits_a_working_day_before_it_is_told(here: World) -> None:
    """Reported on Monday at 16.01 WITA: nothing on Tuesday, told on Wednesday and not before."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("petugas", "Rina Marlina", Role.BRANCH, "64.02")
    here.clock.move(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))

    def report(tx: Tx) -> None:
        due = date(2026, 12, 15)
        bills.reckoned(
            tx, Reckoned(PERIAN, Month(2026, 11), "PU", "64.02", due, 1, 1000, None), here.clock.now()
        )
        tx.run(
            "INSERT INTO payment (village, month, segment, state, reported_at, reported_by)"
            " VALUES (:v, '2026-11', 'PU', 'reported', :at, 1)",
            v=PERIAN, at="2026-11-23T23:30:00.000000+00:00",
        )  # Tuesday, 07.30 WITA  # fmt: skip

    await here.store.transact(report)
    told = [
        one for one in await here.move(datetime(2026, 11, 25, 10, tzinfo=UTC)) if one.to.chat == "petugas"
    ]
    assert told == []  # of Tuesday: on Wednesday not yet a whole working day
    told = [
        one for one in await here.move(datetime(2026, 11, 26, 10, tzinfo=UTC)) if one.to.chat == "petugas"
    ]
    assert len(told) == 1
    rows = await here.store.transact(
        lambda tx: tx.all("SELECT reason FROM outbox WHERE reason LIKE 'unchecked%'")
    )
    assert [row["reason"].split(":", 3)[3] for row in rows] == ["2026-11-24T16:00:00+00:00"]
