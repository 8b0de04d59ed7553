"""What the office sees: the recap, one village, who is in arrears, who is missing, how the system is."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route

ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
