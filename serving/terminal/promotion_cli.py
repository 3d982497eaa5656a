"""What is typed to change the model in use. Heavy imports happen inside the functions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.problems import Problem
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
        str,
        typer.Option(
            "--despite",
            help="満たさない規則(例外にできるもの)を例外にする理由 / why failed rules are set aside",
        ),
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
        int | None,
        typer.Argument(help="戻す版(省略時は一つ前、繰り返すとさらに前)/ version; default: the one before"),
    ] = None,
    by: By,
    ground: Ground,
    home: Home = None,
) -> None:
    """以前に採用していたモデルに戻します。 Bring back a version that was in use before.

    繰り返すと、さらに前の版に戻ります。 Done again, it goes further back.

    例 / Example: tegakari rollback --by 徴収課長 --ground 順位がおかしいと報告があったため
    """
    from serving.terminal.promoting import roll_back_to  # noqa: PLC0415

    roll_back_to(_settings(context, home), version, by, ground)


def shadow(
    *,
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="モデルの版、または report / a version, or report")] = "",
    folder: Annotated[
        Path | None, typer.Argument(help="report: 新しい回答を含むデータ / records with newer replies")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="承認した人 / who approved it")] = "",
    ground: Annotated[str, typer.Option("--ground", help="理由 / why")] = "",
    off: Annotated[bool, typer.Option("--off", help="採点を終える / end it")] = False,
    home: Home = None,
) -> None:
    """職員に見せずに別の版で採点し、後の回答で比べます。 Let another version score unseen, and compare.

    例 / Example: tegakari shadow 3 --by 徴収課長 --ground 試行
    """
    from serving.terminal.shadowing import end_shadow, report_shadow, set_shadow  # noqa: PLC0415

    settings = _settings(context, home)
    if what == "report":
        report_shadow(settings, folder)
    elif off and not what:
        end_shadow(settings, by, ground)
    elif what.isdecimal() and not off:
        set_shadow(settings, int(what), by, ground)
    else:
        raise Problem(
            "影で採点する版が分かりません。",
            "tegakari shadow の後に版番号か report を書くか、--off を付けてください。",
            "shadow",
        )


def _settings(context: typer.Context, home: Path | None) -> Settings:
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    return settings
