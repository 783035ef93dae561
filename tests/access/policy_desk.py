"""Who may do what at the desk: everybody finds their own clients there, and a filter is one's own."""

from tests.access.rows import ADD, DESK, Row, but, open_to_all, signed_in, to_do, to_fill_in

AT_A_DESK = (*DESK, "stranger")  # who has a practice of their own
DESK_PAGES: dict[str, Row] = {
    "desk": signed_in(),
    "desk_assets": signed_in(),
    "desk_clients": signed_in(),
    "clients": open_to_all("moved"),  # where the list was before
    # What is sent names a client: whoever does not manage them has chosen nobody.
    "desk_chosen": but(
        to_do(("owner", "advisor")),
        reader="method invalid",
        colleague="method invalid",
        stranger="method invalid",
    ),
    # There are clients in each practice, so there is nothing to bring and nothing to remove.
    "desk_demo": to_do((*ADD, "stranger"), "moved"),
    "desk_demo_remove": to_do(AT_A_DESK, "moved"),
    "filter_save": to_fill_in(AT_A_DESK),
    "filter_rename": to_fill_in(("advisor",)),
    "filter_delete": to_do(("advisor",)),
}
