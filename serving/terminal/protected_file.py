"""The protected file: groups of debtors that serve the fairness report alone and are never kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from serving.problems import Problem

IDS = ("debtor_id", "宛名番号")
UNKNOWN = "unknown"
MOST_GROUPS = 40


def protected_groups(file: Path, debtor_ids: pd.Series) -> pd.DataFrame:
    """Return a column a kind of group for ``debtor_ids``, in their order; ``unknown`` where not named.

    The file is a CSV (UTF-8 or CP932) with debtor_id (or 宛名番号) and at least one further column. Problem
    in one sentence where it cannot be used; no content of it is repeated.
    """
    frame = _read(file)
    ids = next((name for name in IDS if name in frame.columns), None)
    kinds = [str(name) for name in frame.columns if name not in IDS]
    if ids is None or not kinds:
        raise _problem("に debtor_id(宛名番号)と区分の列がありません。")
    if frame[ids].duplicated().any():
        raise _problem("に同じ debtor_id が二度あります。")
    known = frame.set_index(ids)
    if not known.index.isin(debtor_ids).any():
        raise _problem("の debtor_id が、データのフォルダのどの滞納者とも一致しません。")
    for kind in kinds:
        if known[kind].nunique() > MOST_GROUPS:
            raise _problem(f"の区分の列に{MOST_GROUPS}を超える値があります。")
    groups = known[kinds].reindex(pd.Index(debtor_ids)).fillna(UNKNOWN).replace("", UNKNOWN)
    return groups.add_prefix("protected.").reset_index(drop=True)


def _read(file: Path) -> pd.DataFrame:
    if not file.is_file():
        raise _problem("が見つかりません。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return pd.read_csv(file, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (OSError, ValueError):
            break
    raise _problem("をCSVとして読めません。")


def _problem(what: str) -> Problem:
    hint = "debtor_id と区分の列を持つCSVを --protected に指定してください。"
    return Problem(f"保護属性のファイル{what}", hint, "protected")
