"""Accounts: at which banks the peers of a case are known to bank, whoever was asked about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import ALL_GROUPS, Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.peers import PEER_GROUPS
from features.roll import BANK
from features.tally import Floats, days_since_epoch

_STRENGTH = 6.0
"""How many accounts' worth of weight everybody's share has in the share of a small group."""

ACCOUNT_FEATURES: tuple[Feature, ...] = (
    Feature("account_share", "share", "share of all known accounts that are at this bank", "口座の占有率",
            "当市で知られた口座の{value}が{target}", record="payments"),
    *(
        Feature(f"{group}_account_share", "share", f"share of the known accounts of peers by {group}",
                f"{label}の口座", f"{label}の滞納者の口座は{{value}}が{{target}}",
                opt_in=opt_in, record="incomes")
        for group, (label, opt_in) in PEER_GROUPS.items()
    ),
    Feature("colleague_accounts", "count", "accounts of other people paid by the same employer, at this bank",
            "同僚の口座数", "同じ勤務先の滞納者の口座が{target}に{value}知られている",
            "同じ勤務先の滞納者の口座は{target}に知られていない", record="incomes", kinds=("bank",)),
)  # fmt: skip
"""Where a case's peers bank, in column order."""


def accounts_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return peers' accounts for each pair: one row a pair, NaN for targets that are not banks.

    The case's own accounts are taken out of its peers' counts: they stand in the records block.
    """
    banks = (archive.roll.targets["target_kind"] == BANK).to_numpy()[pairs.target]
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    debtor = archive.roll.debtor_numbers(pairs.cases["debtor_id"])[pairs.case]
    members = archive.peers(pairs.cases)
    counts = archive.account_book.counts(None, np.zeros_like(debtor), debtor, pairs.target, day)
    overall = _share(counts, np.zeros(len(pairs)))
    block = {"account_share": np.where(banks, overall, np.nan)}
    for group in ALL_GROUPS:
        member = members[group].to_numpy()[pairs.case]
        counts = archive.account_book.counts(group, member, debtor, pairs.target, day)
        known = banks & (member >= 0)
        block[f"{group}_account_share"] = np.where(known, _share(counts, overall), np.nan)
        if group == "employer":
            block["colleague_accounts"] = np.where(known, counts[0] - counts[2], np.nan)
    return pd.DataFrame({f.name: block[f.name] for f in ACCOUNT_FEATURES}, dtype=np.float32)


def _share(counts: tuple[Floats, Floats, Floats], prior: Floats) -> Floats:
    at_target, in_group, mine = counts
    return (at_target - mine + _STRENGTH * prior) / (np.maximum(in_group - mine, 0) + _STRENGTH)
