"""Two runs with the same data and seed give the same bundle, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from training.copies import digest_of

TRAIN = """
import sys
from pathlib import Path
from features.town.build import build_town
from features.town.style import STYLES
from models.ranker import RankerSettings
from training.course import learn
settings = RankerSettings(rounds=30, size_rounds=20, threads=int(sys.argv[2]))
lesson = learn(build_town(STYLES["factory"], 700, 3).ledger, settings)
lesson.bundle.under("00" * 32).save(Path(sys.argv[1]))
"""


def trained(folder: Path, hash_seed: str, threads: str) -> str:
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    subprocess.run(
        [sys.executable, "-c", TRAIN, str(folder), threads], check=True, env=environment, timeout=600
    )
    return digest_of(folder)


@pytest.mark.slow
def test_neither_the_hash_seed_nor_the_threads_change_a_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    same = trained(first, "1", "1") == trained(second, "4711", "2")
    differing = [
        each.name for each in first.iterdir() if each.read_bytes() != (second / each.name).read_bytes()
    ]
    assert differing == []
    assert same
