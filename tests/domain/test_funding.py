"""Where the money comes from: what people write, what may be paid from it, where it is booked."""

from datetime import date

import pytest

from bot.domain.funding import parse, verdict
from bot.rules import load, with_decisions

RULES = load()
TODAY = date(2026, 11, 23)
KUKAR = "64.02"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ADD", "add"),
        ("A.D.D.", "add"),
        ("dari ADD tahap 2.", "add"),
        ("Alokasi Dana Desa", "add"),
        ("alokasi  dana\ndesa (ADD)", "add"),
        ("dana desa", "dana_desa"),
        ("pakai DD", "dana_desa"),
        ("D.D", "dana_desa"),
        ("BHPR", "bhpr"),
        ("bagi hasil pajak dan retribusi daerah", "bhpr"),
        ("DBH", "bhpr"),
        ("PADes", "pades"),
        ("pendapatan asli desa", "pades"),
        ("bantuan keuangan kabupaten", "bankeu"),
        ("BKK", "bankeu"),
        ("ADD dan PADes", None),
        ("alokasi dana desa dan dana desa", None),
        ("bukan dana desa", None),
        ("selain Dana Desa", None),
        ("addendum", None),
        ("uang pribadi", None),
        ("", None),
        ("😀", None),
    ],
)
def test_what_people_write(text: str, code: str | None) -> None:
    assert parse(text, RULES) == code


def test_names_of_sources_are_used_once() -> None:
    names = [name.casefold() for f in RULES.fundings for name in (f.label, *f.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("category", ["kades", "perangkat", "bpd"])
def test_dana_desa_is_refused(category: str) -> None:
    assert verdict(RULES, KUKAR, [category], "dana_desa", TODAY) == (
        False,
        "Permendes 16/2025 (Dana Desa 2026)",
    )
    assert verdict(RULES, KUKAR, [category], "dana_desa", date(2027, 2, 1))[0] is False


@pytest.mark.parametrize("funding", ["add", "bhpr", "pades"])
def test_other_sources_may_pay(funding: str) -> None:
    allowed, source = verdict(RULES, KUKAR, ["kades", "perangkat", "bpd"], funding, TODAY)
    assert allowed
    assert source


@pytest.mark.parametrize(
    ("categories", "funding", "day", "allowed"),
    [
        (["rt"], "dana_desa", TODAY, None),
        (["rt", "kades"], "dana_desa", TODAY, False),
        (["rt"], "add", TODAY, None),
        (["kades", "rt"], "add", TODAY, None),
        (["kades", "rt"], "pades", TODAY, True),
        (["kades"], "bankeu", TODAY, None),
        (["bpd"], "dana_desa", date(2025, 6, 1), None),
        (["kades"], "dana_desa", date(2025, 6, 1), False),
        ([], "add", TODAY, None),
    ],
)
def test_verdicts(categories: list[str], funding: str, day: date, allowed: bool | None) -> None:
    assert verdict(RULES, KUKAR, categories, funding, day)[0] is allowed


def test_a_district_decides_about_its_rt() -> None:
    row = {
        "district": KUKAR,
        "category": "rt",
        "funding": "add",
        "allowed": True,
        "effective_from": "2026-01-01",
        "source": "Perbup 2/2026",
        "certainty": "V",
    }
    rules = with_decisions(RULES, [(KUKAR, "funding_rule", row)])
    assert verdict(rules, KUKAR, ["rt"], "add", TODAY) == (True, "Perbup 2/2026")
    assert verdict(rules, "61.08", ["rt"], "add", TODAY) == (None, "")


def test_accounts() -> None:
    found = [RULES.account(KUKAR, category, TODAY) for category in ("kades", "perangkat", "bpd")]
    assert [account and account.code for account in found] == ["5.1.3.03", "5.1.3.04", None]
    assert RULES.funding("add").label == "ADD"
