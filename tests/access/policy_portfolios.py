"""Who may do what with portfolios: whoever sees the client sees them, and changes them as the client."""

from tests.access.rows import CHANGE, SEE, Row, but, row, to_do, to_fill_in, to_read


def to_see_and_change() -> Row:
    """A page for all who see the client; what is sent from it is for those who may change them."""
    return but(row(SEE, "page", "done"), reader="page missing")


LOOKED_AT: dict[str, Row] = {
    "portfolio": to_read(SEE),
    "holding": to_read(SEE, "moved"),  # without its row, to the page that it is on
    "portfolio_look": to_read(SEE),
    "portfolio_why": to_read(SEE),
    "portfolio_pasted": to_read(SEE),
    "portfolio_plan": to_read(SEE),
    "portfolio_plan_csv": to_read(SEE, "file"),
    "plan": to_read(SEE),
    "plan_csv": to_read(SEE, "file"),
}
SEEN_AND_CHANGED: dict[str, Row] = {
    "portfolio_accounts": to_see_and_change(),
    "portfolio_target": to_see_and_change(),
    "portfolio_plans": to_see_and_change(),
    "security_edit": to_see_and_change(),
}
FILLED_IN: dict[str, Row] = {
    "holding_edit": to_fill_in(CHANGE),
    "holdings_delete": to_fill_in(CHANGE),
    "portfolio_rename": to_fill_in(CHANGE),
    "portfolio_account": to_fill_in(CHANGE),
    "portfolio_policy": to_fill_in(CHANGE),
    "portfolio_paste": to_fill_in(CHANGE),
}
DONE: dict[str, Row] = {
    "holding_add": to_do(CHANGE),
    "holding_preview": to_do(CHANGE, "page"),
    "holding_delete": to_do(CHANGE),
    "holding_restore": to_do(CHANGE),
    "portfolio_account_remove": to_do(CHANGE),
    "portfolio_rates": to_do(CHANGE),
    "portfolio_paste_undo": to_do(CHANGE),
    "portfolio_sample": to_do(CHANGE),
    "portfolio_sample_remove": to_do(CHANGE),
    "plan_mark": to_do(CHANGE),
}
PORTFOLIOS: dict[str, Row] = {
    "portfolio_new": to_fill_in(CHANGE),
    **LOOKED_AT,
    **SEEN_AND_CHANGED,
    **FILLED_IN,
    **DONE,
    "portfolio_archive": to_do(CHANGE),
    "portfolio_restore": to_do(CHANGE),
}

# What is sent twice happens once, and leads on: of what is not in one's own portfolio nothing is said.
GONE_ALREADY: dict[str, Row] = {"portfolio_account_remove": to_do(CHANGE, "moved")}

# What staff may look at.
PORTFOLIO_TABLES = (
    "portfolios_portfolio",
    "portfolios_account",
    "portfolios_holding",
    "portfolios_security",
    "portfolios_target",
    "portfolios_plan",
)
