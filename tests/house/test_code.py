"""The shape of the code: exact numbers, short functions, short files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXACT = ("riskalloc/engine", "riskalloc/methodology")
PACKAGES = ("riskalloc", "questionnaire", "portfolios")
LONGEST_FUNCTION = 50
LONGEST_FILE = 400


def sources(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


@pytest.mark.parametrize("folder", [*EXACT, *PACKAGES])
def test_the_folders_that_are_checked_exist(folder: str) -> None:
    assert sources(folder), f"{folder} has no Python file: these tests would check nothing"


def test_no_float_where_money_or_weights_pass() -> None:
    assert list(floats(sources(*EXACT))) == []


def floats(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
            if is_literal or is_call:
                yield place(path, node)


def test_a_float_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    source = tmp_path / "floats.py"
    source.write_text("a = 1.5\nb = float('2')\nc = Decimal('1.5')\nd = isinstance(15, float)\n")
    assert set(floats([source])) == {"floats.py:1", "floats.py:2"}


def test_no_function_is_longer_than_a_screen() -> None:
    """An aim, not a law: a function with a good reason is named here, with the reason."""
    assert list(long_functions(sources(*PACKAGES))) == []


def long_functions(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{place(path, node)} {node.name} has {length} lines: give its parts names"


def test_no_file_tells_more_than_one_story() -> None:
    """An aim, not a law, as above."""
    lengths = {path: len(path.read_text().splitlines()) for path in sources(*PACKAGES)}
    too_long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE}
    assert too_long == {}, f"over {LONGEST_FILE} lines: split them where the story changes"
