"""The pages of a firm's own models: for its desk to read, for its owners to change, and for nobody else."""

from uuid import uuid4

import pytest
from django.test import Client

from portfolios.models import Target
from questionnaire.models import Assessment, ModelDraft, ModelRetirement, PublishedModels
from questionnaire.services import modelling
from riskalloc.firms.models import Role
from tests.factories import ClientFactory, FirmFactory, assign, make_own_client
from tests.firms.people import browser_of, queries
from tests.portfolios.people import aimed, portfolio_for
from tests.questionnaire.modelled import (
    BY,
    MIXES,
    assessed,
    drafted,
    owner_browser,
    published,
    typed,
    using,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> Client:
    return owner_browser(FirmFactory(name="Demo practice"))


def at(browser: Client, tail: str = "") -> str:
    return f"/firm/{browser.firm.pk}/models/{tail}"


def text(response) -> str:
    return response.content.decode()


# -- Working on a draft -------------------------------------------------------------------------------


def test_from_nothing_to_a_published_version(owner):
    assert "Start models of your own" in text(owner.get(at(owner)))
    for _ in range(5):
        assert owner.post(at(owner, "new/")).status_code == 303
    page = text(owner.get(at(owner, "draft/")))
    assert 'value="40"' in page  # large companies of the moderate mix
    assert owner.post(at(owner, "draft/"), typed()).status_code == 303
    page = text(owner.get(at(owner, "draft/")))
    assert 'value="45.33"' in page
    answer = owner.post(at(owner, "draft/"), typed(2) | {"action": "publish"})
    assert answer.status_code == 303
    page = text(owner.get(answer.url))
    assert "Balanced</bdi>, version 1" in page
    assert "45.33%" in page
    assert "published" in text(owner.get(at(owner)))
    assert owner.get(at(owner, "draft/")).status_code == 303  # there is none any more


def test_sent_five_times_it_is_published_once(owner):
    drafted(owner.firm)
    sent = typed(2) | {"action": "publish"}
    answers = {owner.post(at(owner, "draft/"), sent).url for _ in range(5)}
    assert len(answers) == PublishedModels.objects.count() == 1


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({"moderate_gold": "9.99"}, "Moderate adds up to 99.99%. Add 0.01 points."),
        ({"moderate_gold": "10.01"}, "Moderate adds up to 100.01%. Take away 0.01 points."),
        ({"moderate_gold": ""}, "Moderate adds up to 90%. Add 10 points."),
        (
            {"conservative_us_large_cap": "55", "conservative_us_aggregate": "25"},
            "Moderate has 50% stocks, and conservative 55%.",
        ),
    ],
)
def test_what_does_not_hold_together_is_saved_and_said_and_not_published(owner, shares, sentence):
    modelling.start_draft(firm=owner.firm, by=BY)
    answer = owner.post(at(owner, "draft/"), typed(**shares))
    assert answer.status_code == 303
    page = text(owner.get(answer.url))
    assert "Missing before it can be published" in page
    assert sentence in page
    answer = owner.post(at(owner, "draft/"), typed(2, **shares) | {"action": "publish"})
    assert answer.status_code == 422
    assert "Saved, and not published yet" in text(answer)
    assert sentence in text(answer)
    assert not PublishedModels.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"moderate_gold": "-10"}, "Nothing is below 0%. Enter 0 or more"),
        ({"moderate_gold": "101"}, "Nothing is above 100%. Enter 100 or less"),
        ({"moderate_gold": "9.999"}, "Use at most 2 decimals."),
        ({"moderate_gold": "ten"}, "Use plain digits"),
        ({"moderate_gold": "1e1"}, "Use plain digits"),
        ({"name": ""}, "Enter a name"),
        ({"name": "x" * 201}, "Use at most 200"),
        ({"id": "x"}, "This form is out of date"),
        ({"version": "0"}, "This form is out of date"),
        ({"version": "x"}, "This form is out of date"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(owner, fields, sentence):
    modelling.start_draft(firm=owner.firm, by=BY)
    answer = owner.post(at(owner, "draft/"), typed() | fields)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="45.33"' in text(answer)
    assert ModelDraft.objects.get().version == 1


def test_two_people_who_edit_see_both(owner):
    modelling.start_draft(firm=owner.firm, by=BY)
    assert owner.post(at(owner, "draft/"), typed()).status_code == 303
    other = owner_browser(owner.firm)
    sent = typed(1, moderate_gold="0", moderate_cash="10")
    answer = other.post(at(owner, "draft/"), sent)
    assert answer.status_code == 409
    page = text(answer)
    assert "Somebody was faster" in page
    assert 'name="version" value="2"' in page  # sent again, it is meant
    assert ModelDraft.objects.get().mixes == MIXES
    assert other.post(at(owner, "draft/"), sent | {"version": "2"}).status_code == 303
    assert ModelDraft.objects.get().mixes["moderate"]["cash"] == 1000


def test_a_draft_that_somebody_published_meanwhile_is_not_saved_into_nothing(owner):
    drafted(owner.firm)
    owner.post(at(owner, "draft/"), typed(2) | {"action": "publish"})
    answer = owner.post(at(owner, "draft/"), typed(2, moderate_gold="5"))
    assert answer.status_code == 409
    assert "There is no draft any more" in text(answer)


def test_a_draft_can_be_dropped(owner):
    drafted(owner.firm)
    stale = owner.post(at(owner, "draft/"), {"action": "drop", "version": "1"})
    assert stale.status_code == 409
    for _ in range(5):
        answer = owner.post(at(owner, "draft/"), {"action": "drop", "version": "2"})
        assert answer.status_code == 303
    assert not ModelDraft.objects.exists()


def test_markup_in_names_and_notes_is_text(owner):
    evil = "<script>alert(1)</script>"
    drafted(owner.firm, name=evil)
    sent = typed(2) | {"name": evil, "note": evil, "action": "publish"}
    address = owner.post(at(owner, "draft/"), sent).url
    client = ClientFactory(firm=owner.firm)
    using(owner.firm, PublishedModels.objects.get())
    client.firm.refresh_from_db()
    result = assessed(client)
    for page in (address, at(owner), f"/r/{result.public_id}/", f"/firm/{owner.firm.pk}/method/"):
        found = text(owner.get(page))
        assert "&lt;script&gt;alert(1)" in found
        assert evil not in found


# -- Retiring -------------------------------------------------------------------------------------------


def test_a_version_is_retired_once_and_not_while_it_is_in_use(owner):
    one = published(owner.firm)
    using(owner.firm, one)
    answer = owner.post(at(owner, f"{one.pk}/retire/"))
    assert answer.status_code == 409
    assert "It is in use" in text(answer)
    using(owner.firm, None)
    for _ in range(5):
        assert owner.post(at(owner, f"{one.pk}/retire/")).status_code == 303
    assert ModelRetirement.objects.count() == 1
    assert "Retired by" in text(owner.get(at(owner, f"{one.pk}/")))


# -- Who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER])
def test_a_desk_reads_and_changes_nothing(owner, role):
    one = published(owner.firm)
    drafted(owner.firm)
    browser = owner_browser(owner.firm, role)
    for tail in ("", f"{one.pk}/"):
        page = text(browser.get(at(owner, tail)))
        assert "Retire this version" not in page
        assert "draft" not in page.lower().replace("drafts", "")
    assert browser.get(at(owner, "draft/")).status_code == 404
    for tail in ("new/", "draft/", f"{one.pk}/retire/"):
        assert browser.post(at(owner, tail), typed(2)).status_code == 404
    assert not ModelRetirement.objects.exists()


def test_clients_strangers_and_nobody_see_nothing(owner):
    one = published(owner.firm)
    client = make_own_client(firm=owner.firm)
    for browser in (browser_of(client.membership.user), owner_browser(FirmFactory())):
        for tail in ("", "draft/", f"{one.pk}/"):
            assert browser.get(at(owner, tail)).status_code == 404
        assert browser.post(at(owner, f"{one.pk}/retire/")).status_code == 404
    assert Client().get(at(owner)).status_code == 302


def test_a_version_is_found_only_under_its_firm(owner):
    other = owner_browser(FirmFactory())
    theirs = published(other.firm)
    assert owner.get(at(owner, f"{theirs.pk}/")).status_code == 404
    assert owner.get(at(owner, f"{uuid4()}/")).status_code == 404


def test_wrong_methods_are_refused(owner):
    one = published(owner.firm)
    assert owner.post(at(owner)).status_code == 405
    assert owner.post(at(owner, f"{one.pk}/")).status_code == 405
    assert owner.get(at(owner, "new/")).status_code == 405
    assert owner.get(at(owner, f"{one.pk}/retire/")).status_code == 405


def test_the_list_asks_the_same_however_long_it_is(owner):
    published(owner.firm)
    few = queries(owner, at(owner))
    for _ in range(5):
        published(owner.firm)
    assert queries(owner, at(owner)) == few


# -- What clients see of it ------------------------------------------------------------------------------


@pytest.fixture
def result(owner):
    client = make_own_client(firm=owner.firm)
    using(owner.firm, published(owner.firm))
    client.firm.refresh_from_db()
    found = assessed(client)
    found.browser = browser_of(client.membership.user)
    return found


def test_a_result_says_whose_mix_it_is(result):
    page = text(result.browser.get(f"/r/{result.public_id}/"))
    assert "with the mixes of <bdi>Demo practice</bdi>: “<bdi>Balanced</bdi>”, version 1" in page
    assert "published by owner@example.org" in page
    assert "The risk label chose the firm’s own mix" in page
    assert "The income score does not move it." in page
    assert "Your income moved it" not in page


def test_the_same_answers_by_the_methods_own_mix_are_one_click_away(result):
    page = text(result.browser.get(f"/r/{result.public_id}/?method=v1&sleeves=core"))
    assert "Your income moved it" in page
    assert "Show the result that was saved" in page


def test_every_number_opens(result):
    for key in ("stocks", "us_large_cap", "rti", "iss", "beta", "2020"):
        page = result.browser.get(f"/r/{result.public_id}/why/{key}/")
        assert page.status_code == 200
    page = text(result.browser.get(f"/r/{result.public_id}/why/us_large_cap/"))
    assert "The firm’s own mix" in page
    assert "75% of the 80% in stocks." in page


def test_what_if_compares_by_the_same_models(result):
    page = text(result.browser.get(f"/r/{result.public_id}/whatif/?case=job_loss"))
    assert "45.33%" in page or "80%" in page


def test_the_file_to_take_along_names_the_models(result):
    taken = result.browser.get(f"/r/{result.public_id}/calculation.json").json()
    assert taken["models"]["name"] == "Balanced"
    assert taken["mix"]["final"]["stocks"] == "80.00"
    other = result.browser.get(f"/r/{result.public_id}/calculation.json?method=v1").json()
    assert "models" not in other
    assert other["mix"]["final"]["stocks"] == "75.00"


def test_a_portfolio_is_offered_the_models_weights_and_keeps_its_target_until_somebody_takes_them(
    owner,
):
    client = ClientFactory(firm=owner.firm)
    assessed(client)
    portfolio = portfolio_for(client)
    target = aimed(portfolio, assessment=Assessment.objects.latest_of(client))
    using(owner.firm, published(owner.firm))
    client.firm.refresh_from_db()
    fresh = assessed(client, drop_reaction="sell_some", max_loss="up_to_10")
    assert Target.objects.latest_of(portfolio) == target
    page = text(owner.get(f"/p/{portfolio.pk}/target/"))
    assert "45.33%" in page
    assert "4.67%" in page
    sent = {"id": uuid4(), "was": target.pk, "result": fresh.public_id, "override": ""}
    answer = owner.post(f"/p/{portfolio.pk}/target/", sent | {"use": "answers"})
    assert answer.status_code == 303
    taken = Target.objects.latest_of(portfolio)
    assert taken.per_class() == MIXES["moderate"]


def test_comparing_names_the_mixes_as_what_changed(owner):
    client = ClientFactory(firm=owner.firm)
    before = assessed(client)
    using(owner.firm, published(owner.firm))
    client.firm.refresh_from_db()
    after = assessed(client)
    browser = browser_of(assign(client))
    page = text(browser.get(f"/c/{client.pk}/compare/?a={before.public_id}&b={after.public_id}"))
    assert "Whose mixes" in page
    assert "those of Demo practice: “Balanced”, version 1" in page
