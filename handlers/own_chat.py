"""Out of the group into the person's own chat: what is personal, or needs more than one question."""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.offices import Role
from bot.messages import Address, Choice, Outgoing
from bot.turns import Handler, Turn, may_in, within


def reachable(turn: Turn) -> bool:
    """Whether the person can be written to by themselves."""
    return not turn.incoming.group or bool(turn.who.seen[0])


def not_reachable(turn: Turn) -> list[Outgoing]:
    """No bot writes first: they have to begin."""
    return [turn.post("chat/no_own_chat", name=turn.who.name)]


def only(turn: Turn, out: Outgoing) -> Outgoing:
    """The answer there, its buttons about this district; else how they come to have one."""
    if not turn.incoming.group:
        return out
    if not reachable(turn):
        return not_reachable(turn)[0]
    return replace(out, to=_there(turn), public=False, choices=[_about(turn, one) for one in out.choices])


def _there(turn: Turn) -> Address:
    return Address(turn.incoming.address.channel, turn.who.seen[0])


def _about(turn: Turn, choice: Choice) -> Choice:
    mark = within(turn.district.code, "")
    return choice if choice.id.startswith(mark) else replace(choice, id=f"{mark}{choice.id}")


def privately(turn: Turn, said: Iterable[Outgoing]) -> list[Outgoing]:
    """The answers there, wherever the person wrote."""
    found = [only(turn, out) for out in said]
    return found if reachable(turn) else found[:1]


def with_a_line(turn: Turn, said: Iterable[Outgoing]) -> list[Outgoing]:
    """The answers there; in a group one line says so."""
    found = privately(turn, said)
    gone = turn.incoming.group and reachable(turn)
    return [*found, turn.post("chat/sent_in_private")] if gone else found


def out_of_forum(turn: Turn, said: Iterable[Outgoing]) -> list[Outgoing]:
    """The answers where they were asked for, unless village officers read along there."""
    return with_a_line(turn, said) if turn.in_forum else list(said)


def entered(turn: Turn, answer: Handler) -> list[Outgoing]:
    """Answered as if they had asked, or pressed, there."""
    if turn.incoming.group:
        if not reachable(turn):
            return not_reachable(turn)
        turn.incoming = replace(turn.incoming, address=_there(turn), group=False)
        turn.room = None
    return answer(turn)


def go_on(turn: Turn, needs: tuple[Role, ...], answer: Handler) -> list[Outgoing]:
    """The same where more is asked: one line in the group says so; who may in this district goes on."""
    if not turn.incoming.group or not reachable(turn):
        return entered(turn, answer)
    line, district = turn.post("chat/goes_on_in_private"), turn.district.code
    return [line, *entered(turn, lambda inside: answer(inside) if may_in(inside, needs, district) else [])]
