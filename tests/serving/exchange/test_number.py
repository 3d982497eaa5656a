from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.exchange.number import InquiryNumber, NotANumberError, read_number

NUMBERS = st.builds(
    InquiryNumber,
    st.integers(0, 999_999).map("{:06d}".format),
    st.integers(1, 99_999_999),
    st.integers(1, 999),
)


@given(NUMBERS)
def test_a_number_is_read_back_with_and_without_dashes_and_widths(number: InquiryNumber) -> None:
    text = str(number)
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"})
    for spelt in (text, text.replace("-", ""), wide, text.replace("-", "ー"), f" {text}\u3000"):
        assert read_number(spelt) == number


@given(NUMBERS, st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: InquiryNumber, place: int, step: int) -> None:
    digits = str(number).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    with pytest.raises(NotANumberError, match="no inquiry number"):
        read_number(wrong)


@given(NUMBERS, st.integers(0, 17))
def test_two_swapped_digits_are_noticed(number: InquiryNumber, place: int) -> None:
    digits = str(number).replace("-", "")
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        with pytest.raises(NotANumberError, match="no inquiry number"):
            read_number(swapped)


@pytest.mark.parametrize("text", ["", "130000", "1.30000000000423E+18", "130000-00000042-003-8x"])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NotANumberError, match="no inquiry number"):
        read_number(text)
