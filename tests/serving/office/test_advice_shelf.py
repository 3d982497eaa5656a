from __future__ import annotations

from types import ModuleType

import pytest

from serving.office.advice_shelf import AdviceShelf


def test_what_is_expected_is_there_when_it_is_asked_for(town: ModuleType) -> None:
    adviser = town.FakeAdviser()
    shelf = AdviceShelf(adviser, 10, kept=100)
    shelf.expect(town.IDS)
    shelf.wait()
    assert adviser.calls == len(town.IDS)
    assert shelf.advice(town.RANKED) == adviser.advise([town.RANKED])[0]
    assert adviser.calls == len(town.IDS) + 1  # the line above alone
    shelf.expect(town.IDS)
    shelf.wait()
    assert adviser.calls == len(town.IDS) + 1


def test_only_the_latest_are_kept(town: ModuleType) -> None:
    adviser = town.FakeAdviser()
    shelf = AdviceShelf(adviser, 10, kept=2)
    for debtor_id in (*town.IDS[:3], town.IDS[2], town.IDS[0]):
        shelf.advice(debtor_id)
    assert adviser.calls == 4


def test_a_failure_in_the_background_stops_nothing(
    town: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    adviser = town.FakeAdviser(fails=True)
    shelf = AdviceShelf(adviser, 10, kept=10)
    shelf.expect(town.IDS)
    shelf.wait()
    assert "preparing advice failed" in caplog.text
    assert town.RANKED not in caplog.text
    adviser.fails = False
    assert shelf.advice(town.RANKED).debtor_id == town.RANKED
