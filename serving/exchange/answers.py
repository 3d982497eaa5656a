"""The answers of a file: rows of accounts gathered by 照会番号, every cell read, the sums checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from features.ledger.cells import read_cell
from features.ledger.tables import Column, Kind
from serving.exchange.layout import Found, Layout, is_cover, plain
from serving.exchange.refused import FileFault, FileRefused
from serving.exchange.sheets import Row

_YEN = Column("balance", "残高", Kind.YEN, needed=True)
_DAY = Column("replied_on", "回答日", Kind.DAY, needed=True)
SUMS = frozenset({"total_wrong", "accounts_wrong", "inquiries_wrong"})
"""Faults of figures that depend on every row."""
_COUNT = Column("accounts", "件数", Kind.COUNT, needed=True, low=0)


@dataclass(frozen=True)
class Account:
    """One account that was found: its kind ("" where the layout names none) and balance in yen."""

    kind: str
    balance: int


@dataclass
class Answer:
    """What the file says of one inquiry. ``number`` as it is written; ``result`` is found or none.

    ``unread`` names the fields of it that could not be read or are missing.
    """

    number: str
    sheet: str
    line: int
    column: str
    replied_on: date | None = None
    result: str = ""
    accounts: list[Account] = field(default_factory=list)
    debtor_id: str = ""
    target_code: str = ""
    unread: set[str] = field(default_factory=set)

    @property
    def balance(self) -> int | None:
        """The sum of the accounts; None where nothing was found."""
        return sum(account.balance for account in self.accounts) if self.result == "found" else None

    @property
    def kept_accounts(self) -> tuple[dict[str, object], ...]:
        """The accounts as the journal keeps them."""
        return tuple({"kind": each.kind, "balance": each.balance} for each in self.accounts)


@dataclass(frozen=True)
class Answers:
    """The answers of a file in its order, and the sheets that hold none (told, so that none is missed).

    ``faults``: what could not be read; with any of them the file is not to be taken in.
    """

    layout: str
    answers: tuple[Answer, ...]
    passed_over: tuple[str, ...]
    faults: tuple[FileFault, ...] = ()


def read_answers(layout: Layout, found: tuple[Found, ...], formulas: tuple[FileFault, ...] = ()) -> Answers:
    """Read every sheet by its layout, with everything that cannot be read; ``formulas`` are known already.

    What follows from a formula alone (a cell left empty, a sum that lacks it) is not told besides it.
    """
    reader = _Reader(layout)
    answers = reader.cards(found) if layout.form == "cards" else reader.rows(found)
    lines = {(each.sheet, each.line) for each in formulas}
    own = [each for each in reader.faults if (each.sheet, each.line) not in lines]
    if formulas:
        own = [each for each in own if each.code not in SUMS]
    if not answers and not own and not formulas:
        raise FileRefused("file_empty")
    return Answers(layout.name, tuple(answers), tuple(reader.passed_over), (*formulas, *own))


class _Reader:
    """Reads one file and gathers its faults."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.faults: list[FileFault] = []
        self.passed_over: list[str] = []
        words = layout.words
        self._results = {plain(word): "found" for word in words.found}
        self._results |= {plain(word): "none" for word in words.none}
        self._totals = {plain(word) for word in words.total}
        self._kinds = {plain(word): kind for kind, told in layout.kinds.items() for word in told}

    def rows(self, found: tuple[Found, ...]) -> list[Answer]:
        """Read a table of all inquiries; the labels are those of the cover and of every table's head."""
        labels = {name: (each, told) for each in found for name, told in each.labels.items()}
        answers: dict[str, Answer] = {}
        for each in found:
            if "number" in each.places and each.heading:
                self._table(each, answers)
            elif not is_cover(self.layout, each.sheet) and not each.labels:
                self.passed_over.append(each.sheet.name)
        for name in ("replied_on", "target_code"):
            if name in labels:
                where, (line, text) = labels[name]
                self._spread(list(answers.values()), name, where, line, text)
        self._finish(list(answers.values()))
        told = list(answers.values())
        for name, counted in (
            ("total", sum(answer.balance or 0 for answer in told)),
            ("accounts", sum(len(answer.accounts) for answer in told)),
            ("inquiries", len(told)),
        ):
            if name in labels:
                where, (line, text) = labels[name]
                self._compare(where, line, name, text, counted)
        return told

    def cards(self, found: tuple[Found, ...]) -> list[Answer]:
        """Read one sheet for each inquiry."""
        answers: list[Answer] = []
        for each in found:
            if "number" not in each.labels:
                self.passed_over.append(each.sheet.name)
                continue
            line, number = each.labels["number"]
            answer = Answer(number, each.sheet.name, line, self._label("number"))
            for name in ("replied_on", "target_code", "debtor_id", "result"):
                if name in each.labels:
                    self._spread([answer], name, each, *each.labels[name])
            for row_line, row in self._body(each):
                self._account(each, row_line, row, answer)
            self._finish([answer])
            if "total" in each.labels:
                self._compare(each, *_with(each.labels["total"], "total"), answer.balance or 0)
            answers.append(answer)
        return answers

    def _table(self, found: Found, answers: dict[str, Answer]) -> None:
        above = ""
        for line, row in self._body(found):
            number = self._cell(found, row, "number")
            if not number and self.layout.number_as_above:
                number = above
            above = number
            if not number:
                self._fault(found, line, "number", "number_missing")
                continue
            key = plain(number)
            fresh = Answer(number, found.sheet.name, line, self._heading(found, "number"))
            answer = answers.setdefault(key, fresh)
            for name in ("replied_on", "target_code", "debtor_id", "result"):
                text = self._cell(found, row, name)
                if text:
                    self._spread([answer], name, found, line, text)
            self._account(found, line, row, answer)

    def _body(self, found: Found) -> Iterator[tuple[int, Row]]:
        """Yield the rows below the heading; a row of totals is compared, a remark passed over."""
        total = 0
        for line, row in found.sheet.rows.items():
            if not found.heading or line <= found.heading:
                continue
            first = plain(next(text for text in row if text))
            if first in self._totals:
                told = self._cell(found, row, "balance")
                self._compare(found, line, "total", told, total)
            elif not first.startswith(tuple(map(plain, self.layout.words.remark))):
                text = self._cell(found, row, "balance")
                read = read_cell(_YEN, text).value if text else None
                total += read if isinstance(read, int) else 0
                yield line, row

    def _account(self, found: Found, line: int, row: Row, answer: Answer) -> None:
        kind, text = self._cell(found, row, "kind"), self._cell(found, row, "balance")
        if plain(kind) in self._results or (plain(text) in self._results and not plain(text).isdecimal()):
            word = kind if plain(kind) in self._results else text
            self._spread([answer], "result", found, line, word)
            kind, text = ("", text) if word == kind else (kind, "")
        if not kind and not text:
            return
        if self._kinds and (kind or "kind" in found.places) and plain(kind) not in self._kinds:
            if answer.result == "none" and not kind:
                pass  # "none" with a zero beside it names no kind
            else:
                wanted = "、".join(self.layout.kinds)
                answer.unread.add("balance")
                self._fault(found, line, "kind", "kind_unknown", kind, wanted)
                return
        cell = read_cell(_YEN, text)
        if cell.wanted or not isinstance(cell.value, int):
            answer.unread.add("balance")
            self._fault(found, line, "balance", "cell", text, cell.wanted)
        elif cell.value < 0:
            answer.unread.add("balance")
            self._fault(found, line, "balance", "negative", text)
        elif answer.result == "none":
            if cell.value:
                self._fault(found, line, "balance", "none_with_balance", text)
        else:
            answer.accounts.append(Account(self._kinds.get(plain(kind), kind), cell.value))

    def _spread(self, answers: list[Answer], name: str, found: Found, line: int, text: str) -> None:
        """Give a value that was read to every answer that has none; another one than it has is a fault."""
        value: object = text
        if name == "replied_on":
            cell = read_cell(_DAY, text)
            if cell.wanted:
                self._unread(answers, found, line, name, text, cell.wanted)
                return
            value = cell.value
        elif name == "result":
            value = self._results.get(plain(text), "")
            if not value:
                wanted = "、".join([*self.layout.words.found, *self.layout.words.none])
                self._unread(answers, found, line, name, text, wanted)
                return
        for answer in answers:
            if not getattr(answer, name):
                setattr(answer, name, value)
            elif getattr(answer, name) != value and line != 0 and name in found.places:
                self._fault(found, line, name, "differs", text)

    def _unread(  # noqa: PLR0917
        self, answers: list[Answer], found: Found, line: int, name: str, text: str, wanted: str
    ) -> None:
        self._fault(found, line, name, "cell", text, wanted)
        for answer in answers:
            answer.unread.add(name)

    def _finish(self, answers: list[Answer]) -> None:
        for answer in answers:
            if not answer.result and answer.accounts:
                answer.result = "found"
            for code, name in _missing(answer):
                if name not in answer.unread:
                    self.faults.append(FileFault(answer.sheet, answer.line, answer.column, code))
                answer.unread.add(name)

    def _compare(self, found: Found, line: int, name: str, text: str, counted: int) -> None:
        cell = read_cell(_YEN if name == "total" else _COUNT, text)
        if cell.wanted:
            self._fault(found, line, name, "cell", text, cell.wanted)
        elif cell.value != counted:
            self._fault(found, line, name, f"{name}_wrong", text, f"{counted:,}")

    def _cell(self, found: Found, row: Row, name: str) -> str:
        place = found.places.get(name)
        return row[place] if place is not None and place < len(row) else ""

    def _fault(  # noqa: PLR0917
        self, found: Found, line: int, name: str, code: str, text: str = "", wanted: str = ""
    ) -> None:
        column = self._heading(found, name)
        self.faults.append(FileFault(found.sheet.name, line, column, code, text, wanted))

    def _heading(self, found: Found, name: str) -> str:
        place = found.places.get(name)
        if place is None:
            return self._label(name)
        return found.sheet.rows[found.heading][place]

    def _label(self, name: str) -> str:
        words: list[str] = getattr(self.layout.labels, name, [])
        return words[0] if words else name


def _with(told: tuple[int, str], name: str) -> tuple[int, str, str]:
    line, text = told
    return line, name, text


def _missing(answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield what an answer lacks, with the field that it is."""
    if not answer.result:
        yield "result_missing", "result"
    elif answer.result == "found" and not answer.accounts:
        yield "balance_missing", "balance"
    elif answer.result == "none" and answer.accounts:
        yield "none_with_balance", "balance"
    if answer.replied_on is None:
        yield "day_missing", "replied_on"
