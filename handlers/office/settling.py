"""A question of a village is settled, and nobody goes on writing an answer that was given."""

from datetime import timedelta

from bot.domain.offices import office_day
from bot.messages import Choice, Lane, Outgoing
from bot.store import drafts, people, questions
from bot.store.questions import Question
from bot.turns import Turn, within
from handlers.office import question_cards as cards
from handlers.office import rooms

#: The form in which an answer is written.
FORM = "answer"
#: Whoever opened it within this time is taken to be writing.
WRITING = timedelta(minutes=30)


def closing(turn: Turn, question: Question) -> list[Outgoing]:
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
        return [rooms.in_place(turn, asked) if meant else asked, *cards.redrawn(turn, question)]
    return _closed(turn, question, asked=bool(meant))


def _closed(turn: Turn, question: Question, *, asked: bool) -> list[Outgoing]:
    """Settled.  Whoever got no answer is told, and can ask again."""
    line = turn.post("questions/closed", number=question.id)
    said = [rooms.in_place(turn, line) if asked else line] if asked or not turn.incoming.group else []
    if not questions.close(turn.tx, question.id, turn.who.person, turn.now):
        return [*said, *cards.redrawn(turn, question)]
    turn.note("close_question", f"question:{question.id}")
    to = cards.asker(turn, question)
    told = []
    if to is not None and question.open:
        again = (Choice("help:", "Tanya lagi"),)
        values = {"number": question.id, "office": cards.office_of(turn.district)}
        told = [Outgoing(to.to, "questions/settled", values, again, person=to.person)]
    return [*said, *told, *stop_writing(turn, question, answered=False), *cards.redrawn(turn, question)]


def stop_writing(turn: Turn, question: Question, *, answered: bool) -> list[Outgoing]:
    """The answer's form is over for everybody; colleagues who were at it a moment ago are told."""
    told = []
    for one in people.staff(turn.tx, question.district, office_day(turn.now)):
        mine = [draft for draft in drafts.of(turn.tx, one.person, turn.now) if _is_for(draft, question)]
        for draft in mine:
            drafts.drop(turn.tx, one.person, draft.progress)
            if one.person != turn.who.person and draft.active and turn.now - draft.updated_at < WRITING:
                told.append(_told(turn, question, one, answered=answered))
    return told


def _is_for(draft: drafts.Draft, question: Question) -> bool:
    return draft.progress.form == FORM and draft.progress.answers.get("question") == question.id


def _told(turn: Turn, question: Question, to: people.Recipient, *, answered: bool) -> Outgoing:
    values = {
        "number": question.id,
        "place": cards.place_of(turn.tx, question),
        "by": turn.who.name,
        "answered": answered,
    }
    add = Choice(within(question.district, f"answer:{question.id}"), "Tambah jawaban")
    return Outgoing(to.to, "questions/not_needed", values, (add,), lane=Lane.ALERT, person=to.person)
