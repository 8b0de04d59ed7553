"""Sets one document in type: a program of its own, run by `bot.reports.printing`.

It knows nothing of the bot.  What it needs of memory goes with it when it ends, and it reads no file but
its fonts: sources and data come through standard input, the document leaves through standard output.
"""

import json
import resource
import sys
from typing import Any

import typst

MIB = 1024 * 1024
MEMORY = 2048 * MIB  # of addresses, most of them never touched; the largest of our papers needs 120 MiB
SECONDS = 20  # of computing; they need less than one


def limit() -> None:
    """Whatever the data makes of us: no more memory and time than this, and no file is written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def typeset(told: dict[str, Any]) -> bytes:
    """The document: a PDF, or its first page as a PNG of so many pixels for 72 points."""
    made = typst.compile(
        {name: source.encode() for name, source in told["sources"].items()},
        root=told["fonts"],  # no other file can be named in a source
        font_paths=[told["fonts"]],
        ignore_system_fonts=True,
        format=told["format"],
        ppi=told["ppi"],
        sys_inputs={"data": json.dumps(told["data"])},
    )
    found: bytes = made if isinstance(made, bytes) else made[0]
    return found


def main() -> None:
    """Standard input to standard output."""
    told = json.loads(sys.stdin.buffer.read())
    limit()

    sys.stdout.buffer.write(typeset(told))


if __name__ == "__main__":
    main()
