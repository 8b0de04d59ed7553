"""What is said of a project, by whomever it is looked at; and whose it is."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain import dates, deadlines, funding, money, projects
from bot.domain.contributions import percent_label
from bot.domain.months import Month
from bot.domain.projects import Basis, Cover, Part, Progress, State
from bot.domain.rulebook import Rules
from bot.store import places
from bot.store import projects as kept
from bot.store.projects import COMPANY, OWN, Project
from bot.turns import Turn, speak_about

_PROGRESS = {
    Progress.OPEN: "belum tercatat",
    Progress.REPORTED: "dilaporkan",
    Progress.RECORDED: "tercatat",
}


def mine(turn: Turn, number: str) -> Project | None:
    """The project with this id, of a village that the person serves; they speak about that one then."""
    found = kept.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or found.village not in turn.who.villages or found.state is State.DROPPED:
        return None
    if found.village != turn.who.village:
        speak_about(turn, found.village)
    return found


def lives(project: Project, today: date) -> bool:
    """Whether a village's list still shows it: until the work is done, paid, and no longer maintained."""
    if project.state is State.DONE:
        if project.next is not None:
            return True
        return project.maintained is not None and project.maintained >= today
    return project.state is not State.DROPPED


def reckoned(rules: Rules, project: Project) -> tuple[Project, int]:
    """The project with its contribution and instalments as its value and days make them, and what was
    paid too much.
    """
    assert project.starts is not None
    assert project.ends is not None
    free = deadlines.free_days(rules, project.village[:5], Month.of(project.starts))
    days = projects.due_dates(project.starts, project.ends, free)
    total = projects.contribution(rules, project.basis, project.value, project.starts).total
    parts, over = projects.spread(total, project.parts, days)
    return replace(project, total=total, parts=parts), over


def owed_again(turn: Turn, number: int) -> None:
    """Instalments whose report counts no more are open with what is owed by now: an addendum may have come since."""
    found = kept.get(turn.tx, number)
    if found is None or found.starts is None or sum(one.amount for one in found.parts) == found.total:
        return
    kept.respread(turn.tx, number, reckoned(turn.rules, found)[0].parts)


def builder(project: Project) -> str:
    """Who builds, in words; empty where that is not known."""
    return {OWN: "swakelola", COMPANY: project.company}.get(project.builder, "")


def value(project: Project) -> str:
    """What it is reckoned from, in words."""
    rest = "upah seluruh pekerja" if project.basis is Basis.WAGES else "tanpa PPN"
    return f"{money.rupiah(project.value)} {rest}"


def termin(parts: tuple[int, ...]) -> str:
    """Some instalments in words: "termin 2 dan 3"."""
    *firsts, last = parts
    return f"termin {', '.join(str(one) for one in firsts)} dan {last}" if firsts else f"termin {last}"


def standing(project: Project, today: date) -> str:
    """Where it stands, in one line of a list."""
    stands = project.cover(today)
    begins = dates.short_date(project.starts) if project.starts else ""
    if stands is Cover.PLANNED:
        return f"rencana {Month.of(project.starts).label}" if project.starts else "rencana"
    if stands is Cover.NONE:
        return f"belum terlindungi, mulai {begins}"
    following = project.next
    if stands is Cover.LATE and following:
        return f"termin {following.number} belum tercatat, jatuh tempo {dates.short_date(following.due)}"
    return stands.label


def facts(turn: Turn, project: Project, *, named: bool = False) -> dict[str, Any]:
    """All that its card says; `named`: with the village's name."""
    place = places.village(turn.tx, project.village) if named else None
    found = projects.contribution(turn.rules, project.basis, project.value, project.starts or turn.today)
    stands = project.cover(turn.today)
    free = deadlines.free_days(turn.rules, project.village[:5], Month.of(turn.today))
    waits = stands is Cover.NONE and project.spk is not None
    by = projects.register_by(project.spk, free) if waits and project.spk else None
    return {
        "name": project.name,
        "where": project.place,
        "place": place.label if place else "",
        "stands": stands.value,
        "late": _late(project),
        "month": Month.of(project.starts).label if project.starts else "",
        "value": value(project),
        "funding": funding.NAMES.get(project.funding, project.funding),
        "builder": builder(project),
        "starts": _shown(project.starts),
        "ends": _shown(project.ends),
        "maintained": _shown(project.maintained),
        "total": money.rupiah(found.total),
        "layers": [
            (
                percent_label(layer.jkk_percent + layer.jkm_percent),
                money.rupiah(layer.end - layer.start),
                money.rupiah(layer.jkk + layer.jkm),
            )
            for layer in found.layers
        ],
        "parts": [part(each) for each in project.parts],
        "workers": project.workers,
        "known": len(project.named),
        "certificate": project.certificate,
        "old_rule": _shown(by),
        "wages": project.basis is Basis.WAGES,
        "addenda": len(kept.changes(turn.tx, project.id)),
    }


def template(project: Project) -> str:
    """The card that fits it."""
    return "projects/plan_card" if project.state is State.PLANNED else "projects/card"


def _late(project: Project) -> str:
    following = project.next
    return f"termin {following.number}" if following else ""


def part(one: Part) -> tuple[int, str, str, str]:
    """An instalment in words: number, amount, day, where it stands."""
    return one.number, money.rupiah(one.amount), dates.short_date(one.due), _PROGRESS[one.progress]


def _shown(day: date | None) -> str:
    return dates.short_date(day) if day else ""
