"""What an entry of the journal says, as one sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from serving.records.journal import Entry
from serving.wording import Wording

Names = Mapping[tuple[str, str], str]
TERMS = {
    "role": "role",
    "view": "view",
    "result": "outcome",
    "manner": "manner",
    "outcome": "again",
    "target_kind": "kind",
}
"""Fields whose values are codes, and the group of the catalogue that names them."""
SHARES = ("share", "blind", "hidden")
VERSION_SHOWN = 12


def said(entry: Entry, w: Wording, names: Names) -> str:
    """Return the sentence ``said.<kind>``; a kind without one is told by its facts as they stand."""
    sentence = w.sentences.get(f"said.{entry.kind}")
    if sentence is None:
        return "、".join(f"{name}={value}" for name, value in entry.facts.items() if value not in ("", None))
    return Formatter().vformat(sentence, (), _Told(entry.facts, w, names)).strip()


def told_facts(entry: Entry, w: Wording, names: Names) -> list[tuple[str, str]]:
    """Return every field of an entry with its value as text; what was shown is left to its own table."""
    told = _Told(entry.facts, w, names)
    hidden = {"advice", "inputs", "debtor_id"}
    return [(w.term("field", name), told[name]) for name in entry.facts if name not in hidden]


class _Told(dict[str, Any]):
    """The fields of an event as texts; what an old entry lacks is a dash."""

    def __init__(self, facts: Mapping[str, Any], w: Wording, names: Names) -> None:
        super().__init__(facts)
        advice = facts.get("advice") or {}
        targets = advice.get("targets", [])
        self._derived = {"targets": len(targets), "planned": sum(bool(t["in_plan"]) for t in targets)}
        self._w = w
        self._names = names

    def __missing__(self, name: str) -> str:
        return str(self._derived.get(name, "―"))

    def __getitem__(self, name: str) -> str:
        if name not in self:
            return self.__missing__(name)
        value = super().__getitem__(name)
        if name == "target_code":
            return self._names.get((super().get("target_kind", ""), value), value)
        return self._text(name, value)

    def _text(self, name: str, value: object) -> str:  # noqa: PLR0911 - one line a form of value
        w = self._w
        if value is None or value in ("", [], {}):
            return w("audit.nothing") if isinstance(value, list | dict) else "―"
        if isinstance(value, bool):
            return w("case.yes") if value else w("case.no")
        if name in TERMS:
            return w.term(TERMS[name], str(value))
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
            return "、".join(f"{key}={each}" for key, each in value.items())
        if isinstance(value, list):
            return "、".join(self._item(each) for each in value)
        return str(value)

    def _item(self, each: object) -> str:
        if not isinstance(each, dict) or "target_kind" not in each:
            return str(each)
        key = (str(each["target_kind"]), str(each.get("target_code", "")))
        name = self._names.get(key) or self._w.term("kind", key[0]) + (f" {key[1]}" if key[1] else "")
        return f"{name}({each['reason']})" if each.get("reason") else name
