"""What to do at once: the same calm steps for whoever asks, the documents, what is paid."""

from collections.abc import Mapping
from datetime import date

from bot import ruling
from bot.domain import alarms, dates, referring, statements, titles
from bot.domain.incidents import Kind
from bot.domain.rulebook import Rules
from bot.messages import Choice, Outgoing
from bot.store import prompts
from bot.store.database import Tx
from bot.turns import Turn
from handlers import leaving

_WORDS = {"kecelakaan": Kind.ACCIDENT, "meninggal": Kind.DEATH}
#: What is kept of the sentence with which somebody began.
_KEPT = 200
#: What is said of each kind: at once, to a stranger, of documents, of benefits.
_SAID = {
    Kind.ACCIDENT: (
        *("incidents/accident", "incidents/accident_stranger"),
        *("incidents/papers_accident", "incidents/money_accident"),
    ),
    Kind.DEATH: (
        *("incidents/death", "incidents/death_stranger"),
        *("incidents/papers_death", "incidents/money_death"),
    ),
}
_AND = {Kind.ACCIDENT: ("accident",), Kind.DEATH: ("death", "work_death", "children")}


def whom(tx: Tx, district: str) -> dict[str, str]:
    """Where the agency is reached: as the district's office set it, else each is empty."""
    known = ruling.branch(tx, district) if district else {}
    return {name: known.get(name, "") for name in ("branch", "address", "phone", "hospitals")}


def limit(rules: Rules, on: date) -> str:
    """As in "2 × 24 jam"."""
    hours = statements.hours(rules.all_report_limits, on)
    return f"{hours // 24} × 24 jam" if hours and hours % 24 == 0 else f"{hours} jam"


def first(turn: Turn) -> list[Outgoing]:
    """*kecelakaan*, *meninggal*, or a sentence that says so: what to do now, then whether it is to be noted."""
    kind = _WORDS[turn.word]
    if turn.incoming.group:
        return [
            turn.post("incidents/in_group", death=kind is Kind.DEATH, limit=limit(turn.rules, turn.today))
        ]
    shown = _steps(turn, kind, turn.district.code)
    waits = titles.of(turn.draft.progress.form) if turn.draft else ""
    return [turn.reply(_SAID[kind][0], _choices(turn, kind), open_form=waits, **shown)]


def is_captioned(turn: Turn) -> bool:
    """Whether a village's picture came with words that report an accident or a death: it proves no payment."""
    shown = turn.incoming.shape in ("photo", "document") and not turn.incoming.group
    return shown and bool(turn.actor and turn.actor.village) and alarms.spoken(turn.incoming.text) is not None


def captioned(turn: Turn) -> list[Outgoing]:
    """The same as for the words alone; the picture is not kept."""
    meant = alarms.spoken(turn.incoming.text)
    turn.word = next(word for word, kind in _WORDS.items() if kind is meant)
    return first(turn)


def _steps(turn: Turn, kind: Kind, district: str) -> dict[str, str | bool]:
    on = turn.now.date()
    if kind is Kind.DEATH:
        return {**whom(turn.tx, district), "family": alarms.is_relatives_death(turn.incoming.text)}
    return {**whom(turn.tx, district), "limit": limit(turn.rules, on)}


def _choices(turn: Turn, kind: Kind) -> tuple[Choice, ...]:
    more = further(kind)
    if not turn.who.village:
        return (*more, Choice("menu:kejadian", "Lihat kejadian"))
    text = turn.incoming.text
    said = text[:_KEPT] if len(text.split()) > 2 else ""  # of a mere command nothing is to be kept
    return (Choice(f"incident_note:{kind.value}:{said}", "Catat kejadian"), *more)


def further(kind: Kind) -> tuple[Choice, ...]:
    """What can always be asked for."""
    return (
        Choice(f"incident_papers:{kind.value}", "Dokumen"),
        Choice(f"incident_money:{kind.value}", "Manfaat"),
    )


def for_stranger(turn: Turn, kind: Kind, district: str, office: str) -> Outgoing:
    """The same steps for somebody who is not linked: nothing is noted, so they are told whom to call."""
    shown = {**_steps(turn, kind, district), "office": office}
    return turn.reply(_SAID[kind][1], (), **shown)


def papers(turn: Turn) -> list[Outgoing]:
    """*Dokumen*: what is to be got ready."""
    kind = _kind(turn)
    return [turn.reply(_SAID[kind][2], (), **whom(turn.tx, turn.district.code))]


def money(turn: Turn) -> list[Outgoing]:
    """*Manfaat*: what the rules say is paid, each by its dated row."""
    return benefits(turn, _kind(turn))


def benefits(turn: Turn, kind: Kind) -> list[Outgoing]:
    """The benefits of an accident, or of a death."""
    found = {event: _rows(turn, event) for event in _AND[kind]}
    rows = [
        row for event in _AND[kind] for row in statements.in_force(turn.rules.all_benefits, event, turn.today)
    ]
    sources = dict.fromkeys(row.source.partition(" (")[0] for row in rows)
    since = dates.short_date(max((row.effective_from for row in rows), default=turn.today))
    branch = whom(turn.tx, turn.district.code)["branch"]
    return [
        turn.reply(
            _SAID[kind][3],
            (),
            **found,
            source=", ".join(sources),
            since=since,
            branch=branch,
        )
    ]


def _rows(turn: Turn, event: str) -> list[Mapping[str, object]]:
    rows = statements.in_force(turn.rules.all_benefits, event, turn.today)
    return [{"label": row.label, "shown": row.shown, "certain": row.certain} for row in rows]


def _kind(turn: Turn) -> Kind:
    said = turn.choice.partition(":")[2]
    return Kind(said) if said in {kind.value for kind in Kind} else Kind.ACCIDENT


# -- "meninggal" typed where it was asked why somebody leaves --------------------------------------


def is_reason_for_leaving(turn: Turn) -> bool:
    """Whether the newest question of the chat is why somebody leaves: then the word answers it."""
    return turn.word == "meninggal" and not turn.incoming.group and bool(_reason(turn)[0])


def reason_for_leaving(turn: Turn) -> list[Outgoing]:
    """The answer, as if it had been pressed."""
    token, turn.choice = _reason(turn)
    prompts.use(turn.tx, turn.now, token, turn.who.person)
    return leaving.begin(turn)


def _reason(turn: Turn) -> tuple[str, str]:
    """The token of the choice and its meaning."""
    if turn.draft is not None or not turn.incoming.text:
        return "", ""
    found = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    if found is None:
        return "", ""
    meanings = [choice.id for choice in found.choices]
    fitting = [one for one in enumerate(meanings) if one[1].startswith("leave:") and one[1].endswith(":died")]
    position, meaning = next(iter(fitting), (0, ""))
    text = turn.incoming.text
    if not meaning or alarms.is_relatives_death(text):
        return "", ""
    if not referring.died(text, leaving.whom(turn, meaning), leaving.posts(turn)):
        return "", ""
    return f"{found.nonce}.{position}", meaning
