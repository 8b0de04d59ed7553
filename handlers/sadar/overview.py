"""*sadar* of the district's office: how many villages meet the criteria, and who is nearest to it."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import sadar
from bot.domain.offices import DISTRICT, Role
from bot.domain.placing import Subdistrict
from bot.domain.sadar import Standing
from bot.messages import Attachment, Choice, Outgoing
from bot.reports.sadar import standings
from bot.store.places import Village
from bot.turns import Turn, may_in, within
from handlers import naming
from handlers.office import monthly, rooms
from handlers.paging import page
from handlers.sadar import criteria

#: Villages named at once.
PAGE = 10


def show(turn: Turn, inside: Subdistrict | None) -> list[Outgoing]:
    """*sadar [kecamatan]*, from the beginning."""
    return [_shown(turn, inside, "")]


def turned(turn: Turn) -> list[Outgoing]:
    """*Berikutnya*, or back from elsewhere."""
    _, code, _ = turn.choice.split(":")
    inside = naming.by_code(turn, code)
    if code != "*" and inside is None:
        return [turn.reply("chat/not_yours")]
    return [_shown(turn, inside, turn.choice)]


def counted(turn: Turn, inside: Subdistrict | None) -> tuple[int, int] | None:
    """Villages that meet the criteria, and all of them; None where the district has not set any."""
    if not sadar.adopted(sadar.criteria(turn.rules, turn.district.code, turn.today)):
        return None
    found = _standings(turn, inside)
    return sum(one.met for _, one in found), len(found)


def _standings(turn: Turn, inside: Subdistrict | None) -> list[tuple[Village, Standing]]:
    """Those that the office may see, the nearest first."""
    found = standings(turn.tx, turn.rules, turn.district.code, turn.today)
    seen = [v for v in turn.villages if inside is None or v.code.startswith(f"{inside.code}.")]
    return sorted(
        ((one, found[one.code]) for one in seen),
        key=lambda pair: (pair[1].left, pair[0].subdistrict, pair[0].name),
    )


def _shown(turn: Turn, inside: Subdistrict | None, choice: str) -> Outgoing:
    found = _standings(turn, inside)
    missing = [(village, one) for village, one in found if one.begun and not one.met]
    meaning = f"sadar_more:{inside.code if inside else '*'}"
    here = page(choice, meaning, missing, PAGE)
    in_use = sadar.criteria(turn.rules, turn.district.code, turn.today)
    met = sum(one.met for _, one in found)
    return turn.reply(
        "sadar/district",
        _choices(turn, here.onward),
        area=naming.area(turn, inside),
        office=turn.district.office,
        **criteria.decided(turn),
        criteria=[criteria.words(one) for one in in_use],
        met=met,
        total=len(found),
        near=sum(one.left == 1 for _, one in missing),
        start=here.start,
        lines=[_line(village, one) for village, one in here.shown],
        others=len(found) - met - len(missing) if in_use else 0,
    )


def _line(village: Village, one: Standing) -> Mapping[str, object]:
    return {
        "place": village.label.removeprefix("Desa "),
        "left": one.left,
        "parts": [(part.code, part.left, len(part.late)) for part in one.parts if part.left],
    }


def _choices(turn: Turn, onward: tuple[Choice, ...]) -> list[Choice]:
    found = [*onward, Choice("sadar_list:", "Unduh daftar")]
    if rooms.holds(turn, (Role.ADMIN,)):
        found += [Choice("sadar_award:", "Piagam"), Choice("sadar_rules:", "Ubah kriteria")]
    return [replace(one, id=within(turn.district.code, one.id)) for one in found]


def order(turn: Turn) -> list[Outgoing]:
    """*Unduh daftar*: all villages they may see, in a workbook."""
    return monthly.order(turn, "sadar", {"limits": list(turn.limits)})


def made(turn: Turn) -> list[Outgoing]:
    """The workbook is there, for who may still see all of it."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    if not may_in(turn, DISTRICT, str(result["district"])) or not _still_theirs(turn, result):
        return [turn.reply("chat/not_yours")]
    said = turn.reply("sadar/list", count=result["count"], title=result["title"])
    return [replace(said, attachment=Attachment(result["kept"], result["name"]))]


def _still_theirs(turn: Turn, result: Mapping[str, object]) -> bool:
    asked = result["limits"]
    return not turn.limits or (isinstance(asked, list) and bool(asked) and set(asked) <= set(turn.limits))
