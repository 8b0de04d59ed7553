"""The second pair of eyes: reports of payment looked at by the district's office or the BPJS branch."""

from datetime import datetime

from bot import ledger
from bot.domain import dates, matching, money, paying
from bot.domain.months import Month
from bot.domain.offices import VILLAGE, office_day
from bot.domain.paying import Said
from bot.errors import Invalid
from bot.messages import Attachment, Choice, Lane, Outgoing
from bot.store import bills, payments, people, places
from bot.store.payments import Payment, State
from bot.store.people import Recipient
from bot.turns import Turn
from handlers.paying import funding_label

PAGE = 8

#: Why a report is returned, or a recorded payment reversed, by the code in a press.
REASONS = {
    "amount": "jumlahnya berbeda dengan tagihan",
    "unreadable": "buktinya tidak terbaca",
    "other": "berkasnya bukan bukti bayar",
    "month": "bulannya keliru",
    "not_received": "belum masuk di BPJS Ketenagakerjaan",
}
_LABELS = {
    "amount": "Jumlah berbeda",
    "unreadable": "Tidak terbaca",
    "other": "Bukan bukti bayar",
    "month": "Bulan keliru",
    "not_received": "Belum masuk BPJS",
}


#: What the village reads.
_TOLD = {
    State.RECORDED: "checking/told_recorded",
    State.RETURNED: "checking/told_returned",
    State.REVERSED: "checking/told_reversed",
}


def waiting(turn: Turn) -> list[Outgoing]:
    """*bukti*: the reports nobody of the office has looked at, the oldest first."""
    found = payments.waiting(turn.tx, turn.district.code)
    if not found:
        return [turn.reply("checking/nothing")]
    _, _, page = turn.choice.partition(":")
    start = int(page) if page.isdecimal() else 0
    shown = found[start : start + PAGE]
    choices = [Choice(f"check:{one.id}", _line(turn, one)) for one in shown]
    if start + PAGE < len(found):
        choices.append(Choice(f"waiting:{start + PAGE}", "Berikutnya"))
    oldest = (turn.now - found[0].reported_at).days
    return [turn.reply("checking/waiting", choices, count=len(found), days=oldest)]


def _line(turn: Turn, one: Payment) -> str:
    village = places.village(turn.tx, one.village)
    return (
        f"{village.name if village else one.village}, {one.month.label}{'' if one.proof else ', tanpa bukti'}"
    )


def _mine(turn: Turn) -> Payment | None:
    """The payment of a pressed choice, None where it is not of the person's own district."""
    number = turn.choice.split(":")[1]
    known = payments.get(turn.tx, int(number)) if number.isdecimal() else None
    if known is None or not known.village.startswith(f"{turn.district.code}."):
        return None
    return known


def card(turn: Turn) -> list[Outgoing]:
    """One report with all that is known of it, and the two answers."""
    known = _mine(turn)
    return [turn.reply("chat/not_yours")] if known is None else [_card(turn, known)]


def _card(turn: Turn, known: Payment) -> Outgoing:
    village = places.village(turn.tx, known.village)
    found = ledger.settle(turn.tx, known.village, known.segment)
    reached = [one for one in found.standings if known.id in one.payments]
    choices = []
    if known.proof is not None:
        choices.append(Choice(f"proof_file:{known.id}", "Lihat bukti"))
    if known.state is State.REPORTED and known.reported_by != turn.who.person:
        choices = [
            Choice(f"record:{known.id}", "Tercatat"),
            Choice(f"return:{known.id}", "Perlu perbaikan"),
            *choices,
        ]
    if known.state is State.RECORDED:
        choices.append(Choice(f"reverse:{known.id}", "Batalkan pencatatan"))
    return turn.reply(
        "checking/card",
        choices,
        place=village.label if village else known.village,
        months=[(one.month.label, one.settled, money.rupiah(one.left)) for one in reached],
        amount=money.rupiah(known.amount) if known.amount is not None else "",
        billed=money.rupiah(sum(one.amount or 0 for one in reached)),
        paid_on=dates.short_date(known.paid_on) if known.paid_on else "",
        funding=funding_label(turn.rules, known.funding),
        by=known.by,
        day=_day(turn, known.reported_at),
        proved=known.proof is not None,
        state=known.state.label,
        checked=f"{known.checked_by}, {_day(turn, known.checked_at)}" if known.checked_at else "",
        reason=REASONS.get(known.reason, known.reason),
        credit=money.rupiah(found.credit) if found.credit else "",
    )


def _day(turn: Turn, at: datetime) -> str:
    return dates.short_date(at.astimezone(turn.district.zone).date())


def proof_file(turn: Turn) -> list[Outgoing]:
    """The file that proves a payment, sent to whoever checks it."""
    known = _mine(turn)
    if known is None or known.proof is None:
        return [turn.reply("chat/not_yours")]
    turn.note("look_at_proof", f"village:{known.village}", payment=known.id)
    village = places.village(turn.tx, known.village)
    name = f"bukti-{known.village}-{known.month}"
    shown = turn.reply(
        "checking/proof", place=village.label if village else known.village, month=known.month.label
    )
    return [_with_file(shown, Attachment(known.proof, name)), _card(turn, known)]


def _with_file(out: Outgoing, attachment: Attachment) -> Outgoing:
    return Outgoing(out.to, out.template, out.values, person=out.person, attachment=attachment)


def record(turn: Turn) -> list[Outgoing]:
    """*Tercatat*: a second person found the report right."""
    return _checked(turn, State.RECORDED, "")


def return_(turn: Turn) -> list[Outgoing]:
    """*Perlu perbaikan*: first why, then the village is told and its reminders wake again."""
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    _, number, *reason = turn.choice.split(":")
    if not reason or reason[0] not in REASONS:
        choices = [Choice(f"return:{number}:{code}", label) for code, label in _LABELS.items()]
        return [turn.reply("checking/why", choices, month=known.month.label)]
    return _checked(turn, State.RETURNED, reason[0])


def _checked(turn: Turn, state: State, reason: str) -> list[Outgoing]:
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    if not payments.check(turn.tx, known.id, state, reason, (turn.who.person, turn.now)):
        return [_card(turn, known)]  # somebody was faster, or it is their own: the card says who
    turn.note("check_payment", f"village:{known.village}", payment=known.id, state=state.value, reason=reason)
    ledger.settle(turn.tx, known.village, known.segment)
    changed = payments.get(turn.tx, known.id)
    assert changed is not None
    told = _told(turn, changed)
    return [_done(turn, changed, told=bool(told)), *told]


def reverse(turn: Turn) -> list[Outgoing]:
    """*Batalkan pencatatan*: what was recorded wrongly counts no more; the history keeps it."""
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    _, number, *reason = turn.choice.split(":")
    if not reason or reason[0] not in REASONS:
        choices = [Choice(f"reverse:{number}:{code}", label) for code, label in _LABELS.items()]
        return [turn.reply("checking/why", choices, month=known.month.label)]
    if not payments.reverse(turn.tx, known.id, reason[0], (turn.who.person, turn.now)):
        return [_card(turn, known)]
    turn.note("reverse_payment", f"village:{known.village}", payment=known.id, reason=reason[0])
    ledger.settle(turn.tx, known.village, known.segment)
    changed = payments.get(turn.tx, known.id)
    assert changed is not None
    told = _told(turn, changed)
    return [_done(turn, changed, told=bool(told)), *told]


def _done(turn: Turn, known: Payment, *, told: bool) -> Outgoing:
    village = places.village(turn.tx, known.village)
    return turn.reply(
        "checking/done",
        (Choice("menu:bukti", "Berikutnya"),),
        place=village.label if village else known.village,
        month=known.month.label,
        state=known.state.label,
        told=told,
        left=len(payments.waiting(turn.tx, turn.district.code)),
    )


def _told(turn: Turn, known: Payment) -> list[Outgoing]:
    """The village learns what became of its report: who made it, else the first in office."""
    to = _reporter(turn, known)
    if to is None:
        return []
    bill = next(
        (
            b
            for b in ledger.open_bills(turn.tx, known.village, known.segment)
            if known.state is not State.RECORDED
        ),
        None,
    )
    return [
        Outgoing(
            to.to,
            _TOLD[known.state],
            {
                "month": known.month.label,
                "office": turn.district.office,
                "reason": REASONS.get(known.reason, known.reason),
                "due": dates.long_date(bill.due) if bill and bill.due >= turn.today else "",
            },
            (Choice(f"paid:{bill.key}", "Laporkan lagi"),) if bill else (),
            lane=Lane.ALERT,
            key=f"checked:{known.id}:{known.state.value}",
            person=to.person,
        )
    ]


def _reporter(turn: Turn, known: Payment) -> Recipient | None:
    serving = people.serving(turn.tx, known.village, office_day(turn.now))
    own = next((one for one in serving if one.person == known.reported_by), None)
    by_role = {one.role: one for one in reversed(serving)}
    return own or next((by_role[role] for role in VILLAGE if role in by_role), None)


def given(turn: Turn) -> list[Outgoing]:
    """*sipp <desa> <bulan> <jumlah>*: the agency's own figure, from its branch or the office."""
    try:
        said = paying.read(turn.rest, turn.today)
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    villages = {village.code: village for village in places.villages(turn.tx, turn.district.code)}
    place = said.rest.removeprefix("desa ").strip()
    match = matching.best(place, {code: one.name for code, one in villages.items()}) if place else None
    if match is None or match.sure is None or said.amount is None:
        return [turn.reply("checking/how_given")]
    return [_given(turn, villages[match.sure], said)]


def _given(turn: Turn, village: places.Village, said: Said) -> Outgoing:
    month: Month | None = said.months[-1] if said.months else None
    mine = bills.of_village(turn.tx, village.code)
    bill = next((one for one in mine if one.month == month or (month is None and not one.settled)), None)
    if bill is None or said.amount is None:
        return turn.reply("checking/no_bill", place=village.label)
    source = f"{turn.who.name}, {turn.office.role.label if turn.office else ''}"
    bills.give(turn.tx, bill, said.amount, source, (turn.who.person, turn.now))
    ledger.settle(turn.tx, bill.village, bill.segment)
    turn.note(
        "give_figure",
        f"village:{bill.village}",
        segment=bill.segment,
        month=str(bill.month),
        amount=said.amount,
    )
    difference = said.amount - (bill.ours or 0)
    return turn.reply(
        "checking/given",
        place=village.label,
        month=bill.month.label,
        total=money.rupiah(said.amount),
        ours=money.rupiah(bill.ours) if bill.ours else "",
        difference=money.rupiah(abs(difference)) if bill.ours and difference else "",
    )
