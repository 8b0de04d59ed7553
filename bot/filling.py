"""Forms in a conversation: begun, answered, put aside, taken up again, finished."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import forms, guarding
from bot.domain import picking, words
from bot.domain.offices import VILLAGE, Role
from bot.domain.words import Vocabulary
from bot.errors import Invalid
from bot.guarding import Guard, never
from bot.messages import Choice, Outgoing
from bot.progress import Outcome, Progress, Say, Status
from bot.store import drafts, prompts
from bot.turns import Turn, may

#: How people call a channel.
APPS = {"telegram": "Telegram", "whatsapp": "WhatsApp"}


@dataclass(frozen=True, slots=True)
class FormRoute:
    """A form: what its functions may look at, and what to do with the answers."""

    form: forms.Form
    extra: Callable[[Turn], Mapping[str, Any]]
    done: Callable[[Turn, Mapping[str, Any]], list[Outgoing]]
    needs: tuple[Role, ...] = VILLAGE
    guarded: Guard = never  # whether the PIN is asked for before it is done
    #: What is said when it was thrown away, where there is more to say than that.
    dropped: Callable[[Turn, Mapping[str, Any]], list[Outgoing]] | None = None
    #: What is said when it was put aside, where that is more than how far it is filled in.
    rests: Callable[[Turn, Mapping[str, Any]], Outgoing] | None = None


#: Questions that show numbers: from four buttons on, and where a number is a line of the list above.
_FOUR = 4
_LIST = "people:"


def paused(routes: Sequence[FormRoute], turn: Turn, said: list[Outgoing]) -> list[Outgoing]:
    """Another subject came up and was answered: the form rests, and says how to go on.

    Said last, but above numbers: a number is then one of theirs, and "1" below anything else goes on.
    """
    numbers = any(
        len(out.choices) >= _FOUR or out.choices[0].id.startswith(_LIST) for out in said if out.choices
    )
    note = _pause(routes, turn)
    return [*note, *said] if numbers else [*said, *note]


def _pause(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    assert turn.draft is not None
    progress = turn.draft.progress
    if turn.draft not in drafts.of(turn.tx, turn.who.person, turn.now):
        return []  # the handler finished or dropped it itself, or opened another
    drafts.rest(turn.tx, turn.who.person)
    route = _route(routes, progress.form)
    return [] if route is None else [resting(turn, route, progress)]


def resting(turn: Turn, route: FormRoute, progress: Progress, *others: Choice) -> Outgoing:
    """A form that was put aside, with the way on, and what `others` offer."""
    if route.rests is not None:
        return route.rests(turn, progress.answers)
    choices = (_go_on(route, "Lanjutkan isian"), *others)
    return turn.reply("form/resting", choices, **forms.where(route.form, progress))


def load(turn: Turn) -> None:
    """The form whose question this chat was left with, as far as it did not go on elsewhere."""
    chat = turn.incoming.address.conversation
    found = drafts.of(turn.tx, turn.who.person, turn.now)
    turn.draft = next((one for one in found if one.active and one.progress.is_open_in(chat)), None)
    if turn.draft is None:
        turn.elsewhere = next((one for one in found if one.progress.went_on_without(chat)), None)


def ask_again(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """The question that is open in this chat, once more; nothing where none is."""
    route = _route(routes, turn.draft.progress.form) if turn.draft else None
    if turn.draft is None or route is None:
        return []
    progress = turn.draft.progress
    return [_spoken(turn, forms.ask(route.form, progress, _view(turn, route, progress)))]


def open_form(
    turn: Turn, route: FormRoute, answers: Mapping[str, Any] | None = None, *, fresh: bool = False
) -> list[Outgoing]:
    """Begin a form about what the person speaks about, or go on with the one that was left.

    With `answers` that are known already, or `fresh`, one that was left is replaced.
    """
    left = None if answers or fresh else _own(turn, route, turn.place)
    progress = left or forms.begin(route.form, turn.place, answers)
    progress.pending = {}
    drafts.rest(turn.tx, turn.who.person)
    progress.ask_in(turn.incoming.address.conversation)
    drafts.save(turn.tx, turn.who.person, progress, turn.now)
    prompts.close(turn.tx, turn.now, turn.incoming.address, "form")
    return [_spoken(turn, forms.ask(route.form, progress, _view(turn, route, progress)))]


def _own(turn: Turn, route: FormRoute, village: str) -> Progress | None:
    mine = (draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now))
    return next((p for p in mine if p.form == route.form.name and p.village == village), None)


def _route(routes: Sequence[FormRoute], form: str) -> FormRoute | None:
    """The form of that name; None where an upgrade has dropped it."""
    return next((route for route in routes if route.form.name == form), None)


def _view(turn: Turn, route: FormRoute, progress: Progress) -> forms.View:
    return forms.View(turn.today, progress.answers, route.extra(turn))


def command_in(routes: Sequence[FormRoute], turn: Turn, text: str, commands: Vocabulary) -> str:
    """The command that is meant by what was typed while a form is open; "" for an answer.

    Nothing is read out of a sentence where the question asks for one.
    """
    whole = words.exactly(text, commands) or ""
    route = _route(routes, turn.draft.progress.form) if turn.draft and not whole else None
    if route is None or turn.draft is None:
        return whole
    here = turn.draft.progress.at
    open_ = [step for step in route.form.steps if here in (step.name, forms.REVIEW)]
    if any(step.sentences or step.is_told(text) for step in open_):
        return ""
    begun = words.command(text, commands, fuzzy=False) if route.form.commands else None
    if begun and words.exactly(begun, forms.WORDS):
        return ""  # "batal dulu": the form's own word
    if spelt := begun or words.exactly(_BESIDE.sub("", text), commands):
        return spelt
    heard = words.meant(text, commands) or ""
    return (
        "" if commands.slips.get(heard) == 0 else heard
    )  # of what would be kept at once, no sentence is enough here


#: "tagihan berapa", "mau lihat tagihan dulu": the command, asked for in passing.
_BESIDE = re.compile(r"(?i)\b(?:berapa|brp|dulu)\b")


def taken_over(turn: Turn) -> list[Outgoing]:
    """What somebody reads who comes back to a form that a colleague took over; nothing if nobody did."""
    mark = drafts.lost(turn.tx, turn.who.person, turn.now)
    return [turn.reply("form/taken_meanwhile", name=mark.name, by=mark.by)] if mark else []


def _elsewhere(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """An answer to an older question: the form went on in another chat.  Said once."""
    draft, here = turn.elsewhere, turn.incoming.address
    route = _route(routes, draft.progress.form) if draft else None
    if draft is None or route is None:
        return []
    last = next(reversed(draft.progress.asked)).partition(":")[0]
    draft.progress.asked.pop(here.conversation)
    drafts.save(turn.tx, turn.who.person, draft.progress, draft.updated_at, active=draft.active)
    values = {
        "app": APPS.get(last, "") if last != here.channel else "",
        **forms.where(route.form, draft.progress),
    }
    return [turn.reply("form/elsewhere", [_go_on(route, "Lanjutkan di sini")], **values)]


def _resting(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """A button of a form that was put aside: it is kept, and can be gone on with."""
    known = ("", *turn.who.villages, *turn.who.districts)
    for draft in drafts.of(turn.tx, turn.who.person, turn.now):
        route = _route(routes, draft.progress.form)
        if route is not None and draft.progress.village in known:
            return [resting(turn, route, draft.progress)]
    return []


def _go_on(route: FormRoute, label: str) -> Choice:
    return Choice(f"resume:{route.form.name}", label)


def _without(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """An answer while no form is open here."""
    found = _elsewhere(routes, turn) or taken_over(turn) or _resting(routes, turn)
    return found or [turn.reply("chat/no_form", village=bool(turn.who.village))]


def answer(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """What was said to the form that is open."""
    draft = turn.draft
    if draft is None:
        return _without(routes, turn)
    progress = draft.progress
    route = _route(routes, progress.form)
    if route is None:
        drafts.drop(turn.tx, turn.who.person, progress)
        return [
            turn.reply("chat/no_form", (Choice("menu:menu", "Lihat menu"),), village=bool(turn.who.village))
        ]
    who = turn.who
    theirs = progress.village in ("", *who.villages, *who.districts)
    turn.actor = replace(who, focus=progress.village or who.focus)
    if not theirs or not may(turn, route.needs):
        drafts.rest(turn.tx, turn.who.person)  # they left that office; a colleague may go on with it
        return [turn.reply("chat/not_yours")]
    if turn.asked:
        prompts.close(turn.tx, turn.now, turn.incoming.address, "form")
    said = _typed(turn, route, progress) or turn.choice or turn.incoming.text
    outcome = forms.hear(route.form, progress, said, _view(turn, route, progress))
    return _settle(turn, route, progress, outcome)


def _typed(turn: Turn, route: FormRoute, progress: Progress) -> str:
    """What was typed, where the question reads more than the buttons that it may be a part of say."""
    text = "" if turn.incoming.choice else turn.incoming.text
    reads = any(step.more_words for step in route.form.steps if step.name == progress.at)
    return text if reads and not picking.is_number(text) else ""


def _settle(turn: Turn, route: FormRoute, progress: Progress, outcome: Outcome) -> list[Outgoing]:
    person = turn.who.person
    if outcome.status is Status.DONE:
        if guarding.bars(turn, route.guarded):
            return guarding.ask(turn)  # the draft stays as it was before this answer
        drafts.drop(turn.tx, person, progress)  # first: what is done may open a form again, even the same
        try:
            return route.done(turn, progress.answers)
        except Invalid as error:  # what was true when asked is no longer: ask that again
            progress.at = error.values.pop("step", progress.at)
            drafts.save(turn.tx, person, progress, turn.now)
            return [turn.reply(error.template, **error.values, attempt=1)]
    if outcome.status is Status.DROPPED:
        drafts.drop(turn.tx, person, progress)
        if route.dropped is not None and (said := route.dropped(turn, progress.answers)):
            return said
    else:
        progress.ask_in(turn.incoming.address.conversation)
        drafts.save(turn.tx, person, progress, turn.now, active=outcome.status is Status.ASKING)
        if outcome.status is Status.PAUSED and route.rests is not None:
            return [route.rests(turn, progress.answers)]
    return [_spoken(turn, outcome.say)] if outcome.say else []


def _spoken(turn: Turn, say: Say) -> Outgoing:
    return turn.reply(say.template, say.choices, **say.values)
