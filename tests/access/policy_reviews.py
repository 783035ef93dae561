"""Who may do what with notes, reviews, the packet for a meeting, and prices of a whole firm."""

from tests.access.rows import ADD, MANAGE, Row, but, row, to_do, to_fill_in, to_read

AT_THE_DESK = ("owner", "advisor", "reader")
REVIEWS: dict[str, Row] = {
    "client_review": to_fill_in(MANAGE),
    "client_notes": but(to_fill_in(MANAGE), reader="page missing"),
    "desk_packet": to_read(AT_THE_DESK),
    # Of the firms where somebody changes things: the stranger has one of their own.
    "desk_prices": row((*ADD, "stranger"), "page", "done"),
    "desk_price_import": to_read(ADD),
    "desk_prices_undo": to_do(ADD),
}

# What staff may look at.
REVIEW_TABLES = ("questionnaire_review", "questionnaire_note", "portfolios_priceimport")
