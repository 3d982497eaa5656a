"""The proof on towns that know their truth.

    python -m training.truth --debtors 8000 --seeds 5 --styles all

On each town (style x seed) the rankings compete on open cases that were never investigated and that no gate
routes away; all of the town's property counts, whether or not a ranking could know of it. Then the same on
towns of a thousand debtors, where little was learnt. Exit code 1 when a binding floor does not hold in some
style.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from tqdm import tqdm

from features.arrears import arrears_of
from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from training.calibration import calibration
from training.ceiling import ceiling
from training.contestants import RANKERS, Ranker
from training.floors import COLD_FLOORS, FLOORS, Floor, judge
from training.metrics import HIT_FLOOR, MARKS, TARGET, compare, held_by_target
from training.towns import Task, add_options, chosen_styles, spread


@dataclass(frozen=True)
class Plan:
    """Which towns to build (``styles`` are names of ``STYLES``), who competes, in how many processes.

    On the first ``ceilings`` seeds of each style the ceiling is measured too. With more than one process the
    rankers must be functions of a module, or partials of such.
    """

    rankers: Mapping[str, Ranker]
    styles: tuple[str, ...] = tuple(STYLES)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    debtors: int = 8000
    processes: int = 2
    ceilings: int = 0


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


def town_scores(town: Town, rankers: Mapping[str, Ranker], with_ceiling: bool = False) -> pd.DataFrame:
    """Return ``compare``'s table of all rankers on the town's held-out cases, and the marks of forecasts.

    A ranker sees the ledger alone, never the town; with ``with_ceiling`` one more competes that is shown the
    others' property. Raises ValueError where no case is held out.
    """
    arrears = held_out(town.ledger)
    if arrears.empty:
        raise ValueError("the town has no open case that was never investigated: build a larger one")
    debtors = [str(each) for each in arrears.index]
    rankings = {name: rank(town.ledger, debtors) for name, rank in rankers.items()}
    if with_ceiling:
        rankings["ceiling"] = ceiling(town.ledger, debtors, town.truth.assets)
    marks = [_marks(name, rows, town) for name, rows in rankings.items() if "probability" in rows]
    return pd.concat([compare(town.truth.assets, arrears, rankings), *marks], ignore_index=True)


def _marks(name: str, ranking: pd.DataFrame, town: Town) -> pd.DataFrame:
    """Return the calibration of what was shown, in the form of ``compare``; without an interval."""
    held = held_by_target(town.truth.assets)
    value = ranking.merge(held, on=TARGET, how="left")["value"].astype("float64").fillna(0.0)
    found = calibration(ranking["probability"], (value >= HIT_FLOOR).astype("float64"))
    rows = [
        (name, metric, figure, np.nan, np.nan, str(MARKS[metric]), ranking["debtor_id"].nunique())
        for metric, figure in (("calibration_error", found.error), ("resolution", found.resolution))
    ]
    return pd.DataFrame(rows, columns=["ranking", "metric", "mean", "low", "high", "better", "cases"])


def proof(plan: Plan) -> pd.DataFrame:
    """Return [style, seed, ranking, metric, mean, low, high, better, cases] of all towns, in plan order."""
    tasks = [(style, seed) for style in plan.styles for seed in plan.seeds]
    towns = spread(partial(_one, plan), tasks, plan.processes)
    found = dict(tqdm(towns, total=len(tasks), desc="town", unit="town", file=sys.stderr))
    return pd.concat([found[task] for task in tasks], ignore_index=True)


def table(scores: pd.DataFrame, floors: Sequence[Floor] = FLOORS) -> tuple[str, bool]:
    """Return the printed table of ``scores`` and floors, and whether every binding floor holds."""
    means = scores.pivot_table(index=["style", "ranking"], columns="metric", values="mean", sort=False)
    judged = judge(scores, floors)
    lines = [means.round(3).to_string(), ""]
    for row in judged.itertuples(index=False):
        mark = "ok  " if row.holds else ("FAIL" if row.binding else "aim ")
        sign = {"difference": "-", "ratio": "/"}.get(str(row.measure), " ")
        bounds = f"{row.mean:7.3f} [{row.low:7.3f}, {row.high:7.3f}]"
        pair = f"{row.ours:<7} {sign} {row.theirs:<9}"
        lines.append(f"{mark} {row.style:<12} {row.metric:<17} {pair} {bounds}  floor {row.least:g}")
    held = bool((judged["holds"] | ~judged["binding"].astype(bool)).all())
    return "\n".join(lines), held


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof from the command line; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        styles = chosen_styles(asked.styles)
    except ValueError as unknown:
        sys.stderr.write(f"{unknown}\n")
        return 1
    plan = Plan(
        dict(RANKERS), styles, tuple(range(asked.seeds)), asked.debtors, asked.processes, asked.ceilings
    )
    held = _print(plan, FLOORS)
    if asked.cold:
        bars = {name: RANKERS[name] for name in ("ranker", "know_how", "veteran")}
        held &= _print(replace(plan, rankers=bars, debtors=asked.cold, ceilings=0), COLD_FLOORS)
    return 0 if held else 1


def _print(plan: Plan, floors: Sequence[Floor]) -> bool:
    text, held = table(proof(plan), floors)
    sys.stdout.write(f"滞納者 {plan.debtors:,}人の町\n{text}\n")
    return held


def _one(plan: Plan, task: Task) -> pd.DataFrame:
    style, seed = task
    town = build_town(STYLES[style], plan.debtors, seed)
    scores = town_scores(town, plan.rankers, with_ceiling=seed in plan.seeds[: plan.ceilings])
    scores.insert(0, "style", style)
    scores.insert(1, "seed", seed)
    return scores


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.truth", description="真値のわかる町での検証")
    add_options(parser, debtors=8000, seeds=5)
    parser.add_argument("--cold", type=int, default=1000, help="データの少ない町の滞納者数(0: 測らない)")
    parser.add_argument("--ceilings", type=int, default=1, help="様式ごとに上限も測る町の数")
    return parser


if __name__ == "__main__":
    sys.exit(main())
