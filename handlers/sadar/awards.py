"""The certificate of a Desa Sadar: approved by an administrator, sent to the village, praised in the forum."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot import filling, ruling
from bot.domain import cleaning
from bot.domain.offices import Role, office_day
from bot.domain.reminders import next_calm_in
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Attachment, Choice, Lane, Outgoing
from bot.reports.sadar import sentence, standings
from bot.store import decisions, payments, people, places, project_reports, projects, records
from bot.store import sadar as recognitions
from bot.store.database import Tx
from bot.store.places import RoomKind, Village
from bot.store.records import Plan
from bot.store.sadar import Certificate, Recognition
from bot.turns import Turn, may_in, within
from handlers import own_chat
from handlers.office import monthly
from handlers.paging import page

ADMIN = (Role.ADMIN,)
#: Villages to choose from at once.
PAGE = 8
#: A number that is written by hand.
BY_HAND = "-"
LONGEST_NUMBER, LONGEST_NAME = 60, 80


def begin(turn: Turn) -> list[Outgoing]:
    """*Buat piagam* under the card of a group, *Piagam* in private; then of which village."""
    if turn.incoming.group:
        if turn.room is None:
            return []
        return own_chat.go_on(turn, ADMIN, partial(_chosen, said=turn.choice))
    return _chosen(turn, said=turn.choice)


def _chosen(turn: Turn, said: str) -> list[Outgoing]:
    number = said.partition(":")[2]
    if not number or number.startswith("page"):
        return _which(turn, said)
    one = _theirs(turn, number)
    if one is None:
        return [turn.reply("chat/not_yours")]
    return _again(turn, one) if one.made else _ask(turn, one)


def _theirs(turn: Turn, number: str) -> Recognition | None:
    """The recognition, if it is of a district whose administrator they are."""
    one = recognitions.get(turn.tx, int(number)) if number.isdecimal() else None
    return one if one is not None and may_in(turn, ADMIN, one.village[:5]) else None


def _village(turn: Turn, one: Recognition) -> Village:
    found = places.village(turn.tx, one.village)
    assert found is not None
    return found


def _which(turn: Turn, said: str) -> list[Outgoing]:
    """Of this year: those without a certificate first."""
    found = recognitions.of_year(turn.tx, turn.district.code, turn.today.year)
    found.sort(key=lambda one: one.made is not None)
    waiting = [one for one in found if not one.made]
    if len(waiting) == len(found) == 1:
        return _ask(turn, waiting[0])
    here = page(said, "sadar_award:page", found, PAGE)
    choices = [Choice(f"sadar_award:{one.id}", _label(turn, one)) for one in here.shown]
    return [
        turn.reply(
            "sadar/which",
            [replace(one, id=within(turn.district.code, one.id)) for one in (*choices, *here.onward)],
            year=str(turn.today.year),
            waiting=len(waiting),
            made=len(found) - len(waiting),
        )
    ]


def _label(turn: Turn, one: Recognition) -> str:
    name = _village(turn, one).name
    return f"{name[:14]} (sudah)" if one.made else name[:24]


def _ask(turn: Turn, one: Recognition) -> list[Outgoing]:
    missing = _missing(turn, one)
    if missing:
        return [missing]
    head = ruling.head(turn.tx, turn.district.code)
    known = {"id": one.id, "place": _village(turn, one).label, "waits": _waiting(turn, one.village)}
    return filling.open_form(turn, ROUTE, known | ({"head": head} if head else {}))


def _waiting(turn: Turn, village: str) -> int:
    """Its reports that nobody has looked at, of months and of instalments."""
    months = [p for p in payments.of_village(turn.tx, village) if p.state is payments.State.REPORTED]
    own = {project.id for project in projects.of_village(turn.tx, village)}
    instalments = [p for p in project_reports.waiting(turn.tx, village[:5]) if p.project in own]
    return len(months) + len(instalments)


def _missing(turn: Turn, one: Recognition) -> Outgoing | None:
    """What the village lacks by now, where it met the criteria then and does no longer."""
    found = standings(turn.tx, turn.rules, one.village[:5], turn.today, one.village)[one.village]
    if found.met:
        return None
    parts = [sentence(part) for part in found.parts if part.left]
    return turn.reply("sadar/not_now", place=_village(turn, one).label, parts=parts)


# -- the form ----------------------------------------------------------------------------------


def _number(said: str, _view: View) -> str:
    found = " ".join(cleaning.visible(said).split())
    if found != BY_HAND and not 2 <= len(found) <= LONGEST_NUMBER:
        raise Invalid("sadar/number", longest=LONGEST_NUMBER)
    return found


def _head(said: str, _view: View) -> str:
    found = " ".join(cleaning.visible(said).split())
    letters = sum(sign.isalpha() for sign in found)
    if not 3 <= letters <= len(found) <= LONGEST_NAME or any(sign.isdigit() for sign in found):
        raise Invalid("sadar/head", longest=LONGEST_NAME)
    return found


def _shown_number(value: Any, view: View) -> str:
    number = "diisi dengan tangan" if value == BY_HAND else str(value)
    return f"{number} ({view.answers['place']})"


FORM = Form(
    "piagam",
    (
        Step(
            "number",
            "Nomor piagam",
            "sadar/ask_number",
            _number,
            _shown_number,
            values=lambda view: {"place": view.answers["place"], "waits": view.answers["waits"]},
            choices=lambda _view: ((BY_HAND, "Isi dengan tangan"),),
            skip=BY_HAND,
        ),
        Step(
            "head",
            "Kepala Dinas",
            "sadar/ask_head",
            _head,
            lambda value, _view: str(value),
            values=lambda view: {"office": view.extra["office"]},
        ),
    ),
    "sadar/review",
)


def _extra(turn: Turn) -> Mapping[str, Any]:
    return {"office": turn.district.office}


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Once: a colleague who approved it meanwhile is named."""
    one = _theirs(turn, str(answers["id"]))
    if one is None:
        return [turn.reply("chat/not_yours")]
    if missing := _missing(turn, one):
        return [missing]
    found = standings(turn.tx, turn.rules, one.village[:5], turn.today, one.village)[one.village]
    number = "" if answers["number"] == BY_HAND else answers["number"]
    new = Certificate(
        number, answers["head"], [sentence(part, bare=True) for part in found.parts if part.total]
    )
    by = (turn.who.person, turn.now)
    if not recognitions.make(turn.tx, one.id, new, by):
        again = recognitions.get(turn.tx, one.id)
        assert again is not None
        return _again(turn, again)
    _keep_head(turn, answers["head"])
    turn.note("recognise", f"village:{one.village}", recognition=one.id, year=one.year)
    return [turn.reply("sadar/making", place=_village(turn, one).label), *_order(turn, one)]


def _keep_head(turn: Turn, name: str) -> None:
    code = turn.district.code
    if name != ruling.head(turn.tx, code):
        decisions.decide(turn.tx, code, ruling.HEAD, {"name": name}, (turn.who.person, turn.now))


def _again(turn: Turn, one: Recognition) -> list[Outgoing]:
    """Made before: the same certificate once more, for them alone."""
    said = turn.reply("sadar/made_before", place=_village(turn, one).label, by=one.made_by)
    return [said, *_order(turn, one)]


def _order(turn: Turn, one: Recognition) -> list[Outgoing]:
    return monthly.order(turn, "piagam", {"recognition": one.id})


ROUTE = FormRoute(FORM, _extra, _save, ADMIN)


# -- the certificate is there ------------------------------------------------------------------


def made(turn: Turn) -> list[Outgoing]:
    """To who asked; the first time to the village's officers and, by name, to the forum."""
    result = turn.incoming.result
    one = _theirs(turn, str(result["recognition"]))
    if one is None:
        return [turn.reply("chat/not_yours")]
    if "kept" not in result:
        button = Choice(within(one.village[:5], f"sadar_award:{one.id}"), "Coba lagi")
        return [replace(monthly.failed(turn), choices=(button,))]
    file = Attachment(result["kept"], result["name"])
    village = _village(turn, one)
    serving = people.serving(turn.tx, village.code, office_day(turn.now))
    mine = turn.reply("sadar/made", place=village.label, year=str(one.year), told=bool(serving))
    first = records.plan(turn.tx, Plan("piagam", str(one.id), village.code, "", "made", 0), turn.now, "told")
    told = [*_to_village(turn, one, village, file), *_praise(turn, one, village)] if first else []
    return [replace(mine, attachment=file), *told]


def _to_village(turn: Turn, one: Recognition, village: Village, file: Attachment) -> list[Outgoing]:
    values = {"place": village.label, "year": str(one.year), "office": turn.district.office}
    return [
        Outgoing(
            to.to,
            "sadar/award",
            {**values, "name": to.name, "role": to.role.label},
            lane=Lane.ALERT,
            key=f"piagam:{one.id}:{to.person}",
            person=to.person,
            not_before=next_calm_in(turn.rules, turn.district.code, turn.now),
            reason=f"piagam:{village.code}:{to.person}",
            attachment=file,
        )
        for to in people.serving(turn.tx, village.code, office_day(turn.now))
    ]


def _praise(turn: Turn, one: Recognition, village: Village) -> list[Outgoing]:
    values = {"place": village.label, "year": str(one.year), "office": turn.district.office}
    return [
        Outgoing(
            to,
            "sadar/praise",
            values,
            lane=Lane.ALERT,
            key=f"sadar_praise:{one.id}:{to.conversation}",
            not_before=next_calm_in(turn.rules, turn.district.code, turn.now),
            public=True,
        )
        for to in places.rooms(turn.tx, village.district, RoomKind.FORUM)
    ]


def still_theirs(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when it leaves: they still serve the village."""
    village, person = argument.split(":")
    return people.is_linked(tx, int(person), village, office_day(now))
