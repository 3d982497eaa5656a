from __future__ import annotations

from serving.terminal.promoting import verdict_lines
from training.verdict import Outcome, RuleResult, Verdict

RULE = RuleResult("a", "採用中より良い", "better", Outcome.PASSED, 0.012, 0.004, 0.02, 0.0, 321)
BASIS = {
    "border": "2025-05-28", "cases": 1234, "cases_with_hit": 321,
    "challenger_refitted": True, "champion_refitted": True,
    "challenger_learnt_to": "2025-05-28", "champion_learnt_to": "2025-02-27",
}  # fmt: skip


def test_a_verdict_says_from_which_records_each_version_learnt_again() -> None:
    told = "\n".join(verdict_lines(Verdict(4, 3, (RULE,), BASIS)))
    assert "第4版は2025-05-28まで、第3版は2025-02-27までの記録" in told
    assert "○ 適合  採用中より良い +0.0120 [+0.0040, +0.0200]" in told


def test_what_was_not_learnt_again_is_not_named() -> None:
    unseen = BASIS | {"champion_refitted": False, "champion_learnt_to": ""}
    told = "\n".join(verdict_lines(Verdict(4, 3, (RULE,), unseen)))
    assert "第4版は2025-05-28までの記録" in told
    assert "第3版は" not in told
