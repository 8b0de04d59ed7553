"""*data saya*: what is kept of the person who asks; what is wrong is told to the office, erasing is asked of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import filling
from bot.domain import cleaning, dates
from bot.domain.discretion import masked
from bot.domain.offices import Office
from bot.domain.rulebook import District
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.routing import LINKED
from bot.store import places, privacy
from bot.store.privacy import Asked, Served, Wish
from bot.turns import Turn
from handlers import district
from handlers.privacy import asked

LONGEST = 300  # characters
_WISHES = {Wish.CORRECT: "perbaikan", Wish.ERASE: "penghapusan"}
_BUTTONS = (Choice("data_wrong:", "Ada yang salah"), Choice("data_erase:", "Hapus data saya"))


def show(turn: Turn) -> list[Outgoing]:
    """What is kept: their own name and offices; of the rest the kinds and how many, never the values."""
    held = privacy.held(turn.tx, turn.who.person)
    waiting = [one for one in privacy.of_person(turn.tx, turn.who.person, 4) if one.open]
    return [
        turn.reply(
            "privacy/mine",
            _BUTTONS,
            name=turn.who.name,
            offices=[_office(turn, one) for one in held.offices],
            accounts=len(held.accounts),
            linked=dates.short_date(min(held.accounts, default=turn.today)),
            acts=held.acts,
            drafts=held.drafts,
            questions=held.questions,
            insured=_insured(turn),
            waiting=[(_WISHES[one.kind], when(one.due, turn.district)) for one in waiting],
            contact=turn.district.privacy_contact or turn.district.office_name,
        )
    ]


def _office(turn: Turn, one: Served) -> Mapping[str, str]:
    place = district.place_of(turn, Office(one.role, one.district, one.village))
    until = dates.short_date(one.until) if one.until else ""
    return {"role": one.role.label, "place": place, "since": dates.short_date(one.since), "until": until}


def _insured(turn: Turn) -> list[str]:
    """The villages they serve where exactly one insured person bears their name: taken to be the same person."""
    found = [code for code in turn.who.villages if privacy.namesakes(turn.tx, code, turn.who.name) == 1]
    known = (places.village(turn.tx, code) for code in found)
    return [village.label for village in known if village is not None]


def when(at: datetime, where: District) -> str:
    """As in "Kamis, 26 November 2026, 08.00 WITA"."""
    local = at.astimezone(where.zone)
    return f"{dates.long_date(local.date())}, {dates.clock_time(local, where.zone_label)}"


# -- what is wrong -----------------------------------------------------------------------------------


def begin(turn: Turn) -> list[Outgoing]:
    """*Ada yang salah*."""
    return filling.open_form(turn, ROUTE, fresh=True)


def _words(text: str, _view: View) -> str:
    said = cleaning.typed(text)
    if not 5 <= len(said) <= LONGEST:
        raise Invalid("privacy/words_unclear", longest=LONGEST)
    return masked(said)


def _keep(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    return _ask(turn, Wish.CORRECT, str(answers["words"]))


ROUTE = FormRoute(
    Form(
        "data_wrong",
        (
            Step(
                "words",
                "Yang salah",
                "privacy/ask_words",
                _words,
                lambda value, _view: str(value),
                sentences=True,
            ),
        ),
    ),
    lambda _turn: {},
    _keep,
    LINKED,
)


# -- to be erased ------------------------------------------------------------------------------------


def erase(turn: Turn) -> list[Outgoing]:
    """*Hapus data saya*: what goes and what has to stay; then, on a yes, the request."""
    if turn.choice.endswith(":yes"):
        return _ask(turn, Wish.ERASE, "")
    choices = (Choice("data_erase:yes", "Ya, minta dihapus"), Choice("menu:menu", "Tidak jadi"))
    return [turn.reply("privacy/before_erasing", choices, office=turn.district.office_name)]


def _ask(turn: Turn, kind: Wish, words: str) -> list[Outgoing]:
    """Keep it, and tell the district's administrators."""
    who = (turn.who.person, turn.district.code)
    number = privacy.ask(turn.tx, kind, who, words, turn.now)
    if number is None:
        return [turn.reply("privacy/already_asked", wish=_WISHES[kind], office=turn.district.office)]
    turn.note("ask_data", f"person:{turn.who.person}", request=number, kind=kind.value)
    one = privacy.get(turn.tx, number)
    assert isinstance(one, Asked)
    due = when(one.due, turn.district)
    said = turn.reply("privacy/asked", wish=_WISHES[kind], office=turn.district.office_name, due=due)
    return [said, *asked.tell(turn.tx, turn.rules, one, turn.now)]
