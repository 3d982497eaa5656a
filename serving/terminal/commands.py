"""What the commands do: adapters between what is typed and the floors below."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.figures import told
from serving.terminal.places import require_out
from serving.wording import wording

if TYPE_CHECKING:
    from features.ledger.intake import Reading
    from models.terms import Terms
    from serving.terminal.pair_files import PairFiles


WAITS = (
    "モデル登録先のサーバーに届かないため、この実行はホームの記録(mlflow.db)に保存しました。"
    "サーバーが戻ったら tegakari send で送ってください。採用中のモデルは手元の写しで動き続けます。"
)


def say(sentence: str) -> None:
    """Tell the reader how far it is."""
    print(sentence, flush=True)


def read(folder: Path) -> Reading:
    """Read a folder; a refused one becomes a problem that names every refusal."""
    from features.ledger.intake import FolderRefused, read_folder  # noqa: PLC0415

    require_folder(folder)
    try:
        return read_folder(folder)
    except FolderRefused as refused:
        raise Problem(f"このフォルダは使えません。\n{refused}", code="folder") from None


def require_folder(folder: Path) -> None:
    """Refuse what is not a folder."""
    if not folder.is_dir():
        what = f"フォルダが見つかりません: {folder}。"
        raise Problem(what, "自治体のデータのフォルダを指定してください。", "folder")


def write_town(
    settings: Settings,
    out: Path,
    *,
    debtors: int,
    seed: int,
    style: str,
    as_exported: bool = False,
    truth: Path | None = None,
) -> None:
    """Write a made-up municipality, and its true assets where ``truth`` names a file."""
    from features.ledger.outgoing import write_folder  # noqa: PLC0415
    from features.town.build import build_town  # noqa: PLC0415
    from features.town.style import STYLES  # noqa: PLC0415
    from serving.terminal.table_file import write_table  # noqa: PLC0415

    if style not in STYLES:
        raise Problem(
            f"町の型「{style}」はありません。", f"次から選んでください: {'、'.join(STYLES)}", "style"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Problem("書き出し先が空ではありません。", "空のフォルダか新しい名前を指定してください。", "out")
    say(f"架空の町を作っています(滞納者{debtors:,}人)…")
    made = build_town(STYLES[style], debtors, seed)
    write_folder(made.ledger, out, as_exported=as_exported, seed=seed)
    if truth is not None:
        write_table(made.truth.assets, truth)
    say(f"書き出しました: {out}")


def check_folder(settings: Settings, folder: Path) -> None:
    """Print what was read, repaired and set aside."""
    from features.ledger.report import describe_reading  # noqa: PLC0415

    for line in describe_reading(read(folder)):
        say(line)


def train_folder(
    settings: Settings, folder: Path, only_if_new: bool = False, given: Mapping[str, float] | None = None
) -> str:
    """Train as of the folder's day, register the bundle and return its version.

    ``given``: parameters of the experiment other than the defaults. ``only_if_new``: nothing is done when
    the champion was learnt from the same records for the same features.
    """
    from serving.office.champion import known_version, require_registry, train  # noqa: PLC0415
    from training.experiment import Experiment  # noqa: PLC0415

    try:
        experiment = Experiment(folder, **dict(given or {}))  # type: ignore[arg-type]
    except ValueError as wrong:
        raise Problem(str(wrong), code="parameter") from None
    require_registry(settings, to_write=True)
    say("データを読んでいます…")
    reading = read(folder)
    known = known_version(settings, reading) if only_if_new else None
    if known is not None:
        say(f"同じデータから学習したモデル第{known}版があるため、学習を省きます。")
        return str(known)
    schooling, words = train(settings, experiment, reading, say), wording("ja")
    for name, figure in schooling.metrics.items():
        say(f"  {words.term('figure', name)}: {told(figure.value)}")
    if schooling.version is None:
        say(WAITS)
        return ""
    number = schooling.version.number
    say(f"モデル第{number}版を登録{'し、採用' if schooling.first else ''}しました。")
    if not schooling.first:
        how = f"tegakari promote {number} フォルダ --by 氏名 --ground 理由"
        say(f"採用中のモデルは変わりません。採用するには: {how}")
    return str(number)


def recommend_folder(settings: Settings, folder: Path, out: Path, top: int, cases: Path | None) -> None:
    """Write ``out``, and beside it ``.routed.csv`` and ``.hardship.csv`` for its ``.csv``."""
    from models.adviser import Adviser  # noqa: PLC0415
    from serving.office.champion import champion_or_rules, require_registry  # noqa: PLC0415
    from serving.terminal.case_list import chosen_cases  # noqa: PLC0415
    from serving.terminal.recommendations import recommendation_tables  # noqa: PLC0415
    from serving.terminal.table_file import hardship_file, routed_file, write_tables  # noqa: PLC0415

    require_out(out, settings.home)
    require_registry(settings)
    say("データを読んでいます…")
    reading = read(folder)
    wanted = chosen_cases(reading.ledger, cases)
    adviser = Adviser(champion_or_rules(settings, reading, say), reading.ledger)
    say(f"{len(wanted):,}件の事案の調査先を順位付けしています…")
    ranked, routed, hardship = recommendation_tables(adviser, wanted, top)
    write_tables({out: ranked, routed_file(out): routed, hardship_file(out): hardship})
    counts = f"{routed_file(out)}({len(routed):,}件)、{hardship_file(out)}({len(hardship):,}件)"
    say(f"書き出しました: {out}({len(ranked):,}行)、{counts}")


def match_folder(
    settings: Settings,
    folder: Path,
    out: Path,
    cases: Path | None,
    terms: Terms | None = None,
    *,
    files: PairFiles | None = None,
) -> None:
    """Write the proposed assignments of every open case that no gate routes away."""
    from models.terms import Terms  # noqa: PLC0415
    from serving.terminal.matching import write_matching  # noqa: PLC0415
    from serving.terminal.pair_files import PairFiles  # noqa: PLC0415

    write_matching(settings, folder, out, cases=cases, terms=terms or Terms(), files=files or PairFiles())


def set_champion(
    settings: Settings, model_version: str, data_version: str, approved_by: str = "", ground: str = ""
) -> None:
    """Journal that a model became the one that serves."""
    from serving.app import now  # noqa: PLC0415
    from serving.records.journal import Journal  # noqa: PLC0415
    from serving.records.model_events import ChampionSet  # noqa: PLC0415
    from serving.records.store import open_store  # noqa: PLC0415

    engine = open_store(settings.records_url)
    try:
        event = ChampionSet("", model_version, data_version, approved_by, ground)
        Journal(engine, now).append("command", event)
    finally:
        engine.dispose()
