"""The district's own commands: inviting people."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot import filling
from bot.domain import dates, names, placing, words
from bot.domain.offices import Office, Role, office_day
from bot.errors import Doubtful
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import invitations, people, places, records, requests
from bot.store.database import Tx
from bot.store.invitations import Invitation
from bot.turns import Turn, may_in, within
from handlers import naming, own_chat

STAFF_ROLES = words.Vocabulary(
    {
        Role.ADMIN.value: ("admin", "administrator"),
        Role.OPERATOR.value: ("petugas", "operator", "staf"),
        Role.VIEWER.value: ("pengamat", "viewer"),
        Role.BRANCH.value: ("bpjs", "cabang"),
        Role.CAMAT.value: ("camat", "kecamatan"),
    }
)


def names_somebody(turn: Turn) -> bool:
    """Whether a code may come of it at once."""
    return bool(turn.rest.strip())


def invite(turn: Turn) -> list[Outgoing]:
    """*undang <desa> <jabatan> [nama]*: a one-time code, given to the administrator in private.

    Asked for in the group, one line there tells which office was offered, never the code.
    """
    if not turn.incoming.group:
        return _invited(turn)
    if not turn.rest:
        return [turn.post("district/how_to_invite", example=_example(turn), waiting=_waiting(turn))]
    line, *said = own_chat.go_on(turn, (Role.ADMIN,), _invited)
    made = next((out for out in said if out.template == "district/invited"), None)
    if made is not None:
        values = {name: made.values[name] for name in ("role", "place")}
        line = replace(line, template="district/invited_in_group", values=values)
    return [line, *said]


def _invited(turn: Turn) -> list[Outgoing]:
    said = turn.rest
    if not said:
        return [turn.reply("district/how_to_invite", example=_example(turn), waiting=_waiting(turn))]
    first, _, rest = said.partition(" ")
    staff = words.command(first, STAFF_ROLES, fuzzy=False)
    if staff == Role.CAMAT.value:
        return _for_subdistrict(turn, rest)
    if staff:
        return _offer(turn, Office(Role(staff), turn.district.code), rest)
    line = placing.read(said, places.villages(turn.tx, turn.district.code))
    role = "" if line.guessed else line.role
    if line.village.named is not None:
        return _for_village(turn, line.village.named, role, line.rest, near=line.role)
    meaning = partial(_meaning, turn.district.code, role, line.rest)
    return naming.ask(turn, line.village, meaning)


def _meaning(district: str, role: str, rest: str, code: str) -> str:
    return within(district, f"invite:{code}:{role}:{rest}")


def _choice(turn: Turn, meaning: str, label: str) -> Choice:
    return Choice(within(turn.district.code, meaning), label)


def _example(turn: Turn) -> str:
    return next((one.name for one in places.villages(turn.tx, turn.district.code)), "Perian")


def _waiting(turn: Turn) -> int:
    return len(requests.waiting(turn.tx, turn.district.code))


def _for_subdistrict(turn: Turn, said: str) -> list[Outgoing]:
    """*undang camat <kecamatan> [nama]*."""
    found, name = placing.subdistrict_before(said, places.villages(turn.tx, turn.district.code))
    if found.sure is None:
        return [naming.no_subdistrict(turn, found)]
    return _offer(turn, Office(Role.CAMAT, turn.district.code, subdistrict=found.sure.code), name)


def _for_village(turn: Turn, village: places.Village, role: str, name: str, near: str = "") -> list[Outgoing]:
    """The office is offered, or asked for; the one that was nearly typed stands first."""
    if role:
        return _offer(turn, Office(Role(role), village.district, village.code), name)
    roles = sorted(placing.ROLES, key=lambda each: each != near)
    choices = [_choice(turn, f"invite:{village.code}:{each}:{name}", Role(each).label) for each in roles]
    return [turn.reply("district/which_role", choices, place=village.label)]


def invite_chosen(turn: Turn) -> list[Outgoing]:
    """The village, or the role, was chosen by a tap."""
    _, code, role, name = turn.choice.split(":", 3)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    return _for_village(turn, village, role, name)


def _offer(turn: Turn, office: Office, name: str) -> list[Outgoing]:
    """A post that is held is offered only once that was seen."""
    held = (
        people.holders(turn.tx, office.village, office.role, office_day(turn.now)) if office.village else []
    )
    if not held:
        return _named(turn, Invitation(office, name[:60]))
    about = f"{office.village}:{office.role.value}:{name[:60]}"
    choices = [_choice(turn, f"invite_over:{one.person}:{about}", f"Ganti {one.name}"[:30]) for one in held]
    choices += [
        _choice(turn, f"invite_over:add:{about}", "Tambah sebagai kedua"),
        _choice(turn, f"invite_over:no:{about}", "Batal"),
    ]
    shown = [(one.name, dates.short_date(one.since)) for one in held]
    return [turn.reply("district/held", choices, what=_what(turn, office), held=shown)]


def invite_held(turn: Turn) -> list[Outgoing]:
    """*Ganti*, *Tambah* or *Batal*."""
    _, mode, code, role, name = turn.choice.split(":", 4)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    if mode == "no":
        return [turn.reply("district/not_invited")]
    office = Office(Role(role), village.district, code)
    return _named(turn, Invitation(office, name, replaces=int(mode) if mode.isdecimal() else None))


def parse_name(text: str, _view: View) -> str:
    """A name of an official; what looks odd is taken as it is."""
    try:
        return names.parse_name(text)
    except Doubtful as doubt:
        return str(doubt.value)


def _parse_name(text: str, view: View) -> str:
    nobody = text == "-" or " ".join(text.casefold().split()) == "tanpa nama"
    return "" if nobody else parse_name(text, view)


def _named(turn: Turn, offered: Invitation) -> list[Outgoing]:
    """Whose name is not known is asked for it once; a code without a name is possible."""
    if offered.name.strip():
        return [_code(turn, offered)]
    office = offered.office
    place = office.village or office.subdistrict or office.district
    known = {
        "role": office.role.value,
        "place": place,
        "replaces": offered.replaces,
        "what": _what(turn, office),
    }
    return filling.open_form(turn, NAMING, known)


def _made(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    place = answers["place"]
    if not may_in(turn, (Role.ADMIN,), place[:5]):
        return [turn.reply("chat/not_yours")]
    village, subdistrict = (place if place.count(".") == count else "" for count in (3, 2))
    office = Office(Role(answers["role"]), place[:5], village, subdistrict)
    return [_code(turn, Invitation(office, answers["name"], replaces=answers["replaces"]))]


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
    ),
    lambda _turn: {},
    _made,
    (Role.ADMIN,),
    guarded=always,
)


def _what(turn: Turn, office: Office) -> str:
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
    return f"{district.office} {district.name}"


def links(tx: Tx, code: str) -> list[str]:
    """What opens the chat with the code typed already, on each channel whose own name is known."""
    telegram, whatsapp = records.get(tx, "telegram.username"), records.get(tx, "whatsapp.number")
    found = [f"https://t.me/{telegram}?start={code.replace('-', '')}"] if telegram else []
    return [*found, f"https://wa.me/{whatsapp}?text=Mulai%20{code}"] if whatsapp else found


def last_day(turn: Turn) -> str:
    """The last day of a code that is made now."""
    return dates.short_date((turn.now + invitations.LIFE).astimezone(turn.district.zone).date())


def _code(turn: Turn, offered: Invitation) -> Outgoing:
    offered = replace(offered, name=offered.name.strip()[:60])
    office = offered.office
    code = invitations.make(turn.tx, offered, turn.who.person, turn.now)
    turn.note("invite", office.village or office.subdistrict or office.district, role=office.role.value)
    return turn.reply(
        "district/invited",
        code=code,
        name=offered.name,
        links=links(turn.tx, code),
        role=office.role.label,
        place=place_of(turn, office),
        until=last_day(turn),
    )
