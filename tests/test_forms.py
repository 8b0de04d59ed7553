"""The engine of forms: a person can always go back, change, pause, leave, and is told how."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import filling, forms, texts
from bot.channels import memory
from bot.domain import titles
from bot.domain.offices import DISTRICT, Role
from bot.errors import Doubtful, Invalid, Narrowed
from bot.filling import FormRoute
from bot.forms import PATIENCE, REVIEW, Form, Step, View
from bot.messages import Address, Incoming, Outgoing
from bot.progress import Outcome, Progress, Status
from bot.routing import Table, dispatch, word
from bot.store import drafts
from bot.store.database import Tx
from bot.turns import Turn
from handlers import FORMS, registration
from tests.world import PERIAN, World, rulebook

TODAY = date(2026, 11, 23)


def _parse_colour(text: str, _view: View) -> str:
    if text not in ("red", "blue", "green"):
        raise Invalid("invalid/empty", said=text)
    if text == "green":
        raise Doubtful("invalid/empty", "green")
    return text


def _parse_size(text: str, view: View) -> int:
    if not text.isdecimal():
        raise Invalid("invalid/empty")
    return int(text) + (100 if view.answers["colour"] == "red" else 0)


def _plain(value: object, _view: View) -> str:
    return str(value)


def _step(name: str, parse: Any, **more: Any) -> Step:
    return Step(name, name.title(), f"ask/{name}", parse, _plain, **more)


FORM = Form(
    "shirt",
    (
        _step(
            "colour",
            _parse_colour,
            resets=("size",),
            choices=lambda _view: (("red", "Merah"), ("blue", "Biru")),
        ),
        _step("size", _parse_size),
        _step("name", lambda text, _view: text),
    ),
    "review",
)


@dataclass
class Talk:
    """A form being filled in; its progress is written and read between every two turns."""

    form: Form = FORM
    extra: dict[str, Any] = field(default_factory=dict)
    progress: Progress = field(default_factory=lambda: forms.begin(FORM, PERIAN))

    def says(self, *said: str) -> Outcome:
        """The outcome of the last of these answers."""
        for text in said:
            self.progress = Progress(**json.loads(json.dumps(self.progress.to_json())))
            view = View(TODAY, self.progress.answers, self.extra)
            outcome = forms.hear(self.form, self.progress, text, view)
        return outcome


def _asked(outcome: Outcome) -> str:
    assert outcome.say is not None
    return outcome.say.template


def _labels(outcome: Outcome) -> list[str]:
    assert outcome.say is not None
    return [choice.label for choice in outcome.say.choices]


FILLED = ("red", "7", "Siti")


def test_questions_come_in_order_and_the_review_last() -> None:
    talk = Talk()
    assert [_asked(talk.says(answer)) for answer in FILLED] == ["ask/size", "ask/name", "review"]
    assert talk.progress.answers == {"colour": "red", "size": 107, "name": "Siti"}
    assert talk.says("simpan").status is Status.DONE


def test_a_question_says_which_it_is_and_of_how_many() -> None:
    say = Talk().says("red").say
    assert say
    assert (say.values["number"], say.values["total"]) == (2, 3)


def test_a_button_answers_like_typed_text() -> None:
    assert _asked(Talk().says("form:colour:blue")) == "ask/size"


def test_a_button_of_an_earlier_question_only_asks_the_open_one_again() -> None:
    talk = Talk()
    assert _asked(talk.says("red", "form:colour:blue")) == "ask/size"
    assert talk.progress.answers == {"colour": "red"}
    assert talk.progress.tries == 0


@pytest.mark.parametrize(
    "button", ["form:", "form::", "form:nowhere:ya", "form:review:simpan", "form:review:2"]
)
def test_a_button_that_does_not_belong_here_changes_nothing(button: str) -> None:
    talk = Talk()
    outcome = talk.says("red", button)
    assert outcome.status is Status.ASKING
    assert talk.progress.answers == {"colour": "red"}


def test_back_goes_one_question_back_and_keeps_the_old_answer_until_another_comes() -> None:
    talk = Talk()
    assert _asked(talk.says("blue", "7", "kembali")) == "ask/size"
    assert talk.progress.answers["size"] == 7
    assert _asked(talk.says("8")) == "ask/name"
    assert talk.progress.answers["size"] == 8


def test_back_at_the_first_question_stays_there() -> None:
    assert _asked(Talk().says("kembali", "kembali")) == "ask/colour"


def test_back_at_the_review_goes_to_the_last_question() -> None:
    assert _asked(Talk().says(*FILLED, "kembali")) == "ask/name"


@pytest.mark.parametrize(
    "said", ["2", "ubah 2", "ganti 2", "no. 2", "UBAH 2", "ubah nomor 2.", "form:review:2"]
)
def test_any_answer_can_be_changed_by_its_number(said: str) -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, said)) == "ask/size"
    assert _asked(talk.says("9")) == "review"
    assert talk.progress.answers["size"] == 109


@pytest.mark.parametrize("said", ["0", "4", "99", "ubah", "ubah dua puluh", "salah", "xyz"])
def test_at_the_review_anything_unclear_shows_it_or_asks_which_line(said: str) -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, said)) in ("review", "form/change_which", "form/unclear")
    assert talk.says("simpan").status is Status.DONE


def test_at_the_review_a_line_is_changed_by_its_label() -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, "ubah colour")) == "ask/colour"
    assert _asked(talk.says("kembali", "size 9")) == "review"
    assert talk.progress.answers == {"colour": "red", "size": 109, "name": "Siti"}
    assert _asked(talk.says("ubah name jadi Aminah")) == "review"
    assert talk.progress.answers["name"] == "Aminah"


def test_an_answer_may_tell_that_of_the_next_question_as_well() -> None:
    basis = _step("basis", lambda text, _view: "PPN" in text, says_next=True)
    form = Form("value", (basis, _step("size", _parse_size_of)), "review")
    talk = Talk(form, progress=forms.begin(form, PERIAN))
    assert _asked(talk.says("termasuk PPN")) == "ask/size"
    assert _asked(talk.says("kembali", "250 PPN")) == "review"
    assert talk.progress.answers == {"basis": True, "size": 250}


def _parse_size_of(text: str, _view: View) -> int:
    if not text[:3].isdecimal():
        raise Invalid("invalid/empty")
    return int(text[:3])


def test_a_changed_answer_voids_what_hung_on_it() -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, "ubah 1", "blue")) == "ask/size"
    assert "size" not in talk.progress.answers
    assert _asked(talk.says("7")) == "review"
    assert talk.progress.answers == {"colour": "blue", "size": 7, "name": "Siti"}


def test_the_same_answer_given_again_voids_nothing() -> None:
    assert _asked(Talk().says(*FILLED, "ubah 1", "red")) == "review"


def test_back_while_changing_returns_to_the_review() -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, "ubah 2", "kembali")) == "review"
    assert talk.progress.answers["size"] == 107


def test_back_after_a_change_that_voided_another_answer_does_not_skip_it() -> None:
    talk = Talk()
    outcome = talk.says(*FILLED, "ubah 1", "blue", "kembali")
    assert _asked(outcome) in ("ask/colour", "ask/size")
    while _asked(outcome) != "review":
        outcome = talk.says({"ask/colour": "blue", "ask/size": "7"}[_asked(outcome)])
    assert talk.progress.answers["size"] == 7


@pytest.mark.parametrize("yes", ["ya", "benar", "betul", "iya", "form:colour:ya"])
def test_a_doubtful_answer_is_kept_when_confirmed(yes: str) -> None:
    talk = Talk()
    assert _labels(talk.says("green")) == ["Ya, benar", "Ganti"]
    assert _asked(talk.says(yes)) == "ask/size"
    assert talk.progress.answers["colour"] == "green"


@pytest.mark.parametrize("no", ["bukan", "tidak", "ganti", "form:colour:ganti"])
def test_a_doubtful_answer_is_asked_again_when_refused(no: str) -> None:
    talk = Talk()
    assert _asked(talk.says("green", no)) == "ask/colour"
    assert talk.progress.answers == {}


def test_another_answer_replaces_a_doubtful_one() -> None:
    talk = Talk()
    assert _asked(talk.says("green", "blue")) == "ask/size"
    assert talk.progress.answers == {"colour": "blue"}


@pytest.mark.parametrize(("word", "expected"), [("kembali", "ask/colour"), ("batal", "form/not_begun")])
def test_a_doubtful_answer_can_be_left_too(word: str, expected: str) -> None:
    talk = Talk()
    assert _asked(talk.says("green", word)) == expected
    assert talk.progress.answers == {}


def test_the_third_mistake_offers_a_way_out_and_the_next_ones_are_counted_anew() -> None:
    talk = Talk()
    templates = [_asked(talk.says("purple")) for _ in range(2 * PATIENCE)]
    assert templates == ["invalid/empty", "invalid/empty", "form/way_out"] * 2
    attempts = [(Talk().says(*["purple"] * n)).say for n in (1, 2)]
    assert [say.values["attempt"] for say in attempts if say] == [1, 2]


def test_the_way_out_leads_out() -> None:
    talk = Talk()
    outcome = talk.says(*["purple"] * PATIENCE)
    assert outcome.say
    ways = ["form:colour:red", "form:colour:blue", "form:colour:nanti"]  # what could be chosen before stays
    label = outcome.say.values["label"]
    assert [choice.id for choice in outcome.say.choices] == [*ways, f"help:{label}"]
    assert talk.says("form:colour:nanti").status is Status.PAUSED


def test_a_good_answer_forgives_the_mistakes_before_it() -> None:
    talk = Talk()
    talk.says("purple", "purple", "red")
    assert talk.progress.tries == 0


@pytest.mark.parametrize("word", ["batal", "BATAL", "/batal", "batalkan", "batal saja", "batal ya pak"])
def test_leaving_is_asked_about_and_can_be_taken_back(word: str) -> None:
    talk = Talk()
    assert _asked(talk.says("red", word)) == "form/cancel"
    assert _asked(talk.says("form:size:lanjut")) == "ask/size"
    assert talk.progress.answers == {"colour": "red"}


@pytest.mark.parametrize("yes", ["ya", "iya", "form:size:ya", "ya hapus"])
def test_leaving_drops_the_form(yes: str) -> None:
    outcome = Talk().says("red", "batal", yes)
    assert outcome.status is Status.DROPPED or yes == "ya hapus"


@pytest.mark.parametrize(
    "said", ["tidak", "lanjut", "lanjutkan", "lanjut mengisi", "bukan", "7", "apa?", "kembali"]
)
def test_anything_but_a_yes_keeps_the_form(said: str) -> None:
    talk = Talk()
    assert talk.says("red", "batal", said).status is Status.ASKING
    assert talk.progress.answers["colour"] == "red"


@pytest.mark.parametrize("word", ["ga jadi", "keluar", "batalin", "stop"])
def test_what_people_say_who_leave_is_asked_about(word: str) -> None:
    assert _asked(Talk().says("red", word)) == "form/cancel"


def test_not_to_leave_after_all_keeps_the_form() -> None:
    talk = Talk()
    assert _asked(talk.says("red", "batal", "ga jadi")) == "ask/size"
    assert talk.says("batal", "stop").status is Status.DROPPED  # said twice, it is meant


@pytest.mark.parametrize(
    ("said", "waits"), [("bentar", True), ("nanti sy tanya dulu", True), ("ga hafal", False), ("skip", False)]
)
def test_what_is_no_answer_is_not_kept_and_the_way_out_is_told(said: str, waits: bool) -> None:
    talk = Talk()
    say = talk.says("red", "7", said).say
    assert say
    assert (say.template, say.values["waits"]) == ("form/not_yet", waits)
    assert "name" not in talk.progress.answers
    assert talk.progress.tries == 0
    assert talk.says("form:name:nanti").status is Status.PAUSED


def test_a_question_that_may_be_left_out_is() -> None:
    form = Form("size", (_step("size", _parse_size_of, skip="038"), _step("name", _plain)), "review")
    talk = Talk(form, progress=forms.begin(form, PERIAN))
    assert _asked(talk.says("bentar")) == "form/not_yet"
    assert _asked(talk.says("tidak tahu")) == "ask/name"
    assert talk.progress.answers == {"size": 38}


def test_of_what_may_be_there_it_is_not_kept_that_it_is_not() -> None:
    step = replace(_step("size", _parse_size_of, skip="038"), skips_none=True)
    form = Form("size", (step, _step("name", _plain)), "review")
    talk = Talk(form, progress=forms.begin(form, PERIAN))
    assert _asked(talk.says("tidak tahu")) == "form/not_yet"
    assert _asked(talk.says("tidak ada")) == "ask/name"


def test_a_text_may_say_no_more_than_that_there_is_none() -> None:
    form = Form("words", (_step("words", _plain, sentences=True),), "review")
    talk = Talk(form, progress=forms.begin(form, PERIAN))
    assert _asked(talk.says("tunggu sebentar")) == "form/not_yet"
    assert _asked(talk.says("belum ada")) == "review"


def test_an_earlier_answer_can_be_changed_in_the_middle() -> None:
    talk = Talk()
    assert _asked(talk.says("blue", "7", "salah size")) == "ask/size"
    assert _asked(talk.says("8")) == "ask/name"
    assert talk.progress.answers == {"colour": "blue", "size": 8}


@pytest.mark.parametrize("said", ["simpan dulu", "bnr", "benar, simpan"])
def test_at_the_review_it_is_saved(said: str) -> None:
    assert Talk().says(*FILLED, said).status is Status.DONE


def test_at_the_review_somebody_may_wait() -> None:
    talk = Talk()
    assert _asked(talk.says(*FILLED, "bentar")) == "form/not_yet"
    assert talk.says("simpan").status is Status.DONE


@pytest.mark.parametrize("said", ["nanti", "nanti saja", "tunda", "simpan dulu", "form:size:nanti"])
def test_later_keeps_everything(said: str) -> None:
    talk = Talk()
    outcome = talk.says("red", said)
    assert outcome.status is Status.PAUSED
    assert outcome.say
    assert outcome.say.values == {"about": "tadi", "done": 1, "total": 3}
    assert _asked(talk.says("7")) == "ask/name"


SHORT = Form(
    "short",
    (_step("name", lambda text, _view: text),),
    "review",
    buttons=(("simpan", "Buat"), ("1", "Ganti"), ("batal", "Tidak jadi")),
    commands=True,
)


def _short() -> Talk:
    return Talk(SHORT, progress=forms.begin(SHORT, PERIAN))


def test_a_review_may_have_buttons_of_its_own_and_be_dropped_by_one_of_them() -> None:
    talk = _short()
    assert _labels(talk.says("Siti")) == ["Buat", "Ganti", "Tidak jadi"]
    assert talk.says("form:review:batal").status is Status.DROPPED


@pytest.mark.parametrize("said", ["ubah", "bukan", "form:review:1"])
def test_the_one_answer_of_a_short_review_is_asked_for_at_once(said: str) -> None:
    assert _asked(_short().says("Siti", said)) == "ask/name"


@pytest.mark.parametrize(
    ("said", "status"), [("batal dulu deh", Status.DROPPED), ("nanti saya kabari", Status.PAUSED)]
)
def test_where_no_answer_begins_with_a_command_the_forms_own_words_are_heard(
    said: str, status: Status
) -> None:
    assert _short().says(said).status is status


def test_progress_is_written_and_read_back_unchanged() -> None:
    talk = Talk()
    talk.says("red", "green", "kembali", "green")
    assert Progress(**json.loads(json.dumps(talk.progress.to_json()))) == talk.progress


def test_what_is_known_at_the_start_is_not_asked() -> None:
    talk = Talk(progress=forms.begin(FORM, PERIAN, {"name": "Siti", "member": 12}))
    assert [_asked(talk.says(answer)) for answer in ("blue", "7")] == ["ask/size", "review"]
    assert talk.progress.answers == {"size": 7, "member": 12, "colour": "blue", "name": "Siti"}
    assert FORM.done(talk.progress.answers) == 3


def test_a_form_that_is_known_wholly_begins_with_its_review() -> None:
    assert forms.begin(FORM, PERIAN, {"colour": "red", "size": 7, "name": "Siti"}).at == REVIEW


def test_a_form_without_review_is_done_with_its_last_answer() -> None:
    short = Form("short", FORM.steps[:2])
    talk = Talk(short, progress=forms.begin(short, PERIAN, {"member": 12}))
    assert talk.says("red", "x").status is Status.ASKING
    assert talk.says("7").status is Status.DONE
    assert talk.progress.answers == {"member": 12, "colour": "red", "size": 107}
    assert talk.says("8").status is Status.DONE  # asked again, where it could not be done


# -- in a conversation: what is known, what follows, whose it is ------------------------------


def _refuse_seven(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    if answers["size"] == 7:
        raise Invalid("invalid/empty", step="size")
    return [turn.reply("done/size", size=answers["size"]), *filling.open_form(turn, SHIRT, {"name": "Siti"})]


def _same_again(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    again = filling.open_form(turn, SHIRT, {"colour": answers["colour"]})
    return [turn.reply("done/shirt", **answers), *again]


SHIRT = FormRoute(FORM, lambda _turn: {}, _same_again)
SIZE = FormRoute(
    Form("size", (_step("size", lambda text, _view: int(text)),)), lambda _turn: {}, _refuse_seven
)
OFFICE = FormRoute(
    Form("office", FORM.steps[2:]),
    lambda _turn: {},
    lambda turn, _answers: [turn.reply("done/office")],
    DISTRICT,
)
TABLE = Table(
    (
        word("baju", lambda turn: filling.open_form(turn, SHIRT), keeps_form=True),
        word("baru", lambda turn: filling.open_form(turn, SHIRT, fresh=True)),
        word("ukuran", lambda turn: filling.open_form(turn, SIZE, {"member": 12})),
        word("kantor", lambda turn: filling.open_form(turn, OFFICE, {"village": PERIAN})),
        word("lain", lambda turn: [turn.reply("other")]),
    ),
    (SHIRT, SIZE, OFFICE),
    lambda _turn: [],
)


async def _told(here: World, *said: str, user: str = "darma") -> list[str]:
    """The templates that answer the last of these messages."""

    def one(tx: Tx, text: str) -> list[str]:
        at = Address(memory.NAME, user)
        turn = Turn(tx, here.clock.now(), rulebook(), Incoming(at, user, "1", here.clock.now(), text=text))
        return [out.template for out in dispatch(TABLE, turn)]

    told: list[str] = []
    for text in said:
        told = await here.store.transact(partial(one, text=text))
        here.clock.move(here.clock.now() + timedelta(seconds=1))
    return told


async def _kept(here: World, person: int) -> dict[str, dict[str, Any]]:
    """The answers of the person's drafts, by form; the active one's name is marked."""
    mine = await here.store.transact(lambda tx: drafts.of(tx, person, here.clock.now()))
    return {draft.progress.form + "*" * draft.active: draft.progress.answers for draft in mine}


async def test_answers_known_already_replace_an_older_draft(here: World) -> None:
    darma = await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    assert await _told(here, "baju", "blue", "baju") == ["ask/size"]  # goes on with what was left
    assert await _told(here, "baru") == ["ask/colour"]
    assert await _kept(here, darma) == {"shirt*": {}}


async def test_a_form_may_lead_to_another_and_to_itself(here: World) -> None:
    darma = await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    assert await _told(here, "ukuran", "8") == ["done/size", "ask/colour"]
    assert await _kept(here, darma) == {"shirt*": {"name": "Siti"}}
    assert await _told(here, "red", "40", "simpan") == ["done/shirt", "ask/size"]
    assert await _kept(here, darma) == {"shirt*": {"colour": "red"}}


async def test_what_could_not_be_done_is_asked_again(here: World) -> None:
    darma = await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    assert await _told(here, "ukuran", "7") == ["invalid/empty"]
    assert await _kept(here, darma) == {"size*": {"member": 12, "size": 7}}
    assert await _told(here, "9") == ["done/size", "ask/colour"]


async def test_a_form_opened_within_another_does_not_rest(here: World) -> None:
    darma = await here.appoint("darma", "Darma", Role.TREASURER, PERIAN)
    assert await _told(here, "baju", "blue", "ukuran") == ["ask/size"]
    assert await _kept(here, darma) == {"size*": {"member": 12}, "shirt": {"colour": "blue"}}
    assert await _told(here, "lain") == ["other", "form/resting"]
    assert set(await _kept(here, darma)) == {"size", "shirt"}


async def test_the_districts_people_fill_in_forms_without_a_village(here: World) -> None:
    await here.appoint("ani", "Ani", Role.ADMIN, PERIAN[:5])
    assert await _told(here, "kantor", user="ani") == ["ask/name"]
    assert await _told(here, "Siti", user="ani") == ["done/office"]


# -- half an answer, and what follows from all of them -----------------------------------------


def _parse_fruit(text: str, _view: View) -> str:
    if text == "berries":
        raise Narrowed("ask/berry", (("straw", "Strawberry"), ("blue", "Blueberry")), group="berries")
    if text not in ("apple", "straw", "blue"):
        raise Invalid("invalid/empty")
    return text


def _basket() -> Talk:
    fruit = (("apple", "Apple"), ("berries", "Berries"))
    steps = (
        _step("fruit", _parse_fruit, choices=lambda _view: fruit),
        _step("count", lambda text, _view: int(text)),
    )
    form = Form("basket", steps, "review", lambda view: {"price": view.answers["count"] * 2})
    return Talk(form, {}, forms.begin(form, PERIAN))


def test_half_an_answer_asks_the_same_again_with_fewer_choices_and_is_no_mistake() -> None:
    talk = _basket()
    for _ in range(forms.PATIENCE + 1):
        say = talk.says("form:fruit:berries").say
        assert say is not None
        assert say.template == "ask/berry"
        assert [choice.id for choice in say.choices] == ["form:fruit:straw", "form:fruit:blue"]
    assert talk.progress.tries == 0
    assert talk.progress.at == "fruit"
    talk.says("form:fruit:straw")
    assert talk.progress.answers == {"fruit": "straw"}


def test_a_review_says_what_follows_from_the_answers_as_they_are_now() -> None:
    talk = _basket()
    talk.says("apple")
    say = talk.says("3").say
    assert say is not None
    assert say.values["price"] == 6
    changed = talk.says("ubah 2 5").say
    assert changed is not None
    assert changed.values["price"] == 10


# -- walks: whatever people write, there is a way on and a way out ----------------------------

WORDS = (
    "daftar", "Siti Aminah", "Siti", "6402015708850003", "6402 0157 0885 0003", "3201011501900007", "1234", "benar",
    "bukan", "17 agustus 1985", "1-1-1990", "Tenggarong", "Kartini", "081234567890", "tidak ada", "0812",
    "kasi pelayanan", "kades", "2,5 jt", "100", "999.000.000", "2 januari 2024", "besok", "ya", "tidak", "ubah",
    "ubah 1", "ubah 2", "ubah 3", "ubah 9", "7", "kembali", "batal", "nanti", "lanjut", "simpan", "ganti", "", "😀",
    "laki-laki", "form:nik:x", "form:review:simpan", "form:review:ubah", "form:review:2", "form:birth:ya",
    "form:phone:tidak_ada", "form:name:ganti", "*tebal*", "x" * 5000,
)  # fmt: skip


def _registration() -> Talk:
    extra = {
        "find": lambda _nik: None,
        "barred": lambda _position, _born: None,
        "holder": lambda _position: "",
        "positions": rulebook().positions,
        "wage": lambda position: 2_022_200 if position else 0,
        "offered": lambda position: 2_022_200 if position else 0,
        "pays_themselves": lambda position: position == "ketua_rt",
    }
    return Talk(registration.FORM, extra, forms.begin(registration.FORM, PERIAN))


def _ways_out(talk: Talk) -> Sequence[Status]:
    """What leaving, and putting aside, lead to from here."""
    copies = [
        Talk(talk.form, talk.extra, Progress(**json.loads(json.dumps(talk.progress.to_json())))) for _ in "12"
    ]
    left = copies[0]
    if left.progress.pending.get("step") == forms.CANCEL or left.says("batal").status is Status.ASKING:
        left_as = left.says("ya").status
    else:
        left_as = Status.DROPPED  # nothing was filled in: nothing to ask about
    return left_as, copies[1].says("nanti").status


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=30), max_size=40))
def test_a_random_walk_is_always_answered_and_always_has_a_way_out(said: list[str]) -> None:
    talk = _registration()
    for text in said:
        outcome = talk.says(text)
        if outcome.status in (Status.DONE, Status.DROPPED):
            break
        assert outcome.say
        assert texts.render(outcome.say.template, outcome.say.values)
        assert talk.progress.at == REVIEW or talk.form.step(talk.progress.at)
        assert _ways_out(talk) == (Status.DROPPED, Status.PAUSED)
    if said and outcome.status is Status.DONE:
        assert set(talk.progress.answers) == {step.name for step in talk.form.steps}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_after_any_walk_the_form_can_still_be_filled_in(said: list[str]) -> None:
    talk = _registration()
    for text in said:
        if talk.says(text).status in (Status.DONE, Status.DROPPED):
            return
    good = {
        "name": "Siti Aminah", "nik": "6402015708850003", "birth": "form:birth:ya", "place": "Tenggarong",
        "mother": "Kartini", "phone": "081234567890", "position": "kasi pelayanan", "wage": "2,5 jt",
        "since": "2 januari 2024", REVIEW: "simpan",
    }  # fmt: skip
    if talk.progress.pending:
        talk.says("kembali")
    outcome = talk.says(good[talk.progress.at])
    for _ in range(2 * len(good)):
        if outcome.status is not Status.DONE:
            outcome = talk.says(good[talk.progress.at])
    assert outcome.status is Status.DONE, f"stuck at {talk.progress.at} with {talk.progress.pending}"
    assert talk.progress.answers["name"]


def test_every_form_has_a_name_by_which_it_is_spoken_of() -> None:
    assert {route.form.name for route in FORMS} == set(titles.TITLES)


async def test_a_new_project_does_not_go_on_silently_with_an_older_one(here: World) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    for said in ("proyek baru", "Jalan Usaha Tani", "menu"):
        await here.says("darma", said)
    (asked,) = await here.says("darma", "proyek baru")
    assert "*Jalan Usaha Tani*" in asked.text
    assert any("(1 dari 11)" in one.text for one in await here.presses("darma", "Hapus, mulai baru"))


async def test_to_go_on_means_the_broadcast_that_is_being_written(here: World) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    for said in ("kontak cabang", "[Ubah kontak]", "Kantor Cabang Tenggarong", "nanti", "siaran"):
        await (here.presses("yuni", said[1:-1]) if said.startswith("[") else here.says("yuni", said))
    await here.presses("yuni", "Semua")
    (asked,) = await here.says("yuni", "lanjut")
    assert "Tulis pesannya" in asked.text
    await here.says("yuni", "batal")
    await here.says("yuni", "menu")
    (older,) = await here.says("yuni", "lanjut")
    assert "(2 dari 4)" in older.text


@pytest.mark.parametrize("said", ["ass wr wb", "asslm", "P", "ping", "apa kabar pak?"])
async def test_who_knocks_is_shown_the_menu(here: World, said: str) -> None:
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    (told,) = await here.says("darma", said)
    assert "Silakan pilih" in told.text
