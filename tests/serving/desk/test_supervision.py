from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from features.ledger.intake import read_folder
from models.growth import Growth
from models.matching import COLUMNS
from models.proficiency import KINDS, Speeds
from models.terms import Terms
from serving.app import build_app
from serving.office.champion import champion
from serving.office.oversight import Oversight
from serving.records.journal import Journal
from serving.settings import Settings
from serving.terminal import commands

Client = Any
Answer = Any
Learnt = Any
Clock = Any
Stored = Any
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
        (1, "T003", "引き継ぎ", "その職員はすでにこの事案の担当です"),
        (10, "T004", "引き継ぎ", "この事案には担当案がありません"),
        (11, "T004", "引き継ぎ", "この事案には担当案がありません"),
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


def test_a_case_that_nobody_knows_is_not_given_to_anybody(client: Client, journal: Journal) -> None:
    log_in(client, "supervisor")
    answer = sent(client, "/assignments/nobody", staff_id="T004", reason="引き継ぎ")
    assert (answer.status_code, "指定された事案は見つかりません" in answer.text) == (404, True)
    assert journal.entries(kinds=("AssignmentChanged",)) == []


def test_a_changed_row_has_the_supervisors_reason_and_not_the_old_officers(
    client: Client, town: ModuleType
) -> None:
    log_in(client, "supervisor")
    proposed = "給与・預貯金の事案が多く、手が空いている"
    before = client.get("/assignments?staff=T003").text.count(proposed)
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="同じ世帯を担当中")
    page = client.get("/assignments?staff=T004").text
    assert "同じ世帯を担当中" in page
    assert proposed not in page
    assert client.get("/assignments?staff=T003").text.count(proposed) == before - 1
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T003", reason="元に戻す")
    page = client.get("/assignments?staff=T003").text
    assert "元に戻す" in page
    assert page.count(proposed) == before


def leveled(levels: dict[str, float]) -> Stored:
    """Return a stand-in for what was learnt: only officers' speeds, above zero is slower."""
    own = {name: (pace, *[0.0] * len(KINDS), 0.0) for name, pace in levels.items()}
    return SimpleNamespace(speeds=Speeds(Growth((0.0,) * 7, 0.0, 0.0), own, {}, (-0.3, -0.1, 0.1, 0.3)))


@pytest.mark.parametrize(("pace", "told"), [(0.5, True), (-0.5, False)])
def test_a_supervisor_is_warned_after_giving_a_case_below_its_level(
    *, settings: Settings, engine: Engine, clock: Clock, town: ModuleType, pace: float, told: bool
) -> None:
    office = town.fake_office()
    office.oversight = Oversight(town.tiny_ledger(), leveled({"T004": pace}))
    with TestClient(build_app(settings, office, clock, engine), follow_redirects=False) as client:
        log_in(client, "supervisor")
        answer = sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="引き継ぎ")
        assert answer.status_code == 303
        after = answer.headers["location"]
        assert ("目安の習熟度に届いていない" in client.get(after).text) == told
        assert "目安の習熟度に届いていない" not in client.get("/assignments").text
        log_in(client, "auditor")  # the address alone tells nobody else
        page = client.get(after).text
        assert "目安の習熟度に届いていない" not in page
        assert not any(word in page for word in BANDS)


def test_a_protected_case_is_marked_on_the_board(client: Client, town: ModuleType) -> None:
    office = town.fake_office()
    rows = office.assignments()
    assert town.PROTECTED not in set(rows["debtor_id"])
    assert office.oversight.protected == {town.PROTECTED}


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
        assert set(told[0]) == {*COLUMNS, "proposed_staff_id", "changed_by", "change_reason"}


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
    order = [
        (
            each.prescribes_on is None,
            each.unsent == 0,
            -each.days,
            each.prescribes_on,
            -each.unpaid,
            each.debtor_id,
        )
        for each in late
    ]
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
    assert "見込んだ所要時間は合計" in capsys.readouterr().out
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


def test_a_board_is_made_once_until_something_it_rests_on_is_journalled(
    client: Client, town: ModuleType
) -> None:
    log_in(client, "supervisor")
    supervision = client.app.state.desk.supervision
    user = client.app.state.identity.named("supervisor")
    first = supervision.board(user)
    client.get("/assignments")
    assert supervision.board(user) is first
    sent(client, f"/assignments/{town.IDS[1]}", staff_id="T004", reason="同じ世帯を担当中")
    changed = supervision.board(user)
    assert (first.changed, changed.changed) == (0, 1)
    assert changed.rows.set_index("debtor_id").loc[town.IDS[1], "staff_id"] == "T004"
