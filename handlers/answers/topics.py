"""What each answer fills in: figures and days come from the rules of the day, in the person's district."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain import answers, dates, deadlines, sadar, statements
from bot.domain.budget import Funding
from bot.domain.dated import CERTAIN
from bot.domain.incidents import Kind
from bot.domain.money import rupiah
from bot.domain.months import Month
from bot.domain.tariffs import Payer
from bot.messages import Choice, Outgoing
from bot.store import bills
from bot.turns import Turn
from handlers import month
from handlers.incidents import steps
from handlers.sadar import criteria

_JHT, _JP = "jht", "jp"
#: Asks who pays what part: no village's bill tells that.
_OF_SHARES = re.compile(r"\b(?:persen|siapa|potong|dipotong)\b")


@dataclass(frozen=True, slots=True)
class Filling:
    """What a template needs beside the source, and the buttons below it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


def answer(turn: Turn, topic: str) -> list[Outgoing]:
    """The answer to a topic; of what is due the village's own bill is a better one."""
    if _has_its_own(turn, topic):
        turn.rest = ""
        return month.show(turn)
    row = statements.rests_on(turn.rules.all_answers, topic, turn.today)
    if row is None:
        return [turn.reply("answers/overview", ())]
    made = _FILLED[topic](turn) if topic in _FILLED else Filling()
    rests_on = {
        "source": row.source,
        "since": dates.short_date(row.effective_from) if _is_rule(row.source) else "",
        "check": row.certainty not in CERTAIN,
    }
    return [turn.reply(f"answers/{topic}", made.choices, **rests_on, **made.values)]


def _has_its_own(turn: Turn, topic: str) -> bool:
    """Whether the village has a bill to pay that says it better, and no percentage was asked for."""
    if topic not in _OWN or _OF_SHARES.search(turn.incoming.text.casefold()) or not has_bill(turn, topic):
        return False
    return bool(bills.open_of(turn.tx, turn.who.village))


def has_bill(turn: Turn, topic: str) -> bool:
    """Whether the village has bills; of a month that is named when it is due, one for that month."""
    mine = bills.of_village(turn.tx, turn.who.village) if turn.who.village else []
    month = answers.month_named(turn.incoming.text, turn.today) if topic == "due" else None
    return any(month in (None, bill.month) for bill in mine)


def _is_rule(source: str) -> bool:
    """Whether it is a regulation or an agreement: only of those it is known since when."""
    return source.startswith("PKS") or any(sign.isdigit() for sign in source)


def _percent(turn: Turn, programme: str) -> dict[str, str]:
    """What the village and what the worker pays, as in "3,7%"."""
    rates = {rate.payer: rate.percent for rate in turn.rules.rates(programme, turn.today, turn.district.code)}
    return {
        "village": _said(rates.get(Payer.EMPLOYER)),
        "worker": _said(rates.get(Payer.WORKER)),
    }


def _said(percent: object) -> str:
    text = f"{percent:.2f}".rstrip("0").rstrip(".") if percent is not None else ""
    return f"{text.replace('.', ',')}%" if text else ""


def _shares(programme: str) -> Callable[[Turn], Filling]:
    return lambda turn: Filling(_percent(turn, programme))


def _rates(turn: Turn) -> Filling:
    rows = {code: _percent(turn, code) for code in ("jkk", "jkm", _JHT, _JP)}
    least = {code: turn.rules.bpu_rates(code, turn.today)[0].amount or 0 for code in ("jkk", "jkm")}
    return Filling({"rates": rows, "bpu": rupiah(sum(least.values()))})


def _money(turn: Turn) -> Filling:
    """For each category the sources a rule allows, and those it refuses; what no rule names the district decides."""
    lines = []
    for category in turn.rules.categories_of(turn.district.code, turn.today):
        found = {one: _allowed(turn, category.code, one) for one in turn.rules.fundings}
        yes = [one.label for one, allowed in found.items() if allowed]
        no = [one.label for one, allowed in found.items() if allowed is False]
        lines.append((category.label, yes, no))
    return Filling({"lines": lines, "office": turn.district.office})


def _allowed(turn: Turn, category: str, one: Funding) -> bool | None:
    rule = turn.rules.funding_rule(turn.district.code, category, one.code, turn.today)
    return rule.allowed if rule else None


def _categories(turn: Turn) -> Filling:
    on = turn.today
    lines = []
    for category in turn.rules.categories_of(turn.district.code, turn.today):
        found = turn.rules.programme_set(turn.district.code, category.code, on)
        lines.append((category.label, ", ".join(code.upper() for code in found.programmes)))
    return Filling({"lines": lines, "place": turn.district.name, "office": turn.district.office})


def _due(turn: Turn) -> Filling:
    running = answers.month_named(turn.incoming.text, turn.today) or Month.of(turn.today)
    days = {
        segment: dates.long_date(deadlines.due_date(turn.rules, turn.district.code, segment, running))
        for segment in ("PU", "BPU")
    }
    return Filling({"month": running.label, "pu": days["PU"], "bpu": days["BPU"]})


def _branch(turn: Turn) -> Filling:
    known = steps.whom(turn.tx, turn.district.code)
    return Filling({"branch": known["branch"], "phone": known["phone"]})


def _contact(turn: Turn) -> Filling:
    known = steps.whom(turn.tx, turn.district.code)
    values = {name: known[name] for name in ("branch", "phone", "address")}
    return Filling({**values, "village": bool(turn.who.village)})


def _sadar(turn: Turn) -> Filling:
    found = sadar.criteria(turn.rules, turn.district.code, turn.today)
    values = {
        "criteria": [criteria.words(one) for one in found],
        "office": turn.district.office,
        **criteria.decided(turn),
    }
    return Filling(values, (Choice("menu:sadar", "Lihat capaian"),))


def _groups(turn: Turn) -> Filling:
    """The groups that are insured here, and whether the one that was asked about is among them."""
    made = _categories(turn)
    named = answers.group_named(turn.incoming.text)
    known = any(part in label.casefold() for label, _ in made.values["lines"] for part in named.split()[:1])
    return Filling({**made.values, "missing": "" if known else named.capitalize()})


def _unpaid_workers(turn: Turn) -> Filling:
    return Filling({"bpu": _rates(turn).values["bpu"]})


def _total(turn: Turn) -> Filling:
    return Filling({"total": _benefit(turn).values["total"]})


def _both(turn: Turn) -> Filling:
    made = _benefit(turn)
    values = {"limit": steps.limit(turn.rules, turn.today), "total": made.values["total"]}
    return Filling(values, made.choices)


def _register(turn: Turn) -> Filling:
    return Filling({}, (Choice("menu:daftar", "Daftarkan orang"),) if turn.who.village else ())


def _claim(turn: Turn) -> Filling:
    choices = (
        Choice(f"incident_papers:{Kind.ACCIDENT.value}", "Dokumen kecelakaan"),
        Choice(f"incident_papers:{Kind.DEATH.value}", "Dokumen keluarga"),
    )
    return Filling(_branch(turn).values, choices)


def _benefit(turn: Turn) -> Filling:
    found = statements.in_force(turn.rules.all_benefits, "death", turn.today)
    total = next((row.shown for row in found if row.code == "all"), "")
    choices = (
        Choice(f"incident_money:{Kind.ACCIDENT.value}", "Kecelakaan kerja"),
        Choice(f"incident_money:{Kind.DEATH.value}", "Meninggal"),
    )
    return Filling({"total": total, **_branch(turn).values}, choices)


def _accident(turn: Turn) -> Filling:
    return Filling(
        {"limit": steps.limit(turn.rules, turn.today)}, (Choice("incident_money:accident", "Manfaat"),)
    )


def _death(turn: Turn) -> Filling:
    made = _benefit(turn)
    return Filling({"total": made.values["total"]}, (Choice("incident_money:death", "Manfaat"),))


#: Where the village's own bill says it best.
_OWN = frozenset({"rates", "due"})
_FILLED: Mapping[str, Callable[[Turn], Filling]] = {
    "jkk": _accident,
    "jkm": _death,
    "jht": _shares(_JHT),
    "jp": _shares(_JP),
    "money": _money,
    "rates": _rates,
    "who": _categories,
    "rt": _groups,
    "due": _due,
    "claim": _claim,
    "benefit": _benefit,
    "card": _branch,
    "penalty": _branch,
    "health": _branch,
    "project": _branch,
    "branch": _contact,
    "bpu": _unpaid_workers,
    "family": _total,
    "jkk_jkm": _both,
    "nik": _branch,
    "raharja": _branch,
    "register": _register,
    "sadar": _sadar,
    "sick": _branch,
}
