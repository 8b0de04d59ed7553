"""Registering one person: nine questions, a look at all of it, saved.

What the NIK says is shown for one tap, not asked: from *daftar* to saved it takes eleven messages
or taps.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot import filling
from bot.domain import dates, matching, money, names, nik, phones, words
from bot.domain.offices import office_day
from bot.domain.people import Position, Sex
from bot.domain.rulebook import CERTAIN
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import drafts, members, people
from bot.turns import Turn, noise


def _parse_name(text: str, _view: View) -> str:
    return names.parse_name(text)


def _parse_nik(text: str, view: View) -> str:
    number = nik.parse_nik(text)
    known = view.extra["find"](number)
    if known is not None:
        raise Invalid("registration/known", **known)
    nik.check_age(number, view.today)
    return number


def _parse_birth(text: str, view: View) -> dict[str, str]:
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
    born = dates.parse_birth(text, view.today)
    if born == said.born:
        return facts
    value = {**facts, "born": born.isoformat()}
    raise Doubtful(
        "registration/birth_differs", value, said=dates.short_date(born), nik=dates.short_date(said.born)
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
    if text == "tidak_ada" or words.is_no(text) or words.exactly(text, _NO_PHONE):
        return ""
    return phones.parse_mobile(text)


_NO_PHONE = words.Vocabulary(
    {
        "none": (
            *("tidak ada", "tdk ada", "belum ada", "blm ada", "ga ada", "gak ada", "nggak ada", "enggak ada"),
            *("tidak punya", "tdk punya", "belum punya", "ga punya", "gak punya", "nggak punya"),
            *("tidak punya hp", "tdk punya hp", "belum punya hp", "ga punya hp", "gak punya hp", "tanpa hp"),
        )
    }
)


def _phone_choices(_view: View) -> Sequence[tuple[str, str]]:
    return (("tidak_ada", "Tidak punya HP"),)


def _show_phone(value: str, _view: View) -> str:
    return phones.masked(value) if value else "belum ada"


def _parse_position(text: str, view: View) -> str:
    positions: Sequence[Position] = view.extra["positions"]
    codes = {position.code for position in positions}
    if text in codes:
        return text
    aliases = {position.code: (position.label, *position.aliases) for position in positions}
    found = words.command(text, words.Vocabulary(aliases), fuzzy=True)
    if found:
        return found
    match = matching.best(text, {position.code: position.label for position in positions})
    if match.sure is not None:
        return match.sure
    raise Invalid("registration/position_unknown")


def _position_choices(view: View) -> Sequence[tuple[str, str]]:
    return [(position.code, position.label) for position in view.extra["positions"]]


def _parse_wage(text: str, view: View) -> int:
    base = view.extra["wage"](view.answers.get("position", ""))
    try:
        amount = money.parse_wage(text)
    except Doubtful as guess:  # "25" may mean 25 juta: ask that, unless it would be unusual as well
        money.check_wage(guess.value, base)
        raise
    return money.check_wage(amount, base)


def _wage_choices(view: View) -> Sequence[tuple[str, str]]:
    usual = view.extra["offered"](view.answers.get("position", ""))
    return [(str(usual), money.rupiah(usual))] if usual else ()


def _show_wage(value: int, _view: View) -> str:
    return f"{money.rupiah(value)} ({money.in_words(value)})"


def _parse_start(text: str, view: View) -> str:
    return dates.parse_start(text, view.today).isoformat()


def _show_date(value: str, _view: View) -> str:
    return dates.short_date(date.fromisoformat(value))


def _show_position(value: str, view: View) -> str:
    return position_label(view.extra["positions"], value)


def position_label(positions: Sequence[Position], code: str) -> str:
    """The position as people say it; its code, where the rules have dropped it."""
    return next((position.label for position in positions if position.code == code), code)


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
        Step(
            "birth",
            "Tanggal lahir",
            "registration/ask_birth",
            _parse_birth,
            _show_birth,
            _birth_values,
            _birth_choices,
        ),
        Step("place", "Tempat lahir", "registration/ask_place", _parse_place, _as_typed),
        Step("mother", "Ibu kandung", "registration/ask_mother", _parse_name, _hidden, _known_name),
        Step(
            "phone", "Nomor HP", "registration/ask_phone", _parse_phone, _show_phone, choices=_phone_choices
        ),
        Step(
            "position",
            "Jabatan",
            "registration/ask_position",
            _parse_position,
            _show_position,
            choices=_position_choices,
        ),
        Step("wage", "Upah sebulan", "registration/ask_wage", _parse_wage, _show_wage, choices=_wage_choices),
        Step("since", "Mulai bertugas", "registration/ask_since", _parse_start, _show_date),
    ),
    "registration/review",
)


def extra(turn: Turn) -> Mapping[str, Any]:
    """What the questions may look up: who has this NIK in the village, positions, the usual wage."""
    usual = _usual_wage(turn)
    return {
        "find": _finder(turn),
        "positions": turn.rules.positions,
        "wage": lambda position: usual(position)[0],
        "offered": lambda position: usual(position)[1],
    }


def _finder(turn: Turn) -> Callable[[str], Mapping[str, Any] | None]:
    def find(number: str) -> Mapping[str, Any] | None:
        known = members.by_nik(turn.tx, turn.who.village, number)
        if known is None:
            return None
        return {
            "name": known.name,
            "position": position_label(turn.rules.positions, known.position),
            "state": known.state.label,
            "since": dates.short_date(known.state_at.astimezone(turn.district.zone).date()),
        }

    return find


def _usual_wage(turn: Turn) -> Callable[[str], tuple[int, int]]:
    """What a wage is compared with, and what is offered: not what is known from memory alone."""

    def usual(position: str) -> tuple[int, int]:
        if not position:
            return 0, 0
        base = turn.rules.wage_base(turn.district.code, turn.rules.position(position), turn.today)
        amount = base.amount if base else 0
        return amount, amount if base and base.certainty in CERTAIN else 0

    return usual


def save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Register the person: submitted by the village, covered once BPJS has accepted it."""
    position = turn.rules.position(answers["position"])
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
        since=date.fromisoformat(answers["since"]),
        joined=turn.today,
    )
    member = members.add(turn.tx, new, turn.who.person, turn.now)
    if member is None:  # a colleague was faster
        known = _finder(turn)(answers["nik"])
        raise Invalid("registration/known", step="nik", **(known or {}))
    turn.note("register", f"member:{member}", village=turn.who.village, category=position.category)
    choices = (Choice("menu:daftar", "Daftarkan lagi"), Choice("menu:status", "Status desa"))
    at = dates.clock_time(turn.now.astimezone(turn.district.zone), turn.district.zone_label)
    return [
        turn.reply("registration/saved", choices, name=answers["name"], at=at, office=turn.district.office)
    ]


def begin(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*daftar*: the privacy notice once, then the first question, or the one where it was left."""
    said = []
    if not turn.who.noticed:
        people.noticed(turn.tx, turn.who.person, turn.now)
        turn.note("notice", f"person:{turn.who.person}")
        said.append(turn.reply("registration/notice", office=turn.district.office_name))
    left = next((d for d in drafts.of(turn.tx, turn.who.person, turn.now) if d.progress.answers), None)
    if left is not None and turn.word == "daftar" and left.progress.village == turn.who.village:
        return [*said, _offer_to_go_on(turn, left)]
    return [*said, *filling.open_form(turn, route)]


def _offer_to_go_on(turn: Turn, left: drafts.Draft) -> Outgoing:
    drafts.rest(turn.tx, turn.who.person)
    day = dates.short_date(left.updated_at.astimezone(turn.district.zone).date())
    name = left.progress.answers.get("name", "")
    choices = (Choice("resume:", "Lanjut"), Choice("restart:", "Hapus, mulai baru"))
    return turn.reply(
        "registration/left",
        choices,
        name=name,
        day=day,
        done=len(left.progress.answers),
        total=len(FORM.steps),
    )


def go_on(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*lanjut*: the form that was left last."""
    kept = drafts.of(turn.tx, turn.who.person, turn.now)
    if not kept:
        return [turn.reply("chat/no_form", (Choice("menu:menu", "Lihat menu"),))]
    if kept[0].progress.village in turn.who.villages:
        people.focus(turn.tx, turn.who.person, kept[0].progress.village)
        turn.actor = people.actor(
            turn.tx, turn.incoming.address.channel, turn.incoming.sender, office_day(turn.now)
        )
    return filling.open_form(turn, route)


def restart(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """The half-filled form is dropped, an empty one begun."""
    for draft in drafts.of(turn.tx, turn.who.person, turn.now):
        if draft.progress.village == turn.who.village:
            drafts.drop(turn.tx, turn.who.person, draft.progress)
    return filling.open_form(turn, route)


def photo(turn: Turn) -> list[Outgoing]:
    """A photo in the middle of the form, of an identity card most likely: not read, not kept."""
    return [noise(turn, turn.reply("registration/photo"))]
