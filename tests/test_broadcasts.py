"""Broadcasts: to whom, once, not before the minute is over, and what is told of what became of them."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bench import broadcast as bench
from bot import texts
from bot.channels import memory
from bot.domain import announcing, audience
from bot.domain.audience import Audience, Officer, Place, Standing, Why
from bot.domain.offices import Role
from bot.errors import Doubtful, GiveUp, Invalid, Unsure
from bot.messages import CAPTION_LIMIT, Address, Kind, Lane, Letter
from bot.store import broadcasts, people, recipients, records
from bot.store.broadcasts import State
from bot.store.database import Tx
from handlers.office import broadcast_plans, listed
from handlers.office.broadcast_plans import quiet_hours
from tests.world import PERIAN, START, World, all_villages, rulebook

LEKA, ALOH = "64.02.01.2002", "64.02.01.2003"
WITA = ZoneInfo("Asia/Makassar")
SECOND = timedelta(seconds=1)


def officer(
    person: int, village: str, role: Role = Role.TREASURER, *, chat: str = "c", muted: bool = False
) -> Officer:
    return Officer(person, f"Petugas {person}", role, village, "memory", chat, muted)


PLACES = [
    Place(PERIAN, True, 3),
    Place(LEKA, True, 0),
    Place(ALOH, False, 0),
    Place("64.02.02.2001", True, 1),
]


# -- whom --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Audience(), [PERIAN, LEKA, ALOH, "64.02.02.2001"]),
        (Audience(Standing.REGISTERED), [PERIAN, LEKA, "64.02.02.2001"]),
        (Audience(Standing.MISSING), [ALOH]),
        (Audience(Standing.BEHIND, 1), [PERIAN, "64.02.02.2001"]),
        (Audience(Standing.BEHIND, 2), [PERIAN]),
        (Audience(Standing.BEHIND, 1, ("64.02.02",)), ["64.02.02.2001"]),
        (Audience(villages=(LEKA, ALOH)), [LEKA, ALOH]),
    ],
)
def test_the_filter_narrows(wanted: Audience, codes: list[str]) -> None:
    assert [place.code for place in PLACES if wanted.includes(place)] == codes
    assert Audience.from_json(wanted.to_json()) == wanted


def test_a_person_who_serves_two_villages_gets_it_once() -> None:
    found = audience.reach(Audience(), PLACES[:2], [officer(1, PERIAN), officer(1, LEKA), officer(2, LEKA)])
    assert [(one.officer.person, one.villages) for one in found.recipients] == [
        (1, (PERIAN, LEKA)),
        (2, (LEKA,)),
    ]
    assert (found.villages, dict(found.missed)) == (2, {})


def test_who_is_missed_is_told_with_the_reason() -> None:
    known = [
        officer(1, PERIAN, chat=""),
        officer(2, LEKA, muted=True),
        officer(3, ALOH, Role.HEAD),
    ]
    found = audience.reach(Audience(roles=(Role.TREASURER,)), PLACES, known)
    assert found.recipients == ()
    assert list(found.missed.values()) == [Why.BLOCKED, Why.MUTED, Why.ROLE, Why.NOBODY]


def test_a_second_address_that_works_is_enough() -> None:
    found = audience.reach(
        Audience(), PLACES[:1], [officer(1, PERIAN, chat=""), officer(1, PERIAN, chat="d")]
    )
    assert [one.officer.chat for one in found.recipients] == ["d"]
    assert not found.skipped


# -- what --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ("x", "siaran/text_short"),
        ("Halo {nik}", "siaran/text_unknown"),
        ("Halo {nama", "siaran/text_unknown"),
        ("Halo {{nama}}", "siaran/text_unknown"),
        ("Halo {nama.__class__}", "siaran/text_unknown"),
        ("NIK 6402 0112 0385 0001", "siaran/text_nik"),
        ("a" * 1001, "siaran/text_long"),
        ("😀" * 501, "siaran/text_long"),
        ("a" * 950 + "{nama}", "siaran/text_long"),
    ],
)
def test_what_cannot_be_sent_is_refused(said: str, template: str) -> None:
    with pytest.raises(Invalid) as found:
        announcing.parse_text(said)
    assert found.value.template == template


def test_a_name_is_not_read_as_a_placeholder_or_as_markup() -> None:
    text = announcing.parse_text("Yth. { Nama }, batas {batas waktu}.\n\n\n\n*Terima kasih*")
    assert text == "Yth. {nama}, batas {batas_waktu}.\n\n*Terima kasih*"
    values = dict.fromkeys(announcing.PLACEHOLDERS, "x") | {"nama": "{desa} *Budi* <b>"}
    shown = texts.render("siaran/message", {"text": announcing.fill(text, values), "office": "DPMD"})
    assert texts.plain(shown).startswith("Yth. {desa} *Budi* <b>, batas x.")
    assert "<b>" not in texts.html(shown)


@given(st.text(st.sampled_from("ab {}nadesk😀*\n"), max_size=400), st.text(max_size=200))
def test_whatever_was_taken_for_a_caption_fits_beside_a_file(said: str, value: str) -> None:
    try:
        text = announcing.parse_text(said * 3, announcing.LONGEST_WITH_FILE)
    except Invalid:
        return
    values = dict.fromkeys(announcing.PLACEHOLDERS, value)
    shown = texts.render(
        "siaran/message", {"text": announcing.fill(text, values), "office": "DPMD " + "K" * 20}
    )
    assert announcing.length(texts.plain(shown)) <= CAPTION_LIMIT


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("25 November 09.00", datetime(2026, 11, 25, 9, 0, tzinfo=WITA)),
        ("besok jam 8", datetime(2026, 11, 24, 8, 0, tzinfo=WITA)),
        ("25/11 pukul 14:30 WITA", datetime(2026, 11, 25, 14, 30, tzinfo=WITA)),
        ("jam 10", datetime(2026, 11, 23, 10, 0, tzinfo=WITA)),
        ("senin depan, 07.15", datetime(2026, 11, 30, 7, 15, tzinfo=WITA)),
    ],
)
def test_a_moment_is_read(said: str, at: datetime) -> None:
    assert announcing.parse_when(said, START, WITA) == at


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ("25 November", "siaran/when_hour"),
        ("jam 7", "siaran/when_past"),
        ("hari ini 07.30", "siaran/when_past"),
        ("12/12", "siaran/when_hour"),
        ("30/2 jam 9", "invalid/date_day"),
        ("1 1 2030 jam 9", "invalid/plan_day"),
    ],
)
def test_a_moment_that_is_none_is_refused(said: str, template: str) -> None:
    with pytest.raises(Invalid) as found:
        announcing.parse_when(said, START, WITA)
    assert found.value.template == template


KUKAR = [village for village in all_villages() if village.district == "64.02"]


def test_a_list_of_villages_says_back_what_it_does_not_know() -> None:
    with pytest.raises(Doubtful) as doubt:
        listed.villages("1. Perian\n2. Desa Muara Leka\n\nAtlantis\n64.02.01.2003\nPerian", KUKAR)
    assert doubt.value.value == [PERIAN, LEKA, ALOH]
    assert doubt.value.values["unknown"] == ["Atlantis"]
    with pytest.raises(Invalid):
        listed.villages("Atlantis", KUKAR)


def test_equal_names_need_their_subdistrict() -> None:
    names = [village.name for village in KUKAR]
    twice = next(name for name in names if names.count(name) > 1)
    first = next(village for village in KUKAR if village.name == twice)
    with pytest.raises(Invalid):
        listed.villages(twice, KUKAR)
    line = f"{twice}, Kec. {first.subdistrict}\nPerian"
    assert listed.villages(line, KUKAR) == [first.code, PERIAN]


def test_a_sheet_is_read_by_its_titles() -> None:
    rows = [
        ["No", "Kecamatan", "Nama Desa"],
        ["1", "Muara Muntai", "Perian"],
        ["2", "Muara Muntai", "Muara Leka"],
    ]
    assert listed.villages(listed.from_rows(rows), KUKAR) == [PERIAN, LEKA]


def test_quiet_hours_know_evenings_and_fridays() -> None:
    monday, _ = quiet_hours(rulebook(), "64.02", datetime(2026, 11, 23, 9, 0, tzinfo=WITA))
    assert monday.astimezone(WITA).hour == 20
    friday = quiet_hours(rulebook(), "64.02", datetime(2026, 11, 27, 9, 0, tzinfo=WITA))
    assert [(at.astimezone(WITA).hour, at.astimezone(WITA).minute) for at in friday] == [(11, 30), (13, 0)]
    saturday = quiet_hours(rulebook(), "64.02", datetime(2026, 11, 28, 20, 30, tzinfo=WITA))
    assert saturday[1].astimezone(WITA) == datetime(2026, 11, 30, 7, 0, tzinfo=WITA)


# -- the whole bot -----------------------------------------------------------------------------


async def office(here: World) -> None:
    """An administrator, an operator, and three officers in three villages."""
    await here.move(START + timedelta(hours=1))
    await here.appoint("rina", "Rina Marlina", Role.ADMIN, "64.02")
    await here.appoint("budi", "Budi Santoso", Role.OPERATOR, "64.02")
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.appoint("joko", "Joko Susilo", Role.HEAD, LEKA)
    await here.appoint("wawan", "Wawan Saputra", Role.TREASURER, ALOH)


async def released(here: World, by: str = "budi", text: str = "Mohon lengkapi data.") -> list[Letter]:
    """A broadcast to everybody, confirmed now."""
    await here.says(by, f"siaran {text}")
    await here.presses(by, "Semua")
    await here.presses(by, "Lihat contoh")
    return await here.presses(by, "Kirim")


def got(letters: Sequence[Letter], text: str = "Mohon lengkapi data.") -> list[str]:
    """Who was sent the broadcast."""
    return sorted(one.to.chat for one in letters if one.kind is Kind.TEXT and one.text.startswith(text))


def spoken(letters: Sequence[Letter]) -> list[Letter]:
    """What was said, without buttons taken away and presses answered."""
    return [one for one in letters if one.kind is Kind.TEXT]


async def states(here: World, number: int = 1) -> dict[str, int]:
    found = await here.store.read(lambda tx: recipients.tally(tx, number))
    return dict(found.by_state)


async def test_undone_at_59_seconds_nothing_leaves(here: World) -> None:
    await office(here)
    await released(here)
    begun = here.clock.now()
    assert got(await here.move(begun + 59 * SECOND, SECOND)) == []
    await here.presses("budi", "Batalkan")
    assert got(await here.move(begun + timedelta(hours=3))) == []
    assert await states(here) == {}


async def test_after_a_minute_everybody_gets_it_once(here: World) -> None:
    await office(here)
    await here.appoint("darma", "Darma Wijaya", Role.SECRETARY, LEKA)
    await released(here)
    letters = await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)
    assert got(letters) == ["darma", "joko", "wawan"]
    assert await states(here) == {"sent": 3}
    assert got(await here.move(here.clock.now() + timedelta(hours=2))) == []
    chain = await here.store.read(lambda tx: [row["action"] for row in tx.all("SELECT action FROM audit")])
    assert [act for act in chain if act.startswith("broadcast")] == [
        "broadcast_waiting",
        "broadcast_begin",
        "broadcast_end",
    ]
    assert await here.store.read(records.broken) is None


async def begun(here: World) -> None:
    """A broadcast whose messages stand in the outbox, none of them sent."""
    await office(here)
    await released(here)
    here.new()
    here.clock.move(here.clock.now() + 61 * SECOND)
    await here.engine.schedule.tick()


async def test_stopped_in_the_middle_the_rest_stays(here: World) -> None:
    await begun(here)
    assert got(await here.presses("budi", "Batalkan")) == []  # by then it had begun: it is stopped
    await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)
    assert await states(here) == {"cancelled": 3}
    one = await here.store.read(lambda tx: broadcasts.get(tx, 1))
    assert one is not None
    assert (one.state, one.ended_by, one.ended_at is not None) == (State.STOPPED, "Budi Santoso", True)


async def test_who_says_stop_meanwhile_is_not_written_to(here: World) -> None:
    await begun(here)
    letters = await here.says("darma", "berhenti")
    letters += await here.move(here.clock.now() + timedelta(minutes=1), 20 * SECOND)
    assert got(letters) == ["joko", "wawan"]
    assert await states(here) == {"cancelled": 1, "sent": 2}


async def test_the_unknown_are_listed_and_only_the_failed_are_sent_again(here: World) -> None:
    await begun(here)
    # Both cards are edited first, then the three messages go out.
    here.channel.failures.extend([None, None, Unsure("no answer"), GiveUp("Bad Request"), None])
    await here.engine.settle()
    letters = await here.move(here.clock.now() + timedelta(minutes=1), 20 * SECOND)
    result = next(letter for letter in letters if "selesai" in letter.text)
    assert "1 dari 3 terkirim" in result.text
    assert "Belum pasti sampai 1" in result.text
    assert await states(here) == {"failed": 1, "sent": 1, "unknown": 1}
    await here.presses("budi", "Ulangi yang gagal")
    again = await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)
    assert len(got(again)) == 1
    assert await states(here) == {"sent": 2, "unknown": 1}
    listed = await here.presses("budi", "Yang belum pasti")
    assert "1 orang belum pasti menerima" in spoken(listed)[-1].text
    await here.presses("budi", "Kirim ulang juga")
    assert len(got(await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND))) == 1
    assert await states(here) == {"sent": 3}


async def test_a_chat_that_cannot_be_reached_is_told_and_not_tried_again(here: World) -> None:
    await begun(here)
    here.channel.failures.extend([None, None, GiveUp("Forbidden: bot was blocked", unreachable=True)])
    await here.engine.settle()
    letters = await here.move(here.clock.now() + timedelta(minutes=1), 20 * SECOND)
    assert any("1 tidak dapat dijangkau" in letter.text for letter in letters)
    said = await here.presses("budi", "Ulangi yang gagal")
    assert "Belum satu pun" in spoken(said)[-1].text


async def test_in_quiet_hours_it_rests(here: World) -> None:
    await office(here)
    evening = datetime(2026, 11, 23, 19, 58, 30, tzinfo=WITA).astimezone(UTC)
    await here.move(evening)
    await released(here)
    here.new()
    here.clock.move(here.clock.now() + 65 * SECOND)
    await here.engine.schedule.tick()  # 19.59.35: written, and held up on the way
    here.clock.move(evening + timedelta(minutes=5))
    await here.engine.settle()
    assert got(here.new()) == []
    letters = await here.move(datetime(2026, 11, 24, 8, 0, tzinfo=WITA).astimezone(UTC))
    assert got(letters) == ["darma", "joko", "wawan"]


async def test_an_administrator_may_insist(here: World) -> None:
    await office(here)
    await here.move(datetime(2026, 11, 23, 21, 0, tzinfo=WITA).astimezone(UTC))
    said = await released(here, "rina")
    assert [choice.label for choice in spoken(said)[-1].choices][1] == "Sekarang juga"
    await here.presses("rina", "Sekarang juga")
    assert got(await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)) == [
        "darma",
        "joko",
        "wawan",
    ]
    refused = await released(here, "budi")
    assert "Sekarang juga" not in [choice.label for choice in spoken(refused)[-1].choices]


async def test_three_a_day_are_enough_for_who_is_no_administrator(here: World) -> None:
    await office(here)
    for _ in range(3):
        await released(here)
        await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)
    assert "batas untuk satu hari" in spoken(await released(here))[-1].text
    assert "Mulai" in spoken(await released(here, "rina"))[-1].text


async def test_where_there_is_no_group_every_colleague_gets_the_card(here: World) -> None:
    await office(here)
    letters = await released(here)
    assert sorted(one.to.chat for one in letters if one.choices) == ["budi", "rina"]
    await here.presses("rina", "Batalkan")
    assert got(await here.move(here.clock.now() + timedelta(hours=1))) == []


async def test_another_district_sees_nothing_of_it(here: World) -> None:
    await office(here)
    await here.appoint("lina", "Lina Sari", Role.ADMIN, "61.08")
    await released(here)
    assert [one.text.split("\n")[0] for one in spoken(await here.says("lina", "siaran"))] == [
        "*Siaran untuk siapa?*"
    ]
    assert "Belum ada siaran" in spoken(await here.says("lina", "siaran riwayat"))[-1].text


async def test_who_left_the_office_stops_nothing(here: World) -> None:
    await office(here)
    await released(here)
    await here.leave("rina")
    await here.presses("rina", "Batalkan")
    assert await here.store.read(lambda tx: broadcasts.standing(tx, 1).state) == "waiting"  # type: ignore[union-attr]


async def test_a_tick_never_writes_more_than_a_portion(here: World) -> None:
    await office(here)

    def crowd(tx: Tx) -> None:
        for number in range(broadcast_plans.PORTION + 100):
            person = people.add(tx, f"Petugas {number}", START)
            people.link(tx, person, f"p{number}", Address(memory.NAME, f"p{number}"), START)
            people.appoint(tx, person, audience_office(number), START.date())

    await here.store.transact(crowd)
    await released(here)
    here.clock.move(here.clock.now() + 61 * SECOND)
    await here.engine.schedule.tick()
    assert await states(here) == {"queued": broadcast_plans.PORTION, "planned": 103}
    sql = "SELECT COUNT(*) AS n FROM outbox WHERE lane = :lane AND repeatable = 0 AND reason LIKE 'broadcast:64.02:1:%'"
    count = await here.store.read(lambda tx: tx.one(sql, lane=int(Lane.BROADCAST))["n"])
    assert count == broadcast_plans.PORTION


def audience_office(number: int) -> "people.Office":
    village = KUKAR[number % len(KUKAR)].code
    return people.Office(Role.HEAD, "64.02", village)


# -- meetings ----------------------------------------------------------------------------------


async def invited(here: World) -> None:
    """An invitation for Thursday, the 26th, at nine, sent."""
    await office(here)
    await here.says("budi", "siaran undangan")
    await here.presses("budi", "Semua")
    await here.presses("budi", "Isi undangan")
    for line in ("Mohon hadir.", "26 november 09.00", "Aula kecamatan"):
        await here.says("budi", line)
    await here.presses("budi", "Lihat contoh")
    await here.presses("budi", "Kirim")
    await here.move(here.clock.now() + timedelta(minutes=3), 20 * SECOND)


def reminded(letters: Sequence[Letter]) -> list[str]:
    return sorted(one.to.chat for one in letters if one.text.startswith("*Mengingatkan"))


async def test_the_reminder_goes_to_who_comes_or_did_not_answer_once(here: World) -> None:
    await invited(here)
    await here.presses("darma", "Hadir")
    await here.presses("joko", "Tidak")
    letters = await here.move(datetime(2026, 11, 25, 15, 0, tzinfo=WITA).astimezone(UTC))
    assert reminded(letters) == ["darma", "wawan"]
    assert reminded(await here.move(datetime(2026, 11, 26, 8, 0, tzinfo=WITA).astimezone(UTC))) == []


async def test_a_meeting_called_off_holds_its_reminders_and_says_so(here: World) -> None:
    await invited(here)
    await here.move(datetime(2026, 11, 25, 8, 30, tzinfo=WITA).astimezone(UTC))
    here.clock.move(datetime(2026, 11, 25, 9, 0, tzinfo=WITA).astimezone(UTC))
    await here.engine.schedule.tick()  # the reminders are written
    here.new()
    await here.says("budi", "siaran")
    await here.presses("budi", "Undangan 1")
    await here.presses("budi", "Batalkan acara")
    here.clock.move(here.clock.now() + SECOND)
    letters = await here.presses("budi", "Ya, batalkan acara")
    letters += await here.move(here.clock.now() + timedelta(hours=2))
    told = sorted(one.to.chat for one in letters if "dibatalkan.*" in one.text and one.to.chat != "budi")
    assert [chat for chat in told if chat != "rina"] == ["darma", "joko", "wawan"]


async def test_who_was_not_invited_has_no_answer(here: World) -> None:
    await invited(here)
    await here.appoint("siti", "Siti Aminah", Role.SECRETARY, PERIAN)
    row = await here.store.read(lambda tx: recipients.recipient(tx, 1, 99))
    assert row is None


# -- files -------------------------------------------------------------------------------------


async def sends(
    here: World, who: str, name: str, data: bytes, mime: str = "", shape: str = "document"
) -> list[Letter]:
    number = f"file-{len(here.channel.files)}"
    here.channel.files[number] = data
    return await here.says(
        who, shape=shape, file={"id": number, "name": name, "mime": mime, "size": len(data)}
    )


async def test_a_document_goes_with_it(here: World) -> None:
    await office(here)
    await here.says("budi", "siaran Surat edaran terlampir, {nama}.")
    await here.presses("budi", "Semua")
    await here.presses("budi", "Lihat contoh")
    await here.presses("budi", "Lampirkan berkas")
    kept = await sends(here, "budi", "../surat.pdf", b"%PDF-1.4 made up", "application/pdf")
    assert "surat.pdf" in spoken(kept)[-1].text
    shown = await here.presses("budi", "Lihat contoh")
    assert spoken(shown)[0].attachment is not None
    await here.presses("budi", "Kirim")
    letters = await here.move(here.clock.now() + timedelta(minutes=2), 20 * SECOND)
    files = [one.attachment for one in letters if one.text.startswith("Surat edaran")]
    assert [(file.name, file.data) for file in files if file] == [("surat.pdf", b"%PDF-1.4 made up")] * 3


async def test_a_long_text_takes_no_file(here: World) -> None:
    await office(here)
    await here.says("budi", "siaran " + "a " * 480)
    await here.presses("budi", "Semua")
    await here.presses("budi", "Lihat contoh")
    said = await here.presses("budi", "Lampirkan berkas")
    assert "paling panjang 900 huruf" in spoken(said)[-1].text


def sheet(*names: str) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, name in enumerate(("Desa", *names)):
            page.write_string(number, 0, name)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["text", "sheet"])
async def test_a_list_of_villages_may_be_a_file(here: World, kind: str) -> None:
    await office(here)
    await here.says("budi", "siaran")
    await here.presses("budi", "Daftar desa")
    data = sheet("Perian", "Muara Leka") if kind == "sheet" else "\ufeffPerian\r\nMuara Leka\r\n".encode()
    said = await sends(here, "budi", f"daftar.{kind}", data)
    assert "2 desa pilihan" in spoken(said)[-1].text
    assert "2 orang di 2 desa" in spoken(said)[-1].text


# -- the bench ---------------------------------------------------------------------------------


def figures(**values: object) -> bench.Figures:
    fine = bench.Figures(1000, 40.0, 0, [0.1] * 20, 0, {"sent": 1000}, 1000)
    return replace(fine, **values)  # type: ignore[arg-type]


def test_the_bench_finds_what_was_broken() -> None:
    assert figures().broken(25) == []
    assert figures(seconds=42.0).broken(25)
    assert figures(refused=1).broken(25)
    assert figures(waits=[3.0] * 20).broken(25)
    assert figures(twice=1).broken(25)
    assert figures(states={"sent": 999}).broken(25)
    assert figures(states={"sent": 995, "unknown": 5}, killed=True, told="Belum pasti sampai 5").broken(25)
    assert figures(states={"sent": 996, "unknown": 4}, killed=True).broken(25)
    assert not figures(states={"sent": 996, "unknown": 4}, killed=True, told="Belum pasti sampai 4").broken(
        25
    )


@pytest.mark.slow
@pytest.mark.parametrize("kill", [False, True], ids=["undisturbed", "killed"])
async def test_a_small_broadcast_keeps_every_promise(tmp_path: Path, kill: bool) -> None:
    found = await bench.bench(200, 25, tmp_path, kill=kill, at_once=True)
    timed = ("took", "95 %")  # a machine that runs tests has other things to do
    assert [words for words in found.broken(25) if not words.startswith(timed)] == []
