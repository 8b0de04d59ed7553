"""Somebody leaves office: why, until which day, and who follows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot import ledger, presses
from bot.domain import alarms, cleaning, dates, referring, service
from bot.domain.months import Month
from bot.domain.people import Leaving
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import cards, prompts
from bot.store import members as store
from bot.store.members import Member
from bot.turns import Turn
from handlers import members, questions, registration, status, terms


def _parse_last(text: str, view: View) -> str:
    last = questions.written_day(lambda: service.parse_last_day(text, view.today))
    if view.answers["why"] == Leaving.DIED and last > view.today.isoformat():
        raise Invalid("members/death_ahead", shown=questions.show_date(last, view))
    return last


def _last_values(view: View) -> Mapping[str, Any]:
    example = questions.show_date(Month.of(view.today).last.isoformat(), view)
    return {"name": view.answers["name"], "died": view.answers["why"] == Leaving.DIED, "example": example}


FORM = Form(
    "leave",
    (
        Step(
            "last",
            "Hari terakhir",
            "members/ask_last",
            _parse_last,
            members.named(questions.show_date),
            _last_values,
            members.today,
            sentences=True,
        ),
    ),
    members.REVIEW,
)


def reasons(turn: Turn) -> list[Outgoing]:
    """*Berhenti/diganti*: why."""
    member = status.serving(turn)
    if not isinstance(member, Member):
        return member
    choices = [Choice(f"leave:{member.id}:{why.value}", why.label) for why in Leaving]
    return [
        turn.reply("members/why_leaving", choices, name=member.name, position=status.position(turn, member))
    ]


def is_reason(turn: Turn) -> bool:
    """Whether a reason was typed in other words, right where it is asked for: "pensiun", "resign"."""
    if turn.choice or turn.draft is not None or turn.incoming.group or turn.incoming.shape != "text":
        return False
    return bool(_said_why(turn))


def told_why(turn: Turn) -> list[Outgoing]:
    """The same as its button."""
    turn.choice = _said_why(turn)
    return begin(turn)


def _said_why(turn: Turn) -> str:
    """The button that was meant; "" where no reason is asked for, or none was given, or of somebody else."""
    text = turn.incoming.text
    if referring.why(text, text) is None or alarms.spoken(text):  # nothing is read for what can be none
        return ""
    prompt = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    if prompt is None or prompt.topic != "leave" or prompt.made < turn.now - presses.FRESH:
        return ""
    why = referring.why(text, whom(turn, prompt.choices[0].id))
    return next((one.id for one in prompt.choices if why and one.id.endswith(f":{why}")), "")


def whom(turn: Turn, choice: str) -> str:
    """Name and post, under all its names, of the person of whom a reason is asked: so a sentence may call them."""
    member = status.theirs(turn, choice.split(":")[1])
    if member is None:
        return ""
    posts = turn.rules.positions_of(turn.district.code)
    called = [name for one in posts if one.code == member.position for name in (one.label, *one.aliases)]
    return " ".join([member.name, *called])


def posts(turn: Turn) -> set[str]:
    """The words that posts are called by."""
    every = turn.rules.positions_of(turn.district.code)
    return {word for one in every for name in (one.label, *one.aliases) for word in cleaning.words(name)}


def begin(turn: Turn) -> list[Outgoing]:
    """The reason was chosen: the last day is asked, or, for a slip of the pen, whether it was one."""
    member = status.serving(turn)
    if not isinstance(member, Member):
        return member
    why = Leaving(turn.choice.split(":")[2])
    if why is not Leaving.MISTAKE:
        return members.open_about(turn, ROUTE, member, why=why.value)
    if takes_out(turn):
        return _take_out(turn, member)
    sure = Choice(f"leave:{member.id}:{why.value}:sure", "Ya, salah catat")
    return [
        turn.reply(
            "members/never_served", (sure, Choice(f"member:{member.id}", "Tidak jadi")), name=member.name
        )
    ]


def takes_out(turn: Turn) -> bool:
    """Whether the button takes somebody off the list, and asks nothing more."""
    return turn.choice.endswith(":sure")


def _take_out(turn: Turn, member: Member) -> list[Outgoing]:
    _end(turn, member, turn.today, Leaving.MISTAKE)
    choices = (Choice("menu:peserta", "Lihat peserta"), Choice("menu:daftar", "Daftarkan orang"))
    return [turn.reply("members/taken_out", choices, name=member.name)]


def _end(turn: Turn, member: Member, last: date, why: Leaving) -> None:
    if store.end(turn.tx, member.id, (last, why.value), members.by(turn)):
        turn.note("end", f"member:{member.id}", village=member.village, why=why.value, last=str(last))
        if why is not Leaving.MISTAKE:
            cards.end(turn.tx, member.id, member.village, turn.now)
        since = member.joined if why is Leaving.MISTAKE else last
        ledger.refresh(turn.tx, turn.rules, member.village, Month.of(since), turn.now)


def _save(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    """The end is kept; then who follows, which after a death may wait."""
    last, why = date.fromisoformat(answers["last"]), Leaving(answers["why"])
    others = terms.others(turn, member)
    _end(turn, member, last, why)
    follow = f"begin_successor:{member.id}"
    values = {"name": member.name, "position": status.position(turn, member), "day": dates.short_date(last)}
    if why is Leaving.DIED:
        choices = (Choice("menu:meninggal", "Yang perlu disiapkan"), Choice(follow, "Daftarkan pengganti"))
        return [turn.reply("members/died", choices, name=member.name, day=dates.short_date(last))]
    choices = (Choice(follow, "Daftarkan pengganti"), Choice("no_successor:", "Nanti"))
    return [turn.reply("members/ended", (*choices, *others), **values)]


def begin_successor(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """*Daftarkan pengganti*: the registration, with the post answered already."""
    before = status.theirs(turn, turn.choice.split(":")[1])
    if before is None or before.village not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    turn.actor = replace(turn.who, focus=before.village)
    return registration.begin_successor(route, turn, before)


def no_successor(turn: Turn) -> list[Outgoing]:
    """The post stays empty for now; the village's card goes on saying so."""
    return [turn.reply("members/no_successor", (Choice("menu:status", "Status desa"),))]


ROUTE = FormRoute(FORM, members.extra, members.done_about(_save), guarded=always)
