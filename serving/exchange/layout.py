"""Layouts: how the files of replies of some institutions are laid out, each described by a TOML file."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from serving.exchange.refused import FileRefused
from serving.exchange.sheets import Row, Sheet
from serving.problems import Problem

PACKAGED = Path(__file__).parent / "layouts"
HIGHEST_HEADING = 60
"""Headings stand within so many lines of a sheet's top."""

Names = dict[str, list[str]]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Headings(_Closed):
    """Headings of the table of accounts; of each any spelling, compared without blanks and widths."""

    number: list[str] = []
    replied_on: list[str] = []
    result: list[str] = []
    kind: list[str] = []
    balance: list[str] = Field(min_length=1)
    as_of: list[str] = []
    debtor_id: list[str] = []
    target_code: list[str] = []


class Labels(_Closed):
    """Labels that have their value to the right: of the cover (``rows``) or of each sheet (``cards``)."""

    number: list[str] = []
    replied_on: list[str] = []
    result: list[str] = []
    as_of: list[str] = []
    debtor_id: list[str] = []
    target_code: list[str] = []
    total: list[str] = []
    accounts: list[str] = []
    inquiries: list[str] = []


class Words(_Closed):
    """Words for "found", "none", a row of totals, and what begins a remark."""

    found: list[str] = ["有", "あり", "該当あり"]
    none: list[str] = ["無", "なし", "該当なし"]
    total: list[str] = ["合計", "計", "総計"]
    remark: list[str] = ["※", "注", "(注"]


class Layout(_Closed):
    """One layout. ``form``: ``rows`` (a table of all inquiries) or ``cards`` (a sheet for each inquiry).

    ``needed``: what has to be there for the layout to fit, as ``columns.<name>`` or ``labels.<name>``.
    ``number_as_above``: an empty 照会番号 is that of the row above. ``kinds``: name of a kind of account to
    the words for it; without any, every kind is taken as it stands.
    """

    name: str = Field(min_length=1, max_length=64)
    form: Literal["rows", "cards"]
    cover: list[str] = []
    needed: list[str] = Field(min_length=1)
    number_as_above: bool = False
    columns: Headings
    labels: Labels = Labels()
    words: Words = Words()
    kinds: Names = {}


@dataclass(frozen=True)
class Found:
    """Where a layout's parts stand in a sheet: ``heading`` line (0: none), place of each column, labels."""

    sheet: Sheet
    heading: int
    places: MappingProxyType[str, int]
    labels: MappingProxyType[str, tuple[int, str]]

    @property
    def parts(self) -> set[str]:
        """What was found, as ``Layout.needed`` spells it."""
        return {f"columns.{name}" for name in self.places} | {f"labels.{name}" for name in self.labels}


def plain(text: str) -> str:
    """Return a heading or word as it is compared: no widths, no blanks, no colon at its end.

    >>> plain("ｻﾞﾝ ﾀﾞｶ："), plain(" 照会 番号 ")
    ('ザンダカ', '照会番号')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip(":")


def read_layouts(own: Path | None = None) -> tuple[Layout, ...]:
    """Return the layouts of folder ``own`` (where it is there), then those of the package, by file name.

    Raises Problem ``layout_wrong`` with the file's name and the place in it that cannot be used.
    """
    folders = [folder for folder in (own, PACKAGED) if folder is not None and folder.is_dir()]
    return tuple(_read(path) for folder in folders for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> Layout:
    try:
        layout = Layout.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        known = {f"columns.{name}" for name in Headings.model_fields}
        known |= {f"labels.{name}" for name in Labels.model_fields}
        strange = sorted(set(layout.needed) - known)
        named = {"rows": "columns.number", "cards": "labels.number"}[layout.form]
        if not strange and named in layout.needed:
            return layout
        place = f"needed: {strange[0]}" if strange else f"needed: {named}"
    except ValidationError as wrong:
        place = ".".join(str(part) for part in wrong.errors()[0]["loc"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        place = type(wrong).__name__
    raise Problem(
        f"回答様式の定義「{path.name}」を使えません({place})。",
        "OPERATIONS.md の様式の説明に合わせて直してください。",
        "layout_wrong",
    )


def fitting(layouts: tuple[Layout, ...], sheets: tuple[Sheet, ...]) -> tuple[Layout, tuple[Found, ...]]:
    """Return the layout of which most is found in the file, with what was found in each sheet.

    Of layouts of which as much is found the first in ``layouts`` is taken. Raises FileRefused
    ``layout_unknown`` where none fits.
    """
    best: tuple[int, Layout, tuple[Found, ...]] | None = None
    for layout in layouts:
        found = tuple(_found(layout, sheet) for sheet in sheets)
        parts = set().union(*(each.parts for each in found))
        fits = set(layout.needed) <= parts and (layout.form == "rows" or any(_card(layout, f) for f in found))
        if fits and (best is None or len(parts) > best[0]):
            best = len(parts), layout, found
    if best is None:
        raise FileRefused("layout_unknown")
    return best[1], best[2]


def _card(layout: Layout, found: Found) -> bool:
    return set(layout.needed) <= found.parts


def is_cover(layout: Layout, sheet: Sheet) -> bool:
    """Return whether a sheet is the layout's cover by its name."""
    return plain(sheet.name) in {plain(name) for name in layout.cover}


def _found(layout: Layout, sheet: Sheet) -> Found:
    wanted = _by_word(layout.columns.model_dump())
    heading, places = 0, dict[str, int]()
    for line, row in sheet.rows.items():
        if line > HIGHEST_HEADING:
            break
        here = _places(wanted, row)
        if "balance" in here and len(here) > max(1, len(places)):
            heading, places = line, here
    labels = _labels(layout, sheet, heading)
    return Found(sheet, heading, MappingProxyType(places), MappingProxyType(labels))


def _labels(layout: Layout, sheet: Sheet, heading: int) -> dict[str, tuple[int, str]]:
    """Return line and value of each label above the heading (anywhere, where the sheet has no table)."""
    wanted = _by_word(layout.labels.model_dump())
    found: dict[str, tuple[int, str]] = {}
    for line, row in sheet.rows.items():
        if line > HIGHEST_HEADING or (heading and line >= heading):
            break
        for place, cell in enumerate(row):
            name = wanted.get(plain(cell))
            value = next((text for text in row[place + 1 :] if text), "")
            if name is not None and name not in found:
                found[name] = line, value
    return found


def _places(wanted: dict[str, str], row: Row) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        name = wanted.get(plain(cell)) if cell else None
        if name is not None and name not in places:
            places[name] = place
    return places


def _by_word(names: Names) -> dict[str, str]:
    return {plain(word): name for name, words in names.items() for word in words}
