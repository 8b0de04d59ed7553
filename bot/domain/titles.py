"""How each form is called where it is spoken of later: somebody may have left it two weeks ago."""

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "registration": "pendaftaran",
    "wage": "upah",
    "post": "jabatan",
    "beside": "jabatan rangkap",
    "term": "masa jabatan",
    "kpj": "nomor peserta",
    "leave": "akhir kepesertaan",
    "agreement": "perjanjian",
    "closing": "kalimat penutup",
    "agency": "daftar BPJS",
    "accident": "laporan kecelakaan",
    "death": "laporan meninggal",
    "branch": "kontak cabang",
    "question": "pertanyaan",
    "answer": "jawaban",
    **dict.fromkeys(
        ("siaran_where", "siaran_villages", "siaran_name", "siaran_text", "siaran_file", "siaran_when"),
        "siaran",
    ),
    "siaran_meeting": "undangan rapat",
    "handover": "pengganti petugas",
    "refusal": "alasan penolakan",
    "invite": "undangan petugas",
    "data_wrong": "perbaikan data",
    "data_name": "perbaikan nama",
    "group_new": "kelompok baru",
    **dict.fromkeys(
        ("group_terms", "group_wage", "group_account", "group_sources", "group_end"), "perubahan kelompok"
    ),
    "study": "kajian",
    "study_count": "jumlah kajian",
    "project": "proyek",
    "project_fill": "data proyek",
    "project_plan": "rencana proyek",
    "project_certificate": "sertifikat proyek",
    "project_workers": "pekerja proyek",
    "project_addendum": "adendum proyek",
    "project_finish": "proyek selesai",
    "project_fix": "perbaikan proyek",
    "piagam": "piagam",
    "binaan": "desa binaan",
}


def of(form: str) -> str:
    """As in "laporan meninggal"."""
    return TITLES.get(form, "tadi")
