"""*daftar akses*: who can see what is kept of a village, or works at the district's office, and whether they still write."""

from collections.abc import Mapping, Sequence

from bot.domain import cleaning, dates, mentioned, placing
from bot.domain.offices import Role
from bot.domain.rulebook import District
from bot.messages import Outgoing
from bot.store import office, places
from bot.store.office import Access
from bot.store.places import Village
from bot.turns import Turn


def show(turn: Turn) -> list[Outgoing]:
    """Of the own village and of the own office; the office may name one of its villages."""
    named = mentioned.places_in(cleaning.words(turn.rest), turn.villages).one if turn.who.districts else None
    if named is not None:
        return [_of_village(turn, named)]
    mine = [_of_village(turn, turn.village)] if turn.who.village else []
    return mine + [_of_office(turn, turn.rules.district(code)) for code in turn.who.districts]


def _of_village(turn: Turn, village: Village) -> Outgoing:
    """With the kecamatan's officers, who see it too."""
    district = turn.rules.district(village.district)
    held = office.access(turn.tx, district.code, village.code, turn.now)
    above = office.access(turn.tx, district.code, "", turn.now)
    camat = any(one.role is Role.CAMAT and village.code.startswith(f"{one.subdistrict}.") for one in above)
    lines = _lines(turn, district, held)
    return turn.reply(
        "privacy/access",
        lines=lines,
        where=village.label,
        village=True,
        camat=camat,
        office=_agency(district),
    )


def _of_office(turn: Turn, district: District) -> Outgoing:
    lines = _lines(turn, district, office.access(turn.tx, district.code, "", turn.now))
    agency = _agency(district)
    return turn.reply("privacy/access", lines=lines, where=agency, village=False, camat=False, office=agency)


def _agency(district: District) -> str:
    return f"{district.office} {district.name}"


def _lines(turn: Turn, district: District, held: Sequence[Access]) -> list[Mapping[str, str]]:
    kecamatan = placing.names(places.villages(turn.tx, district.code))
    return [
        {
            "name": one.name,
            "post": f"{one.role.label} {kecamatan.get(one.subdistrict, '')}".strip(),
            "state": _state(one, district),
        }
        for one in held
    ]


def _state(one: Access, district: District) -> str:
    if one.frozen:
        return "akses dihentikan"
    if one.seen is None:
        return "tidak tertaut"
    return f"terakhir menulis {dates.short_date(one.seen.astimezone(district.zone).date())}"
