"""Mutants of portfolios that the matrix does not kill: what doubles them, or why nothing could be seen."""

FINDING = "portfolios/views/finding.py"
SEEN = f"{FINDING} portfolio_of: {{}}.objects.visible_to(request.user)".format
CHANGEABLE = f"{FINDING} changeable_portfolio: {{}}.objects.changeable_by(request.user)".format
PORTFOLIO, CLIENT = "Portfolio", "ClientProfile"
EVERYBODYS, VISIBLE = "everybody's", "visible_to"
OF_FIRM = "portfolios/views/securities.py security_in: filter(firm=portfolio.firm_id) without firm"

# The portfolio is found by its client, and the client once more, by whom it is looked at.
DOUBLES: dict[str, tuple[str, ...]] = {
    f"{one} → {wider}": (f"{other} → {wider}",)
    for found, wider in ((SEEN, EVERYBODYS), (CHANGEABLE, EVERYBODYS), (CHANGEABLE, VISIBLE))
    for one, other in (
        (found(PORTFOLIO), found(CLIENT)),
        (found(CLIENT), found(PORTFOLIO)),
    )
}
VIEWED = (
    "portfolios/admin.py SecurityAdmin.viewed: filter(firm=row.firm_id, firm__is_personal=True)"
)
OF_ONE = "the cast has no firm of one; tests/portfolios/test_admin.py looks at the trails"

CHANGE_NOTHING: dict[str, str] = {
    "portfolios/display/faster.py entries_since: "
    "AuditEntry.objects.about_client(theirs.client_id) → everybody's": (
        "entries about this holding, which is its client's"
    ),
    "portfolios/views/accounts.py show_accounts: Q(holdings__deleted_at__isnull=True)"
    " without holdings__deleted_at__isnull": "how many holdings are kept, not whose they are",
    "portfolios/models/securities.py SecurityQuerySet.visible_to: "
    "ClientProfile.objects.of_user(user) → visible_to": (
        "whoever sees other clients sits at the desk, and its securities are seen from there"
    ),
}
REASONS: dict[str, str] = {
    f"{VIEWED} without firm": OF_ONE,
    f"{VIEWED} without firm__is_personal": OF_ONE,
}
