"""Links are keys: none is guessed, none works twice, and letters are not sent without end."""

import random
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from questionnaire.models import Draft, hashed
from questionnaire.services.joining import open_invitation
from questionnaire.services.reminding import client_of_token, unsubscribe_token
from riskalloc.firms.models import Invitation, Role, new_token
from riskalloc.firms.services.inviting import hash_of_token
from tests.access.cast import World
from tests.access.cells import Browser
from tests.attacks.posting import deed, post, prepare
from tests.factories import ClientFactory, DraftFactory, FirmFactory
from tests.firms.people import browser_of, invitation, invited, member

pytestmark = pytest.mark.django_db
GUESSES, AT_ONCE = 10_000, 500
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def guesses(like: str, seed: int = 20_261_121) -> list[str]:
    """Half at random, half as near to a real one as can be: one character is another one."""
    draw = random.Random(seed)
    far = ["".join(draw.choices(ALPHABET, k=len(like))) for _ in range(GUESSES // 2)]
    near = [changed(like, draw) for _ in range(GUESSES // 2)]
    return [guess for guess in far + near if guess != like]


def changed(token: str, draw: random.Random) -> str:
    at = draw.randrange(len(token))
    return token[:at] + draw.choice(ALPHABET) + token[at + 1 :]


def test_ten_thousand_guesses_open_no_invitation() -> None:
    token = new_token()
    sent = invitation(token)
    assert open_invitation(token) == sent
    tried = guesses(token)
    assert len(tried) > GUESSES - AT_ONCE
    for at in range(0, len(tried), AT_ONCE):
        hashes = [hash_of_token(guess) for guess in tried[at : at + AT_ONCE]]
        assert not Invitation.objects.filter(token_hash__in=hashes).exists()


def test_ten_thousand_guesses_open_no_draft_and_no_link() -> None:
    token = new_token()
    draft = DraftFactory(token_hash="")
    Draft.objects.filter(pk=draft.pk).update(token_hash=hashed(token))
    assert Draft.objects.of_token(token).get() == draft
    tried = guesses(token)
    for at in range(0, len(tried), AT_ONCE):
        hashes = [hashed(guess) for guess in tried[at : at + AT_ONCE]]
        assert not Draft.objects.filter(token_hash__in=hashes).exists()


def test_a_thousand_forged_signatures_stop_nobody_s_letters(django_assert_num_queries) -> None:
    client = ClientFactory()
    token = unsubscribe_token(client)
    assert client_of_token(token) == client
    with django_assert_num_queries(0):  # a wrong signature is not even looked up
        assert not any(map(client_of_token, guesses(token)[:: GUESSES // 1_000]))
        assert client_of_token(str(client.pk)) is None
        assert client_of_token(f"{uuid4()}:{token.partition(':')[2]}") is None


def test_of_a_hundred_guesses_by_browsers_none_is_told_from_a_used_link(settings) -> None:
    settings.INVITATIONS_PER_MINUTE = settings.DRAFTS_PER_MINUTE = "1000000/m"
    token = new_token()
    invitation(token, role=Role.READER)
    joined = browser_of(invited())
    assert joined.post(f"/join/{token}/").status_code == 303
    stranger = browser_of(member().user)
    used = stranger.get(f"/join/{token}/")
    assert used.status_code == 404
    for guess in guesses(token)[:: GUESSES // 100]:
        assert stranger.get(f"/join/{guess}/").content == used.content
        assert stranger.post(f"/join/{guess}/").status_code == 404


# -- Letters without end -----------------------------------------------------------------------------------

WRITES: dict[str, dict[str, str]] = {
    "firm_invite": {},
    "invitation_resend": {},
    "client_invite": {},
    "client_link": {},
    "desk_chosen": {"do": "invite"},
}


@pytest.mark.parametrize("name", WRITES)
def test_letters_to_people_who_may_not_know_us_are_throttled(
    name: str, world: World, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All kinds together: whoever may write one letter too many may not write another kind instead."""
    settings.INVITATIONS_PER_MINUTE = "2/m"
    monkeypatch.setattr("tests.access.cells.cache", LocMemCache("another", {}))  # to be cleared
    prepare(world, name)
    browser = Browser(world)
    for _ in range(2):
        assert post(browser, "firm_invite", "owner", {"email": ""}).status_code == 422
    before = world.own.firm.invitations.count()
    response = post(browser, name, "owner", {**deed(world, name), **WRITES[name]})
    assert response.status_code == 429
    assert "then try again" in response.content.decode()
    assert int(response["Retry-After"]) >= 1
    assert world.own.firm.invitations.count() == before
    assert post(browser, name, "owner", {}, way="GET").status_code in (200, 405)


def start(browser: Client) -> int:
    return browser.post("/start/").status_code


def join(browser: Client) -> int:
    return browser.get(f"/join/{new_token()}/").status_code


def open_link(browser: Client) -> int:
    return browser.get(f"/q/open/{new_token()}/").status_code


@pytest.mark.parametrize("act", [start, join, open_link])
def test_one_try_too_many_waits_whatever_browser_it_comes_from(
    act: Callable[[Client], int], settings
) -> None:
    settings.DRAFTS_PER_MINUTE = settings.INVITATIONS_PER_MINUTE = "3/m"
    FirmFactory()
    statuses = [act(Client(HTTP_USER_AGENT=f"Demo {number}")) for number in range(4)]
    assert statuses[3] == 429
    assert 429 not in statuses[:3]
    assert act(Client(REMOTE_ADDR="192.0.2.77")) != 429
