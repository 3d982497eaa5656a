"""The door: what is refused before a single row is read, every reason at once."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from features.ledger.days import NotADayError, read_day
from features.ledger.encoding import NotTextError, Text, decoded
from features.ledger.faults import FolderRefused
from features.ledger.headers import FORBIDDEN_JA, column_of, forbidden_group, table_of
from features.ledger.records import header_of
from features.ledger.snapshot import Municipality
from features.ledger.tables import OPT_INS, TABLES, Column, Table

MUNICIPALITY = "municipality.json"


@dataclass(frozen=True)
class Admitted:
    """A file that may be read: its table, text, columns in the file's order and where its rows start."""

    table: Table
    file: str
    text: Text
    columns: tuple[Column, ...]
    start: int
    form: str


@dataclass(frozen=True)
class Door:
    """A folder that may be read, with the files by table and what was passed over."""

    municipality: Municipality
    files: Mapping[str, Admitted]
    warnings: tuple[str, ...]


class _NotAdmittedError(ValueError):
    """Why one part of the folder is refused; ``args`` are the sentences."""


def open_folder(folder: Path) -> Door:
    """Return the files of ``folder``; raises FolderRefused with every reason when one of them is unfit."""
    if not folder.is_dir():
        raise FolderRefused([f"フォルダ「{folder}」が見つかりません。パスを確かめてください。"])
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not paths:
        raise FolderRefused(
            [f"フォルダ「{folder}」は空です。契約の CSV と {MUNICIPALITY} を置いてください。"]
        )
    refusals: list[str] = []
    municipality = _municipality_or_refuse(folder, refusals)
    opt_in = municipality.opt_in if municipality else frozenset()
    files, strangers = _files(paths, opt_in, refusals)
    if refusals or municipality is None:
        raise FolderRefused(refusals)
    return Door(municipality, files, tuple(strangers))


def _municipality_or_refuse(folder: Path, refusals: list[str]) -> Municipality | None:
    try:
        return read_municipality(folder / MUNICIPALITY)
    except _NotAdmittedError as refused:
        refusals.extend(refused.args)
        return None


def _files(
    paths: list[Path], opt_in: frozenset[str], refusals: list[str]
) -> tuple[dict[str, Admitted], list[str]]:
    admitted: dict[str, Admitted] = {}
    strangers, present = [], dict[str, str]()
    for path in paths:
        name = unicodedata.normalize("NFC", path.name)
        if path.suffix.lower() != ".csv":
            continue
        table = table_of(unicodedata.normalize("NFC", path.stem))
        try:
            if table is None:
                strangers.append(_stranger(path, name))
            elif table.name in present:
                raise _NotAdmittedError(
                    f"「{present[table.name]}」と「{name}」はどちらも{table.file_ja}です。一方だけにしてください。"
                )
            else:
                present[table.name] = name
                admitted[table.name] = _admit(table, path, name, opt_in)
        except _NotAdmittedError as refused:
            refusals.extend(refused.args)
    missing = [table for table in TABLES.values() if table.required and table.name not in present]
    refusals.extend(f"必須の表「{table.file_ja}.csv」（{table.name}.csv）がありません。" for table in missing)
    return admitted, strangers


def _stranger(path: Path, name: str) -> str:
    """Return the warning for a CSV that is no table of the contract; a forbidden one is refused."""
    try:
        headers = header_of(decoded(path.read_bytes()).text)[0]
    except (NotTextError, OSError):
        headers = []
    refusals = _forbidden(name, [path.stem, *headers])
    if refusals:
        raise _NotAdmittedError(*refusals)
    return f"「{name}」は契約にない名前の CSV なので読みませんでした。"


def _admit(table: Table, path: Path, name: str, opt_in: frozenset[str]) -> Admitted:
    text = _text_of(path, name)
    headers, start = header_of(text.text)
    columns = _columns(table, name, headers, opt_in)
    english = sum(
        header.strip().lower() == column.name for header, column in zip(headers, columns, strict=True)
    )
    form = "英語見出し" if english == len(columns) else "英語と日本語の見出し" if english else "日本語見出し"
    return Admitted(table, name, text, columns, start, form)


def _text_of(path: Path, name: str) -> Text:
    try:
        text = decoded(path.read_bytes())
    except NotTextError:
        raise _NotAdmittedError(
            f"「{name}」は UTF-8 でも CP932 でも読めません。どちらかの CSV で保存し直してください。"
        ) from None
    except OSError:
        raise _NotAdmittedError(f"「{name}」を開けません。読み取りの権限を確かめてください。") from None
    if not text.text.strip():
        raise _NotAdmittedError(f"「{name}」は空です。見出し行のある CSV を置いてください。")
    return text


def _columns(table: Table, name: str, headers: list[str], opt_in: frozenset[str]) -> tuple[Column, ...]:
    """Return the column of each header; a _NotAdmittedError has every reason why that cannot be done."""
    found = [column_of(table, header) for header in headers]
    refusals = _forbidden(
        name, [header for header, column in zip(headers, found, strict=True) if column is None]
    )
    if not any(found):  # the first line is no header: it may hold personal data and is not repeated
        raise _NotAdmittedError(
            *refusals,
            f"「{name}」の1行目に{table.file_ja}の見出しがありません。CSV の見出し行を付けてください。",
        )
    refusals += [
        f"「{name}」の列「{header.strip()}」は契約にない列です。除いてください。"
        for header, column in zip(headers, found, strict=True)
        if column is None and forbidden_group(header) is None
    ]
    columns = tuple(column for column in found if column is not None)
    for column in table.columns:
        times = columns.count(column)
        if times > 1:
            refusals.append(f"「{name}」に列「{column.header}」（{column.name}）が{times}つあります。")
        elif times == 0 and (column.opt_in is None or column.opt_in in opt_in):
            refusals.append(f"「{name}」に必須の列「{column.header}」（{column.name}）がありません。")
    if refusals:
        raise _NotAdmittedError(*refusals)
    return columns


def _forbidden(name: str, words: list[str]) -> list[str]:
    groups = [(word.strip(), forbidden_group(word)) for word in words]
    return [
        f"「{name}」の「{word}」は受け取ってはならない情報（{FORBIDDEN_JA[group]}）です。除いてください。"
        for word, group in groups
        if group is not None
    ]


def read_municipality(path: Path) -> Municipality:
    """Return the municipality described in ``path`` ; a _NotAdmittedError names each flaw."""
    if not path.is_file():
        raise _NotAdmittedError(
            f"「{MUNICIPALITY}」がありません。code、name、as_of、opt_in を書いて置いてください。"
        )
    try:
        written = json.loads(decoded(path.read_bytes()).text)
    except (NotTextError, ValueError, OSError, RecursionError):
        raise _NotAdmittedError(f"「{MUNICIPALITY}」を JSON として読めません。") from None
    if not isinstance(written, dict):
        raise _NotAdmittedError(
            f"「{MUNICIPALITY}」は code、name、as_of、opt_in を持つ JSON にしてください。"
        )
    code, name, opt_in = written.get("code"), written.get("name"), written.get("opt_in")
    as_of = _day_of(written.get("as_of"))
    flaws = []
    if not isinstance(code, str | int) or isinstance(code, bool) or not str(code).strip():
        flaws.append("code に団体コードを書いてください。")
    if not isinstance(name, str) or not name.strip():
        flaws.append("name に自治体名を書いてください。")
    if as_of is None:
        flaws.append("as_of に基準日を 2026-04-01 の形で書いてください。")
    if not isinstance(opt_in, list) or not all(
        isinstance(group, str) and group in OPT_INS for group in opt_in
    ):
        flaws.append(
            f"opt_in に {'、'.join(sorted(OPT_INS))} のうち使うものを配列で書いてください（なければ []）。"
        )
    if flaws or as_of is None or not isinstance(opt_in, list):
        raise _NotAdmittedError(*(f"「{MUNICIPALITY}」の {flaw}" for flaw in flaws))
    return Municipality(str(code).strip(), str(name).strip(), as_of, frozenset(opt_in))


def _day_of(written: object) -> date | None:
    try:
        return read_day(written) if isinstance(written, str) and written.strip() else None
    except NotADayError:
        return None
