"""The cookie that leads back to a draft."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from questionnaire.models import ClientProfile, Draft
from questionnaire.models.drafts import DraftQuerySet
from riskalloc.firms.tenancy import admit_to

COOKIE = "__Host-draft" if settings.HTTPS else "draft"


def draft_of(request: HttpRequest) -> Draft | None:
    """The draft of this browser, if it has one that has not expired.

    A draft for a client is the advisor's only while they look after the client, and are signed in.
    """
    token = request.COOKIES.get(COOKIE)
    drafts = Draft.objects.of_token(token or "")
    draft = drafts.first() if token else None
    if draft and draft.client_id:  # most are nobody's, and need no more than themselves
        draft = with_client(drafts)
    return draft if draft and may_go_on(request, draft) else None


def with_client(drafts: DraftQuerySet) -> Draft | None:
    of_clients = drafts.select_related("client__firm")
    draft = of_clients.first()
    if draft and draft.is_link and draft.client is None:  # behind the wall: the token opens it
        admit_to(drafts, "client__firm")
        draft = of_clients.first()
    return draft


def may_go_on(request: HttpRequest, draft: Draft) -> bool:
    if draft.client_id is None or draft.is_link:
        return True
    clients = ClientProfile.objects.changeable_by(request.user)
    return draft.started_by == request.user and clients.filter(pk=draft.client_id).exists()


def remember(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.DRAFT_DAYS * 86_400,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def renew(request: HttpRequest, response: HttpResponse) -> None:
    """A draft lives from its last change, and so does its cookie."""
    remember(response, request.COOKIES[COOKIE])


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
