"""The banks that a town's people may use: codes and names are those of the Zengin system."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.town.dice import dice
from features.town.style import GROUPS, Style

POST = "9900"
MAJORS = ("0001", "0005", "0009", "0010")
NETS = ("0033", "0034", "0035", "0036", "0038", "0039", "0040", "0042", "0043", "0310")
_HOMES = (
    "0116 0117 0123 0125 0119 0122 0126 0130 0129 0128 0017 0134 0137 0138 0140 0144 0146 0147 0142 0143 "
    "0153 0149 0542 0155 0157 0158 0159 0562 0162 0163 0166 0167 0168 0169 0170 0172 0173 0174 0175 0177 "
    "0179 0181 0182 0183 0184 0185 0187"
)
REGIONAL_OF: Mapping[str, str] = MappingProxyType(
    {f"{number:02d}": code for number, code in enumerate(_HOMES.split(), start=1)}
)
"""The first regional bank of each prefecture (JIS X 0401 -> Zengin code), by number of branches."""

NICKNAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "0001": ("みずほ",),
        "0005": ("三菱", "UFJ", "MUFG"),
        "0009": ("三井住友", "SMBC"),
        "0010": ("りそな",),
        "0033": ("ペイペイ", "PayPay"),
        "0034": ("セブン",),
        "0035": ("ソニー",),
        "0036": ("楽天",),
        "0038": ("ドコモSMTB", "住信SBI"),
        "0039": ("じぶん銀行", "auじぶん"),
        "0040": ("イオン",),
        "0042": ("ローソン",),
        "0043": ("みんなの",),
        "0310": ("GMOあおぞら",),
        "9900": ("郵便局", "ゆうちょ", "郵貯"),
    }
)
"""What people call a bank besides its name (majors, net banks, Japan Post)."""


@cache
def zengin() -> Mapping[str, tuple[str, str]]:
    """Return name and kana of every bank of the Zengin system by code, as published."""
    spec = find_spec("zengin_code")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("zengin-code is not installed")
    source = Path(spec.origin).parent / "source-data" / "data" / "banks.json"
    banks = json.loads(source.read_text(encoding="utf-8"))
    return MappingProxyType({code: (bank["name"], bank["kana"]) for code, bank in banks.items()})


def full_name(code: str) -> str:
    """Return the full name of a bank.

    >>> full_name("0001"), full_name("1303"), full_name("9900")
    ('みずほ銀行', '朝日信用金庫', 'ゆうちょ銀行')
    """
    name = unicodedata.normalize("NFKC", zengin()[code][0])
    long = re.sub("信金$", "信用金庫", re.sub("農協$", "農業協同組合", re.sub("労金$", "労働金庫", name)))
    return long if long != name or name.endswith(("信漁連", "信組", "金庫")) else f"{name}銀行"


def group_of(code: str) -> str:
    """Return which of ``GROUPS`` a Zengin code belongs to (distant is for the town to say).

    >>> [group_of(code) for code in ("0005", "0036", "0149", "1303", "2963", "6377", "9900")]
    ['major', 'net', 'regional', 'shinkin', 'labour', 'coop', 'post']
    """
    if code == POST:
        return "post"
    if code in NETS:
        return "net"
    for edge, group in (("0017", "major"), ("1000", "regional"), ("2950", "shinkin"), ("3000", "labour")):
        if code < edge:
            return group
    return "coop"


def bank_table(style: Style, seed: int) -> pd.DataFrame:
    """Return the banks of a town, key ``target_code``, in order of code.

    Columns of the contract's ``targets`` and three that stay inside the town: ``group``, ``weight`` (how
    attractive here) and ``home`` (has branches here).
    """
    local = (*style.regional, *style.shinkin, *style.coop, *style.labour, *MAJORS, POST)
    codes = sorted({*local, *NETS, *REGIONAL_OF.values()})
    rng = dice(seed, "banks")
    banks = pd.DataFrame({"target_kind": "bank", "target_code": codes})
    banks["name"] = [full_name(code) for code in codes]
    banks["kana"] = [zengin()[code][1] for code in codes]
    prefectures = {code: prefecture for prefecture, code in REGIONAL_OF.items()}
    banks["prefecture"] = [prefectures.get(code) for code in codes]
    banks["home"] = banks["target_code"].isin(local)
    groups = [group_of(code) for code in codes]
    banks["group"] = np.where(banks["home"] | banks["target_code"].isin(NETS), groups, "distant")
    scale = dict(zip(GROUPS, style.bank_weights, strict=True))
    banks["weight"] = banks["group"].map(scale).to_numpy(float) * rng.lognormal(0.0, 0.45, len(codes))
    banks["service_areas"] = [_areas(style, row, rng) for row in banks.itertuples()]
    banks["digital"] = (banks["group"].eq("net") | (rng.random(len(codes)) < style.paperless)).astype(int)
    return banks


def _areas(style: Style, bank: object, rng: np.random.Generator) -> str | None:
    """Shinkin and cooperatives serve a few neighbouring areas, other banks at home all of them."""
    if not getattr(bank, "home", False):
        return None
    if getattr(bank, "group", "") not in {"shinkin", "coop"}:
        return ";".join(style.postcodes)
    first = int(rng.integers(len(style.postcodes)))
    reach = int(rng.integers(2, 5))
    served = [style.postcodes[(first + step) % len(style.postcodes)] for step in range(reach)]
    return ";".join(sorted(served))
