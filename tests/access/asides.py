"""Ids of other people's objects, sent beside an address of one's own."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from questionnaire.models import Assignment
from tests.access.cast import World
from tests.access.deeds import DEEDS, nothing

OTHERS = ("near", "foreign")
ASSIGNS = (("do", "assign"),)
BY_METHOD = (("method", "seed-1"),)
EVERYBODY = (*OTHERS, "of_sibling")  # and another client of the same firm


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    route: str
    name: str  # of the field, or in the address's query
    actor: str
    expected: str
    thing: Callable[[SimpleNamespace], Model]
    field: str = "pk"
    way: str = "POST"
    of: tuple[str, ...] = OTHERS
    also: tuple[tuple[str, str], ...] = ()  # other fields

    def sent(self, world: World, of: str) -> dict[str, Any]:
        whole = DEEDS.get(self.route, nothing)(world.own) if self.way == "POST" else {}
        named = {self.name: getattr(self.thing(firm_of(world, of)), self.field)}
        return whole | named | dict(self.also)

    def row(self, world: World, of: str) -> Any:
        """What the other object says, with who looks after it."""
        thing = self.thing(firm_of(world, of))
        rows = list(type(thing)._default_manager.filter(pk=thing.pk).values())
        return rows, list(Assignment.objects.filter(membership=thing.pk).values())


def firm_of(world: World, name: str) -> SimpleNamespace:
    return world.own.of_sibling if name == "of_sibling" else getattr(world, name)


def of_form(route: str, actor: str, thing: str, **others: Any) -> Aside:
    """A form carries the id of what it makes. Taken by others, it says nothing: another one is made."""
    expected = others.pop("expected", "done")
    return Aside(
        **{"name": "id"} | others,
        route=route,
        actor=actor,
        expected=expected,
        thing=attrgetter(thing),
    )


LISTED = [
    of_form("client_new", "advisor", "client"),
    of_form("client_new", "colleague", "client", of=("own",)),  # of their firm, but not theirs
    of_form("client_household", "advisor", "member"),
    of_form("client_override", "advisor", "override"),
    of_form("client_review", "advisor", "review", of=OTHERS),
    of_form("client_notes", "advisor", "note", of=OTHERS),
    of_form("desk_prices", "advisor", "price_import"),
    of_form("filter_save", "advisor", "filter"),
    # Of others nothing is begun.
    of_form("desk_chosen", "advisor", "client", name="client"),
    # Only who sits at the desk of one's own firm looks after its clients.
    of_form("desk_chosen", "owner", "colleague", name="member", expected="invalid", also=ASSIGNS),
    of_form(
        "desk_chosen",
        "owner",
        "client.membership",
        name="member",
        expected="invalid",
        of=("own",),
        also=ASSIGNS,
    ),
    # Prices of another firm are not theirs to set: the one they have takes them.
    of_form("desk_prices", "advisor", "firm", name="firm"),
    of_form("portfolio_new", "advisor", "portfolio", of=EVERYBODY),
    of_form("portfolio_new", "advisor", "target", name="target_id"),
    of_form("portfolio_accounts", "advisor", "account", of=EVERYBODY),
    of_form("portfolio_target", "advisor", "target", of=EVERYBODY),
    of_form("portfolio_target", "advisor", "target", name="was", expected="conflict"),
    of_form("portfolio_paste", "advisor", "paste", of=EVERYBODY),
    of_form("portfolio_plans", "advisor", "plan", of=EVERYBODY),
    of_form("plan_mark", "advisor", "mark", of=EVERYBODY),
    of_form("holding_add", "advisor", "holding", of=EVERYBODY),
    # A symbol makes a security of one's own firm, whoever else has one of that name.
    of_form("holding_add", "advisor", "security", name="symbol", field="symbol"),
    of_form("holding_edit", "advisor", "security", name="symbol", field="symbol"),
    # Only the portfolio's accounts are offered, and only its holdings told of.
    *(
        of_form(name, "client", "account", name="account", expected="invalid", of=EVERYBODY)
        for name in ("holding_add", "holding_edit", "portfolio_paste")
    ),
    of_form(
        "portfolio",
        "client",
        "deleted",
        name="deleted",
        way="GET",
        expected="page",
        of=EVERYBODY,
    ),
    of_form("models_draft", "owner", "models"),
    of_form("firm_method", "owner", "models", name="mixes", expected="invalid"),
    # What a choice would move is told of one's own clients.
    of_form(
        "firm_method",
        "owner",
        "models",
        name="mixes",
        way="GET",
        expected="invalid",
        also=BY_METHOD,
    ),
    of_form(
        "firm_method",
        "advisor",
        "models",
        name="mixes",
        way="GET",
        expected="page",
        of=("own",),
        also=BY_METHOD,
    ),
    of_form("firm_new", "owner", "firm"),
    of_form("firm_new", "advisor", "firm", of=("own",)),
    of_form("firm_invite", "owner", "invitation"),
    # An event is shown again, with an id of its own, before it is kept.
    of_form("event", "advisor", "event", name="event_id", expected="conflict"),
    # Who sits elsewhere, or is a client, is as unknown here as anybody.
    of_form("firm_invite", "owner", "owner", name="email", field="email"),
    of_form("firm_invite", "owner", "client", name="email", field="email", of=("own",)),
    # Nobody else's people are offered.
    of_form(
        "client_advisors",
        "owner",
        "colleague",
        name="advisors",
        expected="invalid",
        of=(*OTHERS, "second"),
    ),
    # Only what is the client's is compared.
    *(
        of_form(
            "compare",
            "owner",
            "latest",
            name=name,
            field="public_id",
            way="GET",
            expected="missing",
            of=(*OTHERS, "second"),
        )
        for name in ("a", "b")
    ),
    # Staff's lists are not searched by what they do not show.
    of_form(
        "staff:questionnaire_clientprofile_changelist",
        "staff",
        "client",
        name="name__startswith",
        field="name",
        way="GET",
        expected="400",
        of=("own",),
    ),
]
ASIDES: dict[str, list[Aside]] = {}
for _aside in LISTED:
    ASIDES.setdefault(_aside.route, []).append(_aside)
