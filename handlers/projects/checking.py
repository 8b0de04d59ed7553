"""The second pair of eyes on instalments: the district's office or the BPJS branch."""

from dataclasses import replace
from functools import partial

from bot.domain import dates, money
from bot.domain.offices import CHECKERS, office_day
from bot.domain.reminders import next_calm_in
from bot.messages import Attachment, Choice, Lane, Outgoing
from bot.store import people, places, project_reports
from bot.store import projects as kept
from bot.store.payments import State
from bot.store.people import Recipient
from bot.store.project_reports import Report
from bot.store.projects import Project
from bot.turns import Turn, may_in
from handlers.checking import FILES, office, proof_name, reason_or_choices
from handlers.paging import page
from handlers.projects import about

PAGE = 8
#: Why a report is returned, or a record taken back, by the code in a press.
REASONS = {
    "amount": "jumlahnya berbeda dengan penetapan iuran",
    "unreadable": "buktinya tidak terbaca",
    "other": "berkasnya bukan bukti bayar termin ini",
    "not_received": "belum masuk di BPJS Ketenagakerjaan",
}
_LABELS = {
    "amount": "Jumlah berbeda",
    "unreadable": "Tidak terbaca",
    "other": "Bukan bukti termin",
    "not_received": "Belum masuk BPJS",
}
_TOLD = {
    State.RECORDED: "projects/told_recorded",
    State.RETURNED: "projects/told_returned",
    State.REVERSED: "projects/told_reversed",
}


def waiting(turn: Turn) -> list[Outgoing]:
    """What nobody has looked at, the oldest first."""
    found = project_reports.waiting(turn.tx, turn.district.code)
    if not found:
        return [turn.reply("projects/none_waiting", (Choice("menu:proyek", "Proyek"),))]
    here = page(turn.choice, "project_check", found, PAGE)
    choices = [*(Choice(f"project_report:{one.id}", _line(turn, one)) for one in here.shown), *here.onward]
    return [turn.reply("projects/waiting", choices, count=len(found))]


def _line(turn: Turn, one: Report) -> str:
    project = kept.get(turn.tx, one.project)
    village = places.village(turn.tx, project.village) if project else None
    unproved = "" if project_reports.proofs(turn.tx, one.id) else ", tanpa bukti"
    name = f"{village.name}, {project.name}" if village and project else ""
    return f"{name}, {about.termin(one.parts)}{unproved}"


def _mine(turn: Turn) -> tuple[Report, Project] | None:
    """The report of a pressed choice, None where it is not of the person's own district."""
    number = turn.choice.split(":")[1]
    found = project_reports.get(turn.tx, int(number)) if number.isdecimal() else None
    project = kept.get(turn.tx, found.project) if found else None
    if found is None or project is None or not may_in(turn, CHECKERS, project.village[:5]):
        return None
    return found, project


def card(turn: Turn) -> list[Outgoing]:
    """One report with all that is known of it, and the two answers."""
    known = _mine(turn)
    return [turn.reply("chat/not_yours")] if known is None else [_card(turn, *known)]


def _card(turn: Turn, found: Report, project: Project) -> Outgoing:
    village = places.village(turn.tx, project.village)
    proofs = project_reports.proofs(turn.tx, found.id)
    own = found.reported_by == turn.who.person
    choices = []
    if found.state is State.REPORTED and not own:
        choices += [
            Choice(f"project_record:{found.id}", "Tercatat"),
            Choice(f"project_return:{found.id}", "Perlu perbaikan"),
        ]
    if proofs:
        choices.append(Choice(f"project_proof:{found.id}", "Lihat bukti"))
    if found.state is State.RECORDED:
        choices.append(Choice(f"project_reverse:{found.id}", "Batalkan pencatatan"))
    choices.append(Choice(f"project_card:{project.id}", "Lihat proyek"))
    checked = f"{found.checked_by}, {_day(turn, found)}" if found.checked_at else ""
    return turn.reply(
        "projects/report",
        choices,
        place=village.label if village else "",
        name=project.name,
        parts=about.termin(found.parts),
        amount=money.rupiah(found.amount),
        total=money.rupiah(project.total),
        by=found.by,
        day=dates.short_date(found.reported_at.astimezone(turn.district.zone).date()),
        proved=bool(proofs),
        state=found.state.label,
        checked=checked,
        reason=REASONS.get(found.reason, ""),
        own=own and found.state is State.REPORTED,
        certificate=project.certificate,
    )


def _day(turn: Turn, found: Report) -> str:
    at = found.checked_at or found.reported_at
    return dates.short_date(at.astimezone(turn.district.zone).date())


def proof(turn: Turn) -> list[Outgoing]:
    """The files that prove a report, sent to whoever checks it."""
    known = _mine(turn)
    files = project_reports.proofs(turn.tx, known[0].id)[:FILES] if known else []
    if known is None or not files:
        return [turn.reply("chat/not_yours")]
    found, project = known
    turn.note("look_at_proof", f"village:{project.village}", report=found.id)
    shown = turn.reply("projects/proof", name=project.name, parts=about.termin(found.parts))
    stem = f"bukti-proyek-{found.project}-termin-{found.parts[0]}"
    named = [Attachment(file, proof_name(turn, f"{stem}-{n}", file)) for n, (file, _) in enumerate(files, 1)]
    return [*(replace(shown, attachment=one) for one in named), _card(turn, found, project)]


def record(turn: Turn) -> list[Outgoing]:
    """*Tercatat*: a second person found the report right."""
    return _changed(turn, State.RECORDED)


def return_(turn: Turn) -> list[Outgoing]:
    """*Perlu perbaikan*: first why, then the village is told and its reminders wake again."""
    return _with_reason(turn, State.RETURNED)


def reverse(turn: Turn) -> list[Outgoing]:
    """*Batalkan pencatatan*: the instalment is open again; the history keeps what was recorded."""
    return _with_reason(turn, State.REVERSED)


def _with_reason(turn: Turn, state: State) -> list[Outgoing]:
    reason, choices = reason_or_choices(turn, _LABELS)
    if reason:
        return _changed(turn, state, reason)
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    return [turn.reply("projects/why", choices, parts=about.termin(known[0].parts), name=known[1].name)]


def _changed(turn: Turn, state: State, reason: str = "") -> list[Outgoing]:
    """The report's new state, and who is told."""
    known = _mine(turn)
    if known is None:
        return [turn.reply("chat/not_yours")]
    found, project = known
    change = (
        project_reports.reverse if state is State.REVERSED else partial(project_reports.check, state=state)
    )
    if not change(turn.tx, found.id, reason=reason, by=(turn.who.person, turn.now)):
        return [_card(turn, found, project)]  # somebody was faster, or it is their own: the card says who
    turn.note(
        "check_instalment", f"village:{project.village}", report=found.id, state=state.value, reason=reason
    )
    if state is not State.RECORDED:
        about.owed_again(turn, project.id)
    found = replace(found, state=state, reason=reason)
    told = _told(turn, found, project)
    village = places.village(turn.tx, project.village)
    done = turn.reply(
        "projects/checked",
        (Choice("project_check:", "Berikutnya"),),
        place=village.label if village else "",
        name=project.name,
        parts=about.termin(found.parts),
        state=state.label,
        told=bool(told),
        left=len(project_reports.waiting(turn.tx, turn.district.code)),
    )
    return [done, *told]


def _told(turn: Turn, found: Report, project: Project) -> list[Outgoing]:
    """The village learns what became of its report: who made it, else the first in office."""
    to = _reporter(turn, found, project)
    if to is None:
        return []
    return [
        Outgoing(
            to.to,
            _TOLD[found.state],
            {
                "name": project.name,
                "parts": about.termin(found.parts),
                "office": office(turn),
                "reason": REASONS.get(found.reason, ""),
                "first": 1 in found.parts,
                "certificate": project.certificate,
            },
            (Choice(f"project:{project.id}", "Lihat proyek"),),
            lane=Lane.ALERT,
            key=f"project_checked:{found.id}:{found.state.value}",
            person=to.person,
            not_before=next_calm_in(turn.rules, turn.district.code, turn.now),
        )
    ]


def _reporter(turn: Turn, found: Report, project: Project) -> Recipient | None:
    serving = people.serving(turn.tx, project.village, office_day(turn.now))
    own = next((one for one in serving if one.person == found.reported_by), None)
    return own or people.first(serving)
