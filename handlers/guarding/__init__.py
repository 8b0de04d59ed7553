"""Against a stolen phone: forgotten PINs, access that is cut and restored, notices to those beside them."""

from bot.domain import referring
from bot.domain.offices import Role
from bot.filling import FormRoute
from bot.guarding import always
from bot.planning import Planners, Reasons
from bot.routing import LINKED, Route, Where, press, word
from handlers.guarding import arriving, ended, forgotten, freezing, notices, policy

_ADMIN = (Role.ADMIN,)
_MAY_FREEZE = (Role.ADMIN, Role.HEAD)

ROUTES: tuple[Route, ...] = (
    word("lupa pin", forgotten.forgot, "lupa pin saya", "ganti pin", needs=LINKED, keeps_form=True),
    word("reset pin", forgotten.find, "atur ulang pin", needs=_ADMIN, where=Where.BOTH, slips=0),
    word("pin kabupaten", policy.show, "aturan pin", needs=_ADMIN),
    word("bekukan", freezing.find, needs=_MAY_FREEZE, where=Where.BOTH, slips=0),
    word("hp hilang", freezing.lost, "hp dicuri", "hp saya hilang", needs=LINKED, hears=referring.lost_phone,
         slips=0),
    word("pulihkan", freezing.restorable, needs=_ADMIN, where=Where.BOTH, slips=0),
    press("pin_reset", forgotten.reset, needs=_ADMIN, guarded=always),
    press("pin_wanted", policy.set_, needs=_ADMIN, guarded=always),
    press("freeze", freezing.freeze, needs=_MAY_FREEZE, guarded=always),
    press("not_ours", arriving.not_ours, needs=LINKED, keeps_form=True, stays=True, harms=True),
    press("restore", freezing.restore, needs=_ADMIN, guarded=always),
)  # fmt: skip
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {
    "notices": lambda rules, districts: notices.Notices(rules, districts).plan,
    "arriving": lambda rules, districts: arriving.Arriving(rules, districts).plan,
    "ended": lambda rules, districts: ended.Ended(rules, districts).plan,
}
REASONS: Reasons = {}
refused = freezing.refused
