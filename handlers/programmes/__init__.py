"""The programmes of a district: its groups of insured people, studies of new ones, and what a year costs."""

from bot.domain.offices import Role
from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route, press, word
from handlers.programmes import adding, changing, groups

ADMIN = (Role.ADMIN,)

ROUTES: tuple[Route, ...] = (
    word("kelompok", groups.show, "kategori", "kelompok peserta", "kategori peserta", needs=ADMIN),
    press("group", groups.card, needs=ADMIN),
    press("group_new", adding.begin, needs=ADMIN, keeps_form=True),
    press("group_change", changing.begin, needs=ADMIN, keeps_form=True),
    press("group_drop", groups.drop, needs=ADMIN),
    press("group_open", groups.reopen, needs=ADMIN),
)
FORMS: tuple[FormRoute, ...] = (adding.ROUTE, *changing.FORMS)
PLANNERS: Planners = {}
REASONS: Reasons = {}
