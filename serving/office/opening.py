"""Opening an office: a ledger and a bundle become what the desk works with."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from features.ledger.snapshot import Ledger
from models.adviser import Adviser
from models.bundle import Bundle
from models.matching import COLUMNS
from serving.office.ledger_office import LedgerOffice
from serving.office.matching import matching_or_none
from serving.office.office import Versions
from serving.office.outlook import Counsel, remembering

Say = Callable[[str], None]
Kept = Callable[[str], Counsel | None]


def office_over(
    ledger: Ledger,
    bundle: Bundle,
    debtor_ids: list[str],
    say: Say = lambda _: None,
    declined: pd.DataFrame | None = None,
    *,
    kept: Kept | None = None,
) -> LedgerOffice:
    """Return the office over ``ledger`` with the advice of ``bundle``; ``debtor_ids`` get an officer.

    ``declined``: debtor_id and staff_id that the proposals keep apart. ``kept`` returns the counsel of a
    version that no longer serves, None where it is not at hand.
    """
    matching = matching_or_none(bundle, ledger, debtor_ids, say, declined)
    versions = Versions(bundle.version, ledger.fingerprint)
    counsel = Counsel(remembering(Adviser(bundle, ledger)))
    return LedgerOffice(ledger, counsel, matching, versions, difficulty=bundle.difficulty, kept=kept)


def shadow_over(ledger: Ledger, bundle: Bundle, top: int) -> LedgerOffice:
    """Return an office that only ranks, ``top`` targets a case: nobody is proposed and nobody looks at it."""
    versions = Versions(bundle.version, ledger.fingerprint)
    nobody = pd.DataFrame(columns=list(COLUMNS))
    return LedgerOffice(ledger, Counsel(Adviser(bundle, ledger)), nobody, versions, top=top)
