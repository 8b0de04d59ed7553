"""The district's look at a year's projects: how many are covered, in which villages some are not."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain import placing
from bot.domain.offices import CHECKERS, DISTRICT, Role
from bot.domain.placing import Subdistrict
from bot.messages import Attachment, Choice, Outgoing
from bot.store import project_reports
from bot.store import projects as kept
from bot.store.places import Village
from bot.store.projects import Project
from bot.turns import Turn, may_in, within
from handlers import naming, own_chat
from handlers.office import monthly
from handlers.office.monthly import REPORTERS
from handlers.paging import page
from handlers.projects import about
from handlers.projects.looking import Look

PAGE = 8
#: Villages named in the office's group.
NAMED = 20
#: What is listed: those nobody paid for, those past an instalment's day, plans, all by kecamatan.
MISSING, LATE, PLANNED, EVERYWHERE, YEAR = "missing", "late", "planned", "all", "year"
#: From this month on the budget of the coming year is made.
BUDGETING = 10


def home(turn: Turn) -> list[Outgoing]:
    """*proyek [desa|kecamatan] [tahun]* in private: the counts of the running or the named year, and the ways on;
    or the projects of a village, the villages of a kecamatan.
    """
    look = Look.of(turn, _named_year(turn))
    found = _named_place(look)
    return _home(look) if found is None else _there(look, found)


def _named_place(look: Look) -> Village | Subdistrict | list[Outgoing] | None:
    """What stands behind the word: a kecamatan where no village has that name; None where nothing does."""
    turn = look.turn
    said = re.sub(r"\b20[0-9]{2}\b", "", turn.rest).strip()
    if placing.means_all(said, turn.district.name):
        return None
    if placing.says_kecamatan(said):
        return naming.subdistrict(turn, said)
    if not placing.exactly(said, turn.villages):
        near = placing.subdistrict(said, turn.villages)
        if near.sure is not None:
            return near.sure
    way = "projects_open" if turn.incoming.group else "projects"
    return naming.village(turn, said, lambda code: f"{way}:{look.year}:{code}")


def _there(look: Look, found: Village | Subdistrict | list[Outgoing]) -> list[Outgoing]:
    if isinstance(found, list):
        return found
    if isinstance(found, Village):
        return [_projects(look, found.code, look.of_village(found.code))]
    inside = look.inside(found)
    return [_places(inside, found.code, {one.code: one.name for one in inside.villages.values()})]


def _named_year(turn: Turn) -> int:
    """The year behind the word; 0 for none."""
    found = re.search(r"\b20[0-9]{2}\b", turn.rest)
    return int(found[0]) if found else 0


def _home(look: Look) -> list[Outgoing]:
    turn = look.turn
    waits = len(project_reports.waiting(turn.tx, turn.district.code)) if _checks(turn) else 0
    mark = turn.district.code
    choices = []
    if look.missing:
        choices.append(Choice(_list(look, MISSING), f"Belum terlindungi ({len(look.missing)})"))
    if look.late:
        choices.append(Choice(_list(look, LATE), f"Termin lewat ({len(look.late)})"))
    if look.planned:
        choices.append(Choice(_list(look, PLANNED), f"Rencana ({len(look.planned)})"))
    if waits:
        choices.append(Choice(within(mark, "project_check:"), f"Periksa termin ({waits})"))
    if look.projects:
        choices.append(Choice(_list(look, EVERYWHERE), "Per kecamatan"))
        if _holds(turn, REPORTERS):
            choices.append(Choice(within(mark, f"project_sheet:{look.year}"), "Lembar Excel"))
    others = [year for year in kept.years(turn.tx, mark) if year != look.year][:2]
    choices += [Choice(within(mark, f"projects:{year}:{YEAR}"), f"Tahun {year}") for year in others]
    if _holds(turn, (Role.ADMIN,)):
        choices += [
            Choice(within(mark, f"project_form:{year}"), f"Muat daftar {year}") for year in _to_load(turn)
        ]
    return [turn.reply("projects/year", choices, waits=waits, **look.values())]


def _to_load(turn: Turn) -> list[int]:
    """The running year; towards its end the coming one, whose budget is made then."""
    return [turn.today.year, *([turn.today.year + 1] if turn.today.month >= BUDGETING else [])]


def _checks(turn: Turn) -> bool:
    return _holds(turn, CHECKERS)


def _holds(turn: Turn, roles: tuple[Role, ...]) -> bool:
    return turn.who.office(*roles, district=turn.district.code) is not None


def _list(look: Look, scope: str) -> str:
    return within(look.turn.district.code, f"projects:{look.year}:{scope}")


def in_group(turn: Turn) -> list[Outgoing]:
    """*/proyek [desa|kecamatan] [tahun]*: counts; in the office's own group also the villages in which somebody has
    to act.  Where villages listen, one village or kecamatan is answered in private.
    """
    look = Look.of(turn, _named_year(turn))
    found = _named_place(look)
    if isinstance(found, list):
        return found
    if turn.in_forum and found is not None:
        return own_chat.with_a_line(turn, _there(look, found))
    if isinstance(found, Village):
        return [_of_village(look, found)]
    return [_counts(look.inside(found) if found else look, found.code if found else "")]


def _counts(look: Look, scope: str) -> Outgoing:
    named = [] if look.turn.in_forum else sorted({look.villages[one.village].name for one in look.urgent})
    said = look.turn.post(
        "projects/group",
        _on(look, scope),
        names=named[:NAMED],
        more=max(len(named) - NAMED, 0),
        **look.values(),
    )
    return replace(said, person=None)


def _of_village(look: Look, village: Village) -> Outgoing:
    found = look.of_village(village.code)
    lines = [(one.name, about.standing(one, look.turn.today)) for one in found[:PAGE]]
    more = max(len(found) - PAGE, 0)
    values = {"place": village.label, "year": look.year, "total": len(found), "lines": lines, "more": more}
    return replace(look.turn.post("projects/group_village", _on(look, village.code), **values), person=None)


def _on(look: Look, scope: str) -> tuple[Choice, ...]:
    return (Choice(f"projects_open:{look.year}:{scope}", "Buka di chat pribadi"),)


def opened(turn: Turn) -> list[Outgoing]:
    """*Buka di chat pribadi*: of the same year and place."""
    return own_chat.go_on(turn, DISTRICT, listed)


def listed(turn: Turn) -> list[Outgoing]:
    """A list: of those without cover, of those past a day, of the kecamatan, of a kecamatan, of a village."""
    word, year, scope = (*turn.choice.split(":"), "", "")[:3]
    look = Look.of(turn, int(year) if year.isdecimal() else 0)
    if scope == YEAR or (word == "projects_open" and not scope):
        return _home(look)
    lists = {MISSING: look.missing, LATE: look.late, PLANNED: look.planned}
    if scope in lists:
        return [_projects(look, scope, lists[scope])]
    if scope == EVERYWHERE or not scope:
        return [_places(look, scope, _subdistricts(look))]
    inside = [one for one in look.villages.values() if one.code == scope or one.code.startswith(f"{scope}.")]
    if not inside:
        return [turn.reply("chat/not_yours")]
    if scope.count(".") == 2:
        return [_places(look, scope, {one.code: one.name for one in inside})]
    return [_projects(look, scope, look.of_village(scope))]


def _subdistricts(look: Look) -> dict[str, str]:
    return {one.code[:8]: one.subdistrict for one in look.villages.values()}


def _places(look: Look, scope: str, names: dict[str, str]) -> Outgoing:
    """Kecamatan, or villages of one, that have projects."""
    total: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    for one in look.projects:
        code = one.village if one.village in names else one.village[:8]
        total[code] += 1
        missing[code] += look.lacks(one)
        planned[code] += look.awaits(one)
    found = [code for code in names if total[code]]
    here = page(look.turn.choice, f"projects:{look.year}:{scope}", found, PAGE)
    labels = [f"{names[code]}: {total[code]} proyek" for code in here.shown]
    choices = [
        *(
            Choice(f"projects:{look.year}:{code}", label)
            for code, label in zip(here.shown, labels, strict=True)
        ),
        *here.onward,
    ]
    lines = [(names[code], total[code], missing[code], planned[code]) for code in here.shown]
    return look.turn.reply("projects/places", choices, year=look.year, lines=lines)


def _projects(look: Look, scope: str, found: Sequence[Project]) -> Outgoing:
    ordered = sorted(found, key=lambda one: one.starts.isoformat() if one.starts else "9999")
    here = page(look.turn.choice, f"projects:{look.year}:{scope}", ordered, PAGE)
    choices = [*(Choice(f"project_card:{one.id}", _label(look, one)) for one in here.shown), *here.onward]
    lines = [
        (look.villages[one.village].name, one.name, about.standing(one, look.turn.today))
        for one in here.shown
    ]
    return look.turn.reply(
        "projects/listed",
        choices,
        scope=scope if scope in (MISSING, LATE, PLANNED) else "",
        year=look.year,
        place=look.villages[scope].label if scope in look.villages else "",
        total=len(found),
        first=here.start + 1,
        lines=lines,
    )


def _label(look: Look, one: Project) -> str:
    return f"{look.villages[one.village].name}: {one.name}"


def card(turn: Turn) -> list[Outgoing]:
    """One project, and what was reported of it."""
    number = turn.choice.split(":")[1]
    found = kept.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or not may_in(turn, DISTRICT, found.village[:5]) or not turn.sees(found.village):
        return [turn.reply("chat/not_yours")]
    choices = []
    if _checks(turn):
        choices = [
            Choice(f"project_report:{one.id}", f"{about.termin(one.parts).capitalize()}, {one.state.label}")
            for one in project_reports.of_project(turn.tx, found.id)[-PAGE:]
        ]
    choices.append(Choice("menu:proyek", "Semua proyek"))
    return [turn.reply(about.template(found), choices, **about.facts(turn, found, named=True))]


# -- the sheet -----------------------------------------------------------------------------------


def order_sheet(turn: Turn) -> list[Outgoing]:
    """*Lembar Excel*: made outside this turn."""
    year = turn.choice.partition(":")[2]
    return monthly.order(turn, "projects", {"year": int(year) if year.isdecimal() else turn.today.year})


def sheet_made(turn: Turn) -> list[Outgoing]:
    """The sheet is there."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    if not may_in(turn, REPORTERS, str(result["district"])):
        return []
    said = turn.reply("projects/sheet", year=result["year"], count=result["count"])
    return [replace(said, attachment=Attachment(result["kept"], result["name"]))]
