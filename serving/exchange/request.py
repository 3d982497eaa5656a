"""What is asked of an institution: the range, and the rows of a request file."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from features.ledger.days import era_of
from serving.exchange.inquiry import Inquiry
from serving.wording import wording

NAME, ADDRESS, BORN = "{{カナ氏名}}", "{{住所}}", "{{生年月日}}"
COMPANY, SEAT = "{{法人名}}", "{{所在地}}"
"""What the office's ledger system fills in by 宛名番号: no name ever enters this software.

A company has a name and a seat, and no day of birth.
"""

SUBJECTS = MappingProxyType(
    {
        "bank": "預貯金（普通・貯蓄・当座・通知・定期・積立等）の有無、種別及び残高",
        "life_insurance": "保険契約の有無、種類及び解約返戻金の額",
        "employer": "雇用の有無、給与の支給額及び控除額",
        "receivable": "取引の有無、未払の報酬・代金の額及び支払日",
        "securities": "口座の有無、預り金及び預り有価証券の種類と評価額",
        "pension": "年金の受給の有無、種類及び支給額",
        "real_estate": "所有する不動産の有無、所在、種類及び評価額",
        "vehicle": "登録された車両の有無、種類及び登録番号",
        "tax_refund": "還付金の有無及びその額",
    }
)
"""What is asked for, by kind of target: no more than the inquiry needs (国税徴収法141)."""
_OTHERWISE = "財産の有無及びその額"

COLUMNS = ("照会番号", "照会日", "照会先種別", "照会先コード", "照会先名称", "宛名番号", "カナ氏名",
           "生年月日", "住所", "法人名", "所在地", "根拠条文", "照会する事項", "期間始", "期間終",
           "職員番号")  # fmt: skip


@dataclass(frozen=True)
class Blank:
    """The table that a reply fills in: its ``columns``, and the one whose sum is asked for ("": none)."""

    columns: tuple[str, ...]
    summed: str = ""


BLANKS = MappingProxyType(
    {
        "bank": Blank(("店名", "種類", "残高（円）", "現在日", "備考"), "残高（円）"),
        "life_insurance": Blank(
            ("保険の種類", "証券番号", "契約日", "解約返戻金（円）", "現在日"), "解約返戻金（円）"
        ),
        "employer": Blank(
            ("支給月", "支給総額（円）", "所得税・住民税（円）", "社会保険料（円）", "差引支給額（円）")
        ),
        "receivable": Blank(("取引の内容", "未払額（円）", "支払日", "備考"), "未払額（円）"),
        "securities": Blank(("種類", "銘柄", "数量", "評価額（円）", "現在日"), "評価額（円）"),
        "pension": Blank(("年金の種類", "支給額（年額、円）", "控除額（年額、円）", "備考")),
        "real_estate": Blank(("種類", "所在・地番", "地積・床面積", "持分", "評価額（円）"), "評価額（円）"),
        "vehicle": Blank(("登録番号", "車名・種別", "所有者・使用者の別", "登録年月日", "備考")),
        "tax_refund": Blank(("税目", "年分", "還付金の額（円）", "備考"), "還付金の額（円）"),
    }
)
"""What a reply by hand is asked to fill in, by kind of target: no more than the subject of the inquiry."""
_PLAIN = Blank(("種類", "金額（円）", "現在日", "備考"), "金額（円）")


def blank_of(kind: str) -> Blank:
    """Return the table for the reply of a target of ``kind``; a kind that the office added has a plain one.

    >>> blank_of("vehicle").summed, blank_of("crypto").columns[0]
    ('', '種類')
    """
    return BLANKS.get(kind, _PLAIN)


@dataclass(frozen=True)
class Asked:
    """What one inquiry asks: ``subject``, from ``since`` until the day of the inquiry."""

    subject: str
    since: date
    until: date


def asked_of(kind: str, day: date, months: int) -> Asked:
    """Return what a target of ``kind`` is asked on ``day``.

    >>> asked_of("bank", date(2026, 3, 31), 1).since
    datetime.date(2026, 2, 28)
    """
    return Asked(SUBJECTS.get(kind, _OTHERWISE), months_before(day, months), day)


def long_day(day: date) -> str:
    """Write a day as letters do.

    >>> long_day(date(2019, 5, 1)), long_day(date(2026, 4, 2))
    ('令和元年5月1日', '令和8年4月2日')
    """
    era, _, year = era_of(day)
    return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def months_before(day: date, months: int) -> date:
    """Return the same day ``months`` earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def placed(company: bool, restricted: bool) -> tuple[str, str, str, str, str]:
    """Return what is to be filled in of a debtor: name, birth, address, and of a company name and seat.

    Of a protected case nobody's address is asked for.
    """
    if company:
        return "", "", "", COMPANY, "" if restricted else SEAT
    return NAME, BORN, "" if restricted else ADDRESS, "", ""


def request_rows(
    items: Iterable[Inquiry], name: str, months: int, restricted: bool, companies: Collection[str] = ()
) -> list[tuple[str, ...]]:
    """Return ``COLUMNS`` and one row an inquiry; ``companies``: the debtor_ids that are no persons."""
    rows: list[tuple[str, ...]] = [COLUMNS]
    for item in items:
        asked = asked_of(item.target_kind, item.requested_on, months)
        rows.append(
            (
                item.number,
                item.requested_on.isoformat(),
                wording("ja").term("kind", item.target_kind),
                item.target_code,
                name,
                item.debtor_id,
                *placed(item.debtor_id in companies, restricted),
                item.articles,
                asked.subject,
                asked.since.isoformat(),
                asked.until.isoformat(),
                item.staff_id,
            )
        )
    return rows
