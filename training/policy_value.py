"""Policy value: what an inquiry would have brought, had each ranking chosen the targets.

An action is one inquiry about a case, with its reward within the arrears; the value is the mean of an
inquiry, each case counting as often as officers asked about it. Under the old policy the chance that an
inquiry goes to a target is its propensity over the sum of those of all candidates. The new policy asks the
ranking's first five, each as often: what an office does that follows the list. (Taking as many as the
officers took would let the log choose the policy; a softmax would overlap more, but nobody would run it.)
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from training.off_policy import THIN_ROWS, Method, OffPolicyProblem, OffPolicyWarning, estimate

FIRST = 5
"""How many of a ranking's first candidates the new policy asks."""

METHODS: tuple[Method, ...] = ("dm", "ips", "snips", "dr")
POLICIES = ("ranker", "know_how", "past_hits")
REWARDS = {"yen": "expected_yen", "hit": "probability"}
"""Each reward and the ranker's forecast of it."""


def policy_values(table: pd.DataFrame) -> pd.DataFrame:
    """Return [policy, reward, method, value, low, high, effective_n, inquiries, refused, warned].

    ``table`` is ``standings``'. The first rows say what the officers' own inquiries brought (method
    ``logged``). ``refused``: why there is no estimate; ``warned``: what to know about one. An estimate that
    fewer than 30 effective inquiries carry is refused.
    """
    candidates = table[table["ranker"].notna()]
    lines = []
    for reward, forecast in REWARDS.items():
        log = _log(candidates, "ranker", reward, forecast)
        own = estimate(log.assign(new_propensity=log["propensity"]), "ips") if len(log) else None
        if own is not None:
            lines.append(
                (
                    "officers",
                    reward,
                    "logged",
                    own.value,
                    own.low,
                    own.high,
                    float(len(log)),
                    len(log),
                    "",
                    "",
                )
            )
        for policy in POLICIES:
            log = _log(candidates, policy, reward, forecast)
            lines += [(policy, reward, method, *_estimated(log, method)) for method in METHODS]
    columns = [
        "policy",
        "reward",
        "method",
        "value",
        "low",
        "high",
        "effective_n",
        "inquiries",
        "refused",
        "warned",
    ]
    return pd.DataFrame(lines, columns=columns)


def _log(candidates: pd.DataFrame, policy: str, reward: str, forecast: str) -> pd.DataFrame:
    """Return the answered inquiries of first rounds as ``estimate`` takes them, clustered by case."""
    taken, case = candidates[policy] <= FIRST, candidates["case"]
    all_of_case = candidates["propensity"].groupby(case).transform("sum")
    logged = (candidates["first"] & candidates["answered"]).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "cluster": case,
            "reward": candidates[reward],
            "propensity": candidates["propensity"] / all_of_case,
            "new_propensity": taken / taken.groupby(case).transform("sum"),
            "predicted_logged": candidates[forecast],
            "predicted_new": candidates[forecast].where(taken).groupby(case).transform("mean"),
        }
    )[logged].reset_index(drop=True)


def _estimated(log: pd.DataFrame, method: Method) -> tuple[float, float, float, float, int, str, str]:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", OffPolicyWarning)
        try:
            overlap = _overlap(log)
            found = estimate(log, method)
        except OffPolicyProblem as problem:
            return (np.nan, np.nan, np.nan, 0.0, len(log), str(problem), "")
    texts = "; ".join(dict.fromkeys(str(each.message) for each in said))
    if overlap < THIN_ROWS:
        reason = f"no overlap: only {overlap:.1f} effective inquiries (at least {THIN_ROWS:g} are needed)"
        return (np.nan, np.nan, np.nan, overlap, len(log), reason, texts)
    return (found.value, found.low, found.high, found.effective_n, len(log), "", texts)


def _overlap(log: pd.DataFrame) -> float:
    """Return the effective number of logged inquiries that speak for the new policy."""
    weight = (log["new_propensity"] / log["propensity"]).to_numpy()
    return float(weight.sum() ** 2 / (weight**2).sum()) if weight.any() else 0.0
