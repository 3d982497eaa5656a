"""The officers' rules as read from their TOML file: each with author, date and status, or a clear refusal."""

from __future__ import annotations

import math
import operator
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

Status = Literal["active", "draft", "retired"]
ANY_KIND = "*"
_OPERATORS: MappingProxyType[str, Callable[[Any, float], Any]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq}
)
_TEST = re.compile(r"\s*(\w+)\s*(>=|<=|==|>|<)\s*(-?\d+(?:\.\d+)?)\s*")
_STRONGEST = 10.0

CANDIDATE_COLUMNS: tuple[str, ...] = (
    *("payroll_employer", "slip_age_years", "old_employer", "other_employers"),
    *("fee_payer", "old_payer"),
    *("colleague_bank_rate", "colleague_bank_asked", "colleague_account_share", "account_share"),
    *("has_pension_income", "has_dividends", "has_life_insurance_deduction", "has_housing_loan"),
    *("is_self_employed", "has_real_estate_income", "vehicles", "one_slip_only"),
    *("is_refund_bank", "is_direct_debit_bank", "is_payment_bank"),
    *("is_area_shinkin", "is_former_prefecture_bank", "is_japan_post", "is_net_bank"),
    *("moved_in_days", "age"),
    *("mention_pays_from", "mention_wages_to", "mention_only_account", "mention_named"),
    *("mention_works_at", "mention_insurance", "mention_denied"),
    *("recent_blank_days", "found_days", "target_hit_rate", "kind_hit_rate", "statement_pointer"),
    *("seizable_here", "payroll_bank_odds", "account_records", "other_accounts"),
)
"""Columns of a candidate frame that a rule may ask about."""


class RefusedRulesError(ValueError):
    """The rules cannot be used; the text is one Japanese sentence a fault, naming rule and field."""


@dataclass(frozen=True)
class Condition:
    """One comparison of a candidate's column with a number; a missing value never satisfies it."""

    column: str
    sign: str
    value: float

    def holds(self, cells: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return, per cell of ``cells`` (n,), whether the comparison holds."""
        return np.asarray(_OPERATORS[self.sign](cells, self.value), dtype=np.bool_)


@dataclass(frozen=True)
class OfficerRule:
    """One rule of thumb. Adds ``weight`` (log-odds) where all of ``when`` hold.

    With ``per``, it adds ``weight × max(0, column − above)`` instead. Only active rules count.
    """

    id: str
    author: str
    date: date
    status: Status
    target_kind: str
    when: tuple[Condition, ...]
    weight: float
    sentence: str
    per: str | None = None
    above: float = 0.0


@dataclass(frozen=True)
class KindDefault:
    """What a kind of target gives with no ground at all, and the yen of its hits (log-normal)."""

    base: float
    asked_rate: float
    yen: float
    spread: float
    source: str


@dataclass(frozen=True)
class RuleBook:
    """All rules and defaults of one file. ``trust`` weighs the office's own hit rates: kind, target."""

    rules: tuple[OfficerRule, ...]
    kinds: Mapping[str, KindDefault]
    trust: Mapping[str, float]

    @property
    def active(self) -> tuple[OfficerRule, ...]:
        """The rules that count."""
        return tuple(rule for rule in self.rules if rule.status == "active")

    def kind(self, target_kind: str) -> KindDefault:
        """Return the defaults of a kind; kinds that a municipality adds share those of ``*``."""
        return self.kinds.get(target_kind, self.kinds[ANY_KIND])


def read_rules(path: Path) -> RuleBook:
    """Read and check the rule file at ``path``; RefusedRulesError names every fault at once."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RefusedRulesError(f"経験則のファイル {path.name} を読めません（{error}）。") from error
    return rule_book(raw)


def rule_book(raw: Mapping[str, Any]) -> RuleBook:
    """Build a rule book from parsed TOML; RefusedRulesError names every fault at once, a sentence each."""
    listed = raw.get("rule", [])
    entries = listed if isinstance(listed, list) else []
    faults = [f for at, entry in enumerate(entries, 1) for f in _faults(entry, at)]
    faults += [] if entries else ["経験則が1件もありません。"]
    seen = Counter(str(entry.get("id")) for entry in entries if isinstance(entry, dict))
    faults += [f"規則 {name} の id が重なっています。" for name, count in seen.items() if count > 1]
    faults += _kind_faults(raw.get("kinds", {})) + _trust_faults(raw.get("experience", {}))
    if faults:
        raise RefusedRulesError("\n".join(faults))
    kinds = {kind: KindDefault(**cells) for kind, cells in raw["kinds"].items()}
    trust = {name: float(raw["experience"][name]) for name in ("kind", "target")}
    return RuleBook(tuple(map(_rule, entries)), MappingProxyType(kinds), MappingProxyType(trust))


def _rule(entry: Mapping[str, Any]) -> OfficerRule:
    tests = tuple(_condition(text) for text in entry["when"])
    rest = {name: cell for name, cell in entry.items() if name != "when"}
    return OfficerRule(**rest, when=tests)


def _condition(text: str) -> Condition:
    column, sign, value = _TEST.fullmatch(text).groups()  # type: ignore[union-attr]
    return Condition(column, sign, float(value))


def _number(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)


def _worded(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


_CHECKS: MappingProxyType[str, tuple[Callable[[Any], bool], str]] = MappingProxyType(
    {
        "id": (_worded, "空でない文字列"),
        "author": (_worded, "空でない文字列"),
        "date": (lambda cell: type(cell) is date, "日付（例 2026-04-01）"),
        "status": (lambda cell: cell in get_args(Status), "active・draft・retired のいずれか"),
        "target_kind": (_worded, "調査先の種別か *"),
        "weight": (lambda cell: _number(cell) and abs(cell) <= _STRONGEST, "-10以上10以下の数"),
        "sentence": (_worded, "空でない文"),
    }
)


def _faults(entry: object, at: int) -> list[str]:
    """Return every fault of one rule as a sentence naming rule, field, what was found and wanted."""
    if not isinstance(entry, dict):
        return [f"{at}番目の規則が表（[[rule]]）になっていません。"]
    name = entry["id"] if _worded(entry.get("id")) else f"{at}番目"
    faults = [
        f"規則 {name} の {field} は{wanted}でなければなりません（見つかった値: {entry.get(field)!r}）。"
        for field, (fits, wanted) in _CHECKS.items()
        if not fits(entry.get(field))
    ]
    unknown = set(entry) - set(_CHECKS) - {"when", "per", "above"}
    faults += [f"規則 {name} の {field} という項目はありません。" for field in sorted(unknown)]
    return faults + _condition_faults(entry, name)


def _condition_faults(entry: Mapping[str, Any], name: str) -> list[str]:
    tests, per = entry.get("when"), entry.get("per")
    if not isinstance(tests, list) or not (tests or per):
        return [f"規則 {name} の when は条件の並びでなければなりません（per がなければ1つ以上）。"]
    faults = []
    for text in tests:
        match = _TEST.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            faults.append(f"規則 {name} の when の「{text}」は「列名 比較 数」の形ではありません。")
        elif match[1] not in CANDIDATE_COLUMNS:
            faults.append(f"規則 {name} の when の列 {match[1]} はありません。")
    if per is not None and per not in CANDIDATE_COLUMNS:
        faults.append(f"規則 {name} の per の列 {per} はありません。")
    if not _number(entry.get("above", 0.0)):
        faults.append(f"規則 {name} の above は数でなければなりません（見つかった値: {entry['above']!r}）。")
    return faults


def _kind_faults(kinds: object) -> list[str]:
    if not isinstance(kinds, dict) or ANY_KIND not in kinds:
        return [f'kinds には "{ANY_KIND}"（その他の種別）が要ります。']
    wanted = set(KindDefault.__annotations__)
    return [
        f"種別 {kind} の値は {'・'.join(sorted(wanted))} の5つで、数でなければなりません。"
        for kind, cells in kinds.items()
        if not isinstance(cells, dict)
        or set(cells) != wanted
        or not all(_number(cells[field]) for field in wanted - {"source"})
        or not (0 < cells["asked_rate"] < 1 and cells["yen"] > 0 and cells["spread"] > 0)
    ]


def _trust_faults(trust: object) -> list[str]:
    return [
        f"experience の {name} は0以上1以下の数でなければなりません。"
        for name in ("kind", "target")
        if not isinstance(trust, dict) or not _number(trust.get(name)) or not 0 <= trust[name] <= 1
    ]
