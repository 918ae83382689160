"""JSON is printed as `json` prints it, only faster."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from horsies_core.contract.wire.printed import printed

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(values)
def test_it_is_what_json_prints(value: object) -> None:
    assert printed(value) == json.dumps(value, indent=2, ensure_ascii=False)


@given(values)
def test_behind_an_indent_only_later_lines_are_moved(value: object) -> None:
    first, *later = printed(value).split("\n")
    assert printed(value, "    ") == "\n".join([first, *("    " + line for line in later)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_a_number_that_json_has_not_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        printed(value)
