"""What might be an answer to a question of a form: mostly one that fits, at times anything."""

import random

from bench.crowd import PIN
from bench.planted import Planted

#: In place of a step, where a PIN is asked for.
PIN_ASKED = "pin"
_DATES = (
    "2 januari 2024",
    "15/9/2026",
    "kemarin",
    "1 desember 2026",
    "31 desember 2028",
    "1980-01-02",
    "besok",
)
_SOME = ("Bantu jemaat di desa", "Perlu dijelaskan dulu", "Kantor desa", "RSUD Aji Muhammad Parikesit")
#: What fits a step of a form, by its name; everything else is drawn from all of them.
_FITTING: dict[str, tuple[str, ...]] = {
    "place": ("Tenggarong", "Samarinda"), "position": ("kasi pelayanan", "kaur keuangan", "ketua RT"), "posts": ("RT", "kader"),
    "wage": ("3,2 juta", "Rp2.900.000", "1"), "value": ("250 juta", "1,2 miliar"), "workers": ("12", "0"), "count": ("40", "-3"),
    "number": ("141/12/2026", "7"), "spk": ("027/3/SPK/2026",), "basis": ("Perdes 3/2026",), "kpj": ("12345678901",),
    "account": ("5.1.02.02.01",), "village": ("perian", "2"), "villages": ("perian", "semua"), "where": ("perian", "anggana"),
    "certificate": ("SERT-12/2026",), "company": ("PT Contoh Sejahtera",), "head": ("Edi Contoh",),
}  # fmt: skip
_DATED = (
    "birth",
    "since",
    "signed",
    "until",
    "starts",
    "ends",
    "end",
    "last",
    "when",
    "at",
    "month",
    "maintained",
)
_ANY = (*_DATES, *_SOME, *(each for fitting in _FITTING.values() for each in fitting), "ya", "tidak", "simpan", "lewati",
        "kembali", "nanti", "1", "2", "9", "ubah 2", "tidak punya", "laki-laki", PIN, "999999")  # fmt: skip


def fitting(step: str, one: Planted, dice: random.Random) -> tuple[str, ...]:
    """What somebody might say who is asked for this step, with this person in mind."""
    if dice.random() < 0.3:
        return (*_ANY, *one.said, "ya")
    born = f"{dice.randrange(1, 29):02}0785"
    own = {
        "name": (one.name, "Siti Aminah"),
        "nik": (one.nik, f"640201{born}{dice.randrange(1, 9999):04}"),  # the second is nobody's yet
        "mother": (one.mother,),
        "phone": (f"0{one.phone[3:]}", "tidak punya"),
        "who": (one.name,),
        PIN_ASKED: (PIN, PIN, "999999"),
    }
    return own.get(step) or _FITTING.get(step) or (_DATES if step in _DATED else _SOME)
