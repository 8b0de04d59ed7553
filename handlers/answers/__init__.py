"""Questions about BPJS Ketenagakerjaan with a written answer, each from a dated row with its source."""

import re

from bot.domain import answers
from bot.domain.discretion import masked, without_pin
from bot.filling import FormRoute
from bot.messages import Choice, Outgoing
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, word
from bot.turns import Turn
from handlers import open_choices
from handlers.answers import topics

_MENU = Choice("menu:menu", "Lihat menu")
_NUMBER = re.compile("[0-9]{6}")


def show(turn: Turn) -> list[Outgoing]:
    """The answer; *info* alone tells what can be asked."""
    about = answers.topic(turn.incoming.text)
    return topics.answer(turn, about) if about else [turn.reply("answers/overview", _ways_out(turn))]


def about(turn: Turn, said: str) -> list[Outgoing]:
    """The answer to what is hardly more than the name of a topic; nothing to anything else."""
    return topics.answer(turn, answers.topic(said)) if answers.is_named(said) else []


def unknown(turn: Turn) -> list[Outgoing]:
    """A question that nothing is written about: a person answers it; of anything else the menu is offered."""
    village = bool(turn.who.village)
    asked = (_way_to(turn.who.village, turn.incoming.text),) if village else ()
    if not answers.asks(turn.incoming.text):
        return open_choices.again(turn) or [
            turn.reply("chat/not_understood", (_MENU, *asked), village=village)
        ]
    lines = open_choices.decision(turn)
    ways_out = () if lines else (*asked, _MENU)
    return [turn.reply("answers/unknown", ways_out, village=village, lines=lines)]


def _way_to(village: str, said: str) -> Choice:
    """The button below what could not be answered: these very words to the office, unless a NIK or a PIN is among them."""
    meaning = (
        "help:"
        if _NUMBER.search(said) or masked(without_pin(said)) != said
        else f"{open_choices.UNANSWERED}:{village}:{said}"
    )
    return Choice(meaning, "Tanya petugas")


def _ways_out(turn: Turn) -> tuple[Choice, ...]:
    return (Choice("help:", "Tanya petugas"), _MENU) if turn.who.village else (_MENU,)


def _about_no_bill(turn: Turn) -> bool:
    """*berapa iurannya*, *kapan jatuh tempo* of somebody without a bill of their own, or not for the month they name."""
    if turn.word != "tagihan" or not answers.is_asked(turn.incoming.text):
        return False
    return not topics.has_bill(turn, answers.topic(turn.incoming.text))


ROUTES: tuple[Route, ...] = (
    Route(show, _about_no_bill),
    word("info", show, "tanya jawab", "faq", "informasi", "pertanyaan umum", "bisa tanya apa saja",
         needs=LINKED, keeps_form=True, hears=answers.is_asked, slips=1),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
