"""Whatever is sent: an answer, or a refusal in its shape; never a fault of the server."""

import json
from typing import Any

from hypothesis import given, strategies as st

from tests.api.calculator import BODIES, changed, errors, post

NASTY: list[Any] = [
    *("", " 1", "1_000", "1e400", "-0", "0.1", "\uff11\uff12", "NaN", "null", "\u0000", "\ud800"),
    *("{braces}", "{0}", "%s", "<script>", "' OR 1=1 --", "../../etc/passwd"),
    *("x" * 5000, "💶" * 50),
    *(True, False, None, 0, -1, 3.0, 1e308, 5e-324, 10**400, float("nan"), float("-inf")),
    *([], {}, [[]], {"": {}}, [None] * 50, {"answers": {"answers": {}}}),
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
names = st.sampled_from(["answers", "amount", "rti", "iss", "values", "target", "band", "prices"])
trees = st.recursive(
    scalars | st.sampled_from(NASTY),
    lambda branches: (
        st.lists(branches, max_size=4) | st.dictionaries(names | st.text(), branches, max_size=5)
    ),
    max_leaves=25,
)
operations = st.sampled_from(list(BODIES))
ANSWERED = {
    "assess": {"method", "classes"},
    "allocate": {"method", "classes"},
    "drift": {"total", "rows"},
    "plan": {"trades", "cash_left"},
    "shares": {"shares", "left"},
}


def paths(tree: Any, before: str = "") -> list[str]:
    if not isinstance(tree, dict):
        return []
    found = [(f"{before}{name}", value) for name, value in tree.items()]
    return [path for name, value in found for path in (name, *paths(value, f"{name}."))]


def answers_or_refuses(operation: str, body: Any) -> None:
    response = post(operation, body)
    if response.status_code == 200:
        assert json.loads(response.content).keys() >= ANSWERED[operation]
    else:
        errors(response)


@given(operation=operations, body=st.binary(max_size=300))
def test_any_bytes(operation: str, body: bytes) -> None:
    answers_or_refuses(operation, body)


@given(operation=operations, body=trees)
def test_any_json(operation: str, body: Any) -> None:
    answers_or_refuses(operation, json.dumps(body))


@given(chosen=st.data())
def test_the_worked_example_with_anything_in_it(chosen: st.DataObject) -> None:
    operation = chosen.draw(operations)
    places = sorted(paths(BODIES[operation]), key=lambda path: path.count("."))
    wrong = chosen.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True))
    body = BODIES[operation]
    for path in sorted(wrong, key=places.index, reverse=True):  # the inner ones first
        body = changed(body, {path: chosen.draw(st.sampled_from(NASTY) | trees)})
    answers_or_refuses(operation, body)


@given(chosen=st.data())
def test_the_worked_example_with_characters_changed(chosen: st.DataObject) -> None:
    operation = chosen.draw(operations)
    text = json.dumps(BODIES[operation])
    start = chosen.draw(st.integers(0, len(text)))
    end = chosen.draw(st.integers(start, min(len(text), start + 8)))
    inserted = chosen.draw(st.text(max_size=5) | st.text('{}[]",:0123456789.eE-+ \\un', max_size=8))
    body = text[:start] + inserted + text[end:]
    answers_or_refuses(operation, body.encode("utf-8", "surrogatepass"))
