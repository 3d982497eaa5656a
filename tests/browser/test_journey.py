"""The whole journey in one browser: an officer up to a finished choice, and an auditor who sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

from serving.app import now
from serving.wording import JAPAN

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD = "correct-horse-battery"
MOST_CLICKS = 8
Page = Any


class Hand:
    """Somebody at the mouse: every click counts, typing does not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, place: Any) -> None:  # noqa: ANN401
        place.click()
        self.clicks += 1


def log_in(hand: Hand, url: str, role: str) -> None:
    hand.page.context.clear_cookies()
    hand.page.goto(f"{url}/login")
    hand.page.get_by_label("利用者名").fill(role)
    hand.page.get_by_label("パスワード").fill(PASSWORD)
    hand.click(hand.page.get_by_role("button", name="ログイン"))


def open_first_case(hand: Hand) -> str:
    hand.page.wait_for_url("**/cases")
    link = hand.page.locator("tbody th a").first
    case = link.inner_text()
    hand.click(link)
    hand.page.wait_for_url("**/cases/*")
    return str(case)


def choose(hand: Hand) -> None:
    hand.page.locator("textarea[name=grounds]").fill("給与の支払がある。")
    hand.click(hand.page.get_by_role("button", name="選定を確定する"))
    hand.page.get_by_role("status").wait_for()


def make_the_batch(hand: Hand, url: str, files: ModuleType) -> None:
    """The inquiries of the choice go out."""
    hand.click(hand.page.get_by_role("button", name="照会を作成する"))
    hand.page.wait_for_url("**/batches/*")


def replies_come_in(hand: Hand, url: str, files: ModuleType) -> None:
    """A file of replies to the batch just made is read: one account found, the others nothing."""
    page = hand.page
    numbers = [each.inner_text() for each in page.locator("main code").all()]
    assert len(numbers) == 3
    today = now().astimezone(JAPAN).date().isoformat()
    first, *others = (files.Answered(number) for number in numbers)
    answers = [replace(first, accounts=(("普通", 48_200),)), *others]
    page.goto(f"{url}/replies")
    content = files.cover_rows(answers, today)
    file = {"name": "replies.xlsx", "mimeType": XLSX, "buffer": content}
    page.get_by_label("回答ファイル").set_input_files(file)
    hand.click(page.get_by_role("button", name="確認して取り込む"))
    assert "回答3件を取り込みました" in page.get_by_role("status").inner_text()
    assert "48,200円" in page.inner_text("main")


STEPS: tuple[Callable[[Hand, str, ModuleType], None], ...] = (make_the_batch, replies_come_in)


def second_round(hand: Hand, url: str, case: str) -> None:
    """The replies of the file ranked the case anew; one more, entered by hand, does so again."""
    page = hand.page
    page.goto(f"{url}/cases/{case}")
    assert "第2回" in page.get_by_role("heading", name="推薦する調査先").inner_text()
    assert "楽天銀行" in page.locator("table.targets").inner_text()
    hand.click(page.get_by_text("回答を入力する"))
    form = page.locator("form", has=page.locator("#newcode"))
    form.get_by_label("名称またはコード").fill("楽天銀行")
    form.get_by_label("照会日").fill("2026-04-02")
    form.get_by_label("回答日").fill("2026-04-09")
    hand.click(form.get_by_role("button", name="記録して順位を付け直す"))
    assert "楽天銀行" not in page.locator("table.targets").inner_text()


def test_a_newcomer_needs_few_clicks_and_an_auditor_sees_it_all(
    page: Page, url: str, files: ModuleType
) -> None:
    officer = Hand(page)
    log_in(officer, url, "officer")
    case = open_first_case(officer)
    choose(officer)
    assert officer.clicks <= MOST_CLICKS
    to_the_choice = officer.clicks
    for step in STEPS:
        step(officer, url, files)
    to_the_batch = officer.clicks
    assert to_the_batch <= MOST_CLICKS
    second_round(officer, url, case)

    auditor = Hand(page)
    log_in(auditor, url, "auditor")
    auditor.click(page.get_by_role("link", name="監査", exact=True))
    page.get_by_label("宛名番号").fill(case)
    page.get_by_label("利用者").select_option("officer")
    auditor.click(page.get_by_role("button", name="絞り込む"))
    listed = page.locator("table.audit").inner_text()
    for told in (
        "閲覧",
        "選定開始",
        "推薦10件",
        "選定を確定しました",
        "給与の支払がある。",
        "回答を記録しました",
    ):
        assert told in listed
    choice = page.locator("table.audit tr", has_text="選定を確定しました")
    auditor.click(choice.locator("th a"))
    shown = page.locator("section", has=page.locator("#shown"))
    assert "三菱UFJ銀行" in shown.inner_text()
    assert re.search(r"採用", shown.inner_text())
    auditor.click(page.get_by_role("button", name="再計算する"))
    assert "表示した内容と同じ" in page.get_by_role("status").inner_text()
    print(f"\nclicks from login to a finished choice: {to_the_choice}, to the batch: {to_the_batch}")
