"""A whole training against a real server: taught, registered, fetched, promoted; and without it, kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from features.town.build import build_town
from features.town.style import STYLES
from models.bundle import load_bundle
from training.experiment import Experiment
from training.registry.outbox import Outbox
from training.registry.registry import Registry
from training.school import teach

KEY = "00" * 32


@pytest.mark.slow
def test_a_town_is_taught_against_a_server(server: str, tmp_path: Path) -> None:
    ledger = build_town(STYLES["factory"], 350, 5).ledger
    registry = Registry(server, tmp_path / "home")
    before = len(registry.versions())
    given: dict[str, Any] = {
        "experiment": Experiment(Path("t"), rounds=20, threads=1),
        "ledger": ledger,
        "set_aside": 2,
    }
    given |= {"key": KEY, "say": lambda _: None}
    taught = teach(registry=registry, **given)
    assert taught.version is not None
    assert len(registry.versions()) == before + 1
    registry.set_champion(taught.version)
    bundle = load_bundle(registry.fetch_champion(), key=KEY)
    assert bundle.ranker is not None
    with registry.store.calm():
        client = registry.store.client()
        kept = {each.path for each in client.list_artifacts(taught.version.run_id)}
        where = f"tags.`mlflow.parentRunId` = '{taught.version.run_id}'"
        folds = client.search_runs([registry.store.experiment()], where)
        run = client.get_run(taught.version.run_id)
    assert kept == {"card", "model", "plots", "tables"}
    assert sorted(fold.info.run_name for fold in folds) == ["fold-1", "fold-2", "fold-3"]
    assert {"asked_hit_at_1", "asked_hit_at_1.low", "calibration_error.high"} <= set(run.data.metrics)
    assert run.data.tags["direction.calibration_error"] == "lower"
    assert (run.data.tags["set_aside"], run.data.tags["seed"]) == ("2", "0")

    gone = Registry("http://127.0.0.1:9", tmp_path / "home")
    later = teach(registry=gone, **given)
    assert later.version is None
    assert [each.name for each in Outbox(gone).waiting()] == ["train"]
    assert load_bundle(gone.fetch_champion(), key=KEY).data_hash == bundle.data_hash
