"""A village's projects: the list, one by one, and what can be done with each."""

from collections.abc import Sequence

from bot.domain import cleaning, picking
from bot.domain.offices import DISTRICT
from bot.domain.projects import Cover, Progress, State
from bot.messages import Choice, Outgoing
from bot.store import project_reports
from bot.store import projects as kept
from bot.store.payments import State as Reported
from bot.store.project_reports import Report
from bot.store.projects import Project
from bot.turns import Turn, entitled, may
from handlers.paging import page
from handlers.projects import about, district

#: Projects on one page: with the buttons below them a list of ten.
PAGE = 7
_NEW = (Choice("project_new:full", "Proyek baru"), Choice("project_new:plan", "Catat rencana"))


def show(turn: Turn) -> list[Outgoing]:
    """*proyek*: a village's own; of who acts for the district, all that the district may see."""
    office = entitled(turn, DISTRICT)
    if turn.incoming.group:
        return district.in_group(turn) if office is not None and may(turn, DISTRICT) else []
    if office is not None and (not turn.who.village or office.district == turn.who.focus):
        may(turn, DISTRICT)
        return district.home(turn)
    found = _meant(turn)
    return [card(turn, found)] if found is not None else of_village(turn)


def _meant(turn: Turn) -> Project | None:
    """The one whose number in the list, or words of whose name, stand behind the word."""
    live, said = _live(turn), set(cleaning.words(turn.rest))
    if picking.is_number(turn.rest):
        place = picking.pick(turn.rest, [""] * len(live))
        return None if place is None else live[place]
    named = [one for one in live if said & set(cleaning.words(one.name))]
    return named[0] if len(named) == 1 else None


def of_village(turn: Turn) -> list[Outgoing]:
    """The list, a page at a time."""
    found = _live(turn)
    here = page(turn.choice, "project_list", found, PAGE)
    choices = [*(Choice(f"project:{one.id}", one.name) for one in here.shown), *here.onward, *_NEW]
    lines = [(one.name, about.standing(one, turn.today)) for one in here.shown]
    stands = [one.cover(turn.today) for one in found]
    return [
        turn.reply(
            "projects/list",
            choices,
            place=turn.village.label,
            total=len(found),
            first=here.start + 1,
            lines=lines,
            missing=stands.count(Cover.NONE),
            planned=stands.count(Cover.PLANNED),
        )
    ]


def nearest(turn: Turn) -> list[Outgoing]:
    """*termin*, *sertifikat proyek*: the card, where the village has one under way; else the list.

    Of an instalment that is named, and reported in all of them, that is said first.
    """
    under_way = [one for one in _live(turn) if one.state is State.OPEN]
    said = set(cleaning.words(turn.rest))
    called = {word for word in said if not word.isdigit()}
    under_way = [one for one in under_way if called & set(cleaning.words(one.name))] or under_way
    told = _reported(turn, under_way, said)
    return [*told, *([card(turn, under_way[0])] if len(under_way) == 1 else of_village(turn))]


def _reported(turn: Turn, projects: Sequence[Project], said: set[str]) -> list[Outgoing]:
    """That the instalment with this number is reported already; nothing where one of them is open."""
    parts = [(one, part) for one in projects for part in one.parts if str(part.number) in said]
    if not parts or any(part.progress is Progress.OPEN for _, part in parts):
        return []
    known = [(one, project_reports.get(turn.tx, part.report)) for one, part in parts]
    return [reported(turn, one, report) for one, report in known if report is not None]


def reported(turn: Turn, project: Project, report: Report, *choices: Choice) -> Outgoing:
    """It was reported before: by whom, and where it stands."""
    return turn.reply(
        "projects/reported_before",
        choices,
        name=project.name,
        parts=about.termin(report.parts),
        by=report.by,
        state="menunggu diperiksa" if report.state is Reported.REPORTED else report.state.label,
    )


def _live(turn: Turn) -> list[Project]:
    return [one for one in kept.of_village(turn.tx, turn.who.village) if about.lives(one, turn.today)]


def chosen(turn: Turn) -> list[Outgoing]:
    """One of them."""
    found = about.mine(turn, turn.choice.partition(":")[2])
    return [turn.reply("chat/not_yours")] if found is None else [card(turn, found)]


def card(turn: Turn, project: Project) -> Outgoing:
    """All that is known of a project, and what can be done."""
    return turn.reply(about.template(project), _choices(turn, project), **about.facts(turn, project))


def _choices(turn: Turn, project: Project) -> list[Choice]:
    of = project.id
    drop = Choice(f"project_drop:{of}", "Hapus dari daftar")
    if project.state is State.PLANNED:
        return [Choice(f"project_fill:{of}", "Lengkapi data"), drop]
    choices = []
    following = project.next
    if following is not None:
        choices.append(
            Choice(f"project_paid:{of}:{following.number}", f"Sudah bayar termin {following.number}")
        )
        if following is not project.parts[-1]:
            choices.append(Choice(f"project_paid:{of}:all", "Sudah lunas semua"))
    if project.state is State.DONE:
        return choices
    choices += [Choice(f"project_back:{number}", "Batalkan laporan") for number in _withdrawable(turn, of)]
    choices += [
        Choice(f"project_set:{of}:certificate", "Nomor sertifikat"),
        Choice(f"project_set:{of}:workers", "Pekerja"),
        Choice(f"project_set:{of}:addendum", "Addendum"),
        Choice(f"project_set:{of}:finish", "Pekerjaan selesai"),
        Choice(f"project_fix:{of}", "Betulkan data"),
    ]
    if project.cover(turn.today) is Cover.NONE:
        choices.append(drop)
    return choices


def _withdrawable(turn: Turn, project: int) -> list[int]:
    """One's own report that may still be taken back, the latest."""
    own = [
        one.id
        for one in project_reports.of_project(turn.tx, project)
        if one.state is Reported.REPORTED and one.reported_by == turn.who.person
    ]
    return own[-1:] if own and not project_reports.proofs(turn.tx, own[-1]) else []
