"""Of whom a sentence speaks, and what became of them."""

import pytest

from bot.domain import referring
from bot.domain.people import Leaving
from bot.domain.referring import Change


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("cek kades", "kades"),
        ("siapa kasi kesra kami", "kasi kesra"),
        ("tolong lihat data bu siti rahma ya pak", "siti rahma"),
        ("darma sdh bayar blm", "darma"),
        ("status pak kades gmn", "kades"),
        ("apa", ""),
        ("kades kami sudah dua bulan tidak masuk kantor", ""),
    ],
)
def test_who_stands_in_a_question(said: str, who: str) -> None:
    assert referring.about(said) == who


@pytest.mark.parametrize(
    ("said", "found", "who"),
    [
        ("gaji kades naik", Change.ONE, "kades"),
        ("ubah data kades", Change.ONE, "kades"),
        ("tolong ubah gaji yulianti 2,5jt", Change.ONE, "yulianti"),
        ("kasi pelayanan sdh resign", Change.ONE, "kasi pelayanan"),
        ("kades diganti pj", Change.ONE, "kades"),
        ("tgl lahir kaur umum salah", Change.ONE, "kaur umum"),
        ("ubah gaji semua perangkat", Change.SEVERAL, ""),
        ("siltap naik 2.700.000 mulai januari", Change.SEVERAL, ""),
        ("pergantian perangkat", Change.SEVERAL, ""),
        ("kasi pemerintahan ganti orang", Change.ONE, "kasi pemerintahan"),
        ("masa jabatan kades sudah habis", Change.ONE, "kades"),
        ("kades baru sudah dilantik", Change.ONE, "kades"),
        ("apakah kades diganti", Change.NONE, ""),
        ("kades keluar kota", Change.NONE, ""),
        ("kades pindah rapat", Change.NONE, ""),
        ("gaji kades berapa", Change.NONE, ""),
        ("status", Change.NONE, ""),
    ],
)
def test_what_is_new(said: str, found: Change, who: str) -> None:
    assert referring.changed(said) == (found, who)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("pensiun", Leaving.TERM),
        ("habis masa jabatannya", Leaving.TERM),
        ("masa jabatan sudah habis pak", Leaving.TERM),
        ("resign", Leaving.RESIGNED),
        ("mengundurkan diri karena sakit", Leaving.RESIGNED),
        ("dipecat", Leaving.DISMISSED),
        ("pindah ke samarinda", Leaving.MOVED),
        ("salah input", Leaving.MISTAKE),
        ("tidak pindah", None),
        ("siapa yang pensiun?", None),
        ("sakit", None),
    ],
)
def test_a_reason_in_other_words(said: str, why: Leaving | None) -> None:
    assert referring.why(said) is why


@pytest.mark.parametrize(
    ("said", "hands_over", "lost"),
    [
        ("sy bukan kaur keuangan lg", True, False),
        ("saya sekdes baru mau masuk", True, False),
        ("saya sudah tidak menjabat", True, False),
        ("saya bukan itu", False, False),
        ("saya belum terdaftar", False, False),
        ("hp kaur keuangan hilang", False, True),
        ("hp saya dicuri tadi", False, True),
        ("data hp hilang dari daftar", False, False),
    ],
)
def test_an_office_that_passes_on_and_a_phone_that_is_gone(said: str, hands_over: bool, lost: bool) -> None:
    assert (referring.hands_over(said), referring.lost_phone(said)) == (hands_over, lost)


NAMES = {1: "Yulianti Rahmah", 2: "Agus Salim", 3: "Fitriani", 4: "Darma Wijaya"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("yulianti", [1]),
        ("yuliantii dong", [1]),
        ("yuli", [1]),
        ("pak agus", [2]),
        ("shalom", []),
        ("nik", []),
        ("rapat", []),
        ("ada", []),
        ("aman", []),
    ],
)
def test_a_name_is_meant_by_one_of_its_words(said: str, found: list[int]) -> None:
    assert referring.named_in(said, NAMES) == found


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("beliau sudah pensiun", Leaving.TERM),
        ("darma keluar", Leaving.RESIGNED),
        ("kaur keuangan resign", Leaving.RESIGNED),
        ("karena pindah ke samarinda", Leaving.MOVED),
        ("sudah usia 60 tahun, pensiun", Leaving.TERM),
        ("tahun ini pensiun", Leaving.TERM),
        ("kena phk", Leaving.DISMISSED),
        ("beliaunya pindah ke kota", Leaving.MOVED),
        ("darmanya pensiun", Leaving.TERM),
        ("desember ini pensiun", Leaving.TERM),
        ("kasi pelayanan pensiun", None),
        ("pak rahmat keluar jalur jatuh dari motor", None),
        ("/kecelakaan keluar jalur", None),
        ("tanya apakah kasi pelayanan yang pensiun masih dijamin", None),
    ],
)
def test_a_reason_is_of_the_person_asked_about(said: str, why: Leaving | None) -> None:
    assert referring.why(said, "Darma Wijaya Kaur Keuangan") is why


@pytest.mark.parametrize(
    ("said", "theirs"),
    [
        ("meninggal", True),
        ("beliau meninggal dunia tadi pagi", True),
        ("pak darma wafat", True),
        ("pak kasi pelayanan meninggal dunia", False),
        ("meninggal dunia pak kasi pelayanan", False),
        ("ibu beliau meninggal dunia tadi pagi", False),
        ("/meninggal", False),
    ],
)
def test_a_death_is_of_the_person_asked_about(said: str, theirs: bool) -> None:
    assert referring.died(said, "Darma Wijaya Kaur Keuangan", {"kaur", "kasi", "pelayanan"}) is theirs
