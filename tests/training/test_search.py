from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.ranker import RankerSettings
from training.experiment import Experiment
from training.metrics import DIRECTIONS, Figure
from training.search import GOAL, SHOWN, STUDY_FILE, Found, Terms, Tried, require_searchable, run_trials
from training.search_record import held_out_table, record_of, trials_table
from training.search_space import SPACE, present
from training.splits import MATURE_DAYS

EXPERIMENT = Experiment(Path("town"), seed=7)


@dataclass
class Hill:
    """A judge for whom settings are the better the nearer the learning rate is to ``top``."""

    top: float = 0.09
    seen: list[RankerSettings] = field(default_factory=list)
    stop_after: int = 10_000

    def scores(self, settings: RankerSettings) -> pd.DataFrame:
        self.seen.append(settings)
        if len(self.seen) > self.stop_after:
            raise KeyboardInterrupt
        value = 1.0 - abs(settings.learning_rate - self.top)
        return pd.DataFrame({name: np.full(30, value) for name in DIRECTIONS})


def tried(file: Path, trials: int, hill: Hill, folds: int = 1) -> tuple[Tried, ...]:
    terms = Terms(trials=trials, folds=folds)
    return run_trials(file, "study", EXPERIMENT, [hill] * folds, terms, lambda _: None)


def told(found: tuple[Tried, ...]) -> list[tuple[dict[str, float], float, bool]]:
    return [(each.settings, each.value, each.pruned) for each in found]


def test_the_present_settings_are_tried_first_and_all_stay_within_the_space(tmp_path: Path) -> None:
    found = tried(tmp_path / "s.db", 6, Hill())
    assert found[0].settings == present(EXPERIMENT)
    for each in found:
        for setting in SPACE:
            assert setting.low <= each.settings[setting.name] <= setting.high
    assert max(found, key=lambda each: each.value).value >= found[0].value


def test_a_search_goes_on_where_it_stopped_as_if_it_never_had(tmp_path: Path) -> None:
    whole = tried(tmp_path / "whole.db", 11, Hill())
    tried(tmp_path / "parts.db", 4, Hill())
    with pytest.raises(KeyboardInterrupt):
        tried(tmp_path / "parts.db", 11, Hill(stop_after=3))
    again = Hill()
    parts = tried(tmp_path / "parts.db", 11, again)
    assert len(again.seen) == 4  # seven of eleven were there already
    assert told(parts) == told(whole)


def test_a_large_seed_is_searched_with_as_well(tmp_path: Path) -> None:
    most = replace(EXPERIMENT, seed=2**31 - 1)
    found = run_trials(tmp_path / "s.db", "study", most, [Hill()], Terms(trials=2, folds=1), lambda _: None)
    assert len(found) == 2


def test_earlier_trials_are_no_reason_to_refuse_a_search(tmp_path: Path) -> None:
    require_searchable(EXPERIMENT, tmp_path)
    assert list(tmp_path.iterdir()) == []
    tried(tmp_path / STUDY_FILE, 1, Hill())
    require_searchable(EXPERIMENT, tmp_path)


def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    first = tried(tmp_path / "s.db", 3, Hill())
    idle = Hill()
    assert told(tried(tmp_path / "s.db", 3, idle)) == told(first)
    assert idle.seen == []


def test_what_is_far_behind_after_a_fold_is_stopped_there(tmp_path: Path) -> None:
    found = tried(tmp_path / "s.db", 16, Hill(), folds=3)
    stopped = [each for each in found if each.pruned]
    assert stopped
    assert all(len(each.folds) < 3 for each in stopped)
    assert not found[0].pruned
    assert all(len(each.folds) == 3 for each in found if not each.pruned)


def test_a_present_setting_outside_the_space_is_named() -> None:
    with pytest.raises(ValueError, match=r"rounds は探索の範囲 80〜400"):
        present(Experiment(Path("town"), rounds=500))


@pytest.mark.parametrize(
    ("change", "message"), [({"trials": 0}, "trials は 1 以上"), ({"share": 1.0}, "share は 0 と 1 の間")]
)
def test_terms_out_of_range_are_named(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Terms(**change)  # type: ignore[arg-type]


def test_every_range_says_why_and_holds_the_defaults() -> None:
    assert all(each.why for each in SPACE)
    assert set(present(Experiment(Path("town")))) == {each.name for each in SPACE}


def test_a_run_keeps_every_trial_and_fold(small_ledger: object) -> None:
    figures = {name: Figure(0.5, 0.4, 0.6, DIRECTIONS[name]) for name in SHOWN}
    one = Tried(0, present(EXPERIMENT), (figures, figures), 0.5, pruned=False)
    found = Found(EXPERIMENT, EXPERIMENT, (one,), figures, figures, figures, 30, "2025-01-01")
    record = record_of(found, Terms(), small_ledger, 3)  # type: ignore[arg-type]
    assert [part.name for part in record.parts] == ["trial-001"]
    assert [part.name for part in record.parts[0].parts] == ["fold-1", "fold-2"]
    assert record.parts[0].parts[0].tags[f"direction.{GOAL}"] == "higher"
    assert record.params["mature_days"] == MATURE_DAYS
    assert trials_table(found)[GOAL].tolist() == [0.5]
    assert len(held_out_table(found)) == 3 * len(SHOWN)
    assert found.better
