"""The specification: every file of `tests/conversations` replayed through the real bot, on every channel.

On the memory channel a file is told exactly as it is written.  On the real ones, which run without a
network, what people see is held against the same text by the rules of `tests.dialects`.  The files of
`conversations/whatsapp` are WhatsApp's own: there free text may be sent only for 24 hours after somebody
wrote, and approved texts leave instead.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialects import DIALECTS, sayable, seen
from tests.platforms.world import abroad
from tests.transcripts import Transcript
from tests.world import WHATSAPP, world

FOLDER = Path(__file__).parent / "conversations"
MEMORY = "memory"
PAGE = "web"  # of the demo: months pass there in its own tests
#: Months pass in these.
LONG = {
    "agreement",
    "anggaran",
    "approvals",
    "board",
    "data_saya",
    "group",
    "handover",
    "invitation",
    "jadwal",
    "kader",
    "kajian",
    "kecelakaan",
    "kelompok",
    "laporan",
    "members",
    "meninggal",
    "month",
    "not_a_report",
    "office",
    "opening",
    "paying",
    "projects",
    "proof",
    "questions",
    "reminders",
    "report_cards",
    "returned",
    "siaran",
    "takeover",
    "terms",
    "two_channels",
    "undangan",
    "unregistered",
    "year",
}
#: Weeks pass in these: slow, but played on the page too.
WEEKS = {"binaan", "sadar"}
#: Each hour is played on the memory channel; on the others as many at a time, but for these, in which
#: something else is said then.
HOURLY = {"approvals", "berkas_kabupaten", "data_saya", "handover", "nik_di_grup", "siaran"}
STRIDE = timedelta(hours=6)
#: A board says at which hour it was written, which follows from the stride.
_WRITTEN = re.compile(r"(Terakhir berubah ).*")
#: It counts somebody's accounts: who uses WhatsApp has a second one here, for the groups.
ONE_ACCOUNT = "data_saya"
#: One short conversation on every channel belongs to the quick tests; the rest is slow.
QUICK = "registration"


def _slow(channel: str, name: str) -> bool:
    return name in LONG | WEEKS or (channel != MEMORY and name != QUICK)


RUNS = [
    pytest.param(
        (channel, path),
        id=f"{channel}-{path.stem}",
        marks=[pytest.mark.slow] if _slow(channel, path.stem) else [],
    )
    for channel in DIALECTS
    for path in sorted(FOLDER.glob("*.txt"))
    if channel == MEMORY
    or not path.stem.startswith(WHATSAPP)  # which plays a limited channel beside a free one
    if channel != PAGE or path.stem not in LONG
    if channel != WHATSAPP or path.stem != ONE_ACCOUNT
]
OWN = [
    pytest.param(path, id=path.stem, marks=pytest.mark.slow)
    for path in sorted((FOLDER / "whatsapp").glob("*.txt"))
]


@pytest.mark.parametrize("run", RUNS)
async def test_the_bot_answers_as_written(
    run: tuple[str, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    channel, path = run
    if channel != MEMORY:
        await _is_told_by_rule(channel, Transcript.read(path), tmp_path)
        return
    transcript = Transcript.read(path)
    tiers = {WHATSAPP: 250} if path.stem.startswith(WHATSAPP) else None
    async with world(tmp_path, tiers=tiers) as here:
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert told == transcript.written


async def _is_told_by_rule(channel: str, transcript: Transcript, folder: Path) -> None:
    dialect = DIALECTS[channel]
    written = sayable(transcript.written, dialect)
    async with abroad(folder, channel) as here:
        if transcript.path.stem not in HOURLY:
            here.stride = STRIDE
        told = await Transcript(transcript.path, written).replay(here)
    assert here.wrong == []
    if transcript.path.stem not in HOURLY:
        told, written = (_WRITTEN.sub(r"\1…", text) for text in (told, written))
    assert seen(told, dialect) == seen(written, dialect)


@pytest.mark.parametrize("path", OWN)
async def test_whatsapp_answers_as_written(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    transcript = Transcript.read(path)
    async with abroad(tmp_path, "whatsapp24") as here:
        told = await transcript.replay(here)
    if request.config.getoption("--update"):
        transcript.write(told)
    assert here.wrong == []
    assert told == transcript.written
