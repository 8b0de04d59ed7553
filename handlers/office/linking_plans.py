"""Requests that nobody decides: the office is reminded less and less often, at last they end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain import deadlines
from bot.domain.months import Month
from bot.domain.office_hours import working_day_before
from bot.domain.offices import office_day
from bot.domain.reminders import next_calm_in
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import agreements, places, requests
from bot.store.database import Tx
from bot.turns import within
from handlers import requesting
from handlers.served import Run, Served

#: When the office is told how many wait, on a working day.
MORNING = time(9)
#: So many days after a request; the last, also where it falls on a weekend, before the request ends.
AFTER = (1, 3, 7, 11)


class Expiry(Served):
    """The planner that ends requests which waited too long."""

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Who asked is told that they may ask again; the cards in the groups say it as well."""
        rules = self.rules(tx)
        said: list[Outgoing] = []
        for one in requests.expire(tx, until):
            if not self.serves(one.district):
                continue
            told = Outgoing(
                one.at,
                "start/request_expired",
                {"office": rules.district(one.district).office_name},
                lane=Lane.REMINDER,
                key=f"expired:{one.id}",
                not_before=next_calm_in(rules, one.district, until),
            )
            said += [told, *requesting.lapsed(tx, rules, one, requesting.EXPIRED, until)]
        return said


class Morning(Served):
    """The planner that tells the office on working mornings how many wait: not every request had a card."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """One line in each group of an office; where there is none, to each administrator."""
        due = [run for run in self.runs(tx, since, until) if run.passes(MORNING) and run.works(run.today)]
        waiting = requests.unanswered(tx) if due else {}
        found = [(run, waiting.get(run.district.code, ())) for run in due]
        return [out for run, asked in found if _is_told(run, asked) for out in _lines(tx, run, asked)]


def _is_told(run: Run, asked: Sequence[datetime]) -> bool:
    """Whether one of them has waited for one of these spans today, or since the last working day."""
    free = deadlines.free_days(run.rules, run.district.code, Month.of(run.today))
    before = working_day_before(run.today, free)
    return any(before < _day(run, at) + timedelta(days) <= run.today for at in asked for days in AFTER)


def _day(run: Run, at: datetime) -> date:
    return at.astimezone(run.district.zone).date()


def _lines(tx: Tx, run: Run, asked: Sequence[datetime]) -> list[Outgoing]:
    code = run.district.code
    groups, admins = places.office(tx, code, office_day(run.until), agreements.admins)
    said = Outgoing(
        Address("", ""),
        "approvals/still_waiting",
        {"count": len(asked), "days": (run.today - _day(run, min(asked))).days},
        (Choice("requests:0", "Lihat"),),
        lane=Lane.ALERT,
        reason=f"requests:{code}",
        expires_at=run.evening,
    )
    own = (Choice(within(code, "requests:0"), "Lihat"),)
    found = [replace(said, to=to, public=True) for to in groups]
    found += [replace(said, to=one.to, person=one.person, choices=own) for one in admins]
    return [replace(out, key=f"waiting:{code}:{run.today}:{out.to.conversation}") for out in found]
