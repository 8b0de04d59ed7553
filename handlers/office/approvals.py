"""Who may speak for a village: requests, invitations, handing over, ending."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route

ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
