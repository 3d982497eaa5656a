"""What is said to an officer about a case: plain frozen records, free of frames and models."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Reason:
    """One checkable reason. ``weight`` is its exact share of the score (positive: speaks for the target).

    ``english``: the sentence in English ("" : there is none, and the Japanese one is shown).
    """

    feature: str
    sentence: str
    weight: float
    record: str = ""
    record_day: date | None = None
    english: str = ""


@dataclass(frozen=True)
class Precedent:
    """A past inquiry like a recommended one: of whom, when, what was asked and what came of it.

    ``alike``: share of the model's leaves in which the two fall together (1: all), weighted by their say.
    """

    debtor_id: str
    requested_on: date
    target_kind: str
    target_code: str
    target_name: str
    found: bool
    balance: int | None
    alike: float


@dataclass(frozen=True)
class RankedTarget:
    """One target as proposed. ``score`` = ``base`` + the weights of *all* features (shown or not).

    ``probability`` of a hit (an asset of 10,000 yen or more), ``expected_yen`` within the arrears,
    ``days`` a reply is expected to take, ``minutes`` of officer time the inquiry costs.
    ``rest`` is the summed weight of the features not among ``reasons``.
    """

    rank: int
    target_kind: str
    target_code: str
    target_name: str
    probability: float
    expected_yen: int
    in_plan: bool
    days: float
    minutes: float
    grounds: tuple[str, ...]
    reasons: tuple[Reason, ...]
    score: float
    base: float
    rest: float
    random_slot: bool = False
    slot_probability: float = 1.0
    precedents: tuple[Precedent, ...] = ()

    def __hash__(self) -> int:
        """Hash what tells targets apart, not each of their reasons; equality compares everything."""
        return hash((self.rank, self.target_kind, self.target_code, self.score, self.expected_yen))


@dataclass(frozen=True)
class KindForecast:
    """Per kind of property: probability that any target of it hits, and the yen expected from it."""

    target_kind: str
    probability: float
    expected_yen: int


@dataclass(frozen=True)
class GateNotice:
    """A gate that stops, routes or restricts a case. ``routes``: the case is not ranked."""

    gate: str
    article: str
    sentence: str
    routes: bool


LIKELY = 0.4
"""From here on a finding of hardship is shown as a result of its own; below it is a number among others."""


@dataclass(frozen=True)
class Suggestion:
    """What an officer may look into: name (instalment of law), article, and why in one sentence."""

    name: str
    article: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """``probability`` = ``hard`` (in hardship) x ``nothing`` (then nothing is found).

    ``reasons`` speak of hardship in log-odds, strongest first: with ``base`` and ``rest`` they add up to the
    log-odds of ``hard``. ``learnt_from``: cases behind the model, 0 for the written rule.
    """

    probability: float
    hard: float
    nothing: float
    base: float
    rest: float
    reasons: tuple[Reason, ...]
    suggestions: tuple[Suggestion, ...]
    asked: int
    blank: int
    learnt_from: int

    @property
    def likely(self) -> bool:
        """Whether it is shown as a result of its own."""
        return self.probability >= LIKELY


@dataclass(frozen=True)
class CaseAdvice:
    """Everything proposed for one case as of ``day``; a routed case has no targets.

    ``hardship``: probability of the ``finding`` (None: routed, or the bundle knows nothing of it).
    ``round``: 1, and one more once replies came in since the records were exported; what was asked since
    and still waits is not proposed again, but makes no new round.
    """

    debtor_id: str
    day: date
    arrears: int
    restricted: bool
    gates: tuple[GateNotice, ...]
    targets: tuple[RankedTarget, ...]
    forecasts: tuple[KindForecast, ...]
    hardship: float | None = None
    model_version: str = ""
    data_version: str = ""
    notes: tuple[str, ...] = field(default=())
    finding: Finding | None = None
    round: int = 1

    def __hash__(self) -> int:
        """Hash what tells advices apart, not each of their targets; equality compares everything."""
        return hash((self.debtor_id, self.day, self.arrears, self.hardship, self.round, len(self.targets)))

    @property
    def planned_yen(self) -> int:
        """The yen expected from the planned targets together; 0 where nothing is planned.

        Each counts on what those before it are expected to leave, so the sum stays within the arrears.
        """
        left = 1.0
        for target in (each for each in self.targets if each.in_plan):
            left *= 1.0 - min(target.expected_yen / self.arrears, 1.0) if self.arrears else 1.0
        return int((1.0 - left) * self.arrears)

    @property
    def routed(self) -> bool:
        """Whether a gate keeps the case from being ranked."""
        return any(gate.routes for gate in self.gates)
