"""Rows of a sheet that come back to be put right: the same columns, values as typed, why in the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import texts
from bot.domain.tables import Found, Problem
from bot.errors import Invalid
from bot.messages import Attachment, Outgoing
from bot.reports import sheets
from bot.reports.sheets import Cell, Column, Page
from bot.store import jobs
from bot.turns import Turn

ROW, REASON = "Baris", "Yang perlu diperbaiki"


def page(
    found: Found,
    problems: Sequence[Problem],
    columns: Mapping[int, Column],
    added: Sequence[int] = (),
    name: str = "Perlu diperbaiki",
) -> Page:
    """The rows with their numbers as in Excel; `added` are columns of ours that the sheet has not got.

    Our own columns keep our title and drop-downs, so that the sheet is known again when it is sent back.
    """
    column_at = {at: column for column, at in found.places.items()}
    width = max([len(found.titles), *(len(one.cells) for one in problems)])
    ours = {at for at, title in enumerate(found.titles) if title in (ROW, REASON)}
    shown = [at for at in range(width) if at not in ours]
    head = [Column(ROW, 7)]
    for at in shown:
        title = found.titles[at] if at < len(found.titles) else ""
        head.append(columns.get(column_at.get(at, -1)) or Column(title, 16))
    missing = [columns[each] for each in added if each not in found.places]
    head += [*missing, Column(REASON, 70, wrapped=True)]
    rows: list[list[Cell]] = [
        [
            one.number,
            *(one.cells[at] if at < len(one.cells) else "" for at in shown),
            *("" for _ in missing),
            reasons(one.reasons),
        ]
        for one in problems
    ]
    return Page(name, head, rows)


def reasons(why: Sequence[Invalid]) -> str:
    """What is wrong with a row, a line each."""
    return "\n".join(texts.plain(texts.render(one.template, {"attempt": 1, **one.values})) for one in why)


def with_file(turn: Turn, said: Outgoing, pages: Sequence[Page], name: str) -> Outgoing:
    """The message with an xlsx file beside it."""
    number = jobs.keep_file(turn.tx, sheets.write(pages, turn.now), sheets.MIME, turn.now)
    return replace(said, attachment=Attachment(number, name))
