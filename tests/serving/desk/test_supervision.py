from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from features.ledger.intake import read_folder
from models.matching import COLUMNS
from models.terms import Terms
from serving.office.champion import champion
from serving.office.oversight import Oversight
from serving.records.journal import Journal
from serving.settings import Settings
from serving.terminal import commands

Client = Any
Answer = Any
Learnt = Any
PASSWORD = "correct-horse-battery"
BANDS = ("育成中", "熟練", "growing", "seasoned", "習熟度の帯", "Proficiency band")


def log_in(client: Client, role: str) -> None:
    client.cookies.clear()
    page = client.get("/login").text
    client.post("/login", data={"name": role, "password": PASSWORD, "form_token": token_of(page)})


def token_of(page: str) -> str:
    return page.split('name="form_token" value="')[1].partition('"')[0]


def sent(client: Client, path: str, **fields: str) -> Answer:
    token = token_of(client.get("/assignments").text)
    return client.post(path, data={"form_token": token, **fields})


def test_a_change_with_a_reason_is_journalled_and_moves_the_load(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    log_in(client, "supervisor")
    answer = sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="同じ世帯を担当中")
    assert answer.status_code == 303
    entry = journal.entries(kinds=("AssignmentChanged",))[0]
    assert (entry.actor, entry.debtor_id) == ("supervisor", town.IDS[1])
    assert (entry.facts["staff_from"], entry.facts["staff_to"]) == ("T003", "T004")
    page = client.get("/assignments").text
    assert "変更済み(案はT003)" in page
    assert "同じ世帯を担当中" in page
    assert "変更1件" in page
    assert "同じ世帯を担当中" in client.get(f"/cases/{town.IDS[1]}").text


@pytest.mark.parametrize(
    ("case", "staff", "reason", "said"),
    [
        (1, "T001", "引き継ぎ", "その職員は在席していません"),
        (1, "T999", "引き継ぎ", "その職員は登録されていません"),
        (0, "T004", "引き継ぎ", "担当除外のため"),
        (1, "T004", "  ", "担当の変更には理由が必要です"),
        (11, "T004", "引き継ぎ", "指定された事案は見つかりません"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_a_sentence(
    client: Client, journal: Journal, town: ModuleType, case: int, staff: str, reason: str, said: str
) -> None:
    log_in(client, "supervisor")
    answer = sent(client, f"/assignments/{town.IDS[case]}", staff_id=staff, reason=reason)
    assert answer.status_code in {404, 422}
    assert said in answer.text
    assert journal.entries(kinds=("AssignmentChanged",)) == []


def test_accepting_all_stands_until_something_changes(
    client: Client, journal: Journal, town: ModuleType
) -> None:
    log_in(client, "supervisor")
    assert sent(client, "/assignments").status_code == 303
    assert journal.entries(kinds=("AssignmentsAccepted",))[0].facts["cases"] == 10
    assert "supervisorが採用しました" in client.get("/assignments").text
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
    assert "supervisorが採用しました" not in client.get("/assignments").text


def test_only_a_supervisor_changes_and_only_a_supervisor_sees_a_band(
    client: Client, town: ModuleType
) -> None:
    log_in(client, "supervisor")
    page = client.get("/assignments").text
    assert "習熟度は監督者だけが帯で見ます" in page
    assert "人事評価に使ってはいけません" in page
    log_in(client, "auditor")
    page = client.get("/assignments").text
    assert not any(word in page for word in BANDS)
    assert sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="x").status_code == 403
    log_in(client, "officer")
    for path, status in (("/assignments", 403), ("/reminders", 403), ("/casebook", 200), ("/cases", 200)):
        answer = client.get(path)
        assert answer.status_code == status
        assert not any(word in answer.text for word in BANDS), path


def test_the_api_tells_nobodys_proficiency(client: Client, bearer: Callable[[str], Any]) -> None:
    described = json.dumps(client.get("/openapi.json").json(), ensure_ascii=False)
    assert not re.search(r"proficiency|own_minutes|band", described)
    for role in ("supervisor", "auditor"):
        told = client.get("/api/v1/assignments", headers=bearer(role)).json()["assignments"]
        assert set(told[0]) == set(COLUMNS)


def test_what_is_written_by_name_says_nothing_of_the_officer(learnt: Learnt) -> None:
    """The minutes beside a name are the mean officer's: whoever takes the case, they are the same."""
    ledger, difficulty = read_folder(learnt.folder).ledger, champion(learnt.settings).difficulty
    assert difficulty is not None
    table = pd.read_csv(learnt.matched, dtype={"debtor_id": str, "staff_id": str})
    assert list(table) == list(COLUMNS)
    from models.proposal import forecast  # noqa: PLC0415

    expected = forecast(ledger, table["debtor_id"].tolist(), difficulty)
    assert table["expected_minutes"].tolist() == pytest.approx(expected["minutes"].round(1).tolist())
    assert not table["reasons"].str.contains("遅い|速い|早い|熟練|育成中").any()


def test_reminders_the_casebook_and_the_bands_of_a_town(learnt: Learnt) -> None:
    ledger, difficulty = read_folder(learnt.folder).ledger, champion(learnt.settings).difficulty
    oversight = Oversight(ledger, difficulty)
    late = oversight.late_reminders
    debts = ledger["debts"]
    for each in late[:20]:
        rows = debts[(debts["debtor_id"] == each.debtor_id) & debts["demanded_on"].isna()]
        assert each.days > 20
        assert len(rows) >= each.unsent
        assert each.debts >= each.unsent
    order = [(each.unsent == 0, -each.days, each.debtor_id) for each in late]
    assert order == sorted(order)
    hard = ledger["assignments"]["handling_minutes"].astype("float64").quantile(0.8)
    assert all(each.minutes >= hard * 0.8 and each.outcome for each in oversight.casebook)
    protected = set(ledger["debtors"].loc[ledger["debtors"]["protected"] == 1, "debtor_id"])
    assert not {each.debtor_id for each in oversight.casebook} & protected
    assert {officer.band for officer in oversight.officers} <= {"growing", "usual", "seasoned", "few"}


def test_growth_and_a_limit_that_is_too_low(
    learnt: Learnt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from serving.problems import Problem  # noqa: PLC0415

    out = tmp_path / "grown.csv"
    commands.match_folder(learnt.settings, learnt.folder, out, None, Terms(growth=True))
    assert "所要時間の見込みは合計" in capsys.readouterr().out
    with pytest.raises(Problem, match="件足りません"):
        commands.match_folder(learnt.settings, learnt.folder, tmp_path / "none.csv", None, Terms(most=1))
    assert not (tmp_path / "none.csv").exists()
    assert isinstance(learnt.settings, Settings)


def test_a_reminder_is_late_from_the_twenty_first_day_on(town: ModuleType) -> None:
    ledger = town.tiny_ledger()
    assert Oversight(ledger).late_reminders == ()  # all were sent on the twentieth
    debts = ledger["debts"].head(3)
    sent = pd.to_datetime(pd.Series(["2025-07-20", "2025-07-21", None])).astype("datetime64[s]")
    frames = {**ledger.frames, "debts": debts.assign(demanded_on=sent)}
    found = Oversight(replace(ledger, frames=frames)).late_reminders
    assert [(each.debtor_id, each.unsent, each.days) for each in found] == [
        (town.IDS[2], 1, 275),
        (town.IDS[1], 0, 21),
    ]
