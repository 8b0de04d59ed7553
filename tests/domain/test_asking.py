"""What stands behind *tanya*: nothing yet, a colleague, or a question."""

import pytest

from bot.domain import asking


@pytest.mark.parametrize(
    ("said", "nothing"),
    [
        *((said, True) for said in ("", "pak", "dong", "sy", "mau nanya", "dibantu pak", "ya tanyakan", "tanya petugas ya", "sebentar pak")),
        *((said, False) for said in ("kapan add cair", "boleh pakai dana desa", "soal rt", "bimtek", "kenapa ditolak pak")),
    ],
)  # fmt: skip
def test_whether_something_is_asked(said: str, nothing: bool) -> None:
    assert asking.says_nothing(said) is nothing


@pytest.mark.parametrize(
    ("said", "colleague"),
    [
        *((said, True) for said in ("pak kades aja", "sekdes", "dulu ke kades", "kaur keuangan dulu ya", "bu ratna dulu")),
        *((said, False) for said in (
            "pak kades boleh ikut?", "kades sudah aktif belum", "kades?", "dulu", "bu santi", "kapan cair", "",
        )),
    ],
)  # fmt: skip
def test_whether_a_colleague_is_asked(said: str, colleague: bool) -> None:
    assert asking.to_colleague(said, ["Ratna Sari", "Agus Salim"]) is colleague
