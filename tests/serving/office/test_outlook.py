from __future__ import annotations

import pytest

from serving.terminal import service


def test_the_list_says_of_hardship_what_the_case_says(learnt: object) -> None:
    office = service.open_office(learnt.settings, learnt.folder)  # type: ignore[attr-defined]
    some = office.case_ids[:40]
    for line, debtor_id in zip(office.lines(some), some, strict=True):
        advice = office.advise(debtor_id)
        assert line.routed == advice.routed
        assert line.hardship == pytest.approx(advice.hardship)
        assert line.restricted == (debtor_id in office.protected_ids)
        if advice.targets:
            assert (line.top_kind, line.top_name) == (
                advice.targets[0].target_kind,
                advice.targets[0].target_name,
            )
