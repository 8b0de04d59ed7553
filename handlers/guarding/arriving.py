"""A further phone or application of somebody who is linked: told to those beside them, and counted a day later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import filling, guarding
from bot.domain import dates
from bot.domain.offices import Office, office_day
from bot.domain.rulebook import District
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import arriving, freezing, people
from bot.store.database import Tx
from bot.store.freezing import Holder
from bot.store.invitations import Invitation
from bot.turns import Turn
from handlers import requesting
from handlers.guarding import finding
from handlers.served import Served


def came(turn: Turn, invitation: Invitation, person: int) -> list[Outgoing]:
    """The code of *tautkan* came from there: who it is, and who serves beside them, hear when it will count."""
    at, user = turn.incoming.address, turn.incoming.sender
    counts = arriving.come(turn.tx, person, user, at, turn.now)
    turn.note("link_wait", f"person:{person}", place=invitation.office.village or invitation.office.district)
    when = _when(counts, turn.rules.district(invitation.office.district))
    return [turn.reply("start/waits", when=when), *_told(turn, invitation.office, person, when)]


def still_waits(turn: Turn) -> list[Outgoing]:
    """Who writes from there meanwhile is told when; nothing if nobody gave it a code."""
    channel, user = turn.incoming.address.channel, turn.incoming.sender
    waits = arriving.waiting(turn.tx, channel, user)
    if waits is None:
        return []
    person, counts = waits
    held = people.offices(turn.tx, person, office_day(turn.now))
    there = turn.rules.district(held[0].district) if held else turn.rules.districts[0]
    return [turn.reply("start/waits", when=_when(counts, there))]


def _when(at: datetime, district: District) -> str:
    local = at.astimezone(district.zone)
    return f"{dates.long_date(local.date())}, {dates.clock_time(local, district.zone_label)}"


def _told(turn: Turn, office: Office, person: int, when: str) -> list[Outgoing]:
    values = {"when": when, "office": turn.rules.district(office.district).office}
    channel = turn.incoming.address.channel
    refuse = (Choice(f"not_ours:{person}", "Bukan saya"),)
    own: list[Outgoing] = []
    for known in freezing.addresses(turn.tx, person):  # wherever they were reached so far
        app = filling.APPS.get(channel, "") if channel != known.channel else ""
        said = Outgoing(known, "start/linked_elsewhere", values | {"app": app}, refuse, lane=Lane.ALERT)
        own.append(replace(said, person=person, repeatable=False))
    name = next((one.name for one in _held(turn, office.district, person)), "")
    beside = guarding.told_about(turn, "guarding/arriving", (person, name), office)
    refuse = (Choice(f"not_ours:{person}", "Bukan beliau"),)
    told = [replace(out, values={**out.values, "when": when}) for out in beside]
    return [*own, *(out if out.public else replace(out, choices=refuse) for out in told)]


def _held(turn: Turn, district: str, person: int) -> list[Holder]:
    every = freezing.holders(turn.tx, district, office_day(turn.now))
    return [one for one in every if one.person == person]


def not_ours(turn: Turn) -> list[Outgoing]:
    """*Bukan saya*, *Bukan beliau*: it will not count, and whoever gave it a code does nothing more."""
    number = turn.choice.partition(":")[2]
    districts = dict.fromkeys(office.district for office in turn.who.offices)
    person = int(number) if number.isdecimal() else 0
    found = [one for code in districts for one in _held(turn, code, person) if _may(turn, one)]
    if not found:
        return [turn.reply("chat/not_yours")]
    one = found[0]
    office = turn.rules.district(one.office.district).office
    if not arriving.refuse(turn.tx, person):
        return [turn.reply("guarding/arriving_over", name=one.name, office=office)]
    turn.note("refuse_address", f"person:{person}", **finding.place(one))
    told: Sequence[Address] = ()
    edits: list[Outgoing] = []
    last = people.runs_alone(turn.tx, person, office_day(turn.now))
    if not last:
        told = freezing.freeze(turn.tx, person, one.office.district, turn.who.person, turn.now)
        turn.note("freeze", f"person:{person}", **finding.place(one))
        edits = requesting.lapsed_with_access(turn, person)
    calm = [
        Outgoing(to, "guarding/you_are_frozen", {"office": office}, lane=Lane.ALERT, repeatable=False)
        for to in told
        if person != turn.who.person
    ]
    said = turn.reply("guarding/arriving_refused", name=one.name, office=office, frozen=not last)
    return [said, *calm, *([] if last else finding.alarm(turn, "guarding/frozen_heard", one)), *edits]


def _may(turn: Turn, one: Holder) -> bool:
    """Of oneself, and of who serves beside one or below."""
    if one.person == turn.who.person:
        return True
    office = one.office
    mine = (own for own in turn.who.offices if own.district == office.district)
    return any(own.sees(office.village) if office.village else not own.village for own in mine)


class Arriving(Served):
    """The planner that lets them count."""

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Whose day is over is linked there, if they still serve, and nobody else is by now; they read it there."""
        said, today = [], office_day(until)
        for one in arriving.due(tx, until):
            if not people.offices(tx, one.person, today) or freezing.cut(tx, one.person)[0]:
                continue
            meanwhile = people.actor(tx, one.at.channel, one.user, today)
            if meanwhile is not None and meanwhile.offices:
                continue  # by another code, or a request that was approved
            people.link(tx, one.person, one.user, one.at, until)
            said.append(
                Outgoing(one.at, "start/counts_now", choices=(Choice("menu:menu", "Menu"),), lane=Lane.ALERT,
                         key=f"arrived:{one.at.conversation}:{until.isoformat()}", person=one.person)
            )  # fmt: skip
        return said
