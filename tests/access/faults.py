"""What is wrong with the answers of a route."""

from collections.abc import Iterator, Sequence

from allauth.mfa.models import Authenticator
from django.urls import reverse

from riskalloc.firms.models import AuditEntry
from tests.access.asides import ASIDES, Aside
from tests.access.cast import World
from tests.access.cells import (
    WAYS,
    Answer,
    Browser,
    Cell,
    Route,
    cells_of,
    expected_of,
    routes,
    without_names,
)
from tests.access.policy import (
    CLIENTS,
    FIRMS,
    MOST_ENTRIES,
    READS_ARE_NOTED,
    STAFF_PAGES,
    is_refused,
)
from tests.access.policy_desk import DESK_PAGES
from tests.access.policy_jobs import JOBS
from tests.access.policy_models import MODELS
from tests.access.policy_portfolios import PORTFOLIOS
from tests.access.policy_reviews import REVIEWS
from tests.access.policy_whatif import WHAT_IF
from tests.access.shown import told

Answers = dict[Cell, Answer]


def faults_of(route: Route, world: World, ways: Sequence[str] = WAYS) -> Iterator[str]:
    """One after the other, so that who needs only the first does not wait for the rest."""
    browser, answers = Browser(world), Answers()
    for cell in cells_of(route):
        if cell.way not in ways:
            continue
        answer = answers[cell] = browser.ask(route, cell)
        yield from unlike_the_policy(cell, answer)
        yield from told(cell, answer, world)
        yield from unwanted_writes(cell, answer)
        yield from unwanted_entries(cell, answer)
    yield from tellable(answers)
    yield from faults_of_asides(route, browser)


def unlike_the_policy(cell: Cell, answer: Answer) -> Iterator[str]:
    if answer.outcome != cell.expected:
        yield f"{cell}: {answer.outcome} instead of {cell.expected}"


def unwanted_writes(cell: Cell, answer: Answer) -> Iterator[str]:
    """Refusals and reading change nothing, except that some reading is noted."""
    if not answer.writes or (cell.route in READS_ARE_NOTED and may_read(cell)):
        return
    if is_refused(cell.expected):
        yield f"{cell}: refused, and yet {answer.writes}"
    elif cell.way.endswith("GET"):
        yield f"{cell}: reading wrote {answer.writes}"


def unwanted_entries(cell: Cell, answer: Answer) -> Iterator[str]:
    entries = sum(AuditEntry._meta.db_table in write for write in answer.writes)
    most = MOST_ENTRIES.get(cell.route)
    if most and entries > most[cell.way.endswith("POST")]:
        yield f"{cell}: {entries} entries in trails"


def may_read(cell: Cell) -> bool:
    get, _ = expected_of(cell.route, cell.thing, cell.actor).split()
    return not is_refused(get)


def tellable(answers: Answers) -> Iterator[str]:
    """Refusals by which somebody could tell what is there from what is not."""
    first: dict[tuple[str, str, str], tuple[Cell, str]] = {}
    for cell, answer in answers.items():
        if not is_refused(cell.expected):
            continue
        text = without_names(answer.text, answer.address)
        known, known_text = first.setdefault((cell.actor, cell.way, cell.expected), (cell, text))
        if text != known_text:
            yield f"{cell}: not the same answer as for {known.thing}"


def faults_of_asides(route: Route, browser: Browser) -> Iterator[str]:
    for aside in ASIDES.get(route.name, ()):
        yield from faults_of_aside(route, aside, browser)


def faults_of_aside(route: Route, aside: Aside, browser: Browser) -> Iterator[str]:
    """The address is one's own; what is sent beside it is somebody else's."""
    for of in aside.of:
        cell = Cell(
            route=route.name, actor=aside.actor, way=aside.way, thing="own", expected=aside.expected
        )
        before = aside.row(browser.world, of)
        after = []
        answer = browser.ask(
            route,
            cell,
            aside.sent(browser.world, of),
            meanwhile=lambda of=of, after=after: after.append(aside.row(browser.world, of)),
        )
        for fault in (*unlike_the_policy(cell, answer), *told(cell, answer, browser.world)):
            yield f"{fault}, with {aside.name} of {of}"
        if after != [before]:
            yield f"{cell}, with {aside.name} of {of}: changed it"


# -- Without a second step ---------------------------------------------------------------------------------

BEHIND = (
    *CLIENTS,
    *DESK_PAGES,
    *PORTFOLIOS,
    *REVIEWS,
    *WHAT_IF,
    *FIRMS,
    *MODELS,
    *JOBS,
    *STAFF_PAGES,
    "result",
    "download",
    "whatif",
    "why",
    "today",
)


def faults_without_second_step(world: World) -> Iterator[str]:
    """Whatever shows or does anything with people's data leads a desk, and staff, to setting one up."""
    people = ("advisor", "staff")
    Authenticator.objects.filter(user__in=[world.users[actor] for actor in people]).delete()
    browser, found = Browser(world), routes()
    for name in BEHIND:
        for actor in people:
            for way in WAYS:
                cell = Cell(route=name, actor=actor, way=way, thing="own", expected="moved")
                answer = browser.ask(found[name], cell)
                if f": {reverse('mfa_index')}\n" not in answer.text or answer.writes:
                    yield f"{cell}: {answer.outcome}, {answer.writes}, without a second step"
                for label in world.leaked(answer.text, ""):
                    yield f"{cell}: tells {label!r}, without a second step"
