"""Employers, those who pay the self-employed, insurers, brokers and offices: every target but the banks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.town.dice import Floats, Ints, dice, pick, pick_rows
from features.town.style import Style

SECTORS = (
    ("製作所", "工業", "精機"),
    ("運輸", "物流", "交通"),
    ("食品", "フーズ", "給食"),
    ("介護", "福祉会", "医療"),
    ("建設", "工務店", "設備"),
    ("警備", "美装", "人材"),
    ("商店", "ストア", "商事"),
    ("システム", "デザイン", "企画"),
)
"""Words of an employer's name by sector: making, transport, food, care, building, staffing, trade, office."""

_SECTOR_BANK = {  # how much more often a sector's house bank is of that group
    1: {"shinkin": 2.0, "post": 1.5},
    3: {"regional": 1.6, "labour": 3.0},
    4: {"shinkin": 3.0},
    5: {"net": 3.0, "major": 1.3},
    6: {"shinkin": 1.8},
    7: {"major": 1.8, "net": 2.0},
}
_HEADS = (
    "青葉 旭 入江 梅田 永楽 大隈 岡部 柏木 霞 北辰 桐生 国見 小泉 駒形 桜井 三栄 敷島 白金 新興 末広 瀬川 "
    "第一東 高砂 千歳 天神 東雲 豊栄 中村 成田 西浜 野田 羽黒 花園 浜名 日吉 平和 富士見 双葉 本郷 松風 緑 "
    "南 宮前 明星 森永 弥生 大和 雪野 吉野 若草 和光 鶴見 丸新 共栄 朝霧 有明 五葉 光陽 湖東 清流"
)
_INSURERS = (
    "日本生命",
    "第一生命",
    "住友生命",
    "明治安田生命",
    "かんぽ生命",
    "アフラック",
    "メットライフ生命",
    "ソニー生命",
    "オリックス生命",
    "ジブラルタ生命",
    "プルデンシャル生命",
    "東京海上日動あんしん生命",
    "大樹生命",
    "富国生命",
)
_INSURER_WEIGHTS = (9, 6, 6, 5, 11, 6, 4, 4, 3, 2.5, 2, 3, 2.5, 2)
_BROKERS = ("野村證券", "大和証券", "SMBC日興証券", "SBI証券", "楽天証券")
_OFFICES = (
    ("pension", "P001", "日本年金機構"),
    ("real_estate", "R001", "法務局"),
    ("vehicle", "V001", "軽自動車検査協会"),
    ("tax_refund", "Z001", "税務署"),
)


@dataclass(frozen=True)
class Employers:
    """Who pays wages. One entry per employer; ``house`` indexes the rows of the bank table.

    ``first_house`` holds before ``moved_on``, ``house`` from then on. ``share`` of the staff follows it.
    """

    codes: list[str]
    names: list[str]
    prefectures: list[str]
    sector: Ints
    size: Floats
    first_house: Ints
    house: Ints
    moved_on: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    share: Floats


def employers_of(style: Style, banks: pd.DataFrame, debtors: int, seed: int) -> Employers:
    """Draw the employers of a town: a few large ones, a long tail, each with its own house bank."""
    rng = dice(seed, "employers")
    count = max(25, round(style.employers_per_1000 * debtors / 1000))
    size = rng.permutation(np.arange(1, count + 1).astype(float) ** -style.size_tail)
    sector = rng.integers(0, len(SECTORS), count)
    weights = _house_weights(banks, sector)
    first = pick_rows(rng, weights)
    moved = rng.random(count) < 0.15  # house banks drift: about one employer in seven changes it
    later = np.where(moved, pick_rows(rng, weights), first)
    spread = style.house_share * 9
    away = rng.random(count) < 0.18
    return Employers(
        codes=[f"E{number:05d}" for number in range(1, count + 1)],
        names=company_names(rng, sector),
        prefectures=[
            str(code) for code in np.where(away, rng.choice(sorted(style.former), count), style.prefecture)
        ],
        sector=sector,
        size=size,
        first_house=first,
        house=later,
        moved_on=np.datetime64("2022-04-01", "D") + rng.integers(0, 1200, count).astype("timedelta64[D]"),
        share=rng.beta(spread, 9 - spread, count),
    )


def _house_weights(banks: pd.DataFrame, sector: Ints) -> Floats:
    """Return employers x banks: who may be whose house bank."""
    weight = banks["weight"].to_numpy(float) * np.where(banks["group"].eq("post"), 0.15, 1.0)
    grid = np.repeat(np.where(banks["group"].eq("net"), 0.5, 1.0)[None, :] * weight, len(sector), axis=0)
    for number, favours in _SECTOR_BANK.items():
        factor = banks["group"].map(favours).fillna(1.0).to_numpy(float)
        grid[sector == number] *= factor
    return grid


def company_names(rng: np.random.Generator, sector: Ints) -> list[str]:
    """Return one made-up name per entry, all different."""
    heads = np.array(_HEADS.split())
    seen: set[str] = set()
    names = []
    for number, kind in enumerate(sector):
        stem = str(rng.choice(heads)) + str(rng.choice(SECTORS[int(kind)]))
        while stem in seen:
            stem = str(rng.choice(heads)) + str(rng.choice(heads)) + str(rng.choice(SECTORS[int(kind)]))
        seen.add(stem)
        names.append((f"株式会社{stem}", f"{stem}株式会社", f"有限会社{stem}")[number % 3])
    return names


def other_targets(style: Style, employers: Employers, debtors: int, seed: int) -> pd.DataFrame:
    """Return every target that is not a bank, columns of the contract's ``targets`` plus ``weight``."""
    rng = dice(seed, "payers")
    payers = max(12, round(0.016 * debtors))
    names = company_names(rng, rng.integers(0, len(SECTORS), payers))
    taken = set(employers.names)
    names = [name if name not in taken else f"{name}東店" for name in names]
    rows: list[tuple[str, str, str, str | None, float]] = [
        ("life_insurance", f"L{n:03d}", name, None, weight)
        for n, (name, weight) in enumerate(zip(_INSURERS, _INSURER_WEIGHTS, strict=True), start=1)
    ]
    rows += [("securities", f"S{n:03d}", name, None, 6.0 - n) for n, name in enumerate(_BROKERS, start=1)]
    rows += [(kind, code, name, None, 1.0) for kind, code, name in _OFFICES]
    rows += [
        ("employer", code, name, prefecture, float(weight))
        for code, name, prefecture, weight in zip(
            employers.codes, employers.names, employers.prefectures, employers.size, strict=True
        )
    ]
    rows += [
        ("receivable", f"C{n:05d}", name, style.prefecture, float(n**-0.7))
        for n, name in enumerate(names, start=1)
    ]
    columns = ["target_kind", "target_code", "name", "prefecture", "weight"]
    table = pd.DataFrame(rows, columns=columns)
    digital = table["target_kind"].isin(["securities", "real_estate"])
    digital |= table["target_kind"].eq("life_insurance") & (pick(rng, np.array([0.4, 0.6]), len(table)) == 0)
    return table.assign(kana=None, service_areas=None, digital=digital.astype(int))
