"""Made-up villages with five ways to pay, what their officers write, and the office that checks it."""

import random
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench import officers
from bot.messages import Choice, Letter

#: An event of a person, as `memory.arrival` takes it.
Event = Mapping[str, Any]
#: What somebody does in a chat: yields what they send, is given what came back.
Talk = Generator[Event, Sequence[Letter], None]

PUNCTUAL, PLANS, LATE, SUMS, SILENT = HABITS = ("punctual", "plans", "late", "sums", "silent")
PROOF = "bukti"

_PAID = ("sudah bayar", "sdh bayar", "lunas", "udah bayar", "sudah dibayar")
_MONTH = re.compile(
    r"(?:Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)\b.*\d{4}"
)
_SUM = re.compile(r"Rp([\d.]+\d)")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Desa:
    """A village: how it pays, and the accounts of those who serve there, the treasurer's first."""

    code: str
    habit: str
    registered: bool
    beside: bool  # whether people who pay for themselves are insured too
    users: list[str] = field(default_factory=list)

    @property
    def district(self) -> str:
        """The code of its district."""
        return self.code[:5]


def text(words: str) -> Event:
    """Something typed."""
    return {"text": words}


def tap(choice: Choice) -> Event:
    """A pressed button."""
    return {"choice": choice.id, "shape": "tap"}


def photo(caption: str = "") -> Event:
    """A photo of a proof of payment."""
    file = {"id": PROOF, "name": "", "mime": "image/jpeg", "size": 0}
    return {"text": caption, "shape": "photo", "file": file}


def button(letters: Sequence[Letter], *beginnings: str) -> Choice | None:
    """The newest button whose label begins so."""
    for letter in reversed(letters):
        for choice in letter.choices:
            if choice.label.startswith(beginnings):
                return choice
    return None


def months_of(letters: Sequence[Letter]) -> list[Choice]:
    """The buttons that name a month."""
    return [choice for letter in letters for choice in letter.choices if _MONTH.search(choice.label)]


def first_sum(letters: Sequence[Letter]) -> int:
    """The first sum that is named; 0 if there is none."""
    found = _SUM.search(" ".join(letter.text for letter in letters))
    return int(found[1].replace(".", "")) if found else 0


def _chosen(letters: Sequence[Letter], *, beside: bool, everything: bool) -> Choice | None:
    """What somebody presses who wants to report: a month of the segment meant, else a yes."""
    if button(letters, "Batalkan laporan"):
        return None
    spans = [one for one in months_of(letters) if not one.label.startswith(("Ya", "Laporkan"))]
    mine = [one for one in spans if ("BPU" in one.label) == beside] or spans
    if mine:
        return mine[-1] if everything else mine[0]
    return button(letters, "Ya,", "Laporkan ", "Sudah bayar")


def pays(dice: random.Random, *, beside: bool = False, everything: bool = False) -> Talk:
    """*sudah bayar*, and whatever is asked then; sometimes a photo behind it, sometimes it was a mistake."""
    letters = yield text(dice.choice(_PAID))
    for _ in range(4):
        choice = _chosen(letters, beside=beside, everything=everything)
        if choice is None:
            break
        letters = yield tap(choice)
    mistake = button(letters, "Batalkan laporan")
    if mistake and dice.random() < 0.03:
        yield tap(mistake)
    elif mistake and dice.random() < 0.3:
        yield photo()


def presses(letter: Letter, label: str, dice: random.Random) -> Talk:
    """A button of a reminder, and what follows from it."""
    choice = button([letter], label)
    if choice is None:
        return
    letters = yield tap(choice)
    again = _chosen(letters, beside=False, everything=dice.random() < 0.5) if label == "Sudah bayar" else None
    if again:
        yield tap(again)


def names_a_day(when: datetime) -> Talk:
    """*rencana bayar 12-12-2026*."""
    yield text(f"rencana bayar {when:%d-%m-%Y}")


def pays_sum(dice: random.Random, part: float, months: int = 1) -> Talk:
    """Asks what is owed, then reports a sum: a part of it, more, or several months at once."""
    owed = first_sum((yield text("tagihan")))
    if not owed:
        return
    said = f"{round(owed * part * months):,}".replace(",", ".")
    several = f"{months} bulan " if months > 1 else ""
    more = dice.choice(("", " kemarin", " dari ADD", " hari ini"))
    letters = yield text(f"sudah bayar {several}{said}{more}")
    if dice.random() < 0.4 and button(letters, "Batalkan laporan"):
        yield photo()


def sends_proof(words: str) -> Talk:
    """A photo that says by its caption what it proves, or does not and is asked about."""
    letters = yield photo(words)
    choice = next(iter(months_of(letters)), None)
    if choice:
        yield tap(choice)


def names_figure(dice: random.Random) -> Talk:
    """*sipp 1.585.000*: the agency's own figure differs by some people."""
    owed = first_sum((yield text("tagihan")))
    if owed > 20_000:
        said = f"{owed + dice.choice((-5000, 900, 11_000)):,}".replace(",", ".")
        yield text(f"sipp {said}")


def registers(number: int) -> Talk:
    """Somebody is registered in chat."""
    for step in officers.registration(number):
        yield text(step.text)


def checks(dice: random.Random, most: int) -> Talk:
    """Reports are looked at, one after another: most are recorded, some returned, few reversed later."""
    letters = yield text("bukti")
    for _ in range(most):
        waiting = months_of(letters)
        if not waiting:
            return
        letters = yield tap(dice.choice(waiting))
        letters = yield from _judged(dice, letters)
        more = button(letters, "Berikutnya")
        letters = yield tap(more) if more else text("bukti")


def _judged(
    dice: random.Random, letters: Sequence[Letter]
) -> Generator[Event, Sequence[Letter], Sequence[Letter]]:
    wanted = "Perlu perbaikan" if dice.random() < 0.1 else "Tercatat"
    answer = button(letters, wanted)
    if answer is None:  # a colleague was faster; sometimes wrongly so
        answer = button(letters, "Batalkan pencatatan")
        if answer is None or dice.random() < 0.5:
            return letters
    letters = yield tap(answer)
    reasons = [c for letter in letters for c in letter.choices if c.label in _REASONS]
    return (yield tap(dice.choice(reasons))) if reasons else letters


_REASONS = ("Jumlah berbeda", "Tidak terbaca", "Bukan bukti bayar", "Bulan keliru", "Belum masuk BPJS")

#: What somebody does, who, and when.
Deed = tuple[datetime, str, Talk]


def month_of(desa: Desa, first: datetime, dice: random.Random) -> Iterator[Deed]:
    """What a village does in a month by itself; `first` is the local midnight of its first day."""
    if desa.users and desa.registered and desa.habit in _MONTHLY:
        yield from _MONTHLY[desa.habit](desa, first, dice)


def _on(first: datetime, day: int, hour: int, minute: int = 20) -> datetime:
    return first + (day - 1) * DAY + hour * HOUR + timedelta(minutes=minute)


def _punctual(desa: Desa, first: datetime, dice: random.Random) -> Iterator[Deed]:
    """About seven days before the due date, often in the minute of the reminder."""
    user = desa.users[0]
    at = _on(first, dice.choice((7, 8, 9)), dice.choice((8, 9, 9, 10)), dice.choice((0, 0, 20)))
    yield at, user, pays(dice)
    if desa.beside:
        yield at + 3 * HOUR, user, pays(dice, beside=True)


def _silent(desa: Desa, first: datetime, dice: random.Random) -> Iterator[Deed]:
    """Every third month in one go."""
    if first.month % 3 != int(desa.code[-1]) % 3:
        return
    yield _on(first, 21, 10), desa.users[0], pays(dice, everything=True)
    if desa.beside:
        yield _on(first, 24, 10), desa.users[0], pays(dice, beside=True, everything=True)


def _late(desa: Desa, first: datetime, dice: random.Random) -> Iterator[Deed]:
    """Mostly after the question; sometimes without it."""
    if dice.random() < 0.3:
        yield _on(first, 26, 15), desa.users[0], pays(dice, beside=desa.beside and dice.random() < 0.5)


def _sums(desa: Desa, first: datetime, dice: random.Random) -> Iterator[Deed]:
    """Sums: halves, too much, with a day and a source of money, three months at once."""
    user, way = desa.users[0], first.month % 4
    at = _on(first, dice.randint(3, 14), dice.randint(7, 16))
    if way == 0:
        yield at, user, pays_sum(dice, 0.5)
        yield at + 5 * DAY, user, pays_sum(dice, 0.5)
    elif way == 1:
        yield at, user, pays_sum(dice, 1.4)
    elif way == 2:
        yield at, user, pays_sum(dice, 1)
        yield at + 4 * DAY, user, pays(dice, beside=True)
    else:
        yield at, user, pays_sum(dice, 1, 3)
        yield at + 8 * DAY, user, sends_proof("" if dice.random() < 0.5 else "bukti iuran bulan lalu")
    if dice.random() < 0.1:
        yield at - DAY, user, names_figure(dice)


_MONTHLY = {PUNCTUAL: _punctual, SUMS: _sums, SILENT: _silent, LATE: _late}


def reaction(desa: Desa, user: str, letter: Letter, now: datetime, dice: random.Random) -> Iterator[Deed]:
    """What somebody does because of a reminder, by the habit of the village."""
    soon = now + dice.randint(1, 5) * HOUR
    if desa.habit == PLANS and button([letter], "Minggu ini"):
        answer = dice.choice(("Minggu ini", "Senin depan", ""))
        yield soon, user, presses(letter, answer, dice) if answer else names_a_day(now + 5 * DAY)
        yield now + dice.choice((3, 5, 6)) * DAY + HOUR, user, pays(dice, beside="BPU" in letter.text)
    elif desa.habit == LATE and button([letter], "Dana belum cair"):
        yield (
            soon,
            user,
            presses(letter, dice.choice(("Dana belum cair", "Belum dianggarkan", "Lainnya")), dice),
        )
        yield now + dice.randint(2, 12) * DAY, user, pays(dice, beside="BPU" in letter.text)
    elif desa.habit == PUNCTUAL and dice.random() < 0.5:
        yield now + timedelta(minutes=50), user, presses(letter, "Sudah bayar", dice)
    elif desa.habit != SILENT and dice.random() < 0.1:
        yield soon, user, presses(letter, "Belum", dice)


def told(user: str, letter: Letter, now: datetime, dice: random.Random) -> Iterator[Deed]:
    """What somebody does whose report came back."""
    if button([letter], "Laporkan lagi") and dice.random() < 0.7:
        yield now + dice.randint(3, 30) * HOUR, user, presses(letter, "Laporkan lagi", dice)
