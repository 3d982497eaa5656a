"""A search written out as CSV that no spreadsheet runs and as JSON lines, with the chain's end."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from io import StringIO

from serving.exchange.spreadsheet import harmless
from serving.records.entry import Entry
from serving.records.trail import Search
from serving.web.telling import Names, said
from serving.wording import Wording

COLUMNS = ("seq", "at", "kind", "actor", "debtor_id", "said", "body", "previous", "digest")
HEAD = "(head)"
PIECE = 65_536
"""Characters sent at once, at least; the last piece may be shorter."""


def csv_lines(entries: Iterable[Entry], head: tuple[int, str], w: Wording, names: Names) -> Iterator[str]:
    """Yield a CSV line by line; the last row (kind ``(head)``) holds the chain's end and how to check it."""
    yield "\ufeff" + _row(COLUMNS)
    for entry in entries:
        facts = vars(entry) | {"said": said(entry, w, names)}
        yield _row(facts[name] for name in COLUMNS)
    yield _row((head[0], "", HEAD, "", "", check_of(head), "", "", head[1]))


def json_lines(entries: Iterable[Entry], head: tuple[int, str], search: Search) -> Iterator[str]:
    """Yield one JSON object a line: first the search and the chain's end, then each entry as it stands."""
    first = {"search": search.asked, "last": head[0], "head": head[1], "check": check_of(head)}
    yield json.dumps(first, ensure_ascii=False) + "\n"
    for entry in entries:
        yield json.dumps(asdict(entry), ensure_ascii=False) + "\n"


def in_pieces(lines: Iterator[str]) -> Iterator[str]:
    """Pass the first line on at once and join the others to pieces worth a journey.

    Each piece that is sent is asked for in another thread, and a whole journal takes its time: its reader is
    shown at once that it comes.

    >>> [len(piece) for piece in in_pieces(iter(["12345"] + ["123456"] * 20_000))]
    [5, 65538, 54462]
    """
    yield next(lines, "")
    held, size = list[str](), 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def check_of(head: tuple[int, str]) -> str:
    """Return the command that checks the journal against this end of the chain.

    >>> check_of((7, "ab12"))
    'tegakari verify --head 7:ab12'
    """
    return f"tegakari verify --head {head[0]}:{head[1]}"


def _row(cells: Iterable[object]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue()
