"""What is typed to change the model in use. Heavy imports happen inside the functions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import Settings, read_settings
from serving.terminal.places import require_home

By = Annotated[str, typer.Option("--by", help="承認した人 / who approved it")]
Ground = Annotated[str, typer.Option("--ground", help="理由 / why")]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ where everything is written"),
]


def promote(
    *,
    context: typer.Context,
    version: Annotated[int, typer.Argument(help="モデルの版 / version")],
    folder: Annotated[
        Path | None,
        typer.Argument(help="判定に使うデータ(省略時は前回提供したもの)/ records to judge on"),
    ] = None,
    by: By,
    ground: Ground,
    despite: Annotated[
        str, typer.Option("--despite", help="満たさない規則を例外にする理由 / why failed rules are set aside")
    ] = "",
    trained_on: Annotated[
        Path | None, typer.Option("--trained-on", help="学習に使ったデータ / the records it was learnt from")
    ] = None,
    home: Home = None,
) -> None:
    """規則で判定し、満たすモデルを採用します。 Judge a version by the written rules and put it into use.

    例 / Example: tegakari promote 2 ./cities/midori --by 徴収課長 --ground 新しい回答で学習したため
    """
    from serving.terminal.promoting import promote_version  # noqa: PLC0415

    settings = _settings(context, home)
    promote_version(settings, version, folder, by=by, ground=ground, despite=despite, trained_on=trained_on)


def rollback(
    *,
    context: typer.Context,
    version: Annotated[
        int | None, typer.Argument(help="戻す版(省略時は一つ前)/ version; default: the one before")
    ] = None,
    by: By,
    ground: Ground,
    home: Home = None,
) -> None:
    """以前に採用していたモデルに戻します。 Bring back a version that was in use before.

    例 / Example: tegakari rollback --by 徴収課長 --ground 順位がおかしいと報告があったため
    """
    from serving.terminal.promoting import roll_back_to  # noqa: PLC0415

    roll_back_to(_settings(context, home), version, by, ground)


def _settings(context: typer.Context, home: Path | None) -> Settings:
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    return settings
