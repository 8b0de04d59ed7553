"""*kelompok*: the groups of a district, one of them on a card, and how one ends, opens again, or never begins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain import dates, money
from bot.domain.dated import EVERYWHERE
from bot.domain.groups import terms, wage_is_known
from bot.domain.months import Month
from bot.domain.people import Category
from bot.messages import Choice, Outgoing
from bot.store.groups import Size, sizes
from bot.turns import Turn, within
from handlers.programmes import quoting, rows


def choice(turn: Turn, meaning: str, label: str) -> Choice:
    """A button about this district, whichever they speak about when they press it."""
    return Choice(within(turn.district.code, meaning), label)


def back(turn: Turn) -> Choice:
    return choice(turn, "menu:kelompok", "Lihat kelompok")


def named(turn: Turn, code: str) -> Category | None:
    """The group of this code, if the district has it."""
    return next((one for one in turn.rules.categories_of(turn.district.code) if one.code == code), None)


def chosen(turn: Turn) -> Category | None:
    """The group that a button names."""
    return named(turn, turn.choice.split(":")[1])


def show(turn: Turn) -> list[Outgoing]:
    """*kelompok*: each with its segment, programmes and wage base."""
    found = turn.rules.categories_of(turn.district.code)
    choices = [choice(turn, f"group:{one.code}", one.label) for one in found]
    more = (choice(turn, "group_new:", "Tambah kelompok"), choice(turn, "menu:kajian", "Kajian biaya"))
    lines = [_line(turn, one) for one in found]
    return [turn.reply("programmes/list", (*choices, *more), district=turn.district.name, lines=lines)]


def _line(turn: Turn, one: Category) -> Mapping[str, str | bool]:
    of = terms(turn.rules, turn.district.code, one, turn.today)
    return {
        "name": one.label,
        "segment": of.segment.value,
        "programmes": quoting.programmes(turn.rules, of.programmes),
        "wage": money.rupiah(of.wage) if of.wage else "",
        "known": wage_is_known(turn.rules, turn.district.code, one, turn.today),
        "when": _when(one, turn.today),
    }


def _when(one: Category, today: date) -> str:
    if one.since and not one.begun(today):
        return f"mulai {dates.short_date(one.since)}"
    if one.until and one.until < today:
        return f"pendaftaran ditutup sejak {dates.short_date(one.until + timedelta(days=1))}"
    if one.until:
        return f"pendaftaran sampai {dates.short_date(one.until)}"
    return ""


def card(turn: Turn) -> list[Outgoing]:
    """One group: how it is insured now and from when otherwise, what it costs, what may pay, who is in it."""
    one = chosen(turn)
    if one is None:
        return show(turn)
    district, day = turn.district.code, max(turn.today, one.since or turn.today)
    of = terms(turn.rules, district, one, day)
    chosen_set = turn.rules.programme_set(district, one.code, day)
    account = turn.rules.account(district, one.code, day)
    size = sizes(turn.tx, district).get(one.code, Size())
    values = {
        "name": one.label,
        "segment": quoting.SEGMENTS[of.segment],
        "programmes": quoting.programmes(turn.rules, of.programmes),
        "wage": money.rupiah(of.wage) if of.wage else "",
        "known": wage_is_known(turn.rules, district, one, day),
        "when": _when(one, turn.today),
        "since": dates.short_date(chosen_set.effective_from),
        "source": chosen_set.source,
        "account": f"{account.code} {account.name}" if account else "",
        "coming": _coming(turn, one, day),
        "people": size.people,
        "villages": size.villages,
        **money_sources(turn, one.code, day),
        **quoting.quote(turn.rules, district, of, Month.of(day)),
    }
    return [turn.reply("programmes/group", _buttons(turn, one), **values)]


def money_sources(turn: Turn, category: str, on: date) -> Mapping[str, Any]:
    """What may pay for a group and what may not, with the rule's name; the rest is not known."""
    allowed, refused = [], []
    for one in turn.rules.fundings:
        rule = turn.rules.funding_rule(turn.district.code, category, one.code, on)
        if rule and rule.allowed:
            allowed.append(one.label)
        elif rule and one.code == "dana_desa":
            refused.append((one.label, rule.source))
    return {"allowed": ", ".join(allowed), "refused": refused}


def _coming(turn: Turn, one: Category, day: date) -> list[str]:
    """What is decided already for a later month."""
    mine = (EVERYWHERE, turn.district.code)
    sets = [s for s in turn.rules.all_programme_sets if s.category == one.code and s.district in mine]
    bases = [b for b in turn.rules.all_wage_bases if b.category == one.code and b.district in mine]
    later = [
        (s.effective_from, f"{s.segment.value}, {quoting.programmes(turn.rules, s.programmes)}")
        for s in sets
        if s.effective_from > day
    ]
    later += [
        (b.effective_from, f"dasar iuran {money.rupiah(b.amount)}")
        for b in bases
        if b.effective_from > day and not b.position
    ]
    return [f"Mulai {dates.short_date(since)}: {what}" for since, what in sorted(later)]


def _buttons(turn: Turn, one: Category) -> list[Choice]:
    changes = [
        choice(turn, f"group_change:{one.code}:{kind}", label)
        for kind, label in (
            ("terms", "Ubah program"),
            ("wage", "Ubah dasar iuran"),
            ("sources", "Ubah sumber dana"),
            ("account", "Ubah rekening"),
        )
    ]
    ends = []
    if one.district != EVERYWHERE and not one.begun(turn.today):
        ends = [choice(turn, f"group_drop:{one.code}:ask", "Batalkan kelompok")]
    elif one.district != EVERYWHERE and one.until:
        ends = [choice(turn, f"group_open:{one.code}", "Buka lagi")]
    elif one.district != EVERYWHERE:
        ends = [choice(turn, f"group_change:{one.code}:end", "Tutup pendaftaran")]
    return [*changes, *ends, back(turn)]


def drop(turn: Turn) -> list[Outgoing]:
    """*Batalkan kelompok*: asked once more; only as long as it has not begun, so that nobody is in it."""
    one, sure = chosen(turn), turn.choice.endswith(":yes")
    if one is None or one.district == EVERYWHERE or one.begun(turn.today):
        return card(turn)
    if not sure:
        yes = choice(turn, f"group_drop:{one.code}:yes", "Ya, batalkan")
        return [turn.reply("programmes/ask_drop", (yes, back(turn)), name=one.label)]
    rows.drop(turn, one.code)
    return [turn.reply("programmes/dropped", (back(turn),), name=one.label)]


def reopen(turn: Turn) -> list[Outgoing]:
    """*Buka lagi*: people are registered in it again from today on."""
    one = chosen(turn)
    if one is None or one.district == EVERYWHERE or one.until is None:
        return card(turn)
    rows.keep(turn, "open_group", one.code, [rows.group(turn.district.code, replace(one, until=None))])
    return [turn.reply("programmes/opened", (back(turn),), name=one.label)]


def usable(turn: Turn, code: str) -> bool:
    """Whether a group can still be changed: it may have been dropped while a form rested."""
    one = named(turn, code)
    return one is not None and (one.open(turn.today) or not one.begun(turn.today) or bool(one.until))
