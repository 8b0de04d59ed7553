"""The evidence of a village and a period: what was sent, answered, reported and checked, as PDF and CSV.

Personal, for the office's own staff: names of officials and staff; never of insured people, never a number
of an identity card or a telephone.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import dates, evidence, money
from bot.domain.allocation import Allocation, Debt, allocate
from bot.domain.evidence import Found, Paid, Period, Row, Words
from bot.domain.months import Month
from bot.domain.rulebook import District
from bot.ledger import ROUNDING, SEGMENTS
from bot.reports import printing
from bot.reports.letters import Signed
from bot.store import bills, payments
from bot.store import evidence as kept
from bot.store.bills import Bill
from bot.store.database import Tx
from bot.store.payments import Payment
from bot.store.places import Village

CSV = "text/csv"
#: What would make a sheet compute a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TITLES = (
    *("Waktu", "Peristiwa", "Isi", "Kepada/oleh", "Saluran", "Keadaan", "Sampai", "Dibaca"),
    *("Nomor audit", "Hash audit"),
)
_CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": "web", "memory": "uji"}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one village and period, read in one view; `head` is the end of the audit chain then."""

    village: Village
    district: District
    period: Period
    bills: Sequence[Bill]
    rows: Sequence[Row]
    head: tuple[int, str]


def read(tx: Tx, village: Village, district: District, period: Period, words: Words) -> Case:
    """What the store knows."""
    mine = bills.of_village(tx, village.code)
    found = Found(
        kept.messages(tx, village.code, period),
        kept.plans(tx, village.code, period),
        kept.acts(tx, village.code),
        _payments(tx, village.code, mine, period),
    )
    shown = [bill for bill in mine if period.has(bill.month)]
    return Case(village, district, period, shown, evidence.rows(found, period, words), kept.head(tx))


def _payments(tx: Tx, village: str, mine: Sequence[Bill], period: Period) -> list[Paid]:
    """The reports that were meant for the period, or reach a month of it."""
    reached = {segment: _laid(tx, village, segment, mine) for segment in SEGMENTS}
    found = []
    for one in payments.of_village(tx, village):
        months = reached[one.segment].of(one.id) if one.segment in reached else ()
        if any(period.has(month) for month in (*months, one.month)):
            found.append(_paid(one, months or (one.month,)))
    return found


def _laid(tx: Tx, village: str, segment: str, mine: Sequence[Bill]) -> Allocation:
    """The payments over the months, as the ledger lays them; nothing is written."""
    debts = [
        Debt(bill.month, bill.amount, bill.people * ROUNDING if bill.given is None else 0)
        for bill in mine
        if bill.segment == segment
    ]
    return allocate(debts, payments.counted(tx, village, segment))


def _paid(one: Payment, months: Sequence[Month]) -> Paid:
    amount = money.rupiah(one.amount) if one.amount is not None else "sebesar tagihan"
    named = ", ".join(month.label for month in months)
    return Paid(
        one.id,
        amount,
        f"iuran {named}",
        one.state.label,
        one.by,
        one.reported_at,
        one.checked_by,
        one.checked_at,
    )


def table(case: Case) -> bytes:
    """The rows as CSV for Excel: semicolons, with a mark of UTF-8, and no cell that computes."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(_TITLES)
    for row in case.rows:
        cells = [*_cells(case, row), str(row.number or ""), row.hash]
        writer.writerow([_safe(cell) for cell in cells])
    number, hash_ = case.head
    writer.writerow(["", "kepala rantai audit", "", "", "", "", "", "", str(number or ""), hash_])
    return target.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \n").startswith(_FORMULA) else cell


def _cells(case: Case, row: Row) -> list[str]:
    return [
        _moment(case, row.at),
        row.kind,
        row.what,
        row.who,
        _CHANNELS.get(row.channel, row.channel),
        row.status,
        _moment(case, row.delivered),
        _moment(case, row.read),
    ]


def _moment(case: Case, at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(case.district.zone)
    return f"{dates.plain_date(local.date())} {local.hour:02}.{local.minute:02}"


async def document(case: Case, signed: Signed) -> bytes:
    """The same on paper, with how the bills stand and where the audit chain ended."""
    data = {
        "place": case.village.label,
        "district": case.district.name,
        "period": case.period.label,
        "zone": case.district.zone_label,
        "bills": [_bill(bill) for bill in case.bills],
        "counts": _counts(case.rows),
        "rows": [_printed(case, row) for row in case.rows],
        "head": [str(case.head[0]), case.head[1]],
        "maker": signed.maker,
        "moment": signed.moment,
    }
    return await printing.pdf("evidence", data)


def _bill(bill: Bill) -> list[str]:
    left = money.rupiah(bill.left) if bill.left is not None else "belum diketahui"
    return [
        bill.month.label_of(bill.segment),
        dates.short_date(bill.due),
        money.rupiah(bill.amount) if bill.amount is not None else "belum diketahui",
        "tercatat" if bill.settled else f"belum tercatat, kurang {left}",
    ]


def _counts(rows: Sequence[Row]) -> list[list[str]]:
    kinds = (evidence.SENT, evidence.NOT_SENT, evidence.ANSWERED, evidence.REPORTED, evidence.CHECKED)
    return [[kind, str(sum(row.kind == kind for row in rows))] for kind in kinds]


def _printed(case: Case, row: Row) -> list[str]:
    at, kind, what, who, channel, status, delivered, read_ = _cells(case, row)
    states = [status] if status else []
    states += [f"sampai {delivered}"] if delivered else []
    states += [f"dibaca {read_}"] if read_ else []
    by = f"{who} ({channel})" if who and channel else who or channel
    return [at, kind, what, by, ", ".join(states), str(row.number or "")]
