from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import candidates_of
from features.matrix import build_matrix
from models.bundle import BundleProblem, load_bundle
from training.course import Lesson


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_bundle_comes_back_byte_for_byte(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.save(tmp_path / "one")
    load_bundle(tmp_path / "one").save(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert "ranker_hit.txt" in files(tmp_path / "one")


def test_a_bundle_scores_as_before(
    small_lesson: Lesson, small_archive: Archive, everybody: pd.DataFrame, tmp_path: Path
) -> None:
    matrix = build_matrix(small_archive, candidates_of(small_archive, everybody.iloc[:20]))
    small_lesson.bundle.save(tmp_path)
    before, after = small_lesson.bundle.ranker, load_bundle(tmp_path, "7").ranker
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(before.scores(matrix).score, after.scores(matrix).score)


def test_rules_alone_make_a_bundle(small_lesson: Lesson, tmp_path: Path) -> None:
    bare = replace(small_lesson.bundle, ranker=None, difficulty=None, rounds=None, reference=None)
    bare.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hardship.json", "manifest.json"]
    assert load_bundle(tmp_path).hardship == small_lesson.bundle.hardship
    assert load_bundle(tmp_path, "3").version == "3"


@pytest.mark.parametrize("name", ["ranker_hit.txt", "ranker_curves.json", "manifest.json"])
def test_a_damaged_file_is_refused(small_lesson: Lesson, tmp_path: Path, name: str) -> None:
    small_lesson.bundle.save(tmp_path)
    path = tmp_path / name
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(BundleProblem, match="壊れているか足りません"):
        load_bundle(tmp_path)


def test_a_missing_file_is_refused(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.save(tmp_path)
    (tmp_path / "ranker_size.txt").unlink()
    with pytest.raises(BundleProblem, match="tegakari train で作り直してください"):
        load_bundle(tmp_path)
    with pytest.raises(BundleProblem, match="足りません"):
        load_bundle(tmp_path / "nowhere")


def test_a_model_of_other_features_is_refused(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.save(tmp_path)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "catalogue": "0" * 16}), encoding="utf-8")
    with pytest.raises(BundleProblem, match="別の特徴量の一覧"):
        load_bundle(tmp_path)
