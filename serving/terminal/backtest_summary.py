"""The backtest in the terminal: its figures in Japanese, a line each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from math import isnan

import pandas as pd

from serving.terminal.backtest_page import line_of, verdict
from serving.wording import wording
from training.backtest import Backtest
from training.metrics import DIRECTIONS
from training.standings import RANKINGS


def summary_lines(found: Backtest) -> Iterator[str]:
    """Return the summary, line by line."""
    facts = found.facts
    yield ""
    yield _say("head", name=facts["municipality"])
    yield _say("basis", day=facts["day"], border=facts["border"], cases=f"{facts['cases']:,}")
    yield _say("rank.scope")
    yield ""
    yield from _metrics(found)
    yield ""
    yield from _seniority(found)
    yield ""
    yield from _asked(found)
    yield ""
    yield from _trust(found)
    yield ""
    yield from _value(found)
    yield ""
    yield from _swap(found)
    yield ""
    yield from _burden(found)
    yield ""
    yield from _leakage(found)
    yield ""


def _metrics(found: Backtest) -> Iterator[str]:
    table = found.tables["metrics"]
    chosen = table[(table["split"] == "time") & (table["band"] == "all")]
    yield _say("rank.title")
    for metric in DIRECTIONS:
        yield f"  {_say(f'metric.{metric}')}"
        for name in RANKINGS:
            row = line_of(chosen, ranking=name, metric=metric)
            yield f"    {_wide(_say(f'ranking.{name}'), 20)} {_bounds(row, 'mean')}"


def _seniority(found: Backtest) -> Iterator[str]:
    table = found.tables["metrics"]
    chosen = table[(table["split"] == "time") & (table["metric"] == "hit_at_1") & (table["band"] != "all")]
    yield f"{_say('senior.title')}(hit@1)"
    for band, rows in chosen.groupby("band", sort=False):
        told = [
            f"{_say(f'ranking.{name}')} {_bounds(line_of(rows, ranking=name), 'mean')}"
            for name in ("ranker", "know_how", "officers")
        ]
        yield f"  {_wide(_say(f'group.{band}'), 18)} {'  '.join(told)}({int(rows['cases'].iloc[0]):,}件)"


def _asked(found: Backtest) -> Iterator[str]:
    for k in (1, 5, 10):
        row = line_of(found.tables["ever_asked"], ranking="ranker", k=k)
        yield _say("rank.unasked", k=k, share=f"{row['first_round']:.1%}")


def _trust(found: Backtest) -> Iterator[str]:
    yield _say("trust.title")
    table = found.tables["calibration"]
    for name in dict.fromkeys(table["ranking"]):
        error, apart = (line_of(table, ranking=name, band="all", measure=m) for m in ("error", "resolution"))
        head = _wide(_say(f"ranking.{name}"), 20)
        yield f"  {head} ずれ {_bounds(error, 'value')}  見分ける力 {_bounds(apart, 'value')}"


def _value(found: Backtest) -> Iterator[str]:
    yield _say("value.title")
    for reward in ("yen", "hit"):
        yield f"  {_say(f'reward.{reward}')}"
        table = found.tables["policy_value"]
        for _, row in table[table["reward"] == reward].iterrows():
            who = "officers_all" if row["policy"] == "officers" else row["policy"]
            head = f"{_wide(_say(f'ranking.{who}'), 20)} {_wide(_say('method.' + row['method']), 24)}"
            told = (
                _say("value.refused")
                if row["refused"]
                else _bounds(row, "value", 0 if reward == "yen" else 3)
            )
            yield f"    {head} {told}  実効 {row['effective_n']:,.0f}件"


def _swap(found: Backtest) -> Iterator[str]:
    yield _say("swap.title")
    for _, row in found.tables["swap"].iterrows():
        kind = _say("swap.observed" if row["observed"] else "swap.forecast")
        head = f"  [{kind}] {_say('variant.' + row['variant'])}: "
        if isnan(row["change"]):
            yield head + _say("swap.small")
            continue
        money = f"{row['swapped']:,}件、{row['dropped_yen']:,.0f}円 → {row['new_yen']:,.0f}円"
        change = f"{row['change']:+.1%} [{row['change_low']:+.1%}, {row['change_high']:+.1%}]"
        even = "" if row["observed"] else f"、{_say('col.even')} {row['break_even']:.1%}"
        yield f"{head}{money}、全体の{change}{even}"
    yield f"  {_say('swap.high')}"


def _burden(found: Backtest) -> Iterator[str]:
    yield f"{_say('burden.title')}({_say('measure.without_result')} / {_say('measure.hit_rate')})"
    table = found.tables["burden"]
    for by in dict.fromkeys(table["by"]):
        for ranking in ("ranker", "officers_all"):
            rows = table[(table["by"] == by) & (table["ranking"] == ranking)]
            told = []
            for group, lines in rows.groupby("group", sort=False):
                each = lines.set_index("measure")["mean"]
                told.append(f"{_say(f'group.{group}')} {each['without_result']:.0%}/{each['hit_rate']:.0%}")
            yield f"  {_say(f'by.{by}')} {_wide(_say(f'ranking.{ranking}'), 12)} {'、'.join(told)}"


def _leakage(found: Backtest) -> Iterator[str]:
    yield _say("leak.title")
    for metric in ("hit_at_1", "ndcg_at_10"):
        row = line_of(found.tables["leakage"], metric=metric)
        gap = f"差 {row['gap']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]({int(row['cases']):,}件)"
        yield f"  {_say(f'metric.{metric}')}: 時間 {row['time']:.3f}、無作為 {row['random']:.3f}、{gap}"
    yield f"  {_say(verdict(found))}"


def _say(key: str, **values: object) -> str:
    return wording("ja")(f"backtest.{key}", **values)


def _bounds(row: pd.Series, value: str, places: int = 3) -> str:
    return f"{row[value]:,.{places}f} [{row['low']:,.{places}f}, {row['high']:,.{places}f}]"


def _wide(text: str, columns: int) -> str:
    """Pad a text to ``columns`` of a terminal, where a Japanese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)
    return text + " " * max(columns - taken, 0)
