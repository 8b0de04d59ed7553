"""Villages, kecamatan and offices as people name them."""

import time
from dataclasses import dataclass

import pytest

from bot.domain import placing
from tests.world import all_villages

KUKAR = [village for village in all_villages() if village.district == "64.02"]
ANGGANA = [village for village in KUKAR if village.subdistrict == "Anggana"]


@dataclass(frozen=True)
class Place:
    """A village of a small district."""

    code: str
    name: str
    subdistrict: str


@pytest.mark.parametrize("village", KUKAR, ids=lambda village: village.code)
def test_every_village_is_found_by_its_label_and_its_code(village: placing.Place) -> None:
    label = f"Desa {village.name}, Kec. {village.subdistrict}"
    for said in (label, label.lower(), f"{village.name} {village.subdistrict}", village.code):
        found = placing.village(said, KUKAR)
        assert (found.sure, found.exact, found.likely) == (village, True, (village,))


@pytest.mark.parametrize(
    "said",
    [
        "perian",
        "PERIAN",
        "desa perian",
        "saya dari desa perian",
        "perian kec muara muntai",
        "perian kec.muara muntai",
        "Perian (Kec. Muara Muntai)",
        "perian, kecamatan muara muntay",
        "perian kecamatan muara muntai kabupaten kutai kartanegara",
        "perian muara muntai",
    ],
)
def test_one_village_is_named_in_many_ways(said: str) -> None:
    found = placing.village(said, KUKAR)
    assert found.named is not None
    assert found.named.code == "64.02.01.2001"


def test_a_slip_is_sure_and_not_exact() -> None:
    found = placing.village("muara pantuam", KUKAR)
    assert found.sure is not None
    assert found.sure.name == "Muara Pantuan"
    assert found.named is None


def test_equal_names_are_asked_about_until_the_kecamatan_is_named() -> None:
    asked = placing.village("sidomulyo", KUKAR)
    assert asked.sure is None
    assert [one.subdistrict for one in asked.likely] == ["Anggana", "Tabang"]
    for said in ("sidomulyo tabang", "sidomulyo, kec. tabang", "sidomulyo kec tabanng"):
        found = placing.village(said, KUKAR).sure
        assert found is not None
        assert found.subdistrict == "Tabang"


def test_what_is_not_offered_is_counted() -> None:
    found = placing.village("muara", KUKAR)
    assert (found.sure, len(found.likely)) == (None, 5)
    assert len(found.more) == 14
    assert not set(found.more) & set(found.likely)
    assert all("Muara" in one.name for one in found.more)
    assert placing.village("perain", KUKAR).more == ()
    same = [Place(f"64.02.{at:02}.2001", "Sidomulyo", f"Kecamatan {at}") for at in range(1, 8)]
    assert [one.code for one in placing.village("sidomulyo", same).more] == ["64.02.06.2001", "64.02.07.2001"]


def test_a_kecamatan_alone_names_no_village_of_it() -> None:
    for said in ("kota bangun", "tenggarong"):
        assert placing.village(said, KUKAR).sure is None
    assert {one.subdistrict for one in placing.village("kota bangun", KUKAR).likely} >= {"Kota Bangun"}


@pytest.mark.parametrize(
    ("said", "all_"),
    [("", True), ("dong pak", True), ("kabupaten", True), ("hari ini", True), ("kab. Kutai Kartanegara", True),
     ("per kecamatan", True), ("november", True), ("bulan lalu", True), ("kab. kukar", True), ("kukra", False), ("semua kecamatan pak", True), ("mei 2026", True),
     ("anggana", False), ("jakarta", False), ("kec. anggana", False)],
)  # fmt: skip
def test_words_that_name_no_kecamatan(said: str, all_: bool) -> None:
    assert placing.means_all(said, "Kutai Kartanegara") is all_


def test_a_village_is_not_looked_for_in_another_kecamatan() -> None:
    assert placing.village("perian, kec. anggana", KUKAR).sure is None
    unknown = placing.village("perian, kec. qwertyuiop", KUKAR)
    assert unknown.sure is None
    assert [one.name for one in unknown.likely] == ["Perian"]


def test_what_is_not_among_them_is_not_found() -> None:
    assert placing.village("64.02.99.2001", KUKAR) == placing.Found()
    assert placing.village("", KUKAR) == placing.Found()
    assert placing.village("perian", ANGGANA).sure is None


def test_kecamatan_of_two_districts_may_share_a_name() -> None:
    both = [Place("61.01.01.2001", "Sebangun", "Sungai Raya"), Place("61.12.01.2001", "Kapur", "Sungai Raya")]
    found = placing.village("kapur, kec. sungai raya", both)
    assert found.named == both[1]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("anggana", "Anggana"),
        ("kec. anggana", "Anggana"),
        ("kecamatan muara muntay", "Muara Muntai"),
        ("x", ""),
    ],
)
def test_kecamatan(said: str, name: str) -> None:
    found = placing.subdistrict(said, KUKAR).sure
    assert (found.name if found else "") == name


def test_a_kecamatan_before_a_name() -> None:
    found, rest = placing.subdistrict_before("kec. muara muntai Budi Santoso", KUKAR)
    assert (found.named and found.named.code, rest) == ("64.02.01", "Budi Santoso")
    near, rest = placing.subdistrict_before("muara muntia Budi", KUKAR)
    assert (near.sure, rest) == (None, "")
    assert near.likely[0].name == "Muara Muntai"


@pytest.mark.parametrize(
    "said",
    [
        "Perian",
        "desa muara leka",
        "Sungai Payang kec. Loa Kulu",
        "64.02.01.2001",
        "PT Perian Jaya",
        "Periann",
        "",
    ],
)
def test_what_is_named_is_never_guessed(said: str) -> None:
    assert placing.named(said, all_villages()) == placing.village(said, all_villages()).named


@pytest.mark.slow
def test_the_names_of_two_thousand_companies_are_read_in_time() -> None:
    began = time.process_time()
    assert not any(placing.named(f"PT Maju {number} Jaya", all_villages()) for number in range(2_000))
    assert time.process_time() - began < 1.5
