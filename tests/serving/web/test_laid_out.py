from __future__ import annotations

from serving.web.laid_out import laid_out
from serving.web.translated import PLACE
from serving.web.worklist_rows import RowView, Tag

ROW = RowView(
    "1", False, (Tag("<b>", "bad"),), "1円", "2円", "30", "銀行", "10%", "預貯金", "R8.4.1", True, "T1", ""
)


def test_a_piece_is_escaped_and_the_same_each_time() -> None:
    piece = laid_out("worklist_row.html", "cells", "ja", ROW)
    assert '<span class="tag bad">&lt;b&gt;</span>' in piece
    assert laid_out("worklist_row.html", "cells", "ja", ROW) is piece


def test_languages_and_facts_are_not_mixed_up() -> None:
    line = ("audit_row.html", "line")
    facts = (7, "2026-04-01T00:00:00.000+00:00", "hanako", "CaseViewed", "1", "見た", True)
    japanese, english = laid_out(*line, "ja", *facts), laid_out(*line, "en", *facts)
    assert "R8.4.1" in japanese
    assert "2026-04-01" in english
    assert "taro" in laid_out(*line, "ja", 7, facts[1], "taro", *facts[3:])


def test_what_is_laid_out_once_sees_no_request() -> None:
    """A piece that is kept must not hold what belongs to one reader: a form's token, a name, a path."""
    laid_out_once = (
        "audit_row.html",
        "case_adding.html",
        "case_offered.html",
        "case_record_parts.html",
        "case_target.html",
        "reason.html",
        "reply_fields.html",
        "worklist_row.html",
    )
    for name in laid_out_once:
        source = (PLACE / name).read_text(encoding="utf-8")
        for foreign in ("form_token", "user", "path", "office", "include", "extends"):
            assert "{{ " + foreign not in source, (name, foreign)
            assert "{% " + foreign not in source, (name, foreign)
