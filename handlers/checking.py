"""The second pair of eyes: reports of payment looked at by the district's office or the BPJS branch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import ledger
from bot.domain import dates, money
from bot.domain.months import Month
from bot.domain.offices import CHECKERS, Role, office_day
from bot.domain.reminders import next_calm_in
from bot.messages import Attachment, Choice, Lane, Outgoing
from bot.store import bills, jobs, payments, people, places, project_reports
from bot.store.bills import Bill
from bot.store.payments import Payment, State
from bot.store.people import Recipient
from bot.turns import Turn, may_in, within
from handlers import naming
from handlers.month import labelled
from handlers.paging import page
from handlers.reporting import funding_label, reach, reached, span
from handlers.wishes import anew, as_choice, open_of

PAGE = 8
#: Files of one payment sent at once.
FILES = 5
#: In place of a source of money: the district's treasury paid.
TREASURY = "kabupaten"

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
    """*bukti*: the reports nobody of the office has looked at, the oldest first; *bukti <desa>*: its latest.

    Instalments of projects are behind a choice of their own.
    """
    if turn.rest:
        return _of_village(turn, turn.rest)
    found = payments.waiting(turn.tx, turn.district.code)
    instalments = len(project_reports.waiting(turn.tx, turn.district.code))
    others = [Choice(within(turn.district.code, "project_check:"), "Termin proyek")] if instalments else []
    if not found:
        return [turn.reply("checking/nothing", others, instalments=instalments)]
    here = page(turn.choice, "waiting", found, PAGE)
    choices = [*(Choice(f"check:{one.id}", _line(turn, one)) for one in here.shown), *here.onward]
    if any(one.funding == TREASURY and one.reported_by != turn.who.person for one in found):
        choices.append(Choice(within(turn.district.code, "record_treasury:"), "Catat semua dari kabupaten"))
    choices += others
    oldest = (turn.now - found[0].reported_at).days
    values = {"count": len(found), "days": oldest, "instalments": instalments}
    return [turn.reply("checking/waiting", choices, **values)]


def _line(turn: Turn, one: Payment) -> str:
    village = places.village(turn.tx, one.village)
    parts = [village.name if village else one.village, reached(turn, one)]
    parts += [money.rupiah(one.amount)] if one.amount is not None else []
    parts += [] if one.proof else ["tanpa bukti"]
    return ", ".join(parts)


def _of_village(turn: Turn, said: str) -> list[Outgoing]:
    """The latest payments of one village, whatever became of them: also to take a record back."""
    found = naming.village(turn, said, lambda code: f"payments_of:{code}")
    return _payments_of(turn, found) if isinstance(found, places.Village) else found


def payments_of(turn: Turn) -> list[Outgoing]:
    """The village was chosen."""
    village = places.village(turn.tx, turn.choice.partition(":")[2])
    if village is None or village.district != turn.district.code:
        return [turn.reply("chat/not_yours")]
    return _payments_of(turn, village)


def _payments_of(turn: Turn, village: places.Village) -> list[Outgoing]:
    found = payments.of_village(turn.tx, village.code)[::-1][:PAGE]
    choices = [
        Choice(f"check:{one.id}", f"{reached(turn, one)}, {one.state.label}, {_day(turn, one.reported_at)}")
        for one in found
    ]
    return [turn.reply("checking/of_village", choices, place=village.label, count=len(found))]


def record_treasury(turn: Turn) -> list[Outgoing]:
    """What the district's own treasury paid for many villages, looked at in one."""
    found = [one for one in payments.waiting(turn.tx, turn.district.code) if one.funding == TREASURY]
    by, count = (turn.who.person, turn.now), 0
    for one in found:
        if payments.check(turn.tx, one.id, State.RECORDED, "", by):
            turn.note("check_payment", f"village:{one.village}", payment=one.id, state=State.RECORDED.value)
            count += 1
    left = len(payments.waiting(turn.tx, turn.district.code))
    return [turn.reply("checking/treasury_recorded", count=count, left=left)]


def _mine(turn: Turn) -> Payment | None:
    """The payment of a pressed choice, None where it is not of the person's own district."""
    number = turn.choice.split(":")[1]
    known = payments.get(turn.tx, int(number)) if number.isdecimal() else None
    if known is None or not may_in(turn, CHECKERS, known.village[:5]):
        return None
    return known


def card(turn: Turn) -> list[Outgoing]:
    """One report with all that is known of it, and the two answers."""
    known = _mine(turn)
    return [turn.reply("chat/not_yours")] if known is None else [card_of(turn, known)]


def card_of(turn: Turn, known: Payment) -> Outgoing:
    """The card itself."""
    village = places.village(turn.tx, known.village)
    found = ledger.settle(turn.tx, known.village, known.segment)
    touched = [one for one in found.standings if known.id in one.payments]
    given = [bill for one in touched if (bill := _bill(turn, known, one.month)) and bill.given is not None]
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
        months=[
            (labelled(known.segment, one.month.label), one.settled, money.rupiah(one.left)) for one in touched
        ],
        amount=money.rupiah(known.amount) if known.amount is not None else "",
        billed=money.rupiah(sum(one.amount or 0 for one in touched)),
        paid_on=dates.short_date(known.paid_on) if known.paid_on else "",
        funding=funding_label(turn.rules, known.funding),
        by=known.by,
        day=_day(turn, known.reported_at),
        proved=known.proof is not None,
        state=known.state.label,
        checked=f"{known.checked_by}, {_day(turn, known.checked_at)}" if known.checked_at else "",
        reason=REASONS.get(known.reason, known.reason),
        credit=money.rupiah(found.credit) if found.credit else "",
        own=known.state is State.REPORTED and known.reported_by == turn.who.person,
        given=given[0].given_source if given else "",
        open=known.state is State.REPORTED,
    )


def _bill(turn: Turn, known: Payment, month: Month) -> Bill | None:
    return bills.get(turn.tx, known.village, known.segment, month)


def _day(turn: Turn, at: datetime) -> str:
    return dates.short_date(at.astimezone(turn.district.zone).date())


def proof_file(turn: Turn) -> list[Outgoing]:
    """The file that proves a payment, sent to whoever checks it."""
    known = _mine(turn)
    if known is None or known.proof is None:
        return [turn.reply("chat/not_yours")]
    turn.note("look_at_proof", f"village:{known.village}", payment=known.id)
    village = places.village(turn.tx, known.village)
    shown = turn.reply(
        "checking/proof", place=village.label if village else known.village, month=reached(turn, known)
    )
    files = payments.proofs(turn.tx, known.id)[:FILES]
    stem = f"bukti-{known.village}-{known.month}"
    named = [Attachment(file, proof_name(turn, f"{stem}-{n}", file)) for n, file in enumerate(files, 1)]
    return [*(replace(shown, attachment=one) for one in named), card_of(turn, known)]


def proof_name(turn: Turn, stem: str, file: int) -> str:
    """The name of a kept proof, with the ending of its kind."""
    kept = jobs.kept_file(turn.tx, file)
    return stem + {"application/pdf": ".pdf", "image/png": ".png"}.get(kept[1] if kept else "", ".jpg")


def record(turn: Turn) -> list[Outgoing]:
    """*Tercatat*: a second person found the report right."""
    return _changed(turn, State.RECORDED)


def return_(turn: Turn) -> list[Outgoing]:
    """*Perlu perbaikan*: first why, then the village is told and its reminders wake again."""
    return _with_reason(turn, State.RETURNED)


def reverse(turn: Turn) -> list[Outgoing]:
    """*Batalkan pencatatan*: what was recorded wrongly counts no more; the history keeps it."""
    return _with_reason(turn, State.REVERSED)


def reason_or_choices(turn: Turn, labels: Mapping[str, str]) -> tuple[str, list[Choice]]:
    """The reason that was pressed; without one the choices, each the same with its code behind it."""
    word, number, *reason = turn.choice.split(":")
    said = reason[0] if reason and reason[0] in labels else ""
    return said, [Choice(f"{word}:{number}:{code}", label) for code, label in labels.items()]


def _with_reason(turn: Turn, state: State) -> list[Outgoing]:
    reason, choices = reason_or_choices(turn, _LABELS)
    if reason:
        return _changed(turn, state, reason)
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    return [turn.reply("checking/why", choices, month=reached(turn, known))]


def _changed(turn: Turn, state: State, reason: str = "") -> list[Outgoing]:
    """The payment's new state, the books after it, and who is told."""
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    months = reach(turn, known)
    change = payments.reverse if state is State.REVERSED else partial(payments.check, state=state)
    if not change(turn.tx, known.id, reason=reason, by=(turn.who.person, turn.now)):
        return [card_of(turn, known)]  # somebody was faster, or it is their own: the card says who
    turn.note("check_payment", f"village:{known.village}", payment=known.id, state=state.value, reason=reason)
    if state is not State.RECORDED:
        payments.keep_reach(turn.tx, known.id, months)
    ledger.undone(turn.tx, turn.rules, known, turn.now)
    changed = payments.get(turn.tx, known.id)
    assert changed is not None
    named = labelled(known.segment, span(months))
    told = _told(turn, changed, named)
    return [_done(turn, changed, named, told=bool(told)), *told]


def _done(turn: Turn, known: Payment, months: str, *, told: bool) -> Outgoing:
    village = places.village(turn.tx, known.village)
    left = len(payments.waiting(turn.tx, turn.district.code))
    return turn.reply(
        "checking/done",
        (Choice("menu:bukti", "Berikutnya"),) if left else (),
        place=village.label if village else known.village,
        month=months,
        state=known.state.label,
        told=told,
        left=left,
    )


def _told(turn: Turn, known: Payment, months: str) -> list[Outgoing]:
    """The village learns what became of its report: who made it, else the first in office."""
    to = _reporter(turn, known)
    if to is None:
        return []
    open_again = [] if known.state is State.RECORDED else open_of(turn, known)
    due = open_again[0].due if open_again else None
    again = as_choice(anew(turn, known, open_again)) if open_again else ""
    return [
        Outgoing(
            to.to,
            _TOLD[known.state],
            {
                "month": months,
                "office": office(turn),
                "reason": REASONS.get(known.reason, known.reason),
                "due": dates.long_date(due) if due and due >= turn.today else "",
            },
            (Choice(again, "Laporkan lagi"),) if again else (),
            lane=Lane.ALERT,
            key=f"checked:{known.id}:{known.state.value}",
            person=to.person,
            not_before=next_calm_in(turn.rules, turn.district.code, turn.now),
        )
    ]


def office(turn: Turn) -> str:
    """Whose word it is."""
    branch = turn.office is not None and turn.office.role is Role.BRANCH
    return "BPJS Ketenagakerjaan" if branch else turn.district.office


def _reporter(turn: Turn, known: Payment) -> Recipient | None:
    serving = people.serving(turn.tx, known.village, office_day(turn.now))
    own = next((one for one in serving if one.person == known.reported_by), None)
    return own or people.first(serving)
