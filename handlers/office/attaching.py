"""Files in a broadcast's making: a photo or a document that goes with it, a sheet or text of villages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import filling
from bot.domain import announcing
from bot.domain.offices import STAFF
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.routing import Route, shape
from bot.store import broadcasts, drafts, jobs
from bot.turns import Turn, noise
from handlers.office import drafting, listed
from handlers.office.drafting import draft_in, gone, number_in, say

LARGEST = 5 * 1024 * 1024  # it is sent to many: seconds of a village's connection
#: In whose questions a file is an answer.
_ASKING = ("siaran_file", "siaran_text", "siaran_meeting", "siaran_villages")
JOB = "siaran"


def ask(turn: Turn) -> list[Outgoing]:
    """*Lampirkan berkas*; pressed again, the file is taken off."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    if one.file is None:
        if not announcing.fits(one.text, announcing.LONGEST_WITH_FILE):
            look = (Choice(f"siaran_write:{one.id}", "Ubah pesan"),)
            return [say(turn, "siaran/text_long_beside", look, longest=announcing.LONGEST_WITH_FILE)]
        return filling.open_form(turn, FILE, {"broadcast": one.id})
    broadcasts.rewrite(turn.tx, replace(one, file=None, file_name=""))
    return [say(turn, "siaran/file_off", (Choice(f"siaran_look:{one.id}", "Lihat contoh"),))]


def _none(said: str, _view: View) -> str:
    if said.strip().casefold() in ("tanpa", "tanpa berkas", "tidak ada"):
        return "-"
    raise Invalid("siaran/file_wanted")


def _without(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = draft_in(turn, int(answers["broadcast"]))
    return [_look(turn, one.id)] if one else gone(turn)


def _look(turn: Turn, number: int, name: str = "") -> Outgoing:
    return say(turn, "siaran/written", (Choice(f"siaran_look:{number}", "Lihat contoh"),), file=name)


def _nothing(_turn: Turn) -> Mapping[str, Any]:
    return {}


FILE = FormRoute(
    Form(
        "siaran_file",
        (
            Step(
                "file",
                "Berkas",
                "siaran/ask_file",
                _none,
                lambda value, _view: str(value),
                choices=lambda _view: (("tanpa", "Tanpa berkas"),),
                skip="tanpa",
            ),
        ),
    ),
    _nothing,
    _without,
    STAFF,
)


def _expected(turn: Turn) -> bool:
    return (
        turn.incoming.shape in ("photo", "document")
        and not turn.incoming.group
        and turn.draft is not None
        and turn.draft.progress.form in _ASKING
    )


def received(turn: Turn) -> list[Outgoing]:
    """A file for the question that is open: it is fetched outside this turn."""
    file = turn.incoming.file
    assert turn.draft is not None
    if file is None:
        return []
    if file.size > LARGEST:
        return [noise(turn, turn.reply("siaran/file_large", megabytes=LARGEST // (1024 * 1024)))]
    form = turn.draft.progress.form
    args = {
        "file": [file.id, file.name, file.mime, file.size],
        "broadcast": turn.draft.progress.answers["broadcast"],
        "list": form == "siaran_villages",
        "largest": LARGEST,
    }
    jobs.add(turn.tx, JOB, turn.incoming, args, turn.now)
    return []


def read(turn: Turn) -> list[Outgoing]:
    """The file is here: a list answers its question, anything else goes with the broadcast."""
    result = turn.incoming.result
    if result.get("list"):
        return _listed(turn, result)
    one = draft_in(turn, int(result["broadcast"]))
    if one is None:
        return gone(turn)
    if "kept" not in result:
        return [say(turn, "siaran/file_lost")]
    name = str(result["name"])
    jobs.keep_until(turn.tx, int(result["kept"]), turn.now + drafts.LIFE)
    broadcasts.rewrite(turn.tx, replace(one, file=int(result["kept"]), file_name=name))
    if turn.draft is not None and turn.draft.progress.form == FILE.form.name:
        drafts.drop(turn.tx, turn.who.person, turn.draft.progress)
        turn.draft = None
        return [_look(turn, one.id, name)]
    return [say(turn, "siaran/file_kept", name=name)]


def _listed(turn: Turn, result: Mapping[str, Any]) -> list[Outgoing]:
    """The names in it are the answer, as if they were typed."""
    rows, number = result.get("rows"), int(result["broadcast"])
    if not rows:
        return [say(turn, "siaran/file_lost")]
    if not _asks_for_villages(turn, number):
        one = draft_in(turn, number)
        onward = (drafting.onward(one, "Lanjutkan siaran"),) if one else ()
        return [say(turn, "siaran/list_unused", onward)] if one else gone(turn)
    turn.incoming = replace(turn.incoming, text=listed.from_rows(rows), shape="text")
    return filling.answer((drafting.VILLAGES,), turn)


def _asks_for_villages(turn: Turn, number: int) -> bool:
    """Whether the question is still open that the list answers."""
    if turn.draft is None or turn.draft.progress.form != drafting.VILLAGES.form.name:
        return False
    return bool(turn.draft.progress.answers["broadcast"] == number)


ROUTES: tuple[Route, ...] = (
    Route(received, _expected, needs=STAFF, keeps_form=True, sign="(photo document) siaran"),
    shape(f"job:{JOB}", handler=read, needs=STAFF, keeps_form=True),
)
