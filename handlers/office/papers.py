"""What the office hands in: the trend, the monthly report and letter, the evidence of a village and month."""

from typing import Any

from bot.domain.offices import CHECKERS, DISTRICT, STAFF
from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.routing import Route, Where, press, shape
from bot.turns import Handler, Turn
from handlers.office import evidence, monthly, tally
from handlers.office.monthly import REPORTERS


def _said(name: str, handler: Handler, *aliases: str, **options: Any) -> Route:
    """A command of the district's people; what a village says in these words goes on to other routes."""

    def matches(turn: Turn) -> bool:
        meant = bool(turn.who.districts) or turn.incoming.text.startswith("/")
        return turn.word == name and meant

    return Route(handler, matches, name=name, sign=name, aliases=aliases, **options)


ROUTES: tuple[Route, ...] = (
    press("trend", monthly.pressed, needs=DISTRICT, where=Where.BOTH, stays=True),
    press("evidence", evidence.chosen, needs=STAFF),
    shape("job:trend", handler=monthly.trend_made, needs=DISTRICT, where=Where.BOTH, keeps_form=True),
    shape("job:report", handler=monthly.report_made, needs=REPORTERS, where=Where.BOTH, keeps_form=True),
    shape("job:evidence", handler=evidence.made, needs=STAFF, keeps_form=True),
    shape("job:calls", handler=evidence.calls_made, needs=CHECKERS, where=Where.BOTH, keeps_form=True),
    _said("grafik tren", monthly.trend, "tren", "grafik", needs=DISTRICT, where=Where.BOTH),
    _said(
        "laporan", monthly.report, "laporan bulanan", "laporan kabupaten", needs=REPORTERS, where=Where.BOTH
    ),
    _said("berkas desa", evidence.ask, "evidence", "bukti peringatan", needs=STAFF),
    _said(
        "telepon cetak",
        evidence.calls,
        "cetak telepon",
        "cetak daftar telepon",
        needs=CHECKERS,
        where=Where.BOTH,
        guarded=always,
    ),
)
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {"tally": lambda rules, districts: tally.Tally(rules, districts).plan}
REASONS: Reasons = {}
