"""States of a registration and what belongs to them."""

from bot.domain.people import Leaving, Refusal, Sex, State


def test_labels() -> None:
    assert [state.label for state in State] == ["diajukan", "aktif", "tidak aktif", "belum diketahui"]
    assert [sex.label for sex in Sex] == ["laki-laki", "perempuan"]


def test_reasons_of_leaving_and_refusing_fit_on_a_button() -> None:
    assert [why.label for why in Leaving] == [
        "Masa jabatan habis",
        "Mengundurkan diri",
        "Diberhentikan",
        "Meninggal",
        "Pindah",
        "Salah catat",
    ]
    assert all(len(why.label) <= 30 for why in (*Leaving, *Refusal))
