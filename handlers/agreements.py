"""Agreements (PKS) with BPJS Ketenagakerjaan: kept by the district, reminded of before they end."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot import filling, turns
from bot.domain import cleaning, dates, deadlines, reminders, written
from bot.domain.customs import AGREEMENT
from bot.domain.months import Month
from bot.domain.offices import Role, office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import Rules
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Lane, Outgoing
from bot.store import agreements, people, records
from bot.store.agreements import Agreement
from bot.store.database import Tx
from bot.store.people import Recipient
from bot.store.records import Plan
from bot.turns import Turn
from handlers.reminders import rows
from handlers.served import Served

#: Agreements shown; older ones are history.
SHOWN = 5
LONGEST = 120  # characters of a number or a scope
YEARS = 10  # an agreement lasts at most as long

_AHEAD = timedelta(days=400)


def show(turn: Turn) -> list[Outgoing]:
    """*pks*: the district's agreements, the one that reaches furthest first."""
    found = agreements.of_district(turn.tx, turn.district.code)[:SHOWN]
    lines = [
        {
            "number": one.number,
            "signed": dates.short_date(one.signed),
            "until": dates.short_date(one.until),
            "scope": one.scope,
            "over": one.until < turn.today,
            "left": (one.until - turn.today).days,
        }
        for one in found
    ]
    return [
        turn.reply(
            "agreements/list", (Choice("pks:new", "Tambah PKS"),), district=turn.district.name, lines=lines
        )
    ]


def begin(turn: Turn) -> list[Outgoing]:
    """*Tambah PKS*, pressed."""
    return filling.open_form(turn, ROUTE, fresh=True)


def _text(said: str, _view: View) -> str:
    found = " ".join(cleaning.visible(said).split())
    if not 2 <= len(found) <= LONGEST:
        raise Invalid("agreements/text", longest=LONGEST)
    return found


def day_of(said: str) -> date:
    """A day that is named with its year; two digits of one are this century's."""
    found = written.read(said)
    if not found.day or not (found.year or found.short_year):
        raise Invalid("invalid/date_incomplete")
    year = 2000 + found.year if found.short_year else found.year
    return written.real(written.Written(found.day, found.month, year))


def _signed(said: str, view: View) -> str:
    day = day_of(said)
    if not view.today - timedelta(days=366 * YEARS) <= day <= view.today + timedelta(days=31):
        raise Invalid("agreements/signed", shown=dates.short_date(day))
    return day.isoformat()


def _until(said: str, view: View) -> str:
    signed = date.fromisoformat(view.answers["signed"])
    day = years_on(signed, said) or day_of(said)
    if not signed < day <= signed + timedelta(days=366 * YEARS):
        raise Invalid("agreements/until", shown=dates.short_date(day), signed=dates.short_date(signed))
    return day.isoformat()


def years_on(signed: date, said: str) -> date | None:
    """The last day of "2 tahun"."""
    found = re.fullmatch(r"([1-9]) ?(?:tahun|thn|th)", said.strip().casefold())
    if found is None:
        return None
    year = signed.year + int(found[1])
    leap = signed.month == 2 and signed.day == 29
    return signed.replace(year=year, day=28 if leap else signed.day) - timedelta(days=1)


def _shown(value: Any, _view: View) -> str:
    return str(value)


def _shown_day(value: Any, _view: View) -> str:
    return dates.short_date(date.fromisoformat(value))


FORM = Form(
    "agreement",
    (
        Step("number", "Nomor", "agreements/ask_number", _text, _shown),
        Step("signed", "Ditandatangani", "agreements/ask_signed", _signed, _shown_day, resets=("until",)),
        Step("until", "Berlaku sampai", "agreements/ask_until", _until, _shown_day),
        Step("scope", "Cakupan", "agreements/ask_scope", _text, _shown),
    ),
    "agreements/review",
)


def _nothing(_turn: Turn) -> Mapping[str, Any]:
    return {}


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    signed, until = date.fromisoformat(answers["signed"]), date.fromisoformat(answers["until"])
    new = Agreement(turn.district.code, answers["number"], signed, until, answers["scope"])
    number = agreements.add(turn.tx, new, turn.who.person, turn.now)
    turn.note("add_agreement", f"district:{new.district}", agreement=number, until=answers["until"])
    return [turn.reply("agreements/saved", (Choice("menu:pks", "Lihat PKS"),), until=dates.long_date(until))]


ROUTE = FormRoute(FORM, _nothing, _save, (Role.ADMIN,))


def still_last(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when the reminder is about to leave: no later agreement, and still their office."""
    _, number, person = argument.split(":")
    found = agreements.get(tx, int(number))
    if found is None or not agreements.is_last(tx, found):
        return False
    return people.is_linked(tx, int(person), found.district, office_day(now))


class Agreements(Served):
    """The planner of the reminders before an agreement ends."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What fell due in (since, until], to the district's administrators."""
        rules = self.rules(tx)
        said: list[Outgoing] = []
        for one in agreements.ending(tx, office_day(since), office_day(until) + _AHEAD):
            if self.serves(one.district):
                said += _of_agreement(tx, rules, one, (since, until))
        return said


def _of_agreement(tx: Tx, rules: Rules, one: Agreement, window: tuple[datetime, datetime]) -> list[Outgoing]:
    district, now = rules.district(one.district), window[1]
    free = deadlines.free_days(rules, one.district, Month.of(one.until))
    found = reminders.moments(one.until, district.zone, rows(rules, one.district, AGREEMENT), free)
    moment = reminders.latest_due(found, *window).send
    if moment is None:
        return []
    said = []
    for to in agreements.admins(tx, one.district, office_day(now)):
        plan = Plan("agreement", str(one.id), "", one.until.isoformat(), moment.stage, to.person)
        if records.plan(tx, plan, now, "queued"):
            said.append(_reminder(plan, one, to, moment))
    return said


def _reminder(plan: Plan, one: Agreement, to: Recipient, moment: Moment) -> Outgoing:
    return Outgoing(
        to.to,
        "agreements/ending",
        {
            "number": one.number,
            "until": dates.long_date(one.until),
            "when": reminders.in_days(moment.left),
            "scope": one.scope,
        },
        (Choice(turns.within(one.district, "pks:new"), "Catat PKS baru"),),
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=moment.expires,
        reason=f"agreement:{one.district}:{one.id}:{to.person}",
    )
