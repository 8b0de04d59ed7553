"""Reads the text on one photo and prints its pieces as JSON: a program of its own, run by `bot.reports.cards`.

It limits itself before it looks at the photo and ends with it: the models take half a gigabyte, which
goes back to the machine each time.  Nothing is written anywhere.
"""

import importlib
import json
import logging
import resource
import sys
from typing import Any

MIB = 1024 * 1024
MEMORY = 4096 * MIB  # of addresses; about 600 are used
SECONDS = 40  # of computing; a card takes three to six
PIXELS = 40_000_000  # of a photo: what phones take


def limit() -> None:
    """Whatever the photo makes of us: no more memory, time and files than this."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def is_photo(data: bytes) -> bool:
    """Whether it begins like a picture as phones make them: to draw other kinds, programs would be started."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def read(data: bytes) -> list[list[Any]]:
    """Each piece of text: what it says, how sure that is, its four corners."""
    if not is_photo(data):
        return []
    pictures: Any = importlib.import_module("PIL.Image")
    pictures.MAX_IMAGE_PIXELS = PIXELS // 2  # more than this is a warning there, twice as many an error
    reader = importlib.import_module("rapidocr").RapidOCR()
    logging.disable(logging.CRITICAL)
    seen = reader(data)
    if seen.txts is None:
        return []
    return [
        [text, float(sure), [[float(x), float(y)] for x, y in corners]]
        for text, sure, corners in zip(seen.txts, seen.scores, seen.boxes, strict=True)
    ]


def main() -> None:
    """Standard input to standard output."""
    limit()
    try:
        pieces = read(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001 - a damaged photo fails in any way there is
        pieces = []
    sys.stdout.write(json.dumps(pieces))


if __name__ == "__main__":
    main()
