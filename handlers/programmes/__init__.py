"""The programmes of a district: its groups of insured people, studies of new ones, and what a year costs."""

from bot.domain.offices import VILLAGE, Role
from bot.filling import FormRoute
from bot.guarding import always, once_sure
from bot.planning import Planners, Reasons
from bot.routing import Route, press, shape, word
from handlers.programmes import adding, budgets, changing, counting, groups, studies, typed

ADMIN = (Role.ADMIN,)

ROUTES: tuple[Route, ...] = (
    word("kelompok", groups.show, "kategori", "kelompok peserta", "kategori peserta", needs=ADMIN),
    press("group", groups.card, needs=ADMIN),
    press("group_new", adding.begin, needs=ADMIN, keeps_form=True),
    press("group_change", changing.begin, needs=ADMIN, keeps_form=True),
    press("group_drop", groups.drop, needs=ADMIN, guarded=once_sure),
    press("group_open", groups.reopen, needs=ADMIN, guarded=always),
    word("kajian", studies.show, "kajian biaya", "studi", needs=ADMIN),
    press("study", studies.card, needs=ADMIN),
    press("study_new", studies.begin, needs=ADMIN, keeps_form=True),
    press("study_add", studies.add, needs=ADMIN, keeps_form=True),
    press("study_sheet", studies.sheet, needs=ADMIN, stays=True),
    press("study_close", studies.close, needs=ADMIN),
    press("study_open", studies.reopen, needs=ADMIN),
    press("study_count", counting.count, needs=VILLAGE, keeps_form=True, stays=True),
    press("study_none", counting.none, needs=VILLAGE, keeps_form=True, stays=True),
    Route(typed.answer, typed.is_number, needs=VILLAGE, keeps_form=True),
    word(
        "anggaran", budgets.show, "rkpdes", "rkp desa", "apbdes", "anggaran tahun depan", needs=budgets.NEEDS
    ),
    press("budget", budgets.order, needs=VILLAGE, stays=True),
    shape("job:study", handler=studies.made, needs=ADMIN, keeps_form=True),
    shape("job:budget", handler=budgets.made, needs=VILLAGE, keeps_form=True),
    shape("job:budgets", handler=budgets.all_made, needs=ADMIN, keeps_form=True),
)
FORMS: tuple[FormRoute, ...] = (adding.ROUTE, *changing.FORMS, studies.ROUTE, counting.ROUTE)
PLANNERS: Planners = {"studies": lambda rules, districts: counting.Cards(rules, districts).plan}
REASONS: Reasons = {counting.KIND: counting.still_asked}
