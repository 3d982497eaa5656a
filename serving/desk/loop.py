"""The loop: what the journal knows of inquiries and replies, as the tables that the intake reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from features.ledger.snapshot import Ledger, typed_frame
from features.ledger.tables import TABLES
from features.ledger.told import FOUND, NONE
from serving.desk.register import Standing
from serving.desk.replies import ReplyKept

KEY = ["debtor_id", "target_kind", "target_code", "requested_on"]


def journal_tables(standing: Standing, office: str) -> Mapping[str, pd.DataFrame]:
    """Return ``inquiries`` and ``replies`` with the contract's columns and dtypes.

    An inquiry's id is its 照会番号. A reply that was entered for something asked elsewhere brings an inquiry
    with it, under an id of its own (``<office>-R<number of the entry>``).
    """
    inquiries: list[dict[str, object]] = [
        {
            "inquiry_id": item.number,
            "debtor_id": item.debtor_id,
            "target_kind": item.target_kind,
            "target_code": item.target_code,
            "means": item.means,
            "requested_on": pd.Timestamp(item.requested_on),
            "staff_id": item.staff_id or None,
        }
        for item in standing.sent.values()
    ]
    asked = {item.asked: item.number for item in standing.sent.values()}
    replies = []
    for entry, reply in sorted(standing.replies.items()):
        debtor = standing.debtors[entry]
        key = (debtor, reply.target_kind, reply.target_code, reply.requested_on)
        inquiry_id = reply.inquiry or asked.get(key) or f"{office}-R{entry}"
        if inquiry_id not in standing.sent:
            inquiries.append(_elsewhere(inquiry_id, debtor, reply))
        replies.append(_reply(inquiry_id, reply))
    return {
        "inquiries": typed_frame(TABLES["inquiries"], pd.DataFrame(inquiries)),
        "replies": typed_frame(TABLES["replies"], pd.DataFrame(replies)),
    }


def joined(ledger: Ledger, tables: Mapping[str, pd.DataFrame]) -> Ledger:
    """Return ``ledger`` with the journal's tables added, its day moved on to the last of them.

    What the records hold by now (the same debtor, target and day) is not added again: its reply goes to the
    records' own inquiry, unless that is answered. Rows about debtors unknown to the records are left out.
    """
    ours = tables["inquiries"]
    ours = ours[ours["debtor_id"].isin(set(ledger["debtors"]["debtor_id"]))]
    theirs = ledger["inquiries"]
    held = theirs[[*KEY, "inquiry_id"]].drop_duplicates(KEY, keep="last")
    known = ours[[*KEY, "inquiry_id"]].merge(held, on=KEY, how="left", suffixes=("", "_held"))
    ids = dict(zip(known["inquiry_id"], known["inquiry_id_held"].fillna(known["inquiry_id"]), strict=True))
    new = ours[~ours["inquiry_id"].map(ids).isin(set(theirs["inquiry_id"]))]
    replies = tables["replies"]
    replies = replies[replies["inquiry_id"].isin(ids)]
    replies = replies.assign(inquiry_id=replies["inquiry_id"].map(ids).astype("str"))
    replies = replies[~replies["inquiry_id"].isin(set(ledger["replies"]["inquiry_id"]))]
    frames = dict(ledger.frames)
    frames["inquiries"] = pd.concat([theirs, new], ignore_index=True)
    frames["replies"] = pd.concat([ledger["replies"], replies], ignore_index=True)
    days = [
        day.date() for day in (new["requested_on"].max(), replies["replied_on"].max()) if not pd.isna(day)
    ]
    day = max([ledger.day, *days])
    municipality = replace(ledger.municipality, as_of=max(ledger.municipality.as_of, day))
    return Ledger(municipality, MappingProxyType(frames), day)


def _elsewhere(inquiry_id: str, debtor: str, reply: ReplyKept) -> dict[str, object]:
    return {
        "inquiry_id": inquiry_id,
        "debtor_id": debtor,
        "target_kind": reply.target_kind,
        "target_code": reply.target_code,
        "requested_on": pd.Timestamp(reply.requested_on),
    }


def _reply(inquiry_id: str, reply: ReplyKept) -> dict[str, object]:
    found = reply.result == "found"
    return {
        "inquiry_id": inquiry_id,
        "replied_on": pd.Timestamp(reply.replied_on),
        "result": FOUND if found else NONE,
        "asset_kind": (reply.asset_kind or reply.target_kind) if found else None,
        "balance": reply.balance,
        "as_of": pd.Timestamp(reply.replied_on) if found else None,
    }
