"""A pressed button: what it means, or why it means nothing; and the end of its waiting sign."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import filling, forms
from bot.domain import cleaning, picking
from bot.filling import FormRoute
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import prompts
from bot.turns import Turn, kind


def meant(routes: Sequence[FormRoute], turn: Turn) -> Choice | list[Outgoing]:
    """The choice that was pressed, still open; else what is to be said."""
    incoming = turn.incoming
    rest = prompts.rest(turn.tx, turn.now, incoming.choice, incoming.address, turn.who.person)
    if rest:
        return [turn.reply("chat/more", rest)]
    result, choice = prompts.look(turn.tx, turn.now, incoming.choice, incoming.address, turn.who.person)
    if result is not prompts.Press.FRESH or choice is None:
        return over(routes, turn, result, choice)
    return choice


#: So long after a question its button is meant, and not the command that has the same words.
FRESH = timedelta(hours=1)
#: That a month was paid, or why not.
_OF_A_MONTH = frozenset({"paid", "told", "unpaid", "intend"})
#: Below a project, a request, or a person: the command of the same words shows that project, all requests, or is about oneself.
_BELOW = frozenset({"project_set", "approve", "leaving"})
#: Questions below which a number is no button: how many people; a person of the list above.
_NUMBERED = frozenset({"study_count", "people"})
#: The steps after an accident or a death: to note it, the papers, the money.
_STEPS = frozenset({"incident_note", "incident_papers", "incident_money"})
_REPORTS = frozenset({"accident", "death"})  # the forms that note one
#: Templates whose lines have numbers that choose nothing, and those that name an open question's choices again.
LISTS = (
    "agreements/list", "binaan/list", "calls/list", "members/waiting_in", "month/history", "month/shares", "office/arrears",
    "office/paid", "office/schedule", "office/unregistered", "programmes/list", "projects/group_village", "projects/list",
    "projects/listed", "sadar/criteria", "sadar/district", "schedule/list", "siaran/calls", "siaran/coming", "siaran/people",
    "status/people", "studies/list",
)  # fmt: skip
REMINDERS = ("answers/unknown", "chat/choose", "chat/undecided")
#: Questions sent unasked that are passed over, to find what a number was meant for.
_PASSED_OVER = 5
#: So long what came by itself is asked about once more where its label is typed after other questions.
_URGENT = timedelta(days=1)


def spelled(turn: Turn, text: str, *, command: bool) -> str:
    """The meaning of a button of the chat's newest question, of whatever topic, whose whole label was typed.

    `command`: these words are one too.  A single word is the command, but below a project or a request, and so is what is typed
    much later, or is about a month: the command knows which one by now.
    Within a form only what was asked since its own question counts: what stood there before is its answer.
    """
    prompt = _latest(turn)
    said = cleaning.words(text)
    places = [
        place for place, one in enumerate(prompt.choices if prompt else ()) if said in _whole(one.label)
    ]
    if prompt is None or not said or len(places) != 1:
        return ""
    if turn.draft is not None and prompt.made <= turn.draft.updated_at:
        return ""
    (position,) = places
    what = kind(prompt.choices[position].id)
    single = len(said) == 1 and (what not in _BELOW or prompt.unasked)
    if command and (single or what in _OF_A_MONTH or prompt.made < turn.now - FRESH):
        return ""
    prompts.use(turn.tx, turn.now, f"{prompt.nonce}.{position}", turn.who.person)
    return prompt.choices[position].id


def _whole(label: str) -> list[list[str]]:
    """The words of a label; of "Berhenti/diganti" also those of either half."""
    return [cleaning.words(one) for one in (label, *label.split("/"))]


def typed(turn: Turn, text: str) -> str:
    """The meaning of an open choice whose number or label was typed.

    Of what was sent unasked, and is done at once, only the whole label counts: a number was meant for the question before, and
    other words for nothing.
    """
    if turn.draft is not None and (urgent := _in_emergency(turn, text)):
        return urgent
    prompt = _latest(turn, "form" if turn.draft is not None else "")
    turn.asked = prompt is not None
    for _ in range(_PASSED_OVER):
        if prompt is None:
            return ""
        kept, found = reserved(turn, prompt), _found(turn, prompt, text)
        if found is not None and (found not in kept or picking.is_whole(text, kept[found])):
            if _is_buried(turn, prompt, found, text):
                return ""
            prompts.use(turn.tx, turn.now, f"{prompt.nonce}.{found}", turn.who.person)
            return prompt.choices[found].id
        if not kept or not picking.is_number(text):
            return ""
        at, who = turn.incoming.address, turn.who.person
        prompt = prompts.earlier(turn.tx, turn.now, at, who, prompt.number)
    return ""


def _is_buried(turn: Turn, prompt: prompts.Prompt, found: int, text: str) -> bool:
    """Whether a number that would do harm may be meant for a list that was shown below the question."""
    harms = kind(prompt.choices[found].id) in turn.reserved and picking.is_number(text)
    return harms and prompts.said_since(turn.tx, turn.incoming.address, prompt.number, LISTS, REMINDERS)


def _in_emergency(turn: Turn, text: str) -> str:
    """What was chosen of the steps after an accident or a death, which were asked for in the middle of another form, until
    that is gone on with; several may be looked at.
    """
    prompt, draft = _latest(turn), turn.draft
    if prompt is None or draft is None or prompt.topic not in _STEPS or draft.progress.form in _REPORTS:
        return ""
    if prompt.made < max(draft.updated_at, turn.now - FRESH):
        return ""
    found = _found(turn, prompt, text)
    return prompt.choices[found].id if found is not None else ""


def reserved(turn: Turn, prompt: prompts.Prompt) -> dict[int, str]:
    """The labels of the choices that count only pressed or typed in full, by their place."""
    choices = enumerate(prompt.choices) if prompt.unasked else ()
    return {place: one.label for place, one in choices if kind(one.id) in turn.reserved}


def spelled_late(turn: Turn) -> list[Choice]:
    """What came by itself within a day, and whose whole label was typed only after other questions: "bukan saya!"."""
    at, since = turn.incoming.address, turn.now - _URGENT
    open_ = prompts.unasked(turn.tx, turn.now, at, turn.who.person, since)
    meant = [prompt.choices[place] for prompt in open_ for place in reserved(turn, prompt)]
    return [choice for choice in meant if picking.is_whole(turn.incoming.text, choice.label)]


def _latest(turn: Turn, topic: str = "") -> prompts.Prompt | None:
    return prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, topic)


def _found(turn: Turn, prompt: prompts.Prompt, text: str) -> int | None:
    """The place of the choice that was typed, if it is one."""
    labels = [choice.label for choice in prompt.choices]
    found = picking.pick(text, labels)
    if found is None and turn.draft is None:  # in a form "gaji" may be unclear
        found = picking.pick(picking.as_on_buttons(text), labels)
    if prompt.choices[0].id.startswith(f"form:{forms.REVIEW}:simpan") and text[-1:].isdigit():
        return None  # beside numbered lines a number means the line, not the button
    return None if prompt.topic in _NUMBERED and picking.is_number(text) else found


def ended(turn: Turn, template: str = "", **values: Any) -> list[Outgoing]:
    """End the waiting sign of a press; the buttons stay."""
    answer = Outgoing(turn.incoming.address, template, values, kind=Kind.ANSWER, message=turn.incoming.tap)
    fresh = turn.now + timedelta(minutes=10)
    return [replace(answer, lane=Lane.TAP, public=True, expires_at=fresh)] if answer.message else []


def over(
    routes: Sequence[FormRoute], turn: Turn, result: prompts.Press, choice: Choice | None
) -> list[Outgoing]:
    """Say that a button means nothing any more; where a press is a message, also what is asked now."""
    template, values = "chat/stale", dict[str, Any](asking=turn.draft is not None)
    if result is prompts.Press.USED:  # unless a choice is known: by typing, or it is no longer asked
        by = prompts.answered_by(turn.tx, turn.incoming.choice) if turn.incoming.group else ""
        template, values = (
            ("chat/used", {"label": choice.label, "by": by}) if choice else ("chat/answered", {})
        )
    if turn.incoming.group:  # a card may have other buttons by now, for colleagues: those stay
        return ended(turn, template, **values)
    if turn.incoming.tap:
        return taken(turn, template, **values)
    return [turn.reply(template, **values), *filling.ask_again(routes, turn)]


def taken(turn: Turn, template: str, **values: Any) -> list[Outgoing]:
    """End the waiting sign of a press, and take the buttons away."""
    incoming = turn.incoming
    fresh = turn.now + timedelta(minutes=10)  # later the platform has given up on the press itself
    answer = Outgoing(incoming.address, template, values, kind=Kind.ANSWER, message=incoming.tap)
    close = Outgoing(incoming.address, "", kind=Kind.CLOSE, message=incoming.message)
    return [
        replace(out, lane=Lane.TAP, public=True, expires_at=fresh)
        for out in (answer, close)
        if out.message and incoming.tap  # without, no press waits, and no button can be taken away
    ]
