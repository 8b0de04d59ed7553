"""Whether somebody wants a broadcast stopped, and which."""

import pytest

from bot.domain.stopping import asks, number, says_so, speaks_of_sending


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("batal siaran", None),
        ("batalkan siaran 1", 1),
        ("hentikan siaran 1 sekarang", 1),
        ("tarik siaran 3", 3),
        ("siaran 1 batal", 1),
        ("tolong siaran no 12 dibatalkan saja ya pak", 12),
        ("siaran tadi jangan dikirim dulu", None),
        ("siaran #4 stop", 4),
        ("jangan jadi dikirim", None),
        ("stop kirim", None),
    ],
)
def test_a_broadcast_is_to_be_stopped(said: str, which: int | None) -> None:
    assert asks(said)
    assert number(said) == which


@pytest.mark.parametrize(
    "said",
    [
        "siaran Rapat besok dibatalkan karena hujan",  # the text of a new one
        "siaran 1",
        "batal",
        "stop",
        "batalkan laporan",
        "jangan kirim SK dulu",
        "siaran undangan",
        "jangan lupa siaran jam 9 di kantor",
    ],
)
def test_nothing_is_to_be_stopped(said: str) -> None:
    assert not asks(said)


def test_what_stands_behind_the_command_may_say_so_too() -> None:
    assert says_so("1 batal")
    assert says_so("batalkan")
    assert not says_so("1")
    assert not says_so("Mohon batalkan rapat besok")


@pytest.mark.parametrize(("said", "so"), [("kirim", True), ("pesan itu", True), ("kades perian", False)])
def test_what_was_sent_around(said: str, so: bool) -> None:
    assert speaks_of_sending(said) is so
