"""What was said to a village about some months, and what came back, as rows in the order of time.

A message that was to be sent and was not is a row too, with its reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain import dates
from bot.domain.months import NAMES, Month


@dataclass(frozen=True, slots=True)
class Period:
    """Some months, both ends included."""

    first: Month
    last: Month

    @property
    def label(self) -> str:
        """As people say it: "Oktober 2026", "tahun 2026"."""
        if self.first == self.last:
            return self.first.label
        return f"tahun {self.first.year}"

    @property
    def key(self) -> str:
        """As it stands in a pressed choice: "2026-10", "2026"."""
        return str(self.first) if self.first == self.last else str(self.first.year)

    def has(self, month: Month) -> bool:
        """Whether the month is one of them."""
        return self.first <= month <= self.last

    @classmethod
    def parse(cls, key: str) -> "Period":
        """The period written by `key`; raises ValueError for anything else."""
        if re.fullmatch(r"[0-9]{4}", key):
            return cls(Month(int(key), 1), Month(int(key), 12))
        return cls(Month.parse(key), Month.parse(key))


_MONTH = "|".join((*NAMES, *(name[:3] for name in NAMES), "Sept", "Agt", "Agust", "Nop"))
_AT_END = re.compile(
    rf"(?:^|\s)((?:bulan|bln|tahun|thn)\s+)?"
    rf"((?:{_MONTH})(?:\s+20[0-9]{{2}})?|(?:0?[1-9]|1[0-2])[/-]20[0-9]{{2}}|20[0-9]{{2}}|(?:ini|lalu))$",
    re.IGNORECASE,
)


def split(said: str) -> tuple[str, str]:
    """A place and, behind it, a month or a year: "loa duri ulu oktober 2026"; either may be empty."""
    text = " ".join(said.split())
    found = _AT_END.search(text)
    if found is None or (found[2].casefold() in ("ini", "lalu") and not found[1]):
        return text, ""
    return text[: found.start()].strip(), text[found.start() :].strip()


_YEAR = re.compile(r"(?:(?:tahun|thn) )?(?:(20[0-9]{2})|(?<=n )(ini|lalu))", re.IGNORECASE)


def period(said: str, today: date) -> Period:
    """The month or the year that was named, else the running year; `Invalid` for anything else."""
    found = _YEAR.fullmatch(said) if said else None
    if said and not found:
        month = dates.parse_period(said, today)
        return Period(month, month)
    named = found[1] if found else None
    year = int(named) if named else today.year - bool(found and found[2].casefold() == "lalu")
    return Period.parse(str(year))


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was written; `person` is the name of who alone was meant."""

    key: str
    template: str
    channel: str
    person: str
    status: str
    error: str
    created: datetime
    ended: datetime | None
    delivered: datetime | None
    read: datetime | None
    stencil: bool = False  # an approved text was sent in place of it


@dataclass(frozen=True, slots=True)
class Planned:
    """Something to be sent, or noted as not sent; `key` is that of its message."""

    key: str
    kind: str
    stage: str
    person: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did, with its place in the audit chain."""

    number: int
    at: datetime
    actor: str
    action: str
    details: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A report of payment as it stands now: its sum and months in words."""

    id: int
    amount: str
    months: str
    state: str
    by: str
    at: datetime
    checked_by: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened, in words."""

    at: datetime
    kind: str
    what: str
    who: str = ""
    channel: str = ""
    status: str = ""
    delivered: datetime | None = None
    read: datetime | None = None
    number: int = 0  # in the audit chain; 0 where it is no act
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """How answers and reasons are called in chats."""

    answers: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """All that the store knows of a village and a period."""

    messages: Sequence[Message] = ()
    planned: Sequence[Planned] = ()
    acts: Sequence[Act] = ()
    paid: Sequence[Paid] = field(default=())


SENT, NOT_SENT, ANSWERED, REPORTED, CHECKED = "dikirim", "tidak dikirim", "dijawab", "dilaporkan", "diperiksa"

_MEANING = {
    "reminders/plan": "Pengingat: kapan rencana bayar?",
    "reminders/soon": "Pengingat: jatuh tempo sudah dekat",
    "reminders/last": "Pengingat: besok batas bayar",
    "reminders/after": "Setelah jatuh tempo: adakah kendala?",
    "reminders/planned": "Pengingat pada hari yang direncanakan desa",
    "reminders/unregistered": "Ajakan mendaftarkan orang",
}
_STAGES = {
    "h-7": "reminders/plan",
    "h-3": "reminders/soon",
    "h-1": "reminders/last",
    "h+1": "reminders/after",
    "planned": "reminders/planned",
}
_STATUS = {
    "sent": "terkirim",
    "ready": "menunggu dikirim",
    "sending": "menunggu dikirim",
    "unknown": "tidak diketahui apakah sampai",
    "held": "menunggu dibalas di WhatsApp",
    "failed": "gagal terkirim",
    "expired": "tidak dikirim: waktunya sudah lewat",
    "cancelled": "tidak dikirim: sudah tidak perlu, iuran tercatat atau petugas berganti",
}
_LOST = {"failed", "expired", "cancelled", "held"}
_ELSEWHERE = "sent elsewhere"  # noted of what was held and then went to another address
_CHECKS = {
    "recorded": "Menyatakan laporan tercatat",
    "returned": "Meminta laporan diperbaiki",
    "reversed": "Membatalkan pencatatan",
}


def rows(found: Found, period: Period, words: Words) -> list[Row]:
    """Everything in its order."""
    ids = {one.id: one for one in found.paid}
    acts = [act for act in found.acts if _belongs(act, period, ids.keys())]
    told = [*_written(found), *(_done(act, ids, words) for act in acts), *_not_in_chain(found.paid, acts)]
    return sorted(told, key=lambda row: (row.at, row.number))


def meaning(template: str) -> str:
    """What a message said, in a few words."""
    if template.startswith(("broadcast", "siaran")):
        return "Siaran kabupaten"
    if template.startswith("checking/"):
        return "Kabar hasil pemeriksaan laporan"
    return _MEANING.get(template, "Pesan dari kabupaten")


def _written(found: Found) -> Iterator[Row]:
    """Messages, then what was planned and left no message."""
    for one in found.messages:
        kind = NOT_SENT if one.status in _LOST else SENT
        status = _STATUS.get(one.status, one.status)
        if one.status == "failed" and "block" in one.error.casefold():
            status = "gagal terkirim: penerima memblokir bot"
        elif one.status == "failed" and one.error == _ELSEWHERE:
            status = "tidak dikirim: lama tidak menulis di WhatsApp, disampaikan ke alamat lain"
        elif one.status == "sent" and one.stencil:
            status = "dikirim sebagai templat"
        at = one.ended if one.status == "sent" and one.ended else one.created
        yield Row(at, kind, meaning(one.template), one.person, one.channel, status, one.delivered, one.read)
    for plan in found.planned:
        if any(one.key == plan.key or one.key.startswith(f"{plan.key}:") for one in found.messages):
            continue
        what = meaning(
            "reminders/unregistered" if plan.kind == "unregistered" else _STAGES.get(plan.stage, "")
        )
        if plan.outcome == "queued":
            yield Row(plan.at, SENT, what, plan.person, status="dibuat; catatan kirimnya sudah dihapus")
        else:
            yield Row(plan.at, NOT_SENT, what, plan.person, status=_why_not(plan.outcome))


def _why_not(outcome: str) -> str:
    if outcome == "nobody linked":
        return "tidak dikirim: belum ada petugas desa yang tertaut"
    if outcome.startswith("missed"):
        return "tidak dikirim: waktunya terlewat"
    if outcome.startswith("by hand"):
        return "tidak dikirim: hari itu sudah diingatkan petugas"
    return "tidak dikirim"


def _belongs(act: Act, period: Period, payments: Set[int]) -> bool:
    if act.action not in _ACTS:
        return False
    if "payment" in act.details:
        return act.details["payment"] in payments
    try:
        return period.has(Month.parse(str(act.details.get("month", ""))))
    except ValueError:
        return False


def _done(act: Act, paid: Mapping[int, Paid], words: Words) -> Row:
    kind, what = _ACTS[act.action]
    one = paid.get(act.details.get("payment", 0))
    if act.action == "intend":
        what = f"{what}: {words.answers.get(act.details.get('answer', ''), 'lainnya')}"
    elif act.action == "check_payment":
        what = _CHECKS.get(act.details.get("state", ""), what)
        reason = str(act.details.get("reason", ""))
        what += f": {words.reasons.get(reason, reason)}" if reason else ""
    if one is not None:
        what = f"{what} ({one.amount}, {one.months})"
    return Row(act.at, kind, what, act.actor, number=act.number, hash=act.hash)


_ACTS = {
    "intend": (ANSWERED, "Menjawab"),
    "report_payment": (REPORTED, "Melaporkan sudah bayar"),
    "complete_payment": (REPORTED, "Melengkapi laporan"),
    "prove_payment": (REPORTED, "Mengirim bukti"),
    "withdraw_payment": (REPORTED, "Menarik laporan"),
    "check_payment": (CHECKED, "Memeriksa laporan"),
    "give_figure": (ANSWERED, "Menyampaikan angka tagihan SIPP"),
}


def _not_in_chain(paid: Iterable[Paid], acts: Sequence[Act]) -> Iterator[Row]:
    """Reports that came in without an act of their own, as those of the district's treasury."""
    reported = {act.details.get("payment") for act in acts if act.action == "report_payment"}
    checked = {act.details.get("payment") for act in acts if act.action == "check_payment"}
    for one in paid:
        about = f"({one.amount}, {one.months})"
        if one.id not in reported:
            yield Row(one.at, REPORTED, f"Melaporkan sudah bayar {about}", one.by, status=one.state)
        if one.checked_at is not None and one.id not in checked:
            yield Row(one.checked_at, CHECKED, f"Memeriksa laporan {about}", one.checked_by, status=one.state)
