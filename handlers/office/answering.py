"""The office answers a village's question: by a reply to its card, by a button, or by *jawab* and its number."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot import filling
from bot.domain import remarks, words
from bot.domain.discretion import masked
from bot.domain.offices import STAFF, office_day
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.routing import Route, Where, press, replied, word
from bot.store import drafts, people, questions
from bot.store.questions import Question
from bot.turns import Turn, noise, within
from handlers import own_chat
from handlers.office import command_help, question_list, settling
from handlers.office import question_cards as cards

LONGEST = 1500  # characters of a question or an answer
#: Of a question or an answer, where it is only to be recognised.
QUOTED = 100
#: After this time, what somebody writes need not be the answer that was asked for.
FORGOTTEN = settling.WRITING
#: What begins so is meant for the bot.
_COMMANDS = words.Vocabulary({name: () for name in command_help.HELPS})
#: The buttons below what may be no answer: what is said by each, and its label.
_SURE = (("ya", "Kirim"), ("batal", "Bukan"))

#: A reply of these kinds is meant for the colleagues, or is nothing that somebody said.
_CHATTER = ("sticker", "dice", "game", "membership")
#: "2 Boleh.", "no. 2: Boleh.", "#2 - Boleh.", or the number alone.
_NUMBER = r"(?:(?:pertanyaan|nomor|nomer|no)\b\.?\s*)?#?\s?(\d{1,9})(?:[:.,)]|\s[-–])?(?:\s+(\S.*))?"
_NUMBERED = re.compile(_NUMBER, re.IGNORECASE | re.DOTALL)
_BY_NUMBER = re.compile(rf"/?jawab\s+{_NUMBER}", re.IGNORECASE | re.DOTALL)


def parse_words(text: str, _view: View) -> str:
    """A question or an answer in one message."""
    if len(text) > LONGEST:
        raise Invalid("questions/too_long", limit=LONGEST)
    if not any(sign.isalnum() for sign in text):
        raise Invalid("questions/no_words")
    return text.strip()


def shown(value: str, _view: View) -> str:
    """The words themselves."""
    return value


def quoted(text: str) -> str:
    """The beginning of it, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rstrip()}…"


# -- which question -----------------------------------------------------------------------


def _looked(turn: Turn, question: Question) -> list[Outgoing]:
    """Every word, in private; the card stays as it is."""
    return [cards.show(turn, question)]


def _taken(turn: Turn, question: Question) -> list[Outgoing]:
    if questions.take(turn.tx, question.id, turn.who.person):
        turn.note("take_question", f"question:{question.id}")
        shown = cards.redrawn(turn, question)
        return [*_to_write(turn, question), *shown]
    return cards.redrawn(turn, question)


def _to_write(turn: Turn, question: Question) -> list[Outgoing]:
    """In private, where the next sentence may be the answer, unless they are in the middle of something there."""
    busy = any(one.active for one in drafts.of(turn.tx, turn.who.person, turn.now))
    if busy or not turn.incoming.group or not own_chat.reachable(turn):
        return [cards.show(turn, question)]
    return own_chat.entered(turn, lambda inside: _opened(inside, question, beside=True))


# -- answered -----------------------------------------------------------------------------


def reply(turn: Turn) -> list[Outgoing]:
    """A reply to a card in the group: the answer, given in private.  Of a file its caption is the answer."""
    text = turn.incoming.text.strip()
    question = cards.theirs(turn, turn.card.split(":")[1])
    if question is None or turn.incoming.forwarded or turn.incoming.shape in _CHATTER:
        return []
    if not text:
        return [noise(turn, turn.post("questions/words_only"))]
    if len(text) > LONGEST:
        return [turn.post("questions/too_long", limit=LONGEST, attempt=1)]
    return _weighed(turn, question, text)


def _weighed(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The answer on its way; what may be a remark is asked about where it was written."""
    if not _is_remark(turn, question, text):
        return _given(turn, question, text)
    if not turn.incoming.group:
        return _doubted(turn, question, text)
    choices = (
        Choice(within(question.district, f"answer_send:{question.id}:{text}"), "Kirim"),
        Choice(within(question.district, f"answer_not:{question.id}"), "Bukan"),
    )
    return [turn.post("questions/is_it_the_answer", choices, **_doubt(turn, question, ""))]


def _is_remark(turn: Turn, question: Question, text: str) -> bool:
    staff = people.staff(turn.tx, question.district, office_day(turn.now))
    colleagues = [one.name for one in staff if one.person != turn.who.person]
    return remarks.is_one(text, remarks.Heard(colleagues, question.name, _COMMANDS))


def _doubt(turn: Turn, question: Question, text: str) -> dict[str, str | int]:
    """What is said of words that may be no answer; in a group they are not repeated."""
    place = cards.place_of(turn.tx, question)
    return {"number": question.id, "place": place, "text": quoted(masked(text)), "added": "", "by": ""}


def _sent(turn: Turn, question: Question) -> list[Outgoing]:
    """*Kirim*, in the group: it is the answer."""
    return _given(turn, question, turn.choice.split(":", 2)[2])


def _not_sent(turn: Turn, question: Question) -> list[Outgoing]:
    """*Bukan*, *Tidak jadi*: nothing is sent, and nothing is being written any more."""
    if not turn.incoming.group:
        for left in drafts.of(turn.tx, turn.who.person, turn.now):
            if left.progress.form == ANSWER.name and left.progress.answers["question"] == question.id:
                drafts.drop(turn.tx, turn.who.person, left.progress)
    return [turn.post("questions/not_sent", number=question.id, open=question.open)]


def _given(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The answer on its way, and a line where it was given that says so."""
    sent = _answer(turn, question, text)
    done = Choice(within(question.district, f"question_close:{question.id}"), "Selesai")
    told = turn.post(
        "questions/sent" if sent else "questions/nobody",
        () if turn.incoming.group else (done,),
        number=question.id,
        role=question.role.label,
        place=cards.place_of(turn.tx, question),
        file=turn.incoming.shape not in ("text", "tap"),
        hidden=masked(text) != text,
    )
    key = f"question:{question.id}:told:{turn.incoming.address.channel}:{turn.incoming.external_id}"
    over = settling.stop_writing(turn, question, answered=True) if sent else []
    return [*sent, replace(told, key=key), *over, *cards.redrawn(turn, question)]


def _answer(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The answer on its way to whoever asked, signed by the office; nothing where they cannot be reached."""
    to = cards.asker(turn, question)
    if to is None:
        return []
    asked = cards.values(turn.tx, turn.district, question)
    by = (turn.who.person, turn.now)
    line = questions.say(turn.tx, question.id, (text, ""), by, turn.incoming.address)
    key = f"answer:{question.id}:{line}"
    questions.on_its_way(turn.tx, line, key)
    questions.answered(turn.tx, question.id, turn.who.person, turn.now)
    turn.note("answer", f"question:{question.id}", village=question.village)
    values = {
        "number": question.id,
        "about": quoted(asked["words"] or ", ".join(asked["doing"])),
        "text": masked(text),
        "office": cards.office_of(turn.district),
        "name": turn.who.name,
    }
    out = Outgoing(to.to, "questions/answer", values, (Choice("help:", "Tanya lagi"),), person=to.person)
    return [replace(out, key=key, reason=f"answer:{question.village}:{to.person}")]


# -- *jawab* ------------------------------------------------------------------------------


def begin(turn: Turn) -> list[Outgoing]:
    """*/jawab*: what waits; *jawab 2*: that one is asked for; *jawab 2 Boleh.*: that is its answer."""
    found = _NUMBERED.fullmatch(turn.rest.strip())
    if found is None:
        return question_list.show(turn, unsent=not words.is_polite(turn.rest))
    number, text = found[1], found[2] or ""
    if turn.in_forum or not text or remarks.only_a_title(text):
        district = turn.room.district if turn.room else ""
        there = partial(_by_number, number=number, text=text, district=district)
        return own_chat.go_on(turn, STAFF, there)
    return _by_number(turn, number, text)


def _by_number(turn: Turn, number: str, text: str, district: str = "") -> list[Outgoing]:
    """The answer to the question of that number; where it is asked for in a group, of its `district`."""
    question = cards.theirs(turn, number, district)
    if question is None:
        return [turn.post("questions/no_such", number=number)]
    if not text or remarks.only_a_title(text):
        return _opened(turn, question)
    try:
        return _weighed(turn, question, parse_words(text, View(turn.today, {})))
    except Invalid as error:
        return [turn.post(error.template, **error.values, attempt=1)]


# -- the next sentence is the answer --------------------------------------------------------


def _opened(turn: Turn, question: Question, *, beside: bool = False) -> list[Outgoing]:
    """Its words, and the next sentence is the answer; `beside` the card, where it may be given as well."""
    last = questions.lines(turn.tx, question.id)[-1].id
    return filling.open_form(turn, ANSWER_ROUTE, {"question": question.id, "seen": last, "beside": beside})


def _doubted(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The same with words that may be no answer: they wait for a yes."""
    _opened(turn, question)
    begun = (draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now))
    progress = next(one for one in begun if (one.form, one.village) == (ANSWER.name, turn.place))
    progress.pending = {"step": progress.at, "value": text}
    drafts.save(turn.tx, turn.who.person, progress, turn.now)
    choices = [Choice(f"form:{progress.at}:{meant}", label) for meant, label in _SURE]
    return [turn.reply("questions/is_it_the_answer", choices, **_doubt(turn, question, text))]


class _Unsure(Doubtful):
    """Words that may be no answer: they are sent, or the form is over."""

    choices = _SURE


def _parse_answer(text: str, view: View) -> str:
    """What is written long after the question was opened, or after others wrote, may be no answer to it."""
    said = parse_words(text, view)
    if named := _BY_NUMBER.fullmatch(said):
        if int(named[1]) != view.answers["question"] or not named[2]:
            return said  # another is meant, or this one is to be shown again
        said = parse_words(named[2], view)
    news = view.extra["news"]
    unasked = view.extra["forgotten"] or view.answers.get("beside")
    if news["added"] or (unasked and not named) or view.extra["remark"](said):
        values = _asked(view)
        raise _Unsure(
            "questions/is_it_the_answer",
            said,
            number=values["number"],
            place=values["place"],
            text=quoted(masked(said)),
            **news,
        )
    return said


def _asked(view: View) -> Mapping[str, Any]:
    found: Mapping[str, Any] = view.extra["question"](view.answers["question"])
    return {**found, "beside": bool(view.answers.get("beside"))}


def _look_up(turn: Turn) -> Mapping[str, Any]:
    def found(number: int) -> Mapping[str, Any]:
        question = questions.get(turn.tx, number)
        assert question is not None
        return {**cards.values(turn.tx, turn.district, question), "name": question.name}

    left = turn.draft
    doubted = left is not None and bool(left.progress.pending)  # neither yes nor no: asked about again
    old = left is not None and turn.now - left.updated_at > FORGOTTEN
    answers = left.progress.answers if left is not None else {}
    return {
        "question": found,
        "forgotten": doubted or old,
        "news": _news(turn, answers),
        "remark": partial(_remark_in, turn, answers),
    }


def _remark_in(turn: Turn, answers: Mapping[str, Any], text: str) -> bool:
    question = questions.get(turn.tx, answers["question"])
    return question is not None and _is_remark(turn, question, text)


def _news(turn: Turn, answers: Mapping[str, Any]) -> Mapping[str, str]:
    """What was said last to a question since this person opened it, and who of the office said it."""
    question = questions.get(turn.tx, answers["question"]) if "seen" in answers else None
    if question is not None:
        line = questions.lines(turn.tx, question.id)[-1]
        arrived = not (line.answer and question.open)
        if line.id != answers["seen"] and arrived:
            said = quoted(masked(line.words or line.doing))
            return {"added": said, "by": line.name if line.answer else ""}
    return {"added": "", "by": ""}


def _filled(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    named = _BY_NUMBER.fullmatch(answers["words"])
    if named:
        return _by_number(turn, named[1], named[2] or "")
    question = cards.theirs(turn, str(answers["question"]))
    return [turn.reply("chat/not_yours")] if question is None else _given(turn, question, answers["words"])


def _dropped(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    question = cards.theirs(turn, str(answers["question"]))
    return [] if question is None else _not_sent(turn, question)


def _unwritten(turn: Turn, answers: Mapping[str, Any]) -> Outgoing:
    """It was put aside before anything was written."""
    number = answers["question"]
    question = questions.get(turn.tx, number)
    district = question.district if question else turn.district.code
    choices = (
        Choice(within(district, f"answer:{number}"), "Tulis sekarang"),
        Choice(within(district, f"answer_not:{number}"), "Tidak jadi"),
    )
    return turn.reply("questions/unwritten", choices, number=number)


ANSWER = Form(
    settling.FORM,
    (Step("words", "Jawaban", "questions/ask_answer", _parse_answer, shown, _asked, sentences=True),),
)
ANSWER_ROUTE = FormRoute(ANSWER, _look_up, _filled, STAFF, dropped=_dropped, rests=_unwritten)

_both = partial(press, needs=STAFF, where=Where.BOTH, keeps_form=True)
ROUTES: tuple[Route, ...] = (
    replied("question", reply, needs=STAFF),
    _both("question_take", partial(cards.of_card, _taken)),
    _both("question_close", partial(cards.of_card, settling.closing)),
    _both("question_look", partial(cards.of_card, _looked), stays=True),
    press("answer", partial(cards.of_card, _opened), needs=STAFF, keeps_form=True),
    press("answer_send", partial(cards.of_card, _sent), needs=STAFF, where=Where.GROUP),
    _both("answer_not", partial(cards.of_card, _not_sent)),
    word("jawab", begin, "jawab pertanyaan", "pertanyaan terbuka", needs=STAFF, where=Where.BOTH),
)
