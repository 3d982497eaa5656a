from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.lexicon import BANK_ALIASES, bank_names, folded, lexicon_of, plain
from features.mentions import COLUMNS, MANNERS, MentionFinder, mentions_of

TARGETS = [
    ("bank", "0001", "みずほ銀行", "ミズホ"),
    ("bank", "0005", "三菱UFJ銀行", "ミツビシユ－エフジエイ"),
    ("bank", "0009", "三井住友銀行", "ミツイスミトモ"),
    ("bank", "0033", "PayPay銀行", "ペイペイ"),
    ("bank", "0034", "セブン銀行", "セブン"),
    ("bank", "0035", "ソニー銀行", "ソニ－"),
    ("bank", "0038", "ドコモSMTBネット銀行", "ドコモＳＭＴＢネツト"),
    ("bank", "0039", "auじぶん銀行", "エ－ユ－ジブン"),
    ("bank", "0138", "横浜銀行", "ヨコハマ"),
    ("bank", "0147", "福井銀行", "フクイ"),
    ("bank", "0168", "中国銀行", "チユウゴク"),
    ("bank", "0183", "大分銀行", "オオイタ"),
    ("bank", "1344", "城南信用金庫", "ジヨウナンシンキン"),
    ("bank", "9900", "ゆうちょ銀行", "ユウチヨ"),
    ("life_insurance", "L01", "日本生命", None),
    ("life_insurance", "L08", "ソニー生命", None),
    ("securities", "S03", "楽天証券", None),
    ("employer", "E1", "株式会社光製作所", None),
    ("employer", "E2", "さくら設備有限会社", None),
    ("employer", "E3", "有限会社栄商事", None),
    ("employer", "E4", "株式会社若葉", None),
    ("employer", "E5", "有限会社若葉", None),
    ("receivable", "C1", "取引先1", None),
    ("receivable", "C12", "取引先12", None),
    ("pension", "P1", "日本年金機構", None),
]
FRAME = pd.DataFrame(TARGETS, columns=["target_kind", "target_code", "name", "kana"])


def _ledger(notes: list[str], targets: pd.DataFrame | None = FRAME) -> Ledger:
    contacts = pd.DataFrame(
        {
            "contact_id": [str(n) for n in range(len(notes))],
            "debtor_id": "a",
            "contacted_on": pd.Timestamp("2026-01-15"),
            "note": notes,
        }
    )
    frames = {"contacts": contacts} | ({} if targets is None else {"targets": targets})
    return ledger_of(Municipality("130000", "試験市", date(2026, 4, 1)), frames)


FINDER = MentionFinder(lexicon_of(_ledger([])))


def _said(note: str) -> dict[str, str]:
    return {code: manner for (_, code), (manner, _) in FINDER.find(note).items()}


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("給与はﾐｽﾞﾎに振込とのこと。", {"0001": "wages_to"}),
        ("通帳は横浜のみと本人談。", {"0138": "only_account"}),
        ("三菱の口座から払うと申出。", {"0005": "pays_from"}),
        ("ミツイスミトモの口座から払うと申出。", {"0009": "pays_from"}),
        ("通帳はａｕじぶんのみと本人談。", {"0039": "only_account"}),
        ("給与はネット銀行(SBI)に振込とのこと。", {"0038": "wages_to"}),
        ("郵便局の口座の口座から払うと申出。", {"9900": "pays_from"}),
        ("日本生命の保険を解約して払うと申出。", {"L01": "insurance"}),
        ("転職し光製作所に勤務中とのこと。", {"E1": "works_at"}),
        ("さくら設備でアルバイト。", {"E2": "works_at"}),
        ("勤務先は㈱光製作所、月末払い。", {"E1": "works_at"}),
        ("メインバンクは三菱とのこと。", {"0005": "named"}),
        ("引き落としは城南しんきんから。", {"1344": "pays_from"}),
        ("ゆうちょしか持っていない。", {"9900": "only_account"}),
        ("ニッセイの終身保険あり。", {"L01": "insurance"}),
        ("ソニーに預金あり。", {"0035": "named"}),
        ("ソニーの生命保険に加入。", {"L08": "insurance"}),
        ("口座はみずほと横浜の2つ。", {"0001": "named", "0138": "named"}),
        ("みずほ銀行横浜支店に給料が入る。", {"0001": "wages_to"}),
        ("取引先12から売掛金の入金予定。", {"C12": "named"}),
        ("年金受給中。", {"P1": "named"}),
        ("普段使うのは横浜とのこと。", {"0138": "named"}),
        ("ﾌｸｲに毎月給料が入ると本人。", {"0147": "wages_to"}),
        ("給料の振込先は郵便局。", {"9900": "wages_to"}),
        ("普段使うのはｼﾞﾖｳﾅﾝｼﾝｷﾝとのこと。", {"1344": "named"}),
    ],
)
def test_names_and_manners(note: str, said: dict[str, str]) -> None:
    assert _said(note) == said


@pytest.mark.parametrize(
    "note",
    [
        "横浜に引っ越したとのこと。",
        "セブンで納付したとのこと。",
        "ソニー損保の支払いで手一杯。",
        "楽天カードの支払いで手一杯。",
        "PayPayで納付希望。",
        "中国人の知人が同席。",
        "福井さんから入電。",
        "福井信用金庫の口座。",
        "三菱UFJ信託に預けている。",
        "auの料金を優先して払っている。",
        "大分の支払は待ってほしい。",
        "通帳を見たら大分減っていた。",
        "三栄商事でアルバイト。",
        "年金が払えない。",
        "取引先123に請求中。",
        "不在。",
        "",
    ],
)
def test_places_shops_people_and_other_firms_are_no_mentions(note: str) -> None:
    assert _said(note) == {}


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("みずほの口座は解約済。", "0001"),
        ("光製作所を退職した。", "E1"),
        ("横浜銀行に口座なし。", "0138"),
        ("横浜の口座は昔のもの、今は不明。", "0138"),
        ("以前は横浜を使っていたとのこと。", "0138"),
        ("前職は光製作所。", "E1"),
    ],
)
def test_what_is_gone_is_denied(note: str, code: str) -> None:
    assert _said(note)[code] == "denied"


def test_the_job_left_and_the_job_taken_are_told_apart() -> None:
    assert _said("光製作所を退職し、さくら設備に就職。") == {"E1": "denied", "E2": "works_at"}


def test_a_name_that_fits_two_employers_yields_both_and_says_so() -> None:
    assert FINDER.find("若葉に勤務。") == {
        ("employer", "E4"): ("works_at", 2),
        ("employer", "E5"): ("works_at", 2),
    }


def test_mentions_carry_day_contact_and_order() -> None:
    mentions = mentions_of(_ledger(["みずほの口座から払う。", "不在。", "みずほの口座から払う。"]))
    assert tuple(mentions.columns) == COLUMNS
    assert mentions["contact_id"].tolist() == ["0", "2"]
    assert set(mentions["mentioned_on"]) == {pd.Timestamp("2026-01-15")}
    assert mentions["mentioned_on"].dtype == "datetime64[s]"


def test_only_listed_targets_count() -> None:
    listed = FRAME[FRAME["target_code"] == "0138"]
    mentions = mentions_of(_ledger(["口座はみずほ銀行。", "口座は横浜銀行。"], listed))
    assert mentions["target_code"].tolist() == ["0138"]


def test_without_a_list_the_bank_directory_stands_in() -> None:
    mentions = mentions_of(_ledger(["給与は楽天銀行に振込。", "ﾕｳﾁｮの通帳。"], None))
    assert mentions["target_code"].tolist() == ["0036", "9900"]


def test_no_notes_no_mentions() -> None:
    mentions = mentions_of(_ledger([]))
    assert mentions.empty
    assert tuple(mentions.columns) == COLUMNS


def test_every_alias_belongs_to_a_bank_of_the_directory() -> None:
    assert set(BANK_ALIASES) <= set(bank_names())


def test_every_listed_bank_and_insurer_is_found_by_its_official_name() -> None:
    for kind, code, name, _ in TARGETS:
        if kind in ("bank", "life_insurance", "securities"):
            assert (kind, code) in FINDER.find(f"{name}の件で来庁。")


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(plain(text))


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="みずほゆうちょﾐｽﾞﾎ銀行ＵＦＪaｕ－ー()　"))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            ["みずほ", "横浜", "の口座", "から払う", "なし", "、", "。", "さくら設備", "ｿﾆｰ", "au"]
        )
    )
)
def test_any_note_yields_known_targets_and_manners(words: list[str]) -> None:
    known = set(FRAME[["target_kind", "target_code"]].itertuples(index=False, name=None))
    for target, (manner, fits) in FINDER.find("".join(words)).items():
        assert target in known
        assert manner in MANNERS
        assert fits >= 1
