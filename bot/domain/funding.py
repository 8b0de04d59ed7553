"""From which source of a village's money the contributions are paid, and whether that is allowed."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from bot.domain.rulebook import Rules

#: Short enough for a button and a cell; the rules' own names are not.
NAMES = {
    "add": "ADD",
    "bhpr": "Bagi hasil pajak (BHPR)",
    "pades": "PADes",
    "bankeu": "Bantuan keuangan",
    "dana_desa": "Dana Desa",
}
_NOT_IT = frozenset({"bukan", "selain", "tidak", "tanpa", "kecuali"})
_BESIDE_WORDS = re.compile(r"[^a-z0-9]+")
_SPELT_WITH_DOTS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")


def parse(text: str, rules: Rules) -> str | None:
    """The code of the source that the text names; None for none, for several, and for "bukan dana desa".

    Longer names go first: "alokasi dana desa" is ADD, although "dana desa" is in it.
    """
    words = _words(text)
    if _NOT_IT & set(words.split()):
        return None
    names = [(_words(name), f.code) for f in rules.fundings for name in (f.label, *f.aliases)]
    found = set()
    rest = f" {words} "
    for name, code in sorted(names, key=lambda pair: -len(pair[0])):
        if name and f" {name} " in rest:
            rest = rest.replace(f" {name} ", " / ")
            found.add(code)
    return found.pop() if len(found) == 1 else None


def _words(text: str) -> str:
    """Lower case, one blank between words; "A.D.D." is one word."""
    return _BESIDE_WORDS.sub(" ", _SPELT_WITH_DOTS.sub(r"\1", text.casefold())).strip()


def verdict(
    rules: Rules, district: str, categories: Collection[str], funding: str, on: date
) -> tuple[bool | None, str]:
    """Whether the source may pay for all of these categories, and by which rule.

    False as soon as one is refused, None where one is not known.
    """
    found = [rules.funding_rule(district, category, funding, on) for category in categories]
    refused = [rule for rule in found if rule and not rule.allowed]
    known = [rule for rule in found if rule]
    if refused:
        return False, _sources(rule.source for rule in refused)
    if not known or len(known) < len(found):
        return None, ""
    return True, _sources(rule.source for rule in known)


def _sources(sources: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(sources))
