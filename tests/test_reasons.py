"""Why a message may still leave: each kind that a message bears is looked after, and each that is, is borne."""

import re
from pathlib import Path

import handlers
from bot import rules

SOURCES = [path.read_text(encoding="utf-8") for path in sorted(Path(handlers.__file__).parent.rglob("*.py"))]


def test_every_kind_of_reason_that_is_written_is_looked_after() -> None:
    """One that is not would fail when it leaves, and nobody would be told."""
    written = {
        kind
        for text in SOURCES
        for name in re.findall(r'(?:reason|why) ?= ?f"(\{?[a-zA-Z_]+\}?):', text)
        for kind in ([name] if name != "{KIND}" else re.findall(r'^KIND = "([a-z_]+)"', text, re.MULTILINE))
    }
    assert written == set(handlers.reasons(rules.load()))
    assert len(written) > 15
