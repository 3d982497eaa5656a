from __future__ import annotations

import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from features.ledger.snapshot import Municipality, ledger_of
from features.matrix import CATALOGUE_VERSION
from models.bundle import Bundle
from models.plan import PlanTerms
from serving.app import now
from serving.office.champion import champion, registry_of
from serving.office.promotion import Approval, approval, judged, roll_back, settle
from serving.problems import Problem
from serving.records.entry import Entry
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from training.copies import pointed
from training.record import TrainingRecord
from training.registry.registry import Registry
from training.verdict import Outcome, RuleResult, Verdict

GIVEN = Approval("課長", "新しい回答で学習した")
GOOD = RuleResult("better_than_champion", "良い", "better", Outcome.PASSED, 0.03, 0.01, 0.05, 0.0, 300)
WORSE = RuleResult("better_than_champion", "良い", "better", Outcome.FAILED, -0.03, -0.05, -0.01, 0.0, 300)
UNFAIR = RuleResult("fairness", "公平", "fair", Outcome.FAILED, 0.2, 0.1, 0.3, 0.1, 300, firm=True)


def _registry_tests() -> ModuleType:
    path = Path(__file__).parents[2] / "training" / "registry" / "conftest.py"
    spec = importlib.util.spec_from_file_location("tegakari_tests_registry", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_registry = _registry_tests()
mlflow_server, server = _registry.mlflow_server, _registry.server


def register(settings: Settings, medians: float, scratch: Path) -> int:
    """Register one more version: a bundle of the officers' rules."""
    bundle = Bundle(None, None, PlanTerms(), {"bank": medians}, "hash", "2026-04-01", ())
    folder = scratch / f"bundle-{medians:g}"
    bundle.save(folder)
    record = TrainingRecord({"learnt": False}, {}, "hash", {}, 0, 0, CATALOGUE_VERSION)
    return registry_of(settings).log_training(record, folder).number


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home with three versions, the first in use."""
    return with_versions(Settings(home=tmp_path / "home"), tmp_path)


def with_versions(settings: Settings, scratch: Path) -> Settings:
    for medians in (1.0, 2.0, 3.0):
        register(settings, medians, scratch)
    registry = registry_of(settings)
    registry.set_champion(registry.version(1))
    registry.fetch_champion()
    return settings


@pytest.fixture
def journal(home: Settings) -> Iterator[Journal]:
    engine = open_store(home.records_url)
    yield Journal(engine, now)
    engine.dispose()


def ledger(journal: Journal) -> list[Entry]:
    return journal.entries(kinds=("ModelJudged", "ChampionSet"))


def test_a_challenger_that_passes_replaces_the_champion_and_all_is_written_down(
    home: Settings, journal: Journal
) -> None:
    settle(home, journal, Verdict(2, 1, (GOOD,), {"cases": 300}), GIVEN)
    assert champion(home).version == "2"
    verdict, change = ledger(journal)
    assert verdict.facts["passed"] is True
    assert verdict.facts["verdict"]["rules"][0]["low"] == 0.01
    assert change.facts["approved_by"] == "課長"
    assert change.facts["ground"] == GIVEN.ground
    assert (change.facts["manner"], change.facts["former"], change.facts["judged"]) == (
        "promotion", "1", verdict.seq
    )  # fmt: skip
    assert journal.verify() is None
    client = registry_of(home).store.client()
    tags = client.get_model_version("tegakari", "2").tags
    assert (tags["verdict"], tags["verdict.by"], tags["verdict.journal"]) == (
        "passed",
        "課長",
        str(verdict.seq),
    )
    run = client.get_model_version("tegakari", "2").run_id
    file = client.download_artifacts(run, f"verdicts/{verdict.seq}-verdict.json")
    assert json.loads(Path(file).read_text(encoding="utf-8")) == verdict.facts["verdict"]


def test_a_challenger_that_fails_changes_nothing_but_the_ledger(home: Settings, journal: Journal) -> None:
    settle(home, journal, Verdict(2, 1, (WORSE,), {}), GIVEN)
    assert champion(home).version == "1"
    assert [(entry.kind, entry.facts["passed"]) for entry in ledger(journal)] == [("ModelJudged", False)]


def test_a_measured_rule_may_be_set_aside_for_a_stated_reason_a_firm_one_never(
    home: Settings, journal: Journal
) -> None:
    given = Approval("課長", "試行", despite="法改正への対応")
    settle(home, journal, Verdict(2, 1, (WORSE, UNFAIR), {}), given)
    assert champion(home).version == "1"
    settle(home, journal, Verdict(2, 1, (WORSE,), {}), given)
    assert champion(home).version == "2"
    assert ledger(journal)[-1].facts["despite"] == "法改正への対応"
    settle(home, journal, Verdict(3, 2, (GOOD,), {}), given)
    assert ledger(journal)[-1].facts["despite"] == ""  # nothing had to be set aside


def test_two_promotions_at_once_leave_one_champion_and_both_in_the_ledger(
    home: Settings, journal: Journal
) -> None:
    both = threading.Barrier(2)

    def promote(number: int) -> None:
        engine = open_store(home.records_url)
        both.wait()
        settle(home, Journal(engine, now), Verdict(number, 1, (GOOD,), {}), GIVEN)
        engine.dispose()

    threads = [threading.Thread(target=promote, args=(number,)) for number in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    kinds = [entry.kind for entry in ledger(journal)]
    assert kinds == ["ModelJudged", "ChampionSet", "ModelJudged"]
    first, change, second = (entry.facts for entry in ledger(journal))
    assert {first["model_version"], second["model_version"]} == {"2", "3"}
    assert second["passed"] is False
    assert second["verdict"]["rules"][-1]["name"] == "champion_unchanged"
    in_use, pointer = registry_of(home).champion(), pointed(home.home / "models")
    assert in_use is not None
    assert pointer is not None
    assert str(in_use.number) == str(pointer.version) == change["model_version"] == first["model_version"]


def test_a_rollback_goes_to_what_was_in_use_before(home: Settings, journal: Journal) -> None:
    with pytest.raises(Problem, match="第1版より前に採用した版はないため"):
        roll_back(home, journal, None, GIVEN)
    for number, before in ((2, 1), (1, 2), (3, 1)):
        settle(home, journal, Verdict(number, before, (GOOD,), {}), GIVEN)
    assert roll_back(home, journal, None, GIVEN) == 1
    assert roll_back(home, journal, 2, GIVEN) == 2
    assert champion(home).version == "2"
    last = ledger(journal)[-1].facts
    assert (last["manner"], last["former"], last["approved_by"]) == ("rollback", "1", "課長")


def test_rollbacks_go_further_back_and_stop_at_the_first_model(home: Settings, journal: Journal) -> None:
    for number, before in ((2, 1), (3, 2)):
        settle(home, journal, Verdict(number, before, (GOOD,), {}), GIVEN)
    assert [roll_back(home, journal, None, GIVEN) for _ in range(2)] == [2, 1]
    written = ledger(journal)
    with pytest.raises(
        Problem, match=r"第1版より前に採用した版はないため、これ以上は戻せません。.*tegakari promote"
    ):
        roll_back(home, journal, None, GIVEN)
    assert champion(home).version == "1"
    assert ledger(journal) == written
    assert roll_back(home, journal, 3, GIVEN) == 3  # named, a version that was left comes back as well
    assert roll_back(home, journal, None, GIVEN) == 1


def test_a_version_that_was_never_in_use_is_no_rollback(home: Settings, journal: Journal) -> None:
    settle(home, journal, Verdict(2, 1, (GOOD,), {}), GIVEN)
    with pytest.raises(Problem, match=r"第3版は一度も採用していないため、戻せません。.*tegakari promote"):
        roll_back(home, journal, 3, GIVEN)
    assert champion(home).version == "2"


def test_the_version_in_use_is_said_to_be_in_use(home: Settings, journal: Journal) -> None:
    settle(home, journal, Verdict(2, 1, (GOOD,), {}), GIVEN)
    written = ledger(journal)
    with pytest.raises(Problem, match=r"第2版は既に採用中です"):
        roll_back(home, journal, 2, GIVEN)
    assert ledger(journal) == written


def test_a_damaged_version_is_refused_and_the_champion_stays(home: Settings, journal: Journal) -> None:
    for manifest in (home.home / "artifacts").rglob("manifest.json"):
        if '"bank": 2.0' in manifest.read_text(encoding="utf-8"):
            manifest.write_text("{", encoding="utf-8")
    with pytest.raises(Problem, match="登録時と異なります"):
        settle(home, journal, Verdict(2, 1, (GOOD,), {}), GIVEN)
    assert champion(home).version == "1"
    assert [entry.kind for entry in ledger(journal)] == ["ModelJudged"]
    town = ledger_of(Municipality("999999", "町", date(2026, 4, 1)), {})
    with pytest.raises(Problem, match="登録時と異なります"):
        judged(home, 2, town, town, GIVEN, print)


def test_a_model_for_other_features_is_judged_unusable(
    home: Settings, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.bundle.CATALOGUE_VERSION", "another")
    town = ledger_of(Municipality("999999", "町", date(2026, 4, 1)), {})
    verdict = judged(home, 2, town, town, GIVEN, print)
    assert [each.name for each in verdict.firm] == ["usable"]
    assert "別の特徴量" in verdict.firm[0].note_ja


def test_the_version_in_use_needs_no_promotion(home: Settings) -> None:
    town = ledger_of(Municipality("999999", "町", date(2026, 4, 1)), {})
    with pytest.raises(Problem, match="既に採用中"):
        judged(home, 1, town, town, GIVEN, print)


def test_the_first_model_of_an_empty_home_is_not_judged(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    register(settings, 1.0, tmp_path)
    town = ledger_of(Municipality("999999", "町", date(2026, 4, 1)), {})
    verdict = judged(settings, 1, town, town, GIVEN, print)
    assert [each.name for each in verdict.results] == ["first_model", "approved"]
    assert verdict.passed


@pytest.mark.parametrize(("by", "ground"), [(" ", "理由"), ("課長", "")])
def test_somebody_has_to_be_named_with_a_reason(by: str, ground: str) -> None:
    with pytest.raises(Problem, match="承認した人の名前と理由"):
        approval(by, ground)


def test_without_the_server_nothing_changes_and_the_local_copy_serves(
    home: Settings, journal: Journal
) -> None:
    gone = Settings(home=home.home, tracking_uri="http://127.0.0.1:9")
    with pytest.raises(Problem, match="トラッキングURI"):
        settle(gone, journal, Verdict(2, 1, (GOOD,), {}), GIVEN)
    with pytest.raises(Problem, match="トラッキングURI"):
        roll_back(gone, journal, None, GIVEN)
    assert champion(gone).version == "1"
    assert ledger(journal) == []


@pytest.mark.slow
def test_a_real_server_keeps_champion_and_verdict(server: str, tmp_path: Path) -> None:
    settings = with_versions(Settings(home=tmp_path / "home", tracking_uri=server), tmp_path)
    engine = open_store(settings.records_url)
    journal = Journal(engine, now)
    settle(settings, journal, Verdict(2, 1, (GOOD,), {}), GIVEN)
    elsewhere = Registry(server, tmp_path / "elsewhere")
    in_use = elsewhere.champion()
    assert in_use is not None
    assert in_use.number == 2
    assert elsewhere.store.client().get_model_version("tegakari", "2").tags["verdict.by"] == "課長"
    assert roll_back(settings, journal, None, GIVEN) == 1
    assert champion(settings).version == "1"
    engine.dispose()
