"""Once a working day: which villages meet the criteria for the first time this year, and which need a step again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import reminders, sadar
from bot.domain.offices import office_day
from bot.domain.sadar import Standing
from bot.messages import Address, Choice, Lane, Outgoing
from bot.reports.sadar import sentence, standings
from bot.store import agreements, people, places
from bot.store import sadar as recognitions
from bot.store.database import Tx
from bot.turns import within
from handlers.served import Run, Served

#: Villages named on a card; more are counted.
NAMED = 10
#: Of a missing step a village hears at the beginning of a week: not on the morning on which it is reminded anyway.
_MONDAY = 0


class Watching(Served):
    """The planner: what it has seen it keeps, so that nothing is said twice."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """At nine of each working day, in districts that have set their criteria."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            if run.passes(reminders.PLANNED_AT) and run.works(run.today) and _watched(run):
                found = standings(tx, run.rules, run.district.code, run.today)
                said += _met(tx, run, found)
                said += _lost(tx, run, found) if run.today.weekday() == _MONDAY else []
        return said


def _watched(run: Run) -> bool:
    return sadar.adopted(sadar.criteria(run.rules, run.district.code, run.today))


def _met(tx: Tx, run: Run, found: Mapping[str, Standing]) -> list[Outgoing]:
    """One card for all villages of a day."""
    new = {code for code, one in found.items() if one.met and recognitions.meet(tx, code, run.today)}
    named = [one for one in places.villages(tx, run.district.code) if one.code in new]
    shown = [(one.label, found[one.code].unchecked) for one in named]
    groups, admins = places.office(tx, run.district.code, office_day(run.until), agreements.admins)
    if not named:
        return []
    return [
        *(_card(run, shown, to) for to in groups),
        *(_card(run, shown, one.to, person=one.person) for one in admins),
    ]


def _card(run: Run, named: Sequence[tuple[str, int]], to: Address, person: int | None = None) -> Outgoing:
    """In the group anybody's button, who is administrator; without a group to each of them."""
    return Outgoing(
        to,
        "sadar/met",
        {
            "office": run.district.office,
            "year": str(run.today.year),
            "places": list(named[:NAMED]),
            "more": max(len(named) - NAMED, 0),
        },
        (Choice(within(run.district.code, "sadar_award:"), "Buat piagam"),),
        lane=Lane.ALERT,
        key=f"sadar_met:{run.district.code}:{run.today}:{to.conversation}",
        person=person,
        public=person is None,
    )


def _lost(tx: Tx, run: Run, found: Mapping[str, Standing]) -> list[Outgoing]:
    """To the village alone, once for a certificate: thanks, and the step."""
    said = []
    for number, code in recognitions.standing(tx, run.district.code, run.today.year):
        village, to = places.village(tx, code), people.first(people.serving(tx, code, office_day(run.until)))
        if found[code].met or village is None or to is None or not recognitions.lost(tx, number, run.until):
            continue
        values = {
            "name": to.name,
            "role": to.role.label,
            "place": village.label,
            "parts": [sentence(part, bare=True) for part in found[code].parts if part.left],
        }
        said.append(
            Outgoing(
                to.to,
                "sadar/lost",
                values,
                (Choice("menu:sadar", "Lihat langkahnya"),),
                lane=Lane.REMINDER,
                key=f"sadar_lost:{number}",
                person=to.person,
                expires_at=run.evening,
                reason=f"piagam:{code}:{to.person}",
            )
        )
    return said
