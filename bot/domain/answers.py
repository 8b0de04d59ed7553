"""Questions that have a written answer, recognised as people ask them; the answers are templates.

What an answer rests on is a dated row (`bot/rules/answers.toml`): its source, and since when.
"""

import re
from collections.abc import Iterable
from datetime import date

from rapidfuzz.distance import OSA

from bot.domain import alarms, cleaning, enrolling
from bot.domain.months import NAMES, Month

_LONGEST = 160  # characters of a question that is answered from what is written
_NAMED = 5  # words that are hardly more than the name of a topic
_BARE_NAMED = 2
_TYPED = 5  # letters from which on one slip is forgiven

#: The ways to ask about each topic, as words that all stand in the question; the longest way that fits counts.
_WAYS = {
    "agency": """apa itu bpjs, bpjs itu, arti bpjs, maksud bpjs, bpjs apaan, bpjs ketenagakerjaan, bpjs tk,
        bpjamsostek, jamsostek, program apa saja, payung desa,
        beda bpjs kesehatan ketenagakerjaan, bedanya bpjs kesehatan ketenagakerjaan,
        perbedaan bpjs kesehatan ketenagakerjaan""",
    "jkk_jkm": "jkk jkm",
    "jkk": "jkk, jaminan kecelakaan, jaminan kecelakaan kerja",
    "jkm": "jkm, jaminan kematian",
    "jht": "jht, jaminan hari tua, hari tua",
    "jp": "jp, jaminan pensiun, pensiun",
    "jkp": "jkp, jaminan kehilangan pekerjaan, kehilangan pekerjaan",
    "health": """bpjs kesehatan, faskes, kis, jkn, mobile jkn, rawat inap, rawat jalan, kelas 1, kelas 2, kelas 3,
        berobat, rujukan, puskesmas, opname, kesehatan""",
    "money": """uang apa, dana apa, sumber dana, anggaran apa, uang dari mana, dananya dari mana, dana desa,
        pakai add, dari add, pake add, boleh add, bisa add, pakai dd, pake dd, pades, bhpr, dianggarkan dimana, rekening apa, kode rekening, uang desa""",
    "rates": """berapa iuran, berapa iurannya, iuran berapa, tarif, besar iuran, besaran iuran, berapa persen,
        persen iuran, cara hitung iuran, biaya bulanan, berapa bayarnya, bayar berapa, setor berapa,
        penanggung, dipotong gaji, dipotong siltap, dipotong upah, potong gaji, potong siltap, potong upah""",
    "who": """siapa wajib, siapa harus, siapa berhak, siapa bisa, siapa ikut, siapa dapat, siapa yang didaftarkan, wajib ikut,
        wajib daftar, harus ikut, siapa boleh, wajib terdaftar""",
    "due": """jatuh tempo, batas bayar, batas pembayaran, tanggal bayar, tanggal berapa bayar, telat bayar,
        kapan bayar, kapan dibayar""",
    "pay": """cara bayar, cara membayar, bagaimana bayar, gimana bayar, bayar dimana, bayar lewat, kode iuran,
        kode bayar, kode billing, id billing, va, virtual account, bayar kemana, setor kemana, transfer kemana, rekening mana,
        rekening berapa, nomor rekening, no rekening, no rek, rek berapa, rek mana""",
    "register": """cara daftar, cara mendaftar, cara mendaftarkan, cara daftarkan, cara daftarin, bagaimana mendaftar,
        bagaimana mendaftarkan, gimana daftar""",
    "branch": """alamat kantor cabang, alamat kantor bpjs, alamat bpjs, bpjs cabang, nomor cabang, kantor cabang dimana, kantor cabang mana,
        kantor bpjs dimana, nomor telepon bpjs, nomor telpon bpjs, nomor telp bpjs, nomor kantor cabang, kontak bpjs,
        telepon kantor cabang, call center""",
    "bpu": "bpu, penerima upah, pu bpu",
    "nik": """nik tidak valid, nik invalid, nik belum valid, nik gak valid, nik tidak padan, nik tidak ditemukan,
        nik ditolak, nik salah, nik keliru, nik tidak cocok, nik tidak terdaftar, nik tidak sesuai, nik beda,
        nik berbeda, nik error, nik gagal""",
    "raharja": "raharja, kecelakaan lalu lintas",
    "sick": """sakit termasuk kecelakaan, sakit saat kerja, penyakit akibat kerja, sakit akibat kerja,
        sakit jantung kerja, stroke kerja, sakit""",
    "sadar": """apa desa sadar, apa sadar, maksud desa sadar, arti desa sadar, syarat desa sadar,
        bagaimana desa sadar, gimana desa sadar, cara desa sadar, jelaskan desa sadar, manfaat desa sadar""",
    "family": """istri dicover, istri tercover, istri ditanggung, istri ikut, istri dapat, suami dicover,
        suami ditanggung, suami ikut, anak dicover, anak ditanggung, anak ikut, keluarga dicover, keluarga ditanggung,
        keluarga ikut""",
    "law": "dasar hukum, aturan mana, aturan apa, peraturan apa, peraturan mana, undang undang apa, perbup apa",
    "npp": "npp, nomor pendaftaran perusahaan",
    "kpj": "kpj, nomor peserta, nomor kartu, nomor kpj",
    "sipp": "sipp, sipp online",
    "spj": "spj, surat pertanggungjawaban",
    "pks": "pks, perjanjian kerja sama",
    "claim": "klaim, mengklaim, cairkan, pencairan, mengurus santunan, urus santunan",
    "benefit": """kalau meninggal, kalo meninggal, klo meninggal, jika meninggal, bila meninggal, kalau kecelakaan,
        kalo kecelakaan, klo kecelakaan, jika kecelakaan, bila kecelakaan, santunan, manfaat, dapat berapa, dapat apa, beasiswa, santunan meninggal, manfaat kecelakaan,
        santunan kecelakaan""",
    "card": """kartu hilang, kartu rusak, cetak kartu, kartu digital, kartu belum dapat, kartu mana,
        kartu dimana""",
    "phone": "ganti nomor hp, ganti nomor, nomor hp ganti, ganti hp, nomor baru, ganti whatsapp",
    "moved": "pindah tugas, pindah desa, mutasi, pindah jabatan, ganti jabatan, berhenti menjabat",
    "jmo": "jmo, jamsostek mobile, cek saldo",
    "penalty": "denda, sanksi, denda telat bayar, denda terlambat bayar",
    "rt": """rt boleh, rt bisa, ketua rt, pengurus rt, kader, posyandu, linmas, pekerja rentan, bpd, guru ngaji,
        guru mengaji, marbot, imam masjid""",
    "project": """proyek wajib, proyek wajib daftar, proyek wajib ikut, proyek harus, proyek boleh, proyek ikut, proyek didaftarkan, proyek terdaftar,
        cara daftar proyek, cara daftarkan proyek, cara mendaftarkan proyek, mendaftarkan proyek, pekerja proyek,
        proyek bpjs, proyek dilindungi, proyek ditanggung, proyek dicover, iuran proyek, iurannya proyek,
        berapa iuran proyek, berapa iurannya proyek, proyek jkk, apa proyek dimaksud, jasa konstruksi, jakon,
        pekerja bangunan, tukang bangunan, tukang boleh, tukang ikut, tukang wajib, tukang didaftarkan,
        tukang ditanggung, tukang dilindungi, pktd, swakelola""",
    "data": """data aman, data saya, keamanan data, data bocor, nik aman, kerahasiaan, data pribadi""",
}
TOPICS = {name: tuple(way.split() for way in ways.split(",")) for name, ways in _WAYS.items()}
_ASKING = """apa apakah apaan bagaimana gimana gmn bgmn berapa brp siapa kapan kenapa mengapa boleh bolehkah bisa
    bisakah harus haruskah wajib wajibkah cara caranya maksud maksudnya arti artinya beda bedanya perbedaan jelaskan
    mana dimana kemana ditanggung dicover tercover"""
_ASKS = frozenset(_ASKING.split())


#: "Is there any?", asked at the end.
_TAGS = frozenset(["ga", "gak", "gk", "nggak", "ngga", "enggak", "kah"])
#: What is asked about in other contexts too, so that its name alone is no question about it.
_BARE = "rt"
#: People whom a district may add to the insured.
_GROUPS = (
    "linmas",
    "kader posyandu",
    "kader",
    "posyandu",
    "guru ngaji",
    "guru mengaji",
    "marbot",
    "imam masjid",
    "pekerja rentan",
)
_NIK = re.compile(r"[0-9]{6}")
_BANK = re.compile(r"\bbank bpd\b")
#: Who pays at all, and not who has paid: "yang bayar siapa".
_PAYER = re.compile(
    r"\b(?:yang|yg) (?:mem|di)?(?:bayar|byr) siapa\b|\bsiapa (?:(?:yang|yg) )?(?:mem)?(?:bayar|byr)\b|\bditanggung siapa\b"
)
#: Asks what is owed, or until when: "brp tagihannya", "deadline kapan", "kami nunggak brp bln".
_OWED = re.compile(
    r"(?:(?:pak|bu|min|kami|kita|desa|masih|jadi|itu|ini|kira kira|kalau) )*"
    r"(?:berapa"
    r"|(?:berapa|cek|ada|masih) (?:ada )?(?:total|jumlah|tagihan|iuran|tunggakan|nominal|utang|hutang)(?:nya)?"
    r"|(?:total|jumlah|tagihan|iuran|tunggakan|nominal|semua|kena|bayar)(?:nya)?(?: tagihan| iuran| tunggakan)?(?:nya)? berapa"
    r"|(?:ada )?(?:me)?nunggak(?:nya)? berapa(?: bulan)?|(?:me)?nunggak (?:tidak|apa tidak)"
    r"|(?:dead ?line|tenggat|batas akhir|batas waktu|jatuh tempo)(?:nya)? (?:kapan|tanggal berapa)"
    r"|kapan (?:dead ?line|tenggat|batas akhir|batas waktu)(?:nya)?"
    r"|(?:paling lambat|terakhir|batas) (?:bayar )?tanggal berapa|tanggal berapa (?:terakhir|paling lambat|batas)(?: bayar)?)"
    r"(?: (?:kami|kita|desa|ini|bulan|sekarang|semua|semuanya|ya|pak|bu|min|tidak|belum|bayar|totalnya|dong|sih|kah))*"
)
#: One slip from a word that means something else.
_OTHER_WORDS = frozenset({"kades", "sakti", "saksi", "sabar", "rapat", "rapatnya"})

#: A question behind these goes to a person.
_TO_A_PERSON = alarms.SAID_TO_OTHERS | {"bantuan", "help", "bantu"}


def asks(text: str) -> bool:
    """Whether it is a question, with or without its sign."""
    said = cleaning.spoken(text)
    return "?" in text or bool(_ASKS & set(said)) or bool(_TAGS & set(cleaning.words(text)[-1:]))


def topic(text: str) -> str:
    """What a text is about; "" where nothing is written about it."""
    said = cleaning.spoken(_PAYER.sub("penanggung", _BANK.sub("bank", text.casefold())))
    found = {name: _longest(ways, said) for name, ways in TOPICS.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best] and len(text) <= _LONGEST else ""


def is_asked(text: str) -> bool:
    """Whether it is a question about one of the topics, to nobody in particular, and reports no accident."""
    first = cleaning.spoken(text)[:1]
    if not _TO_A_PERSON.isdisjoint(first) or enrolling.asks_who(text):
        return False
    return asks(text) and bool(topic(text)) and alarms.spoken(text) is None


def asks_bill(text: str) -> bool:
    """Whether it asks what the village owes, or until when, and nothing else."""
    return len(text) <= _LONGEST and bool(_OWED.fullmatch(" ".join(cleaning.spoken(text))))


def group_named(text: str) -> str:
    """The group of people that a question names, as people call it; "" where it names none of those below."""
    said = set(cleaning.spoken(text))
    return next((one for one in _GROUPS if {*one.split()} <= said), "")


def month_named(text: str, today: date) -> Month | None:
    """The month that stands in a question, of the year in which it is nearest; None where none does."""
    said = cleaning.spoken(text)
    numbers = [number for number, name in enumerate(NAMES, start=1) if name.casefold() in said]
    if len(numbers) != 1:
        return None
    years = [Month(today.year + ahead, numbers[0]) for ahead in (-1, 0, 1)]
    return min(years, key=lambda month: abs((month.first - today).days))


def is_named(text: str) -> bool:
    """Whether it is hardly more than the name of a topic: "jkk", "kartu saya hilang pak"."""
    if _NIK.search(text):
        return False  # somebody's: what is written of all of them helps less than they themselves
    count, about = len(cleaning.spoken(text)), topic(text)
    if about == _BARE and not asks(text):
        return count <= _BARE_NAMED
    return count <= _NAMED and bool(about)


def _longest(ways: Iterable[list[str]], said: list[str]) -> int:
    """The letters of the longest way whose words all stand in the text."""
    fitting = (sum(map(len, way)) for way in ways if all(_stands(word, said) for word in way))
    return max(fitting, default=0)


def _stands(word: str, said: list[str]) -> bool:
    near = {each.removesuffix("nya") for each in said if each[0] == word[0]} - _OTHER_WORDS
    if word in said or word in near:
        return True
    return len(word) >= _TYPED and any(OSA.distance(each, word, score_cutoff=1) <= 1 for each in near)
