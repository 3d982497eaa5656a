"""The outlook of a case: what the worklist says about it, found without explaining anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.law import collectable_arrears, gates_of
from features.ledger.told import Told
from features.supposed import Supposition
from models.advice import CaseAdvice
from models.adviser import Adviser, Ranking
from models.finding import none_found, probabilities_of
from models.follow_up import follow_up
from models.plan import covered
from models.precedents import remember
from models.slots import Slots
from models.what_if import what_if

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """One case at a glance. ``expected_yen``: from the planned targets within the arrears.

    ``top_*`` and ``probability`` are those of the first target; a routed case has none. ``hardship``:
    probability of "no property, in hardship", None where nothing is known of it.
    """

    debtor_id: str
    arrears: int
    expected_yen: int
    top_kind: str
    top_name: str
    probability: float
    restricted: bool
    routed: bool
    gates: tuple[str, ...]
    hardship: float | None = None


@dataclass(frozen=True)
class _Prospect:
    yen: int = 0
    kind: str = ""
    name: str = ""
    probability: float = 0.0
    hardship: float | None = None


class Counsel:
    """One adviser's two voices: the full advice for a page, the outlook alone for a list.

    Explaining costs most of an advice and a list shows no reasons.
    """

    def __init__(self, adviser: Adviser) -> None:
        self._adviser = adviser

    def advise(
        self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
    ) -> list[CaseAdvice]:
        """Return the advice for the given cases, in their order."""
        return self._adviser.advise(debtor_ids, top, slots)

    def follow_up(
        self, debtor_id: str, told: Sequence[Told], top: int = 10, slots: Slots | None = None
    ) -> CaseAdvice:
        """Return the advice for one case to which replies came in since the export."""
        return follow_up(self._adviser, debtor_id, told, top, slots)

    def what_if(
        self,
        debtor_id: str,
        said: Sequence[Supposition],
        *,
        note: str = "",
        told: Sequence[Told] = (),
        top: int = 10,
    ) -> CaseAdvice:
        """Return the advice for one case as if something else stood in its log."""
        return what_if(self._adviser, debtor_id, said, note=note, told=told, top=top)

    def outlook(self, debtor_ids: Sequence[str], top: int = 10) -> list[Outlook]:
        """Return the outlook of the given cases, in their order."""
        ledger, cases = self._adviser.ledger, self._adviser.cases_of(debtor_ids)
        gates = gates_of(ledger, cases)
        routed = set(gates.loc[gates["effect"] == "routes", "case"])
        named = gates.groupby("case")["gate"].agg(tuple).to_dict()
        first = self._first(cases, [place for place in cases.index if place not in routed], top)
        arrears = collectable_arrears(ledger, cases).tolist()
        return [
            Outlook(
                debtor_id=str(debtor_id),
                arrears=owed,
                expected_yen=min(owed, prospect.yen),
                top_kind=prospect.kind,
                top_name=prospect.name,
                probability=prospect.probability,
                restricted="protected" in named.get(place, ()),
                routed=place in routed,
                gates=named.get(place, ()),
                hardship=prospect.hardship,
            )
            for place, (debtor_id, owed) in enumerate(zip(debtor_ids, arrears, strict=True))
            for prospect in (first.get(place, _Prospect()),)
        ]

    def _first(self, cases: pd.DataFrame, free: list[int], top: int) -> dict[int, _Prospect]:
        """Return by place in ``cases`` what is expected of those that are free to be ranked."""
        if not free:
            return {}
        ranked = cases.iloc[free].reset_index(drop=True)
        ranking = self._adviser.rank(ranked, top)
        rows, hardship = ranking.rows, self._hardship(ranking, ranked)
        found = {
            place: _Prospect(hardship=None if hardship is None else float(hardship[case]))
            for case, place in enumerate(free)
        }
        planned = rows[rows["in_plan"]]
        yen = {
            case: covered((part["yen"] / part["arrears"].clip(lower=1)).to_numpy()) * part["arrears"].iloc[0]
            for case, part in planned.groupby("case")  # a case may be open though all of it is paid
        }
        best = rows[rows["rank"] == 1]
        targets = self._adviser.archive.roll.targets.iloc[best["target"]]
        told = zip(best["case"], targets["target_kind"], targets["name"], best["probability"], strict=True)
        for case, kind, name, odds in told:
            known = found[free[case]].hardship
            found[free[case]] = _Prospect(int(yen.get(case, 0)), str(kind), str(name), float(odds), known)
        return found

    def _hardship(self, ranking: Ranking, cases: pd.DataFrame) -> Floats | None:
        """Return the probability of each finding; None where the bundle knows nothing of it."""
        adviser = self._adviser
        if adviser.bundle.hardship is None:
            return None
        known, missed = adviser.archive.about(cases), none_found(ranking.forecasts, len(cases))
        return probabilities_of(adviser.bundle.hardship, known, cases, ranking.matrix.profiles, missed)


def remembering(adviser: Adviser) -> Adviser:
    """Return the adviser with the precedents of its ledger, where a ranker was learnt."""
    ranker = adviser.bundle.ranker
    past = None if ranker is None else remember(adviser.archive, ranker)
    return Adviser(adviser.bundle, adviser.ledger, adviser.archive, past)
