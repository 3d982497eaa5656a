"""The rehearsal: an office is asked once for what a page needs, before anybody waits for it."""

from __future__ import annotations

import logging

from serving.office.office import Office

log = logging.getLogger(__name__)


def rehearse(office: Office) -> None:
    """Ask for everything that the page of a case needs: what fails is found, what is slow at first is done.

    The case is one that is ranked, where there is any: of one that the law routes too little is asked.
    """
    office.directory()
    routed = office.correspondence.routed
    first = next((case for case in office.case_ids if case not in routed), None)
    for case in (first,) if first is not None else office.case_ids[:1]:
        office.advise(case)
        office.profile(case)
        office.proposal(case)


def look_through(office: Office) -> None:
    """Reckon what the lists over all cases rest on: whoever opens the first of them need not wait for it."""
    try:
        for each in ("levels", "late_reminders", "casebook"):
            getattr(office.oversight, each)
    except Exception:
        log.exception("what the lists rest on could not be reckoned")


def rehearse_or_log(office: Office) -> None:
    """Rehearse where nobody else could serve meanwhile: what fails is logged.

    A case that fails here fails on its own page as well, and keeps nobody from the others.
    """
    try:
        rehearse(office)
    except Exception:
        log.exception("the rehearsal failed")
