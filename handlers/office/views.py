"""What the office sees: the recap, one village, who is in arrears, who is missing, how the system is."""

from collections.abc import Callable
from functools import partial

from bot.domain.offices import CHECKERS, DISTRICT, STAFF, Role
from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import VILLAGE, Route, Where, press, word
from bot.turns import Handler, Turn
from handlers import month
from handlers.office import arrears, asking, audits, command_help, system, village_card, waiting
from handlers.recap import recap

_ADMIN = (Role.ADMIN,)
_CALLERS = (*CHECKERS, Role.VIEWER)


def _of_district(name: str, turn: Turn) -> bool:
    """The command, of the district's people; for a village's the same word is no command without its slash."""
    return turn.word == name and (bool(turn.who.districts) or turn.incoming.text.lstrip().startswith("/"))


def _command(name: str, handler: Handler, *aliases: str, needs: tuple[Role, ...]) -> Route:
    match: Callable[[Turn], bool] = partial(_of_district, name)
    return Route(handler, match, needs, Where.BOTH, name, aliases)


_both = partial(press, where=Where.BOTH)
_group = partial(word, where=Where.GROUP)

ROUTES: tuple[Route, ...] = (
    word("rekap", recap, "rekapitulasi", needs=DISTRICT, where=Where.BOTH),
    _command("desa", village_card.show, "kartu desa", "info desa", needs=DISTRICT),
    _command("menunggak", arrears.late, "desa menunggak", "yang menunggak", needs=DISTRICT),
    # A village that asks "menunggak?" means its own bill.
    Route(month.show, lambda turn: turn.word == "menunggak" and bool(turn.who.village), VILLAGE),
    _command("belumdaftar", arrears.missing, "belum daftar", "desa belum terdaftar", needs=DISTRICT),
    _command("ingatkan", asking.ask, needs=STAFF),
    _command("sistem", system.show, "status sistem", needs=STAFF),
    _command("audit", audits.show, needs=_ADMIN),
    _group("bukti", waiting.proofs, "bukti bayar", "periksa bukti", needs=CHECKERS),
    _group("ajuan", waiting.submitted, "ajuan peserta", needs=CHECKERS),
    _group("jadwal", waiting.schedule, "jadwal pengingat", needs=_ADMIN),
    _group("telepon", waiting.to_call, "daftar telepon", needs=_CALLERS),
    _group("kendala", waiting.in_the_way, "daftar kendala", needs=_CALLERS),
    _group("bantuan", command_help.in_group, "help", "tolong", needs=DISTRICT),
    Route(command_help.one, command_help.about, DISTRICT, keeps_form=True),
    _both("card", village_card.chosen, needs=DISTRICT),
    _both("card_open", village_card.opened, needs=DISTRICT),
    _both("list", arrears.turned, needs=DISTRICT),
    # Also who may not remind can press it on a colleague's card, which then stays as it is.
    _both("ask", asking.chosen, needs=DISTRICT),
    _both("remind", asking.send, needs=STAFF),
    _both("remind_no", asking.dropped, needs=STAFF),
    _both("acts", audits.turned, needs=_ADMIN),
    _both("open", waiting.opened, needs=DISTRICT),
)
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
