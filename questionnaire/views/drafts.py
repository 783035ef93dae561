"""The cookie that leads back to a draft."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from questionnaire.models import Draft

COOKIE = "__Host-draft" if settings.HTTPS else "draft"


def draft_of(request: HttpRequest) -> Draft | None:
    """The draft of this browser, if it has one that has not expired."""
    token = request.COOKIES.get(COOKIE)
    return Draft.objects.of_token(token).first() if token else None


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
