"""Precedents: for a recommended target, the past inquiries most alike by the model's own leaves.

Two pairs are alike as far as the trees of the ranker treat them alike: the share of trees in which both
fall into the same leaf, each tree weighing as much as its leaves differ. Only inquiries of the same kind
of target are compared, each as the ranker saw it (the eve of the debtor's first inquiry).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.answers import answers_of
from features.archive import HIT_YEN, Archive
from features.candidates import Pairs
from features.matrix import Matrix, build_matrix
from features.tally import Ints, days_since_epoch
from models.advice import Precedent
from models.ranker import Ranker, inputs_of

Leaves = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]

SHOWN = 3
MOST_PAST = 12_000
"""Answered inquiries that are remembered, the latest: more would make an officer wait."""

MOST_TREES = 64
PAST = ("debtor_id", "target", "kind", "requested_on", "hit", "balance")
_LOOKED_AT = 40
_ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Precedents:
    """Past answered inquiries: ``past`` (one a row) and their ``leaves``, (past, trees), in one order.

    ``past``: the columns ``PAST`` (target: its number). ``trees``: numbers of the trees
    that are compared, ``say``: what each weighs; the weights sum to 1.
    """

    past: pd.DataFrame
    leaves: Leaves
    trees: Ints
    say: Floats
    targets: pd.DataFrame
    ranker: Ranker

    def alike(self, chosen: Matrix) -> list[tuple[Precedent, ...]]:
        """Return the ``SHOWN`` past inquiries most alike to each pair of ``chosen``, of other debtors.

        Ties go to the same target, then to the later inquiry, then to the smaller debtor_id.
        """
        ours = leaves_of(self.ranker, chosen)[:, self.trees]
        own = chosen.pairs.cases["debtor_id"].to_numpy(dtype=object)[chosen.pairs.case]
        rows = zip(ours, own, chosen.pairs.kinds, chosen.pairs.target, strict=True)
        return [
            self._nearest(leaves, str(owner), str(kind), int(target)) for leaves, owner, kind, target in rows
        ]

    def _nearest(self, leaves: Leaves, owner: str, kind: str, target: int) -> tuple[Precedent, ...]:
        rows = self._of_kind.get(kind)
        if rows is None:
            return ()
        alike = np.round((self._leaves_of_kind[kind] == leaves) @ self.say, 6)
        # More than are shown, for several may be of one debtor, or of this one.
        near = np.argpartition(-alike, min(_LOOKED_AT, len(rows)) - 1)[:_LOOKED_AT]
        found, alike = rows[near], alike[near]
        debtors, days, targets = self._columns
        order = np.lexsort((debtors[found], -days[found], targets[found] != target, -alike))
        told: dict[str, Precedent] = {}
        for place in order:
            debtor = str(debtors[found[place]])
            if debtor != owner and debtor not in told:
                told[debtor] = self._told(int(found[place]), float(alike[place]))
            if len(told) == SHOWN:
                break
        return tuple(told.values())

    @cached_property
    def _columns(self) -> tuple[npt.NDArray[np.str_], Ints, Ints]:
        debtors = self.past["debtor_id"].to_numpy(dtype=np.str_)
        return debtors, days_since_epoch(self.past["requested_on"]), self.past["target"].to_numpy(np.int64)

    @cached_property
    def _of_kind(self) -> dict[str, Ints]:
        kinds = self.past["kind"].to_numpy(dtype=np.str_)
        return {str(kind): np.flatnonzero(kinds == kind) for kind in np.unique(kinds)}

    @cached_property
    def _leaves_of_kind(self) -> dict[str, Leaves]:
        return {kind: self.leaves[rows] for kind, rows in self._of_kind.items()}

    @cached_property
    def _plain(self) -> dict[str, npt.NDArray[np.object_]]:
        """The columns of ``past`` as plain values: taking single cells out of a frame is slow."""
        return {name: self.past[name].to_numpy(dtype=object) for name in PAST}

    @cached_property
    def _plain_targets(self) -> dict[str, npt.NDArray[np.object_]]:
        names = ("target_kind", "target_code", "name")
        return {name: self.targets[name].to_numpy(dtype=object) for name in names}

    def _told(self, number: int, alike: float) -> Precedent:
        row: dict[str, Any] = {name: column[number] for name, column in self._plain.items()}
        target = {name: column[row["target"]] for name, column in self._plain_targets.items()}
        return Precedent(
            str(row["debtor_id"]),
            pd.Timestamp(row["requested_on"]).date(),
            str(target["target_kind"]),
            str(target["target_code"]),
            str(target["name"]),
            bool(row["hit"]),
            None if pd.isna(row["balance"]) else int(row["balance"]),
            alike,
        )


def remember(archive: Archive, ranker: Ranker) -> Precedents:
    """Return the precedents of ``archive``: its latest answered inquiries, but for protected debtors."""
    past = _past(archive)
    eves = past.groupby("debtor_id")["first"].min().reset_index()
    cases = pd.DataFrame({"debtor_id": eves["debtor_id"], "day": eves["first"] - _ONE_DAY})
    case = pd.Index(cases["debtor_id"]).get_indexer(pd.Index(past["debtor_id"]))
    pairs = Pairs(cases, np.asarray(case, np.int64), past["target"].to_numpy(np.int64), archive.roll.targets)
    every = leaves_of(ranker, build_matrix(archive, pairs)) if len(past) else np.zeros((0, 0), np.int16)
    trees, say = _weighed(ranker)
    kept = every[:, trees] if len(past) else np.zeros((0, len(trees)), np.int16)
    return Precedents(past, kept, trees, say, archive.roll.targets, ranker)


def leaves_of(ranker: Ranker, matrix: Matrix) -> Leaves:
    """Return the leaf of each pair in each tree of the forecast of a hit, (n, trees)."""
    found = ranker.hit.predict(inputs_of(matrix).to_numpy(), pred_leaf=True)
    return np.asarray(found, dtype=np.int16).reshape(len(matrix.pairs), -1)


def _weighed(ranker: Ranker) -> tuple[Ints, Floats]:
    """Return the trees that say most, and how much each says: the spread of its leaves; the sum is 1."""
    table = ranker.hit.trees_to_dataframe()
    leaves = table[table["left_child"].isna()]
    spread = leaves.groupby("tree_index")["value"].std().fillna(0.0).sort_index().to_numpy(dtype=np.float64)
    trees = np.sort(np.argsort(-spread, kind="stable")[:MOST_TREES]).astype(np.int64)
    say = spread[trees] + 1e-12
    return trees, say / say.sum()


def _past(archive: Archive) -> pd.DataFrame:
    rows = answers_of(archive.ledger)
    debtors = archive.ledger["debtors"]
    shown = debtors.loc[~debtors["protected"].eq(1).fillna(False), "debtor_id"]
    first = archive.ledger["inquiries"].groupby("debtor_id")["requested_on"].min()
    target = archive.roll.target_numbers(rows["target_kind"], rows["target_code"])
    balance = rows["balance"].to_numpy(dtype=float, na_value=0.0)
    rows = rows.assign(
        target=target,
        kind=rows["target_kind"],
        hit=(rows["result"] == "1").to_numpy(dtype=bool, na_value=False) & (balance >= HIT_YEN),
        first=rows["debtor_id"].map(first),
    )
    rows = rows[(target >= 0) & rows["debtor_id"].isin(shown).to_numpy()]
    rows = rows.sort_values(["requested_on", "inquiry_id"], kind="stable").drop_duplicates(
        ["debtor_id", "target"]
    )
    return rows[[*PAST, "first"]].tail(MOST_PAST).reset_index(drop=True)
