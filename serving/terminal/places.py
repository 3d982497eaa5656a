"""Places to write: refused before the long work, not after it."""

from __future__ import annotations

import os
from pathlib import Path

from serving.problems import Problem
from serving.settings import Settings


def can_hold(folder: Path) -> bool:
    """Return whether files can be made in ``folder``, itself made where it is absent.

    >>> can_hold(Path(__file__))
    False
    """
    nearest = folder
    while not os.path.lexists(nearest) and nearest != nearest.parent:
        nearest = nearest.parent
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def require_home(home: Path) -> None:
    """Refuse a home that is no folder or cannot be written to."""
    if not can_hold(home):
        raise Problem(
            "書き込み先の --home(TEGAKARI_HOME)に書き込めません。",
            "書き込めるフォルダを指定してください。",
            "home",
        )


def holds_records(settings: Settings) -> bool:
    """Return whether there are records to read; a database of the office's own is taken to hold some."""
    return bool(settings.database_url) or (settings.home / "tegakari.db").exists()


def require_out(out: Path, home: Path) -> None:
    """Refuse a file that cannot be written; only the home's folder is made, any other has to be there."""
    require_parent(out, home)
    if out.is_dir() or not can_hold(out.parent):
        raise Problem("書き出し先に書き込めません。", "書き込めるファイル名を指定してください。", "out")


def require_parent(place: Path, home: Path) -> None:
    """Refuse a place in a folder that is not there: its name is likely mistyped."""
    parent = place.absolute().parent
    if not os.path.lexists(parent) and parent.resolve() != home:
        raise Problem(
            "書き出し先のフォルダが見つかりません。",
            "フォルダの名前を確かめるか、先にフォルダを作ってください。",
            "out",
        )


def require_store(uri: str) -> None:
    """Refuse a tracking URI that names a SQLite file which cannot be made; any other is asked."""
    file = uri.removeprefix("sqlite:///")
    if file != uri and not can_hold(Path(file).parent):
        raise Problem(
            "モデル登録先のファイルに書き込めません。",
            "トラッキングURI(TEGAKARI_TRACKING_URI)と権限を確かめてください。",
            "registry",
        )
