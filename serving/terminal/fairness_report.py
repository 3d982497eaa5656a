"""The command ``fairness``: the burden of each group on later cases, printed and written."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from models.bundle import BundleProblem
from serving.office.champion import registry_of, require_own, require_registry
from serving.office.promotion import contender_of
from serving.office.staff_key import known_key
from serving.problems import Problem
from serving.settings import Settings
from serving.terminal.commands import read, say
from serving.terminal.places import require_out
from serving.terminal.protected_file import protected_groups
from serving.terminal.table_file import write_tables
from training.fairness import MARGIN, Fairness, fairness
from training.group_rules import KINDS, called
from training.marks import LEAST_CASES
from training.registry.store import RegistryProblem
from training.trial import Contender, try_out

UNFAIR = 3
"""The exit code where a group is burdened beyond the margin."""


def fairness_folder(settings: Settings, folder: Path, out: Path | None, protected: Path | None) -> int:
    """Report on the champion's fairness on later cases of ``folder``; return the exit code."""
    if out is not None:
        require_out(out, settings.home)
    require_registry(settings)
    champion = _champion(settings)
    say("データを読んでいます…")
    ledger = read(folder).ledger
    require_own(champion.bundle, ledger)
    if protected is not None:  # refused before the long work
        protected_groups(protected, ledger["debtors"]["debtor_id"])
    evidence = try_out(ledger, champion, None, say)
    if evidence.challenger is None:
        raise Problem(
            f"公平性を確かめられる事案が足りません(財産が判明した後の事案{evidence.rounds.hits}件)。",
            "調査と回答の記録をより長い期間そろえてください。",
            "fairness",
        )
    groups = evidence.groups
    if protected is not None:
        extra = protected_groups(protected, evidence.rounds.cases["debtor_id"])
        groups = pd.concat([groups.reset_index(drop=True), extra], axis=1)
    found = fairness(evidence.challenger.table, evidence.rounds.cases["arrears"], groups)
    if out is not None:
        write_tables({out: found.table})
    for line in fairness_lines(found, len(evidence.rounds.cases)):
        say(line)
    return UNFAIR if len(found.breaches) else 0


def fairness_lines(found: Fairness, cases: int) -> Iterator[str]:
    """Yield the report as Japanese lines: each group's burden, then what is beyond the margin."""
    yield f"その後の{cases:,}件の事案で、先に照会した3件について確かめました。"
    yield "区分                     事案   成果なし(95%区間)     経験則  空振り率  偏り"
    for row in found.table[found.table["measure"] == "without_result"].to_dict("records"):
        yield (
            f"{_kind(str(row['by']))} {_group(row):<14} {row['cases']:>6,}  {row['product']:.3f}"
            f" [{row['low']:.3f}, {row['high']:.3f}]  {row['rules']:.3f}  {row['false_alarm_rate']:.3f}"
            f"  {row['shift']:+.3f}"
        )
    if found.small:
        yield f"{LEAST_CASES}件未満の区分は示しません({found.small}区分)。"
    for row in found.breaches.to_dict("records"):
        yield f"偏りがあります: {_kind(str(row['by']))} {_group(row)}({row['shift']:+.3f}、基準 {MARGIN:g})"
    if found.breaches.empty:
        yield "職員の経験則と比べて、負担が偏る区分はありません。"


def _kind(by: str) -> str:
    return KINDS[by][0] if by in KINDS else by


def _group(row: Mapping[Hashable, object]) -> str:
    return called(str(row["by"]), str(row["group"]))[0]


def _champion(settings: Settings) -> Contender:
    registry = registry_of(settings)
    try:
        version = registry.champion()
        if version is None:
            raise Problem("採用中のモデルがありません。", "先に tegakari train を実行してください。", "model")
        return contender_of(registry, version, known_key(settings))
    except (RegistryProblem, BundleProblem) as broken:
        raise Problem(str(broken), code="model") from None
