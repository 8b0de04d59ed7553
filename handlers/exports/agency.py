"""A list of BPJS Ketenagakerjaan that somebody sent: whose village it is about, and what it says of its people.

Nothing is saved before *Simpan*.  What was read waits as a sealed file; the answers on the way stand in
the buttons, so that every step compares with what the books say by then.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot import filling
from bot.domain import agency, comparing, dates, nik, placing
from bot.domain.agency import Found, Listed
from bot.domain.comparing import Compared, Known, Pair
from bot.domain.months import Month
from bot.domain.offices import CHECKERS, VILLAGE
from bot.domain.people import Leaving, State
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import employers, jobs, members, posts
from bot.store.members import Member
from bot.store.places import Village
from bot.turns import Turn
from handlers import status, uploads
from handlers.exports import agreeing, differences
from handlers.exports.lists import village_for
from handlers.paging import page

_PENDING = "application/json"
_REST = "rest"
_OFFICE = re.compile(r"\b(?:pemerintah(?:an)?|pemdes|kantor)\b", re.IGNORECASE)
_VILLAGE = re.compile(r"\b(?:desa|pemdes|pemerintah(?:an)?)\b", re.IGNORECASE)
#: Villages offered at once.
PAGE = 8


@dataclass(frozen=True, slots=True)
class Pending:
    """A list that waits: its rows by village, and those of which nobody knows the village."""

    number: int
    villages: Mapping[str, Sequence[Listed]]
    rest: Sequence[Listed]
    month: Month | None
    day: date


def read(turn: Turn, found: Found) -> list[Outgoing]:
    """The list was read: of whom is it?"""
    rows = agency.read(found, turn.today)
    turn.note("compare_file", turn.place or turn.district.code, rows=len(rows))
    if not rows:
        return [turn.reply("exports/list_empty")]
    villages: Mapping[str, Sequence[Listed]]
    rest: Sequence[Listed] = []
    if turn.office is not None and turn.office.village:
        mine = _own(turn, rows)
        if not mine:
            return [turn.reply("exports/list_elsewhere", place=turn.village.label)]
        villages = {turn.who.village: mine}
    else:
        villages, rest = _by_village(turn, rows)
    number = _keep(turn, villages, rest, agency.period(found))
    if not villages:
        return filling.open_form(turn, FORM, {"list": number})
    return _villages(turn, number) if len(villages) > 1 else look(turn, number, next(iter(villages)), {})


SHEET = uploads.Kind((*VILLAGE, *CHECKERS), agency.locate, read, "exports/no_list")


def _own(turn: Turn, rows: Sequence[Listed]) -> list[Listed]:
    """Without those that the list calls another employer's."""
    employer = employers.get(turn.tx, turn.who.village)
    npp = employer.npp if employer else ""
    return [row for row in rows if not (npp and row.npp and row.npp != npp)]


def _by_village(turn: Turn, rows: Sequence[Listed]) -> tuple[dict[str, list[Listed]], list[Listed]]:
    """The village of each row: by the employer's number, its name, or who is registered where."""
    tx, district = turn.tx, turn.district.code
    by_npp = {one.npp: code for code, one in employers.of_district(tx, district).items() if one.npp}
    here = turn.villages
    by_name = {name: _named(name, here) for name in {row.employer for row in rows}}
    by_nik = members.villages_of(tx, district, {row.nik for row in rows if row.nik})
    found: dict[str, list[Listed]] = {}
    rest = []
    for row in rows:
        code = by_npp.get(row.npp) or by_name[row.employer] or (_of_a_village(row) and by_nik.get(row.nik))
        if code:
            found.setdefault(code, []).append(row)
        else:
            rest.append(row)
    if len(found) == 1 and not any(row.npp or row.employer for row in rest):
        next(iter(found.values())).extend(rest)  # nothing speaks for another employer
        rest = []
    return found, rest


def _named(employer: str, here: Sequence[Village]) -> str:
    bare = _OFFICE.sub(" ", employer).strip()
    found = placing.named(bare, here) if bare else None  # a company may be called nearly so
    return found.code if found else ""


def _of_a_village(row: Listed) -> bool:
    """Whether the employer may be a village: somebody may work for a company too, and be listed there."""
    return not row.employer or bool(_VILLAGE.search(row.employer))


def _keep(
    turn: Turn, villages: Mapping[str, Sequence[Listed]], rest: Sequence[Listed], month: Month | None
) -> int:
    told = {
        "district": turn.district.code,
        "villages": {code: [_told(row) for row in rows] for code, rows in villages.items()},
        "rest": [_told(row) for row in rest],
        "month": str(month) if month else "",
        "day": turn.today.isoformat(),
    }
    return jobs.keep_file(turn.tx, json.dumps(told).encode(), _PENDING, turn.now)


def _told(row: Listed) -> dict[str, Any]:
    return {**asdict(row), "born": row.born.isoformat() if row.born else None}


def pending(turn: Turn, number: int) -> Pending | None:
    """What waits under that number; None if it was forgotten, or is no such list of this district."""
    kept = jobs.kept_file(turn.tx, number)
    told = json.loads(kept[0]) if kept is not None and kept[1] == _PENDING else {}
    if "rest" not in told or told["district"] != turn.district.code:
        return None
    villages = {code: [_row(row) for row in rows] for code, rows in told["villages"].items()}
    month = Month.parse(told["month"]) if told["month"] else None
    rest = [_row(row) for row in told["rest"]]
    return Pending(number, villages, rest, month, date.fromisoformat(told["day"]))


def _row(told: Mapping[str, Any]) -> Listed:
    return Listed(**{**told, "born": date.fromisoformat(told["born"]) if told["born"] else None})


# -- which village -----------------------------------------------------------------------------


def _villages(turn: Turn, number: int) -> list[Outgoing]:
    """The villages of a list of many; each is looked at and saved by itself."""
    found = pending(turn, number)
    if found is None:
        return [turn.reply("exports/list_too_late")]
    here = page(turn.choice, f"agency:{number}:", sorted(found.villages), PAGE)
    names = {one.code: one for one in turn.villages}
    choices = [
        Choice(f"agency:{number}:{code}", f"{names[code].name}: {len(found.villages[code])}")
        for code in here.shown
        if code in names
    ]
    if found.rest:
        choices.append(Choice(f"agency:{number}:{_REST}", f"Belum diketahui: {len(found.rest)}"))
    rows = sum(len(rows) for rows in found.villages.values())
    values = {"villages": len(found.villages), "people": rows + len(found.rest), "rest": len(found.rest)}
    return [turn.reply("exports/list_villages", [*choices, *here.onward], **values)]


def pressed(turn: Turn) -> list[Outgoing]:
    """A village of a list, or an answer about one of its people."""
    _, number, code, said = (*turn.choice.split(":"), "", "", "")[:4]
    if not number.isdecimal():
        return [turn.reply("exports/list_too_late")]
    if code == _REST:
        return filling.open_form(turn, FORM, {"list": int(number)})
    return look(turn, int(number), code, answered(said)) if code else _villages(turn, int(number))


def _parse_village(text: str, view: View) -> str:
    found = placing.village(text, view.extra["villages"])
    if found.sure is None:
        likely = [f"{one.name}, {one.subdistrict}" for one in found.likely]
        raise Invalid("exports/list_which_again", likely=likely)
    return str(found.sure.code)


def _show_village(value: str, view: View) -> str:
    labels = {one.code: one.label for one in view.extra["villages"]}
    return str(labels.get(value, value))


def _extra(turn: Turn) -> Mapping[str, Any]:
    return {"villages": turn.villages}


def _chosen(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """A list that names no village belongs to the one that was typed."""
    found = pending(turn, answers["list"])
    if found is None:
        return [turn.reply("exports/list_too_late")]
    number = _keep(turn, {answers["village"]: found.rest}, [], found.month)
    return look(turn, number, answers["village"], {})


FORM = FormRoute(
    Form("agency", (Step("village", "Desa", "exports/list_which", _parse_village, _show_village),)),
    _extra,
    _chosen,
    CHECKERS,
)


# -- what it says ------------------------------------------------------------------------------


def answered(said: str) -> dict[int, bool]:
    """The answers in a button, "12y,15n": of which rows it is the person that was asked about."""
    return {int(one[:-1]): one.endswith("y") for one in said.split(",") if one[:-1].isdecimal()}


def look(turn: Turn, number: int, code: str, answers: Mapping[int, bool]) -> list[Outgoing]:
    """One village's part: first who is who, then all that would change and all that differs."""
    village = village_for(turn, code)
    if village is None:
        return [turn.reply("chat/not_yours")]
    found = pending(turn, number)
    if found is None or code not in found.villages:
        return [turn.reply("exports/list_too_late")]
    compared = compare(turn, found, village, answers)
    said = ",".join(f"{row}{'y' if same else 'n'}" for row, same in answers.items())
    meaning = f"{number}:{code}:{said}"
    if compared.asked:
        return [_ask(turn, compared, meaning)]
    shown = differences.shown(turn, village, compared, meaning)
    return (
        shown if any(agreeing.changes(turn, compared).values()) else [*shown, *offered(turn, found, village)]
    )


def offered(turn: Turn, found: Pending, village: Village) -> list[Outgoing]:
    """The sum of a list of contributions, to become the figure of a month."""
    total = sum(row.total for row in found.villages[village.code])
    return agreeing.total(turn, village, total, found.month)


def save(turn: Turn) -> list[Outgoing]:
    """*Simpan* or *Jangan simpan*: compared once more, so that of two who press one writes."""
    _, number, code, said = (*turn.choice.split(":"), "", "", "")[:4]
    if not number.isdecimal():
        return [turn.reply("exports/list_dropped")]
    village = village_for(turn, code)
    if village is None:
        return [turn.reply("chat/not_yours")]
    found = pending(turn, int(number))
    if found is None or code not in found.villages:
        return [turn.reply("exports/list_too_late")]
    compared = compare(turn, found, village, answered(said))
    source = f"lembar BPJS, {dates.short_date(found.day)}"
    return [*agreeing.save(turn, village, compared, source), *offered(turn, found, village)]


def compare(turn: Turn, found: Pending, village: Village, answers: Mapping[int, bool]) -> Compared:
    """The list beside the books, as they are now."""
    return comparing.compare(found.villages[village.code], _known(turn, village.code), answers)


def _known(turn: Turn, code: str) -> list[Known]:
    """Everybody of the village once: who serves, else the last time they did."""
    people = [one for one in members.of_village(turn.tx, code) if one.why_ended != Leaving.MISTAKE]
    latest = {one.nik: one for one in sorted(people, key=lambda one: (one.open, one.id))}
    return [_of(turn, one) for one in latest.values()]


def _of(turn: Turn, one: Member) -> Known:
    held = [post for post in posts.of(turn.tx, one.id) if not post.beside and post.held(turn.today)]
    wage = next((post.wage for post in held if post.wage is not None), one.details.get("wage", 0))
    born = one.details.get("born")
    return Known(
        one.id,
        one.name,
        one.nik,
        one.details.get("kpj", ""),
        date.fromisoformat(born) if born else None,
        wage,
        one.state if one.open else State.ENDED,
        one.said,
        one.open,
    )


def _ask(turn: Turn, compared: Compared, meaning: str) -> Outgoing:
    pair: Pair = compared.asked[0]
    row = pair.listed.number
    comma = "" if meaning.endswith(":") else ","
    choices = (
        Choice(f"agency:{meaning}{comma}{row}y", "Ya, satu orang"),
        Choice(f"agency:{meaning}{comma}{row}n", "Bukan"),
    )
    member = members.get(turn.tx, pair.known.id)
    return turn.reply(
        "exports/same_person",
        choices,
        theirs=pair.listed.name,
        ours=pair.known.name,
        position=status.position(turn, member) if member else "",
        born=dates.short_date(pair.known.born) if pair.known.born else "",
        their_nik=nik.last4(pair.listed.nik) if pair.listed.nik else "",
        our_nik=nik.last4(pair.known.nik),
        left=len(compared.asked),
    )
