"""What a reader of the journal was told, so that a page is made of one state of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from serving.records.entry import Entry
from serving.records.events import (
    AssignmentChanged,
    BlindChoiceMade,
    CaseDeclined,
    CaseOpened,
    DecisionMade,
    ReasonsOpened,
    RecommendationRecomputed,
    ReplyReceived,
)
from serving.records.exchange_events import BatchMade
from serving.records.question import Question

HANDLED = tuple(
    each.__name__
    for each in (
        AssignmentChanged,
        BatchMade,
        BlindChoiceMade,
        CaseDeclined,
        CaseOpened,
        DecisionMade,
        ReasonsOpened,
        RecommendationRecomputed,
        ReplyReceived,
    )
)
"""Kinds that say how a case was handled. They are few and small, unlike views and rankings: whoever asks a
page's question about one of them is soon to ask about another, so they are read together."""

Answer = tuple[Entry, ...]
Read = Callable[[Question], Sequence[Entry]]


class Told:
    """The answers given so far. An entry never changes, so only new ones can make an answer stale."""

    def __init__(self) -> None:
        self._answers: dict[Question, Answer] = {}
        self._entries: dict[int, Entry] = {}

    def answer(self, question: Question, read: Read) -> Answer:
        """Return the answer that was given before, or is part of one; else what is ``read``."""
        if question in self._answers:
            return self._answers[question]
        handled = Question(HANDLED, question.debtor_id)
        about_handling = question.debtor_id and question.kinds and set(question.kinds) <= set(HANDLED)
        if about_handling and question != handled:
            return question.among(self.answer(handled, read))
        answer = self._latest(question)
        if answer is None:
            answer = tuple(self._known(each) for each in read(question))
        self._answers[question] = answer
        return answer

    def entry(self, seq: int, read: Callable[[int], Entry | None]) -> Entry | None:
        """Return one entry by its number."""
        if seq in self._entries:
            return self._entries[seq]
        found = read(seq)
        return self._known(found) if found else None

    def appended(self, entries: Sequence[Entry]) -> None:
        """Forget each answer that a new entry belongs to."""
        self._answers = {
            question: answer
            for question, answer in self._answers.items()
            if not any(question.fits(entry) for entry in entries)
        }

    def _latest(self, question: Question) -> Answer | None:
        """Return the latest entry where the latest of more kinds is known and is one of these, or none is."""
        if question.latest != 1:
            return None
        for known, answer in self._answers.items():
            wider = known._replace(kinds=question.kinds) == question and set(known.kinds) > set(
                question.kinds
            )
            if wider and (not answer or question.fits(answer[0])):
                return answer
        return None

    def _known(self, entry: Entry) -> Entry:
        """Return an entry as it was told before: what it says need be read only once."""
        return self._entries.setdefault(entry.seq, entry)
