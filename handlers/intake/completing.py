"""People of whom something is missing: asked one after another in the chat, or filled in in a sheet."""

from bot import filling
from bot.filling import FormRoute
from bot.forms import Form
from bot.messages import Choice, Outgoing
from bot.store import drafts, members
from bot.turns import Turn
from handlers import registration, returned, taking_over
from handlers.intake import columns, pending
from handlers.intake.pending import Answers, Pending
from handlers.intake.review import speak_of
from handlers.paging import page

#: Names on one page, and the mark of a page in a choice.
PEOPLE, PAGES = 7, "page"
ROUTE = FormRoute(registration.FORM, registration.extra, registration.save)


def go_on(turn: Turn) -> list[Outgoing]:
    """*Lengkapi lewat chat*, *Orang berikutnya*: the form, with all that is known of the next one."""
    _, number, at = turn.choice.split(":")
    waiting = pending.find(turn, int(number or 0))
    if waiting is None:
        return [turn.reply("intake/too_late")]
    speak_of(turn, waiting.village)
    registration.drop_registered(turn)
    open_ = pending.following(turn, waiting, int(at or 0))
    if not open_:
        return [turn.reply("intake/nobody_left")]
    following = open_[0]
    one = waiting.left[following]
    if half_filled := _half_filled(turn):
        if half_filled.get("name") == one.get("name"):  # pressed twice: go on where they are
            return filling.open_form(turn, ROUTE)
        return taking_over.offer(ROUTE, turn)
    more = following + 1 < len(waiting.left)
    known = {**one, registration.NEXT: f"{number}:{following + 1 if more else ''}"}
    form: Form = registration.FORM
    said = turn.reply("intake/prefilled", name=one.get("name", ""), left=len(form.steps) - form.done(one))
    return [*_also_ready(turn, waiting, number), said, *filling.open_form(turn, ROUTE, known)]


def skipped(turn: Turn, answers: Answers) -> list[Outgoing]:
    """*batal* on somebody of a list: who else of it is still to be asked about; nothing for all others."""
    if registration.NEXT not in answers:
        return []
    number, _, at = answers[registration.NEXT].partition(":")
    waiting = pending.find(turn, int(number or 0))
    following = pending.following(turn, waiting, int(at)) if waiting and at else []
    names = [str(waiting.left[each].get("name") or "tanpa nama") for each in following] if waiting else []
    go_on = Choice("menu:peserta", "Lihat peserta")
    if following:
        go_on = Choice(f"intake_next:{number}:{following[0]}", "Orang berikutnya")
    said = turn.reply(
        "intake/skipped",
        (go_on,),
        name=answers.get("name", ""),
        left=len(names),
        names=names[:PEOPLE],
        more=max(0, len(names) - PEOPLE),
    )
    return [*(_also_ready(turn, waiting, number) if waiting else []), said]


def fix(turn: Turn) -> list[Outgoing]:
    """*Ubah satu orang*: which of those who are complete; then the form with everything of them, to be changed."""
    _, number, *which = turn.choice.split(":")
    waiting = pending.find(turn, int(number or 0))
    if waiting is None:
        return [turn.reply("intake/too_late")]
    if not which or PAGES in which:
        here = page(turn.choice, f"intake_fix:{number}:{PAGES}", waiting.ready, PEOPLE)
        names = [
            Choice(f"intake_fix:{number}:{here.start + at}", str(one["name"]))
            for at, one in enumerate(here.shown)
        ]
        save = Choice(f"intake:{number}", f"Simpan {len(waiting.ready)} orang")
        return [turn.reply("intake/fix_whom", [*names, *here.onward, save])]
    at = int(which[0]) if which[0].isdecimal() else len(waiting.ready)
    if at >= len(waiting.ready):
        return [turn.reply("intake/too_late")]
    one = waiting.ready[at]
    if (
        _half_filled(turn).get("name", one["name"]) != one["name"]
    ):  # nobody is taken out of what is saved together
        return [*_also_ready(turn, waiting, number), *taking_over.offer(ROUTE, turn)]
    rest = [each for each in waiting.ready if each is not one]
    others = Pending(waiting.village, rest, waiting.left)
    alone = Pending(waiting.village, [], [one] if rest else [one, *waiting.left])
    pending.drop(turn, int(number))
    said = _also_ready(turn, others, str(pending.keep(turn, others))) if rest else []
    turn.choice = f"intake_next:{pending.keep(turn, alone)}:0"
    return [*said, *go_on(turn)]


def _also_ready(turn: Turn, waiting: Pending, number: str) -> list[Outgoing]:
    """Those who were complete and are not saved yet: their button is used up, so it is said again."""
    there = (members.by_nik(turn.tx, waiting.village, one["nik"]) for one in waiting.ready)
    count = sum(member is None for member in there)
    if not count:
        return []
    return [
        turn.reply("intake/also_ready", (Choice(f"intake:{number}", f"Simpan {count} orang"),), count=count)
    ]


def _half_filled(turn: Turn) -> Answers:
    """The answers of their registration that is under way in this village; empty where none is."""
    mine = (draft.progress for draft in drafts.of(turn.tx, turn.who.person, turn.now))
    here = (p for p in mine if (p.form, p.village) == (registration.FORM.name, turn.who.village))
    return next((p.answers for p in here if registration.FORM.done(p.answers)), {})


def in_sheet(turn: Turn) -> list[Outgoing]:
    """*Lengkapi di Excel*: our sheet with what is known of them."""
    waiting = pending.find(turn, int(turn.choice.split(":")[1] or 0))
    if waiting is None:
        return [turn.reply("intake/too_late")]
    speak_of(turn, waiting.village)
    rows = [columns.row(turn, one) for one in waiting.left]
    said = turn.reply("intake/to_fill_in", count=len(rows))
    pages = [columns.page(turn, rows), *columns.beside(turn)]
    file = returned.with_file(turn, said, pages, f"Pegawai {turn.village.name}.xlsx")
    return [file, *_also_ready(turn, waiting, turn.choice.split(":")[1])]
