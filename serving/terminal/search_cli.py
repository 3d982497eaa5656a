"""What is typed for ``tegakari search`` and ``tegakari send``. Heavy imports happen inside the functions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings
from serving.terminal.places import require_home

Home = Annotated[Path | None, typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ home")]


def search(
    *,
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")],
    trials: Annotated[int | None, typer.Option(help="試す設定の数(前回までを含む)/ trials in all")] = None,
    folds: Annotated[int | None, typer.Option(help="時間で分ける組の数 / folds by time")] = None,
    share: Annotated[float | None, typer.Option(help="検証に使う割合 / share judged on")] = None,
    mature_days: Annotated[int | None, typer.Option(help="回答を待つ日数 / days until settled")] = None,
    seed: Annotated[int | None, typer.Option(help="乱数の種 / seed")] = None,
    rounds: Annotated[int | None, typer.Option(help="現在の木の本数 / present trees")] = None,
    leaves: Annotated[int | None, typer.Option(help="現在の葉の数 / present leaves")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="現在の学習率 / present rate")] = None,
    least_rows: Annotated[int | None, typer.Option(help="現在の葉に要る行数 / present least rows")] = None,
    unasked_weight: Annotated[float | None, typer.Option(help="現在の未照会の重み / present weight")] = None,
    threads: Annotated[int | None, typer.Option(help="使うコア数 / cores")] = None,
    home: Home = None,
) -> None:
    """より良い学習の設定を探します。 Look for better settings, in folds by time.

    中断しても、同じ命令で続きから始まります。 Interrupted, the same command goes on.

    例 / Example: tegakari search ./cities/midori --trials 30
    """
    from serving.terminal.searching import search_folder  # noqa: PLC0415

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
    terms = {"trials": trials, "folds": folds, "share": share, "mature_days": mature_days}
    stated = {name: value for name, value in terms.items() if value is not None}
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    search_folder(settings, folder, given, stated)


def send(context: typer.Context, home: Home = None) -> None:
    """サーバーに届かなかった実行を送ります。 Send the runs that did not reach the MLflow server.

    例 / Example: tegakari send --home ./home
    """
    from serving.terminal.searching import send_waiting  # noqa: PLC0415

    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    send_waiting(settings)
