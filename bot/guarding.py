"""The gate before acts that do harm in the wrong hands: whoever holds the phone must know the PIN.

It stands on routes and forms (`guarded`), so that no handler knows of it: what was understood is kept, the
PIN is asked for, and then the same is done as if nothing had come between.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain import dates, pins, words
from bot.domain.offices import Office, office_day
from bot.forms import WORDS
from bot.messages import Address, Choice, Incoming, Kind, Lane, Outgoing
from bot.store import people, places
from bot.store import pins as store
from bot.store.inbox import stamp
from bot.store.pins import Stage, Wait
from bot.turns import Turn

#: Whether what a route is about to do needs the PIN.
Guard = Callable[[Turn], bool]

FORGOT = Choice("menu:lupa pin", "Lupa PIN")


def never(_turn: Turn) -> bool:
    """What anybody may do who holds the phone."""
    return False


def always(_turn: Turn) -> bool:
    """What only the person themselves may do."""
    return True


def once_sure(turn: Turn) -> bool:
    """What is asked once more before it is done: the second press alone needs it."""
    return turn.choice.endswith((":yes", ":ya"))


def saves(turn: Turn) -> bool:
    """Of *Simpan* and *Jangan simpan* under what was read from a sheet, the first."""
    return turn.choice.partition(":")[2] != "0"


def bars(turn: Turn, guard: Guard) -> bool:
    """Whether the PIN must be typed first."""
    if not guard(turn) or not store.required(turn.tx, turn.district.code):
        return False
    here = None if turn.incoming.group else turn.incoming.address
    return not store.remembered(turn.tx, turn.who.person, turn.now, here)


def ask(turn: Turn) -> list[Outgoing]:
    """Keep what was understood, and ask; who has no PIN yet sets one.  In a group, where it cannot be typed,
    it is asked for in their own chat, and they press once more.
    """
    incoming = turn.incoming
    at, then = incoming.address, _understood(turn)
    line: list[Outgoing] = []
    if incoming.group:
        if not turn.who.seen[0]:
            return [turn.post("chat/no_own_chat", name=turn.who.name)]
        at, then = Address(at.channel, turn.who.seen[0]), {}
        line = [turn.post("pin/in_private")]
    return [*line, replace(_question(turn, at, then), to=at, public=False)]


def _understood(turn: Turn) -> dict[str, str]:
    return {
        "choice": turn.choice,
        "word": turn.word,
        "rest": turn.rest,
        "text": turn.incoming.text,
        "message": turn.incoming.message,
    }


def _question(turn: Turn, at: Address, then: dict[str, str]) -> Outgoing:
    person = turn.who.person
    has, until = store.is_set(turn.tx, person), store.locked(turn.tx, person, turn.now)
    # Also while none is taken: what they type now may still be theirs, and is not kept.
    store.wait(turn.tx, at, person, Wait(Stage.ASK if has else Stage.FIRST, then, "", turn.now))
    if until is not None:
        return turn.reply("pin/locked", (FORGOT,), until=_clock(turn, until), office=turn.district.office)
    return turn.reply("pin/ask", (FORGOT,)) if has else turn.reply("pin/set")


def _clock(turn: Turn, at: datetime) -> str:
    return dates.clock_time(at.astimezone(turn.district.zone), turn.district.zone_label)


def may_be_one(incoming: Incoming) -> bool:
    """Whether it may be a PIN, also where none is asked for any more: six digits, whatever they were meant for."""
    return not incoming.group and bool(pins.read(incoming.text))


def is_awaited(turn: Turn) -> bool:
    """Whether what was typed here may be a PIN, also where it is not taken as one."""
    return not turn.incoming.group and _wait(turn) is not None


def _wait(turn: Turn) -> Wait | None:
    return store.waiting(turn.tx, turn.incoming.address, turn.who.person)


def heard(turn: Turn, is_command: Callable[[str], bool]) -> list[Outgoing] | None:
    """What is to be said where this chat was asked for a PIN; None: it is no answer to that.

    After the right one `turn` is what had been understood before (`turn.passed`).
    """
    wait = _wait(turn)
    if wait is None:
        return None
    incoming = turn.incoming
    text = incoming.text.strip()
    typed = pins.read(text)
    leaves = incoming.choice or incoming.shape != "text" or (not typed and is_command(text))
    if leaves:
        store.no_wait(turn.tx, incoming.address)
        return None
    if words.exactly(text, WORDS):
        store.no_wait(turn.tx, incoming.address)
        return [_put_off(turn, wait)]
    turn.secret = any(sign.isdigit() for sign in text)
    return [*_deleted(turn), *_answered(turn, wait, typed)]


def _put_off(turn: Turn, wait: Wait) -> Outgoing:
    return turn.reply("pin/put_off", _again(turn, wait), form=turn.draft is not None)


def _again(turn: Turn, wait: Wait) -> tuple[Choice, ...]:
    """The way back to what was asked for: the button that led here is used up."""
    if turn.draft is not None:
        return (Choice(f"resume:{turn.draft.progress.form}", "Lanjutkan isian"),)
    choice = wait.then.get("choice", "")
    return (Choice(choice, "Coba lagi"),) if choice and not choice.startswith("form:") else ()


def _deleted(turn: Turn) -> list[Outgoing]:
    """Take what may be a PIN out of the chat, where the platform lets us."""
    incoming = turn.incoming
    if not (turn.secret and incoming.message):
        return []
    return [Outgoing(incoming.address, "", kind=Kind.DELETE, message=incoming.message, lane=Lane.TAP)]


def _answered(turn: Turn, wait: Wait, typed: str) -> list[Outgoing]:
    if turn.now - wait.at > store.FRESH:
        store.no_wait(turn.tx, turn.incoming.address)
        return [turn.reply("pin/too_late", _again(turn, wait))]
    if not typed:
        return [turn.reply("pin/six_digits", (FORGOT,) if wait.stage is Stage.ASK else ())]
    return _STAGES[wait.stage](turn, wait, typed)


def _tried(turn: Turn, wait: Wait, typed: str) -> list[Outgoing]:
    person = turn.who.person
    was_locked = store.locked(turn.tx, person, turn.now)
    tried = store.check(turn.tx, person, typed, turn.now)
    if tried.right:
        return _opened(turn, wait)
    if tried.until is None:
        return [turn.reply("pin/wrong", (FORGOT,), left=tried.left)]
    choices = (*_again(turn, wait), FORGOT)
    said = turn.reply("pin/locked", choices, until=_clock(turn, tried.until), office=turn.district.office)
    if was_locked:
        return [said]
    store.close(turn.tx, person)
    turn.note("pin_locked", f"person:{person}")
    return [said, *alarm(turn, "pin/locked_told")]


def _first(turn: Turn, wait: Wait, typed: str) -> list[Outgoing]:
    if pins.is_weak(typed):
        return [turn.reply("pin/weak")]
    asked = replace(wait, stage=Stage.SECOND, first=store.hashed(typed), at=turn.now)
    store.wait(turn.tx, turn.incoming.address, turn.who.person, asked)
    return [turn.reply("pin/again")]


def _second(turn: Turn, wait: Wait, typed: str) -> list[Outgoing]:
    person, at = turn.who.person, turn.incoming.address
    if not store.fits(typed, wait.first):
        store.wait(turn.tx, at, person, replace(wait, stage=Stage.FIRST, first="", at=turn.now))
        return [turn.reply("pin/differs")]
    store.keep(turn.tx, person, wait.first, turn.now)
    turn.note("pin_set", f"person:{person}")
    return [turn.reply("pin/kept", office=turn.district.office), *_opened(turn, wait)]


_STAGES = {Stage.ASK: _tried, Stage.FIRST: _first, Stage.SECOND: _second}


def _opened(turn: Turn, wait: Wait) -> list[Outgoing]:
    """The turn goes on as what had been asked for; no handler ever sees the PIN."""
    store.no_wait(turn.tx, turn.incoming.address)
    store.remember(turn.tx, turn.incoming.address, turn.who.person, turn.now)
    if not wait.then:
        return [turn.reply("pin/press_again")]
    then = wait.then
    turn.choice, turn.word, turn.rest = then["choice"], then["word"], then["rest"]
    turn.incoming = replace(turn.incoming, text=then["text"], message=then["message"], shape="text")
    turn.passed = True
    return []


def alarm(turn: Turn, template: str) -> list[Outgoing]:
    """Something is wrong with this person's access: the village's others hear who, the office's group which post."""
    who, told = turn.who, []
    for office in who.offices:
        told += told_about(turn, template, (who.person, who.name), office)
    return told


def told_about(turn: Turn, template: str, whom: tuple[int, str], office: Office) -> list[Outgoing]:
    """To whoever serves beside them in this office, and to the district's."""
    person, name = whom
    village = places.village(turn.tx, office.village)
    district = turn.rules.district(office.district)
    values = {
        "role": office.role.label,
        "place": village.label if village else f"{district.office} {district.name}",
        "office": district.office,
    }
    today = office_day(turn.now)
    groups, staff = places.office(turn.tx, office.district, today)
    beside = people.serving(turn.tx, office.village, today) if village else []
    itself = turn.actor.person if turn.actor else person
    found = {one.person: one for one in (*beside, *staff) if one.person not in (person, itself)}
    key = f"{template}:{person}:{office.role.value}:{office.village or office.district}:{stamp(turn.now)}"
    said = Outgoing(Address("", ""), template, {**values, "name": name}, lane=Lane.ALERT, repeatable=False)
    told = [replace(said, to=to, values={**values, "name": ""}, public=True) for to in groups]
    told += [replace(said, to=one.to, person=one.person) for one in found.values()]
    return [replace(out, key=f"{key}:{out.to.conversation}") for out in told]
