"""*lupa pin*: the office is told, makes sure by telephone, and lets them choose another."""

from dataclasses import replace

from bot.domain.offices import Role, office_day
from bot.messages import Address, Choice, Lane, Outgoing
from bot.store import freezing, people, pins
from bot.turns import Turn, may_in, noise, within
from handlers import district
from handlers.guarding import finding


def forgot(turn: Turn) -> list[Outgoing]:
    """It is never said here what the PIN is, nor changed: whoever holds the phone may be somebody else."""
    if not pins.is_set(turn.tx, turn.who.person):
        return [turn.reply("pin/none_yet")]
    office = turn.who.offices[0]
    who = turn.who
    values = {"name": who.name, "role": office.role.label, "place": district.place_of(turn, office)}
    reset = Choice(within(office.district, f"pin_reset:{who.person}"), "Atur ulang PIN")
    asked = Outgoing(Address("", ""), "pin/reset_asked", values, (reset,), lane=Lane.ALERT, repeatable=False)
    admins = [
        one
        for one in people.staff(turn.tx, office.district, office_day(turn.now))
        if one.role is Role.ADMIN and one.person != who.person
    ]
    key = f"pin_reset:{who.person}:{turn.now:%Y%m%d%H}"  # told once an hour, however often it is asked for
    told = [replace(asked, to=one.to, person=one.person, key=f"{key}:{one.person}") for one in admins]
    return [turn.reply("pin/forgotten", office=turn.rules.district(office.district).office), *told]


def find(turn: Turn) -> list[Outgoing]:
    """*/reset pin <desa|nama>*."""
    return finding.ask(turn, "pin_reset", "pin/which_reset", "Atur ulang", lambda _one: True)


def reset(turn: Turn) -> list[Outgoing]:
    """*Atur ulang PIN*, by an administrator: the next harmful act asks for a new one."""
    one = finding.chosen(turn)
    if one is None or not may_in(turn, (Role.ADMIN,), one.office.district):
        return [turn.reply("chat/not_yours")]
    if one.person == turn.who.person:
        return [turn.reply("pin/not_own")]
    pins.drop(turn.tx, one.person)
    turn.note("pin_reset", f"person:{one.person}", **finding.place(one))
    by = turn.district.office
    told = [
        Outgoing(to, "pin/reset_told", {"office": by}, lane=Lane.ALERT, person=one.person)
        for to in freezing.addresses(turn.tx, one.person)
    ]
    return [
        noise(turn, turn.reply("pin/reset", name=one.name)),
        *told,
        *finding.alarm(turn, "pin/reset_heard", one),
    ]
