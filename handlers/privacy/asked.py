"""What people ask for about their own data, as the district's administrators see and decide it; in private."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import filling
from bot.domain import dates, names
from bot.domain.offices import Role, office_day
from bot.domain.rulebook import District, Rules
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Lane, Outgoing
from bot.store import keeping, people, privacy
from bot.store.database import Tx
from bot.store.privacy import Asked, Wish
from bot.turns import Turn, may_in, within
from handlers import own_chat

#: Requests shown at once.
SHOWN = 8
_ADMIN = (Role.ADMIN,)
_LABELS = {Wish.CORRECT: "diperbaiki", Wish.ERASE: "dihapus"}
#: Why a request is refused: stored as the code, told in words.
REASONS = {
    "serving": ("Masih bertugas", "datanya masih diperlukan selama Bapak/Ibu bertugas"),
    "law": ("Wajib disimpan", "datanya wajib disimpan menurut undang-undang"),
    "right": ("Sudah benar", "datanya sudah sesuai dengan dokumen yang ada"),
}


def _due(one: Asked, district: District) -> str:
    local = one.due.astimezone(district.zone)
    return f"{dates.short_date(local.date())} {dates.clock_time(local, district.zone_label)}"


def _values(tx: Tx, rules: Rules, one: Asked, now: datetime) -> dict[str, Any]:
    roles = [office.role.label for office in people.offices(tx, one.person, office_day(now))]
    district = rules.district(one.district)
    return {
        "number": one.id,
        "name": one.name,
        "roles": ", ".join(dict.fromkeys(roles)),
        "wish": _LABELS[one.kind],
        "words": one.words,
        "due": _due(one, district),
        "late": now > one.due,
    }


def tell(
    tx: Tx, rules: Rules, one: Asked, now: datetime, template: str = "privacy/request_came"
) -> list[Outgoing]:
    """Each administrator of the district, by themselves: nothing of it is said in a group."""
    shown = _values(tx, rules, one, now)
    choices = (Choice(within(one.district, f"data_request:{one.id}"), "Buka permintaan"),)
    admins = [each for each in people.staff(tx, one.district, office_day(now)) if each.role is Role.ADMIN]
    stage = f"{(now - one.at).total_seconds() // 3600:.0f}"
    reason = f"privacy:{one.district}:{one.id}"
    return [
        Outgoing(each.to, template, shown, choices, lane=Lane.ALERT, person=each.person, reason=reason,
                 key=f"privacy:{one.id}:{stage}:{each.person}")
        for each in admins
    ]  # fmt: skip


def waiting(turn: Turn) -> list[Outgoing]:
    """*permintaan data*: what nobody has decided, the oldest first; from a group it comes in private."""
    found = privacy.open_in(turn.tx, turn.district.code)
    lines = [_values(turn.tx, turn.rules, one, turn.now) for one in found[:SHOWN]]
    choices = [
        Choice(within(one.district, f"data_request:{one.id}"), f"Permintaan {one.id}")
        for one in found[:SHOWN]
    ]
    said = turn.reply("privacy/waiting", choices, lines=lines, more=max(len(found) - SHOWN, 0))
    return own_chat.with_a_line(turn, [said])


def _theirs(turn: Turn) -> Asked | list[Outgoing]:
    """The request a button names, if this person runs the office of its district; else as if there were none."""
    number = turn.choice.split(":")[1]
    one = privacy.get(turn.tx, int(number)) if number.isdecimal() else None
    if one is None or not may_in(turn, _ADMIN, one.district):
        return [turn.reply("chat/not_yours")]
    return one if one.open else [turn.reply("privacy/decided_already")]


def open_(turn: Turn) -> list[Outgoing]:
    """One request, with what can be done."""
    one = _theirs(turn)
    if not isinstance(one, Asked):
        return one
    turn.note("look_at_data_request", f"person:{one.person}", request=one.id)
    return [turn.reply("privacy/request", _buttons(one), **_values(turn.tx, turn.rules, one, turn.now))]


def _buttons(one: Asked) -> list[Choice]:
    if one.kind is Wish.ERASE:
        do = [Choice(f"data_gone:{one.id}:ask", "Hapus")]
    else:
        do = [
            Choice(f"data_name:{one.id}", "Ubah namanya"),
            Choice(f"data_done:{one.id}", "Sudah diperbaiki"),
        ]
    choices = [*do, Choice(f"data_refuse:{one.id}:", "Tidak dapat")]
    return [Choice(within(one.district, each.id), each.label) for each in choices]


def _answer(turn: Turn, one: Asked, template: str, **values: str) -> list[Outgoing]:
    """To whom it concerns, where they still have an account."""
    to = people.address(turn.tx, one.person)
    key = f"privacy:{one.id}:answer"
    return [Outgoing(to, template, values, key=key, lane=Lane.ALERT, person=one.person)] if to else []


def _decided(turn: Turn, one: Asked, state: str, reason: str = "") -> bool:
    by = (turn.who.person, turn.now)
    if not privacy.decide(turn.tx, one.id, state, by, reason):
        return False
    turn.note("decide_data", f"person:{one.person}", request=one.id, kind=one.kind.value, state=state)
    return True


# -- corrected -------------------------------------------------------------------------------------


def corrected(turn: Turn) -> list[Outgoing]:
    """*Sudah diperbaiki*: by the village, or by hand."""
    one = _theirs(turn)
    return _settled(turn, one) if isinstance(one, Asked) else one


def _settled(turn: Turn, one: Asked) -> list[Outgoing]:
    if one.kind is not Wish.CORRECT or not _decided(turn, one, "done"):
        return [turn.reply("privacy/decided_already")]
    told = _answer(turn, one, "privacy/was_corrected")
    return [turn.reply("privacy/settled", name=one.name), *told]


def begin_rename(turn: Turn) -> list[Outgoing]:
    """*Ubah namanya*: the name somebody is greeted by, and that stands beside what they did."""
    one = _theirs(turn)
    if not isinstance(one, Asked):
        return one
    return filling.open_form(turn, ROUTE, {"request": one.id})


def _name(text: str, _view: View) -> str:
    return names.parse_name(text)


def _rename(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    one = privacy.get(turn.tx, int(answers["request"]))
    if one is None or not one.open or not may_in(turn, _ADMIN, one.district):
        return [turn.reply("privacy/decided_already")]
    privacy.rename(turn.tx, one.person, str(answers["name"]))
    return _settled(turn, one)


ROUTE = FormRoute(
    Form(
        "data_name",
        (Step("name", "Nama", "privacy/ask_name", _name, lambda value, _view: str(value), sentences=True),),
    ),
    lambda _turn: {},
    _rename,
    _ADMIN,
    always,
)


# -- erased, or refused ------------------------------------------------------------------------------


def erase(turn: Turn) -> list[Outgoing]:
    """*Hapus*: once more what that means; then it is done, and cannot be taken back."""
    one = _theirs(turn)
    if not isinstance(one, Asked):
        return one
    if one.kind is not Wish.ERASE or people.runs_alone(turn.tx, one.person, office_day(turn.now)):
        return [turn.reply("privacy/last_admin" if one.kind is Wish.ERASE else "privacy/decided_already")]
    values = _values(turn.tx, turn.rules, one, turn.now)
    if not turn.choice.endswith(":yes"):
        choices = [
            Choice(within(one.district, f"data_gone:{one.id}:yes"), "Ya, hapus sekarang"),
            Choice(within(one.district, f"data_request:{one.id}"), "Kembali"),
        ]
        return [turn.reply("privacy/confirm_erasing", choices, **values)]
    told = _answer(turn, one, "privacy/was_erased")
    if not _decided(turn, one, "done"):
        return [turn.reply("privacy/decided_already")]
    privacy.settle(turn.tx, one.person, (turn.who.person, turn.now))
    keeping.erase(turn.tx, one.person, office_day(turn.now), turn.now)
    return [turn.reply("privacy/erased", number=one.id), *told]


def refuse(turn: Turn) -> list[Outgoing]:
    """*Tidak dapat*: the reason is chosen, and told to whom it concerns."""
    one = _theirs(turn)
    if not isinstance(one, Asked):
        return one
    code = turn.choice.rpartition(":")[2]
    if code not in REASONS:
        choices = [
            Choice(within(one.district, f"data_refuse:{one.id}:{each}"), label)
            for each, (label, _) in REASONS.items()
        ]
        return [turn.reply("privacy/why_not", choices, name=one.name)]
    if not _decided(turn, one, "refused", code):
        return [turn.reply("privacy/decided_already")]
    office = turn.district.privacy_contact or turn.district.office_name
    told = _answer(turn, one, "privacy/was_refused", why=REASONS[code][1], office=office)
    return [turn.reply("privacy/settled", name=one.name), *told]
