"""People pasted into the chat, one a line: read, shown, saved; what is missing is asked."""

from collections.abc import Mapping, Sequence

from bot.domain import pasted
from bot.errors import Invalid
from bot.messages import Choice, Outgoing
from bot.routing import VILLAGE, Route
from bot.turns import Turn, entitled
from handlers import registration, returned
from handlers.intake import review, sorting
from handlers.intake.sorting import Line, Sorted
from handlers.questions import posts

_MISSING, _TWICE, _DIFFERS = "intake/row_missing", "intake/row_twice", "intake/row_differs"
#: Reasons that name rows, as they are said of lines.
_LINE = {_TWICE: "intake/line_twice"}


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
    if seen.problems or (seen.ready and seen.same):
        open_ = [_open(turn, lines, seen, () if seen.ready else go_on)]
    if seen.ready:
        return [*open_, review.review(turn, seen, number, go_on)]
    return open_ or [
        turn.reply("intake/same", (Choice("menu:peserta", "Lihat peserta"),), count=len(seen.same))
    ]


def _open(turn: Turn, lines: Sequence[Line], seen: Sorted, choices: Sequence[Choice]) -> Outgoing:
    """A line for each person; what everybody lacks who is to be asked is said once, below them."""
    said = {line.number: line.said for line in lines}
    shown = [problem for _, problem in seen.problems if not _again(problem.reasons)]
    lacking = {problem.number: _lacking(problem.reasons, said[problem.number]) for problem in shown}
    asked = [labels for labels in lacking.values() if labels]
    common = [label for label in asked[0] if all(label in labels for labels in asked)] if asked[1:] else []
    people: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for problem in shown:
        labels = lacking[problem.number]
        name = said[problem.number]["name"] or f"Baris {problem.number}"
        why = _short(problem.reasons, [label for label in labels if label not in common])
        people[bool(labels)].append((name, why))
    return turn.reply(
        "intake/lines_open",
        choices,
        count=len(shown),
        asked=people[True],
        others=people[False],
        common=common,
        same=seen.same,
    )


def _again(why: Sequence[Invalid]) -> bool:
    """Whether the same person stands further up."""
    return any(each.template == _TWICE and each.values["again"] for each in why)


def _lacking(why: Sequence[Invalid], said: Mapping[str, str]) -> list[str]:
    """What the chat will ask; a phone that nobody named as well."""
    if any(each.template == _DIFFERS for each in why):
        return []
    labels = [each.values["labels"].split(", ") for each in why if each.template == _MISSING]
    return [*(labels[0] if labels else []), *([] if said["phone"] else ["nomor HP"])]


def _short(why: Sequence[Invalid], lacking: Sequence[str]) -> str:
    """In one line, with people by their names: on the screen rows have no numbers."""
    told = [Invalid(_LINE[each.template], **each.values) if each.template in _LINE else each for each in why]
    told = [each for each in told if each.template != _MISSING]
    if lacking:
        told.append(Invalid(_MISSING, labels=", ".join(lacking)))
    return " ".join(returned.reasons(told).split("\n"))
