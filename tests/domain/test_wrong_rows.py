"""A wrong row of any table is named with its file, its table, its number and what is wrong with it."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.domain.dated import Dated
from bot.errors import Misconfigured
from bot.rules import FOLDER, TABLES, load

DATED = 'effective_from = 2015-07-01\nsource = "PP"\ncertainty = "V"\n'

#: A sound row of each table, in which the cases below change one thing.
SOUND = {
    "due_rule": 'district = "*"\nsegment = "BPU"\nday = 15\nmonths_after = 0\n' + DATED,
    "holiday": 'district = "64.02"\nday = 2026-09-15\nname = "Erau"\n',
    "bpu_rate": 'programme = "jkm"\namount = 6_800\n' + DATED,
    "discount": 'worker = "other"\nprogrammes = ["jkk"]\npercent = "50"\n' + DATED,
    "discount_use": 'district = "64.02"\nused = true\n' + DATED,
    "construction_tier": 'above = 7\njkk = "0.2"\njkm = "0.1"\nlayered = true\n' + DATED,
    "construction_wage": 'jkk = "1.74"\njkm = "0.30"\n' + DATED,
    "construction_tax": 'percent = "11"\n' + DATED,
    "penalty": 'district = "64.02"\npercent = "2"\nenabled = true\n' + DATED,
    "funding": 'code = "csr"\nlabel = "CSR"\naliases = []\n',
    "funding_rule": 'district = "*"\ncategory = "rt"\nfunding = "add"\nallowed = true\n' + DATED,
    "account": 'district = "*"\ncategory = "bpd"\ncode = "5.1.4"\nname = "Tunjangan BPD"\n' + DATED,
    "age_limit": 'segment = "PU"\nprogramme = "jp"\nyears = 56\n' + DATED,
    "criterion": 'district = "64.02"\ncode = "arrears"\nmonths = 6\n' + DATED,
    "whatsapp_price": 'district = "64.02"\nrupiah = 0\n' + DATED,
    "benefit": 'event = "death"\ncode = "x"\nlabel = "X"\namount = 1\n' + DATED,
    "report_limit": "hours = 24\n" + DATED,
    "answer": 'topic = "jkk"\n' + DATED,
    "programme_set": 'district = "*"\ncategory = "rt"\nsegment = "BPU"\nprogrammes = ["jkk"]\n' + DATED,
    "retention": 'what = "draft"\ntables = ["draft"]\nholds = "isian"\ndays = 30\nafter = "sesudah diisi"\n'
    + DATED,
    "sipp_layout": 'generation = "C"\nsheet = "new"\ncolumns = ["NAMA: name"]\n' + DATED,
    "sipp_use": 'district = "64.02"\ngeneration = "A"\ncompared = true\n' + DATED,
    "stage": 'district = "64.02"\nname = "x"\nkind = "term"\ndays_before = 3\nat = 09:00:00\noff = false\n'
    + DATED,
}


def write(folder: Path, *rows: tuple[str, str]) -> None:
    (folder / "own.toml").write_text("".join(f"[[{table}]]\n{row}" for table, row in rows), "utf-8")


@pytest.mark.parametrize("table", SOUND)
def test_a_sound_row_is_taken(tmp_path: Path, table: str) -> None:
    write(tmp_path, (table, SOUND[table]))
    load(FOLDER, tmp_path)


@pytest.mark.parametrize("table", SOUND)
def test_the_same_row_twice(tmp_path: Path, table: str) -> None:
    write(tmp_path, (table, SOUND[table]), (table, SOUND[table]))
    with pytest.raises(
        Misconfigured, match=rf"own\.toml, \[\[{table}\]\] row 2: the same as own\.toml, .* row 1"
    ):
        load(FOLDER, tmp_path)


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("whatsapp_price", "rupiah = 0", "rupiah = -1", "rupiah cannot be -1"),
        ("criterion", 'code = "arrears"', 'code = "x"', "code is one of staff, arrears, projects, not 'x'"),
        ("criterion", "months = 6", "months = 25", "months of arrears are 1 to 24, not 25"),
        ("criterion", 'code = "arrears"', 'code = "staff"', "months of staff are 0 to 0, not 6"),
        ("whatsapp_price", "rupiah = 0", 'rupiah = "500"', "rupiah cannot be '500'"),
        ("due_rule", "day = 15", "day = 31", "day is 1 to 28, not 31"),
        ("due_rule", "months_after = 0", "months_after = -1", "months_after is 0 to 12, not -1"),
        ("due_rule", '"BPU"', '"bpu"', "segment cannot be 'bpu'"),
        ("due_rule", "months_after = 0\n", "", "months_after missing"),
        ("due_rule", "months_after = 0", "months_after = true", "months_after cannot be True"),
        ("due_rule", "day = 15", "day = 15\ncollective_leave = 1", "collective_leave cannot be 1"),
        ("holiday", '"64.02"', '"64.03"', "there is no district '64.03'"),
        ("holiday", "2026-09-15", '"2026-09-15"', "day cannot be '2026-09-15'"),
        ("bpu_rate", "amount = 6_800\n", "", "either percent or amount"),
        ("bpu_rate", "amount = 6_800", 'amount = 6_800\npercent = "1"', "either percent or amount"),
        ("bpu_rate", "amount = 6_800", "amount = 6_800\nminimum = 1", "minimum belongs to percent"),
        ("bpu_rate", "6_800", "-6_800", "sums cannot be negative"),
        ("bpu_rate", '"jkm"', '""', "there is no programme ''"),
        ("discount", '"other"', '"farmer"', "worker is other or transport, not 'farmer'"),
        ("discount", '["jkk"]', '["jkx"]', "there is no programme 'jkx'"),
        ("discount", '"50"', '"150"', "percent cannot be '150'"),
        ("discount_use", "true", '"ya"', "used cannot be 'ya'"),
        ("construction_tier", "above = 7", "above = -7", "above cannot be negative"),
        ("construction_tier", "layered = true\n", "", "layered missing"),
        ("construction_wage", '"1.74"', "1.74", "jkk cannot be 1.74"),
        ("penalty", "enabled = true", "enabled = 1", "enabled cannot be 1"),
        ("funding", 'label = "CSR"\n', "", "label missing"),
        ("funding_rule", '"add"', '"adk"', "there is no funding 'adk'"),
        ("funding_rule", '"rt"', '"rw"', "there is no category 'rw'"),
        ("account", '"bpd"', '"bpk"', "there is no category 'bpk'"),
        ("age_limit", "56", "560", "years cannot be 560"),
        ("age_limit", '"jp"', '"jx"', "there is no programme 'jx'"),
        ("programme_set", '["jkk"]', '["jkk", "jp"]', "BPU has no programme 'jp'"),
        ("programme_set", '"BPU"', '"PBPU"', "segment cannot be 'PBPU'"),
        (
            "stage",
            '"term"',
            '"week"',
            "kind is one of month, unregistered, agreement, term, instalment, not 'week'",
        ),
        ("stage", "days_before = 3", "days_before = 400", "days_before is -60 to 365, not 400"),
        ("stage", '"64.02"', '"64"', "there is no district '64'"),
        (
            "benefit",
            '"death"',
            '"birth"',
            "event is one of accident, work_death, death, children, not 'birth'",
        ),
        ("benefit", "amount = 1", "amount = 1\ntimes = 48", "a benefit has an amount, times, or words"),
        ("report_limit", "24", "0", "hours is 1 to 720, not 0"),
        ("answer", 'topic = "jkk"\n', "", "topic missing"),
        ("retention", "days = 30", "days = -1", "days is 0 to 36525, not -1"),
        ("sipp_layout", '"new"', '"old"', "sheet is one of new, changed, ended, not 'old'"),
        ("sipp_layout", '"NAMA: name"', '"NAMA: nama"', "column 'NAMA: nama' holds nothing that is known"),
        ("sipp_use", "compared = true", 'compared = "ya"', "compared cannot be 'ya'"),
    ],
)
def test_one_thing_is_wrong(tmp_path: Path, table: str, old: str, new: str, message: str) -> None:
    assert old in SOUND[table]
    write(tmp_path, ("category", 'code = "z"\nlabel = "Z"\n'), (table, SOUND[table].replace(old, new)))
    with pytest.raises(Misconfigured, match=rf"^own\.toml, \[\[{table}\]\] row 1: {message}") as raised:
        load(FOLDER, tmp_path)
    assert "\n" not in str(raised.value)


def test_a_row_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("rate = [1]\n", "utf-8")
    with pytest.raises(Misconfigured, match=r"own\.toml, \[\[rate\]\] row 1: is not a row"):
        load(FOLDER, tmp_path)


def test_each_new_table_has_a_case_here() -> None:
    older = {"programme", "rate", "risk", "cap", "category", "position", "district", "wage_base"}
    assert SOUND.keys() | older == TABLES.keys()


def test_every_dated_row_says_where_it_comes_from() -> None:
    rules = load()
    rows = [row for field in fields(rules) for row in getattr(rules, field.name) if isinstance(row, Dated)]
    assert rows
    assert all(row.source.strip() and row.certainty for row in rows)
