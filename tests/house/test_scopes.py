"""Views reach people's rows through what somebody may see, and through nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each begins with a person, a secret that opens one thing, or a client who was found by a person before.
SCOPES = {
    "visible_to",
    "changeable_by",
    "managed_by",
    "owned_by",
    "at_the_desk_of",
    "with_trail_for",
    "of_user",
    "opened_by",
    "live",
    "of_token",
    "latest_of",
    "about_client",
}
# What else there is, with the reason.
EXCEPTIONS = {
    # Of a client that was found as visible before.
    "comparing.py Assessment.objects.filter(ownership__client=client)",
    "leaving.py Tombstone.objects.filter(client_id=client.pk)",
    # Made of the draft that this browser's cookie opens.
    "results.py Assessment.objects.filter(pk__in=[of_link] if of_link else [])",
}
MANAGERS = ("objects", "_default_manager", "_base_manager")
SHORTCUTS = ("get_object_or_404", "get_list_or_404")


def views() -> list[Path]:
    return sorted(path for path in ROOT.glob("*/**/views/*.py") if "tests" not in path.parts)


def test_there_are_views_to_look_at() -> None:
    assert len(views()) > 10


def test_views_look_for_rows_only_as_somebody() -> None:
    """And no exception outlives its use."""
    found = {f"{path.name} {use}" for path in views() for use in unscoped(path)}
    assert found == EXCEPTIONS


def unscoped(path: Path) -> Iterator[str]:
    """Every use of a model's rows that does not begin with one of the scopes."""
    tree = ast.parse(path.read_text())
    around = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            method = around[node]
            if not (isinstance(method, ast.Attribute) and method.attr in SCOPES):
                is_call = isinstance(method, ast.Attribute) and isinstance(around[method], ast.Call)
                yield ast.unparse(around[method] if is_call else node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SHORTCUTS and is_model(node):
            yield ast.unparse(node)


def is_model(call: ast.Call) -> bool:
    """A class where rows that somebody may see should be."""
    first = call.args[0]
    return isinstance(first, ast.Name) and first.id[0].isupper()


@pytest.mark.parametrize(
    "source",
    [
        "found = Client.objects.get(pk=pk)",
        "found = Client.objects.all()",
        "found = Client._default_manager.filter(pk=pk)",
        "found = get_object_or_404(Client, pk=pk)",
        "found = Client.objects",
    ],
)
def test_a_look_at_everybody_would_be_found(source: str, tmp_path: Path) -> None:
    view = tmp_path / "views.py"
    view.write_text(f"mine = Client.objects.visible_to(user).filter(pk=pk)\n{source}\n")
    assert len(list(unscoped(view))) == 1
