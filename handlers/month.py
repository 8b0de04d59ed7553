"""The month: what is owed and why, and "sudah bayar"."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain import calendar, contributions, dates, money, words
from bot.domain.contributions import Bill, Insured
from bot.domain.months import Month
from bot.domain.people import PAID_FOR
from bot.domain.rulebook import Rules
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import members, months, places
from bot.store.database import Tx
from bot.turns import Turn

#: A month that falls due within this time is the one meant by "sudah bayar".
SOON = timedelta(days=8)

#: "sudah bayar" so soon after a report is asked about: it may be the same payment.
REPEATED = timedelta(days=3)

#: Months offered at once when somebody has to say which one they mean.
OFFERED = 6

ANSWERS = {
    "week": "minggu ini",
    "funds": "dana belum cair",
    "data": "data salah",
    "other": "lainnya",
    "no": "belum",
}


def due_date(month: Month) -> date:
    """When the month's contributions of wage earners are due."""
    return calendar.due_date(month, calendar.holidays_near(month))


@dataclass(frozen=True, slots=True)
class Owed:
    """A month for which nothing is reported yet."""

    month: Month
    due: date
    late: bool


def owed(paid: Set[Month], today: date, since: date | None) -> list[Owed]:
    """The months that are open, oldest first, the running month included."""
    if since is None:
        return []
    found, month = [], Month.of(since)
    while month <= Month.of(today):
        if month not in paid:
            due = due_date(month)
            found.append(Owed(month, due, due < today))
        month = month.next()
    return found


def owed_here(turn: Turn) -> list[Owed]:
    """The open months of the village the person speaks about."""
    village = turn.who.village
    joined = [m.joined for m in members.of_village(turn.tx, village) if m.state in PAID_FOR]
    return owed(months.paid(turn.tx, village), turn.today, min(joined, default=None))


def bill(tx: Tx, rules: Rules, village: places.Village, month: Month) -> Bill:
    """What the village owes for a month, from the rates and programmes in force in it."""
    code = village.district
    insured = [
        Insured(member, wage, rules.programme_set(code, category, month.first).programmes)
        for member, category, wage in members.insured(tx, village.code, month.last)
    ]
    return contributions.reckon(insured, month, rules, code)


def in_short(turn: Turn) -> list[dict[str, object]]:
    """The open months as the village's card shows them."""
    return [
        {"month": one.month.label, "due": dates.long_date(one.due), "late": one.late}
        for one in owed_here(turn)[:3]
    ]


def show(turn: Turn) -> list[Outgoing]:
    """*tagihan*: the oldest open month with its rows; how it was reckoned is one tap further."""
    open_months = owed_here(turn)
    if not open_months:
        template = (
            "month/nothing_owed"
            if months.registered_since(turn.tx, turn.district.code).get(turn.who.village)
            else "month/nobody"
        )
        return [turn.reply(template, (Choice("menu:daftar", "Daftarkan orang"),), place=turn.village.label)]
    first = open_months[0]
    reckoned = bill(turn.tx, turn.rules, turn.village, first.month)
    choices = (
        Choice(f"paid:{turn.who.village}:{first.month}", "Sudah bayar"),
        Choice(f"why:{turn.who.village}:{first.month}", "Dari mana angkanya?"),
    )
    return [
        turn.reply(
            "month/bill",
            choices,
            place=turn.village.label,
            month=first.month.label,
            total=money.rupiah(reckoned.total),
            people=reckoned.people,
            due=dates.long_date(first.due),
            late=first.late,
            others=[one.month.label for one in open_months[1:] if one.late],
        )
    ]


def why(turn: Turn) -> list[Outgoing]:
    """How the figure of a month came about: each programme with its rate and its source."""
    village, month = _place_and_month(turn)
    if village is None:
        return [turn.reply("chat/not_yours")]
    reckoned = bill(turn.tx, turn.rules, village, month)
    lines = [
        {
            "programme": turn.rules.programme(line.programme).label,
            "percent": contributions.percent_label(line.percent),
            "base": money.rupiah(line.base),
            "amount": money.rupiah(line.total),
            "worker": money.rupiah(line.worker) if line.worker else "",
            "source": line.source,
        }
        for line in reckoned.lines
    ]
    choices = (Choice(f"paid:{village.code}:{month}", "Sudah bayar"),)
    return [
        turn.reply(
            "month/why",
            choices,
            office=turn.district.office,
            month=month.label,
            lines=lines,
            total=money.rupiah(reckoned.total),
            people=reckoned.people,
        )
    ]


def _place_and_month(turn: Turn) -> tuple[places.Village | None, Month]:
    """The village and month of a pressed choice; no village where it is not the person's own."""
    _, code, month = turn.choice.split(":")[:3]
    village = places.village(turn.tx, code) if code in turn.who.villages else None
    return village, Month.parse(month)


def say_paid(turn: Turn) -> list[Outgoing]:
    """*sudah bayar*, typed: the open month, or the question which one; a question is no report."""
    said_more = "?" in turn.incoming.text or not words.is_polite(turn.rest)
    named = _named_month(turn) if said_more else None
    if named is not None and months.payment(turn.tx, turn.who.village, named) is not None:
        return report(turn, turn.village, named)  # it says who reported it, and when
    open_months = owed_here(turn)
    if not open_months:
        return show(turn)
    if said_more:
        return [_is_it_this(turn, next((one for one in open_months if one.month == named), open_months[0]))]
    return _plainly_paid(turn, open_months)


def _plainly_paid(turn: Turn, open_months: list[Owed]) -> list[Outgoing]:
    """Nothing but *sudah bayar*: the one month that presses, if the same was not just said."""
    soon = [one for one in open_months if one.due <= turn.today + SOON]
    last = months.last_report(turn.tx, turn.who.village)
    repeated = last is not None and turn.now - last < REPEATED  # said twice, or by two people
    if repeated or not soon:
        return [_is_it_this(turn, open_months[0])]
    if len(soon) == 1:
        return report(turn, turn.village, soon[0].month)
    choices = [Choice(f"paid:{turn.who.village}:{one.month}", one.month.label) for one in soon[:OFFERED]]
    return [turn.reply("month/which_paid", choices)]


def _named_month(turn: Turn) -> Month | None:
    """The month in "sudah bayar november ya"."""
    for said in (turn.rest, turn.rest.partition(" ")[0]):
        try:
            return dates.parse_period(said, turn.today)
        except Invalid:
            continue
    return None


def _is_it_this(turn: Turn, one: Owed) -> Outgoing:
    before = months.payment(turn.tx, turn.who.village, one.month.previous())
    paid = f"paid:{turn.who.village}:{one.month}"
    # After another month's report a mere "ya" must not be enough.
    yes = f"Laporkan {one.month.label}" if before else f"Ya, {one.month.label}"
    choices = (Choice(paid, yes), Choice("menu:tagihan", "Bukan"))
    return turn.reply(
        "month/is_it_this",
        choices,
        month=one.month.label,
        due=dates.long_date(one.due),
        before=one.month.previous().label if before else "",
        by=before.by if before else "",
    )


def paid(turn: Turn) -> list[Outgoing]:
    """*Sudah bayar*, pressed: it stops every reminder of that month, also those already on their way."""
    village, month = _place_and_month(turn)
    return [turn.reply("chat/not_yours")] if village is None else report(turn, village, month)


def report(turn: Turn, village: places.Village, month: Month) -> list[Outgoing]:
    if not months.pay(turn.tx, village.code, month, turn.who.person, turn.now):
        known = months.payment(turn.tx, village.code, month)
        assert known is not None
        day = dates.short_date(known.reported_at.astimezone(turn.district.zone).date())
        return [turn.reply("month/paid_before", month=month.label, day=day, by=known.by)]
    turn.note("report_payment", f"village:{village.code}", month=str(month))
    at = turn.now.astimezone(turn.district.zone)
    choices = (Choice(f"unpaid:{village.code}:{month}", "Batalkan laporan"),)
    return [
        turn.reply(
            "month/reported",
            choices,
            month=month.label,
            place=village.label,
            day=dates.short_date(at.date()),
            at=dates.clock_time(at, turn.district.zone_label),
        )
    ]


def unpaid(turn: Turn) -> list[Outgoing]:
    """A report pressed by mistake is taken back; the reminders wake again."""
    village, month = _place_and_month(turn)
    if village is None or not months.withdraw(turn.tx, village.code, month, turn.who.person):
        return [turn.reply("month/not_withdrawn")]
    turn.note("withdraw_payment", f"village:{village.code}", month=str(month))
    return [turn.reply("month/withdrawn", month=month.label)]


def intend(turn: Turn) -> list[Outgoing]:
    """The answer to a reminder: when they plan to pay, or what is in the way."""
    _, code, month, answer = turn.choice.split(":")
    if code not in turn.who.villages or answer not in ANSWERS:
        return [turn.reply("chat/not_yours")]
    by = (turn.who.person, turn.now)
    months.intend(turn.tx, code, Month.parse(month), answer, by)
    turn.note("intend", f"village:{code}", month=month, answer=answer)
    return [
        turn.reply(
            "month/noted", month=Month.parse(month).label, answer=ANSWERS[answer], office=turn.district.office
        )
    ]
