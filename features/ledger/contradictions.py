"""Records that contradict each other: kept, counted, and told to the reader as warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from features.ledger.repairs import REGISTERS
from features.ledger.snapshot import known_days
from features.ledger.tables import TABLES

Frames = Mapping[str, pd.DataFrame]

_IN_ORDER = (
    ("debts", "due_on", "demanded_on", "督促発送日が納期限より前"),
    ("debts", "due_on", "prescribes_on", "時効完成予定日が納期限より前"),
    ("dispositions", "disposed_on", "released_on", "解除日が処分日より前"),
    ("stays", "started_on", "ended_on", "終了日が開始日より前"),
    ("assignments", "started_on", "ended_on", "担当終了日が担当開始日より前"),
    ("staff", "joined_on", "left_on", "離任日が着任日より前"),
    ("absences", "from_on", "to_on", "不在の終了日が開始日より前"),
)
"""(table, day, day that should not come before it, what is said when it does)."""

_IN_POST = (
    ("contacts", "contacted_on"),
    ("inquiries", "requested_on"),
    ("assignments", "started_on"),
)
"""(table, day on which the named officer should be in post)."""


def contradictions(frames: Frames, as_of: date) -> tuple[str, ...]:
    """Return one Japanese sentence with a count for each kind of contradiction found in ``frames``.

    ``frames`` has every table of the contract; nothing is removed. ``as_of`` is the day of the export.
    """
    found = [
        *_unknown_references(frames),
        *_repeated_keys(frames),
        *_out_of_order(frames),
        *_not_in_post(frames),
    ]
    for table, sentence, test in _TESTS:
        found.append((table, sentence, test(frames)))
    counted = [(table, sentence, int(rows.sum())) for table, sentence, rows in found]
    kept = [
        f"{TABLES[table].file_ja}：{sentence}行が{n:,}件あります（残しました）。"
        for table, sentence, n in counted
        if n
    ]
    return (*kept, *_after_export(frames, as_of))


_Found = Iterator[tuple[str, str, pd.Series]]


def _unknown_references(frames: Frames) -> _Found:
    homes = {table.key[0]: table for table in TABLES.values() if len(table.key) == 1}
    for name, table in TABLES.items():
        for column in table.columns:
            home = homes.get(column.name)
            if home is not None and home.name != name:
                ids = frames[name][column.name]
                known = pd.Index(frames[home.name][column.name].drop_duplicates())
                unknown = ids.notna() & (known.get_indexer(pd.Index(ids)) < 0)  # isin is slow on text
                yield name, f"{column.header}が{home.file_ja}の表にない", unknown


def _repeated_keys(frames: Frames) -> _Found:
    for name, table in TABLES.items():
        if table.key and name not in REGISTERS:
            headers = "と".join(table.column(column).header for column in table.key)
            yield name, f"{headers}が先の行と同じで内容が異なる", frames[name].duplicated(list(table.key))
    yield "replies", "同じ調査番号に二度目以後の回答がある", frames["replies"].duplicated(["inquiry_id"])


def _out_of_order(frames: Frames) -> _Found:
    for name, first, second, sentence in _IN_ORDER:
        yield name, f"{sentence}の", frames[name][second] < frames[name][first]


def _not_in_post(frames: Frames) -> _Found:
    for name, day in _IN_POST:
        days, staff = frames[name][day], frames[name]["staff_id"]
        joined, left = (
            _looked_up(staff, frames["staff"], "staff_id", column) for column in ("joined_on", "left_on")
        )
        yield name, "着任前または離任後の職員による", (days < joined) | (days > left)


def _looked_up(keys: pd.Series, frame: pd.DataFrame, key: str, column: str) -> pd.Series:
    """Return ``column`` of the first row of ``frame`` for each of ``keys`` (missing: empty)."""
    first = frame.drop_duplicates(key).set_index(key)[column]
    return first.reindex(keys).set_axis(keys.index)


def _paid_after_prescription(frames: Frames) -> pd.Series:
    paid = frames["payments"]
    return paid["paid_on"] > _looked_up(paid["debt_id"], frames["debts"], "debt_id", "prescribes_on")


def _replied_before_request(frames: Frames) -> pd.Series:
    replies = frames["replies"]
    return replies["replied_on"] < _looked_up(
        replies["inquiry_id"], frames["inquiries"], "inquiry_id", "requested_on"
    )


def _found_nothing_but_balance(frames: Frames) -> pd.Series:
    return frames["replies"]["result"].eq("2") & (frames["replies"]["balance"] > 0).fillna(False).astype(bool)


def _selecting_exceeds_handling(frames: Frames) -> pd.Series:
    return frames["assignments"]["selecting_minutes"] > frames["assignments"]["handling_minutes"]


def _closed_without_day(frames: Frames) -> pd.Series:
    return frames["debts"]["closed_on"].isna() & frames["debts"]["closed_by"].notna()


def _paid_too_much(frames: Frames) -> pd.Series:
    debts = frames["debts"]
    paid = frames["payments"].groupby("debt_id")["amount"].sum()
    return (
        (paid.reindex(debts["debt_id"]).set_axis(debts.index) > debts["principal"]).fillna(False).astype(bool)
    )


_TESTS: tuple[tuple[str, str, Callable[[Frames], pd.Series]], ...] = (
    ("payments", "時効完成予定日より後に収納した", _paid_after_prescription),
    ("replies", "回答日が照会日より前の", _replied_before_request),
    ("replies", "該当なしなのに残高がある", _found_nothing_but_balance),
    ("assignments", "調査先選定分が総処理分を超える", _selecting_exceeds_handling),
    ("debts", "完結事由があるのに完結日がない", _closed_without_day),
    ("debts", "収納額の合計が本税を超える", _paid_too_much),
)

_NO_DAYS: Mapping[str, str] = MappingProxyType({"incomes": "課税年度の6月1日"})


def _after_export(frames: Frames, as_of: date) -> Iterator[str]:
    for name, table in TABLES.items():
        days = known_days(table, frames[name])
        later = 0 if days is None else int((days > pd.Timestamp(as_of)).sum())
        if later:
            header = _NO_DAYS.get(name) or table.column(table.known_on or "").header
            sentence = f"{header}が基準日（{as_of}）より後の行が{later:,}件あります（基準日には使いません）。"
            yield f"{table.file_ja}：{sentence}"
