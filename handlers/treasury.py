"""Where the district's treasury pays for its villages: one report for all of them."""

from bot import ledger
from bot.domain import money, paying
from bot.domain.months import Month
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import employers, payments
from bot.store.bills import Bill
from bot.store.employers import Payer
from bot.turns import Turn, within
from handlers.checking import TREASURY


def begin(turn: Turn) -> list[Outgoing]:
    """*bayar kabupaten [bulan]*: how many villages and how much, before anything is kept."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    owed = _owed(turn)
    if not owed:
        return [turn.reply("checking/treasury_nothing", office=turn.district.office)]
    month = said.months[-1] if said.months else min(bill.month for bills in owed.values() for bill in bills)
    meant = {code: until for code, bills in owed.items() if (until := _until(bills, month))}
    if not meant:
        return [turn.reply("checking/treasury_nothing", office=turn.district.office)]
    every = [bill for bills in meant.values() for bill in bills]
    choices = (
        Choice(within(turn.district.code, f"treasury:{month}"), "Ya, catat"),
        Choice("menu:menu", "Batal"),
    )
    return [
        turn.reply(
            "checking/treasury_sure",
            choices,
            month=month.label,
            count=len(meant),
            total=money.rupiah(sum(bill.left or 0 for bill in every)),
            unknown=sum(bill.amount is None for bill in every),
            older=len(every) > len(meant),
        )
    ]


def _owed(turn: Turn) -> dict[str, list[Bill]]:
    """The open bills of wage earners in the villages that the treasury pays for."""
    found = {}
    for code, employer in employers.of_district(turn.tx, turn.district.code).items():
        if employer.payer is Payer.TREASURY and (mine := ledger.open_bills(turn.tx, code, ledger.PU)):
            found[code] = mine
    return found


def _until(bills: list[Bill], month: Month) -> list[Bill]:
    return [bill for bill in bills if bill.month <= month]


def keep(turn: Turn) -> list[Outgoing]:
    """A report for each of the villages, as billed; somebody else of the office looks at them in one."""
    month, count = Month.parse(turn.choice.partition(":")[2]), 0
    for code, bills in _owed(turn).items():
        if meant := _until(bills, month):
            new = payments.New(code, ledger.PU, meant[0].month, len(meant), funding=TREASURY)
            number = ledger.report(turn.tx, new, turn.who.person, turn.now)
            turn.note(
                "report_payment", f"village:{code}", payment=number, month=str(month), months=len(meant)
            )
            count += 1
    if not count:  # paid meanwhile
        return [turn.reply("checking/treasury_nothing", office=turn.district.office)]
    return [turn.reply("checking/treasury_kept", month=month.label, count=count)]
