"""From one event to the handler that answers it: who speaks, what they mean, what they may.

Routes are an explicit list, tried in order; the right to use one stands on it and is checked here,
against offices read from the database in this same transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bot import filling, forms, guarding, presses, renaming
from bot.domain import greetings, offices, words
from bot.domain.offices import Role
from bot.domain.words import Vocabulary
from bot.filling import FormRoute
from bot.guarding import Guard, never
from bot.messages import Kind, Membership, Outgoing
from bot.presses import ended, over, taken
from bot.store import drafts, invitations, outbox, people, places, prompts
from bot.turns import Handler, Turn, enter, entitled, may, noise


class Where(Enum):
    """Where a route may be used."""

    PRIVATE = "private"
    GROUP = "group"
    BOTH = "both"


ANYONE: tuple[Role, ...] = ()
VILLAGE = offices.VILLAGE
DISTRICT = offices.DISTRICT
LINKED = (*offices.VILLAGE, *offices.DISTRICT)
_HELP = "bantuan"


@dataclass(frozen=True, slots=True)
class Route:
    """What matches, who may, where, and what then."""

    handler: Handler
    match: Callable[[Turn], bool]
    needs: tuple[Role, ...] = LINKED
    where: Where = Where.PRIVATE
    name: str = ""  # of a command
    sign: str = ""  # in docs/hak-akses.md: a command's name, [a button], (a shape), ↩a reply
    aliases: tuple[str, ...] = ()
    hears: Callable[[str], bool] | None = None  # whether a whole sentence means the command
    cry: bool = False  # for help: not even the label of a button goes before it
    slips: int | None = None  # letters that may differ where it is guessed; 0: it harms, or is kept at once
    keeps_form: bool = False  # a form goes on waiting for its answer
    guarded: Guard = never  # whether the PIN is asked for before it is done
    stays: bool = False  # its button may be pressed again, by colleagues too
    harms: bool = False  # it is done at once, without a PIN


def word(name: str, handler: Handler, *aliases: str, **options: Any) -> Route:
    """A command in words, with or without slash, with small typing errors."""

    def matches(turn: Turn) -> bool:
        return turn.word == name

    return Route(handler, matches, name=name, sign=name, aliases=aliases, **options)


def press(prefix: str, handler: Handler, **options: Any) -> Route:
    """A choice whose meaning begins with `prefix:`."""

    def matches(turn: Turn) -> bool:
        return turn.choice.partition(":")[0] == prefix

    return Route(handler, matches, sign=f"[{prefix}]", **options)


def event(found: Membership, handler: Handler) -> Route:
    """Something that happened to the bot in a chat."""
    return Route(handler, lambda turn: turn.incoming.membership is found, needs=ANYONE, where=Where.BOTH)


def shape(*shapes: str, handler: Handler, **options: Any) -> Route:
    """A kind of message that is not text."""

    def matches(turn: Turn) -> bool:
        return turn.incoming.shape in shapes

    return Route(handler, matches, sign=f"({' '.join(shapes)})", **options)


def replied(prefix: str, handler: Handler, **options: Any) -> Route:
    """A reply, in a group, to what the bot said there under a key that begins with `prefix:`."""

    def matches(turn: Turn) -> bool:
        return turn.card.partition(":")[0] == prefix

    return Route(handler, matches, where=Where.GROUP, sign=f"↩{prefix}", **options)


def anything(handler: Handler, **options: Any) -> Route:
    """What no other route took; stands last."""
    return Route(handler, lambda _turn: True, **options)


@dataclass(slots=True)
class Table:
    """All that the bot understands, in order, with the forms it can fill in."""

    routes: Sequence[Route]
    forms: Sequence[FormRoute]
    stranger: Handler
    frozen: Handler | None = None  # whose access is cut
    watch: Handler = lambda _turn: []  # sees everything that is written in a group first
    #: A command may mean another, by who says it.
    reread: Callable[[Vocabulary, Turn], None] = lambda _known, _turn: None
    words: Mapping[Where, Vocabulary] = field(init=False)
    reserved: frozenset[str] = field(init=False)  # see `presses.typed`

    def __post_init__(self) -> None:
        grave = (route.sign for route in self.routes if route.harms or route.guarded is not never)
        self.reserved = frozenset(sign.strip("[]") for sign in grave)
        self.words = {where: self._words(where) for where in (Where.PRIVATE, Where.GROUP)}

    def _words(self, where: Where) -> Vocabulary:
        usable = [route for route in self.routes if route.name and route.where in (where, Where.BOTH)]
        hears = {route.name: route.hears for route in usable if route.hears}
        slips = {route.name: route.slips for route in usable if route.slips is not None}
        cries = [route.name for route in usable if route.cry]
        return Vocabulary({route.name: route.aliases for route in usable}, hears, slips, cries)


def dispatch(table: Table, turn: Turn) -> list[Outgoing]:
    """The answers to one event; changes the turn's rows, sends nothing."""
    turn.reserved = table.reserved
    seen = table.watch(turn) if turn.incoming.group else []
    return [*seen, *_answers(table, turn)]


def _answers(table: Table, turn: Turn) -> list[Outgoing]:
    incoming = turn.incoming
    if incoming.membership is None and (incoming.on_behalf_of or not incoming.sender):
        return []  # an anonymous admin, a channel: nobody whose rights could be looked up
    known = people.actor(turn.tx, incoming.address.channel, incoming.sender, offices.office_day(turn.now))
    turn.actor = known or renaming.known(turn)
    if incoming.group:
        turn.room = places.room(turn.tx, incoming.address)
    turn.secret = guarding.may_be_one(incoming)
    if incoming.edited or (incoming.forwarded and incoming.file is None):
        turn.secret |= turn.actor is not None and guarding.is_awaited(turn)
        return _not_an_answer(turn)
    if incoming.membership is not None:
        return _run(table, turn)
    if turn.actor is None or not turn.actor.offices:
        return _unlinked(table, turn)
    if not incoming.group:
        people.seen(turn.tx, turn.actor, incoming.address, incoming.sender, turn.now)
        filling.load(turn)
    said = None if incoming.group else guarding.heard(turn, lambda text: _is_command(table, text))
    if said is None:
        return _pressed(table, turn) if incoming.choice else _said(table, turn)
    return [*said, *_do(table, turn, theirs=True)] if turn.passed else said


def _is_command(table: Table, text: str) -> bool:
    known = table.words[Where.PRIVATE]
    return not words.exactly(text, forms.WORDS) and bool(
        words.exactly(text, known) or words.meant(text, known)
    )


def _unlinked(table: Table, turn: Turn) -> list[Outgoing]:
    """Somebody without an office: their buttons mean nothing; in private they learn how to be invited."""
    if turn.actor is not None and turn.actor.frozen:
        return (table.frozen or table.stranger)(turn)
    if turn.incoming.choice:
        return ended(turn) if turn.incoming.group else over(table.forms, turn, prompts.Press.STALE, None)
    return [] if turn.incoming.group else table.stranger(turn)


def _not_an_answer(turn: Turn) -> list[Outgoing]:
    """Edited and forwarded messages change nothing; in private that is said, but not to whose access is cut."""
    if turn.incoming.group or (turn.actor is not None and turn.actor.frozen):
        return []
    template = "chat/edited" if turn.incoming.edited else "chat/forwarded"
    return [noise(turn, turn.reply(template))]


def _said(table: Table, turn: Turn) -> list[Outgoing]:
    if _is_for_a_form_taken_over(table, turn):
        return filling.answer(table.forms, turn)
    _understand(table, turn)
    return _answer(table, turn)


def _is_for_a_form_taken_over(table: Table, turn: Turn) -> bool:
    """Whether this was meant for a form that a colleague took over since the last message; only once."""
    text = turn.incoming.text
    if turn.draft is not None or turn.incoming.group or turn.incoming.shape != "text":
        return False
    mark = drafts.lost(turn.tx, turn.who.person, turn.now)
    if mark is None or not mark.active:
        return False
    drafts.rest(turn.tx, turn.who.person)
    known = table.words[Where.PRIVATE]
    command = words.exactly(text, known) or words.meant(text, known)
    return command is None or words.exactly(text, forms.WORDS) is not None


def _pressed(table: Table, turn: Turn) -> list[Outgoing]:
    incoming = turn.incoming
    choice = presses.meant(table.forms, turn)
    if isinstance(choice, list):
        return choice
    turn.choice = choice.id
    theirs = _meant(turn)
    route = _route(table, turn)
    if incoming.group and not (theirs and route is not None and may(turn, route.needs)):
        return ended(turn)  # no right: nothing is said, and the buttons stay for who has it
    if incoming.group and route is not None and guarding.bars(turn, route.guarded):
        return [*ended(turn), *guarding.ask(turn)]
    if route is not None and route.stays:
        return [*ended(turn), *_do(table, turn, theirs=theirs)]
    prompts.use(turn.tx, turn.now, incoming.choice, turn.who.person)
    ends = taken(turn, "chat/chosen", label=choice.label)
    said = _do(table, turn, theirs=theirs)
    # What is written anew in its place brings its own buttons: they must not be taken away after it.
    anew = any(out.kind is Kind.EDIT and out.message == incoming.message for out in said)
    return [*(out for out in ends if out.kind is Kind.ANSWER or not anew), *said]


def _understand(table: Table, turn: Turn) -> None:
    """Find the command or the open choice that typed text means."""
    incoming = turn.incoming
    text = incoming.text.strip()
    written = incoming.shape == "text"
    if incoming.group and not (written and text.startswith("/")):
        turn.card = outbox.said_in_group(turn.tx, incoming.address, incoming.reply_to)
        return
    if not text or not written:
        return
    if turn.draft is not None:
        _within_form(table, turn, text)
    elif not incoming.group and greetings.alone(text):
        turn.word = "menu"
    else:
        text = text if incoming.group else greetings.without(text)
        turn.incoming = replace(incoming, text=text)
        _freely(table, turn, text)
    if turn.word and not turn.rest:
        turn.rest = words.behind(text, table.words[_where(turn)], turn.word)
    table.reread(table.words[Where.PRIVATE], turn)


def _where(turn: Turn) -> Where:
    return Where.GROUP if turn.incoming.group else Where.PRIVATE


def _within_form(table: Table, turn: Turn, text: str) -> None:
    """A form is open: only a whole command leaves it; its own words stay with it."""
    turn.choice = presses.typed(turn, text)
    if not turn.choice and not words.exactly(text, forms.WORDS):
        turn.word = filling.command_in(table.forms, turn, text, table.words[Where.PRIVATE])
        turn.choice = "" if turn.word else presses.spelled(turn, text, command=False)


def _freely(table: Table, turn: Turn, text: str) -> None:
    """A command, a code, an open choice, or a mistyped command, in this order; but of the label of a button, whole
    as it stands there, the button is meant, unless it is a cry for help.
    """
    commands = table.words[_where(turn)]
    meant = words.meant(text, commands) or ""
    if meant not in commands.cries and not turn.incoming.group:
        whole = bool(words.exactly(text, commands)) and not words.exactly(text, forms.WORDS)
        turn.choice = presses.spelled(turn, text, command=whole)
    turn.word = "" if turn.choice else meant
    if turn.word or turn.choice:
        return
    turn.word = words.command(text, commands, fuzzy=turn.incoming.group) or ""
    if words.first(text, commands) == _HELP and not _may_use(table, turn, turn.word):
        turn.word = _HELP  # "tolong ingatkan …" of a village is a plea
    if turn.word or turn.incoming.group:
        return
    if _is_code(text):
        turn.word, turn.rest = "start", text
        return
    turn.choice = presses.typed(turn, text)
    if not turn.choice:
        # "betul" is no slip of "batal"
        guess = "" if words.is_yes(text) else words.command(text, commands, fuzzy=True) or ""
        turn.word = guess if _may_use(table, turn, guess) else ""


def _may_use(table: Table, turn: Turn, name: str) -> bool:
    routes = [one for one in table.routes if one.name == name and one.where is not Where.GROUP]
    return any(not one.needs or entitled(turn, one.needs) for one in routes)


def _is_code(text: str) -> bool:
    """Whether somebody who is linked sends one more invitation, and not a long name."""
    return invitations.as_code(text) is not None and any(c.isdigit() or c == "-" for c in text)


def _answer(table: Table, turn: Turn) -> list[Outgoing]:
    """What was typed: a choice, a command, an answer."""
    return _do(table, turn, theirs=_meant(turn))


def _meant(turn: Turn) -> bool:
    """Turn a choice about a district, and one that stands for a command, into what it means; False where
    the person does not serve in that district.
    """
    if not enter(turn):
        return False
    if turn.choice.startswith("form:") and turn.choice.endswith(":bantuan"):
        turn.choice, turn.word = "", _HELP
    elif turn.choice.startswith("menu:"):  # a button that stands for a command
        turn.choice, turn.word = "", turn.choice.removeprefix("menu:")
    return True


def _do(table: Table, turn: Turn, *, theirs: bool) -> list[Outgoing]:
    """Let the open form take it, unless it is a command; then the first route that matches."""
    if not theirs:
        return [turn.reply("chat/not_yours")]
    is_answer = turn.choice.startswith("form:") or (
        turn.in_form and not turn.choice and not turn.word and turn.incoming.shape == "text"
    )
    if is_answer and not turn.incoming.group:
        return filling.answer(table.forms, turn)
    return _run(table, turn)


def _run(table: Table, turn: Turn) -> list[Outgoing]:
    route = _route(table, turn)
    if route is None:
        return []
    if not may(turn, route.needs):
        who = offices.told(route.needs) if route.name else ""  # of a button nothing is told
        village = turn.actor is not None and bool(turn.actor.village)
        return [] if turn.incoming.group else [turn.reply("chat/not_yours", who=who, village=village)]
    if guarding.bars(turn, route.guarded):
        return guarding.ask(turn)
    said = route.handler(turn)
    return said if route.keeps_form or turn.draft is None else filling.paused(table.forms, turn, said)


def _route(table: Table, turn: Turn) -> Route | None:
    """The first that matches, where the event took place."""
    here = (route for route in table.routes if route.where in (_where(turn), Where.BOTH))
    return next((route for route in here if route.match(turn)), None)
