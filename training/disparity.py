"""Disparity: who is asked about without result, by age, income and debt, beside every hit rate.

Picking so as to avoid blanks has made tax audits more unequal (Elzayn et al. 2024); so the burden stands next
to the hits. Age serves this report alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.ledger.snapshot import Ledger, known_days
from features.ledger.tables import TABLES
from training.first_rounds import FirstRounds
from training.marks import LEAST_CASES, UNKNOWN
from training.metrics import Better, case_figures
from training.standings import RANKINGS, reranked

FIRST = 3
"""How many targets of the asked ones count for a ranking: about half of what officers ask."""

COMPANY = "company"
AGES = (("under_40", 40), ("40_to_64", 65), ("65_and_over", np.inf))
INCOMES = (("none", 1), ("under_2m", 2_000_000), ("2m_to_4m", 4_000_000), ("over_4m", np.inf))
DEBTS = (("under_100k", 100_000), ("100k_to_300k", 300_000), ("300k_to_1m", 1_000_000), ("over_1m", np.inf))
_INCOMES = ("salary", "pension", "business", "real_estate", "dividends")
MEASURES = {"hit_rate": Better.HIGHER, "blanks": Better.LOWER, "without_result": Better.LOWER}


def groups_of(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return ``age``, ``income`` and ``debt`` bands of ``cases[debtor_id, day, arrears]``, as of their day.

    Age in the year of the case; a company has none. Income: that of the latest tax slip known.
    """
    people = ledger["debtors"].drop_duplicates("debtor_id").set_index("debtor_id")
    people = people.reindex(pd.Index(cases["debtor_id"]))
    born = people["birth_year"].to_numpy(dtype=float, na_value=np.nan)
    age = _band(cases["day"].dt.year.to_numpy(dtype=float) - born, AGES)
    company = (people["entity"] == "2").to_numpy(dtype=bool, na_value=False)
    return pd.DataFrame(
        {
            "age": np.where(company, COMPANY, age),
            "income": _band(_latest_income(ledger, cases), INCOMES),
            "debt": _band(cases["arrears"].to_numpy(dtype=float), DEBTS),
        },
        index=cases.index,
    )


def burden(table: pd.DataFrame, rounds: FirstRounds, groups: pd.DataFrame) -> pd.DataFrame:
    """Return [ranking, by, group, measure, mean, low, high, cases, apart] over the cases judged on.

    Of the first three asked-and-answered targets of each ranking (``officers_all``: of all that were asked):
    ``hit_rate`` of these inquiries, ``blanks`` a case, ``without_result``: the share of cases with no hit
    among them. ``apart``: ``higher`` or ``lower`` where the group's interval does not hold the mean of all.
    Groups of fewer than 20 cases have no row.
    """
    arrears = rounds.cases["arrears"]
    shown = {}
    for name in (*RANKINGS, "officers_all"):
        ranked = reranked(table, "officers" if name == "officers_all" else name, arrears)
        shown[name] = ranked if name == "officers_all" else ranked[ranked["rank"] <= FIRST]
    return burden_of(shown, groups)


def burden_of(asked: Mapping[str, pd.DataFrame], groups: pd.DataFrame) -> pd.DataFrame:
    """Return the table of ``burden`` of what each ranking asked: [case, hit], case a row of ``groups``."""
    lines = []
    for name, shown in asked.items():
        by_case = shown.groupby("case")["hit"].agg(["mean", "size", "sum", "max"])
        each = pd.DataFrame(
            {
                "hit_rate": by_case["mean"],
                "blanks": by_case["size"] - by_case["sum"],
                "without_result": (by_case["max"] == 0).astype(float),
            }
        )
        for by in groups.columns:
            band = groups[by].to_numpy()[each.index]
            for group in ("all", *_order(by)):
                rows = each if group == "all" else each[band == group]
                if len(rows) < LEAST_CASES:
                    continue
                for measure, f in case_figures(rows, MEASURES).items():
                    mean = each[measure].mean()
                    apart = "higher" if f.low > mean else "lower" if f.high < mean else ""
                    lines.append((name, by, group, measure, f.value, f.low, f.high, len(rows), apart))
    columns = ["ranking", "by", "group", "measure", "mean", "low", "high", "cases", "apart"]
    return pd.DataFrame(lines, columns=columns)


def _order(by: str) -> tuple[str, ...]:
    bands: dict[str, tuple[tuple[str, float], ...]] = {"age": AGES, "income": INCOMES, "debt": DEBTS}
    return (*(name for name, _ in bands[by]), *((COMPANY,) if by == "age" else ()), UNKNOWN)


def _band(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], bands: tuple[tuple[str, float], ...]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    names = np.array([*(name for name, _ in bands), UNKNOWN], dtype=object)
    place = np.searchsorted([edge for _, edge in bands], values, side="right")
    return np.where(np.isnan(values), UNKNOWN, names[np.minimum(place, len(bands))])


def _latest_income(ledger: Ledger, cases: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the yen of the latest slip known on each case's day, NaN without one, (n,)."""
    slips = ledger["incomes"]
    total = slips[list(_INCOMES)].astype("float64").sum(axis=1)
    slips = slips[["debtor_id", "tax_year"]].assign(known=known_days(TABLES["incomes"], slips), total=total)
    seen = cases[["debtor_id", "day"]].assign(case=np.arange(len(cases))).merge(slips, on="debtor_id")
    seen = seen[seen["known"] <= seen["day"]].sort_values("tax_year", kind="stable")
    last = seen.drop_duplicates("case", keep="last").set_index("case")["total"]
    return last.reindex(np.arange(len(cases))).to_numpy(dtype=float)
