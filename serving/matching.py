"""The matching of an office: who is proposed for which of its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from features.law import routed
from features.ledger.snapshot import Ledger
from models.bundle import Bundle
from models.matching import COLUMNS, propose
from serving.problems import Problem


def proposed_matching(bundle: Bundle, ledger: Ledger, debtor_ids: Sequence[str]) -> pd.DataFrame:
    """Return the matching of those of ``debtor_ids`` that no gate routes away (columns of the command).

    Problem where minutes cannot be forecast or the officers cannot take the cases.
    """
    if bundle.difficulty is None:
        raise Problem(
            "担当の記録(assignments)が少ないため、処理時間を予測できません。",
            "終了した担当の記録を含むデータで tegakari train を実行してください。",
            "matching",
        )
    ids = pd.Series(list(debtor_ids), dtype="str")
    day = pd.Series(pd.Timestamp(ledger.day), index=ids.index, dtype="datetime64[s]")
    kept = ids[~routed(ledger, pd.DataFrame({"debtor_id": ids, "day": day}))]
    try:
        return propose(ledger, [str(each) for each in kept], bundle.difficulty)
    except ValueError as impossible:
        raise Problem(str(impossible), code="matching") from None


def matching_or_none(
    bundle: Bundle, ledger: Ledger, debtor_ids: Sequence[str], say: Callable[[str], None]
) -> pd.DataFrame:
    """Return the matching, or an empty one after saying why there is none."""
    try:
        return proposed_matching(bundle, ledger, debtor_ids)
    except Problem as problem:
        say(f"担当案はありません: {problem}")
        return pd.DataFrame(columns=list(COLUMNS))
