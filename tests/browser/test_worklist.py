"""The worklist in a real browser: marks, filters, saved views, the keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import pytest

from serving.records.identity import Role

LOOKS = os.environ.get("TEGAKARI_LOOKS", "")
"""Set to a folder to keep a picture of every page that a test visits."""
Page = Any
Browser = Any
PASSWORD = "correct-horse-battery"
Start = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def url(start: Start, town: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    accounts = {"officer": (Role.OFFICER, town.OFFICER), "nobody": (Role.OFFICER, "")}
    with start(tmp_path_factory.mktemp("home"), town.fake_office(), accounts, page_size=4) as address:
        yield address


def _log_in(page: Page, url: str, name: str = "officer") -> None:
    page.goto(f"{url}/login")
    page.get_by_label("利用者名").fill(name)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url("**/cases")


def _picture(page: Page, name: str) -> None:
    if LOOKS:
        page.screenshot(path=f"{LOOKS}/{name}.png", full_page=True)


def _cases(page: Page) -> list[str]:
    return [str(text) for text in page.locator("tbody th a").all_inner_texts()]


def test_marks_and_filters_narrow_the_list_and_stay_together(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url)
    assert page.get_by_label("担当", exact=True).input_value() == "mine"
    page.get_by_label("担当", exact=True).select_option("all")
    page.get_by_role("button", name="絞り込む").click()
    assert page.get_by_text("12件・").is_visible()
    page.get_by_role("link", name="支援措置 1").click()
    assert _cases(page) == [town.PROTECTED]
    assert page.get_by_label("担当", exact=True).input_value() == "all"
    page.get_by_role("link", name="すべて", exact=True).click()
    page.get_by_label("滞納額の下限(円)").fill("２４８，０００")
    page.get_by_label("並び順").select_option("arrears")
    page.get_by_role("button", name="絞り込む").click()
    assert _cases(page) == town.IDS[:6:-1][:4]
    page.get_by_role("link", name="次へ").click()
    assert len(_cases(page)) == 1
    _picture(page, "worklist-narrowed")
    page.get_by_role("link", name="条件を外す").click()
    assert len(_cases(page)) == 4


@pytest.mark.parametrize("width", [1280, 800])
def test_the_list_fits_its_window(page: Page, url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    _log_in(page, url)
    page.goto(f"{url}/cases?whose=all&show=zz&page=999")
    assert "最後の3ページ目" in page.get_by_role("status").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    _picture(page, f"worklist-{width}")


def test_a_view_is_saved_and_found_by_keyboard_alone(page: Page, url: str) -> None:
    _log_in(page, url)
    page.goto(f"{url}/cases?mark=broken&whose=all")
    page.get_by_text("今の条件を保存する").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("約束不履行の全件")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="約束不履行の全件").wait_for()
    page.goto(f"{url}/cases")
    page.get_by_role("link", name="約束不履行の全件").click()
    assert len(_cases(page)) == 1
    _picture(page, "worklist-saved")
    page.get_by_role("button", name="「約束不履行の全件」を削除する").click()
    assert page.get_by_role("link", name="約束不履行の全件").count() == 0


def test_the_second_skip_link_leads_past_the_filters(page: Page, url: str) -> None:
    _log_in(page, url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "絞り込みを飛ばして一覧へ"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/0*")


def test_an_account_tied_to_nobody_is_told(page: Page, url: str) -> None:
    _log_in(page, url, "nobody")
    assert "どの職員にも結び付いていません" in page.get_by_role("status").inner_text()
    _picture(page, "worklist-nobody")
