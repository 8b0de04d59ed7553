"""A person asks, a person answers: cards in the office group, and replies to them."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route

ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
