"""What the district's people say and press in their own chats; their group's routes are in `handlers.office`."""

from bot.domain.offices import CHECKERS, STAFF, Role
from bot.guarding import always, saves
from bot.routing import DISTRICT, Where, press, word
from handlers import (
    agreements,
    calls,
    checking,
    confirming,
    figures,
    inviting,
    opening,
    recap,
    stages,
    start,
    treasury,
)

ADMIN = (Role.ADMIN,)
CALLERS = (*CHECKERS, Role.VIEWER)

COMMANDS = (
    word("bayar kabupaten", treasury.begin, "kabupaten bayar", "bayar bud", needs=STAFF),
    word("ajuan", confirming.villages, "ajuan peserta", "menunggu aktif", needs=CHECKERS),
    word(
        "ganti kabupaten",
        start.choose_district,
        "kabupaten lain",
        "kabupaten saya",
        "pilih kabupaten",
        needs=DISTRICT,
    ),
    word("menu laporan", start.group, needs=STAFF),
    word("menu pesan", start.group, needs=STAFF),
    word("menu orang", start.group, needs=ADMIN),
    word("menu lapangan", start.group, needs=DISTRICT),
    word("menu program", start.group, needs=ADMIN),
    word(
        "rekap",
        recap.recap,
        "rekapitulasi",
        "berapa desa yang menunggak",
        "berapa desa yang terdaftar",
        "berapa desa yang belum terdaftar",
        needs=DISTRICT,
        where=Where.BOTH,
    ),
    word(
        "muatan awal", opening.template, "data awal", "opening", "isi data desa", needs=ADMIN, guarded=always
    ),
    word("jadwal", stages.show, "jadwal pengingat", "atur jadwal", needs=ADMIN),
    word("pks", agreements.show, "perjanjian", "perjanjian kerja sama", needs=ADMIN),
    word("telepon", calls.show, "daftar telepon", "call list", needs=CALLERS),
    word("kendala", calls.reasons, "daftar kendala", needs=CALLERS),
    word(
        "undang",
        inviting.invite,
        "undangan",
        "undang orang",
        "kode undangan",
        needs=ADMIN,
        where=Where.BOTH,
        guarded=inviting.names_somebody,
        slips=0,
    ),
)
PRESSES = (
    press("waiting", checking.waiting, needs=CHECKERS),
    press("check", checking.card, needs=CHECKERS),
    press("proof_file", checking.proof_file, needs=CHECKERS),
    press("record", checking.record, needs=CHECKERS),
    press("return", checking.return_, needs=CHECKERS),
    press("reverse", checking.reverse, needs=CHECKERS, guarded=always),
    press("payments_of", checking.payments_of, needs=CHECKERS),
    press("record_treasury", checking.record_treasury, needs=CHECKERS),
    press("given", figures.chosen, needs=CHECKERS),
    press("treasury", treasury.keep, needs=STAFF),
    press("confirming", confirming.villages, needs=CHECKERS),
    press("confirming_in", confirming.people, needs=CHECKERS),
    press("confirming_one", confirming.one, needs=CHECKERS),
    press("accept_member", confirming.accept, needs=CHECKERS, guarded=always),
    press("accept_members", confirming.accept_all, needs=CHECKERS, guarded=always),
    press("refuse_member", confirming.refuse, needs=CHECKERS, guarded=always),
    press("district", start.choose_district, needs=DISTRICT),
    press("opening", opening.decide, needs=ADMIN, guarded=saves),
    press("invite", inviting.invite_chosen, needs=ADMIN, guarded=always),
    press("stage", stages.one, needs=ADMIN),
    press("stage_days", stages.choose_days, needs=ADMIN),
    press("stage_hour", stages.choose_hour, needs=ADMIN),
    press("stage_try", stages.try_, needs=ADMIN),
    press("stage_save", stages.save, needs=ADMIN),
    press("stage_back", stages.back, needs=ADMIN),
    press("stage_revoke", stages.revoke, needs=ADMIN),
    press("closing", stages.ask_closing, needs=ADMIN, keeps_form=True),
    press("closing_save", stages.save_closing, needs=ADMIN),
    press("pks", agreements.begin, needs=ADMIN, keeps_form=True),
    press("calls", calls.show, needs=CALLERS),
)
