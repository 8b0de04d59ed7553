"""*/sistem*: what the bot can say of itself: channels, queues, the next reminder, what did not arrive."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import ledger, stencils
from bot.domain import dates
from bot.messages import Outgoing
from bot.store import agreements, office, records, windows
from bot.store.office import Queue, Stuck
from bot.store.stencils import DIFFERS, SENDABLE, all_
from bot.turns import Turn
from handlers import own_chat
from handlers.office import coming

#: How far back failures are told.
BACK = timedelta(days=7)
#: A channel that was not heard of for this long is no longer there.
SILENCE = timedelta(minutes=5)
#: Under this value the last good backup is told; `bot.backup` keeps it.
BACKUP = "backup.last"
#: Over this age there should have been another.
LATE = timedelta(hours=26)
CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": "Web", "memory": "Kanal uji"}
#: How well people take what a number sends, in WhatsApp's words and in ours.
QUALITY = {
    "GREEN": "baik",
    "UNFLAGGED": "baik",
    "YELLOW": "sedang",
    "RED": "buruk",
    "FLAGGED": "buruk, ditandai WhatsApp",
}
#: How a prepared text stands that may not be sent, likewise.
STANDING = {
    "": "belum diajukan",
    "PENDING": "sedang diperiksa",
    "REJECTED": "ditolak",
    "PAUSED": "dijeda",
    "DISABLED": "dimatikan",
    DIFFERS: "isinya berbeda",
}
#: What a message was, by the folder of its template.
KINDS = {
    "reminders": "pengingat",
    "siaran": "siaran",
    "board": "papan grup",
    "questions": "pertanyaan",
    "approvals": "permintaan tautan",
    "checking": "kabar pemeriksaan",
    "members": "kabar peserta",
    "alert": "peringatan",
    "office": "pesan kantor",
}
#: Why it failed, by words of the note beside it.
CAUSES = {
    "blocked": "tidak dapat dijangkau",
    "not found": "tidak dapat dijangkau",
    "deactivated": "tidak dapat dijangkau",
    "forbidden": "tidak dapat dijangkau",
    "kicked": "tidak dapat dijangkau",
    "looks personal": "ditahan, memuat data pribadi",
    "group": "ditahan, bukan untuk grup",
    "file": "berkasnya bermasalah",
    "switched off": "kanalnya dimatikan",
    "process ended": "terputus saat dikirim",
    "in time": "tidak ada jawaban",
    "outcome": "hasilnya tidak tercatat",
}
#: Causes shown.
SHOWN = 5


def show(turn: Turn) -> list[Outgoing]:
    """*/sistem*: the notes of the platforms themselves stand in private only."""
    next_ = coming.next_reminder(turn.tx, turn.rules, turn.district, turn.now)
    stuck = office.stuck(turn.tx, turn.now - BACK)
    heard = office.heard(turn.tx)
    limits = windows.tiers(turn.tx)
    said = turn.post(
        "office/system",
        at=_clock(turn, turn.now),
        channels=[_channel(turn, name, told) for name, told in office.channels(turn.tx).items()],
        heard=_clock(turn, heard) if heard else "",
        arriving=_queue(turn, office.arriving(turn.tx)),
        leaving=_queue(turn, office.leaving(turn.tx, turn.now)),
        next=coming.in_words(next_[0], turn.district) if next_ else "",
        villages=next_[1] if next_ else 0,
        failed=sum(one.count for one in stuck if one.status == "failed"),
        unknown=sum(one.count for one in stuck if one.status == "unknown"),
        set_aside=office.set_aside(turn.tx, turn.now - BACK),
        causes=_causes(stuck, told=not turn.incoming.group)[:SHOWN],
        first=[_first(turn, name, tier) for name, tier in limits.items()],
        templates=_not_approved(turn) if limits else [],
        **_backup(turn),
        unreckoned=ledger.unreckoned(turn.tx),
        agreement=_agreement(turn),
    )
    return own_chat.out_of_forum(turn, [said])


def _clock(turn: Turn, at: datetime) -> str:
    """The hour; the day too where it is not today."""
    local = at.astimezone(turn.district.zone)
    clock = dates.clock_time(local, turn.district.zone_label)
    return clock if local.date() == turn.today else f"{dates.short_date(local.date())} {clock}"


def _channel(turn: Turn, name: str, told: Mapping[str, str]) -> str:
    """As in "Telegram tersambung, terakhir 09.14 WITA"."""
    at = datetime.fromisoformat(told["at"]) if told.get("at") else None
    lost = at is not None and turn.now - at > SILENCE
    state = "terganggu" if told.get("problem") or lost else "tersambung"
    return f"{CHANNELS.get(name, name)} {state}{f', terakhir {_clock(turn, at)}' if at else ''}"


def _first(turn: Turn, name: str, tier: int) -> str:
    """As in "WhatsApp: 12 dari 250 orang disapa lebih dulu dalam 24 jam, 3 pesan menunggu dibalas, mutu hijau"."""
    people, held = windows.begun(turn.tx, name, turn.now).people, windows.held(turn.tx, name)
    parts = [f"{people} dari {tier} orang disapa lebih dulu dalam 24 jam"]
    if held:
        parts.append(f"{held} pesan menunggu dibalas")
    quality = QUALITY.get(records.get(turn.tx, f"{name}.quality") or "")
    if quality:
        parts.append(f"mutu nomor {quality}")
    return f"{CHANNELS.get(name, name)}: {', '.join(parts)}"


def _not_approved(turn: Turn) -> list[str]:
    """The prepared texts that may not be sent, each with how it stands."""
    known = {one.name: one.status for one in all_(turn.tx)}
    mine = [one.name for one in stencils.definitions() if known.get(one.name) not in SENDABLE]
    standing = ((name, known.get(name, "")) for name in mine)
    return [f"{name} ({STANDING.get(status, status)})" for name, status in standing]


def _queue(turn: Turn, queue: Queue) -> str:
    if not queue.count or queue.since is None:
        return "kosong"
    return f"{queue.count}, yang terlama {_age(turn.now - queue.since)}"


def _age(age: timedelta) -> str:
    minutes = max(int(age.total_seconds()) // 60, 0)
    if minutes < 1:
        return "baru saja"
    if minutes < 120:
        return f"{minutes} menit"
    return f"{minutes // 60} jam" if minutes < 2880 else f"{minutes // 1440} hari"


def _causes(stuck: list[Stuck], *, told: bool) -> list[str]:
    """What did not arrive, and why, in people's words; with the platform's own note where it is `told`."""
    counts: dict[str, int] = {}
    for one in stuck:
        note = one.error.lower()
        why = next((said for sign, said in CAUSES.items() if sign in note), "sebab lain")
        kind = KINDS.get(one.template.partition("/")[0], "jawaban")
        line = f"{kind}, {why}{f' ({one.error[:80]})' if told and one.error else ''}"
        counts[line] = counts.get(line, 0) + one.count
    return [f"{count} {line}" for line, count in counts.items()]


def _agreement(turn: Turn) -> str:
    """As in "415.4/12/PKS/2024 sampai 31 Januari 2027 (sisa 69 hari)"; of several the one that reaches furthest."""
    found = agreements.of_district(turn.tx, turn.district.code)
    if not found:
        return ""
    left = (found[0].until - turn.today).days
    rest = f"sisa {left} hari" if left > 0 else "hari terakhir" if left == 0 else "sudah berakhir"
    return f"{found[0].number} sampai {dates.short_date(found[0].until)} ({rest})"


def _backup(turn: Turn) -> dict[str, Any]:
    """When the last good backup was made, what of this district came back from it, and whether it is old."""
    told = json.loads(records.get(turn.tx, BACKUP) or "{}")
    if not told:
        return {"backup": "", "restored": "", "late": False}
    at = datetime.fromisoformat(told["at"]).astimezone(UTC)
    villages, people = told.get("found", {}).get(turn.district.code, (0, 0))
    many = f"{people:,}".replace(",", ".")
    restored = f"{villages} desa, {many} orang" if villages else ""
    return {"backup": _clock(turn, at), "restored": restored, "late": turn.now - at > LATE}
