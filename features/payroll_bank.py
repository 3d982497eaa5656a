"""The payroll bank: through which bank an employer probably pays, by what is known of its people.

Colleagues' wages point to the bank that the employer pays through (a rule of thumb of the field). Few
colleagues were ever asked about, so single shares say little; the odds add up what every record says: an
account found or not found at the bank by an inquiry, an account shown by a payment, a refund or a statement.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.archive import Archive
from features.candidates import Pairs
from features.catalogue import Feature
from features.roll import BANK
from features.tally import Floats, Ints, days_since_epoch

_PAID_HERE = 0.5
"""Share of an employer's people who hold an account at the bank it pays through (an assumption)."""
_OTHERS = (0.06, 10.0)
"""Share of people with an account at any one bank, and the weight of that in answers (an assumption)."""
_MOST = 8.0

PAYROLL_BANK_FEATURES: tuple[Feature, ...] = (
    Feature("payroll_bank_odds", "log-odds", "log-odds that the employer of the latest slip pays through it",
            "給与振込先の見込み",
            "同僚の記録から見て、勤務先の給与が{target}に振り込まれる見込みは{value}",
            "勤務先が分からず、給与の振込先かどうか見込めない", record="incomes", kinds=("bank",)),
)  # fmt: skip
"""Where wages are paid, in column order."""


def payroll_bank_block(archive: Archive, pairs: Pairs) -> pd.DataFrame:
    """Return the payroll bank's odds for each pair: one row a pair; NaN without a bank or an employer."""
    day = days_since_epoch(pairs.cases["day"])[pairs.case]
    debtor = archive.roll.debtor_numbers(pairs.cases["debtor_id"])[pairs.case]
    employer = archive.peers(pairs.cases)["employer"].to_numpy()[pairs.case]
    banks = (archive.roll.targets["target_kind"] == BANK).to_numpy()[pairs.target]
    usual = _usual(archive, pairs, day)
    odds = np.log(usual / (1 - usual)) + _by_answers(archive, pairs, employer, day, usual)
    odds += _by_accounts(archive, pairs, employer, debtor, day)
    known = np.where(banks & (employer >= 0), np.clip(odds, -_MOST, _MOST), np.nan)
    return pd.DataFrame({"payroll_bank_odds": known}, dtype=np.float32)


def _usual(archive: Archive, pairs: Pairs, day: Ints) -> Floats:
    """Return how often the target's answers find anything, drawn to ``_OTHERS``, (n,)."""
    tally = archive.answer_tally(None)
    span = tally.known(archive.group_key(np.zeros(len(pairs), np.int64), pairs.target), day)
    share, weight = _OTHERS
    return (tally.total("found", span) + share * weight) / (tally.count(span) + weight)


def _by_answers(
    archive: Archive,
    pairs: Pairs,
    employer: Ints,
    day: Ints,
    usual: Floats,
) -> Floats:
    """Return the log likelihood ratio of colleagues' answers: found here against none here, (n,)."""
    tally = archive.answer_tally("employer")
    span = tally.known(archive.group_key(employer, pairs.target), day)
    found = tally.total("found", span)
    none = tally.count(span) - found
    here = np.maximum(_PAID_HERE, usual)
    return found * np.log(here / usual) + none * np.log((1 - here) / (1 - usual))


def _by_accounts(
    archive: Archive,
    pairs: Pairs,
    employer: Ints,
    debtor: Ints,
    day: Ints,
) -> Floats:
    """Return the log likelihood ratio of colleagues' known accounts: at this bank against at others, (n,)."""
    book = archive.account_book
    everybody = book.counts(None, np.zeros_like(debtor), debtor, pairs.target, day)
    here, anywhere, own = book.counts("employer", employer, debtor, pairs.target, day)
    mine = book.held(debtor, day)
    share = (everybody[0] - own + 1.0) / (everybody[1] - mine + 20.0)
    at_bank = here - own
    elsewhere = np.maximum(anywhere - mine - at_bank, 0.0)
    paid = _PAID_HERE + (1 - _PAID_HERE) * share
    ratio: Floats = at_bank * np.log(paid / share) + elsewhere * np.log(1 - _PAID_HERE)
    return ratio
