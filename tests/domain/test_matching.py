"""Villages and people by names that are nearly right."""

import pytest

from bot.domain.matching import best

VILLAGES = {
    "1": "Loa Duri Ulu",
    "2": "Loa Duri Ilir",
    "3": "Kota Bangun I",
    "4": "Kota Bangun II",
    "5": "Kota Bangun III",
    "6": "Sumber Sari",
    "7": "Sumber Sari",
    "8": "Perian",
    "9": "Jonggon Jaya",
    "10": "Kampung Baru",
    "11": "Batuah",
    "12": "Bangun Rejo",
    "13": "Sebulu Moderen",
}


@pytest.mark.parametrize(
    ("query", "village"),
    [
        ("Loa Duri Ulu", "1"),
        ("loa duri ilir", "2"),
        ("kota bangun 2", "4"),
        ("KOTA BANGUN III", "5"),
        ("Desa Perian", "8"),
        ("ds. prian", "8"),
        ("jonggonjaya", "9"),
        ("kampung baru", "10"),
        ("bangunrejo", "12"),
        ("pemerintah desa sebulu modern", "13"),
    ],
)
def test_surely_meant(query: str, village: str) -> None:
    assert best(query, VILLAGES).sure == village


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lo duri", {"1", "2"}),
        ("loa duri 2", {"1", "2"}),  # Roman II is not Ilir
        ("sumber sari", {"6", "7"}),  # two villages of this name
        ("kota bangun", {"3", "4", "5"}),
        ("kota bangun 4", {"3", "4", "5"}),
    ],
)
def test_more_than_one_may_be_meant(query: str, first: set[str]) -> None:
    found = best(query, VILLAGES)
    assert found.sure is None
    assert set(found.likely[: len(first)]) == first
    assert len(found.likely) <= 5


@pytest.mark.parametrize("query", ["", "?", "xyzzy", "desa", "a", "loa " * 1000])
def test_none_is_near(query: str) -> None:
    assert best(query, VILLAGES).sure is None


def test_a_first_name_is_enough_when_only_one_person_has_it() -> None:
    people = {1: "Siti Aminah", 2: "Budi Santoso", 3: "H. Abdul Ra'uf, S.Pd."}
    assert best("bu Siti", people).sure == 1
    assert best("abdul rauf", people).sure == 3
    assert best("siti", people | {4: "Siti Nurhaliza"}).likely[:2] == [1, 4]


def test_nobody_to_choose_from() -> None:
    assert best("siti", {}).likely == []
