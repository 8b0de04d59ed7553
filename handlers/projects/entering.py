"""A project is entered: only as a plan, or with everything that its contribution is reckoned from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import filling
from bot.domain import money, project_answers, projects
from bot.domain.months import Month
from bot.domain.projects import State
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import projects as kept
from bot.store.projects import Project
from bot.turns import Turn
from handlers import taking_over
from handlers.projects import about, listing, steps
from handlers.projects.steps import NET, day, extra


def _month(said: str, view: View) -> str:
    return project_answers.parse_month(said, view.today).isoformat()


def _shown_month(value: Any, _view: View) -> str:
    return Month.of(day(value)).label


FULL = Form(
    "project",
    (
        steps.NAME, steps.PLACE, steps.FUNDING, steps.BUILDER, steps.BASIS, steps.VALUE, steps.STARTS, steps.ENDS,
        steps.WORKERS, steps.SPK, steps.MAINTAINED,
    ),
    "projects/review",
)  # fmt: skip
PLAN = Form(
    "project_plan",
    (
        steps.NAME,
        steps.FUNDING,
        steps.VALUE,
        Step("month", "Bulan mulai", "projects/ask_month", _month, _shown_month),
    ),
    "projects/review",
)


def begin(turn: Turn) -> list[Outgoing]:
    """*tambah proyek*, and the button of it."""
    return taking_over.own_or_new(_FULL, turn)


def begin_plan(turn: Turn) -> list[Outgoing]:
    """*rencana proyek*, and the button of it."""
    return taking_over.own_or_new(_PLAN, turn)


def pressed(turn: Turn) -> list[Outgoing]:
    """*Proyek baru* or *Catat rencana*."""
    return begin_plan(turn) if turn.choice.endswith(":plan") else begin(turn)


def fill(turn: Turn) -> list[Outgoing]:
    """*Lengkapi data*: what the plan says is not asked again, but can be changed at the end."""
    found = about.mine(turn, turn.choice.partition(":")[2])
    if found is None:
        return [turn.reply("chat/not_yours")]
    if found.state is not State.PLANNED:
        return [listing.card(turn, found)]
    known: dict[str, Any] = {"project": found.id, "name": found.name, "basis": NET, "value": found.value}
    known |= {key: value for key, value in (("funding", found.funding), ("place", found.place)) if value}
    if found.builder:
        known["builder"] = found.company or found.builder
    if found.starts and found.ends:
        known |= {"starts": found.starts.isoformat(), "ends": found.ends.isoformat()}
    if not found.value:
        del known["value"], known["basis"]
    return filling.open_form(turn, _FILL, known)


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Reckon what is owed, keep the project, say both."""
    starts = day(answers["starts"])
    before = kept.get(turn.tx, answers["project"]) if "project" in answers else None
    new = replace(
        steps.answered(Project(turn.who.village, before.year if before else starts.year, "", 0, ""), answers),
        workers=answers["workers"]["count"],
        named=tuple((name, nik) for name, nik in answers["workers"]["named"]),
        state=State.OPEN,
        id=before.id if before else 0,
    )
    reckoned, _ = about.reckoned(turn.rules, new)
    number = _keep(turn, reckoned, completes=before is not None)
    turn.note("enter_project", f"village:{new.village}", project=number, year=new.year)
    saved = kept.get(turn.tx, number)
    assert saved is not None
    first = saved.parts[0]
    choices = (
        Choice(f"project_paid:{number}:{first.number}", f"Sudah bayar termin {first.number}"),
        Choice(f"project:{number}", "Lihat proyek"),
    )
    facts = about.facts(turn, saved)
    return [turn.reply("projects/saved", choices, **facts, company=new.builder == kept.COMPANY)]


def _keep(turn: Turn, project: Project, *, completes: bool) -> int:
    """Keep it, or complete its plan; raises `Invalid` where the village has another of its name."""
    if completes:
        if not kept.change(turn.tx, project, State.PLANNED):
            raise Invalid("projects/known_already", step="name", name=project.name, year=project.year)
        kept.respread(turn.tx, project.id, project.parts)
        return project.id
    number = kept.add(turn.tx, project, turn.who.person, turn.now)
    if number is None:
        raise Invalid("projects/known_already", step="name", name=project.name, year=project.year)
    return number


def _save_plan(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    starts = day(answers["month"])
    new = Project(
        turn.who.village, starts.year, answers["name"], answers["value"], answers["funding"], starts=starts
    )
    number = _keep(turn, new, completes=False)
    turn.note("plan_project", f"village:{new.village}", project=number, year=new.year)
    total = projects.contribution(turn.rules, new.basis, new.value, starts).total
    choices = (Choice(f"project_fill:{number}", "Lengkapi data"), Choice("menu:proyek", "Daftar proyek"))
    return [
        turn.reply(
            "projects/plan_saved",
            choices,
            name=new.name,
            month=Month.of(starts).label,
            total=money.rupiah(total),
        )
    ]


_FULL = FormRoute(FULL, extra, _save)
#: A form of its own: who begins a new project does not go on with the plan that was left half completed.
_FILL = FormRoute(replace(FULL, name="project_fill"), extra, _save)
_PLAN = FormRoute(PLAN, extra, _save_plan)
FORMS = (_FULL, _FILL, _PLAN)
