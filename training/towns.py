"""The towns of a proof: which are asked for on the command line, and how they are spread over the cores."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

from features.town.style import STYLES

Task = tuple[str, int]
"""One town: the name of its style and its seed."""

Found = TypeVar("Found")


def add_options(parser: argparse.ArgumentParser, *, debtors: int, seeds: int, styles: str = "all") -> None:
    """Add the options that every proof on towns has, with these defaults."""
    parser.add_argument("--debtors", type=int, default=debtors, help="町の滞納者数")
    parser.add_argument("--seeds", type=int, default=seeds, help="様式ごとの町の数")
    parser.add_argument("--styles", default=styles, help="all、またはコンマ区切りの様式名")
    parser.add_argument("--processes", type=int, default=2, help="並列数")


def chosen_styles(names: str) -> tuple[str, ...]:
    """Return the styles named on the command line (``all``: every one).

    ValueError in one sentence where one is unknown.

    >>> chosen_styles("ward,harbour")
    ('ward', 'harbour')
    """
    styles = tuple(STYLES) if names == "all" else tuple(names.split(","))
    unknown = [style for style in styles if style not in STYLES]
    if unknown:
        raise ValueError(f"様式 {', '.join(unknown)} はありません。{', '.join(STYLES)} から選んでください。")
    return styles


def tasks_of(styles: Sequence[str], seeds: int) -> list[Task]:
    """Return every town in order of style, then seed."""
    return [(style, seed) for style in styles for seed in range(seeds)]


def spread(
    work: Callable[[Task], Found], tasks: Sequence[Task], processes: int
) -> Iterator[tuple[Task, Found]]:
    """Yield each task with what ``work`` made of it, as they get done.

    With more than one process ``work`` must be a function of a module, or a partial of such.
    """
    if processes == 1:
        yield from ((task, work(task)) for task in tasks)
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_single_thread) as pool:
        waiting = {pool.submit(work, task): task for task in tasks}
        try:
            yield from ((waiting[done], done.result()) for done in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _single_thread() -> None:
    """Keep each worker to one core: as many workers as cores run side by side."""
    os.environ["OMP_NUM_THREADS"] = "1"
