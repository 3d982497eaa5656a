"""The bundle: everything learnt from one municipality's records, with its versions, as plain text files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from features.matrix import CATALOGUE_VERSION
from models.difficulty import Difficulty
from models.hardship import HardshipModel
from models.manifest import MANIFEST
from models.plan import PlanTerms
from models.pseudonym import ForeignKeyError
from models.ranker import Ranker
from models.reference import Reference
from models.rounds import Rounds

FORMAT = 2


class BundleProblem(ValueError):  # noqa: N818 - a finding for the reader, not a fault of the program
    """A bundle cannot be used; the text is one Japanese sentence with what to do."""


@dataclass(frozen=True)
class Bundle:
    """``ranker`` None: nothing was learnt, the officers' rules rank. ``difficulty`` None: minutes unknown.

    ``medians``: yen of a hit per kind of target. ``data_hash``: of the ledger learnt from, as of ``day``
    (ISO). ``catalogue``: version of the features it reads. ``rounds`` None: answers move features alone.
    ``hardship`` None: a bundle of a time before there were findings. ``reference``: what the records looked
    like, to notice drift (None: nothing was open, or nothing was learnt). ``place``: the municipality's code
    and name, for no other may it speak ("": a bundle of a time before it was kept).
    """

    ranker: Ranker | None
    difficulty: Difficulty | None
    terms: PlanTerms
    medians: dict[str, float]
    data_hash: str
    day: str
    opt_in: tuple[str, ...]
    catalogue: str = CATALOGUE_VERSION
    version: str = ""
    rounds: Rounds | None = None
    hardship: HardshipModel | None = None
    reference: Reference | None = None
    place: str = ""

    def under(self, key: str) -> Bundle:
        """Return the same bundle with officers under pseudonyms of ``key`` (see ``models.pseudonym``)."""
        if self.difficulty is None:
            return self
        return replace(self, difficulty=replace(self.difficulty, speeds=self.difficulty.speeds.under(key)))

    def save(self, folder: Path) -> None:
        """Write the bundle into ``folder`` (made if absent): text files and a manifest with their digests.

        ValueError when it names officers: a stored bundle leaves the office.
        """
        if self.difficulty is not None and not self.difficulty.speeds.key:
            raise ValueError("a bundle is stored under a key only: Bundle.under")
        folder.mkdir(parents=True, exist_ok=True)
        texts = {} if self.ranker is None else self.ranker.to_texts()
        if self.difficulty is not None:
            texts["difficulty.json"] = self.difficulty.to_text()
        if self.rounds is not None:
            texts["rounds.json"] = self.rounds.to_text()
        if self.hardship is not None:
            texts["hardship.json"] = self.hardship.to_text()
        if self.reference is not None:
            texts["reference.json"] = self.reference.to_text()
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        manifest = {
            "format": FORMAT,
            "terms": asdict(self.terms),
            "medians": self.medians,
            "data_hash": self.data_hash,
            "day": self.day,
            "opt_in": list(self.opt_in),
            "place": self.place,
            "catalogue": self.catalogue,
            "files": {name: _digest(text) for name, text in sorted(texts.items())},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


def load_bundle(folder: Path, version: str = "", key: str = "", *, matching: bool = True) -> Bundle:
    """Read the bundle in ``folder``; BundleProblem where it is damaged or made for other features.

    ``key``: of the officers' pseudonyms; BundleProblem when the bundle was stored under another one. Without
    ``matching`` the forecast of minutes is left out, and no key is needed.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        _check_catalogue(str(manifest["catalogue"]), int(manifest["format"]))
        texts = {name: (folder / name).read_text(encoding="utf-8") for name in manifest["files"]}
        if any(_digest(texts[name]) != digest for name, digest in manifest["files"].items()):
            raise BundleProblem(_DAMAGED)
        return Bundle(
            Ranker.from_texts(texts) if "ranker_hit.txt" in texts else None,
            Difficulty.from_text(texts["difficulty.json"], key)
            if matching and "difficulty.json" in texts
            else None,
            PlanTerms(**manifest["terms"]),
            {str(kind): float(yen) for kind, yen in manifest["medians"].items()},
            str(manifest["data_hash"]),
            str(manifest["day"]),
            tuple(manifest["opt_in"]),
            str(manifest["catalogue"]),
            version,
            Rounds.from_text(texts["rounds.json"]) if "rounds.json" in texts else None,
            HardshipModel.from_text(texts["hardship.json"]) if "hardship.json" in texts else None,
            Reference.from_text(texts["reference.json"]) if "reference.json" in texts else None,
            str(manifest.get("place", "")),
        )
    except BundleProblem:
        raise
    except ForeignKeyError:
        raise BundleProblem(_FOREIGN_KEY) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BundleProblem(_DAMAGED) from None


_FOREIGN_KEY = (
    "このモデルを学習したホームの鍵(staff.key)がないか、別の鍵です。"
    "鍵を戻すか、tegakari train で作り直して採用してください。"
)
_DAMAGED = "モデルのファイルが壊れているか足りません。tegakari train で作り直してください。"


def _check_catalogue(catalogue: str, form: int) -> None:
    if form != FORMAT or catalogue != CATALOGUE_VERSION:
        raise BundleProblem(
            "このモデルは別の特徴量の一覧で作られたため使えません。tegakari train で作り直してください。"
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
