"""What a village is asked for a study: one card, one number, once more if nobody answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import filling
from bot.domain import group_answers
from bot.domain.offices import office_day
from bot.domain.reminders import next_calm_in
from bot.domain.rulebook import Rules
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Lane, Outgoing
from bot.store import people, places, records, studies
from bot.store.database import Tx
from bot.store.people import Recipient
from bot.store.records import Plan
from bot.store.studies import State, Study
from bot.turns import Turn
from handlers.month import serves
from handlers.programmes.studies import year_of
from handlers.served import Served

#: A card is worth answering so long.
WORTH = timedelta(days=21)
KIND = "study"


class Cards(Served):
    """The planner that asks the villages, and once more those that have not answered."""

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Each officer of a village that has not answered, once in each round."""
        rules, said = self.rules(tx), []
        for one in studies.due(tx, until):
            if self.serves(one.district):
                said += _round(tx, rules, one, until)
                studies.written(tx, one)
        return said


def _round(tx: Tx, rules: Rules, one: Study, now: datetime) -> list[Outgoing]:
    names = {village.code: village for village in places.villages(tx, one.district)}
    asked = studies.unanswered(tx, one, office_day(now))
    said = []
    for code, serving in asked.items():
        for to in serving:
            plan = Plan(KIND, str(one.id), code, "", f"round-{one.rounds}", to.person)
            if code in names and records.plan(tx, plan, now, "queued"):
                card = _card(rules, one, names[code], to)
                said.append(replace(card, key=plan.key, expires_at=now + WORTH))
    calm = next_calm_in(rules, one.district, now)
    return [replace(out, not_before=calm) for out in said]


def _card(rules: Rules, one: Study, village: places.Village, to: Recipient) -> Outgoing:
    values = _asking(rules, one, village, again=one.rounds > 0)
    return Outgoing(
        to.to,
        "studies/ask",
        values,
        _choices(one, village.code),
        lane=Lane.REMINDER,
        person=to.person,
        reason=f"{KIND}:{one.district}:{one.id}:{village.code}:{to.person}",
    )


def _asking(rules: Rules, one: Study, village: places.Village, *, again: bool) -> Mapping[str, Any]:
    return {
        "office": rules.district(one.district).office,
        "district": rules.district(one.district).name,
        "name": one.name,
        "place": village.label,
        "year": year_of(one),
        "again": again,
    }


def _choices(one: Study, village: str) -> tuple[Choice, ...]:
    return (
        Choice(f"study_count:{one.id}:{village}", "Isi jumlah"),
        Choice(f"study_none:{one.id}:{village}", "Tidak ada"),
    )


def still_asked(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when a card is about to leave: still unanswered, and still their office."""
    _, number, village, person = argument.split(":")
    linked = people.is_linked(tx, int(person), village, office_day(now))
    return linked and studies.is_asked(tx, int(number), village)


def _open(turn: Turn) -> Study | list[Outgoing]:
    """The study of a button, while it asks their village."""
    number, village = turn.choice.split(":")[1:3]
    one = studies.get(turn.tx, int(number)) if number.isdecimal() else None
    if not serves(turn, village) or one is None or one.district != village[:5]:
        return [turn.reply("chat/not_yours")]
    if one.state is not State.ASKING:
        return [turn.reply("studies/over", name=one.name, office=turn.district.office)]
    return one


def count(turn: Turn) -> list[Outgoing]:
    """*Isi jumlah*; where a colleague has answered, what they said first."""
    one = _open(turn)
    if not isinstance(one, Study):
        return one
    village = turn.who.village
    known = studies.answers(turn.tx, one.id).get(village)
    if known and not turn.choice.endswith(":again"):
        again = (Choice(f"study_count:{one.id}:{village}:again", "Ubah jumlah"),)
        values = {"name": one.name, "people": known.people, "by": known.by}
        return [turn.reply("studies/answered", again, **values)]
    return filling.open_form(turn, ROUTE, {"study": one.id, "name": one.name, "place": turn.village.label})


def ask_again(turn: Turn) -> list[Outgoing]:
    """The card once more, to be answered while nothing else is asked."""
    one = _open(turn)
    if not isinstance(one, Study):
        return one
    village = turn.village
    return [
        turn.reply(
            "studies/ask", _choices(one, village.code), **_asking(turn.rules, one, village, again=False)
        )
    ]


def none(turn: Turn) -> list[Outgoing]:
    """*Tidak ada*, pressed; a colleague's number is not overwritten."""
    one = _open(turn)
    if not isinstance(one, Study):
        return one
    if turn.who.village in studies.answers(turn.tx, one.id):
        return count(turn)
    return _keep(turn, one, 0)


def _keep(turn: Turn, one: Study, number: int) -> list[Outgoing]:
    village = turn.who.village
    if not studies.answer(turn.tx, one.id, village, number, (turn.who.person, turn.now)):
        return [turn.reply("studies/over", name=one.name, office=turn.district.office)]
    turn.note("answer_study", f"village:{village}", study=one.id, people=number)
    again = (Choice(f"study_count:{one.id}:{village}:again", "Ubah jumlah"),)
    values = {"name": one.name, "people": number, "place": turn.village.label, "office": turn.district.office}
    return [turn.reply("studies/kept", again, **values)]


def _number(text: str, _view: View) -> int:
    return group_answers.people(text)


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = studies.get(turn.tx, int(answers["study"]))
    if one is None or one.district != turn.who.village[:5]:
        return [turn.reply("chat/not_yours")]
    return _keep(turn, one, answers["number"])


def _nothing(_turn: Turn) -> Mapping[str, Any]:
    return {}


def _about(view: View) -> Mapping[str, Any]:
    return {"name": view.answers["name"], "place": view.answers["place"]}


ROUTE = FormRoute(
    Form(
        "study_count",
        (Step("number", "Jumlah orang", "studies/ask_number", _number, lambda value, _: str(value), _about),),
    ),
    _nothing,
    _save,
)
