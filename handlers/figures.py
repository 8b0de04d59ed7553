"""The agency's own figure of a bill: named by the village, by the agency's branch, or by the district."""

from bot import ledger
from bot.domain import money, paying, placing
from bot.domain.months import Month
from bot.domain.offices import CHECKERS
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, payments, places
from bot.store.bills import Bill, Figure
from bot.store.payments import State
from bot.turns import Turn, may_in
from handlers.month import KINDS, bill_of, label


def _meant(turn: Turn, village: str, said: Said) -> list[Bill]:
    """Of each segment the bill of the named month, else the oldest open one."""
    found: dict[str, Bill] = {}
    for bill in bills.of_village(turn.tx, village):
        wanted = bill.month == said.months[-1] if said.months else not bill.settled
        if wanted and said.segment in ("", bill.segment):
            found.setdefault(bill.segment, bill)
    return list(found.values())


def _keep(turn: Turn, bill: Bill, figure: Figure) -> dict[str, str]:
    """The figure wins over ours; returns both in words, as far as they differ."""
    bills.give(turn.tx, bill, figure, (turn.who.person, turn.now))
    ledger.settle(turn.tx, bill.village, bill.segment)
    turn.note("give_figure", f"village:{bill.village}", segment=bill.segment, month=str(bill.month))
    difference = abs((figure.amount or 0) - (bill.ours or 0))
    now = bills.get(turn.tx, bill.village, bill.segment, bill.month)
    opened = bill.settled and now is not None and not now.settled and now.left is not None
    return {
        "paid": money.rupiah(now.paid) if opened and now else "",
        "left": money.rupiah(now.left or 0) if opened and now else "",
        "month": label(bill),
        "total": money.rupiah(figure.amount or 0),
        "ours": money.rupiah(bill.ours) if bill.ours else "",
        "difference": money.rupiah(difference) if bill.ours and difference else "",
    }


# -- of one's own village ----------------------------------------------------------------------


def of_village(turn: Turn) -> list[Outgoing]:
    """*sipp 1.585.000 [bulan]*: the agency's own figure, as the village reads it; it wins over ours."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    if said.amount is None:
        return [turn.reply("month/how_given")]
    meant = _meant(turn, turn.who.village, said)
    if not meant:
        return [turn.reply("month/no_such_bill", place=turn.village.label)]
    if len(meant) > 1:
        choices = [Choice(f"figure:{bill.key}:{said.amount}", KINDS[bill.segment]) for bill in meant]
        return [turn.reply("month/which_figure", choices, total=money.rupiah(said.amount))]
    return [_read_by_village(turn, meant[0], said.amount, sure=False)]


def of_bill(turn: Turn) -> list[Outgoing]:
    """The bill that was asked about, or the figure itself where that was."""
    bill, (amount, *sure) = bill_of(turn, turn.choice), turn.choice.split(":")[4:]
    if bill is None or not amount.isdecimal():
        return [turn.reply("chat/not_yours")]
    return [_read_by_village(turn, bill, int(amount), sure=bool(sure))]


def _read_by_village(turn: Turn, bill: Bill, amount: int, *, sure: bool) -> Outgoing:
    refused = _refused(turn, bill)
    if refused is not None:
        return refused
    ours = bill.ours or 0
    if not sure and paying.far_from(ours, amount):
        yes = Choice(f"figure:{bill.key}:{amount}:sure", f"Ya, {money.rupiah(amount)}")
        choices = (yes, Choice("menu:tagihan", "Bukan"))
        total = money.rupiah(amount)
        shown = {"month": label(bill), "total": total, "ours": money.rupiah(ours)}
        return turn.reply("month/far_from_ours", choices, place="", **shown)
    values = _keep(turn, bill, Figure(amount, f"SIPP, dibaca {turn.who.name}", by_office=False))
    done = payments.counted(turn.tx, bill.village, bill.segment) and bill.settled
    paid = () if done and not values["left"] else (Choice(f"paid:{bill.key}", "Sudah bayar"),)
    return turn.reply("month/given", paid, more=amount > ours, **values)


def _refused(turn: Turn, bill: Bill) -> Outgoing | None:
    """A village overrules neither the office's figure nor what was looked at."""
    if bill.given is not None and bill.given_by_office:
        return turn.reply(
            "month/given_by_office",
            month=label(bill),
            total=money.rupiah(bill.given),
            by=bill.given_source,
            office=turn.district.office,
        )
    last = ledger.paid_by(turn.tx, bill) if bill.settled else None
    if last is not None and last.state is State.RECORDED:
        return turn.reply("month/recorded_already", month=label(bill), office=turn.district.office)
    return None


# -- by the office -----------------------------------------------------------------------------


def given(turn: Turn) -> list[Outgoing]:
    """*sipp <desa> <bulan> <jumlah>*: kept for the village and month that are meant, or asked about."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    place = said.rest.removesuffix(" bpu").removesuffix(" pu")
    likely = placing.village(place, places.villages(turn.tx, turn.district.code)).likely
    if said.amount is None or not likely:
        return [turn.reply("checking/how_given")]
    villages = {one.code: one for one in likely}
    found = [bill for code in villages for bill in _meant(turn, code, said)]
    if not found:
        return [turn.reply("checking/no_bill", place=likely[0].label)]
    if len(found) == 1:
        return [_read_by_office(turn, found[0], said.amount)]
    choices = [
        Choice(f"given:{bill.key}:{said.amount}", _name(villages[bill.village], bill)) for bill in found
    ]
    return [turn.reply("checking/which_bill", choices, total=money.rupiah(said.amount))]


def _name(village: places.Village, bill: Bill) -> str:
    return f"{village.name}, {village.subdistrict}, {label(bill)}"


def chosen(turn: Turn) -> list[Outgoing]:
    """Which village, or which kind of people, was meant."""
    _, code, segment, month, amount, *sure = turn.choice.split(":")
    bill = bills.get(turn.tx, code, segment, Month.parse(month))
    if bill is None or not may_in(turn, CHECKERS, bill.district):
        return [turn.reply("chat/not_yours")]
    return [_read_by_office(turn, bill, int(amount), sure=bool(sure))]


def _read_by_office(turn: Turn, bill: Bill, amount: int, *, sure: bool = False) -> Outgoing:
    """Kept; a figure far from ours is asked about first, as of a village: it wins, and settles what was paid."""
    ours, village = bill.ours or 0, places.village(turn.tx, bill.village)
    place = village.label if village else bill.village
    if not sure and paying.far_from(ours, amount):
        yes = Choice(f"given:{bill.key}:{amount}:sure", f"Ya, {money.rupiah(amount)}")
        values = {"month": label(bill), "total": money.rupiah(amount), "ours": money.rupiah(ours)}
        return turn.reply(
            "month/far_from_ours", (yes, Choice(f"card:{bill.village}", "Bukan")), place=place, **values
        )
    source = f"{turn.who.name}, {turn.office.role.label if turn.office else ''}"
    values = _keep(turn, bill, Figure(amount, source))
    return turn.reply("checking/given", (), place=place, **values)
