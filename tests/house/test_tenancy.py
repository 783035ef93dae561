"""Who may pass the second wall, and why: nobody else does."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("riskalloc", "questionnaire", "portfolios")
TENANCY = "riskalloc.firms.tenancy"
# All firms.
EVERYTHING = {
    "riskalloc/firms/management/commands/migrate.py": "changes tables, and what is in them",
    "portfolios/services/nightly.py": "finds the firms whose portfolios grow old",
    "riskalloc/firms/services/jobs.py": "finds the work that nobody is at",
    "riskalloc/firms/services/working.py": "takes a job up by its id; each step is then of its firm",
}
STAFF = {"riskalloc/firms/staff.py": "staff, after the second factor"}
# The firms of a row that something other than a membership has opened.
DOORS = {
    "riskalloc/firms/services/founding.py": "the firm that is just being founded",
    "questionnaire/services/joining.py": "the token of an invitation",
    "questionnaire/services/reminding.py": "the signature of a letter; the system's own letters",
    "questionnaire/services/exporting.py": "what an earlier firm's trail says about oneself",
    "questionnaire/views/asking.py": "the token of a link to the questionnaire",
    "questionnaire/views/drafts.py": "the same, in the cookie that it became",
    "questionnaire/views/clients.py": "what an earlier firm's trail says about oneself",
    "questionnaire/views/leaving.py": "what an earlier firm has to keep about oneself",
}
COMMANDS = "management/commands"


def test_only_those_who_are_named_pass_the_wall() -> None:
    """And nobody is named who does not."""
    found: dict[str, set[str]] = {}
    for path, name in imports():
        found.setdefault(name, set()).add(path)
    assert found["everything"] == {*EVERYTHING}
    assert found["admit_to_everything"] == {*STAFF}
    assert found["admit"] | found["admit_to"] == {*DOORS}
    assert all(COMMANDS in path for path in found["SystemCommand"])
    within = found.get("within", set())
    assert all("/services/" in path for path in within), "a page sees the firms of who asks"


def test_only_the_wall_touches_its_setting() -> None:
    files = {
        str(path.relative_to(ROOT)) for path in sources() if "app.firms" in path.read_text("utf-8")
    }
    assert files == {"riskalloc/firms/tenancy.py", "riskalloc/firms/walls.py"}


def imports() -> Iterator[tuple[str, str]]:
    for path in sources():
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.ImportFrom) else []
            is_whole = isinstance(node, ast.Import | ast.ImportFrom) and (
                any(name.name == TENANCY for name in node.names)
                or ("tenancy" in names and place != "riskalloc/firms/tenancy.py")
            )
            assert not is_whole, f"{place} imports all of {TENANCY}: name what is used"
            if isinstance(node, ast.ImportFrom) and node.module == TENANCY:
                yield from ((place, name) for name in names)


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
