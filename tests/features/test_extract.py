from __future__ import annotations

import pandas as pd

from features.extract import Extracts
from features.ledger.snapshot import Ledger


def test_an_extract_holds_every_record_of_its_debtors_and_no_other(small_ledger: Ledger) -> None:
    ids = small_ledger["debtors"]["debtor_id"].iloc[[5, 2, 9]]
    extract = Extracts(small_ledger).about(pd.concat([ids, pd.Series(["nobody"])]))
    for table in ("debtors", "incomes", "debts", "contacts", "inquiries", "stays"):
        whole = small_ledger[table]
        wanted = whole[whole["debtor_id"].isin(ids)].reset_index(drop=True)
        pd.testing.assert_frame_equal(extract[table], wanted)
    paid = small_ledger["payments"]
    wanted = paid[paid["debt_id"].isin(extract["debts"]["debt_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(extract["payments"], wanted)
    assert set(extract["replies"]["inquiry_id"]) <= set(extract["inquiries"]["inquiry_id"])
    assert len(extract["targets"]) == len(small_ledger["targets"])
