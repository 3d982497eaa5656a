"""The ceiling: what a plain LightGBM would reach that was shown the property of every other debtor.

Only a made-up town can tell. It bounds what any ranking could learn from these records by these features,
however many targets had been asked; no office ever has such labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import HIT_YEN, Archive
from features.arrears import arrears_of
from features.candidates import candidates_of
from features.ledger.snapshot import Ledger
from features.matrix import build_matrix
from models.ranker import inputs_of
from training.examples import first_eves
from training.metrics import TARGET, held_by_target

Floats = npt.NDArray[np.float64]
FOLDS = 2
CASES_AT_ONCE = 2000
SETTINGS = {
    "objective": "cross_entropy",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS = 300


def ceiling(ledger: Ledger, debtor_ids: Sequence[str], assets: pd.DataFrame) -> pd.DataFrame:
    """Rank the targets of ``debtor_ids`` by chance of a hit times share, learnt from the others' ``assets``.

    ``assets``: debtor_id, target_kind, target_code, value (yen). The ranked debtors are seen on the ledger's
    day, the others on the eve of their first inquiry or that day; the ranked ones teach each other in
    ``FOLDS`` folds. Returns debtor_id, rank, target_kind, target_code.
    """
    pairs, table = _everything(ledger, list(debtor_ids), assets)
    order = {debtor: place for place, debtor in enumerate(debtor_ids)}
    fold = np.array(
        [order.get(debtor, -1) % FOLDS if debtor in order else -1 for debtor in pairs["debtor_id"]]
    )
    hit = (pairs["value"] >= HIT_YEN).to_numpy(np.float64)
    share = (np.minimum(pairs["value"], pairs["arrears"]) / pairs["arrears"].clip(lower=1)).to_numpy(
        np.float64
    )
    found = (hit > 0) & (pairs["arrears"] > 0).to_numpy()
    score = np.zeros(len(pairs))
    for number in range(FOLDS):
        held, rest = fold == number, fold != number
        chance = _grown(table[rest], hit[rest], ROUNDS).predict(table[held])
        size = _grown(table[rest & found], share[rest & found], ROUNDS // 2).predict(table[held])
        score[held] = np.asarray(chance) * np.asarray(size)
    ranked = pairs[fold >= 0].assign(score=score[fold >= 0])
    ranked = ranked.sort_values(["debtor_id", "score"], ascending=[True, False], kind="stable")
    ranked = ranked.assign(rank=ranked.groupby("debtor_id").cumcount() + 1)
    return ranked.loc[ranked["rank"] <= 10, ["debtor_id", "rank", "target_kind", "target_code"]]


def _everything(
    ledger: Ledger, debtor_ids: list[str], assets: pd.DataFrame
) -> tuple[pd.DataFrame, npt.NDArray[np.float32]]:
    """Return every candidate of every debtor with value and arrears in yen, and the ranker's inputs."""
    archive = Archive(ledger)
    held = held_by_target(assets)
    cases = _cases(ledger, debtor_ids)
    owed = arrears_of(ledger, cases).to_numpy(np.float64)
    parts, tables = [], []
    for start in range(0, len(cases), CASES_AT_ONCE):
        some = cases.iloc[start : start + CASES_AT_ONCE].reset_index(drop=True)
        matrix = build_matrix(archive, candidates_of(archive, some))
        targets = archive.roll.targets.iloc[matrix.pairs.target]
        part = pd.DataFrame(
            {
                "debtor_id": some["debtor_id"].to_numpy()[matrix.pairs.case],
                "target_kind": targets["target_kind"].to_numpy(),
                "target_code": targets["target_code"].to_numpy(),
                "arrears": owed[start : start + CASES_AT_ONCE][matrix.pairs.case],
            }
        ).merge(held, on=TARGET, how="left")
        parts.append(part.assign(value=part["value"].astype(np.float64).fillna(0.0)))
        tables.append(inputs_of(matrix).to_numpy(np.float32))
    return pd.concat(parts, ignore_index=True), np.concatenate(tables)


def _cases(ledger: Ledger, debtor_ids: list[str]) -> pd.DataFrame:
    eves = first_eves(ledger)
    eves = eves[~eves["debtor_id"].isin(debtor_ids)]
    everybody = ledger["debtors"]["debtor_id"]
    others = everybody[~everybody.isin(eves["debtor_id"])]
    today = pd.DataFrame({"debtor_id": others, "day": pd.Timestamp(ledger.day)})
    cases = pd.concat([eves, today], ignore_index=True)
    return cases.astype({"debtor_id": "str", "day": "datetime64[s]"})


def _grown(table: npt.NDArray[np.float32], label: Floats, rounds: int) -> lgb.Booster:
    return lgb.train(dict(SETTINGS), lgb.Dataset(table, label), rounds)
