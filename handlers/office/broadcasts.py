"""Broadcasts: to whom, what, a look before, a minute to stop it, and what became of it."""

import re
from dataclasses import replace
from functools import partial

from bot.domain import announcing, cleaning, stopping, words
from bot.domain.audience import Audience
from bot.domain.offices import STAFF, VILLAGE, Role
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.guarding import always, once_sure
from bot.messages import Choice, Outgoing
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, word
from bot.store import broadcasts, drafts, prompts
from bot.store.broadcasts import Broadcast, Kind
from bot.turns import Turn, may, may_in
from handlers import genuine, own_chat
from handlers.office import (
    attaching,
    calling_off,
    drafting,
    meetings,
    previewing,
    releasing,
    running,
    second_person,
    segments,
)
from handlers.office.broadcast_plans import Broadcasts, still_wanted
from handlers.office.drafting import say

#: So many words behind the command are a message.
ENOUGH = 4
#: Characters of a draft, where it is only to be recognised.
LEFT = 60
#: As people name one that was sent: "siaran 1", "siaran nomor 1".
_NUMBERED = re.compile(r"(?i)(?:no|nomor|nomer|nmr|#)?[. ]*([0-9]{1,9})[.]?")
#: What may stand behind the command.
_PARTS = words.Vocabulary(
    {
        "riwayat": ("history", "daftar", "daftar siaran"),
        "setelan": ("pengaturan", "atur"),
        "undangan": ("rapat", "undangan rapat", "acara"),
    }
)
#: What people are invited to that is no office; and who is, where it is for no office either.
_MEETINGS = frozenset(("rapat", "acara", "pertemuan", "musyawarah", "sosialisasi", "pelatihan", "bimtek"))
_EVERYBODY = frozenset(("semua", "seluruh", "para"))


def begin(turn: Turn) -> list[Outgoing]:
    """*/siaran*: the first question, in private; in the group one line says so."""
    if turn.rest and stopping.says_so(turn.rest):
        return calling_off.broadcast(turn)
    if number := _NUMBERED.fullmatch(turn.rest.strip()):
        return running.numbered(turn, int(number[1]))
    part = words.exactly(turn.rest, _PARTS) if turn.rest else None
    if part == "riwayat":
        return running.history(turn)
    if part == "setelan":
        if not may_in(turn, (Role.ADMIN,), turn.district.code):
            return running.denied(turn)
        return own_chat.go_on(turn, (Role.ADMIN,), second_person.settings)
    return own_chat.go_on(turn, STAFF, partial(_begun, part=part))


def _begun(turn: Turn, part: str | None) -> list[Outgoing]:
    kind = Kind.MEETING if part == "undangan" else Kind.MESSAGE
    text = turn.rest if part is None and _is_a_message(turn.rest) else ""
    return [*running.live(turn), *releasing.few_left(turn, 1), *_new(turn, kind, text)]


def _of_meeting(command: str, turn: Turn) -> bool:
    """Whether it is a meeting that is spoken of, and not a code for an office: "undang rapat besok"."""
    said = cleaning.words(turn.rest)
    everybody = command == "undang" and bool(_EVERYBODY.intersection(said[:1]))
    return turn.word == command and (everybody or not _MEETINGS.isdisjoint(said))


def _is_a_message(said: str) -> bool:
    """Whether what stands behind the command is a text to be sent, and not a village, a number or a slip."""
    words_ = said.split()
    return len(words_) >= ENOUGH or (len(words_) > 1 and said.rstrip().endswith((".", "!", "?")))


def begin_new(turn: Turn) -> list[Outgoing]:
    """*Buat baru*, which drops the draft it was offered for, or *Undangan*, pressed."""
    _, kind, instead, text = [*turn.choice.split(":", 3), "", ""][:4]
    if instead and (one := drafting.draft_in(turn, int(instead))):
        drafting.drop(turn, one)
    return _new(turn, Kind(kind), text)


def _new(turn: Turn, kind: Kind, text: str = "") -> list[Outgoing]:
    """A draft to everybody; what was written behind the command is its text already.

    Somebody has one draft at most: what is written is given up only by who is asked.
    """
    left = drafting.newest(turn)
    if left is not None and left.written:
        new = Choice(f"siaran_new:{kind.value}:{left.id}:{text}", "Buat baru")
        choices = (drafting.onward(left, "Lanjutkan"), new, Choice(f"siaran_drop:{left.id}", "Buang"))
        begins = announcing.beginning(left.text, LEFT)
        return [
            say(turn, "siaran/left", choices, meeting=kind is Kind.MEETING, text=bool(text), begins=begins)
        ]
    if left is not None:  # nothing to lose: it is taken for the new one
        one = replace(left, kind=kind, audience=Audience(), file=None, file_name="")
        broadcasts.rewrite(turn.tx, one)
    else:
        one = broadcasts.add(turn.tx, turn.district.code, kind, turn.who.person, turn.now)
    said: list[Outgoing] = []
    if text:
        one, said = _with_text(turn, one, text)
    return [*said, drafting.ask_who(turn, one)]


def _with_text(turn: Turn, one: Broadcast, text: str) -> tuple[Broadcast, list[Outgoing]]:
    try:
        new = replace(one, text=announcing.parse_text(text))
    except Invalid as error:
        return one, [say(turn, error.template, **error.values, attempt=1)]
    broadcasts.rewrite(turn.tx, new)
    return new, []


def go_on(turn: Turn) -> list[Outgoing]:
    """*lanjut* while a broadcast is being written: that one, before an older form of something else; else nothing."""
    left = drafts.of(turn.tx, turn.who.person, turn.now)
    of_it = left and left[0].progress.form.startswith("siaran_")
    if turn.choice or turn.draft is not None or of_it or not may(turn, STAFF):
        return []
    asked = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    about = asked.choices[0].id if asked else ""
    one = drafting.newest(turn) if "siaran_" in about else None
    if one is None:
        return []
    turn.choice = f"{'siaran_look' if one.written else 'siaran_write'}:{one.id}"
    return previewing.look(turn) if one.written else drafting.write(turn)


def begin_meeting(turn: Turn) -> list[Outgoing]:
    """*undang rapat*: as */siaran undangan*."""
    return own_chat.go_on(turn, STAFF, partial(_begun, part="undangan"))


ROUTES: tuple[Route, ...] = (
    *attaching.ROUTES,  # before a file is taken for anything else
    Route(begin_meeting, partial(_of_meeting, "undang"), STAFF, Where.BOTH, sign="(undang) rapat"),
    Route(
        running.history,
        partial(_of_meeting, "batalkan kode"),
        STAFF,
        Where.BOTH,
        sign="(batalkan kode) rapat",
    ),
    word("siaran", begin, "umumkan", "pengumuman", "broadcast", needs=STAFF, where=Where.BOTH),
    word(
        "cek kode",
        genuine.check,
        "cek pesan",
        "cek siaran",
        needs=LINKED,
        keeps_form=True,
        hears=genuine.is_asked,
        slips=1,
    ),
    word(
        "batal siaran",
        calling_off.broadcast,
        "batalkan siaran",
        "hentikan siaran",
        "stop siaran",
        "berhenti siaran",
        "berhentikan siaran",
        "tarik siaran",
        "cabut siaran",
        needs=(*VILLAGE, *STAFF),
        where=Where.BOTH,
        hears=stopping.asks,
    ),
    word(
        "berhenti",
        calling_off.stop,
        "stop",
        "setop",
        "unsubscribe",
        needs=LINKED,
        where=Where.BOTH,
        slips=0,
    ),
    word("berhentikan", calling_off.something_else, needs=(*VILLAGE, Role.ADMIN), where=Where.BOTH),
    word("riwayat siaran", running.history, "daftar siaran", "hasil siaran", needs=STAFF, where=Where.BOTH),
    press("siaran_new", begin_new, needs=STAFF),
    press("siaran_who", drafting.who, needs=STAFF, keeps_form=True),
    press("siaran_name", segments.ask_name, needs=STAFF, keeps_form=True),
    press("siaran_more", segments.more, needs=STAFF, keeps_form=True),
    press("siaran_unname", segments.unname, needs=STAFF, keeps_form=True),
    press("siaran_write", drafting.write, needs=STAFF, keeps_form=True),
    press("siaran_file", attaching.ask, needs=STAFF, keeps_form=True),
    press("siaran_look", previewing.look, needs=STAFF),
    press("siaran_sample", previewing.only_a_sample, needs=STAFF, keeps_form=True),
    press("siaran_drop", previewing.drop, needs=STAFF),
    press("siaran_calls", previewing.calls, needs=STAFF, keeps_form=True),
    press("siaran_when", releasing.ask_when, needs=STAFF, keeps_form=True),
    press("siaran_send", releasing.send, needs=STAFF, guarded=always),
    press("siaran_at", releasing.send_at, needs=STAFF, guarded=always),
    press("siaran_ok", releasing.approve, needs=STAFF, where=Where.BOTH, keeps_form=True, guarded=always),
    press("siaran_no", releasing.refuse, needs=STAFF, where=Where.BOTH, keeps_form=True, harms=True),
    press("siaran_text", releasing.content, needs=STAFF, where=Where.BOTH, keeps_form=True, stays=True),
    press("siaran_stop", running.stop, needs=STAFF, where=Where.BOTH, keeps_form=True, harms=True),
    press("siaran_show", running.show, needs=STAFF, keeps_form=True),
    press("siaran_people", running.named, needs=STAFF, keeps_form=True),
    press("siaran_again", running.again, needs=STAFF, keeps_form=True),
    press("siaran_come", meetings.coming, needs=STAFF, keeps_form=True),
    press("siaran_off", meetings.call_off, needs=STAFF, keeps_form=True, guarded=once_sure),
    press("siaran_late", running.after_all, needs=STAFF, where=Where.BOTH, keeps_form=True, guarded=always),
    press("siaran_second", second_person.choose, needs=(Role.ADMIN,), keeps_form=True),
    press(
        "siaran_alone",
        second_person.agree,
        needs=STAFF,
        where=Where.BOTH,
        keeps_form=True,
        stays=True,
        guarded=always,
    ),
    press("rsvp", meetings.answer, needs=VILLAGE, keeps_form=True),
)
_DRAFTING = (
    drafting.WHERE,
    drafting.VILLAGES,
    segments.NAME,
    drafting.TEXT,
    drafting.MEETING,
    attaching.FILE,
    releasing.WHEN,
)
FORMS: tuple[FormRoute, ...] = tuple(replace(form, dropped=calling_off.form_dropped) for form in _DRAFTING)
PLANNERS: Planners = {"broadcasts": lambda rules, districts: Broadcasts(rules, districts).plan}
REASONS: Reasons = {"broadcast": still_wanted, "meeting": meetings.still_meant}
