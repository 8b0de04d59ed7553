"""A person asks, a person answers: cards in the office group, and replies to them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import deadlines, office_hours
from bot.domain.discretion import masked
from bot.domain.months import Month
from bot.domain.offices import STAFF, VILLAGE, office_day
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, replied, word
from bot.store import drafts, people, places, questions
from bot.store.questions import Line, Question
from bot.turns import Turn, may_in, noise, within
from handlers import own_chat, start
from handlers.office import question_cards as cards
from handlers.office.question_plans import Waiting, still_linked

#: Whoever writes again within this time goes on with the same question.
FOLLOW = timedelta(days=14)
LONGEST = 1500  # characters of a question or an answer
#: Questions named at once.
LISTED = 10

#: A reply of these kinds is meant for the colleagues, or is nothing that somebody said.
_CHATTER = ("sticker", "dice", "game", "membership")

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


def _parse_words(text: str, _view: View) -> str:
    if len(text) > LONGEST:
        raise Invalid("questions/too_long", limit=LONGEST)
    if not any(sign.isalnum() for sign in text):
        raise Invalid("questions/no_words")
    return text.strip()


def _shown(value: str, _view: View) -> str:
    return value


def _answered(view: View) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = view.extra["question"](view.answers["question"])
    return shown


QUESTION = Form("question", (Step("words", "Pertanyaan", "questions/ask", _parse_words, _shown),))
ANSWER = Form("answer", (Step("words", "Jawaban", "questions/ask_answer", _parse_words, _shown, _answered),))


# -- asking --------------------------------------------------------------------------------


def ask(turn: Turn) -> list[Outgoing]:
    """*tanya*, with the question behind it or in the next sentence."""
    return _asked(turn, turn.rest) if turn.rest else _open(turn)


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
        words = _parse_words(text, View(turn.today, {}))
    except Invalid as error:
        return [turn.reply(error.template, **error.values, attempt=1)]
    doing = DOING.get(turn.draft.progress.form, "") if turn.draft else ""
    return _put(turn, words, doing)


def _filled(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    return _put(turn, answers["words"], answers.get("doing", ""))


def _put(turn: Turn, words: str, doing: str) -> list[Outgoing]:
    """Keep it, call the office, and say when to expect an answer."""
    question, before = _question_of(turn)
    if not words and before is not None and not before.answer and before.doing == doing and question.open:
        return [_confirmed(turn, question, again=True)]  # pressed once more
    by = (turn.who.person, turn.now)
    line = questions.say(turn.tx, question.id, (words, doing if _is_new(before, doing) else ""), by)
    turn.note("ask", f"question:{question.id}", village=question.village)
    called = cards.call(turn, question, line, fresh=cards.is_fresh(turn, question, before))
    return [_confirmed(turn, question, again=False), *called]


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


def _confirmed(turn: Turn, question: Question, *, again: bool) -> Outgoing:
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
        again=again,
        filling=turn.draft is not None and turn.draft.progress.form in DOING and not resting,
    )


# -- the office ----------------------------------------------------------------------------


def _theirs(turn: Turn, number: str) -> Question | None:
    """A question that this person may answer here; else as if there were none."""
    found = questions.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or turn.room not in (None, places.Room(found.district, places.RoomKind.OFFICE)):
        return None
    return found if may_in(turn, STAFF, found.district) else None


def _of_card(act: Callable[[Turn, Question], list[Outgoing]], turn: Turn) -> list[Outgoing]:
    """A button of a card, if the question is theirs."""
    question = _theirs(turn, turn.choice.partition(":")[2])
    if question is None:
        return [] if turn.incoming.group else [turn.reply("chat/not_yours")]
    return act(turn, question)


def _redrawn(turn: Turn, question: Question) -> list[Outgoing]:
    return cards.redraw(turn.tx, turn.rules.district(question.district), question.id, turn.now)


def _looked(turn: Turn, question: Question) -> list[Outgoing]:
    """Every word, in private; the card stays as it is."""
    return [cards.show(turn, question)]


def _taken(turn: Turn, question: Question) -> list[Outgoing]:
    if questions.take(turn.tx, question.id, turn.who.person):
        turn.note("take_question", f"question:{question.id}")
        return [cards.show(turn, question), *_redrawn(turn, question)]
    return _redrawn(turn, question)


def _closed(turn: Turn, question: Question) -> list[Outgoing]:
    """Settled.  Whoever got no answer is told, and can ask again."""
    if not questions.close(turn.tx, question.id, turn.who.person, turn.now):
        said = [] if turn.incoming.group else [turn.reply("questions/closed", number=question.id)]
        return [*said, *_redrawn(turn, question)]
    turn.note("close_question", f"question:{question.id}")
    to = _asker(turn, question)
    told = []
    if to is not None and question.open:
        again = (Choice("help:", "Tanya lagi"),)
        values = {"number": question.id, "office": cards.office_of(turn.district)}
        told = [Outgoing(to.to, "questions/settled", values, again, person=to.person)]
    said = [] if turn.incoming.group else [turn.reply("questions/closed", number=question.id)]
    return [*said, *told, *_redrawn(turn, question)]


def _asker(turn: Turn, question: Question) -> people.Recipient | None:
    """Who asked, if they still serve the village and can be written to."""
    serving = people.serving(turn.tx, question.village, office_day(turn.now))
    return next((one for one in serving if one.person == question.person), None)


def reply(turn: Turn) -> list[Outgoing]:
    """A reply to a card in the group: the answer, given in private.  Of a file its caption is the answer."""
    text = turn.incoming.text.strip()
    question = _theirs(turn, turn.card.split(":")[1])
    if question is None or turn.incoming.forwarded or turn.incoming.shape in _CHATTER:
        return []
    if not text:
        return [noise(turn, turn.post("questions/words_only"))]
    if len(text) > LONGEST:
        return [turn.post("questions/too_long", limit=LONGEST, attempt=1)]
    sent = _answer(turn, question, text)
    place = cards.place_of(turn.tx, question)
    template = "questions/sent" if sent else "questions/nobody"
    file = turn.incoming.shape != "text"
    told = turn.post(template, number=question.id, role=question.role.label, place=place, file=file)
    key = f"question:{question.id}:told:{turn.incoming.address.channel}:{turn.incoming.external_id}"
    return [*sent, replace(told, key=key), *_redrawn(turn, question)]


def _answer(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The answer on its way to whoever asked, signed by the office; nothing where they cannot be reached."""
    to = _asker(turn, question)
    if to is None:
        return []
    by = (turn.who.person, turn.now)
    given = turn.incoming.address
    line = questions.say(turn.tx, question.id, (text, ""), by, given)
    key = f"answer:{question.id}:{line}"
    questions.on_its_way(turn.tx, line, key)
    questions.answered(turn.tx, question.id, turn.who.person, turn.now)
    turn.note("answer", f"question:{question.id}", village=question.village)
    values = {
        "number": question.id,
        "text": masked(text),
        "office": cards.office_of(turn.district),
        "name": turn.who.name,
    }
    out = Outgoing(to.to, "questions/answer", values, (Choice("help:", "Tanya lagi"),), person=to.person)
    return [replace(out, key=key, reason=f"answer:{question.village}:{to.person}")]


def listing(turn: Turn) -> list[Outgoing]:
    """*/jawab*: what waits for an answer, and how long; the words in private, one by one."""
    found = questions.waiting(turn.tx, turn.district.code)
    rows = [_row(turn, one) for one in found[:LISTED]]
    values: dict[str, Any] = {
        "district": turn.district.name,
        "rows": rows,
        "more": max(len(found) - LISTED, 0),
    }
    if turn.in_forum:
        answer = turn.post("questions/count", count=len(found))
        return [answer, own_chat.only(turn, turn.reply("questions/list", _choices(turn, found), **values))]
    if turn.incoming.group:
        return [turn.post("questions/list", **values)]
    return [turn.reply("questions/list", _choices(turn, found), **values)]


def _row(turn: Turn, one: Question) -> dict[str, Any]:
    return {
        "number": one.id,
        "place": cards.place_of(turn.tx, one),
        "role": one.role.label,
        "age": cards.age(turn.now - one.waits_since),
        "who": one.taker,
    }


def _choices(turn: Turn, found: list[Question]) -> list[Choice]:
    names = {one.code: one.name for one in turn.villages}
    return [
        Choice(within(one.district, f"answer:{one.id}"), f"{one.id} {names.get(one.village, '')[:16]}")
        for one in found[:LISTED]
    ]


def begin_answer(turn: Turn) -> list[Outgoing]:
    """A question was chosen: the next sentence is the answer."""
    question = _theirs(turn, turn.choice.partition(":")[2])
    if question is None:
        return [turn.reply("chat/not_yours")]
    return filling.open_form(turn, ANSWER_ROUTE, {"question": question.id})


def _look_up(turn: Turn) -> Mapping[str, Any]:
    def found(number: int) -> Mapping[str, Any]:
        question = questions.get(turn.tx, number)
        assert question is not None
        return {**cards.values(turn.tx, turn.district, question), "name": question.name}

    return {"question": found}


def _answer_filled(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    question = _theirs(turn, str(answers["question"]))
    if question is None:
        return [turn.reply("chat/not_yours")]
    sent = _answer(turn, question, answers["words"])
    template = "questions/sent" if sent else "questions/nobody"
    place = cards.place_of(turn.tx, question)
    done = Choice(within(question.district, f"question_close:{question.id}"), "Selesai")
    values = {"number": question.id, "role": question.role.label, "place": place, "file": False}
    said = turn.reply(template, (done,), **values)
    return [said, *sent, *_redrawn(turn, question)]


QUESTION_ROUTE = FormRoute(QUESTION, lambda _turn: {}, _filled, VILLAGE)
ANSWER_ROUTE = FormRoute(ANSWER, _look_up, _answer_filled, STAFF)


def _typed_beside_help(turn: Turn) -> bool:
    """*bantuan* of a village officer with a question behind it."""
    return turn.word == "bantuan" and bool(turn.rest) and turn.actor is not None and bool(turn.actor.village)


ROUTES: tuple[Route, ...] = (
    replied("question", reply, needs=STAFF),
    press("question_take", partial(_of_card, _taken), needs=STAFF, where=Where.BOTH, keeps_form=True),
    press("question_close", partial(_of_card, _closed), needs=STAFF, where=Where.BOTH, keeps_form=True),
    press("question_look", partial(_of_card, _looked), needs=STAFF, where=Where.BOTH, keeps_form=True, stays=True),
    press("answer", begin_answer, needs=STAFF, keeps_form=True),
    press("help", pressed_ask, needs=LINKED, keeps_form=True),
    Route(ask, _typed_beside_help, VILLAGE, keeps_form=True),
    word("tanya", ask, "tanya petugas", "bertanya", "mau tanya", "mau bertanya", "hubungi petugas", "tanya admin",
         needs=VILLAGE, keeps_form=True),
    word("jawab", listing, "jawab pertanyaan", "pertanyaan terbuka", needs=STAFF, where=Where.BOTH),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = (QUESTION_ROUTE, ANSWER_ROUTE)
PLANNERS: Planners = {"questions": lambda rules, districts: Waiting(rules, districts).plan}
REASONS: Reasons = {"answer": still_linked}
