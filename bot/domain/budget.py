"""The rows about a village's money: where it comes from, what it may pay, where it is booked."""

from dataclasses import dataclass

from bot.domain.dated import Dated


@dataclass(frozen=True, slots=True)
class Funding:
    """A source of a village's money: ADD, Dana Desa, and so on; `aliases` are other words for it."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRule(Dated):
    """Whether a source of money may pay the contributions of a category."""

    district: str
    category: str
    funding: str
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Dated):
    """The budget account in which a village books the contributions of a category."""

    district: str
    category: str
    code: str
    name: str
