"""States of a registration and what belongs to them."""

import pytest

from bot.domain.people import MOVES, OPEN, PAID_FOR, PROTECTED, Leaving, Refusal, Sex, State, may_become


def test_every_state_has_moves_a_label_and_a_group() -> None:
    assert set(MOVES) == set(State)
    assert len({state.label for state in State}) == len(State)
    assert PROTECTED | PAID_FOR | OPEN | {State.ENDED} == set(State)


@pytest.mark.parametrize("state", [state for state in State if state is not State.UNKNOWN])
def test_every_state_but_the_unknown_can_be_reached(state: State) -> None:
    assert any(may_become(old, state) for old in State)


def test_labels() -> None:
    assert [state.label for state in State] == ["diajukan", "aktif", "tidak aktif", "belum diketahui"]
    assert [sex.label for sex in Sex] == ["laki-laki", "perempuan"]
    assert not may_become(State.ACTIVE, State.SUBMITTED)


def test_reasons_of_leaving_and_refusing_fit_on_a_button() -> None:
    assert [why.label for why in Leaving] == [
        "Masa jabatan habis",
        "Mengundurkan diri",
        "Meninggal",
        "Pindah",
        "Salah catat",
    ]
    assert all(len(why.label) <= 30 for why in (*Leaving, *Refusal))
