"""What districts decide in chat: applied over the files, left out where it no longer fits, taken back."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot import ruling
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.rulebook import Rules
from bot.store import decisions, people
from bot.store.database import Store, Tx, open_store
from handlers.reminders import moments
from tests.world import World, laid, rulebook, vault

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ON = date(2026, 12, 8)
KUKAR = "64.02"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with laid(tmp_path / "payung.db") as opened:
        await opened.transact(lambda tx: people.add(tx, "Yuniarti Lestari", NOW))
        yield opened


def row(days: int, **more: object) -> dict[str, object]:
    """A whole row of [[stage]]."""
    return {
        "name": "h-7", "days_before": days, "at": "09:00:00", "district": KUKAR, "kind": "month", "off": False,
        "effective_from": "2026-12-01", "source": "keputusan DPMD", "certainty": "V", **more,
    }  # fmt: skip


def decide(tx: Tx, days: int, **more: object) -> int:
    return decisions.decide(tx, KUKAR, "stage", row(days, **more), (1, NOW))


def first(rules: Rules, district: str = KUKAR) -> int:
    return rules.stages(ON, district)[0].days_before


async def test_without_a_decision_the_rules_are_those_of_the_files(store: Store) -> None:
    assert await store.transact(lambda tx: ruling.current(tx, rulebook())) is rulebook()


async def test_a_decision_is_for_its_district_from_its_day_on(store: Store) -> None:
    def look(tx: Tx) -> None:
        decide(tx, 10)
        found = ruling.current(tx, rulebook())
        assert first(found) == 10
        assert first(found, "61.08") == 7
        assert found.stages(date(2026, 11, 30), KUKAR)[0].days_before == 7

    await store.transact(look)


async def test_the_rules_are_made_anew_only_when_something_was_decided_or_revoked(store: Store) -> None:
    def look(tx: Tx) -> None:
        number = decide(tx, 10)
        found = ruling.current(tx, rulebook())
        assert ruling.current(tx, rulebook()) is found
        decide(tx, 12, effective_from="2026-12-02")
        assert first(ruling.current(tx, rulebook())) == 12
        assert decisions.revoke(tx, number, KUKAR, NOW)
        assert not decisions.revoke(tx, number, KUKAR, NOW)
        assert first(ruling.current(tx, rulebook())) == 12

    await store.transact(look)


async def test_of_two_on_one_day_the_later_counts_and_revoking_it_brings_the_other_back(store: Store) -> None:
    def look(tx: Tx) -> None:
        decide(tx, 10)
        number = decide(tx, 12)
        assert first(ruling.current(tx, rulebook())) == 12
        decisions.revoke(tx, number, KUKAR, NOW)
        assert first(ruling.current(tx, rulebook())) == 10

    await store.transact(look)


@pytest.mark.parametrize(
    "more", [{"kind": "gone"}, {"colour": "red"}, {"at": "25:00"}, {"district": "61.08"}], ids=str
)
async def test_what_the_rules_cannot_read_any_more_is_left_out(store: Store, more: dict[str, object]) -> None:
    def look(tx: Tx) -> None:
        decide(tx, 10)
        decide(tx, 12, effective_from="2026-12-02", **more)
        decisions.decide(tx, KUKAR, "a_table_of_old", {"x": 1}, (1, NOW))
        assert first(ruling.current(tx, rulebook())) == 10

    await store.transact(look)


async def test_nobody_revokes_what_another_district_decided(store: Store) -> None:
    def look(tx: Tx) -> None:
        number = decide(tx, 10)
        assert not decisions.revoke(tx, number, "61.08", NOW)
        assert [one.by for one in decisions.of_district(tx, KUKAR, "stage")] == ["Yuniarti Lestari"]

    await store.transact(look)


async def test_the_closing_sentence_is_the_last_one_in_force(store: Store) -> None:
    def look(tx: Tx) -> None:
        for text, since in (("Satu.", "2026-12-01"), ("Dua.", "2026-12-09")):
            decisions.decide(tx, KUKAR, ruling.WORDING, {"text": text, "effective_from": since}, (1, NOW))
        assert ruling.closing(tx, KUKAR, ON) == "Satu."
        assert ruling.closing(tx, KUKAR, date(2026, 12, 9)) == "Dua."
        assert ruling.closing(tx, "61.08", ON) == ""
        assert ruling.current(tx, rulebook()).all_stages == rulebook().all_stages

    await store.transact(look)


async def test_two_databases_never_share_what_was_decided(tmp_path: Path) -> None:
    found = []
    for name, days in (("a", 10), ("b", 12)):
        async with open_store(tmp_path / f"{name}.db", vault()) as opened:
            await opened.transact(lambda tx: people.add(tx, "Yuniarti Lestari", NOW))
            await opened.transact(lambda tx, days=days: decide(tx, days))
            found.append(await opened.transact(lambda tx: first(ruling.current(tx, rulebook()))))
    assert found == [10, 12]


def _then(first_: Callable[[Tx], object], tx: Tx) -> None:
    """Do something, look at the rules, and fail."""
    first_(tx)
    ruling.current(tx, rulebook())
    raise KeyError("rolled back")


async def test_which_of_two_was_taken_back_is_told_apart_after_a_rollback(store: Store) -> None:
    one = await store.transact(lambda tx: decide(tx, 10))
    other = await store.transact(lambda tx: decide(tx, 12, name="h-3"))
    await store.transact(lambda tx: decide(tx, 2, name="h-1"))

    def take_back(tx: Tx, number: int) -> None:
        assert decisions.revoke(tx, number, KUKAR, NOW)

    with pytest.raises(KeyError):
        await store.transact(partial(_then, partial(take_back, number=one)))
    await store.transact(partial(take_back, number=other))
    found = await store.transact(lambda tx: ruling.current(tx, rulebook()))
    assert {stage.name: stage.days_before for stage in found.stages(ON, KUKAR)}["h-7"] == 10


async def test_what_was_decided_in_a_transaction_that_failed_is_not_in_force(store: Store) -> None:
    """The next decision gets the same number and moment."""
    with pytest.raises(KeyError):
        await store.transact(partial(_then, partial(decide, days=10)))
    assert first(await store.transact(lambda tx: ruling.current(tx, rulebook()))) == 7
    failed, kept = partial(_then, partial(decide, days=11)), partial(decide, days=12)
    outcomes = await store.each([failed, kept, lambda tx: first(ruling.current(tx, rulebook()))])
    assert isinstance(outcomes[0], KeyError)
    assert outcomes[2] == 12
    assert first(await store.transact(lambda tx: ruling.current(tx, rulebook()))) == 12


async def _plans_are_asked(here: World, days: str) -> None:
    for said in ("/jadwal", "1", "1"):
        await here.says("yuni", said)
    await here.presses("yuni", days)
    await here.presses("yuni", "Simpan")


async def _general_again(here: World) -> str:
    for said in ("/jadwal", "1"):
        await here.says("yuni", said)
    await here.presses("yuni", "Kembali ke aturan umum")
    return "\n".join(letter.text for letter in await here.presses("yuni", "Simpan"))


async def _asked_on(here: World, month: Month) -> date:
    """The day on which the village is asked when it plans to pay."""

    def look(tx: Tx) -> date:
        found = ruling.current(tx, rulebook())
        return moments(found, found.district(KUKAR), "PU", month)[0].at.date()

    return await here.store.transact(look)


async def test_taking_a_stage_back_keeps_the_reminder_under_way(here: World) -> None:
    """The general day is past on the day on which the own, later one is given up."""
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await _plans_are_asked(here, "5 hari")
    here.clock.move(datetime(2026, 12, 9, 4, tzinfo=UTC))  # due on the 15th: the general day was the 8th
    assert "Kamis, 10 Desember 2026" in await _general_again(here)
    assert await _asked_on(here, Month(2026, 11)) == date(2026, 12, 10)
    assert await _asked_on(here, Month(2026, 12)) == date(2027, 1, 8)
    assert await _asked_on(here, Month(2027, 7)) == date(2027, 8, 9)
    await here.says("yuni", "/jadwal")
    [card] = await here.says("yuni", "1")
    assert "Kembali ke aturan umum" not in [choice.label for choice in card.choices]


async def test_taking_back_what_was_not_yet_in_force_leaves_no_trace_in_the_rules(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await _plans_are_asked(here, "10 hari")
    await _general_again(here)
    for month in (Month(2026, 11), Month(2026, 12), Month(2027, 5)):
        usual = moments(rulebook(), rulebook().district(KUKAR), "PU", month)[0].at.date()
        assert await _asked_on(here, month) == usual


async def test_an_own_row_may_follow_what_was_taken_back(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, KUKAR)
    await _plans_are_asked(here, "5 hari")
    here.clock.move(here.clock.now() + timedelta(days=3))
    await _general_again(here)
    await _plans_are_asked(here, "9 hari")
    assert await _asked_on(here, Month(2026, 11)) == date(2026, 12, 5)  # the 6th is a Sunday
    await _general_again(here)
    assert await _asked_on(here, Month(2026, 12)) == date(2027, 1, 8)
