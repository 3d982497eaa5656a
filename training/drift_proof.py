"""The proof of the drift watch, on made-up towns: a planted shift is flagged, a quiet month is not.

``python -m training.drift_proof`` (``make drift``). Cases of one town on one day are drawn twice: nothing has
changed between the two draws. Then each input in turn is moved by one standard deviation.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from tqdm import tqdm

from features.archive import Archive
from features.matrix import Matrix
from features.town.build import build_town
from features.town.style import STYLES
from models.ranker import RULES
from models.reference import LEAST_KNOWN, Reference
from training.drift import inputs_drift
from training.present import case_weight, open_matrix, reference_of
from training.towns import Task, add_options, chosen_styles, spread, tasks_of

CALENDAR = 0.5
"""PSI within a year above which an input follows the calendar: a move by one deviation is nothing new."""


@dataclass(frozen=True)
class Planted:
    """``quiet``: inputs flagged though nothing changed. ``moved`` of ``tried`` inputs flagged once moved.

    ``calendar``: inputs not tried, because they moved that far within the year before anyway.
    """

    quiet: tuple[str, ...]
    moved: int
    tried: int
    missed: tuple[str, ...]
    calendar: tuple[str, ...]


def planted(reference: Reference, matrix: Matrix) -> Planted:
    """Hold ``reference`` against ``matrix`` as it is, then with each input moved by its deviation.

    Tried are inputs that are known for enough cases, that vary at all, and that do not follow the calendar.
    """
    quiet = tuple(sign.name for sign in inputs_drift(reference, matrix) if sign.flagged)
    weight = case_weight(matrix)
    calendar = tuple(name for name, value in reference.usual.items() if value > CALENDAR)
    names = [str(name) for name in matrix.values.columns if name in reference.inputs and name != RULES]
    tried, missed = 0, []
    for name in names:
        values = matrix.values[name].to_numpy(dtype=np.float64)
        known = ~np.isnan(values)
        if (
            name in calendar
            or weight[known].sum() < LEAST_KNOWN
            or reference.inputs[name].known < LEAST_KNOWN
        ):
            continue
        deviation = float(np.std(values[known]))
        if deviation == 0.0:
            continue
        tried += 1
        shifted = matrix.values.assign(**{name: (values + deviation).astype("float32")})
        only = replace(reference, inputs={name: reference.inputs[name]})
        moved = [sign for sign in inputs_drift(only, replace(matrix, values=shifted)) if sign.flagged]
        missed += [] if moved else [name]
    return Planted(quiet, tried - len(missed), tried, tuple(missed), calendar)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was flagged in each town; return 1 where a bar is missed."""
    asked = _parser().parse_args(arguments)
    try:
        styles = chosen_styles(asked.styles)
    except ValueError as unknown:
        sys.stderr.write(f"{unknown}\n")
        return 1
    tasks = tasks_of(styles, asked.seeds)
    towns = spread(partial(_one, debtors=asked.debtors), tasks, asked.processes)
    found = dict(tqdm(towns, total=len(tasks), desc="town", unit="town", file=sys.stderr))
    for (style, seed), each in sorted(found.items()):
        sys.stdout.write(
            f"{style:<10} {seed}: quiet {len(each.quiet)} flagged {' '.join(each.quiet)}; "
            f"moved inputs flagged {each.moved} of {each.tried} {' '.join(each.missed)}; "
            f"not tried, by the calendar: {' '.join(each.calendar)}\n"
        )
    calm = sum(not each.quiet for each in found.values())
    sure = sum(not each.missed for each in found.values())
    sys.stdout.write(
        f"towns without a false alarm {calm} of {len(found)} (floor 19 of 20); "
        f"towns where every input moved by one deviation was flagged {sure} of {len(found)} (floor all)\n"
    )
    return int(calm < 0.95 * len(found) or sure < len(found))


def _one(task: Task, debtors: int) -> Planted:
    style, seed = task
    archive = Archive(build_town(STYLES[style], debtors, seed).ledger)
    reference = reference_of(archive, None, seed)
    if reference is None:
        raise ValueError("a town without open cases")
    return planted(reference, open_matrix(archive, archive.ledger.day, seed + 1000))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.drift_proof", description="変化の検知の検証")
    add_options(parser, debtors=3000, seeds=4)
    return parser


if __name__ == "__main__":
    sys.exit(main())
