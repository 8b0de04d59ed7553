"""Which topic a question is about; that each topic has its sentence, its row, and what that rests on."""

from datetime import date

import pytest

from bot.domain import answers, statements
from bot.rules import load
from bot.texts import FOLDER

RULES = load()
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("apa itu JKK?", "jkk"),
        ("jaminan kematian itu apa", "jkm"),
        ("apa itu jaminan pensiunn", "jp"),
        ("pakai uang apa ya pak", "money"),
        ("boleh pakai dana desa?", "money"),
        ("berapa iurannya", "rates"),
        ("berapa iuran jkk dan jkm", "rates"),
        ("siapa yang wajib ikut", "who"),
        ("apakah ada denda kalau terlambat", "penalty"),
        ("apa bedanya bpjs kesehatan dan ketenagakerjaan", "agency"),
        ("dimana faskes saya", "health"),
        ("bagaimana cara klaimnya", "claim"),
        ("berapa santunan kalau meninggal", "benefit"),
        ("kartu saya hilang bagaimana", "card"),
        ("kapan jatuh tempo", "due"),
        ("kapan bayarnya", "due"),
        ("iuran desember kapan bayar", "due"),
        ("kalau telat bayar kena denda brp", "penalty"),
        ("cara bayar iuran", "pay"),
        ("cara bayar lewat bank bpd", "pay"),
        ("kode iuran dapat dari mana", "pay"),
        ("apa bedanya jkk sama jkm", "jkk_jkm"),
        ("berapa persen jkk", "rates"),
        ("jht bisa dicairkan kapan", "jht"),
        ("kecelakaan lalu lintas ditanggung jasa raharja atau bpjs?", "raharja"),
        ("apa itu bpu", "bpu"),
        ("nomor telpon bpjs berapa", "branch"),
        ("boleh pake add?", "money"),
        ("kartunya mana", "card"),
        ("jaminan pensiun buat kades ada ga", "jp"),
        ("guru ngaji gimana", "rt"),
        ("cara daftar", "register"),
        ("istri saya dicover juga gak", "family"),
        ("apa dasar hukumnya", "law"),
        ("apakah sakit jantung saat kerja termasuk kecelakaan kerja", "sick"),
        ("apakah kader posyandu boleh", "rt"),
        ("apakah proyek wajib didaftarkan", "project"),
        ("bagaimana cara daftar proyek", "project"),
        ("berapa iuran proyek", "project"),
        ("proyek wajib daftar ga", "project"),
        ("apa itu desa sadar", "sadar"),
        ("apa syarat jadi desa sadar", "sadar"),
        ("bpjs itu apa sih", "agency"),
        ("apa itu bpjs kesehatan", "health"),
        ("bayar bpjs pakai uang apa", "money"),
        ("gimana kalo ada yg meninggal", "benefit"),
        ("kalau kecelakaan di jalan gimana", "benefit"),
        ("nomor bpjs cabang berapa", "branch"),
    ],
)
def test_what_a_question_is_about(said: str, topic: str) -> None:
    assert answers.is_asked(said)
    assert answers.topic(said) == topic


@pytest.mark.parametrize(
    "said",
    [
        "Budi Santoso",
        "apa kabar",
        "bagaimana cara menanam padi?",
        "sudah bayar 500rb",
        "",
        "tanya apa itu jkk?",
        "apa " * 80,
        "proyek jembatan kapan selesai",
        "proyek apa saja yang belum daftar",
        "berapa desa sadar",
    ],
)
def test_nothing_is_written_about_it(said: str) -> None:
    assert not answers.is_asked(said)


def test_a_statement_is_no_question() -> None:
    assert not answers.is_asked("dana desa belum cair")
    assert answers.is_named("kartu saya hilang pak")


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("nik tidak valid di sipp", "nik"),
        ("nik ditolak", "nik"),
        ("nik salah", "nik"),
        ("alamat kantor cabang bpjs", "branch"),
        ("anak saya sakit", "sick"),
    ],
)
def test_what_is_hardly_more_than_a_name(said: str, topic: str) -> None:
    assert answers.is_named(said)
    assert answers.topic(said) == topic


@pytest.mark.parametrize(
    "said",
    [
        "pak bpd sudah menerima honor",
        "kalau kades selesai menjabat gmn",
        "pak kades naik pangkat",
        "kader desa libur",
        "pak sakti",
        "tukang libur",
    ],
)
def test_a_sentence_about_somebody_is_no_question_about_their_kind(said: str) -> None:
    assert not answers.is_asked(said)
    assert not answers.is_named(said)


@pytest.mark.parametrize("topic", sorted(answers.TOPICS))
def test_every_topic_has_its_sentence_and_what_it_rests_on(topic: str) -> None:
    assert (FOLDER / "answers" / f"{topic}.txt").exists()
    assert statements.rests_on(RULES.all_answers, topic, TODAY)


def test_every_row_is_about_a_topic() -> None:
    assert {row.topic for row in RULES.all_answers} == set(answers.TOPICS)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("iuran desember kapan bayar", "Desember 2026"),
        ("iuran januari kapan bayar", "Januari 2027"),
        ("iuran juni kapan bayar", "Juni 2026"),
        ("dari maret sampai mei kapan bayar", ""),
        ("kapan bayar", ""),
    ],
)
def test_the_month_that_is_named(said: str, label: str) -> None:
    found = answers.month_named(said, TODAY)
    assert (found.label if found else "") == label
