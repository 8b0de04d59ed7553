"""Files on their way out: sealed until they leave, never to a group, and told in a transcript."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels import memory
from bot.channels.memory import Memory
from bot.clock import ManualClock
from bot.domain.cleaning import file_name
from bot.errors import Misconfigured, TryLater, Unsure
from bot.messages import CAPTION_LIMIT, Address, Attachment, Choice, Document, Kind, Letter, Outgoing
from bot.store import jobs, outbox
from tests.transcripts import Transcript
from tests.world import START, World, laid

SITI, GROUP = Address(memory.NAME, "siti"), Address(memory.NAME, "#kantor")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = Document("iuran.xlsx", XLSX, b"PK\x03\x04 NIK 6402011505900001")


async def put(here: World, to: Address = SITI, name: str = SHEET.name, **more: Any) -> int:
    """Keep the sheet and queue a message with it; returns the file's row."""
    more.setdefault("values", {"name": "Siti"})

    def queue(tx: Any) -> int:
        kept = jobs.keep_file(tx, SHEET.data, SHEET.mime, here.clock.now())
        attachment = Attachment(kept, name)
        out = Outgoing(to, "status/no_such_person", key="sheet", attachment=attachment, **more)
        outbox.put(tx, here.clock.now(), out)
        return kept

    return await here.store.transact(queue)


async def row(here: World) -> dict[str, Any]:
    return await here.store.read(lambda tx: dict(tx.one("SELECT * FROM outbox WHERE key = 'sheet'")))


async def test_a_file_leaves_with_its_text_and_buttons(here: World) -> None:
    await put(here, choices=(Choice("yes", "Ya"),))
    await here.engine.settle()
    (letter,) = here.new()
    assert letter.attachment == SHEET
    assert "Siti" in letter.text
    assert [choice.label for choice in letter.choices] == ["Ya"]
    assert (await row(here))["status"] == "sent"


async def test_what_waits_is_sealed(here: World) -> None:
    await put(here)
    stored = here.store.path.read_bytes() + here.store.path.with_name("payung.db-wal").read_bytes()
    assert b"6402011505900001" not in stored
    assert b"iuran.xlsx" not in stored
    assert "6402011505900001" not in repr(Letter(SITI, "", attachment=SHEET))


@pytest.mark.parametrize("public", [True, False])
async def test_a_file_never_goes_to_a_group(here: World, public: bool) -> None:
    await put(here, GROUP, public=public)
    await here.engine.settle()
    assert here.new() == []
    assert (await row(here))["status"] == "failed"


async def test_a_file_made_for_a_group_goes_there(here: World) -> None:
    await put(here, GROUP, public=True)
    await here.store.transact(lambda tx: tx.run("UPDATE file SET public = 1"))
    await here.engine.settle()
    assert [letter.attachment for letter in here.new()] == [SHEET]


@pytest.mark.parametrize(
    "more",
    [
        {"values": {"name": "x" * CAPTION_LIMIT}},
        {"values": {"name": "😀" * (CAPTION_LIMIT // 2)}},
        {"kind": Kind.EDIT, "message": "1"},
        {"name": "a/b.xlsx"},
        {"name": "a\r\nb.xlsx"},
        {"name": ""},
    ],
)
async def test_what_no_channel_can_send_is_refused_at_once(here: World, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="status/no_such_person"):
        await put(here, **more)
    assert await here.store.read(lambda tx: tx.one("SELECT COUNT(*) FROM outbox")[0]) == 0


async def test_a_file_that_is_gone_or_damaged_is_given_up(here: World) -> None:
    kept = await put(here)
    await here.store.transact(lambda tx: tx.run("UPDATE file SET body = x'01' WHERE id = :id", id=kept))
    with pytest.raises(Misconfigured):
        await here.store.read(lambda tx: jobs.kept_file(tx, kept))
    await here.engine.settle()
    assert ((await row(here))["status"], (await row(here))["error"]) == ("failed", "its file is damaged")
    await here.store.transact(lambda tx: tx.run("DELETE FROM outbox"))
    kept = await put(here)
    await here.store.transact(lambda tx: tx.run("DELETE FROM file WHERE id = :id", id=kept))
    await here.engine.settle()
    assert (await row(here))["error"] == "its file is gone"
    assert here.new() == []


class Watched(Memory):
    """Looks at the queue while it sends."""

    world: World | None = None
    attempts = -1

    async def send(self, letter: Letter) -> str:
        """Keep the letter, and how often it was tried by then."""
        assert self.world
        self.attempts = (await row(self.world))["attempts"]
        return await super().send(letter)


async def test_the_attempt_is_counted_before_the_file_leaves(tmp_path: Path) -> None:
    channel = Watched()
    async with laid(tmp_path / "payung.db") as store:
        channel.world = await World(store, ManualClock(START), channel).prepare()
        await put(channel.world)
        await channel.world.engine.settle()
    assert [letter.attachment for letter in channel.sent] == [SHEET]
    assert channel.attempts == 1


async def test_a_file_is_sent_again_as_it_was(here: World) -> None:
    here.channel.failures.extend([TryLater("busy"), Unsure("no answer")])
    await put(here)
    await here.move(here.clock.now().replace(hour=4))
    assert [letter.attachment for letter in here.channel.sent] == [SHEET]
    assert (await row(here))["attempts"] == 3


async def test_a_killed_process_leaves_a_file_that_the_next_one_sends(here: World) -> None:
    await put(here)

    def claim(tx: Any) -> outbox.Claimed | None:
        (head,) = outbox.heads(tx, memory.NAME, here.clock.now(), 1)
        return outbox.take(tx, head, here.clock.now(), here.clock.now() - here.clock.now())

    claimed = await here.store.transact(claim)
    assert claimed is not None
    assert claimed.letter.attachment is None  # it is read when it leaves, not before
    await here.engine.pump.recover()
    await here.move(here.clock.now().replace(hour=2))
    assert [letter.attachment for letter in here.channel.sent] == [SHEET]


async def test_what_was_queued_before_there_were_files_still_leaves(here: World) -> None:
    await put(here)

    def without(tx: Any) -> None:
        body = tx.vault.seal_json("outbox.body", ["Halo", [], ""])
        tx.run("UPDATE outbox SET body = :body", body=body)

    await here.store.transact(without)
    await here.engine.settle()
    (letter,) = here.new()
    assert (letter.text, letter.attachment) == ("Halo", None)


# -- in transcripts ------------------------------------------------------------------------------


async def test_a_transcript_tells_of_a_file(here: World) -> None:
    await put(here, choices=(Choice("yes", "Ya"),))
    told = await Transcript(Path(), "siti> halo").replay(here)
    lines = told.splitlines()
    assert "  (file iuran.xlsx)" in lines
    assert lines[lines.index("  (file iuran.xlsx)") + 1] == "  [Ya]"


async def test_a_transcript_sends_back_the_newest_file_of_that_name(here: World) -> None:
    for data in (b"old", b"newest"):
        here.channel.sent.append(Letter(SITI, "", attachment=replace(SHEET, data=data)))
    here.channel.sent.append(Letter(SITI, "", attachment=replace(SHEET, name="other.xlsx")))
    await Transcript(Path(), "siti> (document iuran.xlsx)\nsiti> (document bukti.pdf)").replay(here)
    assert list(here.channel.files.values()) == [b"newest", b"a photo."]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Kajian RT/RW 2027.xlsx", "Kajian RT-RW 2027.xlsx"),
        ("../../etc/passwd", "etc-passwd"),
        ('Kader "A": <B>|?*.pdf', "Kader -A- -B-.pdf"),
        ("Pegawai Perian.xlsx", "Pegawai Perian.xlsx"),
        ("a\r\nb.xlsx", "a b.xlsx"),
        ("...", "berkas"),
    ],
)
def test_a_name_that_people_gave_makes_no_folder(given: str, name: str) -> None:
    assert file_name(given) == name
