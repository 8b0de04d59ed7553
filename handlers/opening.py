"""The opening load: a sheet of all villages for the district's administrator, and what comes back in it."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot import texts
from bot.domain import dates, opening
from bot.domain.month_lists import listed
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.opening import Entry, Place, Reader
from bot.domain.tables import Found, Problem, Sheet
from bot.messages import Choice, Outgoing
from bot.reports.sheets import Cell, Column, Page
from bot.store import jobs, members, places
from bot.turns import Turn
from handlers import returned, uploads
from handlers.opening_books import Plan, known, plan, told, untold, write

_PENDING = "application/json"
_WIDTHS = (15, 18, 22, 11, 16, 14, 34, 17, 13, 24, 20, 18)
_CHOICES = {opening.REGISTERED: ("ya", "tidak"), opening.PAYER: ("desa", "kabupaten")}

COLUMNS = tuple(
    Column(titles[0], _WIDTHS[at], _CHOICES.get(at, ()), wrapped=at == opening.UNPAID)
    for at, titles in opening.TITLES.items()
)


def template(turn: Turn) -> list[Outgoing]:
    """*muatan awal*: the sheet to fill in, with what is known."""
    district = turn.district
    there = known(turn.tx, turn.rules, district.code, turn.now)
    villages = places.villages(turn.tx, district.code)
    rows = [[v.code, v.subdistrict, v.name, *_cells(there.get(v.code))] for v in villages]
    pages = [Page("Data awal", COLUMNS, rows), _instructions(district.name)]
    name = f"Data awal {district.name}.xlsx"
    said = turn.reply("opening/template", district=district.name, count=len(villages), filled=len(there))
    return [returned.with_file(turn, said, pages, name)]


def _instructions(district: str) -> Page:
    values = {"district": district}
    help_ = [texts.render(name, values) for name in ("opening/instructions", "opening/instructions_months")]
    lines = [[line] for each in help_ for line in texts.plain(each).split("\n")]
    return Page("Petunjuk", [Column("Petunjuk", 100, wrapped=True)], lines)


def _cells(entry: Entry | None) -> list[Cell]:
    if entry is None:
        return []
    payer = {True: "kabupaten", False: "desa", None: ""}[entry.treasury]
    contact = entry.contact
    return [
        "ya" if entry.registered else "tidak",
        entry.since,
        entry.npp,
        listed(entry.unpaid or ()),
        entry.amount,
        payer,
        contact.get("name", ""),
        contact.get("post", ""),
        contact.get("phone", ""),
    ]


def read(turn: Turn, found: Found) -> list[Outgoing]:
    """The sheet was read: what it says, what is wrong with it; nothing is saved yet."""
    result = turn.incoming.result
    sheet = _reader(turn).read(found)
    turn.note("opening_file", turn.district.code, file=result.get("kept"), rows=len(found.rows))
    hidden = next((each["hidden"] for each in result["sheets"] if each["name"] == found.sheet), 0)
    return _review(turn, found, sheet, hidden)


SHEET = uploads.Kind((Role.ADMIN,), opening.HEADER.locate, read, "opening/no_header")


def _reader(turn: Turn) -> Reader:
    district = turn.district.code
    insured = members.insured_of(turn.tx, district, Month.of(turn.today))
    villages = places.villages(turn.tx, district)
    there = [Place(v.code, v.subdistrict, v.name, v.code in insured) for v in villages]
    return Reader(district, there, turn.today)


def _review(turn: Turn, found: Found, sheet: Sheet[Entry], hidden: int) -> list[Outgoing]:
    if not sheet.entries and not sheet.problems:
        return [turn.reply("opening/all_blank")]
    elsewhere = [p for p in sheet.problems if any(r.template == "opening/row_elsewhere" for r in p.reasons)]
    if len(elsewhere) > 1 and not sheet.entries and len(elsewhere) == len(sheet.problems):
        return [turn.reply("opening/elsewhere", district=turn.district.name)]
    said = [_returned(turn, found, sheet.problems)] if sheet.problems else []
    plans = [plan(turn.tx, turn.rules, entry, turn.now) for entry in sheet.entries]
    to_save = [each for each in plans if each.changes]
    if not to_save:
        same = turn.reply("opening/same", count=len(plans), problems=len(sheet.problems))
        return [*said, same]
    number = _wait(turn, [each.entry for each in to_save])
    choices = (
        Choice(f"opening:{number}", f"Simpan {len(to_save)} desa"),
        Choice("opening:0", "Jangan simpan"),
    )
    values = _counts(plans, sheet)
    return [*said, turn.reply("opening/review", choices, **values, hidden=hidden, save=len(to_save))]


def _counts(plans: Sequence[Plan], sheet: Sheet[Entry]) -> dict[str, int]:
    entries = sheet.entries
    registered = sum(entry.registered for entry in entries)
    return {
        "total": len(entries) + len(sheet.problems) + sheet.blank,
        "registered": registered,
        "behind": sum(bool(entry.unpaid) for entry in entries),
        "missing": len(entries) - registered,
        "blank": sheet.blank,
        "problems": len(sheet.problems),
        "changed": sum(each.known and each.changes for each in plans),
        "same": sum(not each.changes for each in plans),
        "unused": sum(bool(entry.amount) and len(entry.unpaid or ()) != 1 for entry in entries),
        "without_npp": sum(each.without_npp for each in plans),
    }


def _wait(turn: Turn, entries: Sequence[Entry]) -> int:
    """Keep what was read, sealed, until it is approved; returns its number."""
    pending = {"district": turn.district.code, "entries": [told(entry) for entry in entries]}
    return jobs.keep_file(turn.tx, json.dumps(pending).encode(), _PENDING, turn.now)


def _returned(turn: Turn, found: Found, problems: Sequence[Problem]) -> Outgoing:
    """The rows to be put right, as typed, each with its number and what is wrong."""
    page = returned.page(found, problems, dict(enumerate(COLUMNS)))
    name = f"Data awal {turn.district.name} - perlu diperbaiki.xlsx"
    said = turn.reply("opening/returned", count=len(problems))
    return returned.with_file(turn, said, [page], name)


def decide(turn: Turn) -> list[Outgoing]:
    """*Simpan* or *Jangan simpan* under the review."""
    number = int(turn.choice.partition(":")[2])
    if not number:
        return [turn.reply("opening/dropped")]
    pending = _pending(turn, number)
    if pending is None:
        return [turn.reply("opening/too_late")]
    plans = [plan(turn.tx, turn.rules, entry, turn.now) for entry in pending]
    plans = [each for each in plans if each.changes]
    if not plans:  # the same file was sent twice, and both were approved
        return [turn.reply("opening/same", count=len(pending), problems=0)]
    for each in plans:
        write(turn, each)
    choices = (Choice("menu:rekap", "Rekap"),)
    return [turn.reply("opening/saved", choices, count=len(plans), at=_at(turn, turn.now))]


def _pending(turn: Turn, number: int) -> list[Entry] | None:
    """What waits under that number, None if it was forgotten or is of another district."""
    kept = jobs.kept_file(turn.tx, number)
    if kept is None or kept[1] != _PENDING:
        return None
    pending = json.loads(kept[0])
    if pending["district"] != turn.district.code:
        return None
    return [untold(each) for each in pending["entries"]]


def _at(turn: Turn, at: datetime) -> str:
    return dates.clock_time(at.astimezone(turn.district.zone), turn.district.zone_label)
