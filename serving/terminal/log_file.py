"""The log: unexpected errors with their place in the code, never with values."""

from __future__ import annotations

import logging
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
