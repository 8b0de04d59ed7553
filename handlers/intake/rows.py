"""One person of a file or of pasted lines: every value checked as the chat would check it.

What is unusual but possible is taken and shown before it is saved; what is wrong or missing is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot import texts
from bot.domain import money, nik, positions, staff_sheet
from bot.domain.people import Sex
from bot.errors import Doubtful, Invalid
from bot.forms import Step, View
from handlers.registration import FORM

#: Doubts that a chat asks about, and that nobody has looked at in a file: the value is wrong.
_WRONG = {
    "invalid/nik_two": "intake/row_nik_two",
    "invalid/nik_family_card": "intake/row_family_card",
    "invalid/nik_excel": "intake/row_nik_excel",
    "invalid/name_talk": "intake/row_name",
    "registration/position_unknown": "intake/row_position",
}
#: How doubts are shown in one line; others as what was read.
_DOUBTS = {
    "registration/birth_differs": "intake/doubt_birth",
    "registration/sex_differs": "intake/doubt_birth",
    "registration/too_old": "intake/doubt_age",
    "invalid/birth_senior": "intake/doubt_senior",
    "invalid/money_unusual": "intake/doubt_wage",
}


_REST = "intake/doubt_rest"
#: Characters of a cell that says anything; no name, date or sum is longer.
LONGEST = 100


@dataclass(slots=True)
class Person:
    """What was read of somebody: answers as the form keeps them; doubts, and what is wrong or missing.

    `given` are the questions that something was said about.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    doubts: list[Invalid] = field(default_factory=list)
    reasons: list[Invalid] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # labels of questions nothing was said about
    given: frozenset[str] = frozenset()

    @property
    def ready(self) -> bool:
        """Whether nothing is wrong or missing."""
        return not (self.reasons or self.missing)

    @property
    def name(self) -> str:
        """As they are called; empty where that could not be read."""
        return str(self.answers.get("name", ""))

    @property
    def why(self) -> list[Invalid]:
        """Everything that is wrong or missing, as reasons."""
        labels = (label if label.isupper() else f"{label[0].lower()}{label[1:]}" for label in self.missing)
        blank = [Invalid("intake/row_missing", labels=", ".join(labels))] if self.missing else []
        unread = [Invalid("intake/row_rest", **each.values) for each in self.doubts if each.template == _REST]
        return [*self.reasons, *blank, *unread]

    @property
    def left(self) -> Mapping[str, Any]:
        """The answers that need not be asked again; that nobody named a phone is no answer yet."""
        return {name: value for name, value in self.answers.items() if name != "phone" or name in self.given}


def read(said: Mapping[str, str], view: View) -> Person:
    """Everything `said` of one person, by the names of the questions."""
    person = Person(given=frozenset(name for name, text in said.items() if text))
    for step in FORM.steps:
        # a doubt about age names the person
        known = {"name": said["name"], **person.answers}
        _take(person, step, said, View(view.today, known, view.extra))
    if rest := said.get("rest"):
        person.doubts.append(Invalid(_REST, rest=rest[:LONGEST]))
    return person


def _take(person: Person, step: Step, said: Mapping[str, str], view: View) -> None:
    text = said[step.name]
    try:
        if text.startswith("="):
            raise Invalid("intake/row_formula", label=step.label)
        if len(text) > LONGEST:
            raise Invalid("intake/row_long", label=step.label)
        value = _value(step, text, view, person)
    except Doubtful as doubt:
        _doubt(person, step, doubt, view)
    except Invalid as why:
        person.reasons.append(_reason(step, why, text))
    else:
        if value is not None:
            person.answers[step.name] = value
    if step.name == "birth" and "birth" in person.answers:
        _compare_sex(person, said["sex"])


def _value(step: Step, text: str, view: View, person: Person) -> Any:
    """The value; None where the question stays open."""
    if step.name == "birth":
        return _birth(step, text, view) if "nik" in view.answers else None
    if step.name == "phone":
        return step.parse(text or "tidak_ada", view)
    if step.name == "position" and text:
        return _position(step, text, view, person)
    if text:
        return _wage(text, view) if step.name == "wage" else step.parse(text, view)
    if step.name == "wage" and (usual := view.extra["offered"](view.answers.get("position", ""))):
        person.doubts.append(Invalid("intake/doubt_usual", shown=money.rupiah(usual)))
        return usual
    person.missing.append(step.label)
    return None


def _wage(text: str, view: View) -> int:
    """The sum as it stands there; a guess that is far from the usual as well is left to somebody who knows."""
    base = view.extra["wage"](view.answers.get("position", ""))
    try:
        amount = money.parse_listed(text)
    except Doubtful as guess:
        try:
            money.check_wage(guess.value, base)
        except Doubtful as far:
            raise Invalid("intake/row_wage", said=text[:40], **far.values) from None
        raise
    return money.check_wage(amount, base)


def _birth(step: Step, text: str, view: View) -> Any:
    """What the NIK says, unless another day was written; day and month the wrong way round are no other day."""
    by_nik = nik.facts(view.answers["nik"], view.today).born
    if not text:
        return step.parse("ya", view)
    try:
        return step.parse(text, view)
    except Doubtful as doubt:
        said = date.fromisoformat(doubt.value["born"])
        if said == by_nik or (said.day, said.month, said.year) == (by_nik.month, by_nik.day, by_nik.year):
            return step.parse("ya", view)
        raise


def _position(step: Step, text: str, view: View, person: Person) -> Any:
    """The post as it is spelt out; what is only near to one comes back."""
    try:
        code = positions.read_position(text, view.extra["positions"])
    except Doubtful as doubt:
        code = doubt.value
        label = f"{step.label} {text[:40]}"
        person.doubts.append(Invalid(doubt.template, label=label, shown=step.show(code, view)))
    return step.parse(code, view)


def _compare_sex(person: Person, said: str) -> None:
    """A sex beside the NIK's: mostly a slip, and possible."""
    sex, birth = staff_sheet.sex(said), person.answers["birth"]
    if sex and sex != birth["sex"]:
        values = {"said": Sex(sex).label, "nik": Sex(birth["sex"]).label}
        person.doubts.append(Invalid("intake/doubt_birth", **values))
        person.answers["birth"] = {**birth, "sex": sex}


def _doubt(person: Person, step: Step, doubt: Doubtful, view: View) -> None:
    if doubt.template == "invalid/name_nothing":
        person.missing.append(step.label)
        return
    if doubt.template in _WRONG:
        person.reasons.append(_reason(step, doubt, str(doubt.value)))
        return
    person.answers[step.name] = doubt.value
    template = _DOUBTS.get(doubt.template)
    shown = {"label": step.label, "shown": step.show(doubt.value, view)}
    person.doubts.append(
        Invalid(template, **doubt.values) if template else Invalid("intake/doubt_read", **shown)
    )


def _reason(step: Step, why: Invalid, said: str) -> Invalid:
    """Why a value cannot be used, in one line that names the column."""
    if why.template.startswith("intake/"):
        return why
    if why.template in _WRONG:
        return Invalid(_WRONG[why.template], label=step.label, said=said[:40])
    text = " ".join(texts.plain(texts.render(why.template, {"attempt": 1, **why.values})).split())
    label = "" if text.startswith(step.label) else step.label
    return Invalid("intake/row_reason", label=label, why=text)
