"""Whether made-up clients are offered at a desk, or stand there."""

from portfolios.advisors.book import Book, has_clients
from questionnaire.models import ClientProfile


def can_load(book: Book) -> bool:
    """Only where nobody's own clients would put them away at once."""
    return bool(book.can_add) and book.demo is None and not has_clients(book.desks)


def around(book: Book, count: int) -> dict[str, object]:
    """What a page with so many clients says of made-up ones."""
    demo = book.demo
    clients = ClientProfile.objects.filter(firm=demo.firm_id).count() if demo else 0
    return {
        "demo": demo,
        "demo_count": clients,
        "is_demo_put_away": book.is_demo_put_away,
        "can_load_demo": not count and can_load(book),
    }
