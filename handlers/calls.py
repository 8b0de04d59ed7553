"""Whom to call: villages that no reminder reached; and what stands in the way of paying, as a table."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain import mentioned, office_phrases, phones
from bot.domain.offices import CHECKERS, office_day
from bot.messages import Outgoing
from bot.store import employers, intentions, people, places, reminding
from bot.store.intentions import Intention
from bot.store.places import Village
from bot.store.reminding import Unreached
from bot.turns import Turn
from handlers.paging import Page, page

#: Villages shown at once.
PAGE = 8
#: What falls due so soon is called about too.
SOON = timedelta(days=7)
#: Villages named under one answer.
NAMED = 12

WHY = {
    "nobody": "belum ada yang tertaut",
    "blocked": "petugasnya tidak dapat dijangkau",
    "held": "di WhatsApp lebih dari 24 jam tidak menulis",
    "lost": "pesan tidak sampai",
}
#: The answers that are shown, what presses most first.
ANSWERS = {
    "funds": "Dana belum cair",
    "budget": "Belum dianggarkan",
    "data": "Data salah",
    "other": "Kendala lain",
    "no": "Belum, tanpa sebab",
    "week": "Sudah punya rencana",
    "monday": "Sudah punya rencana",
}


def show(turn: Turn) -> list[Outgoing]:
    """*/telepon [desa]*: each village once, with what is open and the contact that the office named."""
    where = mentioned.places_in(office_phrases.plain(turn.rest), turn.villages)
    one = where.one if where.agree else None
    return _of_one(turn, one) if one is not None else _of_all(turn)


def _of_one(turn: Turn, village: Village) -> list[Outgoing]:
    """Whether that village needs a call, and its number."""
    found = [one for one in _unreached(turn) if one.village == village.code]
    if found:
        return [_list(turn, [found], page("", "calls", [found], PAGE))]
    contact = employers.contact(turn.tx, village.code)
    return [
        turn.reply(
            "calls/reached",
            place=village.label,
            linked=bool(people.serving(turn.tx, village.code, office_day(turn.now))),
            village=village.name,
            name=contact.get("name", ""),
            phone=_phone(turn, contact),
        )
    ]


def _unreached(turn: Turn) -> list[Unreached]:
    return reminding.unreached(turn.tx, turn.district.code, turn.today, turn.today + SOON)


def _of_all(turn: Turn) -> list[Outgoing]:
    by_village: dict[str, list[Unreached]] = {}
    for one in _unreached(turn):
        by_village.setdefault(one.village, []).append(one)
    every = list(by_village.values())
    return [_list(turn, every, page(turn.choice, "calls", every, PAGE))]


def _list(turn: Turn, every: list[list[Unreached]], here: Page[list[Unreached]]) -> Outgoing:
    return turn.reply(
        "calls/list",
        here.onward,
        district=turn.district.name,
        total=len(every),
        first=here.start + 1,
        lines=[_line(turn, found) for found in here.shown],
    )


def _line(turn: Turn, found: list[Unreached]) -> dict[str, object]:
    first = found[0]
    months = [one.month.label_of(one.segment) for one in found]
    contact = employers.contact(turn.tx, first.village)
    return {
        "place": f"Desa {first.name}, Kec. {first.subdistrict}",
        "months": f"{months[0]} dan {len(months) - 1} bulan lain" if len(months) > 1 else months[0],
        "late": first.due < turn.today,
        "why": WHY[first.why],
        "name": contact.get("name", ""),
        "post": contact.get("post", ""),
        "phone": _phone(turn, contact),
    }


def _phone(turn: Turn, contact: Mapping[str, str]) -> str:
    """The number to be dialled; who only looks calls nobody."""
    calls = turn.who.office(*CHECKERS, district=turn.district.code) is not None
    return phones.dialled(contact.get("phone", "")) if calls else ""


def reasons(turn: Turn) -> list[Outgoing]:
    """*/kendala*: how many villages gave which answer about what is open, and which ones."""
    names = {village.code: village.name for village in places.villages(turn.tx, turn.district.code)}
    latest: dict[str, Intention] = {}
    for one in intentions.open_in(turn.tx, turn.district.code):
        latest.setdefault(one.village, one)  # the oldest month: that is paid first
    groups: dict[str, list[str]] = {}
    for one in latest.values():
        groups.setdefault(ANSWERS.get(one.answer, ANSWERS["other"]), []).append(names[one.village])
    lines = [
        {
            "answer": label,
            "count": len(found),
            "names": sorted(found)[:NAMED],
            "more": max(len(found) - NAMED, 0),
        }
        for label in dict.fromkeys(ANSWERS.values())
        if (found := groups.get(label))
    ]
    return [turn.reply("calls/reasons", district=turn.district.name, lines=lines, total=len(latest))]
