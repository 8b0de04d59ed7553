"""*/bantuan* of the district's people: what each of their commands does, its form, an example, who may."""

from dataclasses import dataclass, replace

from bot.domain import office_phrases, words
from bot.domain.offices import CHECKERS, DISTRICT, STAFF, VILLAGE, Role
from bot.messages import Outgoing
from bot.turns import Turn, noise
from handlers.office import rooms

ADMIN = (Role.ADMIN,)
NO_CAMAT = (*CHECKERS, Role.VIEWER)


@dataclass(frozen=True, slots=True)
class Help:
    """One command: in a word or two, what it does, its form, an example; `group`: also in a group."""

    brief: str
    does: str
    form: str
    example: str
    who: tuple[Role, ...]
    group: bool = True


HELPS = {
    "rekap": Help(
        "rekap kabupaten", "Menghitung desa yang terdaftar, menunggak, dan belum terdaftar, per kecamatan.",
        "/rekap [kecamatan]", "/rekap Anggana", DISTRICT,
    ),
    "desa": Help(
        "kartu satu desa", "Menampilkan satu desa: peserta, iuran yang terbuka, laporan, dan siapa yang terjangkau.",
        "/desa <nama>", "/desa Perian", DISTRICT,
    ),
    "menunggak": Help(
        "desa yang menunggak", "Mendaftar desa dengan iuran lewat jatuh tempo yang belum tercatat, yang terlama dulu.",
        "/menunggak [kecamatan]", "/menunggak Muara Muntai", DISTRICT,
    ),
    "terbayar": Help(
        "desa yang sudah bayar", "Mendaftar desa yang sudah melaporkan iuran bulan lalu, atau bulan yang disebut.",
        "/terbayar [bulan] [PU | BPU] [kecamatan]", "/terbayar Oktober", DISTRICT,
    ),
    "belumdaftar": Help(
        "desa belum terdaftar", "Mendaftar desa yang belum terdaftar.",
        "/belumdaftar [kecamatan]", "/belumdaftar Anggana", DISTRICT,
    ),
    "bukti": Help(
        "laporan bayar menunggu", "Menghitung laporan bayar yang menunggu diperiksa; memeriksanya lewat chat pribadi.",
        "/bukti [desa]", "/bukti", CHECKERS,
    ),
    "ajuan": Help(
        "peserta menunggu", "Menghitung peserta yang menunggu dipastikan aktif; membukanya lewat chat pribadi.",
        "/ajuan", "/ajuan", CHECKERS,
    ),
    "proyek": Help(
        "proyek desa", "Menghitung proyek tahun ini dan yang belum terlindungi; daftar dan lembarnya lewat chat pribadi.",
        "/proyek [tahun]", "/proyek", DISTRICT,
    ),
    "ingatkan": Help(
        "kirim pengingat", "Mengirim satu pengingat ke tiap desa yang dipilih, setelah jumlahnya diperlihatkan.",
        "/ingatkan <desa | kecamatan | menunggak | belum daftar | bpu>", "/ingatkan menunggak Anggana", STAFF,
    ),
    "jawab": Help(
        "pertanyaan terbuka", "Mendaftar pertanyaan desa yang belum dijawab; kartunya dijawab dengan balasan di grup.",
        "/jawab", "/jawab", STAFF,
    ),
    "siaran": Help(
        "pengumuman", "Mengirim pengumuman ke desa yang dipilih, setelah contohnya diperlihatkan; BATAL SIARAN menghentikannya.",
        "/siaran", "/siaran", STAFF,
    ),
    "riwayat siaran": Help(
        "siaran yang sudah dikirim", "Mendaftar siaran terakhir dan sampainya; SIARAN dan nomornya membuka yang itu.",
        "/riwayat siaran", "/riwayat siaran", STAFF,
    ),
    "sistem": Help(
        "keadaan sistem", "Menampilkan kanal, antrean, pengingat berikut, kegagalan, dan cadangan data.",
        "/sistem", "/sistem", STAFF,
    ),
    "laporan": Help(
        "laporan bulanan", "Membuat laporan satu bulan sebagai berkas Excel dan surat satu halaman.",
        "/laporan [bulan]", "/laporan November 2026", NO_CAMAT,
    ),
    "grafik tren": Help(
        "gambar tren", "Menggambar desa terdaftar, menunggak, dan belum per kecamatan, dan dua belas bulan terakhir.",
        "/grafik tren [kecamatan]", "/tren", DISTRICT,
    ),
    "berkas desa": Help(
        "bukti satu desa", "Membuat PDF dan CSV: yang dikirim, dijawab, dilaporkan, dan diperiksa untuk satu desa.",
        "BERKAS DESA <desa> [bulan]", "berkas desa Perian Oktober 2026", STAFF, group=False,
    ),
    "telepon cetak": Help(
        "cetak daftar telepon", "Membuat PDF daftar desa yang perlu ditelepon, untuk dicetak; lewat chat pribadi.",
        "/telepon cetak", "/telepon cetak", CHECKERS,
    ),
    "telepon": Help(
        "desa perlu ditelepon", "Mendaftar desa yang tidak dijangkau pengingat, dengan kontaknya, lewat chat pribadi.",
        "/telepon", "/telepon", NO_CAMAT,
    ),
    "kendala": Help(
        "jawaban desa", "Mendaftar kendala yang disebut desa untuk iuran yang terbuka, lewat chat pribadi.",
        "/kendala", "/kendala", NO_CAMAT,
    ),
    "setujui": Help(
        "permintaan tautan", "Menampilkan permintaan yang menunggu persetujuan.", "/setujui", "/setujui", ADMIN,
    ),
    "undang": Help(
        "undang petugas", "Membuat kode undangan sekali pakai; kodenya hanya lewat chat pribadi.",
        "/undang <desa> <jabatan> [nama]", "/undang Perian kaur keuangan", ADMIN,
    ),
    "batalkan kode": Help(
        "batalkan kode undangan", "Mendaftar kode undangan yang belum dipakai; yang ditekan langsung mati, lewat chat pribadi.",
        "/batalkan kode [desa] [jabatan] [nama]", "/batalkan kode Perian kades", ADMIN,
    ),
    "akhiri": Help(
        "akhiri jabatan", "Mengakhiri tugas seorang perangkat desa di sini; ditanya dulu, lewat chat pribadi.",
        "/akhiri <desa> <jabatan> [hari terakhir], /akhiri <nama>, /akhiri petugas <nama>", "/akhiri Perian kades 31 Desember 2026", ADMIN,
    ),
    "berhentikan": Help(
        "berhentikan jabatan", "Sama dengan AKHIRI.",
        "/berhentikan <jabatan> <desa>", "/berhentikan kades Perian", ADMIN,
    ),
    "batal siaran": Help(
        "siaran yang dibatalkan", "Menampilkan siaran yang masih bisa dibatalkan atau dihentikan, dengan tombolnya.",
        "/batal siaran [nomor]", "/batal siaran 3", STAFF,
    ),
    "grup": Help(
        "kegunaan grup ini", "Menampilkan grup ini dipakai sebagai kantor atau forum; bisa diubah atau dilepas.",
        "/grup", "/grup", ADMIN,
    ),
    "jadwal": Help(
        "jadwal pengingat", "Menampilkan kapan desa diingatkan; mengubahnya lewat chat pribadi.",
        "/jadwal", "/jadwal", ADMIN,
    ),
    "audit": Help(
        "catatan satu desa", "Menampilkan siapa melakukan apa tentang satu desa, lewat chat pribadi.",
        "/audit <desa>", "/audit Perian", ADMIN,
    ),
    "bantuan": Help(
        "bantuan", "Menjelaskan satu perintah.", "/bantuan <perintah>", "/bantuan menunggak", DISTRICT,
    ),
    "sadar": Help(
        "desa sadar", "Menghitung desa yang memenuhi kriteria Desa Sadar, dan yang paling dekat; lewat chat pribadi.",
        "/sadar [kecamatan]", "/sadar Anggana", DISTRICT,
    ),
    "binaan": Help(
        "desa binaan", "Mencatat perusahaan yang membina desa: apa yang dibayar, sejak kapan, sampai kapan.",
        "BINAAN", "binaan", ADMIN, group=False,
    ),
    "bayar kabupaten": Help(
        "kabupaten membayar", "Mencatat iuran yang dibayar kas kabupaten untuk banyak desa.",
        "BAYAR KABUPATEN", "bayar kabupaten", STAFF, group=False,
    ),
    "sipp": Help(
        "angka SIPP", "Mencatat angka tagihan menurut SIPP untuk satu desa.",
        "SIPP <desa> <jumlah>", "sipp Perian 1.584.000", CHECKERS, group=False,
    ),
    "muatan awal": Help(
        "muatan awal", "Memberi berkas Excel untuk mengisi data semua desa sekaligus.",
        "MUATAN AWAL", "muatan awal", ADMIN, group=False,
    ),
    "pks": Help(
        "perjanjian", "Mencatat perjanjian kerja sama dan mengingatkan sebelum berakhir.",
        "PKS", "pks", ADMIN, group=False,
    ),
    "kejadian": Help(
        "kecelakaan, meninggal", "Mendaftar kejadian yang dilaporkan desa dan belum selesai, tanpa nama; satu desa: semuanya; nomor: membukanya.",
        "/kejadian [nomor | desa]", "/kejadian Perian", DISTRICT,
    ),
    "kontak cabang": Help(
        "kontak cabang BPJS", "Mencatat kantor cabang, telepon, dan rumah sakit kerja sama yang disebut saat darurat.",
        "KONTAK CABANG", "kontak cabang", ADMIN, group=False,
    ),
    "kelompok": Help(
        "kelompok peserta", "Menampilkan kelompok peserta dengan program dan biayanya; menambah atau mengubahnya.",
        "KELOMPOK", "kelompok", ADMIN, group=False,
    ),
    "kajian": Help(
        "kajian biaya", "Menghitung jumlah orang dan biaya satu kelompok per desa, sebelum kelompoknya ditambahkan.",
        "KAJIAN", "kajian", ADMIN, group=False,
    ),
    "anggaran": Help(
        "anggaran setahun", "Menghitung iuran setahun semua desa, sebagai berkas Excel.",
        "ANGGARAN [tahun]", "anggaran 2027", ADMIN, group=False,
    ),
    "bekukan": Help(
        "hentikan akses", "Menghentikan akses seorang pejabat yang HP-nya hilang: isian, tombol, dan kodenya langsung mati.",
        "/bekukan <desa atau nama>", "/bekukan Perian", ADMIN,
    ),
    "pulihkan": Help(
        "pulihkan akses", "Memulihkan akses yang dihentikan, setelah orangnya dipastikan lewat telepon.",
        "/pulihkan <desa atau nama>", "/pulihkan Perian", ADMIN,
    ),
    "reset pin": Help(
        "PIN baru", "Menghapus PIN pejabat yang lupa; PIN baru dibuat saat dipakai lagi.",
        "/reset pin <desa atau nama>", "/reset pin Perian", ADMIN,
    ),
    "daftar akses": Help(
        "siapa punya akses", "Menampilkan siapa yang bertugas di kantor, dan kapan terakhir menulis.",
        "DAFTAR AKSES", "daftar akses", DISTRICT, group=False,
    ),
    "permintaan data": Help(
        "permintaan data pribadi", "Mendaftar permintaan memperbaiki atau menghapus data, dengan batas 3 × 24 jamnya.",
        "/permintaan data", "/permintaan data", ADMIN,
    ),
    "pin kabupaten": Help(
        "pakai PIN", "Mengatur apakah tindakan penting di kabupaten ini meminta PIN.",
        "PIN KABUPATEN", "pin kabupaten", ADMIN, group=False,
    ),
    "menu laporan": Help(
        "menu laporan", "Menampilkan daftar menunggak, belum terdaftar, telepon, kendala, laporan, dan grafik.",
        "MENU LAPORAN", "menu laporan", STAFF, group=False,
    ),
    "menu pesan": Help(
        "menu pesan", "Menampilkan pengingat, siaran, dan pertanyaan desa.",
        "MENU PESAN", "menu pesan", STAFF, group=False,
    ),
    "menu orang": Help(
        "menu orang", "Menampilkan undangan, permintaan tautan, akhir tugas, dan akses.",
        "MENU ORANG", "menu orang", ADMIN, group=False,
    ),
    "menu lapangan": Help(
        "menu lapangan", "Menampilkan proyek, kejadian, dan Desa Sadar.",
        "MENU LAPANGAN", "menu lapangan", DISTRICT, group=False,
    ),
    "menu program": Help(
        "menu program", "Menampilkan kelompok, kajian, anggaran, dan desa binaan.",
        "MENU PROGRAM", "menu program", ADMIN, group=False,
    ),
    "ganti kabupaten": Help(
        "kabupaten lain", "Memilih kabupaten yang dibicarakan, bagi yang bertugas di beberapa kabupaten.",
        "GANTI KABUPATEN", "ganti kabupaten", DISTRICT, group=False,
    ),
}  # fmt: skip
_NAMES = words.Vocabulary({name: () for name in HELPS})
_ALIASES = words.Vocabulary({"belumdaftar": ("belum daftar",), "menunggak": ("tunggakan",)})


def in_group(turn: Turn) -> list[Outgoing]:
    """*/bantuan* in the group: what this person may use there; *…<perintah>*: that one in full.

    A village's own officers are told nothing there.
    """
    if not rooms.holds(turn, DISTRICT):
        return []
    if turn.rest and (found := _found(turn.rest)):
        return [_one(turn, found)]
    mine = {office.role for office in turn.who.offices if office.district == turn.district.code}
    lines = [
        (help_.form.split(" <")[0].split(" [")[0], help_.brief)
        for name, help_ in HELPS.items()
        if name != "bantuan" and help_.group and mine.intersection(help_.who)
    ]
    return [turn.post("office/commands", lines=lines, unknown=bool(turn.rest))]


def about(turn: Turn) -> bool:
    """Whether one of the district's people asks in private about one command of theirs."""
    return turn.word == "bantuan" and bool(turn.who.districts and turn.rest and _found(turn.rest))


def one(turn: Turn) -> list[Outgoing]:
    """*bantuan <perintah>*, in private."""
    found = _found(turn.rest)
    return [_one(turn, found)] if found else []


def unknown(turn: Turn) -> list[Outgoing]:
    """A command that does not work in the group: one line with the nearest that does.

    At most once a minute for each answer, and nothing of what was typed is kept in its key: it may be a PIN or a NIK.
    """
    said = turn.incoming.text.strip().lstrip("/")
    name = _found(said) or office_phrases.doing(said)
    help_ = HELPS.get(name)
    mine = help_ is not None and rooms.holds(turn, help_.who)
    in_group = help_ is not None and help_.group
    near, private = (f"/{name}", "") if in_group else ("", name.upper())
    out = noise(
        turn, turn.post("start/group_help", near=near if mine else "", private=private if mine else "")
    )
    return [replace(out, key=f"{out.key}:{name if mine else ''}")]


def _found(said: str) -> str | None:
    """The command that was meant, with small typing errors."""
    plain = said.strip().lstrip("/")
    exact = words.exactly(plain, _NAMES) or words.exactly(plain, _ALIASES)
    return exact or words.command(plain, _NAMES, fuzzy=True)


def _one(turn: Turn, name: str) -> Outgoing:
    help_ = HELPS[name]
    return turn.post(
        "office/command",
        does=help_.does,
        form=help_.form,
        example=help_.example if help_.example != help_.form else "",
        who=_who(help_.who),
        group=help_.group,
    )


def _who(roles: tuple[Role, ...]) -> str:
    held = [role for role in roles if role not in VILLAGE]
    return "semua orang kantor" if set(held) == set(DISTRICT) else ", ".join(role.label for role in held)
