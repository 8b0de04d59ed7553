"""What came in from the platforms, as the tests have it, and the results of jobs, good and bad ones."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import handlers
from bench.planted import Planted
from tests.fakes import whatsapp_people
from tests.fakes.whatsapp_people import People, Somebody

_FOLDER = Path(__file__).parent.parent / "tests" / "data" / "telegram"
_ON = "wamid.HBgNNjI4MTIzNDUwMDAwMRUCABIYFDNB"


def telegram() -> list[Any]:
    """Every recorded update."""
    families = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.json"))]
    return [update for family in families for update in family.values()]


def whatsapp(people: Sequence[Somebody], at: datetime) -> list[Any]:
    """Every kind of request of these people, in each shape in which they are named, and news of the account."""
    rejected = {"event": "REJECTED", "message_template_name": "ada_pesan", "reason": "INVALID_FORMAT"}
    slower = {"display_phone_number": "6281155500010", "event": "DOWNGRADE", "current_limit": "TIER_50"}
    news = {"message_template_status_update": rejected, "phone_number_quality_update": slower}
    found: list[Any] = [whatsapp_people.account(field, value) for field, value in news.items()]
    for who in people:
        one = People(who, at)
        failed = one.status(
            _ON, "failed", row=88, errors=[whatsapp_people.failure(131026, "Message undeliverable")]
        )
        found += [
            one.say("tagihan", reply_to=_ON), one.say("daftar"), one.press("a.0", _ON), one.choose("a.1", _ON),
            one.answer("a.2", _ON), one.image(), one.document("a.pdf"), one.audio(), one.video(), one.sticker(),
            one.location(), one.unsupported(), one.card("0812", who.number), one.react(_ON), one.edit(_ON, "a"),
            one.revoke(_ON), one.report(failed, one.status(_ON, "read", row=3)),
            one.bring(one.message("text", {"body": "ya"}), one.message("text", {"body": "simpan"})),
        ]  # fmt: skip
        found += [one.renew("ID.99")] if who.scoped else []
        found += [one.move("6281234500009", "ID.99")] if who.number else []
    return found


def results(one: Planted, sender: tuple[str, str], place: tuple[str, str], at: datetime) -> list[Any]:
    """A result of each kind of job that a handler waits for; `place` is a village and its district."""
    signs = [route.sign for route in handlers.TABLE.routes if route.sign.startswith("(job:")]
    args = {"to": [*sender, ""], "sender": sender[1], "group": False, "village": place[0], "district": place[1],
            "payment": 1, "month": "Oktober 2026", "report": 1, "broadcast": 1, "recognition": 1, "what": "peserta"}  # fmt: skip
    rows = [[1, ["Nama", "NIK", "Jabatan"]], [2, [one.name, one.nik, "Kasi"]]]
    card = {"name": one.name, "nik": one.nik, "place": "", "born": "1980-01-02", "sex": "L"}
    facts: tuple[dict[str, Any], ...] = (
        {"failed": "GiveUp"},
        {"kept": 1, "name": "a.xlsx", "title": "x", "count": 1, "short": "", "moment": "x", "line": "x"},
        {"problem": "damaged"},
        {"sheets": [{"name": "Lembar 1", "rows": rows, "hidden": 0}], "kept": 1},
        {"card": card},
    )
    return [
        {"kind": sign[5:-1], "args": args, "facts": told, "at": at.isoformat()}
        for sign in signs
        for told in facts
    ]
