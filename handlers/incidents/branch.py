"""*kontak cabang*: where the agency is reached, as an administrator of the district sets it."""

from collections.abc import Mapping
from typing import Any

from bot import filling, ruling
from bot.domain import cleaning, words
from bot.domain.offices import Role
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import decisions
from bot.turns import Turn
from handlers.incidents import steps

LONGEST = 160  # characters of an answer
_SKIP = words.Vocabulary({"skip": ("-", "lewati", "tidak ada", "belum ada", "kosong")})
_SKIPPED = (("-", "Lewati"),)


def show(turn: Turn) -> list[Outgoing]:
    """What people read in an emergency, and a button to change it."""
    choices = (Choice("branch:", "Ubah kontak"),)
    return [
        turn.reply(
            "incidents/branch", choices, place=turn.district.name, **steps.whom(turn.tx, turn.district.code)
        )
    ]


def begin(turn: Turn) -> list[Outgoing]:
    """*Ubah kontak*."""
    return filling.open_form(turn, ROUTE, fresh=True)


def _name(text: str, _view: View) -> str:
    said = cleaning.typed(text)
    if not 3 <= len(said) <= LONGEST:
        raise Invalid("incidents/branch_text", longest=LONGEST)
    return said


def _optional(text: str, view: View) -> str:
    return "" if text.strip() == "-" or words.exactly(text, _SKIP) else _name(text, view)


def _phone(text: str, view: View) -> str:
    said = _optional(text, view)
    if said and sum(sign.isdigit() for sign in said) < 3:
        raise Invalid("incidents/branch_phone")
    return said


def _shown(value: Any, _view: View) -> str:
    return str(value) or "(kosong)"


def _skip(_view: View) -> tuple[tuple[str, str], ...]:
    return _SKIPPED


FORM = Form(
    "branch",
    (
        Step("branch", "Nama kantor", "incidents/ask_branch", _name, _shown),
        Step("address", "Alamat", "incidents/ask_address", _optional, _shown, choices=_skip, skip="-"),
        Step("phone", "Telepon", "incidents/ask_phone", _phone, _shown, choices=_skip, skip="-"),
        Step(
            "hospitals",
            "Rumah sakit (PLKK)",
            "incidents/ask_hospitals",
            _optional,
            _shown,
            choices=_skip,
            skip="-",
        ),
    ),
    "incidents/review_branch",
)


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """The newest counts; what was said before stays in the chain of decisions."""
    body = {step.name: str(answers[step.name]) for step in FORM.steps}
    number = decisions.decide(turn.tx, turn.district.code, ruling.BRANCH, body, (turn.who.person, turn.now))
    turn.note("decide_branch", f"district:{turn.district.code}", decision=number)
    return [
        turn.reply(
            "incidents/branch_saved", (), place=turn.district.name, **steps.whom(turn.tx, turn.district.code)
        )
    ]


ROUTE = FormRoute(FORM, lambda _turn: {}, _save, (Role.ADMIN,))
