"""The questions about a project: one for each thing that is asked, in more than one form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain import cleaning, construction, dates, funding, money, words
from bot.domain import project_answers as answers
from bot.domain.projects import Basis
from bot.domain.rulebook import Rules
from bot.errors import Doubtful, Invalid
from bot.forms import Step, View
from bot.store.projects import COMPANY, OWN, Project
from bot.turns import Turn
from handlers.questions import written_day

LONGEST = 80  # characters of a name or a place
WRONG = 8  # lines that come back with their reasons
NONE = "none"  # the answer of a button that says there is none

NET, GROSS, WAGES = "net", "gross", "wages"
_BASES = {NET: "Nilai tanpa PPN", GROSS: "Termasuk PPN", WAGES: "Upah pekerja saja"}
_SHOWN_BASES = {
    NET: "nilai tanpa PPN",
    GROSS: "nilai termasuk PPN; dihitung tanpa PPN",
    WAGES: "upah seluruh pekerja",
}
_LATER = words.Vocabulary({NONE: ("belum ada", "tidak ada", "belum", "tidak", "belum tahu", "kosong")})


def extra(turn: Turn) -> Mapping[str, Any]:
    """What the questions look up."""
    return {"rules": turn.rules}


def _text(said: str, _view: View) -> str:
    found = " ".join(cleaning.visible(said).split())
    if not 3 <= len(found) <= LONGEST or not any(sign.isalpha() for sign in found):
        raise Invalid("projects/text", longest=LONGEST)
    return found


def _named(said: str, view: View) -> str:
    """A company or a place; a sum or a day is asked about."""
    found = _text(said, view)
    if answers.no_name(found):
        raise Doubtful("projects/text_guess", found, shown=found)
    return found


def _as_is(value: Any, _view: View) -> str:
    return str(value) or "belum ada"


def _funding(said: str, view: View) -> str:
    if said in funding.NAMES:
        return said
    found = funding.parse(said, view.extra["rules"])
    if found is None:
        raise Invalid("projects/funding_unknown")
    return found


def _fundings(_view: View) -> Sequence[tuple[str, str]]:
    return list(funding.NAMES.items())


def _builder(said: str, view: View) -> str:
    """`own`, or the name of the company."""
    plain = cleaning.visible(said).casefold()
    if said == OWN or plain.startswith(("swakelola", "dikerjakan desa", "tpk", "desa sendiri")):
        return OWN
    if plain in ("kontraktor", "penyedia", "pihak ketiga", "cv", "pt"):
        raise Invalid("projects/company_missing")
    return _named(said, view)


def _shown_builder(value: Any, _view: View) -> str:
    return "swakelola" if value == OWN else str(value)


def _basis(said: str, _view: View) -> str:
    plain = cleaning.visible(said).casefold()
    if said in _BASES:
        return said
    if "upah" in plain:
        return WAGES
    taxed = answers.with_tax(f"{plain} ppn")
    if taxed is not None:
        return GROSS if taxed else NET
    raise Invalid("projects/basis_unknown")


def value(said: str, view: View) -> int:
    """The value; one that holds PPN is shown without it and confirmed.

    What is said beside the figure counts for more than what was chosen before.
    """
    basis, taxed = view.answers.get("basis", NET), answers.with_tax(said)
    if basis == WAGES or taxed is False or (basis == NET and taxed is None):
        return answers.parse_value(said)
    rules: Rules = view.extra["rules"]
    tax = construction.tax(view.today, rules)
    try:
        gross = answers.parse_value(said)
    except Doubtful as guess:
        gross = guess.value
    net = answers.without_tax(gross, tax.percent)
    raise Doubtful(
        "projects/value_without_ppn", net, gross=money.rupiah(gross), net=money.rupiah(net), source=tax.source
    )


def _shown_value(value: Any, view: View) -> str:
    rest = "upah seluruh pekerja" if view.answers.get("basis") == WAGES else "tanpa PPN"
    return f"{money.rupiah(value)} {rest}"


def _starts(said: str, view: View) -> str:
    return written_day(lambda: answers.parse_start(said, view.today))


def _ends(said: str, view: View) -> str:
    return written_day(lambda: answers.parse_end(said, day(view.answers["starts"]), view.today))


def _workers(said: str, _view: View) -> dict[str, Any]:
    if nothing(said):
        return {"count": 0, "named": []}
    found = answers.parse_workers(said)
    taken = {"count": found.count, "named": [list(one) for one in found.named]}
    if found.wrong:
        more = max(len(found.wrong) - WRONG, 0)
        raise Doubtful(
            "projects/workers_some", taken, count=found.count, wrong=found.wrong[:WRONG], more=more
        )
    return taken


def _shown_workers(value: Any, _view: View) -> str:
    if not value["count"]:
        return "belum diketahui"
    named = ", dengan nama dan NIK" if value["named"] else ""
    return f"{value['count']} orang{named}"


def _spk(said: str, view: View) -> str:
    if nothing(said):
        return ""
    found = written_day(lambda: answers.parse_day(said, view.today))
    if day(found) > view.today:
        raise Invalid("projects/spk_ahead", shown=dates.short_date(day(found)))
    return found


def _maintained(said: str, view: View) -> str:
    if nothing(said):
        return ""
    ends = day(view.answers["ends"])
    found = answers.lasting(said, ends) or answers.parse_day(said, view.today)
    if not ends < found <= ends + answers.LASTS:
        raise Invalid("projects/maintained", shown=dates.short_date(found), ends=dates.short_date(ends))
    return found.isoformat()


def nothing(said: str) -> bool:
    """Whether the answer is that there is none."""
    return said == NONE or words.exactly(said, _LATER) is not None


def day(kept: str) -> date:
    """A day as answers keep it."""
    return date.fromisoformat(kept)


def shown_day(value: Any, _view: View) -> str:
    """A day in the review."""
    return dates.short_date(day(value)) if value else "belum ada"


def choices(*offered: tuple[str, str]) -> Callable[[View], Sequence[tuple[str, str]]]:
    """Always the same buttons."""
    return lambda _view: offered


def _asked(view: View) -> Mapping[str, Any]:
    return {"basis": view.answers.get("basis", NET)}


NAME = Step("name", "Kegiatan", "projects/ask_name", _text, _as_is, sentences=True)
PLACE = Step("place", "Lokasi", "projects/ask_place", _named, _as_is, sentences=True)
FUNDING = Step(
    "funding",
    "Sumber dana",
    "projects/ask_funding",
    _funding,
    lambda value, _view: funding.NAMES.get(value, value),
    choices=_fundings,
)
BUILDER = Step(
    "builder",
    "Pelaksana",
    "projects/ask_builder",
    _builder,
    _shown_builder,
    choices=choices((OWN, "Swakelola")),
)
BASIS = Step(
    "basis",
    "Nilai yang diketahui",
    "projects/ask_basis",
    _basis,
    lambda value, _view: _SHOWN_BASES[value],
    choices=choices(*_BASES.items()),
    resets=("value",),
    says_next=True,
)
VALUE = Step("value", "Nilai", "projects/ask_value", value, _shown_value, values=_asked)
STARTS = Step("starts", "Mulai", "projects/ask_starts", _starts, shown_day, resets=("ends", "maintained"))
ENDS = Step("ends", "Selesai", "projects/ask_ends", _ends, shown_day, resets=("maintained",))
WORKERS = Step(
    "workers",
    "Pekerja",
    "projects/ask_workers",
    _workers,
    _shown_workers,
    choices=choices((NONE, "Belum tahu")),
    skip=NONE,
)
SPK = Step(
    "spk", "Tanggal SPK", "projects/ask_spk", _spk, shown_day, choices=choices((NONE, "Belum ada")), skip=NONE
)
MAINTAINED = Step(
    "maintained",
    "Pemeliharaan",
    "projects/ask_maintained",
    _maintained,
    shown_day,
    choices=choices((NONE, "Tidak ada"), ("3 bulan", "3 bulan"), ("6 bulan", "6 bulan")),
    skip=NONE,
)


def answered(project: Project, answers: Mapping[str, Any]) -> Project:
    """The project as the answers have it, but for its workers; PPN is out of the value by then."""
    own = answers["builder"] == OWN
    return replace(
        project,
        name=answers["name"],
        place=answers["place"],
        value=answers["value"],
        basis=Basis.WAGES if answers["basis"] == WAGES else Basis.VALUE,
        funding=answers["funding"],
        builder=OWN if own else COMPANY,
        company="" if own else answers["builder"],
        starts=day(answers["starts"]),
        ends=day(answers["ends"]),
        maintained=_day(answers["maintained"]),
        spk=_day(answers["spk"]),
    )


def answers_of(project: Project) -> dict[str, Any]:
    """The answers that make a project as it is."""
    days = {name: getattr(project, name) for name in ("starts", "ends", "maintained", "spk")}
    return {
        "name": project.name,
        "place": project.place,
        "value": project.value,
        "basis": WAGES if project.basis is Basis.WAGES else NET,
        "funding": project.funding,
        "builder": OWN if project.builder == OWN else project.company,
        **{name: found.isoformat() if found else "" for name, found in days.items()},
    }


def _day(kept_day: str) -> date | None:
    return day(kept_day) if kept_day else None
