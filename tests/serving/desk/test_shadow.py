from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from serving.app import build_app
from serving.desk.shadow import Shadow
from serving.desk.shadow_report import FEWEST, shadow_report
from serving.office.office import Versions
from serving.records.entry import Clock
from serving.records.events import RecommendationShown, ReplyReceived
from serving.records.identity import Identity
from serving.records.journal import Journal
from serving.records.model_events import ShadowScored, ShadowSet
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.shadowing import report_lines

PASSWORD = "correct-horse-battery"


def shadow_of(town: ModuleType, journal: Journal, adviser: object = None) -> Shadow:
    champion = town.fake_office()
    return Shadow(journal, town.fake_office(adviser, Versions("tegakari/4", champion.versions.data)))


@contextmanager
def pages(path: Path, clock: Clock, town: ModuleType, token: str) -> Iterator[tuple[TestClient, Engine]]:
    engine = open_store(f"sqlite:///{path}")
    app = build_app(Settings(home=path.parent, page_size=5), town.fake_office(), clock, engine)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        client.cookies.set("tegakari", token)
        yield client, engine


def test_officers_see_the_same_bytes_with_and_without_a_shadow(
    *, engine: Engine, identity: Identity, clock: Clock, settings: Settings, town: ModuleType, tmp_path: Path
) -> None:
    token = identity.log_in("officer", PASSWORD).token
    Journal(engine, clock).append("command", ShadowSet("", "tegakari/4", "課長", "試行"))
    engine.dispose()
    both = [tmp_path / name / "tegakari.db" for name in ("with", "without")]
    for path in both:
        path.parent.mkdir()
        shutil.copy(settings.home / "tegakari.db", path)
    paths = ["/cases", *(f"/cases/{case}" for case in town.IDS[:3]), f"/cases/{town.PROTECTED}"]
    calls = [f"/api/v1/cases/{case}" for case in town.IDS[:3]]
    bearer = {"Authorization": f"Bearer {token}"}
    seen: list[list[bytes]] = []
    for path in both:
        with pages(path, clock, town, token) as (client, store):
            first = [client.get(each).content for each in paths]
            if path.parent.name == "with":
                assert shadow_of(town, Journal(store, clock)).score_new() == len(paths) - 1
            again = [client.get(each).content for each in paths]
            told = [client.get(each, headers=bearer).content for each in calls]
            shown = [client.post(f"{each}/recommendations", headers=bearer).content for each in calls]
            seen.append([*first, *again, *told, *shown])
    assert seen[0] == seen[1]
    assert b"tegakari/4" not in b"".join(seen[0])


def shown(journal: Journal, town: ModuleType, case: str) -> int:
    office = town.fake_office()
    advice = office.advise(case)
    targets = [
        {"target_kind": t.target_kind, "target_code": t.target_code, "probability": t.probability}
        for t in advice.targets
    ]
    event = RecommendationShown(case, 0, "tegakari/3", office.versions.data, {"targets": targets})
    return journal.append("officer", event).seq


def test_it_scores_each_recommendation_once_and_goes_on_after_a_restart(
    journal: Journal, town: ModuleType
) -> None:
    journal.append("command", ShadowSet("", "tegakari/4", "課長", "試行"))
    first = shown(journal, town, town.IDS[0])
    assert shadow_of(town, journal).score_new() == 1
    second = shown(journal, town, town.IDS[1])
    again = shadow_of(town, journal)
    assert again.score_new() == 1
    assert again.score_new() == 0
    scored = [entry.facts for entry in journal.entries(kinds=("ShadowScored",))]
    assert [facts["recommendation"] for facts in scored] == [first, second]
    assert scored[0]["model_version"] == "tegakari/4"
    assert set(scored[0]["order"][0]) == {"target_kind", "target_code", "probability"}


def test_what_was_shown_before_it_began_is_left_alone(journal: Journal, town: ModuleType) -> None:
    shown(journal, town, town.IDS[0])
    journal.append("command", ShadowSet("", "tegakari/4", "課長", "試行"))
    assert shadow_of(town, journal).score_new() == 0


def test_replies_known_when_it_was_shown_count_and_later_ones_do_not(
    journal: Journal, town: ModuleType
) -> None:
    journal.append("command", ShadowSet("", "tegakari/4", "課長", "試行"))
    kind, code, _ = town.TARGETS[0]
    journal.append("officer", ReplyReceived(town.IDS[1], kind, code, "2026-04-01", "2026-04-02", "none"))
    shown(journal, town, town.IDS[1])
    later_kind, later_code, _ = town.TARGETS[1]
    journal.append(
        "officer", ReplyReceived(town.IDS[1], later_kind, later_code, "2026-04-01", "2026-04-02", "none")
    )
    shadow_of(town, journal).score_new()
    order = journal.entries(kinds=("ShadowScored",))[0].facts["order"]
    listed = {(each["target_kind"], each["target_code"]) for each in order}
    assert (kind, code) not in listed
    assert (later_kind, later_code) in listed


def test_a_report_says_that_few_are_few(journal: Journal, town: ModuleType) -> None:
    journal.append("command", ShadowSet("", "tegakari/4", "課長", "試行"))
    shown(journal, town, town.IDS[0])
    shadow_of(town, journal).score_new()
    report = shadow_report(journal, "tegakari/4")
    assert (report.scored, report.cases, report.agreement, report.gain) == (1, 1, None, None)
    assert sum("件数が少ない" in line for line in report_lines(report)) == 3


def test_a_report_compares_on_replies_that_came_later(journal: Journal) -> None:
    """The shadow puts the find first, the champion second; an earlier reply does not count."""
    a, b = ("bank", "0005"), ("employer", "E1")
    for number in range(FEWEST):
        case = f"{number:015d}"
        lists = [
            [
                {"target_kind": k, "target_code": c, "probability": p}
                for (k, c), p in zip(order, (0.6, 0.3), strict=True)
            ]
            for order in ((a, b), (b, a))
        ]
        seq = journal.append("officer", RecommendationShown(case, 0, "3", "d", {"targets": lists[0]})).seq
        journal.append("shadow", ShadowScored(case, seq, "4", "d", tuple(lists[1])))
        journal.append("officer", ReplyReceived(case, *a, "2026-04-02", "2026-04-02", "none"))
        journal.append("officer", ReplyReceived(case, *b, "2026-04-02", "2026-04-02", "found", 50_000))
        journal.append("officer", ReplyReceived(case, "bank", "9900", "2026-03-01", "2026-04-02", "none"))
    report = shadow_report(journal, "4")
    assert (report.cases, report.answered, report.hits) == (FEWEST, FEWEST, FEWEST)
    assert report.agreement is not None
    assert (report.agreement[1].value, report.agreement[3].value) == (0.0, 1.0)
    assert report.champion_hit_at_1 is not None
    assert report.shadow_hit_at_1 is not None
    assert report.gain is not None
    assert (report.champion_hit_at_1.value, report.shadow_hit_at_1.value, report.gain.value) == (
        0.0,
        1.0,
        1.0,
    )
    assert report.errors is not None
    assert report.errors[1].value == pytest.approx(0.35)
