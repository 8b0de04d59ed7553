"""Whom somebody wants to register, and who asks who is not registered yet."""

import pytest

from bot.domain.enrolling import asks_who_is_not, registers, whom


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
