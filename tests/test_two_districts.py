"""What one district adds is nothing to another: every place that goes through groups or posts says the same as before."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.domain.offices import Role
from bot.rules import load, with_decisions
from bot.store import members
from bot.store.database import Tx
from tests.world import PERIAN, World, world

pytestmark = pytest.mark.slow

KUKAR, LANDAK = "64.02", "61.08"
NIK = "6402011203870009"
TO_THE_END = (
    "kelompok", "[Tambah kelompok]", "Kader Posyandu", "[Kader Posyandu]", "[Mandiri (BPU)]", "[JKK, JKM]",
    "[Rp1.000.000]", "[ADD]", "[Desember 2026]", "[Keputusan PMPD]", "[Benar, simpan]",
)  # fmt: skip
OF_THE_VILLAGE = (
    "siapa wajib ikut", "uang dari mana", "status", "belum terlindungi", "data saya", "daftar", "Siti Aminah", "batal",
    "anggaran", "[Lembar RKPDes]", "sadar", "kirim templat", "[Template pegawai]", "peserta", "pak kadus meninggal",
    "Posyandu Siti, NIK 6402011203870001, upah 2 juta, kader lansia", "batal",
)  # fmt: skip
OF_THE_OFFICE = (
    "siapa wajib ikut", "uang dari mana", "kelompok", "[Perangkat Desa]", "[Ubah dasar iuran]", "batal", "anggaran",
    "kajian", "[Kajian baru]", "batal", "desa perian", "sadar", "rekap", "laporan",
)  # fmt: skip


async def _office(here: World) -> None:
    for user, role, place in (
        ("yuni", Role.ADMIN, KUKAR),
        ("lina", Role.ADMIN, LANDAK),
        ("darma", Role.TREASURER, PERIAN),
    ):
        await here.appoint(user, user.title(), role, place)

    def insure(tx: Tx) -> None:
        now, since = here.clock.now(), date(2026, 9, 1)
        new = members.New(PERIAN, "Siti Aminah", NIK, {"wage": 2_000_000}, "rt", "rt_ketua", since, since)
        assert members.add(tx, new, None, now)

    await here.store.transact(insure)


async def talk(here: World, user: str, *said: str) -> list[str]:
    """All that comes back: texts, buttons, and what stands in the sheets."""
    found = []
    for one in said:
        sent = await (here.presses(user, one[1:-1]) if one.startswith("[") else here.says(user, one))
        for letter in sent:
            found += [f"{user}> {one}", letter.text, *(choice.label for choice in letter.choices)]
            files = [letter.attachment] if letter.attachment else []
            found += [_cells(one.data) for one in files if one.name.endswith(".xlsx")]
    return found


def _cells(data: bytes) -> str:
    pages = load_workbook(io.BytesIO(data)).worksheets
    return "\n".join(str(row) for page in pages for row in page.iter_rows(values_only=True))


async def all_said(folder: Path, *added: str) -> list[str]:
    """What Kutai Kartanegara is told of everything, where Landak added this."""
    async with world(folder) as here:
        await _office(here)
        await talk(here, "lina", *added)
        await here.move(datetime(2026, 12, 1, 1, tzinfo=UTC), timedelta(hours=12))
        here.new()
        return [*await talk(here, "darma", *OF_THE_VILLAGE), *await talk(here, "yuni", *OF_THE_OFFICE)]


async def test_what_a_district_adds_changes_no_answer_and_no_sheet_of_another(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    alone = await all_said(tmp_path_factory.mktemp("alone"))
    beside = await all_said(tmp_path_factory.mktemp("beside"), *TO_THE_END)
    assert alone == beside
    for one in (*OF_THE_VILLAGE, *OF_THE_OFFICE):
        assert any(line.endswith(f"> {one}") for line in beside), f"no answer to {one}"


async def test_its_own_is_named_from_its_first_day_on(here: World) -> None:
    await _office(here)
    assert "Tersimpan" in "".join(await talk(here, "lina", *TO_THE_END))
    for asked in ("siapa wajib ikut", "uang dari mana"):
        assert "Pengurus RT" in "".join(said := await talk(here, "lina", asked))
        assert "Kader Posyandu" not in "".join(said)
    await here.move(datetime(2026, 12, 1, 1, tzinfo=UTC), timedelta(hours=12))
    assert "Kader Posyandu: JKK, JKM" in "".join(await talk(here, "lina", "siapa wajib ikut"))
    assert "Kader Posyandu: ADD" in "".join(await talk(here, "lina", "uang dari mana"))
    assert "Kader Posyandu" not in "".join(await talk(here, "yuni", "siapa wajib ikut", "uang dari mana"))


def test_posts_are_of_their_own_district_also_in_a_group_of_all() -> None:
    post = {"district": LANDAK, "code": "staf_6108", "label": "Staf", "category": "perangkat"}
    rules = with_decisions(load(), [(LANDAK, "position", post)])
    assert "staf_6108" in {one.code for one in rules.positions_of(LANDAK)}
    assert "staf_6108" not in {one.code for one in rules.positions_of(KUKAR)}
