from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from serving.settings import Settings
from serving.terminal import commands, service

PICTURES = os.environ.get("TEGAKARI_PICTURES", "")
"""Set to ``tests/browser/pictures`` to renew the pictures of the documentation."""
LOOKS = os.environ.get("TEGAKARI_LOOKS", "")
"""Set to a folder to keep a picture of every page that a test visits."""
Page = Any
Browser = Any
PASSWORD = "correct-horse-battery"
Start = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def url(
    start: Start, staffed: Mapping[str, Any], town: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with start(tmp_path_factory.mktemp("home"), town.fake_office(), staffed) as address:
        yield address


@pytest.fixture
def page(watched: Page) -> Page:
    return watched


def _log_in(page: Page, url: str, role: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("利用者名").fill(role)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("**/cases")


def _picture(page: Page, name: str) -> None:
    if LOOKS:
        page.screenshot(path=f"{LOOKS}/{name}.png", full_page=True)


def test_from_login_to_a_finished_choice(page: Page, url: str) -> None:
    _log_in(page, url, "officer")
    assert page.title().startswith("事案一覧")
    _picture(page, "worklist")
    page.locator("tbody th a").first.click()
    assert page.get_by_role("heading", name="推薦する調査先").is_visible()
    assert page.locator("table.targets tbody tr").count() == 10
    assert page.locator("table.targets input[type=checkbox]:checked").count() == 3
    _picture(page, "case")
    page.locator("#t3").uncheck()
    page.get_by_role("button", name="選定を確定する").click()
    assert "理由が必要" in page.get_by_role("alert").inner_text()
    assert not page.locator("#t3").is_checked()
    page.locator("#t3d").fill("解約済みと本人談")
    page.locator("#t5").check()
    page.get_by_role("button", name="選定を確定する").click()
    said = page.get_by_role("status").inner_text()
    assert re.search(r"選定3件、追加0件、除外1件", said)
    _picture(page, "confirmed")


def test_the_keyboard_alone_reaches_the_first_case(page: Page, url: str) -> None:
    _log_in(page, url, "supervisor")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#list"
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('tbody th') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    assert page.get_by_role("heading", level=1).inner_text().startswith("事案")


def test_english_is_a_link_away_and_stays(page: Page, url: str) -> None:
    _log_in(page, url, "auditor")
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Cases"
    page.locator("tbody th a").first.click()
    assert page.get_by_role("heading", name="Recommended targets").is_visible()
    assert page.locator("input[type=checkbox]").count() == 0


def test_a_protected_case_is_marked_and_hides_the_address(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url, "officer")
    page.goto(f"{url}/cases/{town.PROTECTED}")
    text = page.inner_text("main")
    assert "支援措置" in text
    assert town.SECRET_POSTCODE not in text
    assert town.SECRET_NOTE not in text
    _picture(page, "protected")


@pytest.mark.parametrize("width", [1280, 820])
def test_no_page_scrolls_sideways_and_every_field_has_a_label(
    page: Page, url: str, town: ModuleType, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _log_in(page, url, "supervisor")
    for path in (
        "/cases",
        f"/cases/{town.RANKED}",
        f"/cases/{town.ROUTED}",
        f"/cases/{town.RANKED}/hardship",
        "/slots",
        "/assignments",
        "/reminders",
        "/casebook",
        "/time-saved",
        "/models",
        "/nowhere",
    ):
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
            ".filter(field => field.labels.length === 0).map(field => field.outerHTML)"
        )
        assert unnamed == [], path
        assert page.locator("h1").count() == 1, path
        _picture(page, f"{width}{path.replace('/', '-')}")


def test_a_reply_brings_the_second_round(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url, "officer")
    page.goto(f"{url}/cases/{town.IDS[2]}")
    page.get_by_text("回答を入力する").click()
    form = page.locator("form", has=page.locator("#newcode"))
    form.get_by_label("名称またはコード").fill("三菱UFJ銀行")
    form.get_by_label("照会日").fill("2026-04-02")
    form.get_by_label("回答日").fill("2026-04-09")
    form.get_by_role("button", name="記録して順位を付け直す").click()
    assert "第2回" in page.get_by_role("heading", name="推薦する調査先").inner_text()
    assert "三菱UFJ銀行" not in page.locator("table.targets").inner_text()
    assert "前回2位" in page.locator("table.targets").inner_text()
    _picture(page, "second-round")
    page.get_by_text("訂正・取消し").click()
    page.get_by_role("button", name="この回答を取り消す").click()
    assert "第2回" not in page.get_by_role("heading", name="推薦する調査先").inner_text()


def test_the_evidence_sheet_and_the_slots(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url, "supervisor")
    page.goto(f"{url}/cases/{town.IDS[3]}")
    page.get_by_role("link", name="確認票を開く").click()
    assert "徴税吏員が判断" in page.inner_text("main")
    _picture(page, "hardship")
    page.goto(f"{url}/slots")
    page.get_by_label("無作為枠の割合").select_option("0.1")
    page.get_by_label("設定の理由").fill("来年度の評価のため")
    page.get_by_role("button", name="設定する").click()
    assert "10%" in page.get_by_role("status").inner_text()
    _picture(page, "slots")
    page.goto(f"{url}/cases/{town.IDS[4]}")
    assert page.get_by_text("無作為枠 10%").is_visible()
    _picture(page, "random-slot")
    page.goto(f"{url}/slots")
    page.get_by_label("無作為枠の割合").select_option("0.0")
    page.get_by_label("設定の理由").fill("試行の終わり")
    page.get_by_role("button", name="設定する").click()


def test_a_supervisor_changes_an_assignment_and_accepts_all(page: Page, url: str) -> None:
    _log_in(page, url, "supervisor")
    page.goto(f"{url}/assignments")
    assert page.locator("svg.loadbar").count() >= 2
    assert "担当の組合せのほかには使わず" in page.inner_text("main")
    row = page.locator("table:not(.loads) tbody tr").first
    before = row.locator("td").first.inner_text()
    row.get_by_text("変更", exact=True).first.click()
    others = row.locator("select option:not([selected])")
    row.locator("select").select_option(others.first.get_attribute("value"))
    row.locator("input[name=reason]").fill("以前から相談を受けている職員のため")
    row.locator("button").click()
    assert page.get_by_role("status").is_visible()
    row = page.locator("table:not(.loads) tbody tr").first
    assert row.locator("td").first.inner_text() != before
    assert "以前から相談を受けている職員のため" in row.inner_text()
    page.get_by_role("link", name="この案をすべて採用する").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignments/accept")
    assert "事案10件を職員" in page.inner_text("main")
    _picture(page, "accepting")
    page.get_by_role("button", name="採用する").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignments?done=accepted")
    assert page.get_by_role("status").is_visible()
    _picture(page, "assigned")


def test_a_declined_case_is_settled_on_the_board(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url, "supervisor")
    page.goto(f"{url}/cases/{town.IDS[6]}")
    page.get_by_text("として辞退する").click()
    page.get_by_label("辞退の理由").fill("同じ町内会の役員のため")
    _picture(page, "declining")
    page.get_by_role("button", name="辞退を記録する").click()
    assert "同じ町内会の役員のため" in page.locator("section", has=page.locator("#declining")).inner_text()
    _picture(page, "declined")
    page.goto(f"{url}/assignments")
    _picture(page, "board-declined")
    page.get_by_role("link", name="この案をすべて採用する").click()
    assert "辞退された事案が1件残っている" in page.get_by_role("note").inner_text()
    assert page.get_by_role("button", name="採用する").count() == 0
    page.get_by_role("link", name="担当案へ戻る").first.click()
    page.get_by_role("button", name="この担当にする").click()
    assert page.get_by_role("status").is_visible()
    assert page.locator("#declined").count() == 0
    _picture(page, "board-settled")


@pytest.fixture(scope="module")
def town_url(
    start: Start, staffed: Mapping[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Serve a made-up town with a model that learnt from it."""
    place = tmp_path_factory.mktemp("pictured")
    settings = Settings(home=place / "home")
    commands.write_town(settings, place / "town", debtors=1500, seed=0, style="ward")
    commands.train_folder(settings, place / "town", given={"threads": 1})
    office = service.open_office(settings, place / "town")
    with start(settings.home, office, staffed) as address:
        yield address


def _pictured(page: Page, name: str) -> None:
    """Keep a picture of the window in 128 colours, so that the repository stays small."""
    image = pytest.importorskip("PIL.Image")
    file = Path(PICTURES) / f"{name}.png"
    page.screenshot(path=str(file), full_page=name == "case")
    image.open(file).convert("RGB").quantize(128).save(file, optimize=True)
    assert file.stat().st_size < 300_000


@pytest.mark.skipif(not PICTURES, reason="TEGAKARI_PICTURES names no folder for pictures")
def test_the_pictures_of_the_documentation(browser: Browser, town_url: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="ja-JP")
    page = context.new_page()
    _log_in(page, town_url, "officer")
    _pictured(page, "worklist")
    page.locator("tbody th a").first.click()
    _pictured(page, "case")
    page.get_by_role("button", name="選定を確定する").click()
    for role, path, name in (
        ("supervisor", "/assignments", "assignments"),
        ("auditor", "/audit", "audit"),
    ):
        context.clear_cookies()
        _log_in(page, town_url, role)
        page.goto(f"{town_url}{path}")
        _pictured(page, name)
    context.close()


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (Path(__file__).parent / "pictures").glob("*.png"))
)
def test_the_pictures_of_the_documentation_are_there(name: str) -> None:
    picture = Path(__file__).with_name("pictures") / f"{name}.png"
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20], "big") == 1280
    assert picture.stat().st_size < 300_000
