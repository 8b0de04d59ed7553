"""Whom to call: villages that no reminder reached; and what stands in the way of paying, as a table."""

from datetime import timedelta

from bot.domain import phones
from bot.domain.offices import CHECKERS
from bot.messages import Outgoing
from bot.store import employers, intentions, places, reminding
from bot.store.intentions import Intention
from bot.store.reminding import Unreached
from bot.turns import Turn
from handlers.paging import page

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
    """*/telepon*: each village once, with what is open and the contact that the office named."""
    by_village: dict[str, list[Unreached]] = {}
    by = turn.today + SOON
    for one in reminding.unreached(turn.tx, turn.district.code, turn.today, by):
        by_village.setdefault(one.village, []).append(one)
    here = page(turn.choice, "calls", list(by_village.values()), PAGE)
    return [
        turn.reply(
            "calls/list",
            here.onward,
            district=turn.district.name,
            total=len(by_village),
            first=here.start + 1,
            lines=[_line(turn, found) for found in here.shown],
        )
    ]


def _line(turn: Turn, found: list[Unreached]) -> dict[str, object]:
    first = found[0]
    months = [one.month.label_of(one.segment) for one in found]
    contact = employers.contact(turn.tx, first.village)
    calls = turn.who.office(*CHECKERS, district=turn.district.code) is not None  # who only looks, does not
    return {
        "place": f"Desa {first.name}, Kec. {first.subdistrict}",
        "months": f"{months[0]} dan {len(months) - 1} bulan lain" if len(months) > 1 else months[0],
        "late": first.due < turn.today,
        "why": WHY[first.why],
        "name": contact.get("name", ""),
        "post": contact.get("post", ""),
        "phone": phones.dialled(contact.get("phone", "")) if calls else "",
    }


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
