"""The backtest as one self-contained HTML page, in Japanese and English; nothing in it names a debtor."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from serving.terminal.backtest_parts import (
    OURS,
    Mark,
    Part,
    Row,
    Section,
    chart,
    figures_table,
    metric_chart,
    signed,
    with_interval,
    writing,
)
from serving.terminal.bilingual import DASH, both, decimal, percent, thousandth, yen
from serving.terminal.plots import SHARES, reliability_plot
from serving.wording import wording
from training.backtest import Backtest
from training.standings import RANKINGS

SHOWN = ("hit_at_1", "hit_at_5", "cover_at_5", "ndcg_at_10", "first_hit")


def backtest_page(found: Backtest) -> str:
    """Return the page."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    facts = found.facts
    return templates.get_template("backtest.html").render(
        title=wording("ja")("backtest.title") + f" {facts['municipality']}",
        head=both("head", name=facts["municipality"]),
        basis=both("basis", day=facts["day"], border=facts["border"], cases=f"{facts['cases']:,}"),
        flagged=found.gap.flagged,
        verdict=both(verdict(found)),
        switch_ja=wording("ja")("backtest.switch.ja"),
        switch_en=wording("ja")("backtest.switch.en"),
        found_title=both("finding.title"),
        findings=_findings(found),
        sections=[
            _order(found),
            _seniority(found),
            _asked(found),
            _trust(found),
            _value(found),
            _swap(found),
            _burden(found),
            _leakage(found),
            _limits(found),
        ],
    )


def verdict(found: Backtest) -> str:
    """Return the key of the sentence on leakage."""
    if not found.gap.judged:
        return "leak.unjudged"
    return "leak.flagged" if found.gap.flagged else "leak.clear"


def line_of(table: pd.DataFrame, **where: object) -> pd.Series:
    """Return the one row of ``table`` whose columns have these values; all NaN where there is none."""
    rows = table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.iloc[0] if len(rows) else pd.Series(float("nan"), index=table.columns)


def _findings(found: Backtest) -> list[tuple[Markup, Markup, Markup]]:
    tables = found.tables
    first = {
        name: line_of(tables["metrics"], split="time", band="all", ranking=name, metric="hit_at_1")["mean"]
        for name in RANKINGS
    }
    value = line_of(tables["policy_value"], policy=OURS, reward="yen", method="dr")
    logged = line_of(tables["policy_value"], policy="officers", reward="yen", method="logged")
    swap, guess = (line_of(tables["swap"], variant=name) for name in ("later_round", "same_case"))
    error = line_of(tables["calibration"], ranking=OURS, band="all", measure="error")
    apart = line_of(tables["calibration"], ranking=OURS, band="all", measure="resolution")
    known = not isnan(value["value"])
    note = both("finding.value.none")
    if known:
        bounds = {"low": yen(value["low"]), "high": yen(value["high"])}
        note = both("finding.value.note", officers=yen(logged["value"]), **bounds)
    change = {
        "low": percent(swap["change_low"], signed=True),
        "high": percent(swap["change_high"], signed=True),
        "forecast": percent(guess["change"], signed=True),
    }
    return [
        (
            both("finding.first"),
            percent(first[OURS]),
            both("finding.first.note", rules=percent(first["know_how"]), chance=percent(first["chance"])),
        ),
        (both("finding.value"), yen(value["value"]), note),
        (both("finding.swap"), percent(swap["change"], signed=True), both("finding.swap.note", **change)),
        (
            both("finding.error"),
            decimal(error["value"], 3),
            both("finding.error.note", resolution=decimal(apart["value"], 3)),
        ),
    ]


def _order(found: Backtest) -> Section:
    every, gaps = found.tables["metrics"], found.tables["differences"]
    table = every[(every["split"] == "time") & (every["band"] == "all")]
    gap = gaps[(gaps["split"] == "time") & (gaps["band"] == "all")]
    asked = line_of(found.tables["ever_asked"], ranking=OURS, k=5)
    notes = (
        both("rank.scope"),
        both("rank.unasked", k=5, share=percent(asked["first_round"])),
        both("rank.cases", cases=f"{int(table['cases'].iloc[0]):,}"),
        both("rank.order"),
    )
    parts = (
        *(metric_chart(table, metric, RANKINGS) for metric in SHOWN),
        figures_table(table, "mean", both("rank.table"), writing),
        figures_table(gap, "difference", both("rank.difference"), signed),
    )
    return Section(both("rank.title"), notes, parts)


def _seniority(found: Backtest) -> Section:
    every = found.tables["metrics"]
    table = every[(every["split"] == "time") & (every["metric"] == "hit_at_1")]
    parts = []
    for band in dict.fromkeys(table["band"]):
        rows = table[table["band"] == band]
        cases = int(rows["cases"].iloc[0])
        caption = Markup("{} (n={:,})").format(both(f"group.{band}"), cases)
        chosen = rows[rows["ranking"].isin([OURS, "know_how", "officers"])]
        marks = [
            Mark(both(f"ranking.{r['ranking']}"), r["mean"], r["low"], r["high"], r["ranking"] == OURS)
            for _, r in chosen.iterrows()
        ]
        parts.append(chart(caption, marks, scale=SHARES))
    return Section(both("senior.title"), (both("senior.note"),), tuple(parts))


def _asked(found: Backtest) -> Section:
    table = found.tables["ever_asked"]
    rows = tuple(
        Row(
            (both(f"ranking.{r['ranking']}"), r["k"], percent(r["first_round"]), percent(r["ever"])),
            r["ranking"] == OURS,
        )
        for _, r in table.iterrows()
    )
    header = (both("col.method"), both("col.k"), both("col.first"), both("col.ever"))
    return Section(
        both("asked.title"),
        (both("rank.unasked", k=5, share=percent(line_of(table, ranking=OURS, k=5)["first_round"])),),
        (Part("", header, rows),),
    )


def _trust(found: Backtest) -> Section:
    curve, errors = found.tables["reliability"], found.tables["calibration"]
    parts = []
    for name in dict.fromkeys(curve["ranking"]):
        points = curve[curve["ranking"] == name][["predicted", "observed", "low", "high"]]
        drawn = [(float(a), float(b), float(c), float(d)) for a, b, c, d in points.to_numpy()]
        parts.append(Part(both(f"ranking.{name}"), picture=reliability_plot(drawn)))
    rows = []
    for (name, band), group in errors.groupby(["ranking", "band"], sort=False):
        error, apart = (line_of(group, measure=each) for each in ("error", "resolution"))
        cells = (
            with_interval(each["value"], each["low"], each["high"], thousandth) for each in (error, apart)
        )
        title = Markup("{} / {}").format(both(f"ranking.{name}"), both(f"group.{band}"))
        rows.append(Row((title, *cells, f"{int(error['answers']):,}"), name == OURS))
    header = (both("col.method"), both("col.error"), both("col.resolution"), both("col.answers"))
    notes = (both("trust.note"), both("trust.x") + Markup(" / ") + both("trust.y"))
    return Section(both("trust.title"), notes, (*parts, Part("", header, tuple(rows))))


def _value(found: Backtest) -> Section:
    facts, table = found.facts, found.tables["policy_value"]
    parts = []
    for reward, write in (("yen", yen), ("hit", percent)):
        marks = []
        for _, r in table[table["reward"] == reward].iterrows():
            name = Markup("{} / {}").format(both(f"ranking.{_who(r)}"), both(f"method.{r['method']}"))
            note = both("value.refused") if r["refused"] else both("value.warned") if r["warned"] else ""
            more = (f"{r['effective_n']:,.0f}", note)
            marks.append(Mark(name, r["value"], r["low"], r["high"], r["policy"] == OURS, more))
        parts.append(chart(both(f"reward.{reward}"), marks, write, (both("col.effective"), both("col.note"))))
    error, apart = float(facts["propensity_error"]), float(facts["propensity_resolution"])
    told = both(
        "value.propensity",
        error=decimal(error, 3),
        resolution=decimal(apart, 3),
        floor=percent(float(facts["propensity_floor"])),
        clipped=percent(float(facts["propensity_clipped"])),
    )
    return Section(both("value.title"), (both("value.note"), told), tuple(parts))


def _swap(found: Backtest) -> Section:
    rows = []
    for _, r in found.tables["swap"].iterrows():
        kind = both("swap.observed" if r["observed"] else "swap.forecast")
        change = with_interval(
            r["change"], r["change_low"], r["change_high"], lambda v: percent(v, signed=True)
        )
        shown = both("swap.small") if isnan(r["change"]) else change
        money = (yen(r["dropped_yen"]), yen(r["new_yen"]))
        even = DASH if r["observed"] else percent(r["break_even"])
        rows.append(
            Row(
                (both(f"variant.{r['variant']}"), kind, f"{r['swapped']:,}", *money, shown, even),
                bool(r["observed"]),
            )
        )
    names = ("method", "kind", "swapped", "dropped", "new", "change", "even")
    header = tuple(both(f"col.{name}") for name in names)
    return Section(
        both("swap.title"), (both("swap.note"), both("swap.high")), (Part("", header, tuple(rows)),)
    )


def _burden(found: Backtest) -> Section:
    table = found.tables["burden"]
    parts = []
    for by in dict.fromkeys(table["by"]):
        rows = []
        for ranking in (OURS, "know_how", "officers_all"):
            chosen = table[(table["ranking"] == ranking) & (table["by"] == by)]
            for group, lines in chosen.groupby("group", sort=False):
                each = lines.set_index("measure")
                title = Markup("{} / {}").format(both(f"ranking.{ranking}"), both(f"group.{group}"))
                cells = [
                    _burden_cell(each.loc[name], name) for name in ("hit_rate", "blanks", "without_result")
                ]
                rows.append(Row((title, *cells, f"{int(each['cases'].iloc[0]):,}"), ranking == OURS))
        measures = (both(f"measure.{name}") for name in ("hit_rate", "blanks", "without_result"))
        parts.append(Part(both(f"by.{by}"), (both("col.group"), *measures, both("col.cases")), tuple(rows)))
    return Section(both("burden.title"), (both("burden.note"),), tuple(parts))


def _burden_cell(line: pd.Series, measure: str) -> Markup:
    write = decimal if measure == "blanks" else percent
    sign = {"higher": " ▲", "lower": " ▼"}.get(str(line["apart"]), "")
    return with_interval(line["mean"], line["low"], line["high"], write) + sign


def _leakage(found: Backtest) -> Section:
    table = found.tables["leakage"]
    rows = []
    for _, r in table.iterrows():
        write = writing(r["metric"])
        gap = with_interval(r["gap"], r["low"], r["high"], signed(r["metric"]))
        rows.append(Row((both(f"metric.{r['metric']}"), write(r["time"]), write(r["random"]), gap)))
    every = found.tables["metrics"]
    drawn = every[(every["split"] == "random") & (every["band"] == "all")]
    header = (both("col.measure"), both("col.time"), both("col.random"), both("col.gap"))
    notes = (both(verdict(found)), both("leak.note", cases=f"{int(table['cases'].iloc[0]):,}"))
    parts = (
        Part("", header, tuple(rows)),
        figures_table(drawn, "mean", both("col.random") + Markup(": ") + both("rank.table"), writing),
    )
    return Section(both("leak.title"), notes, parts)


def _limits(found: Backtest) -> Section:
    facts = found.facts
    out = {name: f"{facts[f'left_out_{name}']:,}" for name in ("unsettled", "no_arrears", "routed")}
    sent = {"inquiries": f"{facts['inquiries']:,}", "answered": f"{facts['answered']:,}"}
    notes = (
        both("limit.asked"),
        both("limit.propensity"),
        both("limit.constant"),
        both("limit.out", **out),
        both("limit.outside", **sent, outside=f"{facts['asked_no_candidate']:,}"),
    )
    return Section(both("limit.title"), notes, ())


def _who(row: pd.Series) -> str:
    return "officers_all" if row["policy"] == "officers" else str(row["policy"])
