from unittest.mock import patch

from django.core import mail

from riskalloc.firms.letters import queue_letter, send_letter


def queued(subject: str) -> dict[str, object]:
    with patch("riskalloc.firms.letters.enqueue_with_commit") as queue:
        queue_letter(to="demo@example.org", subject=subject, body="")
    return queue.call_args.kwargs


def test_a_letter_that_leaves_twice_is_the_same_letter_and_the_next_is_another() -> None:
    first = queued("Demo")
    for letter in (first, first, queued("Demo")):
        send_letter.func(**letter)
    one, again, other = [letter.message()["Message-ID"] for letter in mail.outbox]
    assert one == again != other
