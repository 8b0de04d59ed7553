"""What waits for the office, told in its group by numbers; the lists themselves open in private."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot import ruling
from bot.domain import dates
from bot.domain.offices import CHECKERS
from bot.messages import Choice, Outgoing
from bot.store import members, office, payments, project_reports
from bot.turns import Handler, Turn
from handlers import calls, checking, confirming, own_chat, stages
from handlers.office import coming, rooms
from handlers.stage_rows import stages as stages_of
from handlers.stage_rows import tomorrow

OPEN = "Buka di chat pribadi"


def proofs(turn: Turn) -> list[Outgoing]:
    """*/bukti* in the group; of one village only in private.  A village's own officers are told nothing."""
    if not rooms.holds(turn, CHECKERS):
        return []
    if turn.rest:
        return own_chat.with_a_line(turn, checking.waiting(turn))
    found = payments.waiting(turn.tx, turn.district.code)
    instalments = len(project_reports.waiting(turn.tx, turn.district.code))
    values = {
        "count": len(found),
        "villages": len({one.village for one in found}),
        "instalments": instalments,
    }
    oldest = found[0].reported_at if found else turn.now
    said = turn.post(
        "office/proofs",
        (Choice("open_proofs:", OPEN),) if found or instalments else (),
        since=_day(turn, oldest),
        days=(turn.now - oldest).days,
        **values,
    )
    return [rooms.for_all(said)]


def submitted(turn: Turn) -> list[Outgoing]:
    """*/ajuan* in the group."""
    found = members.waiting(turn.tx, turn.district.code)
    oldest = office.submitted_since(turn.tx, turn.district.code)
    said = turn.post(
        "office/members",
        (Choice("open_members:", OPEN),) if found else (),
        count=sum(one.people for one in found),
        villages=len(found),
        since=_day(turn, oldest) if oldest else "",
    )
    return [rooms.for_all(said)]


def _day(turn: Turn, at: datetime) -> str:
    return dates.short_date(at.astimezone(turn.district.zone).date())


def schedule(turn: Turn) -> list[Outgoing]:
    """*/jadwal* in the group: what is sent when; changed in private."""
    found = stages_of(turn, turn.rules)
    zone = turn.district.zone_label
    lines = [
        f"{stages.in_words(one.days_before, one.at.hour, zone)}: {stages.label(one.name)}"
        f"{' (dimatikan)' if one.off else ''}"
        for one in found
    ]
    at, villages = coming.next_reminder(turn.tx, turn.rules, turn.district, turn.now) or (None, 0)
    said = turn.post(
        "office/schedule",
        (Choice("open_schedule:", "Ubah di chat pribadi"),),
        district=turn.district.name,
        lines=lines,
        next=coming.in_words(at, turn.district) if at else "",
        villages=villages,
        closing=ruling.closing(turn.tx, turn.district.code, tomorrow(turn)),
    )
    return [rooms.for_all(said)]


def to_call(turn: Turn) -> list[Outgoing]:
    """*/telepon* in the group: telephone numbers are for one person."""
    return own_chat.with_a_line(turn, calls.show(turn))


def in_the_way(turn: Turn) -> list[Outgoing]:
    """*/kendala* in the group."""
    return own_chat.with_a_line(turn, calls.reasons(turn))


def opened(show: Handler, card: Handler, turn: Turn) -> list[Outgoing]:
    """*Buka di chat pribadi*, for whoever presses; the numbers in the group are brought up to date."""
    plain = replace(turn, choice="", rest="")
    return [*own_chat.privately(turn, show(plain)), *(rooms.in_place(turn, out) for out in card(plain))]


open_proofs = partial(opened, checking.waiting, proofs)
open_members = partial(opened, confirming.villages, submitted)
open_schedule = partial(opened, stages.show, schedule)
