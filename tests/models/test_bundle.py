from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.archive import Archive
from features.candidates import candidates_of
from features.ledger.snapshot import Ledger
from features.matrix import build_matrix
from models.bundle import BundleProblem, load_bundle
from training.course import Lesson

KEY, OTHER = "0a" * 32, "0b" * 32


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_bundle_comes_back_byte_for_byte(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.under(KEY).save(tmp_path / "one")
    load_bundle(tmp_path / "one", key=KEY).save(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert "ranker_hit.txt" in files(tmp_path / "one")


def test_a_bundle_scores_as_before(
    small_lesson: Lesson, small_archive: Archive, everybody: pd.DataFrame, tmp_path: Path
) -> None:
    matrix = build_matrix(small_archive, candidates_of(small_archive, everybody.iloc[:20]))
    small_lesson.bundle.under(KEY).save(tmp_path)
    before, after = small_lesson.bundle.ranker, load_bundle(tmp_path, "7", KEY).ranker
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(before.scores(matrix).score, after.scores(matrix).score)


def test_rules_alone_make_a_bundle(small_lesson: Lesson, tmp_path: Path) -> None:
    bare = replace(small_lesson.bundle, ranker=None, difficulty=None, rounds=None, reference=None)
    bare.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hardship.json", "manifest.json"]
    assert load_bundle(tmp_path).hardship == small_lesson.bundle.hardship
    assert load_bundle(tmp_path, "3").version == "3"


def test_a_stored_bundle_names_no_officer(small_lesson: Lesson, small_ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Bundle\.under"):
        small_lesson.bundle.save(tmp_path / "plain")
    assert not (tmp_path / "plain").exists()
    small_lesson.bundle.under(KEY).save(tmp_path)
    stored = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    for staff_id in small_ledger["staff"]["staff_id"]:
        assert [name for name, text in stored.items() if staff_id in text] == []
    assert KEY not in "".join(stored.values())


def test_under_its_key_a_bundle_knows_everybodys_speed_and_under_another_it_is_refused(
    small_lesson: Lesson, small_ledger: Ledger, tmp_path: Path
) -> None:
    plain = small_lesson.bundle.difficulty
    assert plain is not None
    small_lesson.bundle.under(KEY).save(tmp_path)
    kept = load_bundle(tmp_path, key=KEY).difficulty
    assert kept is not None
    staff = small_ledger["staff"]["staff_id"]
    months = pd.Series(30.0, staff.index)
    np.testing.assert_array_equal(kept.speeds.log_ratio(staff, months), plain.speeds.log_ratio(staff, months))
    assert kept.speeds.ended(staff) == plain.speeds.ended(staff)
    assert max(kept.speeds.ended(staff)) > 0
    for key in (OTHER, ""):
        with pytest.raises(BundleProblem, match=r"staff\.key.*tegakari train"):
            load_bundle(tmp_path, key=key)
    with pytest.raises(ValueError, match="under another key"):
        small_lesson.bundle.under(KEY).under(OTHER)


@pytest.mark.parametrize("name", ["ranker_hit.txt", "ranker_curves.json", "manifest.json"])
def test_a_damaged_file_is_refused(small_lesson: Lesson, tmp_path: Path, name: str) -> None:
    small_lesson.bundle.under(KEY).save(tmp_path)
    path = tmp_path / name
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises(BundleProblem, match="壊れているか足りません"):
        load_bundle(tmp_path)


def test_a_missing_file_is_refused(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.under(KEY).save(tmp_path)
    (tmp_path / "ranker_size.txt").unlink()
    with pytest.raises(BundleProblem, match="tegakari train で作り直してください"):
        load_bundle(tmp_path)
    with pytest.raises(BundleProblem, match="足りません"):
        load_bundle(tmp_path / "nowhere")


def test_a_model_of_other_features_is_refused(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.under(KEY).save(tmp_path)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "catalogue": "0" * 16}), encoding="utf-8")
    with pytest.raises(BundleProblem, match="別の特徴量の一覧"):
        load_bundle(tmp_path)


def test_without_the_matching_no_key_is_needed(small_lesson: Lesson, tmp_path: Path) -> None:
    small_lesson.bundle.under(KEY).save(tmp_path)
    kept = load_bundle(tmp_path, matching=False)
    assert kept.difficulty is None
    assert kept.ranker is not None
