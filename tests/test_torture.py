"""The runner of everything that is done to the bot: what it reads, what it calls broken, and the table."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import kept, torture
from bench.kept import Kept
from bench.table import FAULTS
from bench.torture import ROWS, Result, Row

ROOT = Path(__file__).parent.parent
WHOLE = {"what": "x", "runs": 5, "lost": 0, "wrong": 0, "leaked": 0, "stuck": 0, "seconds": 1.5}
ROW = Row("x", ["bench.x"], ["bench.x", "--few"], 5, "things")


@pytest.mark.parametrize(
    "output, runs",
    [
        (json.dumps(WHOLE), 5),
        ("table\n\n" + json.dumps(WHOLE) + "\n\n", 5),
        (json.dumps(WHOLE) + "\nthe end", None),
        ("", None),
        ("[]", None),
        (json.dumps({**WHOLE, "lost": None}), None),
        (json.dumps({name: value for name, value in WHOLE.items() if name != "stuck"}), None),
    ],
)
def test_the_last_line_is_what_counts(output: str, runs: int | None) -> None:
    assert torture.read(output).get("runs") == runs


@pytest.mark.parametrize(
    "said, status, why",
    [
        ({}, 0, ""),
        ({"lost": 1}, 0, "broken"),
        ({"stuck": 2}, 1, "broken"),
        ({}, 1, "ended with 1"),
        ({"runs": 4}, 0, "did less than 5"),
    ],
)
def test_what_is_not_held_says_why(said: dict[str, int], status: int, why: str) -> None:
    result = Result(ROW, ROW.full, status, {**WHOLE, **said})
    assert result.why == why
    assert (f"<- {why}" in torture.line(result)) == bool(why)
    assert torture.total([result]).endswith("held" if not why else "not held by x")


def test_a_program_that_says_nothing_is_not_held() -> None:
    assert Result(ROW, ROW.full, 0).why == "said nothing"


def test_in_short_less_is_enough() -> None:
    assert Result(ROW, ROW.short, 0, {**WHOLE, "runs": 1}, short=True).why == ""


def test_a_program_that_tells_nothing_is_shown_as_it_ended() -> None:
    found = torture.run(Row("x", ["json.tool", "--nothing"], [], 1, "things"), short=False, kept=Kept(None))
    assert (found.status, found.why) == (2, "said nothing")
    assert "--nothing" in found.tail


@pytest.mark.slow
def test_a_program_is_started_and_what_it_says_is_told() -> None:
    row = Row("fuzz", [], ["bench.fuzz", "--cases", "50"], 1, "broken updates")
    found = torture.run(row, short=True, kept=Kept(None))
    assert (found.runs, found.faults) == (50, [0, 0, 0, 0])
    assert "python -m bench.fuzz --cases 50" in torture.line(found)


PIECES = Row("x", ["bench.x"], [], 10, "things", [["json.tool", "1"], ["json.tool", "2"]])


def test_what_was_kept_is_not_made_again_and_pieces_are_summed(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    for piece in PIECES.parts:
        assert kept.get(piece) is None
        kept.keep(piece, WHOLE)
    found = torture.run(PIECES, short=False, kept=kept)
    assert (found.runs, found.said["seconds"], found.why) == (10, 3.0, "")
    assert "python -m bench.x" in torture.line(found)


@pytest.mark.parametrize("together", [1, 2])
def test_a_piece_that_fails_fails_the_row_and_is_named_at_once_and_not_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], together: int
) -> None:
    kept = Kept(tmp_path / "kept")
    kept.keep(PIECES.parts[0], WHOLE)
    found = torture.run(replace(PIECES, together=together), short=False, kept=kept)
    assert capsys.readouterr().err == "not held: python -m json.tool 2\n"
    assert found.why == "said nothing"
    assert found.status
    assert kept.get(PIECES.parts[1]) is None


def test_what_another_program_said_does_not_count(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    kept.keep(["bench.x"], WHOLE)
    line = json.loads((tmp_path / "kept").read_text())
    (tmp_path / "kept").write_text(json.dumps({**line, "program": "another"}) + "\n")
    assert kept.get(["bench.x"]) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_pieces_of_a_row_are_all_of_it(row: Row) -> None:
    if row.name == "years":
        seeds = [int(part[2]) for part in row.parts]
        assert row.full[2] == f"{seeds[0]}-{seeds[-1]}"
        assert seeds == [*range(1, row.least + 1)]
        assert all(set(row.full) - {row.full[2]} <= set(part) for part in row.parts)
    elif row.parts:
        options = dict(zip(row.full[1::2], row.full[2::2], strict=True))
        assert [part[-1] for part in row.parts] == ["1", "2", "3"]
        assert options["--seed"] == "1-3"
        assert int(options["--kills"]) * len(row.parts) == row.least


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_is_a_program_of_its_own(row: Row) -> None:
    assert {row.full[0], row.short[0]} == {row.full[0]}
    assert (ROOT / f"{row.full[0].replace('.', '/')}.py").exists()


def test_what_was_asked_for_is_what_the_rows_do() -> None:
    at_least = {row.name: row.least for row in ROWS}
    assert at_least["kills"] + at_least["kills-whatsapp"] >= 300
    assert (at_least["fuzz"], at_least["walks"], at_least["attacks"]) == (100_000, 10_000, 34)
    assert at_least["hostile"] >= 12
    assert FAULTS == ("lost", "wrong", "leaked", "stuck")


def test_a_row_nobody_knows_is_refused() -> None:
    assert CliRunner().invoke(torture.main, ["--only", "nothing"]).exit_code == 2


def test_a_result_depends_on_the_program_and_on_the_bench_that_judged_it_alone() -> None:
    walks = {path.relative_to(kept.ROOT).as_posix() for path in kept._imported("bench.walks")}
    assert {"bench/walks.py", "bench/crowd.py", "bench/planted.py", "bench/table.py"} <= walks
    assert "bench/whatsapp.py" not in walks
    assert not any(path.startswith("bot/") for path in walks)  # all of it counts anyway
    assert kept.program("bench.walks") != kept.program("bench.years")
