"""What a month of reminders on WhatsApp costs, by the rules as they stand."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import rules, template_cost
from bot.__main__ import main
from bot.domain.dated import CERTAIN

ON = date(2026, 11, 23)
OWN = """
[[whatsapp_price]]
district = "61.08"
rupiah = 360
effective_from = 2026-07-01
source = "daftar harga Meta, 1 Juli 2026"
certainty = "V"

[[stage]]
district = "61.08"
name = "h-1"
days_before = 2
at = 09:00:00
effective_from = 2026-07-01
source = "keputusan dinas"
certainty = "V"

[[stage]]
district = "64.02"
name = "h-7"
days_before = 7
at = 09:00:00
off = true
effective_from = 2026-07-01
source = "keputusan dinas"
certainty = "V"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    return tmp_path


def ask(folder: Path | None, *words: str) -> Result:
    environment = {"PAYUNG_NOW": "2026-11-23T01:00:00+00:00", "PAYUNG_RULES": str(folder or "")}
    return CliRunner().invoke(main, ["templates", "cost", *words], env=environment)


def test_the_price_of_the_program_is_an_example_and_says_so() -> None:
    price = rules.load().whatsapp_price("64.02", ON)
    assert price.source.startswith("CONTOH")
    assert price.certainty not in CERTAIN
    shown = ask(None).output
    assert "CONTOH, bukan harga Meta" in shown
    assert "NOT KNOWN FOR SURE" in shown


@pytest.mark.parametrize(
    ("district", "least", "most"),
    [
        ("61.08", "156 x 1 x Rp500 = Rp78.000 a month", "156 x 5 x Rp500 = Rp390.000 a month"),
        ("64.02", "193 x 1 x Rp500 = Rp96.500 a month", "193 x 5 x Rp500 = Rp482.500 a month"),
    ],
)
def test_all_villages_of_a_district_are_counted(district: str, least: str, most: str) -> None:
    shown = ask(None, "--district", district).output
    assert least in shown
    assert most in shown
    assert "h-7, h-3, h-1, h+1 = 4" in shown


def test_the_guide_shows_what_the_command_prints() -> None:
    guide = Path("docs/panduan/operator.md").read_text("utf-8")
    for district in ("61.08", "64.02"):
        assert ask(None, "--district", district).output in guide


def test_a_district_reckons_with_its_own_price_and_its_own_stages(own: Path) -> None:
    shown = ask(own, "--district", "61.08", "--villages", "10").output
    assert "10 x 5 x Rp360 = Rp18.000 a month" in shown
    assert "since 2026-07-01 (daftar harga Meta, 1 Juli 2026)" in shown
    assert "NOT KNOWN" not in shown
    assert "up to 1 may be free: h-1" in shown
    assert "h-3, h-1, h+1 = 3" in ask(own, "--district", "64.02").output


def test_no_village_and_an_unknown_district_are_refused() -> None:
    assert [ask(None, "--villages", count).exit_code for count in ("0", "-1")] == [2, 2]
    refused = ask(None, "--district", "99.99")
    assert refused.exit_code == 1
    assert "no district 99.99" in refused.output


def test_a_district_without_reminders_pays_nothing(tmp_path: Path) -> None:
    stage = '[[stage]]\ndistrict = "64.02"\nname = "{}"\ndays_before = 1\nat = 09:00:00\noff = true\n'
    dated = 'effective_from = 2026-07-01\nsource = "keputusan dinas"\ncertainty = "V"\n'
    rows = "".join(stage.format(name) + dated for name in ("h-7", "h-3", "h-1", "h+1"))
    (tmp_path / "own.toml").write_text(rows, "utf-8")
    found = template_cost.month(rules.load(None, tmp_path), "64.02", ON)
    assert (found.stages, found.inside, found.least, found.most) == ((), (), 0, 0)
