from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from features.law import collectable_arrears, open_cases
from features.ledger.snapshot import Ledger
from serving.office.dossier import Dossiers


@pytest.mark.parametrize("later", [0, 200])
def test_what_can_be_pursued_adds_up_to_the_arrears_of_the_advice(small_ledger: Ledger, later: int) -> None:
    day = small_ledger.day + timedelta(days=later)
    cases = open_cases(small_ledger, small_ledger.day).head(200)
    cases = cases.assign(day=pd.Series(pd.Timestamp(day), cases.index, dtype="datetime64[s]"))
    dossiers = Dossiers(small_ledger)
    told = [dossiers.profile(str(each), day) for each in cases["debtor_id"]]
    sums = [sum(line.unpaid for line in profile.arrears) for profile in told]
    assert sums == collectable_arrears(small_ledger, cases).tolist()
    assert any(profile.prescribed for profile in told)


def test_what_the_municipality_did_not_opt_in_to_is_not_shown(small_ledger: Ledger) -> None:
    closed = replace(small_ledger, municipality=replace(small_ledger.municipality, opt_in=frozenset()))
    debtors = small_ledger["debtors"]
    debtor = str(
        debtors.loc[debtors["household_size"].notna() & debtors["protected"].ne(1), "debtor_id"].iloc[0]
    )
    open_, shut = Dossiers(small_ledger).profile(debtor), Dossiers(closed).profile(debtor)
    hidden = (shut.birth_year, shut.household_size, shut.dependents, shut.area)
    assert hidden == (None, None, None, None)
    assert None not in (open_.birth_year, open_.household_size, open_.area)
    assert shut.incomes == open_.incomes
