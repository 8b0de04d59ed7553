"""A budget year's projects, loaded by the district's administrator: the sheet out, and what comes back in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain import dates, funding, money, project_sheet
from bot.domain.offices import Role
from bot.domain.opening import Place
from bot.domain.project_sheet import OWN, Entry, Reader
from bot.domain.projects import State
from bot.domain.tables import Found, Problem, Sheet
from bot.messages import Choice, Outgoing
from bot.reports.sheets import Cell, Column, Page
from bot.store import jobs, places
from bot.store import projects as kept
from bot.store.projects import COMPANY, Project
from bot.turns import Turn, within
from handlers import returned, uploads
from handlers.projects import about

#: Projects, and villages whose names were guessed, that the review names.
NAMED, GUESSES = 6, 5
_PENDING = "application/json"
_KIND = "projects"  # of what waits: other sheets wait as well
_WIDTHS = (15, 18, 22, 8, 34, 24, 18, 18, 14, 14, 22)
COLUMNS = tuple(
    Column(
        titles[0],
        _WIDTHS[at],
        tuple(funding.NAMES.values()) if at == project_sheet.FUNDING else (),
        wrapped=at in (project_sheet.NAME, project_sheet.PLACE),
    )
    for at, titles in project_sheet.TITLES.items()
)


def template(turn: Turn) -> list[Outgoing]:
    """*Muat daftar*: a row for each project that is known, and one for each village that has none."""
    said = turn.choice.partition(":")[2]
    year = int(said) if said.isdecimal() else turn.today.year
    known: dict[str, list[Project]] = {}
    for one in kept.of_district(turn.tx, turn.district.code, year):
        known.setdefault(one.village, []).append(one)
    rows: list[list[Cell]] = []
    for village in places.villages(turn.tx, turn.district.code):
        head: list[Cell] = [village.code, village.subdistrict, village.name, str(year)]
        rows += [[*head, *_cells(one)] for one in known.get(village.code, [])] or [head]
    count = sum(len(found) for found in known.values())
    name = f"Daftar proyek {turn.district.name} {year}.xlsx"
    out = turn.reply("projects/form", district=turn.district.name, year=year, count=count)
    return [returned.with_file(turn, out, [Page("Proyek", COLUMNS, rows)], name)]


def _cells(one: Project) -> list[Cell]:
    exact = one.ends is not None
    starts = dates.short_date(one.starts) if one.starts and exact else _month(one)
    return [
        one.name,
        one.place,
        str(one.value) if one.value else "",
        funding.NAMES.get(one.funding, ""),
        starts,
        dates.short_date(one.ends) if one.ends else "",
        about.builder(one),
    ]


def _month(one: Project) -> str:
    return dates.short_date(one.starts).partition(" ")[2] if one.starts else ""


def read(turn: Turn, found: Found) -> list[Outgoing]:
    """The sheet was read: what it says, what is wrong with it; nothing is saved yet."""
    villages = places.villages(turn.tx, turn.district.code)
    there = [Place(one.code, one.subdistrict, one.name) for one in villages]
    sheet = Reader(turn.district.code, there, turn.today, turn.rules).read(found)
    turn.note("project_file", turn.district.code, file=turn.incoming.result.get("kept"), rows=len(found.rows))
    return _review(turn, found, sheet)


SHEET = uploads.Kind((Role.ADMIN,), project_sheet.HEADER.locate, read, "opening/no_header")


@dataclass(frozen=True, slots=True)
class Compared:
    """What the entries are to the books."""

    new: Sequence[Project] = ()
    changed: Sequence[Project] = ()
    same: int = 0
    theirs: int = 0  # complete already: what a village said of them stands

    @property
    def to_save(self) -> list[Project]:
        """What is written."""
        return [*self.new, *self.changed]


def _review(turn: Turn, found: Found, sheet: Sheet[Entry]) -> list[Outgoing]:
    if not sheet.entries and not sheet.problems:
        return [turn.reply("projects/load_blank")]
    said = [_back(turn, found, sheet.problems)] if sheet.problems else []
    compared = _compare(turn, sheet.entries)
    values: dict[str, Any] = {
        "new": len(compared.new),
        "changed": len(compared.changed),
        "same": compared.same,
        "theirs": compared.theirs,
        "problems": len(sheet.problems),
    }
    if not compared.to_save:
        return [*said, turn.reply("projects/load_same", **values)]
    pending = {
        "kind": _KIND,
        "district": turn.district.code,
        "entries": [_told(one) for one in sheet.entries],
    }
    mark = turn.district.code
    number = jobs.keep_file(turn.tx, json.dumps(pending).encode(), _PENDING, turn.now)
    choices = (
        Choice(within(mark, f"project_load:{number}"), f"Simpan {len(compared.to_save)} proyek"),
        Choice(within(mark, "project_load:0"), "Jangan simpan"),
    )
    return [*said, turn.reply("projects/load_review", choices, **_named(turn, sheet, compared), **values)]


def _named(turn: Turn, sheet: Sheet[Entry], compared: Compared) -> dict[str, Any]:
    """What would be saved, by name; and the villages whose names were only near."""
    labels = {one.code: one.label for one in places.villages(turn.tx, turn.district.code)}
    names = {one.code: one.name for one in places.villages(turn.tx, turn.district.code)}
    guessed = dict.fromkeys((one.guessed, labels[one.code]) for one in sheet.entries if one.guessed)
    return {
        "villages": len({one.village for one in compared.to_save}),
        "lines": [
            (names[one.village], one.name, money.rupiah(one.value)) for one in compared.to_save[:NAMED]
        ],
        "more": max(len(compared.to_save) - NAMED, 0),
        "guessed": list(guessed)[:GUESSES],
        "others": max(len(guessed) - GUESSES, 0),
    }


def _back(turn: Turn, found: Found, problems: Sequence[Problem]) -> Outgoing:
    page = returned.page(found, problems, dict(enumerate(COLUMNS)))
    name = f"Daftar proyek {turn.district.name} - perlu diperbaiki.xlsx"
    return returned.with_file(turn, turn.reply("opening/returned", count=len(problems)), [page], name)


def _compare(turn: Turn, entries: Sequence[Entry]) -> Compared:
    new, changed, same, theirs = [], [], 0, 0
    for entry in entries:
        before = kept.named(turn.tx, entry.code, entry.year, entry.name)
        after = _project(turn, entry, before)
        if before is None:
            new.append(after)
        elif before.state is not State.PLANNED:
            theirs += 1
        elif after == before:
            same += 1
        else:
            changed.append(after)
    return Compared(new, changed, same, theirs)


def _project(turn: Turn, entry: Entry, before: Project | None) -> Project:
    """The project a row makes; what it leaves empty stays as it is known."""
    old = before or Project(entry.code, entry.year, entry.name, 0, "")
    own = entry.builder == OWN
    builder, company = (kept.OWN, "") if own else (COMPANY, entry.builder) if entry.builder else ("", "")
    after = replace(
        old,
        value=entry.value,
        funding=entry.funding or old.funding,
        place=entry.place or old.place,
        builder=builder or old.builder,
        company=company if builder else old.company,
        starts=entry.starts or old.starts,
        ends=entry.ends or old.ends,
    )
    if not entry.complete:
        return after
    return about.reckoned(turn.rules, replace(after, state=State.OPEN))[0]


def decide(turn: Turn) -> list[Outgoing]:
    """*Simpan* or *Jangan simpan* under the review."""
    number = int(turn.choice.partition(":")[2])
    if not number:
        return [turn.reply("opening/dropped")]
    entries = _pending(turn, number)
    if entries is None:
        return [turn.reply("opening/too_late")]
    compared = _compare(turn, entries)
    if not compared.to_save:  # the same file was sent twice, and both were approved
        counts = {"same": compared.same, "theirs": compared.theirs}
        return [turn.reply("projects/load_same", (), problems=0, **counts)]
    saved = sum(_save(turn, one) for one in compared.to_save)
    turn.note("load_projects", turn.district.code, count=saved)
    at = dates.clock_time(turn.now.astimezone(turn.district.zone), turn.district.zone_label)
    return [turn.reply("projects/loaded", (Choice("menu:proyek", "Proyek"),), count=saved, at=at)]


def _save(turn: Turn, one: Project) -> bool:
    if not one.id:
        return kept.add(turn.tx, one, turn.who.person, turn.now) is not None
    if not kept.change(turn.tx, one, State.PLANNED):
        return False
    kept.respread(turn.tx, one.id, one.parts)
    return True


def _pending(turn: Turn, number: int) -> list[Entry] | None:
    """What waits under that number, None if it was forgotten or is of another district."""
    found = jobs.kept_file(turn.tx, number)
    if found is None or found[1] != _PENDING:
        return None
    pending = json.loads(found[0])
    if pending.get("kind") != _KIND or pending["district"] != turn.district.code:
        return None
    return [_untold(each) for each in pending["entries"]]


def _told(entry: Entry) -> dict[str, Any]:
    """An entry in JSON's terms: how it waits for its approval."""
    days = {
        name: day.isoformat() if day else "" for name, day in (("starts", entry.starts), ("ends", entry.ends))
    }
    return {
        "code": entry.code,
        "year": entry.year,
        "name": entry.name,
        "value": entry.value,
        "place": entry.place,
        "funding": entry.funding,
        "builder": entry.builder,
        **days,
    }


def _untold(told: Mapping[str, Any]) -> Entry:
    """The entry that `_told` wrote."""
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("starts", "ends")}
    return Entry(**{**told, **days})
