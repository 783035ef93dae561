from datetime import timedelta

from django.utils import timezone

from questionnaire.models import Draft, new_token
from tests.factories import DraftFactory


def test_tokens_have_128_bits_and_do_not_repeat() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {22}  # 22 characters of 6 bits hold 128


def test_a_draft_is_found_by_its_token_until_it_expires(db: None, settings) -> None:
    draft = DraftFactory()
    assert Draft.objects.of_token("demo-token-of-this-browser").get() == draft
    assert not Draft.objects.of_token("another-token").exists()
    late = timezone.now() - timedelta(days=settings.DRAFT_DAYS, seconds=1)
    Draft.objects.update(updated_at=late)
    assert not Draft.objects.of_token("demo-token-of-this-browser").exists()


def test_a_draft_does_not_store_the_token_itself(draft: Draft) -> None:
    assert "demo-token" not in draft.token_hash
