"""The finding "no property likely, hardship likely": its probability, its reasons, and what may follow.

It is a result of its own and decides nothing: a 徴税吏員 looks at the case and judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.catalogue import Feature
from features.law import Rule
from features.ledger.snapshot import Ledger
from features.matrix import CATALOGUE
from models.advice import LIKELY, Finding, Reason, Suggestion
from models.explain import say, say_in_english
from models.hardship import FACTS, SIGNS, HardshipModel
from models.hardship_signs import signs_of

Floats = npt.NDArray[np.float64]
_MOST_REASONS = 6
_LEAST_WEIGHT = 0.05
_FACT: Mapping[str, Feature] = {feature.name: feature for feature in CATALOGUE if feature.name in FACTS}


def none_found(forecasts: pd.DataFrame, cases: int) -> Floats:
    """Return the forecast that none of a case's targets hits, (cases,).

    ``forecasts``: case, kind, probability of a hit of that kind; a case without any is sure to have none.
    """
    missed = (1.0 - forecasts["probability"]).groupby(forecasts["case"]).prod()
    return missed.reindex(range(cases), fill_value=1.0).to_numpy(dtype=float)


def probabilities_of(
    model: HardshipModel, ledger: Ledger, cases: pd.DataFrame, profiles: pd.DataFrame, missed: Floats
) -> Floats:
    """Return the probability of each finding alone, (cases,): the reasons cost far more.

    ``missed``: the forecast that none of a case's targets hits, (cases,).
    """
    hard = model.hard(profiles, signs_of(ledger, cases, profiles))
    return np.asarray(hard * model.nothing(np.ones(len(cases)), missed), dtype=np.float64)


def findings_of(
    model: HardshipModel, ledger: Ledger, cases: pd.DataFrame, profiles: pd.DataFrame, missed: Floats
) -> list[Finding]:
    """Return the finding of each of ``cases``, as known on its day.

    ``profiles``: of the same cases; ``missed``: forecast that none of a case's targets hits, (cases,).
    """
    signs = signs_of(ledger, cases, profiles)
    parts = model.parts(profiles, signs)
    hard = model.hard(profiles, signs)
    # Where it is known that one hit, no forecast is asked for.
    nothing = np.where(missed > 0.0, model.nothing(np.ones(len(cases)), missed), 0.0)
    asked, blank = (signs[name].to_numpy(dtype=np.int64) for name in ("asked", "blank"))
    found = []
    for place in range(len(cases)):
        reasons = _reasons(parts.iloc[place], profiles.iloc[place], signs.iloc[place])
        told = sum(reason.weight for reason in reasons)
        found.append(
            Finding(
                float(hard[place] * nothing[place]),
                float(hard[place]),
                float(nothing[place]),
                model.level,
                float(parts.iloc[place].sum()) - told,
                reasons,
                _suggestions(
                    profiles.iloc[place], signs.iloc[place], float(hard[place]), float(nothing[place])
                ),
                int(asked[place]),
                int(blank[place]),
                model.cases,
            )
        )
    return found


def _reasons(parts: pd.Series, profile: pd.Series, signs: pd.Series) -> tuple[Reason, ...]:
    strongest = parts[parts.abs() >= _LEAST_WEIGHT].sort_values(key=lambda each: -each.abs(), kind="stable")
    return tuple(
        _reason(str(name), float(weight), profile, signs)
        for name, weight in strongest.iloc[:_MOST_REASONS].items()
    )


def _reason(name: str, weight: float, profile: pd.Series, signs: pd.Series) -> Reason:
    if name in SIGNS:
        sentence, english = _sign(name, int(signs[name]), int(signs["contacts"]), profile)
    else:
        fact, value = _FACT[name], float(profile[name])
        sentence, english = say(fact, value, "", ""), say_in_english(fact, value, "", "")
    return Reason(name, sentence, weight, _record(name), english=english)


def _sign(name: str, seen: int, contacts: int, profile: pd.Series) -> tuple[str, str]:
    """Return what a sign says, in Japanese and in English; of statements also how long ago the last was."""
    if name == "statements":
        if seen:
            last_ja, last_en = _ago(float(profile["days_since_hardship"]))
            return (
                f"折衝{contacts}件のうち{seen}件に生活の苦しさに関する申出がある{last_ja}",
                f"Hardship was stated in {seen} of {contacts} contacts{last_en}",
            )
        return (
            f"折衝{contacts}件に生活の苦しさに関する申出はない",
            f"Hardship was stated in none of {contacts} contacts",
        )
    if name == "suspended":
        if seen:
            return "過去に生活の困窮による執行停止がある", "Once suspended for extreme hardship"
        return (
            "財産なしの調査の後に、生活の困窮による執行停止はない",
            "Not suspended for hardship after a search in vain",
        )
    if seen:
        return "過去に猶予がある", "Once deferred"
    return "猶予の記録はない", "No deferral is on record"


def _ago(days: float) -> tuple[str, str]:
    """Return how long ago the last statement was; nothing where it is not known (NaN).

    >>> _ago(95.0)
    ('(最後は95日前)', ', last 95 days ago')
    """
    return ("", "") if np.isnan(days) else (f"(最後は{days:.0f}日前)", f", last {days:.0f} days ago")


def _record(name: str) -> str:
    usual = {"statements": "contacts", "suspended": "stays", "deferred": "stays"}
    return usual[name] if name in usual else _FACT[name].record


def _suggestions(profile: pd.Series, signs: pd.Series, hard: float, nothing: float) -> tuple[Suggestion, ...]:
    """Return what may be looked into, most fitting first; nothing where neither part is likely."""
    gone = profile["mail_returned"] == 1 or profile["moved_out"] == 1
    holds = {
        "suspension_2": hard >= LIKELY and nothing >= LIKELY,
        "suspension_1": nothing >= LIKELY and signs["searched"] > 0,
        "suspension_3": nothing >= LIKELY and gone and profile["phone_known"] != 1,
        "deferral": hard >= LIKELY and profile["income_total"] > 0,
        "welfare": hard >= LIKELY,
    }
    return tuple(each for each in SUGGESTIONS if holds[each.name])


_CODE, _AID = "地方税法の条文", "生活困窮者自立支援法の条文"
RULES: tuple[Rule, ...] = (
    Rule(
        "suspension_2",
        "地方税法 15の7第1項2号",
        "滞納処分により生活を著しく窮迫させるおそれがないか、生活状況を確かめる。",
        _CODE,
    ),
    Rule(
        "suspension_1",
        "地方税法 15の7第1項1号",
        "滞納処分をすることができる財産がないか、調査結果を確かめる。",
        _CODE,
    ),
    Rule(
        "suspension_3",
        "地方税法 15の7第1項3号",
        "所在と財産がともに不明でないか、実態調査で確かめる。",
        _CODE,
    ),
    Rule(
        "deferral",
        "地方税法 15・15の5",
        "収入があるため、猶予または分納の可否を本人と確かめる。",
        _CODE,
        "inferred",
    ),
    Rule(
        "welfare",
        "生活困窮者自立支援法 8",
        "本人の意向を確かめ、福祉の相談窓口を案内する(情報を渡すには本人の同意)。",
        _AID,
        "inferred",
    ),
)
"""What may be looked into, most fitting first. ``inferred``: the article is our reading."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "suspension_2": "Check whether execution would throw the debtor into extreme hardship.",
        "suspension_1": "Check the replies: whether there is no property that could be seized.",
        "suspension_3": "Find out on the spot whether both whereabouts and property are unknown.",
        "deferral": "There is income: see with the debtor whether a deferral or instalments are possible.",
        "welfare": "Ask what the debtor wants and name the welfare office (passing data on needs consent).",
    }
)
"""What each rule says, in English, by its name."""

SUGGESTIONS: tuple[Suggestion, ...] = tuple(
    Suggestion(rule.name, rule.article, rule.sentence) for rule in RULES
)
"""Everything that may be suggested, in the order in which it is."""
