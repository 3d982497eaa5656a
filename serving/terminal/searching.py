"""The commands ``search`` and ``send``: look for better settings; bring waiting runs to the server."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from serving.office.champion import registry_of, require_registry
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.commands import WAITS, read, require_folder, say, set_champion
from serving.wording import wording
from training.experiment import Experiment
from training.metrics import Figure
from training.registry.outbox import Outbox
from training.registry.parcel import Parcel
from training.registry.store import RegistryProblem
from training.search import SHOWN, Found, Terms, require_searchable, search
from training.search_record import held_out_table, record_of, trials_table
from training.search_space import SPACE
from training.time_folds import FoldProblem

SENT_FIRST = "サーバーの最初のモデルのため、承認を待たずに採用"


def search_folder(
    settings: Settings, folder: Path, given: Mapping[str, float], terms: Mapping[str, float]
) -> Found:
    """Search settings on ``folder``, print the best beside the present ones, keep a run with every trial.

    ``given``: parameters of the experiment, ``terms``: of the search, other than the defaults.
    """
    try:
        experiment = Experiment(folder, **dict(given))  # type: ignore[arg-type]
        stated = Terms(**dict(terms))  # type: ignore[arg-type]
        require_searchable(experiment, settings.home)
    except ValueError as wrong:
        raise Problem(str(wrong), code="parameter") from None
    require_folder(folder)
    require_registry(settings, to_write=True)
    say("データを読んでいます…")
    reading = read(folder)
    try:
        found = search(experiment, reading.ledger, stated, settings.home, say)
    except FoldProblem as few:
        raise Problem(str(few), code="search") from None
    for line in told(found, folder):
        say(line)
    record = record_of(found, stated, reading.ledger, len(reading.faults))
    try:
        with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
            tables = Path(scratch) / "tables"
            tables.mkdir()
            trials_table(found).to_csv(tables / "trials.csv", index=False)
            held_out_table(found).to_csv(tables / "held_out.csv", index=False)
            reached = Outbox(registry_of(settings)).file(Parcel("search", record, Path(scratch)))
    except RegistryProblem as broken:
        raise Problem(str(broken), code="registry") from None
    if not reached:
        say(WAITS)
    return found


def told(found: Found, folder: Path) -> list[str]:
    """Return what a search found in words: settings, figures with intervals, what to do."""
    lines, words = ["", "設定                現在        最良"], wording("ja")
    for each in SPACE:
        now, best = getattr(found.present, each.name), getattr(found.best, each.name)
        lines.append(f"  {_option(each.name):<18}{now:>8.4g}  {best:>10.4g}")
    lines.append(f"{found.border}以後の事案{found.cases:,}件(探索に使っていないもの)での値と95%区間:")
    for name in SHOWN:
        theirs, ours, gain = found.theirs[name], found.ours[name], found.gain[name]
        figures = f"現在 {_shown(theirs)}  最良 {_shown(ours)}  差 {_shown(gain, signed=True)}"
        lines.append(f"  {words.term('backtest.metric', name)} {figures}")
    changed = [
        each.name for each in SPACE if getattr(found.best, each.name) != getattr(found.present, each.name)
    ]
    if not changed:
        return [*lines, "現在の設定が最良でした。変える必要はありません。"]
    options = " ".join(f"{_option(name)} {getattr(found.best, name):.6g}" for name in changed)
    verdict = (
        "最良の設定は、偶然とはいえない差で現在より良くなりました。"
        if found.better
        else "差は偶然の範囲内です。現在の設定のままで構いません。"
    )
    return [*lines, verdict, f"この設定で学習するには: tegakari train {folder} {options}"]


def send_waiting(settings: Settings) -> None:
    """Bring what waits in the home to the server, oldest first; what is there already is not sent twice."""
    registry = registry_of(settings)
    if registry.store.own:
        raise Problem(
            "送り先のサーバーが指定されていません。", "TEGAKARI_TRACKING_URI を指定してください。", "send"
        )
    outbox = Outbox(registry)
    try:
        waiting = outbox.waiting()
        if not waiting:
            say("送るものはありません。")
            return
        for place, each in enumerate(waiting, start=1):
            sent = outbox.send(each)
            version = "" if sent.version is None else f"(モデル第{sent.version.number}版)"
            say(f"[{place}/{len(waiting)}] {sent.name} を送りました{version}。")
            if sent.version is not None and registry.champion() is None:
                registry.set_champion(sent.version)
                set_champion(settings, str(sent.version.number), each.data_hash, ground=SENT_FIRST)
    except RegistryProblem as broken:
        raise Problem(
            str(broken),
            "送れなかったものはホームに残っています。もう一度 tegakari send を実行できます。",
            "registry",
        ) from None


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _shown(figure: Figure, signed: bool = False) -> str:
    form = "+.3f" if signed else ".3f"
    return f"{figure.value:{form}} [{figure.low:{form}}, {figure.high:{form}}]"
