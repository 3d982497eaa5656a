from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from serving.desk.choice_record import Asked, ChoiceRecord
from serving.desk.time_saved import time_saved
from serving.desk.time_table import as_csv, rows
from serving.wording import wording

SHARE, NEEDED = 0.2, 20
OFFICE = [30.0 + n % 9 for n in range(200)]


def office(seed: int, openings: int = 600, officers: int = 12) -> list[ChoiceRecord]:
    """Choices of an office in which the ranking takes 12 minutes down to 4, and finds more."""
    rng = np.random.default_rng(seed)
    speed = rng.normal(0.0, 0.3, officers)
    found = []
    for number in range(openings):
        who = int(rng.integers(officers))
        blind = bool(rng.random() < SHARE)
        minutes = float((12 if blind else 4) * np.exp(speed[who] + rng.normal(0, 0.5)))
        asked = tuple(Asked(50_000 if rng.random() < (0.2 if blind else 0.35) else 0) for _ in range(3))
        found.append(
            ChoiceRecord(
                who, date(2026, 4, 1) + timedelta(days=number % 90), "blind" if blind else "open", "", SHARE,
                months=[5.0, 20.0, 50.0][who % 3], minutes=minutes, clock_minutes=minutes + 1.0, marks=3,
                decided=True, accepted=3, added=1, dropped=1, final=asked, chosen=asked if blind else (),
                reasons="hidden" if rng.random() < 0.25 else "shown", hidden=0.25,
            )
        )  # fmt: skip
    return found


def test_the_report_finds_the_effect_that_is_there() -> None:
    report = time_saved(office(1), OFFICE, NEEDED, 10)
    assert report.enough
    assert report.saved is not None
    assert report.saved.low is not None
    assert report.saved.high is not None
    assert report.saved.low <= 8.0 <= report.saved.high
    assert report.saved.low > 0
    assert report.results.hit_difference is not None
    assert report.results.hit_difference.low is not None
    assert report.results.hit_difference.low > 0
    assert report.choices_a_month is not None
    assert report.hours_a_month is not None
    assert report.hours_a_month.value == pytest.approx(8.6 * report.choices_a_month / 60, rel=0.25)
    assert report.office_median == 34.0
    assert [span.span for span in report.spans] == ["under_1_year", "1_to_3_years", "over_3_years"]
    assert all(span.saved is not None and span.saved > 4 for span in report.spans)
    assert sum(each.with_ranking for each in report.bins) == pytest.approx(1, abs=0.01)
    assert len(report.months) == 3


def test_an_unlike_share_of_each_arm_and_order_change_nothing() -> None:
    records = office(2)
    assert time_saved(records, OFFICE, NEEDED, 10) == time_saved(records, OFFICE, NEEDED, 10)
    turned = time_saved(records[::-1], OFFICE, NEEDED, 10)
    assert turned.with_ranking == time_saved(records, OFFICE, NEEDED, 10).with_ranking


def test_the_office_s_own_minutes_never_become_a_saving() -> None:
    """What choosing took before is printed as it is; without blind choices no difference is stated."""
    plain = [each for each in office(3) if each.arm == "open"]
    report = time_saved(plain, OFFICE, NEEDED, 10)
    assert report.office_median == 34.0
    assert (report.enough, report.saved, report.hours_a_month, report.bins) == (False, None, None, ())
    assert report.with_ranking.median_minutes is not None


@pytest.mark.parametrize("officers", [1, 2])
def test_two_officers_are_never_reported_however_much_they_choose(officers: int) -> None:
    report = time_saved(office(4, officers=officers), OFFICE, NEEDED, 10)
    assert (report.enough, report.saved, report.with_ranking.median_minutes) == (False, None, None)
    assert report.adoption.kept is None
    assert report.results.with_ranking.hit_rate is None
    assert all(span.suppressed for span in report.spans)


def test_few_officers_are_said() -> None:
    assert time_saved(office(4, officers=5), OFFICE, NEEDED, 10).few_officers
    assert not time_saved(office(4, officers=12), OFFICE, NEEDED, 10).few_officers


def test_a_small_span_takes_the_next_smallest_with_it() -> None:
    """Two newcomers among twelve: neither they nor who would be told by subtraction is shown."""
    records = [
        replace(each, months={0: 5.0, 1: 5.0, 2: 20.0, 3: 20.0, 4: 20.0}.get(each.officer, 60.0))
        for each in office(5)
    ]
    spans = {span.span: span for span in time_saved(records, OFFICE, NEEDED, 10).spans}
    assert spans["under_1_year"].suppressed
    assert spans["1_to_3_years"].suppressed
    assert not spans["over_3_years"].suppressed
    assert spans["under_1_year"].choices is None


def test_unfinished_choices_are_counted_as_opened_only() -> None:
    records = office(6)
    left = [
        replace(each, minutes=None, decided=False) if n % 10 == 0 else each for n, each in enumerate(records)
    ]
    report = time_saved(left, OFFICE, NEEDED, 10)
    assert report.without.opened + report.with_ranking.opened == 600
    assert report.without.choices + report.with_ranking.choices == 540


def test_the_report_names_nobody() -> None:
    fields = set(re.findall(r'"(\w+)":', json.dumps(asdict(time_saved(office(7), OFFICE, NEEDED, 10)))))
    assert not {"officer", "actor", "name", "user", "staff_id", "staff", "debtor_id"} & fields


def test_the_reasons_are_compared_in_the_arm_that_saw_the_ranking_first() -> None:
    reasons = time_saved(office(8), OFFICE, NEEDED, 10).reasons
    assert reasons.minutes_difference is not None
    assert reasons.minutes_difference.low is not None
    assert reasons.minutes_difference.high is not None
    assert reasons.minutes_difference.low <= 0 <= reasons.minutes_difference.high
    assert reasons.opened_share == 0
    none = time_saved([replace(each, reasons="") for each in office(8)], OFFICE, NEEDED, 10).reasons
    assert (none.shown, none.hidden, none.minutes_difference) == (0, 0, None)


def test_the_table_holds_every_figure_once() -> None:
    report = time_saved(office(9), OFFICE, NEEDED, 10)
    named = [row[0] for row in rows(report)]
    assert len(named) == len(set(named))
    assert {
        "saved",
        "results.without.hit_rate",
        "spans.over_3_years.saved",
        "months.2026-04.median_with",
    } <= set(named)
    text = as_csv(report)
    assert text.startswith("\ufefffigure,value,low,high\r\n")
    assert text.count("\r\n") == len(named) + 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_sentence_claims_minutes_that_were_not_measured(language: str) -> None:
    """Thirty minutes to three, or any other number of minutes: only a measured value fills it in."""
    claims: dict[str, Any] = {
        key: sentence
        for key, sentence in wording(language).sentences.items()
        if key.startswith(("time.", "trial.", "blind.")) and re.search(r"\d+\s*(分(?!に1回)|min)", sentence)
    }
    assert claims == {}
