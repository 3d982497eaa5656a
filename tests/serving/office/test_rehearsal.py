from __future__ import annotations

import logging
from types import ModuleType

import pytest

from serving.office.rehearsal import rehearse, rehearse_or_log


def test_the_case_that_is_rehearsed_is_one_that_is_ranked(
    town: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = town.fake_office()
    monkeypatch.setattr(type(office), "case_ids", (town.ROUTED, town.PROTECTED))
    asked: list[str] = []
    monkeypatch.setattr(office, "advise", asked.append)
    rehearse(office)
    assert asked == [town.PROTECTED]


def test_an_office_without_any_open_case_is_rehearsed(
    town: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = town.fake_office()
    monkeypatch.setattr(type(office), "case_ids", ())
    rehearse(office)


def test_a_case_that_fails_is_logged_and_keeps_nobody_out(
    town: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    office = town.fake_office(town.FakeAdviser(fails=True))
    with caplog.at_level(logging.ERROR):
        rehearse_or_log(office)
    assert "the rehearsal failed" in caplog.text
