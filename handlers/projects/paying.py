"""An instalment is paid: reported by the village, with a photo that proves it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain import cleaning, funding, money, paying
from bot.domain.projects import Part, Progress
from bot.errors import Invalid
from bot.messages import Choice, File, Outgoing
from bot.store import jobs, payments, project_reports
from bot.store import projects as kept
from bot.store.payments import State
from bot.store.project_reports import Report
from bot.store.projects import Project
from bot.turns import Turn, noise
from handlers.projects import about, listing
from handlers.proof import ASKED_FOR, FRESH, of_months, refused
from handlers.reporting import reached
from handlers.wishes import Wish, as_choice

#: Further pages of a proof come so soon after the first one.
ALBUM = timedelta(minutes=10)
#: Words of a project's name that tell it from no other.
_NUMBERS = frozenset(
    {"rt", "rw", "desa", "dusun", "bukti", "bayar", *"0123456789", *(f"0{n}" for n in range(10))}
)
_NAMED = frozenset({"proyek", "termin", "jakon", "konstruksi", "kegiatan"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Open instalments of a project, for which a photo may be the proof."""

    project: Project
    parts: tuple[int, ...]


def report(turn: Turn) -> list[Outgoing]:
    """*Sudah bayar termin n*, or all that are open."""
    _, number, which = (*turn.choice.split(":"), "")[:3]
    project = about.mine(turn, number)
    if project is None:
        return [turn.reply("chat/not_yours")]
    meant = [one for one in project.parts if which in ("all", str(one.number))]
    parts = [one for one in meant if one.progress is Progress.OPEN]
    if not parts:
        return [_known(turn, project, meant)]
    found = project_reports.report(turn.tx, project.id, parts, turn.who.person, turn.now)
    if found is None:
        return [listing.card(turn, project)]
    turn.note("report_instalment", f"village:{project.village}", project=project.id, report=found)
    choices = (
        Choice(f"project_back:{found}", "Batalkan laporan"),
        Choice(f"project:{project.id}", "Lihat proyek"),
    )
    return [
        turn.reply(
            "projects/reported",
            choices,
            name=project.name,
            parts=about.termin(tuple(one.number for one in parts)),
            amount=money.rupiah(sum(one.amount for one in parts)),
            first=parts[0].number == 1,
            office=turn.district.office,
        )
    ]


def _known(turn: Turn, project: Project, meant: list[Part]) -> Outgoing:
    """It was reported before: by whom, and where it stands."""
    found = project_reports.get(turn.tx, meant[0].report) if meant else None
    if found is None:
        return listing.card(turn, project)
    return listing.reported(turn, project, found, Choice(f"project:{project.id}", "Lihat proyek"))


def withdraw(turn: Turn) -> list[Outgoing]:
    """*Batalkan laporan*: one's own, before any proof."""
    found, project = _of(turn, turn.choice.partition(":")[2])
    if found is None or project is None:
        return [turn.reply("chat/not_yours")]
    if not project_reports.withdraw(turn.tx, found.id, turn.who.person):
        return [turn.reply("projects/not_withdrawn", office=turn.district.office)]
    about.owed_again(turn, project.id)
    turn.note("withdraw_instalment", f"village:{project.village}", project=project.id, report=found.id)
    see = (Choice(f"project:{project.id}", "Lihat proyek"),)
    return [turn.reply("projects/withdrawn", see, name=project.name, parts=about.termin(found.parts))]


def _of(turn: Turn, number: str) -> tuple[Report | None, Project | None]:
    found = project_reports.get(turn.tx, int(number)) if number.isdecimal() else None
    return found, about.mine(turn, str(found.project)) if found else None


# -- the proof ---------------------------------------------------------------------------------


def is_proof(turn: Turn) -> bool:
    """Whether a photo may be the proof of an instalment: one was just reported, or the caption says so."""
    file = turn.incoming.file
    if turn.incoming.shape not in ("photo", "document") or turn.incoming.group or turn.draft is not None:
        return False
    if turn.actor is None or not turn.who.village or file is None:
        return False
    if turn.incoming.shape == "document" and not file.mime.startswith(("image/", "application/pdf")):
        return False
    if _NAMED & set(cleaning.words(turn.incoming.text)):
        return bool(_unproved(turn) or _open(turn))
    return not _says_more(turn) and bool(_fresh(turn) or _again(turn))


def _says_more(turn: Turn) -> bool:
    """Whether the caption speaks of a month or a sum: then it is the proof of a month."""
    try:
        said = paying.read(turn.incoming.text, turn.today)
    except Invalid:
        return True
    return said.more or bool(said.months) or funding.parse(turn.incoming.text, turn.rules) is not None


def _since(turn: Turn) -> datetime:
    """Of when it was sent: the bot may have been down since."""
    return min(turn.now, turn.incoming.at) - FRESH


def _unproved(turn: Turn) -> list[Report]:
    """One's own reports of the last day that still want their proof, the newest first."""
    mine = project_reports.mine(turn.tx, turn.who.village, turn.who.person, _since(turn))
    return [one for one in mine if not project_reports.proofs(turn.tx, one.id)]


def _fresh(turn: Turn) -> list[Report]:
    """The same; or one whose proof came a moment ago, which may have another page."""
    unproved = _unproved(turn)
    if unproved:
        return unproved
    mine = project_reports.mine(turn.tx, turn.who.village, turn.who.person, _since(turn))
    last = [(one, project_reports.proofs(turn.tx, one.id)) for one in mine[:1]]
    return [one for one, files in last if files and turn.incoming.at - files[-1][1] < ALBUM]


def received(turn: Turn) -> list[Outgoing]:
    """The photo of the one report it can belong to; of several it is asked."""
    file = turn.incoming.file
    assert file is not None
    wrong = refused(turn)
    if wrong is not None:
        return [noise(turn, wrong)]
    found = _fresh(turn)
    if not found:
        return _unreported(turn, file)
    months = [] if _NAMED & set(cleaning.words(turn.incoming.text)) else _months(turn)
    if len(found) == 1 and not months:
        return _fetch(turn, found[0], file)
    choices = [Choice(_meaning(one, file), _label(turn, one)) for one in found[:5]]
    choices += [Choice(_of_month(turn, one, file), f"Iuran {reached(turn, one)}") for one in months[:3]]
    return [noise(turn, turn.reply("projects/proof_of_what", [*choices, Choice("menu:menu", "Bukan bukti")]))]


def _open(turn: Turn) -> list[Wanted]:
    """The next open instalment of each project under way or done, with what was returned in its place."""
    again = _again(turn)
    known = {one.project.id for one in again}
    every = [one for one in kept.of_village(turn.tx, turn.who.village) if one.id not in known]
    return [*again, *(Wanted(one, (one.next.number,)) for one in every if one.next is not None)]


def _again(turn: Turn) -> list[Wanted]:
    """Instalments whose report was returned lately, or taken back by oneself, and that are open since."""
    found = []
    for project in kept.of_village(turn.tx, turn.who.village):
        reports = project_reports.of_project(turn.tx, project.id)
        if not reports or not _ended(turn, reports[-1]):
            continue
        last = reports[-1]
        open_ = {one.number for one in project.parts if one.progress is Progress.OPEN}
        if open_.issuperset(last.parts):
            found.append(Wanted(project, last.parts))
    return found


def _ended(turn: Turn, last: Report) -> bool:
    """Whether a report was returned or taken back so lately that a photo may be for it."""
    if last.state is State.WITHDRAWN:
        return last.reported_by == turn.who.person and last.reported_at > _since(turn)
    ended = last.state in (State.RETURNED, State.REVERSED) and last.checked_at is not None
    return ended and (last.checked_at or turn.now) > turn.now - ASKED_FOR


def _meant(turn: Turn, found: list[Wanted]) -> list[Wanted]:
    """Those that the caption speaks of, by the project's name or the number; all where it tells none apart."""
    said = set(cleaning.words(turn.incoming.text)) - _NAMED
    named = [one for one in found if said & set(cleaning.words(one.project.name)) - _NUMBERS]
    found = named or found
    numbered = [one for one in found if said & {str(number) for number in one.parts}]
    return numbered or found


def _unreported(turn: Turn, file: File) -> list[Outgoing]:
    """Nothing waits for a proof: what was returned, or is open, is reported together with it."""
    named = bool(_NAMED & set(cleaning.words(turn.incoming.text)))
    found = _meant(turn, _open(turn) if named else _again(turn))
    months = [] if named else of_months(turn, Wish(turn.who.village, file=file))
    if len(found) == 1 and not months:
        return _report_with(turn, found[0], file)
    choices = [*(_wanted(one, file) for one in found[:5]), *months, Choice("menu:menu", "Bukan bukti")]
    return [noise(turn, turn.reply("projects/proof_of_what", choices))]


def offers(turn: Turn) -> list[Choice]:
    """Instalments that a photo may prove which is asked about among the months."""
    file = turn.incoming.file
    return [_wanted(one, file) for one in _open(turn)[:3]] if file is not None else []


def _wanted(one: Wanted, file: File) -> Choice:
    numbers = "+".join(str(number) for number in one.parts)
    label = f"{about.termin(one.parts).capitalize()}, {one.project.name}"
    return Choice(f"project_proves:{one.project.id}.{numbers}:{file.size}:{file.mime}:{file.id}", label)


def _report_with(turn: Turn, wanted: Wanted, file: File) -> list[Outgoing]:
    """Reported and proved in one; a colleague may have been faster."""
    project = wanted.project
    meant = [one for one in project.parts if one.number in wanted.parts]
    if not meant or any(one.progress is not Progress.OPEN for one in meant):
        return [_known(turn, project, meant)]
    number = project_reports.report(turn.tx, project.id, meant, turn.who.person, turn.now)
    found = project_reports.get(turn.tx, number) if number is not None else None
    if found is None:
        return [listing.card(turn, project)]
    turn.note("report_instalment", f"village:{project.village}", project=project.id, report=found.id)
    return _fetch(turn, found, file)  # it is said once the proof is here


def _months(turn: Turn) -> list[payments.Payment]:
    """Reports of months that still want their proof as well."""
    mine = [
        one
        for one in payments.of_village(turn.tx, turn.who.village)
        if one.state is State.REPORTED and one.reported_by == turn.who.person and one.proof is None
    ]
    return [one for one in mine if one.reported_at > _since(turn)]


def _of_month(turn: Turn, one: payments.Payment, file: File) -> str:
    return f"proves:{one.id}:{as_choice(Wish(turn.who.village, file=file))}"


def _meaning(one: Report, file: File) -> str:
    return f"project_proves:{one.id}:{file.size}:{file.mime}:{file.id}"


def _label(turn: Turn, one: Report) -> str:
    project = kept.get(turn.tx, one.project)
    return f"{about.termin(one.parts).capitalize()}, {project.name if project else ''}"


def chosen(turn: Turn) -> list[Outgoing]:
    """What the photo proves was asked."""
    _, number, size, mime, id_ = (*turn.choice.split(":", 4), "", "", "", "")[:5]
    file = File(id_, "", mime, int(size or 0))
    if "." in number:
        of, _, parts = number.partition(".")
        unreported = about.mine(turn, of)
        if unreported is None:
            return [turn.reply("chat/not_yours")]
        return _report_with(turn, Wanted(unreported, tuple(int(one) for one in parts.split("+"))), file)
    found, project = _of(turn, number)
    if found is None or project is None:
        return [turn.reply("chat/not_yours")]
    return _fetch(turn, found, file)


def _fetch(turn: Turn, found: Report, file: File) -> list[Outgoing]:
    """Have the file brought, outside any transaction."""
    args = {"report": found.id, "file": [file.id, file.name, file.mime, file.size]}
    jobs.add(turn.tx, "project_proof", turn.incoming, args, turn.now)
    return []


def brought(turn: Turn) -> list[Outgoing]:
    """The file is here, or could not be had."""
    result = turn.incoming.result
    found, project = _of(turn, str(result.get("report", "")))
    if found is None or project is None:
        return []  # they left that office while the file was on its way
    values: dict[str, Any] = {"name": project.name, "parts": about.termin(found.parts)}
    values["office"] = turn.district.office
    if "kept" not in result:
        return [turn.reply("projects/proof_failed", **values)]
    if not project_reports.prove(turn.tx, found.id, result["kept"], turn.now):
        return [turn.reply("projects/proof_too_late", state=found.state.label, **values)]
    turn.note("prove_instalment", f"village:{project.village}", report=found.id, file=result["kept"])
    first = project_reports.proofs(turn.tx, found.id)[0][0] == result["kept"]
    said = turn.reply("projects/proof_kept", **values)
    return [said] if first else [noise(turn, said)]
