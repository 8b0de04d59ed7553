"""What happened is noted: who, when, where, whether at work; then the office is told, without a name."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot import filling
from bot.domain import alarms, cleaning, incidents, matching, picking, titles, words
from bot.domain.incidents import Kind, Work
from bot.domain.people import Leaving, State
from bot.errors import Doubtful, Invalid, Narrowed
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import bills, drafts, members
from bot.store import incidents as store
from bot.store.incidents import Incident, New
from bot.store.members import Member
from bot.turns import Turn
from handlers import status
from handlers.incidents import cards, steps
from handlers.questions import position_label

#: Whoever is not insured by the village, as a button says it.
GROUPS = {
    "officer": "Perangkat belum daftar",
    "project": "Pekerja proyek desa",
    "family": "Keluarga peserta",
    "other": "Warga atau lainnya",
}
#: What an illness is called; of a heart that stops at work the branch decides.
_ILL = words.Vocabulary(
    {"ill": ("sakit", "karena sakit", "sakit tua", "usia", "usia lanjut", "tua", "sakit biasa", "kena sakit")}
)
#: The same again within this time is the same.
AGAIN = timedelta(hours=12)
_NAME, _PLACE = 60, 200  # characters
_LATE = 3  # months named
_WHERE = re.compile(r"(?i)\b(?:di|dari|ke|dekat|depan|belakang|jalan|jln|jl|rt|dusun)\b")
_ENOUGH = 5  # words that can say where and what
_HEARD = "terdengar"  # the choice of the moment that the first sentence named
#: The agency has accepted them, or had: what it pays for rests on the dues then.
_DECIDED = (State.ACTIVE, State.ENDED)


def begin(turn: Turn) -> list[Outgoing]:
    """*Catat kejadian*: the form, with the sentence that came before kept beside it."""
    _, kind, *said = turn.choice.split(":", 2)
    route = DEATH_ROUTE if kind == Kind.DEATH else ACCIDENT_ROUTE
    sentence = said[0] if said else ""
    known: dict[str, Any] = {"words": sentence}
    if route is ACCIDENT_ROUTE and _tells(sentence):
        known["place"] = cleaning.typed(sentence)[:_PLACE]
    if heard := _heard(turn, sentence):
        known["heard"] = heard
    return filling.open_form(turn, route, known)


def _tells(said: str) -> bool:
    """Whether a sentence says where it was and what happened: then that is not asked again."""
    return len(said.split()) >= _ENOUGH and bool(_WHERE.search(said))


def _heard(turn: Turn, said: str) -> Mapping[str, str]:
    """The moment that a sentence names, to be offered; empty where it names none."""
    local = turn.now.astimezone(turn.district.zone)
    try:
        found = incidents.parse_when(said, local) if said else {}
    except (Invalid, Doubtful):
        return {}
    usual = {(local.date() - timedelta(days=ago)).isoformat() for ago in (0, 1)}
    return found if found and (found["said"] or found["day"] not in usual) else {}


def _extra(turn: Turn) -> Mapping[str, Any]:
    found = [one for one in members.of_village(turn.tx, turn.who.village) if one.why_ended != Leaving.MISTAKE]
    return {
        "local": turn.now.astimezone(turn.district.zone),
        "members": {one.id: one for one in found},
        "positions": turn.rules.positions_of(turn.district.code),
    }


# -- who -----------------------------------------------------------------------------------------


def _parse_who(text: str, view: View) -> dict[str, Any]:
    """One of the village's insured people by name or post; else of whom it is one, with the name that was said."""
    group, _, name = text.partition(":")
    if group in GROUPS:
        return {
            "group": group,
            "member": 0,
            "name": name or _named_before(view) or view.answers.get("typed", ""),
        }
    known: Mapping[int, Member] = view.extra["members"]
    name = cleaning.typed(text)
    if alarms.is_of_family(name) and not _unfit(name):
        return {"group": "family", "member": 0, "name": name}
    match = matching.best(text, {number: one.name for number, one in known.items()})
    if match.sure is not None:
        return _as_answer(known[match.sure])
    likely = _by_post(text, view) or [known[number] for number in match.likely]
    if len(likely) == 1 or (likely and match.likely):
        post = position_label(view.extra["positions"], likely[0].position)
        raise Doubtful("incidents/did_you_mean", _as_answer(likely[0]), name=likely[0].name, position=post)
    if likely:
        raise Invalid("incidents/several", names=", ".join(one.name for one in likely[:_LATE]))
    return _stranger(name)


def _named_before(view: View) -> str:
    """The name of somebody of whom only the group is changed."""
    before = view.answers.get("who", {})
    return "" if before.get("member") else str(before.get("name", ""))


def _as_answer(one: Member) -> dict[str, Any]:
    return {"group": one.category, "member": one.id, "name": one.name}


def _by_post(text: str, view: View) -> list[Member]:
    """Who holds the post that was named: "pak kadus"."""
    aliases = {one.code: (one.label, *one.aliases) for one in view.extra["positions"]}
    code = words.command(text, words.Vocabulary(aliases), fuzzy=False)
    return [one for one in view.extra["members"].values() if one.position == code and one.open]


def _unfit(name: str) -> bool:
    """Whether it is no name: too long, with figures, a yes or a no."""
    return len(name) > _NAME or bool(re.search("[0-9]", name)) or words.is_yes(name) or words.is_no(name)


def _stranger(name: str) -> dict[str, Any]:
    """Not one of the village's insured people: of whom they are is asked, and the name is kept meanwhile."""
    if _unfit(name):
        raise Invalid("incidents/who_unclear")
    choices = [(f"{group}:{name}", label) for group, label in GROUPS.items()]
    raise Narrowed("incidents/not_a_member", choices, {"typed": name}, name=name)


def _who_choices(_view: View) -> Sequence[tuple[str, str]]:
    return tuple(GROUPS.items())


def _show_who(value: Any, _view: View) -> str:
    group = GROUPS.get(value["group"], "")
    return f"{value['name']} ({group.lower()})" if value["name"] and group else value["name"] or group


# -- when, where, at work --------------------------------------------------------------------------


def _parse_when(text: str, view: View) -> Mapping[str, str]:
    heard: Mapping[str, str] = view.answers.get("heard", {})
    if text == _HEARD and heard:
        return heard
    return incidents.parse_when(text, view.extra["local"])


def _when_choices(view: View) -> Sequence[tuple[str, str]]:
    usual = (("hari ini", "Hari ini"), ("kemarin", "Kemarin"))
    heard = view.answers.get("heard", {})
    return ((_HEARD, incidents.shortly(heard)), *usual) if heard else usual


def _show_when(value: Any, _view: View) -> str:
    return incidents.show_when(value)


def _parse_place(text: str, _view: View) -> str:
    said = cleaning.typed(text)
    if not 3 <= len(said) <= _PLACE:
        raise Invalid("incidents/place_unclear", longest=_PLACE)
    return said


def _parse_work(kind: Kind, text: str, _view: View) -> str:
    offered = incidents.works(kind)
    if kind is Kind.DEATH and words.exactly(text, _ILL):
        raise Doubtful("incidents/ill", Work.NO.value)
    picked = picking.pick(text, [work.label(kind) for work in offered])
    if text in {work.value for work in offered}:
        return text
    if picked is not None:
        return offered[picked].value
    if words.is_yes(text) or words.is_no(text):
        return Work.WORK.value if words.is_yes(text) else Work.NO.value
    raise Invalid("incidents/work_unclear")


def _work_step(kind: Kind, label: str, ask: str) -> Step:
    return Step(
        "work",
        label,
        ask,
        partial(_parse_work, kind),
        lambda value, _view: Work(value).label(kind),
        choices=lambda _view: [(work.value, work.label(kind)) for work in incidents.works(kind)],
        sentences=True,
        skip=Work.UNKNOWN.value,
    )


def _as_typed(value: Any, _view: View) -> str:
    return str(value)


ACCIDENT = Form(
    "accident",
    (
        Step(
            "who", "Siapa", "incidents/ask_who", _parse_who, _show_who, choices=_who_choices, sentences=True
        ),
        Step(
            "when",
            "Kapan",
            "incidents/ask_when",
            _parse_when,
            _show_when,
            choices=_when_choices,
            sentences=True,
        ),
        Step(
            "place",
            "Tempat dan kejadian",
            "incidents/ask_place",
            _parse_place,
            _as_typed,
            sentences=True,
            skip="belum diketahui",
        ),
        _work_step(Kind.ACCIDENT, "Saat bekerja?", "incidents/ask_work"),
    ),
    "incidents/review",
)
DEATH = Form(
    "death",
    (
        Step("who", "Siapa", "incidents/ask_late", _parse_who, _show_who, choices=_who_choices, sentences=True),
        Step("when", "Kapan", "incidents/ask_when_late", _parse_when, _show_when, choices=_when_choices, sentences=True),
        _work_step(Kind.DEATH, "Karena kecelakaan kerja?", "incidents/ask_cause"),
    ),
    "incidents/review",
)  # fmt: skip


# -- what is done with it --------------------------------------------------------------------------


def _save(kind: Kind, turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    new = _new(kind, turn, answers)
    known = store.same(turn.tx, new, turn.who.person, turn.now - AGAIN)
    if known is not None:
        return [turn.reply("incidents/already", (Choice(f"incident_mine:{known}", "Lihat"),), number=known)]
    number = store.add(turn.tx, new, turn.who.person, turn.now)
    turn.note("report_incident", f"incident:{number}", village=new.village, kind=kind.value)
    incident = store.get(turn.tx, number)
    assert incident is not None
    told = cards.call(turn, incident)
    return [_saved(turn, incident, reached=bool(told)), *told]


def _new(kind: Kind, turn: Turn, answers: Mapping[str, Any]) -> New:
    """Whoever is chosen may have gone from the list since the form was opened."""
    who = answers["who"]
    member = members.get(turn.tx, int(who["member"])) if who["member"] else None
    if who["member"] and (member is None or member.village != turn.who.village):
        raise Invalid("incidents/who_gone", step="who")
    body = {name: answers.get(name, "") for name in ("who", "when", "place", "words")}
    happened = incidents.moment(answers["when"], turn.district.zone)
    people = incidents.group_of(who)
    return New(
        turn.who.village, kind, Work(answers["work"]), people, member.id if member else None, happened, body
    )


def _saved(turn: Turn, incident: Incident, *, reached: bool) -> Outgoing:
    new = incident.new
    member = members.get(turn.tx, new.member) if new.member else None
    left = drafts.of(turn.tx, turn.who.person, turn.now)
    return turn.reply(
        "incidents/saved",
        buttons(incident, member),
        number=incident.id,
        death=new.kind is Kind.DEATH,
        office=turn.district.office,
        reached=reached,
        until=cards.until(turn.rules, turn.district, incident),
        cover=_cover(turn, member) if member else {},
        project=new.people == "project",
        family=new.people == "family",
        open_form=titles.of(left[0].progress.form) if left else "",
        **steps.whom(turn.tx, turn.district.code),
    )


def buttons(incident: Incident, member: Member | None) -> tuple[Choice, ...]:
    """What the village can do with its report."""
    new = incident.new
    told = (Choice(f"incident_told:{incident.id}", "Sudah dilaporkan"),)
    wanted = incident.open and incident.told_at is None and new.work.counts
    over = (Choice(f"leave:{member.id}:{Leaving.DIED.value}", "Akhiri kepesertaan"),) if member else ()
    ends = new.kind is Kind.DEATH and member is not None and member.open
    return (*(told if wanted else ()), *steps.further(new.kind), *(over if ends else ()))


def _cover(turn: Turn, member: Member) -> Mapping[str, Any]:
    """How the membership and its months stand in our own records: facts, no verdict.

    `applied`: the agency has not said that they are insured, so paid months must not sound as if they were.
    """
    segment = turn.rules.programme_set(turn.district.code, member.category, turn.today).segment
    mine = bills.of_village(turn.tx, member.village, segment)
    late = [one.month.label for one in mine if not one.settled and one.due < turn.today]
    return {
        "name": member.name,
        "state": status.state_label(turn, member),
        "late": late[:_LATE],
        "more": max(len(late) - _LATE, 0),
        "known": bool(mine),
        "applied": "refused" in member.details or member.state not in _DECIDED,
    }


def _accident(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    return _save(Kind.ACCIDENT, turn, answers)


def _death(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    return _save(Kind.DEATH, turn, answers)


ACCIDENT_ROUTE = FormRoute(ACCIDENT, _extra, _accident)
DEATH_ROUTE = FormRoute(DEATH, _extra, _death)
