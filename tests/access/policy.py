"""Who may do what: one outcome for every route, for each of ten people, for GET and for POST.

`POLICY["client_edit"]["reader"] == "missing missing"`: what GET and what POST answer when the address names
the client of the `own` firm. What the people are to that client is in `tests/access/practice.py`; the rows
of portfolios are in `policy_portfolios.py`.

    page     a page, or the part of it that htmx asked for     sign_in  sent to sign in, and back afterwards
    file     something to keep                                 missing  there is no such page (404)
    done     it happened, and the browser goes on to a page    method   not for this method (405)
    empty    it happened, and there is nothing to show         invalid  a sentence about what to change (422)
    moved    another page instead; nothing has happened        expired  this browser has no such questionnaire
    again    prove once more who you are
"""

from collections.abc import Iterable

from tests.access.cast import ACTORS
from tests.access.policy_desk import DESK_PAGES
from tests.access.policy_jobs import JOB_TABLES, JOBS
from tests.access.policy_models import MODEL_TABLES, MODELS
from tests.access.policy_portfolios import PORTFOLIO_TABLES, PORTFOLIOS
from tests.access.policy_reviews import REVIEW_TABLES, REVIEWS
from tests.access.policy_whatif import WHAT_IF
from tests.access.rows import (
    ADD,
    CHANGE,
    DESK,
    MANAGE,
    OWN,
    SEE,
    SIGNED_IN,
    SIGNED_OUT,
    Row,
    but,
    open_to_all,
    row,
    signed_in,
    to_do,
    to_fill_in,
    to_read,
)

# -- The questionnaire ------------------------------------------------------------------------------------

QUESTIONNAIRE: dict[str, Row] = {
    "home": open_to_all(),
    "help": open_to_all(),
    "method": open_to_all(),
    "method_version": open_to_all(),
    "expired": open_to_all("missing"),
    # By the cookie of the draft that the advisor began for the client: the advisor's alone.
    "start": open_to_all("method", "done") | {"advisor": "method moved"},  # theirs goes on
    "start_again": open_to_all("moved", "moved") | {"advisor": "page done"},
    "question": to_fill_in(("advisor",), refused="expired", signed_out="expired"),
    "check": to_fill_in(("advisor",), refused="expired", signed_out="expired"),
    "keep": to_do(("advisor",), refused="expired", signed_out="expired"),
    # An assessment of the client: found by those who see the client, and a 404 to all others.
    "result": to_read(SEE, signed_out="missing"),
    "download": to_read(SEE, "file", signed_out="missing"),
    "whatif": to_read(SEE, signed_out="missing"),
    "why": to_read(SEE, signed_out="missing"),
    "save_result": open_to_all("method", "missing"),  # it has its owner already
    "arrive": signed_in("moved"),
    "today": signed_in(),
    # Whoever has the letter, signed in or not; a used or broken link is a 404.
    "open_link": open_to_all("page", "done"),
    "unsubscribe": open_to_all("page", "done"),
    "join": but(
        row(SIGNED_IN, "page", "invalid"),
        anonymous="page sign_in",
        disabled="page sign_in",
        stranger="page done",  # who is invited
    ),
}

# -- Clients ----------------------------------------------------------------------------------------------

CLIENTS: dict[str, Row] = {
    "client_new": to_fill_in(ADD),
    "client": to_read(SEE),
    "client_edit": to_fill_in(CHANGE),
    "client_archive": to_do(MANAGE),
    "client_restore": to_do(MANAGE),
    "client_household": to_fill_in(CHANGE),
    "household_remove": to_do(CHANGE),
    "client_trail": to_read(("client", "owner")),
    "client_start": to_do(CHANGE),
    "client_invite": to_fill_in(MANAGE),
    "client_link": to_fill_in(MANAGE, post="page"),
    "client_override": to_fill_in(MANAGE),
    "client_advisors": to_fill_in(OWN),
    "client_reminders": to_do(CHANGE),
    "events": to_read(CHANGE),
    "event": to_fill_in(CHANGE),
    "compare": to_read(SEE),
    "client_export": to_read(CHANGE, "file"),
    "client_leave": to_fill_in(("client",)),
    "client_delete": to_fill_in(("client", "owner")),
    "client_deleted": open_to_all(),
}

# -- Firms ------------------------------------------------------------------------------------------------

FIRMS: dict[str, Row] = {
    "firm_new": signed_in("page", "done"),
    "firm": to_read(DESK),
    "firm_trail": to_read(OWN),
    "firm_settings": to_fill_in(OWN),
    "firm_leave": but(to_fill_in(DESK), owner="page invalid"),  # somebody has to own the firm
    "firm_invite": to_fill_in(OWN),
    "firm_kept": to_read(OWN),
    "firm_kept_record": to_read(OWN, "file"),
    "invitation_withdraw": to_do(OWN),
    "invitation_resend": to_do(OWN),
    "member": to_fill_in(OWN),
    "member_remove": to_fill_in(OWN),
}

# -- Accounts ---------------------------------------------------------------------------------------------

HAS_APP = tuple(actor for actor in SIGNED_IN if actor != "other_client")


def own_account(get: str = "page", post: str = "done", of: Iterable[str] = SIGNED_IN) -> Row:
    return row(of, get, post, door_first=True)


ACCOUNTS: dict[str, Row] = {
    "account": own_account(post="method"),
    "stay": own_account("method", "empty"),
    "account_login": row(SIGNED_OUT, "page", "done", refused="moved"),
    "account_logout": row(SIGNED_IN, "page", "done")
    | {"anonymous": "moved done", "disabled": "moved done"},
    "account_signup": row(SIGNED_OUT, "page", "done", refused="moved"),
    "account_email_verification_sent": row(SIGNED_IN, "moved", "moved"),  # nobody waits for a code
    "account_reauthenticate": own_account(),
    "account_email": own_account(),
    "account_change_password": own_account(),
    "account_set_password": own_account("moved", "moved"),  # everybody here has one
    "account_reset_password": open_to_all("page", "done"),
    "account_confirm_password_reset_code": open_to_all("sign_in", "sign_in"),  # nor here
    "account_complete_password_reset": open_to_all("moved", "moved"),
    "account_password_reset_completed": open_to_all("page", "method"),
    "mfa_index": own_account(post="method"),
    "mfa_authenticate": row(SIGNED_IN, "moved", "moved"),
    "mfa_reauthenticate": own_account(post="invalid", of=HAS_APP) | {"other_client": "again again"},
    "mfa_activate_totp": own_account("moved", "moved") | {"other_client": "page invalid"},
    "mfa_deactivate_totp": own_account(of=HAS_APP),
    "mfa_view_recovery_codes": own_account(post="method", of=HAS_APP)
    | {"other_client": "missing method"},
    "mfa_generate_recovery_codes": own_account() | {"other_client": "page invalid"},
    "mfa_download_recovery_codes": own_account("file", "method", of=HAS_APP),
    "mfa_list_webauthn": own_account(post="method"),
    "mfa_add_webauthn": own_account(post="invalid"),
    "mfa_reauthenticate_webauthn": own_account(post="sign_in") | {"other_client": "again again"},
    "mfa_remove_webauthn": own_account(of=("client",)),  # it is the client's
    "mfa_edit_webauthn": own_account(of=("client",)),
    "mfa_login_webauthn": row(SIGNED_IN, "moved", "moved"),
    "usersessions_list": own_account(),
}

# -- The calculator, which knows nobody -------------------------------------------------------------------

API: dict[str, Row] = {
    "api:api-root": open_to_all("missing", "missing"),
    "api:openapi-json": open_to_all(),
    "api:openapi-view": open_to_all(),
    "api:assess": open_to_all("method", "page"),
    "api:allocate": open_to_all("method", "page"),
    "api:drift": open_to_all("method", "page"),
    "api:plan": open_to_all("method", "page"),
    "api:shares": open_to_all("method", "page"),
}

# -- Staff ------------------------------------------------------------------------------------------------
# Staff with a second step; to everybody else who is signed in there are no such pages.

STAFF = ("staff",)
LOOKED_AT = (
    "firms_firm",
    "firms_invitation",
    "firms_auditentry",
    "questionnaire_clientprofile",
    "questionnaire_assessment",
    "questionnaire_ownership",
    "questionnaire_override",
    "questionnaire_lifeevent",
    "questionnaire_tombstone",
    *PORTFOLIO_TABLES,
    *REVIEW_TABLES,
    *JOB_TABLES,
    *MODEL_TABLES,
)
CHANGED = ("firms_user", "firms_membership")
NOBODY: tuple[str, ...] = ()


def of_table(table: str) -> dict[str, Row]:
    """Rows are made nowhere and deleted only where staff unseat a member; nothing of money is changed."""
    can_change, can_delete = table in CHANGED, table == "firms_membership"
    change = to_fill_in(STAFF, "page", "done" if can_change else "missing")
    return {
        f"staff:{table}_changelist": row(STAFF, "page", "page"),
        f"staff:{table}_add": to_fill_in(NOBODY),
        f"staff:{table}_change": change,
        f"staff:{table}_delete": to_fill_in(STAFF if can_delete else NOBODY),
        f"staff:{table}_history": to_fill_in(NOBODY),
        f"staff:{table}_old_address": row(STAFF, "moved", "moved"),
    }


STAFF_PAGES: dict[str, Row] = {
    "staff:index": row(STAFF, "page", "page"),
    "staff:app_list": row(STAFF, "page", "page"),
    "staff:versions": row(STAFF, "page", "method", door_first=True),
    "staff:jsi18n": row(STAFF, "page", "method", door_first=True),
    "staff:catch_all": to_fill_in(NOBODY),
}
for _table in (*LOOKED_AT, *CHANGED):
    STAFF_PAGES |= of_table(_table)

POLICY: dict[str, Row] = {
    "anything": open_to_all("missing", "missing"),  # in DEBUG: what no other route takes
    **QUESTIONNAIRE,
    **CLIENTS,
    **DESK_PAGES,
    **PORTFOLIOS,
    **REVIEWS,
    **WHAT_IF,
    **FIRMS,
    **MODELS,
    **JOBS,
    **ACCOUNTS,
    **API,
    **STAFF_PAGES,
}

# -- Other objects ----------------------------------------------------------------------------------------


def of_others(route: str, *, is_there: bool) -> Row:
    """Somebody else's object, and one that never was: what everybody but its people gets for `own`.

    For those who are signed in that is what `other_client` gets; the rest is unchanged.
    """
    if route in NOT_THERE:
        return NOT_THERE[route]
    if route.startswith("staff:") and is_there:
        return POLICY[route]  # staff are of no firm
    refused = POLICY[route]["other_client"]
    return {actor: POLICY[route][actor] if actor in SIGNED_OUT else refused for actor in ACTORS}


NOT_THERE: dict[str, Row] = {
    "join": open_to_all("missing", "missing"),
    "open_link": open_to_all("missing", "missing"),
    "unsubscribe": open_to_all("missing", "missing"),
    "start_again": open_to_all("moved", "moved"),
}

# It leads on without looking.
NOT_THERE |= {name: row for name, row in STAFF_PAGES.items() if name.endswith("_old_address")}

# What belongs to nobody is opened by its address or its cookie alone.
NOBODYS: dict[str, Row] = {
    "result": open_to_all(),
    "download": open_to_all("file"),
    "whatif": open_to_all(),
    "why": open_to_all(),
    "save_result": open_to_all("method", "done"),
    "start": open_to_all("method", "moved"),
    "start_again": open_to_all("page", "done"),
    "question": open_to_all("page", "done"),
    "check": open_to_all("page", "done"),
    "keep": open_to_all("method", "done"),
}

# -- What more there is to say ----------------------------------------------------------------------------

WORDS = {
    *("page", "file", "done", "empty", "moved"),
    *("sign_in", "missing", "method", "invalid", "expired", "again"),
}
REFUSALS = ("missing", "sign_in", "expired", "method")


def is_refused(outcome: str) -> bool:
    return outcome in REFUSALS


# Reading that is noted: taking data along, staff looking at a row, and that recovery codes were shown.
READS_ARE_NOTED = {
    "client_export",
    "firm_kept_record",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    *(f"staff:{table}_change" for table in (*LOOKED_AT, *CHANGED)),
}

# How often something is entered in trails, where it could be in those of others: of (GET, POST).
MOST_ENTRIES = {"staff:firms_user_change": (1, 2)}  # looked at; and changed, in the one firm
