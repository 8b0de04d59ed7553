"""The rows behind */jadwal*: what a district decided about its stages, and what a change makes of that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.domain import dates
from bot.domain.dated import Certainty, nearest
from bot.domain.rulebook import Rules, Stage
from bot.store import decisions
from bot.store.decisions import Decision
from bot.turns import Turn
from handlers.reminders import MONTH, rows

TABLE = "stage"
#: A whole row of that table.
Row = Mapping[str, object]
#: How long rows that were taken back still serve the reminders under way: longer than any stage lies
#: before a due date; and how long the general row hides them: longer than both together.
UNDER_WAY, FADED = timedelta(days=31), timedelta(days=93)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """What a stage is to become: as it stands in a pressed choice."""

    name: str
    days: int
    hour: int
    on: bool

    @property
    def meaning(self) -> str:
        """As it stands behind the word of a choice."""
        return f"{self.name}:{self.days}:{self.hour}:{'on' if self.on else 'off'}"


def change_of(choice: str) -> Change:
    name, days, hour, on = choice.split(":")[1:5]
    return Change(name, int(days), int(hour), on == "on")


def as_it_is(stage: Stage) -> Change:
    return Change(stage.name, stage.days_before, stage.at.hour, not stage.off)


def tomorrow(turn: Turn) -> date:
    return turn.today + _DAY


def stages(turn: Turn, found: Rules) -> list[Stage]:
    """The stages as they are from tomorrow on, those that are switched off too."""
    mine = rows(found, turn.district.code, MONTH)
    names = dict.fromkeys(stage.name for stage in mine)
    each = (
        nearest([stage for stage in mine if stage.name == name], turn.district.code, tomorrow(turn))
        for name in names
    )
    return sorted((stage for stage in each if stage), key=lambda stage: -stage.days_before)


def own_rows(turn: Turn, name: str) -> list[Decision]:
    """What the district decided about a stage; not the rows with an end, by which that was taken back."""
    found = decisions.of_district(turn.tx, turn.district.code, TABLE)
    mine = [one for one in found if one.body.get("name") == name and one.body.get("kind", MONTH) == MONTH]
    return [one for one in mine if not one.body.get("effective_to")]


def row_of(turn: Turn, change: Change) -> Row:
    """The whole row of the rules that a change makes."""
    return {
        "name": change.name,
        "days_before": change.days,
        "at": time(change.hour).isoformat(),
        "district": turn.district.code,
        "kind": MONTH,
        "off": not change.on,
        "effective_from": tomorrow(turn).isoformat(),
        "source": f"keputusan {turn.district.office} {turn.district.name}, {dates.short_date(turn.today)}",
        "certainty": Certainty.LAW.value,
    }


def without(turn: Turn, name: str) -> Rules:
    """The rules without what was decided in chat about a stage."""
    own = {(str(one.body.get("effective_from"))) for one in own_rows(turn, name)}
    kept = tuple(
        stage
        for stage in turn.rules.all_stages
        if (stage.district, stage.kind, stage.name) != (turn.district.code, MONTH, name)
        or stage.effective_from.isoformat() not in own
    )
    return replace(turn.rules, all_stages=kept)


def fading(turn: Turn, own: list[Decision], usual: Stage) -> list[Row]:
    """The rows that take those in force back: for a while the general one stands as the district's own.

    A reminder whose general day is past already still comes on the day of its own; later the general
    rules alone count, with what becomes of them.  Nothing is needed for rows that were not in force yet.
    """
    in_force = [one for one in own if str(one.body["effective_from"]) <= turn.today.isoformat()]
    if not in_force:
        return []
    ends = (turn.today + UNDER_WAY).isoformat()
    over = {"at": usual.at.isoformat(), "effective_to": (turn.today + FADED).isoformat()}
    return [
        *({**one.body, "effective_to": ends} for one in in_force),
        {**row_of(turn, as_it_is(usual)), **over},
    ]
