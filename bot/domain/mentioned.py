"""The villages and the kecamatan whose names stand somewhere in a sentence, without a slip, and what is said beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain import cleaning, placing
from bot.domain.placing import Place, Subdistrict

P = TypeVar("P", bound=Place)

#: Behind these stands the name of a kecamatan, not of the village that is called alike.
_KECAMATAN = ("kec", "kecamatan")


@dataclass(frozen=True, slots=True)
class Mentioned(Generic[P]):
    """`villages`: for each name the villages that bear it; `inside`: a kecamatan; `left`: the other words."""

    villages: tuple[tuple[P, ...], ...] = ()
    inside: Subdistrict | None = None
    left: tuple[str, ...] = ()

    @property
    def one(self) -> P | None:
        """The village, where no other can be meant."""
        return self.villages[0][0] if len(self.villages) == 1 and len(self.villages[0]) == 1 else None

    @property
    def agree(self) -> bool:
        """Whether the villages lie in the kecamatan that is named beside them, if one is."""
        inside = self.inside
        return inside is None or all(
            one.code.startswith(f"{inside.code}.") for group in self.villages for one in group
        )


@dataclass(frozen=True, slots=True)
class _Span(Generic[P]):
    villages: tuple[P, ...]
    inside: Subdistrict | None


def places_in(said: Sequence[str], places: Sequence[P]) -> Mentioned[P]:
    """Of names that lie within each other the longest; a kecamatan behind a village tells equal ones apart."""
    known = _known(places)
    spans, left, at = [], [], 0
    longest = max(map(len, known), default=0)
    while at < len(said):
        found = next(
            (n for n in range(min(longest, len(said) - at), 0, -1) if tuple(said[at : at + n]) in known), 0
        )
        if not found:
            left.append(said[at])
            at += 1
            continue
        span = known[tuple(said[at : at + found])]
        named = span.inside is not None and at > 0 and said[at - 1] in _KECAMATAN
        spans.append(_Span((), span.inside) if named else span)
        at += found
    return _sorted(spans, tuple(left))


def _known(places: Sequence[P]) -> dict[tuple[str, ...], _Span[P]]:
    villages: dict[tuple[str, ...], list[P]] = {}
    for one in places:
        villages.setdefault(tuple(cleaning.words(one.name)), []).append(one)
    inside = {tuple(cleaning.words(one.name)): one for one in placing.subdistricts(places)}
    return {
        name: _Span(tuple(villages.get(name, ())), inside.get(name)) for name in {*villages, *inside} if name
    }


def _sorted(spans: Sequence[_Span[P]], left: tuple[str, ...]) -> Mentioned[P]:
    """The last name is the kecamatan of the village before it, where that lies there; or it stands for both."""
    if len(spans) > 1 and (last := spans[-1].inside) is not None:
        within = [
            tuple(v for v in span.villages if v.code.startswith(f"{last.code}.")) for span in spans[:-1]
        ]
        if all(within):
            return Mentioned(tuple(within), last, left)
    named = [span.inside for span in spans if span.inside is not None]
    if len(named) > 1:  # of several kecamatan none alone
        left = (*left, *(word for one in named for word in cleaning.words(one.name)))
        return Mentioned(tuple(span.villages for span in spans if span.inside is None), None, left)
    return Mentioned(tuple(span.villages for span in spans if span.villages), next(iter(named), None), left)
