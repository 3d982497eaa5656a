"""The names under which officers write down institutions and employers, each folded to one spelling.

A *form* is a folded name and the targets that it may mean. Forms come from the municipality's
``targets`` (name and kana), from the Zengin directory and from a small table of everyday short names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import pandas as pd

from features.ledger.snapshot import Ledger

Target = tuple[str, str]

# Banks and branches print small kana large (ユウチヨ), so both are brought to the large form.
_SMALL = dict(zip("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", strict=True))
_HIRAGANA = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)}
_LATIN = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_DASHES = dict.fromkeys("-‐‑‒–—−―ｰ", "ー")
_FOLD = str.maketrans({**{h: _SMALL.get(k, k) for h, k in _HIRAGANA.items()}, **_SMALL, **_LATIN, **_DASHES})


def plain(text: str) -> str:
    """Return ``text`` in NFKC (half-width kana and full-width letters undone) without blanks.

    >>> plain("ﾐｽﾞﾎ　銀行（本店）")
    'ミズホ銀行(本店)'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """Return the one spelling of ``text``: plain, katakana, large kana, lower case; as long as ``plain``.

    >>> folded("ゆうちょ"), folded("ﾕｳﾁｮ"), folded("ＰａｙＰａｙ"), folded("ソニ－")
    ('ユウチヨ', 'ユウチヨ', 'paypay', 'ソニー')
    """
    return plain(text).translate(_FOLD)


@dataclass(frozen=True)
class Form:
    """What a folded name may mean. ``bare``: it is also a place, a shop or a word, so it needs context."""

    targets: tuple[Target, ...]
    bare: bool = False


# Everyday short names, by Zengin code; folded on use.
BANK_ALIASES: MappingProxyType[str, str] = MappingProxyType(
    {
        "0001": "みずほ MHBK",
        "0005": "三菱UFJ MUFG UFJ BTMU 三菱東京UFJ 東京三菱 三菱",
        "0009": "三井住友 SMBC ミツイスミトモ",
        "0010": "りそな",
        "0017": "埼玉りそな 埼りそ",
        "0033": "PayPay銀行 ペイペイ銀行 ペイペイバンク ジャパンネット銀行 PayPay ペイペイ",
        "0034": "セブン銀行 セブンバンク",
        "0035": "ソニー銀行 ソニーバンク",
        "0036": "楽天銀行 楽天バンク イーバンク銀行",
        "0038": "住信SBI 住信SBIネット銀行 ネット銀行(SBI) SBIネット銀行 SBI銀行 ドコモSMTB ドコモ SBI",
        "0039": "auじぶん じぶん銀行 エーユーじぶん じぶん au",
        "0040": "イオン銀行 イオンバンク",
        "0042": "ローソン銀行 ローソンバンク",
        "0137": "きらぼし 東京都民銀行 八千代銀行",
        "0310": "GMOあおぞら GMO銀行 GMO",
        "0397": "SBI新生 新生銀行",
        "9900": "ゆうちょ 郵貯 ゆう貯 郵便貯金 郵便局の口座 郵便局の通帳 郵便局の貯金 郵便局",
    }
)

# Short names of other institutions, by kind and core of the official name.
OTHER_ALIASES: MappingProxyType[tuple[str, str], str] = MappingProxyType(
    {
        ("life_insurance", "日本"): "ニッセイ 日生",
        ("life_insurance", "かんぽ"): "かんぽ 簡保 簡易保険 かんぽ保険",
        ("life_insurance", "アフラック"): "アフラック アメリカンファミリー",
        ("life_insurance", "明治安田"): "明治安田 明治生命 安田生命",
        ("life_insurance", "メットライフ"): "メットライフ アリコ アリコジャパン",
        ("life_insurance", "東京海上日動あんしん"): "あんしん生命 東京海上あんしん 東京海上日動",
        ("life_insurance", "プルデンシャル"): "プルデンシャル プル生命",
        ("life_insurance", "ジブラルタ"): "ジブラルタ",
        ("securities", "野村"): "ノムラ証券",
    }
)

# Where a municipality has one target of the kind, these words mean it. Only pensions that may be seized.
SOLE_WORDS: MappingProxyType[str, str] = MappingProxyType(
    {
        "pension": "年金受給 年金生活 年金暮らし 年金収入 年金機構 年金事務所 老齢年金 老齢厚生年金",
        "real_estate": "法務局 登記簿 持ち家 持家 自宅を売却 土地を売却 不動産を売却 土地を所有 不動産を所有",
        "vehicle": "運輸支局 車を売却 車を所有 自動車を所有 車検証 マイカー",
        "tax_refund": "税務署 還付金 確定申告",
    }
)

_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人"
    r"|医療法人社団|医療法人財団|医療法人|学校法人|宗教法人|特定非営利活動法人|NPO法人|生命保険相互会社|相互会社"
    r"|\([株有同資名医福学社財]\)"
)
# Official ending -> what officers write for it. The name without any of them is the core.
_SHINKIN = "信用金庫 信金 しんきん"
_SHINKUMI = "信用組合 信組 しんくみ"
_ROKIN = "労働金庫 労金 ろうきん"
_NOKYO = "農業協同組合 農協"
_LIFE = "生命保険 生命 生保"
_ENDINGS: MappingProxyType[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "bank": (
            ("銀行", "銀行 銀 バンク"),
            ("信用金庫", _SHINKIN),
            ("信金", _SHINKIN),
            ("信用組合", _SHINKUMI),
            ("信組", _SHINKUMI),
            ("労働金庫", _ROKIN),
            ("労金", _ROKIN),
            ("農業協同組合", _NOKYO),
            ("農協", _NOKYO),
        ),
        "life_insurance": (("生命保険", _LIFE), ("生命", _LIFE)),
        "securities": (("証券", "証券 證券"), ("證券", "証券 證券")),
    }
)
_KANA_ENDINGS = ("シンキン", "シンクミ", "ロウキン", "ノウキヨウ", "ギンコウ", "セイメイ")
# Short names that mean nothing else in a note, hence need no word beside them.
_DISTINCTIVE_NAMES = """
みずほ UFJ MUFG BTMU SMBC 三菱UFJ 三菱東京UFJ 東京三菱 三井住友 ミツイスミトモ りそな 埼玉りそな
ゆうちょ 郵貯 ゆう貯 きらぼし 住信SBI auじぶん GMOあおぞら SBI新生 関西みらい 青森みちのく
八十二長野 第四北越 十八親和 山陰合同 山梨中央 アフラック かんぽ 簡保 ニッセイ メットライフ ジブラルタ
プルデンシャル 明治安田 アメリカンファミリー アリコ アリコジャパン
"""
_DISTINCTIVE = frozenset(folded(name) for name in _DISTINCTIVE_NAMES.split())


def bank_names() -> MappingProxyType[str, tuple[str, str]]:
    """Return the Zengin directory: bank code -> (name without 銀行, kana as printed)."""
    return _directory()


@cache
def _directory() -> MappingProxyType[str, tuple[str, str]]:
    from zengin_code import Bank  # noqa: PLC0415 (a directory of megabytes: read only where asked for)

    return MappingProxyType({code: (bank.name, bank.kana) for code, bank in Bank.all.items()})


def lexicon_of(ledger: Ledger) -> dict[str, Form]:
    """Return every folded form -> what it may mean in this municipality.

    Only the municipality's targets count. Where its table lists no bank, the Zengin directory stands in.
    A form that several targets share belongs to the most official use (rank below); equals share it.
    """
    ranked: dict[str, tuple[int, set[Target]]] = {}
    for rank, form, target in _all_forms(ledger):
        if len(form) < 2:
            continue
        best, owners = ranked.setdefault(form, (rank, set()))
        if rank < best:
            ranked[form] = (rank, {target})
        elif rank == best:
            owners.add(target)
    return {form: Form(tuple(sorted(t)), _needs_context(form, rank)) for form, (rank, t) in ranked.items()}


def _needs_context(form: str, rank: int) -> bool:
    return rank >= _SHORT and form not in _DISTINCTIVE


# Ranks: how official a form is. From _SHORT on it may also be a place, a shop or a common word.
_OFFICIAL, _ALIAS, _SHORT, _CORE_OF_BRANCHED = 0, 1, 2, 3


def _all_forms(ledger: Ledger) -> Iterator[tuple[int, str, Target]]:
    targets = ledger["targets"]
    rows = targets[["target_kind", "target_code", "name", "kana"]].astype("object")
    listed = rows.where(rows.notna(), "").itertuples(index=False, name=None)
    yield from (entry for kind, code, name, kana in listed for entry in _forms(kind, code, name, kana))
    if not (targets["target_kind"] == "bank").any():
        for code, (name, kana) in bank_names().items():
            yield from _forms("bank", code, name + ("銀行" if code < "1000" else ""), kana)
    yield from _sole_forms(targets)


def _forms(kind: str, code: str, name: str, kana: str) -> Iterator[tuple[int, str, Target]]:
    """Yield ``(rank, folded form, target)`` for one target."""
    target = (kind, code)
    official = _LEGAL.sub("", plain(name))
    core, written = _core(kind, official)
    yield _OFFICIAL, folded(name), target
    yield (_OFFICIAL if len(official) > 2 else _SHORT), folded(official), target
    yield from ((_OFFICIAL, folded(core + ending), target) for ending in written)
    core_rank = _CORE_OF_BRANCHED if kind == "bank" and "銀行" not in written else _SHORT
    if written and core:
        yield core_rank, folded(core), target
    for printed in {kana, bank_names().get(code, ("", ""))[1] if kind == "bank" else ""} - {""}:
        spelled_out = kind not in _ENDINGS or folded(printed).endswith(_KANA_ENDINGS)
        yield (_OFFICIAL if spelled_out else core_rank), folded(printed), target
    yield from ((rank, folded(alias), target) for rank, alias in _aliases(kind, code, core))


def _core(kind: str, official: str) -> tuple[str, tuple[str, ...]]:
    """Split a name into its core and the endings officers use; a name without one keeps itself."""
    for ending, written in _ENDINGS.get(kind, ()):
        if official.endswith(ending) and official != ending:
            return official.removesuffix(ending), tuple(written.split())
    return official, ()


def _aliases(kind: str, code: str, core: str) -> Iterator[tuple[int, str]]:
    names = BANK_ALIASES.get(code, "") if kind == "bank" else OTHER_ALIASES.get((kind, core), "")
    for alias in names.split():
        clear = alias.endswith(("銀行", "バンク", "(SBI)", "生命", "保険", "証券", "口座", "通帳", "貯金"))
        yield (_ALIAS if clear else _SHORT), alias


def _sole_forms(targets: pd.DataFrame) -> Iterator[tuple[int, str, Target]]:
    codes = targets.groupby("target_kind")["target_code"].agg(list)
    for kind, words in SOLE_WORDS.items():
        if len(codes.get(kind, [])) == 1:
            yield from ((_ALIAS, folded(word), (kind, codes[kind][0])) for word in words.split())
