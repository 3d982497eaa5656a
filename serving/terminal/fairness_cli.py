"""What is typed for ``tegakari fairness``. Heavy imports happen inside the function."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings


def fairness(
    *,
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")],
    out: Annotated[Path | None, typer.Option("--out", help="書き出すCSV / CSV to write")] = None,
    protected: Annotated[
        Path | None,
        typer.Option("--protected", help="この報告だけに使う区分のCSV / CSV of groups for this report alone"),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ home")
    ] = None,
) -> None:
    """成果のない照会が特定の区分に偏らないか確かめます。 Who bears inquiries without result, by group.

    --protected は debtor_id と区分の列を持つCSVで、保存も学習もしません。 Used here alone, never kept.
    偏りがあれば終了コード3です。 Exit code 3 where a group is burdened beyond the margin.

    例 / Example: tegakari fairness ./cities/midori --out fairness.csv
    """
    from serving.terminal.fairness_report import fairness_folder  # noqa: PLC0415

    settings = read_settings(os.environ, home or context.find_root().obj)
    code = fairness_folder(settings, folder, out, protected)
    if code:
        raise typer.Exit(code)
