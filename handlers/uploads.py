"""A sheet somebody sent: fetched and read outside the turn, then given to the part that knows its header row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.offices import Role
from bot.messages import Outgoing
from bot.reports import sheets
from bot.store import jobs
from bot.turns import Turn, entitled, may, noise
from handlers import quota

#: The visible sheets of a file: name, and rows of (number as in Excel, cells as text).
Pages = Sequence[tuple[str, Sequence[tuple[int, Sequence[str]]]]]

#: Files of one person that are read within ten minutes; more is a slip or mischief.
QUOTA = 6
#: How files are called that are no sheets, also where the platform does not say what they are.
_NO_SHEETS = (".pdf", ".jpg", ".jpeg", ".png", ".heic", ".webp", ".mp3", ".m4a", ".mp4")
#: Pages that were not read, so many are named.
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet: who may send it, how it is known, what is done with it, what is said if none is it.

    `recognise` returns what it found of its own kind in the pages, None where it is another kind.
    """

    needs: tuple[Role, ...]
    recognise: Callable[[Pages], Any | None]
    read: Callable[[Turn, Any], list[Outgoing]]
    missing: str


def is_sheet(turn: Turn, kinds: Sequence[Kind]) -> bool:
    """Whether a document is meant as a sheet; one who serves a village sends proofs of payment too."""
    file = turn.incoming.file
    if file is None or turn.incoming.shape != "document" or turn.incoming.group:
        return False
    if not any(entitled(turn, kind.needs) for kind in kinds):
        return False
    return not turn.who.village or not (
        file.mime.startswith(("image/", "audio/", "video/", "application/pdf"))
        or file.name.lower().endswith(_NO_SHEETS)
    )


def received(turn: Turn) -> list[Outgoing]:
    """A sheet has come: it is fetched and read outside this turn."""
    file = turn.incoming.file
    if file is None:
        return []
    if file.size > sheets.LARGEST:
        return [noise(turn, turn.reply("sheet/large"))]
    if not quota.used(turn, "sheet", QUOTA):
        return [noise(turn, turn.reply("sheet/too_many", count=QUOTA, at=quota.again(turn)))]
    args = {"file": [file.id, file.name, file.mime, file.size], "village": turn.who.village}
    jobs.add(turn.tx, "sheet", turn.incoming, args, turn.now)
    return []


def read(kinds: Sequence[Kind], turn: Turn) -> list[Outgoing]:
    """The sheet was read, or could not be: the first kind that knows it and that the sender may use has it.

    If none does, the last of these says what it would have needed.
    """
    result = turn.incoming.result
    if "sheets" not in result:
        return [turn.reply(_why_not(result))]
    pages = [(each["name"], each["rows"]) for each in result["sheets"]]
    allowed = [kind for kind in kinds if entitled(turn, kind.needs)]
    for kind in allowed:
        found = kind.recognise(pages)
        if found is not None:
            may(turn, kind.needs)  # the turn is about the office they send it by
            return [*_unread(turn, result.get("unread", [])), *kind.read(turn, found)]
    if "kept" in result:
        jobs.drop_file(turn.tx, result["kept"])
    only_formulas = any(cell.startswith("=") for _, rows in pages for _, row in rows for cell in row)
    missing = allowed[-1].missing if allowed else "chat/not_yours"
    return [turn.reply("sheet/formulas" if only_formulas else missing)]


def _unread(turn: Turn, names: Sequence[str]) -> list[Outgoing]:
    """The pages of a file that were too many to be read: none is passed over without a word."""
    if not names:
        return []
    shown = [name[:30] for name in names[:_NAMED]]
    return [turn.reply("sheet/unread", count=len(names), names=shown, more=len(names) - len(shown))]


def _why_not(result: Mapping[str, Any]) -> str:
    return f"sheet/{result['problem']}" if "problem" in result else "sheet/not_fetched"
