"""*pak kades sudah terdaftar belum?*: whoever is asked about, by name or by post, with what is known of them."""

from bot.domain import enrolling, words
from bot.messages import Choice, Outgoing
from bot.store import members
from bot.turns import Turn
from handlers import status

#: Holders of one post who are shown.
_MOST = 3


def is_asked(turn: Turn) -> bool:
    """Whether that is what was typed, in private."""
    plain = not turn.incoming.group and not turn.choice and turn.draft is None
    return plain and bool(enrolling.asked_about(turn.incoming.text))


def answer(turn: Turn) -> list[Outgoing]:
    """Their card; of a post that nobody holds, or of a name nobody bears, that it is so."""
    who = enrolling.asked_about(turn.incoming.text)
    posts = {one.code: (one.label, *one.aliases) for one in turn.rules.positions_of(turn.district.code)}
    post = words.command(who, words.Vocabulary(posts), fuzzy=False)
    if post is None:
        return status.by_name(turn, who)
    holders = [
        one for one in members.of_village(turn.tx, turn.who.village) if one.open and one.position == post
    ]
    cards = [status.card(turn, one) for one in holders[:_MOST]]
    begin = (Choice("menu:daftar", "Daftarkan orang"),)
    return cards or [turn.reply("status/post_empty", begin, post=posts[post][0], place=turn.village.label)]
