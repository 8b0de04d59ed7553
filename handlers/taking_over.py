"""Forms left half filled in: one's own is taken up again, a colleague's of the same village is taken over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import filling, forms
from bot.domain import cleaning, dates, titles
from bot.domain.offices import office_day
from bot.filling import FormRoute
from bot.messages import Choice, Lane, Outgoing
from bot.presses import FRESH
from bot.store import drafts, people
from bot.store.drafts import Draft, Left
from bot.store.inbox import stamp
from bot.turns import Turn, may, speak_about

#: Forms of colleagues that are offered at once.
MOST = 3
_NEW = Choice("begin:", "Mulai isian baru")
#: What is said to answers that were played back; "ok" and "siap" are said to anything.
_AGREED = {"benar", "betul", "simpan"}


def offer(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """What is half filled in for this village, one's own first; empty where nothing is."""
    own = _own(route, turn)
    others = _of_colleagues(route, turn)
    if own is None and not others:
        return []
    drafts.rest(turn.tx, turn.who.person)
    if own is not None and not others:
        return [_only_own(route, turn, own)]
    if own is None and len(others) == 1:
        return [_one(route, turn, others[0])]
    return [_several(route, turn, own, others[:MOST])]


def _own(route: FormRoute, turn: Turn) -> Draft | None:
    """One's own form of this village, if anything was answered in it."""
    wanted = (route.form.name, turn.who.village)
    for draft in drafts.of(turn.tx, turn.who.person, turn.now):
        progress = draft.progress
        if (progress.form, progress.village) == wanted and route.form.done(progress.answers):
            return draft
    return None


def _of_colleagues(route: FormRoute, turn: Turn) -> list[Left]:
    left = drafts.left(turn.tx, turn.who.village, route.form.name, turn.who.person, turn.now)
    return [one for one in left if route.form.done(one.draft.progress.answers)]


def _only_own(route: FormRoute, turn: Turn, own: Draft) -> Outgoing:
    day = dates.short_date(own.updated_at.astimezone(turn.district.zone).date())
    restart = Choice(f"restart:{route.form.name}", "Hapus, mulai baru")
    choices = (Choice(f"resume:{route.form.name}", "Lanjut"), restart)
    title = titles.of(route.form.name)
    return turn.reply("registration/left", choices, day=day, about=title, **_about(route, own))


def own_or_new(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """One's own of this village is offered, where something was answered in it; else an empty one begins."""
    own = _own(route, turn)
    if own is None:
        return filling.open_form(turn, route)
    drafts.rest(turn.tx, turn.who.person)
    return [_only_own(route, turn, own)]


def _one(route: FormRoute, turn: Turn, left: Left) -> Outgoing:
    choices = (Choice(_meaning(left), f"Isian {_first(left.owner)}"), _NEW)
    values = _about(route, left.draft)
    last = _when(turn, left.draft.updated_at)
    return turn.reply("form/left_by_colleague", choices, owner=left.owner, last=last, **values)


def _several(route: FormRoute, turn: Turn, own: Draft | None, others: Sequence[Left]) -> Outgoing:
    """Lines and buttons in the same order, so that a typed number means what stands beside it."""
    lines = [("", own)] if own else []
    lines += [(left.owner, left.draft) for left in others]
    told = [
        {**_about(route, draft), "owner": owner, "last": _when(turn, draft.updated_at)}
        for owner, draft in lines
    ]
    choices = [Choice(f"resume:{route.form.name}", f"{_name(own)} (isian saya)")] if own else []
    choices += [Choice(_meaning(left), f"{_name(left.draft)} ({_first(left.owner)})") for left in others]
    choices.append(Choice("restart:", "Hapus isian saya, mulai baru") if own else _NEW)
    return turn.reply("form/left_several", choices, lines=told, total=len(route.form.steps))


def _about(route: FormRoute, draft: Draft) -> Mapping[str, Any]:
    answers = draft.progress.answers
    return {
        "name": answers.get("name", ""),
        "done": route.form.done(answers),
        "total": len(route.form.steps),
    }


def _name(draft: Draft) -> str:
    return draft.progress.answers.get("name") or "Tanpa nama"


def _first(name: str) -> str:
    """What colleagues call each other; the whole name where it begins with a title."""
    first = name.partition(" ")[0]
    return name if first.endswith(".") or len(first) < 3 else first


def _when(turn: Turn, at: datetime) -> str:
    zone = turn.district.zone
    day = at.astimezone(zone).date()
    if day == turn.today:
        return f"hari ini pukul {dates.clock_time(at.astimezone(zone), turn.district.zone_label)}"
    return "kemarin" if day == turn.today - timedelta(days=1) else dates.short_date(day)


def _meaning(left: Left, how: str = "ask") -> str:
    """Whose form, and as it stood when it was offered: once touched, the button means nothing."""
    return f"takeover:{left.person}:{left.draft.progress.village}:{how}:{stamp(left.draft.updated_at)}"


def take(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """Go on with a colleague's form: the first who says so has it, the other is told."""
    _, person, village, how, version = turn.choice.split(":", 4)
    if village not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    speak_about(turn, village)
    found = next((one for one in _of_colleagues(route, turn) if _is(one, person, version)), None)
    own = _own(route, turn)
    if found is None:
        return _not_left(route, turn, int(person), own)
    if own is not None and how == "ask":
        return [_own_first(route, turn, own, found)]
    name = found.draft.progress.answers.get("name", "")
    found.draft.progress.tries, found.draft.progress.mistake = 0, ""  # those were the colleague's
    drafts.take(turn.tx, found, turn.who.person, turn.now, (name, turn.who.name))
    turn.note("take_over", f"person:{found.person}", village=village, form=route.form.name)
    return [*filling.open_form(turn, route), *_told(turn, found, name)]


def _is(left: Left, person: str, version: str) -> bool:
    return str(left.person) == person and stamp(left.draft.updated_at) == version


def _not_left(route: FormRoute, turn: Turn, person: int, own: Draft | None) -> list[Outgoing]:
    mark = drafts.lost(turn.tx, person, turn.now)
    by = mark.by if mark and mark.village == turn.who.village else ""
    if by == turn.who.name and own is not None:  # said twice: it is theirs already
        return filling.open_form(turn, route)
    return [turn.reply("form/not_left", by=by)]


def _own_first(route: FormRoute, turn: Turn, own: Draft, left: Left) -> Outgoing:
    drafts.rest(turn.tx, turn.who.person)
    choices = (
        Choice(f"resume:{route.form.name}", "Lanjutkan isian saya"),
        Choice(_meaning(left, "drop"), f"Hapus, ambil isian {_first(left.owner)}"),
    )
    return turn.reply("form/own_first", choices, owner=left.owner, **_about(route, own))


def _told(turn: Turn, left: Left, name: str) -> list[Outgoing]:
    """One line to whoever had it; not to somebody who has left the village's offices."""
    serving = people.serving(turn.tx, left.draft.progress.village, office_day(turn.now))
    return [
        Outgoing(
            colleague.to,
            "form/taken_over",
            {"name": name, "by": turn.who.name},
            lane=Lane.ALERT,
            repeatable=False,
        )
        for colleague in serving
        if colleague.person == left.person
    ]


def go_on(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """*lanjut*: one's own form that was left last; where there is none, what colleagues left."""
    _, _, wanted = turn.choice.partition(":")
    mine = _mine([route for route in routes if wanted in ("", route.form.name)], turn)
    if mine is None:
        return show(routes[0], turn)
    route, draft = mine
    if draft.progress.village:
        speak_about(turn, draft.progress.village)
        may(turn, route.needs)  # by the office there
    return filling.open_form(turn, route)


def unsaved(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """*benar* to nothing else, soon after a form was put aside that only had to be saved: it is not, and that is said."""
    mine = _mine(routes, turn) if _AGREED & set(cleaning.words(turn.incoming.text)) else None
    if mine is None or mine[1].progress.at != forms.REVIEW or mine[1].updated_at < turn.now - FRESH:
        return []
    route, draft = mine
    choices = (Choice(f"resume:{route.form.name}", "Lanjutkan isian"),)
    return [turn.reply("form/not_saved", choices, **forms.where(route.form, draft.progress))]


def _mine(routes: Sequence[FormRoute], turn: Turn) -> tuple[FormRoute, Draft] | None:
    """One's own form that was touched last, as far as one still may."""
    by_name = {route.form.name: route for route in routes}
    known = ("", *turn.who.villages, *turn.who.districts)
    for draft in drafts.of(turn.tx, turn.who.person, turn.now):
        route = by_name.get(draft.progress.form)
        if route and draft.progress.village in known and may(turn, route.needs):
            return route, draft
    return None


def no_form(turn: Turn) -> list[Outgoing]:
    """*batal*, *kembali* or *nanti* where no form is open, and none rests."""
    later = "nanti" in cleaning.spoken(turn.incoming.text)
    return [turn.reply("chat/later") if later else _nothing(turn)]


def resting(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """The form that was left last, to be gone on with; nothing where there is none."""
    mine = _mine(routes, turn)
    if mine is None:
        return []
    route, draft = mine
    anew = (Choice("restart:", "Hapus, mulai baru"),) if route is routes[0] else ()
    return [filling.resting(turn, route, draft.progress, *anew)]


def _nothing(turn: Turn) -> Outgoing:
    return turn.reply("chat/no_form", (Choice("menu:menu", "Lihat menu"),), village=bool(turn.who.village))


def show(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*isian*: everything that is half filled in for the village."""
    found = offer(route, turn) if turn.who.village else []
    return found or filling.taken_over(turn) or [_nothing(turn)]


def restart(routes: Sequence[FormRoute], turn: Turn) -> list[Outgoing]:
    """One's own half-filled form is dropped, an empty one begun; of a button that names none, the first."""
    _, _, wanted = turn.choice.partition(":")
    route = next((one for one in routes if one.form.name == wanted), routes[0])
    return filling.open_form(turn, route, fresh=True)
