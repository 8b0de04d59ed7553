"""Saved audiences: giving a name, those that the first question has no room for, taking a name away."""

from collections.abc import Mapping
from typing import Any

from bot import filling
from bot.domain.offices import STAFF
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import broadcasts
from bot.turns import Turn
from handlers.office.drafting import draft_in, gone, narrow, number_in, say
from handlers.paging import page

PAGE = 8
LONGEST = 40


def _name(said: str, _view: View) -> str:
    found = " ".join(said.split())
    if not 2 <= len(found) <= LONGEST or "{" in found:
        raise Invalid("siaran/name_long", longest=LONGEST)
    return found


def _nothing(_turn: Turn) -> Mapping[str, Any]:
    return {}


def ask_name(turn: Turn) -> list[Outgoing]:
    """*Simpan segmen*, pressed."""
    one = draft_in(turn, number_in(turn.choice))
    return filling.open_form(turn, NAME, {"broadcast": one.id}) if one else gone(turn)


def _save_segment(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = draft_in(turn, int(answers["broadcast"]))
    if one is None:
        return gone(turn)
    by = (turn.who.person, turn.now)
    broadcasts.add_segment(turn.tx, one.district, (answers["name"], one.audience), by)
    turn.note("save_segment", f"district:{one.district}", audience=one.audience.to_json())
    return [say(turn, "siaran/segment_saved", name=answers["name"]), *narrow(turn, one, one.audience)]


NAME = FormRoute(
    Form(
        "siaran_name",
        (Step("name", "Nama segmen", "siaran/ask_name", _name, lambda value, _view: str(value)),),
    ),
    _nothing,
    _save_segment,
    STAFF,
)


def more(turn: Turn) -> list[Outgoing]:
    """*Segmen lainnya*: the next page of them."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    found = broadcasts.segments(turn.tx, turn.district.code)
    here = page(turn.choice, f"siaran_more:{one.id}", found, PAGE)
    choices = [Choice(f"siaran_who:{one.id}:segment-{each.id}", each.name) for each in here.shown]
    choices += [*here.onward, Choice(f"siaran_who:{one.id}:ask", "Kembali")]
    first, last = here.start + 1, here.start + len(here.shown)
    return [say(turn, "siaran/segments", choices, total=len(found), first=first, last=last)]


def unname(turn: Turn) -> list[Outgoing]:
    """*Hapus segmen*: the audience at hand loses its name; it can be given one again."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    said: list[Outgoing] = []
    for each in broadcasts.segments(turn.tx, one.district):
        if each.audience == one.audience and broadcasts.drop_segment(turn.tx, one.district, each.id):
            turn.note("drop_segment", f"district:{one.district}", audience=each.audience.to_json())
            said.append(say(turn, "siaran/segment_dropped", name=each.name))
    return [*said, *narrow(turn, one, one.audience)]
