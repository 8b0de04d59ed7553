"""What village officers write in their own words, and which answer they get; each sentence to a village of its own."""

from datetime import date, datetime

import pytest

from bot import ledger
from bot.domain.offices import Role
from bot.domain.people import State
from bot.store import employers, members
from bot.store.database import Tx
from bot.store.employers import Employer
from tests.district import NPP, OCT, WAGE
from tests.world import PERIAN, World, rulebook

STAFF = {
    "kades": "Ratna Sari",
    "sekdes": "Agus Salim",
    "kaur_umum": "Fitriani",
    "kaur_keuangan": "Darma Wijaya",
    "kaur_perencanaan": "Yulianti Rahmah",
    "kasi_pemerintahan": "Hamid Asnawi",
    "kasi_kesejahteraan": "Budi Santoso",
    "kasi_pelayanan": "Siti Khadijah",
    "bpd_ketua": "Joko Prasetyo",
    "bpd_sekretaris": "Desi Ratnasari",
}
CARD, LIST, BILL, PAY = "status/person", "status/people", "month/bill", "answers/pay"
ASK, SENT, COLLEAGUE = "questions/ask", "questions/passed_on", "questions/colleague"
MENU, THANKS, REGISTER = "start/menu", "chat/thanks", "registration/notice"
CHANGE, ACCIDENT, DEATH = "status/change_how", "incidents/accident", "incidents/death"
LOST, UNREAD = "chat/not_understood", "answers/unknown"


def _insured(tx: Tx, now: datetime) -> None:
    employers.put(tx, Employer(PERIAN, NPP, "2020", OCT), None, now)
    for number, (code, name) in enumerate(STAFF.items(), start=1):
        post = rulebook().position(code)
        new = members.New(
            PERIAN, name, f"640201150885{number:04}", {"born": "1985-08-15", "sex": "L", "wage": WAGE},
            post.category, code, date(2024, 1, 2), OCT.first, State.ACTIVE,
        )  # fmt: skip
        members.add(tx, new, None, now)
    ledger.refresh(tx, rulebook(), PERIAN, OCT, now)


async def told(here: World, said: str, *before: str, by: str = "darma") -> tuple[str, str]:
    """The first template of the answer, and all its words."""
    await here.appoint("ratna", "Ratna Sari", Role.HEAD, PERIAN)
    await here.appoint("darma", "Darma Wijaya", Role.TREASURER, PERIAN)
    await here.store.transact(lambda tx: _insured(tx, here.clock.now()))
    for each in before:
        await here.says(by, each)
    last = await here.store.transact(lambda tx: tx.one("SELECT COALESCE(MAX(id), 0) FROM outbox")[0])
    letters = await here.says(by, said)
    sql = "SELECT template FROM outbox WHERE id > :last ORDER BY id"
    found = await here.store.transact(lambda tx: tx.all(sql, last=last))
    return found[0]["template"] if found else "", " ".join(letter.text for letter in letters)


async def count(here: World, table: str) -> int:
    """How many questions, payments or intentions are kept."""
    sql = {
        "question": "SELECT COUNT(*) FROM question",
        "payment": "SELECT COUNT(*) FROM payment",
        "intention": "SELECT COUNT(*) FROM intention",
    }[table]
    found: int = await here.store.transact(lambda tx: tx.one(sql)[0])
    return found


# -- nothing that harms or is kept is guessed ------------------------------------------------------


@pytest.mark.parametrize("said", ["bukan", "bukan saya", "bukan pak", "bukan lunas"])
@pytest.mark.parametrize("by", ["ratna", "darma"])
async def test_a_bare_bukan_is_a_no(here: World, said: str, by: str) -> None:
    assert (await told(here, said, by=by))[0] == THANKS


@pytest.mark.parametrize(
    "said", ["bekukann", "bekuakn", "berhennti", "sudah bayaar", "data salahh", "tautkn"]
)
async def test_no_slip_does_what_harms_or_is_kept(here: World, said: str) -> None:
    template, _ = await told(here, said, by="ratna")
    assert template in (LOST, UNREAD, BILL, THANKS)
    assert [await count(here, table) for table in ("payment", "intention")] == [0, 0]


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ("dftr", REGISTER),
        ("mau daftarin bu ani", REGISTER),
        ("tagihannya", BILL),
        ("tagian", BILL),
        ("pesrta", LIST),
    ],
)
async def test_what_only_shows_or_asks_is_guessed_as_ever(here: World, said: str, template: str) -> None:
    assert (await told(here, said))[0] == template


@pytest.mark.parametrize("said", ["dijawab pak", "telpon aja", "rekpa"])
async def test_what_only_the_office_may_is_not_guessed_of_a_village(here: World, said: str) -> None:
    assert (await told(here, said))[0] == LOST


async def test_what_only_the_office_may_and_was_typed_says_so_and_whom_to_ask(here: World) -> None:
    template, text = await told(here, "kendala")
    assert template == "chat/not_yours"
    assert "khusus" in text
    assert "TANYA" in text


# -- half a sentence is not sent -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "template"),
    [
        *((said, ASK) for said in (
            "tolong pak", "tanya pak", "mau tanya pak", "tanya dong", "bantu sy", "mau nanya", "tolong dibantu pak",
            "sy mau tanya", "izin bertanya", "petugas", "pengaduan", "tolong tanyakan", "Selamat pagi, mau tanya pak",
        )),
        *((said, COLLEAGUE) for said in (
            "tanya pak kades aja", "tanya sekdes", "tanya dulu ke kades", "tanya bu siti dulu", "tanya kaur keuangan saja",
        )),
        ("tolong cek tagihan kami", BILL),
        ("bantu cek tagihan pak", BILL),
        ("tolong cek pak sekdes", CARD),
        ("tolong cek pak kadus", "status/post_empty"),
        ("tolong bantu daftar kadus", REGISTER),
        ("tolong kirim kode billing", PAY),
        ("tolong sy lupa pin", "pin/none_yet"),
        ("tolong batalkan laporan sy", "month/nothing_to_withdraw"),
        ("tolong ubah gaji yulianti 2,5jt", CHANGE),
        ("tolong hapus sy dr bot ini", "privacy/mine"),
    ],
)  # fmt: skip
async def test_what_begins_with_a_plea_is_read_first(here: World, said: str, template: str) -> None:
    assert (await told(here, said))[0] == template
    assert await count(here, "question") == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("tanya apakah linmas boleh ikut", "apakah linmas boleh ikut"),
        ("tolong ingatkan kades kami", "ingatkan kades kami"),
        ("tolong rapatnya diundur karena jalan banjir", "rapatnya diundur karena jalan banjir"),
        ("tanya kades kami sudah dua bulan tidak masuk, bagaimana?", "bagaimana"),
    ],
)
async def test_a_whole_question_is_sent_as_ever(here: World, said: str, words: str) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    assert (await told(here, said))[0] == SENT
    assert any(words in letter.text for letter in here.sent if letter.to.chat == "yuni")


@pytest.mark.parametrize("said", ["ya", "iya", "ya tanyakan", "tolong tanyakan", "tanya petugas"])
async def test_a_question_without_an_answer_is_offered_itself(here: World, said: str) -> None:
    await here.appoint("yuni", "Yuniarti Lestari", Role.ADMIN, "64.02")
    template, text = await told(here, said, "kapan bimtek dimulai")
    assert template == "questions/send_it"
    assert "kapan bimtek dimulai" in text
    assert await count(here, "question") == 0
    await here.says("darma", "kirim")
    assert any("kapan bimtek dimulai" in letter.text for letter in here.sent if letter.to.chat == "yuni")


@pytest.mark.parametrize(
    "said", ["ga jadi", "tidak jadi pak", "nanti saja", "mau tanya pak", "assalamualaikum"]
)
async def test_what_is_no_question_is_not_sent_as_one(here: World, said: str) -> None:
    await told(here, said, "tanya")
    assert await count(here, "question") == 0


async def test_it_may_be_left(here: World) -> None:
    await told(here, "ya", "kapan bimtek dimulai")
    assert "tidak jadi" in (await here.says("darma", "tidak jadi"))[0].text
    assert await count(here, "question") == 0


async def test_a_yes_to_nothing_stays_politeness(here: World) -> None:
    assert (await told(here, "ya", "asdf qwer"))[0] == THANKS


# -- a greeting stands before what is meant --------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "template"),
    [
        *((said, MENU) for said in (
            "pagi", "met pagi", "malam min", "punten", "shalom", "halo", "P", "assalamu'alaikum wr. wb.", "Selamat siang bapak ibu",
            "hallo min 🙏",
        )),
        ("selamat pagi pak sudah bayar", "month/reported"),
        ("halo min tagihan brp", BILL),
        ("selamat siang mau daftar kadus baru", REGISTER),
        ("halo, dana blm cair", "month/noted"),
        ("selamat pagi pak, tolong", "start/help_village"),
        ("Assalamualaikum wr wb, pagi pak, status", "status/village"),
        ("Selamat siang min, izin bertanya apakah saudara agus salim sudah aktif?", CARD),
        ("pagi pak kadus kecelakaan di jalan", ACCIDENT),
    ],
)  # fmt: skip
async def test_what_stands_behind_a_greeting_is_read(here: World, said: str, template: str) -> None:
    assert (await told(here, said))[0] == template


# -- who, how much, where --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("cek kades", "Ratna Sari"),
        ("lihat data kasi pelayanan", "Siti Khadijah"),
        ("siapa kasi kesra kami", "Budi Santoso"),
        ("status pak kades gmn", "Ratna Sari"),
        ("peserta sekdes", "Agus Salim"),
        ("ketua bpd sdh didaftarkan?", "Joko Prasetyo"),
        ("saya sudah terdaftar belum", "Darma Wijaya"),
        ("sy sdh aktif blm", "Darma Wijaya"),
        ("hamid sdh bayar blm", "Hamid Asnawi"),
        ("bendahara", "Darma Wijaya"),
        ("hamid kemarin ke bank", "Hamid Asnawi"),
    ],
)
async def test_whoever_is_asked_about_is_shown(here: World, said: str, name: str) -> None:
    template, text = await told(here, said)
    assert template == CARD
    assert text.startswith(f"*{name}*")


@pytest.mark.parametrize(
    ("said", "template"),
    [
        *((said, LIST) for said in (
            "jumlah peserta", "list peserta dong", "nama2 yg terdaftar", "semua sdh aktif kah", "siapa saja peserta nya",
            "daftar nama perangkat",
        )),
        ("yg blm aktif siapa", "status/unprotected"),
        ("daftar pembayaran", "month/history"),
        *((said, BILL) for said in (
            "daftar tunggakan", "brp tagihannya", "total brp pak", "brp min", "ada tunggakan ga", "kami nunggak brp bln",
            "tgl brp terakhir byr", "deadline kapan", "mau byr brp ya", "jadwal bayar",
        )),
        *((said, PAY) for said in ("byr ke rekening mana", "no rek brp", "va nya brp", "id billing", "bayar kemana")),
        ("yg bayar siapa", "answers/rates"),
        ("apakah dipotong gaji", "answers/rates"),
        ("gmn cara daftarin perangkat desa", "answers/register"),
    ],
)  # fmt: skip
async def test_who_how_much_when_and_where(here: World, said: str, template: str) -> None:
    assert (await told(here, said))[0] == template


async def test_a_group_that_is_not_insured_here_is_named(here: World) -> None:
    _, text = await told(here, "apakah linmas boleh ikut")
    assert text.startswith("Linmas belum ditetapkan di Kutai Kartanegara. Yang sudah:")


async def test_one_who_is_near_is_asked_about_and_a_yes_shows_them(here: World) -> None:
    template, text = await told(here, "yuliantii")
    assert (template, "Yulianti Rahmah" in text) == ("status/person_meant", True)
    assert (await here.says("darma", "ya"))[0].text.startswith("*Yulianti Rahmah*")


@pytest.mark.parametrize("said", ["rapat", "ralat", "ada", "shalomm", "desa kami"])
async def test_a_mere_likeness_is_nobody(here: World, said: str) -> None:
    assert (await told(here, said))[0] in (LOST, UNREAD, MENU)


# -- what is new of people -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("kasi pelayanan sdh resign", "Siti Khadijah"),
        ("kades diganti pj", "Ratna Sari"),
        ("gaji kades naik", "Ratna Sari"),
        ("ubah data kades", "Ratna Sari"),
        ("tgl lahir kaur umum salah", "Fitriani"),
        ("pak sekdes pensiun bulan ini", "Agus Salim"),
        ("yulianti sudah tidak menjabat lagi", "Yulianti Rahmah"),
        ("siltap naik 2.700.000 mulai januari", "10 orang"),
        ("ubah gaji semua perangkat", "10 orang"),
        ("pergantian perangkat", "10 orang"),
    ],
)
async def test_something_new_leads_to_the_card(here: World, said: str, name: str) -> None:
    template, text = await told(here, said)
    assert template == CHANGE
    assert name in text


@pytest.mark.parametrize("said", ["uang siti sudah keluar", "motor agus diganti", "apakah kades diganti"])
async def test_what_belongs_to_them_is_not_they(here: World, said: str) -> None:
    assert (await told(here, said))[0] != CHANGE


@pytest.mark.parametrize("said", ["hapus kaur umum", "keluarkan fitriani"])
async def test_who_is_to_go_is_found_by_post_and_by_name(here: World, said: str) -> None:
    template, text = await told(here, said)
    assert (template, "*Fitriani*" in text) == ("status/remove_how", True)


@pytest.mark.parametrize(
    "said", ["ada perangkat baru", "tambah 2 kadus", "tambah peserta", "ada kaur baru pak", "perangkat baru"]
)
async def test_somebody_new_is_registered(here: World, said: str) -> None:
    assert (await told(here, said))[0] == REGISTER


@pytest.mark.parametrize(
    "said", ["pensiun", "resign", "sudah dipecat", "habis masa jabatannya", "pindah ke kota"]
)
async def test_a_reason_in_other_words_is_one(here: World, said: str) -> None:
    assert (await told(here, said, "siti khadijah", "berhenti/diganti"))[0] == "members/ask_last"


# -- emergencies, small talk -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "template"),
    [
        ("budi santoso jatuh dr motor wkt antar surat", ACCIDENT),
        ("bu siti keserempet motor", ACCIDENT),
        ("pak hamid mati", DEATH),
        ("makasih byk pak", THANKS),
        ("terima kasih infonya pak", THANKS),
        ("sabar ya min", THANKS),
        ("siap 86", THANKS),
        ("sipp error", LOST),
        ("bingung pak", ASK),
        ("ada yg minta otp", "siaran/how_to_check"),
        ("hp hilang", "guarding/lost"),
        ("sy bukan kaur keuangan lg", "approvals/ask_successor"),
        ("saya sekdes baru mau masuk", "approvals/ask_successor"),
    ],
)
async def test_small_talk_and_emergencies(here: World, said: str, template: str) -> None:
    assert (await told(here, said))[0] == template


@pytest.mark.parametrize("said", ["hp hilang", "hp kaur keuangan hilang"])
async def test_of_a_lost_phone_the_head_is_asked_whose(here: World, said: str) -> None:
    assert (await told(here, said, by="ratna"))[0] == "guarding/which"


async def test_what_nobody_understands_may_be_asked_of_the_office(here: World) -> None:
    template, text = await told(here, "ribet amat sih")
    assert (template, "sudah bayar" in text) == (LOST, True)
    said = " ".join(letter.text for letter in await here.presses("darma", "Tanya petugas"))
    assert "Kirim “ribet amat sih”" in said
