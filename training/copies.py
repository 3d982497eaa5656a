"""Local copies of bundles: folders of plain files by version, and pointers that say which one is in use."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POINTER = "champion.json"
LOCK = ".champion.lock"
SHADOW = "shadow.json"


@dataclass(frozen=True)
class Pointer:
    """Which version is meant, and the SHA-256 of its files."""

    version: int
    digest: str


def digest_of(folder: Path) -> str:
    """Return the SHA-256 (hex) over names and bytes of all files below ``folder``."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the lock under which the champion of ``home`` is changed or pointed at; a second holder waits.

    The system lets go of it should the process die. It cannot be taken twice by one holder.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / LOCK).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pointed(store: Path, name: str = POINTER) -> Pointer | None:
    """Return what the pointer ``name`` in ``store`` says, None where there is none that can be read."""
    try:
        told = json.loads((store / name).read_text(encoding="utf-8"))
        return Pointer(int(told["version"]), str(told["digest"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def point_at(store: Path, pointer: Pointer | None, name: str = POINTER) -> None:
    """Write the pointer ``name`` whole or not at all; None takes it away."""
    if pointer is None:
        (store / name).unlink(missing_ok=True)
        return
    draft = store / f".{name}.{os.getpid()}"
    draft.write_text(json.dumps({"version": pointer.version, "digest": pointer.digest}), encoding="utf-8")
    draft.replace(store / name)


def unharmed(store: Path, pointer: Pointer) -> Path | None:
    """Return the folder of the copy that is meant, None where it is not there or not as it was registered."""
    folder = store / str(pointer.version)
    try:
        return folder if folder.is_dir() and digest_of(folder) == pointer.digest else None
    except OSError:
        return None
