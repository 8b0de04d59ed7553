"""A district's own sentence: short, no links, nothing that looks like an account."""

import pytest

from bot.domain.wording import LONGEST, parse_closing
from bot.errors import Invalid


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Ada kendala? Temui petugas di kantor DPMD.", "Ada kendala? Temui petugas di kantor DPMD."),
        ("  Kantor   buka\n08.00-16.00 ", "Kantor buka 08.00-16.00"),
        ("Ruang 12, lantai 2", "Ruang 12, lantai 2"),
    ],
)
def test_a_sentence_is_kept_on_one_line(said: str, kept: str) -> None:
    assert parse_closing(said) == kept


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "schedule/closing_short"),
        ("x" * (LONGEST + 1), "schedule/closing_long"),
        ("buka https://contoh", "schedule/closing_link"),
        ("lihat bit.ly/bayar", "schedule/closing_link"),
        ("lihat www.contoh", "schedule/closing_link"),
        ("hubungi @akun", "schedule/closing_link"),
        ("rekening 123456", "schedule/closing_number"),
        ("kirim ke 0812-3456-7890", "schedule/closing_number"),
        ("kode 1 2 3 4 5 6", "schedule/closing_number"),
    ],
)
def test_what_could_lead_somebody_astray_is_refused(said: str, why: str) -> None:
    with pytest.raises(Invalid) as error:
        parse_closing(said)
    assert error.value.template == why
