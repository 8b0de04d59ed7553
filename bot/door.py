"""Who is let in, and when: nobody's messages crowd out those of other people.

An official who writes faster than people write is heard a little later, and nothing of it is lost.  Somebody
whom nobody knows is heard a few times a minute; what is more is not even kept.  Word of an accident or a
death is, whoever brings it.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain import alarms
from bot.domain.offices import office_day
from bot.errors import Misconfigured, Unreadable
from bot.messages import Arrival, Incoming, Outgoing
from bot.pace import Rate
from bot.store import inbox, people, places
from bot.store.database import Tx

Parse = Callable[[bytes], Incoming | None]

#: An official, by channel in `Limits.heard`.  Whoever registers ten people in a row sends 110 answers, one each two
#: or three seconds: with forty at once and twenty a minute after that, they never meet it.
#: A stranger: who introduces themselves in bits ("halo", "pak", "mau tanya") writes ten at most before they read.
STRANGER = Rate(5 / 60, 10)
#: Of somebody who tells of an emergency again and again, once the above is used up.
ALARMED = Rate(5 / 60, 5)
#: Events not handled yet: with as many as are taken at once strangers come in one by one, so that an official has
#: never many of them before them; with six seconds of strangers, no more come in.
BUSY, CROWDED = 64, 300
APART = timedelta(milliseconds=20)
#: From then on who is heard later is told so, once.
PATIENCE = timedelta(seconds=10)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Meter:
    """When each of the three would be due if they wrote evenly (GCRA: ITU-T I.371)."""

    official: datetime = _NEVER
    stranger: datetime = _NEVER
    alarmed: datetime = _NEVER


@dataclass(slots=True)
class Entered:
    """What is kept of what arrived, which of it has to wait and until when, and what is said to who wrote it."""

    kept: list[Arrival] = field(default_factory=list)
    later: dict[Arrival, datetime] = field(default_factory=dict)
    said: list[Outgoing] = field(default_factory=list)
    before: int = 0  # how many waited already
    shed: int = 0  # how many were not kept
    meters: dict[str, _Meter] = field(default_factory=dict)  # as they stood before

    @property
    def waiting(self) -> int:
        """How many wait by now."""
        return self.before + len(self.kept)


@dataclass(slots=True)
class Door:
    """Asked within the transaction that keeps what arrived; `heard` is the rate of officials by channel, and
    channels that are not in it are open.
    """

    heard: Mapping[str, Rate]
    parsers: Mapping[str, Parse]
    shed: int = 0  # events that were not kept
    _meters: OrderedDict[str, _Meter] = field(default_factory=OrderedDict)

    #: Conversations remembered: the least lately heard are forgotten, and could write again by then.
    CHATS = 20_000

    def let_in(self, tx: Tx, now: datetime, arrivals: Sequence[Arrival]) -> Entered:
        """What is kept of them, and how."""
        entered = Entered(before=inbox.waiting_at_least(tx, CROWDED) if self.heard else 0)
        for arrival in arrivals:
            if arrival.channel not in self.heard or (
                entered.waiting < BUSY and self._is_slow(arrival, now, entered)
            ):
                entered.kept.append(arrival)  # it need not even be read
            else:
                self._look(tx, now, arrival, entered)
        entered.shed = len(arrivals) - len(entered.kept)
        self.shed += entered.shed
        return entered

    def forget(self, entered: Entered) -> None:
        """What these were let in with was rolled back: they come once more, and are not to be counted twice."""
        self._meters.update(entered.meters)
        self.shed -= entered.shed

    def _is_slow(self, arrival: Arrival, now: datetime, entered: Entered) -> bool:
        """Whether anybody may write as often as this."""
        meter = self._meter(arrival.conversation, entered)
        if not _is_free(meter.stranger, STRANGER, now):
            return False
        meter.stranger = _due(meter.stranger, STRANGER, now)
        meter.official = _due(meter.official, self.heard[arrival.channel], now)
        return True

    def _look(self, tx: Tx, now: datetime, arrival: Arrival, entered: Entered) -> None:
        """Who speaks, and of what."""
        try:
            incoming = self.parsers[arrival.channel](arrival.body)
        except (Unreadable, Misconfigured):
            entered.kept.append(arrival)  # it is put aside where it would be handled
            return
        if incoming is None:
            return  # nobody says anything
        if _is_no_talk(incoming):
            entered.kept.append(arrival)
        elif _is_known(tx, incoming, now):
            entered.kept.append(arrival)
            self._delay(tx, now, arrival, incoming, entered)
        elif entered.waiting < CROWDED and self._is_slow(arrival, now, entered):
            entered.later[arrival] = now + max(entered.waiting - BUSY, 0) * APART
            entered.kept.append(arrival)
        elif self._may_alarm(arrival, incoming, now, entered):
            entered.kept.append(arrival)

    def _may_alarm(self, arrival: Arrival, incoming: Incoming, now: datetime, entered: Entered) -> bool:
        meter = self._meter(arrival.conversation, entered)
        if alarms.spoken(incoming.text) is None or not _is_free(meter.alarmed, ALARMED, now):
            return False
        meter.alarmed = _due(meter.alarmed, ALARMED, now)
        return True

    def _delay(self, tx: Tx, now: datetime, arrival: Arrival, incoming: Incoming, entered: Entered) -> None:
        """Of an official: not before their turn, unless it cannot wait, or is said in a group by one of many."""
        if incoming.group:
            return
        if alarms.spoken(incoming.text):
            inbox.hasten(tx, arrival.conversation, now)
            for each in [one for one in entered.later if one.conversation == arrival.conversation]:
                del entered.later[each]  # it came with them: they are no rows yet, and stand before it
            return
        meter, rate = self._meter(arrival.conversation, entered), self.heard[arrival.channel]
        before = _wait(meter.official, rate, now)
        meter.official = _due(meter.official, rate, now)
        wait = _wait(meter.official, rate, now)
        if wait:
            entered.later[arrival] = now + wait
        if before < PATIENCE <= wait:
            key = f"slowly:{arrival.channel}:{arrival.external_id}"
            entered.said.append(Outgoing(incoming.address, "chat/slowly", key=key))

    def _meter(self, conversation: str, entered: Entered) -> _Meter:
        meter = self._meters.setdefault(conversation, _Meter())
        entered.meters.setdefault(conversation, replace(meter))
        self._meters.move_to_end(conversation)
        if len(self._meters) > self.CHATS:
            self._meters.popitem(last=False)
        return meter


def _due(due: datetime, rate: Rate, now: datetime) -> datetime:
    """The mark, one message later."""
    return max(due, now) + timedelta(seconds=1 / rate.per_second)


def _wait(due: datetime, rate: Rate, now: datetime) -> timedelta:
    """How long the message that brought the mark there has to wait."""
    return max(due - now - timedelta(seconds=rate.burst / rate.per_second), timedelta())


def _is_free(due: datetime, rate: Rate, now: datetime) -> bool:
    """Whether one more message would not have to wait."""
    return not _wait(_due(due, rate, now), rate, now)


def _is_no_talk(incoming: Incoming) -> bool:
    """Receipts, news of our account and of groups: they always come in."""
    return bool(incoming.receipt or incoming.account or incoming.membership)


def _is_known(tx: Tx, incoming: Incoming, now: datetime) -> bool:
    """An official by any name of theirs; or a group that is tied to a district."""
    if incoming.group:
        return places.room(tx, incoming.address) is not None
    names, today = (incoming.sender, *incoming.aliases), office_day(now)
    found = (people.actor(tx, incoming.address.channel, name, today) for name in names if name)
    return any(actor is not None and actor.offices for actor in found)
