"""A village's officer asks the district's office, and says more while it is not settled."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import filling, presses
from bot.domain import asking, deadlines, greetings, office_hours, words
from bot.domain.discretion import masked, without_pin
from bot.domain.months import Month
from bot.domain.offices import VILLAGE
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, press, word
from bot.store import drafts, members, prompts, questions
from bot.store.questions import Line, Question
from bot.turns import Turn
from handlers import open_choices, start
from handlers.office import answering
from handlers.office import question_cards as cards
from handlers.office.question_plans import Waiting, still_linked

#: Whoever writes again within this time goes on with the same question.
FOLLOW = timedelta(days=14)

#: What somebody was doing, by the name of the form.
DOING = {
    "registration": "mendaftarkan orang",
    "wage": "mengubah upah",
    "post": "mengubah jabatan",
    "beside": "menambah jabatan rangkap",
    "term": "mencatat masa jabatan",
    "kpj": "mencatat nomor peserta",
    "leave": "mencatat yang berhenti",
}

QUESTION = Form(
    "question",
    (Step("words", "Pertanyaan", "questions/ask", answering.parse_words, answering.shown, sentences=True),),
)


def ask(turn: Turn) -> list[Outgoing]:
    """*tanya*, with the question behind it or in the next sentence; of a colleague who is asked nothing is sent."""
    said = turn.rest
    if said and turn.draft is None and _of_colleague(turn, said):
        return [turn.reply("questions/colleague", (Choice("help:", "Tanya petugas"),))]
    if asking.says_nothing(said):
        return offered_again(turn) or _open(turn)
    return _asked(turn, said)


def _of_colleague(turn: Turn, said: str) -> bool:
    return asking.to_colleague(said, [one.name for one in members.of_village(turn.tx, turn.who.village)])


def offer(turn: Turn) -> list[Outgoing]:
    """*Tanya petugas* below what could not be answered: shown as it would be sent, and for which village."""
    village, said = _kept(turn)
    if not _about(turn, village):
        return [turn.reply("chat/not_yours")]
    choices = (Choice(f"send_question:{village}:{said}", "Kirim"), Choice("drop_question:", "Tidak jadi"))
    shown = answering.quoted(masked(without_pin(said)))
    place = turn.village.label if len(turn.who.villages) > 1 else ""
    office = cards.office_of(turn.district)
    return [turn.reply("questions/send_it", choices, text=shown, office=office, place=place)]


#: Of a village.
_CODE = re.compile(r"[0-9]{2}(?:\.[0-9]{2}){2}\.[0-9]{4}")


def _kept(turn: Turn) -> tuple[str, str]:
    """The village and the words in a choice; in one of an older version the words alone."""
    said = turn.choice.partition(":")[2]
    village, _, typed = said.partition(":")
    return (village, typed) if _CODE.fullmatch(village) else (turn.who.village, said)


def _about(turn: Turn, village: str) -> bool:
    """The turn is about the village of which it was written; False where they serve there no more."""
    office = next((one for one in turn.who.offices if one.village == village and one.role in VILLAGE), None)
    if office is None:
        return False
    turn.actor, turn.office = replace(turn.who, focus=village), office
    return True


def offered_again(turn: Turn, *, mere: bool = False) -> list[Outgoing]:
    """*Tanyakan* right below what could not be answered means that; a `mere` yes does below a question alone."""
    at = turn.incoming.address
    prompt = None if turn.incoming.group else prompts.latest(turn.tx, turn.now, at, turn.who.person, "")
    if (
        prompt is None
        or prompt.made < turn.now - presses.FRESH
        or (mere and prompt.topic != open_choices.UNANSWERED)
    ):
        return []
    found = next(
        (n for n, one in enumerate(prompt.choices) if one.id.startswith(f"{open_choices.UNANSWERED}:")), None
    )
    if found is None:
        return []
    prompts.use(turn.tx, turn.now, f"{prompt.nonce}.{found}", turn.who.person)
    turn.choice = prompt.choices[found].id
    return offer(turn)


def send(turn: Turn) -> list[Outgoing]:
    """*Kirim*: the words that were shown, for the village that was shown."""
    village, said = _kept(turn)
    return _asked(turn, said) if _about(turn, village) else [turn.reply("chat/not_yours")]


def drop(turn: Turn) -> list[Outgoing]:
    """*Tidak jadi*."""
    return [turn.reply("form/not_begun")]


def pressed_ask(turn: Turn) -> list[Outgoing]:
    """*Tanya petugas*; and *Minta bantuan* after three mistakes at a question of a form, which it names."""
    _, _, step = turn.choice.partition(":")
    if not turn.who.village or turn.who.office(*VILLAGE) is None:
        return start.help_(turn)
    if not step:
        return _open(turn)
    doing = DOING.get(turn.draft.progress.form, "mengisi formulir") if turn.draft else "mengisi formulir"
    return _put(turn, "", f"{doing}, bagian {step}")


def _open(turn: Turn) -> list[Outgoing]:
    doing = DOING.get(turn.draft.progress.form, "") if turn.draft else ""
    return filling.open_form(turn, QUESTION_ROUTE, {"doing": doing})


def _asked(turn: Turn, text: str) -> list[Outgoing]:
    """Words that were typed behind the command."""
    try:
        said = answering.parse_words(text, View(turn.today, {}))
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    doing = DOING.get(turn.draft.progress.form, "") if turn.draft else ""
    return _put(turn, said, doing)


def _filled(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """The sentence after *tanya*; one that takes it back, or asks nothing yet, is not sent."""
    if words.is_no(answers["words"]):
        return drop(turn)
    if asking.says_nothing(answers["words"]) or greetings.alone(answers["words"]):
        return filling.open_form(turn, QUESTION_ROUTE, {"doing": answers.get("doing", "")})
    return _put(turn, answers["words"], answers.get("doing", ""))


def _put(turn: Turn, said: str, doing: str) -> list[Outgoing]:
    """Keep it, call the office, and say when to expect an answer; a PIN is for nobody's eyes."""
    said = without_pin(said)
    question, before = _question_of(turn)
    if not said and before is not None and not before.answer and before.doing == doing and question.open:
        return [_confirmed(turn, question, "again")]  # pressed once more
    by = (turn.who.person, turn.now)
    line = questions.say(turn.tx, question.id, (said, doing if _is_new(before, doing) else ""), by)
    turn.note("ask", f"question:{question.id}", village=question.village)
    called = cards.call(turn, question, line, fresh=cards.is_fresh(turn, question, before))
    return [_confirmed(turn, question, "more" if before else "new"), *called]


def _is_new(before: Line | None, doing: str) -> bool:
    return before is None or before.answer or before.doing != doing


def _question_of(turn: Turn) -> tuple[Question, Line | None]:
    """The question that goes on, with its last words, or a new one."""
    tx, person, village = turn.tx, turn.who.person, turn.who.village
    held = (one for one in turn.who.offices if one.village == village and one.role in VILLAGE)
    role = next(held).role
    found = questions.last_of(tx, person, village)
    before = None
    if found and found.state is not questions.State.CLOSED and turn.now - found.said_at < FOLLOW:
        before = questions.lines(tx, found.id)[-1]
        questions.again(tx, found.id, role, turn.now)
        number = found.id
    else:
        number = questions.ask(tx, village, (person, role), turn.now)
    question = questions.get(tx, number)
    assert question is not None
    return question, before


def _confirmed(turn: Turn, question: Question, how: str) -> Outgoing:
    local = turn.now.astimezone(turn.district.zone)
    free = deadlines.free_days(turn.rules, turn.district.code, Month.of(local.date()))
    left = next(iter(drafts.of(turn.tx, turn.who.person, turn.now)), None)
    resting = left is not None and not left.active and left.progress.form in DOING
    choices = [Choice(f"resume:{left.progress.form}", "Lanjutkan isian")] if left and resting else []
    return turn.reply(
        "questions/passed_on",
        choices,
        number=question.id,
        office=cards.office_of(turn.district),
        opens=office_hours.opening(local, free, turn.district.zone_label),
        zone=turn.district.zone_label,
        how=how,
        filling=turn.draft is not None and turn.draft.progress.form in DOING and not resting,
    )


QUESTION_ROUTE = FormRoute(QUESTION, lambda _turn: {}, _filled, VILLAGE)


ROUTES: tuple[Route, ...] = (
    *answering.ROUTES,
    press("help", pressed_ask, needs=LINKED, keeps_form=True),
    press(open_choices.UNANSWERED, offer, needs=VILLAGE, keeps_form=True),
    press("send_question", send, needs=VILLAGE, keeps_form=True),
    press("drop_question", drop, needs=VILLAGE, keeps_form=True),
    word("tanya", ask, "tanya petugas", "bertanya", "mau tanya", "mau bertanya", "hubungi petugas", "tanya admin", "tanyakan",
         "nanya", "mau nanya", "izin tanya", "izin bertanya", "numpang tanya", "petugas", "pengaduan", "keluhan", "komplain",
         needs=VILLAGE, keeps_form=True),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = (QUESTION_ROUTE, answering.ANSWER_ROUTE)
PLANNERS: Planners = {"questions": lambda rules, districts: Waiting(rules, districts).plan}
REASONS: Reasons = {"answer": still_linked}
