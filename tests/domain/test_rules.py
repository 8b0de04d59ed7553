"""The dated rules: every row is sound, and the right one is found for a day and a district."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.rulebook import Payer
from bot.errors import Misconfigured
from bot.rules import FOLDER, load

RULES = load()
TODAY = date(2026, 11, 23)
DECIDED = """
effective_from = 2027-01-01
source = "Perbup 1/2027"
certainty = "V"
"""


@pytest.mark.parametrize(
    ("programme", "employer", "worker"),
    [("jkk", "0.24", None), ("jkm", "0.30", None), ("jht", "3.70", "2.00"), ("jp", "2.00", "1.00")],
)
def test_rates_of_employed_people(programme: str, employer: str, worker: str | None) -> None:
    found = {rate.payer: rate.percent for rate in RULES.rates(programme, TODAY)}
    assert found[Payer.EMPLOYER] == Decimal(employer)
    assert found.get(Payer.WORKER) == (Decimal(worker) if worker else None)


@pytest.mark.parametrize(
    ("day", "cap"),
    [(date(2025, 3, 1), 10_547_400), (date(2026, 2, 28), 10_547_400), (date(2026, 3, 1), 11_086_300)],
)
def test_the_wage_cap_of_jp_changes_in_march(day: date, cap: int) -> None:
    found = RULES.cap("jp", day)
    assert found is not None
    assert found.amount == cap


def test_caps_follow_each_other_without_a_gap() -> None:
    caps = sorted(RULES.all_caps, key=lambda cap: cap.effective_from)
    ends = [cap.effective_to for cap in caps]
    assert ends[-1] is None
    assert all(end and (new.effective_from - end).days == 1 for end, new in zip(ends, caps[1:], strict=False))


def test_districts_and_their_clocks() -> None:
    kukar, landak = RULES.district("64.02"), RULES.district("61.08")
    assert (kukar.office, kukar.zone.key, kukar.zone_label) == ("DPMD", "Asia/Makassar", "WITA")
    assert (landak.office, landak.zone.key, landak.zone_label) == ("PMPD", "Asia/Pontianak", "WIB")
    with pytest.raises(Misconfigured, match=r"no district 11\.01"):
        RULES.district("11.01")


@pytest.mark.parametrize("category", ["kades", "perangkat", "bpd", "rt"])
def test_every_category_has_programmes_and_every_position_a_wage(category: str) -> None:
    assert RULES.programme_set("64.02", category, TODAY).programmes == ("jkk", "jkm")
    positions = [position for position in RULES.positions if position.category == category]
    assert positions
    assert all(RULES.wage_base("64.02", position, TODAY) for position in positions)


def test_a_position_may_have_a_wage_of_its_own() -> None:
    amounts = [RULES.wage_base("64.02", RULES.position(code), TODAY) for code in ("sekdes", "kadus")]
    assert [base and base.amount for base in amounts] == [2_224_420, 2_022_200]


def test_names_and_aliases_of_positions_are_used_once() -> None:
    names = [name.casefold() for p in RULES.positions for name in (p.label, *p.aliases)]
    assert len(names) == len(set(names))


def test_reminders_at_nine() -> None:
    assert [(stage.days_before, stage.at) for stage in RULES.stages(TODAY)] == [
        (7, time(9)),
        (3, time(9)),
        (1, time(9)),
        (-1, time(9)),
    ]


def test_a_bot_for_one_district_knows_no_other() -> None:
    assert [district.code for district in RULES.only(["61.08"]).districts] == ["61.08"]


def test_programmes_by_code() -> None:
    assert (RULES.programme("jkm").label, RULES.programme("jkm").name) == ("JKM", "Jaminan Kematian")


def test_every_row_says_where_it_comes_from() -> None:
    rows = [
        *RULES.all_rates,
        *RULES.all_caps,
        *RULES.all_programme_sets,
        *RULES.all_wage_bases,
        *RULES.all_stages,
    ]
    assert all(row.source for row in rows)


def test_a_district_decides_for_itself_from_a_day_on(tmp_path: Path) -> None:
    (tmp_path / "landak.toml").write_text(
        '[[programme_set]]\ndistrict = "61.08"\ncategory = "kades"\n'
        f'programmes = ["jkk", "jkm", "jht"]{DECIDED}'
        f'[[wage_base]]\ndistrict = "61.08"\ncategory = "kades"\namount = 3_000_000{DECIDED}'
        f'[[risk]]\ndistrict = "61.08"\nrisk = "II"{DECIDED}',
        "utf-8",
    )
    rules, kades, new_year = load(FOLDER, tmp_path), RULES.position("kades"), date(2027, 1, 1)
    for district, day, programmes, wage, percent in [
        ("61.08", new_year, 3, 3_000_000, "0.54"),
        ("61.08", TODAY, 2, 2_426_640, "0.24"),
        ("64.02", new_year, 2, 2_426_640, "0.24"),
    ]:
        base = rules.wage_base(district, kades, day)
        assert base is not None
        assert base.amount == wage
        assert len(rules.programme_set(district, "kades", day).programmes) == programmes
        assert rules.rates("jkk", day, district)[0].percent == Decimal(percent)


def test_a_row_of_a_later_folder_replaces_the_same_row(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[[category]]\ncode = "kades"\nlabel = "Petinggi"\n', "utf-8")
    rules = load(FOLDER, tmp_path)
    assert rules.category("kades").label == "Petinggi"
    assert len(rules.categories) == len(RULES.categories)


CATEGORY = '[[category]]\ncode = "x"\nlabel = "X"\n'
PROGRAMME = '[[programme]]\ncode = "jkk"\nlabel = "JKK"\nname = "JKK"\n'
RATE = '[[rate]]\nprogramme = "jkk"\npayer = "employer"\n'
DATED = 'effective_from = 2015-07-01\nsource = "PP"\ncertainty = "V"\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[rate", "bad.toml: cannot be read"),
        ("[[tarif]]\n", r"bad.toml: \[\[tarif\]\] is not a table"),
        ("category = 3\n", r"\[\[category\]\] is not a table"),
        (CATEGORY + CATEGORY, r"row 2: the same as bad.toml, \[\[category\]\] row 1"),
        (CATEGORY + '[[category]]\ncode = "y"\n', r"bad.toml, \[\[category\]\] row 2: label missing"),
        (CATEGORY + "colour = 1\n", "row 1: unknown key colour"),
        ('[[category]]\ncode = 1\nlabel = "X"\n', "row 1: code cannot be 1"),
        (
            CATEGORY.replace("category", "position") + 'category = "x"\naliases = "y"\n',
            "aliases cannot be 'y'",
        ),
        (
            CATEGORY.replace("category", "position") + 'category = "x"\nusual = 9_999_999_999_999\n',
            "usual cannot be",
        ),
        (RATE + 'percent = "0,24"\n' + DATED, "percent cannot be '0,24'"),
        (RATE + "percent = 0.24\n" + DATED, "percent cannot be 0.24"),
        (RATE + 'percent = "101"\n' + DATED, "percent cannot be '101'"),
        (RATE + 'percent = "NaN"\n' + DATED, "percent cannot be 'NaN'"),
        (RATE + 'percent = "1"\n' + DATED, "row 1: there is no programme 'jkk'"),
        (
            PROGRAMME + RATE + 'percent = "1"\n' + DATED + "effective_to = 2015-06-30\n",
            "effective_to is before",
        ),
        (PROGRAMME + RATE + 'percent = "1"\n' + DATED.replace('"V"', '"sure"'), "certainty cannot be 'sure'"),
        (
            PROGRAMME + RATE + 'percent = "1"\n' + DATED.replace("2015-07-01", '"2015"'),
            "effective_from cannot be",
        ),
        (
            '[[district]]\ncode = "1"\nname = "X"\noffice = "X"\noffice_name = "X"\nzone = "Asia/Nowhere"\n'
            'zone_label = "X"\n',
            "zone cannot be 'Asia/Nowhere'",
        ),
        (
            CATEGORY + '[[programme_set]]\ndistrict = "*"\ncategory = "x"\nprogrammes = ["jkk"]\n' + DATED,
            "there is no programme 'jkk'",
        ),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "bad.toml").write_text(content, "utf-8")
    with pytest.raises(Misconfigured, match=message):
        load(tmp_path)


def test_an_empty_folder_is_no_set_of_rules(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="holds no rules"):
        load(tmp_path)


def test_before_the_first_rule_nothing_is_reckoned() -> None:
    with pytest.raises(Misconfigured, match="no rate of jkm on 2014-01-01"):
        RULES.rates("jkm", date(2014, 1, 1))
    with pytest.raises(Misconfigured, match=r"no programme_set of kades applies to district 64\.02"):
        RULES.programme_set("64.02", "kades", date(2014, 1, 1))
    assert RULES.wage_base("64.02", RULES.position("kades"), date(2014, 1, 1)) is None
