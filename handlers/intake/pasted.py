"""People pasted into the chat, one a line: read, shown, saved; what is missing is asked."""

from collections.abc import Sequence

from bot.domain import pasted
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.routing import VILLAGE, Route
from bot.turns import Turn, entitled
from handlers import registration, returned
from handlers.intake import review, sorting
from handlers.intake.sorting import Line, Sorted
from handlers.questions import posts


def _is_pasted(turn: Turn) -> bool:
    """A list of people, from somebody who serves a village; not an answer, and not what follows a command."""
    if turn.incoming.shape != "text" or turn.choice or turn.draft is not None:
        return False
    if turn.word not in ("", "daftar") or entitled(turn, VILLAGE) is None:
        return False
    return pasted.is_list(turn.incoming.text, posts(turn), turn.now.date())


def received(turn: Turn) -> list[Outgoing]:
    """Who can be saved at once, and what is missing of the others."""
    said = pasted.people(turn.incoming.text, posts(turn), turn.today)
    if len(said) > pasted.MOST:
        return [turn.reply("intake/many_lines", most=pasted.MOST)]
    everybody = [Line(0, number, (one["name"],), one) for number, one in enumerate(said, 1)]
    lines, gone = review.in_office(turn, everybody)
    if not lines:
        return gone
    seen = sorting.look(turn, lines)
    turn.note("staff_lines", f"village:{turn.who.village}", rows=len(lines), ready=len(seen.ready))
    return [*registration.notice(turn), *gone, *_answer(turn, lines, seen)]


ROUTE = Route(received, _is_pasted, VILLAGE, sign="(baris pegawai)")


def _answer(turn: Turn, lines: list[Line], seen: Sorted) -> list[Outgoing]:
    number = review.keep(turn, seen) if seen.ready or seen.left else 0
    go_on = []
    if seen.left:
        go_on.append(Choice(f"intake_next:{number}:0", "Lengkapi lewat chat"))
    if len(seen.left) > 1:
        go_on.append(Choice(f"intake_sheet:{number}", "Lengkapi di Excel"))
    open_ = []
    if seen.problems:
        names = {line.number: line.said["name"] or f"Baris {line.number}" for line in lines}
        told = [(names[problem.number], _short(problem.reasons)) for _, problem in seen.problems]
        open_ = [turn.reply("intake/lines_open", () if seen.ready else go_on, people=told)]
    if seen.ready:
        return [*open_, review.review(turn, seen, number, go_on)]
    return open_ or [turn.reply("intake/same", (Choice("menu:peserta", "Lihat peserta"),), count=seen.same)]


def _short(why: Sequence[Invalid]) -> str:
    return " ".join(returned.reasons(why).split("\n"))
