from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from training.backtest import Terms
from training.experiment import Experiment, parameter_names
from training.search import Terms as SearchTerms

ROOT = Path(__file__).parents[2]


def project() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "MLproject").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("entry", ["main", "train"])
def test_the_project_mirrors_the_experiment(entry: str) -> None:
    point = project()["entry_points"][entry]
    assert tuple(point["parameters"]) == parameter_names()
    defaults = {each.name: each.default for each in dataclasses.fields(Experiment) if each.name != "folder"}
    written = {name: each["default"] for name, each in point["parameters"].items() if name != "folder"}
    assert written == defaults
    assert set(re.findall(r"{(\w+)}", point["command"])) == set(parameter_names())
    for name in parameter_names()[1:]:
        assert f"--{name.replace('_', '-')} {{{name}}}" in point["command"]


def test_the_project_mirrors_the_backtest() -> None:
    point = project()["entry_points"]["backtest"]
    own = {each.name: each.default for each in dataclasses.fields(Terms) if each.name != "seed"}
    assert set(point["parameters"]) == {*parameter_names(), "out", *own}
    assert {name: point["parameters"][name]["default"] for name in own} == own
    train = project()["entry_points"]["train"]["parameters"]
    assert {name: point["parameters"][name] for name in train} == train
    for name in (*parameter_names()[1:], "out", *own):
        assert f"--{name.replace('_', '-')} {{{name}}}" in point["command"]


def test_the_project_mirrors_the_search() -> None:
    point = project()["entry_points"]["search"]
    own = {each.name: each.default for each in dataclasses.fields(SearchTerms)}
    assert set(point["parameters"]) == {*parameter_names(), *own}
    assert {name: point["parameters"][name]["default"] for name in own} == own
    for name in (*parameter_names()[1:], *own):
        assert f"--{name.replace('_', '-')} {{{name}}}" in point["command"]


def test_the_project_promotes_with_a_name_and_a_reason() -> None:
    point = project()["entry_points"]["promote"]
    assert point["parameters"] == {"version": "float", "folder": "path", "by": "string", "ground": "string"}
    assert point["command"] == "tegakari promote {version} {folder} --by {by} --ground {ground}"


def test_the_project_watches_drift() -> None:
    point = project()["entry_points"]["drift"]
    assert set(point["parameters"]) == {"folder", "out", "seed"}
    assert point["command"] == "tegakari drift {folder} --out {out} --seed {seed}"


def test_an_experiment_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="seed"):
        Experiment(Path("x")).seed = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"rounds": 0}, "rounds は 1 以上"), ({"leaves": 1}, "leaves は 2 以上"), ({"threads": 0}, "threads"),
     ({"learning_rate": 0.0}, "learning_rate"), ({"learning_rate": 1.5}, "learning_rate")],
)  # fmt: skip
def test_a_value_out_of_range_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Experiment(Path("x"), **change)


def test_parameters_keep_no_path() -> None:
    assert Experiment(Path("/srv/secret/midori")).params["folder"] == "midori"


@pytest.mark.slow
def test_mlflow_runs_the_project_with_its_parameters(tmp_path: Path) -> None:
    """A stand-in for the command shows what MLflow passes on; the command's own tests do the rest."""
    shutil.copy(ROOT / "MLproject", tmp_path / "MLproject")
    (tmp_path / "town").mkdir()
    stand_in = tmp_path / "bin" / "tegakari"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\necho "$@" > "$SEEN"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{stand_in.parent}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "SEEN": str(tmp_path / "seen"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    command = [sys.executable, "-m", "mlflow", "run", ".", "--env-manager", "local"]
    command += ["-P", f"folder={tmp_path / 'town'}", "-P", "seed=7"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    seen = (tmp_path / "seen").read_text(encoding="utf-8").split()
    assert seen[:4] == ["train", str(tmp_path / "town"), "--seed", "7"]
