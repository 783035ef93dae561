"""Prices out of text: what each column is, how numbers and days are written, and what each bad line needs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from portfolios.imports.prices import read_prices
from portfolios.imports.reading import Choices, NotRead

TODAY = date(2026, 11, 21)
DAY = date(2026, 11, 20)


def read(text, **choices):
    return read_prices(text, today=TODAY, usual_day=TODAY, choices=Choices(**choices))


def rows(text, **choices):
    return [(row.symbol, row.price, row.day) for row in read(text, **choices).rows]


def sentences(text):
    return [fault.sentence for fault in read(text).faults]


VTI = [("VTI", Decimal("245.5"), DAY)]


@pytest.mark.parametrize(
    "text",
    [
        "Symbol,Price,Date\nVTI,245.50,2026-11-20\n",
        "VTI\t245.50\t2026-11-20",
        "Symbol;Price;Date\nVTI;245,50;20.11.2026",
        "date,ticker,close\n2026-11-20,VTI,$245.50",
        "Ticker,Closing price,As of\nVTI*,245.5,11/20/2026",
        "VTI,245.50 USD,20 Nov 2026",
        "\ufeffSymbol,NAV,Price date\r\nVTI,245.5,Nov 20 2026\r\n",
        "Symbol,Name,Price,Currency,Date\nVTI,Total market,245.5,USD,2026/11/20",
        'Symbol,Price,Date\n"VTI","245.50","2026-11-20T16:00:00Z"',
        "VTI,245.5,2026-11-20\nvti,245.50,2026-11-20",  # the same once more does no harm
    ],
)
def test_one_price_however_it_is_written(text):
    assert rows(text) == VTI
    assert sentences(text) == []


def test_a_line_without_a_date_is_of_the_usual_day():
    assert rows("VTI,245.50") == [("VTI", Decimal("245.5"), TODAY)]
    assert rows("Symbol,Price,Date\nVTI,245.50,") == [("VTI", Decimal("245.5"), TODAY)]


def test_one_date_tells_the_order_of_all():
    assert rows("A,1,3/4/2026\nB,1,25/4/2026")[0][2] == date(2026, 4, 3)
    assert rows("A,1,3/4/2026\nB,1,4/25/2026")[0][2] == date(2026, 3, 4)
    assert read("A,1,3/4/2026\nB,1,4/25/2026").is_order_sure


def test_a_date_that_may_be_two_is_said():
    assert not read("A,1,3/4/2026").is_order_sure
    assert read("A,1,3/3/2026").is_order_sure
    assert read("A;1;3.4.2026").is_order_sure


def test_the_currency_beside_a_price_is_kept():
    reading = read("Symbol,Price,Currency\nA,€5,\nB,5 GBP,\nC,5,chf\nD,$5,\n")
    assert [row.currency for row in reading.rows] == ["EUR", "GBP", "CHF", ""]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("VTI,-5,2026-11-20", "Line 2: the price is below 0. Correct it, or leave the line out."),
        ("VTI,(5),2026-11-20", "Line 2: the price is below 0."),
        ("VTI,0.00,2026-11-20", "Line 2: the price is 0."),
        ("VTI,,2026-11-20", "Line 2: there is no price."),
        ("VTI,n/a,2026-11-20", "Line 2: there is no price."),
        ("VTI,1e3,2026-11-20", "Line 2: the price “1e3” cannot be read."),
        ("VTI,five,2026-11-20", "Line 2: the price “five” cannot be read."),
        ("VTI,1" + "0" * 30 + ",2026-11-20", "Line 2: the price “1000"),
        ("VTI,0.123456789,2026-11-20", "Use at most 8 decimals"),
        ("VTI,NaN,2026-11-20", "Line 2: there is no price."),
        ("VTI,5%,2026-11-20", "is a percentage"),
        (",5,2026-11-20", "Line 2: there is no symbol. Add it."),
        ("V" * 65 + ",5,2026-11-20", "is no symbol"),
        ("VTI,5,2026-02-30", "“2026-02-30” is no date. Write it like 2026-11-21."),
        ("VTI,5,soon", "“soon” is no date."),
        ("VTI,5,2026-11-22", "Line 2: 22 Nov 2026 is in the future. Correct the date."),
        ("VTI,5,1926-11-20", "20 Nov 1926 is long ago. Check the year."),
        ("VTI", "there is only one column"),
    ],
)
def test_a_bad_line_is_named_with_what_it_needs_and_the_others_are_read(line, sentence):
    reading = read(f"Symbol,Price,Date\n{line}\nBND,72.10,2026-11-20\n")
    assert [row.symbol for row in reading.rows] == ["BND"]
    assert sentence in reading.faults[0].sentence


def test_two_prices_of_one_symbol_are_one_too_many():
    reading = read("VTI,245,2026-11-20\nvti,246,2026-11-20\nVTI,245,2026-11-19")
    assert len(reading.rows) == 1
    assert [fault.line for fault in reading.faults] == [2, 3]
    say = "Line 2: vti is in line 1 already, with 245 of 20 Nov 2026. Leave one of them out."
    assert reading.faults[0].sentence == say


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is nothing to read"),
        ("VTI", "a symbol and a price in each line"),
        ("some words\nand more", "a symbol and a price in each line"),
        ("Name,Colour\nVTI,blue", "is a symbol"),
        ("Symbol,Colour\nVTI,blue", "None of the headings (Symbol, Colour) is a price"),
        ("VTI\0,5", "not a text file"),
        ("x" * (2 * 1024 * 1024 + 1), "more than 2 MB"),
        ("\n".join(f"S{n},5" for n in range(5_001)), "more than 5,000 lines"),
        (b"\xff\xfe\x00", "letters of this file"),
    ],
)
def test_what_cannot_be_read_at_all_gets_one_sentence(text, sentence):
    with pytest.raises(NotRead, match=sentence.replace("(", r"\(").replace(")", r"\)")):
        read(text)


def test_five_thousand_lines_are_read():
    assert len(read("\n".join(f"S{n},5" for n in range(5_000))).rows) == 5_000


def test_the_same_prices_have_the_same_digest_however_they_are_dressed():
    one, other = read("VTI,245.50,2026-11-20"), read("vti\t$245.5\t20 Nov 2026")
    assert one.digest == other.digest != read("VTI,245.51,2026-11-20").digest


def test_somebody_may_say_how_numbers_are_written():
    assert rows("VTI;1.500", decimal=",")[0][1] == 1500
    assert rows("VTI;1.500", decimal=".")[0][1] == Decimal("1.5")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_whatever_comes_is_read_or_refused(text):
    try:
        reading = read(text)
    except NotRead:
        return
    assert all(0 < row.price <= 10**10 and row.day <= TODAY for row in reading.rows)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(*[st.text("VTI0123456789.,-$€() /\t;n", max_size=12)] * 3), max_size=8))
def test_whatever_stands_in_the_cells_is_read_or_refused(lines):
    try:
        reading = read("\n".join(["Symbol,Price,Date", *(",".join(cells) for cells in lines)]))
    except NotRead:
        return
    assert all(row.price > 0 and row.symbol for row in reading.rows)
