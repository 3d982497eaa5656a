"""Coverage: which targets the municipality can turn to, and which banks are in reach of a case."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.archive import Archive
from features.peers import former_homes
from features.roll import BANK
from features.tally import Ints

Flags = npt.NDArray[np.bool_]


def offered(archive: Archive, day: Ints) -> Flags:
    """Return whether each target can be turned to on each ``day`` (since 1970), (days, targets).

    Listed targets can; where a municipality lists none, those that any of its records has named by then.
    """
    if archive.listed.any():
        return np.broadcast_to(archive.listed, (len(day), len(archive.listed)))
    return archive.first_named[None, :] <= day[:, None]


def banks_in_reach(archive: Archive, cases: pd.DataFrame, day: Ints) -> Flags:
    """Return whether each target is a bank in reach of each case, (cases, targets).

    In reach: banks of the whole country or of the municipality's prefecture, banks whose service areas hold
    the residence, banks of the prefecture that the debtor came from.
    """
    targets = archive.roll.targets
    people = cases[["debtor_id"]].merge(archive.about(cases)["debtors"], on="debtor_id", how="left")
    bank = (targets["target_kind"] == BANK).to_numpy()
    prefecture = targets["prefecture"].fillna("").to_numpy()
    near = np.isin(prefecture, ["", archive.ledger.municipality.code[:2]])
    limited = targets["service_areas"].notna().to_numpy()
    former = former_homes(people, cases["day"]).fillna("-").to_numpy()
    reach = serves(archive, people["postcode3"]) & limited
    reach |= offered(archive, day) & (near & ~limited)
    reach |= prefecture[None, :] == former[:, None]
    return np.asarray(reach & bank, dtype=bool)


def serves(archive: Archive, postcodes: pd.Series) -> Flags:
    """Return whether each target's service areas hold each postcode, (postcodes, targets).

    Where the municipality has not opted in to area, or a postcode is missing, every area counts as served.
    """
    areas = archive.roll.targets["service_areas"].fillna("").str.split(";")
    known = "area" in archive.ledger.municipality.opt_in
    codes, distinct = pd.factorize(postcodes)
    table = np.array([[code in area for area in areas] for code in distinct], dtype=bool)
    table = np.vstack([table.reshape(len(distinct), len(areas)), np.ones((1, len(areas)), dtype=bool)])
    return table[codes] if known else table[np.full(len(postcodes), -1)]
