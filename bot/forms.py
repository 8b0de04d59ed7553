"""Forms: questions asked one after another, each answer checked, all of it played back before saving.

A form is data; this engine is pure.  It knows going back, changing any answer, pausing, dropping,
doubtful answers and the third mistake, so that no form has to.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.domain import lines, titles, unanswered, words
from bot.domain.unanswered import Unanswered
from bot.errors import Doubtful, Invalid, Narrowed
from bot.messages import Choice
from bot.progress import Outcome, Progress, Say, Status

REVIEW = "review"
CANCEL = "cancel"
#: A choice that calls for a person, and says at which question.
HELP = "help"

#: Mistakes at one question before the way out is offered.
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class View:
    """What the functions of a form may look at."""

    today: date
    answers: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)  # what the handler knows: names, look-ups


def _nothing(_view: View) -> Mapping[str, Any]:
    return {}


def _no_choices(_view: View) -> Sequence[tuple[str, str]]:
    return ()


def _never(_text: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """One question.

    `parse` turns what was typed (or the id of a choice) into a JSON value; it raises `Invalid` or
    `Doubtful`.  `show` is the answer in the review.  `resets` names answers that a change of this
    one makes void.  `sentences`: what is asked for is a text of their own, whatever it speaks of.
    `says_next`: an answer often tells that of the next question as well: "250 juta termasuk PPN".
    `skip`: what is parsed for those who cannot say; with `skips_none` only of what is not there.  `more_words`: a typed part of a label is no button, `parse`
    knows better.  `is_told`: whether a sentence that is a command elsewhere speaks of what is asked.
    """

    name: str
    label: str
    ask: str
    parse: Callable[[str, View], Any]
    show: Callable[[Any, View], str]
    values: Callable[[View], Mapping[str, Any]] = _nothing
    choices: Callable[[View], Sequence[tuple[str, str]]] = _no_choices
    resets: tuple[str, ...] = ()
    sentences: bool = False
    says_next: bool = False
    skip: str = ""
    skips_none: bool = False
    more_words: bool = False
    is_told: Callable[[str], bool] = _never


@dataclass(frozen=True, slots=True)
class Form:
    """The questions in order.

    `review` is the template that plays the answers back, with what is `told` of all of them together; a form
    without one is done with its last answer.  Where `buttons` offer to drop it, that is not asked about again.
    `commands`: what begins with a command, or with a word of the engine, is no answer.
    """

    name: str
    steps: tuple[Step, ...]
    review: str = ""
    told: Callable[[View], Mapping[str, Any]] = _nothing
    buttons: tuple[tuple[str, str], ...] = (("simpan", "Benar, simpan"), ("ubah", "Ubah"))
    commands: bool = False

    def step(self, name: str) -> Step:
        """The step of that name."""
        return next(step for step in self.steps if step.name == name)

    def position(self, name: str) -> int:
        """Which question it is, counted from 1; the review comes after the last."""
        names = [step.name for step in self.steps]
        return names.index(name) + 1 if name in names else len(names) + 1

    def next(self, answers: Mapping[str, Any]) -> str:
        """The first question without an answer, or the review."""
        return next((step.name for step in self.steps if step.name not in answers), REVIEW)

    def done(self, answers: Mapping[str, Any]) -> int:
        """How many questions are answered; what else was known at the start does not count."""
        return sum(step.name in answers for step in self.steps)


#: What a form understands at every question; the first word of each is what the texts tell people.
WORDS = words.Vocabulary(
    {
        "back": ("kembali", "mundur", "balik"),
        "cancel": ("batal", "batalkan", "batalin", "keluar", "stop", *unanswered.NOT_ON),
        "later": ("nanti", "nanti saja", "tunda", "jeda", "simpan dulu"),
    }
)


def begin(form: Form, village: str, known: Mapping[str, Any] | None = None) -> Progress:
    """A form at its first question; what is known already is not asked, and need not be a question."""
    answers = dict(known or {})
    return Progress(form.name, village, form.next(answers), answers)


def ask(form: Form, progress: Progress, view: View) -> Say:
    """The question that is open now, or the review."""
    if progress.pending.get("step") == CANCEL:
        return _ask_cancel(form, progress)
    if progress.at == REVIEW:
        return _ask_review(form, progress, view)
    step = form.step(progress.at)
    values = {"number": form.position(step.name), "total": len(form.steps), **step.values(view)}
    return Say(step.ask, values, _buttons(step.name, step.choices(view)))


def hear(form: Form, progress: Progress, said: str, view: View) -> Outcome:
    """Take one answer: typed text, or the id of a pressed button; changes `progress`."""
    step, _, pressed = said.removeprefix("form:").partition(":") if said.startswith("form:") else ("", "", "")
    if step and step != progress.at:
        return Outcome(Status.ASKING, ask(form, progress, view))  # a button of an earlier question
    text = pressed if step else said
    word = words.command(text, WORDS, fuzzy=False) if form.commands else words.exactly(text, WORDS)
    word = None if progress.at == REVIEW and _agrees(text) else word
    cancelling = progress.pending.get("step") == CANCEL
    if progress.pending and (word is None or (word == "cancel" and cancelling)):
        return _confirm(form, progress, text, view)
    if word is not None:
        return _move(form, progress, word, view)
    if progress.at == REVIEW:
        return _reviewed(form, progress, text, view)
    return _answer(form, progress, text, view)


def _move(form: Form, progress: Progress, word: str, view: View) -> Outcome:
    doubted, progress.pending = bool(progress.pending), {}
    if word == "cancel" and (not form.done(progress.answers) or "batal" in dict(form.buttons)):
        return Outcome(Status.DROPPED, Say("form/not_begun"))
    if word == "cancel":
        progress.pending = {"step": CANCEL}
        return Outcome(Status.ASKING, _ask_cancel(form, progress))
    if word == "later":
        return Outcome(Status.PAUSED, Say("form/paused", where(form, progress)))
    if doubted:
        return Outcome(Status.ASKING, ask(form, progress, view))
    return _back(form, progress, view)


def _answer(form: Form, progress: Progress, text: str, view: View) -> Outcome:
    step = form.step(progress.at)
    if earlier := _earlier(form, step, text):
        progress.at = earlier
        return Outcome(Status.ASKING, ask(form, progress, view))
    said = _said(step, text, view)
    if isinstance(said, Unanswered):
        later = (*step.choices(view), ("nanti", "Simpan dulu"))
        return Outcome(Status.ASKING, _not_yet(step.label, said, _buttons(step.name, later)))
    try:
        value = step.parse(said, view)
    except Doubtful as doubt:
        progress.pending = {"step": step.name, "value": doubt.value}
        choices = _buttons(step.name, doubt.choices)
        return Outcome(Status.ASKING, Say(doubt.template, {**doubt.values, "attempt": 1}, choices))
    except Narrowed as half:
        progress.answers |= half.kept
        return Outcome(Status.ASKING, Say(half.template, half.values, _buttons(step.name, half.choices)))
    except Invalid as error:
        return Outcome(Status.ASKING, _refuse(form, progress, error, view))
    outcome = _keep(form, progress, value, view)
    return _next_of(form, progress, text, view) if step.says_next and progress.at != REVIEW else outcome


def _next_of(form: Form, progress: Progress, text: str, view: View) -> Outcome:
    """The same words as an answer to the next question, which is asked where they are none."""
    view = replace(view, answers=progress.answers)
    try:
        form.step(progress.at).parse(text, view)
    except Doubtful:
        pass
    except (Invalid, Narrowed):
        return Outcome(Status.ASKING, ask(form, progress, view))
    return _answer(form, progress, text, view)


def _earlier(form: Form, step: Step, text: str) -> str:
    """The question before this one whose answer is to be changed: "salah ketik nama"; "" for an answer."""
    before = () if step.sentences else form.steps[: form.position(step.name) - 1]
    number = lines.to_be_changed(text, [one.label for one in before])
    return before[number - 1].name if number else ""


def _said(step: Step, text: str, view: View) -> str | Unanswered:
    """What is to be parsed, or why there is nothing; a text of their own may say "belum ada" and no more."""
    choices = dict(step.choices(view))
    why = None if text in choices else unanswered.heard(text, whole=step.sentences)
    if why is Unanswered.LACKS and step.skip and not (step.skips_none and unanswered.is_unknown(text)):
        return step.skip
    if why is Unanswered.LACKS and step.sentences and not choices:
        return text
    return why or text


def _not_yet(label: str, why: Unanswered, choices: tuple[Choice, ...]) -> Say:
    """No answer, and no mistake: how to wait, and how to leave."""
    return Say("form/not_yet", {"label": label, "waits": why is Unanswered.WAITS}, choices)


def _refuse(form: Form, progress: Progress, error: Invalid, view: View) -> Say:
    progress.tries += 1
    step = form.step(progress.at)
    if progress.tries % PATIENCE == 0:
        way_out = _buttons(step.name, (*step.choices(view), ("nanti", "Simpan dulu")))
        person = Choice(f"{HELP}:{step.label}", "Minta bantuan")
        return Say("form/way_out", {"label": step.label}, (*way_out, person))
    again = error.template == progress.mistake
    progress.mistake = error.template
    values = {**error.values, "attempt": 2 if again else 1}
    return Say(error.template, values, _buttons(step.name, step.choices(view)))


def _keep(form: Form, progress: Progress, value: Any, view: View) -> Outcome:
    step = form.step(progress.at)
    if progress.answers.get(step.name) != value:
        for name in step.resets:
            progress.answers.pop(name, None)
    progress.answers[step.name] = value
    progress.tries, progress.mistake, progress.pending = 0, "", {}
    following = form.next(progress.answers)
    if following == REVIEW and not form.review:
        return Outcome(Status.DONE)
    progress.at = following
    progress.changing = progress.changing and progress.at != REVIEW
    return Outcome(Status.ASKING, ask(form, progress, replace(view, answers=progress.answers)))


def _confirm(form: Form, progress: Progress, text: str, view: View) -> Outcome:
    """A yes keeps the doubtful answer (or drops the form); anything else is a new answer."""
    pending, progress.pending = progress.pending, {}
    if pending["step"] == CANCEL:
        # "lanjut" is a yes everywhere else, "ga jadi" a wish to leave; here both mean to go on filling in
        meant = words.is_yes(text) and not text.lower().startswith("lanjut")
        if meant or (words.exactly(text, WORDS) == "cancel" and "jadi" not in text.lower()):  # said twice
            return Outcome(Status.DROPPED, Say("form/dropped"))
        return Outcome(Status.ASKING, ask(form, progress, view))
    if words.is_yes(text):
        return _keep(form, progress, pending["value"], view)
    if words.is_no(text) or text == "ganti":
        return Outcome(Status.ASKING, ask(form, progress, view))
    return hear(form, progress, text, view)


def _back(form: Form, progress: Progress, view: View) -> Outcome:
    """One question back, or back to the review; the old answer stays until another is given."""
    before = form.position(progress.at) - 1
    if progress.changing and all(step.name in progress.answers for step in form.steps):
        progress.at, progress.changing = REVIEW, False
    elif before >= 1:
        progress.at = form.steps[before - 1].name
    progress.tries = 0
    return Outcome(Status.ASKING, ask(form, progress, view))


_SAVE = re.compile(r"(?:(?<![\s,])[\s,]+)?\bsimpan(?:\s+dulu)?\b")


def _agrees(text: str) -> bool:
    """Whether the review is to be saved."""
    return words.is_yes(_SAVE.sub("", text.lower()) or "ya")


def _reviewed(form: Form, progress: Progress, text: str, view: View) -> Outcome:
    if _agrees(text):
        return Outcome(Status.DONE)
    again, one = text == "ubah" or words.is_no(text), len(form.steps) == 1
    if again and not one:
        each = [(str(n), f"{n} {step.label}") for n, step in enumerate(form.steps, start=1)]
        return Outcome(Status.ASKING, Say("form/change_which", {}, _buttons(REVIEW, each)))
    review = _ask_review(form, progress, view)
    if unanswered.heard(text, whole=True) is Unanswered.WAITS:
        return Outcome(Status.ASKING, _not_yet("", Unanswered.WAITS, review.choices))
    number, rest = (1, "") if again else lines.meant(text, [step.label for step in form.steps])
    if not 1 <= number <= len(form.steps):
        return Outcome(Status.ASKING, Say("form/unclear", {}, review.choices))
    progress.at = form.steps[number - 1].name
    progress.changing = True
    progress.tries = 0
    if rest:  # "ubah 4 Samarinda", "lokasi RT 05", or the one answer of a short form again
        return _answer(form, progress, rest, view)
    return Outcome(Status.ASKING, ask(form, progress, view))


def _ask_review(form: Form, progress: Progress, view: View) -> Say:
    played = [
        {"number": n, "label": step.label, "shown": step.show(progress.answers[step.name], view)}
        for n, step in enumerate(form.steps, start=1)
    ]
    told = {**form.told(view), "lines": played}
    return Say(form.review, told, _buttons(REVIEW, form.buttons))


def _ask_cancel(form: Form, progress: Progress) -> Say:
    choices = _buttons(progress.at, (("ya", "Ya, hapus"), ("lanjut", "Lanjut mengisi")))
    return Say("form/cancel", where(form, progress), choices)


def where(form: Form, progress: Progress) -> Mapping[str, Any]:
    """What form it is, and how far."""
    return {"about": titles.of(form.name), "done": form.done(progress.answers), "total": len(form.steps)}


def _buttons(step: str, choices: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(f"form:{step}:{value}", label) for value, label in choices)
