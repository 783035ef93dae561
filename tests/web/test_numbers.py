import contextlib
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation
from hypothesis import given, strategies as st

from riskalloc.web.numbers import NotANumber, money_text, number_text, parse_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("25,000", "25000"),
        ("25 000", "25000"),
        ("25\u00a0000", "25000"),
        ("25\u202f000.5", "25000.5"),
        ("$ 1,234.50", "1234.5"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("−5", "-5"),
        ("(5)", "-5"),
        ("($1,000)", "-1000"),
        ("5 $", "5"),
        ("007", "7"),
        ("12.", "12"),
        ("1.50000", "1.5"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert parse_number(typed, places=2) == Decimal(number)


MISREADABLE = """x 1e5 1_000 1,00 1,0000 ,5 1,000,00 １ ٣ 0x1 --1 +-1 (-1) -$-1 $$1 5- 1.2.3 1$2"""


@pytest.mark.parametrize("typed", ["", "\0", "5\0", *MISREADABLE.split()])
def test_what_could_be_misread_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, places=2)


def test_decimals_are_limited_but_trailing_zeros_are_not() -> None:
    with pytest.raises(NotANumber, match="at most 2 decimals"):
        parse_number("0.001", places=2)
    assert parse_number("0.010", places=2) == Decimal("0.01")


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(["en-us", "de", "fr"]))
def test_a_printed_number_is_read_back_in_every_language(number: Decimal, language: str) -> None:
    with translation.override(language):
        assert parse_number(number_text(number, 2), places=2) == number


def test_a_number_may_be_written_in_another_language_than_the_readers() -> None:
    assert parse_number("1.234,50", places=2, written_in="de_DE") == Decimal("1234.5")
    with translation.override("de"):
        assert parse_number("1,234.50", places=2, written_in="en_US") == Decimal("1234.5")


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    with contextlib.suppress(NotANumber):
        assert parse_number(typed, places=2).is_finite()


@pytest.mark.parametrize(
    ("language", "text"), [("en-us", "−$1,234.50"), ("de", "−1.234,50\u00a0$")]
)
def test_money_is_printed_by_language(language: str, text: str) -> None:
    with translation.override(language):
        assert money_text(Decimal("-1234.50")) == text


@pytest.mark.parametrize(("language", "text"), [("en-us", "$1,234"), ("de", "1.234\u00a0$")])
def test_whole_dollars_have_no_cents(language: str, text: str) -> None:
    with translation.override(language):
        assert money_text(Decimal("1234.00")) == text


@pytest.mark.parametrize("language", ["en-us", "de", "de-ch", "fr", "da", "ja"])
@pytest.mark.parametrize("currency", ["USD", "EUR", "CHF", "DKK", "CAD", "PEN", "XYZ"])
def test_the_sign_of_a_currency_stands_where_the_language_puts_it(
    language: str, currency: str
) -> None:
    amount = Decimal("1234.50")
    with translation.override(language):
        usual = format_currency(amount, currency, locale=translation.to_locale(language))
        assert money_text(amount, 2, currency) == usual
