"""Which generation of SIPP's template a district uses, and whether somebody has held it against a real one."""

from bot.domain import dates, sipp
from bot.messages import Choice, Outgoing
from bot.store import decisions
from bot.turns import Turn, within

TABLE = "sipp_use"


def ask(turn: Turn) -> list[Outgoing]:
    """*Susunan kolom*: what is used now, and what else there is."""
    now = sipp.use(turn.rules, turn.district.code, turn.today)
    others = [one for one in sipp.generations(turn.rules) if one != now.generation]
    choices = (
        [] if now.compared else [_choice(turn, f"{now.generation}:fits", f"Susunan {now.generation} cocok")]
    )
    choices += [_choice(turn, f"{one}:use", f"Pakai susunan {one}") for one in others]
    columns = [sipp.layout(turn.rules, one, sipp.NEW, turn.today) for one in (now.generation, *others)]
    shown = [(one.generation, len(one.columns), one.titles[1], one.source) for one in columns]
    values = {"generation": now.generation, "compared": now.compared, "shown": shown}
    return [turn.reply("exports/layouts", choices, district=turn.district.name, **values)]


def _choice(turn: Turn, meaning: str, label: str) -> Choice:
    return Choice(within(turn.district.code, f"sipp_use:{meaning}"), label)


def decide(turn: Turn) -> list[Outgoing]:
    """A generation was chosen, or said to fit."""
    _, generation, how = (*turn.choice.split(":"), "", "")[:3]
    if generation not in sipp.generations(turn.rules):
        return ask(turn)
    now = sipp.use(turn.rules, turn.district.code, turn.today)
    fits = how == "fits" and generation == now.generation
    if (now.generation, now.compared) == (generation, fits):
        return ask(turn)
    row = {
        "district": turn.district.code,
        "generation": generation,
        "compared": fits,
        "effective_from": turn.today.isoformat(),
        "source": f"{turn.who.name}, {dates.short_date(turn.today)}",
        "certainty": "V" if fits else "M-lo",
    }
    number = decisions.decide(turn.tx, turn.district.code, TABLE, row, (turn.who.person, turn.now))
    turn.note("decide", f"district:{turn.district.code}", decision=number, table=TABLE)
    return [
        turn.reply("exports/layout_kept", district=turn.district.name, generation=generation, compared=fits)
    ]
