"""The backtest: learn from the past, be judged on later cases that nobody had investigated before.

A case is a debtor on the eve of the first round of inquiries. Everything is seen from that eve; outcomes are
the replies that came. Two learnings: one by time, which counts, and one by a random draw, which warns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import candidates_of
from features.ledger.snapshot import Ledger
from features.matrix import build_matrix
from models.adviser import Adviser
from models.know_how import hit_medians
from models.ranker import RankerSettings
from training.course import learn
from training.disparity import burden, groups_of
from training.first_rounds import ROUND_DAYS, FirstRounds, first_rounds
from training.leakage import Gap, gap_between
from training.marks import Scores, differences, ever_asked, marks, scores_of, trust
from training.policy_value import policy_values
from training.propensity import Propensity, fit_propensity
from training.splits import MATURE_DAYS, Split, random_split, time_split
from training.standings import Ranks, popularity, standings
from training.swap import swap_test

LEAST_CASES = 50
"""Judged cases with a hit below which nothing is said."""

PROPENSITY_CASES = 3000
"""Past cases, drawn at random, that teach who is asked: more would cost memory and change little."""

Say = Callable[[str], None]
Learner = Callable[[Ledger, Ledger], Ranks]
"""Learns from the first ledger and ranks cases of the second, each as of its day."""


class BacktestProblem(ValueError):  # noqa: N818 - a finding about the records, not a fault of the program
    """The records cannot carry a backtest; the text is one Japanese sentence with what to do."""


@dataclass(frozen=True)
class Terms:
    """``share`` of the settled case days that is judged on; days until silence is settled; ``seed``."""

    share: float = 0.2
    mature_days: int = MATURE_DAYS
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share は 0 と 1 の間で指定してください({self.share})。")
        if self.mature_days < 1:
            raise ValueError(f"mature_days は 1 以上で指定してください({self.mature_days})。")


@dataclass(frozen=True)
class Judged:
    """One split's cases judged on: what was asked, every candidate in each order, the scores by case."""

    border: date
    rounds: FirstRounds
    table: pd.DataFrame
    scores: Scores


@dataclass(frozen=True)
class Backtest:
    """What a backtest found. ``facts``: counts and days by name; ``tables``: frames by name."""

    facts: dict[str, str | int | float | bool]
    tables: dict[str, pd.DataFrame]
    gap: Gap


def schooled(settings: RankerSettings, say: Say) -> Learner:
    """Return the product itself as a learner."""
    return lambda past, whole: Adviser(learn(past, settings, say).bundle, whole)


def backtest(
    ledger: Ledger, learner: Learner, terms: Terms, say: Say = lambda _: None, threads: int = 1
) -> Backtest:
    """Return the backtest of ``ledger``; BacktestProblem where too few settled cases can be judged."""
    archive = Archive(ledger)
    asked = (ledger["inquiries"], ledger["replies"], ledger.day, terms.mature_days)
    time = time_split(*asked, share=terms.share)
    random = random_split(*asked, share=terms.share, seed=terms.seed)
    later, drawn = (_rounds(archive, split) for split in (time, random))
    border = (later.cases["day"].min()).date()
    past = ledger.as_of(border)
    say(f"[1/4] {border}までの記録から学習します(検証は以後の未調査事案{len(later.cases):,}件)…")
    propensity = _propensity(archive, past, terms.seed, threads)
    by_time = _judge(archive, past, later, learner, propensity, terms.seed)
    say(f"[2/4] 比較のため、無作為に除いた滞納者以外から学習します(検証{len(drawn.cases):,}件)…")
    rest = without(ledger, random.test["debtor_id"])
    by_chance = _judge(archive, rest, drawn, learner, propensity, terms.seed)
    say("[3/4] 指標と区間を計算しています…")
    gap = gap_between((later, by_time.scores), (drawn, by_chance.scores))
    errors, reliability = trust(by_time.table, later)
    tables = {
        "metrics": _both(marks(by_time.scores, later), marks(by_chance.scores, drawn)),
        "differences": _both(differences(by_time.scores, later), differences(by_chance.scores, drawn)),
        "ever_asked": ever_asked(by_time.table),
        "calibration": errors,
        "reliability": reliability,
        "propensity": propensity.held_back.table,
        "policy_value": policy_values(by_time.table),
        "swap": swap_test(by_time.table, terms.seed),
        "burden": burden(by_time.table, later, groups_of(ledger, later.cases)),
        "leakage": gap.table,
    }
    return Backtest(_facts(ledger, time, by_time, by_chance, propensity, gap), tables, gap)


_NO_PAST = "検証より前の調査の記録が足りません。より長い期間の記録をそろえるか、--share を減らしてください。"


def without(ledger: Ledger, debtors: pd.Series) -> Ledger:
    """Return ``ledger`` as if the inquiries about ``debtors`` had never been made."""
    sent = ledger["inquiries"]
    dropped = sent["debtor_id"].isin(debtors)
    replies = ledger["replies"]
    frames = dict(ledger.frames)
    frames["inquiries"] = sent[~dropped].reset_index(drop=True)
    gone = replies["inquiry_id"].isin(sent.loc[dropped, "inquiry_id"])
    frames["replies"] = replies[~gone].reset_index(drop=True)
    return replace(ledger, frames=MappingProxyType(frames))


def _rounds(archive: Archive, split: Split) -> FirstRounds:
    rounds = first_rounds(archive, split.test)
    if rounds.hits < LEAST_CASES:
        raise BacktestProblem(
            f"検証できる事案が足りません(回答が出そろい財産が判明した未調査事案が{rounds.hits}件、"
            f"{LEAST_CASES}件以上必要)。調査と回答の記録をより長い期間そろえるか、"
            "--share を増やしてください。"
        )
    return rounds


def _propensity(archive: Archive, past: Ledger, seed: int, threads: int) -> Propensity:
    """Fit who is asked in a first round on past cases whose round was over at the border."""
    sent = past["inquiries"]
    known = sent[sent["debtor_id"].isin(past["debtors"]["debtor_id"])]
    first = known.groupby("debtor_id")["requested_on"].min()
    edge = np.datetime64(past.day) - np.timedelta64(ROUND_DAYS, "D")
    first = first[first <= edge].sort_index()
    if first.empty:
        raise BacktestProblem(_NO_PAST)
    chosen = np.sort(np.random.default_rng(seed).permutation(len(first))[:PROPENSITY_CASES])
    first = first.iloc[chosen]
    eve = (first - np.timedelta64(1, "D")).to_numpy("datetime64[s]")
    cases = pd.DataFrame({"debtor_id": pd.Series(first.index, dtype="str"), "day": eve})
    matrix = build_matrix(archive, candidates_of(archive, cases))
    started = known["debtor_id"].map(first)
    opening = known[known["requested_on"] <= started + np.timedelta64(ROUND_DAYS, "D")]
    asked = archive.pointer_key(
        0,
        archive.roll.debtor_numbers(opening["debtor_id"]),
        archive.roll.target_numbers(opening["target_kind"], opening["target_code"]),
    )
    debtor = archive.roll.debtor_numbers(cases["debtor_id"])[matrix.pairs.case]
    flags = np.isin(archive.pointer_key(0, debtor, matrix.pairs.target), asked)
    if not flags.any() or flags.all():
        raise BacktestProblem(_NO_PAST)
    return fit_propensity(matrix, flags, seed=seed, threads=threads)


def _judge(  # noqa: PLR0917 - one split from learning to scores
    archive: Archive, past: Ledger, rounds: FirstRounds, learner: Learner, propensity: Propensity, seed: int
) -> Judged:
    ranks = learner(past, archive.ledger)
    table = standings(ranks, rounds, popularity(past, archive), hit_medians(past), propensity.of, seed)
    return Judged(past.day, rounds, table, scores_of(table, rounds))


def _both(time: pd.DataFrame, random: pd.DataFrame) -> pd.DataFrame:
    joined = pd.concat([time.assign(split="time"), random.assign(split="random")], ignore_index=True)
    return joined[["split", *time.columns]]


def _facts(  # noqa: PLR0917 - what the report states in words
    ledger: Ledger, time: Split, later: Judged, drawn: Judged, propensity: Propensity, gap: Gap
) -> dict[str, str | int | float | bool]:
    first = later.rounds.asked[later.rounds.asked["first"]]
    candidates = later.table["ranker"].notna()
    asked_first = later.table["first"]
    return {
        "municipality": ledger.municipality.name,
        "day": ledger.day.isoformat(),
        "border": later.border.isoformat(),
        "learnt_inquiries": len(time.train),
        "cases": len(later.rounds.cases),
        "cases_with_hit": later.rounds.hits,
        "inquiries": len(first),
        "answered": int(first["answered"].sum()),
        "asked_no_candidate": int((asked_first & ~candidates).sum()),
        "candidates_a_case": float(candidates.sum() / len(later.rounds.cases)),
        "random_cases": len(drawn.rounds.cases),
        "random_cases_with_hit": drawn.rounds.hits,
        **{f"left_out_{name}": count for name, count in later.rounds.left_out.items()},
        "propensity_error": propensity.held_back.error,
        "propensity_resolution": propensity.held_back.resolution,
        "propensity_floor": propensity.floor,
        "propensity_clipped": propensity.clipped,
        "leak_flagged": gap.flagged,
        "leak_judged": gap.judged,
    }
