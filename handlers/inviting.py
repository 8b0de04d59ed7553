"""*undang*: who is invited to which post, said in any order; what the line leaves open is asked."""

from dataclasses import replace
from functools import partial
from typing import Any

from bot.domain import appointing, dates, placing
from bot.domain.appointing import Said
from bot.domain.offices import Office, Role, office_day
from bot.messages import Outgoing
from bot.store import drafts, people, places, requests
from bot.store.invitations import Invitation
from bot.store.places import Village
from bot.turns import Turn, may_in, within
from handlers import district, naming, own_chat


def names_somebody(turn: Turn) -> bool:
    """Whether a code may come of it at once."""
    return bool(turn.rest.strip())


def invite(turn: Turn) -> list[Outgoing]:
    """*undang <desa> <jabatan> [nama]*, in any order: a one-time code, given to the administrator in private.

    Asked for in the group, one line there tells which office was offered, never the code.
    """
    for left in drafts.of(turn.tx, turn.who.person, turn.now):
        if left.progress.form == district.NAMING.form.name:  # whoever begins anew means no older one
            drafts.drop(turn.tx, turn.who.person, left.progress)
    if not turn.incoming.group:
        return _invited(turn)
    if not turn.rest:
        return [turn.post("district/how_to_invite", **_how_to(turn))]
    line, *said = own_chat.go_on(turn, (Role.ADMIN,), _invited)
    made = next((out for out in said if out.template == "district/invited"), None)
    if made is not None:
        values = {name: made.values[name] for name in ("role", "place")}
        line = replace(line, template="district/invited_in_group", values=values)
    return [line, *said]


def _how_to(turn: Turn, unread: str = "") -> dict[str, Any]:
    every = places.villages(turn.tx, turn.district.code)
    return {
        "example": next((one.name for one in every), "Perian"),
        "waiting": len(requests.waiting(turn.tx, turn.district.code)),
        "unread": unread[:60],
    }


def read(turn: Turn, said: str) -> Said[Village]:
    """What a line of the office says of a post, a place and a person."""
    every = places.villages(turn.tx, turn.district.code)
    return appointing.read(said, every, turn.rules.positions_of(turn.district.code))


def _invited(turn: Turn) -> list[Outgoing]:
    line = read(turn, turn.rest)
    if line.role == Role.CAMAT.value:
        return _for_subdistrict(turn, line)
    if line.of_office and line.village.named is None:
        return _offer(turn, Office(Role(line.role), turn.district.code), line.name)
    role = "" if line.guessed or line.of_office else line.role
    name = "" if line.of_office or line.other else line.name
    if line.village.named is not None:
        return _for_village(turn, line.village.named, role, name, line)
    if not line.village.likely:
        return [turn.reply("district/how_to_invite", **_how_to(turn, line.about))]
    mark = district.READ_BACK if name and line.near else ""
    meaning = partial(_meaning, turn.district.code, role, f"{mark}{name}")
    return naming.ask(turn, line.village, meaning)


def _meaning(where: str, role: str, rest: str, code: str) -> str:
    return within(where, f"invite:{code}:{role}:{rest}")


def _for_subdistrict(turn: Turn, line: Said[Village]) -> list[Outgoing]:
    """*undang camat <kecamatan> [nama]*."""
    found = line.subdistrict
    if found.sure is None:
        return [naming.no_subdistrict(turn, found)]
    return _offer(turn, Office(Role.CAMAT, turn.district.code, subdistrict=found.sure.code), line.name)


def _for_village(
    turn: Turn, village: Village, role: str, name: str, line: Said[Village] | None = None
) -> list[Outgoing]:
    """The office is offered, or asked for; the one that was nearly typed stands first."""
    if role:
        return _offer(turn, Office(Role(role), village.district, village.code), name)
    near, other = (line.role, line.other) if line else ("", "")
    name = f"{district.READ_BACK}{name.lstrip(district.READ_BACK)}" if name else ""
    roles = sorted(placing.ROLES, key=lambda each: each != near)
    choices = [
        district.choice(turn, f"invite:{village.code}:{each}:{name}", Role(each).label) for each in roles
    ]
    return [turn.reply("district/which_role", choices, place=village.label, other=other)]


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
        return district.named(turn, Invitation(office, name[:60]))
    about = f"{office.village}:{office.role.value}:{name[:60]}"
    choices = [
        district.choice(turn, f"invite_over:{one.person}:{about}", f"Ganti {one.name}"[:30]) for one in held
    ]
    choices += [
        district.choice(turn, f"invite_over:add:{about}", "Tambah sebagai kedua"),
        district.choice(turn, f"invite_over:no:{about}", "Batal"),
    ]
    shown = [(one.name, dates.short_date(one.since)) for one in held]
    return [turn.reply("district/held", choices, what=district.what(turn, office), held=shown)]


def invite_held(turn: Turn) -> list[Outgoing]:
    """*Ganti*, *Tambah* or *Batal*."""
    _, mode, code, role, name = turn.choice.split(":", 4)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    office = Office(Role(role), village.district, code)
    if mode == "no":
        return [district.not_invited(turn, office)]
    return district.named(turn, Invitation(office, name, replaces=int(mode) if mode.isdecimal() else None))
