"""Contacts: how often a debtor was spoken to, what was promised, and whether it was kept."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from features.arrears import owned_payments
from features.catalogue import Feature
from features.ledger.snapshot import Ledger
from features.sight import Numbers, Sight, days_of, numbers_of, share_of, sight_of

GRACE = 14.0  # days after the promised day within which a payment still keeps the promise
KEPT_SHARE = 0.5  # of the promised amount
MEANS = ("1", "2", "3", "4", "5")
RESULTS = ("1", "2", "3", "4", "5", "6")

HARDSHIP = re.compile(
    "失業|離職|求職中|無職|解雇|倒産|廃業|生活が苦|生活苦|生活困窮|困窮|収入なし|収入がない|収入が途絶|減収|収入減"
    "|休職|入院|療養|病気|体調不良|通院が続|働けない|介護(?:のため|が必要|中|で働)|生活保護|福祉(?:相談|事務所|課)"
    "|食費|家賃(?:が払え|も滞|を滞)|借入多数|多重債務|自己破産|返済で余裕"
)
"""Words by which a debtor states hardship. Matched as one group: which of them it was is never kept.

``介護`` and ``福祉`` count only where they are no part of an employer's name.
"""


def _code_features() -> tuple[Feature, ...]:
    means = tuple(
        Feature(
            f"contacts_means_{code}",
            "count",
            f"contacts by means {code}",
            f"折衝手段{code}の回数",
            f"折衝手段のコードが「{code}」の折衝は{{number}}回",
            f"折衝手段のコードが「{code}」の折衝はない",
            record="contacts",
        )
        for code in MEANS
    )
    results = tuple(
        Feature(
            f"contacts_result_{code}",
            "count",
            f"contacts with result {code}",
            f"折衝結果{code}の回数",
            f"折衝結果のコードが「{code}」の折衝は{{number}}回",
            f"折衝結果のコードが「{code}」の折衝はない",
            record="contacts",
        )
        for code in RESULTS
    )
    return means + results


CONTACTS_FEATURES: tuple[Feature, ...] = (
    Feature("contacts", "count", "contacts ever", "折衝回数", "折衝は通算{number}回", "折衝の記録はない",
            record="contacts"),
    Feature("contacts_90", "count", "contacts in 90 days", "90日以内の折衝回数", "90日以内の折衝は{number}回",
            "90日以内の折衝はない", record="contacts"),
    Feature("contacts_365", "count", "contacts in 365 days", "1年以内の折衝回数", "1年以内の折衝は{number}回",
            "1年以内の折衝はない", record="contacts"),
    Feature("days_since_contact", "days", "days since the last contact", "最終折衝からの日数",
            "最後の折衝から{value}経過", "折衝の記録はない", record="contacts"),
    *_code_features(),
    Feature("contact_officers", "count", "different officers in contact", "折衝した職員の数",
            "これまでに折衝した職員は{number}人", "折衝した職員の記録はない", record="contacts"),
    Feature("promises", "count", "promises to pay", "納付約束の回数", "納付の約束は{value}",
            "納付の約束はない", record="contacts"),
    Feature("promises_broken", "count", "promises with less than half paid within 14 days",
            "約束不履行の回数", "守られなかった納付の約束は{value}", "守られなかった約束はない",
            record="contacts"),
    Feature("promises_kept_share", "share", "kept among the promises whose time is up", "約束の履行割合",
            "期限の来た約束のうち{value}が守られた", "期限の来た約束はない", record="contacts"),
    Feature("promised_ahead", "yen", "promised for days still ahead", "期限前の約束額",
            "これから納付すると約束した額は{value}", "これから納付する約束はない", record="contacts"),
    Feature("hardship_statements", "count", "notes in which hardship is stated", "生活状況の申出の回数",
            "生活の苦しさに関する申出が{value}ある", "生活の苦しさに関する申出はない", record="contacts"),
    Feature("days_since_hardship", "days", "days since hardship was last stated", "最後の申出からの日数",
            "生活の苦しさに関する最後の申出から{value}経過", "生活の苦しさに関する申出はない",
            record="contacts"),
)  # fmt: skip
"""What this block says of a case, in column order."""

HARDSHIP_FEATURES: tuple[str, ...] = ("hardship_statements", "days_since_hardship")
"""Columns for finding hardship alone: no model that ranks targets or measures work may read them."""


def contacts_block(ledger: Ledger, cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row per case (index of ``cases``) with the columns of ``CONTACTS_FEATURES``."""
    contacts = ledger["contacts"]
    seen = sight_of(cases, contacts, contacts["contacted_on"])
    columns = {
        **_frequency(seen),
        **_promises(ledger, cases),
        **_hardship(contacts, cases),
    }
    return pd.DataFrame(columns, index=cases.index)[[feature.name for feature in CONTACTS_FEATURES]]


def _frequency(seen: Sight) -> dict[str, Numbers]:
    ago = seen.ago("contacted_on")
    found = {
        "contacts": seen.count(),
        "contacts_90": seen.count(ago < 90),
        "contacts_365": seen.count(ago < 365),
        "days_since_contact": seen.least(ago),
        "contact_officers": seen.distinct(seen.codes("staff_id")),
    }
    found |= {f"contacts_means_{code}": seen.count(seen.matches("means", code)) for code in MEANS}
    found |= {f"contacts_result_{code}": seen.count(seen.matches("result", code)) for code in RESULTS}
    return found


def _promises(ledger: Ledger, cases: pd.DataFrame) -> dict[str, Numbers]:
    contacts = ledger["contacts"]
    made = contacts[contacts["promised_on"].notna()].reset_index(drop=True)
    made = made.assign(kept=_kept(ledger, made))
    seen = sight_of(cases, made, made["contacted_on"])
    ahead = seen.ago("promised_on")
    due, kept = ahead > GRACE, seen.number("kept")
    return {
        "promises": seen.count(),
        "promises_broken": seen.count(due & (kept == 0)),
        "promises_kept_share": share_of(seen.total(kept, due), seen.count(due)),
        "promised_ahead": seen.total(seen.number("promised_amount"), ahead <= 0),
    }


def _kept(ledger: Ledger, made: pd.DataFrame) -> Numbers:
    """Return 1 for each promise of which half was paid by ``GRACE`` days after the promised day.

    Only payments up to that day decide, so a case that looks once they have passed sees no later fact.
    """
    paid = owned_payments(ledger)
    until = pd.DataFrame(
        {"debtor_id": made["debtor_id"], "day": made["promised_on"] + pd.Timedelta(days=GRACE)}
    )
    seen = sight_of(until, paid, paid["known_on"])
    received = seen.total(
        seen.number("amount"), seen.days("paid_on") >= days_of(made["contacted_on"])[seen.case]
    )
    promised = numbers_of(made["promised_amount"])
    enough = np.where(np.isnan(promised), received > 0, received >= KEPT_SHARE * promised)
    return enough.astype(np.float64)


def _hardship(contacts: pd.DataFrame, cases: pd.DataFrame) -> dict[str, Numbers]:
    stated = contacts[contacts["note"].str.contains(HARDSHIP, regex=True, na=False)].reset_index(drop=True)
    seen = sight_of(cases, stated, stated["contacted_on"])
    return {
        "hardship_statements": seen.count(),
        "days_since_hardship": seen.least(seen.ago("contacted_on")),
    }
