"""The command ``tegakari``: what is typed, and one sentence for whatever goes wrong.

Heavy imports happen inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from serving.problems import Problem
from serving.settings import Settings, read_settings
from serving.terminal.backtest_cli import backtest
from serving.terminal.drift_cli import drift
from serving.terminal.exchange_cli import batch, export, replies
from serving.terminal.fairness_cli import fairness
from serving.terminal.figures import between
from serving.terminal.match_cli import match
from serving.terminal.misuse import INTERRUPTED, told_misuse
from serving.terminal.places import require_home
from serving.terminal.promotion_cli import promote, rollback, shadow
from serving.terminal.search_cli import search, send
from serving.terminal.user_cli import user_commands
from serving.terminal.verify_cli import verify

app = typer.Typer(
    name="tegakari",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(user_commands(), name="user")

INTERRUPT = 130
"""The exit code of what Ctrl+C ended, as a shell has it."""

Folder = Annotated[Path, typer.Argument(help="自治体のデータのフォルダ / the municipality's folder")]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ where everything is written"),
]
Cases = Annotated[
    Path | None, typer.Option("--cases", help="対象の宛名番号(1行に1件)/ debtor_ids, one a line")
]


@app.callback()
def place(context: typer.Context, home: Home = None) -> None:
    """手がかり: 財産調査先を理由とともに推薦します。 Ranks the asset-inquiry targets of delinquent cases."""
    context.obj = home


@app.command()
def town(
    *,
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="書き出すフォルダ / folder to write")],
    debtors: Annotated[int, typer.Option(min=1, max=200_000, help="滞納者数 / debtors")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="乱数の種 / seed")] = 0,
    style: Annotated[str, typer.Option(help="町の型 / style of the town")] = "ward",
    as_exported: Annotated[bool, typer.Option("--as-exported", help="実データ風に / real-shaped")] = False,
    truth: Annotated[Path | None, typer.Option(help="正解の財産のCSV / CSV of the true assets")] = None,
    home: Home = None,
) -> None:
    """架空の町のデータを作ります。 Write a made-up municipality.

    例 / Example: tegakari town ./town --debtors 2000 --style ward --as-exported
    """
    from serving.terminal.commands import write_town  # noqa: PLC0415

    write_town(
        _unwritten(context, home),
        out,
        debtors=debtors,
        seed=seed,
        style=style,
        as_exported=as_exported,
        truth=truth,
    )


@app.command()
def check(context: typer.Context, folder: Folder, home: Home = None) -> None:
    """フォルダを読み、取り除いた行と理由を示します。 Read a folder and say what was set aside and why.

    例 / Example: tegakari check ./cities/kasumi
    """
    from serving.terminal.commands import check_folder  # noqa: PLC0415

    check_folder(_unwritten(context, home), folder)


@app.command()
def train(
    *,
    context: typer.Context,
    folder: Folder,
    seed: Annotated[int | None, typer.Option(help="乱数の種 / seed")] = None,
    rounds: Annotated[int | None, typer.Option(help="木の本数 / trees")] = None,
    leaves: Annotated[int | None, typer.Option(help="木の葉の数 / leaves a tree")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="学習率 / learning rate")] = None,
    least_rows: Annotated[int | None, typer.Option(help="葉に要る行数 / rows a leaf needs")] = None,
    unasked_weight: Annotated[float | None, typer.Option(help="未照会の重み / weight of the unasked")] = None,
    threads: Annotated[int | None, typer.Option(help="使うコア数 / cores")] = None,
    home: Home = None,
) -> None:
    """フォルダの基準日で学習し、モデルを登録します。 Train as of the folder's day and register the model.

    例 / Example: tegakari train ./cities/midori --home ./home
    """
    from serving.terminal.commands import train_folder  # noqa: PLC0415

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
    train_folder(_settings(context, home), folder, given=given)


for command in (backtest, search, send, drift, fairness, batch, replies, export, verify):
    app.command()(command)


app.command()(promote)
app.command()(rollback)
app.command()(shadow)


@app.command()
def recommend(
    *,
    context: typer.Context,
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="書き出すCSV / CSV to write")],
    top: Annotated[
        int, typer.Option(help="1事案の件数 / targets a case", callback=between("--top", 1, 100))
    ] = 10,
    cases: Cases = None,
    home: Home = None,
) -> None:
    """事案ごとに調査先を推薦します。 Rank the targets of every open case, with reasons.

    対象外の事案は OUT.routed.csv に書きます。 Cases that a gate routes go to OUT.routed.csv.

    in_plan が 1 の調査先が照会の計画です。手間、日数、先に満たす額も考えるため、順位どおりとは限りません。
    in_plan 1: in the plan, which weighs minutes, days and what is covered already, so not always by rank.

    例 / Example: tegakari recommend ./cities/midori --out recs.csv --top 10
    """
    from serving.terminal.commands import recommend_folder  # noqa: PLC0415

    recommend_folder(_settings(context, home), folder, out, top, cases)


app.command()(match)


@app.command()
def serve(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="データのフォルダ(省略時は前回)/ folder; default: the last one")
    ] = None,
    host: Annotated[str | None, typer.Option(help="待ち受けるアドレス / address")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="ポート / port")] = None,
    home: Home = None,
) -> None:
    """画面とAPIを提供します。 Serve the pages and the API.

    例 / Example: tegakari serve ./cities/midori --port 8000
    """
    from serving.terminal.service import serve_folder  # noqa: PLC0415

    serve_folder(_settings(context, home, host=host, port=port), folder)


@app.command()
def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(help="データのフォルダ(省略時は架空の町)/ folder; default: a made-up town"),
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="ポート / port")] = None,
    home: Home = None,
) -> None:
    """確認、学習、登録、提供までを一度に行います。 Check, train, register and serve in one go.

    例 / Example: tegakari demo ./cities/kasumi
    """
    from serving.terminal.demo import run_demo  # noqa: PLC0415

    run_demo(_settings(context, home, port=port), folder)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every problem ends in one sentence on stderr and exit code 1.

    One that was typed wrongly ends with 2, one that was interrupted with 130.
    """
    given = list(arguments) if arguments is not None else sys.argv[1:]
    # Threads of the model libraries sleep while they wait: on a busy server spinning ones cost minutes.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        code = app(given, standalone_mode=False)
    except TyperException as misused:
        _fail(told_misuse(misused), misused.exit_code)
    except Problem as problem:
        _fail(problem.sentence + problem.hint)
    except (KeyboardInterrupt, typer.Abort):
        _fail(INTERRUPTED, INTERRUPT)
    except Exception:  # the last door: whatever it is, the reader gets a sentence
        _fail(f"予期しない問題が起きました。詳しくは {_keep(given)} を管理者に見せてください。")
    if code == INTERRUPT:  # what typer makes of Ctrl+C
        _fail(INTERRUPTED, INTERRUPT)
    raise SystemExit(code or 0)


def _settings(context: typer.Context, home: Path | None, **given: object) -> Settings:
    settings = _unwritten(context, home, **given)
    require_home(settings.home)
    return settings


def _unwritten(context: typer.Context, home: Path | None, **given: object) -> Settings:
    # For what writes nothing into the home.
    return read_settings(os.environ, home or context.find_root().obj, **given)


def _keep(given: Sequence[str]) -> str:
    # Frames without their values: a value may be personal.
    try:
        home = Path(given[given.index("--home") + 1]) if "--home" in given[:-1] else None
        log = read_settings(os.environ, home).log_file
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()} tegakari {given[0] if given else ''}\n")
            file.write(traceback.format_exc())
    except (OSError, Problem):
        return "直前の状況"
    return str(log)


def _fail(sentence: str, code: int = 1) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
