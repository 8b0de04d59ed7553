"""*/audit <desa>*: who did what about a village, and when; always in private."""

from collections.abc import Mapping

from bot.domain import dates
from bot.domain.months import Month
from bot.domain.offices import Role
from bot.messages import Choice, Outgoing
from bot.reports import lists
from bot.store import members, office
from bot.store.office import Done
from bot.store.places import Village
from bot.turns import Turn
from handlers import naming, own_chat
from handlers.office import rooms

PAGE = 10
ACTIONS = {
    "register": "mendaftarkan orang",
    "accept": "menyatakan aktif",
    "refuse": "menolak ajuan",
    "end": "mengakhiri kepesertaan",
    "change_wage": "mengubah upah",
    "change_post": "mengubah jabatan",
    "add_post": "menambah jabatan",
    "set_term": "mencatat masa jabatan",
    "add_number": "mencatat KPJ",
    "report_payment": "melaporkan pembayaran",
    "complete_payment": "melengkapi laporan bayar",
    "withdraw_payment": "menarik laporan bayar",
    "prove_payment": "mengirim bukti bayar",
    "look_at_proof": "melihat bukti bayar",
    "check_payment": "memeriksa laporan bayar",
    "give_figure": "mencatat angka SIPP",
    "intend": "menjawab pengingat",
    "remind": "mengirim pengingat",
    "opening": "memuat data awal",
    "invite": "mengundang",
    "withdraw_code": "membatalkan kode undangan",
    "invite_self": "meminta kode untuk nomor lain",
    "link": "masuk dengan kode undangan",
    "request": "minta ditautkan",
    "request_handover": "minta serah terima",
    "withdraw_request": "menarik permintaan",
    "look_at_request": "melihat permintaan",
    "approve": "menyetujui permintaan",
    "refuse_request": "menolak permintaan",
    "end_office": "mengakhiri tugas",
    "take_over": "melanjutkan isian rekan",
    "notice": "membaca keterangan data pribadi",
    "nik_in_group": "menulis NIK di grup",
    "ask_data": "meminta perbaikan atau penghapusan datanya",
    "look_at_data_request": "melihat permintaan data pribadi",
    "decide_data": "memutuskan permintaan data pribadi",
    "mute": "berhenti menerima siaran",
    "unmute": "menerima siaran lagi",
    "see_ending": "memeriksa orang yang berhenti",
    "ask": "bertanya",
    "take_question": "mengambil pertanyaan",
    "answer": "menjawab pertanyaan",
    "close_question": "menutup pertanyaan",
    "evidence": "membuat berkas",
    "opening_file": "mengirim berkas data awal",
    "export": "mengambil berkas Excel",
    "export_release_asked": "minta mengambil lebih banyak berkas",
    "export_release": "menyetujui pengambilan lebih banyak berkas",
    "link_wait": "memakai kode dari nomor baru",
    "refuse_address": "menolak nomor baru",
    "compare_file": "mengirim lembar BPJS",
    "sheet_entered": "mencatat lembar sudah masuk SIPP",
    "add_agreement": "mencatat perjanjian",
    "report_incident": "mencatat kejadian",
    "told_agency": "mencatat kejadian sudah dilaporkan ke BPJS",
    "take_incident": "menangani kejadian",
    "look_incident": "membuka kejadian",
    "close_incident": "menyelesaikan kejadian",
    "decide_branch": "mengatur kontak cabang",
    "decide": "mengubah aturan",
    "revoke": "membatalkan perubahan aturan",
    "tie_room": "menghubungkan grup",
    "untie_room": "melepaskan grup",
    "restore": "memulihkan data dari cadangan",
    "save_segment": "menyimpan sasaran siaran",
    "drop_segment": "menghapus sasaran siaran",
    "broadcast_second": "mengatur persetujuan siaran",
    "broadcast_second_asked": "meminta siaran tanpa orang kedua",
    "broadcast_asked": "meminta persetujuan siaran",
    "broadcast_waiting": "menyiapkan siaran",
    "broadcast_approve": "menyetujui siaran",
    "broadcast_refuse": "menolak siaran",
    "broadcast_lapse": "siaran lewat waktu",
    "broadcast_miss": "siaran terlewat karena layanan terhenti",
    "broadcast_after_all": "mengirim siaran yang terlewat",
    "broadcast_begin": "siaran dimulai",
    "broadcast_end": "siaran selesai",
    "broadcast_cancel": "membatalkan siaran",
    "broadcast_stop": "menghentikan siaran",
    "broadcast_withdraw": "membatalkan siaran yang menunggu dibalas",
    "broadcast_again": "mengirim ulang siaran",
    "answer_meeting": "menjawab undangan rapat",
    "call_off_meeting": "membatalkan rapat",
    "staff_file": "mengirim berkas pegawai",
    "staff_lines": "menempel daftar pegawai",
    "add_study": "membuat kajian",
    "open_study": "membuka lagi kajian",
    "close_study": "menutup kajian",
    "answer_study": "menjawab kajian",
    "drop_group": "membatalkan kelompok peserta",
    "budget": "membuat lembar anggaran",
    "plan_project": "mencatat rencana proyek",
    "enter_project": "mencatat proyek",
    "change_project": "mengubah proyek",
    "drop_project": "menghapus proyek",
    "load_projects": "memuat proyek satu tahun",
    "project_file": "mengirim lembar proyek",
    "report_instalment": "melaporkan termin",
    "withdraw_instalment": "menarik laporan termin",
    "prove_instalment": "mengirim bukti termin",
    "check_instalment": "memeriksa laporan termin",
    "recognise": "membuat piagam Desa Sadar",
    "add_fostering": "mencatat desa binaan",
    "end_fostering": "mengakhiri desa binaan",
    "freeze": "membekukan akses",
    "thaw": "memulihkan akses",
    "pin_set": "membuat PIN",
    "pin_reset": "mereset PIN",
    "pin_locked": "PIN terkunci",
    "pin_wanted": "mengatur PIN kabupaten",
}
BY_STRANGERS = ("request", "withdraw_request")
#: The same acts where the details say that it was another.
LINKED, FOLLOWED = "menautkan", "menggantikan pejabat sebelumnya"
#: What was taken as a file.
FILES = {
    lists.SIPP: "lembar SIPP",
    lists.PEOPLE: "daftar peserta",
    lists.BILL: "tagihan",
    "differences": "selisih dengan daftar BPJS",
}
STATES = {"recorded": "tercatat", "returned": "perlu perbaikan", "reversed": "dibatalkan"}


def show(turn: Turn) -> list[Outgoing]:
    """*/audit <desa>*; in the group one line says that it came in private."""
    if not turn.rest:
        return [turn.post("office/name_a_village")]
    found = naming.village(turn, turn.rest, "acts:{}".format)
    if not isinstance(found, Village):
        return found
    return own_chat.with_a_line(turn, [_page(turn, found, 0)])


def turned(turn: Turn) -> list[Outgoing]:
    """The village was chosen, or another page of its acts."""
    _, code, *start = turn.choice.split(":")
    village = rooms.chosen_village(turn, code, (Role.ADMIN,))
    if village is None:
        return [naming.unknown(turn)]
    if turn.incoming.group:
        return own_chat.with_a_line(turn, [_page(turn, village, 0)])
    shown = _page(turn, village, int(start[0]) if start else 0)
    return [rooms.in_place(turn, shown) if start else shown]


def _page(turn: Turn, village: Village, start: int) -> Outgoing:
    found = office.acts(turn.tx, village.code, start, PAGE + 1)
    choices = [
        *([Choice(f"acts:{village.code}:{max(start - PAGE, 0)}", "Lebih baru")] if start else []),
        *([Choice(f"acts:{village.code}:{start + PAGE}", "Lebih lama")] if len(found) > PAGE else []),
    ]
    lines = [_line(turn, one) for one in found[:PAGE]]
    return turn.reply("office/acts", choices, place=village.label, lines=lines)


def _line(turn: Turn, one: Done) -> Mapping[str, str]:
    local = one.at.astimezone(turn.district.zone)
    parts = [
        _act(one),
        _whom(turn, one),
        _file(one),
        _office(one),
        _month(one),
        STATES.get(str(one.details.get("state", "")), ""),
    ]
    return {
        "at": f"{dates.short_date(local.date())} {dates.clock_time(local, turn.district.zone_label)}",
        "who": one.actor or ("Seseorang" if one.action in BY_STRANGERS else "Payung Desa"),
        "what": ", ".join(part for part in parts if part),
    }


def _act(one: Done) -> str:
    if one.action == "link" and "request" in one.details:
        return LINKED  # by who approved it: who asked did nothing more
    if one.action == "end_office" and one.details.get("followed"):
        return FOLLOWED
    return ACTIONS.get(one.action, one.action.replace("_", " "))


def _whom(turn: Turn, one: Done) -> str:
    """The insured person that an act was about, by the first letters of their name."""
    kind, _, number = one.on.partition(":")
    member = members.get(turn.tx, int(number)) if kind == "member" and number.isdecimal() else None
    return " ".join(f"{word[:1]}••••" for word in member.name.split()) if member is not None else ""


def _file(one: Done) -> str:
    """Which file was taken."""
    return FILES.get(str(one.details.get("what", "")), "") if one.action == "export" else ""


def _office(one: Done) -> str:
    """The office that an act was about, where it notes one."""
    role = one.details.get("role")
    return Role(role).label if role in list(Role) else ""


def _month(one: Done) -> str:
    """The month that an act was about, where it notes one."""
    try:
        return Month.parse(str(one.details.get("month", ""))).label
    except ValueError:
        return ""
