from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from training.copies import digest_of
from training.metrics import Better, Figure
from training.record import Part, TrainingRecord
from training.registry.registry import Registry
from training.registry.store import RegistryProblem, default_uri
from training.registry.version import MODEL, Version

if TYPE_CHECKING:
    from mlflow.entities import Run

Record = Callable[..., TrainingRecord]

QUIET_RUN = """
import socket, sys
from pathlib import Path
foreign = []
real = socket.socket.connect
def connect(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        foreign.append(address[0])
        raise OSError("no way out")
    return real(self, address)
socket.socket.connect = connect
socket.getaddrinfo = lambda host, *rest, **more: foreign.append(host) or []
from training.record import TrainingRecord
from training.registry.registry import Registry
from training.registry.store import default_uri
assert "mlflow" not in sys.modules, "MLflow must be imported only where it is used"
home = Path(sys.argv[1])
registry = Registry(default_uri(home), home)
record = TrainingRecord({}, {}, "hash", {}, 0, 0, "1")
registry.set_champion(registry.log_training(record, Path(sys.argv[2])))
assert registry.fetch_champion().is_dir()
assert not foreign, foreign
"""


def test_a_home_without_a_store_has_no_champion_and_is_left_alone(tmp_path: Path) -> None:
    registry = Registry(default_uri(tmp_path / "new"), tmp_path / "new")
    assert registry.champion() is None
    assert registry.versions() == []
    with pytest.raises(RegistryProblem, match=r"採用中のモデルがありません.*tegakari train"):
        registry.fetch_champion()
    assert not (tmp_path / "new").exists()


def test_a_training_is_kept_with_everything_that_made_it(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "papers" / "plots").mkdir(parents=True)
    (tmp_path / "papers" / "plots" / "gain.svg").write_text("<svg/>", encoding="utf-8")
    version = at_home.log_training(record(rounds=3), bundle, tmp_path / "papers")
    client = at_home.store.client()
    run = client.get_run(version.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params == {"rounds": "3"}
    assert run.data.metrics == {
        "hit_at_5": 0.6, "hit_at_5.low": 0.5, "hit_at_5.high": 0.7, "inquiries": 2.5
    }  # fmt: skip
    expected = {
        "data_hash": "ab12", "rows.debts": "7", "set_aside": "2", "seed": "5", "git_commit": "c0ffee",
        "catalogue": "catalogue-1", "library.numpy": "2", "direction.inquiries": "lower",
    }  # fmt: skip
    assert expected.items() <= run.data.tags.items()
    assert [each.path for each in client.list_artifacts(version.run_id)] == ["model", "plots"]
    assert version.digest == digest_of(bundle)
    assert version in at_home.versions()
    assert list((at_home.home / "artifacts").rglob("ranker.txt"))


def test_the_champion_is_the_version_that_was_set_last(
    at_home: Registry, record: Record, bundle: Path
) -> None:
    first = at_home.log_training(record(), bundle)
    (bundle / "bundle.json").write_text('{"second": true}', encoding="utf-8")
    second = at_home.log_training(record(), bundle)
    at_home.set_champion(first)
    assert at_home.champion() == first
    at_home.set_champion(second)
    assert at_home.champion() == second
    folder = at_home.fetch_champion()
    assert folder == at_home.home / "models" / str(second.number)
    assert digest_of(folder) == second.digest
    assert at_home.local_champion() == folder


def test_a_local_copy_with_one_changed_byte_is_replaced_and_that_is_said(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    registry = Registry(at_home.tracking_uri, at_home.home, said.append)
    registry.set_champion(registry.log_training(record(), bundle))
    folder = registry.fetch_champion(tmp_path / "copies")
    registry.fetch_champion(tmp_path / "copies")
    assert said == []
    damage(folder / "bundle.json")
    assert registry.local_champion(tmp_path / "copies") is None
    assert (registry.fetch_champion(tmp_path / "copies") / "bundle.json").read_text(encoding="utf-8") == "{}"
    (sentence,) = said
    assert re.search(rf"第\d+版\({folder}\).*登録時と異なる.*登録先の写しで置き換えました。$", sentence)
    registry.fetch_champion(tmp_path / "copies")
    assert len(said) == 1


def test_where_no_copy_is_whole_both_are_named(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    registry = Registry(at_home.tracking_uri, at_home.home, said.append)
    version = registry.log_training(record(), bundle)
    registry.set_champion(version)
    damage(registry.fetch_champion(tmp_path / "copies") / "bundle.json")
    damage(next(registry.home.glob(f"artifacts/{version.run_id}/**/bundle.json")))
    with pytest.raises(
        RegistryProblem, match=r"手元のモデル第\d+版.*取り直せません。登録先にある.*作り直して"
    ):
        registry.fetch_champion(tmp_path / "copies")
    assert said == []


def test_a_damaged_copy_is_named_where_the_server_is_gone(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    at_home.set_champion(at_home.log_training(record(), bundle))
    damage(at_home.fetch_champion() / "bundle.json")
    gone = Registry("http://127.0.0.1:9", at_home.home)
    with pytest.raises(
        RegistryProblem, match=r"手元のモデル第\d+版.*取り直すこともできません。.*サーバーの状態"
    ):
        gone.fetch_champion()


def damage(file: Path) -> None:
    """Change one byte."""
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)


def test_a_damaged_artifact_is_refused_and_nothing_is_left_behind(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    version = at_home.log_training(record(), bundle)
    at_home.set_champion(version)
    stored = next(at_home.home.glob(f"artifacts/{version.run_id}/artifacts/model/data/bundle/bundle.json"))
    stored.write_text("[]", encoding="utf-8")
    with pytest.raises(RegistryProblem, match=r"登録時と異なります.*作り直して"):
        at_home.fetch_champion(tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_an_empty_bundle_is_no_version(at_home: Registry, record: Record, tmp_path: Path) -> None:
    before = at_home.versions()
    with pytest.raises(RegistryProblem, match="フォルダが空です"):
        at_home.log_training(record(), tmp_path)
    assert at_home.versions() == before


@pytest.mark.parametrize(
    "uri",
    [
        "nonsense://here",
        "http://127.0.0.1:9",
        "sqlite:////proc/none/mlflow.db",
        "postgresql+nothing://u:p@h/d",
    ],
)
def test_a_broken_uri_is_one_sentence_in_bounded_time(
    uri: str, record: Record, bundle: Path, tmp_path: Path
) -> None:
    start = time.monotonic()
    with pytest.raises(RegistryProblem, match="トラッキングURIとサーバーの状態を確認") as problem:
        Registry(uri, tmp_path / "home").log_training(record(), bundle)
    assert time.monotonic() - start < 30
    assert "\n" not in str(problem.value)
    assert "u:p" not in str(problem.value)


def test_a_store_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(RegistryProblem, match="利用できません"):
        Registry(default_uri(tmp_path), tmp_path).champion()


@pytest.mark.slow
def test_a_real_server_keeps_the_version_and_serving_goes_on_without_it(
    server: str, record: Record, bundle: Path, tmp_path: Path
) -> None:
    registry = Registry(server, tmp_path / "home")
    before = len(registry.versions())
    many = record(**{f"p{number}": number for number in range(120)})
    version = registry.log_training(many, bundle)
    registry.set_champion(version)
    assert registry.champion() == Version(before + 1, version.run_id, digest_of(bundle))
    folder = registry.fetch_champion()
    assert digest_of(folder) == digest_of(bundle)
    with urlopen(
        f"{server}/api/2.0/mlflow/registered-models/alias?name=tegakari&alias=champion", timeout=10
    ) as page:
        assert json.load(page)["model_version"]["run_id"] == version.run_id
    gone = Registry("http://127.0.0.1:9", tmp_path / "home")
    assert gone.fetch_champion() == folder
    with pytest.raises(RegistryProblem, match="利用できません"):
        gone.fetch_champion(tmp_path / "elsewhere")


@pytest.mark.slow
def test_training_is_quiet_and_calls_nowhere(bundle: Path, tmp_path: Path) -> None:
    hidden = {
        "PYTEST_CURRENT_TEST",
        "CI",
        "MLFLOW_DISABLE_TELEMETRY",
        "DO_NOT_TRACK",
    }  # MLflow looks at these
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    command = [sys.executable, "-W", "default", "-c", QUIET_RUN, str(tmp_path / "home"), str(bundle)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=300, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle", "home"]


def test_a_version_of_a_time_before_there_was_a_served_model_is_still_fetched(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    version = at_home.log_training(record(), bundle)
    client = at_home.store.client()
    client.log_artifacts(version.run_id, str(bundle), "bundle")
    tags = {"bundle_sha256": digest_of(bundle)}
    made = client.create_model_version(MODEL, f"runs:/{version.run_id}/bundle", version.run_id, tags=tags)
    old = next(each for each in at_home.versions() if each.number == int(made.version))
    assert old.place == "bundle"
    at_home.set_champion(old)
    assert digest_of(at_home.fetch_champion(tmp_path / "copies")) == old.digest


def test_folds_are_nested_runs(at_home: Registry, record: Record, bundle: Path) -> None:
    inner = Part("fold-1", {"hit_at_5": Figure(0.5, 0.4, 0.6)})
    outer = Part("trial-001", {"inquiries": Figure(2.0, better=Better.LOWER)}, {"rounds": 80}, (inner,))
    version = at_home.log_training(replace(record(), parts=(outer,)), bundle)
    client = at_home.store.client()

    def below(run_id: str) -> Run:
        where = f"tags.`mlflow.parentRunId` = '{run_id}'"
        (found,) = client.search_runs([at_home.store.experiment()], where)
        return found

    trial = below(version.run_id)
    assert (trial.info.run_name, trial.info.status) == ("trial-001", "FINISHED")
    assert trial.data.params == {"rounds": "80"}
    assert trial.data.tags["direction.inquiries"] == "lower"
    assert below(trial.info.run_id).data.metrics == {
        "hit_at_5": 0.5, "hit_at_5.low": 0.4, "hit_at_5.high": 0.6
    }  # fmt: skip


def test_the_bundles_folder_may_have_any_name(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    version = at_home.log_training(record(), bundle.rename(tmp_path / "another-name"))
    assert digest_of(at_home.fetch(version, tmp_path / "copies")) == version.digest


def test_a_version_that_somebody_else_registered_is_refused(
    at_home: Registry, record: Record, bundle: Path, tmp_path: Path
) -> None:
    made = at_home.log_training(record(), bundle)
    client = at_home.store.client()
    strange = client.create_model_version(MODEL, f"runs:/{made.run_id}/model", made.run_id)
    version = at_home.version(int(strange.version))
    with pytest.raises(RegistryProblem, match="登録したものではない"):
        at_home.fetch(version, tmp_path / "copies")
    with pytest.raises(RegistryProblem, match="登録時と異なります"):
        at_home.fetch(replace(made, place="nowhere"), tmp_path / "others")
    assert [*(tmp_path / "copies").iterdir(), *(tmp_path / "others").iterdir()] == []
