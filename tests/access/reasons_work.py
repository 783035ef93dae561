"""Mutants of work on many, and of the desk's pages, that the matrix does not kill."""

DESK = "portfolios/advisors"
BULK, TRAIL, PRICES = f"{DESK}/bulk.py", f"{DESK}/packet_trail.py", f"{DESK}/prices.py"
MINE = "Membership.objects.visible_to(request.user)"
OF_OWNED = "filter(firm__in=book.owned_firms) without firm__in"
IN_FIRM = "filter(firm=doing.firm_id, pk=doing.key) without firm"
ABOUT = f"{TRAIL} holding_changes: AuditEntry.objects.about_client(client.pk) → everybody's"
IMPORTS = "PriceImport.objects.visible_to(request.user) → everybody's"
LISTED = f"{PRICES} show_form: filter(firm__in=firms) without firm__in"
OPENED = f"{PRICES} imports_for: filter(firm__in=firms_of(request)) without firm__in"
CHOICES = "questionnaire/views/switching.py choices:"

# Whose it is, asked by the person and by the firm.
DOUBLES: dict[str, tuple[str, ...]] = {
    f"{DESK}/bulk_views.py arguments_of: {OF_OWNED}": (
        f"{DESK}/bulk_views.py arguments_of: {MINE} → everybody's",
    ),
    f"{DESK}/views.py advisors_of: {OF_OWNED}": (
        f"{DESK}/views.py advisors_of: {MINE} → everybody's",
    ),
    f"{TRAIL} holding_changes: filter(firm=client.firm_id, at__gt=after, "
    "object_type=Holding._meta.label_lower) without firm": (ABOUT,),
    f"{TRAIL} holding_changes: filter(client=client, pk__in=keys) without client": (ABOUT,),
    LISTED: (f"{PRICES} show_form: {IMPORTS}",),
    f"{PRICES} show_form: {IMPORTS}": (LISTED,),
    f"{PRICES} imports_for: {IMPORTS}": (OPENED,),
    f"{CHOICES} PublishedModels.objects.visible_to(request.user) → everybody's": (
        f"{CHOICES} filter(firm=firm) without firm",
    ),
}

AT_WORK = "a task runs it, no page: tests/portfolios/advisors/test_bulk_whose.py"
LETTERS = "filter(firm=firm_id, kind__in=kinds_with_letters()) without firm"
IN_LETTERS = "tests/portfolios/advisors/test_letters_of_a_day.py"
NO_DEMO = "tests/portfolios/advisors/test_looking_around.py"

CHANGE_NOTHING: dict[str, str] = {
    f"{DESK}/facts.py titles_of_events: filter(client__in=clients) without client__in": (
        "titles are looked up by the clients who are shown: it would only read more"
    ),
    f"{BULK} managed: ClientProfile.objects.managed_by(doing.by.user) → everybody's": AT_WORK,
    f"{BULK} managed: ClientProfile.objects.managed_by(doing.by.user) → changeable_by": AT_WORK,
    f"{BULK} managed: {IN_FIRM}": AT_WORK,
    f"{BULK} owned: ClientProfile.objects.owned_by(doing.by.user) → everybody's": AT_WORK,
    f"{BULK} owned: ClientProfile.objects.owned_by(doing.by.user) → managed_by": AT_WORK,
    f"{BULK} owned: {IN_FIRM}": AT_WORK,
    f"{BULK} assign: filter(firm=doing.firm_id, role__in=AT_THE_DESK) without firm": AT_WORK,
    f"{BULK} assign: filter(firm=doing.firm_id, role__in=AT_THE_DESK) without role__in": AT_WORK,
    f"{BULK} assign: filter(membership=membership) without membership": AT_WORK,
    f"riskalloc/firms/letters.py letters_written: {LETTERS}": f"a task runs it: {IN_LETTERS}",
}
REASONS: dict[str, str] = {
    f"riskalloc/firms/letters.py letters_left: {LETTERS}": f"a number: {IN_LETTERS}",
    f"{DESK}/book.py has_clients: filter(firm__in=firms) without firm__in": (
        f"each firm of the cast has clients: {NO_DEMO}"
    ),
    f"{DESK}/looking_around.py around: filter(firm=demo.firm_id) without firm": (
        f"the cast has no demo practice: {NO_DEMO}"
    ),
    f"{DESK}/facts.py facts_of: filter(portfolio=OuterRef('pk')) without portfolio": (
        "to which of a client's portfolios a line leads: tests/portfolios/advisors/test_morning.py"
    ),
    f"{DESK}/packet_portfolios.py days_before: filter(portfolio=OuterRef('pk'), day__lt=day)"
    " without portfolio": (
        "a value would be missing, never another's: tests/portfolios/advisors/test_packet.py"
    ),
    f"{DESK}/prices_shown.py taken_in: filter(firm=price_import.firm_id, pk__in=keys)"
    " without firm": (
        "an import names its firm's securities only: tests/portfolios/advisors/test_prices_pages.py"
    ),
    "questionnaire/views/switching.py clients_of: "
    "ClientProfile.objects.at_the_desk_of(request.user) → visible_to": (
        "nobody of the cast is client and reader of one firm: tests/questionnaire/test_switching.py"
    ),
}
