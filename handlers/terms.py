"""Before a term of office ends the village is asked, twice, whether the person goes on.

The planner also turns the page of a day: those whose last day is past are no longer insured, and a
post that begins today is the one shown.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot import ruling
from bot.domain import dates, deadlines, service
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Lane, Outgoing
from bot.store import members, people, places, posts, records
from bot.store.database import Tx
from bot.store.members import Member
from bot.store.posts import Term
from bot.store.records import Plan
from bot.turns import Turn
from handlers.questions import position_label

_DAY = timedelta(days=1)
#: A question moves earlier over free days; the longest run of them (Idulfitri) is shorter.
_MOVES = timedelta(days=14)


def still_ends(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a question leaves: somebody's term still ends then, and it is still their office."""
    village, end, person = argument.split(":")
    ends = posts.terms_in(tx, village, date.fromisoformat(end))
    return bool(ends) and people.is_linked(tx, int(person), village, office_day(now))


def asked(rules: Rules, district: str, on: date) -> list[int]:
    """How many days before the end of a term the village is asked, the earliest first."""
    return [stage.days_before for stage in rules.stages(on, district, "term") if not stage.off]


class Terms:
    """The planner of the questions before a term ends."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._rules = rules
        self._districts = districts

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What is to be asked of the mornings in (since, until]; of several only the latest."""
        _turn_page(tx, since, until)
        said: list[Outgoing] = []
        for code in self._districts:
            district = self._rules.district(code)
            for day in _mornings(since, until, district):
                said += self._ask(tx, district, day, until)
        return said

    def _ask(self, tx: Tx, district: District, day: date, now: datetime) -> list[Outgoing]:
        rules = ruling.current(tx, self._rules)
        free = deadlines.free_days(rules, district.code, Month.of(day))
        said = []
        for before in asked(rules, district.code, day):
            first = day + before * _DAY
            near = posts.terms(tx, district.code, first, first + _MOVES)
            due = [term for term in near if service.ask_day(term.end, before, free) == day]
            for (village, end), who in groupby(due, key=lambda term: (term.village, term.end)):
                said += self._question(tx, (village, end, before), list(who), now)
        return said

    def _question(
        self, tx: Tx, about: tuple[str, date, int], who: list[Term], now: datetime
    ) -> list[Outgoing]:
        village, end, before = about
        place = places.village(tx, village)
        to = people.first(people.serving(tx, village, office_day(now)))
        plan = Plan("term", "", village, end.isoformat(), str(before), 0)
        if (
            place is None
            or not records.plan(tx, plan, now, "queued" if to else "nobody linked")
            or to is None
        ):
            return []
        zone = self._rules.district(place.district).zone
        today = now.astimezone(zone).date()
        values = {
            "name": to.name,
            "role": to.role.label,
            "place": place.label,
            "day": dates.short_date(end),
            "who": [(term.name, position_label(self._rules.positions, term.position)) for term in who],
        }
        return [
            Outgoing(
                to.to,
                "members/term_ends",
                values,
                _choices(who, before),
                lane=Lane.REMINDER,
                key=plan.key,
                person=to.person,
                expires_at=service.evening(min(today + 6 * _DAY, end), zone),
                reason=f"term:{village}:{end.isoformat()}:{to.person}",
            )
        ]


def _mornings(since: datetime, until: datetime, district: District) -> list[date]:
    """The days whose nine o'clock lies in (since, until], where the district is."""
    day, last = since.astimezone(district.zone).date(), until.astimezone(district.zone).date()
    days = [day + n * _DAY for n in range((last - day).days + 1)]
    return [each for each in days if since < service.ask_at(each, district.zone) <= until]


def _turn_page(tx: Tx, since: datetime, until: datetime) -> None:
    today = office_day(until)
    if office_day(since) < today:
        members.end_those_over(tx, today)
        posts.show_begun(tx, today)


def _choices(who: list[Term], before: int) -> tuple[Choice, ...]:
    if len(who) == 1:
        return _answers(who[0], before)
    return tuple(Choice(f"term_ends:{term.member}:{before}", term.name) for term in who[:9])


def _answers(term: Term, before: int) -> tuple[Choice, ...]:
    return (
        Choice(f"term:{term.member}", "Diperpanjang"),
        Choice(f"leaving:{term.member}", "Berhenti/diganti"),
        Choice(f"term_later:{term.member}:{before}", "Nanti"),
    )


def ends(turn: Turn) -> list[Outgoing]:
    """One of several whose terms end on the same day."""
    _, number, before = turn.choice.split(":")
    term = _of(turn, int(number))
    if term is None:
        return [turn.reply("members/term_settled")]
    position = position_label(turn.rules.positions, term.position)
    values = {"name": term.name, "position": position, "day": dates.short_date(term.end)}
    return [turn.reply("members/term_of_one", _answers(term, int(before)), **values)]


def others(turn: Turn, member: Member) -> list[Choice]:
    """The way back to those whose terms end on the same day as this one's."""
    term = _of(turn, member.id)
    if term is None or len(posts.terms_in(turn.tx, term.village, term.end)) < 2:
        return []
    return [Choice(f"terms_on:{term.village}:{term.end.isoformat()}", "Yang lain")]


def on_a_day(turn: Turn) -> list[Outgoing]:
    """*Yang lain*: those of the village whose terms end on a day, and of whom nothing is said yet."""
    _, village, day = turn.choice.split(":")
    who = posts.terms_in(turn.tx, village, date.fromisoformat(day)) if village in turn.who.villages else []
    if not who:
        return [turn.reply("members/term_settled")]
    end = who[0].end
    choices = tuple(Choice(f"term_ends:{one.member}:{(end - turn.today).days}", one.name) for one in who[:9])
    return [turn.reply("members/terms_on", choices, day=dates.short_date(end))]


def _of(turn: Turn, number: int) -> Term | None:
    member = members.get(turn.tx, number)
    if member is None or member.village not in turn.who.villages or not member.open:
        return None
    ends_on = [
        p.term_end for p in posts.of(turn.tx, number) if not p.beside and p.until is None and p.term_end
    ]
    return Term(member.village, number, member.name, member.position, ends_on[-1]) if ends_on else None


def later(turn: Turn) -> list[Outgoing]:
    """*Nanti*: asked once more before the end, if that is still to come."""
    before = int(turn.choice.split(":")[2])
    coming = [days for days in asked(turn.rules, turn.district.code, turn.today) if days < before]
    return [turn.reply("members/term_later", again=max(coming, default=0))]
