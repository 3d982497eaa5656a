"""The guards against fooling ourselves, end to end, and what a backtest must and must not say."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.ledger.snapshot import Ledger, typed_frame
from features.ledger.tables import TABLES
from models.adviser import Adviser, Ranking
from models.ranker import RankerSettings
from training.backtest import Backtest, BacktestProblem, Terms, backtest, schooled, without
from training.first_rounds import first_rounds
from training.metrics import DIRECTIONS
from training.school import unlearnt
from training.splits import time_split
from training.standings import RANKINGS

QUICK = RankerSettings(rounds=40, size_rounds=20, threads=1)
HALF = Terms(share=0.4)


class Rules:
    """A learner that learns nothing: the officers' rules, which take a second instead of three."""

    def __init__(self, past: Ledger, whole: Ledger) -> None:
        self.adviser = Adviser(unlearnt(past), whole)

    def rank(self, cases: pd.DataFrame, top: int) -> Ranking:
        return self.adviser.rank(cases, top)


def with_table(ledger: Ledger, name: str, frame: pd.DataFrame) -> Ledger:
    return replace(ledger, frames=MappingProxyType({**ledger.frames, name: frame}))


def lead(found: Backtest, over: str, metric: str = "ndcg_at_10") -> pd.Series:
    table = found.tables["differences"]
    chosen = (table["split"] == "time") & (table["band"] == "all")
    return table[chosen & (table["ranking"] == over) & (table["metric"] == metric)].iloc[0]


def test_it_says_all_that_it_must(small_backtest: Backtest) -> None:
    metrics = small_backtest.tables["metrics"]
    assert set(metrics["split"]) == {"time", "random"}
    assert set(metrics["ranking"]) == set(RANKINGS)
    assert set(metrics["metric"]) == set(DIRECTIONS)
    assert {"all", "1_to_3_years"} <= set(metrics["band"])
    assert (metrics["low"] <= metrics["mean"]).all()
    assert (metrics["mean"] <= metrics["high"]).all()
    assert set(small_backtest.tables["policy_value"]["method"]) == {"logged", "dm", "ips", "snips", "dr"}
    assert set(small_backtest.tables["burden"]["by"]) == {"age", "income", "debt"}
    assert not small_backtest.gap.flagged


def test_the_ranker_beats_a_drawn_lot(small_backtest: Backtest) -> None:
    assert lead(small_backtest, "chance")["low"] > 0.1


def test_nothing_in_it_names_a_debtor(small_backtest: Backtest, small_ledger: Ledger) -> None:
    debtors = set(small_ledger["debtors"]["debtor_id"])
    for name, table in small_backtest.tables.items():
        assert "debtor_id" not in table.columns
        texts = table.select_dtypes(exclude="number").astype(str).to_numpy().ravel()
        assert not debtors & set(texts), name


def test_shuffled_labels_give_no_lift(small_ledger: Ledger) -> None:
    """Replies dealt out anew among the inquiries teach nothing: nothing leads a drawn lot by much."""
    replies = small_ledger["replies"]
    dealt = np.random.default_rng(5).permutation(len(replies))
    said = ["result", "asset_kind", "balance"]
    shuffled = replies.assign(**{name: replies[name].to_numpy()[dealt] for name in said})
    ledger = with_table(small_ledger, "replies", typed_frame(TABLES["replies"], shuffled))
    found = backtest(ledger, schooled(QUICK, lambda _: None), HALF)
    for over in ("chance", "officers"):
        for metric in ("hit_at_1", "ndcg_at_10"):
            row = lead(found, over, metric)
            assert row["low"] <= 0 <= row["high"] or row["difference"] < 0, (over, metric)


def later_facts(ledger: Ledger, debtors: pd.Series) -> Ledger:
    """Return ``ledger`` with what became known about ``debtors`` on its last day: notes, payments."""
    contacts, payments = ledger["contacts"], ledger["payments"]
    last, count = pd.Timestamp(ledger.day), len(debtors)
    notes = pd.DataFrame(
        {"contact_id": [f"later{n}" for n in range(count)], "debtor_id": debtors.to_numpy(),
         "contacted_on": last, "means": "1", "result": "1",
         "note": "給料は、みずほ銀行の口座に振り込まれている。生命保険にも入っている。"}
    )  # fmt: skip
    owed = ledger["debts"].drop_duplicates("debtor_id").set_index("debtor_id")["debt_id"].reindex(debtors)
    paid = pd.DataFrame(
        {"payment_id": [f"later{n}" for n in range(count)], "debt_id": owed.to_numpy(), "paid_on": last,
         "amount": 100, "channel": "1", "bank_code": "0005"}
    )  # fmt: skip
    paid = paid[paid["debt_id"].notna()]
    for name, old, new in (("contacts", contacts, notes), ("payments", payments, paid)):
        joined = pd.concat([typed_frame(TABLES[name], old), typed_frame(TABLES[name], new)])
        ledger = with_table(ledger, name, joined.reset_index(drop=True))
    return ledger


def test_a_fact_known_after_the_day_changes_nothing(small_ledger: Ledger, small_backtest: Backtest) -> None:
    split = time_split(small_ledger["inquiries"], small_ledger["replies"], small_ledger.day, share=0.4)
    debtors = first_rounds(Archive(small_ledger), split.test).cases["debtor_id"]
    again = backtest(later_facts(small_ledger, debtors), schooled(QUICK, lambda _: None), HALF)
    for name in ("ever_asked", "calibration", "policy_value", "swap"):
        pd.testing.assert_frame_equal(again.tables[name], small_backtest.tables[name])
    for name in ("metrics", "differences"):
        time, before = (found.tables[name] for found in (again, small_backtest))
        pd.testing.assert_frame_equal(time[time["split"] == "time"], before[before["split"] == "time"])


class Gossip(Rules):
    """A planted leak: it looks up what a debtor's twin was found to have, asked on the very same days."""

    def __init__(self, past: Ledger, whole: Ledger) -> None:
        super().__init__(past, whole)
        sent = past["inquiries"].merge(past["replies"][["inquiry_id", "result", "balance"]], on="inquiry_id")
        sent = sent[(sent["result"] == "1") & (sent["balance"] >= 10_000)]
        self.heard = set(zip(twin(sent["debtor_id"]), sent["target_kind"], sent["target_code"], strict=True))

    def rank(self, cases: pd.DataFrame, top: int) -> Ranking:
        ranking = super().rank(cases, top)
        targets = ranking.matrix.pairs.targets.iloc[ranking.rows["target"]]
        who = cases["debtor_id"].iloc[ranking.rows["case"]]
        told = [
            each in self.heard
            for each in zip(who, targets["target_kind"], targets["target_code"], strict=True)
        ]
        rows = ranking.rows.assign(untold=~np.array(told, dtype=bool))
        rows = rows.sort_values(["case", "untold", "rank"])
        rows = rows.assign(rank=rows.groupby("case").cumcount() + 1).drop(columns="untold")
        return replace(ranking, rows=rows.reset_index(drop=True))


def twin(debtors: pd.Series) -> pd.Series:
    """Return the other debtor of each pair: ``t…`` for ``…`` and back."""
    return debtors.where(debtors.str.startswith("t"), "tt" + debtors).str[1:]


def twinned(ledger: Ledger) -> Ledger:
    """Return ``ledger`` with every debtor, and all about them, twice."""
    frames = {}
    for name, frame in ledger.frames.items():
        ids = [each for each in ("debtor_id", "inquiry_id", "debt_id", "payment_id") if each in frame.columns]
        ids = [] if name in {"staff", "targets"} else ids
        copy = frame.assign(**{each: "t" + frame[each] for each in ids})
        frames[name] = pd.concat([frame, copy], ignore_index=True) if ids else frame
    return replace(ledger, frames=MappingProxyType(frames))


def test_a_planted_leak_is_flagged_and_its_absence_is_not(
    small_ledger: Ledger, small_backtest: Backtest
) -> None:
    assert backtest(twinned(small_ledger), Gossip, HALF).gap.flagged
    assert small_backtest.gap.judged
    assert not small_backtest.gap.flagged


def test_too_few_cases_are_refused_in_a_sentence(small_ledger: Ledger) -> None:
    few = small_ledger["inquiries"]["debtor_id"].drop_duplicates().iloc[60:]
    with pytest.raises(BacktestProblem, match="検証できる事案が足りません"):
        backtest(without(small_ledger, few), Rules, HALF)
    with pytest.raises(BacktestProblem, match="検証できる事案が足りません"):
        backtest(without(small_ledger, small_ledger["inquiries"]["debtor_id"]), Rules, HALF)


def test_no_past_to_learn_from_is_refused_in_a_sentence(small_ledger: Ledger) -> None:
    """Everybody was asked on one of two days in a row: on the second, no first round was over yet."""
    sent = small_ledger["inquiries"]
    later = pd.to_timedelta(pd.factorize(sent["debtor_id"])[0] % 2, unit="D")
    day = (pd.Timestamp(small_ledger.day) - pd.Timedelta(days=400) + later).astype("datetime64[s]")
    with pytest.raises(BacktestProblem, match="検証より前の調査の記録が足りません"):
        backtest(
            with_table(small_ledger, "inquiries", sent.assign(requested_on=day)), Rules, Terms(share=0.5)
        )


def test_terms_out_of_range_are_named() -> None:
    with pytest.raises(ValueError, match="share は 0 と 1 の間"):
        Terms(share=1.0)
    with pytest.raises(ValueError, match="mature_days は 1 以上"):
        Terms(mature_days=0)
