"""Who looks after a client."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from riskalloc.firms.models import Membership


class AdvisorsForm(forms.Form):
    """The desk of the client's firm, to be ticked."""

    use_required_attribute = False
    advisors = forms.MultipleChoiceField(
        label=_("Who looks after this client"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _(
                "Somebody has left the firm meanwhile. Reload the page and try again"
            )
        },
    )

    def __init__(self, members: Iterable[Membership], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # Django's own
        self.members = {str(member.pk): member for member in members}
        field = self.fields["advisors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, key) for key in self.members]

    def chosen(self) -> list[Membership]:
        return [self.members[key] for key in self.cleaned_data["advisors"]]

    def ticks(self) -> list[tuple[Membership, bool]]:
        """Each member, and whether the box is ticked."""
        values = self["advisors"].value() or []
        return [(member, key in values) for key, member in self.members.items()]
