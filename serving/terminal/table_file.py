"""CSV files that appear whole or not at all and that no spreadsheet runs as formulas."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from serving.exchange.spreadsheet import harmless_frame
from serving.problems import Problem


def routed_file(out: Path) -> Path:
    """Return where the routed cases of ``out`` go.

    >>> routed_file(Path("a/recs.csv")).as_posix()
    'a/recs.routed.csv'
    """
    return out.with_name(f"{out.stem}.routed{out.suffix or '.csv'}")


def hardship_file(out: Path) -> Path:
    """Return where the findings of hardship of ``out`` go.

    >>> hardship_file(Path("a/recs.csv")).as_posix()
    'a/recs.hardship.csv'
    """
    return out.with_name(f"{out.stem}.hardship{out.suffix or '.csv'}")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one frame as UTF-8 CSV with a header."""
    write_tables({path: frame})


def write_tables(frames: Mapping[Path, pd.DataFrame]) -> None:
    """Write every frame beside its place first, then move all into place."""
    drafts: dict[Path, Path] = {}
    try:
        for path, frame in frames.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            os.close(handle)
            drafts[path] = Path(draft)
            harmless_frame(frame).to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")
            Path(draft).chmod(0o644)
        for path, temporary in drafts.items():
            temporary.replace(path)
    except OSError:
        raise Problem(
            "書き出し先に書き込めません。", "場所、権限、空き容量を確かめてください。", "out"
        ) from None
    finally:
        for temporary in drafts.values():
            temporary.unlink(missing_ok=True)
