"""What stands on a button may be typed: in every list of buttons that a conversation shows, and before commands."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels import memory
from bot.domain import picking
from bot.domain.offices import Role
from bot.messages import Address, Choice, Outgoing
from bot.store import outbox
from bot.store.database import Tx
from tests.world import PERIAN, World

FOLDER = Path(__file__).parent / "conversations"
_BUTTON = re.compile(r"\[([^\]]*)\]")
_NUMBERED = re.compile(r"^[0-9]+ ")


def rows() -> list[tuple[str, ...]]:
    """The labels of every question that a conversation shows, each list once."""
    found: dict[tuple[str, ...], None] = {}
    for path in sorted(FOLDER.rglob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            labels = _BUTTON.findall(line) if line.startswith("  [") else []
            if labels:
                found[tuple(_NUMBERED.sub("", each) if len(labels) > 3 else each for each in labels)] = None
    return list(found)


def test_every_label_chooses_its_own_button_whatever_stands_beside_it() -> None:
    lists = rows()
    assert len(lists) > 300
    wrong = [
        (label, labels)
        for labels in lists
        for place, label in enumerate(labels)
        if labels.count(label) == 1 and picking.pick(label, labels) != place
    ]
    assert wrong == []


async def offered(here: World, label: str, meaning: str = "menu:bantuan") -> None:
    """A question with this button and another one, to Darma."""
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.says("darma", "menu")

    def put(tx: Tx) -> None:
        person = tx.one("SELECT person FROM address WHERE user = 'darma'")["person"]
        choices = (Choice("menu:riwayat", "Yang lain"), Choice(meaning, label))
        to = Address(memory.NAME, "darma")
        outbox.put(
            tx,
            here.clock.now(),
            Outgoing(to, "status/no_such_person", {"name": "x"}, choices, key="offer", person=person),
        )

    await here.store.transact(put)
    await here.settle()
    here.new()


async def told(here: World, said: str) -> str:
    return " ".join(one.text for one in await here.says("darma", said))


HELP = "*Orang*: DAFTAR"  # what the button says here


@pytest.mark.parametrize(
    "label",
    ["Berhenti/diganti", "Desa lain", "Siaran 1", "Akhiri hari ini", "Mulai 1 Des", "Kembali", "Batal", "Nanti",
     "Sudah lunas semua", "Desa menunggak", "Daftar telepon", "Kembali ke siaran"],
)  # fmt: skip
async def test_a_label_is_its_button_and_no_command_that_begins_alike(here: World, label: str) -> None:
    await offered(here, label)
    assert HELP in await told(here, label.lower())


@pytest.mark.parametrize("label", ["Iuran", "Proyek", "Status"])
async def test_a_single_word_that_is_a_command_is_the_command(here: World, label: str) -> None:
    await offered(here, label)
    assert HELP not in await told(here, label.lower())


async def test_what_is_pressed_once_is_a_command_the_second_time(here: World) -> None:
    await offered(here, "Sudah lunas")
    here.clock.move(here.clock.now() + timedelta(minutes=59))
    assert HELP in await told(here, "sudah lunas")
    assert HELP not in await told(here, "sudah lunas")


async def test_which_month_was_paid_the_command_knows(here: World) -> None:
    await offered(here, "Sudah bayar", f"paid:{PERIAN}:PU:2026-11")
    assert "dicatat sudah dibayar" not in await told(here, "sudah bayar")  # nobody is insured there


async def test_much_later_the_command_is_meant(here: World) -> None:
    await offered(here, "Sudah bayar")
    here.clock.move(here.clock.now() + timedelta(minutes=61))
    assert HELP not in await told(here, "sudah bayar")


async def test_a_cry_for_help_is_heard_whatever_stands_on_a_button(here: World) -> None:
    await offered(here, "Kecelakaan kerja")
    assert "Tolong korban dulu" in await told(here, "kecelakaan kerja")


async def test_within_a_form_the_button_of_what_came_between_may_be_typed(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    for said in ("daftar", "pak kadus kecelakaan tadi pagi"):
        await here.says("darma", said)
        here.clock.move(here.clock.now() + timedelta(minutes=1))
    assert "Siapa yang mengalami?" in await told(here, "catat kejadian")


async def test_a_name_is_a_name_though_a_button_is_called_alike(here: World) -> None:
    await offered(here, "Budi Santoso")
    await here.says("darma", "daftar")
    assert "Berapa NIK Budi Santoso?" in await told(here, "Budi Santoso")
