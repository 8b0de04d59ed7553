"""The last line of a bench, for who reads many of them: one JSON object with what ran and what was broken."""

import json

#: What must be nothing.
FAULTS = ("lost", "wrong", "leaked", "stuck")


def told(what: str, runs: int, seconds: float, *, held: bool = True, **more: float) -> int:
    """Print the line; returns the exit code.  `held`: whether the goals beside the four faults were reached."""
    faults = {name: more.pop(name, 0) for name in FAULTS}
    print(
        json.dumps({"what": what, "runs": runs, **faults, **more, "held": held, "seconds": round(seconds, 1)})
    )
    return 0 if held and not any(faults.values()) else 1


def span(_context: object, _parameter: object, value: str) -> range:
    """An option that is one number, or from-to."""
    first, _, last = value.partition("-")
    return range(int(first), int(last or first) + 1)
