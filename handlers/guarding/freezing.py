"""*/bekukan* and */pulihkan*: a lost phone can do nothing from this moment on, until the office is sure again."""

from dataclasses import replace

from bot.domain.offices import Role, office_day
from bot.messages import Choice, Lane, Outgoing
from bot.store import freezing, invitations, people
from bot.store.freezing import Holder
from bot.store.invitations import Invitation
from bot.turns import Turn, may, may_in
from handlers import own_chat, requesting
from handlers.guarding import finding

_MAY_FREEZE = (Role.ADMIN, Role.HEAD)


def find(turn: Turn) -> list[Outgoing]:
    """*/bekukan <desa|nama>*; a head of a village sees who serves there."""
    return finding.ask(turn, "freeze", "guarding/which", "Bekukan", lambda one: not one.frozen)


def lost(turn: Turn) -> list[Outgoing]:
    """*hp hilang*: who may freeze is asked whom; anybody else is told who does it."""
    village = bool(turn.who.village)
    if may(turn, _MAY_FREEZE):
        turn.word = "bekukan"
        return find(turn)
    ask = (Choice("help:", "Tanya petugas"),) if village else ()
    return [turn.reply("guarding/lost", ask, village=village, office=turn.district.office_name)]


def freeze(turn: Turn) -> list[Outgoing]:
    """*Bekukan*: everything of theirs, in this transaction."""
    one = finding.chosen(turn)
    if one is None or one.person == turn.who.person:
        return [turn.reply("chat/not_yours")]
    if alone := people.runs_alone(turn.tx, one.person, office_day(turn.now)):
        place = turn.rules.district(alone).office
        return [turn.reply("approvals/last_admin", role=Role.ADMIN.label, place=place)]
    told = freezing.freeze(turn.tx, one.person, one.office.district, turn.who.person, turn.now)
    if not told:
        return [turn.reply("guarding/frozen_already", name=one.name)]
    turn.note("freeze", f"person:{one.person}", **finding.place(one))
    office = turn.rules.district(one.office.district).office
    calm = [
        Outgoing(to, "guarding/you_are_frozen", {"office": office}, lane=Lane.ALERT, repeatable=False,
                 key=_key(turn, one.person, to.conversation))
        for to in told
    ]  # fmt: skip
    said = turn.reply("guarding/frozen", name=one.name, office=office, admin=not _is_head(turn))
    edits = requesting.lapsed_with_access(turn, one.person)
    return [said, *calm, *finding.alarm(turn, "guarding/frozen_heard", one), *edits]


def _is_head(turn: Turn) -> bool:
    return turn.office is not None and bool(turn.office.village)


def _key(turn: Turn, person: int, conversation: str) -> str:
    return f"frozen:{person}:{freezing.cut(turn.tx, person)[1]}:{conversation}"


def restorable(turn: Turn) -> list[Outgoing]:
    """*/pulihkan <desa|nama>*."""
    return finding.ask(
        turn, "restore", "guarding/which_restored", "Pulihkan", lambda one: one.frozen and _theirs(turn, one)
    )


def _theirs(turn: Turn, one: Holder) -> bool:
    """What another district has cut is its own to restore."""
    return freezing.may_restore(turn.tx, one.person, one.office.district, office_day(turn.now))


def restore(turn: Turn) -> list[Outgoing]:
    """Whose phone is back goes on there; whose is not is linked anew by a code."""
    one, how = finding.chosen(turn), (*turn.choice.split(":"), "")[2]
    if one is None or not may_in(turn, (Role.ADMIN,), one.office.district) or not _theirs(turn, one):
        return [turn.reply("chat/not_yours")]
    if how not in ("same", "anew"):
        about = turn.choice
        choices = (Choice(f"{about}:same", "HP-nya kembali"), Choice(f"{about}:anew", "HP atau nomor baru"))
        return [own_chat.only(turn, turn.reply("guarding/which_phone", choices, name=one.name))]
    anew = how == "anew"
    unlinked = freezing.restore(turn.tx, one.person, anew=anew)
    if unlinked is None:
        return [turn.reply("guarding/not_frozen", name=one.name)]
    turn.note("thaw", f"person:{one.person}", how=how, **finding.place(one))
    code = ""
    if anew:
        invitation = Invitation(one.office, person=one.person)
        code = invitations.make(turn.tx, invitation, turn.who.person, turn.now)
    told = [] if anew else [
        Outgoing(to, "guarding/you_are_back", lane=Lane.ALERT, person=one.person)
        for to in freezing.addresses(turn.tx, one.person)
    ]  # fmt: skip
    said = turn.reply("guarding/restored", name=one.name, code=code, unlinked=unlinked)
    return [said, *told, *finding.alarm(turn, "guarding/restored_heard", one)]


def refused(turn: Turn) -> list[Outgoing]:
    """Whoever writes from a phone whose access is cut is told whom to call, once; then nothing is said."""
    if turn.incoming.group or turn.incoming.membership or turn.incoming.shape.startswith("job:"):
        return []
    district, _ = freezing.cut(turn.tx, turn.who.person)
    said = turn.reply("guarding/you_are_frozen", office=turn.rules.district(district).office)
    return [replace(said, key=_key(turn, turn.who.person, turn.incoming.address.conversation))]
