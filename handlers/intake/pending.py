"""People who were read and are not registered yet: kept sealed until somebody decides, a week at most."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store import jobs, members
from bot.turns import Turn

_MIME = "application/json"

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """Who may be saved at once, and of whom something is still to be asked; of one village."""

    village: str
    ready: Sequence[Answers]
    left: Sequence[Answers]


def keep(turn: Turn, waiting: Pending) -> int:
    """Keep them; returns the number that buttons carry."""
    told = {"village": waiting.village, "ready": waiting.ready, "left": waiting.left}
    return jobs.keep_file(turn.tx, json.dumps(told).encode(), _MIME, turn.now)


def find(turn: Turn, number: int) -> Pending | None:
    """What waits under the number; None where it was forgotten, or is not of a village they serve."""
    kept = jobs.kept_file(turn.tx, number)
    if kept is None or kept[1] != _MIME:
        return None
    told = json.loads(kept[0])
    if "ready" not in told or told["village"] not in turn.who.villages:
        return None
    return Pending(told["village"], told["ready"], told["left"])


def drop(turn: Turn, number: int) -> None:
    """Nobody needs them any more."""
    jobs.drop_file(turn.tx, number)


def following(turn: Turn, waiting: Pending, at: int = 0) -> list[int]:
    """Of those who are to be asked about, from there on, who is not registered by now."""
    niks = {number: waiting.left[number].get("nik", "") for number in range(at, len(waiting.left))}
    return [
        number
        for number, nik in niks.items()
        if not nik or members.by_nik(turn.tx, waiting.village, nik) is None
    ]
