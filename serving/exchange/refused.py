"""Why a file of replies is refused: one sentence, and the faults row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from serving.problems import Problem
from serving.wording import refusal, wording

MOST_FAULTS = 200
"""So many are told; a file with more has one cause for most of them."""


@dataclass(frozen=True)
class FileFault:
    """One fault. ``line`` counts from 1 (0: the whole sheet); ``column``: the file's heading or letter.

    ``code`` names the sentence (``fault.<code>`` of the catalogue), ``found`` is that one cell and no other,
    ``wanted`` says in Japanese what would have been read.
    """

    sheet: str
    line: int
    column: str
    code: str
    found: str = ""
    wanted: str = ""


class FileRefused(Problem):
    """The file is refused, nothing of it is kept. ``at``: when it was taken in before ("": never)."""

    def __init__(self, code: str, faults: Iterable[FileFault] = (), at: str = "") -> None:
        problem = refusal(code)
        moment = f"取込日時は{wording('ja').moment(at)}です。" if at else ""
        super().__init__(problem.sentence, moment or problem.hint, code)
        self.faults = tuple(faults)[:MOST_FAULTS]
        self.at = at
