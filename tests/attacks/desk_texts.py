"""Where people at a desk type something, and where it is shown."""

from tests.access.policy_jobs import JOB_TABLES
from tests.access.policy_models import MODEL_TABLES
from tests.access.policy_reviews import REVIEW_TABLES

LISTED = (
    *("q", "risk", "income", "status", "drift", "due"),
    *("advisor", "archived", "sort", "page", "nobodys"),
)
FIELDS = {
    "desk_chosen": ("id", "do", "chosen", "client", "query", "all", "member"),
    "filter_save": ("id", "name", "query"),
    "filter_rename": ("name",),
    "client_review": ("id", "held_on", "summary"),
    "client_notes": ("id", "text"),
    "desk_prices": (
        *("id", "text", "file", "usual_day", "decimal", "digest", "step", "firm", "confirmed"),
    ),
    "firm_method": ("method", "mixes", "version", "figures", "seen"),
    "models_draft": ("version", "id", "name", "note", "action", "moderate_gold"),
}
# Columns of text.
KEPT = {
    "filter_save": ("name",),
    "filter_rename": ("name",),
    "client_review": ("summary",),
    "client_notes": ("text",),
    "desk_prices": ("text",),
    "models_draft": ("name", "note"),
}
ASKED = {
    "desk": LISTED,
    "desk_clients": LISTED,
    "clients": LISTED,
    "desk_packet": ("notes",),
    "desk_whatif": ("stocks", "us_large_cap", "gold", "sort", "page"),
    "filter_save": ("query",),
    "client": ("page",),
    "client_notes": ("page",),
    "firm_method": ("method", "mixes", "page"),
    "jobs": ("automatic", "page"),
    "job": ("show", "after", "told"),
    **{
        f"staff:{table}_changelist": ("q", "p", "o")
        for table in (*REVIEW_TABLES, *JOB_TABLES, *MODEL_TABLES)
    },
}
# What is stored with markup in it, in this order, and then read.
ONE_AT_A_TIME = ("filter_save", "filter_rename")  # their names are short
STORES = (
    ("client_review", "owner", ("summary",)),
    ("client_notes", "owner", ("text",)),
    ("filter_save", "owner", ("name",)),
    ("filter_rename", "advisor", ("name",)),
    ("models_draft", "owner", ("name", "note")),
)
READ = (
    ("desk", "owner"),
    ("desk_clients", "owner"),
    ("desk_clients", "advisor"),
    ("desk_packet", "owner"),
    ("desk_prices", "owner"),
    ("desk_whatif", "owner"),
    ("filter_rename", "advisor"),
    ("client_review", "owner"),
    ("client_notes", "owner"),
    ("jobs", "owner"),
    ("job", "owner"),
    ("firm_method", "owner"),
    ("models", "owner"),
    ("models_draft", "owner"),
    ("staff:questionnaire_review_change", "staff"),
    ("staff:questionnaire_note_change", "staff"),
    ("staff:questionnaire_publishedmodels_change", "staff"),
    ("staff:questionnaire_modeldraft_change", "staff"),
    ("staff:portfolios_priceimport_change", "staff"),
    ("staff:firms_job_change", "staff"),
)
