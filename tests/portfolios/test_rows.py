"""Pasted text and files: what is understood, what a bad line needs, what is left out."""

import csv
import io
import time
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from portfolios.imports.agreeing import price_of
from portfolios.imports.figures import NotAFigure, Style, decimal_of, figure, mark_of
from portfolios.imports.reading import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_ROWS,
    Choices,
    Means,
    NotRead,
    Reading,
    digest_of,
)
from portfolios.imports.rows import read_rows

S, N, Q, P, V, C = (
    Means.SYMBOL,
    Means.NAME,
    Means.QUANTITY,
    Means.PRICE,
    Means.VALUE,
    Means.COST,
)


def figures(reading: Reading) -> list[tuple[Any, ...]]:
    """Symbol, quantity, price, value and cost of each row."""
    return [(row.symbol, row.quantity, row.price, row.value, row.cost) for row in numbers(reading)]


def numbers(reading: Reading) -> tuple[Any, ...]:
    assert reading.faults == ()
    return reading.rows


def means(reading: Reading) -> list[Means | None]:
    return [column.means for column in reading.columns]


def fault(text: str, **values: Any) -> str:
    """The one sentence about what is wrong."""
    (only,) = read_rows(text, **values).faults
    assert only.sentence.startswith(f"Line {only.line}: ")
    return only.sentence


def refusal(source: str | bytes) -> str:
    with pytest.raises(NotRead) as refused:
        read_rows(source)
    return str(refused.value)


# -- Separators, headings, encodings ----------------------------------------------------------------------

EXPECTED = [("VTI", 120, Decimal("312.5"), None, 30_000), ("BND", 10, 74, 740, None)]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_are_understood_whatever_separates_them(delimiter: str, line_end: str) -> None:
    table = [
        "Symbol Quantity Price Value Cost".split(),
        ["VTI", "120", "$312.50", "", "30,000"],
        ["BND", "10", "", "740.00", "--"],
    ]
    paper = io.StringIO()
    csv.writer(paper, delimiter=delimiter, lineterminator=line_end).writerows(table)
    reading = read_rows(paper.getvalue())
    assert figures(reading) == EXPECTED
    assert (reading.delimiter, reading.header_line) == (delimiter, 1)
    assert [row.line for row in reading.rows] == [2, 3]
    assert reading.are_columns_sure


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_its_encoding(encoding: str) -> None:
    reading = read_rows(
        "Name,Value\nFonds für Häuser,“1000”\n".replace("“1000”", "1000").encode(encoding)
    )
    assert figures(reading) == [("Fonds für Häuser", None, None, 1_000, None)]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        *((name, S) for name in ("Symbol", "TICKER", "ticker symbol")),
        *((name, Q) for name in ("Qty", "Quantity", "shares", "UNITS", "Qty (Quantity)")),
        *((name, P) for name in ("Last Price", "NAV", "Share Price", "Price ($)", "Price (USD)")),
        *((name, V) for name in ("Current Value", "Amount", "Mkt Val (Market Value)", "Balance")),
        *((name, C) for name in ("Cost Basis", "Total Cost", "Cost Basis Total")),
        *((name, N) for name in ("Name", "Description", "Fund", "Investment Name")),
    ],
)
def test_a_heading_says_what_its_column_is(heading: str, meaning: Means) -> None:
    headings = [heading] + (["Quantity"] if meaning in (S, N) else ["Symbol", "Value", "Qty"])
    reading = read_rows("\t".join(headings) + "\n" + "\t".join("5" * len(headings)) + "\n")
    assert means(reading)[0] is meaning


@pytest.mark.parametrize("heading", ["Price (EUR)", "Last Price Change", "Percent Of Account", ""])
def test_a_heading_that_is_not_known_is_not_read(heading: str) -> None:
    reading = read_rows(f"Symbol\tValue\t{heading}\nVTI\t5\tx\n")
    assert means(reading) == [S, V, None]
    assert [column.samples for column in reading.columns] == [("VTI",), ("5",), ("x",)]


def test_the_first_of_two_headings_with_one_meaning_counts() -> None:
    assert means(read_rows("Symbol,Value,Market Value\nVTI,5,6")) == [S, V, None]


def test_headings_without_an_amount_are_refused() -> None:
    assert refusal("Symbol,Percent\nVTI,5%").endswith("Call one of them Quantity or Value.")


def test_lines_above_the_headings_are_left_out() -> None:
    text = "Positions for account 001 as of 04:05 PM\n\nSymbol,Value\nVTI,5\nSymbol,Value\nBND,6\n"
    reading = read_rows(text)
    assert [row.symbol for row in numbers(reading)] == ["VTI", "BND"]
    assert [(left.line, left.reason) for left in reading.left_out] == [
        (1, "It stands above the headings."),
        (5, "It has the headings once more."),
    ]


@pytest.mark.parametrize(
    ("text", "columns", "is_sure"),
    [
        ("VTI\t$5,000", [S, V], True),
        ("VTI\t5000", [S, V], False),
        ("VTI\t10\t312.50", [S, Q, P], False),
        ("VTI\t10\t5\t40", [S, Q, P, C], False),
        ("VTI\t10\t5\t50", [S, Q, P, V], True),
        ("VTI\t10\t5\t50\t40", [S, Q, P, V, C], True),
        ("VTI\tTotal Market Fund\t10\t5", [S, N, Q, P], False),
        ("Total Market Fund\tVTI\t$10", [N, S, V], True),
        ("VTI\t$5,000\t$4,000", [S, V, C], False),
        ("7203\t100\t20", [S, Q, P], False),
    ],
)
def test_without_headings_the_columns_are_told_by_what_is_in_them(
    text: str, columns: list[Means], is_sure: bool
) -> None:
    reading = read_rows(text)
    assert (means(reading), reading.are_columns_sure) == (columns, is_sure)
    assert reading.header_line is None


def test_unknown_headings_are_not_a_row() -> None:
    reading = read_rows("Wertpapier\tBetrag\nVTI\t$5")
    assert figures(reading) == [("VTI", None, None, 5, None)]
    assert (reading.header_line, reading.are_columns_sure) == (1, False)


def test_a_person_may_see_columns_and_numbers_otherwise() -> None:
    choices = Choices(delimiter=";", decimal=",", columns=(S, Q, V))
    (row,) = numbers(read_rows("VTI;1.000;1.234", choices=choices))
    assert (row.quantity, row.value, row.price) == (1_000, 1_234, Decimal("1.234"))
    nonsense = Choices(delimiter="x", decimal="x", columns=())
    assert read_rows("VTI;5", choices=nonsense).delimiter == ";"


# -- Numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("$1,234.50", "1234.5"),
        ("1 234", "1234"),
        ("1\u202f234.5", "1234.5"),
        ("+5", "5"),
        ("USD 5", "5"),
        ("5 usd", "5"),
        ("5.1000", "5.1"),
        *((nothing, None) for nothing in ("", "-", "--", "n/a", "N/A", "null", "—")),
    ],
)
def test_a_cell_is_read_as_people_write_it(cell: str, number: str | None) -> None:
    expected = None if number is None else Decimal(number)
    assert read_rows(f"Symbol\tValue\tCost\nVTI\t1\t{cell}").rows[0].cost == expected


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("5%", "“5%” is a percentage. Give the value itself."),
        ("1e5", "the value “1e5” cannot be read. Use plain digits, like 25,000 or 25,000.50."),
        ("1_000", "cannot be read"),
        ("12 shares", "cannot be read"),
        ("٣", "cannot be read"),
        ("=1+1", "cannot be read"),
        ("1.2345", "Use at most 2 decimals."),
        ("-5", "is below 0, and what is owed cannot be kept here. Leave the line out."),
        ("−5", "is below 0"),
        ("(5)", "is below 0"),
        ("€5", "is in another currency than this account (USD). Convert it first."),
        ("1" + 30 * "0", "is too large. At most 1,000,000,000,000 can be kept."),
        (200 * "9", "cannot be read"),
    ],
)
def test_a_number_that_cannot_be_kept_says_why(cell: str, part: str) -> None:
    sentence = fault(f"Symbol\tValue\nBND\t1.50\nVTI\t{cell}")
    assert sentence.startswith("Line 3: ")
    assert part in sentence
    assert len(sentence) < 200


def test_units_are_no_amount_of_money() -> None:
    assert "Put it under value, or give the units." in fault("Symbol\tQuantity\nVTI\t$5")


def test_eight_decimals_of_units_are_kept_and_nine_are_not() -> None:
    text = "Symbol\tQuantity\nBTC\t0.{}1"
    assert numbers(read_rows(text.format(7 * "0")))[0].quantity == Decimal("1E-8")
    assert "at most 8 decimals" in fault(text.format(8 * "0"))


def test_a_cost_below_nothing_is_not_owed() -> None:
    sentence = fault("Symbol,Value,Cost\nVTI,5,($126.93)")
    assert sentence == "Line 2: the cost is below 0. Correct it, or leave that cell empty."


@pytest.mark.parametrize(("currency", "cell"), [("EUR", "5 €"), ("GBP", "£5"), ("CAD", "$5")])
def test_the_sign_of_the_accounts_currency_is_read(currency: str, cell: str) -> None:
    (row,) = numbers(read_rows(f"VTI\t{cell}", currency=currency))
    assert row.value == 5
    assert "another currency" in fault("Symbol\tValue\nVTI\t¥5", currency=currency)


@pytest.mark.parametrize(
    ("number", "mark"),
    [
        ("1,234.50", "."),
        ("1.234,50", ","),
        ("1.5", "."),
        ("1,5", ","),
        ("0.125", "."),
        ("0,125", ","),
        ("12345.678", "."),
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("$1.234.567,5", ","),
        ("1,234", None),
        ("1.234", None),
        ("1234", None),
        ("11.20.2026", None),
        ("1.2,3.4", None),
        ("VTI", None),
    ],
)
def test_a_number_tells_its_decimal_mark_only_where_it_can_be_no_other(
    number: str, mark: str | None
) -> None:
    assert mark_of(number) == mark


@pytest.mark.parametrize(
    ("cells", "delimiter", "expected"),
    [
        (["1,234", "5.50"], ",", (".", True)),
        (["1.234", "5,50"], ";", (",", True)),
        (["1.234", "7"], ",", (".", False)),
        (["1,234"], ";", (",", False)),
        (["1.5", "1,5"], ";", (".", False)),
        (["1234"], ",", (".", True)),
    ],
)
def test_the_decimal_mark_is_that_of_all_numbers_together(
    cells: list[str], delimiter: str, expected: tuple[str, bool]
) -> None:
    assert decimal_of(cells, delimiter) == expected


def test_european_numbers_are_read_where_one_of_them_is_clear() -> None:
    rows = read_rows("Symbol;Menge;Value\nVTI;1;1.234,50\nBND;1;1.234\n").rows
    assert [row.value for row in rows] == [Decimal("1234.5"), 1_234]


def test_numbers_of_both_kinds_are_read_in_one_and_the_others_are_refused() -> None:
    reading = read_rows("Symbol\tValue\nVTI\t1.50\nBND\t1,5\nVXUS\t1,234")
    assert [row.value for row in reading.rows] == [Decimal("1.5"), 1_234]
    assert [fault.line for fault in reading.faults] == [3]
    assert not reading.is_decimal_sure


def test_where_nothing_tells_numbers_are_read_in_the_readers_language() -> None:
    with translation.override("de"):
        (row,) = numbers(read_rows("VTI\t1.234"))
    assert row.value == 1_234
    assert "at most 2 decimals" in fault("VTI\t1.234")


amounts = st.decimals(0, 10**12, places=2)


@given(amounts, st.sampled_from([".", ","]), st.booleans())
def test_a_written_number_is_read_back(number: Decimal, mark: str, is_grouped: bool) -> None:
    text = f"{number:,.2f}" if is_grouped else f"{number:.2f}"
    text = text if mark == "." else text.translate(str.maketrans(".,", ",."))
    assert figure(text, Means.VALUE, Style(decimal=mark)) == number
    (row,) = numbers(read_rows(f"Symbol\tQuantity\tCost\nVTI\t1\t{text}"))
    assert row.cost == number


@given(st.text(max_size=60), st.sampled_from([Q, P, V, C]), st.sampled_from([".", ","]))
def test_any_cell_is_a_number_nothing_or_refused(cell: str, what: Means, mark: str) -> None:
    number, sentence = None, ""
    try:
        number = figure(cell, what, Style(decimal=mark))
    except NotAFigure as refused:
        sentence = str(refused)
    assert len(sentence) < 200
    assert number is None or 0 <= number <= 10**12


# -- Amounts that belong together -------------------------------------------------------------------------


def test_value_by_quantity_is_the_price() -> None:
    (row,) = numbers(read_rows("Symbol,Quantity,Value\nVTI,3,100"))
    assert (row.price, row.is_worked_out) == (Decimal("33.33333333"), True)
    assert price_of(Decimal(3), Decimal(200)) == Decimal("66.66666667")


@given(st.decimals("1e-8", 10**9, places=8), amounts.filter(bool))
def test_the_price_is_value_by_quantity_to_the_eighth_decimal(
    quantity: Decimal, value: Decimal
) -> None:
    price = price_of(quantity, value)
    if price is not None:
        assert (
            abs(int(price * 10**8) * int(quantity * 10**8) - int(value * 10**16))
            <= int(quantity * 10**8) / 2
        )


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("VTI,,,,", "there is no quantity and no value. Add one of them."),
        (",5,,,", "there is no symbol and no name. Add one of them."),
        ("--,5,,,", "there is no symbol and no name."),
        ("VTI,10,5,500,", "10 times 5 is 50, not 500. Correct one of them or leave one out."),
        ("VTI,0,,5,", "the quantity is 0, but there is a value."),
        ("VTI,10000000000,,0.01,", "gives no price that can be kept. Give the value alone."),
        ("VTI,0.00000001,,1000000000,", "gives no price that can be kept."),
        (f"{'V' * 65},5,,,", "“VVVVVVVVVVVVVVVVVVVV…” has more than 64 characters. Shorten it."),
        ("V\x07I,5,,,", "has a character that cannot be shown."),
        (f"VTI,{'5' * (LONGEST_CELL + 1)},,,", "a cell has more than 512 characters."),
        ("VTI,5,,,,6", "a comma seems to have cut a number."),
        (f"VTI,5{69 * ','}", "there are 71 columns, and we read 64 at most. Leave some out."),
        ("VTI", "Put a tab, a comma or a semicolon between the columns."),
    ],
)
def test_a_bad_line_says_what_it_needs(line: str, part: str) -> None:
    text = f"Symbol,Quantity,Price,Value,Cost\nBND,1,5,,\n{line}\n"
    assert part in fault(text)
    assert fault(text).startswith("Line 3: ")


@pytest.mark.parametrize("text", ["VTI,$1,234.50", "VTI 1,234.50"])
def test_a_comma_that_cuts_a_number_is_noticed(text: str) -> None:
    assert "a comma seems to have cut a number." in fault(text)


def test_rounded_prices_of_a_broker_agree_with_its_values() -> None:
    text = "Symbol,Quantity,Price,Value\nVTI,120.567,312.51,37678.40\nX,100000,0.01,1400\n"
    assert len(numbers(read_rows(text))) == 2


def test_one_symbol_has_one_price() -> None:
    text = "Symbol,Quantity,Price,Value\nVTI,3,,100\nvti,1,33.33,\nVTI,6,,200\n"
    assert [row.price for row in numbers(read_rows(text))] == [Decimal("33.33")] * 3
    assert fault(text + "VTI,1,35,\n") == (
        "Line 5: VTI has the price 35 here and 33.33 in line 3. Use one price."
    )
    assert "Use one price." in fault(text + "VTI,1,,35\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Total,,5", "It is a total."),
        (",Account Total:,5", "It is a total."),
        ("VTI,0,", "Nothing of it is held: it says 0."),
        ("VTI,,0.00", "Nothing of it is held: it says 0."),
        ("Date downloaded 11/20/2026 4:05 PM ET", "It is text and has no figures."),
        ('"The data is provided as it is, and no one promises."', "It is text and has no figures."),
        (
            f"This,{'text was cut ' * 4},{'by its own commas ' * 2}",
            "It is text and has no figures.",
        ),
    ],
)
def test_what_is_no_holding_is_left_out_with_its_reason(line: str, reason: str) -> None:
    reading = read_rows(f"Symbol,Quantity,Value\nBND,1,5\n{line}\n")
    assert len(numbers(reading)) == 1
    (left,) = reading.left_out
    assert (left.line, left.reason) == (3, reason)
    assert left.text
    assert "Total Bond Fund" in {
        row.symbol for row in numbers(read_rows("Name,Value\nTotal Bond Fund,5"))
    }


def test_stars_and_marks_that_nobody_sees_are_no_part_of_a_symbol() -> None:
    text = "\ufeffSymbol,Value\nSPAXX**,5\nV\u200bTI\u200e , 6\n"
    assert [row.symbol for row in numbers(read_rows(text))] == ["SPAXX", "VTI"]


def test_quoted_cells_may_have_anything_in_them() -> None:
    text = 'Name,Value\n"A ""great"", long\nname", "1,000"\nVTI,5\n'
    reading = read_rows(text)
    assert figures(reading)[0] == ('A "great", long name', None, None, 1_000, None)
    assert [row.line for row in reading.rows] == [2, 4]


def test_a_quotation_mark_that_never_closes_stops_the_reading_with_its_line() -> None:
    reading = read_rows('Name,Value\nVTI,5\n"BND,6\nVXUS,7\n')
    assert [row.symbol for row in reading.rows] == ["VTI"]
    (only,) = reading.faults
    assert only.line == 3
    assert only.sentence.endswith("Close it or take it out. Nothing after it was read.")


# -- What cannot be read ----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", " \n\t\n", b"", "\ufeff", b"\xff\xfe"])
def test_nothing_is_said_to_be_nothing(source: str | bytes) -> None:
    assert refusal(source).startswith("There is nothing to read.")


@pytest.mark.parametrize(
    "source",
    [
        "VTI\0,5",
        b"PK\x03\x04\0\0",
        b"%PDF-1.4\0",
        "VTI,5".encode("utf-32"),
        "VTI,5".encode("utf-16-le"),
        "VTI\ud800,5",
    ],
)
def test_what_is_no_text_is_refused(source: str | bytes) -> None:
    assert refusal(source).startswith("This is not a text file.")


@pytest.mark.parametrize("source", [b"\x81VTI,5", b"\xff\xfeVTI"])
def test_letters_that_are_in_no_encoding_are_refused(source: bytes) -> None:
    assert "Save it as “CSV UTF-8”" in refusal(source)


@pytest.mark.parametrize("source", ["é" * (MOST_BYTES + 1), b"x" * (MOST_BYTES + 1)])
def test_two_megabytes_are_the_most(source: str | bytes) -> None:
    assert refusal(source).startswith("That is more than 2 MB.")


def test_five_thousand_rows_are_the_most() -> None:
    lines = [f"S{n},5" for n in range(MOST_ROWS)]
    assert len(numbers(read_rows("\n".join(["Symbol,Value", *lines, "Total,5"])))) == MOST_ROWS
    assert refusal("\n".join([*lines, "VTI,5"])).startswith("There are more than 5,000 lines.")
    assert refusal(3 * MOST_ROWS * "VTI,0\n").startswith("There are more than 5,000 lines.")


def test_the_digest_is_that_of_the_rows_and_not_of_their_dress() -> None:
    plain = read_rows("Symbol,Quantity,Price,Value\nVTI,10,,50\nBND,,,5\n")
    dressed = read_rows("Ticker;Shares;Market Value;Price\nvti;10.0;$50.00;\nBND;;$5.00;--\n")
    assert plain.digest == dressed.digest == digest_of(plain.rows)
    for other in ("VTI,10,,51\nBND,,,5", "BND,,,5\nVTI,10,,50", "VTI,10,5,50\nBND,,,5"):
        assert read_rows(f"Symbol,Quantity,Price,Value\n{other}\n").digest != plain.digest


# -- Anything at all --------------------------------------------------------------------------------------

NASTY = '"\t,;\n\r $€%()-−.0123456789eE=@ \u202e\ufeffVTIäß'
cells = st.one_of(
    st.text(NASTY, max_size=12),
    st.sampled_from(["Symbol", "Quantity", "Price", "Value", "Cost", "Total", "VTI", "$1,234.50"]),
    st.decimals(-100, 10**13).map(str),
)
tables = st.lists(st.lists(cells, max_size=6).map("\t".join), max_size=8).map("\n".join)


def holds_together(source: str | bytes, **values: Any) -> None:
    try:
        reading = read_rows(source, **values)
    except NotRead:
        return
    for row in reading.rows:
        assert row.symbol
        assert row.symbol.isprintable()
        assert len(row.symbol) <= 64
        assert row.quantity is not None or row.value is not None
        amounts = (row.quantity, row.price, row.value, row.cost)
        assert all(amount is None or 0 <= amount <= 10**12 for amount in amounts)
    for said in reading.faults:
        assert said.sentence.startswith(f"Line {said.line}: ")
    lines = [row.line for row in reading.rows]
    assert lines == sorted(set(lines))
    assert len(reading.digest) == 64


@given(st.one_of(st.text(), st.text(NASTY, max_size=200), tables))
def test_any_text_is_understood_or_refused(text: str) -> None:
    holds_together(text)


@given(
    st.one_of(st.binary(), tables.map(str.encode), tables.map(lambda text: text.encode("utf-16")))
)
def test_any_bytes_are_understood_or_refused(source: bytes) -> None:
    holds_together(source)


choices = st.builds(
    Choices,
    delimiter=st.sampled_from([None, "\t", ",", ";", "|"]),
    decimal=st.sampled_from([None, ".", ","]),
    columns=st.none() | st.lists(st.none() | st.sampled_from(Means), max_size=7).map(tuple),
)


@given(tables, choices, st.sampled_from(["USD", "EUR", "CHF"]))
def test_any_choice_of_a_person_is_followed_or_refused(
    text: str, choices: Choices, currency: str
) -> None:
    holds_together(text, choices=choices, currency=currency)


@pytest.mark.parametrize(
    "part",
    ['"', "a", ",", "\n", "a\n", '"a"\n', " ", "\t", "$ ", "1,", "a,1\n", '""', '"a,', "٣", "(\n"],
)
def test_two_megabytes_of_anything_take_less_than_two_seconds(part: str) -> None:
    source = (part * MOST_BYTES).encode()[:MOST_BYTES]
    started = time.process_time()
    holds_together(source)
    assert time.process_time() - started < 2
