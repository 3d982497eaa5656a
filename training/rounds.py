"""Two rounds against one, on towns that know their truth.

    python -m training.rounds --debtors 4000 --seeds 3 --styles all

On held-out cases that have something to find among their candidates: *in order*, inquiries until the first
hit when targets are asked one after the other, ranked anew after the first ``--first``; *sent*, inquiries
that have gone out when the first hit is known, if one round sends ``--budget`` at once and two rounds send
the rest of the budget only where the first found nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from tqdm import tqdm

from features.follow_up import FollowUp
from features.ledger.told import FOUND, NONE, Told
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town
from models.adviser import Adviser
from models.bundle import Bundle
from models.ranker import RankerSettings
from training.course import learn
from training.metrics import HIT_FLOOR, Better, paired_ratio
from training.towns import Task, add_options, chosen_styles, spread, tasks_of
from training.truth import held_out

_EVERYTHING = 100_000
COLUMNS = ("in_order_one", "in_order_two", "sent_one", "sent_two", "found_one", "found_two")


@dataclass(frozen=True)
class Way:
    """How two rounds go: ``first`` inquiries, then anew up to ``budget`` in all."""

    first: int = 3
    budget: int = 8


def round_scores(town: Town, bundle: Bundle, way: Way) -> pd.DataFrame:
    """Return one row per held-out case with a hit among its candidates, columns ``COLUMNS``."""
    debtors = [str(each) for each in held_out(town.ledger).index]
    adviser = Adviser(bundle, town.ledger)
    once = _ranked(adviser, debtors, town)
    asked = once[once["place"] <= way.first]
    again = _ranked(_second(adviser, asked), debtors, town)
    later = again[~_pairs(again).isin(_pairs(asked))]
    later = later.assign(place=later.groupby("debtor_id").cumcount() + 1)
    size = asked.groupby("debtor_id").size()
    later = later.assign(place=later["place"] + size.reindex(later["debtor_id"], fill_value=0).to_numpy())
    one, two = _first_hits(once), _first_hits(pd.concat([asked, later]))
    two = two.reindex(one.index).fillna(one)
    length = once.groupby("debtor_id").size().reindex(one.index)
    whole = np.minimum(length, way.budget)
    return pd.DataFrame(
        {
            "in_order_one": one,
            "in_order_two": two,
            "sent_one": whole,
            "sent_two": np.where(two <= way.first, np.minimum(length, way.first), whole),
            "found_one": one <= way.budget,
            "found_two": two <= way.budget,
        },
        dtype=np.float64,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios per style; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        styles = chosen_styles(asked.styles)
    except ValueError as unknown:
        sys.stderr.write(f"{unknown}\n")
        return 1
    work = partial(_one, debtors=asked.debtors, way=Way(asked.first, asked.budget))
    tasks = tasks_of(styles, asked.seeds)
    towns = spread(work, tasks, asked.processes)
    found = dict(tqdm(towns, total=len(tasks), desc="town", unit="town", file=sys.stderr))
    for style in styles:
        sys.stdout.write(_line(style, pd.concat([found[style, seed] for seed in range(asked.seeds)])))
    sys.stdout.write(_line("all", pd.concat(list(found.values()))))
    return 0


def _ranked(adviser: Adviser, debtors: Sequence[str], town: Town) -> pd.DataFrame:
    """Return every candidate that may be asked: debtor_id, target_kind, target_code, place, value."""
    cases = adviser.cases_of(debtors)
    rows = adviser.rank(cases, top=_EVERYTHING).rows
    targets = adviser.archive.roll.targets.iloc[rows["target"]]
    ranked = pd.DataFrame(
        {
            "debtor_id": cases["debtor_id"].to_numpy()[rows["case"]],
            "target_kind": targets["target_kind"].to_numpy(),
            "target_code": targets["target_code"].to_numpy(),
            "place": rows["rank"].to_numpy(),
        }
    )
    value = town.truth.assets.groupby(["debtor_id", "target_kind", "target_code"])["value"].sum()
    return ranked.assign(value=value.reindex(_pairs(ranked)).to_numpy(dtype=float))


def _second(adviser: Adviser, asked: pd.DataFrame) -> Adviser:
    """Return the adviser of the second round: every one of ``asked`` was answered, truly, on the day."""
    day = adviser.ledger.day
    keys = zip(asked["debtor_id"], asked["target_kind"], asked["target_code"], asked["value"], strict=True)
    told = [
        Told(str(debtor), str(kind), str(code), day, day, NONE)
        if np.isnan(value)
        else Told(str(debtor), str(kind), str(code), day, day, FOUND, int(value))
        for debtor, kind, code, value in keys
    ]
    archive = FollowUp(adviser.archive, told)
    return Adviser(adviser.bundle, archive.ledger, archive)


def _pairs(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["debtor_id", "target_kind", "target_code"]])


def _first_hits(rows: pd.DataFrame) -> pd.Series:
    first: pd.Series = rows[rows["value"] >= HIT_FLOOR].groupby("debtor_id")["place"].min()
    return first.astype(float)


def _one(task: Task, debtors: int, way: Way) -> pd.DataFrame:
    style, seed = task
    town = build_town(STYLES[style], debtors, seed)
    return round_scores(town, learn(town.ledger, RankerSettings(threads=1)).bundle, way)


def _line(name: str, scores: pd.DataFrame) -> str:
    parts = [f"{name:<12} {len(scores):6,} cases"]
    for what in ("in_order", "sent"):
        ours, theirs = scores[f"{what}_two"], scores[f"{what}_one"]
        ratio = paired_ratio(ours, theirs, Better.LOWER)
        parts.append(
            f"{what} {theirs.mean():5.2f} -> {ours.mean():5.2f}  {ratio.value:.3f} "
            f"[{ratio.low:.3f}, {ratio.high:.3f}]"
        )
    found = scores[["found_one", "found_two"]].mean()
    return "  ".join([*parts, f"found {found.iloc[0]:.3f} -> {found.iloc[1]:.3f}"]) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.rounds", description="2回の照会と1回の照会")
    add_options(parser, debtors=4000, seeds=3)
    parser.add_argument("--first", type=int, default=3, help="1回目に照会する件数")
    parser.add_argument("--budget", type=int, default=8, help="1回で照会する場合の件数")
    return parser


if __name__ == "__main__":
    sys.exit(main())
