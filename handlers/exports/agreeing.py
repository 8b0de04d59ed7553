"""What a list of the agency changes in the books: who is active, their numbers, the figure of a month.

Sent by the district's office or the branch it confirms; sent by a village it is the village's word, with
its source, which the office may still confirm: a sheet can be altered by whoever holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import ledger
from bot.domain import dates, money
from bot.domain.comparing import Compared, Pair
from bot.domain.months import Month
from bot.domain.people import State
from bot.messages import Choice, Outgoing
from bot.store import bills, members
from bot.store.bills import Bill
from bot.store.members import By, Member
from bot.store.places import Village
from bot.turns import Turn
from handlers import confirming

#: Months offered for a sum.
OFFERED = 2


def _by_office(turn: Turn) -> bool:
    return turn.office is not None and not turn.office.village


def changes(turn: Turn, compared: Compared) -> Mapping[str, int]:
    """How many become active, are confirmed, get their number alone; of the former, how many get theirs too."""
    found = [_change(turn, pair) for pair in compared.pairs]
    with_number = sum(
        change in ("activates", "confirms") and _brings_number(pair)
        for change, pair in zip(found, compared.pairs, strict=True)
    )
    return {**{name: found.count(name) for name in ("activates", "confirms", "numbers")}, "also": with_number}


def _brings_number(pair: Pair) -> bool:
    return bool(pair.listed.kpj) and not pair.known.kpj


def _change(turn: Turn, pair: Pair) -> str:
    if pair.activates:
        return "activates"
    if pair.confirms and _by_office(turn):
        return "confirms"
    return "numbers" if pair.numbers else ""


def save(turn: Turn, village: Village, compared: Compared, source: str) -> list[Outgoing]:
    """Write what the list says; what differs otherwise stays as it is."""
    active, numbered, also = [], 0, 0
    for pair in compared.pairs:
        change, member = _change(turn, pair), members.get(turn.tx, pair.known.id)
        if member is None or not change:
            continue
        if change == "numbers":
            numbered += _number(turn, member, pair.listed.kpj)
        elif _accept(turn, member, pair.listed.kpj, source):
            active.append(member)
            also += _brings_number(pair)
    if any(member.state is State.UNKNOWN for member in active):
        ledger.refresh(turn.tx, turn.rules, village.code, Month.of(turn.today), turn.now)
    if not active and not numbered:
        return [turn.reply("exports/list_same", place=village.label)]
    at = dates.clock_time(turn.now.astimezone(turn.district.zone), turn.district.zone_label)
    values = {"active": len(active), "numbered": numbered, "also": also, "at": at, "place": village.label}
    office = "" if _by_office(turn) else turn.district.office
    return [turn.reply("exports/list_saved", (), office=office, **values), *_told(turn, active)]


def _accept(turn: Turn, member: Member, kpj: str, source: str) -> bool:
    told = replace(member, details={**member.details, "source": source})
    by, office = By(turn.who.person, turn.now), _by_office(turn)
    kept = members.accept(turn.tx, told, by, kpj or member.details.get("kpj", ""), checked=office)
    if kept:
        word = "office" if office else "village"
        turn.note("accept", f"member:{member.id}", village=member.village, by=word)
    return kept


def _number(turn: Turn, member: Member, kpj: str) -> bool:
    kept = members.add_number(turn.tx, member, kpj)
    if kept:
        turn.note("add_number", f"member:{member.id}", village=member.village)
    return kept


def _told(turn: Turn, active: Sequence[Member]) -> list[Outgoing]:
    """One message tells the village what the office has confirmed."""
    if not active or not _by_office(turn):
        return []
    names = [member.name for member in active]
    values = {"names": names, "kpj": "", "office": confirming.office(turn)}
    return confirming.tell(
        turn, active[0], "members/now_active", (Choice("menu:peserta", "Lihat peserta"),), values
    )


def total(turn: Turn, village: Village, amount: int, month: Month | None) -> list[Outgoing]:
    """The list's sum may be the agency's figure of a month: of which is asked."""
    mine = bills.of_village(turn.tx, village.code, ledger.PU)
    known = any(bill.given == amount and (month is None or bill.month == month) for bill in mine)
    if not amount or known:
        return []
    named = [bill for bill in mine if bill.month == month]
    fitting = named if month else [bill for bill in mine if not bill.settled][-OFFERED:]
    if not fitting:
        return []
    choices = [_figure(turn, bill, amount) for bill in fitting]
    skip = Choice("menu:rekap" if _by_office(turn) else "menu:tagihan", "Lewati")
    reported = [
        (bill.month.label, money.rupiah(bill.paid), _short(turn, bill, amount))
        for bill in fitting
        if bill.paid
    ]
    values = {
        "total": money.rupiah(amount),
        "place": village.label,
        "month": named[0].month.label if named else "",
        "reported": reported,
    }
    return [turn.reply("exports/list_total", [*choices, skip], **values)]


def _short(turn: Turn, bill: Bill, amount: int) -> str:
    """What would be missing in a month that is settled by now."""
    short = ledger.missing(turn.tx, bill, amount)
    return money.rupiah(short) if short else ""


def _figure(turn: Turn, bill: Bill, amount: int) -> Choice:
    prefix = "given" if _by_office(turn) else "figure"
    return Choice(f"{prefix}:{bill.key}:{amount}", bill.month.label)
