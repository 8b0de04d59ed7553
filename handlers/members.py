"""What changes while somebody serves: wage, post, a post beside another, number, term.

Each change is a form about one person, opened from their card.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot import filling, ledger
from bot.domain import dates, money, service
from bot.domain.months import Month
from bot.domain.offices import CHECKERS, VILLAGE
from bot.errors import Doubtful, Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.guarding import always
from bot.messages import Choice, Outgoing
from bot.store import members, posts
from bot.store.members import By, Member
from bot.turns import Turn, may_in
from handlers import confirming, questions, status, terms

REVIEW = "members/review"
_TODAY = "hari ini"


def _about(view: View) -> Mapping[str, Any]:
    return {"name": view.answers["name"]}


def _wage_values(view: View) -> Mapping[str, Any]:
    now, later, month = view.extra["wages"](view.answers["member"])
    return {
        "name": view.answers["name"],
        "now": money.rupiah(now),
        "later": money.rupiah(later) if later else "",
        "month": month,
    }


def named(show: Callable[[Any, View], str]) -> Callable[[Any, View], str]:
    """What is shown before it is saved begins with whom it is about: the form may have rested."""
    return lambda value, view: f"{view.answers['name']}, {show(value, view)}"


def _parse_month(text: str, view: View) -> str:
    return str(service.parse_from(text, view.today, _oldest(view)))


def _oldest(view: View) -> Month:
    month: Month = view.extra["oldest"](view.answers["member"])
    return month


def _month_choices(view: View) -> Sequence[tuple[str, str]]:
    running = Month.of(view.today)
    offered = [running.next(), *([running] if running >= _oldest(view) else [])]
    return [(month.label, month.label) for month in offered]


def _show_month(value: str, _view: View) -> str:
    return Month.parse(value).label


def _parse_post(text: str, view: View) -> str:
    code = questions.parse_position(text, view)
    if code in view.extra["held"](view.answers["member"]):
        raise Invalid(
            "members/post_held", name=view.answers["name"], position=questions.show_position(code, view)
        )
    return code


def _parse_since(text: str, view: View) -> str:
    """After the first day of the post of today; a doubtful day is looked at as well."""

    def later() -> date:
        try:
            return _after_first(dates.parse_start(text, view.today), view)
        except Doubtful as doubt:
            _after_first(doubt.value, view)
            raise

    return questions.written_day(later)


def _after_first(day: date, view: View) -> date:
    first: date = view.extra["first"](view.answers["member"])
    if day <= first:
        raise Invalid("members/before_post", shown=dates.short_date(day), first=dates.short_date(first))
    return day


def _parse_term(text: str, view: View) -> str:
    return questions.written_day(lambda: service.parse_term_end(text, view.today))


def _parse_kpj(text: str, _view: View) -> str:
    return service.parse_kpj(text)


def _as_typed(value: str, _view: View) -> str:
    return value


def today(_view: View) -> Sequence[tuple[str, str]]:
    return ((_TODAY, "Hari ini"),)


WAGE = Form(
    "wage",
    (
        Step("wage", "Upah sebulan", "members/ask_wage", questions.parse_wage, named(questions.show_wage), _wage_values,
             questions.wage_choices),
        Step("month", "Mulai iuran bulan", "members/ask_month", _parse_month, _show_month, _about, _month_choices),
    ),
    REVIEW,
)  # fmt: skip
POST = Form(
    "post",
    (
        Step("position", "Jabatan baru", "members/ask_post", _parse_post, named(questions.show_position), _about,
             questions.position_choices, more_words=True),
        Step("since", "Mulai", "members/ask_since", _parse_since, questions.show_date, _about, today),
    ),
    REVIEW,
)  # fmt: skip
BESIDE = Form(
    "beside",
    (
        Step("position", "Jabatan rangkap", "members/ask_beside", _parse_post, named(questions.show_position), _about,
             questions.position_choices, more_words=True),
        Step("since", "Mulai", "members/ask_since", questions.parse_start, questions.show_date, _about, today),
    ),
    REVIEW,
)  # fmt: skip
TERM = Form(
    "term",
    (Step("end", "Akhir masa jabatan", "members/ask_term", _parse_term, named(questions.show_date), _about),),
    REVIEW,
)
KPJ = Form(
    "kpj", (Step("kpj", "Nomor peserta", "members/ask_kpj", _parse_kpj, named(_as_typed), _about),), REVIEW
)


def extra(turn: Turn) -> Mapping[str, Any]:
    """What the questions may look up about the person: what they hold and earn, and since when."""
    return {
        **questions.lookups(turn),
        "wages": lambda member: _wages(turn, member),
        "held": lambda member: {post.position for post in _held(turn, member)},
        "first": lambda member: _first(turn, member),
        "oldest": lambda member: _oldest_open(turn, _got(turn, member)),
    }


def _got(turn: Turn, member: int) -> Member:
    found = members.get(turn.tx, member)
    assert found is not None
    return found


def _oldest_open(turn: Turn, member: Member) -> Month:
    """The first month in which this person's wage may still change."""

    def segment(category: str) -> str:
        return turn.rules.programme_set(member.village[:5], category, turn.today).segment

    return posts.oldest_open(turn.tx, member, segment, turn.today)


def _held(turn: Turn, member: int) -> list[posts.Post]:
    return [post for post in posts.of(turn.tx, member) if post.held(turn.today)]


def _wages(turn: Turn, member: int) -> tuple[int, int, str]:
    """The wage reported now; and one announced for later (0: none) with its month."""
    usual = int(_got(turn, member).details["wage"])
    main = [post for post in posts.of(turn.tx, member) if not post.beside]
    now = next((post.wage for post in main if post.held(turn.today) and post.wage is not None), usual)
    later = next((post for post in main if post.since > turn.today and post.wage not in (None, now)), None)
    return (now, later.wage or 0, Month.of(later.since).label) if later else (now, 0, "")


def _first(turn: Turn, member: int) -> date:
    """Since when the post of today is held."""
    main = [post for post in posts.of(turn.tx, member) if not post.beside]
    now = [post.position for post in main if post.held(turn.today)]
    return min((post.since for post in main if post.position in now), default=turn.today)


def begin(route: FormRoute, turn: Turn) -> list[Outgoing]:
    """A button of the card: the form about this person."""
    member = status.serving(turn)
    return open_about(turn, route, member) if isinstance(member, Member) else member


def open_about(turn: Turn, route: FormRoute, member: Member, **known: str) -> list[Outgoing]:
    given: dict[str, Any] = {"member": member.id, "name": member.name, **known}
    if route.form is WAGE:
        given["position"] = member.position  # the usual wage depends on it
    return filling.open_form(turn, route, given)


def begin_kpj(turn: Turn) -> list[Outgoing]:
    """The number of the member's card: of the branch or the office, or as the village holds it in hand."""
    member = status.theirs(turn, turn.choice.split(":")[1])
    if member is None:
        return [turn.reply("chat/not_yours")]
    if member.village in turn.who.villages:
        turn.actor = replace(turn.who, focus=member.village)
    else:
        may_in(turn, CHECKERS, member.village[:5])
    return open_about(turn, NUMBER, member) if member.open else [status.over(turn, member)]


Save = Callable[[Turn, Member, Mapping[str, Any]], list[Outgoing]]


def done_about(save: Save) -> Callable[[Turn, Mapping[str, Any]], list[Outgoing]]:
    """Save what a form says, if the person still serves and the one who answers still may."""

    def done(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
        member = status.theirs(turn, answers["member"])
        if member is None:
            return [turn.reply("chat/not_yours")]
        return save(turn, member, answers) if member.open else [status.over(turn, member)]

    return done


def by(turn: Turn) -> By:
    return By(turn.who.person, turn.now)


def _saved(turn: Turn, member: Member, template: str, *more: Choice, **values: str | int) -> list[Outgoing]:
    choices = (*more, Choice(f"member:{member.id}", "Lihat kartunya"))
    return [turn.reply(template, choices, name=member.name, **values)]


def _save_wage(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    month, wage = Month.parse(answers["month"]), money.rupiah(answers["wage"])
    oldest = _oldest_open(turn, member)
    if month < oldest:  # a bill was fixed while the form rested
        raise Invalid("invalid/from_fixed", step="month", shown=month.label, oldest=oldest.label)
    same = _wages(turn, member.id) == (answers["wage"], 0, "")
    if same or not posts.change_wage(turn.tx, member.id, answers["wage"], month.first, by(turn)):
        return _saved(turn, member, "members/wage_same", wage=wage)
    turn.note("change_wage", f"member:{member.id}", village=member.village, since=str(month))
    ledger.refresh(turn.tx, turn.rules, member.village, month, turn.now)
    return _saved(turn, member, "members/wage_changed", wage=wage, month=month.label)


def _save_post(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    post, since = questions.offered(turn, answers["position"]), date.fromisoformat(answers["since"])
    values = {"position": post.label, "day": dates.short_date(since)}
    if not posts.change(turn.tx, member.id, (post.code, post.category), since, by(turn)):
        return _saved(turn, member, "members/post_same", position=post.label)
    turn.note(
        "change_post", f"member:{member.id}", village=member.village, position=post.code, since=str(since)
    )
    ledger.refresh(turn.tx, turn.rules, member.village, Month.of(since), turn.now)
    again = Choice(f"wage:{member.id}", "Ubah upah")
    return _saved(turn, member, "members/post_changed", again, **values)


def _save_beside(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    post, since = questions.offered(turn, answers["position"]), date.fromisoformat(answers["since"])
    if not posts.add_beside(turn.tx, member.id, (post.code, post.category), since, by(turn)):
        return _saved(turn, member, "members/post_same", position=post.label)
    turn.note("add_post", f"member:{member.id}", village=member.village, position=post.code, since=str(since))
    ledger.refresh(turn.tx, turn.rules, member.village, Month.of(since), turn.now)
    return _saved(turn, member, "members/beside_added", position=post.label, day=dates.short_date(since))


def _save_term(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    end = date.fromisoformat(answers["end"])
    others = terms.others(turn, member)
    if posts.set_term(turn.tx, member.id, end):
        turn.note("set_term", f"member:{member.id}", village=member.village, end=str(end))
    left = (end - turn.today).days
    before = next(
        (days for days in terms.asked(turn.rules, turn.district.code, turn.today) if days < left), 0
    )
    return _saved(turn, member, "members/term_kept", *others, day=dates.short_date(end), before=before)


def _save_kpj(turn: Turn, member: Member, answers: Mapping[str, Any]) -> list[Outgoing]:
    """Of an officer of the village it is the village's word, which the district's office may confirm."""
    if member.village not in turn.who.villages:
        may_in(turn, CHECKERS, member.village[:5])
        return confirming.accepted(turn, [member], answers["kpj"])
    if members.accept(turn.tx, member, by(turn), answers["kpj"], checked=False):
        turn.note("accept", f"member:{member.id}", village=member.village, by="village")
        return _saved(turn, member, "members/active_by_village", office=turn.district.office)
    if members.add_number(turn.tx, member, answers["kpj"]):
        turn.note("add_number", f"member:{member.id}", village=member.village)
        return _saved(turn, member, "members/number_kept", kpj=answers["kpj"])
    return _saved(turn, member, "members/active_already")


NUMBER = FormRoute(KPJ, extra, done_about(_save_kpj), (*VILLAGE, *CHECKERS), always)
#: Those that a button of the card opens, named like the form.
OF_VILLAGE = (
    FormRoute(WAGE, extra, done_about(_save_wage), guarded=always),
    FormRoute(POST, extra, done_about(_save_post), guarded=always),
    FormRoute(BESIDE, extra, done_about(_save_beside), guarded=always),
    FormRoute(TERM, extra, done_about(_save_term), guarded=always),
)
FORMS = (*OF_VILLAGE, NUMBER)
