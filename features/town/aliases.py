"""What people write for an institution or an employer: full names, short forms, half-width kana."""

from __future__ import annotations

import re
import unicodedata

import jaconv
import pandas as pd

from features.town.banks import NICKNAMES

_LEGAL = re.compile("株式会社|有限会社|合同会社")
_LONG = (("信用金庫", "信金"), ("農業協同組合", "農協"), ("労働金庫", "労金"))


def aliases_of(targets: pd.DataFrame) -> pd.DataFrame:
    """Return every written form of the targets that notes may name.

    Columns target (row of ``targets``), alias as written; the offices of the state have none.
    """
    rows = []
    named = targets[
        targets["target_kind"].isin(["bank", "life_insurance", "securities", "employer", "receivable"])
    ]
    for row, kind, code, name, kana in zip(
        named.index, named["target_kind"], named["target_code"], named["name"], named["kana"], strict=True
    ):
        forms = {name, *_short(kind, name)}
        if kind == "bank":
            forms |= {*NICKNAMES.get(code, ()), *_kana_forms(kana)}
        rows += [(int(row), form) for form in sorted(forms) if len(form) > 1]
    table = pd.DataFrame(rows, columns=["target", "alias"])
    return table.drop_duplicates("alias", keep=False, ignore_index=True)  # a form that fits two tells nothing


def _short(kind: str, name: str) -> set[str]:
    if kind in {"employer", "receivable"}:
        return {_LEGAL.sub("", name)}
    if kind != "bank":
        return set()
    for long, short in _LONG:
        if name.endswith(long):
            return {name.replace(long, short)}
    return {name.removesuffix("銀行")}


def _kana_forms(kana: object) -> set[str]:
    if not isinstance(kana, str):
        return set()
    wide = unicodedata.normalize("NFKC", kana)
    return {jaconv.z2h(wide, kana=True, ascii=True, digit=True).replace("-", "ｰ")}


def folded(text: str) -> str:
    """Return a text in one width, so that half-width kana and full-width letters compare equal.

    >>> folded("ﾐｽﾞﾎ") == folded("ミズホ"), folded("ＵＦＪ")
    (True, 'UFJ')
    """
    return unicodedata.normalize("NFKC", text).replace("－", "ー").replace("ｰ", "ー")
