"""The staff key: the office's own secret under which a stored model knows its officers."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from serving.problems import Problem
from serving.settings import Settings

KEY = re.compile(r"[0-9a-f]{64}")


def key_file(settings: Settings) -> Path:
    """Return where the key is kept."""
    return settings.home / "staff.key"


def known_key(settings: Settings) -> str:
    """Return the key of this home (hex), "" where it has none; Problem where it cannot be read."""
    try:
        key = key_file(settings).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        key = ""
    if not KEY.fullmatch(key):
        raise Problem(
            "ホームの鍵(staff.key)を読めません。",
            "バックアップから戻すか、ファイルを除いて tegakari train を実行してください。",
            "key",
        )
    return key


def made_key(settings: Settings) -> str:
    """Return the key of this home, made once for nobody but the home's owner to read."""
    key = known_key(settings)
    if key:
        return key
    file = key_file(settings)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(32) + "\n")
        _placed(draft, file)
    except OSError:
        raise Problem(
            "ホームの鍵(staff.key)を書き込めません。", "場所、権限、空き容量を確かめてください。", "key"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return known_key(settings)


def _placed(draft: Path, file: Path) -> None:
    """Give the whole draft its name, unless somebody else made a key in the meantime: theirs counts."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return
