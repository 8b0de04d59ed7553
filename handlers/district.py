"""The district's own commands: inviting people (and, until its route moves, the recap)."""

from bot.domain import dates, matching, words
from bot.domain.offices import Office, Role
from bot.messages import Choice, Outgoing
from bot.store import invitations, places, records
from bot.store.invitations import Invitation
from bot.turns import Turn, may_in
from handlers.recap import recap as recap

ROLES = {
    Role.HEAD.value: ("kades", "kepala desa", "pj kades", "petinggi"),
    Role.SECRETARY.value: ("sekdes", "sekretaris desa", "sekretaris", "carik"),
    Role.TREASURER.value: ("kaur keuangan", "kaur_keuangan", "keuangan", "bendahara", "kaurkeu"),
}
STAFF_ROLES = words.Vocabulary(
    {
        Role.ADMIN.value: ("admin", "administrator"),
        Role.OPERATOR.value: ("petugas", "operator", "staf"),
        Role.VIEWER.value: ("pengamat", "viewer"),
        Role.BRANCH.value: ("bpjs", "cabang"),
    }
)


#: Strangers who wrote, named to an administrator at once.
WAITING = 10


def invite(turn: Turn) -> list[Outgoing]:
    """*undang <desa> <jabatan> [nama]*: a one-time code, given to the administrator in private."""
    if turn.incoming.group:
        return [turn.post("district/invite_in_private")]
    said = turn.rest
    if not said:
        waiting = invitations.waiting(turn.tx, WAITING)
        return [turn.reply("district/how_to_invite", villages=_examples(turn), waiting=waiting)]
    staff = words.command(said.partition(" ")[0], STAFF_ROLES, fuzzy=False)
    if staff:
        return [_code(turn, Office(Role(staff), turn.district.code), said.partition(" ")[2])]
    place, role, name = _taken_apart(said)
    villages = {village.code: village for village in places.villages(turn.tx, turn.district.code)}
    match = matching.best(place, {code: village.name for code, village in villages.items()})
    if match.sure is None and not match.likely:
        return [turn.reply("district/no_such_village", said=place[:60])]
    if match.sure is None:
        choices = [Choice(f"invite:{code}:{role}:{name}", villages[code].label) for code in match.likely]
        return [turn.reply("district/which_village", choices, said=place[:60])]
    return _for_village(turn, villages[match.sure], role, name)


def _examples(turn: Turn) -> list[str]:
    return [village.name for village in places.villages(turn.tx, turn.district.code)[:1]]


def _taken_apart(said: str) -> tuple[str, str, str]:
    """Village, role ("" if none was named) and name, from one line."""
    lowered = said.lower()
    for role, names in ROLES.items():
        for alias in sorted(names, key=len, reverse=True):
            place, found, name = lowered.partition(f" {alias}")
            if found and (not name or name.startswith(" ")):
                return said[: len(place)].strip(), role, said[len(place) + len(found) :].strip()
    return said.strip(), "", ""


def _for_village(turn: Turn, village: places.Village, role: str, name: str) -> list[Outgoing]:
    if role:
        return [_code(turn, Office(Role(role), village.district, village.code), name)]
    choices = [Choice(f"invite:{village.code}:{role}:{name}", Role(role).label) for role in ROLES]
    return [turn.reply("district/which_role", choices, place=village.label)]


def invite_chosen(turn: Turn) -> list[Outgoing]:
    """The village, or the role, was chosen by a tap."""
    _, code, role, name = turn.choice.split(":", 3)
    village = places.village(turn.tx, code)
    if village is None or not may_in(turn, (Role.ADMIN,), village.district):
        return [turn.reply("chat/not_yours")]
    return _for_village(turn, village, role, name)


def _code(turn: Turn, office: Office, name: str) -> Outgoing:
    code = invitations.make(turn.tx, Invitation(office, name[:60]), turn.who.person, turn.now)
    place = places.village(turn.tx, office.village)
    turn.note("invite", office.village or office.district, role=office.role.value)
    username = records.get(turn.tx, "telegram.username")
    return turn.reply(
        "district/invited",
        code=code,
        name=name[:60],
        link=f"https://t.me/{username}?start={code.replace('-', '')}" if username else "",
        role=office.role.label,
        place=place.label if place else f"{turn.district.office} {turn.district.name}",
        until=dates.short_date((turn.now + invitations.LIFE).astimezone(turn.district.zone).date()),
    )
