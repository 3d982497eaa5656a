"""Inquiries: what the answers known by the day taught about a target and its kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import ALL_GROUPS, Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.peers import PEER_GROUPS
from features.tally import Floats, Ints, days_since_epoch

_STRENGTH = 12.0
"""How many inquiries' worth of weight the wider rate has in the rate of a small group."""

_USUAL = (0.1, 11.0)
"""Hit rate and log yen before any answer: one in ten; about 60,000 yen (58,000 realised per seizure)."""

INQUIRY_FEATURES: tuple[Feature, ...] = (
    Feature("kind_hit_rate", "share", "hit rate of this kind of target so far", "種別の判明率",
            "同じ種別の調査先の判明率は{value}（全事案）", record="replies"),
    Feature("target_hit_rate", "share", "hit rate of this target so far (shrunk to its kind)",
            "調査先の判明率", "{target}への照会の判明率は{value}（全事案）", record="replies"),
    Feature("target_asked", "count", "answered inquiries of this target so far", "調査先の回答数",
            "{target}からの回答はこれまで{value}（全事案）", "{target}からの回答はまだない",
            record="replies"),
    Feature("target_log_yen", "score", "mean log yen of this target's hits", "調査先の金額水準",
            "{target}で判明する金額の水準", record="replies"),
    *(
        Feature(f"{group}_hit_rate", "share", f"hit rate of this target among peers by {group}",
                f"{label}の判明率", f"{label}の滞納者では{{target}}の判明率が{{value}}",
                opt_in=opt_in, record="replies")
        for group, (label, opt_in) in PEER_GROUPS.items()
    ),
    *(
        Feature(f"{group}_asked", "count", f"answered inquiries of this target among peers by {group}",
                f"{label}の回答数", f"{label}の滞納者について{{target}}への照会は{{value}}の回答実績がある",
                f"{label}の滞納者について{{target}}の回答はまだない",
                opt_in=opt_in, record="replies")
        for group, (label, opt_in) in PEER_GROUPS.items()
    ),
    Feature("livelihood_kind_rate", "share", "hit rate of this kind among cases with this kind of income",
            "所得種類別の判明率", "同じ所得の種類の滞納者では、この種別の判明率は{value}", record="replies"),
    Feature("livelihood_kind_log_yen", "score", "mean log yen of this kind's hits, by kind of income",
            "所得種類別の金額水準", "同じ所得の種類で判明する金額の水準", record="replies"),
)  # fmt: skip
"""What answers taught, in column order."""


def inquiries_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return the office's experience with each pair: one row a pair, columns of ``INQUIRY_FEATURES``."""
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    everyone = np.zeros(len(pairs), np.int64)
    overall, _, overall_yen = _rates(archive, None, everyone, pairs.target, day, by_kind=True)
    rate, asked, yen = _rates(archive, None, everyone, pairs.target, day, (overall, overall_yen))
    block = {
        "kind_hit_rate": overall,
        "target_hit_rate": rate,
        "target_asked": asked,
        "target_log_yen": yen,
    }
    members = archive.peers(pairs.cases)
    for group in ALL_GROUPS:
        member = members[group].to_numpy()[pairs.case]
        peer_rate, peer_asked, _ = _rates(archive, group, member, pairs.target, day, (rate, yen))
        block[f"{group}_hit_rate"] = np.where(member < 0, np.nan, peer_rate)
        block[f"{group}_asked"] = np.where(member < 0, np.nan, peer_asked)
    member = members["livelihood"].to_numpy()[pairs.case]
    block["livelihood_kind_rate"], _, block["livelihood_kind_log_yen"] = _rates(
        archive, "livelihood", member, pairs.target, day, (overall, overall_yen), by_kind=True
    )
    return pd.DataFrame({f.name: block[f.name] for f in INQUIRY_FEATURES}, dtype=np.float32)


def _rates(  # noqa: PLR0917 - who is asked for, where, when: one row each
    archive: Archive,
    group: str | None,
    member: Ints,
    target: Ints,
    day: Ints,
    priors: tuple[Floats | float, Floats | float] = _USUAL,
    *,
    by_kind: bool = False,
) -> tuple[Floats, Floats, Floats]:
    """Return the hit rate, the number of answers, and the mean log yen of hits.

    Rate and yen are shrunk to their ``priors``.
    """
    tally = archive.answer_tally(group, by_kind)
    span = tally.known(archive.group_key(member, target, by_kind), day)
    asked, hits = tally.count(span), tally.total("hit", span)
    rate = (hits + _STRENGTH * priors[0]) / (asked + _STRENGTH)
    yen = (tally.total("log_yen", span) + _STRENGTH * priors[1]) / (hits + _STRENGTH)
    return rate, asked, yen
