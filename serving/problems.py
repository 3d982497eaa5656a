"""What cannot be done, said in one sentence with what to do about it."""

from __future__ import annotations


class Problem(Exception):  # noqa: N818 - it is what the reader has, not a programmer's mistake
    """Something the reader can act on. ``sentence`` says what is wrong, ``hint`` what to do.

    ``code`` is stable and machine-readable; the web turns it into a status. Neither text ever holds
    personal data.

    >>> str(Problem("フォルダがありません。", "場所を確かめてください。"))
    'フォルダがありません。場所を確かめてください。'
    """

    def __init__(self, sentence: str, hint: str = "", code: str = "problem") -> None:
        super().__init__(sentence + hint)
        self.sentence = sentence
        self.hint = hint
        self.code = code
