"""A tiny town of twelve debtors, with advice that is made up but adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from features.ledger.snapshot import Ledger, Municipality, ledger_of
from features.ledger.told import Told
from features.supposed import Supposition
from models.advice import (
    CaseAdvice,
    Finding,
    GateNotice,
    KindForecast,
    Precedent,
    RankedTarget,
    Reason,
    Suggestion,
)
from models.restriction import unaddressed
from models.slots import Slots
from serving.office.ledger_office import LedgerOffice
from serving.office.office import Versions
from serving.office.outlook import Outlook

DAY = date(2026, 4, 1)
RANKED, ROUTED, PROTECTED = "000000000000001", "000000000000011", "000000000000012"
OFFICER = "T002"
"""Proposed for the odd cases below 11, and has the protected one in hand."""
IDS = [f"{number:015d}" for number in range(1, 13)]
SECRET_POSTCODE = "987"
SECRET_NOTE = "転居先は秘密町。"

TARGETS = [
    ("bank", "0005", "三菱UFJ銀行"),
    ("employer", "E00001", "株式会社中央塗装"),
    ("bank", "9900", "ゆうちょ銀行"),
    ("life_insurance", "L01", "みどり生命保険"),
    ("bank", "0009", "三井住友銀行"),
    ("tax_refund", "", "還付金"),
    ("securities", "S01", "あおば証券"),
    ("bank", "0033", "PayPay銀行"),
    ("vehicle", "", "軽自動車"),
    ("bank", "0036", "楽天銀行"),
]
REASONS = [
    ("prior_found", "令和7年にこの調査先で財産が見つかっている", 1.35, "replies", date(2025, 8, 3)),
    ("payroll", "勤務先の同僚の多くがこの銀行で給与を受け取っている", 0.82, "incomes", date(2025, 6, 1)),
    ("mentioned", "折衝で本人がこの調査先の名を挙げた", 0.61, "contacts", date(2026, 1, 14)),
    ("area_share", "同じ地域の滞納者でよく見つかる", 0.22, "replies", None),
    ("blank_recent", "3か月前の照会では該当なしだった", -0.74, "replies", date(2026, 1, 5)),
]


def tiny_ledger() -> Ledger:
    """Twelve debtors: one on welfare (routed), one protected, the others with open debts."""
    frames = {
        "debtors": pd.DataFrame(
            {
                "debtor_id": IDS,
                "entity": "1",
                "birth_year": [1960 + n for n in range(12)],
                "household_size": [1 + n % 4 for n in range(12)],
                "dependents": [n % 3 for n in range(12)],
                "postcode3": ["182"] * 11 + [SECRET_POSTCODE],
                "mail_returned": 0,
                "phone_known": 1,
                "welfare": [int(i == ROUTED) for i in IDS],
                "protected": [int(i == PROTECTED) for i in IDS],
                "bankrupt": 0,
                "deceased": 0,
            }
        ),
        "debts": pd.DataFrame(
            {
                "debt_id": [f"D{n}" for n in range(24)],
                "debtor_id": IDS * 2,
                "tax_item": ["01"] * 12 + ["02"] * 12,
                "fiscal_year": [2024] * 12 + [2025] * 12,
                "due_on": pd.Timestamp("2025-06-30"),
                "principal": [120_000 + 1000 * n for n in range(24)],
                "demanded_on": pd.Timestamp("2025-07-20"),
                "prescribes_on": [pd.Timestamp("2030-06-30")] * 12 + [pd.Timestamp("2026-06-10")] * 12,
            }
        ),
        "payments": pd.DataFrame(
            {"payment_id": ["P1"], "debt_id": ["D0"], "paid_on": [pd.Timestamp("2025-09-01")],
             "amount": [20_000]}
        ),
        "incomes": pd.DataFrame(
            {
                "debtor_id": IDS * 2,
                "tax_year": [2024] * 12 + [2025] * 12,
                "salary": [2_400_000] * 12 + [2_650_000] * 12,
                "pension": 0,
                "business": [0] * 12 + [130_000] * 12,
                "employer_id": "E00001",
                "payroll_withheld": 1,
                "filed": 1,
            }
        ),
        "contacts": pd.DataFrame(
            {
                "contact_id": [f"C{n}" for n in range(16)],
                "debtor_id": [RANKED] * 15 + [PROTECTED],
                "contacted_on": [pd.Timestamp("2025-05-01") + timedelta(days=20 * n) for n in range(16)],
                "promised_on": [pd.NaT] * 14 + [pd.Timestamp("2026-03-20"), pd.NaT],
                "promised_amount": [None] * 14 + [10_000, None],
                "note": ["勤務先は中央塗装、月末払い。", "来庁、分納相談。", "不在。"] * 5 + [SECRET_NOTE],
            }
        ),
        "inquiries": pd.DataFrame(
            {
                "inquiry_id": ["Q1", "Q2", "Q3"],
                "debtor_id": RANKED,
                "target_kind": ["bank", "employer", "bank"],
                "target_code": ["0005", "E00001", "0009"],
                "requested_on": pd.to_datetime(["2025-07-20", "2025-12-01", "2026-03-20"]),
            }
        ),
        "replies": pd.DataFrame(
            {
                "inquiry_id": ["Q1", "Q2"],
                "replied_on": pd.to_datetime(["2025-08-03", "2025-12-20"]),
                "result": ["1", "2"],
                "balance": [48_200, None],
            }
        ),
        "dispositions": pd.DataFrame(
            {
                "disposition_id": ["S1"],
                "debtor_id": [RANKED],
                "kind": ["02"],
                "target_kind": ["bank"],
                "target_code": ["0005"],
                "disposed_on": [pd.Timestamp("2025-08-20")],
                "collected": [48_200],
            }
        ),
        "stays": pd.DataFrame(
            {"debtor_id": [RANKED], "kind": ["instalment"], "started_on": [pd.Timestamp("2024-02-01")],
             "ended_on": [pd.Timestamp("2024-11-30")]}
        ),
        "staff": pd.DataFrame(
            {
                "staff_id": ["T001", "T002", "T003", "T004"],
                "joined_on": pd.Timestamp("2022-04-01"),
                "left_on": [pd.Timestamp("2026-03-01"), pd.NaT, pd.NaT, pd.NaT],
                "fte": [1.0, 1.0, 1.0, 0.5],
            }
        ),
        "exclusions": pd.DataFrame({"debtor_id": [RANKED], "staff_id": ["T004"], "reason": ["親族"]}),
        "targets": pd.DataFrame(TARGETS, columns=["target_kind", "target_code", "name"]),
        "assignments": pd.DataFrame(
            {
                "assignment_id": [f"A{n}" for n in range(25)],
                "debtor_id": [*IDS * 2, PROTECTED],
                "staff_id": ["T001"] * 24 + [OFFICER],
                "started_on": pd.Timestamp("2025-05-01"),
                "ended_on": [pd.Timestamp("2025-09-01")] * 24 + [pd.NaT],
                "selecting_minutes": [20.0 + n for n in range(24)] + [None],
                "handling_minutes": 200.0,
            }
        ),
    }  # fmt: skip
    return ledger_of(Municipality("130000", "みどり市", DAY, frozenset({"age", "household", "area"})), frames)


class FakeAdviser:
    """Advice that depends on the debtor's number alone. ``calls`` counts the cases advised on."""

    def __init__(self, fails: bool = False) -> None:
        self.calls = 0
        self.fails = fails

    def advise(
        self, debtor_ids: Sequence[str], top: int = 10, slots: Slots | None = None
    ) -> list[CaseAdvice]:
        if self.fails:
            raise RuntimeError("the model is broken")
        self.calls += len(debtor_ids)
        found = [unaddressed(_advice(debtor_id, DAY, top)) for debtor_id in debtor_ids]
        return found if slots is None else [_drawn(advice, slots) for advice in found]

    def follow_up(
        self, debtor_id: str, told: Sequence[Told], top: int = 10, slots: Slots | None = None
    ) -> CaseAdvice:
        """What was answered is no longer proposed; the others move up."""
        asked = {(each.target_kind, each.target_code) for each in told}
        first = self.advise([debtor_id], top)[0]
        left = [target for target in first.targets if (target.target_kind, target.target_code) not in asked]
        again = tuple(replace(target, rank=rank) for rank, target in enumerate(left, start=1))
        answered = any(each.replied_on is not None for each in told)
        return replace(first, targets=again, round=2 if answered else 1)

    def what_if(
        self,
        debtor_id: str,
        said: Sequence[Supposition],
        *,
        note: str = "",
        told: Sequence[Told] = (),
        top: int = 10,
    ) -> CaseAdvice:
        """What is denied goes last, what is named goes first."""
        first = self.follow_up(debtor_id, told, top) if told else self.advise([debtor_id], top)[0]
        place = {(s.target_kind, s.target_code): 1 if s.manner == "denied" else -1 for s in said}
        ordered = sorted(first.targets, key=lambda t: (place.get((t.target_kind, t.target_code), 0), t.rank))
        return replace(first, targets=tuple(replace(t, rank=n) for n, t in enumerate(ordered, start=1)))

    def outlook(self, debtor_ids: Sequence[str], top: int = 10) -> list[Outlook]:
        return [_outlook(advice) for advice in self.advise(debtor_ids, top)]


def fake_office(adviser: FakeAdviser | None = None, versions: Versions | None = None) -> LedgerOffice:
    ledger = tiny_ledger()
    matching = pd.DataFrame(
        {
            "debtor_id": IDS[:10],
            "staff_id": ["T002", "T003"] * 5,
            "expected_minutes": [30.0 + 7 * n for n in range(10)],
            "difficulty_level": [1 + n % 5 for n in range(10)],
            "required_level": [1 + n % 3 for n in range(10)],
            "reasons": "給与・預貯金の事案が多く、手が空いている",
            "english": "Mostly wages and deposits, and there is room",
        }
    )
    chosen = versions or Versions("tegakari/3", ledger.fingerprint)
    return LedgerOffice(ledger, adviser or FakeAdviser(), matching, chosen)


def _advice(debtor_id: str, day: date, top: int) -> CaseAdvice:
    number = int(debtor_id)
    gates: tuple[GateNotice, ...] = ()
    if debtor_id == ROUTED:
        gates = (GateNotice("welfare", "地方税法15条の7第1項2号", "生活保護を受給しています。", True),)
    if debtor_id == PROTECTED:
        gates = (GateNotice("protected", "住民基本台帳事務処理要領第5の10", "支援措置の対象です。", False),)
    targets = () if debtor_id == ROUTED else tuple(_target(rank, number) for rank in range(1, top + 1))
    forecasts = (KindForecast("bank", 0.58, 61_000), KindForecast("employer", 0.41, 88_000),
                 KindForecast("life_insurance", 0.12, 9_000))  # fmt: skip
    return CaseAdvice(debtor_id, day, 240_000 + 1000 * number, debtor_id == PROTECTED, gates, targets,
                      forecasts if targets else (), 0.55 if targets else None, "tegakari/3", "made-up",
                      finding=_finding() if targets else None)  # fmt: skip


def _finding() -> Finding:
    reasons = (
        Reason("statements", "折衝15件のうち3件に生活の苦しさに関する申出がある", 1.8, "contacts"),
        Reason("income_total", "最新の課税資料の収入・所得は合計2,780,000円", -0.4, "incomes"),
    )
    suggestions = (
        Suggestion("suspension_2", "地方税法 15の7第1項2号", "生活状況を確かめる。"),
        Suggestion("welfare", "生活困窮者自立支援法 8", "福祉の相談窓口を案内する。"),
    )
    return Finding(0.55, 0.78, 0.70, -2.0, 0.1, reasons, suggestions, 2, 1, 4000)


def _drawn(advice: CaseAdvice, slots: Slots) -> CaseAdvice:
    if not advice.targets or slots.share == 0:
        return advice
    last = replace(advice.targets[-1], random_slot=True, slot_probability=slots.share)
    return replace(advice, targets=(*advice.targets[:-1], last))


def _outlook(advice: CaseAdvice) -> Outlook:
    first = advice.targets[0] if advice.targets else None
    return Outlook(
        advice.debtor_id,
        advice.arrears,
        min(advice.arrears, sum(target.expected_yen for target in advice.targets if target.in_plan)),
        first.target_kind if first else "",
        first.target_name if first else "",
        first.probability if first else 0.0,
        advice.restricted,
        advice.routed,
        tuple(gate.gate for gate in advice.gates),
        advice.hardship,
    )


def _target(rank: int, number: int) -> RankedTarget:
    kind, code, name = TARGETS[rank - 1]
    reasons = tuple(Reason(f, s, w / rank**0.4, r, d) for f, s, w, r, d in REASONS[: 5 - rank % 3])
    base, rest = -2.0, 0.1
    score = base + rest + sum(reason.weight for reason in reasons)
    odds, yen = round(0.62 / rank**0.7, 3), int((90_000 + 900 * number) / rank)
    return RankedTarget(rank, kind, code, name, odds, yen, rank <= 3, 3.0 + rank, 6.0,
                        ("過去の回答", "課税資料"), reasons, score, base, rest,
                        precedents=_precedents(kind, code, name) if rank == 1 else ())  # fmt: skip


def _precedents(kind: str, code: str, name: str) -> tuple[Precedent, ...]:
    return tuple(
        Precedent(IDS[5 + n], date(2025, 3 + n, 4), kind, code, name, n != 1, 84_000 if n != 1 else None,
                  0.9 - n / 10)
        for n in range(3)
    )  # fmt: skip
