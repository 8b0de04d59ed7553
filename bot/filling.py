"""Forms in a conversation: begun, answered, put aside, taken up again, finished."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import forms
from bot.domain import words
from bot.domain.offices import VILLAGE, Role
from bot.domain.words import Vocabulary
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.store import drafts, prompts
from bot.turns import Turn, may


@dataclass(frozen=True, slots=True)
class FormRoute:
    """A form: what its functions may look at, and what to do with the answers."""

    form: forms.Form
    extra: Callable[[Turn], Mapping[str, Any]]
    done: Callable[[Turn, Mapping[str, Any]], list[Outgoing]]
    needs: tuple[Role, ...] = VILLAGE


def pause(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """Another subject came up: the form rests, and says how to go on."""
    assert turn.draft is not None
    progress = turn.draft.progress
    if turn.draft not in drafts.of(turn.tx, turn.who.person, turn.now):
        return []  # the handler finished or dropped it itself, or opened another
    drafts.rest(turn.tx, turn.who.person)
    route = _route(routes, progress.form)
    if route is None:
        return []
    form = route.form
    go_on = (Choice(f"resume:{progress.form}", "Lanjutkan isian"),)
    return [turn.reply("form/resting", go_on, done=form.done(progress.answers), total=len(form.steps))]


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
    drafts.save(turn.tx, turn.who.person, progress, turn.now)
    prompts.close(turn.tx, turn.now, turn.incoming.address, "form")
    return [_spoken(turn, forms.ask(route.form, progress, _view(turn, route, progress)))]


def _own(turn: Turn, route: FormRoute, village: str) -> forms.Progress | None:
    mine = (draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now))
    return next((p for p in mine if p.form == route.form.name and p.village == village), None)


def _route(routes: Sequence[FormRoute], form: str) -> FormRoute | None:
    """The form of that name; None where an upgrade has dropped it."""
    return next((route for route in routes if route.form.name == form), None)


def _view(turn: Turn, route: FormRoute, progress: forms.Progress) -> forms.View:
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
    asked = any(step.sentences for step in route.form.steps if here in (step.name, forms.REVIEW))
    return "" if asked else words.meant(text, commands) or ""


def taken_over(turn: Turn) -> list[Outgoing]:
    """What somebody reads who comes back to a form that a colleague took over; nothing if nobody did."""
    mark = drafts.lost(turn.tx, turn.who.person, turn.now)
    return [turn.reply("form/taken_meanwhile", name=mark.name, by=mark.by)] if mark else []


def answer(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    draft = turn.draft
    if draft is None:
        return taken_over(turn) or [turn.reply("chat/no_form", village=bool(turn.who.village))]
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
    said = turn.choice or turn.incoming.text
    outcome = forms.hear(route.form, progress, said, _view(turn, route, progress))
    return _settle(turn, route, progress, outcome)


def _settle(turn: Turn, route: FormRoute, progress: forms.Progress, outcome: forms.Outcome) -> list[Outgoing]:
    person = turn.who.person
    if outcome.status is forms.Status.DONE:
        drafts.drop(turn.tx, person, progress)  # first: what is done may open a form again, even the same
        try:
            return route.done(turn, progress.answers)
        except Invalid as error:  # what was true when asked is no longer: ask that again
            progress.at = error.values.pop("step", progress.at)
            drafts.save(turn.tx, person, progress, turn.now)
            return [turn.reply(error.template, **error.values, attempt=1)]
    if outcome.status is forms.Status.DROPPED:
        drafts.drop(turn.tx, person, progress)
    else:
        drafts.save(turn.tx, person, progress, turn.now, active=outcome.status is forms.Status.ASKING)
    return [_spoken(turn, outcome.say)] if outcome.say else []


def _spoken(turn: Turn, say: forms.Say) -> Outgoing:
    return turn.reply(say.template, say.choices, **say.values)
