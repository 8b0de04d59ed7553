"""Submitted people become active, or are not taken: the district's office or the branch says so."""

from collections.abc import Mapping

from bot import ledger
from bot.domain import dates, nik
from bot.domain.months import Month
from bot.domain.offices import CHECKERS, Role, office_day
from bot.domain.people import Refusal
from bot.domain.reminders import next_calm_in
from bot.messages import Choice, Lane, Outgoing
from bot.store import members, places, posts
from bot.store import people as persons
from bot.store.inbox import stamp
from bot.store.members import By, Member
from bot.store.people import Recipient
from bot.turns import Turn, may_in
from handlers import status
from handlers.paging import page

#: Buttons of one page; with those below it a list of ten.
PAGE = 8


def villages(turn: Turn) -> list[Outgoing]:
    """*ajuan*: villages with people to be confirmed, a page at a time."""
    found = members.waiting(turn.tx, turn.district.code)
    if not found:
        return [turn.reply("members/none_waiting", district=turn.district.name)]
    here = page(turn.choice, "confirming", found, PAGE)
    names = {v.code: v for v in places.villages(turn.tx, turn.district.code)}
    shown = [(names[each.village], each) for each in here.shown]
    choices = [
        Choice(f"confirming_in:{v.code}", f"{v.name}, {v.subdistrict}: {each.people}") for v, each in shown
    ]
    choices += here.onward
    return [
        turn.reply(
            "members/waiting",
            choices,
            district=turn.district.name,
            villages=len(found),
            people=sum(each.people for each in found),
            said=sum(each.said for each in found),
        )
    ]


def people(turn: Turn) -> list[Outgoing]:
    """The people of one village who are to be confirmed."""
    code = turn.choice.split(":")[1]
    village = places.village(turn.tx, code)
    if village is None or not _checks(turn, code):
        return [turn.reply("chat/not_yours")]
    found = members.waiting_in(turn.tx, code)
    if not found:
        return [turn.reply("members/none_left", (Choice("confirming:", "Desa lain"),), place=village.label)]
    here = page(turn.choice, f"confirming_in:{code}", found, PAGE)
    choices = [Choice(f"confirming_one:{m.id}", f"{m.name}, {status.position(turn, m)}") for m in here.shown]
    choices += here.onward
    if 1 < len(found) == len(here.shown):
        choices.append(Choice(f"accept_members:{code}:{found[-1].id}", "Semua aktif"))
    lines = [
        (m.name, status.position(turn, m), status.state_label(turn, m), _day(turn, m)) for m in here.shown
    ]
    return [
        turn.reply(
            "members/waiting_in",
            choices,
            place=village.label,
            total=len(found),
            first=here.start + 1,
            lines=lines,
        )
    ]


def _checks(turn: Turn, village: str) -> bool:
    """Whether they check that village's district; a button may be older than the choice of another."""
    return may_in(turn, CHECKERS, village[:5])


def _day(turn: Turn, member: Member) -> str:
    return dates.short_date(member.state_at.astimezone(turn.district.zone).date())


def one(turn: Turn) -> list[Outgoing]:
    """The card of one person: who submitted them, and when."""
    member = _chosen(turn)
    if member is None:
        return [turn.reply("chat/not_yours")]
    village = places.village(turn.tx, member.village)
    assert village is not None
    choices = (
        Choice(f"accept_member:{member.id}", "Aktif"),
        Choice(f"kpj:{member.id}", "Aktif, isi KPJ"),
        Choice(f"refuse_member:{member.id}", "Ditolak"),
    )
    return [
        turn.reply(
            "members/to_confirm",
            choices,
            name=member.name,
            position=status.position(turn, member),
            place=village.label,
            nik=nik.last4(member.nik),
            state=status.state_label(turn, member),
            day=_day(turn, member),
            by=member.state_by,
            kpj=member.details.get("kpj", ""),
            source=member.details.get("source", ""),
        )
    ]


def _chosen(turn: Turn) -> Member | None:
    """The person a button names, of a village that is checked here."""
    found = status.theirs(turn, turn.choice.split(":")[1])
    return found if found is not None and _checks(turn, found.village) else None


def accept(turn: Turn) -> list[Outgoing]:
    """*Aktif*: without a number, which may follow."""
    member = _chosen(turn)
    return accepted(turn, [member]) if member else [turn.reply("chat/not_yours")]


def accept_all(turn: Turn) -> list[Outgoing]:
    """*Semua aktif*: those that stood in the list, not whoever was submitted since."""
    _, code, last = turn.choice.split(":")
    if not _checks(turn, code):
        return [turn.reply("chat/not_yours")]
    return accepted(turn, [m for m in members.waiting_in(turn.tx, code) if m.id <= int(last)])


def accepted(turn: Turn, chosen: list[Member], kpj: str = "") -> list[Outgoing]:
    """These are insured from now on; one message tells the village."""
    by = By(turn.who.person, turn.now)
    now_active = [member for member in chosen if members.accept(turn.tx, member, by, kpj)]
    if not now_active:
        return [turn.reply("members/settled_already", (Choice("confirming:", "Lihat ajuan"),))]
    for member in now_active:
        turn.note("accept", f"member:{member.id}", village=member.village, by="office")
    village, names = now_active[0].village, [member.name for member in now_active]
    choices = (Choice(f"confirming_in:{village}", "Ajuan desa ini"), Choice("confirming:", "Desa lain"))
    card = (Choice(f"member:{now_active[0].id}", "Lihat kartunya"),) if len(names) == 1 else ()
    values = {"names": names, "kpj": kpj, "office": office(turn)}
    told = tell(turn, now_active[0], "members/now_active", (*card, _LIST), values)
    return [turn.reply("members/accepted", choices, names=names, told=bool(told)), *told]


def office(turn: Turn) -> str:
    """Whose word it is."""
    branch = turn.office is not None and turn.office.role is Role.BRANCH
    return "BPJS Ketenagakerjaan" if branch else turn.district.office


_LIST = Choice("menu:peserta", "Lihat peserta")


def refuse(turn: Turn) -> list[Outgoing]:
    """*Ditolak*: the reason first; then the village learns it and can register anew."""
    member = _chosen(turn)
    if member is None:
        return [turn.reply("chat/not_yours")]
    reason = turn.choice.split(":")[2:]
    if not reason:
        choices = [Choice(f"refuse_member:{member.id}:{each.value}", each.label) for each in Refusal]
        return [turn.reply("members/why_refused", choices, name=member.name)]
    return _refused(turn, member, Refusal(reason[0]))


def _refused(turn: Turn, member: Member, why: Refusal) -> list[Outgoing]:
    if not members.refuse(turn.tx, member, why.value, By(turn.who.person, turn.now)):
        return [turn.reply("members/settled_already", (Choice("confirming:", "Lihat ajuan"),))]
    turn.note("refuse", f"member:{member.id}", village=member.village, why=why.value)
    ledger.refresh(turn.tx, turn.rules, member.village, Month.of(member.joined), turn.now)
    choices = (
        Choice(f"confirming_in:{member.village}", "Ajuan desa ini"),
        Choice("confirming:", "Desa lain"),
    )
    again = (Choice("menu:daftar", "Daftarkan lagi"), _LIST)
    values = {"name": member.name, "why": why.label, "office": office(turn)}
    told = tell(turn, member, "members/not_taken", again, values)
    said = turn.reply("members/refused", choices, name=member.name, why=why.label, told=bool(told))
    return [said, *told]


def tell(
    turn: Turn, about: Member, template: str, choices: tuple[Choice, ...], values: Mapping[str, object]
) -> list[Outgoing]:
    """One message to whoever registered them, or to the first in office; in the morning, if it is night."""
    to = _registrar(turn, about)
    if to is None:
        return []
    return [
        Outgoing(
            to.to,
            template,
            values,
            choices,
            lane=Lane.ALERT,
            key=f"confirmed:{about.id}:{stamp(turn.now)}",
            person=to.person,
            not_before=next_calm_in(turn.rules, turn.district.code, turn.now),
            repeatable=False,
        )
    ]


def _registrar(turn: Turn, member: Member) -> Recipient | None:
    serving = persons.serving(turn.tx, member.village, office_day(turn.now))
    made_by = [post.made_by for post in posts.of(turn.tx, member.id)[:1]]
    mine = [each for each in serving if each.person in made_by]
    return persons.first(mine or serving)
