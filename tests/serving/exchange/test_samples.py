from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.testclient import TestClient

from serving.exchange.answers import read_answers
from serving.exchange.layout import Layout, fitting, read_layouts
from serving.exchange.samples import ENDINGS, INVENTED, Sampled, sample_file
from serving.exchange.sheets import sheets_of
from serving.problems import Problem
from serving.records.journal import Journal
from serving.settings import Settings
from serving.terminal.exchanging import require_reply_file, write_samples

Bearer = Callable[[str], dict[str, str]]
LAYOUTS = read_layouts()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_sample_is_read_as_its_own_layout_without_a_fault(layout: Layout, ending: str) -> None:
    chosen, found = fitting(LAYOUTS, sheets_of(sample_file(layout, ending)))
    assert chosen.name == layout.name
    read = read_answers(chosen, found)
    assert read.faults == ()
    told = INVENTED if ending == "xlsx" or layout.form == "rows" else INVENTED[:1]
    assert [(each.number, each.balance) for each in read.answers] == [
        (each.number, sum(yen for _, yen in each.accounts) if each.accounts else None) for each in told
    ]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_sample_with_numbers_that_went_out_is_taken_in(
    client: TestClient, bearer: Bearer, town: ModuleType, layout: Layout, ending: str
) -> None:
    who, place = bearer("officer"), f"/api/v1/cases/{town.RANKED}"
    client.post(f"{place}/recommendations", headers=who)
    banks = [{"target_kind": "bank", "target_code": code} for code in ("0005", "9900")]
    client.post(f"{place}/decisions", json={"accepted": banks, "grounds": "記録による"}, headers=who)
    sent = client.post("/api/v1/batches", json={}, headers=who).json()["inquiries"]
    answers = [Sampled(sent[0]["number"], ((0, 1_000), (1, 2_000))), Sampled(sent[1]["number"])]
    taken = client.post("/api/v1/replies/file", content=sample_file(layout, ending, answers), headers=who)
    assert taken.status_code == 201, taken.text
    told = taken.json()
    assert told["layout"] == layout.name
    assert (told["replies"][0]["result"], told["replies"][0]["balance"]) == ("found", 3_000)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_invented_one_is_offered_and_never_taken_in(
    client: TestClient, bearer: Bearer, browse: Callable[[str], TestClient], layout: Layout, journal: Journal
) -> None:
    page = browse("officer").get("/replies").text
    for ending in ENDINGS:
        answer = client.get(f"/replies/sample.{ending}", params={"layout": layout.name})
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
        assert f"/replies/sample.{ending}?layout=" in page
        again = client.post("/api/v1/replies/file", content=answer.content, headers=bearer("officer"))
        assert {fault["code"] for fault in again.json()["error"]["faults"]} == {"number_foreign"}
    assert client.get("/replies/sample.csv", params={"layout": "なし"}).status_code == 404
    assert journal.entries(kinds=("ReplyReceived",)) == []


def test_the_command_writes_one_of_each(settings: Settings, tmp_path: Path) -> None:
    (settings.home / "layouts").mkdir()
    own = """name = "ours"
form = "rows"
needed = ["columns.number"]
[columns]
number = ["番号"]
balance = ["額"]
"""
    (settings.home / "layouts" / "ours.toml").write_text(own, encoding="utf-8")
    out = tmp_path / "samples"
    write_samples(settings, out)
    layouts = ["ours", *(layout.name for layout in LAYOUTS)]
    names = {f"mihon-{name}.{ending}" for name in layouts for ending in ENDINGS}
    assert {path.name for path in out.iterdir()} == names
    with pytest.raises(Problem, match="空ではありません"):
        write_samples(settings, out)


def test_what_to_take_in_and_who_does_it_have_to_be_named() -> None:
    for file, by in ((None, "hanako"), (Path("answer.csv"), "")):
        with pytest.raises(Problem, match="指定されていません"):
            require_reply_file(file, by)
