"""Telegram's updates are read right, and letters look right; nothing here goes over a wire."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import splitting, telegram_letters, telegram_updates
from bot.errors import Unreadable
from bot.messages import Address, Choice, Contact, File, Incoming, Membership
from bot.texts import LITERAL, html, plain
from tests.fakes import spec

DATA = Path(__file__).parent / "data" / "telegram"
RECORDED = {path.stem: json.loads(path.read_text()) for path in DATA.glob("*.json")}
UPDATES = {name: update for family in RECORDED.values() for name, update in family.items()}
SENT_AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
US = "payung_desa_bot"

SITI = {"address": Address("telegram", "7001"), "sender": "7001", "name": "Siti Aminah"}
GROUP = Address("telegram", "-1002000000001")
IN_GROUP = SITI | {"address": GROUP, "group": True}
TOPIC = dataclasses.replace(GROUP, thread="44")
NO_ONE = {"sender": "", "name": ""}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

READ: dict[str, dict[str, object]] = {
    "text": SITI | {"message": "11", "text": "status"},
    "start": SITI | {"message": "11", "text": "/start K7Q2MX"},
    "emoji and right to left": SITI | {"message": "11", "text": "Budi 😀 \u202eiduB السلام"},
    "lone surrogate and NUL": SITI | {"message": "11", "text": "Sit\ufffdi\ufffd"},
    "deleted account": {
        "address": Address("telegram", "7009"), "sender": "7009", "name": "", "message": "11", "text": "ya"
    },
    "reply": SITI | {"message": "11", "text": "ya", "reply_to": "5"},
    "edited": SITI | {"message": "11", "text": "35 tahun", "edited": True},
    "own contact": SITI | {"message": "11", "shape": "contact", "contact": Contact("+6281200000001", "7001")},
    "contact of a stranger": SITI | {"message": "11", "shape": "contact", "contact": Contact("081200000002")},
    "photo": SITI | {
        "message": "11", "shape": "photo", "text": "bukti bayar", "file": File("p-l", "", "image/jpeg", 88000)
    },
    "album": SITI | {"message": "11", "shape": "photo", "file": File("p-l", "", "image/jpeg", 88000)},
    "document": SITI | {
        "message": "11", "shape": "document", "file": File("d1", "peserta.xlsx", SPREADSHEET, 20480)
    },
    "document without size": SITI | {"message": "11", "shape": "document", "file": File("d2")},
    "animation": SITI | {"message": "11", "shape": "animation"},
    "voice": SITI | {"message": "11", "shape": "voice"},
    "video note": SITI | {"message": "11", "shape": "video_note"},
    "sticker": SITI | {"message": "11", "shape": "sticker"},
    "location": SITI | {"message": "11", "shape": "location"},
    "live location moves": SITI | {"message": "11", "shape": "location", "edited": True},
    "poll": SITI | {"message": "11", "shape": "poll"},
    "dice": SITI | {"message": "11", "shape": "dice"},
    "story": SITI | {"message": "11", "shape": "story"},
    "forwarded": SITI | {"message": "11", "text": "setuju", "forwarded": True},
    "via a bot": SITI | {"message": "11", "text": "setuju", "forwarded": True},
    "unknown fields": SITI | {"message": "11", "text": "ya"},
    "command for us": IN_GROUP | {"message": "11", "text": "/Rekap  2025-09"},
    "command without address": IN_GROUP | {"message": "11", "text": "/rekap"},
    "command in a topic": IN_GROUP | {"message": "11", "text": "/rekap", "address": TOPIC},
    "reply thread is no topic": IN_GROUP | {"message": "11", "text": "ya", "reply_to": "5"},
    "anonymous admin": IN_GROUP | NO_ONE | {"message": "11", "text": "/rekap", "on_behalf_of": GROUP.chat},
    "linked channel": IN_GROUP | NO_ONE | {
        "message": "11", "text": "kabar", "forwarded": True, "on_behalf_of": "-1003000000009"
    },
    "group moved": IN_GROUP | {
        "address": Address("telegram", "-5001"), "message": "11", "shape": "membership",
        "membership": Membership.MIGRATED, "moved_to": GROUP.chat,
    },
    "tap": SITI | {"message": "30", "shape": "tap", "choice": "p1:0", "tap": "4411"},
    "tap in a topic": IN_GROUP | {
        "address": TOPIC, "message": "30", "shape": "tap", "choice": "p1:0", "tap": "4411"
    },
    "tap on a message out of reach": SITI | {"message": "30", "shape": "tap", "choice": "p1:0", "tap": "4411"},
    "tap without data": SITI | {"message": "30", "shape": "tap", "tap": "4411"},
    "blocked": SITI | {"shape": "membership", "membership": Membership.BLOCKED},
    "unblocked": SITI | {"shape": "membership", "membership": Membership.UNBLOCKED},
    "added": IN_GROUP | {"shape": "membership", "membership": Membership.ADDED},
    "added as administrator by an anonymous one": IN_GROUP | {
        "sender": "", "name": "Group", "shape": "membership", "membership": Membership.ADDED
    },
    "removed": IN_GROUP | {"shape": "membership", "membership": Membership.REMOVED},
    "left with the group": IN_GROUP | {"shape": "membership", "membership": Membership.REMOVED},
}  # fmt: skip

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no id": ({"message": {}}, "update.update_id"),
    "an id that is no number": ({"update_id": "9"}, "update.update_id"),
    "an id beyond all": ({"update_id": 10**400}, "update.update_id"),
    "a message that is text": ({"update_id": 1, "message": "halo"}, "update.message"),
    "no chat": ({"message": {"text": "a"}}, "update.message.chat"),
    "a chat without id": ({"message": {"text": "a", "chat": {"type": "private"}}}, "update.message.chat.id"),
    "nobody speaks": ({"from": None}, "update.message.from"),
    "no date": ({"date": None}, "update.message.date"),
    "a date before all": ({"date": -5}, "update.message.date"),
    "a date beyond all": ({"date": 10**400}, "update.message.date"),
    "a date as true": ({"date": True}, "update.message.date"),
    "text that is a list": ({"text": ["a"]}, "update.message.text"),
    "a name that is a number": ({"from": {"id": 7001, "is_bot": False, "first_name": 5}}, "first_name"),
    "a photo without sizes": ({"text": None, "photo": []}, "update.message.photo"),
    "a photo of texts": ({"text": None, "photo": ["a"]}, "update.message.photo"),
    "a document without id": ({"text": None, "document": {"file_size": 3}}, "message.file_id"),
    "a contact that is text": ({"text": None, "contact": "0812"}, "update.message.contact"),
}


def read(update: object, username: str = US) -> Incoming | None:
    return telegram_updates.read(json.dumps(update).encode(), username)


def told(incoming: Incoming) -> dict[str, object]:
    """What differs from an empty event."""
    empty = Incoming(incoming.address, "", "", incoming.at)
    fields = (field.name for field in dataclasses.fields(incoming))
    return {
        name: getattr(incoming, name) for name in fields if getattr(incoming, name) != getattr(empty, name)
    }


@pytest.mark.parametrize("name", READ)
def test_an_update_is_read(name: str) -> None:
    expected = {key: value for key, value in READ[name].items() if value != "" and key != "address"}
    incoming = read(UPDATES[name])
    assert incoming is not None
    assert incoming.address == READ[name]["address"]
    assert told(incoming) == expected | {"external_id": str(UPDATES[name]["update_id"])}


@pytest.mark.parametrize("name", RECORDED["ignored"])
def test_an_update_that_needs_no_answer_is_ignored(name: str) -> None:
    assert read(RECORDED["ignored"][name]) is None


def test_every_recorded_update_has_an_expectation() -> None:
    assert UPDATES.keys() - RECORDED["ignored"].keys() == READ.keys()


@pytest.mark.parametrize("name", UPDATES)
def test_the_recorded_updates_are_what_telegram_sends(name: str) -> None:
    telegram.Update.de_json(UPDATES[name], None)
    official = spec.telegram()
    if official is None:
        pytest.skip("the official description of the Bot API is not at hand")
    wrong = official.thing("Update", UPDATES[name])
    assert all("some_new" in line for line in wrong)


def test_the_time_is_telegrams() -> None:
    text, edited, tap = (read(UPDATES[name]) for name in ("text", "edited", "tap on a message out of reach"))
    assert text
    assert text.at == SENT_AT
    assert edited
    assert edited.at == SENT_AT + timedelta(minutes=1)
    assert tap
    assert tap.at == datetime(1970, 1, 1, tzinfo=UTC)


def test_without_knowing_its_name_the_bot_takes_every_command() -> None:
    incoming = read(UPDATES["command for another bot"], username="")
    assert incoming
    assert incoming.text == "/status"


@pytest.mark.parametrize("name", WRONG)
def test_what_is_malformed_is_named_without_its_content(name: str) -> None:
    wrong, path = WRONG[name]
    update = wrong
    if not wrong.keys() & {"update_id", "message"}:
        update = {"update_id": 1, "message": UPDATES["text"]["message"] | wrong}
    elif name != "no id" and "update_id" not in wrong:
        update = {"update_id": 1} | wrong
    with pytest.raises(Unreadable, match=path.replace(".", r"\.")) as caught:
        read(update)
    assert not any(value in str(caught.value) for value in ("Siti", "7001", "0812", "halo"))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"5", b'"a"', b"\xff\xfe\x00", b"[" * 50_000, b'{"a":' + b"9" * 5_000 + b"}"],
)
def test_a_body_that_is_no_update_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="update"):
        telegram_updates.read(body, US)


VALUES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.builds(list)
    | st.builds(dict)
    | st.just(10**400)
)


@given(st.data())
def test_a_mutated_update_is_read_ignored_or_unreadable(data: st.DataObject) -> None:
    update = json.loads(json.dumps(data.draw(st.sampled_from(list(UPDATES.values())))))
    for _ in range(2):
        mutate(update, data)
    try:
        incoming = read(update)
    except Unreadable:
        return
    assert incoming is None or (incoming.external_id and incoming.address.chat)


def mutate(update: dict[str, Any], data: st.DataObject) -> None:
    """Replace one value, at any depth."""
    place: dict[str, Any] = update
    while True:
        key = data.draw(st.sampled_from(sorted(place) or ["update_id"]))
        if not isinstance(place.get(key), dict) or not data.draw(st.integers(0, 3)):
            place[key] = data.draw(VALUES)
            return
        place = place[key]


@pytest.mark.parametrize(
    "update, expected",
    [
        (UPDATES["text"], "telegram:7001"),
        (UPDATES["tap in a topic"], "telegram:-1002000000001"),
        (UPDATES["added"], "telegram:-1002000000001"),
        (UPDATES["poll of our own"], "telegram:?"),
        ({"message": "broken", "update_id": 1}, "telegram:?"),
        ({"message": {"chat": {"id": "7"}}}, "telegram:?"),
        ([], "telegram:?"),
    ],
)
def test_the_conversation_is_told_before_reading(update: object, expected: str) -> None:
    assert telegram_updates.conversation(update) == expected


# -- letters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels, rows",
    [
        (["Ya"], [1]),
        (["Ya", "Tidak", "Nanti"], [1, 1, 1]),
        (["Ya", "Tidak", "Nanti", "Batal"], [2, 2]),
        (["Jan", "Feb", "Mar", "Apr", "Mei"], [2, 2, 1]),
        (["Ya", "Tidak", "Nanti", "Kepala Seksi Pemerintahan"], [1, 1, 1, 1]),
    ],
)
def test_short_labels_stand_in_two_columns(labels: list[str], rows: list[int]) -> None:
    choices = [Choice(f"t{index}", label) for index, label in enumerate(labels)]
    keyboard = telegram_letters.keyboard(choices)["inline_keyboard"]
    assert [len(row) for row in keyboard] == rows
    assert [button for row in keyboard for button in row] == [
        {"text": choice.label, "callback_data": choice.id} for choice in choices
    ]


@pytest.mark.parametrize(
    "marked, limit, parts",
    [
        ("pendek", 4096, ["pendek"]),
        ("satu\n\ndua dua", 10, ["satu", "dua dua"]),
        ("satu\ndua dua", 10, ["satu", "dua dua"]),
        ("satu dua tiga", 9, ["satu dua", "tiga"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("😀😀😀", 5, ["😀😀", "😀"]),
        ("satu *dua tiga* empat", 12, ["satu", "*dua tiga*", "empat"]),
        ("*tebal* biasa", 11, ["*tebal* biasa"]),
    ],
)
def test_long_text_is_cut_at_the_best_border(marked: str, limit: int, parts: list[str]) -> None:
    assert splitting.split(marked, limit) == parts


@given(st.text(alphabet="ab *\n😀\ue000é", max_size=120), st.integers(4, 20))
def test_no_part_is_too_long_and_no_word_is_lost(marked: str, limit: int) -> None:
    parts = splitting.split(marked, limit)
    assert all(splitting.units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(marked.split())


@pytest.mark.parametrize("name", ["<Budi & Sons>", LITERAL + "_[", "😀\u00a0x", "\u202eiduB", "ꦧꦸꦢꦶ"])
def test_names_are_shown_as_they_are_written(name: str) -> None:
    marked = f"Halo *{name}*"
    assert plain(marked) == f"Halo {name.replace(LITERAL, '*')}"
    assert "<" not in html(name)
