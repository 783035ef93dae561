"""Client profiles: who may see and change them, and that nothing is lost."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.models import ClientProfile, HouseholdMember
from questionnaire.services import clients
from questionnaire.services.owning import own
from questionnaire.services.reminding import switch_reminders
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from riskalloc.web.errors import Gone
from tests.factories import (
    ClientFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    assign,
    make_assessment,
    make_own_client,
)
from tests.firms.people import browser_of

pytestmark = pytest.mark.django_db


def seen_by(user) -> dict[str, str]:
    return {c.name: c.viewer_role for c in ClientProfile.objects.visible_to(user)}


# -- Who sees whom ---------------------------------------------------------------------------------------


def test_a_person_sees_their_own_profile_and_no_other():
    own_profile = make_own_client(name="Own")
    ClientFactory(firm=own_profile.firm, name="Colleague")
    assert seen_by(own_profile.membership.user) == {"Own": "client"}


def test_an_owner_sees_every_client_of_the_firm_and_none_of_another():
    firm = FirmFactory()
    owner = MembershipFactory(firm=firm, role=Role.OWNER).user
    ClientFactory(firm=firm, name="Here")
    ClientFactory(name="Elsewhere")
    assert seen_by(owner) == {"Here": "owner"}


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER])
def test_others_at_the_desk_see_whom_they_are_assigned_to(role):
    client = ClientFactory(name="Mine")
    ClientFactory(firm=client.firm, name="A colleague's")
    assert seen_by(assign(client, role)) == {"Mine": role.value}


def test_a_reader_changes_nothing_and_an_advisor_manages():
    client = ClientFactory()
    reader, advisor = assign(client, Role.READER), assign(client, Role.ADVISOR)
    assert not ClientProfile.objects.changeable_by(reader).exists()
    assert ClientProfile.objects.changeable_by(advisor).exists()
    assert ClientProfile.objects.managed_by(advisor).exists()


def test_clients_change_their_own_profile_but_do_not_manage_it():
    user = make_own_client().membership.user
    assert ClientProfile.objects.changeable_by(user).exists()
    assert not ClientProfile.objects.managed_by(user).exists()


def test_a_person_may_be_a_client_here_and_an_advisor_there():
    user = UserFactory()
    make_own_client(user, FirmFactory(), name="Myself")
    assign(ClientFactory(name="My client"), user=user)
    assert seen_by(user) == {"Myself": "client", "My client": "advisor"}
    assert [c.name for c in ClientProfile.objects.of_user(user)] == ["Myself"]
    assert [c.name for c in ClientProfile.objects.at_the_desk_of(user)] == ["My client"]


def test_a_disabled_person_sees_nobody():
    profile = make_own_client()
    user = profile.membership.user
    user.is_active = False
    assert seen_by(user) == {}


# -- Changing --------------------------------------------------------------------------------------------


def a_profile(**values) -> dict[str, object]:
    return {
        "name": "Demo name", "email": "", "phone": "", "born_on": None, "retires_on": None,
        "currency": "USD", "notes": "",
    } | values  # fmt: skip


def test_a_change_is_kept_with_what_was_before():
    client = ClientFactory(name="Before")
    clients.change_client(client=client, version=1, values=a_profile(name="After"), by=By())
    client.refresh_from_db()
    assert (client.name, client.version) == ("After", 2)
    entry = AuditEntry.objects.get(about=client.pk)
    assert (entry.action, entry.before, entry.after) == (
        "profile changed",
        {"name": "Before"},
        {"name": "After"},
    )


def test_the_second_of_two_people_is_told_instead_of_overwriting():
    client = ClientFactory()
    clients.change_client(client=client, version=1, values=a_profile(name="First"), by=By())
    with pytest.raises(clients.ChangedMeanwhile):
        clients.change_client(client=client, version=1, values=a_profile(name="Second"), by=By())
    client.refresh_from_db()
    assert client.name == "First"


def test_who_sends_the_same_twice_changed_it_once():
    client = ClientFactory(name="Before")
    for _ in range(2):  # a double click: the second one still has the first version
        clients.change_client(client=client, version=1, values=a_profile(name="After"), by=By())
    assert AuditEntry.objects.count() == 1


def test_who_was_slower_learns_what_is_there_now():
    client = ClientFactory(name="Before")
    clients.change_client(client=client, version=1, values=a_profile(name="First"), by=By())
    with pytest.raises(clients.ChangedMeanwhile) as change:
        clients.change_client(client=client, version=1, values=a_profile(name="Second"), by=By())
    assert (change.value.client.name, change.value.client.version) == ("First", 2)


def test_saving_what_is_there_already_is_no_change():
    client = ClientFactory(name="Demo name")
    clients.change_client(client=client, version=1, values=a_profile(), by=By())
    client.refresh_from_db()
    assert client.version == 1
    assert not AuditEntry.objects.exists()


def test_a_new_client_is_in_the_care_of_the_advisor_who_made_it():
    membership = MembershipFactory(role=Role.ADVISOR)
    client_id = uuid4()
    for _ in range(3):  # a double click
        clients.create_client(
            client_id=client_id, membership=membership, values=a_profile(), by=By()
        )
    assert seen_by(membership.user) == {"Demo name": "advisor"}
    assert AuditEntry.objects.count() == 1


def test_archiving_takes_a_client_off_the_lists_and_restoring_brings_it_back():
    client = ClientFactory(review_due_on=timezone.localdate())
    clients.archive(client=client, by=By())
    clients.archive(client=client, by=By())
    assert not ClientProfile.objects.due_by(timezone.localdate()).exists()
    clients.restore(client=client, by=By())
    assert ClientProfile.objects.due_by(timezone.localdate()).exists()
    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["profile archived", "profile restored"]


def test_who_was_never_assessed_is_due_at_once():
    ClientFactory(review_due_on=None)
    assert ClientProfile.objects.due_by(date(2000, 1, 1)).exists()


def test_a_household_has_a_limit_and_a_member_is_added_once():
    client = ClientFactory()
    member_id = uuid4()
    for _ in range(2):
        clients.add_household_member(
            client=client, member_id=member_id, values={"name": "Demo Elaine"}, by=By()
        )
    assert client.household.count() == 1
    for _ in range(clients.MOST_MEMBERS - 1):
        clients.add_household_member(
            client=client, member_id=uuid4(), values={"name": "Demo"}, by=By()
        )
    with pytest.raises(clients.TooMany):
        clients.add_household_member(
            client=client, member_id=uuid4(), values={"name": "Demo"}, by=By()
        )


def test_a_member_of_the_household_is_removed_once():
    client = ClientFactory()
    member = HouseholdMember.objects.create(firm=client.firm, client=client, name="Demo Elaine")
    twice = HouseholdMember.objects.get(pk=member.pk)
    for found in (member, twice):
        clients.remove_household_member(member=found, by=By())
    assert [entry.action for entry in AuditEntry.objects.all()] == ["household member removed"]


# -- The pages -------------------------------------------------------------------------------------------


@pytest.fixture
def profile() -> ClientProfile:
    profile = make_own_client(name="Demo Robert")
    own(assessment=make_assessment(), client=profile, by=By())
    return profile


@pytest.fixture
def signed_in(client, profile):
    client.force_login(profile.membership.user)
    return client


def test_the_page_says_where_a_client_stands(signed_in, profile):
    page = signed_in.get(f"/c/{profile.pk}/").content.decode()
    for text in ("Demo Robert", "Valid for 365 more days", "75%", "First assessment", "$100,000"):
        assert text in page, text


def test_a_profile_without_an_assessment_says_what_will_be_there(client):
    profile = make_own_client()
    client.force_login(profile.membership.user)
    page = client.get(f"/c/{profile.pk}/").content.decode()
    assert "Not assessed yet" in page
    assert "Answer the questions" in page


def test_an_overdue_review_is_said_with_its_days(signed_in, profile, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=400))
    signed_in.force_login(profile.membership.user)
    assert "Review overdue by 35 days" in signed_in.get(f"/c/{profile.pk}/").content.decode()


def test_a_profile_is_changed_by_a_form(signed_in, profile):
    address = f"/c/{profile.pk}/edit/"
    answer = signed_in.post(address, {"version": 1, "name": "Demo Bob", "currency": "EUR"})
    assert answer.status_code == 303
    profile.refresh_from_db()
    assert (profile.name, profile.currency) == ("Demo Bob", "EUR")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Enter a name"),
        ("name", "\u200b\u200e", "Enter a name"),  # nothing that anybody could see
        ("name", "x" * 201, "The name has 201 characters. Use at most 200"),
        ("email", "nobody", "Enter an e-mail address, like name@example.org"),
        ("born_on", "yesterday", "Enter a date, like 2031-05-17"),
        ("born_on", "1492-10-12", "Check the year of birth"),
        ("currency", "XXX", "XXX"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays_in_the_form(
    signed_in, profile, field, value, sentence
):
    answer = signed_in.post(
        f"/c/{profile.pk}/edit/", {"version": 1, "name": "Demo", "currency": "USD", field: value}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "<title>Error: " in page


def test_retirement_before_birth_is_asked_about(signed_in, profile):
    answer = signed_in.post(
        f"/c/{profile.pk}/edit/",
        {"version": 1, "name": "Demo", "currency": "USD", "born_on": "1990-01-01",
         "retires_on": "1980-01-01"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Retirement comes after birth" in answer.content.decode()


def test_a_conflict_shows_both_and_keeps_what_was_typed(signed_in, profile):
    sent = {"version": 1, "name": "First", "currency": "USD"}
    signed_in.post(f"/c/{profile.pk}/edit/", sent)
    answer = signed_in.post(f"/c/{profile.pk}/edit/", sent | {"name": "Second"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "First" in page
    assert 'value="Second"' in page
    assert 'name="version" value="2"' in page
    keep = signed_in.post(f"/c/{profile.pk}/edit/", sent | {"name": "Second", "version": 2})
    assert keep.status_code == 303


def test_the_household_is_listed_added_to_and_removed_from(signed_in, profile):
    address = f"/c/{profile.pk}/household/"
    sent = {"id": uuid4(), "name": "Demo Elaine", "relation": "wife"}
    assert signed_in.post(address, sent).status_code == 303
    assert "Demo Elaine" in signed_in.get(address).content.decode()
    member = HouseholdMember.objects.get()
    assert signed_in.post(f"{address}{member.pk}/remove/").status_code == 303
    assert not HouseholdMember.objects.exists()


def test_the_trail_shows_what_happened_to_these_data_alone(signed_in, profile):
    other = ClientFactory(firm=profile.firm, name="Demo other")
    clients.archive(client=other, by=By())
    page = signed_in.get(f"/c/{profile.pk}/trail/").content.decode()
    assert "ssessment added" in page
    assert "archived" not in page


@pytest.mark.parametrize(
    "page", ["", "edit/", "household/", "trail/", "archive/", "start/", "link/"]
)
def test_strangers_find_nothing(client, profile, page):
    client.force_login(UserFactory())
    address = f"/c/{profile.pk}/{page}"
    missing = f"/c/{uuid4()}/{page}"
    for method in (client.get, client.post):
        answer, none = method(address), method(missing)
        assert answer.status_code == none.status_code
        assert answer.status_code in (404, 405)
        assert answer.content == none.content


def test_queries_do_not_grow_with_the_timeline(signed_in, profile):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(f"/c/{profile.pk}/").status_code == 200
        return len(queries)

    count()  # what is asked for once a minute is asked for here
    few = count()
    for _ in range(5):
        own(assessment=make_assessment(amount="7000"), client=profile, by=By())
    assert count() == few


def test_nothing_is_written_to_a_client_who_has_left_meanwhile(signed_in, profile):
    stale = ClientProfile.objects.get(pk=profile.pk)
    ClientProfile.objects.filter(pk=profile.pk).update(firm=FirmFactory())
    with pytest.raises(Gone):
        clients.change_client(client=stale, version=1, values=a_profile(), by=By())
    with pytest.raises(Gone):
        own(assessment=make_assessment(), client=stale, by=By())
    with pytest.raises(Gone):
        clients.archive(client=stale, by=By())
    with pytest.raises(Gone):
        switch_reminders(client=stale, wanted=False, by=By())
    assert not AuditEntry.objects.filter(action__startswith="profile").exists()


def test_an_advisor_does_not_see_who_did_what():
    profile = make_own_client(firm=FirmFactory())
    advisor = browser_of(assign(profile))
    assert advisor.get(f"/c/{profile.pk}/trail/").status_code == 404
    assert "trail/" not in advisor.get(f"/c/{profile.pk}/").content.decode()


def test_an_owner_does_not_see_what_happened_in_a_firm_before(client):
    profile = make_own_client(firm=FirmFactory())
    clients.archive(client=profile, by=By())
    ClientProfile.objects.filter(pk=profile.pk).update(firm=FirmFactory())
    profile.refresh_from_db()
    clients.restore(client=profile, by=By())
    owner = MembershipFactory(firm=profile.firm, role=Role.OWNER).user
    page = browser_of(owner).get(f"/c/{profile.pk}/trail/").content.decode()
    assert "restored" in page
    assert "rofile archived" not in page
