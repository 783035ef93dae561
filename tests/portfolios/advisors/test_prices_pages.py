"""The pages of new prices: read, look, tick, take, take back."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portfolios.advisors import prices
from portfolios.models import PriceImport, Security
from portfolios.valuing import TooLarge
from riskalloc.firms.models import Role
from tests.factories import FirmFactory, MembershipFactory, UserFactory, assign, make_own_client
from tests.firms.people import browser_of, member, queries
from tests.portfolios.factories import SecurityFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/a/prices/"
TODAY = timezone.localdate().isoformat()
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)">')


@pytest.fixture
def desk():
    seat = member(role=Role.ADVISOR)
    browser = browser_of(seat.user)
    browser.firm = seat.firm
    for symbol in ("VTI", "BND"):
        SecurityFactory(firm=seat.firm, symbol=symbol)
    return browser


def lines(*rows: str) -> str:
    return "\n".join(["Symbol,Price,Date", *(f"{row},{TODAY}" for row in rows)])


def read(browser, text="", **fields):
    return browser.post(ADDRESS, {"id": uuid4(), "text": text} | fields)


def form_of(answer) -> dict[str, str]:
    """What the browser would send with the button that takes them."""
    form = answer.content.decode().partition('name="step" value="save"')
    begins = form[0].rindex("<form")
    page = answer.content.decode()
    fields = dict(HIDDEN.findall(page[begins : page.index("</form>", begins)]))
    return fields | {"text": answer.context["text"]}


def save(browser, answer, **fields):
    return browser.post(ADDRESS, form_of(answer) | fields)


def price_of(symbol: str) -> Decimal:
    return Security.objects.get(symbol=symbol).price


# -- Works -------------------------------------------------------------------------------------------------


def test_read_looked_at_and_taken(desk):
    assert desk.get(ADDRESS).status_code == 200
    answer = read(desk, lines("VTI,110", "BND,95.5", "XYZ,7"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>2</b> ready" in page
    assert "your firm knows no XYZ" in page
    assert price_of("VTI") == 100
    taken = save(desk, answer)
    assert taken.status_code == 303
    page = desk.get(taken["Location"]).content.decode()
    assert "2 prices taken" in page
    assert "1</b> line not taken" in page
    assert (price_of("VTI"), price_of("BND")) == (110, Decimal("95.5"))
    assert "2 prices" in desk.get(ADDRESS).content.decode()


def test_a_jump_is_asked_about_and_taken_when_ticked(desk):
    answer = read(desk, lines("VTI,110", "BND,250"))
    page = answer.content.decode()
    assert "Is this right?" in page
    assert "+150%" in page
    save(desk, answer)
    assert (price_of("VTI"), price_of("BND")) == (110, 100)
    save(desk, read(desk, lines("BND,250")), confirmed=["2"])
    assert price_of("BND") == 250


def test_a_file_is_read_like_a_text(desk):
    file = SimpleUploadedFile("prices.csv", b"ticker;price\r\nVTI;110,5\r\n")
    answer = read(desk, file=file)
    assert save(desk, answer).status_code == 303
    assert price_of("VTI") == Decimal("110.5")


def test_sent_twice_it_is_taken_once(desk):
    sent = form_of(read(desk, lines("VTI,110")))
    assert {desk.post(ADDRESS, sent)["Location"] for _ in range(3)} == {f"{ADDRESS}{sent['id']}/"}
    assert PriceImport.objects.count() == 1


def test_what_reads_otherwise_by_now_is_shown_once_more(desk):
    sent = form_of(read(desk, lines("VTI,110")))
    answer = desk.post(ADDRESS, sent | {"text": lines("VTI,111")})
    assert answer.status_code == 409
    assert "Look at it once more" in answer.content.decode()
    assert price_of("VTI") == 100


def test_all_of_it_is_taken_back(desk):
    address = save(desk, read(desk, lines("VTI,110", "BND,90")))["Location"]
    for _ in range(2):
        assert desk.post(f"{address}undo/").status_code == 303
    assert (price_of("VTI"), price_of("BND")) == (100, 100)
    page = desk.get(address).content.decode()
    assert "Taken back" in page
    assert "<b>2</b> of 2" in page


def test_too_much_is_refused_with_a_sentence(desk, monkeypatch):
    def too_large(**_fields):
        raise TooLarge

    answer = read(desk, lines("VTI,110"))
    monkeypatch.setattr(prices, "take_prices", too_large)
    refused = save(desk, answer)
    assert refused.status_code == 422
    assert "more than can be reckoned with" in refused.content.decode()


# -- Bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste at least one line, or choose a file."),
        (" \n ", "Paste at least one line"),
        ("Name,Colour\nVTI,blue", "Call one of them Symbol"),
        ("Symbol,Colour\nVTI,blue", "Call one of them Price"),
        ("\n".join(f"S{n},5" for n in range(5_001)), "more than 5,000 lines"),
        ("x,1\n" * 524_289, "more than 2 MB"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(desk, text, sentence):
    answer = read(desk, text)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_empty_file_and_one_that_is_no_text_get_a_sentence(desk):
    for content in (b"", b"\0\0\0", b"\x89PNG\r\n\x1a\n\0"):
        answer = read(desk, file=SimpleUploadedFile("prices.csv", content))
        assert answer.status_code == 422
        assert "There is a problem" in answer.content.decode()


def test_bad_lines_are_named_and_the_others_may_be_taken(desk):
    many = lines("VTI,110", "VTI,111", "BND,-5", "BND,0", "BND,1e30", "BND," + "9" * 31, "BND,95")
    answer = read(desk, many)
    page = answer.content.decode()
    for number in range(3, 8):
        assert f"Line {number}:" in page
    assert "VTI is in line 2 already" in page
    save(desk, answer)
    assert (price_of("VTI"), price_of("BND")) == (110, 95)


def test_nothing_to_take_has_no_button(desk):
    assert "Take " not in read(desk, lines("XYZ,110")).content.decode()


@pytest.mark.parametrize("field", ["id", "usual_day", "decimal", "digest", "confirmed"])
def test_what_the_page_never_sends_breaks_nothing(desk, field):
    for value in ("", "x" * 100, "9999-99-99", "-1", "\0"):
        answer = desk.post(ADDRESS, form_of(read(desk, lines("VTI,110"))) | {field: value})
        assert answer.status_code in (303, 409, 422)


def test_more_jumps_than_one_page_asks_about_are_left(desk):
    for number in range(70):
        SecurityFactory(firm=desk.firm, symbol=f"S{number}")
    answer = read(desk, lines(*(f"S{number},900" for number in range(70))))
    page = answer.content.decode()
    assert page.count('name="confirmed"') == 60
    assert "10 more such lines" in page
    assert save(desk, answer, confirmed=[str(n) for n in range(2, 62)]).status_code == 303
    assert PriceImport.objects.get().taken == 60


# -- Who ---------------------------------------------------------------------------------------------------


def test_owners_and_advisors_only(desk):
    address = save(desk, read(desk, lines("VTI,110")))["Location"]
    owner = browser_of(member(firm=desk.firm).user)
    assert owner.get(address).status_code == 200
    client = make_own_client(firm=desk.firm)
    for user in (
        assign(client, Role.READER),
        client.membership.user,
        make_own_client().membership.user,
    ):
        browser = browser_of(user)
        assert browser.get(ADDRESS).status_code == 404
        assert read(browser, lines("VTI,120")).status_code == 404
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}undo/").status_code == 404
    stranger = browser_of(member().user)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}undo/").status_code == 404
    assert desk.put(ADDRESS).status_code == 405
    assert desk.get(f"{address}undo/").status_code == 405


def test_prices_go_into_the_firm_that_was_chosen_and_no_other(desk):
    second = FirmFactory(name="Demo second practice")
    MembershipFactory(firm=second, user=desk_user(desk), role=Role.OWNER)
    SecurityFactory(firm=second, symbol="VTI")
    assert "For which firm" in desk.get(ADDRESS).content.decode()
    assert read(desk, lines("VTI,110")).status_code == 422
    assert read(desk, lines("VTI,110"), firm=FirmFactory().pk).status_code == 422
    answer = read(desk, lines("VTI,110"), firm=second.pk)
    save(desk, answer)
    found = dict(Security.objects.filter(symbol="VTI").values_list("firm", "price"))
    assert found == {second.pk: 110, desk.firm.pk: 100}


def desk_user(desk):
    return UserFactory._meta.model.objects.get(memberships__firm=desk.firm)


def test_the_pages_take_as_many_queries_however_much_came(desk):
    address = save(desk, read(desk, lines("VTI,110")))["Location"]
    few = queries(desk, ADDRESS), queries(desk, address)
    for number in range(30):
        SecurityFactory(firm=desk.firm, symbol=f"S{number}")
    many = save(desk, read(desk, lines(*(f"S{number},110" for number in range(30)))))["Location"]
    for _ in range(5):
        save(desk, read(desk, lines("VTI,111")))
    assert (queries(desk, ADDRESS), queries(desk, many)) == few


def test_a_security_of_another_firm_is_not_named(desk):
    """Whatever an import says."""
    answer = save(desk, read(desk, lines("VTI,110")))
    theirs = SecurityFactory(symbol="DEMOTHEIRS")
    found = PriceImport.objects.get()
    found.effect["prices"][0]["security"] = str(theirs.pk)
    found.save(update_fields=["effect"])
    page = desk.get(answer["Location"]).content.decode()
    assert "DEMOTHEIRS" not in page
    assert "(gone)" in page
