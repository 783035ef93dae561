"""Who may do what with a firm's own models, and with what its new results follow."""

from tests.access.rows import DESK, OWN, Row, but, row, to_do, to_fill_in, to_read

MODELS: dict[str, Row] = {
    "firm_method": but(row(DESK, "page", "missing"), owner="page done"),
    "models": to_read(DESK),
    "models_new": to_do(OWN),
    "models_draft": to_fill_in(OWN),
    "models_version": to_read(DESK),
    "models_retire": to_do(OWN),
}

# What staff may look at.
MODEL_TABLES = ("questionnaire_publishedmodels", "questionnaire_modeldraft")
