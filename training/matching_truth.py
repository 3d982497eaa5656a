"""The proof of the matching on towns that know their law of minutes.

    python -m training.matching_truth --debtors 8000 --seeds 5 --styles all

On each town (style x seed) the officers present take every open case that no gate routes away. What counts
are the true minutes of who took what: how much of what an equal-load random assignment wastes is saved, the
least possible being computed exactly with the true minutes. Without growth and relief. Exit code 1 when a
floor does not hold.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from features.law import open_cases, routed
from features.ledger.snapshot import Ledger
from features.officers import finished_work, officers_on
from features.profile import build_profiles
from features.town.build import build_town
from features.town.style import STYLES
from features.town.truth import Town, expected_minutes
from models.capacity import TOLERANCE, capacities
from models.difficulty import Difficulty, fit_difficulty
from models.flow import Limits, cheapest
from models.growth import Growth
from models.matching import match
from models.proficiency import KINDS, TRAITS, Speeds, case_kinds
from models.proposal import forecast
from models.terms import Terms
from training.towns import Task, add_options, chosen_styles, spread, tasks_of

Numbers = npt.NDArray[np.float64]

LEAST_GAIN = 0.70
"""Share of the possible gain, mean over the towns."""
LEAST_CORRELATION = 0.8
"""Rank correlation of proficiency with the truth, officers with ``ENOUGH`` ended cases; mean over towns."""
ENOUGH = 100
MOST_GROWTH = 0.01
"""Share of all minutes that growth may cost."""
MOST_SECONDS = 10.0
"""For 35,000 cases and 42 officers."""
LATER = date(2025, 4, 1)
"""Work begun from here on is forecast from what was known before."""
MONTHS = (0, 3, 6, 9, 12, 15, 18, 21, 23)
NEWCOMER = "new"


def town_matching(town: Town) -> dict[str, float]:
    """Return the figures of one town; each is explained where it is computed."""
    difficulty = learn_minutes(town.ledger)
    cases, officers = forecast(town.ledger, _matched(town.ledger), difficulty), officers_on(town.ledger)
    present = officers[officers["present"] == 1].sort_values("staff_id", ignore_index=True)
    return {
        **gain(town, cases, present, difficulty.speeds),
        **proficiency(town, difficulty.speeds),
        **growth(cases, present, difficulty.speeds),
        **later_minutes(town.ledger),
    }


def learn_minutes(ledger: Ledger) -> Difficulty:
    """Return the forecast of minutes that ``ledger`` teaches as of its day."""
    work = _work(ledger)
    return fit_difficulty(build_profiles(ledger, work[["debtor_id", "day"]]), work, work)


def gain(town: Town, cases: pd.DataFrame, present: pd.DataFrame, speeds: Speeds) -> dict[str, float]:
    """Return gain (share of the possible one), possible (share of the random minutes), over_share.

    ``over_share``: the greatest number of cases of an officer over 1.05 times their FTE share, rounded up.
    """
    debtors = cases["debtor_id"].tolist()
    true = np.stack([expected_minutes(town, debtors, [name] * len(cases)) for name in present["staff_id"]], 1)
    share = present["fte"].to_numpy(np.float64) / float(present["fte"].sum())
    even = float((true @ share).sum())
    one = np.ones(len(cases), dtype=np.int64)
    best = cheapest(true, one, Limits(capacities(present["fte"], len(cases))))
    found = match(cases, present, speeds, Terms(relief=False)).pairs
    taken = pd.Index(present["staff_id"]).get_indexer(pd.Index(found["staff_id"]))
    ours, least = float(true[np.arange(len(cases)), taken].sum()), float((true * best).sum())
    most = np.ceil(np.round(TOLERANCE * share * len(cases), 9))
    return {
        "gain": (even - ours) / (even - least),
        "possible": (even - least) / even,
        "over_share": float((np.bincount(taken, minlength=len(present)) / most).max()),
    }


def proficiency(town: Town, speeds: Speeds) -> dict[str, float]:
    """Return the rank correlation of speeds with the truth on the ledger's day, and of how many officers."""
    staff, day = town.ledger["staff"], pd.Timestamp(town.ledger.day)
    known = staff[staff["staff_id"].map(dict(speeds.cases)).fillna(0) >= ENOUGH]
    some = list(town.truth.debtor_ids[:400])
    true = [np.log(expected_minutes(town, some, [name] * len(some))).mean() for name in known["staff_id"]]
    months = pd.Series((day - known["joined_on"]).dt.days / 30.44)
    ours = pd.Series(speeds.log_ratio(known["staff_id"], months))
    return {
        "correlation": float(ours.corr(pd.Series(true), method="spearman")),
        "officers": float(len(known)),
    }


def growth(cases: pd.DataFrame, present: pd.DataFrame, speeds: Speeds) -> dict[str, float]:
    """Return how a newcomer's mean level rises over 24 months, and what growth costs at most.

    Somebody unknown takes the seat of whoever came last and stays for two years; all else stands still.
    ``rise``: rank correlation of the months with the mean level of the cases; ``climb``: last less first.
    """
    last = present.sort_values(["fte", "months_in_post"], ascending=[False, True])["staff_id"].iloc[0]
    office = present.assign(staff_id=present["staff_id"].where(present["staff_id"] != last, NEWCOMER))
    levels, price = [], 0.0
    for month in MONTHS:
        months = office["months_in_post"].where(office["staff_id"] != NEWCOMER, float(month))
        found = match(cases, office.assign(months_in_post=months), speeds, Terms(growth=True))
        own = found.pairs[found.pairs["staff_id"] == NEWCOMER]
        levels.append(float(own["difficulty_level"].mean()))
        price = max(price, found.growth_minutes / (found.minutes - found.growth_minutes))
    rise = pd.Series(MONTHS, dtype="float64").corr(pd.Series(levels), method="spearman")
    return {"rise": float(rise), "climb": levels[-1] - levels[0], "growth_price": price}


def later_minutes(ledger: Ledger) -> dict[str, float]:
    """Return how work begun from ``LATER`` on is forecast from what was known then.

    ``fit``: R2 of the log minutes with the officers' speeds; ``fit_cases``: without; ``coverage``: share
    within the 80 % interval.
    """
    difficulty = learn_minutes(ledger.as_of(LATER))
    work = _work(ledger)
    work = work[(work["started_on"] >= pd.Timestamp(LATER)) & work["handling_minutes"].notna()]
    work = work.reset_index(drop=True)
    profiles = build_profiles(ledger, work[["debtor_id", "day"]])
    expected = difficulty.predict(profiles)
    pace = difficulty.speeds.log_ratio(
        work["staff_id"], work["months_in_post"], case_kinds(profiles), expected["hardness"].to_numpy()
    )
    logs = np.log(work["handling_minutes"].to_numpy(dtype=np.float64))
    alone = np.log(expected["minutes"].to_numpy(dtype=np.float64))
    own = pd.Series(np.exp(logs - pace))
    return {
        "fit": _explained(logs, alone + pace),
        "fit_cases": _explained(logs, alone),
        "coverage": float(own.between(expected["low"], expected["high"]).mean()),
    }


def seconds_of_a_large_run(cases: int = 35_000, officers: int = 42, seed: int = 0) -> float:
    """Return the seconds of the proven matching of a large made-up run, relief and reasons included."""
    rng = np.random.default_rng(seed)
    names = pd.Series([f"T{number:03d}" for number in range(officers)], dtype="str")
    own = rng.normal(0.0, 0.15, (officers, len(TRAITS)))
    steps = Growth((0.05, 0.05, 0.1, 0.1, 0.05, 0.05, 0.0), 0.2, 0.2)
    effects = {str(name): tuple(map(float, row)) for name, row in zip(names, own, strict=True)}
    hardness = np.clip(rng.normal(0.0, 1.0, cases), -2.0, 2.0)
    table = pd.DataFrame(
        {
            "debtor_id": pd.Series([f"{number:06d}" for number in range(cases)], dtype="str"),
            "minutes": 110.0 * np.exp(0.35 * hardness),
            "hardness": hardness,
            "level": np.clip(np.floor(hardness + 3), 1, 5).astype(np.int64),
            "kind": np.asarray(KINDS)[rng.integers(0, len(KINDS), cases)],
        }
    ).astype({"kind": "str"})
    staff = pd.DataFrame({"staff_id": names, "present": 1.0, "fte": rng.choice([0.5, 0.8, 1.0], officers)})
    started = time.perf_counter()
    match(table, staff.assign(months_in_post=rng.uniform(0, 48, officers)), Speeds(steps, effects, {}, ()))
    return time.perf_counter() - started


def proof(styles: Sequence[str], seeds: int, debtors: int, processes: int = 2) -> pd.DataFrame:
    """Return one row per town: style, seed and the figures of ``town_matching``."""
    tasks = tasks_of(styles, seeds)
    towns = spread(partial(_one, debtors=debtors), tasks, processes)
    found = dict(tqdm(towns, total=len(tasks), desc="town", unit="town", file=sys.stderr))
    return pd.DataFrame([found[task] for task in tasks])


def verdict(figures: pd.DataFrame, seconds: float) -> tuple[str, bool]:
    """Return the printed table and whether every floor holds."""
    by_style = figures.drop(columns="seed").groupby("style", sort=False).mean()
    held = {
        f"gain, mean {figures['gain'].mean():.3f} >= {LEAST_GAIN}": figures["gain"].mean() >= LEAST_GAIN,
        f"cases over 1.05 FTE share, most {figures['over_share'].max():.3f} <= 1": (
            figures["over_share"].max() <= 1
        ),
        f"rank correlation, mean {figures['correlation'].mean():.3f} >= {LEAST_CORRELATION}": (
            figures["correlation"].mean() >= LEAST_CORRELATION
        ),
        f"newcomer's level rises, least {figures['climb'].min():.2f} > 0": figures["climb"].min() > 0,
        f"price of growth, most {figures['growth_price'].max():.4f} <= {MOST_GROWTH}": (
            figures["growth_price"].max() <= MOST_GROWTH
        ),
        f"35,000 x 42 in {seconds:.1f} s <= {MOST_SECONDS:.0f} s": seconds <= MOST_SECONDS,
    }
    lines = [f"{'ok  ' if holds else 'FAIL'} {sentence}" for sentence, holds in held.items()]
    return "\n".join([by_style.round(3).to_string(), "", *lines]), all(held.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof from the command line; return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        styles = chosen_styles(asked.styles)
    except ValueError as unknown:
        sys.stderr.write(f"{unknown}\n")
        return 1
    figures = proof(styles, asked.seeds, asked.debtors, asked.processes)
    text, held = verdict(figures, seconds_of_a_large_run())
    sys.stdout.write(text + "\n")
    return 0 if held else 1


def _one(task: Task, debtors: int) -> dict[str, object]:
    style, seed = task
    return {"style": style, "seed": seed, **town_matching(build_town(STYLES[style], debtors, seed))}


def _matched(ledger: Ledger) -> list[str]:
    cases = open_cases(ledger, ledger.day)
    return [str(each) for each in cases.loc[~routed(ledger, cases), "debtor_id"]]


def _work(ledger: Ledger) -> pd.DataFrame:
    work = finished_work(ledger)
    known = work["debtor_id"].isin(ledger["debtors"]["debtor_id"]) & (work["selecting_minutes"] > 0)
    return work[known].reset_index(drop=True)


def _explained(logs: Numbers, forecast_logs: Numbers) -> float:
    return 1.0 - float(((logs - forecast_logs) ** 2).sum() / ((logs - logs.mean()) ** 2).sum())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.matching_truth", description="真値のわかる町での担当案の検証"
    )
    add_options(parser, debtors=8000, seeds=5)
    return parser


if __name__ == "__main__":
    sys.exit(main())
