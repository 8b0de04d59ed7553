"""*kajian*: how many people a group would have and what it would cost, before a district adds it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import filling
from bot.domain import costing, dates, group_answers, groups, money
from bot.domain.costing import Estimate
from bot.domain.months import Month
from bot.domain.offices import Role, office_day
from bot.domain.reminders import next_calm_in
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Attachment, Choice, Outgoing
from bot.store import places, studies
from bot.store.studies import Asked, State, Study
from bot.turns import Turn, may_in
from handlers.office import monthly
from handlers.programmes import adding, quoting, steps
from handlers.programmes.groups import choice

#: Studies shown; older ones are history.
SHOWN = 8
#: After so long the villages that have not answered are written to once more.
AGAIN = timedelta(days=7)
ASK_ALL = "tanya"


def show(turn: Turn) -> list[Outgoing]:
    """*kajian*: the studies of the district, the newest first."""
    found = studies.of_district(turn.tx, turn.district.code)[:SHOWN]
    lines = [
        {
            "name": one.name,
            "day": dates.short_date(one.at.astimezone(turn.district.zone).date()),
            "state": _state(turn, one),
        }
        for one in found
    ]
    choices = [choice(turn, f"study:{one.id}", one.name) for one in found]
    new = choice(turn, "study_new:", "Kajian baru")
    return [turn.reply("studies/list", (*choices, new), district=turn.district.name, lines=lines)]


def _state(turn: Turn, one: Study) -> str:
    if one.each is not None:
        return f"{one.each} orang per desa"
    answered = len(studies.answers(turn.tx, one.id))
    return f"{answered} desa menjawab{', ditutup' if one.state is State.CLOSED else ''}"


def theirs(turn: Turn) -> Study | None:
    """The study that a button names, if it is of the district the turn is about."""
    number = turn.choice.split(":")[1]
    found = studies.get(turn.tx, int(number)) if number.isdecimal() else None
    return found if found and found.district == turn.district.code else None


def counted(turn: Turn, one: Study) -> Mapping[str, int]:
    """People by village, as far as known."""
    if one.each is not None:
        return {village.code: one.each for village in places.villages(turn.tx, one.district)}
    return {village: found.people for village, found in studies.answers(turn.tx, one.id).items()}


def year_of(one: Study) -> int:
    """The budget year that a study is about: the one after it was made."""
    return office_day(one.at).year + 1


def card(turn: Turn) -> list[Outgoing]:
    """One study: how many answered, what it would cost, what is doubtful about it."""
    one = theirs(turn)
    return show(turn) if one is None else [_card(turn, one)]


def _card(turn: Turn, one: Study) -> Outgoing:
    known, year = counted(turn, one), year_of(one)
    villages = len(places.villages(turn.tx, one.district))
    asked = len(studies.asked(turn.tx, one, office_day(turn.now)))
    found = costing.estimate(turn.rules, one.district, one.terms, sum(known.values()), year)
    values = {
        "name": one.name,
        "year": year,
        "each": one.each if one.each is not None else "",
        "answered": len(known),
        "villages": villages if one.each is not None else asked,
        "missing": villages - asked if one.each is None else 0,
        "asking": one.state is State.ASKING,
        "segment": quoting.SEGMENTS[one.terms.segment],
        "programmes": quoting.programmes(turn.rules, one.terms.programmes),
        "sources": quoting.sources(turn.rules, one.body["sources"]),
        "dana_desa": _dana_desa(turn, one),
        **_sums(found),
        **quoting.quote(turn.rules, one.district, one.terms, Month(year, 1)),
        "doubt": _doubt(turn, one),
    }
    return turn.reply("studies/card", _buttons(turn, one), **values)


def _sums(found: Estimate) -> Mapping[str, Any]:
    return {
        "people": found.people,
        "month": money.rupiah(found.month.total),
        "total": money.rupiah(found.year.total),
        "kept": money.rupiah(found.year.worker) if found.year.worker else "",
    }


def _doubt(turn: Turn, one: Study) -> Mapping[str, str]:
    """The discount as it is in force now: it may end before the year begins."""
    found = groups.doubt(turn.rules, one.district, one.terms, Month.of(turn.today))
    return quoting.doubted(found)


def _dana_desa(turn: Turn, one: Study) -> str:
    """The rule that refuses Dana Desa for a group that is there already; empty where none does."""
    for category in turn.rules.categories_of(one.district):
        if groups.key(category.label) == groups.key(one.name):
            rule = turn.rules.funding_rule(one.district, category.code, costing.DANA_DESA, turn.today)
            return rule.source if rule and not rule.allowed else ""
    return ""


def _buttons(turn: Turn, one: Study) -> list[Choice]:
    found = [
        choice(turn, f"study_sheet:{one.id}", "Unduh Excel"),
        choice(turn, f"study_add:{one.id}", "Tambah kelompok"),
    ]
    if one.state is State.ASKING:
        found.append(choice(turn, f"study_close:{one.id}", "Tutup pertanyaan"))
    if one.state is State.CLOSED:
        found.append(choice(turn, f"study_open:{one.id}", "Buka lagi"))
    return [*found, choice(turn, "menu:kajian", "Lihat kajian")]


def sheet(turn: Turn) -> list[Outgoing]:
    """*Unduh Excel*: made aside."""
    one = theirs(turn)
    return show(turn) if one is None else monthly.order(turn, "study", {"study": one.id})


def made(turn: Turn) -> list[Outgoing]:
    """The sheet is there."""
    result = turn.incoming.result
    if "kept" not in result:
        return [monthly.failed(turn)]
    if not may_in(turn, (Role.ADMIN,), str(result["district"])):
        return [turn.reply("chat/not_yours")]
    said = turn.reply("studies/sheet", name=result["group"], villages=result["villages"])
    return [replace(said, attachment=Attachment(result["kept"], result["name"]))]


def add(turn: Turn) -> list[Outgoing]:
    """*Tambah kelompok*: what the study asked is answered already."""
    one = theirs(turn)
    return show(turn) if one is None else adding.from_study(turn, one.body)


def close(turn: Turn) -> list[Outgoing]:
    """*Tutup pertanyaan*: what comes later is not counted."""
    one = theirs(turn)
    if one is None:
        return show(turn)
    if studies.move(turn.tx, one, State.ASKING, State.CLOSED):
        turn.note("close_study", f"district:{one.district}", study=one.id)
    return [turn.reply("studies/closed", name=one.name), *_again(turn, one.id)]


def reopen(turn: Turn) -> list[Outgoing]:
    """*Buka lagi*: the buttons of the villages count once more; nobody is written to for that."""
    one = theirs(turn)
    if one is None:
        return show(turn)
    if studies.move(turn.tx, one, State.CLOSED, State.ASKING):
        studies.let_pass(turn.tx, one, turn.now)
        turn.note("open_study", f"district:{one.district}", study=one.id)
    return _again(turn, one.id)


def _again(turn: Turn, number: int) -> list[Outgoing]:
    one = studies.get(turn.tx, number)
    return [_card(turn, one)] if one else []


# -- the form ----------------------------------------------------------------------------------


def begin(turn: Turn) -> list[Outgoing]:
    """*Kajian baru*, pressed."""
    return filling.open_form(turn, ROUTE)


def _extra(turn: Turn) -> Mapping[str, Any]:
    people, villages = studies.reachable(turn.tx, turn.district.code, office_day(turn.now))
    total = len(places.villages(turn.tx, turn.district.code))
    return {**steps.extra(turn), "people": people, "villages": villages, "total": total}


def _count(text: str, _view: View) -> int | str:
    return ASK_ALL if text == ASK_ALL or text.casefold().startswith("tanya") else group_answers.people(text)


def _ways(_view: View) -> Sequence[tuple[str, str]]:
    return ((ASK_ALL, "Tanya semua desa"),)


def _show_count(value: int | str, view: View) -> str:
    if value == ASK_ALL:
        return f"ditanyakan ke {view.extra['villages']} desa"
    return f"{value} orang di setiap desa ({view.extra['total']} desa)"


def _told(view: View) -> Mapping[str, Any]:
    of = steps.terms_of(view.answers)
    asked = view.answers["count"] == ASK_ALL
    people, villages, total = (view.extra[name] for name in ("people", "villages", "total"))
    quoted = steps.quoted(view, of, Month(view.today.year + 1, 1))
    return {**quoted, "asked": asked, "people": people, "missing": total - villages}


COUNT = Step(
    "count",
    "Jumlah orang",
    "studies/ask_count",
    _count,
    _show_count,
    lambda view: {"name": view.answers["name"]},
    _ways,
)
FORM = Form(
    "study",
    (steps.ANY_NAME, steps.SEGMENT, steps.PROGRAMMES, steps.WAGE, steps.SOURCES, COUNT),
    "studies/review",
    _told,
)


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    district, count = turn.district.code, answers["count"]
    body = {name: answers[name] for name in ("name", "segment", "programmes", "wage", "sources")}
    first = next_calm_in(turn.rules, district, turn.now)
    asked = Asked(first, next_calm_in(turn.rules, district, first + AGAIN))
    number = studies.add(
        turn.tx, district, body, asked if count == ASK_ALL else count, (turn.who.person, turn.now)
    )
    turn.note("add_study", f"district:{district}", study=number, asked=count == ASK_ALL)
    if count != ASK_ALL:
        return _again(turn, number)
    people, villages = studies.reachable(turn.tx, district, office_day(turn.now))
    card_ = (choice(turn, f"study:{number}", "Lihat kajian ini"),)
    values = {"name": body["name"], "people": people, "villages": villages}
    return [turn.reply("studies/asked", card_, **values)]


ROUTE = FormRoute(FORM, _extra, _save, (Role.ADMIN,))
