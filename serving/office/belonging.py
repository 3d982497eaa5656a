"""Belonging: a home is one municipality's, and takes no other's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.manifest import place_of
from serving.problems import Problem
from training.copies import pointed, unharmed

if TYPE_CHECKING:
    from pathlib import Path

    from serving.settings import Settings


def home_place(settings: Settings) -> str:
    """Return the municipality whose records the model in use was learnt from ("": not known).

    Whatever version was in use last will do: all are of one municipality. So the registry is asked only
    where no copy is at hand.
    """
    folder = _at_hand(settings) or _fetched(settings)
    return place_of(folder) if folder is not None else ""


def require_own_home(settings: Settings, place: str) -> None:
    """Refuse records of another municipality than the home's; a model that is broken says nothing.

    ``place``: ``Municipality.place`` of the records.
    """
    require_own_place(home_place(settings), place)


def require_own_place(own: str, place: str) -> None:
    """Refuse records of ``place`` where the model in use was learnt from those of another (``own``)."""
    if own and own != place:
        raise Problem(
            f"このホームで採用中のモデルは「{own}」の記録から学習したもので、「{place}」には使えません。",
            "--home(TEGAKARI_HOME)で別のホームを指定してください。"
            "同じ自治体なら municipality.json の code と name を元のとおりにしてください。",
            "place",
        )


def _at_hand(settings: Settings) -> Path | None:
    store = settings.home / "models"
    pointer = pointed(store)
    return None if pointer is None else unharmed(store, pointer)


def _fetched(settings: Settings) -> Path | None:
    from training.registry.registry import Registry  # noqa: PLC0415
    from training.registry.store import RegistryProblem  # noqa: PLC0415

    try:
        return Registry(settings.mlflow_uri, settings.home).fetch_champion()
    except RegistryProblem:
        return None
