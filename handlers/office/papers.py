"""What the office hands in: the monthly report, the letter, the evidence of a village and month."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route

ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
