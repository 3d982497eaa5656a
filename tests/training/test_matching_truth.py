from __future__ import annotations

import pandas as pd
import pytest

from features.town.build import build_town
from features.town.style import STYLES
from training.matching_truth import main, seconds_of_a_large_run, town_matching, verdict

GOOD = {
    "gain": 0.8, "possible": 0.2, "over_share": 0.96, "correlation": 0.9, "officers": 9.0, "rise": 1.0,
    "climb": 1.2, "growth_price": 0.002, "fit": 0.5, "fit_cases": 0.3, "coverage": 0.8,
}  # fmt: skip


@pytest.mark.slow
def test_the_matching_saves_most_of_what_can_be_saved_in_a_small_town() -> None:
    found = town_matching(build_town(STYLES["harbour"], debtors=2500, seed=1))
    assert found["gain"] > 0.55
    assert found["over_share"] <= 1
    assert found["climb"] > 0
    assert found["growth_price"] <= 0.01
    assert found["fit"] > found["fit_cases"]
    assert found["coverage"] == pytest.approx(0.8, abs=0.1)


def test_a_large_run_is_proven_in_seconds() -> None:
    assert seconds_of_a_large_run(cases=7_000) < 10


def test_the_verdict_names_what_fails() -> None:
    two = pd.DataFrame([{"style": "ward", "seed": 0, **GOOD}, {"style": "ward", "seed": 1, **GOOD}])
    text, held = verdict(two, seconds=2.0)
    assert held
    assert "FAIL" not in text
    text, held = verdict(two.assign(gain=0.6, climb=[-0.1, 1.0]), seconds=2.0)
    assert not held
    assert text.count("FAIL") == 2


def test_an_unknown_style_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--styles", "nowhere"]) == 1
    assert "様式 nowhere はありません" in capsys.readouterr().err
