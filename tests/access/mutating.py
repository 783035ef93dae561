"""The product with one of its checks taken away: found in the source, changed in memory only."""

import ast
import builtins
import copy
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from questionnaire.models import ClientProfile
from riskalloc.firms.access import signed_in
from riskalloc.firms.models import Role, Viewer
from tests.access.cells import Route, routes

ROOT = Path(__file__).parents[2]
# Whose rows: what a person sees. And the next wider one, where there is one.
SCOPES = {
    "visible_to": "",
    "opened_by": "",
    "changeable_by": "visible_to",
    "managed_by": "changeable_by",
    "at_the_desk_of": "visible_to",
    "with_trail_for": "visible_to",
    "of_user": "visible_to",
    "owned_by": "managed_by",
}
WIDER_FIRM = {"owned_by": "visible_to"}
# Which rows: found by what they are; removed, all are.
STATES = ("due_by", "of_token", "live", "about_client")
# Arguments that say whose a row is, or as what somebody sees it.
WHOSE = {"firm", "client", "user", "membership", "role", "assessment", "ownership", "started_by"}
WHOSE |= {"viewer_role", "is_link", "is_personal", "about", "invitation", "token_hash", "offered"}
WHOSE |= {"portfolio", "holdings"}
# What hangs on a portfolio that was found before; of everybody's portfolios instead.
HUNG_ON = "portfolio"
HANGING = ("accounts", "holdings", "pastes", "plans", "rates", "targets")
LOOKUPS = ("filter", "exclude", "get", "get_object_or_404", "Q")
PERMISSIONS = ("may_go_on", "lookup_allowed")
GUARD = "signed_in"
A_ROUTE = "route"
FOLDERS = ("riskalloc/api", "riskalloc/firms", "riskalloc/web", "questionnaire", "portfolios")
NOT_PAGES = ("migrations", "management", "demo")
VIEWS = "views"
SERVICES = "services"  # what they look up was found by a view before: only their scopes are checks

Place = tuple[str, str, int]  # a function: file, name, first line
NAMED = (ast.FunctionDef, ast.ClassDef)
Swap = tuple[FunctionType, CodeType, CodeType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    file: str
    function: str
    line: int = 0
    column: int = 0
    change: str  # what is done to the source there

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line} {self.function}: {self.change}"

    @property
    def key(self) -> str:
        """As the list of reasons names it: lines move."""
        return f"{self.file} {self.function}: {self.change}"


# -- Finding ----------------------------------------------------------------------------------------------


def mutants() -> list[Mutant]:
    found = [mutant for path in sources() for mutant in mutants_of(path)]
    guarded = [route for route in routes().values() if guard_of(route)]
    return found + [
        Mutant(file=A_ROUTE, function=route.name, change=f"no @{GUARD}") for route in guarded
    ]


def guard_of(route: Route) -> FunctionType | None:
    """What `@signed_in` put around a view of ours; other decorators may be around that.

    Allauth's views ask for a sign-in themselves.
    """
    layers: list[Any] = [route.view]
    while inner := getattr(layers[-1], "__wrapped__", None):
        layers.append(inner)
    is_ours = layers[-1].__module__.startswith(("riskalloc.", "questionnaire.", "portfolios."))
    guards = [layer for layer in layers if getattr(layer, "__code__", None) is GUARDED]
    return guards[0] if guards and is_ours else None


def sources() -> list[Path]:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if not {*NOT_PAGES} & {*path.relative_to(ROOT).parts}]


def mutants_of(path: Path) -> Iterator[Mutant]:
    file = str(path.relative_to(ROOT))
    for name, function in functions(ast.parse(path.read_text())):
        for node in own_nodes(function):
            for change in changes_of(node, file):
                yield Mutant(
                    file=file,
                    function=name,
                    line=node.lineno,
                    column=node.col_offset,
                    change=change,
                )
        for node in own_nodes(function):
            if is_permission(function) and is_returned(node, function):
                yield Mutant(
                    file=file,
                    function=name,
                    line=node.lineno,
                    column=node.col_offset,
                    change=f"{ast.unparse(node)} → True",
                )


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """With their names, and those of their classes."""
    for node in ast.iter_child_nodes(tree):
        name = f"{within}{node.name}" if isinstance(node, NAMED) else within
        if isinstance(node, ast.FunctionDef):
            yield name, node
        yield from functions(node, f"{name}." if isinstance(node, NAMED) else within)


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Its decorators and expressions, without those of functions inside it."""
    waiting: list[ast.AST] = [*function.decorator_list, *function.body]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef):
            continue
        waiting = [*ast.iter_child_nodes(node), *waiting]
        if isinstance(node, ast.expr):
            yield node


def changes_of(node: ast.expr, file: str) -> Iterator[str]:
    if is_hanging(node) and VIEWS in Path(file).parts:
        yield f"{ast.unparse(node)} → everybody's"
    if not isinstance(node, ast.Call):
        return
    name = name_of(node)
    if name in SCOPES or name in STATES:
        yield f"{ast.unparse(node)} → everybody's"
        if wider := wider_of(node, file):
            yield f"{ast.unparse(node)} → {wider}"
    if name in LOOKUPS and SERVICES not in Path(file).parts:
        for keyword in node.keywords:
            if keyword.arg and keyword.arg.partition("__")[0].removesuffix("_id") in WHOSE:
                yield f"{shortened(node)} without {keyword.arg}"


def is_hanging(node: ast.expr) -> bool:
    """Rows reached from the portfolio of an address."""
    if not isinstance(node, ast.Attribute) or node.attr not in HANGING:
        return False
    return ast.unparse(node.value).rpartition(".")[2] == HUNG_ON


def is_permission(function: ast.FunctionDef) -> bool:
    return function.name.endswith("_permission") or function.name in PERMISSIONS


def is_returned(node: ast.expr, function: ast.FunctionDef) -> bool:
    returns = [one.value for one in ast.walk(function) if isinstance(one, ast.Return)]
    return node in returns and ast.unparse(node) != "True"


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def wider_of(call: ast.Call, file: str) -> str:
    name, receiver = name_of(call), ast.unparse(call.func)
    return WIDER_FIRM.get(name, "") if receiver.startswith("Firm.") else SCOPES.get(name, "")


def shortened(call: ast.Call) -> str:
    sent = ", ".join([ast.unparse(one) for one in (*call.args, *call.keywords)])
    return f"{name_of(call)}({sent})"


# -- Changing ---------------------------------------------------------------------------------------------


class Change(ast.NodeTransformer):
    """Does to the one place what the mutant says."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.done = 0

    def is_here(self, node: ast.expr) -> bool:
        return (node.lineno, node.col_offset) == (self.mutant.line, self.mutant.column)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        value = node.value
        if value and self.is_here(value) and self.mutant.change == f"{ast.unparse(value)} → True":
            self.done += 1
            node.value = ast.copy_location(ast.Constant(True), value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        original = copy.deepcopy(node)
        self.generic_visit(node)
        if not (
            self.is_here(node) and self.mutant.change == f"{ast.unparse(original)} → everybody's"
        ):
            return node
        self.done += 1
        rows = ast.parse(f"{ast.unparse(original)}.model.objects", mode="eval").body
        return ast.copy_location(rows, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        original = copy.deepcopy(node)
        self.generic_visit(node)
        is_meant = self.mutant.change in changes_of(original, self.mutant.file)
        if not (is_meant and self.is_here(node)):
            return node
        self.done += 1
        return ast.copy_location(self.changed(node, original), node)

    def changed(self, node: ast.Call, original: ast.Call) -> ast.expr:
        change = self.mutant.change
        if change == f"{ast.unparse(original)} → everybody's":
            assert isinstance(node.func, ast.Attribute)
            user = node.args if name_of(original) in SCOPES else [ast.Constant(None)]
            return ast.Call(ast.Name("everybodys", ast.Load()), [node.func.value, *user], [])
        if change.startswith(f"{ast.unparse(original)} → "):
            assert isinstance(node.func, ast.Attribute)
            node.func.attr = change.rpartition(" → ")[2]
            return node
        left_out = change.rpartition(" without ")[2]
        node.keywords = [keyword for keyword in node.keywords if keyword.arg != left_out]
        if name_of(node) == "Q" and not (node.keywords or node.args):
            node.keywords = [ast.keyword("pk__isnull", ast.Constant(False))]  # true for every row
        return node


def everybodys(rows: Any, user: Viewer | None) -> QuerySet[Any]:
    """What a scope would be that lets everything through; who is nothing to a client acts as owner."""
    if rows.model is not ClientProfile:
        return rows.all()
    seen = ClientProfile.objects.visible_to(user).filter(pk=OuterRef("pk")) if user else None
    role = Subquery(seen.values("viewer_role")) if seen is not None else Value(None)
    return rows.annotate(viewer_role=Coalesce(role, Value(Role.OWNER.value)))


@contextmanager
def changed(*mutants: Mutant) -> Iterator[None]:
    """Every living function made from these places runs the changed code; afterwards its own again."""
    swaps = [
        swap for place in {place_of(one) for one in mutants} for swap in swaps_at(place, mutants)
    ]
    builtins.everybodys = everybodys  # type: ignore[attr-defined]
    try:
        for function, _, code in swaps:
            function.__code__ = code
        yield
    finally:
        for function, own, _ in swaps:
            function.__code__ = own
        del builtins.everybodys  # type: ignore[attr-defined]


def swaps_at(place: Place, mutants: Sequence[Mutant]) -> list[Swap]:
    file, name, _ = place
    if file == A_ROUTE:
        guard = guard_of(routes()[name])
        assert guard
        return [(guard, guard.__code__, UNGUARDED)]
    code = code_of(place, [mutant for mutant in mutants if place_of(mutant) == place])
    functions = [one for one in gc.get_objects() if type(one) is FunctionType]
    found = [one for one in functions if place_of_code(one.__code__) == place]
    assert found, f"{place}: nothing to change"
    return [(function, function.__code__, code) for function in found]


def code_of(place: Place, mutants: Sequence[Mutant]) -> CodeType:
    """The function of a place with the changes in it."""
    path = Path(place[0])
    tree = ast.parse(path.read_text())
    for mutant in mutants:
        change = Change(mutant)
        tree = ast.fix_missing_locations(change.visit(tree))
        assert change.done == 1, f"{mutant}: found {change.done} times"
    (code,) = codes_at(compile(tree, str(path), "exec"), place)
    return code


def codes_at(code: CodeType, place: Place) -> Iterator[CodeType]:
    if place_of_code(code) == place:
        yield code
    for inside in code.co_consts:
        if isinstance(inside, CodeType):
            yield from codes_at(inside, place)


def place_of_code(code: CodeType) -> Place:
    return code.co_filename, code.co_name, code.co_firstlineno


def place_of(mutant: Mutant) -> Place:
    """Where its function begins, with decorators, as its code says."""
    if mutant.file == A_ROUTE:
        return A_ROUTE, mutant.function, 0
    for name, function in functions(ast.parse((ROOT / mutant.file).read_text())):
        first = min(one.lineno for one in (function, *function.decorator_list))
        is_around = first <= mutant.line <= (function.end_lineno or 0)
        if name == mutant.function and is_around:
            return str(ROOT / mutant.file), function.name, first
    raise LookupError(str(mutant))


# -- The guard around views ---------------------------------------------------------------------------------


def unguarded(view: Any) -> FunctionType:
    def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
        return view(request, *args, **kwargs)

    return guarded


def page(request: Any) -> Any:
    return request


GUARDED = signed_in(page).__code__
UNGUARDED = unguarded(page).__code__
