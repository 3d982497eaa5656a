"""The codes that the journal keeps, each as the word that a reader knows it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from serving.wording import Wording

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "role": "role",
        "view": "view",
        "result": "outcome",
        "manner": "manner",
        "outcome": "again",
        "target_kind": "kind",
        "asset_kind": "kind",
        "fact": "if",
        "form": "form",
        "arm": "arm",
        "outside": "time.outside",
        "reasons": "reasons",
        "sort": "list.sort",
        "means": "means",
    }
)
"""Fields whose values are codes, and the group of the catalogue that names them."""

_ASKED: Mapping[str, str] = MappingProxyType(
    {
        "show": "list.show",
        "mark": "list.urgency",
        "sort": "list.sort",
        "target_kind": "kind",
        "only": "audit.only",
        "done": "assign.done",
        "whose": "list.whose",
    }
)
"""Filters of pages whose values are codes; ``kind`` means what the page is about."""

_SWITCHES = frozenset({"verify", "recompute", "download"})

_GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "LoginRefused": "refused",
        "CaseRefused": "refused",
        "BatchRefused": "refused",
        "ReplyFileRefused": "error",
    }
)
"""Events whose ground is a code; elsewhere it is what somebody wrote."""

_ENTRY = re.compile(r"(/api/v1)?/audit/(\d+)")
_PART = re.compile(r"([a-z_]+)((?:\[\d+\])*)")


def term_of(kind: str, name: str, value: object, w: Wording) -> str | None:
    """Return the word for the ``value`` of a field of an event of ``kind``; None where it is no code."""
    text = str(value)
    if name == "ground":
        return w.term(_GROUNDS[kind], text) if kind in _GROUNDS else None
    if name == "page" and kind == "PageViewed":
        return _page(text, w)
    return w.term(TERMS[name], text) if name in TERMS and not isinstance(value, list | dict) else None


def of_page(page: str, name: str, value: object, w: Wording) -> str:
    """Return one filter of a page as its label and what was chosen.

    >>> from serving.wording import wording
    >>> of_page("", "show", "routed", wording("ja"))
    '表示: 調査対象外'
    """
    text = str(value)
    group = _ASKED.get(name, "")
    if name == "kind":
        group = "event" if "audit" in page else "kind"
    if name in _SWITCHES:
        text = w("case.yes") if text in ("1", "true") else w("case.no")
    return w("asked.pair", name=w.term("asked", name), value=w.term(group, text) if group else text)


def target_name(key: tuple[str, str], names: Mapping[tuple[str, str], str], w: Wording) -> str:
    """Return what a target is called; one that no list of the office names is told by kind and code."""
    return names.get(key) or w.term("kind", key[0]) + (f" {key[1]}" if key[1] else "")


def place_name(place: str, w: Wording) -> str:
    """Return a place of an advice by the names of its parts.

    >>> from serving.wording import wording
    >>> place_name("targets[0].expected_yen", wording("ja"))
    '推薦[1]の見込額'
    """
    parts = [_PART.fullmatch(part) for part in place.split(".")]
    if not all(parts):
        return place
    told = [field_name(part[1], w) + _counted(part[2]) for part in parts if part]
    return w("audit.within").join(told)


def field_name(name: str, w: Wording) -> str:
    """Return what a field of an event is called."""
    return w.term("field", name)


def _page(text: str, w: Wording) -> str:
    entry = _ENTRY.fullmatch(text)
    if entry is not None:
        return w("viewed.api.entry" if entry[1] else "viewed.entry", seq=entry[2])
    return w.term("viewed", text)


def _counted(places: str) -> str:
    return "".join(f"[{int(each) + 1}]" for each in re.findall(r"\d+", places))
