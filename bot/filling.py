"""Forms in a conversation: begun, answered, put aside, taken up again, finished."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import forms
from bot.domain.offices import VILLAGE, Role
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
    if not any(draft.active for draft in drafts.of(turn.tx, turn.who.person, turn.now)):
        return []  # the handler finished or dropped it itself
    drafts.rest(turn.tx, turn.who.person)
    route = next(route for route in routes if route.form.name == progress.form)
    done = sum(step.name in progress.answers for step in route.form.steps)
    go_on = (Choice(f"resume:{progress.form}", "Lanjutkan isian"),)
    return [turn.reply("form/resting", go_on, done=done, total=len(route.form.steps))]


def open_form(turn: Turn, route: FormRoute) -> list[Outgoing]:
    """Begin a form, or go on with the one that was left."""
    mine = [draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now)]
    village = turn.who.village
    progress = next((p for p in mine if p.form == route.form.name and p.village == village), None)
    if progress is None:
        progress = forms.begin(route.form, village)
    progress.pending = {}
    drafts.rest(turn.tx, turn.who.person)
    drafts.save(turn.tx, turn.who.person, progress, turn.now)
    prompts.close(turn.tx, turn.now, turn.incoming.address, "form")
    return [_spoken(turn, forms.ask(route.form, progress, _view(turn, route, progress)))]


def _view(turn: Turn, route: FormRoute, progress: forms.Progress) -> forms.View:
    return forms.View(turn.today, progress.answers, route.extra(turn))


def answer(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    draft = turn.draft
    if draft is None:
        return [turn.reply("chat/no_form")]
    progress = draft.progress
    route = next(route for route in routes if route.form.name == progress.form)
    if turn.actor is None or progress.village not in turn.actor.villages or not may(turn, route.needs):
        drafts.drop(turn.tx, turn.who.person, progress)  # they left that office
        return [turn.reply("chat/not_yours")]
    turn.actor = replace(turn.actor, focus=progress.village)
    if turn.asked:
        prompts.close(turn.tx, turn.now, turn.incoming.address, "form")
    said = turn.choice or turn.incoming.text
    outcome = forms.hear(route.form, progress, said, _view(turn, route, progress))
    return _settle(turn, route, progress, outcome)


def _settle(turn: Turn, route: FormRoute, progress: forms.Progress, outcome: forms.Outcome) -> list[Outgoing]:
    person = turn.who.person
    if outcome.status is forms.Status.DONE:
        try:
            said = route.done(turn, progress.answers)
        except Invalid as error:  # what was true when asked is no longer: ask that again
            progress.at = error.values.pop("step", progress.at)
            drafts.save(turn.tx, person, progress, turn.now)
            return [turn.reply(error.template, **error.values, attempt=1)]
        drafts.drop(turn.tx, person, progress)
        return said
    if outcome.status is forms.Status.DROPPED:
        drafts.drop(turn.tx, person, progress)
    else:
        drafts.save(turn.tx, person, progress, turn.now, active=outcome.status is forms.Status.ASKING)
    return [_spoken(turn, outcome.say)] if outcome.say else []


def _spoken(turn: Turn, say: forms.Say) -> Outgoing:
    return turn.reply(say.template, say.choices, **say.values)
