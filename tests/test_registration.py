"""Registering somebody whom the rules no longer take: said, and left to who knows better."""

from bot.domain.offices import Role
from bot.store import decisions
from bot.store.database import Tx
from tests.world import PERIAN, World

RT_IN_BPU = {
    "district": "64.02", "category": "rt", "programmes": ["jkk", "jkm"], "segment": "BPU",
    "effective_from": "2015-07-01", "source": "x", "certainty": "V",
}  # fmt: skip
OLD, YOUNG = "6402014102600003", "6402015708850003"  # born 1 February 1960, 17 August 1985


async def prepared(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)

    def decide(tx: Tx) -> None:
        decisions.decide(tx, "64.02", "programme_set", RT_IN_BPU, (1, here.clock.now()))

    await here.store.transact(decide)


async def answers(here: World, *said: str) -> str:
    text = ""
    for one in said:
        text = (await here.says("darma", one))[-1].text
    return text


async def up_to_position(here: World, nik: str) -> str:
    text = await answers(here, "daftar", "Siti Aminah", nik)
    if "Apa jabatannya" not in text:
        while "lahir" not in text.lower() or "NIK:" not in text:
            text = await answers(here, "ya")
            if "Menurut NIK" in text:
                break
    return await answers(here, "ya", "Tenggarong", "Kartini", "tidak ada")


async def test_who_is_too_old_to_begin_is_asked_about_and_may_be_registered(here: World) -> None:
    await prepared(here)
    assert "jabatannya" in await up_to_position(here, OLD)
    said = await answers(here, "ketua rt")
    assert "65 tahun" in said
    assert "kantor cabang" in said
    assert "jabatannya" in await answers(here, "ganti")
    assert "upah" in await answers(here, "kasi pelayanan")  # employed people have no such limit
    await answers(here, "kembali")
    await answers(here, "ketua rt")
    assert "penghasilan" in await answers(here, "ya")


async def test_nobody_below_the_age_is_asked_about(here: World) -> None:
    await prepared(here)
    await up_to_position(here, YOUNG)
    assert "penghasilan" in await answers(here, "ketua rt")


async def test_another_date_of_birth_is_looked_at_where_the_post_is_known(here: World) -> None:
    """The review is open, and the NIK of line 2 becomes that of an older person."""
    await prepared(here)
    await up_to_position(here, YOUNG)
    await answers(here, "ketua rt", "1 juta", "ya", "2 januari 2024")
    text = await answers(here, "ubah 2", OLD)
    while "Menurut NIK" not in text:
        text = await answers(here, "ya")
    assert "kantor cabang" in await answers(here, "ya")
    assert "Periksa dulu" in await answers(here, "ya")


async def test_a_post_that_a_colleague_holds_is_asked_about(here: World) -> None:
    await prepared(here)
    await up_to_position(here, YOUNG)
    assert "upah" in await answers(here, "kasi pemerintahan")
    await answers(here, "2500000", "1 mei 2024", "simpan")
    await answers(
        here, "daftar", "Rusdi Hartono", "6402011203800001", "ya", "Tenggarong", "Kartini", "tidak ada"
    )
    said = await answers(here, "kasi pemerintahan")
    assert "*Kasi Pemerintahan* sudah diisi Siti Aminah" in said
    assert "jabatannya" in await answers(here, "ganti")
    assert "upah" in await answers(here, "kasi kesejahteraan")
    await answers(here, "kembali", "kasi pemerintahan")
    assert "upah" in await answers(here, "ya")
