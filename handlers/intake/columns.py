"""How our own sheet of a village's staff looks: the one to fill in, and the one that comes back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot import texts
from bot.domain import dates, phones, staff_sheet
from bot.reports.sheets import Cell, Column, Page
from bot.turns import Turn
from handlers.questions import position_label, posts

POSITIONS = "Jabatan"
_WIDTHS = {
    staff_sheet.NAME: 28, staff_sheet.NIK: 20, staff_sheet.POSITION: 26, staff_sheet.WAGE: 14,
    staff_sheet.SINCE: 16, staff_sheet.PLACE: 18, staff_sheet.MOTHER: 24, staff_sheet.PHONE: 18,
    staff_sheet.BIRTH: 14,
}  # fmt: skip
#: Rows offered to be filled in, at least.
ROWS = 60


def columns(turn: Turn) -> Mapping[int, Column]:
    """Our columns by number; posts are chosen from a list on a page of its own."""
    listed = f"={POSITIONS}!$A$2:$A${len(posts(turn)) + 1}"
    return {
        column: Column(
            staff_sheet.TITLES[column][0],
            width,
            listed=listed if column == staff_sheet.POSITION else "",
        )
        for column, width in _WIDTHS.items()
    }


def page(turn: Turn, rows: Sequence[Sequence[Cell]]) -> Page:
    """The sheet with these rows, and room for more."""
    room = [[""]] * max(0, ROWS - len(rows))
    return Page("Pegawai", list(columns(turn).values()), [*rows, *room])


def row(turn: Turn, answers: Mapping[str, Any]) -> list[Cell]:
    """What is known of somebody, as it would be typed."""
    birth = answers.get("birth", {}).get("born", "")
    shown = {
        staff_sheet.NAME: answers.get("name", ""),
        staff_sheet.NIK: answers.get("nik", ""),
        staff_sheet.POSITION: position_label(turn.rules.positions, answers.get("position", "")),
        staff_sheet.WAGE: str(answers.get("wage", "")),
        staff_sheet.SINCE: _day(answers.get("since", "")),
        staff_sheet.PLACE: answers.get("place", ""),
        staff_sheet.MOTHER: answers.get("mother", ""),
        staff_sheet.PHONE: phones.dialled(answers.get("phone", "")),
        staff_sheet.BIRTH: _day(birth),
    }
    return [shown[column] for column in _WIDTHS]


def _day(value: str) -> str:
    return dates.plain_date(date.fromisoformat(value)) if value else ""


def beside(turn: Turn) -> list[Page]:
    """The pages that go with either: how to fill it in, with the village's code, and the posts."""
    values = {"place": turn.village.label, "code": turn.village.code}
    help_ = [texts.render(name, values) for name in ("intake/instructions", "intake/instructions_cells")]
    lines: list[list[Cell]] = [[line] for each in help_ for line in texts.plain(each).split("\n")]
    labels: list[list[Cell]] = [[position.label] for position in posts(turn)]
    return [
        Page("Petunjuk", [Column("Petunjuk", 100, wrapped=True)], lines),
        Page(POSITIONS, [Column("Jabatan", 34)], labels),
    ]
