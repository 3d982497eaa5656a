"""A version: one registered bundle, known by its number, its run and the digest of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

MODEL = "tegakari"
SERVED = "model"
"""Where a run keeps the model that MLflow can serve by itself."""

BUNDLE = "model/data/bundle"
"""Where in it the bundle lies: once, so that what MLflow serves and what the product reads are the same."""

DIGEST_TAG = "bundle_sha256"
_BARE = "bundle"  # where runs of a time before there was a served model kept it


@dataclass(frozen=True)
class Version:
    """A registered bundle: its number, the run that made it, and the SHA-256 of its files.

    ``place``: where in the run's artifacts the bundle lies.
    """

    number: int
    run_id: str
    digest: str
    place: str = BUNDLE


def version_of(entity: ModelVersion) -> Version:
    """Return the version that MLflow knows as ``entity``."""
    tags: Mapping[str, str] = entity.tags
    place = _BARE if str(entity.source).endswith(f"/{_BARE}") else BUNDLE
    return Version(int(entity.version), str(entity.run_id), tags.get(DIGEST_TAG, ""), place)
