"""What an office gives to a matching: an earlier result, declines, areas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.law import restricted
from features.ledger.intake import read_folder
from features.ledger.snapshot import Ledger
from models.proposal import forecast
from models.restriction import of_address
from models.terms import Terms
from serving.app import now
from serving.office.champion import champion
from serving.problems import Problem
from serving.records.events import CaseDeclined
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands, service
from serving.terminal.case_list import chosen_cases
from serving.terminal.pair_files import PairFiles, with_files

Learnt = Any
OPTIONS = {"keep": "--keep", "declined": "--declined", "areas": "--areas"}


@pytest.fixture(scope="module")
def ledger(learnt: Learnt) -> Ledger:
    return read_folder(learnt.folder).ledger


@pytest.fixture(scope="module")
def before(learnt: Learnt) -> pd.DataFrame:
    return pd.read_csv(learnt.matched, dtype=str)[["debtor_id", "staff_id"]]


def matched(learnt: Learnt, out: Path, **files: Path) -> pd.DataFrame:
    commands.match_folder(learnt.settings, learnt.folder, out, None, files=PairFiles(**files))
    return pd.read_csv(out, dtype=str)[["debtor_id", "staff_id"]]


def test_an_earlier_result_is_kept_and_what_moves_is_told(
    *, learnt: Learnt, before: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = matched(learnt, tmp_path / "again.csv", keep=learnt.matched)
    pd.testing.assert_frame_equal(again, before)
    assert f"前回の担当案にある{len(before)}件のうち、担当が変わる事案はありません" in capsys.readouterr().out
    before.head(3).to_csv(tmp_path / "declined.csv", index=False)
    moved = matched(learnt, tmp_path / "moved.csv", keep=learnt.matched, declined=tmp_path / "declined.csv")
    assert (moved["staff_id"] != before["staff_id"]).tolist() == [True] * 3 + [False] * (len(before) - 3)
    assert "3件の担当が変わります(除外・辞退のため3件)" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings_headers_and_lost_zeros(
    *, ledger: Ledger, before: pd.DataFrame, tmp_path: Path, encoding: str
) -> None:
    debtor, staff = before.iloc[0]
    bare = debtor.lstrip("0")
    assert bare != debtor
    file = tmp_path / "d.csv"
    for text in (
        f"{bare},{staff}\n",
        f"職員番号,理由,宛名番号\r\n{staff},親族のため,{bare}\r\n\r\n",
        f'staff_id,debtor_id\n"{staff}","{debtor}"',
    ):
        file.write_bytes(text.encode(encoding))
        told = with_files(Terms(), PairFiles(keep=file, declined=file), ledger)
        assert told.declined is not None
        assert told.keep is not None
        assert told.declined.to_numpy().tolist() == [[debtor, staff]]
        assert told.keep.to_dict() == {debtor: staff}
    file.write_bytes(f"職員番号,郵便番号上3桁\n{staff},６０\n{staff},1\n".encode(encoding))
    areas = with_files(Terms(), PairFiles(areas=file), ledger).areas
    assert areas is not None
    assert areas["postcode3"].tolist() == ["060", "001"]


def test_a_file_without_rows_says_nothing(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "none.csv"
    file.write_text("debtor_id,staff_id\n")
    told = with_files(Terms(), PairFiles(keep=file, declined=file), ledger)
    assert told.keep is not None
    assert told.declined is not None
    assert (len(told.keep), len(told.declined)) == (0, 0)


@pytest.mark.parametrize(
    ("role", "text", "said"),
    [
        ("keep", "{debtor},{staff}\n{debtor},{other}\n", "2行目は、前の行と同じ宛名番号"),
        (
            "declined",
            "debtor_id,staff_id\n{debtor},{staff}\n\n{debtor},{staff},again\n",
            "4行目は、前の行と同じ組合せ",
        ),
        ("declined", "{debtor},{staff}\n{debtor}\n", "2行目に職員番号がありません"),
        ("declined", "{debtor},{staff}\n,{staff}\n", "2行目に宛名番号がありません"),
        ("declined", "{debtor},Z9876\n", "1行目の職員番号は、データにありません"),
        ("keep", "宛名番号,職員番号\nZ9876,{staff}\n", "2行目の宛名番号は、データにありません"),
        ("keep", "宛名番号,氏名\n{debtor},Z9876\n", "1行目の見出しに職員番号(staff_id)がありません"),
        ("areas", "{staff},18\n{staff},018\n", "2行目は、前の行と同じ組合せ"),
        ("areas", "{staff},Z9876\n", "1行目の郵便番号上3桁を読み取れません"),
        ("areas", "Z9876,182\n", "1行目の職員番号は、データにありません"),
        ("declined", '{debtor},{staff}\n"Z9876,{staff}\n', "2行目は、CSVとして読めません"),
        ("keep", None, "ファイルが見つかりません"),
        ("areas", b"\xff\xfe\x00", "を読めません"),
    ],
)
def test_what_cannot_be_used_is_named_by_file_and_line_but_never_by_what_stands_there(
    *, learnt: Learnt, before: pd.DataFrame, tmp_path: Path, role: str, text: str | bytes | None, said: str
) -> None:
    (debtor, staff), other = before.iloc[0], before["staff_id"].iloc[-1]
    if isinstance(text, bytes):
        (tmp_path / "f.csv").write_bytes(text)
    elif text is not None:
        told = text.format(debtor=debtor, staff=staff, other=other)
        (tmp_path / "f.csv").write_text(told, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        matched(learnt, tmp_path / "out.csv", **{role: tmp_path / "f.csv"})
    sentence = str(refused.value)
    assert OPTIONS[role] in sentence
    assert said in sentence
    assert "Z9876" not in sentence
    assert debtor not in sentence
    assert sentence.endswith("。")
    assert not (tmp_path / "out.csv").exists()


def test_what_nobody_is_left_to_take_is_told_with_how_many(
    learnt: Learnt, ledger: Ledger, before: pd.DataFrame, tmp_path: Path
) -> None:
    staff = ledger["staff"]["staff_id"]
    rows = [(debtor, name) for debtor in before["debtor_id"].head(2) for name in staff]
    pd.DataFrame(rows).to_csv(tmp_path / "all.csv", index=False, header=False)
    with pytest.raises(Problem, match=r"辞退.*2件は担当できる職員がいません"):
        matched(learnt, tmp_path / "out.csv", declined=tmp_path / "all.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_limit_that_is_too_low_says_which_would_do(learnt: Learnt, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with pytest.raises(Problem, match=r"上限1件では.*件足りません。上限を\d+件以上に") as refused:
        commands.match_folder(learnt.settings, learnt.folder, out, None, Terms(most=1))
    enough = int(str(refused.value).split("上限を")[1].split("件")[0])
    with pytest.raises(Problem, match="件足りません"):
        commands.match_folder(learnt.settings, learnt.folder, out, None, Terms(most=enough - 1))
    assert not out.exists()
    commands.match_folder(learnt.settings, learnt.folder, out, None, Terms(most=enough, relief=False))
    assert out.exists()


def test_a_case_list_finds_lost_zeros_and_says_when_it_is_missing(
    ledger: Ledger, before: pd.DataFrame, tmp_path: Path
) -> None:
    debtor = before["debtor_id"].iloc[0]
    file = tmp_path / "cases.csv"
    file.write_bytes(f"宛名番号\n{debtor.lstrip('0')}\n".encode("cp932"))
    assert chosen_cases(ledger, file) == [debtor]
    with pytest.raises(Problem, match=r"対象の一覧\(--cases\)のファイルが見つかりません"):
        chosen_cases(ledger, tmp_path / "nothing.csv")


def test_what_was_declined_on_the_page_is_kept_to(
    learnt: Learnt, before: pd.DataFrame, tmp_path: Path
) -> None:
    engine = open_store(learnt.settings.records_url)
    debtor, staff = before.iloc[0]
    journal = Journal(engine, now)
    try:
        journal.append("hanako", CaseDeclined(debtor, staff, "親族のため", False, "1", "records"))
        again = matched(learnt, tmp_path / "again.csv")
        assert again.loc[0, "staff_id"] != staff
        office = service.open_office(Settings(home=learnt.settings.home), learnt.folder)
        proposal = office.proposal(debtor)
        assert proposal is not None
        assert proposal.staff_id != staff
    finally:
        journal.append("hanako", CaseDeclined(debtor, staff, "", True, "1", "records"))
        engine.dispose()
    pd.testing.assert_frame_equal(matched(learnt, tmp_path / "after.csv"), before)


def test_of_a_protected_debtor_neither_the_area_nor_a_word_on_it_is_passed_on(
    learnt: Learnt, ledger: Ledger, before: pd.DataFrame
) -> None:
    difficulty = champion(learnt.settings).difficulty
    assert difficulty is not None
    ids = before["debtor_id"].tolist()
    debtors = ledger["debtors"].assign(protected=1)
    open_book = forecast(ledger, ids, difficulty)
    hidden = forecast(replace(ledger, frames={**ledger.frames, "debtors": debtors}), ids, difficulty)
    assert hidden["postcode3"].isna().all()
    assert open_book["postcode3"].notna().any()
    assert not hidden["shares"].map(of_address).any()
    assert hidden["shares"].ne("").all()
    pd.testing.assert_series_equal(hidden["minutes"], open_book["minutes"])
    day = pd.Timestamp(ledger.day)
    kept = restricted(ledger, pd.DataFrame({"debtor_id": before["debtor_id"], "day": day}))
    assert open_book.loc[kept.to_numpy(), "postcode3"].isna().all()
