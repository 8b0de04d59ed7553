"""A pressed button: what it means, or why it means nothing; and the end of its waiting sign."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import filling, forms
from bot.domain import cleaning, words
from bot.filling import FormRoute
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import prompts
from bot.turns import Turn


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
#: Below a project, or a request: the command of the same words only shows that project, or all requests.
_BELOW = frozenset({"project_set", "approve"})
#: Questions below which a number is no button: how many people; a person of the list above.
_NUMBERED = frozenset({"study_count", "people"})


def spelled(turn: Turn, text: str, *, command: bool) -> str:
    """The meaning of a button of the chat's newest question, of whatever topic, whose whole label was typed.

    `command`: these words are one too.  A single word is the command, but below a project or a request, and so is what is typed
    much later, or is about a month: the command knows which one by now.
    Within a form only what was asked since its own question counts: what stood there before is its answer.
    """
    prompt = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    said = cleaning.words(text)
    labels = [cleaning.words(choice.label) for choice in prompt.choices] if prompt else []
    if prompt is None or not said or labels.count(said) != 1:
        return ""
    if turn.draft is not None and prompt.made <= turn.draft.updated_at:
        return ""
    position = labels.index(said)
    kind = prompt.choices[position].id.partition(":")[0]
    single = len(said) == 1 and kind not in _BELOW
    if command and (single or kind in _OF_A_MONTH or prompt.made < turn.now - FRESH):
        return ""
    prompts.use(turn.tx, turn.now, f"{prompt.nonce}.{position}", turn.who.person)
    return prompt.choices[position].id


def typed(turn: Turn, text: str) -> str:
    """The meaning of an open choice whose number or label was typed."""
    topic = "form" if turn.draft is not None else ""
    prompt = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, topic)
    turn.asked = prompt is not None
    if prompt is None:
        return ""
    labels = [choice.label for choice in prompt.choices]
    found = words.pick(text, labels)
    if found is None and turn.draft is None:  # in a form "gaji" may be unclear
        found = words.pick(words.as_on_buttons(text), labels)
    if prompt.choices[0].id.startswith(f"form:{forms.REVIEW}:simpan") and text[-1:].isdigit():
        return ""  # beside numbered lines a number means the line, not the button
    if found is None or (prompt.topic in _NUMBERED and words.is_number(text)):
        return ""
    prompts.use(turn.tx, turn.now, f"{prompt.nonce}.{found}", turn.who.person)
    return prompt.choices[found].id


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
