"""The command ``tegakari verify``: whether the journal is as it was written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings
from serving.terminal.places import require_home


def verify(
    context: typer.Context,
    head: Annotated[
        str,
        typer.Option(
            "--head", help="控えた末尾(番号:ハッシュ)/ an end of the chain kept elsewhere, SEQ:DIGEST"
        ),
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", help="監査の画面で書き出したCSVかJSON Lines / CSV or JSON lines of the audit page"
        ),
    ] = None,
    home: Annotated[Path | None, typer.Option("--home", help="書き込み先 / the home folder")] = None,
) -> None:
    """記録が書かれたままであることを確かめます。 Check the journal from its first entry to its last.

    末尾の切り落としは、控えた末尾(--head)か書き出したファイル(--file)と比べて見つけます。
    A tail that was cut off shows against an end kept elsewhere. Exit 0 when all is whole, 1 when not.

    例 / Example: tegakari verify --home ./home --head 1520:9f2c…
    """
    from serving.terminal.verifying import verify_journal  # noqa: PLC0415

    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    verify_journal(settings, head, file)
