"""Whatever somebody types as a name: kept as it is or refused with a sentence, and shown as text only."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from portfolios.imports.prices import read_prices
from portfolios.imports.texts import clean
from questionnaire.forms.models import share_name
from questionnaire.models import ClientProfile
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.models import AuditEntry, Firm
from tests.access.cast import World
from tests.access.cells import Browser, outcome_of
from tests.access.policy import POLICY
from tests.attacks import desk_texts as of_desks, portfolio_texts as of_portfolios
from tests.attacks.payloads import ODD, PAYLOADS, SOME
from tests.attacks.posting import (
    QUERIES,
    Parts,
    deed,
    named,
    parts,
    post,
    posters,
    prepare,
    undone,
)

pytestmark = pytest.mark.django_db
PLAIN = "Demo plain name"
# What happens with a text: it is kept, it is refused with a sentence, or it led to nothing that is there.
ANSWERS = {"done", "moved", "page", "empty", "invalid", "again", "missing", "expired", "conflict"}


# -- Every field of every form -----------------------------------------------------------------------------


FIELDS = {
    "question": ("amount", "needed_within_3_years"),
    "check": ("version",),
    "keep": ("version",),
    "client_new": ("id", "name", "email", "phone", "born_on", "retires_on", "currency", "notes"),
    "client_edit": (
        "version",
        "name",
        "email",
        "phone",
        "born_on",
        "retires_on",
        "currency",
        "notes",
    ),
    "client_household": ("id", "name", "relation", "born_on"),
    "client_invite": ("email",),
    "client_link": ("email",),
    "client_override": ("id", "stocks", "reason"),
    "client_advisors": ("advisors",),
    "client_reminders": ("wants",),
    "unsubscribe": ("wants", "List-Unsubscribe"),
    "event": ("happened_on", "event_id", "action", "base", "previewed", "job_security"),
    "client_delete": ("confirmation", "delete_account"),
    "firm_new": ("id", "name"),
    "firm_settings": ("version", "name", "retention_years"),
    "firm_invite": ("id", "email", "role"),
    "member": ("role",),
    "account_login": ("login", "password", "next"),
    "account_signup": ("email", "password1"),
    "account_reauthenticate": ("password",),
    "account_email": ("email", "action_add"),
    "account_change_password": ("oldpassword", "password1"),
    "account_reset_password": ("email",),
    "mfa_reauthenticate": ("code",),
    "mfa_activate_totp": ("code",),
    "mfa_add_webauthn": ("name", "credential", "passwordless"),
    "mfa_edit_webauthn": ("name",),
    "staff:firms_user_change": ("is_active", "is_staff"),
    "staff:firms_membership_change": ("role",),
    "staff:firms_membership_delete": ("post",),
    **of_portfolios.FIELDS,
    **of_desks.FIELDS,
}


# Columns of text: each text alone, so that nothing else is why it is refused.
KEPT = {
    "client_edit": ("name", "phone", "notes"),
    "client_household": ("name",),
    "client_override": ("reason",),
    "firm_new": ("name",),
    "mfa_edit_webauthn": ("name",),
    "account_signup": ("email",),
    "firm_invite": ("email",),
    **of_portfolios.KEPT,
    **of_desks.KEPT,
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_text_is_kept_or_refused_with_a_sentence(name: str, world: World) -> None:
    """Each text in each field: all fields at once, by turns, and in columns of text alone as well."""
    prepare(world, name)
    actor = next(actor for route, actor in reversed(posters()) if route == name)
    browser, faults = Browser(world), []
    browser.client.raise_request_exception = False
    sent = deed(world, name)
    for typed in typings(name):
        with undone():
            response = post(browser, name, actor, {**sent, **typed})
        outcome = outcome_of(response)
        if outcome not in ANSWERS:
            faults.append(f"{typed}: {outcome}")
        if outcome == "invalid" and "error" not in response.content.decode():
            faults.append(f"{typed}: refused without a sentence")
    assert faults == []


def typings(name: str) -> Iterator[dict[str, str]]:
    yield from in_turn(FIELDS[name], SOME)
    for field in KEPT.get(name, ()):
        yield from ({field: text} for text in ODD.values())


def in_turn(fields: tuple[str, ...], texts: list[str]) -> Iterator[dict[str, str]]:
    """All fields at once, until each has had each text."""
    for turn in range(len(texts)):
        yield {field: texts[(turn + n) % len(texts)] for n, field in enumerate(fields)}


def test_every_field_of_every_form_is_tried(world: World) -> None:
    """What a page offers to fill in is in the table above."""
    browser = Browser(world)
    for name, actor in posters():
        prepare(world, name)
        if "page" in POLICY[name][actor].split()[0]:
            shown = set(named(post(browser, name, actor, {}, way="GET"))) - NOT_TYPED
            tried = set(FIELDS.get(name, ())) | set(deed(world, name))
            assert shown <= tried | UNTRIED.get(name, set()), name


# Buttons of staff's pages, and what is searched for: below.
NOT_TYPED = {"csrfmiddlewaretoken", "_save", "_continue", "q"}
# Answers of the other questions are those of the calculator, and tried with it.
UNTRIED = {
    "account_login": {"credential"},
    "models_draft": {share_name(label, asset) for label in RiskLabel for asset in AssetClass},
    "mfa_reauthenticate": {"credential"},
}


# -- What is asked for in an address -----------------------------------------------------------------------

ASKED = {
    "compare": ("a", "b"),
    "client_trail": ("before",),
    "firm_trail": ("before",),
    "firm_kept": ("page",),
    "result": ("method", "sleeves"),
    "whatif": ("case", "amount", "method", "sleeves"),
    "why": ("method", "sleeves"),
    "download": ("method", "sleeves"),
    "staff:firms_user_changelist": (
        "q",
        "p",
        "o",
        "is_active__exact",
        "_changelist_filters",
        "e",
        "all",
    ),
    "staff:firms_firm_changelist": ("q", "p", "o", "method", "is_demo__exact"),
    "staff:questionnaire_clientprofile_changelist": ("q", "p", "o"),
    "staff:questionnaire_assessment_changelist": ("q", "p", "o"),
    "staff:firms_auditentry_changelist": ("q", "p", "o"),
    **of_portfolios.ASKED,
    **of_desks.ASKED,
}


@pytest.mark.parametrize("name", ASKED)
def test_whatever_an_address_asks_for_is_answered(name: str, world: World) -> None:
    browser, faults = Browser(world), []
    browser.client.raise_request_exception = False
    actor = "staff" if name.startswith("staff:") else "owner"
    texts = SOME if name.startswith("staff:") else list(ODD.values())
    alone = [{field: "\0"} for field in ASKED[name]]
    for typed in [*in_turn(ASKED[name], texts), *alone]:
        with undone():
            query = f"?{urlencode(typed)}"
            response = post(browser, name, actor, {}, way="GET", query=query)
        if response.status_code not in (200, 301, 302, 303, 400, 404, 422):
            faults.append(f"{typed}: {response.status_code}")
    assert faults == []


# -- What pages show ---------------------------------------------------------------------------------------

SHORT = ("phone", "relation", *of_portfolios.SHORT)
STORES = (
    ("client_edit", "owner", ("name", "phone", "notes")),
    ("client_household", "owner", ("name", "relation")),
    ("client_new", "owner", ("name", "phone", "notes")),
    ("firm_settings", "owner", ("name",)),
    ("firm_new", "owner", ("name",)),
    ("client_override", "owner", ("reason",)),
    ("client_link", "owner", ()),
    ("mfa_edit_webauthn", "client", ("name",)),
    *of_portfolios.STORES,
    *of_desks.STORES,
)
SHORTEST, LONGEST = 20, 190
ONE_AT_A_TIME = ("mfa_edit_webauthn", *of_desks.ONE_AT_A_TIME)
Page = tuple[str, str]


def test_sixty_texts_with_markup_are_shown_as_text(world: World) -> None:
    """Every page with every text has the elements and attributes that it has with an ordinary name."""
    assert len(PAYLOADS) >= 60
    browser = Browser(world)
    usual = {page: shape(found) for page, found in pages_with(browser, (PLAIN,))}
    for payloads in groups():
        seen = set()
        for page, found in pages_with(browser, payloads):
            assert shape(found) == usual[page], (page, payloads)
            text = "".join(found.text)
            seen |= {(page, payload) for payload in payloads if payload in text}
        for payload in payloads:
            assert len([page for page, one in seen if one == payload]) > 10


def groups() -> Iterator[tuple[str, ...]]:
    """As many texts as a name has room for."""
    group: list[str] = []
    for payload in PAYLOADS:
        if len(" ".join([*group, payload])) > LONGEST:
            yield tuple(group)
            group = []
        group.append(payload)
    yield tuple(group)


def pages_with(browser: Browser, texts: tuple[str, ...]) -> Iterator[tuple[Page, Parts]]:
    with undone():
        for name, actor, fields in STORES:
            typed = {field: typed_in(name, field, texts) for field in fields}
            response = post(browser, name, actor, {**deed(browser.world, name), **typed})
            assert response.status_code in (200, 302, 303), (name, typed, response.status_code)
        for name, actor in READ:
            query = QUERIES.get(name, "")
            yield (name, actor), parts(post(browser, name, actor, {}, way="GET", query=query))


def typed_in(name: str, field: str, texts: tuple[str, ...]) -> str:
    if field in SHORT or name in ONE_AT_A_TIME:
        return texts[0]
    return " ".join(texts) + (" " + "x" * SHORTEST if name == "client_override" else "")


def shape(found: Parts) -> Counter[tuple[str, tuple[str, ...]]]:
    return Counter((tag, tuple(sorted(attributes))) for tag, attributes in found.elements)


READ = (
    ("today", "owner"),
    ("client", "owner"),
    ("client", "client"),
    ("client_edit", "client"),
    ("client_household", "owner"),
    ("client_trail", "client"),
    ("client_override", "owner"),
    ("client_delete", "owner"),
    ("client_leave", "client"),
    ("client_advisors", "owner"),
    ("events", "owner"),
    ("event", "owner"),
    ("compare", "owner"),
    ("result", "owner"),
    ("firm", "owner"),
    ("firm_trail", "owner"),
    ("firm_settings", "owner"),
    ("firm_invite", "owner"),
    ("join", "anonymous"),
    ("open_link", "anonymous"),
    ("mfa_list_webauthn", "client"),
    ("staff:firms_firm_changelist", "staff"),
    ("staff:questionnaire_clientprofile_change", "staff"),
    ("staff:firms_auditentry_change", "staff"),
    *of_portfolios.READ,
    *of_desks.READ,
)


def test_lines_of_prices_with_markup_are_shown_as_text(world: World) -> None:
    """Before they are saved, and in the record of those that could not be; unseen marks are left out."""
    browser = Browser(world)
    usual = {page: shape(found) for page, found in prices_with(browser, PLAIN)}
    for payload in PAYLOADS:
        for page, found in prices_with(browser, payload):
            assert shape(found) == usual[page], (page, payload)
            assert clean(payload) in "".join(found.text), (page, payload)


def prices_with(browser: Browser, symbol: str) -> Iterator[tuple[str, Parts]]:
    """One line that is right, and one of something that the firm does not know."""
    today = timezone.localdate()
    right = deed(browser.world, "desk_prices")
    quoted = symbol.replace('"', '""')
    text = "\n".join([right["text"].replace(",", "\t"), f'"{quoted}"\t12\t{today.isoformat()}'])
    digest = read_prices(text, today=today, usual_day=today).digest
    sent = {**right, "text": text, "digest": digest}
    with undone():
        yield "preview", parts(post(browser, "desk_prices", "owner", {**sent, "step": ""}))
        saved = post(browser, "desk_prices", "owner", sent)
        assert saved.status_code == 303
        yield "kept", parts(browser.client.get(saved["Location"]))


def test_a_text_is_kept_to_the_letter(world: World) -> None:
    """Also in the trail: nothing is cut away, turned round or escaped before it is stored."""
    browser = Browser(world)
    for text in PAYLOADS[::6]:
        with undone():
            sent = {**deed(world, "client_edit"), "name": text, "notes": text}
            post(browser, "client_edit", "owner", sent)
            client = ClientProfile.objects.get(pk=world.own.client.pk)
            assert (client.name, client.notes) == (text.strip(), text.strip())
            entry = AuditEntry.objects.order_by("-pk")[0]
            assert entry.after["name"] == text.strip()


# -- Letters -----------------------------------------------------------------------------------------------

INJECTED = "Demo practice\r\nBcc: victim@example.org\r\n\r\nPlease pay"


@pytest.mark.parametrize(
    "name", ["firm_invite", "invitation_resend", "client_invite", "client_link"]
)
@pytest.mark.parametrize(
    "text", [INJECTED, "Demo\u2028Bcc: x", "Demo <b>&amp;</b> \u202eevil", "😀" * 90]
)
def test_a_letter_has_one_reader_and_a_subject_of_one_line(
    name: str, text: str, world: World, django_capture_on_commit_callbacks
) -> None:
    """However the names of a firm and a client came to be so."""
    prepare(world, name)
    Firm.objects.filter(pk=world.own.firm.pk).update(name=text)
    ClientProfile.objects.filter(pk=world.own.client.pk).update(name=text)
    with django_capture_on_commit_callbacks(execute=True):
        response = post(Browser(world), name, "owner", deed(world, name))
    assert response.status_code in (200, 303)
    (letter,) = mail.outbox
    assert len(letter.subject.splitlines()) == 1
    message = letter.message()
    assert message.get_all("To") == letter.recipients() != []
    assert not {"Bcc", "Cc"} & set(message.keys())
    assert "victim@example.org" not in str(message["Subject"]) or "\n" not in letter.subject
    assert letter.content_subtype == "plain"
    assert message.as_bytes().startswith(b"Content-Type: text/plain")


@pytest.mark.parametrize("email", ["demo@example.org\r\nBcc: victim@example.org", "a@b.org,victim@b.org",
                                   "a@b.org victim@example.org", '"a\n"@example.org'])  # fmt: skip
@pytest.mark.parametrize("name", ["firm_invite", "client_invite", "client_link", "account_email",
                                  "account_signup", "account_reset_password"])  # fmt: skip
def test_an_address_that_holds_two_is_refused(name: str, email: str, world: World) -> None:
    prepare(world, name)
    actor = "anonymous" if name in ("account_signup", "account_reset_password") else "owner"
    response = post(Browser(world), name, actor, {**deed(world, name), "email": email})
    assert response.status_code in (200, 422)
    assert "error" in response.content.decode()
    assert mail.outbox == []


def test_what_a_browser_calls_itself_is_shown_as_text(world: World) -> None:
    browser = Client(HTTP_USER_AGENT="<b>Demo</b>\u202e" + "x" * 5_000)
    browser.cookies[django_settings.SESSION_COOKIE_NAME] = world.sessions["client"]
    assert browser.get("/account/sessions/").status_code == 200
