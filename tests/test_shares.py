"""The key on paper: any two of three sheets bring it back, one tells nothing, and a mistyped sign is named."""

import itertools
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Misconfigured
from bot.store import keyfile, shares
from bot.store.keyfile import Ring
from bot.store.shares import Share


def test_any_two_values_of_a_line_give_its_byte_and_one_tells_nothing() -> None:
    for x in (1, 2, 3):
        assert {shares.times(x, byte) for byte in range(256)} == set(range(256))
    for byte in range(256):
        for slope in range(256):
            values = {x: byte ^ shares.times(x, slope) for x in (1, 2, 3)}
            for one, other in ((1, 2), (1, 3), (2, 3), (2, 1), (3, 1), (3, 2)):
                over = shares.DIVIDED[one ^ other][values[one] ^ values[other]]
                assert values[one] ^ shares.times(one, over) == byte
    for x in (1, 2, 3):  # whatever one share says, each byte is behind it equally often
        behind = Counter((byte ^ shares.times(x, slope), byte) for byte in range(256) for slope in range(256))
        assert set(behind.values()) == {1}


RINGS = [keyfile.new(), keyfile.rotated(keyfile.rotated(keyfile.new())), Ring({9: bytes(64)}, bytes(32))]


def careless(line: str) -> str:
    """A line as somebody types it."""
    number, colon, signs = line.partition(": ")
    return (
        f" {number.strip()}. {signs.lower().replace('0', 'o').replace('1', 'l').replace(' ', '-')}  \n"
        if colon
        else line
    )


@pytest.mark.parametrize("known", RINGS, ids=lambda ring: f"{len(ring.keys)} keys")
@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_two_sheets_typed_carelessly_bring_the_ring_back(known: Ring, pair: tuple[int, int]) -> None:
    sheets = [share.lines() for share in shares.split(known)]
    typed = ["\n".join([lines[0].lower(), *map(careless, lines[1:])]) for lines in sheets]
    assert shares.join(*(shares.read(typed[at], "x") for at in pair)) == known


def test_a_mistyped_sign_anywhere_is_named_or_at_least_found() -> None:
    known = RINGS[0]
    first, second = (share.lines() for share in shares.split(known)[:2])
    other = shares.read("\n".join(second), "2")
    places = [
        (n, at)
        for n, line in enumerate(first)
        for at, sign in enumerate(line)
        if n and at > 3 and sign != " "
    ]
    named, found = 0, 0
    for (number, at), sign in itertools.product(places, shares.SIGNS):
        line = first[number]
        if sign == line[at]:
            continue
        typed = [*first[:number], line[:at] + sign + line[at + 1 :], *first[number + 1 :]]
        with pytest.raises(Misconfigured) as told:
            shares.join(shares.read("\n".join(typed), "one"), other)
        found += 1
        named += f"one: line {number} " in str(told.value)
    assert found > 5000
    assert named > 0.99 * found


def test_a_line_that_is_left_out_doubled_or_moved_is_named() -> None:
    lines = shares.split(RINGS[0])[0].lines()
    for order in ((0, 2, 3), (0, 1, 1, 2), (0, 2, 1), (1, 2, 3), (0,)):
        with pytest.raises(Misconfigured, match=r"^one: "):
            shares.read("\n".join(lines[at] for at in order), "one")
    short = shares.read("\n".join(lines[:-1]), "one")
    with pytest.raises(Misconfigured, match="do not belong together"):
        shares.join(short, shares.split(RINGS[0])[1])


def test_sheets_of_two_printings_and_one_sheet_twice_are_refused() -> None:
    (one, two, _), (_, other, _) = (shares.split(RINGS[0]) for _ in range(2))
    for wrong, told in ((other, "do not belong together"), (one, "both are share 1")):
        with pytest.raises(Misconfigured, match=told):
            shares.join(one, wrong)
    with pytest.raises(Misconfigured, match="do not give a key"):
        shares.join(one, Share(2, one.set, other.data))
    assert shares.join(one, two) == RINGS[0]


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_whatever_is_typed_it_is_a_share_or_one_sentence(text: str) -> None:
    for typed in (text, f"share 1 of 3, set AAAA\n1: {text}"):
        with suppress(Misconfigured):
            assert shares.read(typed, "one").number == 1
