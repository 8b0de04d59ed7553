"""The live board: one pinned message in each office group, edited as villages report."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route

ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
