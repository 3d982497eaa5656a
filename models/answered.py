"""Answered: what a case's own recent inquiries said, beside what had been expected of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN, Archive
from features.candidates import Pairs
from features.matrix import build_matrix
from models.advice import Reason
from models.ranker import Ranker
from models.rounds import Rounds, signals_of

COLUMNS = ("case", "kind", "hit", "probability")
NOTHING = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
_ONE_DAY = pd.Timedelta(days=1)


def recent_answers(archive: Archive, cases: pd.DataFrame, ranker: Ranker, days: int) -> pd.DataFrame:
    """Return the answers of ``cases`` known on their day and at most ``days`` old: ``COLUMNS``.

    ``case``: place in ``cases``; ``probability`` of a hit as seen from the eve of the inquiry.
    """
    rows = answers_of(archive.about(cases)).merge(
        pd.DataFrame({"debtor_id": cases["debtor_id"], "day": cases["day"], "case": np.arange(len(cases))}),
        on="debtor_id",
    )
    age = rows["day"] - rows["known_on"]
    target = archive.roll.target_numbers(rows["target_kind"], rows["target_code"])
    fresh = (age >= pd.Timedelta(0)) & (age <= pd.Timedelta(days=days)) & (target >= 0)
    rows, target = rows[fresh].reset_index(drop=True), target[fresh.to_numpy()]
    if rows.empty:
        return NOTHING
    eves = pd.DataFrame({"debtor_id": rows["debtor_id"], "day": rows["requested_on"] - _ONE_DAY})
    pairs = Pairs(eves, np.arange(len(eves)), target, archive.roll.targets)
    balance = rows["balance"].to_numpy(dtype=float, na_value=0.0)
    hit = (rows["result"] == "1").to_numpy(dtype=bool, na_value=False) & (balance >= HIT_YEN)
    return pd.DataFrame(
        {
            "case": rows["case"].to_numpy(),
            "kind": rows["target_kind"].to_numpy(dtype=object),
            "hit": hit.astype(float),
            "probability": ranker.scores(build_matrix(archive, pairs)).probability,
        }
    )


def learnt_shift(rounds: Rounds | None, pairs: Pairs, answers: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the log-odds that the answers of its case add to each pair, (n,)."""
    if rounds is None or answers.empty:
        return np.zeros(len(pairs))
    return rounds.shift(signals_of(pairs.case, pairs.kinds, answers))


def lessons(
    answers: pd.DataFrame, case: npt.NDArray[np.int64], shift: npt.NDArray[np.float64]
) -> list[Reason | None]:
    """Return, for each ranked row, the reason that the answers of its case give (None: they move nothing)."""
    counts = answers.groupby("case")["hit"].agg(["size", "sum"])
    reasons: list[Reason | None] = []
    for number, weight in zip(case, shift, strict=True):
        if weight == 0:
            reasons.append(None)
            continue
        asked, found = counts.loc[number]
        sentence = (
            f"この事案の1年以内の回答{asked:.0f}件(財産あり{found:.0f}件)を踏まえて見込みを"
            f"{'上げた' if weight > 0 else '下げた'}"
        )
        english = (
            f"{asked:.0f} replies of this case within a year ({found:.0f} found property)"
            f" {'raised' if weight > 0 else 'lowered'} the expectation"
        )
        reasons.append(Reason("answers_so_far", sentence, float(weight), "replies", english=english))
    return reasons
