"""What a person can do, one file each; this table is all the bot understands, tried in order."""

from collections.abc import Sequence
from functools import partial

from bot.domain.offices import Role
from bot.domain.people import Position
from bot.domain.rulebook import Rules
from bot.messages import Choice, Membership, Outgoing
from bot.routing import (
    ANYONE,
    DISTRICT,
    LINKED,
    VILLAGE,
    FormRoute,
    Route,
    Table,
    Turn,
    Where,
    anything,
    event,
    press,
    shape,
    word,
)
from handlers import district, month, registration, start, status

#: What the claim of a message looks at again, by the kind of its reason.
REASONS = {"unpaid": month.still_unpaid}
LARGEST_PROOF = month.LARGEST_PROOF

UNREADABLE = (
    "voice",
    "sticker",
    "location",
    "video_note",
    "poll",
    "dice",
    "story",
    "animation",
    "video",
    "other",
)


def reminders(rules: Rules, districts: Sequence[str]) -> month.Reminders:
    """The planner of the month's reminders for these districts."""
    return month.Reminders(rules, districts)


def _only(*roles: Role) -> tuple[Role, ...]:
    return roles


def _understood_or_not(turn: Turn) -> list[Outgoing]:
    """Neither a command nor an answer: perhaps a name; else the menu is offered."""
    if turn.who.village and turn.incoming.text.strip():
        found = status.find(turn, turn.incoming.text)
        if found:
            return found
    return [turn.reply("chat/not_understood", (Choice("menu:menu", "Lihat menu"),))]


def table(positions: tuple[Position, ...]) -> Table:
    """Everything, in order; the positions come from the rules."""
    form = FormRoute(registration.form_of(positions), registration.extra, registration.save)
    commands = (
        word("start", start.begin),
        word("menu", start.menu, "mulai", "halo", "hai", "assalamualaikum", "selamat pagi", "selamat siang"),
        word("daftar", partial(registration.begin, form), "daftarkan", "daftarkan orang", needs=VILLAGE,
             keeps_form=True),
        word("status", status.village, "status desa", "kepesertaan", needs=VILLAGE),
        word("belum terlindungi", status.unprotected, "siapa yang belum terlindungi", "siapa belum terlindungi",
             "belum terdaftar", needs=VILLAGE),
        word("peserta", status.people, "daftar peserta", "anggota", needs=VILLAGE),
        word("tagihan", month.show, "iuran", "tunggakan", needs=VILLAGE),
        word("bayar", month.show, "mau bayar", needs=VILLAGE),
        word("sudah bayar", month.say_paid, "sdh bayar", "udah bayar", "sudah dibayar", "lunas",
             "sudah lunas", "lapor bayar", needs=VILLAGE),
        word("lanjut", partial(registration.go_on, form), "lanjutkan", "lanjut isian", needs=VILLAGE,
             keeps_form=True),
        word("bantuan", start.help_, "help", "tolong", "bantu", "tanya", keeps_form=True),
        word("data saya", start.my_data, "datasaya"),
        word("tautkan", start.another_device, "nomor lain", "hp lain"),
        word("desa saya", start.choose_village, "ganti desa", "pilih desa", needs=VILLAGE),
        word("berhenti", start.stop, "stop", "unsubscribe"),
        word("batal", start.no_form, "kembali", "nanti"),
        word("berkas", start.not_yet, "excel"),
        word("proyek", start.not_yet),
        word("kecelakaan", start.not_yet, "kecelakaan kerja", "ada yang kecelakaan", "ada kecelakaan"),
        word("meninggal", start.not_yet, "meninggal dunia", "wafat", "ada yang meninggal", "ada yang wafat"),
        word("rekap", district.recap, "rekapitulasi", needs=DISTRICT, where=Where.BOTH),
        word("undang", district.invite, "undangan", needs=_only(Role.ADMIN), where=Where.BOTH),
    )  # fmt: skip
    events = (
        event(Membership.BLOCKED, start.blocked),
        event(Membership.UNBLOCKED, start.unblocked),
        event(Membership.ADDED, start.added),
        event(Membership.REMOVED, start.removed),
        event(Membership.MIGRATED, start.moved),
    )
    presses = (
        press("menu", partial(_chosen_word, commands)),
        press("resume", partial(registration.go_on, form), needs=VILLAGE, keeps_form=True),
        press("restart", partial(registration.restart, form), needs=VILLAGE, keeps_form=True),
        press("paid", month.paid, needs=VILLAGE, keeps_form=True),
        press("unpaid", month.unpaid, needs=VILLAGE, keeps_form=True),
        press("why", month.why, needs=VILLAGE),
        press("intend", month.intend, needs=VILLAGE, keeps_form=True),
        press("proof", month.proof_of, needs=VILLAGE),
        press("people", status.people, needs=VILLAGE),
        press("member", status.one, needs=VILLAGE),
        press("village", start.choose_village, needs=VILLAGE),
        press("invite", district.invite_chosen, needs=_only(Role.ADMIN)),
        press("room", start.tie_room, needs=ANYONE, where=Where.GROUP),
        press("unmute", start.start_again),
    )
    shapes = (
        shape("job:proof", handler=month.proof_kept, needs=VILLAGE, keeps_form=True),
        shape("photo", "document", handler=_file, needs=LINKED, keeps_form=True),
        shape(*UNREADABLE, "contact", handler=start.unreadable, keeps_form=True),
    )
    routes = (*events, *presses, *shapes, *commands, anything(_understood_or_not, keeps_form=True))
    return Table(routes, (form,), start.stranger)


def _file(turn: Turn) -> list[Outgoing]:
    """A photo or a document: in a form it is not an answer; else a proof of payment."""
    if turn.draft is not None:
        return registration.photo(turn)
    return month.proof(turn) if turn.who.village else start.unreadable(turn)


def _chosen_word(commands: tuple[Route, ...], turn: Turn) -> list[Outgoing]:
    """A button that stands for a command."""
    turn.word = turn.choice.partition(":")[2]
    route = next(route for route in commands if route.name == turn.word)
    if turn.actor is None or turn.actor.office(*route.needs) is None:
        return [turn.reply("chat/not_yours")]
    return route.handler(turn)
