"""The specification: every file of `tests/conversations` replayed through the real bot."""

from pathlib import Path

import pytest

from tests.transcripts import Transcript
from tests.world import world

FOLDER = Path(__file__).parent / "conversations"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_the_bot_answers_as_written(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with world(tmp_path) as here:
        told = await Transcript.read(path).replay(here)
    if request.config.getoption("--update"):
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")
