"""Pasting: read, look, save all or nothing, undo."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolios.models import Account, Holding, Paste, Security
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.people import account_for, held, own_browser, portfolio_for, security_of

pytestmark = pytest.mark.django_db

ROWS = "Symbol\tQuantity\tPrice\nVTI\t12.5\t240\nBND\t80\t72.10\n"
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)">')


@pytest.fixture
def browser(db):
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    browser.account = account_for(browser.portfolio)
    browser.address = f"/p/{browser.portfolio.pk}/paste/"
    return browser


def read(browser, text=ROWS, **fields):
    fields = {"account": str(browser.account.pk)} | fields
    return browser.post(browser.address, {"id": uuid4(), "text": text} | fields)


def form_of(answer) -> dict[str, str]:
    """What the browser would send with the button that saves."""
    page = answer.content.decode()
    form = page.partition('name="step" value="save"')
    begins = form[0].rindex("<form")
    fields = dict(HIDDEN.findall(page[begins : page.index("</form>", begins)]))
    return fields | {"text": answer.context["text"]}


def save(browser, answer, **fields):
    return browser.post(browser.address, form_of(answer) | fields)


# -- Reading ----------------------------------------------------------------------------------------------


def test_what_was_understood_is_shown_and_nothing_is_saved(browser):
    answer = read(browser)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>2</b> ready" in page
    assert "$3,000" in page
    assert "$8,768" in page
    assert "New here" in page
    assert "Save 2 holdings" in page
    assert not Holding.objects.exists()
    assert not Security.objects.exists()


def test_a_file_is_read_like_a_text(browser):
    file = SimpleUploadedFile("holdings.csv", b"symbol;value\r\nVTI;5000\r\n")
    answer = read(browser, "", file=file)
    assert "<b>1</b> ready" in answer.content.decode()
    assert save(browser, answer).status_code == 303
    assert Holding.objects.get().typed_value == 5000


def test_lines_that_need_something_are_named_and_block_the_rest(browser):
    answer = read(browser, ROWS + "XYZ\t-5\t10\nABC\t1e3\t1\n")
    page = answer.content.decode()
    assert "<b>2</b> ready" in page
    assert "Line 4:" in page
    assert "Line 5:" in page
    assert "Save 2 holdings" not in page
    assert "Correct these first" in page
    assert "XYZ" in page  # the text stands in the form, to be corrected
    sent = {"id": uuid4(), "text": answer.context["text"], "account": browser.account.pk}
    sent |= {"step": "save", "digest": answer.context["reading"].digest}
    assert browser.post(browser.address, sent).status_code == 422
    assert not Holding.objects.exists()


def test_lines_left_out_are_said_with_their_reason(browser):
    page = read(browser, ROWS + "Total\t\t\n").content.decode()
    assert "1 line left out" in page
    assert "It is a total." in page


def test_what_has_no_price_anywhere_needs_one(browser):
    answer = read(browser, "Symbol\tQuantity\nVTI\t3\n")
    assert "VTI has no price yet" in answer.content.decode()
    assert "Save" not in answer.content.decode().partition("Correct the text")[0]


def test_columns_can_be_read_otherwise(browser):
    text = "VTI 5 100\n".replace(" ", "\t")
    answer = read(browser, text, column_0="symbol", column_1="price", column_2="quantity")
    assert answer.context["preview"].total == 500
    (line,) = [row.line for row in answer.context["preview"].rows]
    assert (line.row.quantity, line.row.price) == (100, 5)
    save(browser, answer)
    assert Holding.objects.get().quantity == 100


@pytest.mark.parametrize("text", ["", "   \n  ", "\t\t\n"])
def test_nothing_to_read_is_said(browser, text):
    answer = read(browser, text)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account": str(uuid4())}, "Select one of the accounts"),
        ({"account": ""}, "Select one of the accounts"),
        ({"id": "x"}, "This form is out of date"),
        ({"column_0": "magic"}, "There is a problem"),
        ({"delimiter": "x"}, "There is a problem"),
    ],
)
def test_bad_fields_get_a_sentence(browser, fields, sentence):
    answer = read(browser, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_that_is_no_text_is_said(browser):
    answer = read(browser, "", file=SimpleUploadedFile("x.csv", b"\x00\x01\x02\x00"))
    assert answer.status_code == 422
    assert "This is not a text file" in answer.content.decode()


def test_more_than_a_form_otherwise_takes_is_read_and_more_than_2_mb_is_not(browser):
    many = "Symbol\tValue\n" + "".join(f"Fund number {n}\t5\n" for n in range(4_000))
    assert len(many) > 64 * 1024
    answer = read(browser, many)
    assert "<b>4000</b> ready" in answer.content.decode()
    assert "and 3800 more" in answer.content.decode()
    assert read(browser, "x" * 2_300_000).status_code == 413


def test_markup_in_what_was_pasted_stays_text(browser):
    page = read(browser, "Symbol\tValue\n<script>alert(1)</script>\t5\n").content.decode()
    assert "<script>alert(1)" not in page


def test_many_rows_are_looked_at_with_as_many_queries_as_one(browser):
    read(browser)
    counts = []
    for count in (1, 60):
        rows = "".join(f"Fund {n}\t5\t10\n" for n in range(count))
        with CaptureQueriesContext(connection) as asked:
            read(browser, f"Symbol\tQuantity\tPrice\n{rows}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# -- Saving -----------------------------------------------------------------------------------------------


def test_all_rows_are_saved_with_their_prices(browser):
    answer = save(browser, read(browser))
    paste = Paste.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{browser.address}{paste.pk}/")
    assert [str(h.value) for h in Holding.objects.order_by("created_at")] == ["3000.00", "5768.00"]
    assert Security.objects.get(symbol="VTI").price == 240
    page = browser.get(answer["Location"]).content.decode()
    assert "2 holdings, $8,768" in page
    assert "Undo all of it" in page


def test_the_same_form_five_times_saves_once(browser):
    shown = read(browser)
    for _ in range(5):
        assert save(browser, shown).status_code == 303
    assert Holding.objects.count() == 2


def test_the_same_rows_again_are_said_and_saved_only_if_that_is_meant(browser):
    save(browser, read(browser))
    again = save(browser, read(browser))
    assert again.status_code == 409
    assert "These rows came in before" in again.content.decode()
    assert Holding.objects.count() == 2
    assert save(browser, again).status_code == 303
    assert Holding.objects.count() == 4


def test_what_is_in_the_account_already_is_said(browser):
    held(browser.account, security_of(browser.portfolio, "VTI"))
    assert "In this account already:" in read(browser).content.decode()


def test_a_text_that_is_not_the_one_that_was_shown_is_shown_first(browser):
    answer = save(browser, read(browser), text="Symbol\tValue\nVTI\t999999\n")
    assert answer.status_code == 409
    assert "Look at it once more" in answer.content.decode()
    assert not Holding.objects.exists()


def test_without_an_account_one_is_made_when_it_is_saved(browser):
    browser.account.delete()
    page = browser.get(browser.address).content.decode()
    assert "one is made when you save" in page
    answer = read(browser, account="")
    assert not Account.objects.exists()
    assert save(browser, answer).status_code == 303
    assert Account.objects.get().name == "My account"


def test_too_many_and_too_much_are_refused(browser, monkeypatch):
    shown = read(browser, "Symbol\tValue\nA\t900000000000\nB\t900000000000\n")
    answer = save(browser, shown)
    assert answer.status_code == 422
    assert "more than can be reckoned with" in answer.content.decode()
    monkeypatch.setattr("portfolios.services.pasting.MOST_HOLDINGS", 1)
    answer = save(browser, read(browser))
    assert answer.status_code == 422
    assert "There is room for" in answer.content.decode()
    assert not Holding.objects.exists()


# -- Undoing ----------------------------------------------------------------------------------------------


def test_a_paste_is_undone_at_once_and_once(browser):
    done = save(browser, read(browser))["Location"]
    for _ in range(3):
        assert browser.post(f"{done}undo/").status_code == 303
    assert not Holding.objects.kept().exists()
    assert "Undone:" in browser.get(done).content.decode()
    assert "undone" in browser.get(browser.address).content.decode()
    assert AuditEntry.objects.filter(action="paste undone").count() == 1
    assert save(browser, read(browser)).status_code == 303


def test_what_was_changed_by_hand_since_is_not_lost(browser):
    done = save(browser, read(browser))["Location"]
    Holding.objects.filter(security__symbol="VTI").update(quantity=Decimal(99), version=2)
    answer = browser.post(f"{done}undo/")
    assert answer.status_code == 409
    assert "1 of its holdings was changed" in answer.content.decode()
    assert Holding.objects.count() == 2


# -- Who may ----------------------------------------------------------------------------------------------


def test_readers_and_strangers_paste_nothing_and_undo_nothing(browser):
    done = save(browser, read(browser))["Location"]
    reader = browser_of(assign(browser.profile, Role.READER))
    stranger = browser_of(UserFactory())
    assert reader.get(done).status_code == 200
    assert "Undo all of it" not in reader.get(done).content.decode()
    assert stranger.get(done).status_code == 404
    for other in (reader, stranger):
        assert other.get(browser.address).status_code == 404
        sent = {"id": uuid4(), "text": ROWS, "account": browser.account.pk}
        assert other.post(browser.address, sent).status_code == 404
        assert other.post(f"{done}undo/").status_code == 404
    assert Paste.objects.get().undone_at is None


def test_accounts_and_pastes_of_others_are_not_found_here(browser):
    done = save(browser, read(browser))["Location"]
    theirs = own_browser()
    portfolio = portfolio_for(theirs.profile)
    assert theirs.get(f"/p/{portfolio.pk}/paste/{Paste.objects.get().pk}/").status_code == 404
    answer = theirs.post(
        f"/p/{portfolio.pk}/paste/",
        {"id": uuid4(), "text": ROWS, "account": browser.account.pk},
    )
    assert str(browser.account.pk) not in answer.content.decode().replace(done, "")
    foreign = account_for(portfolio_for(ClientFactory()))
    assert read(browser, account=str(foreign.pk)).status_code == 422
