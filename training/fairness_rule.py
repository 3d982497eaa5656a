"""Fairness as a rule of promotion: no group's burden heavier than under the officers' rules."""

from __future__ import annotations

from training.fairness import MARGIN, fairness
from training.group_rules import KINDS, named_ja
from training.marks import LEAST_CASES
from training.trial import Evidence
from training.verdict import Outcome, RuleResult


def fair(evidence: Evidence) -> tuple[RuleResult, ...]:
    """Return one rule a kind of group: the product does not shift the burden onto a group."""
    if evidence.challenger is None:
        return tuple(evidence.unmeasured(*_told(by), firm=True) for by in KINDS)
    arrears = evidence.rounds.cases["arrears"]
    found = fairness(evidence.challenger.table, arrears, evidence.groups[list(KINDS)])
    results = []
    for by in KINDS:
        lines = found.table[found.table["by"] == by]
        name, ja, en = _told(by)
        if lines.empty:
            note_ja = f"{LEAST_CASES}件以上の区分が二つないため判定しない"
            note_en = f"not judged: no two groups of {LEAST_CASES} cases or more"
            results.append(
                RuleResult(name, ja, en, Outcome.EXCEPTED, note_ja=note_ja, note_en=note_en, firm=True)
            )
            continue
        broken = lines[lines["breach"]]
        worst = (lines if broken.empty else broken).sort_values(["shift", "group"]).iloc[-1]
        resultless = worst["measure"] == "without_result"
        outcome = Outcome.PASSED if broken.empty else Outcome.FAILED
        shown = (float(worst["shift"]), float(worst["shift_low"]), float(worst["shift_high"]), MARGIN)
        group = named_ja(by, str(worst["group"]))
        note_ja = f"負担が最も増える区分 {group}({'成果のない割合' if resultless else '判明率'})"
        note_en = f"burdened most: {worst['group']} ({'share without result' if resultless else 'hit rate'})"
        results.append(
            RuleResult(
                name,
                ja,
                en,
                outcome,
                *shown,
                int(worst["cases"]),
                note_ja=note_ja,
                note_en=note_en,
                firm=True,
            )
        )
    return tuple(results)


def _told(by: str) -> tuple[str, str, str]:
    ja, en = KINDS[by]
    return (
        f"fair.{by}",
        f"{ja}のどの区分にも、職員の経験則と比べて成果のない照会を{MARGIN:g}を超えて偏らせない",
        f"Shifts inquiries in vain onto no {en} by more than {MARGIN:g} against the officers' rules",
    )
