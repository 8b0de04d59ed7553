"""What reports an accident or a death, and what only looks like it."""

import pytest

from bot.domain import alarms, answers
from bot.domain.incidents import Kind
from tests.world import all_villages

ACCIDENT, DEATH = Kind.ACCIDENT, Kind.DEATH


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("kecelakaan", ACCIDENT),
        ("pak kadus kecelakaan tadi pagi", ACCIDENT),
        ("Tolong, ada yg kecelakan!", ACCIDENT),
        ("kcelakaan pak", ACCIDENT),
        ("warga jatuh dari atap proyek", ACCIDENT),
        ("Jatuh dari pohon kelapa", ACCIDENT),
        ("pak budi patah tulang kena mesin", ACCIDENT),
        ("bu kaur ditabrak truk di simpang", ACCIDENT),
        ("ada perangkat yg meninggal", DEATH),
        ("hati-hati, pak kadus jatuh dari motor", ACCIDENT),
        ("pak kadus ikut program kecelakaan, tadi jatuh dari atap", ACCIDENT),
        ("pak kades wafat", DEATH),
        ("innalillahi pak rt berpulang semalam", DEATH),
        ("pak kaur meningal dunia", DEATH),
        ("pak kaur meninggal karena kecelakaan", DEATH),
        ("almarhum pak sekdes kapan santunannya", DEATH),
        ("bagaimana klaim pak kadus yang meninggal kemarin", DEATH),
        ("desa kami ada yang meninggal", DEATH),
        ("tersengat listrik di balai desa", ACCIDENT),
        ("kena parang waktu gotong royong", ACCIDENT),
        ("digigit ular waktu di sawah", ACCIDENT),
        ("pak sekdes masuk rumah sakit", ACCIDENT),
        ("pak RT kena stroke di kantor", ACCIDENT),
        ("pak gimana lapor kecelakaan kerja", ACCIDENT),
        ("pak kadus kecelakaan ditanggung bpjs", ACCIDENT),
        ("pak bpd tutup usia", DEATH),
        ("bu kadus sudah tiada", DEATH),
        ("pak rt udah ga ada pak", DEATH),
        ("pak bpd meninggl", DEATH),
        *(
            (said, ACCIDENT)
            for said in (
                "saya jatuh dari motor",
                "sy jatuh td pagi pas mau ke kantor",
                "kmrn sy nabrak kerbau",
                "pak kadus pingsan di kantor",
                "pak sekdes serangan jantung di kantor desa",
                "perangkat kami kena musibah",
                "lakalantas",
                "perahu terbalik pak",
                "budi santoso jatuh dr motor wkt antar surat",
                "bu ratna keserempet motor",
                "tadi pagi kami tertabrak",
            )
        ),
        *(
            (said, DEATH)
            for said in (
                "innalillahi",
                "innalillahi wa inna ilaihi rojiun pak kades",
                "pak hamid mati",
                "bu rt sudah mati tadi malam",
            )
        ),
    ],
)
def test_what_is_reported(said: str, kind: Kind) -> None:
    assert alarms.spoken(said) is kind
    assert not answers.is_asked(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "apa santunan kalau meninggal",
        "hp saya jatuh",
        "saya jatuh cinta",
        "kami jatuh tempo kapan",
        "saya patah semangat",
        "kami tabrakan jadwal",
        "kantor desa kena musibah banjir",
        "innalillahi iuran mahal sekali",
        "pak lampu di kantor mati",
        "pak sinyal mati dari tadi",
        "pak kades mati matian bekerja",
        "apakah lakalantas ditanggung",
        "apa itu jaminan kecelakaan kerja",
        "berapa santunan perangkat yang meninggal",
        "bisa klaim kalau jatuh dari motor?",
        "kapan jatuh tempo",
        "pak jatuh tempo kapan",
        "iuran jatuh tempo besok pak kaur",
        "harga karet jatuh pak",
        "Wafatul Khoir",
        "Almh. Siti Aminah",
        "alm Hasan bin Ali",
        "penduduk meningkat",
        "beliau meninggalkan jabatan",
        "meninggalkan desa besok",
        "kecelakaan lalu lintas ditanggung jasa raharja atau bpjs",
        "pak dananya udah ga ada",
        "pak kades sudah tidak ada di kantor",
        "pak masuk rs",
        "kalau masuk rumah sakit gimana",
        "pak kades meninggalkan desa",
        "tidak ada yang meninggal",
        "semoga tidak ada kecelakaan pak",
        "mati lampu pak",
        "siaran semua pak kades meninggal dunia",
        "sudah bayar",
        "sudah bayar iuran kecelakaan kerja kemarin",
        "pak kades jatuh sakit",
        "pak kaur patah semangat",
        "orang tua saya patah gigi",
        "kecelakaan " * 40,
    ],
)
def test_what_is_not(said: str) -> None:
    assert alarms.spoken(said) is None


def test_no_village_is_taken_for_an_accident_or_a_question() -> None:
    labels = [text for village in all_villages() for text in (village.name, village.label)]
    assert [text for text in labels if alarms.spoken(text) or answers.is_asked(text)] == []


@pytest.mark.parametrize(
    "said",
    ["istri pak kadus meninggal", "ibu saya meninggal", "anaknya pak RT kecelakaan", "mertua bu kasi wafat"],
)
def test_a_relative_is_spoken_of(said: str) -> None:
    assert alarms.is_of_family(said)


@pytest.mark.parametrize(
    "said",
    ["pak kadus meninggal", "ibu kades wafat", "anak buah pak kades jatuh", "Anak Agung Gede", "Istiqomah"],
)
def test_whoever_is_no_relative(said: str) -> None:
    assert not alarms.is_of_family(said)


@pytest.mark.parametrize(
    ("said", "relatives"),
    [
        ("istri pak kadus meninggal semalam", True),
        ("tolong pak, anggota keluarga kaur umum wafat", True),
        ("pak kadus meninggal, istrinya bertanya", False),
        ("almarhum pak kadus, istrinya mau urus santunan", False),
        ("istri almarhum pak kadus meninggal juga", False),
        ("istri pak kadus minta santunan, pak kadus sudah meninggal", False),
        ("istri pak kadus sakit", False),
    ],
)
def test_whose_death_it_is(said: str, relatives: bool) -> None:
    assert alarms.is_relatives_death(said) is relatives


@pytest.mark.parametrize(
    "said", ["hapus laporan kecelakaan", "tarik laporan meninggal", "batalkan laporan kecelakaan kemarin"]
)
def test_what_takes_a_report_away_is_none(said: str) -> None:
    assert alarms.spoken(said) is None
