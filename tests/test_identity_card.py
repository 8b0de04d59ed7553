"""Identity cards: what is read off a photo's pieces of text, and how a form takes it, word by word."""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.domain.identity_card import Card, Piece, read
from bot.domain.offices import Role
from bot.domain.people import Sex
from bot.jobs import Done, Worker
from bot.messages import Kind, Letter
from tests.world import PERIAN, World, world

TODAY = date(2026, 11, 23)
LINES = (
    ("PROVINSI KALIMANTAN TIMUR",),
    ("KABUPATEN KUTAI KARTANEGARA",),
    ("NIK", ":6402055208850001"),
    ("Nama", ":SITI NURHALIZA"),
    ("Tempat/Tgl Lahir TENGGARONG, 12-08-1985",),
    ("Jenis Kelamin", ":PEREMPUAN Gol. Darah:O"),
    ("Alamat", ": JL. POROS DESA NO. 12"),
    ("Status PerkawinarKAWIN",),
)
CARD = Card("6402055208850001", date(1985, 8, 12), Sex.FEMALE, "SITI NURHALIZA", "TENGGARONG")


def seen(lines: object = LINES, angle: float = 0.0, sure: float = 0.99) -> list[Piece]:
    """The pieces of a card, turned by so many degrees, in the order in which a reader may print them."""
    turn = math.radians(angle)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)

    assert isinstance(lines, tuple)
    pieces = []
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            x, y, wide = 30 + 200 * column, 100 + 40 * row, 14 * len(text)
            corners = [at(x, y), at(x + wide, y), at(x + wide, y + 28), at(x, y + 28)]
            pieces.append(Piece(text, sure, corners))
    return pieces[::-1]


@pytest.mark.parametrize("angle", [0, 3, -7, 12, -20])
def test_a_card_is_read_also_when_it_lies_askew(angle: float) -> None:
    assert read(seen(angle=angle), TODAY) == CARD


def changed(old: str, new: str) -> tuple[tuple[str, ...], ...]:
    """The card with one text changed."""
    return tuple(tuple(text.replace(old, new) for text in line) for line in LINES)


@pytest.mark.parametrize(
    "lines",
    [
        changed("6402055208850001", "640205520885001"),  # a digit was not seen
        changed("6402055208850001", "6402055208860001"),  # a 5 read as a 6: another year
        changed("6402055208850001", "6402051208850001"),  # a 5 read as a 1: a man, and the card says woman
        changed("6402055208850001", "9902055208850001"),  # no such province
        changed("12-08-1985", "13-08-1985"),
        changed("12-08-1985", "32-08-1985"),
        changed("12-08-1985", ""),
        changed("NIK", "6402055208850002"),  # two numbers: whose?
        (),
    ],
)
def test_what_is_not_sure_is_no_card(lines: object) -> None:
    assert read(seen(lines), TODAY) is None


def test_a_card_that_is_hardly_legible_is_none() -> None:
    assert read(seen(sure=0.5), TODAY) is None


@pytest.mark.parametrize("said", ["", ":", ": -", ":6402055208850001"])
def test_a_name_that_cannot_be_one_is_left_to_be_asked(said: str) -> None:
    if "64" in said:
        lines = tuple(line for line in LINES if line[0] != "NIK")
        lines = tuple(("Nama", said) if line[0] == "Nama" else line for line in lines)
        found = read(seen(lines), TODAY)
    else:
        found = read(seen(changed(":SITI NURHALIZA", said)), TODAY)
    assert found is not None
    assert not found.name


# -- in the conversation ---------------------------------------------------------------------------

PHOTO = {"id": "photo", "name": "", "mime": "image/jpeg", "size": 90_000}
TOLD = {
    "name": "SITI NURHALIZA",
    "nik": CARD.nik,
    "place": "TENGGARONG",
    "born": "1985-08-12",
    "sex": "Perempuan",
}

#: What no card says.
REST = ("Rukmini", "tidak punya hp", "kasi pelayanan", "2.022.200", "2 januari 2020")


@pytest.fixture
async def darma(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as here:
        await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
        await here.says("darma", "daftar")
        yield here


def last(said: Sequence[Letter]) -> Letter:
    """The newest of some answers that is text."""
    return [letter for letter in said if letter.kind is Kind.TEXT][-1]


async def photographed(here: World, facts: Mapping[str, object]) -> str:
    """A photo is sent, its reader says this; what the bot answers."""

    async def work(_args: Mapping[str, object]) -> Done:
        return Done(facts)

    reader = Worker(here.store, here.clock, {"card": work})
    here.engine.worker.once, kept = reader.once, here.engine.worker.once  # type: ignore[method-assign]
    try:
        said = await here.says("darma", shape="photo", file=PHOTO)
    finally:
        here.engine.worker.once = kept  # type: ignore[method-assign]
    return "\n".join(letter.text for letter in said)


async def test_a_machine_that_reads_no_photos_says_so(darma: World) -> None:
    said = await darma.says("darma", shape="photo", file=PHOTO)
    assert "Foto tidak saya baca" in last(said).text


async def test_the_form_goes_on_behind_what_the_card_says(darma: World) -> None:
    said = await photographed(darma, {"card": TOLD})
    assert "SITI NURHALIZA" in said
    assert "NIK berakhir 0001" in said
    assert CARD.nik not in said
    assert "ibu kandung" in last(await darma.presses("darma", "Ya, pakai")).text
    for answer in REST:
        said_last = last(await darma.says("darma", answer)).text
    assert "SITI NURHALIZA" in said_last
    assert "12 Agustus 1985" in said_last
    assert "TENGGARONG" in said_last


async def test_what_was_typed_already_stays(darma: World) -> None:
    await darma.says("darma", "Siti Nurhaliza, S.Pd.")
    await photographed(darma, {"card": TOLD})
    await darma.presses("darma", "Ya, pakai")
    for answer in REST:
        said = last(await darma.says("darma", answer)).text
    assert "Siti Nurhaliza, S.Pd." in said


async def test_ketik_sendiri_asks_again(darma: World) -> None:
    await photographed(darma, {"card": TOLD})
    assert "nama" in last(await darma.presses("darma", "Ketik sendiri")).text.lower()


async def test_a_card_that_could_not_be_read_is_asked_for(darma: World) -> None:
    assert "belum terbaca" in await photographed(darma, {})


async def test_somebody_registered_already_is_not_filled_in_again(darma: World) -> None:
    await photographed(darma, {"card": TOLD})
    await darma.presses("darma", "Ya, pakai")
    for answer in REST:
        await darma.says("darma", answer)
    await darma.presses("darma", "Benar, simpan")
    await darma.says("darma", "daftar")
    await photographed(darma, {"card": TOLD})
    refused, asked = [
        letter.text for letter in await darma.presses("darma", "Ya, pakai") if letter.kind is Kind.TEXT
    ]
    assert "SITI NURHALIZA, Kasi Pelayanan" in refused
    assert "NIK" in asked


async def test_a_form_that_was_finished_meanwhile_is_not_opened_again(darma: World) -> None:
    await photographed(darma, {"card": TOLD})
    await darma.says("darma", "batal")
    assert "Ya, pakai" not in [c.label for c in last(await darma.presses("darma", "Ya, pakai")).choices]


async def test_a_photo_at_a_later_question_is_not_read(darma: World) -> None:
    await photographed(darma, {"card": TOLD})
    await darma.presses("darma", "Ya, pakai")
    assert "Foto tidak saya baca" in await photographed(darma, {"card": TOLD})
