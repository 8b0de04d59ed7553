"""The operator's commands for templates, against a business account of ours in memory."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bot import stencils, template_commands
from bot.errors import GiveUp, TryLater
from bot.stencils import Definition
from bot.store import stencils as kept
from bot.store.database import open_store
from bot.template_commands import Line
from tests.world import vault

NOW = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
NAMES = [one.name for one in stencils.definitions()]
ACCOUNT = "/104996122399160/message_templates"


class Account:
    """A business account as the Graph API shows it: a few templates a page, and a review that refuses."""

    def __init__(self) -> None:
        self.templates: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.fails: Exception | None = None
        self.refuses: set[str] = set()

    async def call(self, method: str, path: str, deadline: float, **kwargs: Any) -> Mapping[str, Any]:
        assert deadline > 0
        self.calls.append((method, path))
        if self.fails is not None:
            raise self.fails
        if method == "GET":
            assert path == ACCOUNT
            return self._page(**kwargs["params"])
        if path == ACCOUNT:
            return self._create(kwargs["json"])
        (one,) = [one for one in self.templates.values() if path == f"/{one['id']}"]
        one.update(kwargs["json"], status="PENDING", rejected_reason="NONE")
        return {"success": True}

    def _page(self, *, fields: str, limit: str, after: str = "0") -> Mapping[str, Any]:
        assert {"name", "status", "components"} <= set(fields.split(","))
        assert limit.isdigit()
        begin = int(after)
        shown = list(self.templates.values())[begin : begin + 5]
        paging: dict[str, Any] = {"cursors": {"after": str(begin + 5)}}
        if begin + 5 < len(self.templates):
            paging["next"] = "https://graph.test/next"
        return {"data": shown, "paging": paging}

    def _create(self, asked: dict[str, Any]) -> Mapping[str, Any]:
        name = asked["name"]
        assert re.fullmatch(r"[a-z0-9_]{1,512}", name)
        assert (asked["language"], asked["category"], asked["parameter_format"]) == ("id", "UTILITY", "NAMED")
        body = asked["components"][0]
        samples = {one["param_name"] for one in body["example"]["body_text_named_params"]}
        assert samples == set(re.findall(r"\{\{(\w+)\}\}", body["text"]))
        if name in self.refuses:
            raise GiveUp("100: invalid parameter")
        number = str(9000 + len(self.templates))
        self.templates[name] = {**asked, "id": number, "status": "PENDING", "rejected_reason": "NONE"}
        return {"id": number, "status": "PENDING", "category": asked["category"]}

    def decide(self, status: str = "APPROVED", **more: str) -> None:
        for one in self.templates.values():
            one.update(status=status, **more)


class Desk:
    """An operator in front of a terminal."""

    def __init__(self, account: Account, folder: Path) -> None:
        self.account = account
        self.database: Path | None = folder / "payung.db"
        self._vault = vault()
        self.pauses = 0
        self.while_waiting: Callable[[], None] = account.decide

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Line]:
        if self.database is None:
            yield Line(self.account, "104996122399160", None, lambda: NOW, self._pause)
            return
        async with open_store(self.database, self._vault) as store:
            yield Line(self.account, "104996122399160", store, lambda: NOW, self._pause)

    async def _pause(self, seconds: float) -> None:
        assert seconds > 0
        self.pauses += 1
        self.while_waiting()

    def types(self, *words: str, ours: list[Definition] | None = None) -> Result:
        group: click.Group = template_commands.templates(self.connect, lambda: ours or stencils.definitions())
        return CliRunner().invoke(group, list(words))

    async def known(self) -> dict[str, kept.Known]:
        assert self.database is not None
        async with open_store(self.database, self._vault) as store:
            return {one.name: one for one in await store.read(kept.all_)}


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def desk(account: Account, tmp_path: Path) -> Desk:
    return Desk(account, tmp_path)


def _known(desk: Desk) -> dict[str, kept.Known]:
    return asyncio.run(desk.known())


def test_check_says_that_all_is_well(desk: Desk) -> None:
    done = desk.types("check")
    assert (done.exit_code, done.output) == (0, f"{len(NAMES)} templates are in order.\n")
    assert desk.account.calls == []


@pytest.mark.parametrize("command", ["check", "submit", "export"])
def test_nothing_bad_is_submitted_or_exported(desk: Desk, command: str) -> None:
    done = desk.types(command, ours=[Definition("salah", "{{nama}} promo", ())])
    assert done.exit_code == 1
    assert "salah: begins with a variable: put a word before it\n" in done.output
    assert desk.account.calls == []


def test_export_writes_one_file_each_and_how_to_go_on_by_hand(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "deep"
    done = desk.types("export", "--to", str(folder))
    assert done.exit_code == 0
    assert f"{len(NAMES)} templates and README.md" in done.output
    assert {path.stem for path in folder.glob("*.json")} == set(NAMES)
    for one in stencils.definitions():
        assert json.loads((folder / f"{one.name}.json").read_text(encoding="utf-8")) == one.payload
    told = (folder / "README.md").read_text(encoding="utf-8")
    for one in stencils.definitions():
        assert f"## {one.name}\n\n```\n{one.body}\n```\n" in told
        assert all(f"- {{{{{name}}}}}: {sample}\n" in told for name, sample in one.samples)
        assert all(label in told for label in one.buttons)


def test_submit_creates_what_is_not_there_and_only_once(desk: Desk) -> None:
    done = desk.types("submit")
    assert done.exit_code == 0, done.output
    assert list(desk.account.templates) == NAMES
    assert done.output.count("submitted") == len(NAMES)
    assert {one.status for one in _known(desk).values()} == {"PENDING"}
    again = desk.types("submit")
    assert again.exit_code == 0
    assert "there already  ada_pesan: PENDING" in again.output
    assert [call for call in desk.account.calls if call[0] == "POST"] == [("POST", ACCOUNT)] * len(NAMES)


def test_submit_goes_on_after_one_that_is_refused(desk: Desk) -> None:
    desk.account.refuses = {"iuran_besok"}
    done = desk.types("submit")
    assert done.exit_code == 1
    assert "REFUSED        iuran_besok: 100: invalid parameter\n" in done.output
    assert len(desk.account.templates) == len(NAMES) - 1
    assert re.search(r"iuran_besok +not submitted", done.output)


def test_submit_and_watch_ends_when_all_are_decided(desk: Desk) -> None:
    done = desk.types("submit", "--watch")
    assert (done.exit_code, desk.pauses) == (0, 1)
    assert len(re.findall("UTILITY +PENDING", done.output)) == len(NAMES)
    assert len(re.findall("UTILITY +APPROVED", done.output)) == len(NAMES)
    assert {one.status for one in _known(desk).values()} == {"APPROVED"}


def test_status_keeps_why_something_was_rejected(desk: Desk) -> None:
    desk.types("submit")
    desk.account.decide()
    desk.account.templates["iuran_janji"].update(status="REJECTED", rejected_reason="TAG_CONTENT_MISMATCH")
    done = desk.types("status")
    assert done.exit_code == 0
    assert re.search(r"iuran_janji +UTILITY +REJECTED: TAG_CONTENT_MISMATCH\n", done.output)
    known = _known(desk)
    assert known["iuran_janji"] == kept.Known(
        "iuran_janji", "REJECTED", "UTILITY", "TAG_CONTENT_MISMATCH", NOW
    )
    assert known["ada_pesan"].status == "APPROVED"
    assert known["ada_pesan"].reason == ""


def test_status_warns_when_something_became_marketing(desk: Desk) -> None:
    desk.types("submit")
    desk.account.decide()
    desk.account.templates["ada_pesan"]["category"] = "MARKETING"
    done = desk.types("status")
    assert done.output.count("WARNING: Meta counts it as MARKETING; marketing costs about 4 times") == 1
    assert _known(desk)["ada_pesan"].category == "MARKETING"


@pytest.mark.parametrize("changed", ["text", "buttons", "gone"])
def test_another_text_in_the_account_is_not_filled_in(desk: Desk, changed: str) -> None:
    desk.types("submit")
    desk.account.decide()
    theirs = json.loads(json.dumps(desk.account.templates["ada_pesan"]))
    if changed == "text":
        theirs["components"][0]["text"] += " Terima kasih."
    elif changed == "buttons":
        theirs["components"][1]["buttons"][0]["text"] = "Lihat pesan"
    else:
        del theirs["components"]
    desk.account.templates["ada_pesan"] = theirs
    assert (
        "ada_pesan          UTILITY    DIFFERS (the account has another text" in desk.types("status").output
    )
    assert _known(desk)["ada_pesan"].status == kept.DIFFERS


def test_what_was_rejected_or_differs_is_sent_again_when_asked(desk: Desk) -> None:
    desk.types("submit")
    desk.account.decide()
    rejected, differs = (desk.account.templates[name] for name in ("iuran_janji", "ada_pesan"))
    rejected.update(status="REJECTED", rejected_reason="INVALID_FORMAT")
    differs["components"] = [{"type": "BODY", "text": "Ada pesan."}]
    assert "sent again" not in desk.types("submit").output
    done = desk.types("submit", "--edit", "--watch")
    assert "sent again     iuran_janji\n" in done.output
    assert "sent again     ada_pesan\n" in done.output
    assert done.output.count("sent again") == 2
    assert {one.status for one in _known(desk).values()} == {"APPROVED"}


def test_templates_of_others_and_other_languages_are_left_alone(desk: Desk) -> None:
    desk.account.templates["hello_world"] = {"id": "1", "name": "hello_world", "language": "en_US"}
    desk.account.templates["english"] = {
        "id": "2",
        "name": "ada_pesan",
        "language": "en",
        "status": "APPROVED",
    }
    done = desk.types("status")
    assert done.output.count("not submitted") == len(NAMES)
    assert "hello_world" not in done.output
    assert _known(desk) == {}


def test_what_the_account_has_no_more_is_not_sent(desk: Desk) -> None:
    desk.types("submit", "--watch")
    del desk.account.templates["ada_pesan"]
    assert "ada_pesan          not submitted" in desk.types("status").output
    known = _known(desk)
    assert (known["ada_pesan"].status, known["ada_pesan"].category) == ("DELETED", "UTILITY")
    assert known["iuran_besok"].status == "APPROVED"


def test_while_the_bot_runs_nothing_is_written_down(desk: Desk) -> None:
    desk.database = None
    done = desk.types("submit")
    assert done.exit_code == 0
    assert "Not written down here: the bot runs" in done.output


def test_when_meta_cannot_be_asked_one_line_says_so(desk: Desk) -> None:
    desk.account.fails = TryLater("ConnectError", scope="whatsapp")
    for command in ("submit", "status"):
        done = desk.types(command)
        assert done.exit_code == 1
        assert done.output.endswith("Meta could not be asked (ConnectError): nothing is lost, run it again\n")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": None},
        {"data": {"x": 1}, "paging": []},
        {"data": [None, 7, {"name": ["ada_pesan"]}], "paging": {"next": "x", "cursors": None}},
        {"data": [{"name": "ada_pesan", "language": "id", "components": [None, {"type": "BUTTONS"}]}]},
    ],
)
def test_an_odd_answer_is_no_traceback(desk: Desk, answer: dict[str, Any]) -> None:
    async def odd(*_: object, **__: object) -> Mapping[str, Any]:
        return answer

    desk.account.call = odd  # type: ignore[method-assign,assignment]
    done = desk.types("status")
    assert done.exit_code == 0, done.output
    assert done.output.count("not submitted") >= len(NAMES) - 1


def test_a_list_that_never_ends_is_left(desk: Desk) -> None:
    asked = []

    async def endless(*_: object, **__: object) -> Mapping[str, Any]:
        asked.append(1)
        return {"data": [], "paging": {"next": "x", "cursors": {"after": "x"}}}

    desk.account.call = endless  # type: ignore[method-assign]
    assert desk.types("status").exit_code == 0
    assert len(asked) == template_commands.MOST_PAGES
