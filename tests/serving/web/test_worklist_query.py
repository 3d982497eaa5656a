from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.web.worklist_query import NAMES, ListQuery, read_query

KINDS, STAFF = ("bank", "employer"), ("T002", "T003")


def read(given: dict[str, str], staff_id: str = "T002") -> ListQuery:
    return read_query(given, kinds=KINDS, staff=STAFF, staff_id=staff_id)


def test_somebody_sees_their_own_cases_first_and_everything_when_tied_to_nobody() -> None:
    assert read({}).filters("T002").staff_id == "T002"
    assert read({}, staff_id="").whose == "all"
    assert read({"whose": "mine"}, staff_id="").faults == ("whose",)
    assert read({"whose": "T003"}).filters("T002").staff_id == "T003"


@pytest.mark.parametrize(
    ("name", "text"),
    [("show", "zz"), ("mark", "x"), ("kind", "gold"), ("whose", "T999"), ("sort", "name"), ("page", "last"),
     ("arrears_from", "many"), ("arrears_to", "-5"), ("arrears_to", "9" * 30)],
)  # fmt: skip
def test_what_cannot_be_read_is_passed_over_and_named(name: str, text: str) -> None:
    query = read({name: text})
    assert query.faults == (name,)
    assert query.address() == read({}).address()


def test_amounts_are_read_as_people_write_them() -> None:
    query = read({"arrears_from": "１００，０００円", "arrears_to": "200,000"})
    assert (query.arrears_from, query.arrears_to) == (100_000, 200_000)
    assert read({"arrears_from": "3", "arrears_to": "2"}).faults == ("arrears_order",)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=20)))
def test_no_address_is_refused_and_each_can_be_read_again(given: dict[str, str]) -> None:
    query = read(given)
    again = read(dict(parse_qsl(query.address())))
    assert again.faults == ()
    assert again.address() == query.address()
