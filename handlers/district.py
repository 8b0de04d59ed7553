"""Codes that let somebody into an office: whose name is read back, given out, taken back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import filling
from bot.domain import appointing, dates, names
from bot.domain.offices import Office, Role
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import invitations, places, records
from bot.store.database import Tx
from bot.store.invitations import Invitation, OpenCode
from bot.turns import Turn, may_in, within

#: After this time a yes need not be meant for the name that was read back.
FORGOTTEN = timedelta(minutes=30)
#: So long after a code was made, "batal" is about it.
RECENT = timedelta(hours=1)
#: Codes of that hour that are named where another is given up.
_KEPT = 3
#: Before a name in a choice: it is read back before a code is made.
READ_BACK = "?"


def not_invited(turn: Turn, office: Office) -> Outgoing:
    """No code, and which one is still open that this person made just now: it is not taken back by this."""
    kept = [(what(turn, one.invitation.office), one.invitation.name) for one in just_made(turn)]
    more = max(len(kept) - _KEPT, 0)
    return turn.reply("district/not_invited", what=what(turn, office), kept=kept[:_KEPT], more=more)


def just_made(turn: Turn) -> list[OpenCode]:
    """The codes this person made a moment ago that nobody has used."""
    made = [one for code in turn.who.districts for one in invitations.open_in(turn.tx, code, turn.now)]
    return [one for one in made if one.invitation.by == turn.who.person and turn.now - one.made_at <= RECENT]


def choice(turn: Turn, meaning: str, label: str) -> Choice:
    """A button about the turn's district."""
    return Choice(within(turn.district.code, meaning), label)


def parse_name(text: str, _view: View) -> str:
    """A name of an official; what looks odd is taken as it is."""
    try:
        return names.parse_name(text)
    except Doubtful as doubt:
        return str(doubt.value)


def _parse_name(text: str, view: View) -> str:
    nobody = text == "-" or " ".join(text.casefold().split()) == "tanpa nama"
    return "" if nobody else parse_name(appointing.bare(text), view)[:60]


def named(turn: Turn, offered: Invitation) -> list[Outgoing]:
    """Whose name is not known is asked for it; one that may be none is read back before there is a code."""
    name = offered.name.lstrip(READ_BACK).strip()
    if name and name == offered.name.strip() and not appointing.is_odd(name):
        return _issued(turn, offered)
    office = offered.office
    known = {
        "role": office.role.value,
        "place": _seat(office),
        "replaces": offered.replaces,
        "what": what(turn, office),
    }
    try:
        read_back = {"name": parse_name(name, View(turn.today, {}))} if name else {}
    except Invalid:
        read_back = {}
    return filling.open_form(turn, NAMING, {**known, **read_back})


def _seat(office: Office) -> str:
    """The code of the village, the kecamatan or the district."""
    return office.village or office.subdistrict or office.district


def _of_form(answers: Mapping[str, Any]) -> Office:
    place = answers["place"]
    village, subdistrict = (place if place.count(".") == count else "" for count in (3, 2))
    return Office(Role(answers["role"]), place[:5], village, subdistrict)


def _made(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    office = _of_form(answers)
    if not may_in(turn, (Role.ADMIN,), office.district):
        return [turn.reply("chat/not_yours")]
    left = turn.draft
    if left is not None and not turn.incoming.choice and turn.now - left.updated_at > FORGOTTEN:
        return filling.open_form(turn, NAMING, answers)  # typed long after: read back once more
    return _issued(turn, Invitation(office, answers["name"], replaces=answers["replaces"]))


def dropped(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    """The invitation was given up before there was a code."""
    office = _of_form(answers)
    return [not_invited(turn, office)] if may_in(turn, (Role.ADMIN,), office.district) else []


NAMING = FormRoute(
    Form(
        "invite",
        (
            Step(
                "name",
                "Nama",
                "district/ask_name",
                _parse_name,
                lambda value, _view: str(value),
                lambda view: {"what": view.answers["what"]},
                lambda _view: (("-", "Tanpa nama"),),
                skip="-",
            ),
        ),
        "district/review_invite",
        lambda view: {"what": view.answers["what"]},
        (("simpan", "Buat kode"), ("1", "Ganti nama"), ("batal", "Tidak jadi")),
        commands=True,
    ),
    lambda _turn: {},
    _made,
    (Role.ADMIN,),
    guarded=always,
    dropped=dropped,
)


def what(turn: Turn, office: Office) -> str:
    """The office, and where."""
    return f"{office.role.label}, {place_of(turn, office)}"


def place_of(turn: Turn, office: Office) -> str:
    """Village, kecamatan or district office, as it is shown."""
    village = places.village(turn.tx, office.village)
    if village is not None:
        return village.label
    if office.subdistrict:
        every = places.villages(turn.tx, office.district)
        return f"Kec. {next(one.subdistrict for one in every if office.sees(one.code))}"
    district = turn.rules.district(office.district)
    if office.role is Role.BRANCH:
        return f"BPJS Ketenagakerjaan, melayani {district.name}"
    return f"{district.office} {district.name}"


def links(tx: Tx, code: str) -> list[str]:
    """What opens the chat with the code typed already, on each channel whose own name is known."""
    telegram, whatsapp = records.get(tx, "telegram.username"), records.get(tx, "whatsapp.number")
    found = [f"https://t.me/{telegram}?start={code.replace('-', '')}"] if telegram else []
    return [*found, f"https://wa.me/{whatsapp}?text=Mulai%20{code}"] if whatsapp else found


def last_day(turn: Turn) -> str:
    """The last day of a code that is made now."""
    return day(turn, turn.now + invitations.LIFE)


def _waiting(turn: Turn, offered: Invitation) -> list[OpenCode]:
    """The codes that wait for the same post of a village, or for the same person at the office."""
    made = invitations.open_in(turn.tx, offered.office.district, turn.now)
    same = [one for one in made if one.invitation.office == offered.office]
    name = offered.name.casefold()
    return [one for one in same if offered.office.village or one.invitation.name.casefold() == name]


def _issued(turn: Turn, offered: Invitation) -> list[Outgoing]:
    """The code; where one waits for that post already, only once that was seen."""
    waiting, office = _waiting(turn, offered), offered.office
    if not waiting:
        return [_code(turn, offered)]
    about = f"{_seat(office)}:{office.role.value}:{offered.replaces or ''}:{offered.name[:60]}"
    choices = [
        choice(turn, f"invite_again:old:{about}", "Ganti kode lama"),
        choice(turn, f"invite_again:both:{about}", "Buat kode kedua"),
        choice(turn, f"invite_again:no:{about}", "Tidak jadi"),
    ]
    shown = [(one.invitation.name, day(turn, one.made_at)) for one in waiting]
    return [
        turn.reply("district/code_waits", choices, what=what(turn, office), waiting=shown, name=offered.name)
    ]


def invite_again(turn: Turn) -> list[Outgoing]:
    """*Ganti kode lama*, *Buat kode kedua* or *Tidak jadi*."""
    _, mode, place, role, replaces, name = turn.choice.split(":", 5)
    if not may_in(turn, (Role.ADMIN,), place[:5]):
        return [turn.reply("chat/not_yours")]
    office = _of_form({"place": place, "role": role})
    if mode == "no":
        return [not_invited(turn, office)]
    offered = Invitation(office, name, replaces=int(replaces) if replaces else None)
    for one in _waiting(turn, offered) if mode == "old" else ():
        withdraw(turn, one)
    return [_code(turn, offered)]


def withdraw(turn: Turn, one: OpenCode) -> bool:
    """The code is dead; False where somebody was faster and came in."""
    done = invitations.withdraw(turn.tx, one.invitation.id)
    if done:
        office = one.invitation.office
        turn.note("withdraw_code", _seat(office), role=office.role.value)
    return done


def day(turn: Turn, at: datetime) -> str:
    """The day of a moment, where the district lies."""
    return dates.short_date(at.astimezone(turn.district.zone).date())


def _code(turn: Turn, offered: Invitation) -> Outgoing:
    offered = replace(offered, name=offered.name.strip()[:60])
    office = offered.office
    code = invitations.make(turn.tx, offered, turn.who.person, turn.now)
    turn.note("invite", _seat(office), role=office.role.value)
    return turn.reply(
        "district/invited",
        [take_back(turn, code)],
        code=code,
        name=offered.name,
        links=links(turn.tx, code),
        role=office.role.label,
        place=place_of(turn, office),
        until=last_day(turn),
    )


def take_back(turn: Turn, code: str) -> Choice:
    """*Batalkan kode*, below a code."""
    return choice(turn, f"code_drop:{invitations.number(turn.tx, code)}", "Batalkan kode")
