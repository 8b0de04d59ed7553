"""What of the office's words may be no answer to a village."""

import pytest

from bot.domain.remarks import Heard, is_one, only_a_title
from bot.domain.words import Vocabulary

HEARD = Heard(
    ("Yuniarti Lestari", "Rani Puspita"),
    "Darma Wijaya",
    Vocabulary({"rekap": (), "undang": (), "desa": (), "riwayat siaran": ()}),
)


@pytest.mark.parametrize(
    "said",
    [
        "siapa petugas desa perian",
        "nomor hp kades perian",
        "pak, rapat jam berapa?",
        "apakah sudah dijawab",
        "bu yuni tolong dijawab ya",
        "bu yuni minta tolong",
        "@yuni ini",
        "Rani, cek ini dulu",
        "tolong kirim laporan november",
        "tolong rekap anggana",
        "undang jembayan sekdes Cahyo Hadi",
        "riwayat siaran kemarin",
        "pak",
        "bu",
        "sudah ada yang menjawab belum",
    ],
)
def test_it_may_be_a_remark(said: str) -> None:
    assert is_one(said, HEARD)


@pytest.mark.parametrize(
    "said",
    [
        "ya",
        "ya pak",
        "Boleh, asal ada SK.",
        "Pak Darma, silakan didaftarkan.",
        "Mohon cocokkan dulu dengan KK.",
        "Mohon dikirim ulang buktinya.",
        "Foto saja, kirim di sini.",
        "Paling lambat tanggal 15.",
        "Tolong dilengkapi dulu datanya.",
        "Bu, iurannya dibayar lewat bank.",
        "Silakan tanya Bu Yuni di kantor.",
        "NIK ada 16 angka, lihat di KTP.",
    ],
)
def test_it_is_an_answer(said: str) -> None:
    assert not is_one(said, HEARD)


@pytest.mark.parametrize(
    ("said", "is_title"), [("pak", True), ("Bu.", True), ("ya pak", False), ("...", False)]
)
def test_a_mere_title(said: str, is_title: bool) -> None:
    assert only_a_title(said) is is_title
