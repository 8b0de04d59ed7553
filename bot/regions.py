"""The villages of Indonesia with their Kemendagri codes, read once into our own table."""

from collections.abc import Iterator

from lokal import wilayah

from bot.store.places import Village

#: The fourth block of a code: 2 a village (desa), 3 a customary village; 1 would be a kelurahan.
_VILLAGES = ("2", "3")


def villages(district: str) -> Iterator[Village]:
    """All villages (desa) of a district, by code; none for an unknown code."""
    for subdistrict in wilayah.list_wilayah(district):
        for region in wilayah.list_wilayah(subdistrict.code):
            if region.code.rpartition(".")[2].startswith(_VILLAGES):
                yield Village(region.code, district, subdistrict.name, region.name)
