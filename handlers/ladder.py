"""Where a reminder goes that did not arrive: the person's other address, a colleague in the village, the
kecamatan, and at the end the call list of the office.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot import ruling, turns
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import bills, holding, outbox, people, places, reaching, records, reminding, windows
from bot.store.database import Tx
from bot.store.reaching import Camat, Fallen
from bot.store.records import Plan
from bot.store.reminding import Unreached
from handlers import reminders
from handlers.calls import SOON
from handlers.served import Run, Served

AT = time(9, 15)
#: Villages named at once to somebody who looks after them.
NAMED = 12

_DAY = timedelta(days=1)


def still_unreached(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when the message to a kecamatan is about to leave."""
    district, person = argument.split(":")
    return people.is_linked(tx, int(person), district, office_day(now))


class Ladder(Served):
    """The planner of the next rung."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """Once more, elsewhere, what failed; and once a week who was not reached at all."""
        rules = self.rules(tx)
        said = [out for one in reaching.fallen(tx, since, until) for out in _elsewhere(tx, rules, one, until)]
        for run in self.runs(tx, since, until):
            if run.passes(AT) and _week_begins(run):
                said += _of_week(tx, run)
        return said


def _elsewhere(tx: Tx, rules: Rules, fallen: Fallen, now: datetime) -> list[Outgoing]:
    """The same reminder to whom was not tried yet; nothing where nobody is left, or it is paid."""
    kind, segment, village, period, stage, *_ = [*fallen.key.split(":"), "", "", "", "", ""]
    if kind != "reminder":
        return []
    bill = bills.get(tx, village, segment, Month.parse(period))
    place = places.village(tx, village)
    stem = f"{kind}:{segment}:{village}:{period}:{stage}"
    to = reaching.untried(tx, stem, village, office_day(now))
    if bill is None or bill.settled or place is None or to is None:
        return []
    district = rules.district(place.district)
    today = now.astimezone(district.zone).date()
    moment = Moment(stage, now, fallen.expires, (bill.due - today).days)
    closing = ruling.closing(tx, district.code, today)
    older = reminding.older(tx, district.code, segment, bill.month).get(village)
    values = reminders.values_of(bill, place.label, moment, closing, older)
    plan = Plan(kind, segment, village, period, stage, to.person)
    records.plan(tx, plan, now, "queued")
    if not windows.minds(tx, to.to.channel, to.to.chat, now):
        holding.elsewhere(tx, stem)  # else it is held there too: whoever writes first reads it
    out = reminders.reminder(plan, bill, to, moment, values)
    tried = reaching.tries(tx, stem)
    return [out if outbox.fate(tx, plan.key) is None else replace(out, key=f"{plan.key}:{tried + 1}")]


def _week_begins(run: Run) -> bool:
    """Whether it is the first working day of its week."""
    before = [run.today - number * _DAY for number in range(1, run.today.weekday() + 1)]
    return run.works(run.today) and not any(run.works(day) for day in before)


def _of_week(tx: Tx, run: Run) -> list[Outgoing]:
    """To each kecamatan its villages that no message reaches, by name; to the office how many there are."""
    district, today, now = run.district, run.today, run.until
    lost: dict[str, Unreached] = {}
    for one in reminding.unreached(tx, district.code, today, today + SOON):
        lost.setdefault(one.village, one)
    if not lost:
        return []
    said = [
        out
        for camat in reaching.camats(tx, district.code, office_day(now))
        if (mine := [one for code, one in lost.items() if code.startswith(f"{camat.subdistrict}.")])
        if (out := _to_camat(tx, run, camat, mine))
    ]
    for to in places.rooms(tx, district.code, places.RoomKind.OFFICE):
        key = f"unreached:{district.code}:{_week(today)}:{to.conversation}"
        values = {"count": len(lost)}
        said.append(Outgoing(to, "reminders/unreached", values, lane=Lane.ALERT, key=key, public=True))
    return said


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _to_camat(tx: Tx, run: Run, camat: Camat, mine: Sequence[Unreached]) -> Outgoing | None:
    district = run.district
    plan = Plan("unreached", district.code, camat.subdistrict, _week(run.today), "camat", camat.person)
    if not records.plan(tx, plan, run.until, "queued"):
        return None
    values = {
        "name": camat.name,
        "count": len(mine),
        "subdistrict": mine[0].subdistrict,
        "names": [one.name for one in mine[:NAMED]],
        "more": max(len(mine) - NAMED, 0),
        "office": district.office,
    }
    return Outgoing(
        camat.to,
        "reminders/unreached_camat",
        values,
        (Choice(turns.within(district.code, "menu:menunggak"), "Lihat rinciannya"),),
        lane=Lane.REMINDER,
        key=plan.key,
        person=camat.person,
        expires_at=run.evening,
        reason=f"unreached:{district.code}:{camat.person}",
    )
