"""Whatever is typed, a parser answers with a value or a refusal, and at once."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import alarms, answers, group_answers, incidents, project_answers
from bot.domain.dates import parse_birth, parse_paid, parse_period, parse_start, plain_date
from bot.domain.matching import best
from bot.domain.money import parse_wage
from bot.domain.names import parse_name, parse_place
from bot.domain.nik import parse_nik
from bot.domain.phones import parse_mobile
from bot.domain.picking import pick
from bot.domain.words import Vocabulary, command, is_no, is_yes
from bot.errors import Doubtful, Invalid
from bot.texts import render
from tests.domain.answers import TODAY

PARSERS: dict[str, Callable[[str], object]] = {
    "nik": parse_nik,
    "name": parse_name,
    "place": parse_place,
    "wage": parse_wage,
    "mobile": parse_mobile,
    "birth": lambda text: parse_birth(text, TODAY),
    "start": lambda text: parse_start(text, TODAY),
    "paid": lambda text: parse_paid(text, TODAY),
    "period": lambda text: parse_period(text, TODAY),
    "when": lambda text: incidents.parse_when(text, datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
    "alarm": alarms.spoken,
    "question": answers.is_asked,
    "value": project_answers.parse_value,
    "month": lambda text: project_answers.parse_month(text, TODAY),
    "day": lambda text: project_answers.parse_day(text, TODAY),
    "end": lambda text: project_answers.parse_end(text, TODAY, TODAY),
    "group": group_answers.name,
    "people": group_answers.people,
    "account": group_answers.account,
    "yes": is_yes,
    "no": is_no,
    "command": lambda text: command(text, Vocabulary({"daftar": ["data saya"], "batal": []}), fuzzy=True),
    "pick": lambda text: pick(text, ["Kepala Desa", "RT 03"]),
    "village": lambda text: best(text, {1: "Loa Duri Ulu", 2: "Loa Duri Ilir"}),
}

ALPHABET = "0123456789 .,-/+'()½eEOl|RpjtMyaagustus８٣²①\u200b\u202e\ue000\ud800\0\n👍Вﷺ"
PIECES = re.findall(
    r"\S+",
    """0 1 2 2,5 2.500 5 17 31 00 85 500 1985 2026 9999 0812 +62 62 3501146708850003 99999999 ½ ² jt juta ribu rb
    ratus setengah dua se rp idr /bulan -an an sekitar - + / . , ' ( ) agustus agt mei lalu ini kemarin besok e nan
    desa no ke pak ya tidak ii @ : ٣ O l""",
)
texts = st.one_of(
    st.text(ALPHABET, max_size=60),
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
)


@pytest.mark.parametrize("name", PARSERS)
@given(text=texts)
@example("²")
@example("1/1/0000")
@example("0/0/0")
@example("rp")
@example("1,5,5 juta")
@example("+" * 50)
def test_only_refusals_and_each_has_its_sentence(name: str, text: str) -> None:
    try:
        PARSERS[name](text)
    except Invalid as refusal:
        for attempt in (1, 2):
            said = render(refusal.template, refusal.values | {"attempt": attempt})
            assert said.encode("utf-8")


def accepted(parse: Callable[[str], object], text: str) -> object:
    """What is kept of a text by somebody who says yes to every question."""
    try:
        return parse(text)
    except Doubtful as doubt:
        return doubt.value


@pytest.mark.parametrize("name", ["nik", "wage", "mobile", "birth", "start", "paid"])
@given(text=texts)
@example("08/17/2014")
@example("3jt500")
@example("35O114670885OOO3")
def test_what_a_doubt_offers_could_have_been_typed(name: str, text: str) -> None:
    try:
        offered = accepted(PARSERS[name], text)
    except Invalid:
        return
    again = plain_date(offered) if isinstance(offered, date) else str(offered)
    assert accepted(PARSERS[name], again) == offered


HOSTILE = {
    "digits": "1" * 100_000,
    "spaces": " " * 100_000,
    "digits apart": "1 " * 50_000,
    "letters": "a" * 100_000,
    "marks": "Z" + "\u0301" * 100_000,
    "dots": "1." * 50_000,
    "brackets": "(" * 100_000,
    "expanding": "ﷺ" * 100_000,
    "invisible": "\u200b" * 100_000,
    "within the limit": "1 .-'" * 80,
    "within the limit, letters": "a a" * 133,
    "within the limit, expanding": "ﷺ" * 400,
}


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_take_less_than_fifty_milliseconds(name: str, text: str) -> None:
    def seconds() -> float:
        start = time.process_time()
        with suppress(Invalid):
            PARSERS[name](text)
        return time.process_time() - start

    assert min(seconds() for _ in range(3)) < 0.05
