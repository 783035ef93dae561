"""JSON read exactly."""

import pytest

from riskalloc.api.exact_json import Number, Unusable, read


@pytest.mark.parametrize("text", ["0.10", "-0", "1e5", "1E-400", "NaN", "-Infinity", "9" * 5000])
def test_a_number_keeps_its_text(text: str) -> None:
    assert read(text.encode()) == Number(text)
    assert read(f'{{"a": [{text}]}}'.encode()) == {"a": [Number(text)]}


def test_everything_else_is_read_as_usual() -> None:
    assert read('{"a": [true, false, null, "é"]}'.encode()) == {"a": [True, False, None, "é"]}


def test_a_field_given_twice_has_no_value() -> None:
    twice = read(b'{"a": 1, "b": {"c": 2, "c": 3}, "a": 1}')
    assert twice == {
        "a": Unusable("This is given 2 times. Give it once."),
        "b": {"c": Unusable("This is given 2 times. Give it once.")},
    }


def test_the_same_name_may_stand_in_two_objects() -> None:
    assert read(b'[{"a": 1}, {"a": 1}]') == [{"a": Number("1")}, {"a": Number("1")}]
