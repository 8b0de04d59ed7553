"""*pin kabupaten*: whether the district wants a PIN for harmful acts, while it is being introduced."""

from bot.domain.offices import Role
from bot.messages import Choice, Outgoing
from bot.store import pins
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
    return show(turn)
