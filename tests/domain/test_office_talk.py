"""What the district's office asks in its own words, by the command that answers it."""

import pytest

from bot import regions
from bot.domain import mentioned, office_instead, office_phrases, office_talk
from bot.domain.office_phrases import Meant

KUKAR = list(regions.villages("64.02"))
PERIAN, LEKA = "Perian, Kec. Muara Muntai", "Muara Leka, Kec. Muara Muntai"


def _meant(text: str) -> Meant | None:
    return office_talk.meant(text, KUKAR, "Kutai Kartanegara")


@pytest.mark.parametrize(
    "text",
    ["perian", "data perian", "perian sudah bayar belum?", "siapa petugas desa perian", "nomor hp kades perian",
     "kontak desa perian", "kenapa perian belum bayar", "Perian kec muara muntai bgmn progresnya", "npp perian",
     "desa perian nunggak berapa", "excel perian", "tagihan perian november", "jumlah peserta perian", "info perian"],
)  # fmt: skip
def test_whatever_is_asked_of_one_village_is_its_card(text: str) -> None:
    assert _meant(text) == Meant(("desa",), PERIAN)


@pytest.mark.parametrize(
    "text",
    ["riwayat muara leka", "bukti muara leka oktober", "cek pembayaran muara leka", "pembayaran muara leka",
     "batalkan pencatatan muara leka november", "tandai lunas muara leka", "bukti ke muara leka sudah dicek?"],
)  # fmt: skip
def test_what_a_village_paid_is_its_reports(text: str) -> None:
    assert _meant(text) == Meant(("bukti", "desa"), LEKA)


@pytest.mark.parametrize(
    "text,command,rest",
    [
        ("belum bayar", "menunggak", ""),
        ("ada berapa desa yg belum bayar bulan ini", "menunggak", ""),
        ("brp total tunggakan", "menunggak", ""),
        ("desa yang nunggak brp", "menunggak", ""),
        ("tunggakan kec anggana", "menunggak", "kec. Anggana"),
        ("belum bayar anggana", "menunggak", "kec. Anggana"),
        ("desa menunggak 3 bulan", "menunggak", "3 bulan"),
        ("menunggak lebih dari 2 bln kec tabang", "menunggak", "3 bulan kec. Tabang"),
        ("belum bayar kotabangun", "menunggak", "kotabangun"),
        ("belum bayar kec jakarta", "menunggak", "kec. jakarta"),
        ("siapa saja yg belum daftar", "belumdaftar", ""),
        ("yg blm terdaftar di loa kulu", "belumdaftar", "kec. Loa Kulu"),
        ("brp desa yg sdh daftar", "rekap", ""),
        ("brp persen yg sdh daftar di muara muntai", "rekap", "kec. Muara Muntai"),
        ("siapa yg sudah bayar", "terbayar", ""),
        ("siapa aja yg udah lunas", "terbayar", ""),
        ("desa yg lunas", "terbayar", ""),
        ("desa mana saja yang sudah bayar bulan oktober", "terbayar", "bulan oktober"),
        ("desa yg sdh bayar okt 2025", "terbayar", "okt 2025"),
        ("desa yg sdh bayar bpu", "terbayar", "bpu"),
        ("siapa yg sudah melapor", "terbayar", ""),
        ("desa mana yg sdh melunasi", "terbayar", ""),
        ("sdh brp desa yg bayar", "terbayar", ""),
        ("yg blm terbayar kec muara muntai", "menunggak", "kec. Muara Muntai"),
        ("desa mana saja yg belum terbayar", "menunggak", ""),
        ("siapa saja yang sudah bayar dan belum", "rekap", ""),
        ("daftar desa yang sudah bayar nov", "terbayar", "nov"),
        ("desa mana yang sudah setor data peserta", "rekap", ""),
        ("brp iuran yg sudah dibayar", "rekap", ""),
        ("siapa admin perian", "desa", PERIAN),
        ("brp desa yg sdh setor kec muara muntai", "terbayar", "kec. Muara Muntai"),
        ("sudah berapa persen desa terdaftar", "rekap", ""),
        ("kecamatan mana yg paling banyak nunggak", "rekap", ""),
        ("jumlah peserta kukar", "rekap", ""),
        ("statistik", "rekap", ""),
        ("progres kec muara muntai", "rekap", "kec. Muara Muntai"),
        ("muara muntai", "rekap", "kec. Muara Muntai"),
        ("desa mana yg tidak terjangkau", "telepon", ""),
        ("desa yg belum ada petugasnya", "telepon", ""),
        ("desa yg belum anggarkan", "kendala", ""),
        ("peserta yang menunggu", "ajuan", ""),
        ("kapan pengingat berikutnya", "sistem", ""),
        ("surat teguran muara leka", "berkas desa", LEKA),
        ("tolak permintaan jembayan", "setujui", "Jembayan, Kec. Loa Kulu"),
        ("hp darma hilang", "bekukan", "darma"),
        ("hp kades perian hilang", "bekukan", PERIAN),
        ("darma lupa pin", "reset pin", "darma"),
        ("ganti kades perian", "undang", f"{PERIAN} kades"),
        ("ganti bendahara perian jadi Rahmat", "undang", f"{PERIAN} bendahara Rahmat"),
        ("tambah operator Rina Marlina", "undang", "operator Rina Marlina"),
        ("ganti-kades", "undang", ""),
    ],
)
def test_a_plain_question_finds_its_command(text: str, command: str, rest: str) -> None:
    found = _meant(text)
    assert found is not None
    assert (found.names[0], found.rest) == (command, rest)


@pytest.mark.parametrize(
    "text",
    ["ya", "ok sebentar ya", "makasih", "berapa iuran kades", "sanksi desa tidak bayar", "apa itu jkk", "desa sadar berapa",
     "kirim pesan ke perian", "kades perian meninggal", "kades perian ganti hp", "siaran 1", "status siaran", "darma wijaya",
     "npp perian 24001234", "desa muara", "desa perian kec. tenggarong", "perian, muara leka", "muara muntai dan anggana",
     "Kepada Yth seluruh perangkat desa, mohon segera membayar iuran.", "sudah saya setor ke bank tadi", "belum bayar listrik kantor sejak kapan itu", "-", "x" * 500],
)  # fmt: skip
def test_what_asks_for_none_of_these_is_left_alone(text: str) -> None:
    assert _meant(text) is None


@pytest.mark.parametrize(
    "text", ["laporan kecelakaan", "berapa kecelakaan bulan ini", "data kecelakaan bulan ini"]
)
def test_what_was_reported_is_no_new_accident(text: str) -> None:
    assert office_talk.happened(text, KUKAR) == Meant(("kejadian",))


@pytest.mark.parametrize(
    "text", ["lapor kecelakaan", "ada kecelakaan di perian", "laporan kecelakaan, pak kadus jatuh"]
)
def test_whoever_tells_of_an_accident_is_heard(text: str) -> None:
    assert office_talk.happened(text, KUKAR) is None


@pytest.mark.parametrize(
    "text,command",
    [("cara hapus petugas", "akhiri"), ("gimana cara ganti kades", "undang"), ("cara lihat bukti bayar", "bukti"),
     ("bagaimana cara menambah operator", "undang"), ("gimana cara kirim pengumuman", "siaran"), ("cara bayar", ""),
     ("cara daftar", ""), ("hapus petugas", "")],
)  # fmt: skip
def test_how_a_thing_is_done_is_the_help_of_its_command(text: str, command: str) -> None:
    assert office_phrases.asks_how(text) == command


@pytest.mark.parametrize(
    "text,asked",
    [("tolong rekap muara muntai", "rekap muara muntai"), ("buatkan laporan november", "laporan november"),
     ("kirim laporan november", "laporan november"), ("kirim pesan ke perian", "kirim pesan ke perian"), ("tolong", "")],
)  # fmt: skip
def test_politeness_stands_before_the_thing(text: str, asked: str) -> None:
    assert office_phrases.without_please(text) == asked


@pytest.mark.parametrize(
    "word,rest,text,names,behind",
    [
        ("tagihan", "perian", "tagihan perian", ("desa",), PERIAN),
        ("tagihan", "prian", "tagihan prian", ("desa",), "prian"),
        ("tagihan", "", "tagihan", ("menunggak",), ""),
        ("tagihan", "kec anggana", "tagihan kec anggana", ("menunggak",), "kec. Anggana"),
        ("riwayat", "perian", "riwayat perian", ("bukti", "desa"), PERIAN),
        ("mengapa", "begitu ya", "kenapa begitu ya", ("kendala", "menunggak"), ""),
        ("status", "sidomulyo", "status sidomulyo", ("desa",), "Sidomulyo"),
    ],
)
def test_a_villages_word_goes_to_what_the_office_has(
    word: str, rest: str, text: str, names: tuple[str, ...], behind: str
) -> None:
    assert office_instead.instead(word, rest, text, KUKAR) == Meant(names, behind)


def test_a_word_of_the_office_needs_no_other() -> None:
    assert office_instead.instead("rekap", "", "rekap", KUKAR) is None


def test_equal_names_are_told_apart_by_the_kecamatan_behind_them() -> None:
    alike = mentioned.places_in(["sidomulyo"], KUKAR)
    assert (len(alike.villages[0]), alike.one) == (2, None)
    told = mentioned.places_in(["desa", "sidomulyo", "kec", "tabang"], KUKAR)
    assert told.one is not None
    assert (told.one.subdistrict, told.left) == ("Tabang", ("desa", "kec"))


@pytest.mark.parametrize(
    "text,group,where,unread",
    [
        ("yg nunggak kec muara muntai", "late", "Muara Muntai", ()),
        ("belum bayar muara muntai", "late", "Muara Muntai", ()),
        ("semua yg belum daftar", "missing", "", ()),
        ("belumdaftar", "missing", "", ()),
        ("bpu kec tabang", "bpu", "Tabang", ()),
        ("bendahara perian utk segera setor", "", "Perian", ()),
        ("perian dan muara leka", "", "Perian Muara Leka", ()),
        ("yang belum bayar qwerty", "late", "", ("qwerty",)),
    ],
)
def test_whom_a_reminder_is_for_is_read_in_any_order(
    text: str, group: str, where: str, unread: tuple[str, ...]
) -> None:
    found = office_talk.whom(text, KUKAR)
    places = [
        *(one.name for one, *_ in found.here.villages),
        *([found.here.inside.name] if found.here.inside else []),
    ]
    assert (found.group, " ".join(places), found.unread) == (group, where, unread)


@pytest.mark.parametrize("text", ["", "semua", "semua desa ya"])
def test_nobody_is_named_by_all(text: str) -> None:
    assert office_talk.whom(text, KUKAR).nobody


@pytest.mark.parametrize(
    "text,command",
    [
        ("ingetin perian", "ingatkan"),
        ("tagih perian", "ingatkan"),
        ("telp", "telepon"),
        ("lap bulanan", "laporan"),
    ],
)
def test_another_word_is_the_same_command(text: str, command: str) -> None:
    found = office_phrases.spoken(text)
    assert found is not None
    assert found.names == (command,)
