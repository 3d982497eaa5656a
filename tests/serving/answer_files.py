"""Answers as institutions would write them, in each of the three packaged layouts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jaconv
from openpyxl import Workbook


@dataclass(frozen=True)
class Answered:
    """What an institution answers to one inquiry: accounts of (kind, yen), none of them: 該当なし."""

    number: str
    accounts: tuple[tuple[str, int], ...] = ()
    debtor_id: str = ""


def cover_rows(
    answers: Sequence[Answered], day: str = "令和8年4月2日", cover: Mapping[str, object] = {}
) -> bytes:
    book = Workbook()
    front = book.active
    front.title = "表紙"
    yen = sum(balance for answer in answers for _, balance in answer.accounts)
    count = sum(len(answer.accounts) for answer in answers)
    told: dict[str, object] = {
        "回答日": day,
        "回答件数": len(answers),
        "口座数": count,
        "残高合計": f"{yen:,}円",
    }
    front.append(["預貯金等照会回答書"])
    for label, value in (told | dict(cover)).items():
        front.append([label, None, value])
    rows = book.create_sheet("明細")
    rows.append([])
    rows.append(["照会番号", "有無", "預金種目", "残高(円)", "残高基準日"])
    for answer in answers:
        if not answer.accounts:
            rows.append([answer.number, "無"])
        for place, (kind, balance) in enumerate(answer.accounts):
            rows.append([answer.number if place == 0 else None, "有", kind, wide(balance), day])
    rows.append(["合計", None, None, yen])
    rows.append(["※ 残高は基準日現在のものです。"])
    return saved(book)


def flat_rows(answers: Sequence[Answered], day: str = "R8.4.2") -> bytes:
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(["照会番号", "回答日", "該当有無", half("カモク"), half("ザンダカ")])
    for answer in answers:
        if not answer.accounts:
            rows.writerow([answer.number, day, "該当なし", "", ""])
        for kind, balance in answer.accounts:
            rows.writerow([wide(answer.number), day, "該当あり", half(KANA.get(kind, kind)), f"{balance:,}"])
    return file.getvalue().encode("cp932")


def sheet_per_debtor(answers: Sequence[Answered], day: str = "2026/04/02") -> bytes:
    book = Workbook()
    book.active.title = "ご案内"
    book.active.append(["ご照会の件について、次のとおり回答します。"])
    for place, answer in enumerate(answers, start=1):
        sheet = book.create_sheet(f"{place}件目")
        sheet["B2"], sheet["C2"] = "照会番号:", answer.number
        sheet["B3"], sheet["C3"] = "回答日", day
        sheet["B4"], sheet["C4"] = "取引の有無", "有" if answer.accounts else "無"
        for column, heading in zip("BCD", ("預貯金の種類", "現在高", "備考"), strict=True):
            sheet[f"{column}6"] = heading
        for row, (kind, balance) in enumerate(answer.accounts, start=7):
            sheet[f"B{row}"], sheet[f"C{row}"] = kind, balance
        end = 7 + len(answer.accounts)
        sheet[f"B{end}"], sheet[f"C{end}"] = "合計", sum(balance for _, balance in answer.accounts)
    return saved(book)


LAYOUTS = {"表紙と明細": cover_rows, "一覧": flat_rows, "調査回答書": sheet_per_debtor}
KANA = {"普通": "フツウ", "定期": "テイキ", "貯蓄": "チョチク", "当座": "トウザ"}


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def wide(value: object) -> str:
    return str(jaconv.h2z(f"{value:,}" if isinstance(value, int) else str(value), digit=True, ascii=True))


def half(text: str) -> str:
    return str(jaconv.z2h(text, kana=True, ascii=False, digit=False))
