"""What stands behind a greeting, and what is nothing else."""

import pytest

from bot.domain import greetings


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("assalamualaikum pak, iuran november sdh kami bayar", "iuran november sdh kami bayar"),
        ("Assalamu'alaikum wr. wb. izin bertanya", "bertanya"),
        ("halo min tagihan brp", "tagihan brp"),
        ("Selamat pagi bapak/ibu, status", "status"),
        ("met pagi kak mau daftar", "mau daftar"),
        ("pagi, tagihan", "tagihan"),
        ("halo, selamat siang pak: cek kades", "cek kades"),
        ("status", "status"),
        ("pagi tadi sudah kami setor", "pagi tadi sudah kami setor"),
        ("malam ini saya bayar", "malam ini saya bayar"),
        ("Salam Hidayat", "Salam Hidayat"),
        ("p Rusdi", "p Rusdi"),
        ("haikal", "haikal"),
        ("pagi pak kadus kecelakaan", "pagi pak kadus kecelakaan"),
        ("", ""),
    ],
)
def test_what_stands_behind_a_greeting(said: str, rest: str) -> None:
    assert greetings.without(said) == rest


@pytest.mark.parametrize(
    "said",
    ["pagi", "met pagi", "malam min", "punten", "shalom", "Halo!", "p", "tes", "ass", "assalamualaikum wr wb", "selamat siang bapak ibu",
     "salam sejahtera", "asslm", "hallo kak 🙏", "permisi pak"],
)  # fmt: skip
def test_nothing_but_a_greeting(said: str) -> None:
    assert greetings.alone(said)


@pytest.mark.parametrize(
    "said", ["", "status", "pagi ini", "salam hormat dari kami", "test drive", "ya", "makasih"]
)
def test_more_or_other_than_a_greeting(said: str) -> None:
    assert not greetings.alone(said)
