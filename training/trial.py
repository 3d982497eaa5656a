"""The trial: challenger and champion on later cases that neither of them has seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.archive import Archive
from features.ledger.snapshot import Ledger
from features.matrix import Matrix
from models.adviser import Adviser
from models.bundle import Bundle
from models.know_how import hit_medians
from models.ranker import RankerSettings
from training.backtest import LEAST_CASES
from training.checked_groups import checked_groups
from training.course import learn
from training.experiment import Experiment
from training.first_rounds import FirstRounds, first_rounds
from training.marks import Scores, scores_of
from training.school import unlearnt
from training.splits import MATURE_DAYS, split_at, time_split
from training.standings import popularity, standings
from training.verdict import Outcome, RuleResult

SHARE = 0.2
"""The part of the settled case days that is judged on where a contender has seen all of them."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Contender:
    """A registered bundle with the settings that it was learnt with (None: nothing was learnt)."""

    number: int
    bundle: Bundle
    settings: RankerSettings | None


@dataclass(frozen=True)
class Showing:
    """How one contender did: ``table`` as of ``standings``, ``scores`` of each ranking by case.

    ``refitted``: it has seen the cases, so its settings were judged, learnt again from the past alone, up to
    the day ``learnt_to``. ``same``: what was learnt so is the other contender's very model.
    """

    number: int
    refitted: bool
    table: pd.DataFrame
    scores: Scores
    learnt_to: date | None = None
    same: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a rule may look at.

    ``rounds``: the cases judged on, all after ``border``; ``groups``: ``checked_groups`` of them. The
    showings are None where there are too few cases; ``champion`` also where there is none to compare with.
    """

    ledger: Ledger
    border: date
    rounds: FirstRounds
    groups: pd.DataFrame
    challenger: Showing | None
    champion: Showing | None

    @property
    def enough(self) -> bool:
        """Whether there are cases enough to say anything."""
        return self.rounds.hits >= LEAST_CASES

    def unmeasured(self, name: str, ja: str, en: str, firm: bool = False) -> RuleResult:
        """Return a rule that too few cases leave open."""
        note_ja = f"財産が判明した後の事案が{self.rounds.hits}件({LEAST_CASES}件以上必要)"
        note_en = f"{self.rounds.hits} later cases with a hit ({LEAST_CASES} needed)"
        return RuleResult(name, ja, en, Outcome.NOT_MEASURABLE, note_ja=note_ja, note_en=note_en, firm=firm)

    @staticmethod
    def incomparable(name: str, ja: str, en: str, firm: bool = False) -> RuleResult:
        """Return a rule that has nothing to compare with: there is no champion that can be used."""
        note_ja, note_en = "比べられる採用中のモデルがない", "there is no champion that can be used"
        return RuleResult(name, ja, en, Outcome.EXCEPTED, note_ja=note_ja, note_en=note_en, firm=firm)


def settings_of(params: Mapping[str, str]) -> RankerSettings | None:
    """Return the settings that a run's parameters state; None where nothing was learnt in it.

    Raises ValueError where a parameter cannot be read.
    """
    if params.get("learnt") == "False":
        return None
    known = {each.name: each.type for each in fields(Experiment) if each.name != "folder"}
    kinds: dict[str, Callable[[str], object]] = {"int": int, "float": float, "str": str}
    given = {
        name: kinds[str(kind)](params[name])
        for name, kind in known.items()
        if name in params and str(kind) in kinds
    }
    return Experiment(Path(), **given).ranker  # type: ignore[arg-type]


def try_out(
    ledger: Ledger,
    challenger: Contender,
    champion: Contender | None,
    say: Say = lambda _: None,
    mature_days: int = MATURE_DAYS,
) -> Evidence:
    """Return how both contenders do on the same later cases of ``ledger``.

    Later is what was first investigated after the training days of both. Where that is too little, it is the
    last fifth of the settled cases, and a contender that has seen them is judged by what its settings learn
    from the records before them. The older of two such contenders learns from records that are older by as
    much as it is: with the same records both would be one model, and newer answers would count for nothing.
    """
    archive = Archive(ledger)
    both = [challenger] if champion is None else [challenger, champion]
    newest = border = max(_day(each) for each in both)
    rounds = _after(archive, border, mature_days)
    if rounds.hits < LEAST_CASES:
        split = time_split(ledger["inquiries"], ledger["replies"], ledger.day, mature_days, share=SHARE)
        rounds = first_rounds(archive, split.test)
        border = rounds.cases["day"].min().date() if len(rounds.cases) else border
    groups = checked_groups(ledger, rounds.cases)
    if rounds.hits < LEAST_CASES:
        return Evidence(ledger, border, rounds, groups, None, None)
    past = ledger.as_of(min(border, ledger.day))
    ours = _showing(archive, past, rounds, challenger, newest, say)
    if champion is None:
        return Evidence(ledger, border, rounds, groups, ours, None)
    if ours.refitted and _alike(challenger, champion):
        return Evidence(
            ledger, border, rounds, groups, ours, replace(ours, number=champion.number, same=True)
        )
    theirs = _showing(archive, past, rounds, champion, newest, say)
    return Evidence(ledger, border, rounds, groups, ours, theirs)


def _day(who: Contender) -> date:
    return date.fromisoformat(who.bundle.day)


def _alike(ours: Contender, theirs: Contender) -> bool:
    """Return whether both learn the same from the same records; threads change nothing."""
    if ours.settings is None or theirs.settings is None:
        return ours.settings == theirs.settings and _day(ours) == _day(theirs)
    return _day(ours) == _day(theirs) and replace(ours.settings, threads=1) == replace(
        theirs.settings, threads=1
    )


def _after(archive: Archive, border: date, mature_days: int) -> FirstRounds:
    ledger = archive.ledger
    split = split_at(ledger["inquiries"], ledger["replies"], ledger.day, border, mature_days)
    return first_rounds(archive, split.test)


def _showing(  # noqa: PLR0917 - the records, the cases, and whose turn it is
    archive: Archive, past: Ledger, rounds: FirstRounds, who: Contender, newest: date, say: Say
) -> Showing:
    seen, bundle, learnt_to = _day(who) > past.day, who.bundle, None
    if seen:
        known = past.as_of(past.day - (newest - _day(who)))
        learnt_to = known.day
        say(f"第{who.number}版の設定で、{learnt_to}までの記録から学習し直しています…")
        bundle = unlearnt(known) if who.settings is None else learn(known, who.settings).bundle
    say(f"第{who.number}版で{len(rounds.cases):,}件の事案を順位付けしています…")
    ranks = Adviser(bundle, archive.ledger, archive)
    table = standings(ranks, rounds, popularity(past, archive), hit_medians(past), _unweighed, 0)
    return Showing(who.number, seen, table, scores_of(table, rounds), learnt_to)


def _unweighed(matrix: Matrix) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weigh every pair alike: what was asked decides no rule."""
    return np.ones(len(matrix.pairs))
