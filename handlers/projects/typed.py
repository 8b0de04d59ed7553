"""*mengapa*, typed behind a project's card."""

from bot.domain import money, projects
from bot.domain.contributions import percent_label
from bot.domain.offices import VILLAGE
from bot.messages import Choice, Outgoing
from bot.store import projects as kept
from bot.store import prompts
from bot.store.projects import Project
from bot.store.prompts import Prompt
from bot.turns import Turn, entitled
from handlers.projects import about

#: Choices that carry the number of a project.
_ABOUT = frozenset({"project", "project_paid", "project_set", "project_fill", "project_drop", "project_fix"})


def is_asked(turn: Turn) -> bool:
    """Whether *mengapa* stands behind one of the village's projects."""
    return turn.word == "mengapa" and not turn.rest and _last(turn) is not None


def _shown(turn: Turn) -> Prompt | None:
    """The newest question of this chat, where it is put to a village officer in private."""
    if turn.incoming.group or turn.actor is None or entitled(turn, VILLAGE) is None:
        return None
    return prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")


def _last(turn: Turn) -> Project | None:
    """The project that the newest question of this chat is about."""
    shown = _shown(turn)
    parts = [choice.id.split(":") for choice in shown.choices] if shown else []
    numbers = {one[1] for one in parts if one[0] in _ABOUT}
    number = numbers.pop() if len(numbers) == 1 else ""
    found = kept.get(turn.tx, int(number)) if number.isdecimal() else None
    return found if found is not None and found.village in turn.who.villages else None


def why(turn: Turn) -> list[Outgoing]:
    """Each layer with its rate, and the rule."""
    project = _last(turn)
    assert project is not None
    found = projects.contribution(turn.rules, project.basis, project.value, project.starts or turn.today)
    lines = [
        (
            percent_label(layer.jkk_percent),
            percent_label(layer.jkm_percent),
            money.rupiah(layer.end - layer.start),
            money.rupiah(layer.jkk + layer.jkm),
        )
        for layer in found.layers
    ]
    return [
        turn.reply(
            "projects/why_total",
            (Choice(f"project:{project.id}", "Lihat proyek"),),
            name=project.name,
            value=about.value(project),
            lines=lines,
            total=money.rupiah(found.total),
            source=found.source,
        )
    ]
