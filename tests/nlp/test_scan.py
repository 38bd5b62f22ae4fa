"""The states that any verb makes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import scan


@pytest.mark.parametrize("pattern", [made[1] for made in scan._MADE_STATES], ids=[m[0].term for m in scan._MADE_STATES])
def test_no_made_state_is_passed_over_by_the_quick_look(pattern: re.Pattern[str]) -> None:
    """What is searched first, to spare most texts the rest, holds for everything that the expressions can find."""

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert scan._MADE.search(text)

    holds()
