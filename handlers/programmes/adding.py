"""*Tambah kelompok*: a group with its posts, how it is insured, what may pay for it, from a month on."""

from collections.abc import Mapping
from typing import Any

from bot import filling
from bot.domain import dates, groups
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.domain.people import Category
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, View
from bot.guarding import always
from bot.messages import Outgoing
from bot.turns import Turn
from handlers.programmes import rows, steps
from handlers.programmes.groups import back, choice


def told(view: View) -> Mapping[str, Any]:
    """What one person will cost."""
    of, since = steps.terms_of(view.answers), Month.parse(view.answers["since"])
    return {**steps.quoted(view, of, since), "people": 0, "group": ""}


FORM = Form(
    "group_new",
    (
        steps.NEW_NAME,
        steps.POSTS,
        steps.SEGMENT,
        steps.PROGRAMMES,
        steps.WAGE,
        steps.SOURCES,
        steps.SINCE,
        steps.BASIS,
    ),
    "programmes/review",
    told,
)


def begin(turn: Turn) -> list[Outgoing]:
    """*Tambah kelompok*, pressed."""
    return filling.open_form(turn, ROUTE)


def from_study(turn: Turn, body: Mapping[str, Any]) -> list[Outgoing]:
    """What a study has asked already is not asked again."""
    known = {name: body[name] for name in ("segment", "programmes", "wage", "sources")}
    if not groups.taken(turn.rules, turn.district.code, body["name"]):
        known |= {"name": body["name"]}
    return filling.open_form(turn, ROUTE, known)


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    since = steps.in_force(answers["since"], turn.today)
    name, district = answers["name"], turn.district.code
    names = [name, *(one for one in answers["posts"] if one != name)]
    for one in names:
        if groups.taken(turn.rules, district, one):  # a colleague was faster
            raise Invalid("programmes/name_taken", step="name" if one == name else "posts", name=one)
    new = Category(groups.code_of(name, district), name, district, since.first)
    found = [
        rows.group(district, new),
        *rows.posts(district, new, answers["posts"]),
        rows.insured(turn, new.code, steps.terms_of(answers), answers),
        *rows.wages(turn, new.code, "", answers),
        *rows.sources(turn, new.code, answers),
    ]
    if rows.keep(turn, "add_group", new.code, found) is None:
        raise Invalid("programmes/name_unusable", step="name", longest=groups.LONGEST)
    choices = (choice(turn, f"group:{new.code}", "Lihat kartunya"), back(turn))
    return [turn.reply("programmes/added", choices, name=name, since=dates.long_date(since.first))]


ROUTE = FormRoute(FORM, steps.extra, _save, (Role.ADMIN,), always)
