"""Founding a practice, its page, and what its owner settles."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from questionnaire.models import ClientProfile
from riskalloc.firms.audit import By
from riskalloc.firms.models import (
    AuditEntry,
    Firm,
    Invitation,
    Membership,
    Role,
    User,
)
from riskalloc.firms.services.founding import ChangedElsewhere, change_firm, found_practice
from tests.factories import FirmFactory, MembershipFactory, UserFactory, make_own_client
from tests.firms.people import (
    browser_of,
    every_field,
    everything,
    invitation,
    member,
    queries,
)

pytestmark = pytest.mark.django_db

NASTY = {
    "markup": "<script>alert(1)</script><b onclick='x()'>&amp;",
    "right to left": "\u202emrif omed\u202c",
    "emoji": "Démo 👩‍👩‍👧‍👦 firm",
    "quotes": '"O\'Demo" & sons',
}

SOME_ID = UUID(int=1)  # the same in every process that collects these tests


def actions(firm: Firm) -> list[str]:
    return list(
        AuditEntry.objects.filter(firm=firm).order_by("seq").values_list("action", flat=True)
    )


# -- Founding ---------------------------------------------------------------------------------------------


def test_somebody_founds_a_practice_and_owns_it() -> None:
    user = UserFactory()
    firm_id = uuid4()
    browser = browser_of(user)
    response = browser.post("/firm/new/", {"id": firm_id, "name": "  Demo   practice "})
    assert (response.status_code, response["Location"]) == (303, f"/firm/{firm_id}/")
    firm = Firm.objects.get()
    assert (firm.pk, firm.name, firm.is_personal) == (firm_id, "Demo practice", False)
    assert Membership.objects.get(firm=firm, user=user).role == Role.OWNER
    assert actions(firm) == ["firm founded", "member added"]
    assert browser.get(response["Location"]).status_code == 200


def test_sending_it_twice_founds_one() -> None:
    browser = browser_of(UserFactory())
    sent = {"id": uuid4(), "name": "Demo practice"}
    first, second = (browser.post("/firm/new/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Firm.objects.count() == 1
    assert AuditEntry.objects.count() == 2


def test_the_id_of_somebody_elses_firm_founds_another_one_and_tells_nothing() -> None:
    theirs = member().firm
    before = Firm.objects.values().get(pk=theirs.pk)
    browser = browser_of(UserFactory())
    response = browser.post("/firm/new/", {"id": theirs.pk, "name": "Demo practice"})
    assert response.status_code == 303
    assert str(theirs.pk) not in response["Location"]
    assert Firm.objects.values().get(pk=theirs.pk) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Enter a name"),
        ("   ", "Enter a name"),
        ("\u200e\u200f", "Enter a name"),
        ("x" * 300, "The name has 300 characters. Use at most 200"),
    ],
)
def test_a_name_that_does_not_fit_is_said(name: str, sentence: str) -> None:
    response = browser_of(UserFactory()).post("/firm/new/", {"id": uuid4(), "name": name})
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence in text
    assert 'href="#id_name"' in text
    assert not Firm.objects.exists()


@pytest.mark.parametrize("kind", NASTY)
def test_a_name_is_shown_as_it_is_and_nothing_more(kind: str) -> None:
    owner = member(FirmFactory(name=NASTY[kind]))
    browser = browser_of(owner.user)
    for page in ("", "settings/", "invite/", "leave/", f"members/{owner.pk}/", "trail/"):
        text = browser.get(f"/firm/{owner.firm_id}/{page}").content.decode()
        assert "<script>alert" not in text
        assert "<b onclick" not in text
        assert "<bdi>" in text


def test_a_form_without_its_id_says_so() -> None:
    response = browser_of(UserFactory()).post("/firm/new/", {"name": "Demo", "id": "nonsense"})
    assert response.status_code == 422
    assert "Reload the page" in response.content.decode()


# -- The page ---------------------------------------------------------------------------------------------


def test_the_owner_sees_people_invitations_and_settings() -> None:
    owner = member()
    reader = member(owner.firm, Role.READER)
    invitation(firm=owner.firm, email="open@example.org")
    text = browser_of(owner.user).get(f"/firm/{owner.firm_id}/").content.decode()
    for shown in (owner.user.email, reader.user.email, "open@example.org", "Change the settings"):
        assert shown in text


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER])
def test_others_at_the_desk_see_the_people_only(role: Role) -> None:
    owner = member()
    invitation(firm=owner.firm, email="open@example.org")
    browser = browser_of(member(owner.firm, role).user)
    text = browser.get(f"/firm/{owner.firm_id}/").content.decode()
    assert owner.user.email in text
    for hidden in ("open@example.org", "Change the settings", "Invite somebody"):
        assert hidden not in text
    for page in ("settings/", "invite/", f"members/{owner.pk}/", f"members/{owner.pk}/remove/"):
        assert browser.get(f"/firm/{owner.firm_id}/{page}").status_code == 404


def test_clients_are_not_listed_among_the_people() -> None:
    owner = member()
    client = make_own_client(firm=owner.firm)
    text = browser_of(owner.user).get(f"/firm/{owner.firm_id}/").content.decode()
    assert client.membership.user.email not in text


def pages_of(owner: Membership) -> list[str]:
    other = member(owner.firm, Role.READER)
    sent = invitation("of-the-firm", firm=owner.firm)
    firm = f"/firm/{owner.firm_id}/"
    return [
        firm,
        f"{firm}settings/",
        f"{firm}invite/",
        f"{firm}leave/",
        f"{firm}members/{other.pk}/",
        f"{firm}members/{other.pk}/remove/",
        f"{firm}invitations/{sent.pk}/withdraw/",
        f"{firm}invitations/{sent.pk}/resend/",
    ]


POSTED = {"name": "Mine", "version": "1", "retention_years": "1", "method": "v1", "role": "owner"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_for_strangers_clients_and_former_members_there_is_no_such_firm(method: str) -> None:
    owner = member()
    pages = pages_of(owner)
    stranger = browser_of(member().user)
    client = browser_of(make_own_client(firm=owner.firm).membership.user)
    former = browser_of(UserFactory())
    before = everything()
    for browser in (stranger, client, former):
        for page in pages:
            foreign = getattr(browser, method)(page, POSTED)
            missing = getattr(browser, method)(
                page.replace(str(owner.firm_id), str(uuid4())), POSTED
            )
            if foreign.status_code == 405:  # a page that takes a POST only
                continue
            assert foreign.status_code == missing.status_code == 404
            assert foreign.content == missing.content
    assert everything() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_has_not_signed_in_does_that_first(method: str) -> None:
    owner = member()
    pages = pages_of(owner)
    before = everything()
    for page in pages:
        response = getattr(Client(), method)(page, POSTED)
        if response.status_code != 405:
            assert response.status_code == 302
            assert response["Location"].startswith("/account/login/")
    assert everything() == before


def test_an_owner_cannot_reach_rows_of_another_firm_through_their_own() -> None:
    owner, theirs = member(), member()
    sent = invitation(firm=theirs.firm)
    browser = browser_of(owner.user)
    before = everything()
    firm = f"/firm/{owner.firm_id}/"
    for page in (f"members/{theirs.pk}/", f"members/{theirs.pk}/remove/"):
        assert browser.post(firm + page, POSTED).status_code == 404
    for deed in ("withdraw", "resend"):
        assert browser.post(f"{firm}invitations/{sent.pk}/{deed}/").status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    ("page", "method"),
    [
        ("", "post"),
        ("settings/", "put"),
        ("invite/", "delete"),
        ("leave/", "put"),
        (f"invitations/{SOME_ID}/withdraw/", "get"),
        (f"invitations/{SOME_ID}/resend/", "get"),
    ],
)
def test_pages_refuse_other_methods(page: str, method: str) -> None:
    owner = member()
    response = getattr(browser_of(owner.user), method)(f"/firm/{owner.firm_id}/{page}")
    assert response.status_code == 405


def test_the_page_asks_as_often_for_thirty_people_as_for_one() -> None:
    owner = member()
    browser = browser_of(owner.user)
    few = queries(browser, f"/firm/{owner.firm_id}/")
    for number in range(30):
        MembershipFactory(firm=owner.firm, role=Role.ADVISOR)
        invitation(f"token-{number}", firm=owner.firm)
    assert queries(browser, f"/firm/{owner.firm_id}/") == few


# -- Settings ---------------------------------------------------------------------------------------------


def settle(browser: Client, firm: Firm, **fields: object):
    sent = {"name": firm.name, "retention_years": 7, "version": firm.version}
    return browser.post(f"/firm/{firm.pk}/settings/", {**sent, **fields})


def test_the_owner_changes_the_settings_and_the_trail_keeps_both_values() -> None:
    owner = member()
    response = settle(browser_of(owner.user), owner.firm, name="Demo two", retention_years=5)
    assert (response.status_code, response["Location"]) == (303, f"/firm/{owner.firm_id}/")
    firm = Firm.objects.get()
    assert (firm.name, firm.retention_years, firm.version) == ("Demo two", 5, 2)
    entry = AuditEntry.objects.get()
    assert entry.action == "firm changed"
    assert entry.actor == owner.user
    assert entry.before == {"name": owner.firm.name, "retention_years": 7}
    assert entry.after == {"name": "Demo two", "retention_years": 5}


def test_the_method_is_not_among_the_settings() -> None:
    """It is chosen where one sees whom it would move."""
    owner = member()
    settle(browser_of(owner.user), owner.firm, method="seed-1")
    assert Firm.objects.get().method == "v1"


def test_saving_what_is_saved_already_changes_nothing() -> None:
    owner = member()
    assert settle(browser_of(owner.user), owner.firm).status_code == 303
    assert not AuditEntry.objects.exists()
    assert Firm.objects.get().version == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "x" * 201, "Use at most 200"),
        ("retention_years", "31", "from 0 to 30"),
        ("retention_years", "-1", "from 0 to 30"),
        ("retention_years", "9" * 5000, "from 0 to 30"),
        ("retention_years", "seven", "from 0 to 30"),
        ("version", "", "Reload the page"),
        ("version", "x", "Reload the page"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved(
    field: str, value: str, sentence: str
) -> None:
    owner = member()
    browser = browser_of(owner.user)
    before = everything()
    response = settle(browser, owner.firm, **{field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("years", [0, 30])
def test_both_ends_of_the_years_are_fine(years: int) -> None:
    owner = member()
    assert settle(browser_of(owner.user), owner.firm, retention_years=years).status_code == 303
    assert Firm.objects.get().retention_years == years


def test_whoever_is_slower_sees_both_values_and_decides() -> None:
    owner = member(FirmFactory(name="Demo one"))
    browser = browser_of(owner.user)
    settle(browser, owner.firm, name="Demo <two>")
    response = settle(browser, owner.firm, name="Demo three")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Demo &lt;two&gt;" in text
    assert "Demo three" in text
    assert Firm.objects.get().name == "Demo <two>"
    assert 'name="version" value="2"' in text
    settle(browser, Firm.objects.get(), name="Demo three")
    assert Firm.objects.get().name == "Demo three"


def test_the_service_refuses_an_old_version() -> None:
    owner = member()
    with pytest.raises(ChangedElsewhere) as refused:
        change_firm(
            firm=owner.firm, version=7, name="Demo", retention_years=1, method="v1", by=By()
        )
    assert refused.value.firm.name == owner.firm.name


def test_posting_every_field_there_is_changes_only_what_is_on_the_form() -> None:
    owner = member()
    other = member(owner.firm, Role.READER)
    browser = browser_of(owner.user)
    extra = every_field(Firm, Membership, Invitation, User, ClientProfile)
    form = {"name": "Demo two", "retention_years": "5", "method": "v1", "version": "1"}
    browser.post(f"/firm/{owner.firm_id}/settings/", {**extra, **form})
    browser.post(f"/firm/{owner.firm_id}/members/{other.pk}/", {**extra, "role": "advisor"})
    fresh = Firm.objects.get()
    changed = {"name", "retention_years", "version"}
    assert unchanged(fresh, but=changed) == unchanged(owner.firm, but=changed)
    assert unchanged(Membership.objects.get(pk=other.pk), but={"role"}) == unchanged(
        other, but={"role"}
    )
    assert User.objects.filter(is_staff=True).count() == 0
    founded = browser.post("/firm/new/", {**extra, "id": (new := uuid4()), "name": "Demo three"})
    assert founded.status_code == 303
    made = Firm.objects.get(pk=new)
    assert (made.is_personal, made.is_demo, made.method, made.retention_years, made.version) == (
        False, False, "v1", 7, 1,
    )  # fmt: skip


def unchanged(row: object, but: set[str]) -> dict[str, object]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in but
    }


def test_founding_is_part_of_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("riskalloc.firms.services.founding.record", fail)
    with pytest.raises(RuntimeError):
        found_practice(name="Demo", owner=UserFactory(), by=By())
    assert not Firm.objects.exists()
