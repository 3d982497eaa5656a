"""The wordings of the negotiation log: what is said, what is meant, and how an officer reads it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from features.town.aliases import aliases_of, folded

WORDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "wage": ("給与は{}に振込とのこと。", "給料の振込先は{}。", "{}に毎月給料が入ると本人。"),
        "account": (
            "{}の口座から払うと申出。",
            "通帳は{}のみと本人談。",
            "普段使うのは{}とのこと。",
            "{}から引落しを希望。",
        ),
        "former": ("以前は{}を使っていたとのこと。", "{}の口座は昔のもの、今は不明。"),
        "denied": ("{}は解約済みと主張。", "{}には残高なしとの申出。"),
        "employer": (
            "勤務先は{}、月末払い。",
            "{}でアルバイト。",
            "{}に再就職したとのこと。",
            "{}勤務と家族から聴取。",
        ),
        "left": ("{}は先月退職したとのこと。", "{}を辞めたと本人。"),
        "insurance": ("{}の保険を解約して払うと申出。", "{}の証券あり、貸付を検討とのこと。"),
        "securities": ("{}の株を売って払うとのこと。",),
        "customer": ("{}からの入金後に納付と約束。", "取引先は{}が主。"),
        "statement": ("取引明細に{}への支払あり。", "明細に{}から定期の入金あり。"),
        "job_loss": ("失業し生活が苦しいとのこと。福祉相談を案内。", "会社都合で離職、求職中。"),
        "illness": ("入院中、収入なし。", "体調不良で休職中。", "通院が続き働けないとの申出。"),
        "low_income": ("食費にも困ると訴え。生活困窮の窓口を案内。", "収入減、家賃も滞りがちとのこと。"),
        "debts": ("他にも借入多数、弁護士に相談中。", "消費者金融への返済で余裕なし。"),
        "plain": (
            "電話催告、本人応答。",
            "留守電。",
            "不在。",
            "話し中。",
            "家族が応答。",
            "来庁、分納相談。",
            "分納希望。",
            "文書催告。",
            "納付書再発行。",
            "来週連絡すると約束。",
            "催告書を見て来電、月内に納付予定。",
            "訪問、応答なし。名刺投函。",
            "電話番号使われておらず。",
            "携帯へ架電、呼出音のみ。",
        ),
    }
)
"""Wordings by manner; ``{}`` stands for a name."""

AFFIRMED = ("wage", "account", "employer", "insurance", "securities", "customer", "statement")
"""Manners that say: there is something here now."""

_SIGNS = (  # how an officer tells the manner, first match wins
    ("denied", ("解約済", "残高なし")),
    ("left", ("退職", "辞めた")),
    ("former", ("以前は", "昔の")),
    ("wage", ("給与", "給料")),
    ("employer", ("勤務", "アルバイト", "再就職")),
    ("statement", ("明細",)),
)


def write_notes(
    manners: np.ndarray[tuple[int], np.dtype[np.object_]],
    names: np.ndarray[tuple[int], np.dtype[np.object_]],
    rng: np.random.Generator,
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return one note per manner, each with its name put in (names of plain manners are ignored)."""
    notes = np.empty(len(manners), dtype=object)
    lots = rng.random(len(manners))
    for i, (manner, name) in enumerate(zip(manners, names, strict=True)):
        wordings = WORDINGS[manner]
        notes[i] = wordings[int(lots[i] * len(wordings))].format(name)
    return notes


def read_notes(contacts: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return what a careful officer takes from the notes: one row per named target.

    Columns debtor_id, mentioned_on, target (row of ``targets``), affirmed (1, or 0 when it is said to be
    over). The longest name wins where names overlap.
    """
    aliases = aliases_of(targets)
    book = {folded(alias): target for target, alias in zip(aliases["target"], aliases["alias"], strict=True)}
    lengths = sorted({len(alias) for alias in book}, reverse=True)
    said = contacts[contacts["note"].notna()]
    texts = pd.unique(said["note"])
    found = [(text, target, manner) for text in texts for target, manner in _reading(text, book, lengths)]
    seen = pd.DataFrame(found, columns=["note", "target", "affirmed"]).astype(
        {"target": int, "affirmed": int}
    )
    named = said[["debtor_id", "contacted_on", "note"]].merge(seen, on="note")
    return named.rename(columns={"contacted_on": "mentioned_on"}).drop(columns="note")


def _reading(text: str, book: Mapping[str, int], lengths: list[int]) -> list[tuple[int, int]]:
    """Return targets named in one note, each with whether it was affirmed."""
    plain = folded(unicodedata.normalize("NFKC", text))
    manner = next((name for name, signs in _SIGNS if any(sign in plain for sign in signs)), "account")
    found, at = [], 0
    while at < len(plain):
        size = next((size for size in lengths if plain[at : at + size] in book), 0)
        if size:
            found.append((book[plain[at : at + size]], int(manner in AFFIRMED)))
        at += max(size, 1)
    return found
