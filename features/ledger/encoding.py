"""From the bytes of an exported file to its text: UTF-8 with or without BOM, or CP932."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

DAMAGE = "\ufffd"
"""Stands in ``Text.text`` for bytes that belong to no character, if ``Text.damaged``."""

_STRAY = "\uf8f0\uf8f1\uf8f2\uf8f3"
"""What CP932 makes of the bytes A0, FD, FE and FF, which are no characters in it."""


@dataclass(frozen=True)
class Text:
    """The text of a file, with line ends as LF, and how it was encoded."""

    text: str
    encoding: str
    damaged: bool = False


class NotTextError(ValueError):
    """The bytes are in neither of the two encodings."""


def decoded(content: bytes) -> Text:
    r"""Return the text of ``content``; a few damaged characters are marked, not fatal.

    Raises NotTextError when the first line or more than half of the lines are damaged.

    >>> decoded("宛名番号\r\n１".encode("cp932"))
    Text(text='宛名番号\n１', encoding='CP932', damaged=False)
    """
    if content.startswith(codecs.BOM_UTF8):
        content, names = content[len(codecs.BOM_UTF8) :], {"utf-8": "UTF-8（BOM付き）"}
    else:
        names = {"utf-8": "UTF-8", "cp932": "CP932"}
    for codec, name in names.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.isascii() or not any(stray in text for stray in _STRAY):
            return Text(_with_plain_line_ends(text), name)
        return _readable(Text(text.translate(dict.fromkeys(map(ord, _STRAY), DAMAGE)), name, True))
    readings = [Text(content.decode(codec, "replace"), name, True) for codec, name in names.items()]
    return _readable(min(readings, key=lambda reading: reading.text.count(DAMAGE)))


def _readable(reading: Text) -> Text:
    text = _with_plain_line_ends(reading.text)
    lines = text.split("\n")
    if DAMAGE in lines[0] or 2 * sum(DAMAGE in line for line in lines) > len(lines):
        raise NotTextError("neither UTF-8 nor CP932")
    return Text(text, reading.encoding, damaged=True)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
