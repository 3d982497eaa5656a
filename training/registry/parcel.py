"""A parcel: all that is kept of one training, search or backtest, ready to be put into any store."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.copies import digest_of
from training.record import Part, TrainingRecord
from training.registry.served import write_served
from training.registry.store import KEY_TAG, PARENT_TAG, RegistryProblem, Store, numbers_of
from training.registry.version import DIGEST_TAG, SERVED


def _new_key() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Parcel:
    """``papers``: a folder whose tree becomes artifacts; ``bundle``: the folder of what was learnt."""

    name: str
    record: TrainingRecord
    papers: Path | None = None
    bundle: Path | None = None
    key: str = field(default_factory=_new_key)

    def __post_init__(self) -> None:
        if self.bundle is not None and (not self.bundle.is_dir() or not any(self.bundle.iterdir())):
            raise RegistryProblem(
                "登録するモデルのフォルダが空です。もう一度 tegakari train を実行してください。"
            )

    def put_into(self, store: Store, more_tags: Sequence[tuple[str, str]] = ()) -> str:
        """Write the run, its artifacts and its nested runs into ``store``; return the run's id.

        To be called inside ``store.calm``.
        """
        tags = {KEY_TAG: self.key, **dict(more_tags)}
        if self.bundle is not None:
            tags[DIGEST_TAG] = digest_of(self.bundle)
        client = store.client()
        with store.run(self.name, tags) as run_id:
            store.write(run_id, self.record.params, numbers_of(self.record.metrics), self.record.tags)
            if self.papers is not None:
                client.log_artifacts(run_id, str(self.papers))
            if self.bundle is not None:
                with tempfile.TemporaryDirectory(prefix="tegakari-") as scratch:
                    write_served(self.bundle, Path(scratch) / SERVED)
                    client.log_artifacts(run_id, str(Path(scratch) / SERVED), SERVED)
            for part in self.record.parts:
                _put_part(store, part, run_id)
        return run_id


def _put_part(store: Store, part: Part, parent: str) -> None:
    with store.run(part.name, {PARENT_TAG: parent, **part.tags}) as run_id:
        store.write(run_id, part.params, numbers_of(part.metrics), {})
        for inner in part.parts:
            _put_part(store, inner, run_id)
