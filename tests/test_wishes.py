"""What villages report, weighed: two segments, photos with words, answers that come late, several villages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import ledger, ruling
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.paying import Said
from bot.domain.people import State
from bot.messages import File, Letter
from bot.store import bills, decisions, intentions, members, payments, people
from bot.store.database import Tx
from bot.store.payments import New, Payment
from bot.store.payments import State as Stands
from handlers.wishes import Wish, as_choice, from_choice
from tests.world import PERIAN, World, rulebook, world

NOV, DEC = Month(2026, 11), Month(2026, 12)
THIRD = datetime(2026, 12, 3, 1, tzinfo=UTC)
NEXT_DOOR = "64.02.01.2002"
JOINED = date(2026, 11, 20)
RT_IS_BPU = {
    "district": "64.02", "category": "rt", "programmes": ["jkk", "jkm"], "segment": "BPU",
    "effective_from": "2026-01-01", "source": "keputusan kabupaten", "certainty": "V",
}  # fmt: skip
POSTS = (("perangkat", "kasi_pelayanan", 2_500_000), ("rt", "rt_ketua", 1_000_000))
BPU_LABEL = "Desember 2026 (BPU)"


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[World]:
    """On 3 December: Rp13.500 of wage earners for November and December, Rp16.800 of BPU for December."""
    async with world(tmp_path, THIRD) as here:
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.appoint("ratna", "Ratna Sari", Role.SECRETARY, PERIAN)
        await here.store.transact(lambda tx: insure(tx, PERIAN))
        yield here


def insure(tx: Tx, village: str) -> None:
    """One wage earner and one who pays for themselves."""
    decisions.decide(tx, "64.02", "programme_set", RT_IS_BPU, (1, THIRD))
    for number, (category, position, wage) in enumerate(POSTS):
        details = {"born": "1985-08-17", "sex": "P", "place": "", "mother": "", "phone": "", "wage": wage}
        nik = f"{village[:2]}02015708850{village[-1]}{number:02}"
        new = members.New(
            village, f"Orang {number}", nik, details, category, position, JOINED, JOINED, State.ACTIVE
        )
        assert members.add(tx, new, 1, THIRD)
    ledger.refresh(tx, ruling.current(tx, rulebook()), village, NOV, THIRD)


async def says(here: World, who: str, text: str) -> str:
    """All that is answered to a line; `[…]` presses a button."""
    letters = await (here.presses(who, text[1:-1]) if text.startswith("[") else here.says(who, text))
    return told(letters)


async def sends(here: World, who: str, caption: str = "") -> str:
    """All that is answered to a photo with these words under it."""
    number = f"photo-{len(here.channel.files)}"
    here.channel.files[number] = b"a photo."
    file: dict[str, str | int] = {"id": number, "size": 8, "mime": "image/jpeg", "name": "bukti: 1.jpg"}
    return told(await here.says(who, caption, shape="photo", file=file))


def told(letters: list[Letter]) -> str:
    return "\n".join(f"{one.text} {[choice.label for choice in one.choices]}" for one in letters)


async def kept(here: World, village: str = PERIAN) -> list[Payment]:
    return await here.store.transact(lambda tx: payments.of_village(tx, village))


def short(found: list[Payment]) -> list[tuple[str, str, int, int | None]]:
    """Segment, first month, months and sum of each payment."""
    return [(one.segment, str(one.month), one.months, one.amount) for one in found]


async def reports(here: World, new: New, by: int = 2) -> None:
    await here.store.transact(lambda tx: ledger.report(tx, new, by, here.clock.now()))


# -- a wish behind a button --------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        Wish(PERIAN, "PU", Said(segment="PU")),
        Wish(
            PERIAN,
            "BPU",
            Said(1_584_000, date(2026, 12, 1), (NOV, DEC), 2, "BPU"),
            "add",
            sure=True,
            seen=7,
            file=File("id:1", "bukti: desa.jpg", "image/jpeg", 8),
        ),
    ],
)
def test_a_button_keeps_all_that_was_said(wish: Wish) -> None:
    assert from_choice(as_choice(wish)) == wish


def test_a_button_of_an_older_form_means_nothing() -> None:
    assert from_choice(f"told:{PERIAN}:PU:2026-11:1:13500::") is None


async def test_a_wish_for_a_village_that_is_not_theirs_is_refused(both: World) -> None:
    stolen = replace(Wish(PERIAN, "PU"), village=NEXT_DOOR)
    await both.store.transact(lambda tx: insure(tx, NEXT_DOOR))
    await says(both, "darma", "13.500")
    sql = "SELECT nonce, choices FROM prompt"
    row = await both.store.transact(lambda tx: tx.one(sql))

    def change(tx: Tx) -> None:
        sealed = tx.vault.seal_json("prompt.choices", [[as_choice(stolen), "Ya, catat"]])
        tx.run("UPDATE prompt SET choices = :c WHERE nonce = :n", c=sealed, n=row["nonce"])

    await both.store.transact(change)
    await says(both, "darma", "[Ya, catat]")
    assert await kept(both, NEXT_DOOR) == []


# -- a month that is settled, and older ones that are open -------------------------------------


@pytest.mark.parametrize(
    "line",
    ["sudah bayar november 13.500", "bayar november dari ADD tanggal 2 desember", "sudah bayar bpu november"],
)
async def test_a_settled_month_is_not_booked_as_the_next_one(both: World, line: str) -> None:
    segment = "BPU" if "bpu" in line else "PU"
    if segment == "BPU":
        put = "UPDATE bill SET month = '2026-11' WHERE segment = 'BPU'"
        await both.store.transact(lambda tx: tx.run(put))
    await reports(both, New(PERIAN, segment, NOV))
    answer = await says(both, "darma", line)
    assert "sudah dilaporkan lunas" in answer
    assert len(await kept(both)) == 1


async def test_the_other_segments_open_month_is_meant_where_one_is_settled(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV, 2))
    both.clock.move(THIRD + timedelta(days=4))
    answer = await says(both, "darma", "bayar desember dari ADD")
    assert "Iuran Desember 2026 (BPU)" in answer
    assert short(await kept(both))[1:] == [("BPU", "2026-12", 1, None)]


async def test_a_sum_that_is_exactly_the_settled_bills_is_not_laid_over_the_other_segment(
    both: World,
) -> None:
    await reports(both, New(PERIAN, "PU", NOV, 2))
    assert "sudah dilaporkan lunas" in await says(both, "darma", "bayar desember 13.500")
    assert len(await kept(both)) == 1


async def test_older_months_are_asked_about_where_details_name_a_later_one(both: World) -> None:
    answer = await says(both, "darma", "bayar pu desember tanggal 1 desember dari ADD")
    assert "Iuran bulan apa" in answer
    assert await kept(both) == []
    await says(both, "darma", "[November–Desember 2026]")
    (one,) = await kept(both)
    assert (one.months, one.paid_on, one.funding) == (2, date(2026, 12, 1), "add")


async def test_months_that_were_all_named_are_not_asked_about(both: World) -> None:
    await says(both, "darma", "bayar pu november dan desember dari ADD")
    assert short(await kept(both)) == [("PU", "2026-11", 2, None)]


async def test_a_named_month_without_a_bill_is_asked_about(both: World) -> None:
    assert "Maksudnya iuran *November 2026*" in await says(both, "darma", "bayar pu oktober dari ADD")
    await says(both, "darma", "[Ya, November 2026]")
    assert [one.funding for one in await kept(both)] == ["add"]


# -- answers that come after something else was reported ---------------------------------------


async def test_a_yes_to_a_month_settled_meanwhile_books_nothing(both: World) -> None:
    await says(both, "darma", "13.500")
    await says(both, "ratna", "sudah bayar 13.500")
    assert "sudah dilaporkan lunas" in await says(both, "darma", "[Ya, catat]")
    assert len(await kept(both)) == 1


async def test_a_report_newer_than_the_question_is_asked_about(both: World) -> None:
    await says(both, "darma", "bayar pu 200.000")
    await says(both, "ratna", "bayar pu 5.000")
    answer = await says(both, "darma", "[Ya, Rp200.000]")
    assert "Ratna Sari sudah melaporkan" in answer
    assert len(await kept(both)) == 1
    await says(both, "darma", "[Ya, pembayaran lain]")
    assert [one.amount for one in await kept(both)] == [5_000, 200_000]


async def test_a_report_that_was_asked_about_is_not_asked_about_again_but_a_newer_one_is(both: World) -> None:
    await says(both, "ratna", "bayar pu 5.000")
    await says(both, "darma", "bayar pu 6.000")
    await says(both, "ratna", "bayar pu 2.000")
    await says(both, "ratna", "[Ya, pembayaran lain]")
    assert "Rp2.000" in await says(both, "darma", "[Ya, pembayaran lain]")
    await says(both, "darma", "[Ya, pembayaran lain]")
    assert [one.amount for one in await kept(both)] == [5_000, 2_000, 6_000]


async def test_a_colleagues_report_in_one_segment_is_not_repeated_into_the_other(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV, 2))
    assert "Apakah ini pembayaran lain" in await says(both, "darma", "sudah bayar 13.000")
    assert "Maksudnya iuran" in await says(both, "darma", "sudah bayar")
    assert len(await kept(both)) == 1


# -- which segment -----------------------------------------------------------------------------


async def test_which_segment_is_asked_and_the_answer_is_weighed_as_any_other(both: World) -> None:
    assert "untuk iuran yang mana" in await says(both, "darma", "sudah bayar 900.000 dari dana desa")
    answer = await says(both, "darma", "[Penerima upah]")
    assert "nolnya kelebihan" in answer
    assert "tidak boleh dipakai" in answer
    answer = await says(both, "darma", "[Ya, Rp900.000]")
    assert "tidak boleh dipakai" not in answer, "said once"
    assert [(one.segment, one.amount, one.funding) for one in await kept(both)] == [("PU", 900_000, "")]


async def test_what_was_reported_just_now_is_asked_about_after_the_segment_too(both: World) -> None:
    await reports(both, New(PERIAN, "BPU", DEC, amount=5_000))
    await says(both, "darma", "sudah bayar 9.000")
    assert "Apakah ini pembayaran lain" in await says(both, "darma", "[Peserta mandiri (BPU)]")


async def test_a_sum_alone_keeps_its_source_through_the_question(both: World) -> None:
    await says(both, "darma", "15.000 dari ADD")
    await says(both, "darma", "[Penerima upah]")
    assert [(one.amount, one.funding) for one in await kept(both)] == [(15_000, "add")]


async def test_a_figure_is_asked_about_by_segment_and_then_where_it_is_far_off(both: World) -> None:
    asked = await says(both, "darma", "sipp 1.350.000 desember")
    assert "Tagihan SIPP Rp1.350.000 itu untuk iuran yang mana" in asked
    assert "Benar tagihan SIPP" in await says(both, "darma", "[Penerima upah]")
    assert await figures(both) == [None, None, None]
    await says(both, "darma", "[Ya, Rp1.350.000]")
    assert await figures(both) == [None, None, 1_350_000]


async def figures(here: World) -> list[int | None]:
    return await here.store.transact(lambda tx: [bill.given for bill in bills.of_village(tx, PERIAN)])


# -- more about a report, and about which ------------------------------------------------------


async def test_money_of_bpu_does_not_complete_a_report_of_wage_earners(both: World) -> None:
    await says(both, "darma", "sudah bayar pu november ya")
    await says(both, "darma", "[Ya, November 2026]")
    await says(both, "darma", "bayar bpu 16.800")
    assert short(await kept(both)) == [("PU", "2026-11", 1, None), ("BPU", "2026-12", 1, 16_800)]


async def test_an_exact_bill_of_the_other_segment_is_meant(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV), by=1)
    await says(both, "darma", "bayar 16.800")
    await says(both, "darma", "bayar 13.500")
    assert short(await kept(both)) == [("PU", "2026-11", 1, 13_500), ("BPU", "2026-12", 1, 16_800)]


async def test_a_photo_of_the_other_segment_is_no_proof_of_this_report(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV), by=1)
    await sends(both, "darma", "bpu 16.800 tgl 1 desember dari ADD")
    first, second = await kept(both)
    assert (first.proof, first.amount) == (None, None)
    assert (second.segment, second.amount, second.paid_on, second.funding) == (
        "BPU",
        16_800,
        date(2026, 12, 1),
        "add",
    )
    assert second.proof


async def test_a_caption_completes_the_report_that_the_photo_proves(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV), by=1)
    await sends(both, "darma", "13.500 tanggal 1 desember dari ADD")
    (one,) = await kept(both)
    assert (one.amount, one.paid_on, one.funding) == (13_500, date(2026, 12, 1), "add")
    assert one.proof


async def test_a_caption_is_kept_where_its_photo_is_asked_about(both: World) -> None:
    assert "Iuran Desember 2026 (BPU)" in await sends(both, "darma", "tanggal 1 desember dari ADD")
    await says(both, "darma", "[Iuran Desember 2026 (BPU)]")
    (one,) = await kept(both)
    assert (one.segment, one.paid_on, one.funding) == ("BPU", date(2026, 12, 1), "add")
    assert one.proof


@pytest.mark.parametrize("button, months", [("November 2026", 1), ("November–Desember 2026", 2)])
async def test_a_photo_is_of_the_oldest_month_or_also_of_those_after_it(
    both: World, button: str, months: int
) -> None:
    await sends(both, "darma", "dari ADD")
    await says(both, "darma", f"[Iuran {button}]")
    (one,) = await kept(both)
    assert (one.months, one.funding) == (months, "add")
    assert one.proof


async def test_a_caption_with_a_zero_too_many_is_asked_about_and_keeps_its_photo(both: World) -> None:
    assert "nolnya kelebihan" in await sends(both, "darma", "pu november 1.350.000")
    await says(both, "darma", "[Ya, Rp1.350.000]")
    (one,) = await kept(both)
    assert one.amount == 1_350_000
    assert one.proof


async def test_a_caption_for_a_colleagues_report_completes_it_when_it_is_chosen(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV))
    await sends(both, "darma", "dari ADD")
    await says(both, "darma", "[Iuran November 2026]")
    (one,) = await kept(both)
    assert one.funding == "add"
    assert one.proof


async def test_what_was_looked_at_meanwhile_is_not_changed_and_that_is_said(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV))
    await sends(both, "darma", "dari ADD")

    def returned(tx: Tx) -> bool:
        return payments.check(tx, 1, Stands.RETURNED, "unreadable", (1, THIRD))

    assert await both.store.transact(returned)
    answer = await says(both, "darma", "[Iuran November 2026]")
    assert "statusnya *perlu perbaikan*" in answer
    (one,) = await kept(both)
    assert (one.funding, one.proof) == ("", None)


async def test_a_recorded_payment_takes_neither_words_nor_photo(both: World) -> None:
    await reports(both, New(PERIAN, "PU", NOV), by=1)
    await both.store.transact(lambda tx: payments.check(tx, 1, Stands.RECORDED, "", (2, THIRD)))
    assert "sudah diperiksa" in await sends(both, "darma", "13.500 dari ADD")
    (one,) = await kept(both)
    assert (one.funding, one.proof) == ("", None)


# -- how bills are named, and words beside ------------------------------------------------------


async def test_bills_of_bpu_are_marked_wherever_they_are_named(both: World) -> None:
    answers = [
        await says(both, "darma", line) for line in ("bayar bpu 16.800", "riwayat", "batalkan laporan")
    ]
    answers.append(await says(both, "darma", "tagihan bpu desember"))
    await both.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    answers += [await says(both, "yuni", line) for line in ("bukti", "1", "[Tercatat]")]
    assert [BPU_LABEL in answer for answer in answers] == [True] * len(answers)


async def test_a_plan_for_bpu_is_one(both: World) -> None:
    assert BPU_LABEL in await says(both, "darma", "rencana bayar bpu 12 desember")
    assert BPU_LABEL in await says(both, "darma", "dana belum cair bpu")
    found = await both.store.transact(lambda tx: intentions.open_in(tx, "64.02"))
    assert [(one.segment, one.answer) for one in found] == [("BPU", "funds")]


@pytest.mark.parametrize(
    "bank", ["transfer bank kaltimtara", "lewat bank mandiri", "via BRI", "di teller BPD"]
)
async def test_the_name_of_a_bank_is_no_riddle(both: World, bank: str) -> None:
    await says(both, "darma", f"sudah bayar 13.500 {bank}")
    assert short(await kept(both)) == [("PU", "2026-11", 1, 13_500)]


# -- people of several villages and districts ----------------------------------------------------


async def test_what_is_said_after_a_button_is_about_its_village(both: World) -> None:
    await both.appoint("darma", "Darma Wijaya", Role.TREASURER, NEXT_DOOR)
    await both.store.transact(lambda tx: insure(tx, NEXT_DOOR))
    await both.move(datetime(2026, 12, 8, 1, tzinfo=UTC))
    asked = [letter for letter in both.channel.sent if letter.to.chat == "darma" and letter.choices]
    letter = next(letter for letter in asked if "Muara Leka" in letter.text)
    await both.says("darma", choice=letter.choices[-1].id, shape="tap", tap="t", message="1")
    assert "Apakah ini bukti bayar Desa Muara Leka" in await sends(both, "darma")
    await says(both, "darma", "bayar pu 13.500")
    assert await kept(both) == []
    assert len(await kept(both, NEXT_DOOR)) == 1


async def test_whoever_serves_in_both_looks_at_proofs_for_the_office_they_chose(both: World) -> None:
    await both.appoint("darma", "Darma Wijaya", Role.ADMIN, "61.08")
    await both.appoint("darma", "Darma Wijaya", Role.OPERATOR, "64.02")
    await reports(both, New(PERIAN, "PU", NOV))
    assert "Kirim foto atau PDF" in await says(both, "darma", "bukti")
    await both.store.transact(lambda tx: people.focus(tx, 1, "64.02"))
    assert "1 laporan menunggu" in await says(both, "darma", "bukti")
    assert "Tulis desa, bulan, dan angka" in await says(both, "darma", "sipp 13.500")


async def test_a_button_of_the_village_is_heard_as_its_officer_again(both: World) -> None:
    await both.appoint("darma", "Darma Wijaya", Role.OPERATOR, "64.02")
    await both.store.transact(lambda tx: people.focus(tx, 1, "64.02"))
    await says(both, "darma", "13.500")
    await says(both, "darma", "[Ya, catat]")
    assert "Kirim foto atau PDF" in await says(both, "darma", "bukti")
