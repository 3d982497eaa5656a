from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import create_engine

from serving.desk.recompute import recompute
from serving.office.former_models import former_models
from serving.office.office import Versions
from serving.records.events import RecommendationShown
from serving.records.journal import Journal
from serving.records.store import METADATA
from serving.terminal import service

Learnt = Any
Clock = Any


def test_a_real_recommendation_comes_out_the_same_by_both_ways(learnt: Learnt, clock: Clock) -> None:
    """By the model that serves, and by the same model once another one serves."""
    office: Any = service.open_office(learnt.settings, learnt.folder)
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    journal = Journal(engine, clock)
    case = next(each for each in office.case_ids if office.advise(each).targets)
    advice, versions = office.advise(case), office.versions
    entry = journal.append(
        "hanako",
        RecommendationShown(
            case, 0, versions.model, versions.data, asdict(advice), {"told": [], "slots": None}
        ),
    )
    assert recompute(office, journal, entry).outcome == "same"
    office.versions = Versions("999", versions.data)
    found = recompute(office, journal, entry)
    assert (found.outcome, found.by_kept_model, found.differences) == ("same", True, ())
    gone = replace(
        entry, body=entry.body.replace(f'"model_version":"{versions.model}"', '"model_version":"77"')
    )
    assert recompute(office, journal, gone).needs_model == "77"


def test_a_version_that_is_no_number_is_never_looked_for(learnt: Learnt) -> None:
    assert former_models(learnt.settings.home / "models", None)("../models/1") is None  # type: ignore[arg-type]
