"""What was entered wrongly is put right: the answers of a project that is under way, played back to be changed."""

from collections.abc import Mapping
from typing import Any

from bot import filling
from bot.domain import money
from bot.domain.projects import Progress, State
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import projects as kept
from bot.store.projects import Project
from bot.turns import Turn
from handlers.projects import about, listing, steps

FORM = Form(
    "project_fix",
    (
        steps.NAME, steps.PLACE, steps.FUNDING, steps.BUILDER, steps.BASIS, steps.VALUE, steps.STARTS, steps.ENDS,
        steps.SPK, steps.MAINTAINED,
    ),
    "projects/review",
)  # fmt: skip
#: Beside the answers: the project, and what was known of it when the form began.
_PROJECT, _BEFORE = "project", "before"


def begin(turn: Turn) -> list[Outgoing]:
    """*Betulkan data*: everything that was entered, to be changed by its number."""
    found = about.mine(turn, turn.choice.partition(":")[2])
    if found is None:
        return [turn.reply("chat/not_yours")]
    if found.state is not State.OPEN:
        return [listing.card(turn, found)]
    known = steps.answers_of(found)
    return filling.open_form(turn, ROUTE, {**known, _PROJECT: found.id, _BEFORE: known})


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Only what was changed here: a colleague may have changed the rest meanwhile."""
    before = about.mine(turn, str(answers[_PROJECT]))
    if before is None or before.state is not State.OPEN:
        return [turn.reply("projects/closed", (Choice("menu:proyek", "Daftar proyek"),))]
    was, now = answers[_BEFORE], steps.answers_of(before)
    meant = {name: answers[name] if answers[name] != was[name] else now[name] for name in now}
    changed, over = about.reckoned(turn.rules, steps.answered(before, meant))
    see = (Choice(f"project:{before.id}", "Lihat proyek"),)
    if meant == now:
        return [turn.reply("projects/fix_same", see, name=before.name)]
    _keep(turn, before, changed)
    values = {
        "name": changed.name,
        "before": money.rupiah(before.total),
        "total": money.rupiah(changed.total),
        "differs": changed.total != before.total,
        "open": [about.part(one) for one in changed.parts if one.progress is Progress.OPEN],
        "over": money.rupiah(over) if over else "",
    }
    return [turn.reply("projects/fixed", see, **values)]


def _keep(turn: Turn, before: Project, changed: Project) -> None:
    if not kept.change(turn.tx, changed, State.OPEN):
        raise Invalid("projects/known_already", step="name", name=changed.name, year=changed.year)
    if changed.parts != before.parts:
        kept.respread(turn.tx, before.id, changed.parts)
    turn.note("change_project", f"village:{changed.village}", project=changed.id, what="correction")


ROUTE = FormRoute(FORM, steps.extra, _save, guarded=always)
FORMS = (ROUTE,)
