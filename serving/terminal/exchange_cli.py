"""The commands of the exchange: inquiries out, replies in, and the journal as tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import Settings, read_settings
from serving.terminal.places import require_home

Folder = Annotated[
    Path | None, typer.Argument(help="データのフォルダ(省略時は前回)/ folder; default: the last one")
]
By = Annotated[str, typer.Option("--by", help="操作する利用者名 / name of the account that does it")]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ where everything is written"),
]


def batch(
    *,
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="書き出すフォルダ / folder to write")],
    folder: Folder = None,
    by: By,
    home: Home = None,
) -> None:
    """送付を待つ選定から照会データと照会書を作ります。 Make one batch of all ready choices, and its files.

    例 / Example: tegakari batch ./out --by hanako
    """
    from serving.terminal.exchanging import make_batch  # noqa: PLC0415

    make_batch(_settings(context, home), out, folder, by)


def replies(
    *,
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="回答ファイル / file of replies (xlsx, CSV)")] = None,
    folder: Folder = None,
    by: Annotated[str, typer.Option("--by", help="操作する利用者名 / account that does it")] = "",
    sample: Annotated[
        Path | None, typer.Option("--sample", help="様式ごとの見本を書き出すフォルダ / write samples")
    ] = None,
    home: Home = None,
) -> None:
    """回答ファイルを確認して取り込みます。 Check a file of replies and take it in, whole or not at all.

    --sample DIR は、様式ごとの架空の見本を書き出します。 Writes invented samples, one a layout.

    例 / Example: tegakari replies ./answer.xlsx --by hanako
    """
    from serving.terminal.exchanging import require_reply_file, take_in, write_samples  # noqa: PLC0415

    if sample is not None:
        write_samples(read_settings(os.environ, home or context.find_root().obj), sample)
        return
    file = require_reply_file(file, by)
    take_in(_settings(context, home), file, folder, by)


def export(
    *,
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="書き出す新しいフォルダ / new folder to write")],
    folder: Folder = None,
    joined: Annotated[bool, typer.Option("--joined", help="元の記録と合わせて / with all records")] = False,
    home: Home = None,
) -> None:
    """送った照会と届いた回答を、取込みの形の表に書き出します。 Write inquiries and replies as tables.

    例 / Example: tegakari export ./next --joined
    """
    from serving.terminal.exchanging import export_journal  # noqa: PLC0415

    export_journal(_settings(context, home), out, folder, joined)


def _settings(context: typer.Context, home: Path | None) -> Settings:
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    return settings
