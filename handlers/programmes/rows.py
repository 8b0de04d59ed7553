"""The rows of the rules that a district's decisions about a group make; tried before they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import rules
from bot.domain import dates, groups
from bot.domain.dated import EVERYWHERE, Certainty
from bot.domain.groups import Terms
from bot.domain.months import Month
from bot.domain.people import Category
from bot.domain.rulebook import Rules
from bot.errors import Misconfigured
from bot.store import decisions
from bot.turns import Turn
from handlers.programmes import steps

#: A table of the rules, and a whole row of it.
Row = tuple[str, Mapping[str, object]]
#: What a decision about a group can be kept in.
TABLES = ("category", "position", "programme_set", "wage_base", "account", "funding_rule")
#: Sources that a district may allow or not; the rule on Dana Desa is not its own.
_SOURCES_OF_OTHERS = ("dana_desa",)


def dated(turn: Turn, answers: Mapping[str, Any]) -> dict[str, object]:
    """What every dated row of a decision has: from its first day on, by which rule."""
    own = f"keputusan {turn.district.office} {turn.district.name}, {dates.short_date(turn.today)}"
    return {
        "district": turn.district.code,
        "effective_from": Month.parse(answers["since"]).first.isoformat(),
        "source": own if answers["basis"] == steps.OFFICE else answers["basis"],
        "certainty": Certainty.LAW.value,
    }


def insured(turn: Turn, code: str, of: Terms, answers: Mapping[str, Any]) -> Row:
    """In which segment and programmes a group is insured."""
    chosen = {"category": code, "segment": of.segment.value, "programmes": list(of.programmes)}
    return "programme_set", {**dated(turn, answers), **chosen}


def wages(turn: Turn, category: str, position: str, answers: Mapping[str, Any]) -> list[Row]:
    """The wage of a post, or of all posts of a group: those too that have one of their own."""
    own = dict.fromkeys(
        row.position
        for row in turn.rules.all_wage_bases
        if row.category == category and row.district in (EVERYWHERE, turn.district.code)
    )
    names = [position] if position else dict.fromkeys(["", *own])
    base = {**dated(turn, answers), "category": category, "amount": answers["wage"]}
    return [("wage_base", {**base, "position": name} if name else base) for name in names]


def sources(turn: Turn, category: str, answers: Mapping[str, Any]) -> list[Row]:
    """Which sources of money may pay for a group; none where that was left open."""
    if not answers["sources"]:
        return []
    base = {**dated(turn, answers), "category": category}
    codes = [one.code for one in turn.rules.fundings if one.code not in _SOURCES_OF_OTHERS]
    return [
        ("funding_rule", {**base, "funding": code, "allowed": code in answers["sources"]}) for code in codes
    ]


def group(district: str, category: Category) -> Row:
    """A group itself, as it is to be."""
    found: dict[str, object] = {"district": district, "code": category.code, "label": category.label}
    if category.since:
        found["since"] = category.since.isoformat()
    if category.until:
        found["until"] = category.until.isoformat()
    return "category", found


def posts(district: str, category: Category, labels: Sequence[str]) -> list[Row]:
    """The posts of a new group; without names it is one, called like the group."""
    return [
        (
            "position",
            {
                "district": district,
                "code": groups.code_of(label, district),
                "label": label,
                "category": category.code,
            },
        )
        for label in labels or [category.label]
    ]


def tried(turn: Turn, found: Sequence[Row]) -> Rules | None:
    """The rules with these rows; None where they cannot be applied."""
    try:
        return rules.with_decisions(turn.rules, [(turn.district.code, *row) for row in found])
    except Misconfigured:
        return None


def keep(turn: Turn, action: str, code: str, found: Sequence[Row]) -> Rules | None:
    """Keep them, and note it; None where they cannot be applied, and nothing is kept then."""
    new = tried(turn, found)
    if new is None:
        return None
    by = (turn.who.person, turn.now)
    numbers = [decisions.decide(turn.tx, turn.district.code, table, row, by) for table, row in found]
    turn.note(action, f"district:{turn.district.code}", decisions=numbers, group=code)
    return new


def drop(turn: Turn, code: str) -> int:
    """Take back all that was decided about a group that nobody is in yet; returns how many rows that were."""
    gone = []
    for table in TABLES:
        for one in decisions.of_district(turn.tx, turn.district.code, table):
            named = one.body.get("code") if table == "category" else one.body.get("category")
            if named == code and decisions.revoke(turn.tx, one.id, turn.district.code, turn.now):
                gone.append(one.id)
    turn.note("drop_group", f"district:{turn.district.code}", decisions=gone, group=code)
    return len(gone)
