"""What a district changes of a group from a coming month on: programmes, wage base, account, sources; its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import filling
from bot.domain import dates, group_answers, groups
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import Category
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Outgoing
from bot.store.groups import Size, sizes
from bot.turns import Turn
from handlers import questions
from handlers.programmes import rows, steps
from handlers.programmes.groups import back, choice, chosen, named, show, usable
from handlers.programmes.rows import Row

ALL = "semua"
REVIEW = "programmes/review"
Told = Callable[[View], Mapping[str, Any]]
Made = Callable[[Turn, Category, Mapping[str, Any]], list[Row]]


def begin(turn: Turn) -> list[Outgoing]:
    """A button of the card: the form about this group."""
    one, kind = chosen(turn), turn.choice.split(":")[2]
    if one is None or kind not in _BY_KIND:
        return show(turn)
    of = groups.terms(turn.rules, turn.district.code, one, turn.today)
    known: dict[str, Any] = {"group": one.code, "label": one.label}
    if kind == "wage":
        known |= {"segment": of.segment.value, "programmes": list(of.programmes)}
        if len(_posts(turn, one.code)) < 2:
            known["post"] = ALL
    if kind == "terms":
        known["wage"] = of.wage
    return filling.open_form(turn, _BY_KIND[kind], known)


def _posts(turn: Turn, category: str) -> list[tuple[str, str]]:
    mine = turn.rules.positions_of(turn.district.code)
    return [(one.code, one.label) for one in mine if one.category == category]


def _extra(turn: Turn) -> Mapping[str, Any]:
    size = sizes(turn.tx, turn.district.code)
    return {
        **steps.extra(turn),
        "posts": lambda code: _posts(turn, code),
        "size": lambda code: size.get(code, Size()).people,
        "positions": turn.rules.positions_of(turn.district.code),
    }


# -- what the reviews say beside the answers ---------------------------------------------------


def _unpriced(view: View) -> Mapping[str, Any]:
    nothing = {"price": "", "worker": "", "rule": "", "certain": True, "doubt": {}}
    return {**nothing, "people": view.extra["size"](view.answers["group"]), "group": view.answers["label"]}


def _priced(view: View) -> Mapping[str, Any]:
    of, since = steps.terms_of(view.answers), Month.parse(view.answers["since"])
    if not of.wage:
        return _unpriced(view)
    return {**_unpriced(view), **steps.quoted(view, of, since)}


# -- questions of their own --------------------------------------------------------------------


def _post(text: str, view: View) -> str:
    offered: dict[str, str] = dict(view.extra["posts"](view.answers["group"]))
    if text in offered or text == ALL or text.casefold() in ("semua", "semua jabatan"):
        return text if text in offered else ALL
    for code, label in offered.items():
        if groups.key(label) == groups.key(text):
            return code
    raise Invalid("registration/position_unknown")


def _post_choices(view: View) -> Sequence[tuple[str, str]]:
    return ((ALL, "Semua jabatan"), *view.extra["posts"](view.answers["group"]))


def _show_post(value: str, view: View) -> str:
    return "Semua jabatan" if value == ALL else questions.show_position(value, view)


def _account(text: str, _view: View) -> list[str]:
    return list(group_answers.account(text))


def _about(view: View) -> Mapping[str, Any]:
    return {"name": view.answers["label"]}


POST = Step("post", "Jabatan", "programmes/ask_post", _post, _show_post, _about, _post_choices)
ACCOUNT = Step(
    "account",
    "Rekening",
    "programmes/ask_account",
    _account,
    lambda value, _view: " ".join(value),
    _about,
)
CLOSED_FROM = replace(steps.SINCE, label="Ditutup mulai", ask="programmes/ask_end")


# -- what is kept ------------------------------------------------------------------------------


def _terms_rows(turn: Turn, one: Category, answers: Mapping[str, Any]) -> list[Row]:
    return [rows.insured(turn, one.code, steps.terms_of(answers), answers)]


def _wage_rows(turn: Turn, one: Category, answers: Mapping[str, Any]) -> list[Row]:
    post = "" if answers["post"] == ALL else answers["post"]
    return rows.wages(turn, one.code, post, answers)


def _account_rows(turn: Turn, one: Category, answers: Mapping[str, Any]) -> list[Row]:
    code, name = answers["account"]
    return [("account", {**rows.dated(turn, answers), "category": one.code, "code": code, "name": name})]


def _source_rows(turn: Turn, one: Category, answers: Mapping[str, Any]) -> list[Row]:
    if not answers["sources"]:
        raise Invalid("programmes/sources_unknown", step="sources")
    return rows.sources(turn, one.code, answers)


def _end_rows(turn: Turn, one: Category, answers: Mapping[str, Any]) -> list[Row]:
    until = Month.parse(answers["since"]).first - timedelta(days=1)
    return [rows.group(turn.district.code, replace(one, until=until))]


def _saver(kind: str, made: Made) -> Callable[[Turn, Mapping[str, Any]], list[Outgoing]]:
    """Looks again at what the form began with; a month that has begun is asked for anew."""

    def save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
        one = named(turn, answers["group"])
        if one is None or not usable(turn, one.code):
            return [turn.reply("programmes/gone", (back(turn),), name=answers["label"])]
        since = max(steps.in_force(answers["since"], turn.today), Month.of(one.since or turn.today))
        answers = {**answers, "since": str(since)}
        if rows.keep(turn, f"group_{kind}", one.code, made(turn, one, answers)) is None:
            return [turn.reply("programmes/gone", (back(turn),), name=answers["label"])]
        return [_saved(turn, kind, one, since)]

    return save


def _saved(turn: Turn, kind: str, one: Category, since: Month) -> Outgoing:
    choices = (choice(turn, f"group:{one.code}", "Lihat kartunya"), back(turn))
    if kind == "end":
        last = dates.long_date(since.first - timedelta(days=1))
        return turn.reply("programmes/ends", choices, name=one.label, last=last)
    day = dates.long_date(since.first)
    return turn.reply("programmes/changed", choices, name=one.label, day=day, wage=kind == "wage")


def _route(kind: str, found: tuple[Step, ...], told: Told, made: Made) -> FormRoute:
    form = Form(f"group_{kind}", found, REVIEW, told)
    return FormRoute(form, _extra, _saver(kind, made), (Role.ADMIN,), always)


_TAIL = (steps.SINCE, steps.BASIS)
_PROGRAMMES = (replace(steps.SEGMENT, resets=("programmes",)), steps.PROGRAMMES, *_TAIL)
_BY_KIND = {
    "terms": _route("terms", _PROGRAMMES, _priced, _terms_rows),
    "wage": _route("wage", (POST, steps.WAGE, *_TAIL), _priced, _wage_rows),
    "account": _route("account", (ACCOUNT, *_TAIL), _unpriced, _account_rows),
    "sources": _route("sources", (steps.SOURCES, *_TAIL), _unpriced, _source_rows),
    "end": _route("end", (CLOSED_FROM,), _unpriced, _end_rows),
}
FORMS = tuple(_BY_KIND.values())
