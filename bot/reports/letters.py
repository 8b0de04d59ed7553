"""Letters and lists on paper (PDF): what goes into each page of `templates/paper_pages`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import texts
from bot.domain import dates, money
from bot.domain.rulebook import District
from bot.domain.standings import FEWEST, Picture
from bot.reports import printing

#: Kecamatan named in a sentence; more are counted.
NAMED = 5
#: Rows of a table beside which a second one stands, so that the letter stays on one page.
_ONE_TABLE = 26


@dataclass(frozen=True, slots=True)
class Signed:
    """Who had a paper made, and when, in words."""

    maker: str
    day: str
    moment: str


def line(picture: Picture) -> str:
    """What is read out."""
    total = picture.total
    return f"{total.registered} terdaftar ({total.behind} menunggak) · {total.missing} belum"


def facts(picture: Picture) -> list[str]:
    """Three sentences, each a fact of the books at this moment."""
    total = picture.total
    late = [bill for one in picture.villages if one.registered for bill in one.arrears]
    known = [bill.left for bill in late if bill.left is not None]
    told = bool(known) and sum(bill.people for bill in late) >= FEWEST
    empty = [name for name, count in picture.by_subdistrict.items() if not count.registered]
    values = {
        "total": total.total,
        "registered": total.registered,
        "percent": round(100 * total.registered / total.total) if total.total else 0,
        "missing": total.missing,
        "behind": total.behind,
        "until": picture.until.label,
        "oldest": min((bill.month for bill in late), default=picture.until).label,
        "sum": money.rupiah(sum(known)) if told else "",
        "empty": empty[:NAMED],
        "empties": len(empty),
    }
    return texts.plain(texts.render("papers/letter_facts", values)).split("\n")


async def letter(picture: Picture, district: District, signed: Signed) -> bytes:
    """The one-page letter to the head of the district; its number and its signature are left to be filled in."""
    rows = [
        [name, str(c.total), str(c.registered), str(c.behind), str(c.missing)]
        for name, c in picture.by_subdistrict.items()
    ]
    total = picture.total
    office, _, where = district.office_name.partition(" Kabupaten ")
    half = -(-len(rows) // 2) if len(rows) > _ONE_TABLE else len(rows)
    data = {
        "office": office,
        "place": f"Kabupaten {where or district.name}",
        "district": district.name,
        "day": signed.day,
        "until": picture.until.label,
        "line": line(picture),
        "facts": facts(picture),
        "tables": [table for table in (rows[:half], rows[half:]) if table],
        "total": ["Jumlah", *map(str, (total.total, total.registered, total.behind, total.missing))],
        "maker": signed.maker,
        "moment": signed.moment,
    }
    return await printing.pdf("letter", data)


@dataclass(frozen=True, slots=True)
class Call:
    """A village to be called: why, and whom."""

    subdistrict: str
    village: str
    months: str
    why: str
    name: str
    post: str
    phone: str


async def calls(rows: Sequence[Call], district: District, signed: Signed) -> bytes:
    """The list to be ticked off beside the telephone, kecamatan by kecamatan."""
    names = dict.fromkeys(one.subdistrict for one in rows)
    groups: list[Mapping[str, Any]] = [
        {
            "name": name,
            "rows": [
                [one.village, f"{one.why}; {one.months}", one.name or "belum ada", one.post, one.phone]
                for one in rows
                if one.subdistrict == name
            ],
        }
        for name in names
    ]
    data = {
        "district": district.name,
        "count": len(rows),
        "groups": groups,
        "maker": signed.maker,
        "moment": signed.moment,
    }
    return await printing.pdf("calls", data)


def signed(district: District, at: Any, maker: str) -> Signed:
    """Who and when, as it stands on each paper; `at` in UTC."""
    local = at.astimezone(district.zone)
    day = dates.short_date(local.date())
    return Signed(maker, day, f"{day} {dates.clock_time(local, district.zone_label)}")
