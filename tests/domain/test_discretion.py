"""What of somebody's own words counts as a NIK, or as a PIN."""

import pytest

from bot.domain.discretion import holds_nik, without_pin


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("6402015708850003", True),
        ("NIK: 6402 0157 0885 0003, mohon", True),
        ("6402.0157.0885.0003", True),
        ("64-02-01-57-08-85-0003", True),
        ("６４０２０１５７０８８５０００３", True),
        ("٦٤٠٢٠١٥٧٠٨٨٥٠٠٠٣", True),
        ("6402015708850003\n6402011708850001", True),
        ("1234567890123456", False),  # of an account
        ("9902015708850003", False),  # there is no such province
        ("640201570885000", False),
        ("64020157088500031", False),
        ("081234567890", False),
        ("17-08-1985", False),
        ("", False),
    ],
)
def test_sixteen_digits_that_can_be_a_nik(text: str, held: bool) -> None:
    assert holds_nik(text) is held


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tolong pin saya 482913 tidak bisa dipakai", "tolong pin saya •••••• tidak bisa dipakai"),
        ("PIN: 482 913", "PIN: ••••••"),
        ("pinnya 48-29-13, kok salah", "pinnya ••••••, kok salah"),
        ("saya ketik 482913. itu pin saya", "saya ketik ••••••. itu pin saya"),
        ("pin 4 8 2 9 1 3 salah", "pin •••••• salah"),
        ("kode pos 482913 salah", "kode pos 482913 salah"),
        ("pin diminta saat bayar Rp250.000", "pin diminta saat bayar Rp250.000"),
        ("pin diminta saat bayar 1.250.000", "pin diminta saat bayar 1.250.000"),
        ("pin hilang, nik 6402015708850003", "pin hilang, nik 6402015708850003"),
        ("pinjaman 482913", "pinjaman 482913"),
        ("pin.482913", "pin.••••••"),
        ("pin 482913,557201 ditolak", "pin ••••••,•••••• ditolak"),
        ("pin 482913.2 kali salah", "pin ••••••.2 kali salah"),
        ("pin 4829 13", "pin ••••••"),
        ("sandi saya 482913", "sandi saya ••••••"),
        (
            "PIN yang saya buat kemarin lewat hp istri di kantor 482913",
            "PIN yang saya buat kemarin lewat hp istri di kantor ••••••",
        ),
        ("pin diminta waktu bayar 250.000", "pin diminta waktu bayar 250.000"),
        ("pin tidak bisa sejak 23-11-26", "pin tidak bisa sejak 23-11-26"),
    ],
)
def test_six_digits_beside_the_word_may_be_a_pin(text: str, kept: str) -> None:
    assert without_pin(text) == kept
