"""The agency's own figure for a village, named by its branch or by the district's office."""

from bot import ledger
from bot.domain import matching, money, paying
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, places
from bot.store.bills import Bill, Figure
from bot.turns import Turn


def given(turn: Turn) -> list[Outgoing]:
    """*sipp <desa> <bulan> <jumlah>*: kept for the village and month that are meant, or asked about."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    villages = {village.code: village for village in places.villages(turn.tx, turn.district.code)}
    place = said.rest.removeprefix("desa ").removesuffix(" bpu").removesuffix(" pu").strip()
    match = matching.best(place, {code: one.name for code, one in villages.items()}) if place else None
    if match is None or said.amount is None or (match.sure is None and not match.likely):
        return [turn.reply("checking/how_given")]
    codes = [match.sure] if match.sure is not None else list(match.likely)
    found = [bill for code in codes for bill in _meant(turn, code, said)]
    if not found:
        return [turn.reply("checking/no_bill", place=villages[codes[0]].label)]
    if len(found) == 1:
        return [_given(turn, found[0], said.amount)]
    choices = [
        Choice(f"given:{bill.key}:{said.amount}", _label(villages[bill.village], bill)) for bill in found
    ]
    return [turn.reply("checking/which_bill", choices, total=money.rupiah(said.amount))]


def _label(village: places.Village, bill: Bill) -> str:
    kind = " (BPU)" if bill.segment == ledger.BPU else ""
    return f"{village.name}, {village.subdistrict}, {bill.month.label}{kind}"


def _meant(turn: Turn, village: str, said: Said) -> list[Bill]:
    """Of each segment the bill of the named month, else the oldest open one."""
    found: dict[str, Bill] = {}
    for bill in bills.of_village(turn.tx, village):
        wanted = bill.month == said.months[-1] if said.months else not bill.settled
        if wanted and said.segment in ("", bill.segment):
            found.setdefault(bill.segment, bill)
    return list(found.values())


def chosen(turn: Turn) -> list[Outgoing]:
    """Which village, or which kind of people, was meant."""
    _, code, segment, month, amount = turn.choice.split(":")
    mine = [
        bill
        for bill in bills.of_village(turn.tx, code)
        if (bill.segment, str(bill.month)) == (segment, month)
    ]
    if not mine or mine[0].district != turn.district.code:
        return [turn.reply("chat/not_yours")]
    return [_given(turn, mine[0], int(amount))]


def _given(turn: Turn, bill: Bill, amount: int) -> Outgoing:
    source = f"{turn.who.name}, {turn.office.role.label if turn.office else ''}"
    bills.give(turn.tx, bill, Figure(amount, source), (turn.who.person, turn.now))
    ledger.settle(turn.tx, bill.village, bill.segment)
    turn.note("give_figure", f"village:{bill.village}", segment=bill.segment, month=str(bill.month))
    village = places.village(turn.tx, bill.village)
    difference = amount - (bill.ours or 0)
    return turn.reply(
        "checking/given",
        place=village.label if village else bill.village,
        month=bill.month.label,
        total=money.rupiah(amount),
        ours=money.rupiah(bill.ours) if bill.ours else "",
        difference=money.rupiah(abs(difference)) if bill.ours and difference else "",
    )
