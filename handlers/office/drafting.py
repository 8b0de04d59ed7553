"""A broadcast in the making: for whom, what it says, what goes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import filling
from bot.domain import announcing, placing, stopping
from bot.domain.audience import Audience, Standing
from bot.domain.offices import STAFF, VILLAGE, Role
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Outgoing
from bot.store import broadcasts, drafts, places
from bot.store.broadcasts import Broadcast, Kind
from bot.turns import Turn, within
from handlers import own_chat
from handlers.office import listed
from handlers.reaching import reach

MONTHS = (1, 2, 3, 6)  # of arrears, offered
SEGMENTS = 6  # offered at once
LONGEST_PLACE = 120
LONGEST_AGENDA = 600  # an invitation says place and time besides


def say(turn: Turn, template: str, choices: Sequence[Choice] = (), **values: Any) -> Outgoing:
    """An answer in the person's own chat, whose buttons know the district."""
    code = turn.district.code
    wrapped = [Choice(within(code, choice.id), choice.label) for choice in choices]
    return own_chat.only(turn, turn.reply(template, wrapped, **values))


def number_in(choice: str) -> int:
    """The broadcast that a choice names."""
    parts = choice.split(":")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0


def of_choice(turn: Turn) -> Broadcast | None:
    """The broadcast that was pressed, None if it is not of this district."""
    one = broadcasts.get(turn.tx, number_in(turn.choice))
    return one if one is not None and one.district == turn.district.code else None


def draft_in(turn: Turn, number: int) -> Broadcast | None:
    """The person's draft, None where it was sent already, is another's, or a newer one was begun since."""
    one = newest(turn)
    return one if one is not None and one.id == number else None


def newest(turn: Turn) -> Broadcast | None:
    """What the person began last and did not send."""
    return broadcasts.draft_of(turn.tx, turn.district.code, turn.who.person)


def leave_forms(turn: Turn, one: Broadcast) -> None:
    """It is no draft any more: what was asked for it is answered for nothing."""
    for left in drafts.of(turn.tx, turn.who.person, turn.now):
        progress = left.progress
        if progress.form.startswith("siaran_") and progress.answers.get("broadcast") == one.id:
            drafts.drop(turn.tx, turn.who.person, progress)


def drop(turn: Turn, one: Broadcast) -> None:
    """The draft is thrown away."""
    leave_forms(turn, one)
    broadcasts.drop_draft(turn.tx, one.id)


def onward(one: Broadcast, label: str) -> Choice:
    """To where a draft was left."""
    return Choice(f"siaran_look:{one.id}" if one.written else f"siaran_who:{one.id}:ask", label)


def title(one: Broadcast) -> str:
    """How it is called on a button."""
    return f"{'Undangan' if one.kind is Kind.MEETING else 'Siaran'} {one.id}"


def gone(turn: Turn) -> list[Outgoing]:
    """The draft is no longer one; a newer one can be gone on with."""
    newer = newest(turn)
    way_on = onward(newer, "Lanjutkan yang baru") if newer else Choice("menu:siaran", "Siaran baru")
    return [say(turn, "siaran/gone", (way_on,), newer=newer is not None)]


def subdistricts(turn: Turn) -> dict[str, str]:
    """The kecamatan of the district, by code."""
    return placing.names(places.villages(turn.tx, turn.district.code))


# -- for whom ----------------------------------------------------------------------------------


def ask_who(turn: Turn, one: Broadcast) -> Outgoing:
    """The first question, and the same again to narrow it."""
    pairs = [
        ("any", "Semua"),
        ("registered", "Desa terdaftar"),
        ("missing", "Desa belum terdaftar"),
        ("behind", "Desa menunggak"),
        ("where", "Kecamatan"),
        ("role", "Jabatan"),
        ("list", "Daftar desa"),
    ]
    found = broadcasts.segments(turn.tx, turn.district.code)
    pairs += [(f"segment-{each.id}", each.name) for each in found[:SEGMENTS]]
    choices = [Choice(f"siaran_who:{one.id}:{meaning}", label) for meaning, label in pairs]
    if len(found) > SEGMENTS:
        choices.append(Choice(f"siaran_more:{one.id}:{SEGMENTS}", "Segmen lainnya"))
    narrowed = one.audience != Audience()
    if one.kind is Kind.MESSAGE and not narrowed and not one.text:
        choices.append(Choice(f"siaran_new:{Kind.MEETING.value}", "Undangan rapat"))
    label = one.audience.label(subdistricts(turn)) if narrowed else ""
    return say(turn, "siaran/ask_who", choices, meeting=one.kind is Kind.MEETING, label=label)


def who(turn: Turn) -> list[Outgoing]:
    """An answer to it: the filter grows, or what it still needs is asked."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    meant = turn.choice.split(":")[2]
    if meant == "ask":
        return [ask_who(turn, one)]
    if meant == "behind":
        offered = [Choice(f"siaran_who:{one.id}:behind-{n}", f"{n} bulan atau lebih") for n in MONTHS]
        return [say(turn, "siaran/ask_months", offered)]
    if meant == "role":
        roles = [Choice(f"siaran_who:{one.id}:role-{role.value}", role.label) for role in reversed(VILLAGE)]
        return [say(turn, "siaran/ask_role", roles)]
    if meant in ("where", "list"):
        return filling.open_form(turn, WHERE if meant == "where" else VILLAGES, {"broadcast": one.id})
    return narrow(turn, one, _narrowed(turn, one.audience, meant))


def _narrowed(turn: Turn, now: Audience, meant: str) -> Audience:
    kind, _, rest = meant.partition("-")
    match kind:
        case "behind":
            return replace(now, standing=Standing.BEHIND, months=int(rest))
        case "role":
            return replace(now, roles=tuple(dict.fromkeys((*now.roles, Role(rest)))))
        case "segment":
            found = broadcasts.segments(turn.tx, turn.district.code)
            return next((each.audience for each in found if each.id == int(rest)), now)
        case "any":
            return Audience()
        case _:
            return replace(now, standing=Standing(kind), months=0)


def narrow(turn: Turn, one: Broadcast, new: Audience) -> list[Outgoing]:
    """The filter is kept; how many it is, and what comes next."""
    one = replace(one, audience=new)
    broadcasts.rewrite(turn.tx, one)
    found = reach(turn.tx, turn.rules, one, turn.now)
    write = "Isi undangan" if one.kind is Kind.MEETING else "Tulis pesan"
    next_ = Choice(f"siaran_look:{one.id}", "Lihat contoh") if one.written else None
    choices = [next_ or Choice(f"siaran_write:{one.id}", write)] if found.recipients else []
    choices += [
        Choice(f"siaran_who:{one.id}:ask", "Persempit"),
        Choice(f"siaran_who:{one.id}:any", "Ulang dari semua"),
    ]
    if new != Audience():
        named = any(each.audience == new for each in broadcasts.segments(turn.tx, one.district))
        keep = (
            (f"siaran_unname:{one.id}", "Hapus segmen")
            if named
            else (f"siaran_name:{one.id}", "Simpan segmen")
        )
        choices.append(Choice(*keep))
    if found.missed:
        choices.append(Choice(f"siaran_calls:{one.id}:0", "Daftar telepon"))
    values = {"people": len(found.recipients), "villages": found.villages, "missed": len(found.missed)}
    return [say(turn, "siaran/audience", choices, label=new.label(subdistricts(turn)), **values)]


def _own(turn: Turn, answers: Mapping[str, Any]) -> Broadcast | None:
    return draft_in(turn, int(answers["broadcast"]))


def _extra(turn: Turn) -> Mapping[str, Any]:
    found = places.villages(turn.tx, turn.district.code)
    return {"villages": found, "now": turn.now, "zone": turn.district.zone, "label": turn.district.zone_label}


def _shown(value: Any, _view: View) -> str:
    return str(value)


def _where(said: str, view: View) -> list[str]:
    return listed.subdistricts(said, view.extra["villages"])


def _names(view: View) -> Mapping[str, Any]:
    names = sorted({one.subdistrict for one in view.extra["villages"]})
    return {"names": names}


def _in_where(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = _own(turn, answers)
    if one is None:
        return gone(turn)
    return narrow(turn, one, replace(one.audience, subdistricts=tuple(answers["where"])))


def _in_villages(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = _own(turn, answers)
    if one is None:
        return gone(turn)
    return narrow(turn, one, replace(one.audience, villages=tuple(answers["villages"])))


def _village_list(said: str, view: View) -> list[str]:
    return listed.villages(said, view.extra["villages"])


WHERE = FormRoute(
    Form("siaran_where", (Step("where", "Kecamatan", "siaran/ask_where", _where, _shown, _names),)),
    _extra,
    _in_where,
    STAFF,
)
VILLAGES = FormRoute(
    Form(
        "siaran_villages",
        (Step("villages", "Daftar desa", "siaran/ask_villages", _village_list, _shown),),
    ),
    _extra,
    _in_villages,
    STAFF,
)


# -- what it says ------------------------------------------------------------------------------


def write(turn: Turn) -> list[Outgoing]:
    """*Tulis pesan*, pressed: the text, or an invitation's text, moment and place."""
    one = draft_in(turn, number_in(turn.choice))
    if one is None:
        return gone(turn)
    return filling.open_form(turn, MEETING if one.kind is Kind.MEETING else TEXT, {"broadcast": one.id})


def _text(said: str, _view: View) -> str:
    return _meant(announcing.parse_text(said))


def _agenda(said: str, _view: View) -> str:
    return _meant(announcing.parse_text(said, LONGEST_AGENDA))


def _meant(text: str) -> str:
    """Unless it is a wish to stop another broadcast."""
    if stopping.asks(text):
        raise Invalid("siaran/not_a_text")
    return text


def _placeholders(_view: View) -> Mapping[str, Any]:
    return {"known": list(announcing.PLACEHOLDERS), "longest": announcing.LONGEST}


def _room_for_agenda(_view: View) -> Mapping[str, Any]:
    return {"known": list(announcing.PLACEHOLDERS), "longest": LONGEST_AGENDA}


def _meet_at(said: str, view: View) -> str:
    return announcing.parse_when(said, view.extra["now"], view.extra["zone"]).isoformat()


def _place(said: str, _view: View) -> str:
    found = announcing.parse_text(said)
    if "{" in found or len(found) > LONGEST_PLACE:
        raise Invalid("siaran/place_long", longest=LONGEST_PLACE)
    return " ".join(found.split())


def _show_moment(value: Any, view: View) -> str:
    return announcing.in_words(datetime.fromisoformat(value), view.extra["label"])


def _written(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = _own(turn, answers)
    if one is None:
        return gone(turn)
    if one.file is not None and not announcing.fits(answers["text"], announcing.LONGEST_WITH_FILE):
        longest = announcing.LONGEST_WITH_FILE
        raise Invalid("siaran/text_long_beside", step="text", longest=longest)
    # What was asked for decides what it is: `siaran undangan` may have come between question and answer.
    new = replace(one, kind=Kind.MESSAGE, text=answers["text"], meet_at=None, place="")
    if "at" in answers:
        at = datetime.fromisoformat(answers["at"])
        if at <= turn.now:
            raise Invalid("siaran/when_past", step="at")
        new = replace(new, kind=Kind.MEETING, meet_at=at, place=answers["place"])
    broadcasts.rewrite(turn.tx, new)
    go_on = (
        Choice(f"siaran_look:{one.id}", "Lihat contoh"),
        Choice(f"siaran_file:{one.id}", "Lampirkan berkas"),
    )
    return [say(turn, "siaran/written", go_on, file=one.file_name)]


TEXT = FormRoute(
    Form(
        "siaran_text",
        (Step("text", "Pesan", "siaran/ask_text", _text, _shown, _placeholders, sentences=True),),
    ),
    _extra,
    _written,
    STAFF,
)
MEETING = FormRoute(
    Form(
        "siaran_meeting",
        (
            Step(
                "text", "Isi undangan", "siaran/ask_agenda", _agenda, _shown, _room_for_agenda, sentences=True
            ),
            Step("at", "Waktu", "siaran/ask_meet_at", _meet_at, _show_moment),
            Step("place", "Tempat", "siaran/ask_place", _place, _shown),
        ),
    ),
    _extra,
    _written,
    STAFF,
)
