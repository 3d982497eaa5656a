"""The adviser: a bundle at work on one ledger; every case's targets ranked, planned and explained."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.candidates import candidates_of
from features.grounds import ground_texts
from features.law import collectable_arrears, gates_of
from features.ledger.snapshot import Ledger
from features.matrix import Matrix, build_matrix
from models.advice import CaseAdvice, Finding, GateNotice, KindForecast, Precedent, RankedTarget
from models.answered import NOTHING, learnt_shift, lessons, recent_answers
from models.appraisal import appraise
from models.awaited import Awaited
from models.bundle import Bundle
from models.explain import Explained, Subject, explain, explain_by_rules, strongest_rules
from models.finding import findings_of, none_found
from models.know_how import know_how_base, know_how_weights, office_rules
from models.plan import Offer, planned
from models.precedents import Precedents
from models.quiet import QUIET_DAYS, may_be_asked
from models.ranker import inputs_of, rule_frame
from models.restriction import unaddressed
from models.rounds import moved
from models.slots import POOL, Slots, slotted

Floats = npt.NDArray[np.float64]
CASES_AT_ONCE = 2000


@dataclass(frozen=True)
class Ranking:
    """The best targets of some cases, and how good each kind of property looks.

    ``rows``: one per case and rank, in that order, with case, rank, target, row (in ``matrix``), score,
    probability, share, arrears, yen, minutes, days, in_plan, and learnt (the part of the score that the
    case's own answers gave). ``forecasts``: case, kind, probability, yen. ``matrix`` holds every candidate
    that may be proposed; ``answers`` what the cases' own recent inquiries said, where that moves anything.
    """

    matrix: Matrix
    rows: pd.DataFrame
    forecasts: pd.DataFrame
    answers: pd.DataFrame


class Adviser:
    """Advice about the cases of ``ledger`` as of its day; with ``precedents`` where they are given.

    ``awaited``: what is expected of inquiries that are out; the plan and the finding count on it.
    """

    def __init__(
        self,
        bundle: Bundle,
        ledger: Ledger,
        archive: Archive | None = None,
        precedents: Precedents | None = None,
        awaited: Awaited | None = None,
    ) -> None:
        self.bundle = bundle
        self.ledger = ledger
        self.precedents = precedents
        self._awaited = awaited or Awaited()
        self._archive = archive

    @cached_property
    def archive(self) -> Archive:
        """The ledger's facts, numbered and sorted once."""
        return self._archive or Archive(self.ledger)

    def advise(
        self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
    ) -> list[CaseAdvice]:
        """Return the advice for the given debtors in their order; a routed case has no targets.

        ``slots``: a share of the targets shown is drawn at random (None: none is).
        """
        found = []
        for start in range(0, len(debtor_ids), CASES_AT_ONCE):
            found += self._advise(debtor_ids[start : start + CASES_AT_ONCE], top, slots)
        return found

    def cases_of(self, debtor_ids: Sequence[str]) -> pd.DataFrame:
        """Return ``cases[debtor_id, day]`` on the ledger's day."""
        ids = pd.Series(list(debtor_ids), dtype="str")
        return pd.DataFrame(
            {"debtor_id": ids, "day": pd.Series(pd.Timestamp(self.ledger.day), ids.index, "datetime64[s]")}
        )

    def rank(self, cases: pd.DataFrame, top: int = 10, owed: Floats | None = None) -> Ranking:
        """Rank the targets of ``cases`` (none of them routed) by what is expected within the arrears.

        ``owed``: the collectable arrears in yen, (cases,), where they are known already. Ties go to the
        target that comes first by kind and code.
        """
        matrix = build_matrix(self.archive, candidates_of(self.archive, cases))
        matrix = matrix.take(may_be_asked(matrix.values))
        pairs = matrix.pairs
        if owed is None:
            owed = collectable_arrears(self.archive.about(cases), cases).to_numpy(dtype=float)
        arrears = owed[pairs.case]
        scores = appraise(self.bundle, matrix, arrears)
        answers = self._answers(cases)
        learnt = learnt_shift(self.bundle.rounds, matrix.pairs, answers)
        after = moved(scores.probability, learnt)
        rows = pd.DataFrame(
            {
                "case": pairs.case,
                "target": pairs.target,
                "row": np.arange(len(pairs)),
                "score": scores.score + learnt,
                "probability": after,
                "share": np.clip(scores.share * after / np.maximum(scores.probability, 1e-9), 0.0, 1.0),
                "arrears": arrears,
                "learnt": learnt,
            }
        )
        forecasts = _forecasts(rows, pairs.kinds)
        rows = rows.sort_values(["case", "share", "score", "target"], ascending=[True, False, False, True])
        rows = rows.assign(rank=rows.groupby("case").cumcount() + 1)
        best = rows[rows["rank"] <= top].reset_index(drop=True)
        return Ranking(matrix, self._planned(best), forecasts, answers)

    def explained(self, ranking: Ranking) -> list[Explained]:
        """Return the reasons of each row of ``ranking``."""
        told = self._explained(ranking.matrix.take(ranking.rows["row"].to_numpy()))
        rows = ranking.rows
        given = lessons(ranking.answers, rows["case"].to_numpy(), rows["learnt"].to_numpy())
        return [
            each if lesson is None else replace(each, reasons=(*each.reasons, lesson))
            for each, lesson in zip(told, given, strict=True)
        ]

    def _answers(self, cases: pd.DataFrame) -> pd.DataFrame:
        if self.bundle.ranker is None or self.bundle.rounds is None:
            return NOTHING
        return recent_answers(self.archive, cases, self.bundle.ranker, QUIET_DAYS)

    def _explained(self, chosen: Matrix) -> list[Explained]:
        targets = self.archive.roll.targets.iloc[chosen.pairs.target]
        names, kinds = [str(name) for name in targets["name"]], [str(k) for k in targets["target_kind"]]
        frame = rule_frame(chosen, chosen.pairs.kinds)
        rules = {rule.id: rule for rule in office_rules().active}
        weights = know_how_weights(frame)
        said = strongest_rules(weights, rules, names)
        about = zip(names, kinds, said, strict=True)
        subjects = [Subject(name, kind, self.ledger.day, *rule) for name, kind, rule in about]
        if self.bundle.ranker is None:
            base = know_how_base(frame).to_numpy(dtype=float)
            return explain_by_rules(weights, base, rules, subjects)
        table = inputs_of(chosen)
        return explain(*self.bundle.ranker.contributions(table), table, subjects)

    @cached_property
    def _digital(self) -> npt.NDArray[np.bool_]:
        """Whether each target can be asked electronically, (targets,)."""
        digital = self.archive.roll.targets["digital"].eq(1).fillna(False)
        return np.asarray(digital.to_numpy(dtype=bool))

    def _planned(self, rows: pd.DataFrame) -> pd.DataFrame:
        terms = self.bundle.terms
        electronic = self._digital[rows["target"].to_numpy()]
        minutes = np.where(electronic, terms.minutes_electronic, terms.minutes_paper)
        days = np.where(electronic, terms.days_electronic, terms.days_paper)
        share, arrears = rows["share"].to_numpy(), rows["arrears"].to_numpy()
        return rows.assign(
            yen=np.floor(share * arrears).astype(np.int64),
            minutes=minutes,
            days=days,
            in_plan=planned(
                Offer(rows["case"].to_numpy(), share, arrears, minutes, days),
                terms,
                1.0 - self._awaited.share,
            ),
        )

    def _advise(self, debtor_ids: Sequence[str], top: int, slots: Slots | None) -> list[CaseAdvice]:
        cases = self.cases_of(debtor_ids)
        known = self.archive.about(cases)
        gates = _gates(known, cases)
        free = np.array([not any(gate.routes for gate in each) for each in gates], dtype=bool)
        places = np.where(free, np.cumsum(free) - 1, -1).tolist()
        owing = collectable_arrears(known, cases)
        asked, due = cases[free].reset_index(drop=True), owing.to_numpy(dtype=float)[free]
        targets, forecasts, findings = self._targets(asked, top, due, slots)
        advice = [
            CaseAdvice(
                debtor_id=str(debtor_id),
                day=self.ledger.day,
                arrears=int(owed),
                restricted=any(gate.gate == "protected" for gate in given),
                gates=tuple(given),
                targets=tuple(targets.get(place, ())),
                forecasts=tuple(forecasts.get(place, ())),
                hardship=findings[place].probability if place >= 0 and findings else None,
                finding=findings[place] if place >= 0 and findings else None,
                model_version=self.bundle.version,
                data_version=self.ledger.fingerprint,
            )
            for debtor_id, owed, given, place in zip(debtor_ids, owing.tolist(), gates, places, strict=True)
        ]
        return [unaddressed(each) for each in advice]

    def _targets(
        self, cases: pd.DataFrame, top: int, owed: Floats, slots: Slots | None
    ) -> tuple[dict[int, list[RankedTarget]], dict[int, list[KindForecast]], list[Finding]]:
        """Return the ranked targets and the forecasts per kind, by number of the case, and the findings."""
        if cases.empty:
            return {}, {}, []
        ranking = self.rank(cases, top if slots is None else max(top, POOL), owed)
        ranking = replace(ranking, rows=slotted(ranking.rows, cases, top, slots))
        findings = self.findings(ranking, cases)
        if ranking.rows.empty:
            return {}, {}, findings
        chosen = ranking.matrix.take(ranking.rows["row"].to_numpy())
        grounds = ground_texts(self.archive, chosen.pairs, chosen.values)
        listed = self.archive.roll.targets[["target_kind", "target_code", "name"]]
        rows = pd.concat(
            [ranking.rows, listed.iloc[ranking.rows["target"]].reset_index(drop=True)], axis=1
        ).to_dict("records")
        targets: dict[int, list[RankedTarget]] = {}
        alike = [()] * len(rows) if self.precedents is None else self.precedents.alike(chosen)
        for row, told, given, past in zip(rows, self.explained(ranking), grounds, alike, strict=True):
            targets.setdefault(row["case"], []).append(_ranked(row, told, given, past))
        forecasts: dict[int, list[KindForecast]] = {}
        for row in ranking.forecasts.to_dict("records"):
            forecast = KindForecast(row["kind"], row["probability"], row["yen"])
            forecasts.setdefault(row["case"], []).append(forecast)
        return targets, forecasts, findings

    def findings(self, ranking: Ranking, cases: pd.DataFrame) -> list[Finding]:
        """Return the finding of hardship of each of ``cases``, which are those of ``ranking``.

        Empty where the bundle is of a time before there were any.
        """
        if self.bundle.hardship is None:
            return []
        missed = none_found(ranking.forecasts, len(cases)) * self._awaited.missed
        profiles = ranking.matrix.profiles
        return findings_of(self.bundle.hardship, self.archive.about(cases), cases, profiles, missed)


def _ranked(
    row: Mapping[Hashable, Any], told: Explained, grounds: tuple[str, ...], past: tuple[Precedent, ...]
) -> RankedTarget:
    return RankedTarget(
        rank=row["rank"],
        target_kind=row["target_kind"],
        target_code=row["target_code"],
        target_name=row["name"],
        probability=row["probability"],
        expected_yen=row["yen"],
        in_plan=row["in_plan"],
        days=row["days"],
        minutes=row["minutes"],
        grounds=grounds,
        reasons=told.reasons,
        score=told.base + told.rest + sum(reason.weight for reason in told.reasons),
        base=told.base,
        rest=told.rest,
        random_slot=row["random_slot"],
        slot_probability=row["slot_probability"],
        precedents=past,
    )


def _gates(ledger: Ledger, cases: pd.DataFrame) -> list[list[GateNotice]]:
    found: list[list[GateNotice]] = [[] for _ in range(len(cases))]
    for row in gates_of(ledger, cases).to_dict("records"):
        notice = GateNotice(row["gate"], row["article"], row["sentence"], row["effect"] == "routes")
        found[row["case"]].append(notice)
    return found


def _forecasts(rows: pd.DataFrame, kinds: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Return per case and kind the probability of any hit (targets taken as independent) and the yen."""
    frame = rows[["case", "arrears"]].assign(kind=kinds)
    frame = frame.assign(miss=1.0 - rows["probability"], left=1.0 - rows["share"])
    grouped = frame.groupby(["case", "kind"], sort=True)
    table = grouped.agg(miss=("miss", "prod"), left=("left", "prod"), arrears=("arrears", "first"))
    table = table.assign(probability=1.0 - table["miss"])
    table["yen"] = np.floor((1.0 - table["left"]) * table["arrears"]).astype(np.int64)
    return table.reset_index()[["case", "kind", "probability", "yen"]]
