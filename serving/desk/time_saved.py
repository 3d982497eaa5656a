"""What choosing takes with the ranking and without it: by arm, by months in post, by calendar month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from statistics import median

import numpy as np

from serving.desk.choice_record import Asked, ChoiceRecord
from serving.desk.small_groups import hidden_groups, large_enough
from serving.desk.time_figures import (
    Adoption,
    ArmTime,
    Bin,
    Found,
    Interval,
    Month,
    Reasons,
    Results,
    Span,
    TimeSaved,
    interval,
)
from training.clustered import FEW_CLUSTERS, Group, gap, level, means
from training.marks import BANDS, UNKNOWN
from training.metrics import Better

DAYS_A_MONTH = 30.4375
MOST_BINS = 12
Records = Sequence[ChoiceRecord]


def time_saved(
    records: Records, office_minutes: Sequence[float], needed: int, idle_minutes: float
) -> TimeSaved:
    """Compare both arms of the trial; nothing is stated of a group that is too small.

    ``office_minutes``: the office's own minutes of choosing, one a finished case. Pure: the same records give
    the same report, and nothing in it tells who chose.
    """
    blind = [each for each in records if each.arm == "blind"]
    plain = [each for each in records if each.arm == "open"]
    without, with_ranking = _finished(blind), _finished(plain)
    enough = _enough(without, needed) and _enough(with_ranking, needed)
    led = [each for each in records if each.decided and each.arm != "blind"]
    return TimeSaved(
        needed=needed,
        idle_minutes=idle_minutes,
        enough=enough,
        few_officers=0 < len({each.officer for each in (*without, *with_ranking)}) < FEW_CLUSTERS,
        with_ranking=_arm(plain, needed, idle_minutes),
        without=_arm(blind, needed, idle_minutes),
        saved=interval(gap(_minutes(without), _minutes(with_ranking))) if enough else None,
        saved_clock=interval(gap(_clock(without), _clock(with_ranking))) if enough else None,
        choices_a_month=_a_month(led) if _enough(led, needed) else None,
        hours_a_month=_hours(without, with_ranking, led) if enough and _enough(led, needed) else None,
        results=_results(without, with_ranking, needed),
        reasons=_reasons(with_ranking, needed),
        adoption=_adoption(led, needed),
        spans=_spans(without, with_ranking, led, needed),
        months=_months(without, with_ranking, needed),
        bins=_bins(without, with_ranking) if enough else (),
        outside=tuple(sorted(Counter(each.outside for each in records if each.outside).items())),
        office_cases=len(office_minutes),
        office_median=round(float(median(office_minutes)), 1) if len(office_minutes) >= needed else None,
    )


def _finished(records: Records) -> Records:
    return [each for each in records if each.finished]


def _officers(records: Records) -> list[int]:
    return [each.officer for each in records]


def _enough(records: Records, needed: int) -> bool:
    return large_enough(_officers(records), needed)


def _group(
    rows: Iterable[tuple[float, ChoiceRecord]], weight: Callable[[ChoiceRecord], float] | None = None
) -> Group:
    listed = list(rows)
    return Group(
        np.array([value for value, _ in listed], dtype=np.float64),
        np.array([weight(each) if weight else each.weight for _, each in listed], dtype=np.float64),
        np.array([each.officer for _, each in listed], dtype=np.int64),
    )


def _minutes(records: Records) -> Group:
    return _group((each.minutes or 0.0, each) for each in records)


def _clock(records: Records) -> Group:
    return _group((each.clock_minutes or 0.0, each) for each in records)


def _arm(records: Records, needed: int, idle_minutes: float) -> ArmTime:
    done = _finished(records)
    if not _enough(done, needed):
        return ArmTime(len(records), len(done))
    cut = [(each.clock_minutes or 0.0) - (each.minutes or 0.0) > 0.05 for each in done]
    return ArmTime(
        len(records),
        len(done),
        _told(level(_minutes(done))),
        _told(level(_clock(done))),
        _share(sum(cut), len(done)),
        _share(sum(each.marks > 0 for each in done), len(done)),
    )


def _a_month(records: Records) -> float:
    """Return the choices of a month; less than a month of them is counted as they are."""
    days = [each.opened_on for each in records]
    return round(len(records) / max((max(days) - min(days) + timedelta(1)).days / DAYS_A_MONTH, 1.0), 1)


def _hours(without: Records, with_ranking: Records, led: Records) -> Interval | None:
    figure = gap(_minutes(without), _minutes(with_ranking), means)
    return interval(figure, times=_a_month(led) / 60)


def _answered(records: Records, part: Callable[[ChoiceRecord], Sequence[Asked]], yen: bool) -> Group:
    return _group(
        (float(each.yen if yen else each.hit), record)
        for record in records
        for each in part(record)
        if each.yen is not None
    )


def _found(records: Records, part: Callable[[ChoiceRecord], Sequence[Asked]], needed: int) -> Found:
    hits, yen = _answered(records, part, yen=False), _answered(records, part, yen=True)
    targets = sum(len(part(each)) for each in records)
    if not large_enough(hits.clusters.tolist(), needed):
        return Found(targets, len(hits))
    return Found(targets, len(hits), _told(level(hits, means), 3), _told(level(yen, means), 0))


def _chosen(record: ChoiceRecord) -> Sequence[Asked]:
    return record.chosen


def _final(record: ChoiceRecord) -> Sequence[Asked]:
    return record.final


def _results(without: Records, with_ranking: Records, needed: int) -> Results:
    first, then = _found(without, _chosen, needed), _found(with_ranking, _final, needed)
    stated = first.hit_rate is not None and then.hit_rate is not None

    def difference(yen: bool, places: int) -> Interval | None:
        ours, theirs = _answered(with_ranking, _final, yen), _answered(without, _chosen, yen)
        return interval(gap(ours, theirs, means, Better.HIGHER), places) if stated else None

    return Results(first, _found(without, _final, needed), then, difference(False, 3), difference(True, 0))


def _reasons(records: Records, needed: int) -> Reasons:
    shown = [each for each in records if each.reasons == "shown"]
    hidden = [each for each in records if each.reasons == "hidden"]
    if not (_enough(shown, needed) and _enough(hidden, needed)):
        return Reasons(len(shown), len(hidden), *[None] * 8)

    def group(part: Records) -> Group:
        return _group(((each.minutes or 0.0, each) for each in part), lambda e: e.weight * e.reasons_weight)

    found = [_found(part, _final, needed).hit_rate is not None for part in (shown, hidden)]

    def difference(yen: bool, places: int) -> Interval | None:
        pair = _answered(shown, _final, yen), _answered(hidden, _final, yen)
        return interval(gap(*pair, means), places) if all(found) else None

    return Reasons(
        len(shown),
        len(hidden),
        _share(sum(each.reasons_opened for each in hidden), len(hidden)),
        _told(level(group(shown))),
        _told(level(group(hidden))),
        interval(gap(group(shown), group(hidden), better=Better.LOWER)),
        _adoption(shown, needed).kept,
        _adoption(hidden, needed).kept,
        difference(False, 3),
        difference(True, 0),
    )


def _adoption(records: Records, needed: int) -> Adoption:
    kept, added, dropped = (
        (sum(counts) for counts in zip(*((e.accepted, e.added, e.dropped) for e in records), strict=True))
        if records
        else (0, 0, 0)
    )
    total = kept + added + dropped
    if not _enough(records, needed) or not total:
        return Adoption(len(records), None, None, None)
    return Adoption(len(records), *(_share(part, total) for part in (kept, added, dropped)))


def span_of(months: float | None) -> str:
    """Return the span of months in post, as the backtest has them.

    >>> span_of(11.9), span_of(12), span_of(80), span_of(None)
    ('under_1_year', '1_to_3_years', 'over_3_years', 'unknown')
    """
    return UNKNOWN if months is None else next(name for name, below in BANDS if months < below)


def _spans(without: Records, with_ranking: Records, led: Records, needed: int) -> tuple[Span, ...]:
    names = [*(name for name, _ in BANDS), UNKNOWN]
    parts = [
        _by(records, lambda each: span_of(each.months), names) for records in (without, with_ranking, led)
    ]
    hidden = [hidden_groups({name: _officers(part[name]) for name in names}, needed) for part in parts]
    spans = []
    for name in names:
        blind, plain, all_of = (part[name] for part in parts)
        if name in hidden[2]:
            spans.append(Span(name, suppressed=True))
        elif all_of:
            theirs = None if name in hidden[0] or not blind else _told(level(_minutes(blind)))
            ours = None if name in hidden[1] or not plain else _told(level(_minutes(plain)))
            saved = round(theirs - ours, 1) if ours is not None and theirs is not None else None
            adopted = _adoption(all_of, needed)
            spans.append(Span(name, False, len(all_of), ours, theirs, saved, adopted))
    return tuple(spans)


def _months(without: Records, with_ranking: Records, needed: int) -> tuple[Month, ...]:
    names = sorted({each.month for each in (*without, *with_ranking)})
    told: list[dict[str, float | None]] = []
    for records in (with_ranking, without):
        part = _by(records, lambda each: each.month, names)
        hidden = hidden_groups({name: _officers(part[name]) for name in names}, needed)
        told.append(
            {n: None if n in hidden or not part[n] else _told(level(_minutes(part[n]))) for n in names}
        )
    return tuple(Month(name, told[0][name], told[1][name]) for name in names)


def _by(
    records: Records, key: Callable[[ChoiceRecord], str], names: Iterable[str]
) -> dict[str, list[ChoiceRecord]]:
    parts: dict[str, list[ChoiceRecord]] = {name: [] for name in names}
    for each in records:
        parts[key(each)].append(each)
    return parts


def _bins(without: Records, with_ranking: Records) -> tuple[Bin, ...]:
    """Return the distribution of minutes; the last bin is open, so that no single long choice stands out."""
    ours = np.array([each.minutes for each in with_ranking], dtype=np.float64)
    theirs = np.array([each.minutes for each in without], dtype=np.float64)
    top = max(float(np.quantile(ours, 0.95)), float(np.quantile(theirs, 0.95)), 1.0)
    width = next(step for step in (1, 2, 5, 10, 20, 30, 60, 120, 600, 6000) if top / step < MOST_BINS)
    starts = np.arange(0, int(top // width) + 1) * width
    edges = [*starts[:-1].tolist(), float(starts[-1]), np.inf]
    shares = [np.histogram(minutes, edges)[0] / len(minutes) for minutes in (ours, theirs)]
    return tuple(
        Bin(float(start), float(end) if np.isfinite(end) else None, round(float(a), 4), round(float(b), 4))
        for start, end, a, b in zip(edges[:-1], edges[1:], *shares, strict=True)
    )


def _told(value: float, places: int = 1) -> float:
    return round(value, places)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3)
