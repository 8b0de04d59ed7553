"""The rules by which one conversation is held against all channels."""

import pytest

from tests.dialects import DIALECTS, sayable, seen

MANY = " ".join(f"[{n} Pilihan {n}]" for n in range(1, 13))
HEAD = "= siti: kaur_keuangan 64.02.01.2001 Siti\n= #kantor: office 64.02\n"


def same(one: str, other: str, channel: str) -> bool:
    """Whether two conversations are the same there."""
    return seen(HEAD + one, DIALECTS[channel]) == seen(HEAD + other, DIALECTS[channel])


@pytest.mark.parametrize("channel", DIALECTS)
def test_only_within_a_chat_messages_have_an_order(channel: str) -> None:
    assert same("siti> a\n< satu\n< budi: dua\nbudi> b", "siti> a\n< budi: dua\n< satu\nbudi> b", channel)
    assert not same("siti> a\n< satu\n< dua", "siti> a\n< dua\n< satu", channel)
    assert not same("siti> a\n< satu\nsiti> b\n< dua", "siti> a\nsiti> b\n< satu\n< dua", channel)


@pytest.mark.parametrize(
    "channel, one, other, equal",
    [
        ("whatsapp", "siti> a\n< (diubah) satu", "siti> a\n< satu", True),
        ("whatsapp", "siti> a\n< (sekilas) satu", "siti> a\n< satu", True),
        ("whatsapp", "siti> a\n< #kantor: (diubah) satu", "siti> a\n< #kantor: satu", False),
        ("telegram", "siti> a\n< (diubah) satu", "siti> a\n< satu", False),
        ("web", "siti> a\n< (sekilas) satu", "siti> a\n< satu", False),
        ("whatsapp", f"siti> a\n< x\n  {MANY}", f"siti> a\n< x\n  {MANY[: MANY.index('[10')]}[10 Lainnya »]", True),
        ("telegram", f"siti> a\n< x\n  {MANY}", f"siti> a\n< x\n  {MANY[: MANY.index('[10')]}[10 Lainnya »]", False),
        ("whatsapp", "siti> a\n< x\n  [Ya] [Tidak]", "siti> a\n< x\n  [Ya]", False),
    ],
)  # fmt: skip
def test_a_channel_differs_by_its_rules_alone(channel: str, one: str, other: str, equal: bool) -> None:
    assert same(one, other, channel) is equal


def test_words_before_a_colon_are_no_chat() -> None:
    assert same("siti> a\n< catatan: satu\n< budi: dua", "siti> a\n< siti: catatan: satu\n< budi: dua", "web")


def test_what_cannot_be_sent_is_left_out_with_its_answer() -> None:
    written = "siti> (voice)\n< Maaf\n  Ketik.\nsiti> (photo a.jpg)\n< Ya"
    assert sayable(written, DIALECTS["web"]).splitlines()[1:] == ["siti> (photo a.jpg)", "< siti: Ya"]
    assert "(voice)" in sayable(written, DIALECTS["whatsapp"])
