"""Words that stop something: a broadcast on its way or in the making, somebody's office, or what comes to oneself."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import forms
from bot.domain import announcing, appointing, cleaning, offices, stopping, words
from bot.domain.audience import Audience
from bot.domain.offices import STAFF, Role
from bot.domain.positions import read_position
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.messages import Choice, Outgoing
from bot.routing import LINKED
from bot.store import broadcasts, members, prompts, recipients
from bot.store.broadcasts import Broadcast, State
from bot.turns import Turn, may
from handlers import answers, own_chat, start, status, taking_over
from handlers.office import broadcast_cards, command_help, drafting, handing_over, rooms, running
from handlers.office.drafting import say, title

#: What a tap can still keep from being sent, or from being sent any further.
STOPPABLE = (State.ASKED, State.WAITING, State.SENDING)
#: So many are looked at, and offered at once.
_LOOKED_AT, _OFFERED = 20, 3
#: Of a draft, where it is only to be recognised.
_QUOTED = 60
_ADMIN = (Role.ADMIN,)
#: Of which some has left already.
_SENT = (State.DONE, State.STOPPED)


# -- a broadcast -------------------------------------------------------------------------------


def broadcast(turn: Turn) -> list[Outgoing]:
    """*batal siaran 3*, *hentikan siaran*, *siaran 1 batal*: its card, with the button that stops it.

    Without a number it is the newest that can still be stopped.  A village's officer may mean what comes to them.
    """
    if not may(turn, STAFF):
        return [] if turn.incoming.group else _which(turn)
    number = stopping.number(turn.incoming.text)
    return _newest(turn) if number is None else _numbered(turn, number)


def _numbered(turn: Turn, number: int) -> list[Outgoing]:
    one = broadcasts.get(turn.tx, number)
    if one is None or one.district != turn.district.code or one.state is State.DRAFT:
        return [turn.post("siaran/no_such", number=number), *_newest(turn)]
    recipients.settle(turn.tx, one.id)
    if one.state in STOPPABLE:
        return broadcast_cards.as_it_is(turn, one)
    turn.choice = f"siaran_show:{one.id}"
    late = [say(turn, "siaran/left_already", title=title(one))] if one.state in _SENT else []
    return own_chat.with_a_line(turn, [*late, *running.show(turn)])


def _newest(turn: Turn) -> list[Outgoing]:
    """The newest that can be stopped; else what is still being written; else that there is none."""
    if found := stoppable(turn):
        return broadcast_cards.as_it_is(turn, found[0])
    if left := _unfinished(turn):
        return own_chat.with_a_line(turn, left)
    past = (Choice("menu:riwayat siaran", "Riwayat siaran"),)
    return [turn.post("siaran/none_to_stop", () if turn.incoming.group else past)]


def stoppable(turn: Turn) -> list[Broadcast]:
    """What of the district's broadcasts can be stopped, the newest first."""
    live = broadcasts.live(turn.tx, turn.district.code, turn.now, _LOOKED_AT)
    return [one for one in live if one.state in STOPPABLE][:_OFFERED]


# -- a draft, and *batal* ----------------------------------------------------------------------


def form_dropped(turn: Turn, given: Mapping[str, Any]) -> list[Outgoing]:
    """*batal* at a question of a draft: the draft is still there, and can be thrown away."""
    one = drafting.draft_in(turn, given["broadcast"])
    return [] if one is None or _is_empty(one) else _left(turn, one)


def _unfinished(turn: Turn) -> list[Outgoing]:
    """The person's draft; nothing of one in which nothing stands, unless it is just being made."""
    one = drafting.newest(turn)
    form = turn.draft.progress.form if turn.draft else ""
    here = form.startswith("siaran_") or _asked_last(turn)
    return _left(turn, one) if one is not None and (here or not _is_empty(one)) else []


def _is_empty(one: Broadcast) -> bool:
    return not one.text and not one.file and one.audience == Audience()


def _left(turn: Turn, one: Broadcast) -> list[Outgoing]:
    """What is half written, to go on with or to throw away; the question that was open for it is over.

    Where nothing stands in it, it is thrown away.
    """
    if _is_empty(one):
        drafting.drop(turn, one)
        return [say(turn, "siaran/dropped")]
    drafting.leave_forms(turn, one)
    choices = (drafting.onward(one, "Lanjutkan"), Choice(f"siaran_drop:{one.id}", "Buang"))
    text = announcing.beginning(one.text, _QUOTED)
    audience = one.audience.label(drafting.subdistricts(turn)) if one.audience != Audience() else ""
    return [say(turn, "siaran/unfinished", choices, title=title(one), text=text, audience=audience)]


def nothing_open(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """*batal* where no form is open: one that rests, or a broadcast; what the chat was asked last comes first."""
    meant = _perhaps(turn)
    left = [] if meant and _asked_last(turn) else taking_over.resting(routes, turn)
    return left or meant or taking_over.no_form(turn)


def _perhaps(turn: Turn) -> list[Outgoing]:
    """A broadcast that is being written, or that can be stopped; else nothing."""
    said = turn.incoming.text
    if words.exactly(said, forms.WORDS) != "cancel" and not stopping.speaks_of_sending(said):
        return []
    if not may(turn, STAFF):
        may(turn, LINKED)
        return []
    return _on_the_way(turn) or _unfinished(turn)


def _on_the_way(turn: Turn) -> list[Outgoing]:
    """What can be stopped, each with its button, and the draft beside it; nothing where there is none."""
    found = stoppable(turn)
    if not found:
        return []
    one, choices = drafting.newest(turn), _stops(found)
    if one is not None and not _is_empty(one):
        choices.append(Choice(f"siaran_drop:{one.id}", "Buang yang belum dikirim"))
    return [say(turn, "siaran/which_to_stop", choices)]


def regretted(turn: Turn) -> list[Outgoing]:
    """*salah kirim*, *tidak jadi*: perhaps a broadcast that can still be stopped; else nothing."""
    if may(turn, STAFF) and (found := _on_the_way(turn)):
        return found
    may(turn, LINKED)
    return []


def refused(turn: Turn) -> list[Outgoing]:
    """*jangan*, below the card of a broadcast that can still be stopped."""
    no = words.is_no(turn.incoming.text)
    return regretted(turn) if no and _asked_last(turn) else []


def _asked_last(turn: Turn) -> bool:
    """Whether the chat was asked last about a broadcast."""
    asked = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    return asked is not None and "siaran_" in asked.choices[0].id


# -- *stop* and *berhenti* ---------------------------------------------------------------------


def stop(turn: Turn) -> list[Outgoing]:
    """*berhenti*, *stop*: alone it is no to broadcasts; with more words behind it, it means something else.

    Whoever sends broadcasts is asked first, while there is one that can be stopped.
    """
    if not words.is_polite(turn.rest) or stopping.speaks_of_sending(turn.rest):
        return something_else(turn)
    staff = may(turn, STAFF)
    if turn.incoming.group:
        return _newest(turn) if staff else _not_here(turn)
    if staff and stoppable(turn):
        return _which(turn)
    may(turn, LINKED)
    return start.stop(turn)


def something_else(turn: Turn) -> list[Outgoing]:
    """*stop kirim*, *berhentikan kades perian*: a broadcast, as *akhiri*, or somebody on a village's list."""
    said = turn.incoming.text
    if not _of_reminders(said):
        if may(turn, STAFF) and stopping.speaks_of_sending(said):
            return broadcast(turn)
        ends = bool(turn.who.districts) and _names_an_office(turn)
        if ends and may(turn, _ADMIN):
            return handing_over.end(turn)
        if ends and not turn.who.village:
            return _not_theirs(turn)
    may(turn, LINKED)
    if turn.incoming.group:
        return _not_here(turn)
    found = _person(turn) if turn.who.village else []
    return found or answers.about(turn, said) or _which(turn)


def _of_reminders(said: str) -> bool:
    return "pengingat" in cleaning.words(said)


def _names_an_office(turn: Turn) -> bool:
    """Whether it is somebody's office that is to end."""
    said = appointing.read(turn.rest, turn.villages, turn.rules.positions_of(turn.district.code))
    return turn.word == "berhentikan" or bool(said.role)


def _not_theirs(turn: Turn) -> list[Outgoing]:
    if turn.incoming.group:
        return []
    return [turn.reply("chat/not_yours", who=offices.told(_ADMIN))]


def _not_here(turn: Turn) -> list[Outgoing]:
    """In a group only the office's own people are told that it does not work there."""
    return command_help.unknown(turn) if rooms.holds(turn, offices.DISTRICT) else []


def _person(turn: Turn) -> list[Outgoing]:
    """The card of somebody of the village who leaves, by name or by post, where their end is recorded."""
    if not turn.rest or stopping.speaks_of_sending(turn.rest):
        return []
    found = status.find(turn, turn.rest) or _by_post(turn)
    return [turn.reply("status/remove_how", office=turn.district.office), *found] if found else []


def _by_post(turn: Turn) -> list[Outgoing]:
    try:
        post = read_position(turn.rest, turn.rules.positions_of(turn.district.code))
    except Invalid:
        return []
    held = [one for one in members.of_village(turn.tx, turn.who.village) if one.open and one.position == post]
    if len(held) == 1:
        turn.choice = f"member:{held[0].id}"
        return status.one(turn)
    choices = [Choice(f"member:{one.id}", f"{one.name}, {status.position(turn, one)}") for one in held]
    return [turn.reply("status/which_person", choices, name=turn.rest[:60])] if choices else []


def _which(turn: Turn) -> list[Outgoing]:
    """What is to stop: what comes to themselves, or a broadcast of theirs.  Reminders go on, and that is said."""
    staff = may(turn, STAFF)
    found = stoppable(turn) if staff else []
    office, village = turn.district.office, bool(turn.who.village)
    if _of_reminders(turn.incoming.text):
        return [turn.reply("start/stop_reminders", office=office, village=village)]
    told: dict[str, Any] = {"sending": bool(found), "staff": staff, "office": office, "village": village}
    mute = Choice("mute:", "Tidak mau siaran lagi")
    if found:
        return [say(turn, "start/stop_what", (*_stops(found), mute), **told)]
    may(turn, LINKED)
    return [turn.reply("start/stop_what", (mute,), **told)]


def _stops(found: Sequence[Broadcast]) -> list[Choice]:
    """A button for each, which stops it at once: there is a minute for it."""
    verb = {State.SENDING: "Hentikan"}
    return [
        Choice(f"siaran_stop:{one.id}", f"{verb.get(one.state, 'Batalkan')} {title(one).lower()}")
        for one in found
    ]
