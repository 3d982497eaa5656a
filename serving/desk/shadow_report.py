"""What the shadow would have changed, on replies that came later; few replies are said to be few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from features.archive import HIT_YEN
from features.ledger.snapshot import Ledger
from serving.desk.replies import standing
from serving.records.events import RecommendationShown, ReplyReceived
from serving.records.journal import Journal
from serving.records.model_events import ShadowScored
from serving.wording import JAPAN
from training.calibration import calibration_figures
from training.metrics import Figure, bootstrap, paired_difference

FEWEST = 20
"""Cases below which no figure is stated."""

KS = (1, 3, 10)
TARGET = ["target_kind", "target_code"]


@dataclass(frozen=True)
class ShadowReport:
    """The champion's list and the shadow's order for the first recommendation of each case.

    ``agreement``: by k, the mean share of the first k that both name. ``answered``: cases in which a target
    was asked after it was shown and answered; ``hits``: those with a find. The figures are None where there
    are fewer than ``FEWEST`` such cases; ``gain`` is the shadow's hit@1 less the champion's, case by case.
    ``errors``: calibration error of champion and shadow on answered targets that both list.
    """

    version: str
    scored: int
    cases: int
    agreement: dict[int, Figure] | None
    answered: int
    hits: int
    champion_hit_at_1: Figure | None
    shadow_hit_at_1: Figure | None
    gain: Figure | None
    errors: tuple[Figure, Figure] | None


def shadow_report(journal: Journal, version: str, ledger: Ledger | None = None) -> ShadowReport:
    """Compare on the replies in the journal and, where it is given, in a newer ledger."""
    entries = journal.entries(kinds=(ShadowScored.__name__,))
    scored = [entry.facts for entry in entries if entry.facts["model_version"] == version]
    first = list({facts["debtor_id"]: facts for facts in reversed(scored)}.values())
    shown = [journal.entry(facts["recommendation"]) for facts in first]
    pairs = [
        _pair(entry.debtor_id, entry.at, entry.facts["advice"]["targets"], facts["order"])
        for entry, facts in zip(shown, first, strict=True)
        if entry is not None and entry.kind == RecommendationShown.__name__
    ]
    replies = _replies(journal, ledger)
    judged = [joined for pair in pairs for joined in [_answers(pair, replies)] if len(joined)]
    with_hit = [rows for rows in judged if rows["hit"].any()]
    return ShadowReport(
        version,
        len(scored),
        len(pairs),
        _agreement(pairs) if len(pairs) >= FEWEST else None,
        len(judged),
        len(with_hit),
        *_hits(with_hit),
        _errors(judged),
    )


@dataclass(frozen=True)
class _Pair:
    debtor_id: str
    day: date
    champion: pd.DataFrame
    shadow: pd.DataFrame


def _pair(debtor_id: str, at: str, targets: Sequence[Any], order: Sequence[Any]) -> _Pair:
    day = datetime.fromisoformat(at).astimezone(JAPAN).date()
    return _Pair(debtor_id, day, _ranked(targets), _ranked(order))


def _ranked(targets: Sequence[Any]) -> pd.DataFrame:
    table = pd.DataFrame(list(targets), columns=[*TARGET, "probability"])
    return table.assign(rank=np.arange(1, len(table) + 1))


def _replies(journal: Journal, ledger: Ledger | None) -> pd.DataFrame:
    """Return [debtor_id, target_kind, target_code, requested_on, hit] of every reply known, each once."""
    kept = journal.entries(kinds=(ReplyReceived.__name__,))
    by_case: dict[str, list[Any]] = {}
    for entry in kept:
        by_case.setdefault(entry.debtor_id, []).append(entry)
    rows = [
        (debtor, each.target_kind, each.target_code, pd.Timestamp(each.requested_on), _hit(each))
        for debtor, entries in by_case.items()
        for each in standing(entries)
    ]
    columns = ["debtor_id", *TARGET, "requested_on", "hit"]
    told = pd.DataFrame(rows, columns=columns)
    if ledger is None:
        return told
    sent = ledger["inquiries"].merge(ledger["replies"], on="inquiry_id", suffixes=("", "_reply"))
    yen = sent["balance"].to_numpy(dtype=float, na_value=0.0)
    found = (sent["result"] == "1").to_numpy(dtype=bool, na_value=False) & (yen >= HIT_YEN)
    recorded = sent.assign(hit=found.astype(float))[columns]
    joined = recorded if told.empty else pd.concat([told, recorded], ignore_index=True)
    return joined.drop_duplicates(columns[:-1], ignore_index=True)


def _hit(reply: Any) -> float:  # noqa: ANN401 - a reply that stands
    return float(reply.result == "found" and (reply.balance or 0) >= HIT_YEN)


def _answers(pair: _Pair, replies: pd.DataFrame) -> pd.DataFrame:
    """Return the targets asked since the recommendation and answered, with both ranks (inf: not listed)."""
    mine = replies[(replies["debtor_id"] == pair.debtor_id)]
    mine = mine[mine["requested_on"] >= pd.Timestamp(pair.day)].drop_duplicates(TARGET)
    both = mine.merge(pair.champion, on=TARGET, how="left").merge(
        pair.shadow, on=TARGET, how="left", suffixes=("_champion", "_shadow")
    )
    return both.fillna({"rank_champion": np.inf, "rank_shadow": np.inf}).assign(debtor_id=pair.debtor_id)


def _agreement(pairs: Sequence[_Pair]) -> dict[int, Figure]:
    return {k: bootstrap([_shared(pair, k) for pair in pairs]) for k in KS}


def _shared(pair: _Pair, k: int) -> float:
    ours, theirs = (
        set(table.head(k)[TARGET].itertuples(index=False, name=None))
        for table in (pair.champion, pair.shadow)
    )
    return len(ours & theirs) / max(min(k, len(ours)), 1)


def _hits(judged: Sequence[pd.DataFrame]) -> tuple[Figure | None, Figure | None, Figure | None]:
    if len(judged) < FEWEST:
        return None, None, None
    champion, shadow = (
        [float(rows.sort_values(by, kind="stable")["hit"].iloc[0]) for rows in judged]
        for by in ("rank_champion", "rank_shadow")
    )
    return bootstrap(champion), bootstrap(shadow), paired_difference(shadow, champion)


def _errors(judged: Sequence[pd.DataFrame]) -> tuple[Figure, Figure] | None:
    if len(judged) < FEWEST:
        return None
    rows = pd.concat(judged, ignore_index=True).dropna(subset=["probability_champion", "probability_shadow"])
    if rows["debtor_id"].nunique() < FEWEST:
        return None
    champion, shadow = (
        calibration_figures(rows[f"probability_{who}"], rows["hit"], rows["debtor_id"])["error"]
        for who in ("champion", "shadow")
    )
    return champion, shadow
