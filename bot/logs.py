"""Logs: a sentence for people, fields for machines, no personal data.

Log ids (inbox 12, outbox 88), never names, texts or numbers of people.  The masking below is a
net for what slips through, not a licence.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Runs that may be a NIK, a KPJ, a phone, and what gives access: bot tokens, bearer tokens.
_SECRETS = (
    (re.compile(r"\b\d{6,12}:[A-Za-z0-9_-]{30,}"), "<token>"),
    (re.compile(r"(?i)bearer\s+\S+"), "bearer <token>"),
    (re.compile(r"(?<![\d.])(?:\d[ .-]?){15}\d(?!\d)"), "<nik>"),
    (re.compile(r"(?<![\d:.])(?:\+?62|0)8[\d -]{7,13}\d"), "<phone>"),
)

#: At lower levels these print whole requests: texts, numbers, addresses with ids and tokens in them.
#: pywa's warnings are advice on timeouts, which come out as our own errors anyway.
_TALKATIVE = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "pywa": logging.ERROR}


def mask(text: str) -> str:
    """The text with everything that looks like a secret or a personal number replaced."""
    for pattern, mark in _SECRETS:
        text = pattern.sub(mark, text)
    return text


def _masked(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


def _frames(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where an exception came from and its kind; not its message, which quotes what people wrote."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = "".join(traceback.format_tb(error.__traceback__))
        event["exception"] = f"{frames}{type(error).__name__}"
    return event


def setup(level: str = "info", stream: Any = None) -> None:
    """Send our own and the libraries' records through the mask, one line each, to `stream` (stderr)."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _frames,
        _masked,
    ]
    output = stream or sys.stderr
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(output),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _masked,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries speak only when something is wrong: several print request addresses, tokens included.
    root.setLevel(logging.WARNING)
    quiet()


def quiet() -> None:
    """Keep the talkative libraries down; also for commands, which log nothing."""
    for name, least in _TALKATIVE.items():
        logging.getLogger(name).setLevel(least)


def get(name: str) -> Any:
    """A logger that carries the module's name."""
    return structlog.get_logger(module=name)
