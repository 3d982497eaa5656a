"""What an entry of the journal says, as one sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from serving.records.entry import Entry
from serving.web.told_codes import field_name, of_page, place_name, target_name, term_of
from serving.wording import Wording

Names = Mapping[tuple[str, str], str]
SHARES = ("share", "blind", "hidden")
VERSION_SHOWN = 12
BODY_SHOWN = 200


def said(entry: Entry, w: Wording, names: Names) -> str:
    """Return the sentence ``said.<kind>``; a kind without one is told by its facts as they stand."""
    if not entry.readable:
        return w("audit.unreadable", body=entry.body[:BODY_SHOWN])
    sentence = w.sentences.get(f"said.{entry.kind}")
    if sentence is None:
        told = (f"{name}={value}" for name, value in entry.facts.items() if value not in ("", None))
        return _between(w).join(told)
    return Formatter().vformat(sentence, (), _Told(entry, w, names)).strip()


def told_facts(entry: Entry, w: Wording, names: Names) -> list[tuple[str, str]]:
    """Return every field of an entry with its value as text; what was shown is left to its own table."""
    if not entry.readable:
        return [(w("audit.body"), entry.body)]
    told = _Told(entry, w, names)
    hidden = {"advice", "inputs", "debtor_id", "verdict"}
    return [(field_name(name, w), told[name]) for name in entry.facts if name not in hidden]


def _between(w: Wording) -> str:
    """Return what stands between the parts of a list."""
    return "、" if w.language == "ja" else ", "


class _Told(dict[str, Any]):
    """The fields of an event as texts; what an old entry lacks is a dash."""

    def __init__(self, entry: Entry, w: Wording, names: Names) -> None:
        facts = entry.facts
        super().__init__(facts)
        advice = facts.get("advice") or {}
        targets = advice.get("targets", [])
        self._derived = {"targets": len(targets), "planned": sum(bool(t["in_plan"]) for t in targets)}
        self._kind = entry.kind
        self._w = w
        self._names = names

    def __missing__(self, name: str) -> str:
        return str(self._derived.get(name, "―"))

    def __getitem__(self, name: str) -> str:
        if name not in self:
            return self.__missing__(name)
        value = super().__getitem__(name)
        if name == "target_code":
            return self._names.get((super().get("target_kind", ""), value), value) or "―"
        try:
            return self._text(name, value)
        except (ValueError, TypeError):  # not as it was written: told as it stands
            return str(value)

    def _text(self, name: str, value: object) -> str:  # noqa: PLR0911 - one line a form of value
        w = self._w
        if value is None or value in ("", [], {}):
            return w("audit.nothing") if isinstance(value, list | dict) else "―"
        if isinstance(value, bool):
            return w("case.yes") if value else w("case.no")
        term = term_of(self._kind, name, value, w)
        if term is not None:
            return term
        if name.endswith("_on"):
            return w.day(date.fromisoformat(str(value)))
        if name.endswith("_at"):
            return w.moment(str(value))
        if name in SHARES:
            return f"{float(str(value)):.0%}"
        if name in ("balance", "arrears"):
            return w.yen(float(str(value)))
        if name == "data_version":
            return str(value)[:VERSION_SHOWN]
        if isinstance(value, dict):
            page = str(super().get("page", ""))
            return _between(w).join(of_page(page, str(key), each, w) for key, each in value.items())
        if isinstance(value, list):
            return _between(w).join(self._item(name, each) for each in value)
        return str(value)

    def _item(self, name: str, each: object) -> str:
        if isinstance(each, dict) and "target_kind" in each:
            key = (str(each["target_kind"]), str(each.get("target_code", "")))
            told = target_name(key, self._names, self._w)
            return f"{told}({each['reason']})" if each.get("reason") else told
        if isinstance(each, dict) and "balance" in each:
            return self._w(
                "audit.account", kind=each.get("kind", ""), yen=self._w.yen(each["balance"])
            ).strip()
        return place_name(str(each), self._w) if name == "differences" else str(each)
