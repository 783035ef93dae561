"""Figures as people read them. Built into every template."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.html import format_html

from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.rules import Methodology
from riskalloc.web.numbers import exact_text, money_text, number_text

register = template.Library()


@register.filter
def money(value: Decimal, places: int | None = None) -> str:
    """`$1,234.50`; cents only where there are any, or always with `places` 2."""
    return money_text(value, places)


@register.filter
def whole_money(value: Decimal) -> str:
    """Dollars without cents, rounded: for figures that are estimates anyway."""
    return money_text(half_up(value, 0), 0)


@register.filter
def percent(value: Decimal) -> str:
    """Percent for tables: up to two decimals, trailing zeros dropped."""
    return f"{exact_text(half_up(Decimal(value), 2))}%"


@register.filter
def percent1(value: Decimal) -> str:
    """Percent for sentences: one decimal."""
    return f"{number_text(half_up(Decimal(value), 1), 1)}%"


@register.filter
def counted(count: int) -> str:
    """How many there are: `1,234`."""
    return number_text(Decimal(count))


@register.filter
def fixed2(value: Decimal) -> str:
    return number_text(half_up(value, 2), 2)


@register.filter
def points(value: Decimal) -> str:
    """A change in points with its sign: `+5 points`, `−1 point`, `0 points`."""
    return f"{signed(value)} {'point' if abs(value) == 1 else 'points'}"


@register.filter
def signed(value: Decimal) -> str:
    """A number with its sign: `+5`, `−10`, `0`."""
    text = exact_text(half_up(Decimal(value), 2))
    return f"+{text}" if value > 0 else text


@register.filter
def signed_money(value: Decimal, places: int | None = None) -> str:
    text = money_text(value, places)
    return f"+{text}" if value > 0 else text


@register.filter
def class_name(asset: AssetClass, method: Methodology) -> str:
    return method.classes.classes[asset].name


@register.filter
def at(figures: Mapping[AssetClass, Decimal], asset: AssetClass) -> Decimal:
    return figures[asset]


@register.simple_tag
@lru_cache(maxsize=128)
def chip(style: str, letters: str) -> str:
    """The colour and letters of a class; an empty place where it has none. A table has one in each row."""
    shown = style if letters else "none"
    return format_html('<span class="chip {}" aria-hidden="true">{}</span>', shown, letters)
