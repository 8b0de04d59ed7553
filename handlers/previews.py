"""What a district's reminders would look like under other rules: on a real village, before they are kept."""

from dataclasses import dataclass
from datetime import timedelta

from bot import ledger, texts
from bot.domain import dates
from bot.domain.months import Month
from bot.domain.offices import Role, office_day
from bot.domain.reminders import Moment
from bot.domain.rulebook import Rules
from bot.store import bills, reminding
from bot.store.bills import Bill
from bot.store.employers import Payer
from bot.store.reminding import Place
from bot.turns import Turn
from handlers.reminders import moments, sentence, values_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preview:
    """The reminder of one village, when it would leave, and how many villages get one tomorrow."""

    place: str = ""
    day: str = ""
    text: str = ""
    villages: int = 0


def preview(turn: Turn, rules: Rules, stage: str, closing: str) -> Preview:
    """The next reminder (of a stage, if one is named) under these rules; empty where nothing is open."""
    best: tuple[Moment, Bill, Place] | None = None
    villages = 0
    running = Month.of(turn.today)
    for month in (running.previous(), running):
        for segment in ledger.SEGMENTS:
            found = moments(rules, turn.district, segment, month)
            coming = [m for m in found if m.at > turn.now and stage in ("", m.stage)]
            if not coming:
                continue
            open_ = _open(turn, segment, month)
            villages += sum(bool(place.serving) for _, place in open_) * _tomorrow(turn, coming)
            if open_ and (best is None or coming[0].at < best[0].at):
                best = (coming[0], *open_[0])
    return Preview(villages=villages) if best is None else _shown(turn, best, closing, villages)


def _tomorrow(turn: Turn, coming: list[Moment]) -> bool:
    days = {moment.at.astimezone(turn.district.zone).date() for moment in coming}
    return turn.today + _DAY in days


def _open(turn: Turn, segment: str, month: Month) -> list[tuple[Bill, Place]]:
    """The bills that would be reminded of, those of villages with somebody linked first."""
    code = turn.district.code
    places = reminding.around(turn.tx, code, segment, month, office_day(turn.now))
    found = [(bill, places[bill.village]) for bill in bills.open_in(turn.tx, code, segment, month)]
    wanted = [(b, p) for b, p in found if b.amount != 0 and p.payer is Payer.VILLAGE]
    return sorted(wanted, key=lambda pair: not pair[1].serving)


def _shown(turn: Turn, best: tuple[Moment, Bill, Place], closing: str, villages: int) -> Preview:
    moment, bill, place = best
    to = place.serving[0] if place.serving else None
    name, role = (to.name, to.role.label) if to else ("Bapak/Ibu", Role.TREASURER.label)
    values = {**values_of(bill, place.label, moment, closing), "name": name, "role": role}
    text = texts.render(f"reminders/{sentence(moment.stage, moment.left)}", values)
    at = moment.at.astimezone(turn.district.zone)
    day = f"{dates.long_date(at.date())}, {dates.clock_time(at, turn.district.zone_label)}"
    return Preview(place.label, day, texts.plain(text), villages)
