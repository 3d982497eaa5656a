"""The folder served last, kept in the home for the next start."""

from __future__ import annotations

import json
from pathlib import Path

from serving.problems import Problem
from serving.settings import Settings


def remember(settings: Settings, folder: Path) -> None:
    """Keep which folder was served, for the next time."""
    note = settings.home / "served.json"
    note.write_text(json.dumps({"folder": str(folder.resolve())}, ensure_ascii=False), encoding="utf-8")


def last_folder(settings: Settings) -> Path:
    """Return the folder served last."""
    try:
        text = (settings.home / "served.json").read_text(encoding="utf-8")
        return Path(json.loads(text)["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Problem(
            "データのフォルダが指定されておらず、前回提供したフォルダもありません。",
            "コマンドの後にフォルダを指定してください。",
            "folder",
        ) from None
