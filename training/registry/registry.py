"""The registry: versions of the bundle, the one in use, and the copies that serve without the server.

A bundle is a folder of plain files (text and JSON, never a pickle). Its files are artifacts of the run that
made them; a version of the registered model ``tegakari`` points at them and carries their digest. The alias
``champion`` names the version in use. What was fetched once is kept under the home folder, so that serving
goes on when the server does not. Nothing here calls anywhere but the tracking URI.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from training.copies import Pointer, digest_of, locked, point_at, pointed, unharmed
from training.record import TrainingRecord
from training.registry.parcel import Parcel
from training.registry.store import RegistryProblem, Store
from training.registry.version import DIGEST_TAG, MODEL, SERVED, Version, version_of

CHAMPION = "champion"
VERDICTS = "verdicts"

Say = Callable[[str], None]


class Registry:
    """Trainings and versions kept at ``tracking_uri``; local copies and artifacts under ``home``.

    ``say`` is told, in one Japanese sentence, what was found damaged and what took its place.
    """

    def __init__(self, tracking_uri: str, home: Path, say: Say = lambda _: None) -> None:
        self.tracking_uri = tracking_uri
        self.home = home
        self._say = say
        self.store = Store(tracking_uri, home)

    def log_training(
        self, run: TrainingRecord, bundle_folder: Path, papers: Path | None = None, name: str = "train"
    ) -> Version:
        """Keep one training as a run with its bundle and papers, and register the bundle as a new version.

        Raises RegistryProblem when the store fails or the folder holds no file; no version exists then.
        """
        return self.take(Parcel(name, run, papers, bundle_folder))

    def take(self, parcel: Parcel) -> Version:
        """Keep a parcel that holds a bundle, and register it; RegistryProblem as in ``log_training``."""
        with self.store.calm():
            return self.register(parcel.put_into(self.store))

    def file(self, parcel: Parcel) -> str:
        """Keep a parcel without a bundle; return the run's id."""
        with self.store.calm():
            return parcel.put_into(self.store)

    def register(self, run_id: str) -> Version:
        """Return the version of the bundle that a finished run holds, made where there is none yet."""
        with self.store.calm():
            client = self.store.client()
            known = client.search_model_versions(f"run_id='{run_id}'")
            if known:
                return version_of(known[0])
            if not client.search_registered_models(f"name='{MODEL}'"):
                client.create_registered_model(MODEL)
            told = client.get_run(run_id).data.tags
            tags = {name: told[name] for name in (DIGEST_TAG, "data_hash", "catalogue")}
            source = f"runs:/{run_id}/{SERVED}"
            return version_of(
                client.create_model_version(MODEL, source, run_id, tags=tags, await_creation_for=None)
            )

    def versions(self) -> list[Version]:
        """Return all registered versions, oldest first."""
        if self.store.untouched:
            return []
        with self.store.calm():
            found = self.store.client().search_model_versions(f"name='{MODEL}'")
            return sorted((version_of(each) for each in found), key=lambda version: version.number)

    def set_champion(self, version: Version) -> None:
        """Make ``version`` the one in use."""
        with self.store.calm():
            self.store.client().set_registered_model_alias(MODEL, CHAMPION, str(version.number))

    def champion(self) -> Version | None:
        """Return the version in use, or None where there is none yet."""
        if self.store.untouched:
            return None
        with self.store.calm():
            from mlflow.exceptions import MlflowException  # noqa: PLC0415

            try:
                return version_of(self.store.client().get_model_version_by_alias(MODEL, CHAMPION))
            except MlflowException as absent:
                if not _is_absence(absent.error_code, str(absent)):
                    raise
                return None

    def fetch_champion(self, into: Path | None = None) -> Path:
        """Return a local folder with the champion's bundle: ``into/<version>`` (default ``home/models``).

        Downloads only what is not there yet; when the server is down, the last champion fetched serves.
        Raises RegistryProblem where there is no champion, or its files are not the ones registered.
        """
        store = into or self.home / "models"
        try:
            version = self.champion()
        except RegistryProblem as broken:
            return self.local_or(broken, store)
        if version is None:
            raise RegistryProblem("採用中のモデルがありません。先に tegakari train を実行してください。")
        with locked(self.home):
            version = self.champion() or version  # it may just have been changed
            folder = self.fetch(version, store)
            point_at(store, Pointer(version.number, version.digest))
            return folder

    def local_champion(self, into: Path | None = None) -> Path | None:
        """Return the folder of the last champion fetched, unharmed, without asking the server; else None."""
        store = into or self.home / "models"
        pointer = pointed(store)
        return None if pointer is None else unharmed(store, pointer)

    def local_or(self, broken: RegistryProblem, into: Path | None = None) -> Path:
        """Return the folder of the last champion fetched; where there is none that serves, raise ``broken``.

        A copy that is there but damaged is named.
        """
        store = into or self.home / "models"
        kept, pointer = self.local_champion(store), pointed(store)
        if kept is not None:
            return kept
        if pointer is None or not (store / str(pointer.version)).is_dir():
            raise broken
        raise RegistryProblem(
            f"手元のモデル第{pointer.version}版のファイルが登録時と異なるため使えず(破損の疑い)、取り直すこともできません。"
            f"{broken}"
        ) from None

    def version(self, number: int) -> Version:
        """Return the version ``number``; RegistryProblem where there is none."""
        for version in self.versions():
            if version.number == number:
                return version
        raise RegistryProblem(
            f"モデル第{number}版は登録されていません。tegakari train の表示を確かめてください。"
        )

    def fetch(self, version: Version, into: Path | None = None) -> Path:
        """Return a local folder with the bundle of any version; which one is in use does not change.

        A local copy that is not as it was registered is replaced, and ``say`` told so; RegistryProblem where
        the registry's copy is no better.
        """
        folder = (into or self.home / "models") / str(version.number)
        if not folder.is_dir():
            self._download(version, folder)
        elif digest_of(folder) != version.digest:
            damaged = f"手元のモデル第{version.number}版({folder})のファイルが登録時と異なる(破損の疑い)"
            try:
                self._download(version, folder)
            except RegistryProblem as none:
                raise RegistryProblem(f"{damaged}うえ、取り直せません。{none}") from None
            self._say(f"{damaged}ため、モデル登録先の写しで置き換えました。")
        return folder

    def params_of(self, version: Version) -> dict[str, str]:
        """Return the parameters of the training that made ``version``, as text."""
        with self.store.calm():
            return dict(self.store.client().get_run(version.run_id).data.params)

    def note(self, version: Version, tags: Mapping[str, str], files: Sequence[Path] = ()) -> None:
        """Put ``tags`` on ``version`` and ``files`` beside its bundle."""
        with self.store.calm():
            for file in files:
                self.store.client().log_artifact(version.run_id, str(file), VERDICTS)
            for key, value in tags.items():
                self.store.client().set_model_version_tag(MODEL, str(version.number), key, value)

    def _download(self, version: Version, folder: Path) -> None:
        with self.store.calm():
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as scratch:
                client = self.store.client()
                if not version.digest:
                    raise RegistryProblem(
                        f"モデル第{version.number}版は tegakari が登録したものではないため使えません。"
                        "tegakari train で作り、採用してください。"
                    )
                there = client.list_artifacts(version.run_id, version.place)
                fetched = Path(scratch)
                if there:
                    fetched = Path(client.download_artifacts(version.run_id, version.place, scratch))
                if not there or digest_of(fetched) != version.digest:
                    raise RegistryProblem(
                        f"登録先にあるモデル第{version.number}版のファイルが登録時と異なります(破損の疑い)。"
                        "tegakari train で作り直してください。"
                    )
                if folder.exists():
                    shutil.rmtree(folder)
                fetched.replace(folder)


def _is_absence(code: str, message: str) -> bool:
    """Whether an error says that there is no such model or alias (the latter has no code of its own)."""
    return code == "RESOURCE_DOES_NOT_EXIST" or (
        code == "INVALID_PARAMETER_VALUE" and message.lower().find("registered model alias") >= 0
    )
