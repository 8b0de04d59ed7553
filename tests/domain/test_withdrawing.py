"""Whom somebody wants off the list."""

import pytest

from bot.domain.withdrawing import whom


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("hapus budi", "budi"),
        ("hapus siti rahma", "siti rahma"),
        ("tolong hapus Rusdi", "Rusdi"),
        ("tolong keluarkan pak Rusdi dari daftar ya", "Rusdi"),
        ("hapus data bu Siti", "Siti"),
        ("batalkan pendaftaran Andi Saputra", "Andi Saputra"),
        ("hapus ketua BPD Desa Perian", "ketua BPD Desa Perian"),
        ("hapus desa binaan", ""),
        ("hapus data saya", ""),
        ("hapus proyek", ""),
        ("hapus 3", ""),
        ("hapus", ""),
        ("budi", ""),
        ("tolong", ""),
        ("hapus " + "x" * 300, ""),
    ],
)
def test_whom(said: str, name: str) -> None:
    assert whom(said) == name
