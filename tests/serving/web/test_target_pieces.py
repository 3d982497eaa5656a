from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from models.advice import Precedent, RankedTarget, Reason
from serving.web.case_view import CaseView, DatedReason, TargetView
from serving.web.target_pieces import Filled, TargetPieces

AS_OF = date(2026, 4, 1)
REASON = Reason("prior_found", "口座<script>がある", 0.5, "replies", None, "an account & more")
PAST = Precedent("7", date(2025, 8, 3), "bank", "0005", "みどり銀行", True, 5000, 0.8)
TARGET = RankedTarget(
    1,
    "bank",
    "0005",
    "みどり銀行",
    0.4,
    9000,
    True,
    5.0,
    6.0,
    (),
    (REASON,),
    0.0,
    0.0,
    0.0,
    precedents=(PAST,),
)
SHOWN = TargetView(TARGET, (DatedReason(REASON, date(2025, 8, 3)),), (), 0.0)


def pieces(language: str = "ja", scale: float = 1.0, **other: Any) -> TargetPieces:  # noqa: ANN401
    usual: dict[str, Any] = {
        "as_of": AS_OF,
        "form": None,
        "before": {},
        "answers": {},
        "dropped": frozenset(),
        "linked": frozenset(),
    }
    return TargetPieces(language, CaseView((SHOWN,), (), scale), **usual | other)


def filled(**other: Any) -> Filled:  # noqa: ANN401
    usual: dict[str, Any] = {"ticked": None, "grounds": {("bank", "0005"): "銀行の根拠"}, "entered": {}}
    return Filled(**usual | other)


def test_a_reason_has_its_bar_its_sentence_and_its_record_and_is_escaped() -> None:
    row = pieces().row(SHOWN)
    assert "<li><svg" in row
    assert 'width="11.0"' in row
    assert "口座&lt;script&gt;がある" in row
    assert "R7.8.3" in row
    assert "<script>" not in row


def test_a_row_that_was_laid_out_before_is_only_used_where_everything_is_the_same() -> None:
    first = pieces().row(SHOWN)
    assert pieces().row(SHOWN) is first
    assert pieces().row(TargetView(replace(TARGET), *SHOWN_REST)) == first
    assert "an account &amp; more" in pieces("en").row(SHOWN)
    assert 'width="5.5"' in pieces(scale=2.0).row(SHOWN)
    undated = replace(SHOWN, first=(DatedReason(REASON, None),))
    assert pieces().row(undated) != pieces(as_of=date(2026, 5, 1)).row(undated)
    assert "12%" in pieces().row(replace(SHOWN, target=replace(TARGET, probability=0.12)))
    assert 'href="/cases/7"' not in first
    assert 'href="/cases/7"' in pieces(linked=frozenset({"7", "8"})).row(SHOWN)
    assert "前回" in pieces(answers={"bank|0005": (AS_OF, "found")}).row(SHOWN)
    assert pieces(dropped=frozenset({"bank|0005"})).row(SHOWN) != first
    assert pieces(before={("bank", "0005"): 4}).row(SHOWN) != first


SHOWN_REST = (SHOWN.first, SHOWN.more, SHOWN.common)


def test_the_form_of_a_row_is_as_it_was_filled_in() -> None:
    assert "<input" not in pieces().row(SHOWN)
    proposed = pieces(form=filled()).row(SHOWN)
    assert 'value="bank|0005" checked' in proposed
    assert 'name="ground:bank|0005" value="銀行の根拠"' in proposed
    assert "checked" not in pieces(form=filled(ticked=frozenset())).row(SHOWN)
    typed = pieces(form=filled(entered={"drop:bank|0005": '解約"済み'})).row(SHOWN)
    assert 'value="解約&#34;済み"' in typed


def test_the_bar_of_what_is_common_points_the_way_of_its_sign() -> None:
    common = CaseView((SHOWN,), (DatedReason(REASON, None),), 1.0)
    row = replace(pieces(), view=common).row(replace(SHOWN, common=-0.5))
    assert 'class="con" x="12.0"' in row
    assert "口座&lt;script&gt;がある" in replace(pieces(), view=common).common
