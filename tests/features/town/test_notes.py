from __future__ import annotations

import pandas as pd
import pytest

from features.town.notes import read_notes

TARGETS = pd.DataFrame(
    {
        "target_kind": ["bank", "bank", "bank", "employer"],
        "target_code": ["0001", "1303", "9900", "E00001"],
        "name": ["みずほ銀行", "朝日信用金庫", "ゆうちょ銀行", "株式会社高松食品"],
        "kana": ["ミズホ", "アサヒシンキン", "ユウチヨ", None],
    }
)


@pytest.mark.parametrize(
    ("note", "code", "affirmed"),
    [
        ("給与はみずほに振込とのこと。", "0001", 1),
        ("通帳はﾐｽﾞﾎのみと本人談。", "0001", 1),
        ("朝日信金の口座から払うと申出。", "1303", 1),
        ("郵貯は解約済みと主張。", "9900", 0),
        ("以前はみずほ銀行を使っていたとのこと。", "0001", 0),
        ("高松食品でアルバイト。", "E00001", 1),
        ("高松食品を辞めたと本人。", "E00001", 0),
    ],
)
def test_notes_are_read(note: str, code: str, affirmed: int) -> None:
    contacts = pd.DataFrame(
        {"debtor_id": ["1"], "contacted_on": [pd.Timestamp("2025-01-01")], "note": [note]}
    )
    read = read_notes(contacts, TARGETS)
    assert TARGETS["target_code"].iloc[read["target"]].tolist() == [code]
    assert read["affirmed"].tolist() == [affirmed]


def test_a_plain_note_names_nobody() -> None:
    contacts = pd.DataFrame(
        {"debtor_id": ["1"], "contacted_on": [pd.Timestamp("2025-01-01")], "note": ["不在。"]}
    )
    assert read_notes(contacts, TARGETS).empty
