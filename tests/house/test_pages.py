"""What a strict Content-Security-Policy and a small page ask of templates and static files."""

import re
from pathlib import Path

import django_htmx
import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
CODE = [
    path
    for name in ("riskalloc", "questionnaire", "portfolios")
    for path in (ROOT / name).rglob("*.py")
]
STATIC = ROOT / "static"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
MOST_BYTES = 100_000
MOST_BYTES_OF_OUR_SCRIPT = 3_000

UNESCAPED = re.compile(r"mark_safe|SafeString|__html__|\|\s*safe(seq)?\b|autoescape\s+off")
REFUSED = {  # by the policy: it works in no browser
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    # A block of JSON is data: no browser runs it, and the policy lets it be.
    "an inline script": re.compile(
        r"""<script\b(?![^>]*(?:\bsrc\s*=|\btype="application/json"))""", re.IGNORECASE
    ),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script in an address": re.compile(r"javascript:", re.IGNORECASE),
    "an asset of another host": re.compile(
        r"""<(?:script|link|img|source|iframe|use|image)\b[^>]*(?:https?:)?//""", re.IGNORECASE
    ),
}
EXAMPLES = {
    "an inline style": ['<p style="color: red">', "<style>"],
    "an inline script": ["<script>alert(1)</script>", '<script type="module">x()</script>'],
    "an inline handler": ['<a href="/" onclick="x()">'],
    "a script in an address": ['<a href="javascript:x()">'],
    "an asset of another host": [
        '<img src="https://example.com/a.png">',
        '<link href="//cdn/a.css">',
    ],
}


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1} {match.group()}"
        for path in paths
        for text in [path.read_text()]
        for match in pattern.finditer(text)
    ]


def test_there_are_templates_and_code_to_check() -> None:
    assert len(TEMPLATES) > 5
    assert len(CODE) > 5


def test_nothing_switches_escaping_off() -> None:
    assert found(UNESCAPED, [*TEMPLATES, *CODE]) == []


@pytest.mark.parametrize("fault", REFUSED)
def test_no_template_carries(fault: str) -> None:
    assert found(REFUSED[fault], TEMPLATES) == []


@pytest.mark.parametrize(("fault", "example"), [(f, e) for f, es in EXAMPLES.items() for e in es])
def test_a_fault_would_be_found(fault: str, example: str) -> None:
    assert REFUSED[fault].search(example)


def test_ordinary_markup_is_no_fault() -> None:
    ordinary = (
        """<script src="/app.js" defer></script><a href="https://example.com">once on = 1</a>"""
        """<script type="application/json">{"a": 1}</script>"""
    )
    assert [fault for fault, pattern in REFUSED.items() if pattern.search(ordinary)] == []


ON_EVERY_PAGE = {"riskalloc.css", "app.js", "session.js"}
OF_STAFF = {"staff.css"}  # on Django's own admin, beside its stylesheets


def test_styles_and_scripts_of_any_page_stay_small() -> None:
    """What every page loads, and the most that one of them adds to it."""
    ours = {
        path.name: path.stat().st_size for path in STATIC.rglob("*.*s") if path.suffix != ".svg"
    }
    assert ours.keys() > ON_EVERY_PAGE | OF_STAFF
    added = max(size for name, size in ours.items() if name not in ON_EVERY_PAGE | OF_STAFF)
    everywhere = sum(ours[name] for name in ON_EVERY_PAGE)
    assert everywhere + added + HTMX.stat().st_size <= MOST_BYTES, ours


def test_a_page_adds_at_most_one_file_of_styles_or_scripts() -> None:
    for path in TEMPLATES:
        blocks = re.findall(
            r"{% block (?:styles|scripts) %}.*?{% endblock", path.read_text(), re.DOTALL
        )
        assert "".join(blocks).count("{% static") <= 1, path


def test_our_own_script_stays_tiny() -> None:
    assert (STATIC / "app.js").stat().st_size <= MOST_BYTES_OF_OUR_SCRIPT


def test_no_stylesheet_calls_another_host() -> None:
    styles = list(STATIC.rglob("*.css"))
    assert styles
    assert found(re.compile(r"@import|url\(\s*['\"]?(?:https?:)?//"), styles) == []
