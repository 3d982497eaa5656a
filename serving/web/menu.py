"""The menu: each page with the right it needs and its name in the catalogue."""

from __future__ import annotations

from serving.records.identity import Right

MENU: tuple[tuple[Right, str, str], ...] = (
    (Right.CASES, "/cases", "nav.cases"),
    (Right.CASES, "/batches", "nav.batches"),
    (Right.ASSIGNMENTS, "/assignments", "nav.assignments"),
    (Right.ASSIGNMENTS, "/reminders", "nav.reminders"),
    (Right.CASES, "/casebook", "nav.casebook"),
    (Right.TIME_SAVED, "/time-saved", "nav.time"),
    (Right.SETTINGS, "/slots", "nav.slots"),
    (Right.MODELS, "/models", "nav.models"),
    (Right.MODELS, "/drift", "nav.drift"),
    (Right.AUDIT, "/audit", "nav.audit"),
)
