"""Does the matrix notice? `python -m tests.access.mutants [WORD]` takes away one check after the other.

Each place where the product asks whose something is (`visible_to` and its like, a lookup's `firm=` or
`client=`, `@signed_in`) is removed or widened in memory, never in a file, and the routes that run through
it are asked again. A mutant is killed by the first fault. One that survives needs a reason in `reasons.py`,
else the command fails. It takes some minutes. With a WORD only mutants whose line contains it are tried.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import CodeType, FrameType
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402

from tests.access.cells import Browser, Route, cells_of, routes  # noqa: E402
from tests.access.faults import faults_of, faults_of_asides, faults_without_second_step  # noqa: E402
from tests.access.mutating import (  # noqa: E402
    A_ROUTE,
    Mutant,
    Place,
    changed,
    mutants,
    place_of,
    place_of_code,
)
from tests.access.reasons import CHANGE_NOTHING, DOUBLES, REASONS  # noqa: E402
from tests.access.world import World, build  # noqa: E402

GOAL = 95  # per cent killed
MANY = 50  # routes
# In what runs for it is told what a route runs; the states are those in which it runs more.
LOOKED_AT = ("own", "nobodys", "tried again by the owner", "never met")
KILLED, DOUBLED = "killed", "killed with its double"
Look = Callable[[World], Iterator[str]]


def main(words: list[str]) -> int:
    setup_test_environment(debug=False)
    connection.creation.create_test_db(verbosity=0)
    try:
        with transaction.atomic():
            world = build()
            outcomes = try_all(world, words)
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        teardown_test_environment()
    return summary(outcomes, is_whole=not words)


def try_all(world: World, words: list[str]) -> dict[Mutant, str]:
    listed = mutants()
    every = {mutant.key: mutant for mutant in listed}
    chosen = [mutant for mutant in listed if all(word in str(mutant) for word in words)]
    say(f"{len(chosen)} mutants")
    ran = routes_by_place(world)
    outcomes = {}
    for mutant in chosen:
        start = time.monotonic()
        asked = ran.get(place_of(mutant), [])
        outcomes[mutant] = outcome_of(mutant, asked, world)
        if mutant.key in DOUBLES and not outcomes[mutant].startswith(KILLED):
            doubles = [every[key] for key in DOUBLES[mutant.key]]
            outcomes[mutant] = outcome_with(mutant, doubles, asked, world)
        say(f"{outcomes[mutant]:70.140}  {mutant}  ({time.monotonic() - start:.1f} s)")
    return outcomes


def outcome_of(mutant: Mutant, asked: list[Route], world: World) -> str:
    """`killed by ...`, `survived`, or `not reached`."""
    if not asked:
        return "not reached by any route"
    with changed(mutant):
        fault = next(faults_by(looks_at(asked), world), None)
    return f"{KILLED} by {fault}" if fault else f"survived {len(asked)} routes"


def outcome_with(mutant: Mutant, doubles: list[Mutant], asked: list[Route], world: World) -> str:
    """Together they have to let through what the doubles alone do not."""
    looks = looks_at(asked)
    with changed(*doubles):
        known = set(faults_by(looks, world))
    with changed(mutant, *doubles):
        new = next((fault for fault in faults_by(looks, world) if fault not in known), None)
    return f"{DOUBLED} by {new}" if new else f"survived with its double on {len(asked)} routes"


def looks_at(asked: list[Route]) -> list[Look]:
    """What nearly every route runs is looked at without a second step first."""
    looks = [partial(faults_of, route, ways=("GET", "POST")) for route in asked]
    return [faults_without_second_step, *looks] if len(asked) > MANY else looks


def faults_by(looks: list[Look], world: World) -> Iterator[str]:
    for look in looks:
        with transaction.atomic():
            try:
                yield from look(world)
            except Exception as error:
                yield f"a crash: {type(error).__name__}: {error}"
            finally:
                transaction.set_rollback(True)


# -- Which routes run through which functions -------------------------------------------------------------


def routes_by_place(world: World) -> dict[Place, list[Route]]:
    """Quick routes first: whoever looks for one fault finds it sooner."""
    ran: dict[Place, list[Route]] = {}
    seconds = {}
    for route in routes().values():
        start = time.monotonic()
        for place in {(A_ROUTE, route.name, 0), *places_of(route, world)}:
            ran.setdefault(place, []).append(route)
        seconds[route] = time.monotonic() - start
    return {place: sorted(found, key=lambda route: seconds[route]) for place, found in ran.items()}


def places_of(route: Route, world: World) -> set[Place]:
    """What runs when everybody asks for their own things, without htmx, and with ids of others."""
    codes: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            codes.add(frame.f_code)

    browser = Browser(world)
    with transaction.atomic():
        for cell in cells_of(route):
            if cell.thing in LOOKED_AT and not cell.way.startswith("HX"):
                sys.setprofile(note)
                browser.ask(route, cell)
                sys.setprofile(None)
        sys.setprofile(note)
        list(faults_of_asides(route, browser))
        sys.setprofile(None)
        transaction.set_rollback(True)
    return {place_of_code(code) for code in codes}


# -- Saying it --------------------------------------------------------------------------------------------


def summary(outcomes: dict[Mutant, str], *, is_whole: bool) -> int:
    killed = [mutant for mutant, outcome in outcomes.items() if outcome.startswith(KILLED)]
    doubled = [one for one, outcome in outcomes.items() if outcome.startswith(DOUBLED)]
    idle = [one for one in outcomes if one not in killed and one.key in CHANGE_NOTHING]
    alive = [one for one in outcomes if one not in (*killed, *idle)]
    unexplained = [mutant for mutant in alive if mutant.key not in REASONS]
    for mutant in (*idle, *alive):
        reason = {**CHANGE_NOTHING, **REASONS}.get(mutant.key, "NO REASON IS GIVEN")
        say(f"{outcomes[mutant]}: {mutant}\n    {reason}")
    share = 100 * len(killed) / (len(killed) + len(alive))
    crashes = sum("by a crash" in outcomes[mutant] for mutant in killed)
    say(
        f"{len(outcomes)} mutants: {len(idle)} change nothing; of the others {len(killed)} killed "
        f"({share:.1f} %; {len(doubled)} together with the check that doubles them, {crashes} by a "
        f"crash), {len(alive)} alive, {len(unexplained)} of them without a reason."
    )
    stale = stale_reasons([*idle, *alive, *doubled]) if is_whole else set()
    for key in stale:
        say(f"A reason for what is killed or gone: {key}")
    return 1 if unexplained or stale or (is_whole and share < GOAL) else 0


def stale_reasons(explained: list[Mutant]) -> set[str]:
    return {*CHANGE_NOTHING, *REASONS, *DOUBLES} - {mutant.key for mutant in explained}


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
