"""The overview of an account, and a sign of life. The addresses say that they are for their owner."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from riskalloc.firms.models import User

Type = Authenticator.Type


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    sessions = len(UserSession.objects.purge_and_list(user))
    context = {"nav": "account", "sessions": sessions, **second_steps(user)}
    return render(request, "account/overview.html", context)


@require_GET
def second_step(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    return render(request, "mfa/index.html", {"nav": "account", **second_steps(user)})


def second_steps(user: User) -> dict[str, Any]:
    keys = list(Authenticator.objects.filter(user=user))
    codes = next((key for key in keys if key.type == Type.RECOVERY_CODES), None)
    return {
        "app": any(key.type == Type.TOTP for key in keys),
        "passkeys": sum(key.type == Type.WEBAUTHN for key in keys),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }


@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still there: passing the middleware has noted it."""
    return HttpResponse(status=204)
