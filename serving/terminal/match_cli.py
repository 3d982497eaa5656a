"""What is typed for ``tegakari match``. Heavy imports happen inside the function."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import read_settings
from serving.terminal.figures import between
from serving.terminal.places import require_home


def match(
    *,
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")],
    out: Annotated[Path, typer.Option("--out", help="書き出すCSV / CSV to write")],
    cases: Annotated[
        Path | None, typer.Option("--cases", help="対象の宛名番号(1行に1件)/ debtor_ids, one a line")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="前回の担当案。動かす事案を最小に / an earlier result")
    ] = None,
    declined: Annotated[
        Path | None, typer.Option("--declined", help="辞退(debtor_id,staff_id)/ who declined which")
    ] = None,
    areas: Annotated[
        Path | None, typer.Option("--areas", help="職員の地域(staff_id,postcode3)/ officers' areas")
    ] = None,
    growth: Annotated[bool, typer.Option("--growth", help="新任に一段上の事案 / steps up")] = False,
    most: Annotated[
        int | None, typer.Option(help="常勤1人の上限件数 / most cases a FTE", callback=between("--most", 1))
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ home")
    ] = None,
) -> None:
    """事案の担当案を作ります。 Propose which officer takes which case.

    例 / Example: tegakari match ./cities/midori --out assignments.csv --keep yesterday.csv
    """
    from models.terms import Terms  # noqa: PLC0415
    from serving.terminal.commands import match_folder  # noqa: PLC0415
    from serving.terminal.pair_files import PairFiles  # noqa: PLC0415

    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    terms = Terms(growth=growth, most=most)
    match_folder(settings, folder, out, cases, terms, files=PairFiles(keep, declined, areas))
