"""The address of a view of the worklist: read with forgiveness, written in one way only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from unicodedata import normalize
from urllib.parse import urlencode

from serving.desk.worklist_filters import MARKS, SHOWS, SORTS, Filters
from serving.web.form_number import folded

LARGEST_YEN = 10**12
MINE, ALL = "mine", "all"


@dataclass(frozen=True)
class ListQuery:
    """What is asked of the worklist. ``whose``: mine, all or a staff_id; empty words mean any.

    ``faults`` names the parts that could not be read and are passed over, in the order of the form.
    """

    show: str = "all"
    mark: str = ""
    kind: str = ""
    whose: str = ALL
    arrears_from: int | None = None
    arrears_to: int | None = None
    find: str = ""
    sort: str = "worth"
    page: int = 1
    faults: tuple[str, ...] = ()

    def filters(self, staff_id: str) -> Filters:
        """Return the filters; ``staff_id`` is that of whoever asks."""
        whose = {MINE: staff_id, ALL: ""}.get(self.whose, self.whose)
        return Filters(self.show, self.kind, self.find, whose, self.mark, self.arrears_from, self.arrears_to)

    def address(self, **changes: object) -> str:
        """Return the query with ``changes``, as it stands behind the question mark; page 1 is left out.

        >>> ListQuery(mark="unsent", page=3).address(page=2)
        'mark=unsent&whose=all&page=2'
        """
        asked = replace(self, **changes)  # type: ignore[arg-type]
        usual = {"show": "all", "sort": "worth", "page": 1}
        parts = {name: getattr(asked, name) for name in NAMES}
        return urlencode(
            {name: value for name, value in parts.items() if value not in (None, "", usual.get(name))}
        )


NAMES = ("show", "mark", "kind", "whose", "arrears_from", "arrears_to", "find", "sort", "page")


def read_query(
    given: Mapping[str, str], *, kinds: Collection[str], staff: Collection[str], staff_id: str
) -> ListQuery:
    """Read what was ``given``; what cannot be read is passed over and named.

    ``staff``: whose cases may be asked for; ``staff_id``: that of whoever asks ("": tied to nobody), whose
    own cases are shown unless something else is asked for.
    """
    faults: list[str] = []
    usual = MINE if staff_id else ALL

    def word(name: str, known: Collection[str], default: str) -> str:
        text = given.get(name, "").strip()
        if not text or text in known:
            return text or default
        faults.append(name)
        return default

    found = ListQuery(
        show=word("show", SHOWS, "all"),
        mark=word("mark", MARKS, ""),
        kind=word("kind", kinds, ""),
        whose=word("whose", {ALL, *([MINE] if staff_id else []), *staff}, usual),
        arrears_from=_number(given, "arrears_from", faults),
        arrears_to=_number(given, "arrears_to", faults),
        find=normalize("NFKC", given.get("find", "")).strip()[:64],
        sort=word("sort", SORTS, "worth"),
        page=max(1, _number(given, "page", faults) or 1),
    )
    low, high = found.arrears_from, found.arrears_to
    if low is not None and high is not None and low > high:
        faults.append("arrears_order")
        found = replace(found, arrears_from=None, arrears_to=None)
    return replace(found, faults=tuple(faults))


LONGEST = 15


def _number(given: Mapping[str, str], name: str, faults: list[str]) -> int | None:
    text = folded(given.get(name, "")).strip().removesuffix("円").replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > LONGEST or int(text) > LARGEST_YEN:
        faults.append(name)
        return None
    return int(text)
