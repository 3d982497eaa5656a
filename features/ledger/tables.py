"""The tables of the data contract: their columns, what a cell may hold, and when a fact became known.

Every other file asks this one; none repeats a header, a code width or an allowed value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Kind(StrEnum):
    """What a cell holds, and with it the dtype of the column once read."""

    IDENT = "ident"  # a pseudonym or running number, kept as text
    CODE = "code"  # a code of fixed width (zeros on the left belong to it), kept as text
    TEXT = "text"  # free text
    YEN = "yen"  # whole yen
    COUNT = "count"  # whole number
    YEAR = "year"  # western calendar year
    FLAG = "flag"  # 0 or 1
    DAY = "day"  # a calendar day
    MINUTES = "minutes"  # decimal minutes
    SHARE = "share"  # decimal between 0 and 1


DTYPES: MappingProxyType[Kind, Any] = MappingProxyType(
    {
        Kind.IDENT: "str",
        Kind.CODE: "str",
        Kind.TEXT: "str",
        Kind.YEN: "Int64",
        Kind.COUNT: "Int64",
        Kind.YEAR: "Int64",
        Kind.FLAG: "Int64",
        Kind.DAY: "datetime64[s]",
        Kind.MINUTES: "float64",
        Kind.SHARE: "float64",
    }
)


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    ``needed``: an empty cell sets the row aside. ``width``: zeros on the left are restored up to it.
    ``allowed``: the only values (empty set: any). ``low``/``high``: inclusive bounds of a number.
    ``opt_in``: the column may be absent unless the municipality opts in to that group.
    """

    name: str
    header: str
    kind: Kind
    needed: bool = False
    width: int = 0
    allowed: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    opt_in: str | None = None


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    ``known_on`` names the day column on which a row became known (None: always known, or by a rule of
    the snapshot). ``hides`` maps a day column to the columns that stay hidden until that day.
    """

    name: str
    file_ja: str
    columns: tuple[Column, ...]
    required: bool = False
    key: tuple[str, ...] = ()
    known_on: str | None = None
    hides: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def column(self, name: str) -> Column:
        """Return the column called ``name``; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def _ident(name: str, header: str, needed: bool = True) -> Column:
    return Column(name, header, Kind.IDENT, needed)


def _day(name: str, header: str, needed: bool = False) -> Column:
    return Column(name, header, Kind.DAY, needed)


def _yen(name: str, header: str, needed: bool = False) -> Column:
    return Column(name, header, Kind.YEN, needed, low=0)


def _flag(name: str, header: str, needed: bool = False) -> Column:
    return Column(name, header, Kind.FLAG, needed, allowed=frozenset({"0", "1"}))


def _code(name: str, header: str, width: int, needed: bool = False, allowed: str = "") -> Column:
    return Column(name, header, Kind.CODE, needed, width, frozenset(allowed.split()))


def _text(name: str, header: str, needed: bool = False) -> Column:
    return Column(name, header, Kind.TEXT, needed)


_DEBTOR = _ident("debtor_id", "宛名番号")
_STAFF = _ident("staff_id", "職員番号")
_TARGET_KIND = _text("target_kind", "調査先種別", needed=True)
_TARGET_CODE = _ident("target_code", "調査先コード")
_MEANS = _code("means", "照会方法", 0, allowed="1 2")

_ALL = (
    Table(
        "debtors",
        "滞納者",
        (
            _DEBTOR,
            _code("entity", "個人法人区分", 0, needed=True, allowed="1 2"),
            Column("birth_year", "生年", Kind.YEAR, low=1890, high=2100, opt_in="age"),
            Column("household_size", "世帯人数", Kind.COUNT, low=1, high=30, opt_in="household"),
            Column("dependents", "扶養人数", Kind.COUNT, low=0, high=30, opt_in="household"),
            Column("postcode3", "郵便番号上3桁", Kind.CODE, width=3, opt_in="area"),
            _day("moved_in_on", "転入日"),
            _code("former_prefecture", "前住所都道府県コード", 2),
            _day("moved_out_on", "転出日"),
            _flag("mail_returned", "返戻有無"),
            _flag("phone_known", "電話番号有無"),
            _code("direct_debit_bank", "口座振替金融機関コード", 4),
            Column("vehicles", "軽自動車台数", Kind.COUNT, low=0, high=1000),
            _flag("welfare", "生活保護"),
            _flag("protected", "支援措置"),
            _flag("bankrupt", "破産"),
            _flag("deceased", "死亡"),
        ),
        required=True,
        key=("debtor_id",),
        hides=MappingProxyType(
            {"moved_in_on": ("moved_in_on", "former_prefecture"), "moved_out_on": ("moved_out_on",)}
        ),
    ),
    Table(
        "incomes",
        "課税資料",
        (
            _DEBTOR,
            Column("tax_year", "課税年度", Kind.YEAR, needed=True, low=1980, high=2100),
            _yen("salary", "給与収入"),
            _ident("employer_id", "給与支払者番号", needed=False),
            _flag("payroll_withheld", "特別徴収"),
            _yen("pension", "公的年金収入"),
            Column("business", "営業等所得", Kind.YEN),
            Column("real_estate", "不動産所得", Kind.YEN),
            _yen("dividends", "配当所得"),
            _ident("payer_id", "報酬支払者番号", needed=False),
            _yen("life_insurance_deduction", "生命保険料控除額"),
            _flag("housing_loan_credit", "住宅ローン控除"),
            _code("refund_bank", "還付口座金融機関コード", 4),
            _flag("filed", "申告有無"),
        ),
        key=("debtor_id", "tax_year"),
    ),
    Table(
        "debts",
        "滞納明細",
        (
            _ident("debt_id", "滞納明細番号"),
            _DEBTOR,
            _code("tax_item", "科目コード", 2, needed=True, allowed="01 02 03 04 05"),
            Column("fiscal_year", "賦課年度", Kind.YEAR, low=1980, high=2100),
            Column("period", "期別", Kind.TEXT, width=2),
            _day("due_on", "納期限", needed=True),
            _yen("principal", "本税", needed=True),
            _day("demanded_on", "督促発送日"),
            _day("prescribes_on", "時効完成予定日"),
            _day("closed_on", "完結日"),
            _text("closed_by", "完結事由"),
        ),
        required=True,
        key=("debt_id",),
        known_on="due_on",
        hides=MappingProxyType({"demanded_on": ("demanded_on",), "closed_on": ("closed_on", "closed_by")}),
    ),
    Table(
        "payments",
        "収納履歴",
        (
            _ident("payment_id", "収納番号"),
            _ident("debt_id", "滞納明細番号"),
            _day("paid_on", "収納日", needed=True),
            _yen("amount", "収納額", needed=True),
            _code("channel", "収納区分", 0, allowed="1 2 3 4 5"),
            _code("bank_code", "金融機関コード", 4),
        ),
        required=True,
        key=("payment_id",),
        known_on="paid_on",
    ),
    Table(
        "contacts",
        "折衝記録",
        (
            _ident("contact_id", "折衝番号"),
            _DEBTOR,
            _day("contacted_on", "折衝日", needed=True),
            _ident("staff_id", "職員番号", needed=False),
            _code("means", "折衝手段", 0),
            _code("result", "折衝結果", 0),
            _day("promised_on", "約束日"),
            _yen("promised_amount", "約束額"),
            _text("note", "記事"),
        ),
        key=("contact_id",),
        known_on="contacted_on",
    ),
    Table(
        "inquiries",
        "財産調査",
        (
            _ident("inquiry_id", "調査番号"),
            _DEBTOR,
            _TARGET_KIND,
            _TARGET_CODE,
            _MEANS,
            _day("requested_on", "照会日", needed=True),
            _ident("staff_id", "職員番号", needed=False),
        ),
        required=True,
        key=("inquiry_id",),
        known_on="requested_on",
    ),
    Table(
        "replies",
        "調査回答",
        (
            _ident("inquiry_id", "調査番号"),
            _day("replied_on", "回答日", needed=True),
            _code("result", "回答結果", 0, needed=True, allowed="1 2"),
            _text("asset_kind", "財産種類"),
            _yen("balance", "残高"),
            _day("as_of", "基準日"),
        ),
        required=True,
        known_on="replied_on",
    ),
    Table(
        "dispositions",
        "滞納処分",
        (
            _ident("disposition_id", "滞納処分管理番号"),
            _DEBTOR,
            _code("kind", "処分コード", 2, needed=True, allowed="02 03 04"),
            _text("asset_kind", "財産種類"),
            _text("target_kind", "調査先種別"),
            _ident("target_code", "調査先コード", needed=False),
            _day("disposed_on", "処分日", needed=True),
            _yen("collected", "取立額"),
            _day("released_on", "解除日"),
        ),
        key=("disposition_id",),
        known_on="disposed_on",
        hides=MappingProxyType({"released_on": ("released_on",)}),
    ),
    Table(
        "stays",
        "猶予停止",
        (
            _DEBTOR,
            Column(
                "kind",
                "猶予停止区分",
                Kind.TEXT,
                needed=True,
                allowed=frozenset({"instalment", "deferral", "suspension"}),
            ),
            _day("started_on", "開始日", needed=True),
            _day("ended_on", "終了日"),
            _code("ground", "該当号", 0, allowed="1 2 3"),
        ),
        known_on="started_on",
        hides=MappingProxyType({"ended_on": ("ended_on",)}),
    ),
    Table(
        "staff",
        "職員",
        (
            _STAFF,
            _text("title", "職位"),
            _day("joined_on", "着任日"),
            _day("left_on", "離任日"),
            Column("fte", "稼働率", Kind.SHARE, low=0, high=1),
        ),
        required=True,
        key=("staff_id",),
        known_on="joined_on",
        hides=MappingProxyType({"left_on": ("left_on",)}),
    ),
    Table(
        "assignments",
        "担当",
        (
            _ident("assignment_id", "担当番号"),
            _DEBTOR,
            _STAFF,
            _day("started_on", "担当開始日", needed=True),
            _day("ended_on", "担当終了日"),
            Column("selecting_minutes", "調査先選定分", Kind.MINUTES, low=0),
            Column("handling_minutes", "総処理分", Kind.MINUTES, low=0),
        ),
        key=("assignment_id",),
        known_on="started_on",
        # The minutes are the total at the end; those of work still open are the total on the ledger's day.
        hides=MappingProxyType({"ended_on": ("ended_on", "selecting_minutes", "handling_minutes")}),
    ),
    Table(
        "targets",
        "照会先",
        (
            _TARGET_KIND,
            _TARGET_CODE,
            _text("name", "名称"),
            _text("kana", "カナ名称"),
            _code("prefecture", "都道府県コード", 2),
            _text("service_areas", "営業地域"),
            _flag("digital", "電子照会"),
        ),
        key=("target_kind", "target_code"),
    ),
    Table(
        "absences",
        "不在",
        (_STAFF, _day("from_on", "開始日", needed=True), _day("to_on", "終了日")),
    ),
    Table(
        "exclusions",
        "担当除外",
        (_DEBTOR, _STAFF, _text("reason", "理由")),
    ),
)

TABLES: MappingProxyType[str, Table] = MappingProxyType({table.name: table for table in _ALL})

OPT_INS = frozenset({"age", "household", "area"})
"""Groups of columns that the models use only where the municipality opts in."""

FORBIDDEN: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "nationality or residence status": (
            "nationality",
            "citizenship",
            "residence_status",
            "visa",
            "nationalities",
            "immigration",
            "国籍",
            "在留資格",
            "在留",
            "外国人",
            "永住",
            "国名",
        ),
        "sex": ("sex", "gender", "性別", "男女"),
        "creed": ("creed", "religion", "religious", "belief", "信条", "宗教", "信仰", "思想"),
        "social origin": (
            "origin",
            "social_status",
            "birthplace",
            "registered_domicile",
            "本籍",
            "出身",
            "部落",
            "同和",
            "出生地",
            "門地",
        ),
        "illness or disability": (
            "illness",
            "disease",
            "disability",
            "disabled",
            "diagnosis",
            "handicap",
            "病歴",
            "病名",
            "疾患",
            "難病",
            "疾病",
            "傷病",
            "障害",
            "障がい",
        ),
        "crime": ("crime", "criminal", "conviction", "convictions", "crimes", "犯罪", "前科", "犯歴"),
        "ethnicity": ("ethnic", "ethnicity", "race", "racial", "人種", "民族"),
        "My Number": ("my_number", "mynumber", "individual_number", "個人番号", "マイナンバー"),
    }
)
"""Groups of columns refused at the door, each with the words that give such a column away."""
