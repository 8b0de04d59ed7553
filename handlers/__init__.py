"""What a person can do, one file each; this table is all the bot understands, tried in order."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.domain import words
from bot.domain.offices import Role
from bot.domain.rulebook import Rules
from bot.filling import FormRoute
from bot.messages import Choice, Membership, Outgoing
from bot.routing import (
    ANYONE,
    DISTRICT,
    LINKED,
    VILLAGE,
    Route,
    Table,
    Where,
    anything,
    event,
    press,
    shape,
    word,
)
from bot.store.database import Tx
from bot.turns import Turn
from handlers import district, month, proof, registration, reminders, start, status

Planner = Callable[[Tx, datetime, datetime], list[Outgoing]]

#: What the claim of a message looks at again, by the kind of its reason.
REASONS = {"unpaid": reminders.still_unpaid}
LARGEST_PROOF = proof.LARGEST_PROOF


def planners(rules: Rules) -> dict[str, Planner]:
    """What is computed at each tick of the clock, by name."""
    districts = [district.code for district in rules.districts]
    return {"reminders": reminders.Reminders(rules, districts).plan}


def _only(*roles: Role) -> tuple[Role, ...]:
    return roles


def _understood_or_not(turn: Turn) -> list[Outgoing]:
    """Neither a command nor an answer: perhaps a name; else the menu is offered."""
    said = turn.incoming.text.strip()
    if words.is_yes(said) or words.is_no(said) or words.is_polite(said):
        return start.thanks(turn)
    if turn.who.village and len(said) > 2:
        found = status.find(turn, said)
        if found:
            return found
    return [turn.reply("chat/not_understood", (Choice("menu:menu", "Lihat menu"),))]


def _file(turn: Turn) -> list[Outgoing]:
    """A photo or a document: in a form it is not an answer; else a proof of payment."""
    if turn.draft is not None:
        return registration.photo(turn)
    return proof.received(turn) if turn.who.village else start.unreadable(turn)


REGISTRATION = FormRoute(registration.FORM, registration.extra, registration.save)

COMMANDS = (
    word("start", start.begin),
    word("menu", start.menu, "mulai", "halo", "hai", "assalamualaikum", "assalamu alaikum", "selamat pagi", "selamat siang"),
    word("daftar", partial(registration.begin, REGISTRATION), "daftarkan", "daftarkan orang", needs=VILLAGE,
         keeps_form=True),
    word("status", status.village, "status desa", "kepesertaan", needs=VILLAGE),
    word("belum terlindungi", status.unprotected, "siapa yang belum terlindungi", "siapa belum terlindungi", "siapa yang blm terlindungi", "blm terlindungi",
         "belum terdaftar", "siapa yang belum terdaftar", needs=VILLAGE),
    word("peserta", status.people, "daftar peserta", "anggota", needs=VILLAGE),
    word("tagihan", month.show, "iuran", "tunggakan", "berapa iurannya", "kapan batas bayar", needs=VILLAGE),
    word("bayar", month.show, "mau bayar", needs=VILLAGE),
    word("sudah bayar", month.say_paid, "sdh bayar", "udah bayar", "sudah dibayar", "lunas",
         "sudah lunas", "lapor bayar", needs=VILLAGE),
    word("lanjut", partial(registration.go_on, REGISTRATION), "lanjutkan", "lanjut isian", needs=VILLAGE,
         keeps_form=True),
    word("bantuan", start.help_, "help", "tolong", "bantu", keeps_form=True),
    word("data saya", start.my_data, "datasaya"),
    word("tautkan", start.another_device, "nomor lain", "hp lain"),
    word("desa saya", start.choose_village, "ganti desa", "pilih desa", needs=VILLAGE),
    word("berhenti", start.stop, "stop", "unsubscribe"),
    word("batal", start.no_form, "kembali", "nanti"),
    word("berkas", start.not_yet, "excel"),
    word("proyek", start.not_yet),
    word("kecelakaan", start.not_yet, "kecelakaan kerja", "ada yang kecelakaan", "ada kecelakaan"),
    word("meninggal", start.not_yet, "meninggal dunia", "wafat", "ada yang meninggal", "ada yang wafat", "ada warga meninggal", "ada perangkat meninggal"),
    word("rekap", district.recap, "rekapitulasi", needs=DISTRICT, where=Where.BOTH),
    word("undang", district.invite, "undangan", needs=_only(Role.ADMIN), where=Where.BOTH),
)  # fmt: skip
EVENTS = (
    event(Membership.BLOCKED, start.blocked),
    event(Membership.UNBLOCKED, start.unblocked),
    event(Membership.ADDED, start.added),
    event(Membership.REMOVED, start.removed),
    event(Membership.MIGRATED, start.moved),
)
PRESSES = (
    press("resume", partial(registration.go_on, REGISTRATION), needs=VILLAGE, keeps_form=True),
    press("restart", partial(registration.restart, REGISTRATION), needs=VILLAGE, keeps_form=True),
    press("paid", month.paid, needs=VILLAGE, keeps_form=True),
    press("unpaid", month.unpaid, needs=VILLAGE, keeps_form=True),
    press("why", month.why, needs=VILLAGE),
    press("intend", month.intend, needs=VILLAGE, keeps_form=True),
    press("proof", proof.of_month, needs=VILLAGE),
    press("people", status.people, needs=VILLAGE),
    press("member", status.one, needs=VILLAGE),
    press("village", start.choose_village, needs=VILLAGE),
    press("invite", district.invite_chosen, needs=_only(Role.ADMIN)),
    press("room", start.tie_room, needs=ANYONE, where=Where.GROUP),
    press("unmute", start.start_again),
)
SHAPES = (
    shape("job:proof", handler=proof.kept, needs=VILLAGE, keeps_form=True),
    shape("photo", "document", handler=_file, needs=LINKED, keeps_form=True),
    Route(start.unreadable, lambda turn: turn.incoming.shape not in ("text", "tap"), keeps_form=True),
)

#: Everything, in order.
TABLE = Table(
    (
        *EVENTS,
        *PRESSES,
        *SHAPES,
        *COMMANDS,
        Route(start.group_help, lambda turn: turn.incoming.text.startswith("/"), DISTRICT, Where.GROUP),
        anything(_understood_or_not, keeps_form=True),
    ),
    (REGISTRATION,),
    start.stranger,
)
