"""A village's staff in a sheet: the columns people use for them, and what each cell says of whom.

The columns of our own template come first; then those of registers and exports, the one of OpenSID
(Buku Pemerintah Desa, model A.4) among them.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.cleaning import visible, words
from bot.domain.tables import Cells, Found, Header, Row, Titles, counts_columns, is_sum

# fmt: off
(NAME, NIK, POSITION, WAGE, SINCE, PLACE, MOTHER, PHONE, BIRTH, SEX, BIRTH_PLACE, DECREE, STATUS, NOTE,
 OTHER) = range(15)
# fmt: on

TITLES: Titles = {
    NAME: ("Nama lengkap", "nama", "nama pegawai", "nama perangkat", "nama perangkat desa", "nama sesuai ktp",
           "nama lengkap sesuai ktp", "nama tenaga kerja", "nama pekerja", "nama tk", "nama peserta", "nama anggota",
           "nama pengurus", "nama pamong", "pamong nama", "nama aparat", "nama aparatur", "nama orang", "nama staf", "nama rt",
           "nama ketua rt", "nama pengurus rt", "nama bpd", "nama anggota bpd"),
    NIK: ("NIK", "no nik", "nomor nik", "no ktp", "nomor ktp", "no ktp nik", "nik no ktp", "nik ktp", "ktp",
          "nomor induk", "no induk", "nomor induk kependudukan", "no induk kependudukan", "nik sesuai ktp",
          "nomor identitas", "no identitas", "pamong nik", "nik 16 angka", "nik 16 digit"),
    POSITION: ("Jabatan", "nama jabatan", "jabatan desa", "jabatan di desa", "posisi", "jabatan perangkat",
               "jabatan perangkat desa", "jabatan sekarang", "tugas", "pekerjaan jabatan"),
    WAGE: ("Upah sebulan", "upah", "gaji", "gaji pokok", "siltap", "penghasilan", "penghasilan tetap", "siltap rp",
           "penghasilan tetap siltap", "honor", "honorarium", "gaji sebulan", "upah bulanan", "gaji bulanan",
           "penghasilan per bulan", "upah per bulan", "siltap per bulan", "gaji per bulan", "besaran siltap",
           "upah rp", "gaji rp", "penghasilan rp", "upah dilaporkan", "gaji siltap", "siltap gaji", "insentif"),
    SINCE: ("Mulai bertugas", "mulai", "tmt", "tanggal mulai", "tgl mulai", "tanggal mulai bertugas", "sejak",
            "mulai tugas", "mulai menjabat", "mulai bekerja", "tanggal sk", "tgl sk", "tanggal sk pengangkatan",
            "tgl sk pengangkatan", "tanggal pengangkatan", "tgl pengangkatan", "tanggal diangkat", "tmt jabatan",
            "tmt sk", "pamong tglsk", "tanggal keputusan pengangkatan", "tmt pengangkatan"),
    PLACE: ("Tempat lahir", "tempatlahir", "tmp lahir", "tpt lahir", "kota lahir", "pamong tempatlahir"),
    MOTHER: ("Ibu kandung", "nama ibu kandung", "nama ibu", "ibu", "nama gadis ibu kandung", "nama gadis ibu",
             "nama lengkap ibu", "nama lengkap ibu kandung"),
    PHONE: ("Nomor HP", "no hp", "hp", "telepon", "telp", "no telp", "nomor telp", "no telepon", "nomor telepon",
            "handphone", "no handphone", "nomor handphone", "wa", "no wa", "nomor wa", "whatsapp", "no whatsapp",
            "no hp wa", "nomor hp wa", "hp wa", "no hp aktif", "nomor hp aktif", "kontak", "no telp hp", "telp hp"),
    BIRTH: ("Tanggal lahir", "tgl lahir", "tanggallahir", "tgllahir", "lahir", "pamong tanggallahir"),
    SEX: ("Jenis kelamin", "l p", "lp", "jk", "sex", "kelamin", "gender", "pamong sex", "laki laki perempuan"),
    BIRTH_PLACE: ("Tempat, tanggal lahir", "tempat tgl lahir", "ttl", "tempat dan tanggal lahir",
                  "tempat dan tgl lahir", "tempat lahir tanggal lahir", "tempat lahir tgl lahir", "tmp tgl lahir",
                  "tempat tanggallahir"),
    DECREE: ("Nomor dan tanggal keputusan pengangkatan", "nomor dan tanggal sk", "no dan tgl sk", "no tgl sk",
             "nomor tanggal sk", "no dan tanggal sk", "nomor dan tanggal sk pengangkatan", "sk pengangkatan",
             "sk", "no tgl sk pengangkatan", "no dan tgl sk pengangkatan"),
    STATUS: ("Status", "status aktif", "status pamong", "pamong status", "status perangkat", "status pegawai",
             "status jabatan", "status keaktifan", "keaktifan", "aktif", "aktif tidak aktif"),
    NOTE: ("Keterangan", "ket", "ketr", "catatan", "keterangan lain", "keterangan pegawai", "ket status",
           "keterangan status", "keterangan jabatan", "keterangan perangkat"),
    # near to one of the above, and something else
    OTHER: ("NIP", "no nip", "nomor nip", "niap", "nipd", "nomor kk", "no kk", "nomor kartu keluarga", "npwp",
            "no npwp", "nomor npwp", "nama ayah", "nama desa", "nama istri", "nama suami", "nama bank",
            "nomor dan tanggal keputusan pemberhentian", "tanggal keputusan pemberhentian", "nomor sk", "no sk",
            "tanggal pemberhentian", "umur", "usia"),
}  # fmt: skip

#: What a registration asks, by the names of its questions, with the column of our template.
COLUMN_OF: Mapping[str, int] = {
    "name": NAME, "nik": NIK, "birth": BIRTH, "place": PLACE, "mother": MOTHER, "phone": PHONE,
    "position": POSITION, "wage": WAGE, "since": SINCE,
}  # fmt: skip
#: More rows than any village has people to be insured.
MOST = 500

_CODE = re.compile(r"kode desa\W{1,4}([0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})(?![0-9])", re.IGNORECASE)
_DAY = r"[0-9]{1,2}[-/. ](?:[0-9]{1,2}|[A-Za-z]{3,9})[-/. ][0-9]{2,4}"
_LAST_DAY = re.compile(rf"({_DAY})(?!.*{_DAY})")
_SERIAL = re.compile("[1-6][0-9]{4}")
_EPOCH = date(1899, 12, 30)  # Excel's day zero
_ENDED = (
    r"(?:tidak|tdk|non) ?aktif\b|inactive\b|(?:di)?berhenti(?:kan)?\b|pensiun\b|purna ?(?:tugas|bakti)\b|mantan\b"
    r"|mengundurkan diri|mundur\b|meninggal\b|wafat\b|almarhum(?:ah)?\b|alm\b|diganti(?:kan)?\b"
)
_GONE = re.compile(rf"{_ENDED}|(?:tidak|tdk|0)$")
#: A remark that begins with it: "pengganti yang berhenti" and "akan pensiun" are somebody in office.
_GONE_REMARK = re.compile(
    rf"\A(?:(?:sudah|sdh|telah|tlh|status|ybs|beliau|orangnya|sekarang|per|tmt|sejak|tahun|thn|[0-9]+) )*(?:{_ENDED})"
)
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_MEN = {"l", "laki", "lk", "pria", "1", "m"}
_WOMEN = {"p", "perempuan", "pr", "wanita", "2", "f"}


def _enough(columns: Container[int]) -> bool:
    """Names with their numbers; or a register of people in office."""
    register = (BIRTH, BIRTH_PLACE, MOTHER, WAGE, SINCE, DECREE)
    return NAME in columns and (
        NIK in columns or (POSITION in columns and any(column in columns for column in register))
    )


HEADER = Header(TITLES, _enough)


@dataclass(frozen=True, slots=True)
class Staff:
    """The tables of a file, one for each page that has one, and the village our own template names."""

    tables: Sequence[Found]
    village: str = ""


def recognise(sheets: Sequence[tuple[str, Sequence[Row]]]) -> Staff | None:
    """The people in a file; None where no page speaks of people in office."""
    tables = [found for page in sheets if (found := HEADER.locate([page]))]
    codes = (_CODE.search(cell) for _, rows in sheets for _, cells in rows[:40] for cell in cells)
    village = next((code[1] for code in codes if code), "")
    return Staff(tables, village) if tables else None


def people(found: Found) -> list[tuple[int, Cells, Mapping[str, str]]]:
    """The rows about somebody: number, cells, and what they say by the names of the questions."""
    rows: list[tuple[int, Cells, Mapping[str, str]]] = []
    for number, cells in found.rows:
        said = _said(found, cells)
        if _is_somebody(said) and not is_sum(cells) and not counts_columns(cells):
            rows.append((number, cells, said))
    return rows


def _is_somebody(said: Mapping[str, str]) -> bool:
    """A number, or a name with something beside it: names alone stand below tables, to be signed."""
    beside = ("birth", "place", "mother", "phone", "position", "wage", "since")
    return bool(said["nik"] or (said["name"] and any(said[each] for each in beside)))


def _said(found: Found, cells: Cells) -> dict[str, str]:
    said = {name: found.cell(cells, column) for name, column in COLUMN_OF.items()}
    both, decree = found.cell(cells, BIRTH_PLACE), found.cell(cells, DECREE)
    if both:
        said["place"] = said["place"] or both
        day = re.search("[0-9].*", both)
        said["birth"] = said["birth"] or (day[0] if day else "")
    if decree and not said["since"]:
        day = _LAST_DAY.search(decree)
        said["since"] = day[1] if day else ""
    for name in ("birth", "since"):
        if _SERIAL.fullmatch(said[name]):  # a day as Excel counts them
            said[name] = f"{_EPOCH + timedelta(days=int(said[name])):%d/%m/%Y}"
    return {
        **said,
        "sex": found.cell(cells, SEX),
        "status": found.cell(cells, STATUS),
        "note": found.cell(cells, NOTE),
    }


def has_left(said: Mapping[str, str], today: date) -> str:
    """What a row says of somebody who is no longer in office, as it stands there; empty of all others."""
    status = said.get("status", "")
    if _GONE.match(" ".join(words(status))):
        return status
    remarks = re.split(r"[;,()]", f"{said.get('note', '')};{said.get('rest', '')}")
    return next((visible(remark) for remark in remarks if _says_gone(remark, today)), "")


def _says_gone(remark: str, today: date) -> bool:
    """Not "pensiun 2031", of somebody who serves until then."""
    coming = any(int(year) > today.year for year in _YEAR.findall(remark))
    return not coming and _GONE_REMARK.match(" ".join(words(remark))) is not None


def sex(said: str) -> str:
    """L or P; empty for what says neither."""
    first = (words(said) or [""])[0]
    return "L" if first in _MEN else "P" if first in _WOMEN else ""
