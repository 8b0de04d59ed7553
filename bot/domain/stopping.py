"""Whether somebody wants a broadcast not sent, or sent no further: "batal siaran 3", "siaran 1 batal"."""

import re

from bot.domain.cleaning import words

_STOP = frozenset(
    words(
        "batal batalkan batalin dibatalkan membatalkan hentikan dihentikan stop setop berhenti berhentikan tarik ditarik"
        " cabut dicabut hapus dihapus jangan jgn"
    )
)
_BROADCAST = frozenset(words("siaran siarannya pengumuman pengumumannya broadcast"))
#: That something is not to be sent on, whatever it is: "jangan jadi dikirim".
_NOT, _SENT = frozenset(words("jangan jgn stop setop hentikan")), frozenset(words("kirim dikirim pengiriman"))
_SENDING = frozenset(
    words(
        "kirim dikirim kirimkan mengirim pengiriman pesan pesannya undangan rapat acara menerima langganan berlangganan notifikasi notif"
    )
)
#: What may stand beside: with any other word it may be the text of a broadcast.
_BESIDE = frozenset(
    words(
        "yang yg tadi itu ini barusan terakhir nomor nomer nmr no ke dulu saja aja dong deh ya pak bu bapak ibu min admin"
        " tolong mohon sekarang segera jadi saya kami mau ingin bisa kah bisakah ada salah lagi nya"
    )
)
_NUMBER = re.compile(r"(?<![^\W_])[0-9]{1,9}(?![^\W_])")
_LONGEST = 10  # words


def asks(text: str) -> bool:
    """Whether nothing else is said than that a broadcast is to be stopped."""
    said = {word for word in words(text) if not word.isdigit()}
    about = not _STOP.isdisjoint(said) and not _BROADCAST.isdisjoint(said)
    about = about or (not _NOT.isdisjoint(said) and not _SENT.isdisjoint(said))
    return about and len(words(text)) <= _LONGEST and said <= _STOP | _BROADCAST | _SENDING | _BESIDE


def says_so(text: str) -> bool:
    """Whether it is said of a broadcast that was named before: "batal", "dibatalkan saja"."""
    return asks(f"siaran {text}")


def speaks_of_sending(text: str) -> bool:
    """Whether what is to stop is something that was sent around: "kirim", "siaran 3", "pesan itu"."""
    return not (_BROADCAST | _SENDING).isdisjoint(words(text))


def number(text: str) -> int | None:
    """The number of the broadcast, None where none is named."""
    found = _NUMBER.search(text)
    return int(found[0]) if found else None
