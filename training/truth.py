"""The proof on towns that know their truth.

    python -m training.truth --debtors 8000 --seeds 5 --styles all

On each town (style x seed) the rankings compete on open cases that were never investigated and that no gate
routes away; all of the town's property counts, whether or not a ranking could know of it. Exit code 1 when a
binding floor does not hold in some style.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

import pandas as pd
from tqdm import tqdm

from features.arrears import arrears_of
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from training.contestants import RANKERS, Ranker
from training.floors import FLOORS, Floor, judge
from training.metrics import compare


@dataclass(frozen=True)
class Plan:
    """Which towns to build (``styles`` are names of ``STYLES``), who competes, in how many processes.

    With more than one process the rankers must be functions of a module, or partials of such.
    """

    rankers: Mapping[str, Ranker]
    styles: tuple[str, ...] = tuple(STYLES)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    debtors: int = 8000
    processes: int = 2


def held_out(ledger: Ledger) -> pd.Series:
    """Return the arrears in yen (float) by debtor_id of the cases judged on.

    They are open, owe something, were never inquired about and are not routed away by a gate.
    """
    cases = open_cases(ledger, ledger.day)
    asked = cases["debtor_id"].isin(ledger["inquiries"]["debtor_id"])
    arrears = arrears_of(ledger, cases)
    judged = ~asked & ~routed(ledger, cases) & (arrears > 0)
    return pd.Series(
        arrears[judged].to_numpy(), index=pd.Index(cases.loc[judged, "debtor_id"]), name="arrears"
    )


def town_scores(town: Town, rankers: Mapping[str, Ranker]) -> pd.DataFrame:
    """Return ``compare``'s table of all rankers on the town's held-out cases.

    A ranker sees the ledger alone, never the town. Raises ValueError where no case is held out.
    """
    arrears = held_out(town.ledger)
    if arrears.empty:
        raise ValueError("the town has no open case that was never investigated: build a larger one")
    debtors = [str(each) for each in arrears.index]
    rankings = {name: rank(town.ledger, debtors) for name, rank in rankers.items()}
    return compare(town.truth.assets, arrears, rankings)


def proof(plan: Plan) -> pd.DataFrame:
    """Return [style, seed, ranking, metric, mean, low, high, better, cases] of all towns, in plan order."""
    tasks = [(style, seed) for style in plan.styles for seed in plan.seeds]
    found = dict(tqdm(_run(plan, tasks), total=len(tasks), desc="town", unit="town", file=sys.stderr))
    return pd.concat([found[task] for task in tasks], ignore_index=True)


def table(scores: pd.DataFrame, floors: Sequence[Floor] = FLOORS) -> tuple[str, bool]:
    """Return the printed table of ``scores`` and floors, and whether every binding floor holds."""
    means = scores.pivot_table(index=["style", "ranking"], columns="metric", values="mean", sort=False)
    judged = judge(scores, floors)
    lines = [means.round(3).to_string(), ""]
    for row in judged.itertuples(index=False):
        mark = "ok  " if row.holds else ("FAIL" if row.binding else "aim ")
        sign = "-" if row.measure == "difference" else "/"
        bounds = f"{row.mean:7.3f} [{row.low:7.3f}, {row.high:7.3f}]"
        pair = f"{row.ours} {sign} {row.theirs:<9}"
        lines.append(f"{mark} {row.style:<12} {row.metric:<11} {pair} {bounds}  floor {row.least:g}")
    held = bool((judged["holds"] | ~judged["binding"].astype(bool)).all())
    return "\n".join(lines), held


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof from the command line; return the exit code."""
    asked = _parser().parse_args(arguments)
    styles = tuple(STYLES) if asked.styles == "all" else tuple(asked.styles.split(","))
    unknown = [style for style in styles if style not in STYLES]
    if unknown:
        sys.stderr.write(
            f"様式 {', '.join(unknown)} はありません。{', '.join(STYLES)} から選んでください。\n"
        )
        return 1
    plan = Plan(dict(RANKERS), styles, tuple(range(asked.seeds)), asked.debtors, asked.processes)
    text, held = table(proof(plan))
    sys.stdout.write(text + "\n")
    return 0 if held else 1


def _run(plan: Plan, tasks: Sequence[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], pd.DataFrame]]:
    if plan.processes == 1:
        yield from ((task, _one(plan, task)) for task in tasks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(plan.processes, mp_context=context, initializer=_single_thread) as pool:
        waiting = {pool.submit(_one, plan, task): task for task in tasks}
        try:
            yield from ((waiting[done], done.result()) for done in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _one(plan: Plan, task: tuple[str, int]) -> pd.DataFrame:
    style, seed = task
    scores = town_scores(build_town(STYLES[style], plan.debtors, seed), plan.rankers)
    scores.insert(0, "style", style)
    scores.insert(1, "seed", seed)
    return scores


def _single_thread() -> None:
    """Keep each worker to one core: as many workers as cores run side by side."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.truth", description="真値のわかる町での検証")
    parser.add_argument("--debtors", type=int, default=8000, help="町の滞納者数")
    parser.add_argument("--seeds", type=int, default=5, help="様式ごとの町の数")
    parser.add_argument("--styles", default="all", help="all、またはコンマ区切りの様式名")
    parser.add_argument("--processes", type=int, default=2, help="並列数")
    return parser


if __name__ == "__main__":
    sys.exit(main())
