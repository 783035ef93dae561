"""Staff's pages: who comes in, what they see, and that looking and changing are recorded."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin import ModelAdmin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaire.models import (
    Assessment,
    ClientProfile,
    LifeEvent,
    ModelDraft,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    Note,
    Override,
    Ownership,
    PublishedModels,
    Review,
    Tombstone,
)
from riskalloc.firms.admin import site
from riskalloc.firms.audit import By
from riskalloc.firms.models import (
    AuditEntry,
    Firm,
    Invitation,
    Job,
    JobItem,
    Membership,
    Role,
    User,
)
from riskalloc.firms.services.founding import found_personal_firm
from tests.factories import (
    FirmFactory,
    UserFactory,
    make_assessment,
    make_own_client,
)
from tests.firms.people import browser_of, every_field, everything, invitation, member, queries
from tests.questionnaire.modelled import MIXES

pytestmark = pytest.mark.django_db

CANARY = "Canarycanarycanary"
PAGES = [
    "",
    "versions/",
    "firms/user/",
    "firms/firm/",
    "firms/membership/",
    "firms/invitation/",
    "firms/auditentry/",
    "firms/job/",
    "questionnaire/clientprofile/",
    "questionnaire/assessment/",
    "questionnaire/ownership/",
    "questionnaire/override/",
    "questionnaire/lifeevent/",
    "questionnaire/review/",
    "questionnaire/note/",
    "questionnaire/tombstone/",
    "questionnaire/publishedmodels/",
    "questionnaire/modeldraft/",
]
READ_ONLY = (
    Firm, Invitation, AuditEntry, ClientProfile, Assessment, Ownership, Override, LifeEvent,
    Review, Note, Tombstone, Job, PublishedModels, ModelDraft,
)  # fmt: skip


@pytest.fixture
def staff() -> User:
    return UserFactory(is_staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    return browser_of(staff)


@pytest.fixture
def client_of_firm() -> ClientProfile:
    """A client with something in every table, and a word that no list may show."""
    client = make_own_client(
        UserFactory(email=f"{CANARY}@example.org"), FirmFactory(), name=CANARY, notes=CANARY
    )
    assessment = make_assessment()
    of_client = {"firm": client.firm, "client": client, "assessment": assessment}
    Ownership.objects.create(**of_client, filled_in_by=CANARY)
    mix = {"stocks": 60, "bonds": 30, "alternatives": 5, "cash": 5}
    Override.objects.create(**of_client, **mix, reason=CANARY * 2, made_by=CANARY)
    LifeEvent.objects.create(
        **of_client,
        kind=CANARY,
        events_version="1",
        happened_on=timezone.localdate(),
        recorded_by=CANARY,
    )
    Review.objects.create(
        **of_client, held_on=timezone.localdate(), summary=CANARY, recorded_by=CANARY
    )
    del of_client["assessment"]
    Note.objects.create(**of_client, text=CANARY, written_by=CANARY)
    Tombstone.objects.create(
        firm=client.firm,
        client_id=uuid4(),
        name=CANARY,
        reason="left",
        record={"name": CANARY},
        keep_until=timezone.localdate(),
    )
    client.invitation = invitation(
        firm=client.firm, role=Role.CLIENT, email=f"{CANARY}@example.org"
    )
    client.save()
    job = Job.objects.create(firm=client.firm, kind="gone", title=CANARY)
    JobItem.objects.create(firm=client.firm, job=job, position=1, key=client.pk, said=CANARY)
    models_of(client.firm)
    return client


def models_of(firm: Firm) -> PublishedModels:
    """A version that was retired, and a draft."""
    found = PublishedModels.objects.create(
        firm=firm, number=1, name=CANARY, note=CANARY, published_by=CANARY
    )
    for label, parts in MIXES.items():
        ModelMix.objects.create(firm=firm, published=found, label=label, **parts)
    ModelRetirement.objects.create(firm=firm, published=found, retired_by=CANARY)
    ModelDraft.objects.create(
        firm=firm, name=CANARY, note=CANARY, mixes={CANARY: {}}, changed_by=CANARY
    )
    return found


def row_page(row: Any, deed: str = "change") -> str:
    meta = row._meta
    return reverse(f"staff:{meta.app_label}_{meta.model_name}_{deed}", args=[row.pk])


def viewed() -> list[tuple[Any, Any, str]]:
    entries = AuditEntry.objects.filter(action="viewed by staff").order_by("pk")
    return [(entry.firm_id, entry.about, entry.object_type) for entry in entries]


# -- Who comes in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "nothing/", "login/", "firms/user/1/change/"])
def test_whoever_has_not_signed_in_does_that_first(page: str) -> None:
    response = Client().get(f"/staff/{page}")
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next=/staff/{page}"


WHO: dict[str, Callable[[], User]] = {
    "a client": lambda: make_own_client().membership.user,
    "an owner": lambda: member().user,
    "a superuser who is no staff": lambda: UserFactory(is_superuser=True),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_everybody_else_there_is_no_such_page(who: str, method: str) -> None:
    browser = browser_of(WHO[who]())
    missing = browser.get("/nothing/")
    before = everything()
    for page in [*PAGES, "login/", "logout/", "nothing/", "autocomplete/"]:
        response = getattr(browser, method)(f"/staff/{page}")
        assert response.status_code == 404
        assert response.content == missing.content
    assert everything() == before


def test_staff_without_a_second_step_set_it_up_first(staff: User) -> None:
    browser = browser_of(staff, has_second_step=False)
    for page in PAGES:
        response = browser.get(f"/staff/{page}")
        assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_without_a_second_step_there_is_nothing_even_past_that(staff: User, rf) -> None:
    """The site does not rely on what came before it."""
    request = rf.get("/staff/")
    request.user = staff
    request.htmx = None
    assert not site.has_permission(request)
    assert site.admin_view(lambda _: None)(request).status_code == 404


def test_disabled_staff_are_nobody(staff: User, browser: Client) -> None:
    User.objects.update(is_active=False)
    assert browser.get("/staff/").status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_staff_see_each_page(browser: Client, client_of_firm: ClientProfile, page: str) -> None:
    assert browser.get(f"/staff/{page}").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["login/", "logout/", "password_change/", "autocomplete/", "r/1/1/", "nothing/"],
)
def test_what_the_product_does_itself_is_not_there(browser: Client, page: str) -> None:
    assert browser.get(f"/staff/{page}").status_code == 404


# -- Lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_no_list_shows_who_somebody_is(
    browser: Client, client_of_firm: ClientProfile, page: str
) -> None:
    found_personal_firm(user=UserFactory(email=f"{CANARY}2@example.org"), by=By(name=CANARY))
    before = AuditEntry.objects.count()
    assert CANARY not in browser.get(f"/staff/{page}").content.decode()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "query",
    [
        "name=" + CANARY,
        "name__startswith=C",
        "notes__icontains=a",
        "email__contains=@",
        "membership__user__email__startswith=C",
        "reason__contains=C",
        "record__contains=C",
        "client__name__startswith=C",
        "user__email__startswith=C",
        "actor_name=" + CANARY,
        "firm__name__startswith=D",
        "o=999",
    ],
)
def test_a_list_is_no_oracle_for_names(
    browser: Client, client_of_firm: ClientProfile, query: str
) -> None:
    for page in PAGES[2:]:
        response = browser.get(f"/staff/{page}?{query}")
        assert CANARY not in response.content.decode()
        if query.startswith("o="):
            continue
        is_refused = response.status_code in (302, 400)
        is_the_same = response.status_code == 200
        assert is_refused or is_the_same
        nothing = browser.get(f"/staff/{page}?{query}zzzz")
        assert counted(nothing.content.decode()) == counted(response.content.decode())


def counted(text: str) -> int:
    return text.count("<tr>")


def test_a_client_is_not_found_by_name(browser: Client, client_of_firm: ClientProfile) -> None:
    pk = str(client_of_firm.pk)
    page = "/staff/questionnaire/clientprofile/"
    assert pk not in browser.get(page, {"q": CANARY}).content.decode()
    assert pk in browser.get(page, {"q": pk}).content.decode()
    assert pk in browser.get(page, {"q": str(client_of_firm.firm_id)}).content.decode()


def test_an_account_is_found_by_its_whole_address(browser: Client) -> None:
    user = UserFactory(email="demo-found@example.org")
    page = "/staff/firms/user/"
    link = row_page(user)
    assert link in browser.get(page, {"q": "Demo-Found@example.org"}).content.decode()
    assert link not in browser.get(page, {"q": "demo-found"}).content.decode()
    assert "d***@example.org" in browser.get(page).content.decode()


def test_a_practice_is_found_by_name_and_a_firm_of_one_is_not(browser: Client) -> None:
    practice = FirmFactory(name="Demo partners")
    own = FirmFactory(name="demo@example.org", is_personal=True)
    text = browser.get("/staff/firms/firm/", {"q": "demo"}).content.decode()
    assert row_page(practice) in text
    assert row_page(own) not in text


def test_the_firm_of_one_person_is_listed_without_their_address(browser: Client) -> None:
    own = FirmFactory(name="demo@example.org", is_personal=True)
    text = browser.get("/staff/firms/firm/").content.decode()
    assert row_page(own) in text
    assert "(one person)" in text
    assert "demo@example.org" not in text


@pytest.mark.parametrize("page", PAGES)
def test_lists_ask_as_often_for_many_rows_as_for_few(
    browser: Client, client_of_firm: ClientProfile, page: str
) -> None:
    few = queries(browser, f"/staff/{page}")
    for number in range(10):
        client = make_own_client(firm=client_of_firm.firm)
        Ownership.objects.create(
            firm=client.firm, client=client, assessment=make_assessment(amount=str(1000 + number))
        )
        invitation(f"token-{number}", firm=client.firm)
        models_of(FirmFactory())
    assert queries(browser, f"/staff/{page}") == few


# -- Looking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        *(ClientProfile, Assessment, Ownership, Override, LifeEvent, Review, Note, Membership),
        Invitation,
    ],
)
def test_looking_at_what_is_a_clients_is_in_their_trail(
    browser: Client, staff: User, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    response = browser.get(row_page(model.objects.get()))
    assert response.status_code == 200
    assert viewed() == [(client_of_firm.firm_id, client_of_firm.pk, model._meta.label_lower)]
    assert AuditEntry.objects.get().actor == staff


def test_looking_at_an_account_is_in_the_trail_of_each_of_its_firms(
    browser: Client, client_of_firm: ClientProfile
) -> None:
    user = client_of_firm.membership.user
    desk = member(role=Role.ADVISOR, user=user)
    assert CANARY in browser.get(row_page(user)).content.decode()
    assert set(viewed()) == {
        (client_of_firm.firm_id, client_of_firm.pk, "firms.user"),
        (desk.firm_id, None, "firms.user"),
    }


def test_looking_at_a_firm_a_tombstone_or_a_trail_is_in_the_trail(
    browser: Client, client_of_firm: ClientProfile
) -> None:
    firm = client_of_firm.firm
    tombstone = Tombstone.objects.get()
    browser.get(row_page(firm))
    browser.get(row_page(tombstone))
    entry = AuditEntry.objects.get(object_id=str(tombstone.pk))
    browser.get(row_page(entry))
    assert viewed() == [
        (firm.pk, None, "firms.firm"),
        (firm.pk, tombstone.client_id, "questionnaire.tombstone"),
        (firm.pk, tombstone.client_id, "firms.auditentry"),
    ]


def test_a_firms_own_models_are_read_with_their_mixes_and_it_is_in_the_trail(
    browser: Client, client_of_firm: ClientProfile
) -> None:
    firm = client_of_firm.firm
    published = PublishedModels.objects.get()
    page = browser.get(row_page(published)).content.decode()
    assert "conservative: us_large_cap 2000, us_aggregate 6000, cash 2000" in page
    assert CANARY in page
    assert CANARY in browser.get(row_page(ModelDraft.objects.get())).content.decode()
    assert viewed() == [
        (firm.pk, None, "questionnaire.publishedmodels"),
        (firm.pk, None, "questionnaire.modeldraft"),
    ]


@pytest.mark.parametrize("table", ["publishedmodels", "modeldraft"])
def test_a_firms_own_models_are_found_by_the_firm(
    browser: Client, client_of_firm: ClientProfile, table: str
) -> None:
    models_of(FirmFactory())
    address = f"/staff/questionnaire/{table}/"
    assert browser.get(address).context["cl"].result_count == 2
    found = browser.get(address, {"q": str(client_of_firm.firm_id)}).context["cl"]
    assert [row.firm_id for row in found.result_list] == [client_of_firm.firm_id]
    assert browser.get(address, {"q": CANARY}).context["cl"].result_count == 0


def test_which_models_new_results_take_is_said(
    browser: Client, client_of_firm: ClientProfile
) -> None:
    published = PublishedModels.objects.get()
    address = "/staff/questionnaire/publishedmodels/"
    assert 'alt="True"' not in browser.get(address).content.decode()
    ModelsInUse.objects.create(firm=published.firm, published=published)
    assert 'alt="True"' in browser.get(address).content.decode()


def test_what_cannot_be_recorded_is_not_shown(
    browser: Client, client_of_firm: ClientProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("riskalloc.firms.staff.record", fail)
    with pytest.raises(RuntimeError):
        browser.get(row_page(client_of_firm))


def test_neither_a_hash_nor_a_password_is_shown(
    browser: Client, client_of_firm: ClientProfile
) -> None:
    sent = Invitation.objects.get()
    assert sent.token_hash not in browser.get(row_page(sent)).content.decode()
    assert "assword" not in browser.get(row_page(client_of_firm.membership.user)).content.decode()


def test_a_result_of_nobody_is_not_staffs_to_see(browser: Client) -> None:
    assessment = make_assessment()
    assert browser.get(row_page(assessment)).status_code == 404
    assert (
        row_page(assessment) not in browser.get("/staff/questionnaire/assessment/").content.decode()
    )


@pytest.mark.parametrize("key", ["nonsense", "999999", str(UUID(int=1))])
def test_a_row_that_is_missing_is_missing(browser: Client, key: str) -> None:
    for page in PAGES[2:]:
        assert browser.get(f"/staff/{page}{key}/change/").status_code == 404


# -- Changing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_read_only_can_be_neither_added_changed_nor_deleted(
    browser: Client, client_of_firm: ClientProfile, model: type[Any]
) -> None:
    FirmFactory()  # so that there is a trail
    browser.get(row_page(client_of_firm.firm))
    row = model.objects.order_by("pk").first()
    extra = every_field(model)
    text = browser.get(row_page(row)).content.decode()
    assert 'name="_save"' not in text
    assert "deletelink" not in text
    kept = {name: rows for name, rows in everything().items() if "Audit" not in name}
    add = reverse(f"staff:{model._meta.app_label}_{model._meta.model_name}_add")
    for page in (row_page(row), row_page(row, "delete"), add):
        assert browser.post(page, {**extra, "post": "yes"}).status_code == 404
    action = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
    browser.post(
        reverse(f"staff:{model._meta.app_label}_{model._meta.model_name}_changelist"), action
    )
    assert {name: rows for name, rows in everything().items() if "Audit" not in name} == kept


def test_every_table_is_either_read_only_or_tested_here() -> None:
    others = {model for model in site._registry if model._meta.app_label == "portfolios"}
    assert set(site._registry) - others == {*READ_ONLY, User, Membership}
    assert all(not admin.actions for admin in site._registry.values())


def test_nobody_is_deleted_or_made_here(browser: Client) -> None:
    user = UserFactory()
    assert browser.post(row_page(user, "delete"), {"post": "yes"}).status_code == 404
    assert browser.post("/staff/firms/user/add/", {"email": "a@example.org"}).status_code == 404
    assert User.objects.filter(pk=user.pk).exists()
    assert User.objects.count() == 2


def test_closing_an_account_ends_its_sessions_and_is_in_the_trail_of_its_firms(
    browser: Client, staff: User, client_of_firm: ClientProfile
) -> None:
    user = client_of_firm.membership.user
    theirs = browser_of(user)
    assert theirs.get("/today/").status_code == 200
    unticked = ("is_active", "is_staff")
    sent = {name: value for name, value in every_field(User).items() if name not in unticked}
    assert browser.post(row_page(user), sent).status_code == 302
    before, user = user, User.objects.get(pk=user.pk)
    assert (user.is_active, user.is_staff, user.is_superuser) == (False, False, False)
    assert (user.email, user.password) == (before.email, before.password)
    assert theirs.get("/today/").status_code == 302
    entry = AuditEntry.objects.get(action="account changed by staff")
    assert (entry.firm, entry.about, entry.actor) == (
        client_of_firm.firm,
        client_of_firm.pk,
        staff,
    )
    assert (entry.before, entry.after) == ({"is_active": True}, {"is_active": False})


def test_nobody_locks_themselves_out(browser: Client, staff: User) -> None:
    assert 'name="_save"' not in browser.get(row_page(staff)).content.decode()
    assert browser.post(row_page(staff), {}).status_code == 404
    staff.refresh_from_db()
    assert staff.is_active
    assert staff.is_staff


def test_staff_give_a_firm_a_new_owner(browser: Client, staff: User) -> None:
    advisor = member(role=Role.ADVISOR)
    extra = every_field(Membership)
    response = browser.post(row_page(advisor), {**extra, "role": "owner"})
    assert response.status_code == 302
    fresh = Membership.objects.get()
    assert (fresh.role, fresh.user, fresh.firm) == (Role.OWNER, advisor.user, advisor.firm)
    entry = AuditEntry.objects.get(action="role changed")
    assert (entry.actor, entry.before["role"], entry.after["role"]) == (staff, "advisor", "owner")


@pytest.mark.parametrize("role", ["client", "king", ""])
def test_nobody_is_made_a_client_or_a_king(browser: Client, role: str) -> None:
    advisor = member(role=Role.ADVISOR)
    assert browser.post(row_page(advisor), {"role": role}).status_code == 200
    assert Membership.objects.get().role == Role.ADVISOR


def test_a_clients_membership_is_to_look_at(browser: Client, client_of_firm: ClientProfile) -> None:
    membership = client_of_firm.membership
    assert browser.post(row_page(membership), {"role": "owner"}).status_code == 404
    assert browser.post(row_page(membership, "delete"), {"post": "yes"}).status_code == 404
    assert Membership.objects.get(pk=membership.pk).role == Role.CLIENT


def test_the_last_owner_stays(browser: Client) -> None:
    owner = member()
    response = browser.post(row_page(owner), {"role": "reader"})
    assert "Make somebody else owner first." in response.content.decode()
    assert browser.post(row_page(owner, "delete"), {"post": "yes"}).status_code == 404
    assert Membership.objects.get().role == Role.OWNER


def test_staff_remove_somebody_from_a_desk(browser: Client, staff: User) -> None:
    owner = member()
    gone = member(owner.firm, Role.ADVISOR)
    assert browser.get(row_page(gone, "delete")).status_code == 200
    assert browser.post(row_page(gone, "delete"), {"post": "yes"}).status_code == 302
    assert Membership.objects.get() == owner
    entry = AuditEntry.objects.get(action="member removed")
    assert (entry.actor, entry.object_id) == (staff, str(gone.pk))


def test_the_history_of_the_admin_is_the_trail(browser: Client) -> None:
    assert browser.get(row_page(FirmFactory(), "history")).status_code == 404


# -- Versions ---------------------------------------------------------------------------------------------


def test_versions_in_use_are_counted(browser: Client) -> None:
    FirmFactory.create_batch(2)
    FirmFactory(method="seed-1")
    make_assessment()
    text = browser.get("/staff/versions/").content.decode()
    assert '<th scope="row">v1</th><td>2</td>' in text
    assert '<th scope="row">seed-1</th><td>1</td>' in text
    assessment = Assessment.objects.get()
    parts = f"{assessment.method}, {assessment.questionnaire}, {assessment.assumptions}"
    assert f'<th scope="row">{parts}</th><td>1</td>' in text
    assert browser.post("/staff/versions/").status_code == 405


def test_every_table_of_the_site_records_who_looked() -> None:
    """A table added later has to say whose data it shows."""
    for admin in site._registry.values():
        assert isinstance(admin, ModelAdmin)
        assert "viewed" in {name for cls in type(admin).__mro__[:2] for name in vars(cls)}
