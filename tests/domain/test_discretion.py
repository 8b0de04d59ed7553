"""What of somebody's own words counts as a NIK."""

import pytest

from bot.domain.discretion import holds_nik


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
