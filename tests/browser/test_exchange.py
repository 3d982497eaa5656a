"""From a choice to its batch, to the answer that comes back, to the second round: in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from serving.app import now
from serving.wording import JAPAN

LOOKS = os.environ.get("TEGAKARI_LOOKS", "")
PASSWORD = "correct-horse-battery"
Page = Any

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
        page.screenshot(path=f"{LOOKS}/exchange-{name}.png", full_page=True)


def test_from_a_choice_to_the_second_round(
    page: Page, url: str, town: ModuleType, files: ModuleType, tmp_path: Path
) -> None:
    today = now().astimezone(JAPAN).date()
    _log_in(page, url, "officer")
    page.goto(f"{url}/cases/{town.IDS[1]}")
    page.get_by_role("button", name="選定を確定する").click()
    _picture(page, "confirmed")
    page.get_by_role("button", name="照会を作成する").click()
    page.wait_for_url("**/batches/*")
    batch = page.url
    _picture(page, "batch")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV 三菱UFJ銀行").click()
    rows = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "{{カナ氏名}}" in rows
    number = rows.splitlines()[1].split(",")[0]
    assert number in page.inner_text("main")
    page.get_by_role("link", name="文書の照会書をすべて開く").click()
    assert page.locator("article.letter").count() == 3
    _picture(page, "letters")
    if LOOKS:
        page.pdf(path=f"{LOOKS}/exchange-letters.pdf", prefer_css_page_size=True)
    page.goto(f"{url}/replies")
    wrong = tmp_path / "wrong.xlsx"
    answer = files.Answered(number, (("普通", 48_200), ("定期", 300_000)))
    wrong.write_bytes(files.cover_rows([answer], today.isoformat(), {"残高合計": "348,201円"}))
    page.get_by_label("回答ファイル").set_input_files(wrong)
    page.get_by_role("button", name="確認して取り込む").click()
    assert "何も取り込んでいません" in page.get_by_role("alert").inner_text()
    assert "残高の合計が明細と合いません" in page.locator("table").first.inner_text()
    _picture(page, "faults")
    right = tmp_path / "right.xlsx"
    right.write_bytes(files.cover_rows([answer], today.isoformat()))
    page.get_by_label("回答ファイル").set_input_files(right)
    page.get_by_role("button", name="確認して取り込む").click()
    assert "回答1件を取り込みました" in page.get_by_role("status").inner_text()
    assert "348,200円" in page.inner_text("main")
    _picture(page, "taken")
    page.get_by_label("回答ファイル").set_input_files(right)
    page.get_by_role("button", name="確認して取り込む").click()
    assert "取込日時" in page.get_by_role("alert").inner_text()
    page.goto(f"{url}/cases/{town.IDS[1]}")
    assert "第2回" in page.get_by_role("heading", name="推薦する調査先").inner_text()
    assert "三菱UFJ銀行" not in page.locator("table.targets").inner_text()
    _picture(page, "second-round")
    page.goto(batch)
    assert "回答1件/3件" in page.inner_text("main")


def test_a_file_that_is_too_large_is_told_of_in_the_browser(page: Page, url: str, tmp_path: Path) -> None:
    _log_in(page, url, "officer")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(50 * 2**20)
    page.goto(f"{url}/replies")
    page.get_by_label("回答ファイル").set_input_files(large)
    page.get_by_role("button", name="確認して取り込む").click()
    assert "ファイルが大きすぎます" in page.inner_text("main")
    _picture(page, "large")


def test_no_page_scrolls_sideways_and_every_field_has_a_label(page: Page, url: str, town: ModuleType) -> None:
    _log_in(page, url, "officer")
    for debtor in (town.IDS[2], town.PROTECTED):
        page.goto(f"{url}/cases/{debtor}")
        page.get_by_role("button", name="選定を確定する").click()
    page.get_by_role("button", name="照会を作成する").click()
    batch = page.url.removesuffix("/letters").removeprefix(url)
    plain = ("/batches", "/replies", "/batches?lang=en", "/replies?lang=en")
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for path in (batch, f"{batch}/letters", *plain):
            page.goto(url + path)
            _look(page, f"{width}{path.replace('/', '-').replace('?', '-')}")


def _look(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    assert page.locator("h1").count() == 1, name
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
        ".filter(field => field.labels.length === 0).map(field => field.outerHTML)"
    )
    assert unnamed == [], name
    _picture(page, name)
