"""Whom somebody wants to register, and who asks who is not registered yet."""

import pytest

from bot.domain.enrolling import asked_about, asks_who_is, asks_who_is_not, registers, whom


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("mau daftarin pak joko", "joko"),
        ("tolong daftarkan Siti Rahma ya", "Siti Rahma"),
        ("bantu daftarkan pak Budi Santoso", "Budi Santoso"),
        ("daftar bu Aminah", "Aminah"),
        ("daftar", ""),
        ("daftarkan orang", ""),
        ("daftarkan 12 orang", ""),
        ("daftarkan kasi pelayanan", ""),
        ("daftar peserta", ""),
        ("daftarkan proyek", ""),
        ("daftarkan budi dan siti", ""),
        ("daftarkan\nBudi\nSiti", ""),
        ("daftarkan Budi 6402011203800001", ""),
    ],
)
def test_whom(said: str, name: str) -> None:
    assert whom(said) == name


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("perangkat yang belum terdaftar", True),
        ("siapa saja perangkat yang belum daftar", True),
        ("daftar pegawai yg blm ikut bpjs", True),
        ("12 perangkat mau didaftarkan", False),
        ("kenapa perangkat belum terdaftar", False),
        ("desa yang belum terdaftar", False),
        ("belum", False),
    ],
)
def test_who_asks_who_is_not_registered(said: str, asks: bool) -> None:
    assert asks_who_is_not(said) is asks


def test_who_speaks_of_registering() -> None:
    assert registers("12 perangkat mau didaftarkan")
    assert not registers("12 perangkat sudah bayar")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("siapa saja yang sudah terdaftar", True),
        ("brp org yg sdh aktif", True),
        ("perangkat yang aktif siapa saja", True),
        ("siapa yang belum terdaftar", False),
        ("siapa yang wajib terdaftar", False),
        ("desa yang sudah terdaftar", False),
        ("siapa saja", False),
    ],
)
def test_who_asks_who_is(said: str, asks: bool) -> None:
    assert asks_who_is(said) is asks


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("apakah pak kades sudah aktif", "kades"),
        ("pak kadus sdh terdaftar blm", "kadus"),
        ("bu siti rahma udah terdaftar?", "siti rahma"),
        ("min, joko sudah didaftarkan apa belum ya", "joko"),
        ("kades belum terdaftar ya", "kades"),
        ("siapa saja yang sudah terdaftar", ""),
        ("saya sudah terdaftar", ""),
        ("saya sudah terdaftar belum", "saya"),
        ("sy sdh aktif blm", "saya"),
        ("ketua bpd sdh didaftarkan?", "ketua bpd"),
        ("bpd sudah terdaftar?", ""),
        ("izin bertanya apakah saudara agus salim sudah aktif?", "agus salim"),
        ("pekerja proyek sudah terdaftar", ""),
        ("kenapa joko belum terdaftar", ""),
        ("nik sudah terdaftar di desa lain", ""),
        ("sudah aktif", ""),
        ("joko sudah terdaftar tapi kartunya hilang", ""),
        ("", ""),
    ],
)
def test_of_whom_it_is_asked(said: str, who: str) -> None:
    assert asked_about(said) == who
