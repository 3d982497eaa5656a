"""What is typed for ``tegakari backtest``. Heavy imports happen inside the function."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings
from serving.terminal.places import require_home


def backtest(
    *,
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")],
    out: Annotated[
        Path | None, typer.Option("--out", help="書き出すフォルダ(既定: ホームの backtest)/ folder to write")
    ] = None,
    share: Annotated[float | None, typer.Option(help="検証に使う割合 / share judged on")] = None,
    mature_days: Annotated[int | None, typer.Option(help="回答を待つ日数 / days until settled")] = None,
    seed: Annotated[int | None, typer.Option(help="乱数の種 / seed")] = None,
    rounds: Annotated[int | None, typer.Option(help="木の本数 / trees")] = None,
    leaves: Annotated[int | None, typer.Option(help="木の葉の数 / leaves a tree")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="学習率 / learning rate")] = None,
    least_rows: Annotated[int | None, typer.Option(help="葉に要る行数 / rows a leaf needs")] = None,
    unasked_weight: Annotated[float | None, typer.Option(help="未照会の重み / weight of the unasked")] = None,
    threads: Annotated[int | None, typer.Option(help="使うコア数 / cores")] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ home")
    ] = None,
) -> None:
    """過去から学習し、その後の未調査事案で確かめます。 Learn from the past, be judged on later cases.

    例 / Example: tegakari backtest ./cities/midori --out ./report
    """
    from serving.terminal.backtesting import backtest_folder  # noqa: PLC0415

    told = {
        "seed": seed,
        "rounds": rounds,
        "leaves": leaves,
        "learning_rate": learning_rate,
        "least_rows": least_rows,
        "unasked_weight": unasked_weight,
        "threads": threads,
    }
    given = {name: value for name, value in told.items() if value is not None}
    terms = {"share": share, "mature_days": mature_days}
    stated = {name: value for name, value in terms.items() if value is not None}
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    backtest_folder(settings, folder, out, given, stated)
