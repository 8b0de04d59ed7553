"""Codes that nobody has used yet: listed, taken back with one press; *batal* after one was made is about it."""

from collections.abc import Sequence

from bot.domain import cleaning, words
from bot.domain.appointing import Said
from bot.domain.offices import Role
from bot.messages import Choice, Outgoing
from bot.routing import Route, Where, press, word
from bot.store import drafts, invitations, prompts
from bot.store.invitations import Invitation, OpenCode
from bot.store.places import Village
from bot.turns import Turn, may_in, within
from handlers import district, inviting, own_chat

#: Buttons of one list; further ones are named.
_OFFERED = 8
#: What is said of a code that should not be; whole texts only.
_REGRET = words.Vocabulary({"undo": (
    "batal", "batalkan", "salah", "salah orang", "salah nama", "salah desa", "salah jabatan", "keliru", "salah ketik",
    "salah kirim", "tidak jadi", "tdk jadi", "ga jadi", "gak jadi", "nggak jadi",
)})  # fmt: skip


def show(turn: Turn) -> list[Outgoing]:
    """*batalkan kode [desa] [jabatan] [nama]*: those that are open, each with a button; in private."""
    return own_chat.go_on(turn, (Role.ADMIN,), _shown)


def _shown(turn: Turn) -> list[Outgoing]:
    left = turn.draft
    if left is not None and left.progress.form == district.NAMING.form.name:
        drafts.drop(turn.tx, turn.who.person, left.progress)
        return district.dropped(turn, left.progress.answers)
    found = invitations.open_in(turn.tx, turn.district.code, turn.now)
    line = inviting.read(turn, turn.rest)
    meant = [one for one in found if _fits(one.invitation, line)]
    return [_listed(turn, meant or found, unread="" if meant else turn.rest)]


def _fits(one: Invitation, line: Said[Village]) -> bool:
    """Whether a code is for the post, the place and the person, as far as they were named."""
    village, inside, office = line.village.sure, line.subdistrict.sure, one.office
    return (
        line.role in ("", office.role.value)
        and (village is None or village.code == office.village)
        and (inside is None or inside.code == office.subdistrict)
        and set(cleaning.words(line.name)) <= set(cleaning.words(one.name))
    )


def _listed(turn: Turn, found: Sequence[OpenCode], *, unread: str = "", undone: bool = False) -> Outgoing:
    shown = found[:_OFFERED]
    lines = [
        (district.what(turn, one.invitation.office), one.invitation.name, district.day(turn, one.until))
        for one in shown
    ]
    values = {"lines": lines, "unread": unread[:40], "undone": undone, "more": len(found) > _OFFERED}
    return turn.reply("district/codes", buttons(turn, shown), **values)


def buttons(turn: Turn, found: Sequence[OpenCode]) -> list[Choice]:
    """*Batalkan*, for each code."""
    return [
        Choice(within(one.invitation.office.district, f"code_drop:{one.invitation.id}"), _label(turn, one))
        for one in found
    ]


def _label(turn: Turn, one: OpenCode) -> str:
    place = district.place_of(turn, one.invitation.office).partition(",")[0].removeprefix("Desa ")
    return f"Batalkan {one.invitation.name or one.invitation.office.role.label}, {place}"[:30].rstrip(" ,")


def named(turn: Turn, said: str) -> list[OpenCode]:
    """The open codes for somebody of this name."""
    wanted = set(cleaning.words(said))
    found = invitations.open_in(turn.tx, turn.district.code, turn.now)
    return [one for one in found if wanted and wanted <= set(cleaning.words(one.invitation.name))]


def is_regretted(turn: Turn) -> bool:
    """Whether *batal*, or that it was a mistake, is said soon after a code was made, and of nothing that came after it."""
    regret = words.exactly(turn.incoming.text, _REGRET)
    free = turn.draft is None and not turn.choice and turn.word in ("", "batal")
    if not (regret and free and turn.who.districts):
        return False
    newest = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    about = newest is None or any("code_drop:" in choice.id for choice in newest.choices)
    return about and bool(district.just_made(turn))


def regretted(turn: Turn) -> list[Outgoing]:
    """The code is open: it can be taken back, and is not by itself."""
    return [_listed(turn, district.just_made(turn), undone=True)]


def drop(turn: Turn) -> list[Outgoing]:
    """*Batalkan kode*: it is dead at once.  Of one that is none of theirs nothing is told."""
    number = turn.choice.rpartition(":")[2]
    for code in turn.who.districts:
        if not may_in(turn, (Role.ADMIN,), code):
            continue
        for one in invitations.open_in(turn.tx, code, turn.now):
            if str(one.invitation.id) == number and district.withdraw(turn, one):
                about = district.what(turn, one.invitation.office)
                return [turn.reply("district/code_withdrawn", what=about, name=one.invitation.name)]
        if number.isdecimal() and invitations.is_used(turn.tx, int(number), code):
            return [turn.reply("district/code_used")]
    return [turn.reply("district/code_over")]


_ADMIN = (Role.ADMIN,)
ROUTES: tuple[Route, ...] = (
    Route(regretted, is_regretted, _ADMIN, sign="(batal) kode"),
    word("batalkan kode", show, "batal kode", "hapus kode", "cabut kode", "tarik kode", "batalkan kodenya",
         "hapus kodenya", "batal undangan", "batalkan undangan", "hapus undangan", "cabut undangan", "tarik undangan",
         "salah orang batalkan kodenya", needs=_ADMIN, where=Where.BOTH),
    press("code_drop", drop, needs=_ADMIN, keeps_form=True),
)  # fmt: skip
