"""What a person did can be written down and read again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Click, Lasso, Prompt, Stroke, prompt_from_json

numbers = st.floats(-1e6, 1e6)
points = st.lists(st.tuples(numbers, numbers), max_size=5).map(tuple)
prompts: st.SearchStrategy[Prompt] = st.one_of(
    st.builds(
        Stroke,
        st.lists(st.tuples(numbers, numbers, st.floats(0, 1)), max_size=5).map(tuple),
        st.floats(0.5, 500),
        st.floats(0, 1),
        st.floats(0, 1),
        st.booleans(),
    ),
    st.builds(Lasso, points, st.booleans()),
    st.builds(BoxPrompt, st.builds(Box, *[st.integers(0, 30_000)] * 4)),
    st.builds(Click, numbers, numbers, st.booleans()),
)


@given(prompts)
def test_a_prompt_comes_back_equal_from_its_json(prompt: Prompt) -> None:
    assert prompt_from_json(json.loads(json.dumps(prompt.to_json()))) == prompt
    assert type(prompt).from_json(prompt.to_json()) == prompt


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'wand'"):
        prompt_from_json({"kind": "wand"})
