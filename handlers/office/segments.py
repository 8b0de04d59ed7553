"""Saved audiences: those that the first question has no room for, and taking a name away."""

from bot.messages import Choice, Outgoing
from bot.store import broadcasts
from bot.turns import Turn
from handlers.office.drafting import draft_in, gone, narrow, number_in, say
from handlers.paging import page

PAGE = 8


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
