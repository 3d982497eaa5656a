"""The package that a workbook is: looked through before any part of it is read as XML."""

from __future__ import annotations

import io
import zlib
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from serving.exchange.refused import FileRefused

MOST_PARTS = 3000
MOST_UNPACKED = 64 * 2**20
"""Bytes of all parts together: a reply of 50,000 accounts takes about a fourth of it."""
MOST_SMALL = 4 * 2**20
"""Bytes of a part that is no sheet, table of texts or picture: those are read into memory as a whole."""

_LARGE = ("xl/worksheets/", "xl/sharedstrings", "xl/media/")
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")
_CHUNK = 2**16


def require_plain_package(content: bytes) -> None:
    """Refuse what is no plain workbook: locked, with macros or entities, damaged, or huge once unpacked.

    A workbook never declares a document type; refusing every declaration needs no trust in the parser.
    """
    try:
        with ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            _require_sane(parts)
            for part in parts:  # whatever it is called: a workbook may keep a sheet under any name
                _require_plain(package, part)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise FileRefused("file_damaged") from None


def _require_sane(parts: list[ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("file_locked")
    if "xl/workbook.xml" not in names:
        raise FileRefused("file_kind")
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise FileRefused("file_macro")
    if len(set(names)) < len(names) or any(p.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for p in parts):
        raise FileRefused("file_damaged")
    small = [part for part in parts if not part.filename.lower().startswith(_LARGE)]
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_UNPACKED
        or any(part.file_size > MOST_SMALL for part in small)
    ):
        raise FileRefused("file_bomb")


def _require_plain(package: ZipFile, part: ZipInfo) -> None:
    # The zip reader stops at the size that the directory names, so that this is no more than was added up.
    tail = b""
    macros = part.filename == "[Content_Types].xml"
    with package.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            seen = (tail + chunk).replace(b"\0", b"")  # in UTF-16 as well
            if any(word in seen for word in _DECLARED):
                raise FileRefused("file_entities")
            if macros and b"macroEnabled" in seen:
                raise FileRefused("file_macro")
            tail = chunk[-64:]
