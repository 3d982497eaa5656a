"""The matching of an office: who is proposed for which of its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from features.law import routed
from features.ledger.snapshot import Ledger
from features.officers import finished_work
from models.bundle import Bundle
from models.matching import COLUMNS, Matching
from models.proposal import propose
from models.terms import Terms
from serving.problems import Problem
from serving.wording import Wording
from training.course import LEAST_WORK


def proposed_matching(
    bundle: Bundle, ledger: Ledger, debtor_ids: Sequence[str], terms: Terms | None = None
) -> Matching:
    """Return the matching of those of ``debtor_ids`` that no gate routes away.

    Problem where minutes cannot be forecast or the officers cannot take the cases.
    """
    if bundle.difficulty is None and len(finished_work(ledger)) >= LEAST_WORK:
        raise Problem(
            "採用中のモデルは何も学習していないため、処理時間を予測できません。",
            "tegakari train を実行し、そのモデルを採用してください。",
            "matching",
        )
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
        return propose(ledger, [str(each) for each in kept], bundle.difficulty, terms)
    except ValueError as impossible:
        raise Problem(str(impossible), code="matching") from None


def matching_or_none(
    bundle: Bundle,
    ledger: Ledger,
    debtor_ids: Sequence[str],
    say: Callable[[str], None],
    declined: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what is told of the matching (``Matching.told``), or nothing after saying why there is none.

    Where nobody is left to take what was ``declined``, that is said and the declines are left to the board.
    """
    try:
        return proposed_matching(bundle, ledger, debtor_ids, Terms(declined=declined)).told
    except Problem as problem:
        if declined is not None and len(declined):
            say(f"辞退を除いて担当案を作ります: {problem}")
            return matching_or_none(bundle, ledger, debtor_ids, say)
        say(f"担当案はありません: {problem}")
        return pd.DataFrame(columns=[*COLUMNS, "english"])


def told_totals(matching: Matching, w: Wording) -> list[str]:
    """Return sentences on the whole matching: minutes, what is saved, the price of growth.

    With a matching to keep nothing moves for the sake of growth, so that its price would be told as none.
    """
    saved = 1.0 - matching.minutes / matching.even_minutes if matching.even_minutes else 0.0
    said = [w("match.total", hours=f"{matching.minutes / 60:,.0f}", saved=f"{saved:.1%}")]
    steps = f"{int(matching.pairs['step'].sum()):,}"
    if steps != "0" and matching.moves is not None:
        said.append(w("match.growth.kept", steps=steps))
    elif steps != "0":
        said.append(w("match.growth", steps=steps, minutes=f"{matching.growth_minutes:,.0f}"))
    return said
