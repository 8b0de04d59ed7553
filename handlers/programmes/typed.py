"""A number that a village types where a study has asked for one: beside the buttons of its card, or later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import filling
from bot.domain import group_answers
from bot.domain.cleaning import words
from bot.domain.picking import COUNTED
from bot.errors import Doubtful, Invalid
from bot.messages import Outgoing
from bot.store import prompts, studies
from bot.store.studies import State, Study
from bot.turns import Turn
from handlers.programmes import counting

#: Longer texts are no number.
LONGEST = 60
_FILL_IN = ["isi", "jumlah"]


@dataclass(frozen=True, slots=True)
class _Meant:
    """What was typed: `choice` of which card, the number (empty: to be asked), whether nothing else can be meant."""

    choice: str
    number: str
    sure: bool


def is_number(turn: Turn) -> bool:
    """Whether a village's study is answered by what was typed, and by no command, button or form."""
    busy = turn.draft or turn.elsewhere or turn.choice or turn.word
    return not busy and turn.incoming.shape == "text" and _meant(turn) is not None


def answer(turn: Turn) -> list[Outgoing]:
    """As if the button of the card had been pressed first; where another question is open, the card comes again."""
    found = _meant(turn)
    if found is None:
        return []
    turn.choice = found.choice
    if not found.sure:
        return counting.ask_again(turn)
    said = counting.count(turn)
    filling.load(turn)
    if not found.number or turn.draft is None:  # a colleague has answered, or nobody is asked any more
        return said
    turn.choice, turn.incoming = "", replace(turn.incoming, text=found.number)
    return filling.answer((counting.ROUTE,), turn)


def _meant(turn: Turn) -> _Meant | None:
    said = words(turn.incoming.text) if len(turn.incoming.text) <= LONGEST else []
    counts = any(word.isdecimal() or word in COUNTED for word in said)
    if not (counts or said == _FILL_IN) or not turn.who.village:
        return None
    return _on_the_card(turn, said) or _later(turn, said)


def _on_the_card(turn: Turn, said: Sequence[str]) -> _Meant | None:
    """The card, or the button to change its answer, is what was said last."""
    last = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    if last is None or last.topic != "study_count":
        return None
    choice = last.choices[0].id
    one = studies.get(turn.tx, int(choice.split(":")[1]))
    number = _number(said, one) if one else None
    return None if number is None else _Meant(choice, number, sure=True)


def _later(turn: Turn, said: Sequence[str]) -> _Meant | None:
    """Something else was said since: the one study that still asks their village, or the one that is named."""
    village = turn.who.village
    asking = [
        one
        for one in studies.of_district(turn.tx, village[:5])
        if one.state is State.ASKING and one.rounds and studies.is_asked(turn.tx, one.id, village)
    ]
    found = [one for one in asking if not set(said).isdisjoint(words(one.name))] or asking
    number = _number(said, found[0]) if len(found) == 1 else None
    if number is None:
        return None
    alone = len(said) == 1 and turn.asked  # it may be meant for the question that is open
    return _Meant(f"study_count:{found[0].id}:{village}", number, sure=not alone)


def _number(said: Sequence[str], one: Study) -> str | None:
    """The number without the name of the group: "10 kader"; "" where it is to be asked; None where it is none."""
    if said == _FILL_IN:
        return ""
    text = " ".join(word for word in said if word not in words(one.name))
    try:
        group_answers.people(text)
    except Doubtful:
        return text
    except Invalid as error:
        return None if error.template == "studies/number_unknown" else text
    return text
