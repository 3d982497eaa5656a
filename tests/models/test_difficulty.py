from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

from features.contacts import HARDSHIP_FEATURES
from models.difficulty import INPUTS, Difficulty, fit_difficulty


def work(rows: int = 2400) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Return profiles, minutes, officers and the true log difficulty; slow T0 gets the harder half."""
    rng = np.random.default_rng(7)
    profiles = pd.DataFrame(0.0, index=range(rows), columns=[*INPUTS, *HARDSHIP_FEATURES])
    profiles["arrears"] = rng.lognormal(12, 1, rows)
    profiles["company"] = (rng.random(rows) < 0.2).astype(float)
    truth = 0.3 * (np.log(profiles["arrears"]) - 12) + 0.5 * profiles["company"]
    names = np.where((truth + rng.normal(0, 0.5, rows)) > 0.1, "T0", "T1")
    pace = np.where(names == "T0", 0.3, -0.3)
    total = np.exp(5 + truth + pace + rng.normal(0, 0.2, rows))
    choosing = total / 4 * np.exp(rng.normal(0, 0.2, rows))
    minutes = pd.DataFrame({"handling_minutes": total, "selecting_minutes": choosing})
    officers = pd.DataFrame({"staff_id": names, "months_in_post": 24.0}).astype({"staff_id": "str"})
    return profiles, minutes, officers, np.asarray(truth)


@functools.cache
def fitted() -> Difficulty:
    return fit_difficulty(*work()[:3], rounds=150)


def test_the_case_is_told_apart_from_its_officer() -> None:
    profiles, _, _, truth = work()
    expected = fitted().predict(profiles)
    assert np.corrcoef(np.log(expected["minutes"]), truth)[0, 1] > 0.93
    gap = fitted().speeds.own["T0"][0] - fitted().speeds.own["T1"][0]
    assert gap == pytest.approx(0.6, abs=0.15)


def test_the_interval_holds_four_fifths_and_levels_are_fifths() -> None:
    profiles, minutes, officers, _ = work()
    expected = fitted().predict(profiles)
    pace = np.exp(fitted().speeds.log_ratio(officers["staff_id"], officers["months_in_post"]))
    own = minutes["handling_minutes"] / pace
    assert own.between(expected["low"], expected["high"]).mean() == pytest.approx(0.8, abs=0.06)
    assert expected["level"].value_counts(normalize=True).between(0.12, 0.28).all()
    assert (expected["selecting_minutes"] <= expected["minutes"]).all()


def test_contributions_add_up() -> None:
    profiles = work()[0].head(50)
    total = fitted().contributions(profiles).sum(axis=1)
    np.testing.assert_allclose(total, np.log(fitted().predict(profiles)["minutes"]), atol=1e-9)


def test_drivers_name_what_lengthens() -> None:
    profiles = work()[0]
    company = profiles[profiles["company"] == 1].head(20)
    assert all("法人である" in names and len(names) <= 2 for names in fitted().drivers(company))


def test_the_same_work_gives_the_same_text_and_the_text_the_same_forecast() -> None:
    again = fit_difficulty(*work()[:3], rounds=150)
    assert again.to_text() == fitted().to_text()
    read = Difficulty.from_text(again.to_text())
    profiles = work()[0].head(50)
    pd.testing.assert_frame_equal(read.predict(profiles), again.predict(profiles))


def test_hardship_never_moves_the_minutes() -> None:
    profiles = work()[0].head(50)
    stated = profiles.assign(**dict.fromkeys(HARDSHIP_FEATURES, 9.0))
    pd.testing.assert_frame_equal(fitted().predict(profiles), fitted().predict(stated))
    assert not set(HARDSHIP_FEATURES) & set(INPUTS)


def test_too_little_work_and_a_foreign_model_are_refused() -> None:
    profiles, minutes, officers, _ = work()
    with pytest.raises(ValueError, match="終了した担当が少なすぎて"):
        fit_difficulty(profiles.head(3), minutes.head(3), officers.head(3))
    with pytest.raises(ValueError, match="別の特徴量"):
        Difficulty.from_text(fitted().to_text().replace('"arrears"', '"foreign"'))


def test_open_work_teaches_choosing_alone_and_earlier_work_on_a_debtor_adds_up() -> None:
    profiles, minutes, officers, _ = work()
    open_ones = minutes.assign(
        handling_minutes=minutes["handling_minutes"].where(np.arange(len(minutes)) % 9 > 0)
    )
    found = fit_difficulty(profiles, open_ones, officers, rounds=30)
    assert sum(found.speeds.cases.values()) == open_ones["handling_minutes"].notna().sum()
    head = profiles.head(20)
    longer = found.predict(head, np.full(20, 0.2))["minutes"] / found.predict(head)["minutes"]
    assert longer.to_numpy() == pytest.approx(np.exp(0.2))
    assert found.predict(head)["hardness"].between(-2, 2).all()
    with pytest.raises(ValueError, match="終了した担当が少なすぎて"):
        fit_difficulty(profiles, minutes.assign(handling_minutes=np.nan), officers)
