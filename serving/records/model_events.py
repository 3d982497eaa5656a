"""What happened to models, as small frozen records in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from serving.records.events import Event


@dataclass(frozen=True)
class ChampionSet(Event):
    """A model became the one that serves; ``approved_by`` is empty where nobody approved it.

    ``manner`` is promotion or rollback ("": the first model of a home), ``former`` the version replaced,
    ``judged`` the seq of its verdict (0: none), ``despite`` why failed rules were set aside ("": none were).
    """

    model_version: str = ""
    data_version: str = ""
    approved_by: str = ""
    ground: str = ""
    manner: str = ""
    former: str = ""
    judged: int = 0
    despite: str = ""


@dataclass(frozen=True)
class ModelJudged(Event):
    """A challenger was held against the written rules. ``verdict`` holds every rule with its figures."""

    model_version: str = ""
    approved_by: str = ""
    ground: str = ""
    passed: bool = False
    verdict: dict[str, Any] | None = None


@dataclass(frozen=True)
class ModelServed(Event):
    """The running service took up a model without a restart."""

    model_version: str = ""
    data_version: str = ""
    former: str = ""


@dataclass(frozen=True)
class ModelRefused(Event):
    """The running service could not take up a model and went on with the one it had. ``ground``: why."""

    model_version: str = ""
    ground: str = ""


@dataclass(frozen=True)
class ShadowSet(Event):
    """A model began to score beside the champion, unseen; an empty ``model_version``: none does any more."""

    model_version: str = ""
    approved_by: str = ""
    ground: str = ""


@dataclass(frozen=True)
class ShadowScored(Event):
    """The shadow's own order for a recommendation that was shown: {target_kind, target_code, probability}."""

    recommendation: int = 0
    model_version: str = ""
    data_version: str = ""
    order: tuple[dict[str, Any], ...] = ()
