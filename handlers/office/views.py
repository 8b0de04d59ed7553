"""What the office sees: one village, who is in arrears, who is missing, how the system is."""

from functools import partial

from bot.domain.offices import CHECKERS, DISTRICT, STAFF, Role
from bot.filling import FormRoute
from bot.planning import Planners, Reasons
from bot.routing import LINKED, VILLAGE, Route, Where, press, word
from bot.turns import Handler, Turn
from handlers import month
from handlers.office import arrears, asking, audits, command_help, system, village_card, waiting

_ADMIN = (Role.ADMIN,)
_CALLERS = (*CHECKERS, Role.VIEWER)


#: Commands of village officers, which do not work in groups: not ours, mistyped.
_OTHERWISE = ("desa saya", "meninggal")


def _command(name: str, handler: Handler, *aliases: str, needs: tuple[Role, ...]) -> Route:
    """A command of the district's people; a village's officer who says the word without a slash means
    something else: "desa" begins many a sentence.
    """

    def matches(turn: Turn) -> bool:
        said = turn.incoming.text.lstrip()
        if turn.word != name or said.lstrip("/").lower().startswith(_OTHERWISE):
            return False
        return bool(turn.who.districts) or not said or said.startswith("/")

    return Route(handler, matches, needs, Where.BOTH, name, name, aliases)


_both = partial(press, where=Where.BOTH)
_group = partial(word, where=Where.GROUP)
_opening = partial(press, where=Where.GROUP, stays=True)

ROUTES: tuple[Route, ...] = (
    _command("desa", village_card.show, "kartu desa", "info desa", needs=DISTRICT),
    _command(
        "menunggak",
        arrears.late,
        "desa menunggak",
        "yang menunggak",
        "desa yang menunggak",
        "desa yang belum bayar",
        "desa mana yang menunggak",
        "desa mana saja yang menunggak",
        "siapa yang menunggak",
        "siapa yang belum bayar",
        "siapa saja yang belum bayar",
        "desa mana yang belum bayar",
        "desa mana saja yang belum bayar",
        needs=DISTRICT,
    ),
    # In private it is not among the words, which villages say too: `rereading` hears it of the office alone.
    _group("terbayar", arrears.paid, needs=DISTRICT),
    Route(arrears.paid, lambda turn: turn.word == "terbayar", DISTRICT, sign="terbayar"),
    # A village that asks "menunggak?" means its own bill.
    Route(month.show, lambda turn: turn.word == "menunggak" and bool(turn.who.village), VILLAGE),
    _command(
        "belumdaftar",
        arrears.missing,
        "belum daftar",
        "desa belum terdaftar",
        "desa yang belum terdaftar",
        "desa mana yang belum terdaftar",
        "desa mana saja yang belum terdaftar",
        "desa yang belum daftar",
        needs=DISTRICT,
    ),
    _command("ingatkan", asking.ask, "kirim pengingat", "kirim pengingat ke", "tolong ingatkan", needs=STAFF),
    _command("sistem", system.show, "status sistem", needs=STAFF),
    _command("audit", audits.show, needs=_ADMIN),
    _group(
        "bukti",
        waiting.proofs,
        "bukti bayar",
        "laporan pembayaran",
        "periksa bukti",
        needs=(*VILLAGE, *CHECKERS),
    ),
    _group("ajuan", waiting.submitted, "ajuan peserta", needs=CHECKERS),
    _group("jadwal", waiting.schedule, "jadwal pengingat", needs=_ADMIN),
    _group("telepon", waiting.to_call, "daftar telepon", needs=_CALLERS),
    _group("kendala", waiting.in_the_way, "daftar kendala", needs=_CALLERS),
    _group("bantuan", command_help.in_group, "help", "tolong", needs=LINKED),
    Route(command_help.one, command_help.about, DISTRICT, keeps_form=True),
    _both("card", village_card.chosen, needs=DISTRICT),
    _both("list", arrears.turned, needs=DISTRICT, stays=True),
    _both("ask", asking.chosen, needs=STAFF, stays=True),
    _both("remind", asking.send, needs=STAFF),
    _both("remind_no", asking.dropped, needs=STAFF),
    _both("acts", audits.turned, needs=_ADMIN, stays=True),
    _opening("card_open", village_card.opened, needs=DISTRICT),
    _opening("open_proofs", waiting.open_proofs, needs=CHECKERS),
    _opening("open_members", waiting.open_members, needs=CHECKERS),
    _opening("open_schedule", waiting.open_schedule, needs=_ADMIN),
)
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {}
REASONS: Reasons = {}
