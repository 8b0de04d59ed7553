"""Which line of a review is meant, and what it is to say instead."""

import pytest

from bot.domain.lines import meant, to_be_changed

PERSON = ("Nama", "NIK", "Tanggal lahir", "Tempat lahir", "Ibu kandung", "Nomor HP", "Jabatan", "Upah sebulan",
          "Mulai bertugas")  # fmt: skip
PROJECT = ("Kegiatan", "Lokasi", "Sumber dana", "Pelaksana", "Dasar iuran", "Nilai", "Mulai", "Selesai", "Pekerja",
           "Tanggal SPK", "Pemeliharaan")  # fmt: skip


@pytest.mark.parametrize(
    ("said", "labels", "line"),
    [
        ("3", PERSON, (3, "")),
        ("ubah 3", PERSON, (3, "")),
        ("no. 3", PERSON, (3, "")),
        ("ubah 4 Samarinda", PERSON, (4, "Samarinda")),
        ("ubah upah", PERSON, (8, "")),
        ("ganti upahnya jadi 2,5 jt", PERSON, (8, "2,5 jt")),
        ("ubah gaji", PERSON, (8, "")),
        ("upahnya salah", PERSON, (8, "")),
        ("salah upah", PERSON, (8, "")),
        ("tgl lahir 3 mei 1980", PERSON, (3, "3 mei 1980")),
        ("ubah nama ibu", PERSON, (5, "")),
        ("nama ibu kandung: Halimah", PERSON, (5, "Halimah")),
        ("hp 0812 3456 7890", PERSON, (6, "0812 3456 7890")),
        ("jabatn kasi pelayanan", PERSON, (7, "kasi pelayanan")),
        ("ubah nama Siti Aminah", PERSON, (1, "Siti Aminah")),
        ("ubah nilai", PROJECT, (6, "")),
        ("lokasi RT 05", PROJECT, (2, "RT 05")),
        ("nilainya 150 juta", PROJECT, (6, "150 juta")),
        ("pekerja 5 orang", PROJECT, (9, "5 orang")),
        ("ubah lahir", PERSON, (0, "")),  # a place and a day
        ("nama semua sudah sesuai", PERSON, (0, "")),
        ("nilainya berapa?", PROJECT, (0, "")),
        ("hujan", PROJECT, (0, "")),
        ("no 8 salah", PERSON, (8, "")),
        ("yang no 8 masih keliru pak", PERSON, (8, "")),
        ("8 salah", PERSON, (8, "")),
        ("no 8 harusnya 2,5 jt", PERSON, (8, "2,5 jt")),
        ("ubah 3 kemarin", PERSON, (3, "kemarin")),
        ("ibu kandungnya kok dirahasiakan", PERSON, (5, "")),
        ("ubah", PROJECT, (0, "")),
        ("akhir 2027", ("Akhir masa jabatan",), (1, "akhir 2027")),
        ("ubah akhir jadi 2027", ("Akhir masa jabatan",), (1, "2027")),
        ("akhir", ("Akhir masa jabatan",), (1, "")),
    ],
)
def test_a_line_is_named_by_number_or_label(
    said: str, labels: tuple[str, ...], line: tuple[int, str]
) -> None:
    assert meant(said, labels) == line


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("salah ketik nama", 1),
        ("ubah tempat lahir", 4),
        ("ganti nik", 2),
        ("namanya salah", 1),
        ("tempat lahir kurang tepat pak", 4),
        ("nama", 0),
        ("ganti kades", 0),
        ("Salahudin", 0),
    ],
)
def test_a_line_is_to_be_changed_by_a_verb_and_its_label(said: str, line: int) -> None:
    assert to_be_changed(said, PERSON) == line


def test_what_is_too_long_for_an_answer_is_no_wish_to_change_one() -> None:
    assert to_be_changed("nama" + " " * 400 + "salah", PERSON) == 0
    assert to_be_changed("namanya salah", ()) == 0
