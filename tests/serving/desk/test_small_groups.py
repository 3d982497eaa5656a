from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from serving.desk.small_groups import hidden_groups, large_enough

MANY = [1, 2, 3] * 10


def test_a_group_of_two_officers_is_hidden_however_many_choices_they_made() -> None:
    assert not large_enough([1, 2] * 100, needed=20)
    assert large_enough(MANY, needed=20)


def test_the_next_smallest_is_hidden_where_subtraction_would_tell() -> None:
    assert hidden_groups({"a": [1] * 5, "b": MANY, "c": MANY * 2}, 20) == {"a", "b"}
    assert hidden_groups({"a": MANY, "b": MANY}, 20) == frozenset()
    assert hidden_groups({"a": [1] * 5, "b": []}, 20) == {"a"}


groups = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.integers(0, 8), max_size=60), min_size=1, max_size=6
)


@given(groups)
def test_what_is_hidden_is_never_one_group_nor_too_few_while_another_could_hide_it(
    parts: dict[str, list[int]],
) -> None:
    hidden = hidden_groups(parts, 20)
    filled = {key for key, officers in parts.items() if officers}
    assert all(large_enough(parts[key], 20) for key in filled - hidden)
    together = [officer for key in hidden for officer in parts[key]]
    if hidden and hidden != filled:
        assert len(hidden) > 1
        assert large_enough(together, 20)
