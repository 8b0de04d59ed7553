"""What a list of the agency says that the books do not: counted in a message, named in a sheet."""

from dataclasses import replace
from datetime import date

from bot.domain import dates, money
from bot.domain.agency import Listed
from bot.domain.comparing import Compared, Pair
from bot.messages import Attachment, Choice, Outgoing
from bot.reports import sheets
from bot.reports.sheets import Cell, Column, Page
from bot.store import jobs
from bot.store.places import Village
from bot.turns import Turn
from handlers.exports import agreeing

#: Names told in the message; the sheet has all.
NAMED = 5
_WORDS = {
    "wage": "upah",
    "kpj": "nomor peserta",
    "nik": "NIK",
    "name": "nama",
    "born": "tanggal lahir",
    "left": "di BPJS aktif, di sini sudah berhenti",
    "gone": "di BPJS tidak aktif, di sini aktif",
}
_COLUMNS = (
    Column("Baris di lembar", 10),
    Column("Nama", 28),
    Column("NIK", 19),
    Column("Nomor peserta (KPJ)", 16),
    Column("Yang berbeda", 34),
    Column("Di lembar BPJS", 26),
    Column("Di Payung Desa", 26),
)


def shown(turn: Turn, village: Village, compared: Compared, meaning: str) -> list[Outgoing]:
    """All that would be saved and all that differs; the differences by name in a sheet."""
    found = sheet(compared)
    named = [_sent(turn, village, found)] if found.rows else []
    changes = agreeing.changes(turn, compared)
    choices = []
    if any(changes.values()):
        choices = [Choice(f"agency_save:{meaning}", "Simpan"), Choice("agency_save:", "Jangan simpan")]
    strangers = _strangers(compared)
    differing = {
        word: [pair.known.name for pair in compared.pairs if name in pair.differences]
        for name, word in _WORDS.items()
    }
    values = {
        "place": village.label,
        "total": len(compared.pairs) + len(compared.strangers),
        "known": len(compared.pairs),
        "strangers": [one.name for one in strangers[:NAMED]],
        "more_strangers": max(len(strangers) - NAMED, 0),
        "absent": [one.name for one in compared.absent[:NAMED]],
        "more_absent": max(len(compared.absent) - NAMED, 0),
        "differing": [
            (word, names[:NAMED], max(len(names) - NAMED, 0)) for word, names in differing.items() if names
        ],
        "office": turn.office is not None and not turn.office.village,
        "broken": sum(pair.listed.broken for pair in compared.pairs),
    }
    asked = turn.reply("exports/compared", choices, **changes, **values)
    return [asked, *named]


def _strangers(compared: Compared) -> list[Listed]:
    """Who is insured there and not known here; who has left there is nobody to look for."""
    return [one for one in compared.strangers if one.active is not False]


def sheet(compared: Compared) -> Page:
    """All that differs, by name."""
    return Page("Yang berbeda", _COLUMNS, _rows(compared))


def _rows(compared: Compared) -> list[list[Cell]]:
    rows = [row for pair in compared.pairs for row in _of_pair(pair)]
    rows += [
        [one.number, one.name, one.nik, one.kpj, "belum ada di sini", "ada", ""]
        for one in _strangers(compared)
    ]
    return rows + [
        [None, one.name, one.nik, one.kpj, "tidak ada di lembar BPJS", "", one.state.label]
        for one in compared.absent
    ]


def _of_pair(pair: Pair) -> list[list[Cell]]:
    one, other = pair.listed, pair.known
    values = {
        "wage": (money.rupiah(one.wage), money.rupiah(other.wage)),
        "kpj": (one.kpj, other.kpj),
        "nik": (one.nik, other.nik),
        "name": (one.name, other.name),
        "born": (_day(one.born), _day(other.born)),
        "left": ("aktif", "tidak aktif"),
        "gone": ("tidak aktif", "aktif"),
    }
    return [
        [one.number, other.name, other.nik, one.kpj or other.kpj, _WORDS[name], *values[name]]
        for name in pair.differences
    ]


def _day(day: date | None) -> str:
    return dates.plain_date(day) if day else ""


def _sent(turn: Turn, village: Village, page: Page) -> Outgoing:
    number = jobs.keep_file(turn.tx, sheets.write([page], turn.now), sheets.MIME, turn.now)
    name = f"Yang berbeda {village.name} {dates.plain_date(turn.today)}.xlsx"
    turn.note("export", f"village:{village.code}", what="differences")
    said = turn.reply("exports/differences", count=len(page.rows), place=village.label)
    return replace(said, attachment=Attachment(number, name))
