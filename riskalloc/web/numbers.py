"""Numbers as people type and read them, by locale."""

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberPattern,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)
from django.utils.translation import get_language, gettext as _, to_locale

from riskalloc.engine.amounts import plain

MINUS = "−"
SPACES = " \u00a0\u2009\u202f"
LONGEST = 40


class NotANumber(ValueError):
    """Text that cannot be read as a number; says why."""


def locale() -> str:
    return _locale_of(get_language() or "en_US")


@lru_cache(maxsize=32)
def _locale_of(language: str) -> str:
    return to_locale(language)


def parse_number(text: str, *, places: int, written_in: str = "") -> Decimal:
    """Read `$25,000`, `25 000`, `25,000.50`, `+5`, `−5` or `(5)`; at most `places` decimals.

    `written_in` is the locale whose separators are used, where it is not the reader's own.
    Raises NotANumber with a sentence for letters, exponents, digits of other scripts and misplaced
    separators.
    """
    body, is_negative = _without_sign(text.strip())
    pattern, decimal, group = _grammar(written_in or locale())
    if len(body) > LONGEST or not pattern.fullmatch(body):
        raise NotANumber(_("Use plain digits, like 25,000 or 25,000.50."))
    for separator in (group, *SPACES):
        body = body.replace(separator, "")
    whole, _dot, fraction = body.partition(decimal)
    fraction = fraction.rstrip("0")
    if len(fraction) > places:
        raise NotANumber(_("Use at most {places} decimals.").format(places=places))
    number = Decimal(f"{whole or 0}.{fraction}" if fraction else whole)
    return -number if is_negative else number


def hidden_number(text: str) -> int:
    """What a page of ours put into a hidden field; 0 where somebody made it something else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


# A sign before or after the dollar sign, then the digits, then perhaps a dollar sign.
DRESS = re.compile(
    rf"([-+{MINUS}]?)[{SPACES}]*\$?[{SPACES}]*([-+{MINUS}]?)(.*?)[{SPACES}]*\$?", re.DOTALL
)


def _without_sign(text: str) -> tuple[str, bool]:
    """The text without sign, brackets and dollar sign, and whether it was negative."""
    is_bracketed = text.startswith("(") and text.endswith(")")
    dress = DRESS.fullmatch(text[1:-1].strip() if is_bracketed else text)
    if dress is None or sum(map(bool, [*dress.groups()[:2], is_bracketed])) > 1:
        raise NotANumber(_("Use plain digits, like 25,000 or 25,000.50."))
    before, after, body = dress.groups()
    return body.lstrip(SPACES), is_bracketed or (before + after) in ("-", MINUS)


@lru_cache(maxsize=32)
def _grammar(locale: str) -> tuple[re.Pattern[str], str, str]:
    """Digits in groups of three or in one run, then perhaps a fraction; ASCII digits only."""
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    separators = f"[{re.escape(group)}{SPACES}]"
    whole = rf"(?:[0-9]{{1,3}}(?:{separators}[0-9]{{3}})+|[0-9]+)"
    return re.compile(rf"{whole}(?:{re.escape(decimal)}[0-9]*)?"), decimal, group


# -- Printing. Cached: a page prints the same few figures again and again, and locale formats are slow. ----


def number_text(value: Decimal, places: int = 0) -> str:
    """`1,234.50` with exactly `places` decimals; a real minus sign."""
    return _sign(value) + _number(abs(value), places, locale())


def exact_text(value: Decimal) -> str:
    """A number with the decimals it has, and no trailing zeros."""
    return number_text(value, len(plain(value).partition(".")[2]))


def money_text(value: Decimal, places: int | None = None, currency: str = "USD") -> str:
    """`$1,234.50`; without cents where there are none, unless `places` says otherwise."""
    if places is None:
        places = 0 if value == value.to_integral_value() else 2
    return _sign(value) + _money(abs(value), places, currency, locale())


def _sign(value: Decimal) -> str:
    return MINUS if value < 0 else ""


@lru_cache(maxsize=4096)
def _number(value: Decimal, places: int, locale: str) -> str:
    return _number_pattern(places).apply(value, _known(locale))


@lru_cache(maxsize=4096)
def _money(value: Decimal, places: int, currency: str, locale: str) -> str:
    return _money_pattern(places, currency, locale).apply(value, _known(locale))


@lru_cache(maxsize=32)
def _number_pattern(places: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * places if places else ""))


@lru_cache(maxsize=128)
def _money_pattern(places: int, currency: str, locale: str) -> NumberPattern:
    """With the currency's sign in quotes, which are not printed: some have a full stop."""
    usual = str(_known(locale).currency_formats["standard"].pattern)
    digits = re.sub(r"\.0+", "." + "0" * places if places else "", usual)
    return parse_pattern(digits.replace("¤", f"'{get_currency_symbol(currency, locale)}'"))


@lru_cache(maxsize=32)
def _known(locale: str) -> Locale:
    return Locale.parse(locale)
