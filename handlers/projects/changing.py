"""What changes in a project: its certificate, its workers, an addendum, its end; or it was no project."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn

from bot import filling
from bot.domain import dates, money, nik
from bot.domain import project_answers as answered
from bot.domain.cleaning import visible
from bot.domain.projects import Basis, Progress, State
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import projects as kept
from bot.store.projects import Project
from bot.turns import Turn
from handlers.projects import about, listing, steps
from handlers.projects.steps import choices, day, extra, shown_day
from handlers.questions import written_day

#: The answer that leaves a value or a day as it is.
SAME = "same"
#: The answer that forgets the people known by name.
EMPTY = "empty"
#: Typed, the same as *Tetap*.
_UNCHANGED = (SAME, "tetap", "tetap saja", "sama")
_DROP = re.compile(r"(?:hapus|keluarkan|coret) (?:no |nomor )?([0-9]{1,3})")
#: Workers shown by name, and how much of a name.
SHOWN, _LONGEST = 15, 30


def begin(turn: Turn) -> list[Outgoing]:
    """One of the buttons below a card."""
    _, number, *what = turn.choice.split(":")
    found = about.mine(turn, number)
    route = _ROUTES.get("".join(what))
    if found is None or route is None:
        return [turn.reply("chat/not_yours")]
    if found.state is not State.OPEN:
        return [listing.card(turn, found)]
    assert found.starts is not None
    assert found.ends is not None
    known = {
        "project": found.id,
        "starts": found.starts.isoformat(),
        "old_ends": found.ends.isoformat(),
        "old_value": found.value,
        "basis": steps.WAGES if found.basis is Basis.WAGES else steps.NET,
        "count": found.workers,
        "known": len(found.named),
        "people": [list(one) for one in found.named],
    }
    return filling.open_form(turn, route, known)


#: What an answered form makes of a project, and what is said of it.
Change = Callable[[Turn, Project, Mapping[str, Any]], tuple[Project, Outgoing]]


def _saved(what: str, change: Change, turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Keep the change, as long as the project is under way."""
    before = about.mine(turn, str(answers["project"]))
    if before is None or before.state is not State.OPEN:
        return [turn.reply("projects/closed", (Choice("menu:proyek", "Daftar proyek"),))]
    changed, said = change(turn, before, answers)
    if changed == before:
        return [said]
    if changed.parts != before.parts:
        kept.remember(turn.tx, before.id, turn.who.person, turn.now)
        kept.respread(turn.tx, before.id, changed.parts)
    kept.change(turn.tx, changed, State.OPEN)
    turn.note("change_project", f"village:{changed.village}", project=changed.id, what=what)
    return [said]


# -- the certificate ---------------------------------------------------------------------------


def _number(said: str, _view: View) -> str:
    found = " ".join(visible(said).split())
    if not 4 <= len(found) <= 40 or not any(sign.isdigit() for sign in found):
        raise Invalid("projects/certificate_unreadable")
    return found


def _certified(turn: Turn, before: Project, answers: Mapping[str, Any]) -> tuple[Project, Outgoing]:
    project = replace(before, certificate=answers["certificate"])
    return project, _told(turn, "projects/certificate_saved", project, number=project.certificate)


# -- the workers -------------------------------------------------------------------------------


def _workers(said: str, view: View) -> dict[str, Any]:
    """What is added; people known by name are never lost to a number, and forgotten only when that is said."""
    known = int(view.answers.get("known", 0))
    plain = visible(said).casefold()
    if plain in _UNCHANGED or steps.nothing(said):
        return {"count": 0, "named": []}
    if known and (one := _DROP.fullmatch(plain)):
        _drop_one(int(one[1]), view)
    if known and plain in (EMPTY, "kosongkan daftar", "kosongkan", "hapus semua"):
        raise Doubtful("projects/workers_empty", {"count": 0, "named": [], "empty": True}, known=known)
    found: dict[str, Any] = steps.WORKERS.parse(said, view)
    if not found["named"] and found["count"] < known:
        raise Invalid("projects/workers_fewer", known=known, count=found["count"])
    return found


def _drop_one(number: int, view: View) -> NoReturn:
    people = view.answers.get("people", [])
    if not 1 <= number <= len(people):
        raise Invalid("projects/workers_no_such", known=len(people))
    name, digits = people[number - 1]
    dropped = {"count": 0, "named": [], "dropped": digits}
    raise Doubtful("projects/workers_drop", dropped, name=name, digits=nik.last4(digits))


def _offered(view: View) -> list[tuple[str, str]]:
    known = view.answers.get("known", 0)
    if known:
        return [(SAME, "Tetap"), (EMPTY, "Kosongkan daftar")]
    return [(SAME, "Tetap" if view.answers.get("count") else "Belum tahu")]


def _so_far(view: View) -> dict[str, Any]:
    people = view.answers.get("people", [])
    return {
        "count": view.answers.get("count", 0),
        "known": view.answers.get("known", 0),
        "names": [(name[:_LONGEST], nik.last4(digits)) for name, digits in people[:SHOWN]],
        "more": max(len(people) - SHOWN, 0),
    }


def _manned(turn: Turn, before: Project, answers: Mapping[str, Any]) -> tuple[Project, Outgoing]:
    """Named lines are added to those that are known: a NIK stands once."""
    found = answers["workers"]
    if found.get("empty"):
        project = replace(before, workers=0, named=())
    elif found.get("dropped"):
        people = tuple(one for one in before.named if one[1] != found["dropped"])
        project = replace(before, workers=before.workers - (len(before.named) - len(people)), named=people)
    else:
        named = {number: name for name, number in before.named}
        named |= {number: name for name, number in found["named"]}
        count = before.workers if found["named"] or not found["count"] else found["count"]
        people = tuple((name, number) for number, name in named.items())
        project = replace(before, workers=max(count, len(named)), named=people)
    values = {
        "count": project.workers,
        "known": len(project.named),
        "new": len(project.named) - len(before.named) if before.named else 0,
        "same": project == before,
    }
    return project, _told(turn, "projects/workers_saved", project, **values)


# -- an addendum -------------------------------------------------------------------------------


def _new_value(said: str, view: View) -> int:
    if said == SAME or visible(said).casefold().startswith(("tetap", "nilai tetap", "sama")):
        return int(view.answers["old_value"])
    return steps.value(said, view)


def _new_end(said: str, view: View) -> str:
    if said == SAME or visible(said).casefold().startswith(("tetap", "tanggal tetap", "sama")):
        return str(view.answers["old_ends"])
    return written_day(lambda: answered.parse_end(said, day(view.answers["starts"]), view.today))


def _amended(turn: Turn, before: Project, answers: Mapping[str, Any]) -> tuple[Project, Outgoing]:
    """Reckoned anew: what was paid stays, the rest is laid over what is open.

    What stays is as it is by now: a colleague may have brought an addendum since this one was begun.
    """
    value = before.value if answers["value"] == answers["old_value"] else answers["value"]
    ends = before.ends if answers["ends"] == answers["old_ends"] else day(answers["ends"])
    changed = replace(before, value=value, ends=ends)
    if before.maintained and before.ends and ends:  # as long as before, from the new end
        changed = replace(changed, maintained=ends + (before.maintained - before.ends))
    if changed == before:
        return before, _told(turn, "projects/addendum_same", before)
    changed, over = about.reckoned(turn.rules, changed)
    values = {
        "before": money.rupiah(before.total),
        "total": money.rupiah(changed.total),
        "ends": dates.short_date(ends) if ends else "",
        "until": dates.short_date(changed.maintained) if changed.maintained else "",
        "open": [about.part(one) for one in changed.parts if one.progress is Progress.OPEN],
        "over": money.rupiah(over) if over else "",
    }
    return changed, _told(turn, "projects/addendum_saved", changed, **values)


# -- the end -----------------------------------------------------------------------------------


def _finished(said: str, view: View) -> str:
    found = written_day(lambda: answered.parse_day(said, view.today))
    if not day(view.answers["starts"]) <= day(found) <= view.today:
        raise Invalid(
            "projects/finished_day",
            shown=dates.short_date(day(found)),
            starts=dates.short_date(day(view.answers["starts"])),
        )
    return found


def _ended(turn: Turn, before: Project, answers: Mapping[str, Any]) -> tuple[Project, Outgoing]:
    maintained = day(answers["maintained"]) if answers["maintained"] else None
    left = sum(part.amount for part in before.parts if part.progress is Progress.OPEN)
    project = replace(before, ends=day(answers["ends"]), maintained=maintained, state=State.DONE)
    until = dates.short_date(maintained) if maintained else ""
    said = _told(turn, "projects/finished", project, until=until, left=money.rupiah(left) if left else "")
    return project, said


# -- no project ----------------------------------------------------------------------------------


def drop(turn: Turn) -> list[Outgoing]:
    """*Hapus dari daftar*: asked once more; what was paid for stays."""
    _, number, *sure = turn.choice.split(":")
    found = about.mine(turn, number)
    if found is None:
        return [turn.reply("chat/not_yours")]
    if found.state is State.DONE or not found.cover(turn.today).missing:
        return [listing.card(turn, found)]
    if not sure:
        asked = (Choice(f"project_drop:{number}:yes", "Ya, hapus"), Choice(f"project:{number}", "Tidak jadi"))
        return [turn.reply("projects/drop_sure", asked, name=found.name)]
    kept.change(turn.tx, replace(found, state=State.DROPPED), found.state)
    turn.note("drop_project", f"village:{found.village}", project=found.id)
    return [turn.reply("projects/dropped", (Choice("menu:proyek", "Daftar proyek"),), name=found.name)]


def _told(turn: Turn, template: str, project: Project, **values: Any) -> Outgoing:
    see = (Choice(f"project:{project.id}", "Lihat proyek"),)
    return turn.reply(template, see, name=project.name, **values)


def _route(name: str, asked: tuple[Step, ...], change: Change, review: str = "") -> FormRoute:
    return FormRoute(
        Form(f"project_{name}", asked, review), extra, partial(_saved, name, change), guarded=always
    )


_CERTIFICATE = Step(
    "certificate", "Nomor sertifikat", "projects/ask_certificate", _number, lambda value, _view: str(value)
)
_WORKERS = replace(
    steps.WORKERS, ask="projects/ask_more_workers", parse=_workers, choices=_offered, values=_so_far
)
_VALUE = Step(
    "value",
    "Nilai baru",
    "projects/ask_new_value",
    _new_value,
    steps.VALUE.show,
    choices=choices((SAME, "Nilai tetap")),
)
_ENDS = Step(
    "ends",
    "Selesai",
    "projects/ask_new_end",
    _new_end,
    shown_day,
    choices=choices((SAME, "Tanggal tetap")),
)
_FINISHED = Step(
    "ends",
    "Selesai",
    "projects/ask_finished",
    _finished,
    shown_day,
    choices=choices(("hari ini", "Hari ini")),
    resets=("maintained",),
)
_ROUTES = {
    "certificate": _route("certificate", (_CERTIFICATE,), _certified),
    "workers": _route("workers", (_WORKERS,), _manned),
    "addendum": _route("addendum", (_VALUE, _ENDS), _amended, "projects/review"),
    "finish": _route("finish", (_FINISHED, steps.MAINTAINED), _ended, "projects/review"),
}
FORMS = tuple(_ROUTES.values())
