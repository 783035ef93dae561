"""Staff's pages about portfolios: to look at only, no name on a list, and each look in the trail."""

from typing import Any

import pytest
from django.contrib.admin import ModelAdmin
from django.test import Client
from django.urls import reverse

from portfolios.models import Account, Holding, Plan, Portfolio, PriceImport, Security, Target
from questionnaire.models import ClientProfile
from riskalloc.firms.admin import site
from riskalloc.firms.models import AuditEntry, User
from tests.factories import FirmFactory, UserFactory, make_own_client
from tests.firms.people import browser_of, every_field, member, queries
from tests.portfolios.whole import TENANTS, make_whole

pytestmark = pytest.mark.django_db

SHOWN = (Portfolio, Account, Holding, Security, Target, Plan, PriceImport)
CANARY = "Canarycanarycanary"


@pytest.fixture
def staff() -> User:
    return UserFactory(is_staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    return browser_of(staff)


@pytest.fixture
def client_of_firm() -> ClientProfile:
    client = make_own_client(UserFactory(email=f"{CANARY}@example.org"), FirmFactory(), name=CANARY)
    make_whole(client, name=CANARY)
    Account.objects.update(name=CANARY, custodian=CANARY, reason=CANARY)
    Holding.objects.update(reason=CANARY)
    PriceImport.objects.create(
        firm=client.firm, taken=1, portfolios=1, effect={"left": [CANARY]}, made_by=CANARY
    )
    for number, security in enumerate(Security.objects.all()):
        Security.objects.filter(pk=security.pk).update(symbol=f"{CANARY}{number}", name=CANARY)
    return client


def list_page(model: type[Any]) -> str:
    return reverse(f"staff:portfolios_{model._meta.model_name}_changelist")


def row_page(row: Any, deed: str = "change") -> str:
    return reverse(f"staff:portfolios_{row._meta.model_name}_{deed}", args=[row.pk])


def stored() -> dict[str, list[Any]]:
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in TENANTS}


def test_these_tables_are_shown_and_none_has_an_action() -> None:
    ours = {model for model in site._registry if model._meta.app_label == "portfolios"}
    assert ours == set(SHOWN)
    assert all(not site._registry[model].actions for model in SHOWN)


@pytest.mark.parametrize("model", SHOWN)
def test_for_everybody_else_there_is_no_such_page(
    client_of_firm: ClientProfile, model: type[Any]
) -> None:
    row = model.objects.order_by("pk").first()
    for user in (client_of_firm.membership.user, member(firm=client_of_firm.firm).user):
        theirs = browser_of(user)
        missing = theirs.get("/nothing/").content
        for page in (list_page(model), row_page(row)):
            answer = theirs.get(page)
            assert (answer.status_code, answer.content) == (404, missing)
    assert Client().get(list_page(model)).status_code == 302


@pytest.mark.parametrize("model", SHOWN)
def test_no_list_shows_what_a_person_typed_and_none_is_in_the_trail(
    browser: Client, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    before = AuditEntry.objects.count()
    page = browser.get(list_page(model)).content.decode()
    assert str(model.objects.order_by("pk").first().pk) in page
    assert CANARY not in page
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("model", SHOWN)
@pytest.mark.parametrize(
    "query",
    [
        "q=" + CANARY,
        "name=" + CANARY,
        "symbol__startswith=C",
        "reason__contains=C",
        "client__name__startswith=C",
        "security__symbol__startswith=C",
        "made_by__contains=@",
    ],
)
def test_a_list_is_no_oracle(
    browser: Client, client_of_firm: ClientProfile, model: type[Any], query: str
) -> None:
    answers = [browser.get(f"{list_page(model)}?{query}{more}") for more in ("", "zzzz")]
    assert answers[0].status_code == answers[1].status_code
    counts = {answer.content.decode().count("<tr>") for answer in answers}
    assert len(counts) == 1


@pytest.mark.parametrize("model", SHOWN)
def test_a_row_is_found_by_its_id(
    browser: Client, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    row = model.objects.order_by("pk").first()
    assert row_page(row) in browser.get(list_page(model), {"q": str(row.pk)}).content.decode()
    other = str(FirmFactory().pk)
    assert row_page(row) not in browser.get(list_page(model), {"q": other}).content.decode()


@pytest.mark.parametrize("model", SHOWN)
def test_looking_shows_every_column_and_is_in_the_trail(
    browser: Client, staff: User, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    row = model.objects.order_by("pk").first()
    assert browser.get(row_page(row)).status_code == 200
    entry = AuditEntry.objects.get(action="viewed by staff")
    about = None if model in (Security, PriceImport) else client_of_firm.pk
    assert (entry.firm_id, entry.about, entry.actor) == (client_of_firm.firm_id, about, staff)
    assert entry.object_type == model._meta.label_lower
    admin: ModelAdmin = site._registry[model]
    columns = {field.name for field in model._meta.concrete_fields}
    assert columns == {str(name).removesuffix("_id") for name in admin.fields}


def test_a_security_of_somebody_on_their_own_is_theirs(browser: Client) -> None:
    client = make_own_client()
    make_whole(client)
    browser.get(row_page(Security.objects.filter(firm=client.firm).first()))
    assert AuditEntry.objects.get(action="viewed by staff").about == client.pk


@pytest.mark.parametrize("model", SHOWN)
def test_nothing_can_be_added_changed_or_deleted(
    browser: Client, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    row, kept = model.objects.order_by("pk").first(), stored()
    text = browser.get(row_page(row)).content.decode()
    assert 'name="_save"' not in text
    assert "deletelink" not in text
    add = reverse(f"staff:portfolios_{model._meta.model_name}_add")
    for page in (row_page(row), row_page(row, "delete"), add):
        assert browser.post(page, {**every_field(model), "post": "yes"}).status_code == 404
    action = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    browser.post(list_page(model), action)
    assert stored() == kept


@pytest.mark.parametrize("model", SHOWN)
def test_lists_ask_as_often_for_many_rows_as_for_few(
    browser: Client, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    few = queries(browser, list_page(model))
    for _ in range(3):
        make_whole(client_of_firm)
    assert queries(browser, list_page(model)) == few
