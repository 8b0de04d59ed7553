"""What a village says in place of a payment: which sentences are a plan, which say that the money has not come."""

import pytest

from bot.domain import sentences


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("besok saya bayar", "besok"),
        ("minggu depan byr pak", "minggu depan"),
        ("insyaallah senin kami setor", "senin"),
        ("hari jumat dibayar bu", "hari jumat"),
        ("kami akan bayar tanggal 12", "tanggal 12"),
        ("rencananya dibayar tgl 12 desember", "tanggal 12 desember"),
        ("nanti saya bayar", "nanti"),
        ("belum bisa bayar, akhir bulan", ""),
        ("besok saya ke kantor", ""),
        ("besok bayar berapa", ""),
        ("kapan kami bayar, besok?", ""),
        ("kemarin sudah bayar", ""),
        ("tidak bisa bayar besok", ""),
        ("saya bayar tanggal 12", ""),  # which may have been
        ("ingatkan besok bayar", ""),
        ("dibayar hari senin kemarin", ""),
        ("kami baru bayar tanggal 30", "tanggal 30"),
        ("besok kami bayar pajak desa", ""),
        ("jumat depan gaji perangkat dibayar", ""),
        ("besok hari terakhir bayar", ""),
        ("nanti saya kabari setelah dibayar", ""),
        ("termin proyek dibayar besok", ""),
        ("siaran Mohon dibayar besok", ""),
        ("besok " + "x" * 100 + " bayar", ""),
    ],
)
def test_a_plan_names_when(said: str, when: str) -> None:
    assert sentences.planned(said) == when
    assert sentences.plans(said) is bool(when)


@pytest.mark.parametrize(
    "said",
    [
        "uang belum cair",
        "ADD blm cair pak",
        "dana desa belum turun",
        "blm ada dana",
        "duitnya blm masuk",
        "belum ada uangnya",
    ],
)
def test_the_money_has_not_come(said: str) -> None:
    assert sentences.lacks_money(said)


@pytest.mark.parametrize(
    "said",
    [
        "kapan dana cair",
        "dana belum cair?",
        "kenapa dana belum cair",
        "dana sudah cair",
        "uang kas",
        "belum bayar",
        "uang santunan belum cair",
        "klaimnya belum cair",
        "uang duka almarhum belum turun",
        "uang jkm belum cair",
        "uang saya belum masuk",
    ],
)
def test_a_question_about_money_is_none(said: str) -> None:
    assert not sentences.lacks_money(said)


@pytest.mark.parametrize(
    ("said", "paid"),
    [
        ("pak iuran november sudah kami bayar", True),
        ("baru bayar", True),
        ("kami baru bayar tanggal 30", False),
        ("kami baru transfer tanggal 28", False),
        ("belum kami bayar", False),
        ("termin sudah dibayar", False),
        ("apa sudah dibayar", False),
    ],
)
def test_a_payment_was_made(said: str, paid: bool) -> None:
    assert sentences.reports(said) is paid


@pytest.mark.parametrize(
    ("said", "regret"),
    [
        ("maaf sy salah lapor, blm bayar", True),
        ("hapus laporan", True),
        ("hapus laporan kecelakaan", False),
        ("salah", False),
    ],
)
def test_a_report_is_regretted(said: str, regret: bool) -> None:
    assert sentences.regrets(said) is regret
