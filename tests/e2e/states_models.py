"""The pages of a firm's own models, and of what its new results follow, in every state that one can meet."""

from collections.abc import Callable

from playwright.sync_api import Page

from questionnaire.services import modelling
from riskalloc.firms.models import Firm, Role
from tests.e2e.desk import sign_in
from tests.e2e.states import Act, State
from tests.factories import ClientFactory, FirmFactory
from tests.firms.people import member
from tests.questionnaire.modelled import BY, MIXES, assessed, drafted, published, using

LONG_NAME = "\u202e<b>omed\u202c " + "Donaudampfschifffahrtsgesellschaft" * 4
BROKEN = MIXES | {"moderate": {"us_large_cap": 9999}, "aggressive": {"us_large_cap": 2050}}
BOLD = MIXES | {"aggressive": {"us_large_cap": 9000, "gold": 1000}}


def nothing(firm: Firm) -> None:
    pass


def one(firm: Firm) -> None:
    published(firm, BOLD)


def in_use(firm: Firm) -> None:
    using(firm, published(firm))


def retired(firm: Firm) -> None:
    modelling.retire(published=published(firm, name=LONG_NAME), by=BY)


def begun(firm: Firm) -> None:
    drafted(firm)


def broken(firm: Firm) -> None:
    drafted(firm, BROKEN, LONG_NAME)


def book(firm: Firm) -> None:
    """Clients who would move, and one who has not answered yet."""
    for name in ("Demo Anna", LONG_NAME):
        assessed(ClientFactory(firm=firm, name=name), job_security="gig", savings="500")
    ClientFactory(firm=firm)
    published(firm)


def desk(
    tail: str, *acts: Act, before: Callable[[Firm], None] = nothing, role: Role = Role.OWNER
) -> Act:
    def reach(page: Page) -> None:
        seat = member(FirmFactory(name="Demo & Partners"), role)
        before(seat.firm)
        newest = seat.firm.pk and modelling.PublishedModels.objects.filter(firm=seat.firm).last()
        sign_in(page, seat.user)
        page.goto(f"/firm/{seat.firm.pk}/{tail.format(models=newest and newest.pk)}")
        for act in acts:
            act(page)

    return reach


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).click()


def type_nonsense(page: Page) -> None:
    page.get_by_label("Moderate, Gold").fill("-5")
    page.get_by_label("Aggressive, Cash").fill("ten")
    press("Save the draft")(page)


SEED = "method/?method=seed-1&mixes=method"
MODEL_STATES = [
    State("no models", desk("models/"), "Models of your own"),
    State("models", desk("models/", before=in_use), "Models of your own"),
    State("a retired model", desk("models/{models}/", before=retired), "version 1"),
    State("a model", desk("models/{models}/", before=one), "version 1"),
    State("a model, read", desk("models/{models}/", before=in_use, role=Role.READER), "version 1"),
    State(
        "a model that somebody began to use meanwhile",
        desk(
            "models/{models}/",
            lambda page: in_use_now(page),
            press("Retire this version"),
            before=one,
        ),
        "It is in use",
    ),
    State("a draft", desk("models/draft/", before=begun), "Draft of models"),
    State("a broken draft", desk("models/draft/", before=broken), "Missing before"),
    State(
        "a draft that is not published",
        desk("models/draft/", press("Publish"), before=broken),
        "Saved, and not published yet",
    ),
    State("a draft with nonsense", desk("models/draft/", type_nonsense, before=begun), "problem"),
    State("a method", desk("method/"), "What new results follow"),
    State("a switch of nobody", desk(SEED), "What the switch would move"),
    State("a switch", desk(SEED, before=book), "What the switch would move"),
    State("a switch without a look", desk(SEED, press("Switch to"), before=book), "problem"),
]


def in_use_now(page: Page) -> None:
    models = modelling.PublishedModels.objects.get(pk=page.url.split("/")[-2])
    using(models.firm, models)
