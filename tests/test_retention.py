"""How long data stay: every table has its row, and what is older is gone, from new backups too."""

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot import retention
from bot.backup import Backups, restore
from bot.channels import memory
from bot.domain.offices import Role
from bot.domain.people import State
from bot.domain.retention import in_force
from bot.messages import Address, Arrival, Lane, Letter
from bot.publishing import refuse_private
from bot.store import bills, inbox, keeping, members, outbox, people, records
from bot.store.database import Tx
from bot.store.members import By, New
from bot.store.outbox import Claimed
from bot.store.records import Act, Head
from bot.texts import render
from tests.world import PERIAN, START, World, keys, rulebook, world

DOCUMENT = Path(__file__).parent.parent / "docs" / "privasi.md"
#: Tables in which nothing is said of a person but, at most, their number.
NOT_PERSONAL = {
    "agreement", "board", "card_item", "counted", "fostered", "decision", "employer", "gate", "meta", "migration",
    "project_change", "project_part", "project_report", "room", "study", "study_answer",
    "segment", "sqlite_sequence", "stencil", "tally", "unsaid_room", "village",
}  # fmt: skip
YEARS_LATER = START + timedelta(days=1826 + 40)
NIK, MOTHER, PHONE, WAGE = "6402015708850003", "Aminah Canaria", "6281234567890", 3_141_592


def _tables(tx: Tx) -> dict[str, list[str]]:
    names = [row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for name in names:
        columns = tx.all(f'PRAGMA table_info("{name}")')
        found[name] = [row["name"] for row in columns if row["type"] == "BLOB"]
    return found


async def test_every_table_with_personal_data_has_a_rule(here: World) -> None:
    tables = await here.store.read(_tables)
    ruled = {table for row in rulebook().all_retentions for table in row.tables}
    assert {name for name in tables if name not in ruled} <= NOT_PERSONAL
    assert ruled <= set(tables)
    assert not ruled & NOT_PERSONAL
    sealed = {name for name, columns in tables.items() if columns}
    assert sealed <= ruled


def test_every_rule_is_carried_out_or_says_why_not() -> None:
    rows = in_force(rulebook().all_retentions, date(2026, 12, 1))
    assert {row.what for row in rows if row.days} == set(retention.DROPS) | {"audit"}
    assert [row.what for row in rows if not row.days] == ["contact", "fostering", "recognition"]


@pytest.mark.parametrize(
    ("what", "days"), [("inbox.body", 7), ("outbox", 90), ("draft", 30), ("member", 1826), ("audit", 1826)]
)
def test_the_notice_is_kept(what: str, days: int) -> None:
    assert {row.what: row.days for row in rulebook().all_retentions}[what] == days


async def _insured(here: World, last: date) -> int:
    details = {"born": "1985-08-17", "mother": MOTHER, "phone": PHONE, "wage": WAGE, "place": "Tenggarong"}
    new = New(PERIAN, "Siti Canaria", NIK, details, "perangkat", "kaur_keuangan", date(2020, 1, 2),
              date(2020, 1, 2), State.ACTIVE)  # fmt: skip

    def put(tx: Tx) -> int:
        number = members.add(tx, new, None, START)
        assert number
        members.end(tx, number, (last, "resigned"), By(None, START))
        return number

    return await here.store.transact(put)


async def _forget_at(here: World, moment: datetime) -> None:
    here.clock.move(moment)
    await here.engine.schedule.forget()


async def test_who_left_is_kept_five_years_and_then_overwritten(here: World) -> None:
    number = await _insured(here, START.date() - timedelta(days=1))
    await _forget_at(here, START + timedelta(days=1820))
    kept = await here.store.read(lambda tx: members.get(tx, number))
    assert kept is not None
    assert (kept.nik, kept.details["mother"]) == (NIK, MOTHER)
    await _forget_at(here, YEARS_LATER)
    gone = await here.store.read(lambda tx: members.get(tx, number))
    assert gone is not None
    assert (gone.name, gone.nik, gone.details) == (keeping.NOBODY, "", {"wage": 0})
    assert gone.state is State.ENDED


async def test_who_serves_is_kept_however_long(here: World) -> None:
    person = await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await _forget_at(here, YEARS_LATER)
    assert await here.store.read(lambda tx: people.offices(tx, person, YEARS_LATER.date()))
    assert (await here.store.read(lambda tx: tx.one("SELECT name FROM person")))["name"] == "Darma Wijaya"


async def test_a_former_officer_loses_the_account_and_later_the_name(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.leave("darma")
    look = "SELECT p.name, (SELECT COUNT(*) FROM address) AS linked FROM person AS p"
    seen = []
    for days in (89, 92, 1820, 1868):
        await _forget_at(here, START + timedelta(days=days))
        row = await here.store.read(lambda tx: dict(tx.one(look)))
        seen.append((row["name"], row["linked"]))
    assert seen == [("Darma Wijaya", 1), ("Darma Wijaya", 0), ("Darma Wijaya", 0), (keeping.NOBODY, 0)]


async def test_shares_of_an_old_bill_are_dropped_and_its_sum_stays(here: World) -> None:
    sql = """INSERT INTO bill (village, month, segment, district, due, people, ours, detail, fixed_at, made_at)
        VALUES (:village, '2026-10', 'PU', '64.02', '2026-11-16', 1, 50000, :detail, 'x', 'x')"""

    def put(tx: Tx) -> None:
        tx.run(sql, village=PERIAN, detail=tx.vault.seal_json(bills._DETAIL, {"lines": [], "shares": []}))

    await here.store.transact(put)
    await _forget_at(here, YEARS_LATER)
    row = await here.store.read(lambda tx: dict(tx.one("SELECT ours, detail FROM bill")))
    assert row == {"ours": 50000, "detail": None}


async def test_what_was_dropped_is_not_in_new_backups(tmp_path: Path) -> None:
    """Names stand in clear in the file: they show whether what was dropped is still there somewhere."""
    async with world(tmp_path) as here:
        await _insured(here, START.date() - timedelta(days=1))
        await here.appoint("darma", "Dropped Canarius", Role.TREASURER, PERIAN)
        await here.leave("darma")
        await here.store.transact(
            lambda tx: inbox.accept(tx, START, [_raw("a raw body"), _raw("another one", 901)])
        )
        await here.engine.settle()
        backups = Backups(tmp_path / "payung.db", keys(), tmp_path / "backups", 3)
        old = backups.make(START)
        await _forget_at(here, YEARS_LATER)
        new = backups.make(YEARS_LATER)
    planted = (b"Siti Canaria", b"Dropped Canarius")
    for made, there in ((old, True), (new, False)):
        target = tmp_path / f"{made.path.name}.db"
        restore(made.path, target, keys(), YEARS_LATER, replace=False)
        data = target.read_bytes()
        assert [name in data for name in planted] == [there, there]
        assert _bodies(target) == (2 if there else 0)


def _raw(text: str, number: int = 900) -> Arrival:
    return memory.arrival("asing", START, number, text=text)


def _bodies(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        count: int = connection.execute("SELECT COUNT(*) FROM inbox WHERE body IS NOT NULL").fetchone()[0]
    return count


# -- acts -------------------------------------------------------------------------------------------


async def _acts(here: World, moments: Iterable[datetime]) -> None:
    def note(tx: Tx) -> None:
        for number, at in enumerate(moments):
            records.note(tx, at, Act(number, "register", f"member:{number}", {}))

    await here.store.transact(note)


async def test_old_acts_are_dropped_and_the_chain_still_holds(here: World) -> None:
    await _acts(here, [START + timedelta(days=day) for day in range(9)])
    heads = [await here.store.read(records.head)]
    await _forget_at(here, START + timedelta(days=1826 + 4, hours=1))
    rows = await here.store.read(
        lambda tx: [row["seq"] for row in tx.all("SELECT seq FROM audit ORDER BY seq")]
    )
    assert rows == [6, 7, 8, 9, 10]
    assert await here.store.read(records.broken) is None
    assert all([await here.store.read(lambda tx, h=h: records.agrees(tx, h)) for h in heads])  # type: ignore[misc]
    await _forget_at(here, START + timedelta(days=1826 + 6, hours=1))
    assert await here.store.read(records.broken) is None
    await here.store.transact(lambda tx: tx.run("DELETE FROM audit WHERE seq = 8"))
    assert await here.store.read(records.broken) == 8


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DELETE FROM audit WHERE seq = 9", 9),
        ("DELETE FROM audit WHERE seq > 4", 5),
        ("DELETE FROM audit", 1),
        (
            "INSERT INTO audit SELECT 10, at, actor, action, object, details, hash, hash FROM audit WHERE seq = 9",
            10,
        ),
    ],
)
async def test_acts_that_are_missing_at_the_end_are_named(here: World, change: str, named: int) -> None:
    await _acts(here, [START] * 9)
    await here.store.transact(lambda tx: tx.run(change))
    assert await here.store.read(records.broken) == named


async def test_a_head_told_elsewhere_finds_a_chain_that_was_written_anew(here: World) -> None:
    """Whoever can write to the file can make a chain that holds; not one with the head that a group has."""
    await _acts(here, [START] * 9)
    told = await here.store.read(records.head)

    def anew(tx: Tx) -> None:
        tx.run("DELETE FROM audit")
        for number in range(9):
            records.note(tx, START, Act(number, "register", "member:forged", {}))

    await here.store.transact(anew)
    assert await here.store.read(records.broken) is None
    assert not await here.store.read(lambda tx: records.agrees(tx, told))
    assert not await here.store.read(lambda tx: records.agrees(tx, Head.parse(told.code)))


@pytest.mark.parametrize("code", ["", "9", "9-", "9-zzzzzzzzzzzz", "-3f9ac01b77d2", "9-3f9ac01b77d2a"])
def test_what_is_no_code_of_the_chain_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="looks like"):
        Head.parse(code)


@pytest.mark.parametrize("code", ["1842-kfsacghbqqdj", " 1842-KFSACGHBQQDJ ", "1842-3f9ac01b77d2"])
def test_a_code_says_the_number_and_the_beginning_of_the_link_in_old_writing_too(code: str) -> None:
    assert Head.parse(code) == Head(1842, "3f9ac01b77d2")
    assert Head.parse(code).code == "1842-kfsacghbqqdj"


@pytest.mark.parametrize("link", ["081234567890", "628123456789", "000000000000"])
def test_a_code_is_never_taken_for_the_number_of_a_person(link: str) -> None:
    """It is told in groups, where whatever looks like a telephone number is held back."""
    for number in (6, 62, 628, 1842, 6281234567):
        text = render(
            "privacy/head",
            {"day": "5 Des 2026", "code": Head(number, link * 5).code, "files": 11, "people": 1},
        )
        refuse_private(
            Claimed(
                1,
                Letter(Address(memory.NAME, "#kantor"), text),
                "privacy/head",
                True,
                True,
                1,
                0,
                START,
                Lane.ALERT,
            )
        )


def test_numbers_of_days_are_said_in_peoples_words() -> None:
    shown = {row.what: row.shown for row in rulebook().all_retentions}
    assert (shown["inbox.body"], shown["member"], shown["contact"], shown["incident"]) == (
        "7 hari",
        "5 tahun",
        "selama diperlukan",
        "365 hari",
    )


def test_the_table_of_the_documents_is_the_one_that_is_carried_out() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = in_force(rulebook().all_retentions, date(2026, 12, 1))
    for row in rows:
        assert f"| {row.holds} | {row.shown} | {row.after} |" in text
    table = text[text.index("| Apa | Berapa lama |") :].partition("\n\n")[0]
    assert len(table.splitlines()) == len(rows) + 2


@pytest.mark.parametrize("query", [outbox.Q.forget, outbox.Q.empty])
async def test_what_is_dropped_each_night_is_found_without_reading_all_that_is_kept(
    here: World, query: str
) -> None:
    """Nobody's message waits for it: the night's work holds up every writer."""
    rows = await here.store.transact(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {query}", before=""))
    assert all("ended_at<?" in row["detail"] for row in rows), [row["detail"] for row in rows]
