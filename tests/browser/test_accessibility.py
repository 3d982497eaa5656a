"""Every page of the service, in both languages, against axe-core's rules, at several widths, by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
Page = Any
Enter = Callable[[Page, str], None]
LOOKS = os.environ.get("TEGAKARI_LOOKS", "")
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
ROLES = ("supervisor", "auditor")
"""Between them they may see every page, with every form and without any."""
WIDTHS = {"1280": 1280, "tablet": 820, "200 %": 640, "400 %": 320}
"""A window of 1280 px, a tablet, and what is left of 1280 px when the reader enlarges to 200 and 400 %."""
LOST = """() => [...document.querySelectorAll('main :is(a, button, input, select, textarea), h1, h2')]
  .filter(each => !each.closest('.scroll, .skip') && each.checkVisibility())
  .filter(each => { const box = each.getBoundingClientRect();
                    return box.width > 1 && (box.right > window.innerWidth + 1 || box.left < -1) })
  .map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def addresses(url: str, samples: ModuleType) -> tuple[str, ...]:
    """Every page, once something happened: a choice with a departure, a recomputed recommendation."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        login = {"name": "supervisor", "password": "correct-horse-battery"}
        token = client.post("/api/v1/login", json=login).json()["token"]
        numbers = samples.happen(client, {"Authorization": f"Bearer {token}"})
    return ("/login", *samples.read_addresses(numbers, samples.PAGES), "/nowhere")


def _letter(address: str) -> bool:
    """A letter is Japanese whoever looks at it, and laid out as the sheet of paper that it becomes."""
    return "/letters" in address


def _told(violation: dict[str, Any]) -> str:
    nodes = [node["html"][:140].replace("\n", " ") for node in violation["nodes"][:3]]
    return f"{violation['id']} ({len(violation['nodes'])}): {violation['help']} {nodes}"


def test_every_page_has_a_sample(samples: ModuleType, town: ModuleType, tmp_path: Path) -> None:
    from serving.app import build_app  # noqa: PLC0415
    from serving.settings import Settings  # noqa: PLC0415

    assert samples.without_sample(build_app(Settings(home=tmp_path), town.fake_office())) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing(
    *, browser: Page, url: str, enter: Enter, addresses: tuple[str, ...], role: str, language: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    found = {}
    enter(page, role)
    page.goto(f"{url}/casebook?lang={language}")
    for address in addresses:
        answer = page.goto(url + address)
        if answer.status == 403:
            continue
        assert _letter(address) or page.locator("html").get_attribute("lang") == language
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        results = axe.Axe().run(page, options=RULES)
        if results.violations_count:
            found[address] = [_told(each) for each in results.response["violations"]]
    context.close()
    assert not found, "\n".join(f"{address}: {each}" for address, all_of in found.items() for each in all_of)


def test_between_them_the_roles_see_every_page(
    page: Page, url: str, enter: Enter, addresses: tuple[str, ...]
) -> None:
    seen: set[str] = set()
    for role in ROLES:
        enter(page, role)
        seen |= {address for address in addresses if page.goto(url + address).status in (200, 404)}
    assert set(addresses) - seen == set()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_lost_and_nothing_scrolls_sideways(
    *, page: Page, url: str, enter: Enter, addresses: tuple[str, ...], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for role in ROLES:
        enter(page, role)
        for address in addresses:
            page.goto(url + address)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if LOOKS:
                name = f"{role}-{width}{address.replace('/', '-').partition('?')[0]}"
                page.screenshot(path=f"{LOOKS}/{name}.png", full_page=True)
            if wide > 0 and not (_letter(address) and width == WIDTHS["400 %"]):
                found.append(f"{address} is {wide} px too wide for {width} px")
            found += [f"{address}: {each} is cut off" for each in page.evaluate(LOST)]
    assert not found, "\n".join(found)


def test_the_keyboard_alone_leads_from_login_to_a_finished_choice(page: Page, url: str) -> None:
    def focus(selector: str, presses: int = 120) -> None:
        for _ in range(presses):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    page.goto(f"{url}/login")
    focus("input[name=name]")
    page.keyboard.type("officer")
    focus("input[name=password]")
    page.keyboard.type("correct-horse-battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases")
    focus("tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    focus("input[name=accept]")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    focus("textarea[name=grounds]")
    page.keyboard.type("給与の支払がある。")
    focus("button:not([formaction])[type=submit]:is(.finish button)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*?decided=*")
    assert page.get_by_role("status").is_visible()
