"""A reading as Japanese lines: what was read, restored, set aside, and what contradicts itself."""

from __future__ import annotations

from features.ledger.faults import WHOLE_ROW, Fault, Repair
from features.ledger.intake import Reading, TableReading
from features.ledger.tables import TABLES


def describe_reading(reading: Reading) -> list[str]:
    """Return the report on ``reading``, line by line; every fault has a line of its own, none is left out."""
    municipality = reading.ledger.municipality
    opt_in = "、".join(sorted(municipality.opt_in)) or "なし"
    return [
        f"自治体：{municipality.name}（{municipality.code}）　基準日：{municipality.as_of}",
        f"利用する区分：{opt_in}",
        "",
        "■ 読み込んだ表",
        *(_table_line(table) for table in reading.tables),
        "",
        f"■ 直して読んだもの（{len(reading.repairs):,}種類）",
        *(_repair_line(repair) for repair in reading.repairs),
        "",
        f"■ 読めずに除いた行（{sum(table.set_aside for table in reading.tables):,}行）",
        *(_fault_line(fault) for fault in reading.faults),
        "",
        f"■ 注意（{len(reading.warnings):,}件）",
        *(f"  {warning}" for warning in reading.warnings),
    ]


def _table_line(table: TableReading) -> str:
    return (
        f"  {TABLES[table.table].file_ja}（{table.file}、{table.encoding}、{table.form}）："
        f"{table.found:,}行のうち{table.kept:,}行を採用、{table.set_aside:,}行を除外、重複{table.duplicates:,}行"
    )


def _repair_line(repair: Repair) -> str:
    where = TABLES[repair.table].file_ja
    if not repair.column:
        return f"  {where}：{repair.sentence}（{repair.count:,}行）"
    return f"  {where}の{_column(repair.table, repair.column)}：{repair.sentence}（{repair.count:,}件）"


def _fault_line(fault: Fault) -> str:
    where = f"  {TABLES[fault.table].file_ja}（{fault.table}）{fault.line}行目"
    column = _column(fault.table, fault.column)
    return f"{where} {column}：「{fault.found}」は読めません。必要なもの：{fault.wanted}"


def _column(table: str, column: str) -> str:
    """Return the Japanese header with the contract's name, or the whole row."""
    if column == WHOLE_ROW:
        return "行全体"
    return f"{TABLES[table].column(column).header}（{column}）"
