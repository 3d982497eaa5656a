"""The adviser: a bundle at work on one ledger; every case's targets ranked, planned and explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs, candidates_of
from features.grounds import ground_texts
from features.law import collectable_arrears, gates_of
from features.ledger.snapshot import Ledger
from features.matrix import Matrix, build_matrix
from features.roll import BANK
from models.advice import CaseAdvice, GateNotice, KindForecast, RankedTarget, Reason
from models.bundle import Bundle
from models.explain import Explained, contributions, explain
from models.know_how import know_how_base, know_how_forecast, know_how_weights, office_rules
from models.plan import planned
from models.ranker import Scores, inputs_of, rule_frame

Floats = npt.NDArray[np.float64]
CASES_AT_ONCE = 2000
QUIET_DAYS = 365
"""Days for which a blank or a pending inquiry keeps a target from being proposed again."""


@dataclass(frozen=True)
class Ranking:
    """The best targets of some cases. ``rows``: one per case and rank, in that order, with case, rank,
    target, row (in ``matrix``), score, probability, share, yen, minutes, days, in_plan.
    """

    matrix: Matrix
    rows: pd.DataFrame
    forecasts: pd.DataFrame


class Adviser:
    """Advice about the cases of ``ledger`` as of its day."""

    def __init__(self, bundle: Bundle, ledger: Ledger) -> None:
        self.bundle = bundle
        self.ledger = ledger

    @cached_property
    def archive(self) -> Archive:
        """The ledger's facts, numbered and sorted once."""
        return Archive(self.ledger)

    def advise(self, debtor_ids: Sequence[str], top: int = 10) -> list[CaseAdvice]:
        """Return the advice for the given debtors in their order; a routed case has no targets."""
        found = []
        for start in range(0, len(debtor_ids), CASES_AT_ONCE):
            found += self._advise(debtor_ids[start : start + CASES_AT_ONCE], top)
        return found

    def cases_of(self, debtor_ids: Sequence[str]) -> pd.DataFrame:
        """Return ``cases[debtor_id, day]`` on the ledger's day."""
        ids = pd.Series(list(debtor_ids), dtype="str")
        return pd.DataFrame(
            {"debtor_id": ids, "day": pd.Series(pd.Timestamp(self.ledger.day), ids.index, "datetime64[s]")}
        )

    def rank(self, cases: pd.DataFrame, top: int = 10) -> Ranking:
        """Rank the targets of ``cases`` (none of them routed) by what is expected within the arrears.

        Ties go to the target that comes first by kind and code.
        """
        pairs = _open_again(self.archive, candidates_of(self.archive, cases))
        matrix = build_matrix(self.archive, pairs)
        arrears = collectable_arrears(self.ledger, cases).to_numpy(dtype=float)[pairs.case]
        scores = self._scores(matrix, arrears)
        rows = pd.DataFrame(
            {
                "case": pairs.case,
                "target": pairs.target,
                "row": np.arange(len(pairs)),
                "score": scores.score,
                "probability": scores.probability,
                "share": scores.share,
                "arrears": arrears,
            }
        )
        forecasts = _forecasts(rows, pairs.kinds)
        rows = rows.sort_values(["case", "share", "score", "target"], ascending=[True, False, False, True])
        rows = rows.assign(rank=rows.groupby("case").cumcount() + 1)
        return Ranking(matrix, self._planned(rows[rows["rank"] <= top].reset_index(drop=True)), forecasts)

    def explained(self, ranking: Ranking) -> list[Explained]:
        """Return the reasons of each row of ``ranking``."""
        rows = ranking.rows
        chosen = _selected(ranking.matrix, rows["row"].to_numpy())
        targets = self.archive.roll.targets.iloc[rows["target"]]
        names, kinds = targets["name"].tolist(), targets["target_kind"].tolist()
        if self.bundle.ranker is None:
            return _by_rules(chosen, names, kinds)
        table = inputs_of(chosen)
        weights, base = contributions(self.bundle.ranker, table)
        days = list(chosen.pairs.cases["day"].iloc[chosen.pairs.case])
        return explain(weights, base, table, names, kinds, days)

    def _scores(self, matrix: Matrix, arrears: Floats) -> Scores:
        if self.bundle.ranker is not None:
            return self.bundle.ranker.scores(matrix)
        frame = rule_frame(matrix, np.asarray(matrix.pairs.kinds, dtype=object))
        told = know_how_forecast(frame, arrears, medians=self.bundle.medians)
        probability = told["probability"].to_numpy(dtype=float)
        share = told["expected_yen"].to_numpy(dtype=float) / np.maximum(arrears, 1.0)
        return Scores(np.log(probability / (1 - probability)), probability, np.clip(share, 0.0, 1.0))

    def _planned(self, rows: pd.DataFrame) -> pd.DataFrame:
        terms = self.bundle.terms
        digital = self.archive.roll.targets["digital"].eq(1).fillna(False).to_numpy(dtype=bool)
        electronic = digital[rows["target"].to_numpy()]
        minutes = np.where(electronic, terms.minutes_electronic, terms.minutes_paper)
        share, arrears = rows["share"].to_numpy(), rows["arrears"].to_numpy()
        return rows.assign(
            yen=np.floor(share * arrears).astype(np.int64),
            minutes=minutes,
            days=np.where(electronic, terms.days_electronic, terms.days_paper),
            in_plan=planned(rows["case"].to_numpy(), share, arrears, minutes, terms),
        )

    def _advise(self, debtor_ids: Sequence[str], top: int) -> list[CaseAdvice]:
        cases = self.cases_of(debtor_ids)
        gates = _gates(self.ledger, cases)
        free = np.array([not any(g.routes for g in gates[i]) for i in range(len(cases))], dtype=bool)
        ranked = cases[free].reset_index(drop=True)
        arrears = collectable_arrears(self.ledger, cases)
        targets, forecasts = self._targets(ranked, top)
        numbers = dict(zip(np.flatnonzero(free), range(int(free.sum())), strict=True))
        return [
            CaseAdvice(
                debtor_id=str(cases["debtor_id"].iat[i]),
                day=self.ledger.day,
                arrears=int(arrears.iat[i]),
                restricted=any(g.gate == "protected" for g in gates[i]),
                gates=tuple(gates[i]),
                targets=tuple(targets.get(numbers.get(i, -1), ())),
                forecasts=tuple(forecasts.get(numbers.get(i, -1), ())),
                model_version=self.bundle.version,
                data_version=self.ledger.fingerprint,
            )
            for i in range(len(cases))
        ]

    def _targets(
        self, cases: pd.DataFrame, top: int
    ) -> tuple[dict[int, list[RankedTarget]], dict[int, list[KindForecast]]]:
        if cases.empty:
            return {}, {}
        ranking = self.rank(cases, top)
        targets: dict[int, list[RankedTarget]] = {}
        chosen = _selected(ranking.matrix, ranking.rows["row"].to_numpy())
        grounds = ground_texts(chosen.values, chosen.pairs.kinds)
        listed = self.archive.roll.targets.iloc[ranking.rows["target"]]
        about = zip(
            ranking.rows.itertuples(), listed.itertuples(), self.explained(ranking), grounds, strict=True
        )
        for row, target, told, given in about:
            targets.setdefault(int(row.case), []).append(_ranked(row, target, told, given))
        forecasts: dict[int, list[KindForecast]] = {}
        for row in ranking.forecasts.itertuples():
            forecast = KindForecast(str(row.kind), float(row.probability), int(row.yen))
            forecasts.setdefault(int(row.case), []).append(forecast)
        return targets, forecasts


def _ranked(row: object, target: object, told: Explained, grounds: tuple[str, ...]) -> RankedTarget:
    cells, place = row._asdict(), target._asdict()  # type: ignore[attr-defined]
    return RankedTarget(
        rank=int(cells["rank"]),
        target_kind=str(place["target_kind"]),
        target_code=str(place["target_code"]),
        target_name=str(place["name"]),
        probability=float(cells["probability"]),
        expected_yen=int(cells["yen"]),
        in_plan=bool(cells["in_plan"]),
        days=float(cells["days"]),
        minutes=float(cells["minutes"]),
        grounds=grounds,
        reasons=told.reasons,
        score=float(told.base + told.rest + sum(reason.weight for reason in told.reasons)),
        base=told.base,
        rest=told.rest,
    )


def _gates(ledger: Ledger, cases: pd.DataFrame) -> list[list[GateNotice]]:
    found: list[list[GateNotice]] = [[] for _ in range(len(cases))]
    for gate in gates_of(ledger, cases).itertuples():
        found[int(gate.case)].append(
            GateNotice(str(gate.gate), str(gate.article), str(gate.sentence), gate.effect == "routes")
        )
    return found


def _open_again(archive: Archive, pairs: Pairs) -> Pairs:
    """Leave out targets that answered with nothing, or have yet to answer, within ``QUIET_DAYS``."""
    from features.grounds import records_block  # noqa: PLC0415

    records = records_block(archive, pairs)
    blank = records["recent_blank_days"].to_numpy() <= QUIET_DAYS
    unanswered = records["recent_blank_days"].isna() & records["found_days"].isna()
    pending = (records["asked_days"] <= QUIET_DAYS).to_numpy() & unanswered.to_numpy()
    kept = ~(blank | pending)
    return Pairs(pairs.cases, pairs.case[kept], pairs.target[kept], pairs.targets)


def _selected(matrix: Matrix, rows: npt.NDArray[np.int64]) -> Matrix:
    pairs = matrix.pairs
    fewer = Pairs(pairs.cases, pairs.case[rows], pairs.target[rows], pairs.targets)
    return Matrix(fewer, matrix.values.iloc[rows].reset_index(drop=True), matrix.profiles)


def _forecasts(rows: pd.DataFrame, kinds: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Return per case and kind the probability of any hit (targets taken as independent) and the yen."""
    frame = rows[["case", "arrears"]].assign(kind=kinds, miss=1.0 - rows["probability"], left=1.0 - rows["share"])
    grouped = frame.groupby(["case", "kind"], sort=True)
    table = grouped.agg(miss=("miss", "prod"), left=("left", "prod"), arrears=("arrears", "first"))
    table = table.assign(probability=1.0 - table["miss"])
    table["yen"] = np.floor((1.0 - table["left"]) * table["arrears"]).astype(np.int64)
    return table.reset_index()[["case", "kind", "probability", "yen"]]


def _by_rules(chosen: Matrix, names: list[str], kinds: list[str]) -> list[Explained]:
    """Explain by the officers' rules alone: each rule's weight is its share of the log-odds."""
    frame = rule_frame(chosen, np.asarray(kinds, dtype=object))
    weights, base = know_how_weights(frame), know_how_base(frame).to_numpy()
    rules = {rule.id: rule for rule in office_rules().active}
    told = []
    for row, name in enumerate(names):
        line = weights.iloc[row]
        firing = line[line != 0].sort_values(key=lambda w: -w.abs(), kind="stable")[:5]
        reasons = tuple(
            Reason(rule, rules[rule].sentence.format(target=name), float(weight)) for rule, weight in firing.items()
        )
        rest = float(line.sum()) - sum(reason.weight for reason in reasons)
        told.append(Explained(float(base[row]), reasons, rest))
    return told
