"""*daftar akses*: who can see what is kept of a village, or of a whole district, and whether they still use it."""

from collections.abc import Mapping

from bot.domain import dates
from bot.messages import Outgoing
from bot.store import office
from bot.store.office import Access
from bot.turns import Turn


def show(turn: Turn) -> list[Outgoing]:
    """Of the own village, or of the own office: names, offices, when they last wrote."""
    assert turn.office is not None
    village = turn.office.village
    held = office.access(turn.tx, turn.district.code, village, turn.now)
    agency = f"{turn.district.office} {turn.district.name}"
    where = turn.village.label if village else agency
    lines = [_line(turn, one) for one in held]
    return [turn.reply("privacy/access", lines=lines, where=where, village=bool(village), office=agency)]


def _line(turn: Turn, one: Access) -> Mapping[str, str]:
    kecamatan = next((v.subdistrict for v in turn.villages if v.code.startswith(f"{one.subdistrict}.")), "")
    return {"name": one.name, "post": f"{one.role.label} {kecamatan}".strip(), "state": _state(turn, one)}


def _state(turn: Turn, one: Access) -> str:
    if one.frozen:
        return "akses dihentikan"
    if one.seen is None:
        return "belum tertaut"
    return f"terakhir menulis {dates.short_date(one.seen.astimezone(turn.district.zone).date())}"
