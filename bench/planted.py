"""Made-up people whose every datum can be told from all else, and whether something shows one."""

import io
import random
import re
import secrets
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pypdf import PdfReader

from bot.messages import Document
from bot.reports import printing, sheets
from bot.store.vault import Vault

BEGINS = datetime(2026, 11, 23, 1, tzinfo=UTC)
_ODD = re.compile(r"[^0-9a-z]+")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Planted:
    """One insured person."""

    name: str
    nik: str
    mother: str
    phone: str
    wage: int

    @property
    def traces(self) -> list[str]:
        """What must not be found where it does not belong, in small letters and digits only."""
        local = self.phone[3:]  # as it stands in +62812… and in 0812…
        words = (self.name, self.nik, self.mother, local, str(self.wage))
        return [bare(word) for word in words]

    @property
    def said(self) -> list[str]:
        """The same as people write it."""
        dotted = f"{self.nik[:6]}.{self.nik[6:12]}.{self.nik[12:]}"
        grouped = " ".join(self.nik[at : at + 4] for at in range(0, 16, 4))
        wage = f"Rp{self.wage:,}".replace(",", ".")
        return [self.name, self.nik, dotted, grouped, self.mother, f"0{self.phone[3:]}", self.phone, wage]


def bare(text: str) -> str:
    """The text in small letters and digits only."""
    return _ODD.sub("", text.lower())


def vault() -> Vault:
    """A vault with keys of its own."""
    return Vault({1: secrets.token_bytes(64)}, secrets.token_bytes(32))


def inside(file: Document) -> str:
    """All text of a file: of each part of a workbook, of each page of a letter; a picture has none."""
    data = io.BytesIO(file.data)
    if file.mime == printing.PDF:
        return " ".join(page.extract_text() for page in PdfReader(data).pages)
    if file.mime != sheets.MIME:
        return ""
    with zipfile.ZipFile(data) as parts:
        return " ".join(
            _TAGS.sub(" ", parts.read(name).decode("utf-8", "replace")) for name in parts.namelist()
        )


def somebody(dice: random.Random) -> Planted:
    """Somebody made up, with names that no sentence contains by chance."""

    def made_up() -> str:
        return (
            "".join(dice.choice("bdgklmnprst") + dice.choice("aiueo") for _ in range(4)).capitalize() + "qx"
        )

    born = date(1970 + dice.randrange(30), 1 + dice.randrange(12), 1 + dice.randrange(28))
    nik = f"640201{born:%d%m%y}{dice.randrange(1000, 9999)}"
    phone = f"+62812{dice.randrange(10_000_000, 99_999_999)}"
    return Planted(f"{made_up()} {made_up()}", nik, made_up(), phone, dice.randrange(2_100_001, 3_900_000, 2))
