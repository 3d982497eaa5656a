"""What the journal keeps of a view: which filters, and one entry for what has an event of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.records.journal import Journal

Browse = Callable[[str], Any]
DUMMIES = "&".join(f"x{number}=1" for number in range(20))


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        (f"{DUMMIES}&case=000000000000001", {"case": "000000000000001"}),
        ("case=000000000000001&" + "case=" * 30 + "&case=000000000000002", {"case": "000000000000002"}),
        ("actor=hanako&unknown=x&since=2026-04-01&lang=en", {"actor": "hanako", "since": "2026-04-01"}),
        ("case=&verify=1&before=7", {"verify": "1", "before": "7"}),
    ],
)
def test_a_filter_that_the_page_reads_is_kept_whatever_stands_beside_it(
    browse: Browse, journal: Journal, query: str, filters: dict[str, str]
) -> None:
    assert browse("auditor").get(f"/audit?{query}").status_code == 200
    assert journal.entries(kinds=("PageViewed",))[-1].facts["filters"] == filters


def test_programs_cannot_hide_a_filter_either(
    client: TestClient, bearer: Callable[[str], dict[str, str]], journal: Journal
) -> None:
    headers = bearer("auditor")
    assert client.get(f"/api/v1/audit?{DUMMIES}&case=1&size=7", headers=headers).status_code == 200
    assert journal.entries(kinds=("PageViewed",))[-1].facts["filters"] == {"case": "1", "size": "7"}
