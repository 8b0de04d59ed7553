"""The month: what is owed, how the village stands, and where the figures come from."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot import ledger
from bot.domain import contributions, dates, money, paying, penalties
from bot.domain.months import Month
from bot.domain.offices import VILLAGE
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import bills, employers, incidents, members, places
from bot.store.bills import Bill
from bot.store.employers import Payer
from bot.store.payments import State
from bot.turns import Turn, may, speak_about
from handlers import fostered

#: Late months listed one by one; more are counted.
LISTED = 6
#: Unpaid months in a row after which people who pay for themselves may lose their membership.
LAPSE = 3

SEGMENT_NAMES = {ledger.PU: "", ledger.BPU: "peserta mandiri (BPU)"}
#: As the answers to the question which of them is meant.
KINDS = {ledger.PU: "Penerima upah", ledger.BPU: "Peserta mandiri (BPU)"}


def labelled(segment: str, months: str) -> str:
    """Months in words, as everybody reads them: those of people who pay for themselves are marked."""
    return f"{months} (BPU)" if segment == ledger.BPU else months


def label(bill: Bill) -> str:
    """A bill in words: its month, marked where it is not that of wage earners."""
    return labelled(bill.segment, bill.month.label)


def open_here(turn: Turn) -> list[Bill]:
    """The open bills of the village the person speaks about, oldest first."""
    return ledger.open_bills(turn.tx, turn.who.village)


def in_short(turn: Turn) -> list[dict[str, object]]:
    """The open months as the village's card shows them."""
    return [
        {"month": label(one), "due": dates.long_date(one.due), "late": one.due < turn.today}
        for one in open_here(turn)[:3]
    ]


def paid_until(mine: Sequence[Bill]) -> Month | None:
    """The last month before which nothing is open; None where the oldest is open already."""
    settled = None
    for bill in mine:
        if not bill.settled:
            break
        settled = bill.month
    return settled


def show(turn: Turn) -> list[Outgoing]:
    """*tagihan [bulan]*: how the village stands and the oldest open month, or the named one, in each segment."""
    mine = bills.of_village(turn.tx, turn.who.village)
    if named := _named(turn, mine):
        return [_explained(turn, bill) for bill in named]
    open_bills = [bill for bill in mine if not bill.settled]
    if not open_bills:
        return [_nothing_open(turn, mine)]
    owing = [each for each in ledger.SEGMENTS if any(bill.segment == each for bill in open_bills)]
    deceased = incidents.deceased(turn.tx, turn.who.village)
    return [
        _card(
            turn, [bill for bill in mine if bill.segment == segment], deceased if segment == owing[0] else 0
        )
        for segment in owing
    ]


def _named(turn: Turn, mine: Sequence[Bill]) -> list[Bill]:
    """The bills of the month that was named behind the command, as far as they are known by rows."""
    try:
        months = paying.read(turn.rest, turn.today).months
    except Invalid:
        return []
    return [bill for bill in mine if months and bill.month == months[-1] and bill.ours]


def _nothing_open(turn: Turn, mine: Sequence[Bill]) -> Outgoing:
    place, register = turn.village.label, (Choice("menu:daftar", "Daftarkan orang"),)
    if not any(bill.people or bill.amount is None for bill in mine):
        following = Month.of(turn.today).next()
        if members.insured(turn.tx, turn.who.village, following):  # all of them came after the due date
            return turn.reply("month/first_next", place=place, month=following.label)
        return turn.reply("month/nobody", register, place=place)
    return turn.reply("month/nothing_owed", register, place=place, until=mine[-1].month.label)


def _card(turn: Turn, mine: Sequence[Bill], deceased: int) -> Outgoing:
    open_bills = [bill for bill in mine if not bill.settled]
    first, late = open_bills[0], [bill for bill in open_bills if bill.due < turn.today]
    until = paid_until(mine)
    employer = employers.get(turn.tx, first.village)
    treasury = first.segment == ledger.PU and employer is not None and employer.payer is Payer.TREASURY
    choices = [] if treasury else [Choice(f"paid:{first.key}", "Sudah bayar")]
    if first.ours is not None:
        choices.append(Choice(f"why:{first.key}", "Dari mana angkanya?"))
    return turn.reply(
        "month/bill",
        choices,
        deceased=deceased,
        place=turn.village.label,
        segment=SEGMENT_NAMES[first.segment],
        until=until.label if until else "",
        unchecked=until is not None and _is_unchecked(turn, mine, until),
        late=[_late(bill, turn.today) for bill in late[:LISTED]],
        more=max(len(late) - LISTED, 0),
        arrears=money.rupiah(arrears) if (arrears := sum(bill.left or 0 for bill in late)) else "",
        payers=[*(["kabupaten"] if treasury else []), *fostered.payers(turn.tx, first.village, turn.today)],
        lapse=first.segment == ledger.BPU and len(late) >= LAPSE,
        **in_words(first),
    )


def _is_unchecked(turn: Turn, mine: Sequence[Bill], until: Month) -> bool:
    """Whether the last settled month is so by the village's own word alone."""
    known = next((ledger.paid_by(turn.tx, bill) for bill in mine if bill.month == until), None)
    return known is not None and known.state is State.REPORTED


def in_words(bill: Bill) -> dict[str, Any]:
    """A bill's figures as sentences need them; `total` is empty while nobody knows it."""
    differs = bill.given is not None and bill.ours is not None and bill.given != bill.ours
    return {
        "month": bill.month.label,
        "due": dates.long_date(bill.due),
        "people": bill.people,
        "total": money.rupiah(bill.amount) if bill.amount is not None else "",
        "paid": money.rupiah(bill.paid) if bill.paid else "",
        "left": money.rupiah(bill.left) if bill.left is not None else "",
        "given": bill.given is not None,
        "ours": money.rupiah(bill.ours) if differs and bill.ours is not None else "",
        "difference": money.rupiah(abs((bill.given or 0) - (bill.ours or 0))) if differs else "",
    }


def _late(bill: Bill, today: date) -> dict[str, str]:
    days = (today - bill.due).days
    return {
        "month": bill.month.label,
        "left": money.rupiah(bill.left) if bill.left is not None else "",
        "due": dates.short_date(bill.due),
        "age": f"{days} hari" if days < 60 else f"{days // 30} bulan",
    }


def bill_of(turn: Turn, choice: str) -> Bill | None:
    """The bill of a pressed choice (`…:village:segment:month…`), None where it is not theirs."""
    code, segment, month = (*choice.split(":")[1:4], "", "", "")[:3]
    if segment not in ledger.SEGMENTS:
        return None  # a button from before there were segments
    return bills.get(turn.tx, code, segment, Month.parse(month)) if serves(turn, code) else None


def serves(turn: Turn, village: str) -> bool:
    """Whether a button is about a village of theirs; what they say next is then about it too."""
    if village not in turn.who.villages:
        return False
    if village != turn.who.focus and len(turn.who.offices) > 1:
        speak_about(turn, village)
        may(turn, VILLAGE)
    return True


def why(turn: Turn) -> list[Outgoing]:
    """How the figure of a month came about: each programme with its rate and its source."""
    bill = bill_of(turn, turn.choice)
    return [turn.reply("chat/not_yours")] if bill is None else [_explained(turn, bill)]


def explain(turn: Turn) -> list[Outgoing]:
    """*mengapa …?*, typed: the oldest open month's figure, else that of the last month."""
    mine = bills.of_village(turn.tx, turn.who.village)
    known = [bill for bill in mine if bill.ours]
    if not known:
        return show(turn)
    chosen = next((bill for bill in known if not bill.settled), known[-1])
    return [_explained(turn, chosen)]


def _explained(turn: Turn, bill: Bill) -> Outgoing:
    found = bills.detail(turn.tx, bill)
    place = places.village(turn.tx, bill.village)
    if found is None or place is None:
        return turn.reply("month/why_unknown", month=label(bill))
    choices = [] if bill.settled else [Choice(f"paid:{bill.key}", "Sudah bayar")]
    if bill.people > 1:
        choices.append(Choice(f"shares:{bill.key}", "Per orang"))
    return turn.reply(
        "month/why",
        choices,
        office=turn.district.office,
        lines=[_line(turn, line) for line in found["lines"]],
        reckoned=money.rupiah(bill.ours or 0),
        fixed=bill.fixed,
        source=bill.given_source,
        wages=bill.segment == ledger.PU,
        penalty=_penalty(turn, bill),
        **{**in_words(bill), "month": label(bill)},
    )


def _penalty(turn: Turn, bill: Bill) -> str:
    """What being late may cost, where the district shows it."""
    months = penalties.months_late(bill.due, turn.today)
    found = penalties.estimate(bill.left or 0, months, bill.district, turn.today, turn.rules)
    return money.rupiah(found) if found else ""


def _line(turn: Turn, line: dict[str, Any]) -> dict[str, str | bool]:
    fixed = money.rupiah(line["per_person"]) if line["per_person"] else ""
    discount = Decimal(line["discount"])
    return {
        "programme": turn.rules.programme(line["programme"]).label,
        "name": turn.rules.programme(line["programme"]).name,
        "how": f"{line['people']} orang × {fixed}"
        if fixed
        else f"{contributions.percent_label(Decimal(line['percent']))} × {money.rupiah(line['base'])}",
        "discount": contributions.percent_label(discount) if discount else "",
        "amount": money.rupiah(line["employer"] + line["worker"]),
        "worker": money.rupiah(line["worker"]) if line["worker"] else "",
        "source": line["source"],
        "certain": line.get("certain", True),
    }


def shares(turn: Turn) -> list[Outgoing]:
    """What each person has in a bill: for the village's own officers, in private."""
    bill = bill_of(turn, turn.choice)
    found = bills.detail(turn.tx, bill) if bill else None
    if bill is None or found is None:
        return [turn.reply("chat/not_yours")]
    names = {member.id: member.name for member in members.of_village(turn.tx, bill.village)}
    total: dict[int, tuple[int, int]] = {}
    for member, _programme, base, employer, worker in found["shares"]:
        known = total.get(member, (base, 0))
        total[member] = (max(base, known[0]), known[1] + employer + worker)
    lines = [
        (names.get(member, "?"), money.rupiah(base), money.rupiah(part))
        for member, (base, part) in total.items()
    ]
    return [turn.reply("month/shares", month=label(bill), lines=lines, reckoned=money.rupiah(bill.ours or 0))]
