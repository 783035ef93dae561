"""Where people type something about portfolios, and where it is shown."""

PLANNING = ("kind", "way", "cash_flow", "cash", "left_out")
LOOKING = ("page", "cash", "left_out")
ACCOUNT = ("name", "kind", "tax", "currency", "cash", "custodian", "is_counted", "reason")
A_ROW = (
    *("symbol", "account", "quantity", "value", "price", "shown_price", "price_currency"),
    *("held_class", "version", "security_version", "role", "frozen_until", "reason"),
    *("cost_basis", "acquired_on", "priced_on", "bring_back", "rate", "rate_currency"),
)
FIELDS = {
    "portfolio_new": ("id", "name", "currency", "takes_target", "target_id"),
    "portfolio_rename": ("version", "name"),
    "portfolio_accounts": ("id", *ACCOUNT),
    "portfolio_account": ("version", *ACCOUNT),
    "portfolio_rates": ("rate_currency", "rate", "typed_on"),
    "portfolio_target": (
        "id",
        "was",
        "stocks",
        "us_large_cap",
        "preview",
        "use",
        "result",
        "override",
    ),
    "portfolio_policy": (
        *("version", "band", "band_points", "band_percent", "band_floor", "stocks_ceiling"),
        *("drift_points", "minimum_trade", "cash_to_keep", "usual_deposit", "counts_cash"),
    ),
    "portfolio_paste": (
        *("id", "text", "account", "digest", "is_meant", "step", "delimiter", "decimal"),
        *("column_0", "column_1"),
    ),
    "portfolio_plans": ("id", "kind", "cash_flow", "seen", "cash", "left_out"),
    "plan_mark": ("id", "done"),
    "holding_add": (
        *("id", "symbol", "quantity", "price", "value", "price_currency", "account"),
        *("rate", "rate_currency", "is_first"),
    ),
    "holding_edit": A_ROW,
    "holding_preview": A_ROW,
    "holdings_delete": ("count",),
    "security_edit": (
        "version",
        "price",
        "priced_on",
        "price_source",
        "what",
        "name",
        "us_large_cap",
    ),
}
# Columns of text.
KEPT = {
    "portfolio_new": ("name",),
    "portfolio_rename": ("name",),
    "portfolio_accounts": ("name", "custodian"),
    "portfolio_paste": ("text",),
    "holding_add": ("symbol",),
    "holding_edit": ("symbol", "reason"),
    "holding_preview": ("symbol", "reason"),
    "security_edit": ("price_source",),
}
ASKED = {
    "portfolio": (*LOOKING, "deleted"),
    "holding": LOOKING,
    "portfolio_plan": PLANNING,
    "portfolio_plan_csv": PLANNING,
    "portfolio_why": PLANNING,
    "staff:portfolios_portfolio_changelist": ("q", "p", "o"),
    "staff:portfolios_account_changelist": ("q", "p", "o", "kind", "is_sample"),
    "staff:portfolios_holding_changelist": ("q", "p", "o", "role"),
    "staff:portfolios_security_changelist": ("q", "p", "o", "is_guessed"),
    "staff:portfolios_target_changelist": ("q", "p", "o"),
    "staff:portfolios_plan_changelist": ("q", "p", "o", "kind"),
}
# What is stored with markup in it, in this order, and then read.
SHORT = ("symbol", "price_source")
STORES = (
    ("portfolio_new", "owner", ("name",)),
    ("portfolio_rename", "owner", ("name",)),
    ("portfolio_accounts", "owner", ("name", "custodian")),
    ("portfolio_account", "owner", ("name", "custodian")),
    ("security_edit", "owner", ("price_source",)),
    ("holding_add", "owner", ("symbol",)),
    ("holding_edit", "owner", ("symbol", "reason")),
)
READ = (
    ("portfolio", "owner"),
    ("portfolio", "client"),
    ("portfolio_look", "owner"),
    ("portfolio_why", "owner"),
    ("portfolio_accounts", "owner"),
    ("portfolio_account", "owner"),
    ("portfolio_rename", "client"),
    ("portfolio_target", "owner"),
    ("portfolio_policy", "owner"),
    ("portfolio_paste", "owner"),
    ("portfolio_pasted", "owner"),
    ("portfolio_plan", "owner"),
    ("portfolio_plans", "owner"),
    ("portfolio_new", "owner"),
    ("plan", "owner"),
    ("holding_edit", "owner"),
    ("holdings_delete", "owner"),
    ("security_edit", "client"),
    ("staff:portfolios_portfolio_change", "staff"),
    ("staff:portfolios_account_change", "staff"),
    ("staff:portfolios_holding_change", "staff"),
    ("staff:portfolios_security_change", "staff"),
    ("staff:portfolios_plan_change", "staff"),
)
