from __future__ import annotations

from datetime import date

from models.advice import Reason
from serving.web.case_view import CaseView
from serving.web.reason_lines import ReasonLines
from serving.wording import wording

AS_OF = date(2026, 4, 1)
REASON = Reason("prior_found", "口座<script>がある", 0.5, "replies", date(2025, 8, 3), "an account & more")


def lines(language: str = "ja", scale: float = 1.0, as_of: date = AS_OF) -> ReasonLines:
    return ReasonLines(wording(language), CaseView((), (), scale, {}), as_of)


def test_a_line_has_its_bar_its_sentence_and_its_record_and_is_escaped() -> None:
    line = lines().of([REASON])
    assert line.startswith("<li><svg")
    assert 'width="11.0"' in line
    assert "口座&lt;script&gt;がある" in line
    assert "R7.8.3" in line
    assert "<script>" not in line


def test_a_line_that_was_laid_out_before_is_only_used_where_everything_is_the_same() -> None:
    first = lines().of([REASON])
    assert lines().of([REASON]) == first
    assert "an account &amp; more" in lines("en").of([REASON])
    assert 'width="5.5"' in lines(scale=2.0).of([REASON])
    undated = Reason("area_share", "同じ地域", 0.1, "replies")
    assert lines().said(undated) != lines(as_of=date(2026, 5, 1)).said(undated)


def test_the_bar_of_a_sum_points_the_way_of_its_sign() -> None:
    assert 'class="con" x="12.0"' in lines().bar(-0.5)
    assert 'class="pro" x="23"' in lines().bar(0.5)


def test_no_reasons_are_no_lines() -> None:
    assert lines().of([]) == ""
