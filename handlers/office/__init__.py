"""What the district's office does, in its group and in private: one file each, tried in this order."""

from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import Route
from handlers.office import approvals, board, broadcasts, papers, questions, views

_PARTS = (views, questions, broadcasts, approvals, papers, board)

ROUTES: tuple[Route, ...] = tuple(route for part in _PARTS for route in part.ROUTES)
FORMS: tuple[FormRoute, ...] = tuple(form for part in _PARTS for form in part.FORMS)
PLANNERS: Planners = {name: planner for part in _PARTS for name, planner in part.PLANNERS.items()}
REASONS: Reasons = {name: reason for part in _PARTS for name, reason in part.REASONS.items()}
