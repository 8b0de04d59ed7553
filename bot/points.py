"""Named points of the program's way where the crash bench may kill it.

Outside the bench `reached` does nothing.
"""

import os
import signal
from collections import Counter

#: Every point of a message's way; a test holds that each stands in the code exactly once or more.
NAMES = (
    "after_getupdates", "in_inbox_tx", "after_inbox_commit", "before_200", "after_200",
    "handle_start", "after_parse", "after_state", "after_outbox", "after_audit", "before_commit",
    "after_commit", "claim_tx", "after_claim", "before_request", "after_request",
    "result_tx", "after_result", "plan_tx_half", "after_plan", "job_claimed", "job_done",
    "mid_villages", "mid_migration",
)  # fmt: skip
#: Points of changing keys: rare, and with a test of their own.
OF_KEYS = ("key_beside", "key_changed", "reseal_tx", "after_reseal", "resealed")

_name, _, _pass = os.environ.get("PAYUNG_KILL_AT", "").partition(":")
_seen: Counter[str] = Counter()


def reached(name: str) -> None:
    """Kill the process here if `PAYUNG_KILL_AT=name:n` asks for it at the n-th pass."""
    if name != _name:
        return
    _seen[name] += 1
    if _seen[name] == int(_pass or 1):
        os.kill(os.getpid(), signal.SIGKILL)
