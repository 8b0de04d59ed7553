"""What is no answer yet: waiting, not knowing, leaving out; and what only looks like it."""

import pytest

from bot.domain.unanswered import Unanswered, heard

WAITS, LACKS = Unanswered.WAITS, Unanswered.LACKS


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("bentar", WAITS),
        ("bentar ya pak", WAITS),
        ("tunggu sy cari ktp dulu", WAITS),
        ("nanti sy tanya dulu", WAITS),
        ("masih dicari pak", WAITS),
        ("tanya orangnya dulu", WAITS),
        ("ga hafal", LACKS),
        ("tdk tahu pak", LACKS),
        ("ga tau lahir dimana", LACKS),
        ("ktpnya ga ada", LACKS),
        ("blm ada nomornya", LACKS),
        ("lupa nomornya", LACKS),
        ("entahlah pak", LACKS),
        ("skip", LACKS),
        ("lewati dulu", LACKS),
        ("kosongkan dulu", LACKS),
        ("Siti Aminah", None),
        ("Bentar Wibisono", None),
        ("Nanti Sari", None),
        ("sama dgn kades", None),
        ("belum", None),
        ("2,5 jt, belum ada SK", None),  # a number says something
        ("", None),
    ],
)
def test_no_answer_yet(said: str, why: Unanswered | None) -> None:
    assert heard(said, whole=False) is why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("tunggu sebentar", WAITS),
        ("belum tahu", LACKS),
        ("nanti saya tanya dulu apakah dana cair", None),
        ("tunggu di lampu merah lalu tertabrak", None),
        ("lupa pakai helm", None),
    ],
)
def test_of_a_text_only_the_whole_counts(said: str, why: Unanswered | None) -> None:
    assert heard(said, whole=True) is why
