"""What the clock does with broadcasts: begins them, feeds the outbox in small portions, counts, ends them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot import logs
from bot.domain import announcing, deadlines, reminders
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import Rules
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import broadcasts, freezing, recipients, records
from bot.store.broadcasts import Broadcast, Kind, State
from bot.store.database import Tx
from bot.store.records import Act
from bot.turns import within
from handlers.office import broadcast_cards, meetings
from handlers.office.broadcast_cards import ANSWERED_WITHIN
from handlers.office.running import ending
from handlers.reaching import Voice, leaving, reach
from handlers.served import Served

log = logs.get(__name__)

#: Messages that stand in the outbox at most: a tick comes every 20 seconds and 30 leave in one, so the
#: sender never starves; more would make a tick, and whoever writes meanwhile, wait.
PORTION = 1500
#: What did not leave by then is old news; long enough to rest over two holidays.
STALE = timedelta(days=7)

#: What began so late would come as a surprise: it is asked whether it is still meant.
LATE = timedelta(hours=3)


_FRIDAY = 4
_NOWHERE = Address("", "")  # until it is known where who wrote the broadcast reads


def still_wanted(tx: Tx, argument: str, now: datetime) -> bool | datetime:
    """Looked at when a message is about to leave: not stopped, still in office, and not in quiet hours."""
    district, number, person = argument.split(":")
    one = broadcasts.standing(tx, int(number))
    if one is None or one.called_off:
        return False
    if not recipients.may_get(tx, int(person), district, office_day(now)):
        return False
    known = recipients.state(tx, int(number), int(person))
    if known == "held":
        return True  # they were asked to write, and did: at whatever hour, and if it ended long ago
    if one.state != State.SENDING.value and known != "sent":  # what was sent and came back is sent once more
        return False
    if one.urgent or not one.rest_at or now < datetime.fromisoformat(one.rest_at):
        return True
    resume = datetime.fromisoformat(one.resume_at)
    return True if now >= resume else resume


class Broadcasts(Served):
    """The planner."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """What is due of every broadcast; one that cannot be worked on holds up no other."""
        rules = self.rules(tx)
        said: list[Outgoing] = []
        numbers = broadcasts.open_ones(tx, until - timedelta(days=1))
        if since.minute != until.minute or until - since >= timedelta(minutes=1):
            numbers += recipients.changing(tx, until - STALE - timedelta(days=1))
        for number in dict.fromkeys(numbers):
            found: list[Outgoing] = []
            error = tx.attempt(lambda n=number, f=found: f.extend(self._one(tx, rules, n, until)))  # type: ignore[misc]
            if error is not None:
                log.error("broadcast %s cannot be worked on", number, exc_info=error)
            else:
                said += found
        return said

    def _one(self, tx: Tx, rules: Rules, number: int, now: datetime) -> list[Outgoing]:
        one = broadcasts.get(tx, number)
        if one is None or not self.serves(one.district):
            return []
        said: list[Outgoing] = []
        if one.ended_at is not None:
            recipients.settle(tx, one.id)  # what was told since then
        if not one.approved and freezing.cut(tx, one.by)[1]:
            _cut(tx, one, now)
            one = broadcasts.get(tx, number) or one
        if one.state is State.ASKED:
            _lapse(tx, one, now)
        if one.state is State.WAITING and one.start_at is not None and one.start_at <= now:
            said += _begin(tx, rules, one, now)
            one = broadcasts.get(tx, number) or one
        if one.state in (State.SENDING, State.STOPPED) and one.ended_at is None:
            said += _go_on(tx, rules, one, now)
        if one.kind is Kind.MEETING and one.state is not State.ASKED:
            said += meetings.plan(tx, rules, one, now)
        return said + broadcast_cards.refreshed(tx, rules, number, now)


def _cut(tx: Tx, one: Broadcast, now: datetime) -> None:
    """Whose access is cut may not have written it: what nobody else approved does not leave, or no further."""
    again = recipients.tally(tx, one.id).total > 0
    to = State.STOPPED if again else State.CANCELLED
    moved = broadcasts.move_on(tx, one.id, (State.ASKED, State.WAITING), to, (None, now))
    moved = moved or broadcasts.move_on(tx, one.id, (State.SENDING,), State.STOPPED, (None, None))
    if moved:
        recipients.drop_planned(tx, one.id)
        _note(tx, one, now, "broadcast_cancel")


def _lapse(tx: Tx, one: Broadcast, now: datetime) -> None:
    """Nobody approved in time."""
    if one.confirmed_at is not None and one.confirmed_at + ANSWERED_WITHIN <= now:
        broadcasts.move_on(tx, one.id, (State.ASKED,), State.LAPSED, (None, now))
        _note(tx, one, now, "broadcast_lapse")


def _note(tx: Tx, one: Broadcast, now: datetime, action: str, **details: int) -> None:
    records.note(tx, now, Act(None, action, f"broadcast:{one.id}", details))


def _begin(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> list[Outgoing]:
    """The audience is looked at once more; from now on everybody has their row.

    Unless its moment is over, because the machine was off: then who wrote it is asked.
    """
    assert one.start_at is not None
    again = recipients.tally(tx, one.id).total > 0
    if one.called_off or (one.meet_at is not None and one.meet_at <= now):
        _drop(tx, one, State.STOPPED if again else State.CANCELLED, now, "broadcast_cancel")
        return []
    if now - one.start_at > LATE:
        _drop(tx, one, State.STOPPED if again else State.MISSED, now, "broadcast_miss")
        return _ask_whether_still(tx, rules, one, now, again=again)
    if not again:
        recipients.add(tx, one.id, reach(tx, rules, one, now).recipients)
    broadcasts.begin(tx, one.id, now)
    _note(tx, one, now, "broadcast_begin", people=recipients.tally(tx, one.id).of("planned"))
    return []


def _drop(tx: Tx, one: Broadcast, to: State, now: datetime, action: str) -> None:
    recipients.drop_planned(tx, one.id)
    broadcasts.move_on(tx, one.id, (State.WAITING,), to, (None, now))
    _note(tx, one, now, action)


def _ask_whether_still(tx: Tx, rules: Rules, one: Broadcast, now: datetime, *, again: bool) -> list[Outgoing]:
    assert one.start_at is not None
    district = rules.district(one.district)
    at = announcing.in_words(one.start_at.astimezone(district.zone), district.zone_label)
    ended = broadcasts.get(tx, one.id) or one
    choices = ending(ended, recipients.tally(tx, one.id)) if again else broadcast_cards.buttons(ended, None)
    values = {"number": one.id, "meeting": one.kind is Kind.MEETING, "at": at, "again": again}
    return _to_author(tx, one, now, Outgoing(_NOWHERE, "siaran/missed", values, choices))


def _to_author(tx: Tx, one: Broadcast, now: datetime, said: Outgoing) -> list[Outgoing]:
    """The message in the chat of who wrote the broadcast, if they still serve in the office."""
    card = next((each for each in broadcast_cards.held(tx, one, now) if each.person == one.by), None)
    if card is None:
        return []
    choices = [Choice(within(one.district, each.id), each.label) for each in said.choices]
    key = f"siaran:{one.id}:{said.template.partition('/')[2]}:{now.timestamp()}"
    return [replace(said, to=card.to, choices=choices, lane=Lane.ALERT, key=key, person=one.by)]


def _go_on(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> list[Outgoing]:
    recipients.settle(tx, one.id)
    if one.called_off and one.state is State.SENDING:
        recipients.drop_planned(tx, one.id)
        broadcasts.move_on(tx, one.id, (State.SENDING,), State.STOPPED, (None, None))
    found = recipients.tally(tx, one.id)
    if not found.open:
        return _end(tx, one, now)
    if one.state is not State.SENDING or one.called_off or _rests(tx, rules, one, now):
        return []
    rows = recipients.planned(tx, one.id, PORTION - found.of("queued"))
    recipients.queued(tx, one.id, rows)
    voice = Voice(tx, rules, rules.district(one.district), now)
    expires = min(now + STALE, one.meet_at) if one.meet_at is not None else now + STALE
    month = Month.of(now.astimezone(rules.district(one.district).zone).date())
    return [leaving(voice.message(one, row), one, row, (expires, month)) for row in rows]


def _rests(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> bool:
    """Whether it is an hour at which nobody is written to; the next such hours are noted for the claim."""
    if one.urgent:
        return False
    rest, resume = one.rest_at, one.resume_at
    if rest is None or resume is None or now >= resume:
        rest, resume = quiet_hours(rules, one.district, now)
        broadcasts.rest(tx, one.id, rest, resume)
    return rest <= now < resume


def quiet_hours(rules: Rules, district: str, now: datetime) -> tuple[datetime, datetime]:
    """The quiet hours that are now, or else the next: since when, until when."""
    local = now.astimezone(rules.district(district).zone)
    free = _free(rules, district, local.date())
    begins = local
    if not reminders.quiet(local, free):
        evening = datetime.combine(local.date(), reminders.EVENING, local.tzinfo)
        noon = datetime.combine(local.date(), reminders.PRAYERS[0], local.tzinfo)
        begins = noon if local.weekday() == _FRIDAY and local < noon else evening
    ends = reminders.next_calm(begins, _free(rules, district, begins.date()))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _free(rules: Rules, district: str, day: date) -> frozenset[date]:
    month = Month.of(day)
    return deadlines.free_days(rules, district, month) | deadlines.free_days(rules, district, month.next())


def _end(tx: Tx, one: Broadcast, now: datetime) -> list[Outgoing]:
    """Nothing is open any more: who wrote it reads what became of it."""
    to = State.STOPPED if one.state is State.STOPPED or one.called_off else State.DONE
    by = one.ended_by_id if to is State.STOPPED else None
    broadcasts.move_on(tx, one.id, (State.SENDING, State.STOPPED), to, (by, now))
    ended = broadcasts.get(tx, one.id) or one
    found = recipients.tally(tx, one.id)
    counts = {state: count for state, count in found.by_state.items()}
    _note(tx, one, now, "broadcast_end", **counts)
    values = {
        "number": one.id,
        "meeting": one.kind is Kind.MEETING,
        "stopped": to is State.STOPPED,
        "sent": found.of("sent"),
        "total": found.total,
        "held": found.of("held"),
        "failed": found.of("failed") + found.of("expired"),
        "blocked": found.blocked,
        "unknown": found.of("unknown"),
        "cancelled": found.of("cancelled"),
    }
    return _to_author(tx, one, now, Outgoing(_NOWHERE, "siaran/result", values, ending(ended, found)))
