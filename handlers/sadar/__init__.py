"""Desa Sadar and desa binaan: how far villages are, their certificates, the companies that foster them."""

from bot.domain.offices import DISTRICT, Role
from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, shape, word
from handlers.sadar import awards, criteria, fostering, overview, progress, watching

_ADMIN = (Role.ADMIN,)

ROUTES: tuple[Route, ...] = (
    word(
        "sadar",
        progress.show,
        *("desa sadar", "kriteria desa sadar", "capaian", "capaian desa"),
        needs=LINKED,
        where=Where.BOTH,
    ),
    word("binaan", fostering.show, "desa binaan", needs=_ADMIN),
    press("sadar_more", overview.turned, needs=DISTRICT),
    press("sadar_at", progress.chosen, needs=DISTRICT),
    press("sadar_list", overview.order, needs=DISTRICT),
    press("sadar_rules", criteria.show, needs=_ADMIN),
    press("sadar_rule", criteria.one, needs=_ADMIN),
    press("sadar_try", criteria.try_, needs=_ADMIN),
    press("sadar_save", criteria.save, needs=_ADMIN),
    press("sadar_award", awards.begin, needs=_ADMIN, where=Where.BOTH, stays=True, keeps_form=True),
    press("binaan", fostering.one, needs=_ADMIN, keeps_form=True),
    press("binaan_end", fostering.end, needs=_ADMIN),
    shape("job:sadar", handler=overview.made, needs=DISTRICT, keeps_form=True),
    shape("job:piagam", handler=awards.made, needs=_ADMIN, keeps_form=True),
)
FORMS: tuple[FormRoute, ...] = (awards.ROUTE, fostering.ROUTE)
PLANNERS: Planners = {
    "sadar": lambda rules, districts: watching.Watching(rules, districts).plan,
    "binaan": lambda rules, districts: fostering.Ends(rules, districts).plan,
}
REASONS: Reasons = {"piagam": awards.still_theirs, "binaan": fostering.still_theirs}
