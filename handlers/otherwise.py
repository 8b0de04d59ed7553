"""What is neither a command nor a choice: politeness, a sum, a question, a person; else who answers instead."""

import re

from bot.domain import asking, cleaning, unanswered, words
from bot.messages import Outgoing
from bot.turns import Turn
from handlers import answers, knocking, paying, plans, reporting, start, status, whether
from handlers.office import calling_off, questions

#: After a report, a wish to take it back; or only not to go on with whatever was begun.
_REGRET = words.Vocabulary(
    {
        "mistake": (
            "salah",
            "salah kirim",
            "salah kirim pak",
            "maaf salah kirim",
            "maaf salah",
            "maaf salah ketik",
            "salah pencet",
            "salah tekan",
            "keliru",
        ),
        "not on": unanswered.NOT_ON,
    }
)
#: What people say in place of a yes or of thanks.
_COURTESY = words.Vocabulary(
    {
        "thanks": (
            *(
                "siap 86",
                "86",
                "siap laksanakan",
                "laksanakan",
                "mantap",
                "sip mantap",
                "sama sama",
                "monitor",
                "noted",
            ),
            *(
                "sabar",
                "sabar ya",
                "aman",
                "aman pak",
                "semangat",
                "sehat selalu",
                "mohon maaf",
                "maaf",
                "amin",
                "aamiin",
            ),
        )
    }
)
_THANKS = re.compile(
    r"(?:(?:baik|oke|ok|ya|iya|siap|sip|pak|bu|min|wah) )*(?:terima ?kasih|makasih?|trims|thanks|tq|mksh|tks)\b"
)
_DENIED = 3  # words of a "no" that says what is not so: "bukan saya pak"
_THANKED = 8
_DIGITS = re.compile("[0-9]{6}")


def answer(turn: Turn) -> list[Outgoing]:
    """Neither a command nor an answer: perhaps a name; else the menu is offered."""
    said = turn.incoming.text.strip()
    regret = words.exactly(said, _REGRET)
    if regret and (meant := _regretted(turn, regret)):
        return meant
    if words.is_yes(said) and (offered := questions.offered_again(turn, mere=True)):
        return offered
    if words.is_yes(said) or _is_courteous(said):
        # What they were told of comes now: it is answer enough.
        held = knocking.is_held(turn) and not words.is_no(said)
        return [] if held else calling_off.refused(turn) or start.thanks(turn)
    # Who was asked to write, whatever it is, reads what waited for them, and no riddle before it.
    return _sum(turn, said) or _read(turn, said) or ([] if knocking.is_held(turn) else answers.unknown(turn))


def _is_courteous(said: str) -> bool:
    """Politeness, thanks, or a no and nothing else."""
    spoken = cleaning.words(said)
    denies = spoken[:1] == ["bukan"] and len(spoken) <= _DENIED
    thanks = bool(_THANKS.match(" ".join(spoken))) and len(spoken) <= _THANKED and "?" not in said
    return (
        denies or thanks or words.is_no(said) or words.is_polite(said) or bool(words.exactly(said, _COURTESY))
    )


def _sum(turn: Turn, said: str) -> list[Outgoing]:
    """A sum or a month alone; six digits without any sign may be a PIN, and are no sum."""
    if _DIGITS.fullmatch(said):
        return [turn.reply("pin/unasked", village=bool(turn.who.village))]
    return (plans.perhaps(turn) or paying.perhaps(turn, said)) if turn.who.village else []


def _read(turn: Turn, said: str) -> list[Outgoing]:
    """What is new of a person, a person, a topic, a name; nothing for what is none of them."""
    if not turn.who.village:
        return answers.about(turn, said)
    found = whether.changed(turn, said) or whether.spoken_of(turn, said) or answers.about(turn, said)
    return found or whether.nobody(turn, said) or status.meant(turn, said)


def _regretted(turn: Turn, regret: str) -> list[Outgoing]:
    """A report was a mistake; or something is not gone on with, a report perhaps."""
    if turn.who.village and (regret == "mistake" or reporting.withdrawable(turn)):
        return reporting.offer_withdrawal(turn)
    return calling_off.regretted(turn) or ([turn.reply("form/not_begun")] if regret == "not on" else [])


def is_plea(turn: Turn) -> bool:
    """Whether a village officer asks for help with something: "tolong cek pak kadus"."""
    return turn.word == "bantuan" and bool(turn.rest) and turn.actor is not None and bool(turn.actor.village)


def helped(turn: Turn) -> list[Outgoing]:
    """What the bot can do itself; anything else is asked of the office."""
    said = turn.rest
    if asking.says_nothing(said):
        return questions.ask(turn)
    found = whether.changed(turn, said) or whether.spoken_of(turn, said) or answers.about(turn, said)
    return found or whether.nobody(turn, said) or questions.ask(turn)
