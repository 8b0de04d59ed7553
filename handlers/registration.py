"""Registering one person: nine questions, a look at all of it, saved.

What the NIK says is shown for one tap, not asked: from *daftar* to saved it takes eleven messages
or taps.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot import filling, ledger
from bot.domain import ages, dates, names, nik, phones, unanswered, words
from bot.domain.dated import Segment
from bot.domain.months import Month
from bot.domain.people import Sex
from bot.domain.tariffs import AgeLimit
from bot.domain.unanswered import Unanswered
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import drafts, members, people
from bot.turns import Turn
from handlers import questions, taking_over

#: What may be known at the start beside the answers: the number of a list, and where its next person waits.
NEXT = "next"


def _parse_name(text: str, view: View) -> str:
    """The post comes later; who is called like one says so."""
    if questions.is_post(text, view):
        raise Doubtful("registration/name_is_post", text, name=text)
    return names.parse_name(text)


def _parse_mother(text: str, view: View) -> str:
    if names.is_dead_mother(text):
        raise Invalid("registration/mother_died", name=view.answers["name"])
    return names.parse_mother(text)


def _parse_nik(text: str, view: View) -> str:
    number = nik.parse_nik(text)
    known = view.extra["find"](number)
    if known is not None:
        raise Invalid("registration/known", **known)
    nik.check_age(number, view.today)
    return number


def _parse_position(text: str, view: View) -> str:
    code = questions.parse_position(text, view)
    if "birth" in view.answers:
        _check_age(code, view.answers["birth"], code, view)
    questions.check_free(code, view)
    return code


def _parse_birth(text: str, view: View) -> dict[str, str]:
    facts = _read_birth(text, view)
    if "position" in view.answers:  # changed afterwards, or known before: of a successor
        _check_age(view.answers["position"], facts, facts, view)
    return facts


def _check_age(position: str, birth: Mapping[str, str], value: Any, view: View) -> None:
    """Who is older than the rules take is asked about: the branch knows better, and may take them."""
    born = date.fromisoformat(birth["born"])
    limit: AgeLimit | None = view.extra["barred"](position, born)
    if limit is None:
        return
    what = f"program {limit.programme.upper()}" if limit.programme else _SEGMENTS[limit.segment]
    age = ages.age_on(view.today, born)
    raise Doubtful(
        "registration/too_old", value, name=view.answers["name"], age=age, limit=limit.years, what=what
    )


_SEGMENTS = {Segment.PU: "kepesertaan penerima upah", Segment.BPU: "kepesertaan mandiri (BPU)"}


def _read_birth(text: str, view: View) -> dict[str, str]:
    """A tap keeps what the NIK says; a typed date or sex corrects it."""
    said = nik.facts(view.answers["nik"], view.today)
    facts = {"born": said.born.isoformat(), "sex": said.sex.value}
    if words.is_yes(text):
        return facts
    if words.is_no(text):
        raise Invalid("registration/birth_correct")
    sex = words.exactly(text, _SEXES)
    if sex == said.sex.value:
        return facts
    if sex:
        raise Doubtful(
            "registration/sex_differs", {**facts, "sex": sex}, said=Sex(sex).label, nik=said.sex.label
        )
    return _another_birth(text, view, facts, said.born)


def _another_birth(text: str, view: View, facts: dict[str, str], by_nik: date) -> dict[str, str]:
    try:
        born = dates.parse_birth(text, view.today)
    except Doubtful as doubt:
        doubt.value = {**facts, "born": doubt.value.isoformat()}
        raise
    if born == by_nik:
        return facts
    value = {**facts, "born": born.isoformat()}
    raise Doubtful(
        "registration/birth_differs", value, said=dates.short_date(born), nik=dates.short_date(by_nik)
    )


_SEXES = words.Vocabulary(
    {
        Sex.MALE.value: ("laki-laki", "laki", "lk", "pria", "cowok"),
        Sex.FEMALE.value: ("perempuan", "pr", "wanita", "cewek"),
    }
)


def _birth_values(view: View) -> Mapping[str, Any]:
    said = nik.facts(view.answers["nik"], view.today)
    return {"born": dates.short_date(said.born), "sex": said.sex.label}


def _birth_choices(_view: View) -> Sequence[tuple[str, str]]:
    return (("ya", "Benar"),)


def _show_birth(value: Mapping[str, str], _view: View) -> str:
    born = dates.short_date(date.fromisoformat(value["born"]))
    return f"{born}, {Sex(value['sex']).label}"


def _parse_place(text: str, _view: View) -> str:
    if words.is_yes(text) or words.is_no(text):
        raise Invalid("invalid/place_missing")
    return names.parse_place(text)


def _parse_phone(text: str, _view: View) -> str:
    lacks = text == "tidak_ada" or unanswered.heard(text, whole=False) is Unanswered.LACKS
    if lacks or words.is_no(text) or words.exactly(text, _NO_PHONE):
        return ""
    return phones.parse_mobile(text)


_NO_PHONE = words.Vocabulary({"none": ("tanpa hp", "tanpa nomor", "tanpa nomor hp")})


def _phone_choices(_view: View) -> Sequence[tuple[str, str]]:
    return (("tidak_ada", "Tidak punya HP"),)


def _show_phone(value: str, _view: View) -> str:
    return phones.masked(value) if value else "belum ada"


def _as_typed(value: str, _view: View) -> str:
    return value


def _show_nik(value: str, _view: View) -> str:
    return nik.last4(value)


def _hidden(value: str, _view: View) -> str:
    """A mother's name is what banks ask for: only its first letter is shown again."""
    return f"{value[:1]}•••••"


def _known_name(view: View) -> Mapping[str, Any]:
    return {"name": view.answers["name"]}


FORM = Form(
    "registration",
    (
        Step("name", "Nama", "registration/ask_name", _parse_name, _as_typed),
        Step("nik", "NIK", "registration/ask_nik", _parse_nik, _show_nik, _known_name, resets=("birth",)),
        Step("birth", "Tanggal lahir", "registration/ask_birth", _parse_birth, _show_birth, _birth_values, _birth_choices),
        Step("place", "Tempat lahir", "registration/ask_place", _parse_place, _as_typed),
        Step("mother", "Ibu kandung", "registration/ask_mother", _parse_mother, _hidden, _known_name,
             is_told=names.is_dead_mother),
        Step("phone", "Nomor HP", "registration/ask_phone", _parse_phone, _show_phone, choices=_phone_choices,
             skip="tidak_ada", skips_none=True),
        Step("position", "Jabatan", "registration/ask_position", _parse_position, questions.show_position,
             choices=questions.position_choices, more_words=True),
        Step("wage", "Upah sebulan", "registration/ask_wage", questions.parse_wage, questions.show_wage,
             questions.wage_values, questions.wage_choices),
        Step("since", "Mulai bertugas", "registration/ask_since", questions.parse_start, questions.show_date),
    ),
    "registration/review",
)  # fmt: skip


def extra(turn: Turn) -> Mapping[str, Any]:
    """What the questions may look up: who has this NIK in the village, positions, the usual wage."""
    return {
        "find": _finder(turn),
        "barred": _barred(turn),
        "holder": questions.holder(turn),
        **questions.lookups(turn),
    }


def _barred(turn: Turn) -> Callable[[str, date], AgeLimit | None]:
    """The age limit that somebody born then has reached, in the segment and programmes of a position."""

    def barred(position: str, born: date) -> AgeLimit | None:
        category = turn.rules.position(position).category
        chosen = turn.rules.programme_set(turn.district.code, category, turn.today)
        return ages.barred(turn.rules, chosen.segment, chosen.programmes, born, turn.today)

    return barred


def _finder(turn: Turn) -> Callable[[str], Mapping[str, Any] | None]:
    def find(number: str) -> Mapping[str, Any] | None:
        known = members.by_nik(turn.tx, turn.who.village, number)
        if known is None:
            return None
        return {
            "name": known.name,
            "position": questions.position_label(turn.rules.positions, known.position),
            "state": known.state.label,
            "since": dates.short_date(known.state_at.astimezone(turn.district.zone).date()),
        }

    return find


def enrol(turn: Turn, answers: Mapping[str, Any]) -> Month | None:
    """Register the person: submitted by the village, covered once BPJS has accepted it.

    The month from which on the books are to be reckoned anew; None where a colleague was faster.
    """
    position = questions.offered(turn, answers["position"])
    since = date.fromisoformat(answers["since"])
    new = members.New(
        village=turn.who.village,
        name=answers["name"],
        nik=answers["nik"],
        details={
            **answers["birth"],
            "place": answers["place"],
            "mother": answers["mother"],
            "phone": answers["phone"],
            "wage": answers["wage"],
        },
        category=position.category,
        position=position.code,
        since=since,
        joined=max(turn.today, since),  # whoever begins later owes nothing before
    )
    member = members.add(turn.tx, new, turn.who.person, turn.now)
    if member is None:
        return None
    turn.note("register", f"member:{member}", village=turn.who.village, category=position.category)
    return Month.of(new.joined)


def save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Register the person, and say so; of several who came in one file, the next one may follow."""
    since = enrol(turn, answers)
    if since is None:
        known = _finder(turn)(answers["nik"])
        raise Invalid("registration/known", step="nik", **(known or {}))
    ledger.refresh(turn.tx, turn.rules, turn.who.village, since, turn.now)
    more = Choice("begin:", "Daftarkan lagi")
    if (following := answers.get(NEXT, "")).partition(":")[2]:
        more = Choice(f"intake_next:{following}", "Orang berikutnya")
    choices = (more, Choice("menu:status", "Status desa"))
    at = dates.clock_time(turn.now.astimezone(turn.district.zone), turn.district.zone_label)
    return [
        turn.reply("registration/saved", choices, name=answers["name"], at=at, office=turn.district.office)
    ]


def drop_registered(turn: Turn) -> None:
    """Their forms half filled in about somebody who is registered by now: nothing is left to be asked."""
    for draft in drafts.of(turn.tx, turn.who.person, turn.now):
        progress = draft.progress
        number = progress.answers.get("nik", "") if progress.form == FORM.name else ""
        if number and members.by_nik(turn.tx, progress.village, number) is not None:
            drafts.drop(turn.tx, turn.who.person, progress)


def begin(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*daftar*: the privacy notice once; what was left half-filled in this village, else the first question."""
    drop_registered(turn)
    said = notice(turn)
    left = taking_over.offer(route, turn) if turn.word == "daftar" else []
    return [*said, *(left or filling.open_form(turn, route))]


def notice(turn: Turn) -> list[Outgoing]:
    """Who keeps what about whom, and why: once, before the first personal datum."""
    if turn.who.noticed:
        return []
    people.noticed(turn.tx, turn.who.person, turn.now)
    turn.note("notice", f"person:{turn.who.person}")
    return [turn.reply("registration/notice", office=turn.district.office_name)]


def take_over(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """Go on with what a colleague left half-filled."""
    return [*notice(turn), *taking_over.take(route, turn)]


def begin_successor(route: FormRoute, turn: Turn, before: members.Member) -> list[Outgoing]:
    """Whoever follows in a post: registered with the position answered already."""
    mine = [draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now)]
    here = [p for p in mine if (p.form, p.village) == (FORM.name, turn.who.village)]
    if any(FORM.done(progress.answers) for progress in here):
        return taking_over.offer(route, turn)
    position = questions.position_label(turn.rules.positions, before.position)
    said = [*notice(turn), turn.reply("registration/successor", name=before.name, position=position)]
    return [*said, *filling.open_form(turn, route, {"position": before.position})]
