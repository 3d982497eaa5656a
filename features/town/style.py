"""Kinds of municipality: the few numbers in which towns differ.

Where ``field.md`` states a number it is quoted beside it; the rest are plausible settings, not facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

KINDS = ("salaried", "part_time", "self_employed", "pensioner", "unemployed", "rentier", "company")
"""What a debtor lives on, in the order of ``Style.kinds``."""

GROUPS = ("major", "net", "regional", "shinkin", "coop", "labour", "post", "distant")
"""Groups of banks, in the order of ``Style.bank_weights`` (distant: regional banks of other prefectures)."""


@dataclass(frozen=True)
class Style:
    """What sets one municipality apart from another.

    ``kinds``: shares of ``KINDS``. ``bank_weights``: how attractive a bank of each of ``GROUPS`` is.
    ``regional``, ``shinkin``, ``coop``: Zengin codes of the banks at home here. ``house_share``: mean share
    of an employer's staff paid through its house bank. ``employers_per_1000`` debtors; ``size_tail``: the
    smaller, the fewer employers hold most of the staff. ``moved_in``: share that came from another
    prefecture. ``note_truth``: share of the debtors' statements that hold. ``paperless``: share of banks that
    answer electronically. ``deposit_first``: the officers' habit of asking banks before anything else.
    ``garnish``: share of the finds at employers that end in a seizure of wages.
    """

    name: str
    title: str
    code: str
    prefecture: str
    postcodes: tuple[str, ...]
    kinds: tuple[float, ...]
    bank_weights: tuple[float, ...]
    regional: tuple[str, ...]
    shinkin: tuple[str, ...]
    coop: tuple[str, ...]
    labour: tuple[str, ...]
    former: Mapping[str, float]
    employers_per_1000: float
    size_tail: float
    house_share: float
    moved_in: float
    direct_debit: float
    median_age: float
    median_salary: float
    note_truth: float
    paperless: float
    deposit_first: float
    garnish: float


def _near(*codes: str) -> Mapping[str, float]:
    """Return how often people come from each prefecture: near ones, then the rest, Tokyo and Osaka more."""
    every = {f"{number:02d}": 0.5 for number in range(1, 48)} | {"13": 3.0, "27": 1.6, "23": 1.2, "14": 1.2}
    return MappingProxyType(every | {code: 6.0 - rank for rank, code in enumerate(codes)})


# Seizures of four bodies pooled: deposits 71 %, wages and pensions 8 %, insurance 6 % or more, real estate
# 4 %; the deposit share ranges from 27 to 90 % by municipality (field.md): ward is at the upper end of
# that range, factory at the lower.
_WARD = Style(
    "ward",
    "潮見区",
    "139991",
    "13",
    tuple(f"{n}" for n in range(171, 181)),
    kinds=(0.36, 0.16, 0.19, 0.08, 0.13, 0.03, 0.05),
    bank_weights=(6.0, 2.6, 2.2, 1.6, 0.1, 0.35, 5.0, 0.07),
    regional=("0137", "0526", "0138"),
    shinkin=("1303", "1341", "1344", "1349", "1351", "1356"),
    coop=("5097",),
    labour=("2963",),
    former=_near("11", "14", "12", "27", "01"),
    employers_per_1000=34.0,
    size_tail=0.75,
    house_share=0.52,
    moved_in=0.38,
    direct_debit=0.28,
    median_age=44.0,
    median_salary=3_300_000.0,
    note_truth=0.68,
    paperless=0.62,
    deposit_first=0.45,
    garnish=0.06,
)
_FACTORY = Style(
    "factory",
    "鋳野市",
    "239992",
    "23",
    tuple(f"{n}" for n in range(470, 479)),
    kinds=(0.53, 0.15, 0.11, 0.08, 0.08, 0.02, 0.03),
    bank_weights=(3.5, 1.4, 4.0, 3.0, 1.3, 1.4, 4.5, 0.08),
    regional=("0542", "0543", "0153"),
    shinkin=("1552", "1559", "1560", "1561"),
    coop=("6552", "6582"),
    labour=("2972",),
    former=_near("21", "24", "22", "40", "46"),
    employers_per_1000=16.0,
    size_tail=1.15,
    house_share=0.68,
    moved_in=0.30,
    direct_debit=0.34,
    median_age=42.0,
    median_salary=3_700_000.0,
    note_truth=0.72,
    paperless=0.50,
    deposit_first=0.15,
    garnish=0.45,
)
_REGIONAL = Style(
    "regional",
    "楓沢市",
    "069993",
    "06",
    tuple(f"{n}" for n in range(990, 998)),
    kinds=(0.34, 0.14, 0.18, 0.16, 0.12, 0.02, 0.04),
    bank_weights=(0.9, 0.8, 6.0, 3.6, 2.8, 0.9, 6.5, 0.06),
    regional=("0122", "0121", "0508"),
    shinkin=("1140", "1141", "1142", "1143"),
    coop=("3932", "3943", "3989", "4013"),
    labour=("2954",),
    former=_near("04", "07", "05", "15", "13"),
    employers_per_1000=24.0,
    size_tail=0.85,
    house_share=0.60,
    moved_in=0.14,
    direct_debit=0.36,
    median_age=54.0,
    median_salary=2_700_000.0,
    note_truth=0.74,
    paperless=0.40,
    deposit_first=0.30,
    garnish=0.22,
)
_COMMUTER = Style(
    "commuter",
    "芽吹市",
    "119994",
    "11",
    tuple(f"{n}" for n in range(330, 340)),
    kinds=(0.46, 0.17, 0.13, 0.08, 0.11, 0.02, 0.03),
    bank_weights=(4.2, 2.4, 4.2, 1.8, 0.5, 0.4, 5.0, 0.09),
    regional=("0017", "0133", "0137"),
    shinkin=("1250", "1251", "1252", "1253"),
    coop=("4682", "4735"),
    labour=("2963",),
    former=_near("13", "12", "14", "10", "08"),
    employers_per_1000=40.0,
    size_tail=0.65,
    house_share=0.50,
    moved_in=0.52,
    direct_debit=0.42,
    median_age=43.0,
    median_salary=3_400_000.0,
    note_truth=0.70,
    paperless=0.55,
    deposit_first=0.35,
    garnish=0.12,
)
_HARBOUR = Style(
    "harbour",
    "入船市",
    "229995",
    "22",
    tuple(f"{n}" for n in range(420, 428)),
    kinds=(0.27, 0.13, 0.31, 0.09, 0.10, 0.03, 0.07),
    bank_weights=(1.8, 1.2, 4.5, 4.5, 1.4, 0.7, 5.0, 0.07),
    regional=("0149", "0151", "0538"),
    shinkin=("1501", "1502", "1505", "1513"),
    coop=("6377", "9477"),
    labour=("2968",),
    former=_near("14", "23", "19", "13", "20"),
    employers_per_1000=30.0,
    size_tail=0.80,
    house_share=0.56,
    moved_in=0.20,
    direct_debit=0.30,
    median_age=49.0,
    median_salary=2_900_000.0,
    note_truth=0.66,
    paperless=0.45,
    deposit_first=0.25,
    garnish=0.18,
)

STYLES: Mapping[str, Style] = MappingProxyType(
    {style.name: style for style in (_WARD, _FACTORY, _REGIONAL, _COMMUTER, _HARBOUR)}
)
"""The styles by name: ward, factory, regional, commuter, harbour."""
