"""The office answers a village's question: by a reply to its card, by a button, or by *jawab* and its number."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import words
from bot.domain.discretion import masked
from bot.domain.offices import STAFF, office_day
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.routing import Route, Where, press, replied, word
from bot.store import people, places, questions
from bot.store.questions import Question
from bot.turns import Turn, may_in, noise, within
from handlers import own_chat, requesting
from handlers.office import question_cards as cards
from handlers.office import rooms

LONGEST = 1500  # characters of a question or an answer
#: Questions named at once.
LISTED = 10
#: Of a question or an answer, where it is only to be recognised.
QUOTED = 100
#: After this time, what somebody writes need not be the answer that was asked for.
FORGOTTEN = timedelta(minutes=30)

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


def _theirs(turn: Turn, number: str, district: str = "") -> Question | None:
    """A question, of that district if one is named, that this person may answer here; else as if there were
    none.
    """
    found = questions.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or turn.room not in (None, places.Room(found.district, places.RoomKind.OFFICE)):
        return None
    if district not in ("", found.district):
        return None
    return found if may_in(turn, STAFF, found.district) else None


def _of_card(act: Callable[[Turn, Question], list[Outgoing]], turn: Turn) -> list[Outgoing]:
    """A button of a card, if the question is theirs."""
    question = _theirs(turn, turn.choice.split(":")[1])
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


# -- settled ------------------------------------------------------------------------------


def _closing(turn: Turn, question: Question) -> list[Outgoing]:
    """*Selesai*: asked about where nobody has answered; a yes closes what it was asked about, and no more."""
    meant = turn.choice.split(":")[2:]
    last = questions.lines(turn.tx, question.id)[-1].id
    if meant == ["no"]:
        choices = () if turn.incoming.group else cards.private_buttons(question)
        return [rooms.in_place(turn, turn.post("questions/still_open", choices, number=question.id))]
    if question.open and meant != ["yes", str(last)]:
        about = f"question_close:{question.id}"
        yes = Choice(within(question.district, f"{about}:yes:{last}"), "Ya, tutup")
        no = Choice(within(question.district, f"{about}:no"), "Tidak jadi")
        said = turn.post("questions/close_unanswered", (yes, no), number=question.id, added=bool(meant))
        asked = rooms.for_all(said) if turn.incoming.group else said
        return [rooms.in_place(turn, asked) if meant else asked, *_redrawn(turn, question)]
    return _closed(turn, question, asked=bool(meant))


def _closed(turn: Turn, question: Question, *, asked: bool) -> list[Outgoing]:
    """Settled.  Whoever got no answer is told, and can ask again."""
    line = turn.post("questions/closed", number=question.id)
    said = [rooms.in_place(turn, line) if asked else line] if asked or not turn.incoming.group else []
    if not questions.close(turn.tx, question.id, turn.who.person, turn.now):
        return [*said, *_redrawn(turn, question)]
    turn.note("close_question", f"question:{question.id}")
    to = _asker(turn, question)
    told = []
    if to is not None and question.open:
        again = (Choice("help:", "Tanya lagi"),)
        values = {"number": question.id, "office": cards.office_of(turn.district)}
        told = [Outgoing(to.to, "questions/settled", values, again, person=to.person)]
    return [*said, *told, *_redrawn(turn, question)]


def _asker(turn: Turn, question: Question) -> people.Recipient | None:
    """Who asked, if they still serve the village and can be written to."""
    serving = people.serving(turn.tx, question.village, office_day(turn.now))
    return next((one for one in serving if one.person == question.person), None)


# -- answered -----------------------------------------------------------------------------


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
    return _given(turn, question, text)


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
    return [*sent, replace(told, key=key), *_redrawn(turn, question)]


def _answer(turn: Turn, question: Question, text: str) -> list[Outgoing]:
    """The answer on its way to whoever asked, signed by the office; nothing where they cannot be reached."""
    to = _asker(turn, question)
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
        return _listing(turn, unsent=not words.is_polite(turn.rest))
    number, text = found[1], found[2] or ""
    if turn.in_forum or not text:
        district = turn.room.district if turn.room else ""
        there = partial(_by_number, number=number, text=text, district=district)
        return own_chat.go_on(turn, STAFF, there)
    return _by_number(turn, number, text)


def _by_number(turn: Turn, number: str, text: str, district: str = "") -> list[Outgoing]:
    """The answer to the question of that number; where it is asked for in a group, of its `district`."""
    question = _theirs(turn, number, district)
    if question is None:
        return [turn.post("questions/no_such", number=number)]
    if not text:
        return _opened(turn, question)
    try:
        return _given(turn, question, parse_words(text, View(turn.today, {})))
    except Invalid as error:
        return [turn.post(error.template, **error.values, attempt=1)]


def _listing(turn: Turn, *, unsent: bool) -> list[Outgoing]:
    """What waits for an answer, and how long; the words in private, one by one."""
    found = questions.waiting(turn.tx, turn.district.code)
    values: dict[str, Any] = {
        "district": turn.district.name,
        "rows": [_row(turn, one) for one in found[:LISTED]],
        "more": max(len(found) - LISTED, 0),
        "unsent": unsent,
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
        "age": requesting.age(one.waits_since, turn.now),
        "who": one.taker,
    }


def _choices(turn: Turn, found: list[Question]) -> list[Choice]:
    names = {one.code: one.name for one in turn.villages}
    return [
        Choice(within(one.district, f"answer:{one.id}"), f"{one.id} {names.get(one.village, '')[:16]}")
        for one in found[:LISTED]
    ]


# -- the next sentence is the answer --------------------------------------------------------


def _opened(turn: Turn, question: Question) -> list[Outgoing]:
    last = questions.lines(turn.tx, question.id)[-1].id
    return filling.open_form(turn, ANSWER_ROUTE, {"question": question.id, "seen": last})


def _parse_answer(text: str, view: View) -> str:
    """What is written long after the question was opened, or after others wrote, may be no answer to it."""
    said = parse_words(text, view)
    if named := _BY_NUMBER.fullmatch(said):
        if int(named[1]) != view.answers["question"] or not named[2]:
            return said  # another is meant, or this one is to be shown again
        said = parse_words(named[2], view)
    news = view.extra["news"]
    if news["added"] or (view.extra["forgotten"] and not named):
        values = _asked(view)
        raise Doubtful(
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
    return found


def _look_up(turn: Turn) -> Mapping[str, Any]:
    def found(number: int) -> Mapping[str, Any]:
        question = questions.get(turn.tx, number)
        assert question is not None
        return {**cards.values(turn.tx, turn.district, question), "name": question.name}

    left = turn.draft
    doubted = left is not None and bool(left.progress.pending)  # neither yes nor no: asked about again
    old = left is not None and turn.now - left.updated_at > FORGOTTEN
    answers = left.progress.answers if left is not None else {}
    return {"question": found, "forgotten": doubted or old, "news": _news(turn, answers)}


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
    question = _theirs(turn, str(answers["question"]))
    return [turn.reply("chat/not_yours")] if question is None else _given(turn, question, answers["words"])


ANSWER = Form(
    "answer",
    (Step("words", "Jawaban", "questions/ask_answer", _parse_answer, shown, _asked, sentences=True),),
)
ANSWER_ROUTE = FormRoute(ANSWER, _look_up, _filled, STAFF)

ROUTES: tuple[Route, ...] = (
    replied("question", reply, needs=STAFF),
    press("question_take", partial(_of_card, _taken), needs=STAFF, where=Where.BOTH, keeps_form=True),
    press("question_close", partial(_of_card, _closing), needs=STAFF, where=Where.BOTH, keeps_form=True),
    press("question_look", partial(_of_card, _looked), needs=STAFF, where=Where.BOTH, keeps_form=True, stays=True),
    press("answer", partial(_of_card, _opened), needs=STAFF, keeps_form=True),
    word("jawab", begin, "jawab pertanyaan", "pertanyaan terbuka", needs=STAFF, where=Where.BOTH),
)  # fmt: skip
