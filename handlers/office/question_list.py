"""The questions of villages that wait for an answer, to be looked at and chosen from."""

from typing import Any

from bot.messages import Choice, Outgoing
from bot.store import questions
from bot.store.questions import Question
from bot.turns import Turn, within
from handlers import own_chat, requesting
from handlers.office import question_cards as cards

#: Questions named at once.
LISTED = 10


def show(turn: Turn, *, unsent: bool) -> list[Outgoing]:
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
