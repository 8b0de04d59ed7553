"""The specification: every file of `tests/conversations` replayed through the real bot."""

from pathlib import Path

import pytest

from tests.transcripts import Transcript
from tests.world import WHATSAPP, world

FOLDER = Path(__file__).parent / "conversations"
#: Months pass in these.
LONG = {
    "agreement",
    "approvals",
    "board",
    "group",
    "handover",
    "invitation",
    "jadwal",
    "laporan",
    "members",
    "month",
    "not_a_report",
    "office",
    "opening",
    "paying",
    "proof",
    "questions",
    "reminders",
    "report_cards",
    "siaran",
    "takeover",
    "terms",
    "two_channels",
    "undangan",
    "unregistered",
    "year",
}
FILES = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path.stem in LONG else [])
    for path in sorted(FOLDER.glob("*.txt"))
]


@pytest.fixture(params=FILES)
def transcript(request: pytest.FixtureRequest) -> Transcript:
    return Transcript.read(request.param)


async def test_the_bot_answers_as_written(
    transcript: Transcript, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tiers = {WHATSAPP: 250} if transcript.path.stem.startswith(WHATSAPP) else None
    async with world(tmp_path, tiers=tiers) as here:
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written
