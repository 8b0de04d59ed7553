"""*anggaran*: what a year of contributions costs a village, or all villages of a district, and what may pay for it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import budgets
from bot.domain import money
from bot.domain.costing import Budget, Line
from bot.domain.offices import VILLAGE, Role
from bot.messages import Attachment, Choice, Outgoing
from bot.reports import costs
from bot.store import incidents, places
from bot.turns import Turn, may_in
from handlers.month import serves
from handlers.office import monthly

#: Budget years that can be asked for, counted from the running one.
AHEAD = 2
_YEAR = re.compile(r"\b(20[0-9]{2})\b")


def show(turn: Turn) -> list[Outgoing]:
    """*anggaran [tahun]*: of a village on a card; of a district as a sheet, made aside."""
    year = _year(turn)
    if year is None:
        first = turn.today.year
        return [turn.reply("budget/year", first=first, last=first + AHEAD)]
    if turn.office is not None and not turn.office.village:
        return monthly.order(turn, "budgets", {"year": year})
    return [_card(turn, turn.village, year)]


def _year(turn: Turn) -> int | None:
    """The year that was named, else the next one; None where none can be budgeted."""
    named = _YEAR.search(turn.rest)
    year = int(named[1]) if named else turn.today.year + 1
    return year if 0 <= year - turn.today.year <= AHEAD else None


def _card(turn: Turn, village: places.Village, year: int) -> Outgoing:
    found = budgets.of_village(turn.tx, turn.rules, village, (year, turn.today))
    built = budgets.building(turn.tx, turn.rules, village.code, (year, turn.today))
    building = {"projects": built.count, "built": money.rupiah(built.total)}
    if not found.lines:
        choices = (Choice("menu:daftar", "Daftarkan orang"),)
        return turn.reply("budget/nobody", choices, place=village.label, year=year, **building)
    choices = (Choice(f"budget:{village.code}:{year}", "Lembar RKPDes"),)
    return turn.reply("budget/village", choices, **_values(turn, found, village.label), **building)


def _values(turn: Turn, found: Budget, place: str) -> Mapping[str, Any]:
    sources = {costs.allowed(line.sources) for line in found.lines}
    return {
        "place": place,
        "year": found.year,
        "span": found.span,
        "left_out": list(found.left_out.items()),
        "people": found.people,
        "total": money.rupiah(found.cost.employer),
        "kept": money.rupiah(found.cost.worker) if found.cost.worker else "",
        "lines": [_line(turn, line, one_source=len(sources) == 1) for line in found.lines],
        "sources": sources.pop() if len(sources) == 1 else "",
        "forbidden": list(found.forbidden.items()),
        "deceased": incidents.deceased(turn.tx, turn.who.village),
        "unclear": found.unclear,
        "empty": len(found.vacancies),
        "vacant": money.rupiah(found.vacant.employer),
        "certain": found.certain,
    }


def _line(turn: Turn, line: Line, *, one_source: bool) -> Mapping[str, str]:
    return {
        "label": line.label,
        "code": line.account.code if line.account else "",
        "people": str(line.people),
        "programmes": costs.programmes(turn.rules, line),
        "amount": money.rupiah(line.cost.employer),
        "sources": "" if one_source else costs.allowed(line.sources),
    }


def order(turn: Turn) -> list[Outgoing]:
    """*Lembar RKPDes*, pressed: made aside."""
    _, code, year = turn.choice.split(":")
    if not serves(turn, code) or not year.isdecimal():
        return [turn.reply("chat/not_yours")]
    turn.note("budget", f"village:{code}", year=int(year))
    return monthly.order(turn, "budget", {"village": code, "year": int(year)})


def made(turn: Turn) -> list[Outgoing]:
    """The sheet and the workbook are there; for whoever still serves the village."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    if result["village"] not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    said = turn.reply(
        "budget/sheet", place=result["place"], year=result["year"], span=result["span"], total=result["total"]
    )
    first = replace(said, attachment=Attachment(result["kept"], result["name"]))
    return [first, *monthly.beside(turn, "budget/table")]


def all_made(turn: Turn) -> list[Outgoing]:
    """The workbook of a district is there."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    if not may_in(turn, (Role.ADMIN,), str(result["district"])):
        return [turn.reply("chat/not_yours")]
    names = (
        "title",
        "year",
        "span",
        "villages",
        "of",
        "people",
        "total",
        "kept_back",
        "certain",
        "projects",
        "built",
    )
    said = turn.reply("budget/district", **{name: result[name] for name in names})
    return [replace(said, attachment=Attachment(result["kept"], result["name"]))]


NEEDS = (*VILLAGE, Role.ADMIN)
