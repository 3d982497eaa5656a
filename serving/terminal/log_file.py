"""The log: unexpected errors with their place in the code, never with values."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path


def log_to(path: Path) -> None:
    """Send warnings and errors of the service to a file of at most 5 × 2 MB."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("serving")
    logger.setLevel(logging.WARNING)
    logger.addHandler(handler)
    logger.propagate = False


def keep_cause(path: Path, at: datetime, command: str, failure: BaseException) -> bool:
    """Append what failed in a command and where in the code, and return whether the log could be written to.

    The failure's words are left out: they may name somebody.
    """
    frames = "".join(traceback.format_tb(failure.__traceback__))
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{at.isoformat()} {command}: {type(failure).__qualname__}\n{frames}")
        return True
    return False
