"""*pin kabupaten*: whether the district wants a PIN for harmful acts, while it is being introduced."""

from dataclasses import replace

from bot.domain.offices import Role, office_day
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import pins, places
from bot.store.inbox import stamp
from bot.turns import Turn, may_in, within
from handlers.guarding import notices


def show(turn: Turn) -> list[Outgoing]:
    """How it is, and the other way."""
    code = turn.district.code
    wanted = pins.required(turn.tx, code)
    label, to = ("Jangan minta PIN", "off") if wanted else ("Minta PIN", "on")
    choice = Choice(within(code, f"pin_wanted:{to}:{code}"), label)
    return [turn.reply("pin/policy", (choice,), wanted=wanted, place=turn.district.name)]


def set_(turn: Turn) -> list[Outgoing]:
    """From now on."""
    _, to, code = turn.choice.split(":")
    if not may_in(turn, (Role.ADMIN,), code):
        return [turn.reply("chat/not_yours")]
    pins.require(turn.tx, code, wanted=to == "on")
    notices.begin(turn.tx, code)
    turn.note("pin_wanted", f"district:{code}", wanted=to == "on")
    return [*show(turn), *_told(turn, code, wanted=to == "on")]


def _told(turn: Turn, code: str, *, wanted: bool) -> list[Outgoing]:
    """Nobody makes all villages less safe without the office reading of it."""
    groups, staff = places.office(turn.tx, code, office_day(turn.now))
    values = {"wanted": wanted, "place": turn.rules.district(code).name, "by": turn.who.name}
    said = Outgoing(Address("", ""), "pin/policy_told", values, lane=Lane.ALERT, repeatable=False)
    told = [replace(said, to=to, public=True) for to in groups]
    told += [replace(said, to=one.to, person=one.person) for one in staff if one.person != turn.who.person]
    return [replace(out, key=f"pin_wanted:{code}:{stamp(turn.now)}:{out.to.conversation}") for out in told]
