"""Accounts: at which banks the peers of a case are known to bank, whoever was asked about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import ALL_GROUPS, Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.peers import PEER_GROUPS, peers_of
from features.roll import BANK
from features.tally import Floats, Ints, days_since_epoch

_STRENGTH = 6.0

ACCOUNT_FEATURES: tuple[Feature, ...] = (
    Feature("account_share", "share", "share of all known accounts that are at this bank", "口座の占有率",
            "当市で知られた口座の{value}が{target}", record="payments"),
    *(
        Feature(f"{group}_account_share", "share", f"share of the known accounts of peers by {group}",
                f"{label}の口座", f"{label}の滞納者の口座は{{value}}が{{target}}", opt_in=opt_in, record="incomes")
        for group, (label, opt_in) in PEER_GROUPS.items()
    ),
    Feature("colleague_accounts", "count", "known accounts of people paid by the same employer",
            "同僚の口座数", "同じ勤務先の滞納者の口座が{value}知られている", record="incomes"),
)  # fmt: skip


def accounts_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return peers' accounts for each pair: one row a pair, NaN for targets that are not banks.

    The case's own accounts are taken out of its peers' counts: they stand in the records block.
    """
    banks = (archive.roll.targets["target_kind"] == BANK).to_numpy()[pairs.target]
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    debtor = archive.roll.debtor_numbers(pairs.cases["debtor_id"])[pairs.case]
    everyone = np.zeros(len(pairs), np.int64)
    overall, _ = _share(archive, None, everyone, debtor, pairs.target, day, np.zeros(len(pairs)))
    block = {"account_share": np.where(banks, overall, np.nan)}
    members = peers_of(archive.ledger, pairs.cases)
    for group in ALL_GROUPS:
        member = members[group].to_numpy()[pairs.case]
        share, known = _share(archive, group, member, debtor, pairs.target, day, overall)
        block[f"{group}_account_share"] = np.where(banks & (member >= 0), share, np.nan)
        if group == "employer":
            block["colleague_accounts"] = np.where(banks & (member >= 0), known, np.nan)
    return pd.DataFrame({f.name: block[f.name] for f in ACCOUNT_FEATURES}, dtype=np.float32)


def _share(
    archive: Archive, group: str | None, member: Ints, debtor: Ints, target: Ints, day: Ints, prior: Floats
) -> tuple[Floats, Floats]:
    here, everywhere, own = archive.account_tally(group)
    at_target = here.count(here.known(archive.group_key(member, target), day))
    in_group = everywhere.count(everywhere.known(member, day))
    mine = own.count(own.known(archive.own_key(member, debtor, target), day))
    share = (at_target - mine + _STRENGTH * prior) / (np.maximum(in_group - mine, 0) + _STRENGTH)
    return share, in_group
