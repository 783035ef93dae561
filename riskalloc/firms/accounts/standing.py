"""How careful an account has to be: at a desk and on the staff, with a second step and a short session."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from riskalloc.firms.models import Membership, User

# Recovery codes are for the day a phone is lost: alone they are no second step.
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    is_careful: bool
    has_second_step: bool
    sits_at_desk: bool = False

    @property
    def lacks_second_step(self) -> bool:
        return self.is_careful and not self.has_second_step


def standing_of(user: User) -> Standing:
    """In one query, because every request of a signed-in person asks."""
    desks = Membership.objects.at_the_desk().filter(user=OuterRef("pk"))
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)
    row = User.objects.filter(pk=user.pk).values_list(Exists(desks), Exists(steps)).get()
    sits_at_desk, has_second_step = row
    return Standing(
        is_careful=user.is_staff or sits_at_desk,
        has_second_step=has_second_step,
        sits_at_desk=sits_at_desk,
    )
