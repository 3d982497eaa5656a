from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import serving
from serving.settings import Settings
from serving.web.routing import STATUS
from serving.wording import wording

PACKAGE = Path(serving.__file__ or "").parent
JA, EN = wording("ja").sentences, wording("en").sentences


def _slots(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things() -> None:
    assert set(JA) == set(EN)
    assert [key for key in JA if _slots(JA[key]) != _slots(EN[key])] == []


def test_every_sentence_a_template_asks_for_exists() -> None:
    asked = {
        key
        for file in (PACKAGE / "templates").glob("*.html")
        for key in re.findall(r'\bw\(["\']([\w.]+)["\'][,)]', file.read_text(encoding="utf-8"))
    }
    assert asked - set(JA) == set()


def test_every_error_has_a_sentence_and_a_status() -> None:
    told = {key.removeprefix("error.") for key in JA if re.fullmatch(r"error\.\w+", key)}
    assert told == set(STATUS)


def test_every_setting_says_what_it_means() -> None:
    assert all(setting.metadata["meaning"] for setting in fields(Settings))
