"""A photo of an identity card in the middle of registering somebody: read where the machine can, never kept."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot import filling
from bot.domain import dates
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import View
from bot.messages import Choice, Outgoing
from bot.progress import Progress
from bot.reports import cards
from bot.store import jobs
from bot.turns import Turn, noise
from handlers import quota, registration

#: Photos of one person that are read within ten minutes.
QUOTA = 10
#: What a card can answer, in the order of the questions.
_ON_IT = ("name", "nik", "birth", "place")


def received(turn: Turn) -> list[Outgoing]:
    """A photo while a form waits for its answer: of a card, if the form still asks what stands on one."""
    file, progress = turn.incoming.file, _wanting(turn)
    if file is None or progress is None or file.size > cards.LARGEST or not quota.used(turn, "card", QUOTA):
        return [noise(turn, turn.reply("registration/photo"))]
    args = {"file": [file.id, file.name, file.mime, file.size], "today": turn.today.isoformat()}
    jobs.add(turn.tx, "card", turn.incoming, args, turn.now)
    return []


def _wanting(turn: Turn) -> Progress | None:
    """The open registration that lacks something a card says."""
    progress = turn.draft.progress if turn.draft else None
    if progress is None or progress.form != registration.FORM.name:
        return None
    return progress if any(name not in progress.answers for name in _ON_IT) else None


def read(turn: Turn) -> list[Outgoing]:
    """What the photo said: to be compared with the card before anything of it is taken."""
    result = turn.incoming.result
    if _wanting(turn) is None:
        return []  # they typed it meanwhile
    if "card" not in result:
        return [turn.reply("registration/photo" if result.get("off") else "registration/card_unclear")]
    said = result["card"]
    born = dates.short_date(date.fromisoformat(said["born"]))
    choices = (
        Choice(f"identity:{json.dumps(said)}", "Ya, pakai"),
        Choice("resume:registration", "Ketik sendiri"),
    )
    return [turn.reply("registration/card_found", choices, **said | {"born": born, "nik": said["nik"][-4:]})]


def use(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """The person has compared it: what the card says is answered, the form goes on behind it."""
    progress = _wanting(turn)
    if progress is None:
        return [turn.reply("chat/stale", asking=turn.draft is not None)]
    answers = dict(progress.answers)
    for name, said in _answers(json.loads(turn.choice.partition(":")[2])).items():
        if said and name not in answers:
            try:
                answers[name] = _checked(route, turn, name, said, answers)
            except Doubtful:
                continue  # to be asked like everything else
            except Invalid as why:
                refused = turn.reply(why.template, **why.values, attempt=1)
                return [refused, *filling.open_form(turn, route, answers)]
    return filling.open_form(turn, route, answers)


def _answers(said: Mapping[str, str]) -> Mapping[str, str]:
    """What is typed otherwise; the birth date agrees with the NIK, or the card was not read."""
    return {"name": said["name"], "nik": said["nik"], "birth": "ya", "place": said["place"]}


def _checked(route: FormRoute, turn: Turn, name: str, said: str, answers: Mapping[str, Any]) -> Any:
    return route.form.step(name).parse(said, View(turn.today, answers, route.extra(turn)))
