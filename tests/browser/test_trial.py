"""A case chosen before its ranking is seen, reasons folded away, and the report, in real Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from serving.desk.trial_setting import in_force
from serving.records.events import BlindChoiceMade, CaseOpened, DecisionMade, ReasonsOpened, ReplyReceived
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings

LOOKS = os.environ.get("TEGAKARI_LOOKS", "")
PICTURES = os.environ.get("TEGAKARI_PICTURES", "")
PASSWORD = "correct-horse-battery"
Page = Any


@dataclass(frozen=True)
class Served:
    url: str
    journal: Journal
    cases: tuple[str, ...]


@pytest.fixture(scope="module")
def served(
    start: Callable[..., AbstractContextManager[str]],
    staffed: Mapping[str, Any],
    town: ModuleType,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    home, clock = tmp_path_factory.mktemp("home"), Clock()
    journal = Journal(open_store(Settings(home=home).records_url), clock)
    with start(home, town.fake_office(), staffed, drawn=True) as url:
        fill(journal, clock)
        yield Served(url, journal, tuple(town.IDS[:10]))


@pytest.fixture(scope="module")
def url(served: Served) -> str:
    return served.url


@pytest.fixture
def page(watched: Page) -> Page:
    return watched


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


BANK = {"target_kind": "bank", "target_code": "0005", "rank": 1}
PAY = {"target_kind": "employer", "target_code": "E00001", "rank": 2}


def fill(journal: Journal, clock: Clock, choices: int = 420) -> None:
    """Journal months of a made-up office: 12 minutes without the ranking, 4 with it, more found."""
    rng = np.random.default_rng(1)
    for number in range(choices):
        who, blind, hidden = number % 11, bool(rng.random() < 0.2), bool(rng.random() < 0.25)
        actor, case, months = f"officer{who}", f"9{number:014d}", [5.0, 20.0, 50.0, 60.0][who % 4]
        clock.moment += timedelta(hours=5)
        opened = journal.append(
            actor,
            CaseOpened(case, 200_000, "blind" if blind else "open", "", 0.2,
                       "hidden" if hidden else "shown", 0.25, 1, months),
        )  # fmt: skip
        took = float((12 if blind else 4) * np.exp(rng.normal(0, 0.5)))
        minutes = (round(took * 1.1, 2), round(took, 2))
        if blind:
            journal.append(actor, BlindChoiceMade(case, opened.seq, (PAY,), False, "", *minutes, 5.0, 4))
        if hidden and number % 3 == 0:
            journal.append(actor, ReasonsOpened(case, 0, opened.seq))
        journal.append(
            actor,
            DecisionMade(case, 0, (BANK, PAY), (), (), (), "", opened.at, opened.at, *minutes[:1],
                         active_minutes=minutes[1], idle_minutes=5.0, marks=3, opened=opened.seq),
        )  # fmt: skip
        day = f"{clock.moment:%Y-%m-%d}"
        for target in (BANK, PAY):
            hit = bool(rng.random() < (0.35 if target is BANK else 0.2))
            journal.append(
                actor,
                ReplyReceived(case, target["target_kind"], target["target_code"], day, day,
                              "found" if hit else "none", 60_000 if hit else None),
            )  # fmt: skip


def _log_in(page: Page, url: str, role: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("利用者名").fill(role)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()


def _picture(page: Page, name: str) -> None:
    if LOOKS:
        page.screenshot(path=f"{LOOKS}/{name}.png", full_page=True)


def _case(served: Served, user: str, blind: bool, hidden: bool) -> str:
    setting = in_force(served.journal)
    return next(
        case
        for case in served.cases
        if not served.journal.entries(kinds=("CaseOpened",), debtor_id=case)
        and (setting.draws_blind(case, user), setting.draws_hidden(case, user)) == (blind, hidden)
    )


def _set(page: Page, served: Served, blind: str, hidden: str) -> None:
    page.goto(f"{served.url}/trial")
    page.get_by_label("順位を見る前に選定する割合").select_option(blind)
    page.get_by_label("理由を折り畳む割合").select_option(hidden)
    page.get_by_label("設定の理由").fill("効果を確かめるため")
    page.get_by_role("button", name="設定する").click()
    assert "効果を確かめるため" in page.get_by_role("status").inner_text()


def _until(page: Page, served: Served, user: str, blind: bool, hidden: bool, shares: tuple[str, str]) -> str:
    """Set the shares anew until one of the ten cases falls into the wanted arms."""
    for _ in range(20):
        _set(page, served, *shares)
        try:
            return _case(served, user, blind, hidden)
        except StopIteration:
            continue
    raise AssertionError("no case fell into the arm")


def test_a_case_is_chosen_blind_then_revised(page: Page, served: Served) -> None:
    _log_in(page, served.url, "supervisor")
    case = _until(page, served, "supervisor", True, False, ("0.3", "0.0"))
    _picture(page, "trial-setting")
    page.goto(f"{served.url}/cases/{case}")
    assert "推薦を見る前に調査先を選びます" in page.inner_text("main")
    text = page.content()
    assert "推薦する調査先" not in text
    assert "財産種別ごとの見込み" not in text
    assert page.locator("table.targets").count() == 0
    _picture(page, "blind")
    page.wait_for_timeout(1100)  # the page tells its signs in whole seconds: one stands apart from both ends
    page.get_by_role("button", name="選定を確定し、推薦を見る").click()
    assert "一つも入力されていません" in page.get_by_role("alert").inner_text()
    page.wait_for_timeout(1100)
    page.locator("#name1").fill("ゆうちょ銀行")
    page.locator("#kind2").select_option("employer")
    page.locator("#name2").fill("株式会社中央塗装")
    page.locator("#grounds").fill("給与の支払がある")
    page.goto(f"{served.url}/cases/{case}/hardship")
    assert "先に選定を確定" in page.inner_text("main")
    page.goto(f"{served.url}/cases/{case}")
    page.locator("#name1").fill("ゆうちょ銀行")
    page.locator("#kind2").select_option("employer")
    page.locator("#name2").fill("株式会社中央塗装")
    page.locator("#grounds").fill("給与の支払がある")
    page.get_by_role("button", name="選定を確定し、推薦を見る").click()
    assert page.get_by_role("heading", name="推薦する調査先").is_visible()
    assert "ゆうちょ銀行" in page.locator(".before-ranking").inner_text()
    assert page.locator("#grounds").input_value() == "給与の支払がある"
    assert page.locator("table.targets input[type=checkbox]:checked").count() == 3
    _picture(page, "revised")
    page.get_by_role("button", name="選定を確定する").click()
    assert "選定を記録しました" in page.get_by_role("status").inner_text()
    blind = served.journal.entries(kinds=("BlindChoiceMade",), debtor_id=case)[-1].facts
    assert [t["target_code"] for t in blind["chosen"]] == ["9900", "E00001"]
    assert blind["marks"] >= 1  # the page's script told that it was worked on
    made = served.journal.entries(kinds=("DecisionMade",), debtor_id=case)[-1].facts
    assert made["opened"] == blind["opened"]


def test_the_blind_page_works_without_script(browser: Any, served: Served) -> None:  # noqa: ANN401
    context = browser.new_context(
        java_script_enabled=False, locale="ja-JP", viewport={"width": 820, "height": 900}
    )
    page = context.new_page()
    _log_in(page, served.url, "supervisor")
    case = _until(page, served, "supervisor", True, False, ("0.3", "0.0"))
    page.goto(f"{served.url}/cases/{case}")
    page.get_by_label("照会する調査先はない").check()
    page.get_by_role("button", name="選定を確定し、推薦を見る").click()
    assert page.get_by_role("heading", name="推薦する調査先").is_visible()
    assert "照会先なし" in page.locator(".before-ranking").inner_text()
    facts = served.journal.entries(kinds=("BlindChoiceMade",), debtor_id=case)[-1].facts
    assert (facts["marks"], facts["nothing"]) == (0, True)
    context.close()


def test_folded_reasons_keep_the_grounds_in_sight_and_open_with_what_was_typed(
    page: Page, served: Served
) -> None:
    _log_in(page, served.url, "supervisor")
    case = _until(page, served, "supervisor", False, True, ("0.0", "0.5"))
    page.goto(f"{served.url}/cases/{case}")
    table = page.locator("table.targets")
    assert "同僚の多くがこの銀行" not in table.inner_text()
    assert "過去の回答、課税資料" in table.inner_text()
    page.locator("#t5").check()
    _picture(page, "folded")
    page.get_by_role("button", name="理由を表示する").click()
    assert "同僚の多くがこの銀行" in page.content()
    assert page.locator("#t5").is_checked()
    assert page.get_by_role("button", name="理由を表示する").count() == 0
    assert served.journal.entries(kinds=("ReasonsOpened",), debtor_id=case)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 820])
def test_the_report_is_whole_names_nobody_and_does_not_scroll_sideways(
    page: Page, served: Served, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _log_in(page, served.url, "supervisor")
    page.goto(f"{served.url}/time-saved?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("svg.plot").count() == 2
    text = page.inner_text("main")
    assert "officer1" not in text
    assert "T002" not in text
    assert len(page.content()) < 300_000
    _picture(page, f"time-saved-{language}-{width}")
    if PICTURES and (language, width) == ("ja", 1280):
        page.screenshot(path=f"{PICTURES}/time-saved.png")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    if LOOKS and width == 1280:
        page.pdf(path=f"{LOOKS}/time-saved-{language}.pdf", format="A4")
    answer = page.request.get(f"{served.url}/time-saved.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "officer1" not in answer.text()
