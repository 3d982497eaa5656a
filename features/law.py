"""The law as rules: what stops, routes or restricts a case, what may not be taken, what has lapsed.

Each rule carries its article, the day its wording was checked and its source. ``stated`` rules rest on a
public source; in ``inferred`` ones the article is our reading and a 徴税吏員 has to confirm it.
Nothing here is a model input: gates are decided before any ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.ledger.snapshot import Ledger

Effect = Literal["routes", "restricts", "warns"]
Basis = Literal["stated", "inferred"]

CHECKED = date(2026, 4, 1)
DEMAND_DAYS = 10
NEAR_PRESCRIPTION_DAYS = 180


@dataclass(frozen=True)
class Rule:
    """One rule of law that the product keeps. ``source`` says where the reading comes from."""

    name: str
    article: str
    sentence: str
    source: str
    basis: Basis = "stated"
    version_day: date = CHECKED


@dataclass(frozen=True)
class Gate(Rule):
    """A rule that acts on a case: ``routes`` (not ranked), ``restricts`` (ranked, few may see), ``warns``."""

    effect: Effect = "warns"


_GUIDE = "国税徴収法（地方税法が準用）の条文"
_CODE = "地方税法の条文"

RULES: tuple[Rule, ...] = (
    Rule("necessity", "国税徴収法 141", "調査は必要な限度で、根拠のある相手先にだけ行う。", _GUIDE),
    Rule(
        "cooperation",
        "国税徴収法 146の2",
        "滞納処分の調査に必要なとき、官公署等には資料の閲覧や提供などの協力を求める。",
        "国税庁「国税徴収法基本通達」第146条の2関係（事業者等への協力要請）",
    ),
    Rule("no_excess", "国税徴収法 48", "必要を超える差押えと、剰余の見込みのない差押えはできない。", _GUIDE),
    Rule("wages", "国税徴収法 76", "給与には差し押さえてはならない額がある。", _GUIDE),
    Rule("pensions", "国税徴収法 77", "年金にも給与と同じ差押禁止額がある。", _GUIDE),
    Rule("secrecy", "地方税法 22", "閲覧は役割で限り、すべて記録する。", _CODE),
    Rule(
        "decision", "地方税法 1", "決めるのは徴税吏員であり、本システムは提案だけを行う。", _CODE, "inferred"
    ),
)
"""Rules that bind the product as a whole; the amounts of 76 and 77 are in ``features.exempt``."""

GATES: tuple[Gate, ...] = (
    Gate(
        "deceased", "地方税法 9", "死亡の記録がある。相続人の調査へ回す。", _CODE, "inferred", effect="routes"
    ),
    Gate(
        "bankrupt",
        "破産法 43",
        "破産の記録がある。交付要求の検討へ回す。",
        "破産法の条文",
        "inferred",
        effect="routes",
    ),
    Gate(
        "welfare",
        "国税徴収法 77・地方税法 15の7",
        "生活保護を受けている。保護費は差し押さえず、執行停止の検討へ回す。",
        _GUIDE,
        effect="routes",
    ),
    Gate("suspension", "地方税法 15の7", "執行停止の期間中である。", _CODE, effect="routes"),
    Gate("deferral", "地方税法 15・15の5", "猶予の期間中である。", _CODE, "inferred", effect="routes"),
    Gate("instalment", "地方税法 15", "分納の期間中である。", _CODE, "inferred", effect="routes"),
    Gate(
        "prescribed",
        "地方税法 18",
        "未納のすべてが時効完成予定日を過ぎている。徴収せず、不納欠損の確認へ回す。",
        "時効（税5年、保険料2年）",
        "inferred",
        effect="routes",
    ),
    Gate(
        "protected",
        "地方税法 22",
        "支援措置の対象である。閲覧する者を限り、住所を推知させる理由と折衝記事は示さない。",
        _CODE,
        "inferred",
        effect="restricts",
    ),
    Gate(
        "no_demand", "地方税法 329", "督促状を発した記録のない未納がある。その分は差し押さえられない。", _CODE
    ),
    Gate(
        "fresh_demand",
        "地方税法 331",
        "督促状を発してから10日を過ぎていない未納がある。その分はまだ差し押さえられない。",
        _CODE,
    ),
    Gate(
        "part_prescribed",
        "地方税法 18",
        "時効完成予定日を過ぎた未納がある。その分は徴収できない。",
        "時効（税5年、保険料2年）",
        "inferred",
    ),
    Gate(
        "near_prescription",
        "地方税法 18",
        "180日以内に時効が完成する予定の未納がある。",
        "時効（税5年、保険料2年）",
        "inferred",
    ),
    Gate(
        "unrecorded",
        "地方税法 22",
        "滞納者の記録がない。停止すべき事由の有無を確かめる。",
        "データ契約",
        "inferred",
    ),
)
"""Every gate, in order of precedence: where several route a case, the first here is the one that is named."""

Hits = tuple[pd.Series, str]
"""The cases (one or several times each) that a gate stops, and its name."""

_DEBTOR_FLAGS = ("deceased", "bankrupt", "welfare", "protected")
_STAYS = ("suspension", "deferral", "instalment")


def open_cases(ledger: Ledger, day: date) -> pd.DataFrame:
    """Return ``cases[debtor_id, day]``: one row per debtor with a debt open on ``day``, by debtor_id."""
    open_debts = _open_debts(ledger, _cases(ledger["debts"]["debtor_id"].unique(), day))
    return _cases(np.sort(open_debts["debtor_id"].unique().astype(object)), day)


def gates_of(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return every gate of every case: ``case, debtor_id, gate, article, sentence, effect``.

    ``case`` is the index into ``cases`` (``debtor_id, day``). Sorted by case, then by precedence. Only
    facts known on the case's own day count; debtor flags carry no day and are taken as constant.
    """
    found = [*_flagged(ledger, cases), *_stayed(ledger, cases), *_owed(ledger, cases)]
    table = (
        _hits(found, cases).merge(_rules(), on="gate").sort_values(["case", "precedence"], ignore_index=True)
    )
    table = table.assign(debtor_id=cases["debtor_id"].reindex(table["case"]).to_numpy())
    return table[["case", "debtor_id", "gate", "article", "sentence", "effect"]]


@cache
def _rules() -> pd.DataFrame:
    return pd.DataFrame(
        [(rank, g.name, g.article, g.sentence, g.effect) for rank, g in enumerate(GATES)],
        columns=["precedence", "gate", "article", "sentence", "effect"],
    )


def _hits(found: list[Hits], cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``case`` and ``gate``, each pair once, in the order in which they were found."""
    number = cases.index.to_numpy().dtype
    case = np.concatenate([case.to_numpy(dtype=number) for case, _ in found])
    gate = np.repeat([gate for _, gate in found], [len(case) for case, _ in found])
    return pd.DataFrame({"case": case, "gate": pd.Series(gate, dtype="str")}).drop_duplicates()


def first_gate(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per routed case: its routing gate of highest precedence (columns of ``gates_of``)."""
    gates = gates_of(ledger, cases)
    routing = gates[gates["effect"] == "routes"]
    return routing.drop_duplicates("case").reset_index(drop=True)


def routed(ledger: Ledger, cases: pd.DataFrame) -> pd.Series:
    """Return, per case, whether a gate routes it away from ranking (bool, index of ``cases``)."""
    return pd.Series(cases.index.isin(first_gate(ledger, cases)["case"]), index=cases.index, name="routed")


def restricted(ledger: Ledger, cases: pd.DataFrame) -> pd.Series:
    """Return, per case, whether it is ranked under restriction (支援措置; bool, index of ``cases``)."""
    gates = gates_of(ledger, cases)
    held = gates.loc[gates["effect"] == "restricts", "case"]
    return pd.Series(cases.index.isin(held), index=cases.index, name="restricted")


def collectable_arrears(ledger: Ledger, cases: pd.DataFrame) -> pd.Series:
    """Return the yen per case that may still be collected: unpaid open principal not yet prescribed.

    The contract's *arrears* also count prescribed debts; collecting those is unlawful (the lesson of
    Denmark's EFI, which did). Payments count up to the case's day; a debt never goes below zero.
    """
    return _collectable(ledger, _open_debts(ledger, cases), cases.index)


def _collectable(ledger: Ledger, debts: pd.DataFrame, cases: pd.Index) -> pd.Series:
    """Return ``collectable_arrears`` from the open debts of ``cases`` (their index)."""
    debts = debts[~debts["prescribed"]]
    paid = ledger["payments"][["debt_id", "paid_on", "amount"]].merge(
        debts[["case", "debt_id", "day"]], on="debt_id"
    )
    sums = paid[paid["paid_on"] <= paid["day"]].groupby(["case", "debt_id"])["amount"].sum()
    left = debts.join(sums.rename("paid"), on=["case", "debt_id"])
    paid_yen = left["paid"].astype("float64").fillna(0.0)
    unpaid = (left["principal"].astype("float64") - paid_yen).clip(lower=0)
    total = unpaid.groupby(left["case"]).sum().reindex(cases, fill_value=0.0)
    return total.astype("int64").rename("collectable_arrears")


def _cases(debtor_ids: npt.ArrayLike, day: date) -> pd.DataFrame:
    ids = pd.Series(np.asarray(debtor_ids, dtype=object), dtype="str")
    days = pd.Series(pd.Timestamp(day), index=ids.index, dtype="datetime64[s]")
    return pd.DataFrame({"debtor_id": ids, "day": days})


def _keyed(cases: pd.DataFrame) -> pd.DataFrame:
    return cases[["debtor_id", "day"]].assign(case=cases.index)


def _open_debts(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Debts open on each case's day, with ``case``, ``day``, ``prescribed`` (``prescribes_on`` not after)."""
    debts = ledger["debts"].merge(_keyed(cases), on="debtor_id")
    day = debts["day"]
    debts = debts[(debts["due_on"] <= day) & ~(debts["closed_on"] <= day)]
    return debts.assign(prescribed=debts["prescribes_on"] <= debts["day"])


def _flagged(ledger: Ledger, cases: pd.DataFrame) -> list[Hits]:
    debtors = ledger["debtors"][["debtor_id", *_DEBTOR_FLAGS]]
    known = _keyed(cases).merge(debtors, on="debtor_id", how="left", indicator=True)
    hits: list[Hits] = [(known.loc[known[flag].eq(1).fillna(False), "case"], flag) for flag in _DEBTOR_FLAGS]
    return [*hits, (known.loc[known["_merge"] == "left_only", "case"], "unrecorded")]


def _stayed(ledger: Ledger, cases: pd.DataFrame) -> list[Hits]:
    stays = ledger["stays"].merge(_keyed(cases), on="debtor_id")
    in_force = stays[(stays["started_on"] <= stays["day"]) & ~(stays["ended_on"] <= stays["day"])]
    return [(in_force.loc[in_force["kind"] == kind, "case"], kind) for kind in _STAYS]


def _owed(ledger: Ledger, cases: pd.DataFrame) -> list[Hits]:
    debts = _open_debts(ledger, cases)
    lapsed = debts["prescribed"].groupby(debts["case"]).agg(["all", "any"])
    # A debt that is paid but not yet closed leaves nothing to collect: what is prescribed stands alone.
    nothing = _collectable(ledger, debts, lapsed.index) == 0
    lapsed["all"] |= lapsed["any"] & nothing
    live = debts[~debts["prescribed"]]
    sent = live["demanded_on"].where(live["demanded_on"] <= live["day"])
    # The day of sending counts as the first of the ten, so seizure opens on the day after the tenth.
    fresh = live["day"] <= sent + pd.Timedelta(days=DEMAND_DAYS)
    near = live["prescribes_on"] <= live["day"] + pd.Timedelta(days=NEAR_PRESCRIPTION_DAYS)
    return [
        (lapsed.index[lapsed["all"]].to_series(), "prescribed"),
        (lapsed.index[lapsed["any"] & ~lapsed["all"]].to_series(), "part_prescribed"),
        (live.loc[sent.isna(), "case"], "no_demand"),
        (live.loc[fresh, "case"], "fresh_demand"),
        (live.loc[near, "case"], "near_prescription"),
    ]
