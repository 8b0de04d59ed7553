"""The questions about a group that more than one form asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain import group_answers, groups, money, service
from bot.domain.dated import Segment
from bot.domain.groups import Terms
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.errors import Invalid
from bot.forms import Step, View
from bot.turns import Turn
from handlers.programmes import quoting

#: Instead of a list of posts, a set of sources, or the name of a rule.
SAME, OPEN, OFFICE = "sama", "-", "kantor"
#: The lowest declared income that is reckoned with.
LOWEST_INCOME = 1_000_000
_MONTHS = 3
_OFFERED_SOURCES = (("add",), ("add", "pades"), ("add", "bhpr", "pades"), ("add", "bhpr", "pades", "bankeu"))
_SOURCE_LABELS = ("ADD", "ADD, PADes", "ADD, BHPR, PADes", "Semua selain Dana Desa")


def extra(turn: Turn) -> Mapping[str, Any]:
    """What these questions look up."""
    rules, code = turn.rules, turn.district.code
    return {
        "rules": rules,
        "district": code,
        "office": turn.district.office,
        "taken": lambda name: groups.taken(rules, code, name),
        "common": [name for name in groups.COMMON if not groups.taken(rules, code, name)],
    }


def _rules(view: View) -> Rules:
    rules: Rules = view.extra["rules"]
    return rules


def segment_of(view: View) -> Segment:
    """The segment that was answered, or that the group is in."""
    return Segment(view.answers["segment"])


def terms_of(answers: Mapping[str, Any]) -> Terms:
    """How the people are insured, by the answers."""
    return Terms(Segment(answers["segment"]), tuple(answers["programmes"]), answers["wage"])


def next_month(view: View) -> Month:
    """The first month that may still be decided about."""
    return Month.of(view.today).next()


def quoted(view: View, of: Terms, month: Month) -> Mapping[str, Any]:
    """The price of one person, as a review shows it."""
    return quoting.quote(_rules(view), view.extra["district"], of, month)


# -- parsing, showing --------------------------------------------------------------------------


def _new_name(text: str, view: View) -> str:
    found = group_answers.name(text)
    if view.extra["taken"](found):
        raise Invalid("programmes/name_taken", name=found)
    return found


def _any_name(text: str, _view: View) -> str:
    return group_answers.name(text)


def _names(view: View) -> Sequence[tuple[str, str]]:
    return [(name, name) for name in view.extra["common"]]


def _posts(text: str, view: View) -> list[str]:
    if text == SAME:
        return []
    found = group_answers.posts(text)
    for one in found:
        if view.extra["taken"](one):
            raise Invalid("programmes/name_taken", name=one)
    return [] if found == [view.answers["name"]] else found


def _segment(text: str, _view: View) -> str:
    return group_answers.segment(text).value


def _segments(_view: View) -> Sequence[tuple[str, str]]:
    return [(segment.value, label) for segment, label in quoting.SEGMENTS.items()]


def _segment_values(view: View) -> Mapping[str, Any]:
    """An example of each, and when it is due."""
    rules, district, month = _rules(view), view.extra["district"], next_month(view)
    pu = Terms(Segment.PU, ("jkk", "jkm"), 2 * LOWEST_INCOME)
    bpu = Terms(Segment.BPU, ("jkk", "jkm"), LOWEST_INCOME)
    prices = [groups.price(rules, district, one, month).total for one in (pu, bpu)]
    return {
        "wage": money.rupiah(pu.wage),
        "pu": money.rupiah(prices[0]),
        "bpu": money.rupiah(prices[1]),
        "pu_due": rules.due_rule(district, Segment.PU, month.first).day,
        "bpu_due": rules.due_rule(district, Segment.BPU, month.first).day,
    }


def _programmes(text: str, view: View) -> list[str]:
    of = segment_of(view)
    pressed = group_answers.among(groups.PROGRAMMES[of], text)
    return pressed or group_answers.programmes(text, _rules(view), of)


def _programme_choices(view: View) -> Sequence[tuple[str, str]]:
    rules = _rules(view)
    return [(",".join(one), quoting.programmes(rules, one)) for one in groups.PROGRAMMES[segment_of(view)]]


def _wage(text: str, _view: View) -> int:
    return money.parse_wage(text)


def _wages(view: View) -> Sequence[tuple[str, str]]:
    if segment_of(view) is Segment.PU:
        return ()
    return ((str(LOWEST_INCOME), money.rupiah(LOWEST_INCOME)),)


def _sources(text: str, view: View) -> list[str]:
    if text == OPEN:
        return []
    pressed = group_answers.among(_OFFERED_SOURCES, text)
    return pressed or group_answers.sources(text, _rules(view))


def _source_choices(_view: View) -> Sequence[tuple[str, str]]:
    offered = zip((",".join(one) for one in _OFFERED_SOURCES), _SOURCE_LABELS, strict=True)
    return (*offered, (OPEN, "Belum diatur"))


def _since(text: str, view: View) -> str:
    running, oldest = Month.of(view.today), next_month(view)
    try:
        return str(service.parse_from(text, view.today, oldest))
    except Invalid as error:
        if error.template == "invalid/from_fixed":
            raise Invalid("programmes/running", running=running.label, oldest=oldest.label) from error
        raise


def _months(view: View) -> Sequence[tuple[str, str]]:
    month, found = next_month(view), []
    for _ in range(_MONTHS):
        found.append((month.label, month.label))
        month = month.next()
    return found


def _basis(text: str, _view: View) -> str:
    return OFFICE if text == OFFICE else group_answers.basis(text)


def _bases(view: View) -> Sequence[tuple[str, str]]:
    return ((OFFICE, f"Keputusan {view.extra['office']}"),)


def in_force(since: str, today: date) -> Month:
    """The month answered; raises Invalid where it began while the form rested."""
    month, oldest = Month.parse(since), Month.of(today).next()
    if month < oldest:
        running = Month.of(today).label
        raise Invalid("programmes/running", step="since", running=running, oldest=oldest.label)
    return month


def _as_it_is(value: Any, _view: View) -> str:
    return str(value)


def _show_posts(value: list[str], view: View) -> str:
    return ", ".join(value) or str(view.answers["name"])


def _segment_value(view: View) -> Mapping[str, Any]:
    return {"bpu": segment_of(view) is Segment.BPU}


NEW_NAME = Step("name", "Kelompok", "programmes/ask_name", _new_name, _as_it_is, choices=_names)
ANY_NAME = Step("name", "Kelompok", "studies/ask_name", _any_name, _as_it_is, choices=_names)
POSTS = Step(
    "posts",
    "Jabatan",
    "programmes/ask_posts",
    _posts,
    _show_posts,
    lambda view: {"name": view.answers["name"]},
    lambda view: ((SAME, view.answers["name"]),),
)
SEGMENT = Step(
    "segment",
    "Didaftarkan sebagai",
    "programmes/ask_segment",
    _segment,
    lambda value, _view: quoting.SEGMENTS[Segment(value)],
    _segment_values,
    _segments,
    resets=("programmes", "wage"),
)
PROGRAMMES = Step(
    "programmes",
    "Program",
    "programmes/ask_programmes",
    _programmes,
    lambda value, view: quoting.programmes(_rules(view), value),
    choices=_programme_choices,
)
WAGE = Step(
    "wage",
    "Upah/penghasilan",
    "programmes/ask_wage",
    _wage,
    lambda value, _view: money.rupiah(value),
    _segment_value,
    _wages,
)
SOURCES = Step(
    "sources",
    "Sumber dana",
    "programmes/ask_sources",
    _sources,
    lambda value, view: quoting.sources(_rules(view), value),
    choices=_source_choices,
)
SINCE = Step(
    "since",
    "Mulai iuran",
    "programmes/ask_since",
    _since,
    lambda value, _view: Month.parse(value).label,
    choices=_months,
)
BASIS = Step(
    "basis",
    "Dasar aturan",
    "programmes/ask_basis",
    _basis,
    lambda value, view: f"Keputusan {view.extra['office']}" if value == OFFICE else str(value),
    choices=_bases,
    sentences=True,
)
