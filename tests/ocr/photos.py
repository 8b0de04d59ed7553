"""Photos of identity cards are read by the real reader: `make ocr`, where the extra `ocr` is installed.

The cards are drawn here, people and all, and photographed badly.  Real cards have another typeface,
glare and a pattern: these tests prove the way, not how often it succeeds.
"""

import io
import time
from datetime import date

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.domain.identity_card import Card
from bot.domain.people import Sex
from bot.reports import cards

TODAY = date(2026, 11, 23)
LINES = (
    ("Nama", "SITI NURHALIZA"),
    ("Tempat/Tgl Lahir", "TENGGARONG, 12-08-1985"),
    ("Jenis Kelamin", "PEREMPUAN      Gol. Darah : O"),
    ("Alamat", "JL. POROS DESA NO. 12"),
    ("    RT/RW", "003/001"),
    ("    Kel/Desa", "PERIAN"),
    ("    Kecamatan", "MUARA MUNTAI"),
    ("Agama", "ISLAM"),
    ("Status Perkawinan", "KAWIN"),
    ("Pekerjaan", "PERANGKAT DESA"),
    ("Kewarganegaraan", "WNI"),
    ("Berlaku Hingga", "SEUMUR HIDUP"),
)
CARD = Card("6402055208850001", date(1985, 8, 12), Sex.FEMALE, "SITI NURHALIZA", "TENGGARONG")
INK = (20, 20, 20)


def photo(angle: float = 0, blur: float = 0, quality: int = 90, number: str = CARD.nik) -> bytes:
    """A card as a phone sees it."""
    card = Image.new("RGB", (1000, 630), (172, 205, 226))
    draw = ImageDraw.Draw(card)
    large, small = ImageFont.load_default(34), ImageFont.load_default(26)
    draw.text((330, 20), "PROVINSI KALIMANTAN TIMUR", fill=INK, font=small)
    draw.text((300, 55), "KABUPATEN KUTAI KARTANEGARA", fill=INK, font=small)
    draw.text((30, 110), "NIK", fill=INK, font=large)
    draw.text((230, 110), f": {number}", fill=INK, font=large)
    for row, (label, value) in enumerate(LINES):
        draw.text((30, 170 + 36 * row), label, fill=INK, font=small)
        draw.text((230, 170 + 36 * row), f": {value}", fill=INK, font=small)
    draw.rectangle((760, 150, 960, 400), fill=(150, 60, 60))
    taken = card.rotate(angle, expand=True, fillcolor=(90, 80, 70), resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    taken.filter(ImageFilter.GaussianBlur(blur)).save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.parametrize(("angle", "blur", "quality"), [(0, 0, 90), (7, 1, 60), (-5, 1, 50)])
async def test_a_card_is_read(angle: float, blur: float, quality: int) -> None:
    assert await cards.read(photo(angle, blur, quality), TODAY) == CARD


async def test_a_number_that_contradicts_the_card_is_not_taken() -> None:
    assert await cards.read(photo(number="6402055308850001"), TODAY) is None


async def test_what_is_no_photo_is_refused_at_once() -> None:
    begun = time.monotonic()
    for data in (b"", b"not a photo", photo()[:3000], bytes(1000)):
        assert await cards.read(data, TODAY) is None
    assert time.monotonic() - begun < 60
