"""*berkas*: files in and out; the sheet to fill in, and how people are sent in one go."""

import re
from collections import Counter

from bot.domain import cleaning, enrolling
from bot.domain.offices import VILLAGE
from bot.domain.people import State
from bot.messages import Choice, Outgoing
from bot.reports.sheets import Cell
from bot.store import members
from bot.turns import Turn, entitled
from handlers import registration, returned
from handlers.exports import lists
from handlers.intake import columns
from handlers.intake.columns import row
from handlers.questions import posts

_PEOPLE = "(?:orang|org|pegawai|perangkat|anggota|kader|peserta|rt|staf)"
_MANY = re.compile(
    rf"\b(?:[2-9]|[1-9][0-9]{{1,2}}) {_PEOPLE}\b|\b(?:banyak|beberapa|semua|seluruh) {_PEOPLE}\b|\bsekaligus\b|\b(?:satu |se)(?:kantor|desa)\b"
)
TEMPLATE = Choice("intake_template:", "Template pegawai")
CHOICES = (
    TEMPLATE,
    *(Choice(f"export:{what}", label) for what, label in lists.CHOICES.items()),
    Choice("intake_how:", "Cara kirim data"),
)


def show(turn: Turn) -> list[Outgoing]:
    """What can be had and sent; the office's own files have words of their own."""
    if entitled(turn, VILLAGE) is None:
        return [turn.reply("intake/for_the_office")]
    return [turn.reply("intake/menu", CHOICES, place=turn.village.label)]


def is_many(turn: Turn) -> bool:
    """*daftar 12 orang*: several at once, and no list of them."""
    plain = " ".join(cleaning.words(turn.incoming.text))
    meant = turn.word == "daftar" or (turn.word == "" and enrolling.registers(plain))
    return meant and not turn.choice and turn.draft is None and bool(_MANY.search(plain))


def how(turn: Turn) -> list[Outgoing]:
    """The three ways."""
    return [turn.reply("intake/how", (TEMPLATE,))]


def template(turn: Turn) -> list[Outgoing]:
    """The sheet with the posts nobody is registered for yet, each of those a village usually has."""
    rows = _open_posts(turn)
    pages = [columns.page(turn, rows), *columns.beside(turn)]
    said = turn.reply("intake/template", place=turn.village.label, posts=len(rows))
    name = f"Pegawai {turn.village.name}.xlsx"
    return [*registration.notice(turn), returned.with_file(turn, said, pages, name)]


def _open_posts(turn: Turn) -> list[list[Cell]]:
    there = members.of_village(turn.tx, turn.who.village)
    held = Counter(one.position for one in there if one.state is not State.ENDED)
    return [
        row(turn, {"position": position.code})
        for position in posts(turn)
        for _ in range(position.usual - held[position.code])
    ]
