"""What is typed for ``tegakari drift``. Heavy imports happen inside the function."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings


def drift(
    *,
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")],
    out: Annotated[Path | None, typer.Option("--out", help="書き出すCSV / CSV to write")] = None,
    seed: Annotated[int, typer.Option(min=0, help="抽出の乱数の種 / seed of the sample")] = 0,
    home: Annotated[
        Path | None, typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ home")
    ] = None,
) -> None:
    """学習時と現在の記録の違いを確かめます。 Watch how the records differ from those learnt from.

    基準を超える変化があれば終了コード3です。 Exit code 3 where a change is beyond its bound.

    例 / Example: tegakari drift ./cities/midori --out drift.csv
    """
    from serving.terminal.drifting import drift_folder  # noqa: PLC0415

    code = drift_folder(read_settings(os.environ, home or context.find_root().obj), folder, out, seed)
    if code:
        raise typer.Exit(code)
